package cli

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"centrapos/api/sandbox"
	"centrapos/config"
)

// checkOf is one line of the doctor's table.
func checkOf(t *testing.T, got outcome, name string) (result, text string) {
	t.Helper()
	for _, c := range got.document(t)["checks"].([]any) {
		if c := c.(map[string]any); c["name"] == name {
			return c["result"].(string), c["detail"].(string) + " → " + c["fix"].(string)
		}
	}
	t.Errorf("no check %q in %s", name, got.stdout)
	return "", ""
}

func TestDoctorOfTrainingFindsNothing(t *testing.T) {
	t.Parallel()
	got := command{args: []string{"--json", "doctor"}, env: map[string]string{"HOME": t.TempDir()}}.run(t)
	if got.code != exitDone || got.document(t)["outcome"] != "well" {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	for _, name := range []string{"config", "network", "clock", "credential", "merchant", "data", "record", "products"} {
		if result, text := checkOf(t, got, name); result != string(fine) {
			t.Errorf("%s: %s: %s", name, result, text)
		}
	}
}

// Each thing that is wrong is one finding with the way out, and the exit code.
func TestDoctorFinds(t *testing.T) {
	t.Parallel()
	edit := func(add string) func(*installer) {
		return func(i *installer) {
			i.must(os.WriteFile(i.configFile(), []byte(i.read(i.configFile())+add), 0o600))
		}
	}
	for name, c := range map[string]struct {
		spoil  func(*installer)
		check  string
		result verdict
		says   string
		exit   int
	}{
		"bad TOML":            {edit("\noops"), "config", failed, "config.toml:", exitUsage},
		"a wrong type":        {edit("\ngst-rate = true\n"), "config", failed, "gst-rate", exitUsage},
		"a missing profile":   {func(i *installer) { i.env["CENTRAPOS_PROFILE"] = "shop" }, "config", failed, "no profile shop", exitUsage},
		"a clock an hour off": {func(i *installer) { i.fault("*:skew=1h") }, "clock", failed, "behind Centrapay's", exitUsage},
		"a clock a bit off":   {func(i *installer) { i.fault("*:skew=-2m") }, "clock", warning, "ahead of Centrapay's", exitDone},
		"no network":          {func(i *installer) { i.env["CENTRAPOS_API_URL"] = "http://127.0.0.1:1" }, "network", failed, "online", exitRefused},
		"a key that is refused": {func(i *installer) { i.ring.kept["centrapos/test"] = "a-key-that-was-disabled" }, "credential", failed,
			"--rotate", exitRefused},
		"a locked keyring": {func(i *installer) { i.ring.err = errors.New("failed to unlock") }, "credential", failed, "--credential-store file", exitUsage},
		"no key":           {func(i *installer) { clear(i.ring.kept) }, "credential", failed, "centrapos setup --profile test", exitUsage},
		"the wrong passphrase": {func(i *installer) {
			if got := i.setup("--credential-store", "file"); got.code != exitDone {
				i.t.Errorf("exit %d: %s", got.code, got.stderr)
			}
			i.env["CENTRAPOS_PASSPHRASE"] = "another passphrase"
		}, "credential", failed, "does not open", exitUsage},
		"nobody for the passphrase": {func(i *installer) {
			i.setup("--credential-store", "file")
			delete(i.env, "CENTRAPOS_PASSPHRASE")
		}, "credential", failed, config.PassphraseFDVariable, exitUsage},
		"a descriptor that is none": {func(i *installer) {
			i.setup("--credential-store", "file")
			i.env["CENTRAPOS_PASSPHRASE_FD"] = "cat"
		}, "credential", failed, "file descriptor", exitUsage},
		"no config id": {func(i *installer) {
			text := i.read(i.configFile())
			i.must(os.WriteFile(i.configFile(), []byte(strings.Replace(text, "config-id", "operator", 1)), 0o600))
		}, "merchant", failed, "config-id is not set", exitUsage},
		"a folder that is none": {func(i *installer) {
			i.must(os.WriteFile(filepath.Join(i.dir, "file"), nil, 0o600))
			i.env["CENTRAPOS_DATA_DIR"] = filepath.Join(i.dir, "file", "below")
		}, "data", failed, "--data-dir", exitUsage},
		"a damaged record": {func(i *installer) {
			dir := filepath.Join(i.dir, "test@"+fileName(i.env["CENTRAPOS_API_URL"]))
			i.must(os.MkdirAll(dir, 0o700))
			i.must(os.WriteFile(filepath.Join(dir, "ledger.db"), []byte("this is no record of anything"), 0o600))
		}, "record", failed, "copy", exitInternal},
		"something unfinished": {func(i *installer) {
			if got := i.run("", "sale", "1.00", "--no-wait"); got.code != exitDone {
				i.t.Errorf("exit %d: %s", got.code, got.stderr)
			}
		}, "record", warning, "centrapos recover", exitDone},
		"a printer that is off":   {edit("\nprinter = \"tcp://127.0.0.1:1\"\n"), "printer", failed, "has paper", exitRefused},
		"a printer that is none":  {edit("\nprinter = \"lp0\"\n"), "printer", failed, "tcp://HOST", exitUsage},
		"a printer not plugged":   {edit("\nprinter = \"/dev/usb/no-lp\"\n"), "printer", failed, "plugged in", exitRefused},
		"code pages that are not": {edit("\nprinter = \"/dev/null\"\nprinter-code-pages = [\"1\"]\n"), "printer", failed, "code page", exitUsage},
		"a printer that is there": {edit("\nprinter = \"/dev/null\"\n"), "printer", fine, "/dev/null", exitDone},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newInstaller(t)
			if got := i.setup(); got.code != exitDone {
				t.Fatalf("exit %d: %s", got.code, got.stderr)
			}
			c.spoil(i)
			got := i.run("", "doctor")
			result, text := checkOf(t, got, c.check)
			if got.code != c.exit || result != string(c.result) || !strings.Contains(text, c.says) {
				t.Errorf("exit %d, %s: %s; want %d, %s that says %q", got.code, result, text, c.exit, c.result, c.says)
			}
			plain := i.command("doctor")
			plain.prepare = func(p *program) { p.keyring = i.ring }
			if told := plain.run(t); told.code != c.exit || c.result == failed && !strings.Contains(told.stdout, "→") {
				t.Errorf("in words: exit %d: %s", told.code, told.stdout)
			}
		})
	}
}

func TestDoctorFindsANetworkPrinter(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a listener of this test's own
	if err != nil {
		t.Fatal(err)
	}
	printed := make(chan int, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			printed <- 0
			return
		}
		_ = conn.SetDeadline(time.Now().Add(soon))
		n, _ := conn.Read(make([]byte, 100))
		printed <- n
		_ = conn.Close()
	}()
	i := newInstaller(t)
	i.setup()
	i.must(os.WriteFile(i.configFile(), []byte(i.read(i.configFile())+"\nprinter = \"tcp://"+l.Addr().String()+"\"\n"), 0o600))
	got := i.run("", "doctor")
	if result, text := checkOf(t, got, "printer"); got.code != exitDone || result != string(fine) {
		t.Errorf("exit %d: %s: %s", got.code, result, text)
	}
	if n := <-printed; n != 0 {
		t.Errorf("%d bytes were printed", n)
	}
	_ = l.Close()
}

// A login that has ended is no fault of the network, and the way out is another login.
func TestDoctorOfAnEndedLogin(t *testing.T) {
	t.Parallel()
	p := openShop(t).person(sandbox.DemoUsers()[0].ID)
	if got := p.run("login"); got.code != exitDone {
		t.Fatalf("exit %d: %s", got.code, got.stdout)
	}
	delete(p.env, "CENTRAPOS_API_KEY")
	logins := config.Logins{Keyring: p.ring}
	s := config.Settings{Profile: config.Training, APIURL: p.env["CENTRAPOS_API_URL"]}
	login, err := logins.Load(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	login.Access, login.Refresh, login.Expiry = config.Secret{}, config.NewSecret("a-refresh-token-that-was-made-void"), time.Now().Add(-time.Hour)
	if err := logins.Save(t.Context(), s, login); err != nil {
		t.Fatal(err)
	}
	got := p.run("doctor")
	if result, text := checkOf(t, got, "credential"); result != string(failed) || !strings.Contains(text, "centrapos login") {
		t.Errorf("exit %d, credential %s: %s", got.code, result, text)
	}
	if result, text := checkOf(t, got, "network"); result != string(fine) || got.code != exitRefused && got.code != exitUsage {
		t.Errorf("exit %d, network %s: %s", got.code, result, text)
	}
}
