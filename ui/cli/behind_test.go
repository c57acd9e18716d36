package cli

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"centrapos/api/sandbox"
	"centrapos/pos"
	"centrapos/pos/ledger"
)

// paidAfterItsEnd makes a sale that ended in doubt, as a till writes it down, and has
// the customer pay after that.
func (s *shop) paidAfterItsEnd() map[string]any {
	s.t.Helper()
	sale := s.unwatched()
	op := pos.OpID(sale["ledgerId"].(string))
	book, err := ledger.Open(s.t.Context(), s.recordDir())
	if err != nil {
		s.t.Fatal(err)
	}
	if mine, err := book.Claim(s.t.Context(), op); err != nil || !mine {
		s.t.Fatal(mine, err)
	}
	entries, err := book.Entries(s.t.Context(), op)
	s.must(err)
	end := []pos.Entry{{At: time.Now().Add(-11 * time.Second), Fact: pos.Ended{Outcome: pos.OutcomeVoided, Doubtful: true}}}
	s.must(book.Append(s.t.Context(), op, end, pos.Replay(append(entries, end...)).Summary(op)))
	s.must(book.Close())
	s.must(s.service.Pay(sale["id"].(string), sandbox.PayOptions{}))
	return sale
}

// Recovery looks again at what ended in doubt, and tells of the money that came.
func TestRecoverFindsLatePayments(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	sale := s.paidAfterItsEnd()
	got := s.run("recover")
	doc := got.document(t)
	late, _ := doc["late"].([]any)
	if got.code != exitDone || len(late) != 1 || doc["notLookedAt"] != "" || late[0].(map[string]any)["ledgerId"] != sale["ledgerId"] ||
		late[0].(map[string]any)["outcome"] != string(pos.OutcomePaidLate) {
		t.Fatalf("exit %d: %s", got.code, got.stdout)
	}
	for _, want := range []string{"PAID AFTER YOU GAVE UP - NZD 12.50", `"centrapos void ` + sale["id"].(string)} {
		if !strings.Contains(got.stderr, want) {
			t.Errorf("it does not say %q: %s", want, got.stderr)
		}
	}
	if again := s.run("recover").document(t); len(again["late"].([]any)) != 0 {
		t.Errorf("it is told twice: %v", again)
	}
}

// The till hears behind its screens of money that came late, and of a record that was
// changed where the check at its opening does not look.
func TestTillListensBehindItsScreens(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	for range 3 {
		s.paid()
	}
	sale := s.paidAfterItsEnd()
	p := newProgram(func(name string) string { return s.env[name] }, strings.NewReader(""), &safeBuffer{}, &safeBuffer{})
	p.keyring = nil
	opened, err := p.openTill(t.Context(), settingsFor(t, s.env, nil), sandbox.Manual)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.close(t.Context())
	s.tamper()
	news := make(chan tillNews, 4)
	rest := opened.recoverBehind(t.Context())
	heard := opened.listen(t.Context(), rest, func(n tillNews) { news <- n })
	var late, damaged bool
	for end := time.After(20 * time.Second); !late || !damaged; {
		select {
		case n := <-news:
			late = late || n.late != nil && string(n.late.Op) == sale["ledgerId"]
			damaged = damaged || n.damaged != nil
		case <-end:
			t.Fatalf("late %v, damaged %v", late, damaged)
		}
	}
	if told, ok := heard.NextLate(t.Context()); !ok || string(told.Op) != sale["ledgerId"] {
		t.Errorf("the screens hear of %v, %v", told.Op, ok)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if told, ok := heard.NextLate(over); ok {
		t.Errorf("the screens hear twice: %v", told.Op)
	}
	all := heard.end()
	p.tellHeard(all)
	said := p.stdout.(*safeBuffer).String() + p.stderr.(*safeBuffer).String()
	if len(all) != 2 || !strings.Contains(said, "PAID AFTER YOU GAVE UP") || !strings.Contains(said, "no new payments are taken with it") {
		t.Errorf("%d news: %s", len(all), said)
	}
	if _, err := opened.till.Sell(t.Context(), pos.Sale{Amount: opened.someMoney(), Origin: opened.origin()}); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a sale on a damaged record: %v", err)
	}
}

// someMoney is an amount that can be sold.
func (s *session) someMoney() pos.Money {
	amount, _ := pos.ParseAmount("1.00", pos.Currency{Code: "NZD", Decimals: 2})
	return amount
}

// tamper changes the oldest payment's line behind the guard's back, and puts the
// guard back.
func (s *shop) tamper() {
	s.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(s.recordDir(), "ledger.db"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // what was changed is committed
	const guard = "operations_only_advance"
	var text string
	ctx := context.WithoutCancel(s.t.Context())
	if err := db.QueryRowContext(ctx, "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?", guard).Scan(&text); err != nil {
		s.t.Fatal(err)
	}
	for _, statement := range []string{"DROP TRIGGER " + guard, "UPDATE operations SET amount = '1' WHERE first_seq = 1", text} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			s.t.Fatal(err)
		}
	}
}

// A request that is found as recovery looks again is voided before recovery says that
// everything is settled; where that cannot be done, it does not say so.
func TestRecoverEndsWhatItFindsAsItLooksAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault    string
		exit     int
		patience time.Duration // what can end does so long before it, on a busy machine too
	}{
		"at once":             {"void:delay=300ms", exitDone, time.Minute},
		"the void is in vain": {"void:status=503", exitUnresolved, 6 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			s.endedUnmade()
			s.fault(c.fault)
			run := s.command("--json", "recover")
			run.times = func(t *times) { t.patience = c.patience }
			got := run.run(t)
			if got.code != c.exit {
				t.Errorf("exit %d, want %d: %s%s", got.code, c.exit, got.stdout, got.stderr)
			}
			if left := got.document(t)["left"].([]any); len(left) != map[int]int{exitDone: 0, exitUnresolved: 1}[c.exit] || len(left) > 0 && left[0].(map[string]any)["running"] != false {
				t.Errorf("left are %v", left)
			}
			if closed := s.latest()["closed"] == true; closed != (c.exit == exitDone) {
				t.Errorf("the record says %v", s.latest())
			}
			s.service.ClearFaults()
			s.done("recover")
			s.nothingPayable()
		})
	}
}

// endedUnmade is a sale whose request was made and never heard of, and that was written
// off, as a till does it. The request is made by another till.
func (s *shop) endedUnmade() {
	s.t.Helper()
	elsewhere := &shop{t: s.t, service: s.service, dir: s.t.TempDir(), env: maps.Clone(s.env)}
	elsewhere.env["CENTRAPOS_DATA_DIR"] = elsewhere.dir
	sale := elsewhere.unwatched()
	theirs, err := ledger.OpenReadOnly(s.t.Context(), elsewhere.recordDir())
	if err != nil {
		s.t.Fatal(err)
	}
	first, err := theirs.Entries(s.t.Context(), pos.OpID(sale["ledgerId"].(string)))
	s.must(errors.Join(err, theirs.Close()))
	const op = pos.OpID("writtenoffbefore")
	ago := time.Now().Add(-11 * time.Second)
	entries := []pos.Entry{
		{At: ago, Fact: first[0].Fact},
		{At: ago, Fact: pos.NoAnswer{Call: "create", Detail: "no answer in time"}},
		{At: ago, Fact: pos.LostWrittenOff{}},
		{At: ago, Fact: pos.Ended{Outcome: pos.OutcomeNotMade, Doubtful: true}},
	}
	book, err := ledger.Open(s.t.Context(), s.recordDir())
	if err != nil {
		s.t.Fatal(err)
	}
	s.must(book.Append(s.t.Context(), op, entries, pos.Replay(entries).Summary(op)))
	s.must(book.Close())
}
