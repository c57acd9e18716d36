package ledger_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"centrapos/pos"
	"centrapos/pos/ledger"
	"centrapos/pos/postest"
)

// BenchmarkBesidePlainSQLite writes each sale by the ledger and then, as durably and
// in as many transactions, the same rows by plain SQL into tables of the same columns
// without chain, guards or indices. Both take turns in one run, on one disk.
func BenchmarkBesidePlainSQLite(b *testing.B) {
	l := open(b, b.TempDir())
	p := samePlain(b)
	var ours, theirs time.Duration
	appends := 0
	for i := 0; b.Loop(); i++ {
		s := paidSale(b, opNamed("bench", i))
		appends += len(s.groups)
		began := time.Now()
		s.append(b, l, 0)
		ours += time.Since(began)
		began = time.Now()
		p.write(b, s)
		theirs += time.Since(began)
	}
	b.ReportMetric(float64(appends)/ours.Seconds(), "appends/s")
	b.ReportMetric(float64(appends)/theirs.Seconds(), "plain/s")
	b.ReportMetric(theirs.Seconds()/ours.Seconds(), "of-plain")
}

// plainSQLite writes rows such as the ledger's.
type plainSQLite struct {
	db            *sql.DB
	entry, totals *sql.Stmt
	seq           int64
}

func samePlain(b *testing.B) *plainSQLite {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "plain.db")+
		"?_txlock=immediate&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=fullfsync(1)&_pragma=checkpoint_fullfsync(1)")
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { _ = db.Close() })
	p := &plainSQLite{db: db}
	for _, text := range []string{
		`CREATE TABLE entries (seq INTEGER PRIMARY KEY, op TEXT, n INTEGER, name TEXT, at TEXT, body TEXT, prev_hash BLOB, hash BLOB, UNIQUE (op, n))`,
		`CREATE TABLE operations (op TEXT PRIMARY KEY, kind TEXT, service TEXT, external_ref TEXT, request_id TEXT, short_code TEXT,
			activity_code TEXT, currency TEXT, amount TEXT, status TEXT, outcome TEXT, opened_at TEXT, closed INTEGER, by_hand INTEGER,
			doubtful INTEGER, last_seq INTEGER, last_n INTEGER, updated_at TEXT, owner TEXT)`,
	} {
		if _, err := db.ExecContext(b.Context(), text); err != nil {
			b.Fatal(err)
		}
	}
	if p.entry, err = db.PrepareContext(b.Context(), `INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)`); err != nil {
		b.Fatal(err)
	}
	p.totals, err = db.PrepareContext(b.Context(), `INSERT OR REPLACE INTO operations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

func (p *plainSQLite) write(b *testing.B, s *script) {
	b.Helper()
	hash, n := make([]byte, 32), 0
	for i, group := range s.groups {
		tx, err := p.db.BeginTx(b.Context(), nil)
		if err != nil {
			b.Fatal(err)
		}
		var at string
		for _, e := range group {
			body, err := pos.EncodeFact(e.Fact)
			if err != nil {
				b.Fatal(err)
			}
			p.seq, n, at = p.seq+1, n+1, e.At.String()
			insert(b, tx.StmtContext(b.Context(), p.entry), p.seq, string(s.op), n, e.Fact.FactName(), at, string(body), hash, hash)
		}
		sum := pos.Replay(s.entriesOf(i + 1)).Summary(s.op)
		insert(b, tx.StmtContext(b.Context(), p.totals), string(s.op), string(sum.Kind), sum.Service, sum.ExternalRef, sum.RequestID, sum.ShortCode,
			sum.ActivityCode, sum.Amount.Currency().Code, sum.Amount.Minor().String(), string(sum.Status), string(sum.Outcome), sum.OpenedAt.String(),
			sum.Closed, sum.ByHand, sum.Doubtful, p.seq, n, at, "owner")
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
}

// entriesOf are the entries of the script's first groups.
func (s *script) entriesOf(groups int) []pos.Entry {
	return (&script{groups: s.groups[:groups]}).entries()
}

func insert(b *testing.B, stmt *sql.Stmt, args ...any) {
	b.Helper()
	if _, err := stmt.ExecContext(b.Context(), args...); err != nil {
		b.Fatal(err)
	}
}

// past and unfinished are what BenchmarkRecovery finds.
const past, unfinished = 100_000, 50

// BenchmarkRecovery starts a till on a record of 100,000 past sales, 50 of which a
// till that was killed left open: how long until the list of what is unfinished can
// be shown, and until all of it is settled, by a service that answers at once. There
// is one run, whatever b.N is: what was settled is settled.
func BenchmarkRecovery(b *testing.B) {
	dir := b.TempDir()
	svc := postest.NewService(postest.Options{})
	longPast(b, dir, svc)
	began := time.Now()
	l, err := ledger.Open(b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	rows, err := l.Unfinished(b.Context())
	if err != nil || len(rows) != unfinished {
		b.Fatalf("%d are unfinished: %v", len(rows), err)
	}
	list := time.Since(began)
	till := pos.NewTill(svc, l, pos.RandomIDs{}, service)
	ops, err := till.Recover(b.Context())
	if err != nil || len(ops) != unfinished {
		b.Fatalf("%d taken up: %v", len(ops), err)
	}
	for _, op := range ops {
		<-op.Closed()
	}
	settled := time.Since(began)
	done, cancel := context.WithCancel(b.Context())
	cancel()
	till.Drain(done)
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(list.Milliseconds()), "ms-to-list")
	b.ReportMetric(float64(settled.Milliseconds()), "ms-to-settled")
}

// longPast makes the record; the open sales stand on requests of the service, every
// other one paid.
func longPast(b *testing.B, dir string, svc *postest.Service) {
	b.Helper()
	l, err := ledger.Open(b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	const batch = 5000
	for from := 0; from < past; from += batch {
		var ops []pos.OpID
		for i := range batch {
			ops = append(ops, opNamed("past", from+i))
		}
		err := l.AppendAll(b.Context(), ops, func(op pos.OpID) []pos.Entry { return paidSale(b, op).entries() })
		if err != nil {
			b.Fatal(err)
		}
	}
	for i := range unfinished {
		op := opNamed("open", i)
		opened := saleOf(b, op)
		req, _ := svc.Create(b.Context(), *opened.Sale)
		if i%2 == 0 {
			if err := svc.Pay(req.ID); err != nil {
				b.Fatal(err)
			}
		}
		s := newScript(op).add(opened).add(pos.Adopted{Request: req})
		s.append(b, l, 0)
	}
	if err := l.Close(); err != nil {
		b.Fatal(fmt.Errorf("close the record: %w", err))
	}
}
