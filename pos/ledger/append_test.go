package ledger_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"centrapos/pos"
	"centrapos/pos/ledger"
)

// everyFact is one of each fact, with content in every field that has any.
func everyFact(t testing.TB) []pos.Fact {
	refusal := pos.Refusal{Code: pos.RefusedRequestPaid, Status: 403, Reason: "already paid <by> \"Zoë\" & co \x00\u2028"}
	req := requestOf(t, "facts", pos.StatusPaid)
	req.Remaining = nzd(t, "1.15")
	req.Conditions = []pos.Condition{{ID: "1", Name: "check-id", Message: "Show ID", Status: pos.ConditionAccepted}}
	stray := req
	stray.ID, stray.ShortCode = "req-stray", "STRAY1"
	return []pos.Fact{
		saleOf(t, "facts"),
		pos.CreateSent{},
		pos.CreateNotSent{Detail: "no route to host"},
		pos.CreateRefused{Refusal: refusal},
		pos.LostWrittenOff{Why: "nobody saw its code"},
		pos.NoAnswer{Call: "create", Detail: "connection reset"},
		pos.Adopted{Request: req},
		pos.Noted{Request: req},
		pos.StrayFound{Request: stray},
		pos.Decided{ConditionID: "1", Accept: true},
		pos.StopWanted{Why: pos.WhyDeadline},
		pos.VoidSent{RequestID: req.ID},
		pos.VoidNotSent{RequestID: req.ID, Detail: "no route to host"},
		pos.VoidDone{RequestID: stray.ID, Reversal: pos.Reversal{Returned: nzd(t, "34.40"), ShortCode: "RV1", Reason: "CANCELLED_BY_MERCHANT"}},
		pos.VoidRefused{RequestID: req.ID, Refusal: refusal},
		pos.Ended{Outcome: pos.OutcomeRefused, Refusal: &refusal, Detail: "so it was"},
	}
}

func TestEveryFactIsReadBackAsWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var entries []pos.Entry
	for i, fact := range everyFact(t) {
		at := time.Date(2026, 11, 20, 14, 2, i, 123456789, time.FixedZone("NZDT", 13*3600))
		entries = append(entries, pos.Entry{At: at, Fact: fact})
	}
	want := pos.Replay(entries)
	l := open(t, dir)
	for i := range entries {
		record := pos.Replay(entries[:i+1])
		if err := l.Append(t.Context(), "facts", entries[i:i+1], record.Summary("facts")); err != nil {
			t.Fatalf("fact %d, %s: %v", i, entries[i].Fact.FactName(), err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}

	r := readOnly(t, dir)
	got, err := r.Entries(t.Context(), "facts")
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(entries) {
		t.Fatalf("%d entries are there, want %d", len(got), len(entries))
	}
	for i, e := range entries {
		if !got[i].At.Equal(e.At) || got[i].At.Location() != time.UTC {
			t.Errorf("%s became known at %v, want %v in UTC", e.Fact.FactName(), got[i].At, e.At)
		}
		if fmt.Sprintf("%T", got[i].Fact) != fmt.Sprintf("%T", e.Fact) || jsonOf(t, got[i].Fact) != jsonOf(t, e.Fact) {
			t.Errorf("%T became\n%s\nwant\n%s", e.Fact, jsonOf(t, got[i].Fact), jsonOf(t, e.Fact))
		}
	}
	if replayed := pos.Replay(got); jsonOf(t, replayed) != jsonOf(t, inUTC(want)) {
		t.Errorf("replay gives\n%s\nwant\n%s", jsonOf(t, replayed), jsonOf(t, inUTC(want)))
	}
	mustVerify(t, dir)
}

func inUTC(r pos.Record) pos.Record {
	r.OpenedAt, r.LastCreate, r.EndedAt = r.OpenedAt.UTC(), r.LastCreate.UTC(), r.EndedAt.UTC()
	return r
}

func jsonOf(t testing.TB, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestAnyHistoryIsKept appends random facts in random groups and reads them back.
func TestAnyHistoryIsKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir)
	facts := everyFact(t)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		op := pos.OpID(fmt.Sprintf("op%s-%d", rapid.StringN(1, 12, -1).Draw(rt, "op"), n))
		text := rapid.String().Draw(rt, "text")
		intent := pos.Opened{Kind: pos.KindVoid, Service: text, Void: &pos.Target{RequestID: text, ShortCode: text}}
		entries := []pos.Entry{{At: anyTime(rt), Fact: intent}}
		for range rapid.IntRange(0, 8).Draw(rt, "facts") {
			entries = append(entries, pos.Entry{At: anyTime(rt), Fact: rapid.SampledFrom(facts[1:]).Draw(rt, "fact")})
		}
		for rest := entries; len(rest) > 0; {
			size := rapid.IntRange(1, len(rest)).Draw(rt, "group")
			if err := l.Append(t.Context(), op, rest[:size], pos.Replay(entries).Summary(op)); err != nil {
				rt.Fatal(err)
			}
			rest = rest[size:]
		}
		got, err := l.Entries(t.Context(), op)
		if err != nil {
			rt.Fatal(err)
		}
		if !slices.EqualFunc(got, entries, func(a, b pos.Entry) bool { return a.At.Equal(b.At) && jsonOf(t, a.Fact) == jsonOf(t, b.Fact) }) {
			rt.Fatalf("read back %+v, want %+v", got, entries)
		}
		rows, err := l.Find(t.Context(), string(op))
		if err != nil || len(rows) != 1 || !sameSummary(rows[0].Summary, pos.Replay(got).Summary(op)) {
			rt.Fatalf("listed as %+v, %v; want %+v", rows, err, pos.Replay(got).Summary(op))
		}
	})
	mustVerify(t, dir)
}

func anyTime(rt *rapid.T) time.Time {
	return time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(rt, "second"), rapid.Int64Range(0, 999_999_999).Draw(rt, "nanosecond"))
}

func sameSummary(a, b pos.Summary) bool {
	equal := a.Amount.Equal(b.Amount) && a.OpenedAt.Equal(b.OpenedAt)
	a.Amount, b.Amount, a.OpenedAt, b.OpenedAt = pos.Money{}, pos.Money{}, time.Time{}, time.Time{}
	return equal && a == b
}

// TestListNeverRunsAheadOfTheFacts: a runner that writes in several appends
// passes a summary that may say more than is written yet. If the process ends in
// between, recovery must still find the operation.
func TestListNeverRunsAheadOfTheFacts(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	s := paidSale(t, "sale")
	for i, group := range s.groups {
		if err := l.Append(t.Context(), s.op, group, s.summary()); err != nil { // the summary of the whole sale
			t.Fatal(err)
		}
		rows, err := l.Find(t.Context(), "sale")
		if err != nil || len(rows) != 1 {
			t.Fatal(rows, err)
		}
		if last := i == len(s.groups)-1; rows[0].Closed != last || (rows[0].Outcome == pos.OutcomePaid) != last {
			t.Errorf("after append %d of %d: closed %v, outcome %q", i+1, len(s.groups), rows[0].Closed, rows[0].Outcome)
		}
	}
}

func TestWhatCannotBeAnOperationsNextEntriesIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir)
	s := openSale(t, "known")
	s.append(t, l, 0)
	intent, note := s.entries()[:1], []pos.Entry{{At: s.at, Fact: pos.CreateSent{}}}
	for _, tt := range []struct {
		name    string
		op      pos.OpID
		entries []pos.Entry
		summary pos.OpID
	}{
		{"a first fact that is no intent", "new", note, "new"},
		{"an operation id given twice", "known", intent, "known"},
		{"an intent in the middle", "new", slices.Concat(intent, note, intent), "new"},
		{"the summary of another operation", "known", note, "other"},
		{"no operation id", "", intent, ""},
		{"an entry without a fact", "known", []pos.Entry{{At: s.at}}, "known"},
		{"a fact that could not be read back", "known", []pos.Entry{{At: s.at, Fact: unknownFact{}}}, "known"},
	} {
		if err := l.Append(t.Context(), tt.op, tt.entries, pos.Summary{Op: tt.summary}); !errors.Is(err, ledger.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", tt.name, err)
		}
	}
	if err := l.Append(t.Context(), "known", nil, pos.Summary{Op: "known"}); err != nil {
		t.Errorf("nothing to append: %v", err)
	}
	if report := mustVerify(t, dir); report.Entries != 2 || report.Operations != 1 {
		t.Errorf("%+v, want the 2 entries of the one sale", report)
	}
}

type unknownFact struct{}

func (unknownFact) FactName() string { return "of-another-version" }

func TestAppendIsAllOrNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir)
	s := paidSale(t, "sale")
	half := slices.Concat(s.entries(), []pos.Entry{{At: s.at, Fact: unknownFact{}}})
	if err := l.Append(t.Context(), "sale", half, s.summary()); err == nil {
		t.Fatal("a fact of another version was written")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Append(ended, "sale", s.entries(), s.summary()); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %v", err)
	}
	if got := factsOf(t, l.Reader, "sale"); got != 0 {
		t.Errorf("%d facts were written, want none", got)
	}
	if err := l.Append(t.Context(), "sale", s.entries(), s.summary()); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	mustVerify(t, dir)
}

func TestManyGoroutinesAppend(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir)
	var all sync.WaitGroup
	for g := range 16 {
		all.Go(func() {
			for i := range 5 {
				op := opNamed(fmt.Sprintf("op%d-", g), i)
				paidAfterCondition(t, op).append(t, l, 0)
				if rows, err := l.Find(t.Context(), string(op)); err != nil || len(rows) != 1 || !rows[0].Closed {
					t.Error(rows, err)
				}
			}
		})
	}
	all.Wait()
	if report := mustVerify(t, dir); report.Operations != 80 {
		t.Errorf("%d operations are there, want 80", report.Operations)
	}
}

// TestFullDisk limits the file to the size it has: what does not fit is refused
// whole, reading goes on, and so does writing once there is room.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir)
	first := openSale(t, "first")
	first.append(t, l, 0)
	limit(t, l, "(SELECT page_count FROM pragma_page_count)")

	big := newScript("big").add(saleOf(t, "big"))
	big.groups[0][0].Fact = pos.Opened{Kind: pos.KindVoid, Service: service, Void: &pos.Target{RequestID: strings.Repeat("x", 200_000)}}
	err := l.Append(t.Context(), "big", big.groups[0], big.summary())
	if !errors.Is(err, ledger.ErrFull) {
		t.Fatalf("on a full disk: %v, want ErrFull", err)
	}
	if !strings.Contains(err.Error(), "free some space") {
		t.Errorf("the error does not say what to do: %v", err)
	}
	if rows, err := l.Find(t.Context(), "big"); err != nil || len(rows) != 0 {
		t.Errorf("half of it was written: %+v, %v", rows, err)
	}
	mustVerify(t, dir)

	limit(t, l, "1073741823")
	if err := l.Append(t.Context(), "big", big.groups[0], big.summary()); err != nil {
		t.Errorf("after room was made: %v", err)
	}
	if report := mustVerify(t, dir); report.Operations != 2 {
		t.Errorf("%d operations are there, want 2", report.Operations)
	}
}

// limit sets how many pages the file may have; SQL gives the number.
func limit(t *testing.T, l *ledger.Ledger, pages string) {
	t.Helper()
	var n int
	if err := l.Writer().QueryRowContext(t.Context(), "SELECT "+pages).Scan(&n); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Writer().ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", n)); err != nil {
		t.Fatal(err)
	}
}

// TestLockedByAnotherProgram: a program that holds the file is waited for, but
// not for ever.
func TestLockedByAnotherProgram(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir, ledger.Wait(30*time.Millisecond))
	other, err := open(t, dir).Writer().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := openSale(t, "sale")
	if err := l.Append(t.Context(), "sale", s.groups[0], s.summary()); !errors.Is(err, ledger.ErrLocked) {
		t.Errorf("while another program holds the file: %v, want ErrLocked", err)
	}
	if err := other.Rollback(); err != nil {
		t.Fatal(err)
	}
	s.append(t, l, 0)
	mustVerify(t, dir)
}

func TestClosedLedger(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	if err := errors.Join(l.Close(), l.Close()); err != nil {
		t.Fatal(err)
	}
	s := openSale(t, "sale")
	if err := l.Append(t.Context(), "sale", s.groups[0], s.summary()); !errors.Is(err, ledger.ErrClosed) {
		t.Errorf("append: %v, want ErrClosed", err)
	}
	if _, err := l.List(t.Context(), ledger.Filter{}); !errors.Is(err, ledger.ErrClosed) {
		t.Errorf("list: %v, want ErrClosed", err)
	}
}

// TestDurabilityIsOn: the settings that full durability rests on hold on the
// connection that writes.
func TestDurabilityIsOn(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "fullfsync": "1", "checkpoint_fullfsync": "1", "recursive_triggers": "1",
	} {
		var got string
		if err := l.Writer().QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", pragma, got, err, want)
		}
	}
}
