package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"centrapos/pos"
	"centrapos/pos/ledger"
)

// TestKilledWriterLosesNothing kills a process that appends as fast as it can,
// again and again on one ledger, at moments that fall anywhere in an append.
// Everything it had acknowledged is there, whole appends only, and the chain goes
// on where it broke off.
func TestKilledWriterLosesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(1, 2))
	wholeAppends := map[int]bool{}
	total := 0
	for _, group := range paidAfterCondition(t, "any").groups {
		total += len(group)
		wholeAppends[total] = true
	}
	var acknowledged, found int
	for round := range 20 {
		c := start(t, "writer", dir, fmt.Sprintf("round%02d-", round))
		said := make([]string, 0, 64)
		for range 1 + random.IntN(40) {
			said = append(said, c.line())
		}
		said = append(said, c.kill()...)

		report := mustVerify(t, dir)
		r := readOnly(t, dir)
		latest := map[pos.OpID]int{}
		for _, line := range said {
			var op pos.OpID
			var facts int
			if _, err := fmt.Sscan(line, &op, &facts); err != nil {
				continue // the last line may be cut short
			}
			latest[op] = facts
			acknowledged++
		}
		for op, facts := range latest {
			if got := factsOf(t, r, op); got < facts {
				t.Errorf("round %d: %d facts of %s were acknowledged, %d are there", round, facts, op, got)
			}
		}
		rows, err := r.List(t.Context(), ledger.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if !wholeAppends[row.Facts] {
				t.Errorf("round %d: %s has %d facts: half an append was written", round, row.Op, row.Facts)
			}
		}
		found = int(report.Entries)
	}
	t.Logf("20 kills, %d acknowledged appends, %d entries in the ledger", acknowledged, found)
}

// TestKilledWhileOpening kills a process that makes ledgers: each can be opened
// and used afterwards, whatever state it was left in.
func TestKilledWhileOpening(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	random := rand.New(rand.NewPCG(3, 4))
	for round := range 8 {
		dir := filepath.Join(base, fmt.Sprint(round))
		c := start(t, "opener", dir)
		said := []string{c.line()}
		for range random.IntN(4) {
			said = append(said, c.line())
		}
		said = append(said, c.kill()...)
		for _, made := range said {
			l := open(t, made)
			paidSale(t, "after").append(t, l, 0)
			mustVerify(t, made)
		}
	}
}

// TestProcessesShareOneLedger has two processes and several goroutines of a
// third append at once: nothing is lost and the chain does not fork.
func TestProcessesShareOneLedger(t *testing.T) {
	t.Parallel()
	const each = 15
	dir := t.TempDir()
	children := []*child{
		start(t, "writer", dir, "one", fmt.Sprint(each)),
		start(t, "writer", dir, "two", fmt.Sprint(each)),
	}
	l := open(t, dir)
	var all sync.WaitGroup
	for g := range 4 {
		all.Go(func() {
			for i := range each {
				paidAfterCondition(t, opNamed(fmt.Sprintf("own%d-", g), i)).append(t, l, 0)
			}
		})
	}
	for _, c := range children {
		c.wait()
	}
	all.Wait()
	report := mustVerify(t, dir)
	if report.Operations != 6*each {
		t.Errorf("%d operations are there, want %d", report.Operations, 6*each)
	}
}

// TestStartingTogether has many openers make one and the same ledger.
func TestStartingTogether(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	children := []*child{
		start(t, "writer", dir, "one", "1"), start(t, "writer", dir, "two", "1"), start(t, "writer", dir, "three", "1"),
	}
	var all sync.WaitGroup
	for g := range 4 {
		all.Go(func() {
			l, err := ledger.Open(t.Context(), dir)
			if err != nil {
				t.Error(err)
				return
			}
			s := paidSale(t, opNamed("own", g))
			for _, group := range s.groups {
				if err := l.Append(t.Context(), s.op, group, s.summary()); err != nil {
					t.Error(err)
				}
			}
			if err := l.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	for _, c := range children {
		c.wait()
	}
	all.Wait()
	if report := mustVerify(t, dir); report.Operations != 7 {
		t.Errorf("%d operations are there, want 7", report.Operations)
	}
}

// TestOrphansGoToOneClaimer kills a process with unfinished sales and lets two
// others claim them at the same moment.
func TestOrphansGoToOneClaimer(t *testing.T) {
	t.Parallel()
	for round := range 3 {
		dir := t.TempDir()
		dead := start(t, "holder", dir, "sale", "20")
		dead.line()

		living := open(t, dir)
		if got := claim(t, living); len(got) != 0 {
			t.Fatalf("round %d: claimed %v from a process that runs", round, got)
		}
		claimers := []*child{start(t, "claimer", dir), start(t, "claimer", dir)}
		for _, c := range claimers {
			c.line()
		}
		dead.kill()
		for _, c := range claimers {
			c.say("go")
		}
		var all []string
		for _, c := range claimers {
			for line := c.line(); line != "done"; line = c.line() {
				all = append(all, line)
			}
		}
		slices.Sort(all)
		var want []string
		for i := range 20 {
			want = append(want, string(opNamed("sale", i)))
		}
		if !slices.Equal(all, want) {
			t.Errorf("round %d: two claimers got together\n%s\nwant each once:\n%s", round, strings.Join(all, " "), strings.Join(want, " "))
		}
		if got := claim(t, living); len(got) != 0 {
			t.Errorf("round %d: claimed %v from the claimers, who run", round, got)
		}
		for _, c := range claimers {
			c.wait()
		}
		if got := claim(t, living); len(got) != 20 {
			t.Errorf("round %d: claimed %d after the claimers ended, want 20", round, len(got))
		}
	}
}

func claim(t testing.TB, l *ledger.Ledger) []pos.OpID {
	t.Helper()
	ops, err := l.ClaimOrphans(t.Context(), service)
	if err != nil {
		t.Fatal(err)
	}
	return ops
}

func readOnly(t testing.TB, dir string) *ledger.Reader {
	t.Helper()
	r, err := ledger.OpenReadOnly(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}
