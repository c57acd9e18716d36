package cli

import (
	"errors"
	"strings"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/pos"
)

// impatient gives up soon on what has no definite end.
func impatient(t *times) { t.patience, t.searching = 300*time.Millisecond, 300*time.Millisecond }

// TestInterrupt: an interrupt ends the sale before it ends the run, and the truth
// wins.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		before  func(s *shop, id string)
		exit    int
		outcome pos.Outcome
		status  api.Status
		says    string
	}{
		"while it is open": {
			before: func(*shop, string) {}, exit: exitInterrupt, outcome: pos.OutcomeCancelled, status: api.StatusCancelled,
			says: "CANCELLED",
		},
		"as the customer pays": { // the void gives the money back
			before: func(s *shop, id string) { s.must(s.service.Pay(id, sandbox.PayOptions{})) },
			exit:   exitInterrupt, outcome: pos.OutcomeCancelled, status: api.StatusCancelled,
			says: "NZD 12.50 was given back to the customer.",
		},
		"as the customer pays with what cannot be given back": {
			before: func(s *shop, id string) {
				s.must(s.service.Pay(id, sandbox.PayOptions{AssetID: sandbox.WalletNoRefund}))
			},
			exit: exitDone, outcome: pos.OutcomePaid, status: api.StatusPaid,
			says: "PAID NZD 12.50",
		},
		"as its time runs out": {
			before: func(s *shop, id string) { s.must(s.service.Expire(id)) },
			exit:   exitInterrupt, outcome: pos.OutcomeExpired, status: api.StatusExpired,
			says: "EXPIRED",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			run := s.command("--json", "sale", "12.50")
			run.during = func(p *program) {
				c.before(s, s.shown())
				p.interrupts.raise()
			}
			got := run.run(t)
			doc := got.document(t)
			if got.code != c.exit || doc["outcome"] != string(c.outcome) || doc["status"] != string(c.status) {
				t.Errorf("exit %d with %v, status %v; want %d with %v, status %v",
					got.code, doc["outcome"], doc["status"], c.exit, c.outcome, c.status)
			}
			if s.onlyRequest().Status != c.status || !strings.Contains(got.stderr, c.says) {
				t.Errorf("the service says %v; words:\n%s", s.onlyRequest().Status, got.stderr)
			}
			s.checkSale(doc)
			s.nothingPayable()
		})
	}
}

// TestInterruptWhileAsking: the create is under way; what it makes is voided.
func TestInterruptWhileAsking(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.fault("create:delay-after=500ms:1")
	run := s.command("--json", "sale", "12.50")
	run.during = func(p *program) {
		s.made()
		p.interrupts.raise()
	}
	if got := run.run(t); got.code != exitInterrupt || s.onlyRequest().Status != api.StatusCancelled {
		t.Errorf("exit %d, the service says %v: %s", got.code, s.onlyRequest().Status, got.stdout)
	}
	s.nothingPayable()
}

// TestUnresolved: the void has no definite end, so the sale has none; what is
// left is finished by recovery.
func TestUnresolved(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	run := s.command("--json", "sale", "12.50")
	run.times = impatient
	run.during = func(p *program) {
		s.shown()
		s.fault("get:status=503")
		s.fault("void:drop-before")
		p.interrupts.raise()
	}
	got := run.run(t)
	doc, failed := got.document(t), got.failure(t)
	if got.code != exitUnresolved || doc["outcome"] != outcomeUnresolved || failed["code"] != pos.CodeOutcomeUnknown || failed["retryable"] != false {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	if doc["id"] != s.onlyRequest().ID || doc["ledgerId"] == nil || !strings.Contains(got.stderr, "do not charge again") {
		t.Errorf("document %v, words:\n%s", doc, got.stderr)
	}
	if line := s.latest(); line["closed"] != false || line["outcome"] != "" || line["running"] != false {
		t.Errorf("the record says %v", line)
	}

	// As long as the service is in trouble recovery says so too.
	if got := s.run("recover", "--timeout", "500ms"); got.code != exitUnresolved || got.document(t)["outcome"] != outcomeUnresolved {
		t.Errorf("recovery, in vain: exit %d: %s", got.code, got.stdout)
	}
	s.service.ClearFaults()
	got = s.run("recover")
	items := got.document(t)["items"].([]any)
	if got.code != exitDone || len(items) != 1 || items[0].(map[string]any)["outcome"] != string(pos.OutcomeCancelled) {
		t.Errorf("recovery: exit %d: %s", got.code, got.stdout)
	}
	if s.onlyRequest().Status != api.StatusCancelled {
		t.Errorf("the service says %v", s.onlyRequest().Status)
	}
	s.nothingPayable()
	if got := s.run("recover"); got.code != exitDone || len(got.document(t)["items"].([]any)) != 0 {
		t.Errorf("nothing is left, and yet: %s", got.stdout)
	}
}

// TestInterruptedTwice: the second one leaves the sale to recovery, at once.
func TestInterruptedTwice(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.fault("void:hang-after=1m:1")
	run := s.command("--json", "sale", "12.50")
	run.during = func(p *program) {
		s.shown()
		p.interrupts.raise()
		s.waitFor("the void to be sent", func() bool { return s.service.Faults()[0].Hits > 0 })
		p.interrupts.raise()
	}
	began := time.Now()
	got := run.run(t)
	if got.code != exitUnresolved || got.document(t)["outcome"] != outcomeUnresolved || !strings.Contains(got.stderr, "centrapos recover") {
		t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	s.service.ClearFaults()
	if got := s.run("recover"); got.code != exitDone {
		t.Errorf("recovery: exit %d: %s", got.code, got.stdout)
	}
	s.nothingPayable()
}

// TestLostCreate: the answer to the create is lost; the request is found by its
// reference, and the sale goes on with it.
func TestLostCreate(t *testing.T) {
	t.Parallel()
	s := openShop(t, sandbox.WithPatron(sandbox.Automatic(time.Second)))
	s.fault("create:drop-after:1")
	got := s.run("sale", "12.50")
	if doc := got.document(t); got.code != exitDone || doc["outcome"] != string(pos.OutcomePaid) {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	s.checkSale(got.document(t))
	s.nothingPayable()
}

// TestBrokenPolls: bodies that cannot be read are asked for again, and told.
func TestBrokenPolls(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"html", "empty", "truncated", "wrong-shape", "status=429,1"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := openShop(t, sandbox.WithPatron(sandbox.Automatic(0)))
			s.fault("get:" + kind + ":1-2")
			got := s.run("sale", "12.50")
			if got.code != exitDone || !strings.Contains(got.stderr, "Reconnecting") {
				t.Errorf("exit %d: %s", got.code, got.stderr)
			}
		})
	}
}

// TestVoidedAtDeadline: no final status can be read until the till's deadline, so
// it voids. The one test that waits for the deadline.
func TestVoidedAtDeadline(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.fault("get:status=503")
	run := s.command("--json", "sale", "12.50", "--expiry", "1")
	// The customer pays in time, but nobody can see it: the void gives it back.
	run.during = func(*program) { s.must(s.service.Pay(s.shown(), sandbox.PayOptions{})) }
	got := run.run(t)
	doc := got.document(t)
	if got.code != exitVoided || doc["outcome"] != string(pos.OutcomeVoided) || s.onlyRequest().Status != api.StatusCancelled {
		t.Errorf("exit %d, the service says %v: %s", got.code, s.onlyRequest().Status, got.stdout)
	}
	if returned, ok := doc["returned"].(map[string]any); !ok || returned["amount"] != "1250" {
		t.Errorf("returned is %v", doc["returned"])
	}
	if !strings.Contains(got.stderr, "VOIDED") || !strings.Contains(got.stderr, "NZD 12.50 was given back") {
		t.Errorf("it says:\n%s", got.stderr)
	}
	s.nothingPayable()
}

// TestRecoverLeavesRunningSalesAlone: what another run is watching is its own.
func TestRecoverLeavesRunningSalesAlone(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	run := s.command("--json", "sale", "12.50")
	run.during = func(*program) {
		id := s.shown()
		got := s.run("recover")
		doc := got.document(t)
		left := doc["left"].([]any)
		if got.code != exitDone || len(doc["items"].([]any)) != 0 || len(left) != 1 || left[0].(map[string]any)["running"] != true {
			t.Errorf("exit %d: %s", got.code, got.stdout)
		}
		s.must(s.service.Pay(id, sandbox.PayOptions{}))
	}
	if got := run.run(t); got.code != exitDone {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	s.nothingPayable()
}

// TestRecoverInterrupted: recovery can be taken up again, so one interrupt ends it.
func TestRecoverInterrupted(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.unwatched()
	s.fault("*:status=503")
	run := s.command("--json", "recover")
	run.during = func(p *program) {
		s.waitFor("a void", func() bool { return s.count(sandbox.EndpointVoid) > 0 })
		p.interrupts.raise()
	}
	if got := run.run(t); got.code != exitInterrupt || got.document(t)["outcome"] != outcomeUnresolved {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	s.service.ClearFaults()
	if got := s.run("recover"); got.code != exitDone {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	s.nothingPayable()
}

// TestNobodyReads: a sale whose output cannot be written goes on to its end, and
// its exit code says that the result was not delivered.
func TestNobodyReads(t *testing.T) {
	t.Parallel()
	s := openShop(t, sandbox.WithPatron(sandbox.Automatic(0)))
	for _, args := range [][]string{{"sale", "12.50"}, {"sale", "12.50", "--json"}} {
		p := newProgram(func(name string) string { return s.env[name] }, strings.NewReader(""), full{}, full{})
		if code := p.run(t.Context(), args); code != exitInternal {
			t.Errorf("%v: exit %d", args, code)
		}
	}
	for _, r := range s.requests() {
		if r.Status != api.StatusPaid {
			t.Errorf("request %s is %s", r.ID, r.Status)
		}
	}
	s.nothingPayable()
}

// full is a stream that takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }
