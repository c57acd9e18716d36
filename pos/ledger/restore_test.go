package ledger_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"centrapos/pos"
	"centrapos/pos/ledger"
)

// copied is a record of three sales, closed, and a copy of it from when there were two.
func copied(t *testing.T) (dir, copyDir string) {
	t.Helper()
	dir, copyDir = filepath.Join(t.TempDir(), "till"), filepath.Join(t.TempDir(), "copy")
	l, err := ledger.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	paidSale(t, "sale1").append(t, l, 0)
	openSale(t, "sale2").append(t, l, 0)
	if report, err := l.Backup(t.Context(), copyDir); err != nil || !report.Sound() {
		t.Fatal(report, err)
	}
	paidSale(t, "sale3").append(t, l, 0)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, copyDir
}

func listed(t *testing.T, dir string) []pos.OpID {
	t.Helper()
	r, err := ledger.OpenReadOnly(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer shut(t, r)
	rows, err := r.List(t.Context(), ledger.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	return opsOf(rows)
}

func TestRestoreWhereThereIsNothing(t *testing.T) {
	t.Parallel()
	_, from := copied(t)
	to := filepath.Join(t.TempDir(), "new", "till")
	done, err := ledger.Restore(t.Context(), from, to)
	if err != nil || !done.Report.Sound() || done.Report.Operations != 2 || done.Aside != "" || done.Missing != 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	l := open(t, to)
	if ops := claim(t, l); !slices.Equal(ops, []pos.OpID{"sale2"}) {
		t.Errorf("left open: %v", ops)
	}
	paidSale(t, "sale4").append(t, l, 0)
	mustVerify(t, to)
	if info, err := os.Stat(filepath.Join(to, "ledger.db")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if left, err := filepath.Glob(filepath.Join(to, "restoring-*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestRestoreKeepsWhatWasThere: a record that goes on behind the copy is put aside whole.
func TestRestoreKeepsWhatWasThere(t *testing.T) {
	t.Parallel()
	dir, from := copied(t)
	done, err := ledger.Restore(t.Context(), from, dir)
	if err != nil || !strings.HasPrefix(done.Aside, dir) || done.Missing != int64(len(paidSale(t, "sale3").entries())) {
		t.Fatalf("%+v, %v", done, err)
	}
	if got := listed(t, dir); !slices.Equal(got, []pos.OpID{"sale2", "sale1"}) {
		t.Errorf("restored: %v", got)
	}
	if got := listed(t, done.Aside); !slices.Equal(got, []pos.OpID{"sale3", "sale2", "sale1"}) {
		t.Errorf("put aside: %v", got)
	}
	mustVerify(t, done.Aside)
	again, err := ledger.Restore(t.Context(), done.Aside, dir)
	if err != nil || again.Missing != 0 {
		t.Fatalf("and back: %+v, %v", again, err)
	}
	if got := listed(t, dir); len(got) != 3 {
		t.Errorf("and back: %v", got)
	}
}

// TestRestoreOverACrashedTill keeps what the till that was killed had in its log only.
func TestRestoreOverACrashedTill(t *testing.T) {
	t.Parallel()
	_, from := copied(t)
	dir := t.TempDir()
	till := start(t, "holder", dir, "sale", "5")
	till.line()
	if _, err := ledger.Restore(t.Context(), from, dir); !errors.Is(err, ledger.ErrInUse) {
		t.Errorf("while a till runs: %v", err)
	}
	if got := listed(t, dir); len(got) != 5 {
		t.Errorf("and what was there: %v", got)
	}
	till.kill()
	done, err := ledger.Restore(t.Context(), from, dir)
	if err != nil || done.Missing != 10 {
		t.Fatalf("%+v, %v", done, err)
	}
	if got := listed(t, done.Aside); len(got) != 5 {
		t.Errorf("put aside: %v", got)
	}
	if got := listed(t, dir); len(got) != 2 {
		t.Errorf("restored: %v", got)
	}
	paidSale(t, "sale4").append(t, open(t, dir), 0)
	mustVerify(t, dir)
}

// TestRestoreRefusesABadCopy and leaves what is there as it is.
func TestRestoreRefusesABadCopy(t *testing.T) {
	t.Parallel()
	dir, good := copied(t)
	before, err := os.ReadFile(filepath.Join(dir, "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		spoil func(t *testing.T, dir string)
		want  error
	}{
		"an entry was changed": {func(t *testing.T, dir string) {
			tamper(t, dir, `UPDATE entries SET body = replace(body, '34', '43') WHERE seq = 2`)
		}, ledger.ErrDamaged},
		"the end was cut off": {func(t *testing.T, dir string) {
			tamper(t, dir, `DELETE FROM entries WHERE seq = (SELECT max(seq) FROM entries)`)
		}, ledger.ErrDamaged},
		"a guard was removed": {func(t *testing.T, dir string) { execute(t, dir, `DROP TRIGGER entries_never_go`) }, ledger.ErrDamaged},
		"a later version's": {func(t *testing.T, dir string) {
			execute(t, dir, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`)
		}, ledger.ErrNewerSchema},
		"no record":      {func(t *testing.T, dir string) { write(t, dir, []byte("a letter to the shop, not a record")) }, ledger.ErrNotLedger},
		"nothing at all": {func(t *testing.T, dir string) { remove(t, filepath.Join(dir, "ledger.db")) }, ledger.ErrNoLedger},
	} {
		from := filepath.Join(t.TempDir(), "copy")
		if _, err := ledger.Restore(t.Context(), good, from); err != nil {
			t.Fatal(err)
		}
		tt.spoil(t, from)
		if done, err := ledger.Restore(t.Context(), from, dir); !errors.Is(err, tt.want) || done.Aside != "" {
			t.Errorf("%s: %+v, %v", name, done.Report.Problems, err)
		}
		after, err := os.ReadFile(filepath.Join(dir, "ledger.db"))
		if err != nil || !bytes.Equal(before, after) {
			t.Errorf("%s: what was there has changed, %v", name, err)
		}
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

// TestRestoreOverARuin: a file that cannot be read is put aside as it is.
func TestRestoreOverARuin(t *testing.T) {
	t.Parallel()
	_, from := copied(t)
	dir := t.TempDir()
	ruin := bytes.Repeat([]byte("ruin"), 5000)
	write(t, dir, ruin)
	done, err := ledger.Restore(t.Context(), from, dir)
	if err != nil || done.Missing != -1 {
		t.Fatalf("%+v, %v", done, err)
	}
	if kept, err := os.ReadFile(filepath.Join(done.Aside, "ledger.db")); err != nil || !bytes.Equal(kept, ruin) {
		t.Errorf("%d bytes, %v", len(kept), err)
	}
	mustVerify(t, dir)
}

// TestRestoreOfAnEarlierVersion brings the copy up to date.
func TestRestoreOfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "till")
	unpack(t, from, "schema1.db.gz")
	before, err := os.ReadFile(filepath.Join(from, "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	done, err := ledger.Restore(t.Context(), from, to)
	if err != nil || !done.Report.Sound() || done.Report.Operations != 3 {
		t.Fatalf("%+v, %v", done, err)
	}
	if after, err := os.ReadFile(filepath.Join(from, "ledger.db")); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the copy was changed: %v", err)
	}
	open(t, to)
}

// TestBackupAndExportBesideAnotherProcess copies and exports, again and again, while
// another process appends as fast as it can: each is whole, sound, and goes further.
func TestBackupAndExportBesideAnotherProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	till := start(t, "writer", dir, "beside-")
	r := readOnly(t, waitFor(t, till, dir))
	said := make(chan []string)
	go func() { said <- till.rest() }()
	var kept []ledger.Head
	for range 5 {
		to := filepath.Join(t.TempDir(), "copy")
		report, err := r.Backup(t.Context(), to)
		if err != nil || !report.Sound() {
			t.Fatal(report.Problems, err)
		}
		kept = append(kept, report.Head)
		var out bytes.Buffer
		n, err := r.Export(t.Context(), &out)
		if err != nil || n < report.Head.Seq || int64(bytes.Count(out.Bytes(), []byte("\n"))) != n {
			t.Fatalf("%d lines, %v; the copy before it has %d", n, err, report.Head.Seq)
		}
		if done, err := ledger.Restore(t.Context(), to, filepath.Join(t.TempDir(), "other")); err != nil || done.Report.Head != report.Head {
			t.Fatalf("%+v, %v", done, err)
		}
	}
	if err := till.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-said
	_ = till.cmd.Wait()
	if kept[0].Seq >= kept[len(kept)-1].Seq {
		t.Errorf("nothing was appended meanwhile: %v", kept)
	}
	if report := verify(t, dir, kept...); !report.Sound() {
		t.Error(report.Problems)
	}
}

// waitFor waits for the first payment of a process.
func waitFor(t *testing.T, c *child, dir string) string {
	t.Helper()
	c.line()
	return dir
}
