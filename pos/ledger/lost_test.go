package ledger_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"centrapos/pos/ledger"
)

// TestLostRecordIsNoNewOne: where tills have sold, a record that is empty or missing was
// lost, and what was unfinished in it with it. Nobody is told that nothing is left to do,
// and no new one takes its place unnoticed.
func TestLostRecordIsNoNewOne(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lose func(t *testing.T, file string)
		want error
	}{
		"empty":   {func(t *testing.T, file string) { must(t, os.WriteFile(file, nil, 0o600)) }, ledger.ErrDamaged},
		"missing": {func(t *testing.T, file string) { remove(t, file) }, ledger.ErrGone},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, copied := t.TempDir(), filepath.Join(t.TempDir(), "copy")
			l := open(t, dir)
			paidSale(t, "before").append(t, l, 0)
			_, err := l.Backup(t.Context(), copied)
			must(t, err)
			must(t, l.Close())
			c.lose(t, filepath.Join(dir, "ledger.db"))
			if _, err := ledger.Open(t.Context(), dir); !errors.Is(err, c.want) {
				t.Errorf("opened: %v, want %v", err, c.want)
			}
			if _, err := ledger.OpenReadOnly(t.Context(), dir); !errors.Is(err, c.want) {
				t.Errorf("read: %v, want %v", err, c.want)
			}
			if _, err := ledger.Restore(t.Context(), copied, dir); err != nil {
				t.Fatal(err)
			}
			if rows, err := open(t, dir).List(t.Context(), ledger.Filter{}); err != nil || len(rows) != 1 {
				t.Errorf("after the copy is back: %d payments, %v", len(rows), err)
			}
		})
	}
}

// TestEmptyCopyIsNotRestored: a copy that is an empty file holds nothing that was copied.
func TestEmptyCopyIsNotRestored(t *testing.T) {
	t.Parallel()
	copied := t.TempDir()
	must(t, os.WriteFile(filepath.Join(copied, "ledger.db"), nil, 0o600))
	if _, err := ledger.Restore(t.Context(), copied, t.TempDir()); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("%v, want ErrDamaged", err)
	}
}

// TestRecordComesWhole: nothing of the making of a record stays beside it, also not of
// one that died in the middle.
func TestRecordComesWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.Mkdir(filepath.Join(dir, "making-1"), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "making-1", "ledger.db"), nil, 0o600))
	must(t, open(t, dir).Close())
	if left, err := filepath.Glob(filepath.Join(dir, "making-*")); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
