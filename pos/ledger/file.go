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
	if _, err := os.Stat(p.file()); err != nil {
		return nil, err
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

// create makes the folder and an empty file that only this user may read, and
// makes both outlive a loss of power. SQLite gives the same mode to the files it
// puts beside it. A file that is there is left as it is, and not even opened:
// closing it would drop the locks that this process holds on it through SQLite.
func (p place) create() error {
	if _, err := os.Stat(p.file()); err == nil {
		return nil
	}
	f, err := os.OpenFile(p.file(), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return errors.Join(syncDir(p.dir), syncDir(filepath.Dir(p.dir)))
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
