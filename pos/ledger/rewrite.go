package ledger

import (
	"context"
	"database/sql"
	"slices"

	"github.com/pressly/goose/v3"

	"centrapos/pos"
)

// linesAnew are the migrations that write the lines of all operations anew, since what
// old entries amount to has changed: 00005, what was paid late is looked at again for
// as long as there are looks left.
func linesAnew() []int64 { return []int64{5} }

// goMigrations are the migrations that are not SQL.
func goMigrations() []*goose.Migration {
	var all []*goose.Migration
	for _, version := range linesAnew() {
		all = append(all, goose.NewGoMigration(version, &goose.GoFunc{RunTx: rewriteLines}, nil))
	}
	return all
}

// rewriteLines writes what all entries of each operation amount to into its line where
// that is not there already. What a line says of its entries' number and places stays:
// Verify holds it against them. So does the line of an operation that cannot be read.
func rewriteLines(ctx context.Context, tx *sql.Tx) error {
	list, err := tx.QueryContext(ctx, "SELECT op FROM operations")
	if err != nil {
		return err
	}
	ops, err := scanOps(list)
	if err != nil {
		return err
	}
	for _, op := range ops {
		if err := rewriteLine(ctx, tx, op); err != nil {
			return err
		}
	}
	return nil
}

func rewriteLine(ctx context.Context, tx *sql.Tx, op pos.OpID) error {
	rows, err := tx.QueryContext(ctx, selectHistory, string(op))
	if err != nil {
		return err
	}
	entries, err := scanEntries(rows)
	if err != nil || len(entries) == 0 {
		return ctx.Err()
	}
	var line projection
	if err := line.scan(tx.QueryRowContext(ctx, findByOp, string(op))); err != nil {
		return ctx.Err()
	}
	anew := line
	anew.Summary = pos.Replay(entries).Summary(op)
	if slices.Equal(line.values(), anew.values()) {
		return nil
	}
	_, err = tx.ExecContext(ctx, updateOperation, append(anew.values(), string(op))...)
	return err
}
