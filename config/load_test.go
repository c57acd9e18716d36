package config_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/config"
)

// environment is an environment of its own for a test.
type environment map[string]string

func (e environment) get(name string) string { return e[name] }

// bench is a home folder, flags and variables to load settings with.
type bench struct {
	home  string
	flags map[config.Key]string
	env   environment
}

func newBench(t *testing.T) *bench {
	t.Helper()
	home := t.TempDir()
	return &bench{home, map[config.Key]string{}, environment{
		"HOME": home, "AppData": home, "LocalAppData": home,
		"XDG_CONFIG_HOME": filepath.Join(home, "conf"), "XDG_DATA_HOME": filepath.Join(home, "data"),
	}}
}

// write puts a config file where it is looked for by default.
func (b *bench) write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(b.home, "conf", "centrapos", "config.toml")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (b *bench) load() (config.Settings, error) {
	return config.Load(config.Sources{Flags: b.flags, Env: b.env.get})
}

func (b *bench) mustLoad(t *testing.T) config.Settings {
	t.Helper()
	s, err := b.load()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// problems loads settings that must not be loadable.
func (b *bench) problems(t *testing.T) *config.Error {
	t.Helper()
	s, err := b.load()
	var list *config.Error
	if !errors.As(err, &list) {
		t.Fatalf("error %v, want a list of problems", err)
	}
	if s.Profile != "" || s.DataDir != "" {
		t.Errorf("settings came along with the error: %+v", s)
	}
	return list
}

func TestBareMachineTrains(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.mustLoad(t)
	if s.Profile != config.Training || !s.Embedded || s.APIURL != "" || s.ConfigFile != "" {
		t.Errorf("a bare machine gets %+v, want training with the embedded sandbox", s)
	}
	if s.DataDir != filepath.Join(b.home, "data", "centrapos") {
		t.Errorf("data folder %s", s.DataDir)
	}
	if s.Currency != "NZD" || !s.GSTRate.Equal(decimal.NewFromInt(15)) || s.Expiry != 2*time.Minute || s.NoColor {
		t.Errorf("defaults: %+v", s)
	}
	if s.MerchantName == "" || s.TerminalID == "" {
		t.Errorf("training has no shop or till: %+v", s)
	}
	if err := s.Need(config.KeyConfigID); err != nil {
		t.Errorf("training needs set-up: %v", err)
	}
}

// Every setting, with a value for each place it may be set in.
var everywhere = map[config.Key]struct{ flag, env, file, fileWant, fallback string }{
	config.KeyAPIURL:            {"https://flag.example", "https://env.example", `"https://file.example"`, "https://file.example", config.DefaultAPIURL},
	config.KeyConfigID:          {"flag-config", "env-config", `"file-config"`, "file-config", ""},
	config.KeyMerchantID:        {"flag-merchant", "env-merchant", `"file-merchant"`, "file-merchant", ""},
	config.KeyMerchantAccountID: {"flag-account", "env-account", `"file-account"`, "file-account", ""},
	config.KeyTerminalID:        {"flag till", "env till", `"file till"`, "file till", ""},
	config.KeyDeviceID:          {"flag-device", "env-device", `"file-device"`, "file-device", ""},
	config.KeyOperator:          {"Flag", "Env", `"Filé"`, "Filé", ""},
	config.KeyNoColor:           {"false", "1", "true", "true", "false"},
	config.KeyMerchantName:      {"", "", `"Corner Dairy"`, "Corner Dairy", ""},
	config.KeyCurrency:          {"", "", `"AUD"`, "AUD", "NZD"},
	config.KeyGSTRate:           {"", "", `"12.5"`, "12.5", "15"},
	config.KeyExpiry:            {"", "", "90", "90", "120"},
	config.KeyAllowPlainHTTP:    {"", "true", "false", "false", "false"},
	config.KeyAccountID:         {"", "env-account", `"file-account"`, "file-account", ""},
	config.KeyAuthIssuer:        {"", "https://env.example/auth/", `"https://file.example/"`, "https://file.example/", config.DefaultAuthIssuer},
	config.KeyAuthClientID:      {"", "env-client", `"file-client"`, "file-client", ""},
	config.KeyAuthPort:          {"", "8123", "8124", "8124", "0"},
	config.KeyTheme:             {"", "", `"light"`, "light", "dark"},
	config.KeyBell:              {"", "", "false", "false", "true"},
	config.KeyGSTNumber:         {"", "", `"123-456-789"`, "123-456-789", ""},
	config.KeyReceiptHeader:     {"", "", `["12 Queen St", "09 555 0100"]`, "12 Queen St\n09 555 0100", ""},
	config.KeyReceiptFooter:     {"", "", `"Thanks"`, "Thanks", ""},
	config.KeyPrinter:           {"", "", `"tcp://printer"`, "tcp://printer", ""},
	config.KeyPrinterWidth:      {"", "", "32", "32", "48"},
	config.KeyPrinterCodePages:  {"", "", `["437"]`, "437", ""},
	config.KeyPrinterCutter:     {"", "", "false", "false", "true"},
	config.KeyPrinterQR:         {"", "", "false", "false", "true"},
	config.KeyCashDrawer:        {"", "", "true", "true", "false"},
	config.KeyCredentialStore:   {"", "systemd", `"file"`, "file", "keyring"},
	config.KeyLiveness:          {"", "", `"test"`, "test", "main"}, // of the profile live
	config.KeyScanGap:           {"", "", "90", "90", "60"},
}

func TestPrecedenceOfEverySetting(t *testing.T) {
	t.Parallel()
	for _, setting := range config.All() {
		key := setting.Key
		switch key {
		case config.KeyConfig, config.KeyProfile, config.KeyDataDir:
			continue // these have tests of their own
		}
		values, ok := everywhere[key]
		if !ok {
			t.Errorf("%s is in no test", key)
			continue
		}
		t.Run(string(key), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			check := func(want string, source config.Source, place string) {
				t.Helper()
				s := b.mustLoad(t)
				if got := s.Value(key); got != want {
					t.Errorf("%s is %q, want %q", key, got, want)
				}
				if origin := s.Origin(key); origin.Source != source || origin.String() != place {
					t.Errorf("%s comes from %v (%s), want %v (%s)", key, origin.Source, origin, source, place)
				}
			}
			b.write(t, "profile = \"live\"\n[profiles.live]\n")
			check(values.fallback, config.FromDefault, "default")
			path := b.write(t, "profile = \"live\"\n\n[profiles.live]\n"+string(key)+" = "+values.file+"\n")
			check(values.fileWant, config.FromFile, path+":4")
			if setting.Env != "" {
				b.env[setting.Env] = values.env
				want := values.env
				if key == config.KeyNoColor {
					want = "true" // NO_COLOR counts whatever it holds
				}
				check(want, config.FromEnvironment, setting.Env)
			}
			if setting.Flag != "" {
				b.flags[key] = values.flag
				check(values.flag, config.FromFlag, "--"+setting.Flag)
			}
		})
	}
}

func TestFieldsAreTakenOneByOne(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.write(t, "profile = \"live\"\n[profiles.live]\nconfig-id = \"file\"\nmerchant-id = \"file\"\nterminal-id = \"file\"\n")
	b.env["CENTRAPOS_MERCHANT_ID"] = "env"
	b.env["CENTRAPOS_TERMINAL_ID"] = "env"
	b.flags[config.KeyTerminalID] = "flag"
	s := b.mustLoad(t)
	if s.ConfigID != "file" || s.MerchantID != "env" || s.TerminalID != "flag" {
		t.Errorf("config %q, merchant %q, terminal %q; want file, env, flag", s.ConfigID, s.MerchantID, s.TerminalID)
	}
}

func TestWhichProfile(t *testing.T) {
	t.Parallel()
	const two = "[profiles.test]\nconfig-id = \"t\"\n[profiles.live]\nconfig-id = \"l\"\n"
	for name, c := range map[string]struct{ file, env, flag, want string }{
		"no file":            {"", "", "", "training"},
		"no profile in file": {"# nothing yet\n", "", "", "training"},
		"file":               {"profile = \"live\"\n" + two, "", "", "live"},
		"environment":        {"profile = \"live\"\n" + two, "test", "", "test"},
		"flag":               {"profile = \"live\"\n" + two, "test", "training", "training"},
		"flag without file":  {"", "", "training", "training"},
		"only flag chooses":  {two, "", "test", "test"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			if c.file != "" {
				b.write(t, c.file)
			}
			b.env["CENTRAPOS_PROFILE"] = c.env
			if c.flag != "" {
				b.flags[config.KeyProfile] = c.flag
			}
			if s := b.mustLoad(t); s.Profile != c.want || s.Embedded != (c.want == "training") {
				t.Errorf("profile %q, embedded %v; want %q", s.Profile, s.Embedded, c.want)
			}
		})
	}
}

func TestProfileThatIsNotThere(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := b.write(t, "profile = \"shop\"\n[profiles.test]\n[profiles.live]\n")
	list := b.problems(t)
	if list.Code() != config.CodeConfigMissing {
		t.Errorf("code %s", list.Code())
	}
	for _, want := range []string{path + ":1", "no profile shop", "live, test, training"} {
		if !strings.Contains(list.Error(), want) {
			t.Errorf("%q does not say %q", list, want)
		}
	}

	b.write(t, "[profiles.test]\n[profiles.live]\n")
	if list := b.problems(t); list.Code() != config.CodeConfigMissing || !strings.Contains(list.Error(), "no profile is chosen") {
		t.Errorf("a file that chooses none: %v", list)
	}
}

func TestNamedServiceWithoutConfigFile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.env["CENTRAPOS_CONFIG_ID"] = "mc_1"
	if s := b.mustLoad(t); !s.Embedded {
		t.Error("a config id alone names no service, yet the sandbox is not used")
	}
	b.env["CENTRAPOS_API_URL"] = "http://127.0.0.1:8080/base/"
	s := b.mustLoad(t)
	if s.Embedded || s.APIURL != "http://127.0.0.1:8080/base" || s.ConfigID != "mc_1" || s.Profile != config.Training {
		t.Errorf("a service named by the environment: %+v", s)
	}
	if s.MerchantName != "" || s.TerminalID != "" {
		t.Errorf("the rehearsal's shop %q and till %q reach a named service", s.MerchantName, s.TerminalID)
	}
	b.flags[config.KeyAPIURL] = "https://other.example"
	if s := b.mustLoad(t); s.APIURL != "https://other.example" {
		t.Errorf("the flag does not win: %s", s.APIURL)
	}
}

func TestConfigFilePlaces(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.write(t, "[profiles.training]\noperator = \"usual\"\n")
	for _, who := range []string{"env", "flag"} {
		text := "[profiles.training]\noperator = \"" + who + "\"\n"
		if err := os.WriteFile(filepath.Join(b.home, who+".toml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	check := func(want string) {
		t.Helper()
		if s := b.mustLoad(t); s.Operator != want {
			t.Errorf("read %s (operator %q), want %s", s.ConfigFile, s.Operator, want)
		}
	}
	check("usual")
	b.env["CENTRAPOS_CONFIG"] = filepath.Join(b.home, "env.toml")
	check("env")
	b.flags[config.KeyConfig] = filepath.Join(b.home, "flag.toml")
	check("flag")

	b.flags[config.KeyConfig] = filepath.Join(b.home, "none.toml")
	list := b.problems(t)
	if list.Code() != config.CodeConfigMissing || !errors.Is(list, fs.ErrNotExist) || !strings.Contains(list.Error(), "--config: ") {
		t.Errorf("a named file that does not exist: %v", list)
	}
}

func TestDataDirPlaces(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	file := b.write(t, "[profiles.training]\ndata-dir = \"ledgers/one\"\n")
	check := func(want string) {
		t.Helper()
		if s := b.mustLoad(t); s.DataDir != want {
			t.Errorf("data folder %s, want %s", s.DataDir, want)
		}
	}
	check(filepath.Join(filepath.Dir(file), "ledgers", "one"))
	b.write(t, "[profiles.training]\ndata-dir = \"~/till\"\n")
	check(filepath.Join(b.home, "till"))
	b.env["CENTRAPOS_DATA_DIR"] = filepath.Join(b.home, "env")
	check(filepath.Join(b.home, "env"))
	b.flags[config.KeyDataDir] = "here"
	here, err := filepath.Abs("here")
	if err != nil {
		t.Fatal(err)
	}
	check(here)
}

func TestWithoutAHomeFolder(t *testing.T) {
	t.Parallel()
	_, err := config.Load(config.Sources{})
	var list *config.Error
	if !errors.As(err, &list) || list.Code() != config.CodeConfigMissing || !strings.Contains(list.Error(), "--data-dir") {
		t.Errorf("nowhere to keep the ledger: %v", err)
	}
	dir := t.TempDir()
	s, err := config.Load(config.Sources{Flags: map[config.Key]string{config.KeyDataDir: dir}})
	if err != nil || s.DataDir != dir {
		t.Errorf("with --data-dir: %q, %v", s.DataDir, err)
	}
}

// TestHostNamesTheTill: Centrapay asks for a terminal and a device with every
// payment request, so that both have a name even where nobody gave one.
func TestHostNamesTheTill(t *testing.T) {
	t.Parallel()
	load := func(env map[string]string) config.Settings {
		t.Helper()
		env["HOME"] = t.TempDir()
		s, err := config.Load(config.Sources{Env: func(name string) string { return env[name] }, Hostname: "counter-pc"})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	live := load(map[string]string{"CENTRAPOS_API_URL": "https://pay.example.com"})
	if live.TerminalID != "counter-pc" || live.DeviceID != "counter-pc" {
		t.Errorf("terminal %q, device %q", live.TerminalID, live.DeviceID)
	}
	named := load(map[string]string{"CENTRAPOS_API_URL": "https://pay.example.com", "CENTRAPOS_TERMINAL_ID": "till-2", "CENTRAPOS_DEVICE_ID": "SN-1"})
	if named.TerminalID != "till-2" || named.DeviceID != "SN-1" {
		t.Errorf("terminal %q, device %q", named.TerminalID, named.DeviceID)
	}
	if training := load(map[string]string{}); training.TerminalID != "till-1" || training.DeviceID != "counter-pc" {
		t.Errorf("training: terminal %q, device %q", training.TerminalID, training.DeviceID)
	}
}

func (b *bench) read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
