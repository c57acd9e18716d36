package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"centrapos/api/sandbox"
	"centrapos/config"
)

const (
	// plantedNext is the key that a rotation brings.
	plantedNext = "tk-77aa01bc93de4f10-planted"
	// plantedPassphrase opens the credential file of these tests.
	plantedPassphrase = "planted horse battery staple"
)

// installer is somebody who sets a shop's machine up: a home, a keyring, and nothing
// in the environment but where the service is.
type installer struct {
	*shop
	ring *ring
	home string
	said strings.Builder // all that every run has put out
}

func newInstaller(t *testing.T, opts ...sandbox.Option) *installer {
	t.Helper()
	next := sandbox.Key{Secret: plantedNext, Name: "Next", AccountID: sandbox.DemoMerchantAccountID, AccountName: "Sandbox Merchant", Role: sandbox.RoleMerchantTerminal}
	s := openShop(t, append([]sandbox.Option{sandbox.WithKeys(next)}, opts...)...)
	i := &installer{shop: s, ring: &ring{kept: map[string]string{}}, home: s.env["HOME"]}
	for _, name := range []string{"CENTRAPOS_API_KEY", "CENTRAPOS_CONFIG_ID", "CENTRAPOS_MERCHANT_ACCOUNT_ID", "CENTRAPOS_TERMINAL_ID"} {
		delete(s.env, name)
	}
	s.env["CENTRAPOS_PASSPHRASE"] = plantedPassphrase
	t.Cleanup(i.searchForSecrets)
	return i
}

// run carries out a command line with --json and a text on stdin.
func (i *installer) run(stdin string, args ...string) outcome {
	i.t.Helper()
	c := i.command(append([]string{"--json"}, args...)...)
	c.stdin = strings.NewReader(stdin)
	c.prepare = func(p *program) { p.keyring = i.ring }
	got := c.run(i.t)
	i.said.WriteString(got.stdout + got.stderr)
	return got
}

// setup sets the profile test up with the till's key.
func (i *installer) setup(args ...string) outcome {
	i.t.Helper()
	return i.run(plantedKey+"\n", append([]string{"setup", "--profile", "test", "--api-key-stdin", "--config-id", sandbox.DemoConfigID}, args...)...)
}

func (i *installer) configFile() string {
	return filepath.Join(i.home, ".config", "centrapos", "config.toml")
}

func (i *installer) read(path string) string {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		i.t.Error(err)
	}
	return string(text)
}

// searchForSecrets looks for the keys and the passphrase in all output, and in every
// file of the home and the data folder: config, record, lock files, credentials.age.
func (i *installer) searchForSecrets() {
	looked := 0
	look := func(where, text string) {
		looked++
		for _, secret := range []string{plantedKey, plantedNext, plantedPassphrase} {
			if strings.Contains(text, secret) {
				i.t.Errorf("a secret lies in %s", where)
			}
		}
	}
	look("the output", i.said.String())
	for _, dir := range []string{i.home, i.dir} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				look(path, i.read(path))
			}
			return err
		})
		if err != nil {
			i.t.Error(err)
		}
	}
	i.t.Logf("looked for secrets in %d places", looked)
}

func TestSetupWithoutATerminal(t *testing.T) {
	t.Parallel()
	for _, store := range []string{config.InKeyring, config.InFile} {
		t.Run(store, func(t *testing.T) {
			t.Parallel()
			i := newInstaller(t)
			got := i.setup("--credential-store", store, "--terminal-id", "till-7")
			doc := got.document(t)
			if got.code != exitDone || doc["outcome"] != "set-up" || doc["liveness"] != "test" || doc["chosen"] != true || doc["key"] != "····nted" {
				t.Fatalf("exit %d: %s%s", got.code, got.stdout, got.stderr)
			}
			if doc["merchantId"] != sandbox.DemoMerchantID || doc["accountId"] != sandbox.DemoMerchantAccountID || doc["terminalId"] != "till-7" {
				t.Errorf("%v", doc)
			}
			if inRing := i.ring.kept["centrapos/test"] == plantedKey; inRing != (store == config.InKeyring) {
				t.Errorf("in the keyring: %v", inRing)
			}
			file := filepath.Join(i.dir, "credentials.age")
			if info, err := os.Stat(file); (err == nil) != (store == config.InFile) || err == nil && info.Mode().Perm() != 0o600 {
				t.Errorf("the credential file: %v, %v", info, err)
			}
			// From here the file and the store alone say all.
			delete(i.env, "CENTRAPOS_API_URL")
			if got := i.run("", "doctor"); got.code != exitDone || got.document(t)["profile"] != "test" {
				t.Errorf("doctor: exit %d: %s", got.code, got.stdout)
			}
			if got := i.run("", "sale", "12.50", "--no-wait"); got.code != exitDone || i.onlyRequest().Value.Amount.String() != "1250" {
				t.Errorf("a sale: exit %d: %s", got.code, got.stdout)
			}
		})
	}
}

// What cannot be set up leaves everything as it was, and says what to do.
func TestSetupThatFails(t *testing.T) {
	t.Parallel()
	stdin := func(key string) func(*installer, ...string) outcome {
		return func(i *installer, args ...string) outcome {
			return i.run(key, append([]string{"setup", "--api-key-stdin"}, args...)...)
		}
	}
	with := stdin(plantedKey)
	for name, c := range map[string]struct {
		change func(*installer)
		run    func(*installer, ...string) outcome
		args   []string
		exit   int
		code   string
		says   string
	}{
		"a wrong key":       {nil, stdin("not-the-key-of-anybody"), []string{"--profile", "test"}, exitRefused, "UNAUTHORIZED", "Copy it again"},
		"no key":            {nil, stdin(" \n"), []string{"--profile", "test"}, exitUsage, "CONFIG_INVALID", "empty"},
		"two lines":         {nil, stdin(plantedKey + "\nX-Evil: 1"), []string{"--profile", "test"}, exitUsage, "CONFIG_INVALID", "on one line"},
		"too long":          {nil, stdin(strings.Repeat("x", 5000)), []string{"--profile", "test"}, exitUsage, codeUsage, "too long"},
		"no profile":        {nil, with, nil, exitUsage, codeUsage, "--profile live"},
		"training":          {nil, with, []string{"--profile", "training"}, exitUsage, codeUsage, "needs no set-up"},
		"several configs":   {nil, with, []string{"--profile", "test"}, exitUsage, "CONFIG_MISSING", sandbox.DemoTokenConfigID},
		"another's config":  {nil, with, []string{"--profile", "test", "--config-id", "mc_x"}, exitUsage, "CONFIG_MISSING", "not one of the merchant"},
		"real money":        {nil, with, []string{"--profile", "live", "--config-id", sandbox.DemoConfigID}, exitUsage, codeLiveness, "real money"},
		"another's account": {nil, with, []string{"--profile", "test", "--merchant-account-id", "acc1"}, exitUsage, codeAccount, "acc1"},
		"no such store":     {nil, with, []string{"--profile", "test", "--credential-store", "drawer"}, exitUsage, codeUsage, "keyring, file, systemd"},
		"not by systemd":    {nil, with, []string{"--profile", "test", "--config-id", sandbox.DemoConfigID, "--credential-store", "systemd"}, exitUsage, "CREDENTIAL_STORE", "LoadCredential"},
		"a locked keyring": {func(i *installer) { i.ring.err = errors.New("failed to unlock") }, with,
			[]string{"--profile", "test", "--config-id", sandbox.DemoConfigID}, exitUsage, "CREDENTIAL_STORE", "failed to unlock"},
		"nobody for the passphrase": {func(i *installer) { delete(i.env, "CENTRAPOS_PASSPHRASE") }, with,
			[]string{"--profile", "test", "--config-id", sandbox.DemoConfigID, "--credential-store", "file"}, exitUsage, "CREDENTIAL_STORE", config.PassphraseVariable},
		"no network": {func(i *installer) { i.env["CENTRAPOS_API_URL"] = "http://127.0.0.1:1" }, with,
			[]string{"--profile", "test"}, exitRefused, "NETWORK", "could not be reached"},
		"the published key for real money": {nil, func(i *installer, args ...string) outcome {
			return i.run("", append([]string{"setup", "--published-test-key"}, args...)...)
		}, []string{"--profile", "live"}, exitUsage, codeUsage, "test merchant"},
		"nothing to rotate": {nil, with, []string{"--profile", "test", "--rotate"}, exitUsage, "CONFIG_MISSING", "no profile test"},
		"a config file that cannot be": {func(i *installer) {
			i.must(os.MkdirAll(filepath.Dir(filepath.Dir(i.configFile())), 0o700))
			i.must(os.WriteFile(filepath.Dir(i.configFile()), []byte("no folder"), 0o600))
		}, with, []string{"--profile", "test", "--config-id", sandbox.DemoConfigID}, exitUsage, "CONFIG_INVALID", "cannot be"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newInstaller(t)
			if c.change != nil {
				c.change(i)
			}
			got := c.run(i, c.args...)
			if f := got.failure(t); got.code != c.exit || f["code"] != c.code || !strings.Contains(got.stderr, c.says) {
				t.Errorf("exit %d, %v, want %d %s that says %q", got.code, f, c.exit, c.code, c.says)
			}
			if _, err := os.Stat(i.configFile()); err == nil {
				t.Errorf("a config file was written:\n%s", i.read(i.configFile()))
			}
			if len(i.ring.kept) != 0 || i.read(filepath.Join(i.dir, "credentials.age")) != "" {
				t.Error("a key was kept")
			}
		})
	}
}

// What was there stays where the config file cannot be written: comments, and the key.
func TestSetupAnewIsAllOrNothing(t *testing.T) {
	t.Parallel()
	i := newInstaller(t)
	if got := i.setup(); got.code != exitDone {
		t.Fatalf("exit %d: %s", got.code, got.stdout)
	}
	text := "# Mia's till\n" + i.read(i.configFile())
	i.must(os.WriteFile(i.configFile(), []byte(text+"\nprofiles.test.tema = \"dark\"\n"), 0o600))
	before := i.read(i.configFile())
	got := i.run(plantedNext, "setup", "--profile", "test", "--api-key-stdin", "--config-id", sandbox.DemoConfigID)
	if f := got.failure(t); got.code != exitUsage || f["code"] != "CONFIG_INVALID" {
		t.Errorf("exit %d, %v", got.code, f)
	}
	if i.ring.kept["centrapos/test"] != plantedKey || i.read(i.configFile()) != before {
		t.Errorf("changed: %v\n%s", i.ring.kept, i.read(i.configFile()))
	}
	i.must(os.WriteFile(i.configFile(), []byte(text), 0o600))
	got = i.run(plantedNext, "setup", "--profile", "test", "--api-key-stdin", "--config-id", sandbox.DemoTokenConfigID)
	if got.code != exitDone || i.ring.kept["centrapos/test"] != plantedNext {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	if now := i.read(i.configFile()); !strings.Contains(now, "# Mia's till") || !strings.Contains(now, sandbox.DemoTokenConfigID) {
		t.Errorf("the config file:\n%s", now)
	}
}

func TestRotation(t *testing.T) {
	t.Parallel()
	i := newInstaller(t)
	if got := i.setup(); got.code != exitDone {
		t.Fatalf("exit %d: %s", got.code, got.stdout)
	}
	kept := func(what, current, previous string) {
		t.Helper()
		if i.ring.kept["centrapos/test"] != current || i.ring.kept["centrapos/test:previous"] != previous {
			t.Errorf("%s: another key is kept", what)
		}
	}
	if got := i.run(plantedKey, "setup", "--rotate", "--api-key-stdin"); got.code != exitUsage {
		t.Errorf("the same key: exit %d: %s", got.code, got.stdout)
	}
	if got := i.run("not-the-key-of-anybody", "setup", "--rotate", "--api-key-stdin"); got.code != exitRefused {
		t.Errorf("a wrong key: exit %d: %s", got.code, got.stdout)
	}
	kept("nothing swapped", plantedKey, "")
	got := i.run(plantedNext, "setup", "--rotate", "--api-key-stdin")
	if doc := got.document(t); got.code != exitDone || doc["outcome"] != "rotated" {
		t.Fatalf("exit %d: %s%s", got.code, got.stdout, got.stderr)
	}
	kept("swapped", plantedNext, plantedKey)
	// The new key is refused once: the old one does the work, and it is said.
	i.fault("memberships:status=401:1")
	got = i.run("", "sale", "1.00", "--no-wait")
	if got.code != exitDone || !strings.Contains(got.stderr, "goes on with the previous one") {
		t.Errorf("exit %d: %s", got.code, got.stderr)
	}
	kept("refused", plantedNext, plantedKey)
	// It cannot be asked: nothing is decided, and the sale is tried.
	i.fault("memberships:status=503")
	i.run("", "ledger", "list")
	if got := i.run("", "sale", "1.00", "--no-wait"); got.code != exitDone {
		t.Errorf("exit %d: %s", got.code, got.stderr)
	}
	i.service.ClearFaults()
	kept("not known", plantedNext, plantedKey)
	if got := i.run("", "sale", "1.00", "--no-wait"); got.code != exitDone || strings.Contains(got.stderr, "previous") {
		t.Errorf("exit %d: %s", got.code, got.stderr)
	}
	kept("settled", plantedNext, "")
}

func TestPublishedTestKey(t *testing.T) {
	t.Parallel()
	merchant := sandbox.Demo()
	merchant.APIKey = publishedTestKey
	i := newInstaller(t, sandbox.WithMerchants(merchant), sandbox.WithPatron(sandbox.Automatic(0)))
	got := i.run("", "setup", "--published-test-key", "--config-id", sandbox.DemoConfigID, "--test-payment")
	doc := got.document(t)
	paid, _ := doc["testPayment"].(map[string]any)
	if got.code != exitDone || doc["profile"] != "test" || paid["outcome"] != "paid" {
		t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
	}
	if all := i.requests(); len(all) != 1 || all[0].Value.Amount.String() != "1" {
		t.Errorf("%d payments", len(all))
	}
}

// A till of one money does not open on a merchant of the other; where it cannot be
// told payments are taken, and it is asked again.
func TestTillOfTheOtherMoney(t *testing.T) {
	t.Parallel()
	i := newInstaller(t)
	if got := i.setup(); got.code != exitDone {
		t.Fatalf("exit %d: %s", got.code, got.stdout)
	}
	text := strings.ReplaceAll(i.read(i.configFile()), "test", "live")
	i.must(os.WriteFile(i.configFile(), []byte(text), 0o600))
	i.ring.kept["centrapos/live"] = plantedKey
	got := i.run("", "sale", "1.00", "--no-wait")
	if f := got.failure(t); got.code != exitUsage || f["code"] != codeLiveness || i.count(sandbox.EndpointCreate) != 0 {
		t.Errorf("exit %d, %v, %d requests", got.code, f, i.count(sandbox.EndpointCreate))
	}
	if f := i.run("", "doctor"); f.code != exitUsage || !strings.Contains(f.stdout, "test money") {
		t.Errorf("doctor: exit %d: %s", f.code, f.stdout)
	}
	i.fault("config:hang-before=1m")
	start := time.Now()
	if got := i.run("", "sale", "1.00", "--no-wait"); got.code != exitDone {
		t.Errorf("it could not be told: exit %d: %s", got.code, got.stderr)
	}
	if took := time.Since(start); took > soon {
		t.Errorf("waited %v", took)
	}
}

// The same till asks once which money its merchant takes, not with every sale.
func TestMoneyIsAskedForOnce(t *testing.T) {
	t.Parallel()
	i := newInstaller(t)
	if got := i.setup(); got.code != exitDone {
		t.Fatalf("exit %d: %s", got.code, got.stdout)
	}
	before := i.count(sandbox.EndpointConfig)
	for range 3 {
		if got := i.run("", "sale", "1.00", "--no-wait"); got.code != exitDone {
			t.Errorf("exit %d: %s", got.code, got.stderr)
		}
	}
	if n := i.count(sandbox.EndpointConfig) - before; n != 1 {
		t.Errorf("asked %d times", n)
	}
}
