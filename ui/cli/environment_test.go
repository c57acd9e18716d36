package cli

import "testing"

// TestTerminalsNamedWithoutColour: bold and reverse video, by which the training
// band and the chosen line stand out, are not lost where a name tells no colours.
func TestTerminalsNamedWithoutColour(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ term, noColor string }{
		"xterm-256color": {"xterm-256color", ""},
		"xterm-kitty":    {"xterm-kitty", ""},
		"linux":          {"linux", ""},
		"screen":         {"xterm", ""},
		"tmux":           {"xterm", ""},
		"vt100":          {"xterm", "1"},
		"dumb":           {"dumb", ""},
		"":               {"", ""},
	}
	for term, want := range cases {
		e := environment{get: func(name string) string { return map[string]string{"TERM": term, "LANG": "en_NZ"}[name] }}
		if got := e.Getenv("TERM"); got != want.term {
			t.Errorf("TERM=%s is taken for %q, want %q", term, got, want.term)
		}
		if got := e.Getenv("NO_COLOR"); got != want.noColor {
			t.Errorf("TERM=%s: NO_COLOR %q, want %q", term, got, want.noColor)
		}
		if e.Getenv("LANG") != "en_NZ" {
			t.Error("the rest of the environment is lost")
		}
	}
}
