package ledger

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"centrapos/pos"
)

// Ledger is the till's record, open for appending, and at the same time this
// process's place among the owners of operations. It may be used from several
// goroutines at once, and several processes may have one open on one folder.
type Ledger struct {
	*Reader
	writer *writer
	recent memory
	damage damaged
	self   *owner
	close  func() error
}

var _ pos.Ledger = (*Ledger)(nil)

// Option changes how a ledger is opened.
type Option func(*settings)

type settings struct{ wait time.Duration }

// defaultWait is how long a write waits for another process's to end. Theirs
// take a millisecond; only a stopped process takes longer.
const defaultWait = 5 * time.Second

// Wait sets how long to wait for another process that is writing; 5 s when not
// set. After that the error is ErrLocked.
func Wait(d time.Duration) Option { return func(s *settings) { s.wait = d } }

func settingsOf(opts []Option) settings {
	s := settings{wait: defaultWait}
	for _, opt := range opts {
		opt(&s)
	}
	return s
}

// Open opens the ledger in a folder, making both where they are missing, and
// becomes an owner of operations. A ledger of an earlier version is brought up
// to date; a later one's, and a file that is no ledger, are refused and left as
// they are. So is one whose end does not hold together (ErrDamaged): nothing is sold
// on it, but OpenReadOnly, Verify, Backup and Export still work. Errors are of type
// *Error.
func Open(ctx context.Context, dir string, opts ...Option) (*Ledger, error) {
	at, set := place{dir: dir}, settingsOf(opts)
	l, err := open(ctx, at, set)
	return l, explain("open the till's record "+at.file(), err)
}

func open(ctx context.Context, at place, set settings) (*Ledger, error) {
	if err := at.prepare(ctx, set.wait); err != nil {
		return nil, err
	}
	starting, err := at.starting(ctx, set.wait)
	if err != nil {
		return nil, err
	}
	defer starting()
	l := &Ledger{}
	l.close = sync.OnceValue(l.release)
	err = l.acquire(ctx, at, set)
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func (l *Ledger) acquire(ctx context.Context, at place, set settings) (err error) {
	if l.Reader, err = newReader(ctx, at, set); err != nil {
		return err
	}
	if err = l.checkEnd(ctx); err != nil {
		return err
	}
	err = l.acquireWriting(ctx, at, set)
	if errors.Is(problemOf(err), ErrNoAccess) {
		return fault(ErrReadOnly, "%w", err) // reading was no trouble
	}
	return err
}

func (l *Ledger) acquireWriting(ctx context.Context, at place, set settings) (err error) {
	db, err := at.open(writing, set.wait, nil)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	if l.writer, err = newWriter(ctx, db, appending()...); err != nil {
		return errors.Join(err, db.Close())
	}
	if l.self, err = l.owners.start(); err != nil {
		return err
	}
	l.owners.sweep()
	return nil
}

// Owner is this ledger's id among the owners of operations.
func (l *Ledger) Owner() string { return l.self.id }

// Close ends the ledger. Operations it owns that are not closed may be claimed
// by others from then on. It is safe to call more than once.
func (l *Ledger) Close() error { return l.close() }

// release lets go of everything, of the owner's lock last: until then nothing
// that this process might still be writing to may be claimed.
func (l *Ledger) release() error {
	var errs []error
	if l.Reader != nil {
		errs = append(errs, l.Reader.Close())
	}
	if l.writer != nil {
		errs = append(errs, l.writer.close())
	}
	if l.self != nil {
		errs = append(errs, l.self.end())
	}
	return explain("close the till's record", errors.Join(errs...))
}

// Reader is the till's record, open for reading only. It sees what tills append
// while it is open.
type Reader struct {
	place  place
	owners owners
	db     *sql.DB
	closed atomic.Bool

	searched historyIndex
}

// readers bounds the connections that read at once.
const readers = 4

// OpenReadOnly opens the ledger in a folder for reading, which changes nothing
// in it and works while tills are running. It also works in a folder that may
// not be written, with one exception: where a crashed till left a write-ahead
// log but its index (ledger.db-shm) is gone, the folder has to be copied to a
// place that can be written. Errors are of type *Error.
func OpenReadOnly(ctx context.Context, dir string, opts ...Option) (*Reader, error) {
	at := place{dir: dir}
	r, err := openReadOnly(ctx, at, settingsOf(opts))
	if errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrGone) {
		err = &Error{Attempt: "read the till's record " + at.file(), Problem: ErrNoLedger}
	}
	return r, explain("read the till's record "+at.file(), err)
}

func openReadOnly(ctx context.Context, at place, set settings) (*Reader, error) {
	r, err := newReader(ctx, at, set)
	if err != nil {
		return nil, err
	}
	found, err := inspect(ctx, r.db)
	if err == nil {
		err = refusal(found, nil)
	}
	if err == nil && found == conditionOld {
		err = ErrOlderSchema
	}
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func newReader(ctx context.Context, at place, set settings) (*Reader, error) {
	db, err := at.openForReading(ctx, set.wait)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(readers)
	db.SetMaxIdleConns(readers)
	return &Reader{place: at, owners: at.owners(), db: db}, nil
}

// Close ends the reading.
func (r *Reader) Close() error {
	r.closed.Store(true)
	return r.db.Close()
}

// explain gives an Error for what failed on the open ledger.
func (r *Reader) explain(attempt string, err error) error {
	if err != nil && r.closed.Load() {
		err = fault(ErrClosed, "%w", err)
	}
	return explain(attempt, err)
}
