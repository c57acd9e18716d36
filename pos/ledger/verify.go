package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"centrapos/pos"
)

// Report is what Verify found.
type Report struct {
	Entries    int64 // entries read
	Operations int64 // operations replayed
	Baskets    int64 // baskets replayed
	Head       Head  // the last entry read
	// Problems are what is wrong, by place in the chain, at most 100 of them.
	Problems []Problem
	// Unlisted counts the problems beyond those.
	Unlisted int
}

// Sound reports whether nothing at all is wrong.
func (r Report) Sound() bool { return len(r.Problems) == 0 }

// Problem is one thing wrong with a ledger.
type Problem struct {
	Seq  int64    // the entry it is about; 0 when it is about none in particular
	Op   pos.OpID // the operation it is about, or basket: and a basket's id; empty when about none in particular
	What string   // what is wrong, in plain words
}

// String gives the problem in one line.
func (p Problem) String() string {
	about := "payment " + string(p.Op)
	if id, is := strings.CutPrefix(string(p.Op), basketMark); is {
		about = "basket " + id
	}
	switch {
	case p.Seq > 0 && p.Op != "":
		return fmt.Sprintf("entry %d (%s): %s", p.Seq, about, p.What)
	case p.Seq > 0:
		return fmt.Sprintf("entry %d: %s", p.Seq, p.What)
	case p.Op != "":
		return about + ": " + p.What
	}
	return p.What
}

// maxProblems is how many problems a report lists.
const maxProblems = 100

// verification is one walk through a ledger, of one snapshot of it.
type verification struct {
	tx     *sql.Tx
	report Report
}

// Verify reads the whole ledger, as it was at one moment, and checks everything
// that can be checked of it: the file's own structure and guards, each link of
// the chain, that no place is missing in the chain or in an operation, that every
// fact can be read, and that the facts of each operation and basket amount to the
// line that lists show of it. It goes on after a problem to find all. Heads that somebody
// kept are looked for in the chain: they prove that nothing up to them has been
// changed or cut off. The error says that it could not be done at all.
func (r *Reader) Verify(ctx context.Context, kept ...Head) (Report, error) {
	const attempt = "verify the till's record"
	tx, err := r.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return Report{}, r.explain(attempt, err)
	}
	defer tx.Rollback()
	v := &verification{tx: tx}
	for _, check := range []func(context.Context) error{
		v.structure, v.guards, v.chain, v.operations, v.baskets, v.unfounded,
		func(ctx context.Context) error { return v.heads(ctx, kept) },
	} {
		if err := check(ctx); err != nil {
			if ctx.Err() != nil {
				return v.report, r.explain(attempt, err)
			}
			v.found(0, "", "the file cannot be read any further: %v", err)
		}
	}
	slices.SortStableFunc(v.report.Problems, func(a, b Problem) int { return cmp.Compare(a.Seq, b.Seq) })
	return v.report, nil
}

func (v *verification) found(seq int64, op pos.OpID, format string, args ...any) {
	if len(v.report.Problems) == maxProblems {
		v.report.Unlisted++
		return
	}
	v.report.Problems = append(v.report.Problems, Problem{Seq: seq, Op: op, What: fmt.Sprintf(format, args...)})
}

// structure has SQLite look for damage of the file itself.
func (v *verification) structure(ctx context.Context) error {
	return v.each(ctx, "PRAGMA integrity_check(100)", func(rows *sql.Rows) error {
		var result string
		if err := rows.Scan(&result); err != nil {
			return err
		}
		if result != "ok" {
			v.found(0, "", "the file is damaged: %s", result)
		}
		return nil
	})
}

// guards compares the tables and the triggers that keep entries from being
// changed with what this program makes.
func (v *verification) guards(ctx context.Context) error {
	want, err := freshSchema(ctx)
	if err != nil {
		return err
	}
	err = v.each(ctx, selectSchema, func(rows *sql.Rows) error {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return err
		}
		switch made, known := want[name]; {
		case !known:
			v.found(0, "", "%s has been added to the file from outside", name)
		case made != text:
			v.found(0, "", "%s has been changed from outside", name)
		}
		delete(want, name)
		return nil
	})
	for name := range want {
		v.found(0, "", "%s, which guards the record, has been removed", name)
	}
	return err
}

// selectSchema leaves out what goose and SQLite keep for themselves.
const selectSchema = `SELECT type || ' ' || name, sql FROM sqlite_schema
	WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND tbl_name <> 'goose_db_version'`

// freshSchema is the schema of an empty ledger.
func freshSchema(ctx context.Context) (map[string]string, error) {
	db, err := sql.Open(driver, ":memory:")
	if err != nil {
		return nil, err
	}
	defer db.Close() //nolint:errcheck // it was only in memory
	db.SetMaxOpenConns(1)
	if err := migrate(ctx, db); err != nil {
		return nil, err
	}
	schema := map[string]string{}
	fresh := verification{}
	if fresh.tx, err = db.BeginTx(ctx, nil); err != nil {
		return nil, err
	}
	defer fresh.tx.Rollback()
	return schema, fresh.each(ctx, selectSchema, func(rows *sql.Rows) error {
		var name, text string
		err := rows.Scan(&name, &text)
		schema[name] = text
		return err
	})
}

// heads looks for the ends of the chain that were kept elsewhere.
func (v *verification) heads(ctx context.Context, kept []Head) error {
	for _, head := range kept {
		if head.Seq == 0 {
			continue // the beginning is the same in every ledger
		}
		var hash []byte
		err := v.tx.QueryRowContext(ctx, "SELECT hash FROM entries WHERE seq = ?", head.Seq).Scan(&hash)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			v.found(head.Seq, "", "is gone, but was there when its hash %s was kept", head.Hash)
		case err != nil:
			return err
		case headOf(head.Seq, hash) != head:
			v.found(head.Seq, "", "the chain up to here is another than when its hash %s was kept", head.Hash)
		}
	}
	return nil
}

// each runs a query and does something with every row of it.
func (v *verification) each(ctx context.Context, query string, do func(*sql.Rows) error) error {
	rows, err := v.tx.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := do(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
