package ledger_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"centrapos/pos/ledger"
)

func TestOpenMakesFolderAndFile(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"till", "till #1? 100% é&=;+", "a/b/c"} {
		dir := filepath.Join(t.TempDir(), name)
		l := open(t, dir)
		for path, want := range map[string]fs.FileMode{
			"": 0o700 | fs.ModeDir, "owners": 0o700 | fs.ModeDir,
			"ledger.db": 0o600, "ledger.db-wal": 0o600, "ledger.db-shm": 0o600, "owners/" + l.Owner() + ".lock": 0o600,
		} {
			info, err := os.Stat(filepath.Join(dir, path))
			if err != nil || info.Mode() != want {
				t.Errorf("%s in %q: %v, %v; want %v", path, name, info.Mode(), err, want)
			}
		}
		paidSale(t, "sale").append(t, l, 0)
		mustVerify(t, dir)
	}
}

func TestReopenKeepsEverything(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var head ledger.Head
	for i := range 3 {
		l, err := ledger.Open(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		if was, err := l.Head(t.Context()); err != nil || i > 0 && was != head {
			t.Errorf("opened again, the head is %v, %v; want %v", was, err, head)
		}
		paidSale(t, opNamed("sale", i)).append(t, l, 0)
		if head, err = l.Head(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if report := mustVerify(t, dir); report.Operations != 3 || report.Head != head {
		t.Errorf("%+v, want 3 operations and the head %v", report, head)
	}
	if left, err := os.ReadDir(filepath.Join(dir, "owners")); err != nil || len(left) != 0 {
		t.Errorf("closed owners leave %v, %v", left, err)
	}
}

// TestFileThatIsNoLedger: what is not a ledger of this version is refused with
// its reason and left byte for byte as it is.
func TestFileThatIsNoLedger(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		make func(t *testing.T, dir string)
		want error
	}{
		{"a text file", func(t *testing.T, dir string) {
			write(t, dir, []byte(strings.Repeat("These are my shopping lists. ", 50)))
		}, ledger.ErrNotLedger},
		{"another program's database", func(t *testing.T, dir string) {
			execute(t, dir, "CREATE TABLE songs (title)", "INSERT INTO songs VALUES ('Loyal')")
		}, ledger.ErrNotLedger},
		{"another program's database with its own mark", func(t *testing.T, dir string) {
			execute(t, dir, "PRAGMA application_id = 7")
		}, ledger.ErrNotLedger},
		{"another program's goose database", func(t *testing.T, dir string) {
			execute(t, dir, "CREATE TABLE goose_db_version (id, version_id, is_applied, tstamp)", "CREATE TABLE songs (title)")
		}, ledger.ErrNotLedger},
		{"a ledger of a later version", func(t *testing.T, dir string) {
			closed(t, dir)
			execute(t, dir, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)")
		}, ledger.ErrNewerSchema},
		{"a ledger whose first page is lost", func(t *testing.T, dir string) {
			closed(t, dir)
			data := read(t, dir)
			write(t, dir, append(make([]byte, 4096), data[4096:]...))
		}, ledger.ErrNotLedger},
		{"a ledger cut off", func(t *testing.T, dir string) {
			closed(t, dir)
			write(t, dir, read(t, dir)[:3*4096])
		}, ledger.ErrDamaged},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			tt.make(t, dir)
			before := read(t, dir)
			for name, open := range map[string]func() error{
				"Open":         func() error { return errorOf(ledger.Open(t.Context(), dir)) },
				"OpenReadOnly": func() error { return errorOf(ledger.OpenReadOnly(t.Context(), dir)) },
			} {
				err := open()
				var failure *ledger.Error
				if !errors.Is(err, tt.want) || !errors.As(err, &failure) || failure.Remedy() == "" {
					t.Errorf("%s: %v, want %v and what to do", name, err, tt.want)
				}
			}
			if !bytes.Equal(read(t, dir), before) {
				t.Error("the file was changed")
			}
		})
	}
}

func errorOf[T interface{ Close() error }](opened T, err error) error {
	if err != nil {
		return err
	}
	return opened.Close()
}

func write(t *testing.T, dir string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "ledger.db"), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, dir string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// closed makes a ledger with a sale and closes it.
func closed(t *testing.T, dir string) {
	t.Helper()
	l, err := ledger.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	paidSale(t, "sale").append(t, l, 0)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestHalfMadeLedger opens what a crash in the middle of making a ledger leaves.
func TestHalfMadeLedger(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(t *testing.T, dir string){
		"an empty file": func(t *testing.T, dir string) { write(t, dir, nil) },
		"goose's table without a migration": func(t *testing.T, dir string) {
			execute(t, dir, `CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL,
				is_applied INTEGER NOT NULL, tstamp TIMESTAMP DEFAULT (datetime('now')))`,
				"INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1)")
		},
		"a first page that is to be rolled back": hotJournal,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			leave(t, dir)
			l := open(t, dir)
			paidSale(t, "sale").append(t, l, 0)
			mustVerify(t, dir)
		})
	}
}

// hotJournal leaves a file with pages that were never committed, and the journal
// that takes them back, as a process does that is killed in its first write.
func hotJournal(t *testing.T, dir string) {
	t.Helper()
	made := t.TempDir()
	write(t, made, nil)
	db := raw(t, made)
	if _, err := db.ExecContext(t.Context(), "PRAGMA cache_size = 1"); err != nil {
		t.Fatal(err)
	}
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	for _, statement := range []string{"CREATE TABLE t (x)", "INSERT INTO t VALUES (randomblob(200000))", "INSERT INTO t VALUES (randomblob(200000))"} {
		if _, err := tx.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"ledger.db", "ledger.db-journal"} {
		data, err := os.ReadFile(filepath.Join(made, name))
		if err != nil || len(data) == 0 {
			t.Fatalf("%s holds %d bytes, %v", name, len(data), err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenReadOnlyWithoutLedger(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "none")
	if _, err := ledger.OpenReadOnly(t.Context(), dir); !errors.Is(err, ledger.ErrNoLedger) {
		t.Errorf("%v, want ErrNoLedger", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("reading made the folder: %v", err)
	}
	empty := t.TempDir()
	write(t, empty, nil)
	if _, err := ledger.OpenReadOnly(t.Context(), empty); !errors.Is(err, ledger.ErrOlderSchema) {
		t.Errorf("an empty file: %v, want ErrOlderSchema", err)
	}
}

func TestOpenWaitsForTheOneWhoSetsUp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	lock := flock.New(filepath.Join(dir, "ledger.lock"))
	if held, err := lock.TryLock(); !held || err != nil {
		t.Fatal(held, err)
	}
	if _, err := ledger.Open(t.Context(), dir, ledger.Wait(20*time.Millisecond)); !errors.Is(err, ledger.ErrLocked) {
		t.Errorf("while another sets up: %v, want ErrLocked", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ledger.Open(ended, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %v", err)
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
}

// TestFolderThatIsAFile: nothing sensible can be done but say so.
func TestFolderThatIsAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), "open the till's record") {
		t.Errorf("%v, want an error that says what was attempted", err)
	}
}

// TestReaderSeesWhatTillsAppend: a reader that is open changes nothing for the
// till and sees each append at once.
func TestReaderSeesWhatTillsAppend(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir)
	r := readOnly(t, dir)
	for i := range 3 {
		paidSale(t, opNamed("sale", i)).append(t, l, 0)
		rows, err := r.List(t.Context(), ledger.Filter{})
		if err != nil || len(rows) != i+1 {
			t.Errorf("the reader sees %d operations, %v; want %d", len(rows), err, i+1)
		}
		if report, err := r.Verify(t.Context()); err != nil || !report.Sound() {
			t.Errorf("%+v, %v", report, err)
		}
	}
}

// TestReadersDoNotHoldUpTheTill: an unfinished read keeps nobody from appending.
func TestReadersDoNotHoldUpTheTill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir, ledger.Wait(time.Millisecond))
	paidSale(t, "first").append(t, l, 0)
	tx, err := ledger.ReadTx(t.Context(), readOnly(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	count := func() (n int) {
		if err := tx.QueryRowContext(t.Context(), "SELECT count(*) FROM operations").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := count()
	paidSale(t, "second").append(t, l, 0)
	if after := count(); before != 1 || after != 1 {
		t.Errorf("one reading saw %d operations and then %d, want 1 both times", before, after)
	}
}

// TestReadingCannotWrite: not even by mistake.
func TestReadingCannotWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	closed(t, dir)
	tx, err := ledger.ReadTx(t.Context(), readOnly(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	var done sql.Result
	if done, err = tx.ExecContext(t.Context(), "UPDATE operations SET closed = 0"); err == nil {
		t.Errorf("a reader wrote: %v", fmt.Sprint(done))
	}
}
