package ledger

import (
	"context"
	"database/sql"
)

// statements are the writer's, prepared once, by their text.
type statements map[string]*sql.Stmt

func prepareStatements(ctx context.Context, db *sql.DB, queries ...string) (statements, error) {
	prepared := statements{}
	for _, query := range queries {
		stmt, err := db.PrepareContext(ctx, query) //nolint:sqlclosecheck // closing the database closes it
		if err != nil {
			return nil, err
		}
		prepared[query] = stmt
	}
	return prepared, nil
}

// change is a transaction that holds the write lock from its beginning, so that
// what it reads cannot change before it writes.
type change struct {
	tx       *sql.Tx
	prepared statements
}

// write runs a change: all of it becomes durable, or nothing.
func (l *Ledger) write(ctx context.Context, do func(change) error) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := do(change{tx: tx, prepared: l.prepared}); err != nil {
		return err
	}
	return tx.Commit()
}

func (c change) exec(ctx context.Context, query string, args ...any) error {
	_, err := c.tx.StmtContext(ctx, c.prepared[query]).ExecContext(ctx, args...) //nolint:sqlclosecheck // the transaction's end closes it
	return err
}

func (c change) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return c.tx.StmtContext(ctx, c.prepared[query]).QueryContext(ctx, args...) //nolint:sqlclosecheck // the transaction's end closes it
}

func (c change) queryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return c.tx.StmtContext(ctx, c.prepared[query]).QueryRowContext(ctx, args...) //nolint:sqlclosecheck // the transaction's end closes it
}
