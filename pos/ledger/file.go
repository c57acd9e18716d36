package ledger

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// place is a ledger's folder and what lies in it.
type place struct{ dir string }

func (p place) file() string   { return filepath.Join(p.dir, "ledger.db") }
func (p place) setup() string  { return filepath.Join(p.dir, "ledger.lock") }
func (p place) owners() owners { return owners{dir: filepath.Join(p.dir, "owners")} }

// driver is the name under which modernc.org/sqlite registers itself.
const driver = "sqlite"

// access is how a connection may use the file.
type access int

const (
	reading     access = iota // nothing at all is written
	copying                   // nothing is written to this file; another may be
	rollingBack               // SQLite may undo what a crash left half-written; nothing else is
	writing
)

// open gives a pool of connections to the file, which must exist: SQLite would
// make one that anybody can read.
//
// Full durability is two settings: the write-ahead log is synchronised at every
// commit (synchronous=FULL), and on macOS through the drive's own cache as well
// (fullfsync). What is written is guarded against mistakes of this program too:
// a REPLACE fires the triggers that forbid removal (recursive_triggers).
func (p place) open(as access, wait time.Duration, more url.Values) (*sql.DB, error) {
	query := url.Values{
		"mode":    {"rw"},
		"_dqs":    {"0"},
		"_pragma": {"busy_timeout(" + strconv.FormatInt(wait.Milliseconds(), 10) + ")", "trusted_schema(0)"},
	}
	switch as {
	case reading:
		query.Set("mode", "ro")
		query["_pragma"] = append(query["_pragma"], "query_only(1)")
	case copying:
		query.Set("mode", "ro")
	case rollingBack:
		query["_pragma"] = append(query["_pragma"], "query_only(1)")
	case writing:
		query.Set("_txlock", "immediate")
		query.Set("_defensive", "1")
		query["_pragma"] = append(query["_pragma"], "journal_mode(wal)", "synchronous(full)",
			"fullfsync(1)", "checkpoint_fullfsync(1)", "recursive_triggers(1)")
	}
	for key, values := range more {
		query[key] = values
	}
	path, err := filepath.Abs(p.file())
	if err != nil {
		return nil, err
	}
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: query.Encode()}
	return sql.Open(driver, name.String())
}

// openForReading opens the file so that it can be read in every state a till
// can leave it in, also in a folder that may not be written.
func (p place) openForReading(ctx context.Context, wait time.Duration) (*sql.DB, error) {
	info, err := os.Stat(p.file())
	switch {
	case errors.Is(err, fs.ErrNotExist) && p.wasThere() && p.missing(""): // and none was made meanwhile
		return nil, fault(ErrGone, "%w", err)
	case err != nil:
		return nil, err
	case info.Size() == 0 && p.wasThere():
		// A record that tills have used is never empty, but a loss of power can leave it
		// so. SQLite would take it for a new one. One that nobody has used was left by an
		// earlier version that died while making it.
		return nil, fault(ErrDamaged, "%s is empty", p.file())
	}
	return p.openToRead(ctx, reading, wait)
}

func (p place) openToRead(ctx context.Context, as access, wait time.Duration) (*sql.DB, error) {
	db, err := p.openAndRead(ctx, as, wait, nil)
	if err == nil || !p.closedForGood(err) {
		return db, err
	}
	return p.openAndRead(ctx, as, wait, url.Values{"immutable": {"1"}})
}

func (p place) openAndRead(ctx context.Context, as access, wait time.Duration, more url.Values) (*sql.DB, error) {
	db, err := p.open(as, wait, more)
	if err != nil {
		return nil, err
	}
	var tables int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// closedForGood reports whether a failure to open for reading is only that no
// write-ahead log can be made in a folder that may not be written. Where there
// is no log nobody is writing, so the file may be read as one that never changes.
func (p place) closedForGood(err error) bool {
	failure, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return false
	}
	switch failure.Code() & 0xff {
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
		return p.missing("-wal") && p.missing("-journal")
	}
	return false
}

func (p place) missing(suffix string) bool {
	_, err := os.Stat(p.file() + suffix)
	return errors.Is(err, fs.ErrNotExist)
}

// create makes a new record under the lock of its making. It comes into its place whole:
// it is made and brought to this program's schema in a folder of its own, made durable,
// and renamed, so that a file which is there has held a record from its first moment.
// Only this user may read it; SQLite gives the same mode to the files it puts beside it.
// A file that is there is left as it is, and not even opened: closing it would drop the
// locks that this process holds on it through SQLite.
func (p place) create(ctx context.Context, wait time.Duration) error {
	if _, err := os.Stat(p.file()); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if p.wasThere() {
		return ErrGone
	}
	p.sweepMaking()
	dir, err := os.MkdirTemp(p.dir, making)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // it is empty by then, or swept the next time
	made := place{dir: dir}
	f, err := os.OpenFile(made.file(), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := made.migrate(ctx, wait); err != nil {
		return err
	}
	if err := made.sync(); err != nil {
		return err
	}
	if err := os.Rename(made.file(), p.file()); err != nil {
		return err
	}
	return errors.Join(syncDir(p.dir), syncDir(filepath.Dir(p.dir)))
}

// making is how the folders are called that new records are made in.
const making = "making-"

// sweepMaking removes what processes that died in the middle of making a record left.
func (p place) sweepMaking() {
	left, err := filepath.Glob(filepath.Join(p.dir, making+"*"))
	if err != nil {
		return
	}
	for _, dir := range left {
		_ = os.RemoveAll(dir) // what cannot be removed is left for the next time
	}
}

// sync makes the file durable. Nobody has it open through SQLite, and all of it is in
// it: closing the last connection put the write-ahead log into it.
func (p place) sync() error {
	if !p.missing("-wal") {
		return fault(ErrDisk, "the new record's log could not be put into it")
	}
	f, err := os.OpenFile(p.file(), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// wasThere reports whether a record that is missing was once there: a till has been
// among its owners, or SQLite's log of it is left.
func (p place) wasThere() bool {
	if _, err := os.Stat(p.owners().dir); err == nil {
		return true
	}
	return !p.missing("-wal")
}

// syncDir makes a folder's list of files durable, where the system can do that.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return nil //nolint:nilerr // a parent that may not be read was not changed by this user either
	}
	_ = d.Sync() // not every file system can synchronise a folder, and none of those need it
	return d.Close()
}
