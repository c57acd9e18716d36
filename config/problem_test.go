package config_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"centrapos/config"
)

func TestEveryProblemIsListedAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := b.write(t, strings.Join([]string{
		`profil = "live"`,                   // 1: no such key
		`profile = "live"`,                  // 2
		`[profiles.live]`,                   // 3
		`api-url = "ftp://x"`,               // 4: not the web
		`configId = "mc_1"`,                 // 5: another spelling
		`currency = 554`,                    // 6: not a text
		`gst-rate = "lots"`,                 // 7: no number
		`expiry-seconds = "120"`,            // 8: in quotes
		`no-color = "yes"`,                  // 9: no bool
		`terminal-id = " till"`,             // 10: a space
		`[profiles.test]`,                   // 11
		`merchant-id = "a b"`,               // 12: a space, in a profile not in use
		`printer = { name = "x", dpi = 3 }`, // 13: no such key
		`profile = "x"`,                     // 14: not in a profile
	}, "\n"))
	b.env["CENTRAPOS_MERCHANT_ID"] = "two words"
	b.flags[config.KeyDataDir] = ""
	list := b.problems(t)
	if list.Code() != config.CodeConfigInvalid {
		t.Errorf("code %s", list.Code())
	}
	want := []string{path + ":1", path + ":4", path + ":5", path + ":6", path + ":7", path + ":8", path + ":9", path + ":10",
		path + ":12", path + ":13", path + ":14", "--data-dir", "CENTRAPOS_MERCHANT_ID"}
	var got []string
	for _, p := range list.Problems {
		got = append(got, p.Where)
		if p.What == "" || !strings.HasSuffix(p.Fix, ".") {
			t.Errorf("a problem says too little: %+v", p)
		}
		if !strings.Contains(list.Error(), p.String()) {
			t.Errorf("the list leaves out %s", p)
		}
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("problems:\n%v\nwant them at:\n%s", list, strings.Join(want, "\n"))
	}
	if !strings.Contains(list.Error(), "It is written config-id.") {
		t.Errorf("no hint how configId is written: %v", list)
	}
}

func TestFilesThatAreNoTOML(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		line int
	}{
		"cut off":        {"profile = \"live\n[profiles.live]\n", 1},
		"no value":       {"\n\nprofile =\n", 3},
		"set twice":      {"[profiles.a]\noperator = \"x\"\noperator = \"y\"\n", 3},
		"table twice":    {"[profiles.a]\n[profiles.b]\n[profiles.a]\n", 3},
		"no key":         {"[profiles.a]\nsk-planted-secret\n", 2},
		"bad characters": {"a = \"\x00\"", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			path := b.write(t, c.text)
			b.flags[config.KeyExpiry] = "0"
			list := b.problems(t)
			if list.Code() != config.CodeConfigInvalid || len(list.Problems) != 2 {
				t.Errorf("want the file and the flag to be complained of: %v", list)
			}
			if want := path + ":" + strconv.Itoa(c.line); list.Problems[0].Where != want {
				t.Errorf("at %s, want %s", list.Problems[0].Where, want)
			}
			if strings.Contains(list.Error(), "planted") {
				t.Errorf("the error repeats the line: %v", list)
			}
		})
	}
}

func TestShapesOfProfiles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"profile is a table":     {"[profile]\n", "profile is not a text"},
		"profiles is a text":     {"profiles = \"live\"\n", "profiles is not a table"},
		"one profile is a text":  {"profile = \"live\"\n[profiles]\nlive = \"x\"\n", "this profile is not a table"},
		"an array of profiles":   {"profile = \"live\"\n[[profiles.live]]\n", "this profile is not a table"},
		"a name with a slash":    {"profile = \"a/b\"\n[profiles.\"a/b\"]\n", "is not a name"},
		"settings without table": {"config-id = \"x\"\n", "Settings stand in a profile"},
	} {
		b := newBench(t)
		b.write(t, c.text)
		if list := b.problems(t); !strings.Contains(list.Error(), c.want) {
			t.Errorf("%s: %v", name, list)
		}
	}
	b := newBench(t)
	b.write(t, "\xef\xbb\xbfprofile = \"live\"\nprofiles = {live = {operator = \"Mia\"}}\n")
	if s := b.mustLoad(t); s.Operator != "Mia" || s.Origin(config.KeyOperator).Line != 2 {
		t.Errorf("an inline table after a byte order mark: %+v", s)
	}
}

func TestValuesThatCannotBe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key    config.Key
		values []string
	}{
		{config.KeyAPIURL, []string{"", "service", "//host", "ftp://host", "https://", "https:///path", "http://[::1", "https://u:p@host",
			"https://host?x=1", "https://host/#here", "http://example.com", "http://10.0.0.1:80", "http://localhost.example", "http://127.0.0.1.example"}},
		{config.KeyConfigID, []string{"two words", "line\nbreak", "\x1b[31m", "\xff", strings.Repeat("x", 201)}},
		{config.KeyOperator, []string{" Mia", "Mia\t", "Mia\r\nX: y"}},
		{config.KeyCurrency, []string{"", "nzd", "NZ", "NZDX", "N$D"}},
		{config.KeyGSTRate, []string{"", "-1", "100.01", "1e3", "15%", "NaN", "0x1", "1/2"}},
		{config.KeyExpiry, []string{"", "0", "-5", "1.5", "86401", "99999999999999999999", "2m"}},
		{config.KeyNoColor, []string{"perhaps"}},
		{config.KeyProfile, []string{"", "../x", "a b", "-x", strings.Repeat("x", 65)}},
		{config.KeyDataDir, []string{""}},
		{config.KeyConfig, []string{""}},
	} {
		for _, text := range c.values {
			b := newBench(t)
			b.flags[c.key] = text
			list := b.problems(t)
			if len(list.Problems) != 1 || list.Code() != config.CodeConfigInvalid || list.Problems[0].Where != "--"+string(c.key) {
				t.Errorf("%s = %q: %v", c.key, text, list)
			}
		}
	}
}

func TestPlainHTTP(t *testing.T) {
	t.Parallel()
	for address, fine := range map[string]bool{
		"http://localhost:8080": true, "http://127.0.0.1": true, "http://127.9.9.9:1": true, "http://[::1]:8080": true,
		"https://example.com": true, "http://example.com": false, "http://0.0.0.0": false, "http://192.168.1.4": false,
	} {
		b := newBench(t)
		b.flags[config.KeyAPIURL] = address
		_, err := b.load()
		if (err == nil) != fine {
			t.Errorf("%s: %v", address, err)
		}
		if err != nil && !strings.Contains(err.Error(), "CENTRAPOS_ALLOW_PLAIN_HTTP=1") {
			t.Errorf("%s: no way out in %q", address, err)
		}
		b.env["CENTRAPOS_ALLOW_PLAIN_HTTP"] = "1"
		if s, err := b.load(); err != nil || s.APIURL != address {
			t.Errorf("%s, allowed: %q, %v", address, s.APIURL, err)
		}
	}
}

func TestNeedListsWhatIsMissing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := b.write(t, "profile = \"live\"\n[profiles.live]\nmerchant-id = \"m\"\n")
	s := b.mustLoad(t)
	if err := s.Need(config.KeyMerchantID); err != nil {
		t.Error(err)
	}
	err := s.Need(config.KeyConfigID, config.KeyMerchantID, config.KeyMerchantName)
	var list *config.Error
	if !errors.As(err, &list) || len(list.Problems) != 2 || list.Code() != config.CodeConfigMissing {
		t.Fatalf("%v", err)
	}
	for _, want := range []string{"config-id is not set", "--config-id", "CENTRAPOS_CONFIG_ID", "[profiles.live]", path} {
		if !strings.Contains(list.Problems[0].String(), want) {
			t.Errorf("%q does not say %q", list.Problems[0], want)
		}
	}
	if strings.Contains(list.Problems[1].String(), "--merchant-name") {
		t.Errorf("names a flag that does not exist: %s", list.Problems[1])
	}
}

func TestJoin(t *testing.T) {
	t.Parallel()
	missing := &config.Error{Problems: []config.Problem{{Code: config.CodeConfigMissing, What: "a"}}}
	noKey := &config.Error{Problems: []config.Problem{{Code: config.CodeCredentialMissing, What: "b", Err: config.ErrKeyringUnavailable}}}
	if err := config.Join(nil, nil); err != nil {
		t.Errorf("nothing joined is %v", err)
	}
	var list *config.Error
	if err := config.Join(nil, noKey); !errors.As(err, &list) || list.Code() != config.CodeCredentialMissing {
		t.Errorf("one joined is %v", err)
	}
	err := config.Join(noKey, nil, missing)
	if !errors.As(err, &list) || len(list.Problems) != 2 || list.Code() != config.CodeConfigMissing || !errors.Is(err, config.ErrKeyringUnavailable) {
		t.Errorf("two joined are %v", err)
	}
	err = config.Join(missing, io.ErrUnexpectedEOF)
	if !errors.As(err, &list) || len(list.Problems) != 1 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a stranger is lost: %v", err)
	}
}

func TestDataDirIsForItsOwner(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.mustLoad(t)
	if err := s.CreateDataDir(); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" {
		for _, dir := range []string{s.DataDir, filepath.Dir(s.DataDir)} {
			if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("%s: %v, %v; want drwx------", dir, info.Mode(), err)
			}
		}
	}
	if err := s.CreateDataDir(); err != nil {
		t.Errorf("a folder that is there already: %v", err)
	}

	blocked := filepath.Join(b.home, "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	b.flags[config.KeyDataDir] = filepath.Join(blocked, "ledger")
	err := b.mustLoad(t).CreateDataDir()
	var list *config.Error
	if !errors.As(err, &list) || list.Code() != config.CodeConfigInvalid || !strings.Contains(err.Error(), "--data-dir") {
		t.Errorf("a folder below a file: %v", err)
	}
	var cause *fs.PathError
	if !errors.As(err, &cause) {
		t.Errorf("the system's own error is lost: %v", err)
	}
}

func TestConfigFileThatCannotBeTrustedOrRead(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := b.write(t, "[profiles.training]\noperator = \"Mia\"\n")
	if runtime.GOOS != "windows" {
		if err := os.Chmod(path, 0o666); err != nil {
			t.Fatal(err)
		}
		if list := b.problems(t); !strings.Contains(list.Error(), "chmod o-w") {
			t.Errorf("a file that everybody may change: %v", list)
		}
	}

	b.flags[config.KeyConfig] = b.home // a folder
	if list := b.problems(t); list.Code() != config.CodeConfigInvalid || !strings.Contains(list.Error(), "cannot be read") {
		t.Errorf("a folder as config file: %v", list)
	}

	big := filepath.Join(b.home, "big.toml")
	if err := os.WriteFile(big, []byte(strings.Repeat("# nothing\n", 200_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	b.flags[config.KeyConfig] = big
	if list := b.problems(t); !strings.Contains(list.Error(), "larger than") {
		t.Errorf("a huge file: %v", list)
	}
}
