package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"centrapos/config"
)

const commented = `# Set up by Mia on Monday.
profile = "live"

[profiles.live]
# given out by Centrapay
config-id = "mc_1"
theme = "dark"  # it is sunny at the counter
gst-rate = 15

[profiles.training]
merchant-name = "Corner Dairy"
`

func TestChangeFileKeepsWhatItDoesNotChange(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := b.write(t, commented)
	if err := config.ChangeFile(path, "live",
		config.Change{Key: config.KeyTheme, Value: "light"},
		config.Change{Key: config.KeyGSTRate, Value: "12.5"},
		config.Change{Key: config.KeyMerchantName, Value: `Tom & "Jerry" \ Söhne`},
		config.Change{Key: config.KeyBell, Value: "false"},
		config.Change{Key: config.KeyScanGap, Value: "90"},
	); err != nil {
		t.Fatal(err)
	}
	text := b.read(t, path)
	for _, kept := range []string{"# Set up by Mia on Monday.", "# given out by Centrapay", "# it is sunny at the counter", `merchant-name = "Corner Dairy"`} {
		if !strings.Contains(text, kept) {
			t.Errorf("%q is lost:\n%s", kept, text)
		}
	}
	s := b.mustLoad(t)
	if s.Profile != "live" || s.ConfigID != "mc_1" || s.Theme != "light" || s.GSTRate.String() != "12.5" || s.MerchantName != `Tom & "Jerry" \ Söhne` || s.Bell || s.ScanGap != 90*time.Millisecond {
		t.Errorf("read back: %+v", s)
	}
}

func TestChangeFileTakesASettingOut(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := b.write(t, commented)
	if err := config.ChangeFile(path, "live", config.Change{Key: config.KeyConfigID}, config.Change{Key: config.KeyOperator}); err != nil {
		t.Fatal(err)
	}
	if s := b.mustLoad(t); s.ConfigID != "" || s.Theme != "dark" {
		t.Errorf("read back: %+v", s)
	}
}

func TestChangeFileMakesAFileAndAProfile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := filepath.Join(b.home, "conf", "centrapos", "config.toml")
	if err := config.ChangeFile(path, config.Training, config.Change{Key: config.KeyTheme, Value: "high-contrast"}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("the file is for others too: %v, %v", info.Mode(), err)
	}
	if s := b.mustLoad(t); s.Profile != config.Training || s.Theme != "high-contrast" || !s.Embedded {
		t.Errorf("read back: %+v", s)
	}
	if err := config.ChangeFile(path, "night shift", config.Change{Key: config.KeyTheme, Value: "light"}); err == nil {
		t.Error("a profile that cannot be named was written")
	}
}

// Which profile counts stands at the top, whatever stands there already.
func TestChangeFileChoosesAProfile(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no file": "", "an empty one": "\n", "another": "# Mia's till\nprofile = \"training\" # for now\n\n[profiles.training]\nbell = false\n",
		"none chosen": "[profiles.training]\nbell = false\n",
	} {
		b := newBench(t)
		path := filepath.Join(b.home, "conf", "centrapos", "config.toml")
		if text != "" {
			path = b.write(t, text)
		}
		if err := config.ChangeFile(path, "shop", config.Change{Key: config.KeyConfigID, Value: "mc_1"}, config.Change{Key: config.KeyProfile, Value: "shop"}); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s := b.mustLoad(t); s.Profile != "shop" || s.ConfigID != "mc_1" {
			t.Errorf("%s: %+v\n%s", name, s, b.read(t, path))
		}
		if got := b.read(t, path); strings.Contains(text, "Mia") && (!strings.Contains(got, "# Mia's till") || !strings.Contains(got, "bell = false")) {
			t.Errorf("%s: lost what was there:\n%s", name, got)
		}
	}
}

func TestChangeFileRefusesAndLeavesTheFile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text   string
		change config.Change
		says   string
	}{
		"a value that cannot be":     {commented, config.Change{Key: config.KeyTheme, Value: "pink"}, "colour schemes"},
		"a setting that is none":     {commented, config.Change{Key: "api-key", Value: "abc"}, "no setting"},
		"one that is no file's":      {commented, config.Change{Key: config.KeyConfig, Value: "x.toml"}, "no setting"},
		"a profile that is no name":  {commented, config.Change{Key: config.KeyProfile, Value: "night shift"}, "not a name"},
		"a file with a mistake":      {commented + "tema = \"dark\"\n", config.Change{Key: config.KeyTheme, Value: "light"}, "config.toml:12"},
		"a file that is no TOML":     {"profile = live\n", config.Change{Key: config.KeyTheme, Value: "light"}, "not TOML"},
		"a profile on one line":      {"profile = \"live\"\nprofiles = { live = { bell = true } }\n", config.Change{Key: config.KeyTheme, Value: "light"}, "cannot change"},
		"line breaks in a name":      {commented, config.Change{Key: config.KeyMerchantName, Value: "a\nb = 1"}, "cannot be printed"},
		"a gap that nobody can type": {commented, config.Change{Key: config.KeyScanGap, Value: "5000"}, "milliseconds"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			path := b.write(t, c.text)
			err := config.ChangeFile(path, "live", c.change)
			var wrong *config.Error
			if !errors.As(err, &wrong) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want an error that says %q", err, c.says)
			}
			if got := b.read(t, path); got != c.text {
				t.Errorf("the file was changed:\n%s", got)
			}
		})
	}
}

func TestChangeFileThroughALinkAndIntoAClosedFolder(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := b.write(t, commented)
	link := filepath.Join(b.home, "link.toml")
	if err := os.Symlink(path, link); err != nil {
		t.Skip("no links here:", err)
	}
	if err := config.ChangeFile(link, "live", config.Change{Key: config.KeyTheme, Value: "light"}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
	if s := b.mustLoad(t); s.Theme != "light" {
		t.Errorf("behind the link: %q", s.Theme)
	}
	blocked := filepath.Join(path, "below", "config.toml") // below a file there can be none
	if err := config.ChangeFile(blocked, "live", config.Change{Key: config.KeyTheme, Value: "light"}); err == nil || !strings.Contains(err.Error(), "cannot be written") {
		t.Errorf("below a file: %v", err)
	}
}

// What is written is read back, whatever was there before.
func TestChangesAreReadBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		path := filepath.Join(dir, rapid.StringMatching(`[a-z]{8}`).Draw(r, "file"))
		profile := rapid.SampledFrom([]string{"live", "training", "Café.2"}).Draw(r, "profile")
		want := map[config.Key]string{}
		for range rapid.IntRange(1, 6).Draw(r, "changes") {
			c := rapid.SampledFrom([]config.Change{
				{Key: config.KeyTheme, Value: "light"}, {Key: config.KeyTheme, Value: "dark"}, {Key: config.KeyBell, Value: "false"},
				{Key: config.KeyGSTRate, Value: "12.5"}, {Key: config.KeyGSTRate, Value: "15"}, {Key: config.KeyMerchantName, Value: `"`},
				{Key: config.KeyMerchantName, Value: `\u0041 'x' # y`}, {Key: config.KeyScanGap, Value: "200"}, {Key: config.KeyReceiptHeader, Value: "a \"b\"\nc"}, {Key: config.KeyOperator, Value: "Mère"},
			}).Draw(r, "change")
			if err := config.ChangeFile(path, profile, c); err != nil {
				r.Fatal(err)
			}
			want[c.Key] = c.Value
		}
		s, err := config.Load(config.Sources{Flags: map[config.Key]string{config.KeyConfig: path, config.KeyProfile: profile},
			Env: environment{"HOME": dir}.get})
		if err != nil {
			r.Fatal(err)
		}
		for key, value := range want {
			if got := s.Value(key); got != value {
				r.Errorf("%s: got %q, want %q", key, got, value)
			}
		}
	})
}

func TestKeymapIsRead(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.write(t, "[keymap]\npay = \"f9\"\nhold = [\"f5\", \"ctrl+h\"]\nclear = []\n")
	s := b.mustLoad(t)
	if len(s.Keymap) != 3 || s.Keymap[0].Command != "pay" || len(s.Keymap[1].Keys) != 2 || len(s.Keymap[2].Keys) != 0 || s.Keymap[2].Origin.Line != 4 {
		t.Errorf("keymap: %+v", s.Keymap)
	}
	b.write(t, "[keymap]\npay = 9\nhold = [\"f5\", 6]\n")
	if _, err := b.load(); err == nil || !strings.Contains(err.Error(), "2 problems") || !strings.Contains(err.Error(), ":3: ") {
		t.Errorf("keys that are no texts: %v", err)
	}
}
