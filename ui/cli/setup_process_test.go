//go:build unix

package cli

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"centrapos/api/sandbox"
	"centrapos/config"
	"centrapos/ui/screentest"
)

// bare is a machine that nothing was set up on: the built program, a home, and a
// sandbox that takes the planted key. No keyring runs there.
func bare(t *testing.T) (counter, *shop) {
	t.Helper()
	s := openShop(t)
	c := newCounter(t, "CENTRAPOS_API_URL="+s.env["CENTRAPOS_API_URL"], "DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere")
	t.Cleanup(func() { noSecretBelow(t, c.home) })
	return c, s
}

// noSecretBelow looks for the key and the passphrase in every file of a folder.
func noSecretBelow(t *testing.T, dir string) {
	t.Helper()
	looked := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		looked++
		text, err := os.ReadFile(path)
		if strings.Contains(string(text), plantedKey) || strings.Contains(string(text), plantedPassphrase) {
			t.Errorf("a secret lies in %s", path)
		}
		return err
	})
	if err != nil || looked == 0 {
		t.Errorf("looked into %d files: %v", looked, err)
	}
}

// A new user on a bare machine, from nothing to a payment of test money, at a terminal.
func TestGuidedSetupOnABareMachine(t *testing.T) {
	t.Parallel()
	c, s := bare(t)
	p := screentest.StartPTY(t, c.command("setup"), screentest.PTYOptions{Cols: 120, Rows: 50})
	for _, step := range []struct{ asked, typed string }{
		{"Profile (live takes real money", "test\r"},
		{"API key (not shown", "not-the-key-of-anybody\r"},
		{"Copy it again", ""},
		{"API key (not shown", plantedKey + "\r"},
		{"Centrapay takes the key", ""},
		{sandbox.DemoTokenConfigID, "1\r"},
		{"Name of the shop", "Corner Dairy\r"},
		{"Name of this till", "till-3\r"},
		{"Serial number of this machine", "\r"},
		{"encrypted with a passphrase instead?", "y\r"},
		{"New passphrase", "short\r"},
		{"characters or more", plantedPassphrase + "\r"},
		{"The same again", plantedPassphrase + "\r"},
		{"The profile test is set up", ""},
		{"Try a payment of 1 cent", "n\r"},
	} {
		p.WaitText(step.asked, soon)
		if step.typed != "" {
			p.Type(step.typed)
		}
	}
	if code := p.WaitExit(soon); code != exitDone {
		t.Errorf("exit %d", code)
	}
	if raw := string(p.Raw()); strings.Contains(raw, plantedKey) || strings.Contains(raw, plantedPassphrase) {
		t.Error("a secret was on the screen")
	}
	text, err := os.ReadFile(filepath.Join(c.home, "centrapos", "config.toml"))
	if err != nil || !strings.Contains(string(text), `terminal-id = "till-3"`) || !strings.Contains(string(text), `merchant-name = "Corner Dairy"`) {
		t.Errorf("%v\n%s", err, text)
	}
	till := screentest.StartPTY(t, c.command(), screentest.PTYOptions{Cols: 120, Rows: 40})
	till.WaitText("Passphrase of", soon)
	till.Type(plantedPassphrase + "\r")
	till.WaitText("TOTAL", soon)
	till.Type("12.50\r\x1b[20~")
	till.WaitText("Waiting for the customer", soon)
	if err := s.service.Pay(s.shown(), sandbox.PayOptions{}); err != nil {
		t.Fatal(err)
	}
	till.WaitText("PAID", soon)
	if raw := string(till.Raw()); strings.Contains(raw, plantedKey) || strings.Contains(raw, plantedPassphrase) {
		t.Error("a secret was on the screen")
	}
}

// A service is given the passphrase on a file descriptor, so that it stands in no
// environment.
func TestPassphraseOnADescriptor(t *testing.T) {
	t.Parallel()
	c, _ := bare(t)
	run := func(stdin, passphrase string, args ...string) (string, int) {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Close() }()
		if _, err := w.WriteString(passphrase + "\nand more"); err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		cmd := c.command(args...)
		cmd.Env = append(cmd.Env, "CENTRAPOS_PASSPHRASE_FD=3")
		cmd.ExtraFiles = []*os.File{r}
		cmd.Stdin = strings.NewReader(stdin)
		out, _ := cmd.CombinedOutput()
		return string(out), cmd.ProcessState.ExitCode()
	}
	out, code := run(plantedKey, plantedPassphrase, "setup", "--profile", "test", "--api-key-stdin", "--credential-store", "file", "--config-id", sandbox.DemoConfigID)
	if code != exitDone {
		t.Fatalf("exit %d: %s", code, out)
	}
	if out, code := run("", plantedPassphrase, "doctor"); code != exitDone {
		t.Errorf("exit %d: %s", code, out)
	}
	if out, code := run("", "another", "sale", "1.00", "--no-wait"); code != exitUsage || !strings.Contains(out, "does not open") {
		t.Errorf("a wrong one: exit %d: %s", code, out)
	}
}

// onSmallDisk runs the program with its home on a disk of its own, which is full or
// read only by what the script does first; where no disk can be made the test is skipped.
func onSmallDisk(t *testing.T, c counter, prepare string, args ...string) (string, int) {
	t.Helper()
	script := `mount -t tmpfs -o size=64k none "$HOME" || exit 99; mkdir -p "$HOME/centrapos"; cp -a "$KEEP/." "$HOME/centrapos/" || exit 99; ` + prepare +
		`; "$@"; code=$?; mount -o remount,rw "$HOME"; rm -f "$HOME"/ballast*; cp -a "$HOME/centrapos/." "$KEEP/"; exit $code`
	keep := t.TempDir()
	if err := os.CopyFS(keep, os.DirFS(filepath.Join(c.home, "centrapos"))); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "unshare", append([]string{"--mount", "--map-root-user", "sh", "-c", script, "sh", binary}, args...)...)
	cmd.Env = slices.Concat(c.env, []string{"KEEP=" + keep, "CENTRAPOS_PASSPHRASE=" + plantedPassphrase})
	cmd.Stdin = strings.NewReader(plantedNext)
	out, err := cmd.CombinedOutput()
	code := cmd.ProcessState.ExitCode()
	if err != nil && (code == 99 || code == -1 || strings.Contains(string(out), "unshare:")) {
		t.Skipf("no disk can be made here: %v\n%s", err, out)
	}
	for _, name := range []string{"config.toml", "credentials.age"} {
		before, err := os.ReadFile(filepath.Join(c.home, "centrapos", name))
		after, err2 := os.ReadFile(filepath.Join(keep, name))
		if err != nil || err2 != nil || string(before) != string(after) {
			t.Errorf("%s is not what it was: %v, %v", name, err, err2)
		}
	}
	left, err := filepath.Glob(filepath.Join(keep, "*.[0-9]*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	return string(out), code
}

// A disk that is full or read only: one clear message, exit 64, and nothing lost.
func TestNoRoomAndReadOnly(t *testing.T) {
	t.Parallel()
	c, _ := bare(t)
	next := sandbox.Key{Secret: plantedNext, Name: "Next", AccountID: sandbox.DemoMerchantAccountID, Role: sandbox.RoleMerchantTerminal}
	merchant := sandbox.Demo()
	merchant.APIKey = plantedKey
	server := startSandbox(t, sandbox.WithKeys(next), sandbox.WithMerchants(merchant))
	c.env = append(c.env, "CENTRAPOS_API_URL="+server.URL())
	first := c.command("setup", "--profile", "test", "--api-key-stdin", "--credential-store", "file", "--config-id", sandbox.DemoConfigID)
	first.Env = append(first.Env, "CENTRAPOS_PASSPHRASE="+plantedPassphrase)
	first.Stdin = strings.NewReader(plantedKey)
	if out, err := first.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for name, prepare := range map[string]string{
		"full":      `dd if=/dev/zero of="$HOME/ballast" bs=1k 2>/dev/null; dd if=/dev/zero of="$HOME/ballast2" bs=1 2>/dev/null`,
		"read only": `mount -o remount,ro "$HOME"`,
	} {
		for _, args := range [][]string{
			{"setup", "--rotate", "--api-key-stdin"},
			{"setup", "--profile", "test", "--api-key-stdin", "--terminal-id", "till-9"},
			{"doctor"},
		} {
			out, code := onSmallDisk(t, c, prepare, args...)
			if code != exitUsage || !strings.Contains(out, "cannot be written") || strings.Contains(out, plantedNext) || !strings.Contains(strings.ToLower(out), "disk") {
				t.Errorf("%s, %s: exit %d: %s", name, args, code, out)
			}
		}
	}
}

// TestSecretService keeps the key in a real keyring: gnome-keyring, under a bus of its
// own. It needs the packages gnome-keyring and dbus-daemon, and is asked for by
// CENTRAPOS_SECRET_SERVICE, since most machines have none.
func TestSecretService(t *testing.T) {
	t.Parallel()
	if os.Getenv("CENTRAPOS_SECRET_SERVICE") == "" {
		t.Skip("asked for by CENTRAPOS_SECRET_SERVICE=1")
	}
	c, _ := bare(t)
	script := `printf 'password' | gnome-keyring-daemon --unlock --components=secrets >/dev/null
printf %s "$KEY" | "$0" setup --profile test --api-key-stdin --config-id ` + sandbox.DemoConfigID + ` && "$0" doctor && "$0" sale 1.00 --no-wait >/dev/null &&
printf wrong | "$0" setup --rotate --api-key-stdin; echo "rotated: $?"`
	cmd := exec.CommandContext(t.Context(), "dbus-run-session", "--", "sh", "-c", script, binary)
	for _, pair := range c.env {
		if !strings.HasPrefix(pair, "DBUS_SESSION_BUS_ADDRESS=") {
			cmd.Env = append(cmd.Env, pair)
		}
	}
	cmd.Env = append(cmd.Env, "KEY="+plantedKey)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "in: system keyring") || !strings.Contains(string(out), "rotated: 69") || strings.Contains(string(out), plantedKey) {
		t.Errorf("%v: %s", err, out)
	}
	locked := exec.CommandContext(t.Context(), "dbus-run-session", "--", binary, "doctor")
	locked.Env = cmd.Env
	out, _ = locked.CombinedOutput()
	if code := locked.ProcessState.ExitCode(); code != exitUsage || !strings.Contains(string(out), "keyring") || !strings.Contains(string(out), config.InFile) {
		t.Errorf("a locked one: exit %d: %s", code, out)
	}
}
