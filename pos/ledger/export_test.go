package ledger

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"centrapos/pos"
)

// Writer is the ledger's one writer connection, for tests that limit or inspect it.
func (l *Ledger) Writer() *sql.Conn { return l.writer.conn }

// MaxProblems is how many problems a report lists.
const MaxProblems = maxProblems

// VerifyTx checks a ledger as it would be if a transaction were committed.
func VerifyTx(ctx context.Context, tx *sql.Tx) ([]Problem, error) {
	v := &verification{tx: tx}
	err := errors.Join(v.chain(ctx), v.operations(ctx), v.baskets(ctx), v.unfounded(ctx))
	return v.report.Problems, err
}

// ReadTx begins a reading.
func ReadTx(ctx context.Context, r *Reader) (*sql.Tx, error) { return r.db.BeginTx(ctx, nil) }

// Queries are the questions that commands ask by a key, with arguments.
func Queries() map[string][]any {
	return map[string][]any{
		selectHistory:  {"op"},
		findByOp:       {"op"},
		findByKey:      {"key", "KEY", "CPKEY"},
		selectSaleOf:   {"request"},
		findByPrefix:   {"key", "kez"},
		findActions:    {"request", "refund", "service"},
		findSales:      {"ref", "service"},
		selectPage:     {100, 50},
		selectLines:    {"[100]"},
		selectNews:     {100},
		selectDoubtful: {"service", "2026"},

		selectBasket:            {"basket"},
		selectChanges:           {"basket:basket"},
		selectBasketsInProgress: {"till"},
		selectHeldBaskets:       {},
		selectEndedBaskets:      {"2026", 10},
		selectBasketOf:          {"ref"},
	}
}

// AppendAll writes the entries of many operations in one transaction, as no till does,
// for tests that need a long past.
func (l *Ledger) AppendAll(ctx context.Context, ops []pos.OpID, entriesOf func(pos.OpID) []pos.Entry) error {
	return l.write(ctx, func(ctx context.Context, c change) error {
		for _, op := range ops {
			rows, err := encode(op, entriesOf(op))
			if err != nil {
				return err
			}
			if _, err := l.put(ctx, c, op, rows); err != nil {
				return err
			}
		}
		return nil
	}, func() {})
}

// LineSQL are the statements that write an operation's line, the first time and then.
const InsertLine, UpdateLine, InsertRow = insertOperation, updateOperation, insertEntry

// LineValues are what the line of an operation holds, in the order of those statements.
func LineValues(sum pos.Summary, lastSeq, lastN int64, at time.Time) []any {
	return projection{Summary: sum, lastSeq: lastSeq, lastN: lastN, updatedAt: timeText(at)}.values()
}

// Stored gives an operation's rows of the entries table, as InsertRow takes them.
func (l *Ledger) Stored(ctx context.Context, op pos.OpID) ([][]any, error) {
	rows, err := l.Reader.db.QueryContext(ctx, selectEntries+" WHERE op = ? ORDER BY n", string(op))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all [][]any
	for rows.Next() {
		var s stored
		if err := s.scan(rows); err != nil {
			return nil, err
		}
		all = append(all, []any{s.seq, s.op, s.n, s.name, s.at, s.body, s.prevHash, s.hash})
	}
	return all, rows.Err()
}
