package catalogue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/shopspring/decimal"
)

// ErrColumns: the columns of the file cannot be made sense of.
var ErrColumns = errors.New("the columns are not those of a product list")

// ImportOptions say how a file is taken in.
type ImportOptions struct {
	// DryRun does all but the import.
	DryRun bool
	// Replace takes the products out that are not in the file.
	Replace bool
	// TaxRate is the rate in per cent of products of which the file does not say
	// it; 15 when nil.
	TaxRate *decimal.Decimal
	// PricesExcludeTax says that the file's prices are without tax, which is added.
	PricesExcludeTax bool
	// Columns maps columns, by what the header calls them, to Fields.
	Columns map[string]string
	// Note is told each row that is not taken, and each remark; nil for nobody.
	Note func(Note)
	// Progress is told now and then how many bytes of the file have been read.
	Progress func(read, size int64)
}

func (o ImportOptions) taxRate() decimal.Decimal {
	if o.TaxRate != nil {
		return *o.TaxRate
	}
	return decimal.NewFromInt(15)
}

// NoteKind says what became of the row that a note is about.
type NoteKind string

// The kinds of notes.
const (
	NoteBad    NoteKind = "bad"    // not taken: no product can be made of it
	NoteLeft   NoteKind = "left"   // not taken: it is no product, or not for sale
	NoteRemark NoteKind = "remark" // taken, and something is odd with it
)

// Note is about one row of the file.
type Note struct {
	Kind NoteKind
	Line int // counted from 1, the header's included
	What string
}

// Report is what an import did, or would do.
type Report struct {
	Format   Format
	Encoding string // "UTF-8", "UTF-16" or "Windows-1252"
	DryRun   bool
	// Rows is the number of rows after the header: those taken, Bad and Left.
	Rows, Bad, Left int
	Remarks         int
	// What became of those taken: products that are new, changed, or as they were.
	New, Changed, Same int
	// Removed counts products that were not in the file (ImportOptions.Replace).
	Removed int
}

// Taken is the number of rows that are products now.
func (r Report) Taken() int { return r.New + r.Changed + r.Same }

// Import takes the products of a CSV file in. All rows that are good are taken, in
// one transaction; the others are told through ImportOptions.Note. The error is
// ErrNoHeader or ErrColumns for a file that is no product list, or the system's;
// nothing has been changed then.
func (c *Catalogue) Import(ctx context.Context, in io.Reader, options ImportOptions) (Report, error) {
	report, err := c.importFrom(ctx, in, options)
	if err != nil {
		return Report{}, fmt.Errorf("import products: %w", err)
	}
	return report, nil
}

func (c *Catalogue) importFrom(ctx context.Context, in io.Reader, options ImportOptions) (report Report, err error) {
	file, ok := in.(*os.File)
	if ok {
		if _, err := file.Seek(0, io.SeekCurrent); err != nil {
			ok = false // a pipe
		}
	}
	if !ok {
		if file, err = spooled(in, filepath.Dir(c.path)); err != nil {
			return report, err
		}
		defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	}
	s, err := c.stage(ctx, options)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	if err := s.read(ctx, file); err != nil {
		return report, err
	}
	return s.finish(ctx)
}

// staging is an import on its way: rows lie in a file of their own, beside the
// catalogue, until all have been read.
type staging struct {
	c       *Catalogue
	conn    *sql.Conn
	path    string
	options ImportOptions
	report  Report
}

const stagingSchema = `
CREATE TABLE incoming.rows (
	line INTEGER PRIMARY KEY,
	sku TEXT NOT NULL COLLATE NOCASE, gtin TEXT NOT NULL, scan TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
	price INTEGER NOT NULL, unit TEXT NOT NULL, tax TEXT NOT NULL, restricted INTEGER NOT NULL, department TEXT NOT NULL, class TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX incoming.rows_sku ON rows (sku);
CREATE UNIQUE INDEX incoming.rows_scan ON rows (scan) WHERE scan <> '';`

func (c *Catalogue) stage(ctx context.Context, options ImportOptions) (*staging, error) {
	f, err := os.CreateTemp(filepath.Dir(c.path), "import-*.db")
	if err != nil {
		return nil, err
	}
	s := &staging{c: c, path: f.Name(), options: options, report: Report{DryRun: options.DryRun}}
	if err := f.Close(); err != nil {
		return nil, errors.Join(err, os.Remove(s.path))
	}
	if s.conn, err = c.write.Conn(ctx); err != nil {
		return nil, errors.Join(err, os.Remove(s.path))
	}
	_, err = s.conn.ExecContext(ctx, "ATTACH DATABASE ? AS incoming", s.path)
	if err == nil {
		// Nobody misses this file if it is lost, so nothing is spent on keeping it.
		_, err = s.conn.ExecContext(ctx, "PRAGMA incoming.journal_mode = off; PRAGMA incoming.synchronous = off; PRAGMA incoming.cache_size = -64000;"+stagingSchema)
	}
	if err != nil {
		return nil, errors.Join(err, s.close(ctx))
	}
	return s, nil
}

func (s *staging) close(ctx context.Context) error {
	_, err := s.conn.ExecContext(context.WithoutCancel(ctx), "DETACH DATABASE incoming")
	return errors.Join(err, s.conn.Close(), os.Remove(s.path))
}

func (s *staging) note(kind NoteKind, line int, what string) {
	switch kind {
	case NoteBad:
		s.report.Bad++
	case NoteLeft:
		s.report.Left++
	case NoteRemark:
		s.report.Remarks++
	}
	if s.options.Note != nil {
		s.options.Note(Note{Kind: kind, Line: line, What: what})
	}
}

// read reads the file and stages its rows. One goroutine reads while the other
// writes.
func (s *staging) read(ctx context.Context, file *os.File) error {
	as, encoding, err := encodingOf(file)
	if err != nil {
		return err
	}
	size := int64(0)
	if info, err := file.Stat(); err == nil {
		size = info.Size()
	}
	t, err := openTable(&counted{in: file, size: size, tell: s.options.Progress}, as)
	if err != nil {
		return err
	}
	l, err := layoutOf(t.header, s.options.Columns)
	if err != nil {
		return err
	}
	s.report.Format, s.report.Encoding = l.format, encoding
	return s.pump(ctx, t, &reading{layout: l, options: s.options, currency: s.c.currency})
}

// counted tells how much of a file has been read.
type counted struct {
	in         io.Reader
	done, size int64
	tell       func(read, size int64)
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.done += int64(n)
	if c.tell != nil {
		c.tell(c.done, c.size)
	}
	return n, err
}
