package config

import (
	"path/filepath"
	"testing"
)

func TestUsualPlacesOfEachSystem(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	in := func(parts ...string) string { return filepath.Join(append([]string{home}, parts...)...) }
	for name, c := range map[string]struct {
		goos         string
		env          map[string]string
		config, data string
	}{
		"linux": {"linux", map[string]string{"HOME": home},
			in(".config", "centrapos", "config.toml"), in(".local", "share", "centrapos")},
		"freebsd": {"freebsd", map[string]string{"HOME": home},
			in(".config", "centrapos", "config.toml"), in(".local", "share", "centrapos")},
		"linux with XDG": {"linux", map[string]string{"HOME": home, "XDG_CONFIG_HOME": in("c"), "XDG_DATA_HOME": in("d")},
			in("c", "centrapos", "config.toml"), in("d", "centrapos")},
		"a relative XDG folder is ignored": {"linux", map[string]string{"HOME": home, "XDG_CONFIG_HOME": "c", "XDG_DATA_HOME": "d"},
			in(".config", "centrapos", "config.toml"), in(".local", "share", "centrapos")},
		"macOS": {"darwin", map[string]string{"HOME": home},
			in("Library", "Application Support", "centrapos", "config.toml"), in("Library", "Application Support", "centrapos")},
		"Windows": {"windows", map[string]string{"AppData": in("Roaming"), "LocalAppData": in("Local")},
			in("Roaming", "centrapos", "config.toml"), in("Local", "centrapos")},
		"no home": {"linux", nil, "", ""},
	} {
		env := func(name string) string { return c.env[name] }
		if got := defaultConfigFile(env, c.goos); got != c.config {
			t.Errorf("%s: config file %q, want %q", name, got, c.config)
		}
		if got := defaultDataDir(env, c.goos); got != c.data {
			t.Errorf("%s: data folder %q, want %q", name, got, c.data)
		}
	}
}
