//go:build unix

package cli

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/pos"
)

// process is a run of the built program.
type process struct {
	t              *testing.T
	cmd            *exec.Cmd
	stdout, stderr safeBuffer
}

// start starts the built program with these variables and no others.
func start(t *testing.T, env map[string]string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.CommandContext(t.Context(), binary, args...)}
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	p.cmd.Env = []string{}
	for name, value := range env {
		p.cmd.Env = append(p.cmd.Env, name+"="+value)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

// signal sends a signal to the program.
func (p *process) signal(sig os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		p.t.Error(err)
	}
}

// kill ends the program as a power cut would.
func (p *process) kill() {
	p.t.Helper()
	p.signal(syscall.SIGKILL)
	if p.wait().code != -1 {
		p.t.Errorf("it ended by itself before it was killed:\n%s%s", p.stdout.String(), p.stderr.String())
	}
}

// wait waits for the program to end; the code is -1 where a signal ended it.
func (p *process) wait() outcome {
	p.t.Helper()
	err := p.cmd.Wait()
	if ended := (*exec.ExitError)(nil); err != nil && !errors.As(err, &ended) {
		p.t.Fatal(err)
	}
	got := outcome{code: p.cmd.ProcessState.ExitCode(), stdout: p.stdout.String(), stderr: p.stderr.String()}
	if strings.Contains(got.stdout+got.stderr, plantedKey) {
		p.t.Error("it printed the key")
	}
	return got
}

// freshHome is the environment of a machine on which nothing was ever set up.
func freshHome(t *testing.T) map[string]string {
	home := t.TempDir()
	return map[string]string{
		"HOME": home, "XDG_DATA_HOME": filepath.Join(home, "data"), "XDG_CONFIG_HOME": filepath.Join(home, "config"),
	}
}

// TestFreshMachine is README's second command: with nothing set up a sale is made
// at the sandbox inside the program, and paid by its customer within seconds.
func TestFreshMachine(t *testing.T) {
	t.Parallel()
	env := freshHome(t)
	began := time.Now()
	got := start(t, env, "sale", "12.50").wait()
	if took := time.Since(began); got.code != exitDone || took > 10*time.Second {
		t.Errorf("exit %d after %v: %s", got.code, took, got.stderr)
	}
	for _, want := range []string{"TRAINING - no real money", "█ ▄▄▄▄▄ █", "PAID NZD 12.50", "Centrapay NZD Test"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("it does not say %q:\n%s", want, got.stdout)
		}
	}
	data := filepath.Join(env["XDG_DATA_HOME"], "centrapos")
	for _, dir := range []string{data, filepath.Join(data, "training")} {
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v; want a folder of this user alone", dir, info, err)
		}
	}
	if got := start(t, env, "ledger", "verify", "--json").wait(); got.code != exitDone || got.document(t)["operations"].(interface{ String() string }).String() != "1" {
		t.Errorf("the record: %s", got.stdout)
	}
}

// TestTillWithoutTerminal: one line, and the way to do without.
func TestTillWithoutTerminal(t *testing.T) {
	t.Parallel()
	got := start(t, freshHome(t)).wait()
	if got.code != exitUsage || strings.Count(got.stderr, "\n") != 1 || !strings.Contains(got.stderr, "centrapos sale") || got.stdout != "" {
		t.Errorf("exit %d, %q, %q", got.code, got.stdout, got.stderr)
	}
}

// TestSignals: whatever asks the program to end, the open request is voided first.
func TestSignals(t *testing.T) {
	t.Parallel()
	for name, sig := range map[string]os.Signal{"Ctrl-C": os.Interrupt, "terminate": syscall.SIGTERM, "hang-up": syscall.SIGHUP, "Ctrl-\\": syscall.SIGQUIT} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			p := start(t, s.env, "--json", "sale", "12.50")
			s.shown()
			p.signal(sig)
			got := p.wait()
			if doc := got.document(t); got.code != exitInterrupt || doc["outcome"] != string(pos.OutcomeCancelled) || doc["status"] != "cancelled" {
				t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
			}
			if s.onlyRequest().Status != api.StatusCancelled {
				t.Errorf("the service says %v", s.onlyRequest().Status)
			}
			s.nothingPayable()
		})
	}
}

// TestReaderLeaves: the program at the other end of the pipe ends in the middle of
// a sale, and the sale goes on; what came of it stands on stderr.
func TestReaderLeaves(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, cmd: exec.CommandContext(t.Context(), binary, "sale", "12.50")}
	p.cmd.Stdout, p.cmd.Stderr = writer, &p.stderr
	for name, value := range s.env {
		p.cmd.Env = append(p.cmd.Env, name+"="+value)
	}
	if err := errors.Join(p.cmd.Start(), writer.Close()); err != nil {
		t.Fatal(err)
	}
	id := s.shown()
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	s.must(s.service.Pay(id, sandbox.PayOptions{}))
	got := p.wait()
	if got.code != exitInternal || s.latest()["outcome"] != string(pos.OutcomePaid) {
		t.Errorf("exit %d, the record says %v", got.code, s.latest())
	}
	if !strings.Contains(got.stderr, "could not be written to stdout: broken pipe") || !strings.Contains(got.stderr, `"outcome":"paid"`) {
		t.Errorf("stderr does not say what nobody read: %s", got.stderr)
	}
}

// TestKilled: the program is killed at a moment, and recovery leaves nothing that
// anybody could pay unwatched; what was paid is known as paid.
func TestKilled(t *testing.T) {
	t.Parallel()
	struck := func(s *shop) func() bool {
		return func() bool { return s.service.Faults()[0].Hits > 0 }
	}
	cases := map[string]struct {
		fault string
		// until waits for the moment.
		until func(s *shop, p *process)
		// after happens once it is dead.
		after   func(s *shop)
		outcome pos.Outcome
		status  api.Status // of the one request; "" where there is none
	}{
		"when the create has not arrived": {
			fault:   "create:hang-before=1m:1",
			until:   func(s *shop, _ *process) { s.waitFor("the create", struck(s)) },
			outcome: pos.OutcomeNotMade,
		},
		"when the create's answer is on its way": {
			fault:   "create:hang-after=1m:1",
			until:   func(s *shop, _ *process) { s.made() },
			outcome: pos.OutcomeVoided, status: api.StatusCancelled,
		},
		"while it waits": {
			until: func(s *shop, _ *process) {
				s.waitFor("a poll", func() bool { return s.count(sandbox.EndpointGet) > 0 })
			},
			outcome: pos.OutcomeVoided, status: api.StatusCancelled,
		},
		"while it waits, and then it is paid": {
			until: func(s *shop, _ *process) {
				s.waitFor("a poll", func() bool { return s.count(sandbox.EndpointGet) > 0 })
			},
			after:   func(s *shop) { s.must(s.service.Pay(s.onlyRequest().ID, sandbox.PayOptions{})) },
			outcome: pos.OutcomePaid, status: api.StatusPaid,
		},
		"when it is paid and does not know yet": {
			fault: "get:hang-after=1m:1",
			until: func(s *shop, _ *process) {
				s.must(s.service.Pay(s.shown(), sandbox.PayOptions{}))
				s.waitFor("the poll", struck(s))
			},
			outcome: pos.OutcomePaid, status: api.StatusPaid,
		},
		"while its void is on its way": {
			fault: "void:hang-before=1m:1",
			until: func(s *shop, p *process) {
				s.shown()
				p.signal(os.Interrupt)
				s.waitFor("the void", struck(s))
			},
			outcome: pos.OutcomeCancelled, status: api.StatusCancelled,
		},
		"while its void's answer is on its way": {
			fault: "void:hang-after=1m:1",
			until: func(s *shop, p *process) {
				s.shown()
				p.signal(os.Interrupt)
				s.waitFor("the void", func() bool { return s.onlyRequest().Status == api.StatusCancelled })
			},
			outcome: pos.OutcomeCancelled, status: api.StatusCancelled,
		},
		"while its void gives the money back": {
			fault: "void:hang-after=1m:1",
			until: func(s *shop, p *process) {
				s.must(s.service.Pay(s.shown(), sandbox.PayOptions{}))
				p.signal(os.Interrupt)
				s.waitFor("the void", func() bool { return s.onlyRequest().Status == api.StatusCancelled })
			},
			outcome: pos.OutcomeCancelled, status: api.StatusCancelled,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			if c.fault != "" {
				s.fault(c.fault)
			}
			p := start(t, s.env, "sale", "12.50")
			c.until(s, p)
			p.kill()
			s.service.ClearFaults()
			if c.after != nil {
				c.after(s)
			}
			s.recovers(c.outcome, c.status)
		})
	}
}

// recovers runs recovery as a process of its own, and holds what comes of it
// against what must be true.
func (s *shop) recovers(want pos.Outcome, status api.Status) {
	s.t.Helper()
	got := start(s.t, s.env, "recover", "--json", "--timeout", "25s").wait()
	items := got.document(s.t)["items"].([]any)
	if got.code != exitDone || len(items) != 1 || items[0].(map[string]any)["outcome"] != string(want) {
		s.t.Errorf("exit %d, want one payment %s: %s%s", got.code, want, got.stdout, got.stderr)
	}
	switch all := s.requests(); {
	case status == "" && len(all) != 0:
		s.t.Errorf("the service has %d payment requests, want none", len(all))
	case status != "" && s.onlyRequest().Status != status:
		s.t.Errorf("the service says %v, want %v", s.onlyRequest().Status, status)
	}
	s.nothingPayable()
}

// TestKilledInTraining: the sandbox inside the program outlives it in its file.
func TestKilledInTraining(t *testing.T) {
	t.Parallel()
	env := freshHome(t)
	p := start(t, env, "sale", "12.50")
	deadline := time.Now().Add(10 * time.Second)
	for !strings.Contains(p.stdout.String(), "Waiting for the customer") && time.Now().Before(deadline) {
		time.Sleep(5 * time.Millisecond)
	}
	p.kill()
	got := start(t, env, "recover", "--json").wait()
	items := got.document(t)["items"].([]any)
	if got.code != exitDone || len(items) != 1 {
		t.Fatalf("exit %d: %s%s", got.code, got.stdout, got.stderr)
	}
	// On a slow machine the customer, who takes two seconds, pays before recovery looks.
	became := map[any]any{string(pos.OutcomeVoided): "cancelled", string(pos.OutcomePaid): "paid"}
	line := items[0].(map[string]any)
	status := start(t, env, "status", line["id"].(string), "--json").wait().document(t)
	if want, known := became[line["outcome"]]; !known || status["outcome"] != want {
		t.Errorf("recovery says %v, the service %v", line["outcome"], status["outcome"])
	}
}

// TestSandboxCommand: a till of its own can be pointed at it by what it prints,
// and an interrupt is how it ends.
func TestSandboxCommand(t *testing.T) {
	t.Parallel()
	p := start(t, freshHome(t), "sandbox", "--json", "--fault", "create:drop-after:1")
	deadline := time.Now().Add(10 * time.Second)
	for !strings.HasSuffix(p.stdout.String(), "\n") && time.Now().Before(deadline) {
		time.Sleep(5 * time.Millisecond)
	}
	doc := outcome{stdout: p.stdout.String()}.document(t)
	if faults := doc["faults"].([]any); len(faults) != 1 || faults[0] != "create:drop-after:1" {
		t.Errorf("faults %v", faults)
	}
	env := freshHome(t)
	env["CENTRAPOS_API_URL"], env["CENTRAPOS_API_KEY"] = doc["url"].(string), doc["apiKey"].(string)
	env["CENTRAPOS_CONFIG_ID"], env["CENTRAPOS_MERCHANT_ACCOUNT_ID"] = doc["configId"].(string), doc["merchantAccountId"].(string)
	if got := start(t, env, "sale", "12.50", "--json").wait(); got.code != exitDone || got.document(t)["outcome"] != "paid" {
		t.Errorf("sale at it: exit %d: %s%s", got.code, got.stdout, got.stderr)
	}
	p.signal(os.Interrupt)
	if got := p.wait(); got.code != exitDone {
		t.Errorf("exit %d: %s", got.code, got.stderr)
	}
	got := outcome{stdout: p.stdout.String()}
	got.document(t) // still one document
}

// TestSandboxUsage: what it cannot be asked for.
func TestSandboxUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--patron", "rude"}, {"--fault", "create"}, {"--fault", "create:explode"}, {"--addr", "0.0.0.0:0"}, {"--addr", "nowhere"}} {
		got := command{args: append([]string{"--json", "sandbox"}, args...)}.run(t)
		if got.code != exitUsage || got.failure(t)["code"] != codeUsage {
			t.Errorf("%v: exit %d: %s", args, got.code, got.stdout)
		}
	}
}
