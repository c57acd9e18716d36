package ledger

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks a file as a ledger of this program; the first migration
// writes it into the file.
const applicationID = 0x43504f53 // "CPOS"

// condition is what a file is found to be before anything is written to it.
type condition int

const (
	conditionCurrent condition = iota // a ledger with this program's schema
	conditionOld                      // no ledger yet, or one of an earlier schema
	conditionNewer                    // a ledger of a later schema
	conditionForeign                  // something else
)

// inspect says what the file is, without writing to it.
func inspect(ctx context.Context, db *sql.DB) (condition, error) {
	var id, others, versioned int
	err := db.QueryRowContext(ctx, `SELECT
		(SELECT application_id FROM pragma_application_id),
		(SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version'),
		(SELECT count(*) FROM sqlite_schema WHERE name = 'goose_db_version')`).Scan(&id, &others, &versioned)
	switch {
	case err != nil:
		return 0, err
	case id != applicationID && (id != 0 || others > 0):
		return conditionForeign, nil
	case versioned == 0:
		return conditionOld, nil
	}
	var version, newest int64
	err = db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version)
	if err != nil {
		return 0, err
	}
	if newest, err = newestMigration(); err != nil {
		return 0, err
	}
	switch {
	case version > newest:
		return conditionNewer, nil
	case version < newest:
		return conditionOld, nil
	}
	return conditionCurrent, nil
}

// newestMigration is the version of the schema that this program knows.
func newestMigration() (int64, error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0, err
	}
	var newest int64
	for _, file := range files {
		version, err := goose.NumericComponent(strings.TrimPrefix(file, "migrations/"))
		if err != nil {
			return 0, err
		}
		newest = max(newest, version)
	}
	return max(newest, slices.Max(linesAnew())), nil
}

// migrate brings a database to this program's schema.
func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true), goose.WithGoMigrations(goMigrations()...))
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// prepare makes the file what this program can write, or refuses to touch it.
// Processes that start at the same time take turns.
func (p place) prepare(ctx context.Context, wait time.Duration) error {
	if found, err := p.inspect(ctx, wait); err == nil || !errors.Is(err, fs.ErrNotExist) {
		if err != nil || found != conditionOld {
			return refusal(found, err)
		}
	}
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return err
	}
	turn := flock.New(p.setup())
	if err := await(ctx, turn, wait); err != nil {
		return err
	}
	defer turn.Unlock() //nolint:errcheck // closing the file lets go of it in any case
	if err := p.create(context.WithoutCancel(ctx), wait); err != nil {
		return err
	}
	found, err := p.inspect(ctx, wait)
	if err != nil || found != conditionOld {
		return refusal(found, err)
	}
	return p.migrate(context.WithoutCancel(ctx), wait)
}

// starting keeps the file from being replaced (Restore) until this process is among its
// owners and can be seen to be using it. Any number of processes may be starting. Where
// the lock cannot be had since nothing may be written here, nothing is replaced either.
func (p place) starting(ctx context.Context, wait time.Duration) (started func(), err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, wait, ErrLocked)
	defer cancel()
	lock := flock.New(p.setup())
	_, err = lock.TryRLockContext(ctx, 5*time.Millisecond)
	switch {
	case err != nil && errors.Is(context.Cause(ctx), ErrLocked):
		return nil, ErrLocked
	case err != nil && ctx.Err() != nil:
		return nil, err
	}
	return func() { _ = lock.Unlock() }, nil // closing the file lets go of it in any case
}

// inspect looks at the file without writing to it. Only a file that was left in
// the middle of being made has to be rolled back by SQLite before it can be read.
func (p place) inspect(ctx context.Context, wait time.Duration) (condition, error) {
	db, err := p.openForReading(ctx, wait)
	if failure, ok := errors.AsType[*sqlite.Error](err); ok && failure.Code() == sqlite3.SQLITE_READONLY_ROLLBACK {
		db, err = p.open(rollingBack, wait, nil)
	}
	if err != nil {
		return 0, err
	}
	found, err := inspect(ctx, db)
	return found, errors.Join(err, db.Close())
}

func (p place) migrate(ctx context.Context, wait time.Duration) error {
	db, err := p.open(writing, wait, nil)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	return errors.Join(migrate(ctx, db), db.Close())
}

func refusal(found condition, err error) error {
	switch {
	case err != nil:
		return err
	case found == conditionForeign:
		return ErrNotLedger
	case found == conditionNewer:
		return ErrNewerSchema
	}
	return nil
}

// await takes a lock as soon as it is free, and tells a wait that took too long
// from one that somebody ended.
func await(ctx context.Context, lock *flock.Flock, wait time.Duration) error {
	ctx, cancel := context.WithTimeoutCause(ctx, wait, ErrLocked)
	defer cancel()
	_, err := lock.TryLockContext(ctx, 5*time.Millisecond)
	if err != nil && errors.Is(context.Cause(ctx), ErrLocked) {
		return ErrLocked
	}
	return err
}
