package widget_test

import (
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
	"pgregory.net/rapid"

	"centrapos/ui/screentest"
	"centrapos/ui/theme"
)

func styles(p termenv.Profile) *theme.Styles {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(p)
	return theme.New(r, theme.Dark())
}

func newScreen(t testing.TB, cols, rows int) *screentest.Screen {
	t.Helper()
	s := screentest.NewScreen(cols, rows)
	t.Cleanup(s.Close)
	return s
}

// wantLines fails unless block has exactly height lines of exactly width columns.
func wantLines(t rapid.TB, block string, width, height int) {
	t.Helper()
	if height <= 0 {
		if block != "" {
			t.Fatalf("no height, yet %q", block)
		}
		return
	}
	lines := strings.Split(block, "\n")
	if len(lines) != height {
		t.Fatalf("%d lines, want %d:\n%q", len(lines), height, block)
	}
	for i, line := range lines {
		if got := ansi.StringWidth(line); got != max(width, 0) {
			t.Fatalf("line %d is %d columns wide, want %d: %q", i, got, width, line)
		}
	}
}

// nasty draws the texts that break layouts: wide, combining, joined, right-to-left,
// invisible, and those that try to command the terminal.
func nasty() *rapid.Generator[string] {
	pieces := rapid.SampledFrom([]string{
		"Flat white", "Māori", "Café", " ", "  ", "a", "咖啡", "한국", "\u1112\u1161\u11ab", "e\u0301", "\u0301", "Z\u0351\u0367\u0351\u0367\u0351\u0367\u0351\u0367\u0351\u0367",
		"☕", "☕\ufe0f", "❤\ufe0f", "1\ufe0f\u20e3", "👨\u200d👩\u200d👧", "👍🏽", "🇳🇿", "🇳", "🏴\U000e0067\U000e0062\U000e007f", "🏳\ufe0f\u200d🌈",
		"قهوة", "קפה", "\u202eevil", "\u2066x\u2069", "\u200e", "\u200f", "\u200b", "\u200c", "\u200d", "\ufeff", "\u00ad",
		"น้ำ", "हिन्दी", "ｶﾞ", "\t", "\n", "\r\n", "\x00", "\x07", "\x7f", "\u0085", "\u009b31m", "\u2028",
		"\x1b[31mred\x1b[0m", "\x1b[2J", "\x1b[H", "\x1b]0;title\x07", "\x1b]8;;http://x\x1b\\link", "\x1bP", "\x1b", "\x1b[", "\x9b31m",
		"\xff", "\xe2\x1b", "\U0010ffff", "\ue000", "𝌍", "12.50", "-0.60",
	})
	return rapid.Custom(func(t *rapid.T) string {
		if rapid.Bool().Draw(t, "any") {
			return rapid.String().Draw(t, "text")
		}
		return strings.Join(rapid.SliceOfN(pieces, 0, 12).Draw(t, "pieces"), "")
	})
}

func sizes(most int) *rapid.Generator[int] { return rapid.IntRange(-1, most) }
