package ledger

import (
	"context"
	"database/sql"
	"errors"

	"centrapos/pos"
)

// Writer is the ledger's one writer connection, for tests that limit or inspect it.
func (l *Ledger) Writer() *sql.DB { return l.db }

// MaxProblems is how many problems a report lists.
const MaxProblems = maxProblems

// VerifyTx checks a ledger as it would be if a transaction were committed.
func VerifyTx(ctx context.Context, tx *sql.Tx) ([]Problem, error) {
	v := &verification{tx: tx}
	err := errors.Join(v.chain(ctx), v.operations(ctx), v.unfounded(ctx))
	return v.report.Problems, err
}

// ReadTx begins a reading.
func ReadTx(ctx context.Context, r *Reader) (*sql.Tx, error) { return r.db.BeginTx(ctx, nil) }

// Queries are the questions that commands ask by a key, with arguments.
func Queries() map[string][]any {
	return map[string][]any{
		selectHistory:  {"op"},
		findByOp:       {"op"},
		findByKey:      {"key"},
		findByPrefix:   {"key", "kez"},
		findActions:    {"request", "refund", "service"},
		selectDoubtful: {"service", "2026"},
	}
}

// AppendAll writes the entries of many operations in one transaction, as no till does,
// for tests that need a long past.
func (l *Ledger) AppendAll(ctx context.Context, ops []pos.OpID, entriesOf func(pos.OpID) []pos.Entry) error {
	return l.write(ctx, func(c change) error {
		for _, op := range ops {
			rows, err := encode(op, entriesOf(op))
			if err != nil {
				return err
			}
			all, err := l.extend(ctx, c, rows)
			if err != nil {
				return err
			}
			if err := l.project(ctx, c, pos.Replay(all).Summary(op), rows); err != nil {
				return err
			}
		}
		return nil
	})
}
