package catalogue

import (
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"centrapos/pos"
)

// outcome is what became of one row of the file.
type outcome struct {
	row   row
	taken bool
	notes []Note
}

// pump reads rows, makes products of them, and stages them.
func (s *staging) pump(ctx context.Context, t *table, r *reading) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	batches := make(chan []outcome, 4)
	var readErr error
	go func() {
		defer close(batches)
		readErr = readRows(ctx, t, r, batches)
	}()
	insert, err := s.inserter(ctx)
	if err != nil {
		cancel()
		for range batches { // until the reader has ended
		}
		return err
	}
	for batch := range batches {
		if err == nil {
			if err = insert.add(ctx, batch); err != nil {
				cancel()
			}
		}
	}
	return errors.Join(err, readErr, insert.close(ctx))
}

func readRows(ctx context.Context, t *table, r *reading, batches chan<- []outcome) error {
	const size = 512
	batch := make([]outcome, 0, size)
	for {
		fields, line, err := t.next()
		switch {
		case errors.Is(err, io.EOF):
			return send(ctx, batches, batch)
		case err != nil && line == 0:
			return errors.Join(err, send(ctx, batches, batch))
		}
		o := outcome{row: row{line: line}}
		if err != nil {
			o.notes = []Note{{NoteBad, line, "it is not well-formed CSV: " + unwell(err)}}
		} else {
			o = made(r, fields, line)
		}
		if batch = append(batch, o); len(batch) == size {
			if err := send(ctx, batches, batch); err != nil {
				return err
			}
			batch = make([]outcome, 0, size)
		}
	}
}

func send(ctx context.Context, to chan<- []outcome, batch []outcome) error {
	select {
	case to <- batch:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func made(r *reading, fields []string, line int) outcome {
	p, remark, err := r.product(fields)
	var because left
	switch {
	case errors.As(err, &because):
		return outcome{notes: []Note{{NoteLeft, line, string(because)}}}
	case err != nil:
		return outcome{notes: []Note{{NoteBad, line, said(err)}}}
	}
	o := outcome{row: rowOf(p), taken: true}
	o.row.line = line
	if remark != "" {
		o.notes = []Note{{NoteRemark, line, remark}}
	}
	return o
}

// said is what is wrong, without what to do about it at the till.
func said(err error) string {
	var wrong *pos.InputError
	if errors.As(err, &wrong) {
		return strings.Replace(err.Error(), wrong.Error(), wrong.Problem, 1)
	}
	return err.Error()
}

// unwell is what is wrong with a row's form, in words for people.
func unwell(err error) string {
	switch {
	case errors.Is(err, csv.ErrQuote):
		return "a quote is opened and not closed, or text follows a closed one; rows after it may have been swallowed"
	case errors.Is(err, csv.ErrBareQuote):
		return "a quote stands in a text that is not in quotes; write it twice, and quotes around the text"
	}
	return err.Error()
}

// inserter puts rows into the staging file, many at a time.
type inserter struct {
	s       *staging
	many    *sql.Stmt
	one     *sql.Stmt
	waiting []row
	args    []any
}

// together is how many rows one statement takes: beyond this it is no faster.
const together = 64

const rowColumns = "line, sku, gtin, scan, name, folded, price, unit, tax, restricted, department, class"

func (s *staging) inserter(ctx context.Context) (*inserter, error) {
	prepare := func(rows int) (*sql.Stmt, error) {
		values := strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?), ", rows), ", ")
		return s.conn.PrepareContext(ctx, "INSERT OR IGNORE INTO incoming.rows ("+rowColumns+") VALUES "+values)
	}
	if _, err := s.conn.ExecContext(ctx, "SAVEPOINT staged"); err != nil {
		return nil, err
	}
	many, err := prepare(together)
	if err != nil {
		return nil, err
	}
	one, err := prepare(1)
	if err != nil {
		return nil, errors.Join(err, many.Close()) //nolint:sqlclosecheck // it lives as long as the inserter, else
	}
	return &inserter{s: s, many: many, one: one}, nil
}

func (i *inserter) add(ctx context.Context, batch []outcome) error {
	i.s.report.Rows += len(batch)
	for _, o := range batch {
		for _, n := range o.notes {
			i.s.note(n.Kind, n.Line, n.What)
		}
		if !o.taken {
			continue
		}
		if i.waiting = append(i.waiting, o.row); len(i.waiting) == together {
			if err := i.flush(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// flush writes the rows that wait. Where the statement took fewer than it was
// given, some are of products that the file has had before.
func (i *inserter) flush(ctx context.Context) error {
	rows := i.waiting
	i.waiting = i.waiting[:0]
	if len(rows) < together {
		for _, r := range rows {
			if err := i.insert(ctx, i.one, []row{r}); err != nil {
				return err
			}
		}
		return nil
	}
	return i.insert(ctx, i.many, rows)
}

func (i *inserter) insert(ctx context.Context, statement *sql.Stmt, rows []row) error {
	i.args = i.args[:0]
	for _, r := range rows {
		i.args = append(append(i.args, r.line), r.values()...)
	}
	done, err := statement.ExecContext(ctx, i.args...)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || int(n) == len(rows) {
		return err
	}
	for _, r := range rows {
		if err := i.tellRepeated(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// tellRepeated tells why a row was not taken, if it was not.
func (i *inserter) tellRepeated(ctx context.Context, r row) error {
	var line int
	var sku string
	err := i.s.conn.QueryRowContext(ctx, `SELECT line, sku FROM incoming.rows WHERE sku = ?1 OR scan = ?2 AND ?2 <> ''
		ORDER BY line <> ?3, sku <> ?1 COLLATE NOCASE LIMIT 1`, r.sku, r.scan, r.line).Scan(&line, &sku)
	switch {
	case err != nil:
		return err
	case line == r.line:
	case strings.EqualFold(sku, r.sku):
		i.s.note(NoteBad, r.line, fmt.Sprintf("the product %s stands on line %d already", r.sku, line))
	default:
		i.s.note(NoteBad, r.line, fmt.Sprintf("the barcode %s is that of %s on line %d already", r.gtin, sku, line))
	}
	return nil
}

func (i *inserter) close(ctx context.Context) error {
	err := i.flush(ctx)
	_, releaseErr := i.s.conn.ExecContext(context.WithoutCancel(ctx), "RELEASE staged")
	return errors.Join(err, i.many.Close(), i.one.Close(), releaseErr)
}
