package ledger_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"centrapos/pos"
	"centrapos/pos/ledger"
)

// sold makes a ledger with some paid sales and closes it.
func sold(t testing.TB, dir string, n int) {
	t.Helper()
	l, err := ledger.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		paidSale(t, opNamed("sold", i)).append(t, l, 0)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestBrokenRecordSellsNothing: where the end of the chain does not hold together
// the ledger is not opened, and says so in plain words; everything can still be read.
func TestBrokenRecordSellsNothing(t *testing.T) {
	t.Parallel()
	for name, statement := range map[string]string{
		"an entry was changed":      `UPDATE entries SET at = replace(at, '2026', '2025') WHERE seq = (SELECT max(seq) FROM entries) - 3`,
		"an entry was removed":      `DELETE FROM entries WHERE seq = (SELECT max(seq) FROM entries) - 3`,
		"the end was cut off":       `DELETE FROM entries WHERE seq > (SELECT max(seq) FROM entries) - 3`,
		"everything was removed":    `DELETE FROM entries`,
		"a hash was worked out new": `UPDATE entries SET hash = zeroblob(32) WHERE seq = (SELECT max(seq) FROM entries)`,
		"a guard was removed":       "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			sold(t, dir, 3)
			if statement == "" {
				execute(t, dir, "DROP TRIGGER entries_never_go")
			} else {
				tamper(t, dir, statement)
			}
			l, err := ledger.Open(t.Context(), dir)
			var failure *ledger.Error
			if l != nil || !errors.Is(err, ledger.ErrDamaged) || !errors.As(err, &failure) {
				t.Fatalf("opened: %v", err)
			}
			if !strings.Contains(err.Error(), "no payments are taken with it") || strings.Contains(failure.Remedy(), "SELECT") {
				t.Errorf("it is not said in plain words: %v", err)
			}
			r := readOnly(t, dir)
			report, err := r.Verify(t.Context())
			if err != nil || report.Sound() {
				t.Errorf("verified: %v, %v", report.Problems, err)
			}
			var out bytes.Buffer
			n, err := r.Export(t.Context(), &out)
			if err != nil || n != report.Entries || int64(strings.Count(out.String(), "\n")) != n {
				t.Errorf("%d of %d entries exported: %v", n, report.Entries, err)
			}
			copied, err := r.Backup(t.Context(), filepath.Join(t.TempDir(), "copy"))
			if err != nil || copied.Sound() {
				t.Errorf("copied: %v, %v", copied.Problems, err)
			}
		})
	}
}

// TestDamageFoundBehind: what Open does not look at is found behind the till, which
// then begins nothing and finishes what it has.
func TestDamageFoundBehind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	sold(t, dir, 120) // more entries than Open looks at
	tamper(t, dir, `UPDATE entries SET at = replace(at, '2026', '2025') WHERE seq = 1`)
	l := open(t, dir)
	begun := openSale(t, "begun")
	begun.append(t, l, 0)
	report, err := l.CheckAll(t.Context())
	if err != nil || report.Sound() {
		t.Fatalf("found nothing: %v", err)
	}
	fresh := openSale(t, "fresh")
	if err := l.Append(t.Context(), fresh.op, fresh.groups[0], fresh.summary()); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("another sale was begun: %v", err)
	}
	begun.add(pos.StopWanted{Why: pos.WhyStaff})
	if err := l.Append(t.Context(), begun.op, begun.groups[len(begun.groups)-1], begun.summary()); err != nil {
		t.Errorf("a sale that had begun cannot be finished: %v", err)
	}
}

func TestCheckAllOfASoundRecord(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	sold(t, dir, 3)
	l := open(t, dir)
	if report, err := l.CheckAll(t.Context()); err != nil || !report.Sound() {
		t.Fatal(report, err)
	}
	paidSale(t, "after").append(t, l, 0)
}

// TestBackup copies a record while it is being written, and holds the copy against
// what had been acknowledged by then.
func TestBackup(t *testing.T) {
	t.Parallel()
	dir, to := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	l := open(t, dir)
	for i := range 20 {
		paidSale(t, opNamed("before", i)).append(t, l, 0)
	}
	before, err := l.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var enough atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; !enough.Load(); i++ {
			paidSale(t, opNamed("beside", i)).append(t, l, 0)
		}
	}()
	report, err := l.Backup(t.Context(), to)
	enough.Store(true)
	<-done
	if err != nil || !report.Sound() || report.Head.Seq < before.Seq {
		t.Fatalf("%+v: %v", report, err)
	}
	if kept, err := readOnly(t, to).Verify(t.Context(), before, report.Head); err != nil || !kept.Sound() {
		t.Errorf("the copy: %v, %v", kept.Problems, err)
	}
	if info, err := os.Stat(filepath.Join(to, "ledger.db")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if left, err := os.ReadDir(to); err != nil || len(left) != 1 {
		t.Errorf("beside the copy: %v, %v", left, err)
	}
	if _, err := l.Backup(t.Context(), to); !errors.Is(err, ledger.ErrExists) {
		t.Errorf("a record was written over: %v", err)
	}
	restored := open(t, to) // goes on where the copy ends
	paidSale(t, "restored").append(t, restored, 0)
	mustVerify(t, to)
	mustVerify(t, dir)
}

func TestExport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	sold(t, dir, 2)
	r := readOnly(t, dir)
	var out bytes.Buffer
	n, err := r.Export(t.Context(), &out)
	if err != nil || n == 0 {
		t.Fatal(n, err)
	}
	head, err := r.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	var last struct {
		Seq  int64          `json:"seq"`
		Op   string         `json:"op"`
		Name string         `json:"name"`
		Body map[string]any `json:"body"`
		Hash string         `json:"hash"`
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
		t.Fatal(err)
	}
	if last.Seq != head.Seq || last.Hash != head.Hash || last.Name != "ended" || last.Body["outcome"] != "paid" || int64(len(lines)) != n {
		t.Errorf("%+v, head %+v", last, head)
	}
}
