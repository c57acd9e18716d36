package ledger_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"centrapos/pos"
	"centrapos/pos/ledger"
)

func TestOnlyTheOwnerAppends(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, second := open(t, dir), open(t, dir)
	if first.Owner() == second.Owner() {
		t.Fatal("two owners have one id")
	}
	s := paidSale(t, "sale")
	if err := first.Append(t.Context(), s.op, s.groups[0], s.summary()); err != nil {
		t.Fatal(err)
	}
	err := second.Append(t.Context(), s.op, s.groups[1], s.summary())
	if !errors.Is(err, ledger.ErrNotOwner) {
		t.Fatalf("somebody else appended: %v, want ErrNotOwner", err)
	}
	if want := "write down the payment sale: the payment is in the hands of another running till; leave it to that till, or end that till first"; err.Error() != want {
		t.Errorf("the error says %q, want %q", err, want)
	}
	s.append(t, first, 1)
	mustVerify(t, dir)
}

func TestClaim(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ended, err := ledger.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	older, newer, elsewhere := openSale(t, "z-older"), openSale(t, "a-newer"), saleOf(t, "elsewhere")
	older.append(t, ended, 0)
	newer.append(t, ended, 0)
	paidSale(t, "finished").append(t, ended, 0)
	elsewhere.Service = "another service"
	newScript("elsewhere").add(elsewhere).append(t, ended, 0)

	running := open(t, dir)
	openSale(t, "of-running").append(t, running, 0)
	l := open(t, dir)
	openSale(t, "mine").append(t, l, 0)
	if got := claim(t, l); len(got) != 0 {
		t.Errorf("claimed %v, though its owner runs", got)
	}
	if err := ended.Close(); err != nil {
		t.Fatal(err)
	}
	if rows, err := l.Find(t.Context(), "z-older"); err != nil || rows[0].OwnerAlive {
		t.Errorf("%+v, %v; want an owner that has ended", rows, err)
	}
	if got, want := claim(t, l), []pos.OpID{"z-older", "a-newer"}; !slices.Equal(got, want) {
		t.Errorf("claimed %v, want %v, oldest first", got, want)
	}
	if got := claim(t, l); len(got) != 0 {
		t.Errorf("claimed %v a second time", got)
	}
	if rows, err := l.Find(t.Context(), "z-older"); err != nil || !rows[0].OwnerAlive || rows[0].Owner != l.Owner() {
		t.Errorf("%+v, %v; want it in the claimer's hands", rows, err)
	}
	older.add(pos.StopWanted{Why: pos.WhyStaff})
	if err := running.Append(t.Context(), older.op, older.groups[2], older.summary()); !errors.Is(err, ledger.ErrNotOwner) {
		t.Errorf("somebody else appended to a claimed payment: %v", err)
	}
	older.append(t, l, 2)
	mustVerify(t, dir)
}

// TestClaimedFromUnderItsOwner: should a process ever be taken for dead, because
// somebody removed its lock file, it may not go on beside the one that claimed.
func TestClaimedFromUnderItsOwner(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	robbed, l := open(t, dir), open(t, dir)
	s := openSale(t, "sale")
	s.append(t, robbed, 0)
	if err := os.Remove(filepath.Join(dir, "owners", robbed.Owner()+".lock")); err != nil {
		t.Fatal(err)
	}
	if got := claim(t, l); !slices.Equal(got, []pos.OpID{"sale"}) {
		t.Fatalf("claimed %v", got)
	}
	s.add(pos.StopWanted{Why: pos.WhyStaff})
	paidSale(t, "another").append(t, robbed, 0) // so it has seen the record as it is now
	if err := robbed.Append(t.Context(), s.op, s.groups[2], s.summary()); !errors.Is(err, ledger.ErrNotOwner) {
		t.Errorf("the former owner appended: %v", err)
	}
	s.append(t, l, 2)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	// It may have it back, with what was added meanwhile.
	if got := claim(t, robbed); !slices.Equal(got, []pos.OpID{"sale"}) {
		t.Fatalf("claimed back %v", got)
	}
	s.add(pos.VoidSent{RequestID: "req-sale"})
	s.append(t, robbed, 3)
	mustVerify(t, dir)
}

// TestClaimDoubtful: sales that ended in doubt go to those that look at them again.
func TestClaimDoubtful(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ended, err := ledger.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	doubtful := func(op pos.OpID, more ...pos.Fact) *script {
		return openSale(t, op).add(pos.StopWanted{Why: pos.WhyStaff}).add(append([]pos.Fact{pos.Ended{Outcome: pos.OutcomeCancelled, Doubtful: true}}, more...)...)
	}
	doubtful("z-older").append(t, ended, 0)
	doubtful("a-newer").append(t, ended, 0)
	doubtful("untidy", pos.StrayFound{Request: requestOf(t, "stray", pos.StatusNew)}).append(t, ended, 0)
	paidSale(t, "certain").append(t, ended, 0)
	openSale(t, "open").append(t, ended, 0)
	running := open(t, dir)
	doubtful("of-running").append(t, running, 0)
	l := open(t, dir)
	doubtful("mine").append(t, l, 0)
	claimDoubtful := func(service string, since time.Time) string {
		t.Helper()
		ops, err := l.ClaimDoubtful(t.Context(), service, since)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(ops)
	}
	if got := claimDoubtful(service, time.Time{}); got != "[mine]" {
		t.Errorf("while their owner runs: %s", got)
	}
	if err := ended.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		service string
		since   time.Time
		want    string
	}{
		"elsewhere":  {"another service", time.Time{}, "[]"},
		"later ones": {service, time.Now().AddDate(100, 0, 0), "[]"},
		"all":        {service, time.Time{}, "[z-older a-newer mine]"},
	} {
		if got := claimDoubtful(c.service, c.since); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if got := claim(t, l); fmt.Sprint(got) != "[untidy open]" {
		t.Errorf("unfinished ones: %v", got)
	}
	late := requestOf(t, "z-older", pos.StatusPaid)
	told := doubtful("z-older").add(pos.PaidLate{Request: late}, pos.LookedBack{Points: 3})
	told.append(t, l, 3)
	mustVerify(t, dir)
	rows, err := l.Find(t.Context(), "z-older")
	if err != nil || len(rows) != 1 || rows[0].Outcome != pos.OutcomePaidLate || rows[0].Doubtful != told.summary().Doubtful {
		t.Errorf("%+v, %v", rows, err)
	}
	word := openSale(t, "by-hand").add(pos.WordGiven{Word: pos.Word{Verdict: pos.VerdictPaid, By: "Mia", Note: "asked"}}, pos.Ended{Outcome: pos.OutcomePaid})
	word.append(t, l, 0)
	if rows, err := l.Find(t.Context(), "by-hand"); err != nil || !rows[0].ByHand || !rows[0].Closed {
		t.Errorf("%+v, %v", rows, err)
	}
	mustVerify(t, dir)
}

// TestManyClaimAtOnce: every orphan goes to exactly one of eight claimers.
func TestManyClaimAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ended, err := ledger.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	var want []pos.OpID
	for i := range 40 {
		openSale(t, opNamed("sale", i)).append(t, ended, 0)
		want = append(want, opNamed("sale", i))
	}
	claimers := make([]*ledger.Ledger, 8)
	for i := range claimers {
		claimers[i] = open(t, dir)
	}
	if err := ended.Close(); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var got []pos.OpID
	var all sync.WaitGroup
	for _, l := range claimers {
		all.Go(func() {
			ops, err := l.ClaimOrphans(t.Context(), service)
			if err != nil {
				t.Error(err)
			}
			for _, op := range ops {
				if rows, err := l.Find(t.Context(), string(op)); err != nil || rows[0].Owner != l.Owner() {
					t.Errorf("claimed %s, but it belongs to another: %v", op, err)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			got = append(got, ops...)
		})
	}
	all.Wait()
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("together they claimed %v, want each once", got)
	}
}

func TestDeadOwnersAreSweptAway(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	killed := start(t, "holder", dir, "sale", "2")
	killed.line()
	running := open(t, dir)
	killed.kill()
	if got := owners(t, dir); len(got) != 2 {
		t.Fatalf("lock files %v, want those of the killed and of the running", got)
	}
	l := open(t, dir)
	want := []string{running.Owner() + ".lock", l.Owner() + ".lock"}
	slices.Sort(want)
	if got := owners(t, dir); !slices.Equal(got, want) {
		t.Errorf("lock files %v, want %v", got, want)
	}
	if got := claim(t, l); len(got) != 2 {
		t.Errorf("claimed %v after the sweep, want both sales", got)
	}
}

func owners(t *testing.T, dir string) []string {
	t.Helper()
	files, err := os.ReadDir(filepath.Join(dir, "owners"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
	}
	return names
}

func TestErrorsSayWhatToDo(t *testing.T) {
	t.Parallel()
	for _, problem := range []error{ledger.ErrNotOwner, ledger.ErrLocked, ledger.ErrFull, ledger.ErrReadOnly, ledger.ErrNoAccess, ledger.ErrDisk,
		ledger.ErrNotLedger, ledger.ErrNewerSchema, ledger.ErrOlderSchema, ledger.ErrDamaged, ledger.ErrNoLedger} {
		cause := errors.New("cause")
		err := &ledger.Error{Attempt: "write", Problem: problem, Detail: cause}
		if err.Remedy() == "" || !strings.Contains(err.Error(), err.Remedy()) {
			t.Errorf("%v: nothing is said of what to do", err)
		}
		if !errors.Is(err, problem) || !errors.Is(err, cause) {
			t.Errorf("%v: hides its problem or its cause", err)
		}
	}
}

// TestForgottenLedgerStaysAlive: a ledger that is never closed keeps its place
// among the owners until the process ends, also when nothing refers to it any
// more and its memory, with the lock file in it, could be tidied away.
func TestForgottenLedgerStaysAlive(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	func() {
		forgotten, err := ledger.Open(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		openSale(t, "sale").append(t, forgotten, 0)
	}()
	l := open(t, dir)
	for range 5 {
		runtime.GC()
		if got := claim(t, l); len(got) != 0 {
			t.Fatalf("claimed %v, though its process runs", got)
		}
	}
}
