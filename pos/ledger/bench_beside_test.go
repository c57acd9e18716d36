package ledger_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"centrapos/pos"
	"centrapos/pos/ledger"
)

// BenchmarkBesidePlainSQLite writes sales by the ledger and, as durably and in as many
// transactions, the very same rows by plain SQL: once into the ledger's own tables and
// indices, only that there are no triggers, and once into bare tables that have nothing
// but their keys. All three take turns, append by append and each as often the first,
// in one run, on one disk. The plain ones are given their rows ready: they encode,
// check, hash and sum up nothing.
func BenchmarkBesidePlainSQLite(b *testing.B) {
	l := open(b, b.TempDir())
	same, bare := newPlain(b, sameTables(b, l)), newPlain(b, bareTables)
	var ours stopwatch
	var before readySale // plain SQL writes what the ledger wrote a sale ago
	for i := 0; b.Loop(); i++ {
		s := paidSale(b, opNamed("bench", i))
		sum := s.summary()
		for g, group := range s.groups {
			turns := []func(){
				func() {
					defer ours.time()()
					if err := l.Append(endless, s.op, group, sum); err != nil {
						b.Fatal(err)
					}
				},
				func() { same.write(b, before, g) },
				func() { bare.write(b, before, g) },
			}
			for k := range turns {
				turns[(i+g+k)%len(turns)]()
			}
		}
		before = readyRows(b, l, s)
	}
	b.ReportMetric(1/ours.mean().Seconds(), "appends/s")
	b.ReportMetric(1/same.mean().Seconds(), "plain/s")
	b.ReportMetric(same.mean().Seconds()/ours.mean().Seconds(), "of-plain")
	b.ReportMetric(bare.mean().Seconds()/ours.mean().Seconds(), "of-bare")
	b.ReportMetric(same.quiet().Seconds()/ours.quiet().Seconds(), "of-plain-quiet")
	b.ReportMetric(bare.quiet().Seconds()/ours.quiet().Seconds(), "of-bare-quiet")
}

// stopwatch keeps what was timed.
type stopwatch struct{ laps []time.Duration }

// time gives a function that stops.
func (w *stopwatch) time() (stop func()) {
	began := time.Now()
	return func() { w.laps = append(w.laps, time.Since(began)) }
}

func (w *stopwatch) mean() time.Duration {
	var all time.Duration
	for _, lap := range w.laps {
		all += lap
	}
	return all / time.Duration(max(1, len(w.laps)))
}

// quiet is the mean of the faster half: what other processes did to the disk meanwhile
// is in the other.
func (w *stopwatch) quiet() time.Duration {
	slices.Sort(w.laps)
	half := stopwatch{laps: w.laps[:(len(w.laps)+1)/2]}
	return half.mean()
}

// at gives the lap that a share of all are not longer than.
func (w *stopwatch) at(share float64) time.Duration {
	slices.Sort(w.laps)
	return w.laps[min(len(w.laps)-1, int(share*float64(len(w.laps))))]
}

// endless is a context that costs nothing: one that can end has the driver start a
// goroutine for every statement.
var endless = context.Background()

// readySale is what one sale writes: for each append its rows of entries and its line.
type readySale []struct {
	entries [][]any
	line    []any
}

func readyRows(b *testing.B, l *ledger.Ledger, s *script) readySale {
	b.Helper()
	rows, err := l.Stored(b.Context(), s.op)
	if err != nil {
		b.Fatal(err)
	}
	var sale readySale
	written := 0
	for i, group := range s.groups {
		added := rows[written : written+len(group)]
		written += len(group)
		sum := pos.Replay(s.entriesOf(i + 1)).Summary(s.op)
		line := ledger.LineValues(sum, added[len(added)-1][0].(int64), int64(written), group[len(group)-1].At)
		if i == 0 {
			line = append(line, added[0][0], l.Owner())
		}
		sale = append(sale, struct {
			entries [][]any
			line    []any
		}{added, append(line, string(s.op))})
	}
	return sale
}

// entriesOf are the entries of the script's first groups.
func (s *script) entriesOf(groups int) []pos.Entry {
	return (&script{groups: s.groups[:groups]}).entries()
}

// plainSQLite writes rows that are ready.
type plainSQLite struct {
	db                    *sql.DB
	entry, insert, update *sql.Stmt
	stopwatch
}

// bareTables are the ledger's, with nothing but their keys.
var bareTables = []string{
	`CREATE TABLE entries (seq INTEGER PRIMARY KEY, op TEXT, n INTEGER, name TEXT, at TEXT, body TEXT, prev_hash BLOB, hash BLOB, UNIQUE (op, n))`,
	`CREATE TABLE operations (op TEXT PRIMARY KEY, kind TEXT, service TEXT, external_ref TEXT, request_id TEXT, short_code TEXT,
		activity_code TEXT, currency TEXT, amount TEXT, status TEXT, outcome TEXT, opened_at TEXT, closed INTEGER, by_hand INTEGER,
		doubtful INTEGER, first_seq INTEGER, last_seq INTEGER, last_n INTEGER, updated_at TEXT, owner TEXT)`,
}

// sameTables gives the ledger's own tables and indices.
func sameTables(b *testing.B, l *ledger.Ledger) []string {
	b.Helper()
	rows, err := l.Writer().QueryContext(b.Context(), `SELECT sql FROM sqlite_schema
		WHERE type IN ('table', 'index') AND tbl_name IN ('entries', 'operations') AND sql IS NOT NULL ORDER BY type DESC`)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			b.Fatal(err)
		}
		all = append(all, text)
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	return all
}

func newPlain(b *testing.B, schema []string) *plainSQLite {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "plain.db")+
		"?_txlock=immediate&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=fullfsync(1)&_pragma=checkpoint_fullfsync(1)")
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { _ = db.Close() })
	for _, text := range schema {
		if _, err := db.ExecContext(b.Context(), text); err != nil {
			b.Fatal(err)
		}
	}
	prepare := func(query string) *sql.Stmt {
		stmt, err := db.PrepareContext(b.Context(), query)
		if err != nil {
			b.Fatal(err)
		}
		return stmt
	}
	return &plainSQLite{db: db, entry: prepare(ledger.InsertRow), insert: prepare(ledger.InsertLine), update: prepare(ledger.UpdateLine)}
}

// write writes the rows of one append; of nothing nothing.
func (p *plainSQLite) write(b *testing.B, sale readySale, group int) {
	b.Helper()
	if len(sale) == 0 {
		return
	}
	defer p.time()()
	tx, err := p.db.BeginTx(endless, nil)
	if err != nil {
		b.Fatal(err)
	}
	for _, row := range sale[group].entries {
		insert(b, tx.StmtContext(endless, p.entry), row...)
	}
	line := p.update
	if group == 0 {
		line = p.insert
	}
	insert(b, tx.StmtContext(endless, line), sale[group].line...)
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
}

func insert(b *testing.B, stmt *sql.Stmt, args ...any) {
	b.Helper()
	if _, err := stmt.ExecContext(endless, args...); err != nil {
		b.Fatal(err)
	}
}
