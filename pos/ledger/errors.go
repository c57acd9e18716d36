package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What can go wrong with the ledger, for errors.Is. Each reads as the plain
// statement of the problem.
var (
	// ErrNotOwner: the operation is in the hands of another process.
	ErrNotOwner = errors.New("the payment is in the hands of another running till")
	// ErrLocked: another process did not let go of the file in time.
	ErrLocked = errors.New("another program is holding the till's record")
	// ErrFull: there is no room for what was to be written. Nothing of it was.
	ErrFull = errors.New("the disk is full")
	// ErrReadOnly: the file or its folder may be read but not written.
	ErrReadOnly = errors.New("the till's record may not be written here")
	// ErrNoAccess: the file or its folder may not even be read.
	ErrNoAccess = errors.New("the till's record may not be opened")
	// ErrDisk: the operating system reports a fault of the disk.
	ErrDisk = errors.New("the disk reports a fault")
	// ErrNotLedger: the file is not a ledger of this program.
	ErrNotLedger = errors.New("the file is not a Centrapos record")
	// ErrNewerSchema: the ledger was written by a newer version of this program.
	ErrNewerSchema = errors.New("the till's record was written by a newer version of Centrapos")
	// ErrOlderSchema: the ledger must be brought up to date, which reading alone may not do.
	ErrOlderSchema = errors.New("the till's record was written by an older version of Centrapos")
	// ErrDamaged: what the file holds contradicts itself.
	ErrDamaged = errors.New("the till's record is damaged or was changed from outside")
	// ErrExists: there is a ledger already where a copy was to go.
	ErrExists = errors.New("there is a till's record there already")
	// ErrInUse: a till is running on the ledger that was to be replaced.
	ErrInUse = errors.New("a till is running on the record that is there")
	// ErrNoLedger: there is no ledger to read yet.
	ErrNoLedger = errors.New("there is no till's record here yet")
	// ErrGone: there was a ledger, and its file is missing.
	ErrGone = errors.New("the till's record was here and is missing")
	// ErrInvalid: the entries cannot be an operation's next ones; a programming error.
	ErrInvalid = errors.New("the entries do not belong there")
	// ErrClosed: the ledger has been closed.
	ErrClosed = errors.New("the till's record has been closed")
)

// remedies says what to do about each problem, for whoever stands at the till;
// empty where that is nothing.
var remedies = map[error]string{
	ErrNotOwner:    "leave it to that till, or end that till first",
	ErrLocked:      "close other programs that use it, then try again",
	ErrFull:        "free some space on it, then try again; nothing was half-written",
	ErrReadOnly:    "make its folder writable for this user, or choose another with --data-dir",
	ErrNoAccess:    "run as the user who owns its folder, or choose another with --data-dir",
	ErrDisk:        "copy its folder to another disk, then check this one",
	ErrNotLedger:   "nothing was changed; move the file away or choose another folder with --data-dir",
	ErrNewerSchema: "nothing was changed; install that version of Centrapos or a later one",
	ErrOlderSchema: "open the till once to bring it up to date",
	ErrDamaged:     "no payments are taken with it; keep a copy of its folder and run \"centrapos ledger verify\" to see what is wrong",
	ErrExists:      "nothing was changed; choose a folder that has none",
	ErrInUse:       "nothing was changed; end the tills that use it, then try again",
	ErrNoLedger:    "it is made when the till is first opened",
	ErrGone:        "no payments are taken without it; put the file back, or a copy with \"centrapos ledger restore\"; only if it is lost for good move the whole folder away, and a new one is made",
	ErrInvalid:     "",
	ErrClosed:      "",
}

// Error is a failure of the ledger: what was attempted, what stood in the way
// in plain words, and what to do about it.
type Error struct {
	Attempt string // what was to be done, such as "write the payment down"
	Problem error  // one of the Err values
	Detail  error  // the cause, for support; may be nil
}

// Error gives the attempt, the problem, what to do and the cause, in one line.
func (e *Error) Error() string {
	text := e.Attempt + ": " + e.Problem.Error()
	if remedy := e.Remedy(); remedy != "" {
		text += "; " + remedy
	}
	if e.Detail != nil {
		text += fmt.Sprintf(" (%v)", e.Detail)
	}
	return text
}

// Remedy says what to do about the problem; it is empty when nobody at the
// till can do anything.
func (e *Error) Remedy() string { return remedies[e.Problem] }

// Unwrap gives the problem and the cause.
func (e *Error) Unwrap() []error {
	if e.Detail == nil {
		return []error{e.Problem}
	}
	return []error{e.Problem, e.Detail}
}

// fault is an Error whose attempt explain adds.
func fault(problem error, detail string, args ...any) error {
	return &Error{Problem: problem, Detail: fmt.Errorf(detail, args...)}
}

// explain turns an error of the database or the file system into an Error. What
// is one already, or the end of a context, is passed on with the attempt.
func explain(attempt string, err error) error {
	if err == nil {
		return nil
	}
	if failure, ok := errors.AsType[*Error](err); ok {
		if failure.Attempt != "" {
			return err
		}
		return &Error{Attempt: attempt, Problem: failure.Problem, Detail: failure.Detail}
	}
	if problem := problemOf(err); errors.Is(problem, err) {
		return &Error{Attempt: attempt, Problem: problem}
	} else if problem != nil {
		return &Error{Attempt: attempt, Problem: problem, Detail: err}
	}
	return fmt.Errorf("%s: %w", attempt, err)
}

func problemOf(err error) error {
	for problem := range remedies {
		if errors.Is(err, problem) {
			return problem
		}
	}
	if failure, ok := errors.AsType[*sqlite.Error](err); ok {
		return problemOfCode(failure.Code())
	}
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return nil
	case errors.Is(err, sql.ErrConnDone), errors.Is(err, sql.ErrTxDone):
		return ErrClosed
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return ErrFull
	case errors.Is(err, syscall.EROFS):
		return ErrReadOnly
	case errors.Is(err, fs.ErrPermission):
		return ErrNoAccess
	case errors.Is(err, syscall.EIO):
		return ErrDisk
	}
	return nil
}

// problemOfCode reads SQLite's result codes: the low byte is the family, the
// rest tells its members apart.
func problemOfCode(code int) error {
	switch code {
	case sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_FSTAT | sqlite3.SQLITE_FULL:
		return ErrFull // no room for the memory-mapped index of the write-ahead log
	}
	switch code & 0xff {
	case sqlite3.SQLITE_FULL:
		return ErrFull
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return ErrLocked
	case sqlite3.SQLITE_READONLY:
		return ErrReadOnly
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		return ErrNoAccess
	case sqlite3.SQLITE_NOTADB:
		return ErrNotLedger
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_MISMATCH:
		return ErrDamaged
	case sqlite3.SQLITE_IOERR:
		return ErrDisk
	}
	return nil
}
