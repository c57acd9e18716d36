package config_test

import (
	"go/doc/comment"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"testing"

	"centrapos/config"
)

// documentedFile is the config file that the package's documentation shows.
func documentedFile(t *testing.T) string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var p comment.Parser
	for _, block := range p.Parse(parsed.Doc.Text()).Content {
		if code, ok := block.(*comment.Code); ok {
			return code.Text
		}
	}
	t.Fatal("doc.go shows no config file")
	return ""
}

func TestDocumentedConfigFileIsComplete(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	path := filepath.Join(home, "config.toml")
	if err := os.WriteFile(path, []byte(documentedFile(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	load := func(profile string) config.Settings {
		flags := map[config.Key]string{config.KeyConfig: path}
		if profile != "" {
			flags[config.KeyProfile] = profile
		}
		s, err := config.Load(config.Sources{Flags: flags, Env: environment{"HOME": home}.get})
		if err != nil {
			t.Fatalf("the documented file, profile %q: %v", profile, err)
		}
		return s
	}

	live := load("")
	if live.Profile != "live" || live.Embedded || live.ConfigID != "mc_3LKQhvGUcADgqoEM3bh6pslE" || live.DataDir != filepath.Join(home, "till") {
		t.Errorf("live: %+v", live)
	}
	if s := load("rehearsal"); s.APIURL != "http://till-server:8080" {
		t.Errorf("rehearsal uses %q", s.APIURL)
	}
	if s := load("training"); !s.Embedded || s.MerchantName != "Corner Dairy" {
		t.Errorf("training: %+v", s)
	}

	for _, setting := range config.All() {
		var shown bool
		for _, profile := range []string{"live", "rehearsal"} {
			shown = shown || load(profile).Origin(setting.Key).Source == config.FromFile
		}
		special := setting.Key == config.KeyConfig || setting.Key == config.KeyProfile
		if !shown && !special {
			t.Errorf("the documented file does not show %s", setting.Key)
		}
	}
}
