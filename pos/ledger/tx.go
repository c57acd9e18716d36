package ledger

import (
	"context"
	"database/sql"
	"errors"
)

// statements are the writer's, prepared once, by their text.
type statements map[string]*sql.Stmt

// writer is the ledger's one connection that writes. Those who want to write take
// turns on it.
type writer struct {
	db       *sql.DB
	conn     *sql.Conn
	prepared statements
	turn     chan struct{} // holds the one turn while nobody has it
	known    tip           // of whoever has the turn
}

// tip is what this process knows of the end of the record since it wrote there last.
// It holds for as long as nobody else has committed anything, which SQLite tells by
// the number that PRAGMA data_version gives.
type tip struct {
	valid   bool
	version int64
	seq     int64
	hash    []byte
}

const (
	begin       = "BEGIN IMMEDIATE"
	commit      = "COMMIT"
	rollback    = "ROLLBACK"
	dataVersion = "PRAGMA data_version"
)

// newWriter opens the connection for the statements that are to be run on it.
func newWriter(ctx context.Context, db *sql.DB, queries ...string) (_ *writer, err error) {
	w := &writer{db: db, prepared: statements{}, turn: make(chan struct{}, 1)}
	if w.conn, err = db.Conn(ctx); err != nil {
		return nil, err
	}
	for _, query := range append(queries, begin, commit, rollback, dataVersion) {
		stmt, err := w.conn.PrepareContext(ctx, query) //nolint:sqlclosecheck // release does
		if err != nil {
			return nil, errors.Join(err, w.release())
		}
		w.prepared[query] = stmt
	}
	w.turn <- struct{}{}
	return w, nil
}

// close waits for whoever is writing and ends the connection.
func (w *writer) close() error {
	<-w.turn
	defer func() { w.turn <- struct{}{} }()
	return errors.Join(w.release(), w.db.Close())
}

// release ends the connection. A statement that was left open would keep the file open.
func (w *writer) release() error {
	var errs []error
	for _, stmt := range w.prepared {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(append(errs, w.conn.Close())...)
}

// change is a transaction that holds the write lock from its beginning, so that
// what it reads cannot change before it writes.
type change struct{ *writer }

// write runs a change: all of it becomes durable, or nothing. It may be given up
// until it has begun; from then on it takes a millisecond, and whoever asked is told
// what came of it. What is to be remembered of it is, by done, before anybody else has
// a turn.
func (l *Ledger) write(ctx context.Context, do func(context.Context, change) error, done func()) error {
	w := l.writer
	select {
	case <-w.turn:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { w.turn <- struct{}{} }()
	c := change{w}
	err := c.exec(ctx, begin)
	ctx = context.WithoutCancel(ctx)
	if err == nil {
		err = do(ctx, c)
	}
	if err == nil {
		err = c.exec(ctx, commit)
	}
	if err != nil {
		w.known.valid = false
		_ = c.exec(ctx, rollback) // fails only where nothing has begun, or SQLite has done it by itself
		return err
	}
	done()
	return nil
}

func (c change) exec(ctx context.Context, query string, args ...any) error {
	_, err := c.prepared[query].ExecContext(ctx, args...)
	return err
}

// execAnew is exec for one of the statements that are made up as they are needed. There
// are few, and each is prepared once.
func (c change) execAnew(ctx context.Context, query string, args ...any) error {
	if c.prepared[query] == nil {
		stmt, err := c.conn.PrepareContext(ctx, query) //nolint:sqlclosecheck // release does
		if err != nil {
			return err
		}
		c.prepared[query] = stmt
	}
	return c.exec(ctx, query, args...)
}

func (c change) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return c.prepared[query].QueryContext(ctx, args...)
}

func (c change) queryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return c.prepared[query].QueryRowContext(ctx, args...)
}
