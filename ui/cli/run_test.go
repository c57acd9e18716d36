package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"centrapos/pos"
)

// plantedKey is a credential that must not be found in anything a run leaves behind.
const plantedKey = "tk-5e0b1cf7a2d94c83-planted"

// command is one run of the command line in this process.
type command struct {
	args  []string
	env   map[string]string
	stdin io.Reader
	times func(*times)
	// prepare changes the program before it runs.
	prepare func(*program)
	// during happens beside the run, on a goroutine of its own.
	during func(*program)
}

// outcome is what came of a run.
type outcome struct {
	code           int
	stdout, stderr string
}

// run carries out a command line. It never reads this machine's own settings,
// and leaves the signals of this process, which are all tests' together, alone.
func (c command) run(t *testing.T) outcome {
	t.Helper()
	var stdout, stderr safeBuffer
	if c.stdin == nil {
		c.stdin = strings.NewReader("")
	}
	p := newProgram(func(name string) string { return c.env[name] }, c.stdin, &stdout, &stderr)
	p.keyring = nil
	p.browser = func(string) error { return errors.New("no browser in a test") }
	if c.prepare != nil {
		c.prepare(p)
	}
	if c.times != nil {
		c.times(&p.times)
	}
	if c.during != nil {
		go c.during(p)
	}
	code := p.run(t.Context(), c.args)
	got := outcome{code: code, stdout: stdout.String(), stderr: stderr.String()}
	if strings.Contains(got.stdout+got.stderr, plantedKey) {
		t.Errorf("%q printed the key", c.args)
	}
	return got
}

// document reads the one JSON document on stdout.
func (o outcome) document(t *testing.T) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(o.stdout))
	decoder.UseNumber()
	var doc map[string]any
	if err := decoder.Decode(&doc); err != nil {
		t.Fatalf("stdout is no JSON document: %v\n%s\nstderr: %s", err, o.stdout, o.stderr)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		t.Fatalf("stdout holds more than one document: %s", o.stdout)
	}
	return doc
}

// failure gives the error of a document, which must have every field.
func (o outcome) failure(t *testing.T) map[string]any {
	t.Helper()
	f, ok := o.document(t)["error"].(map[string]any)
	if !ok {
		t.Fatalf("no error in %s", o.stdout)
	}
	for _, name := range []string{"code", "status", "message", "reason", "retryable"} {
		if _, ok := f[name]; !ok {
			t.Errorf("the error has no %s: %v", name, f)
		}
	}
	return f
}

// safeBuffer is a buffer that may be written and read at the same time.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestUsageErrors(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		args []string
		code string
		says string
	}{
		"a slip":               {[]string{"sael", "12.50"}, codeUsage, `did you mean "centrapos sale"`},
		"no such command":      {[]string{"charge", "12.50"}, codeUsage, "no command"},
		"of a later version":   {[]string{"report", "x"}, codeUsage, "no command"},
		"no such subcommand":   {[]string{"ledger", "lst"}, codeUsage, "no command"},
		"a slip of those":      {[]string{"bank", "lst"}, codeUsage, `did you mean "centrapos bank list"`},
		"one too many":         {[]string{"whoami", "me"}, codeUsage, "was given 1 argument;"},
		"subcommand missing":   {[]string{"ledger"}, codeUsage, "show, verify"},
		"no such flag":         {[]string{"sale", "12.50", "--discount", "5"}, codeUsage, "--discount"},
		"a key as a flag":      {[]string{"--api-key", plantedKey, "sale", "12.50"}, codeUsage, "--api-key"},
		"flag without value":   {[]string{"sale", "12.50", "--ref"}, codeUsage, "--ref"},
		"too many arguments":   {[]string{"sale", "12.50", "13"}, codeUsage, "AMOUNT"},
		"sale without amount":  {[]string{"sale"}, codeUsage, "AMOUNT"},
		"status without id":    {[]string{"status"}, codeUsage, "SHORTCODE"},
		"void without id":      {[]string{"void"}, codeUsage, "SHORTCODE"},
		"recover with id":      {[]string{"recover", "x"}, codeUsage, "no arguments"},
		"recover in no time":   {[]string{"recover", "--timeout", "0s"}, codeUsage, "--timeout"},
		"no such mode":         {[]string{"sale", "1", "--on-condition", "maybe"}, codeUsage, "ask, accept or decline"},
		"empty reference":      {[]string{"sale", "1", "--ref", " "}, codeUsage, "--ref"},
		"empty barcode":        {[]string{"sale", "1", "--barcode", ""}, codeUsage, "--barcode"},
		"no such basket":       {[]string{"sale", "--basket", "/no/such/file"}, codeUsage, "/no/such/file"},
		"no such help":         {[]string{"help", "charge"}, codeUsage, "charge"},
		"no such shell":        {[]string{"completion", "dos"}, codeUsage, "dos"},
		"the till, as JSON":    {nil, codeNoTerminal, "centrapos sale"},
		"no such profile":      {[]string{"sale", "1", "--profile", "shop"}, "CONFIG_MISSING", "shop"},
		"no web address":       {[]string{"sale", "1", "--api-url", "ftp://x"}, "CONFIG_INVALID", "api-url"},
		"no config file there": {[]string{"sale", "1", "--config", "/no/such.toml"}, "CONFIG_MISSING", "/no/such.toml"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := map[string]string{"HOME": t.TempDir(), "CENTRAPOS_API_KEY": plantedKey}
			got := command{args: append([]string{"--json"}, c.args...), env: env}.run(t)
			if code := got.failure(t)["code"]; got.code != exitUsage || code != c.code {
				t.Errorf("exit %d with %v, want %d with %s", got.code, code, exitUsage, c.code)
			}
			if !strings.Contains(got.stderr, c.says) {
				t.Errorf("stderr does not say %q: %s", c.says, got.stderr)
			}
			if plain := (command{args: c.args, env: env}).run(t); plain.stdout != "" || plain.code != exitUsage {
				t.Errorf("without --json: exit %d, stdout %q", plain.code, plain.stdout)
			}
		})
	}
}

// TestTillNeedsTerminal: one line that names the way to do it without one.
func TestTillNeedsTerminal(t *testing.T) {
	t.Parallel()
	got := command{env: map[string]string{"HOME": t.TempDir()}}.run(t)
	if got.code != exitUsage || strings.Count(got.stderr, "\n") != 1 || !strings.Contains(got.stderr, "centrapos sale") {
		t.Errorf("exit %d, stderr %q", got.code, got.stderr)
	}
}

func TestHelpAndVersion(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"help"}, {"--help"}, {"sale", "--help"}, {"help", "ledger", "show"}, {"--version"}, {"completion", "bash"}} {
		plain := command{args: args}.run(t)
		if plain.code != exitDone || plain.stdout == "" {
			t.Errorf("%q: exit %d, stdout %q", args, plain.code, plain.stdout)
		}
		asJSON := command{args: append(args, "--json")}.run(t)
		if asJSON.code != exitDone || asJSON.document(t)["text"] != strings.TrimSpace(plain.stdout) {
			t.Errorf("%q --json: exit %d, stdout %q", args, asJSON.code, asJSON.stdout)
		}
	}
	help := command{args: []string{"help"}}.run(t).stdout
	for _, name := range []string{"sale", "status", "refund", "void", "confirm", "release", "recover", "condition", "activities", "ledger", "catalog", "bank", "setup", "doctor", "login", "logout", "whoami", "patron", "sandbox", "completion", "CENTRAPOS_API_KEY", "130"} {
		if !strings.Contains(help, name) {
			t.Errorf("help does not name %s", name)
		}
	}
	for _, later := range []string{"report"} {
		if strings.Contains(help, later) {
			t.Errorf("help promises %s, which does not exist yet", later)
		}
	}
}

// TestPanic: a fault of the program is an exit code and a document like any
// other failure, and holds no key.
func TestPanic(t *testing.T) {
	t.Parallel()
	got := command{
		args:  []string{"sale", "--basket", "-", "--json"},
		env:   map[string]string{"HOME": t.TempDir(), "CENTRAPOS_API_KEY": plantedKey},
		stdin: panicky{},
	}.run(t)
	if f := got.failure(t); got.code != exitInternal || f["code"] != codeInternal || !strings.Contains(got.stderr, "[redacted]") {
		t.Errorf("exit %d, %v, stderr %q", got.code, f, got.stderr)
	}
}

// TestFaultInACall: a fault behind a call does not end the process with a payment
// open; the rules go on as after any lost answer.
func TestFaultInACall(t *testing.T) {
	t.Parallel()
	g := guard{nil} // every call panics
	ctx := t.Context()
	_, created := g.Create(ctx, pos.Sale{})
	_, got := g.Get(ctx, "x")
	_, byCode := g.GetByShortCode(ctx, "x")
	_, listed := g.LookUp(ctx, "x", pos.Origin{})
	_, voided := g.Void(ctx, "x")
	for i, reply := range []pos.Reply{created, got, byCode, listed, voided, g.Decide(ctx, "x", "1", true)} {
		if reply.Answer != pos.AnswerUnknown || reply.Detail == "" {
			t.Errorf("call %d: %+v", i, reply)
		}
	}
}

type panicky struct{}

func (panicky) Read([]byte) (int, error) { panic("no key like " + plantedKey) }

func TestInterrupts(t *testing.T) {
	t.Parallel()
	i := newInterrupts()
	ctx, cancel := i.bind(t.Context())
	defer cancel()
	if i.wasAsked() || ctx.Err() != nil {
		t.Fatal("interrupted before anything happened")
	}
	i.raise()
	<-ctx.Done()
	if !i.wasAsked() || !errors.Is(context.Cause(ctx), errInterrupted) {
		t.Errorf("after one interrupt: asked %v, cause %v", i.wasAsked(), context.Cause(ctx))
	}
	select {
	case <-i.pressed:
		t.Error("one interrupt counts as two")
	default:
	}
	i.raise()
	i.raise()
	<-i.pressed
}
