package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"centrapos/config"
)

// FuzzConfigFile holds that any file at all gives either settings or a list of
// problems, each with a place and a way out.
func FuzzConfigFile(f *testing.F) {
	f.Add("profile = \"live\"\n[profiles.live]\nconfig-id = \"mc_1\"\n")
	f.Add("profiles = {live = {gst-rate = \"1\", x.y = 2}}\n")
	f.Add("[[profiles]]\n[profiles.live.api-url]\n\"\" = 1\n")
	f.Add("a.b.c = [{d = 1}, {d = 2}]\nprofile = '''live'''\n")
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "config.toml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := config.Load(config.Sources{
			Flags: map[config.Key]string{config.KeyConfig: path, config.KeyDataDir: "/till"},
		})
		var list *config.Error
		switch {
		case err == nil && (s.Profile == "" || s.Embedded != (s.APIURL == "")):
			t.Errorf("no problems, and yet %+v", s)
		case err != nil && !errors.As(err, &list):
			t.Errorf("not a list of problems: %v", err)
		case err != nil:
			for _, p := range list.Problems {
				if !strings.HasPrefix(p.Where, path) || p.What == "" || p.Fix == "" {
					t.Errorf("says too little: %+v", p)
				}
			}
		}
	})
}
