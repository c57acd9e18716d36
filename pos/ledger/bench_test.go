package ledger_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"centrapos/pos"
	"centrapos/pos/ledger"
)

// BenchmarkAppend is one append of one fact to an operation of its own.
func BenchmarkAppend(b *testing.B) {
	l := open(b, b.TempDir())
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		op := opNamed("bench", i)
		s := newScript(op).add(saleOf(b, op))
		b.StartTimer()
		s.append(b, l, 0)
	}
}

// BenchmarkOpen is what the ledger adds to the start of a till and to its end.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	first := open(b, dir)
	for i := range 100 {
		paidSale(b, opNamed("bench", i)).append(b, first, 0)
	}
	for b.Loop() {
		l, err := ledger.Open(b.Context(), dir)
		if err != nil {
			b.Fatal(err)
		}
		if err := l.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// sales are the histories that BenchmarkSaleWrites and its baseline write.
var sales = []struct {
	name string
	play func(testing.TB, pos.OpID) *script
}{
	{"scanned-and-paid", paidSale},
	{"with-a-condition", paidAfterCondition},
}

// BenchmarkSaleWrites is everything one sale writes, in the appends the runner makes.
func BenchmarkSaleWrites(b *testing.B) {
	for _, sale := range sales {
		b.Run(sale.name, func(b *testing.B) {
			l := open(b, b.TempDir())
			var appends int
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				s := sale.play(b, opNamed("bench", i))
				appends = len(s.groups)
				b.StartTimer()
				s.append(b, l, 0)
			}
			b.ReportMetric(float64(appends), "appends/op")
		})
	}
}

// BenchmarkPlainSQLite writes the same facts in as many transactions, as durably,
// into a table without chain, guards, indices or projection.
func BenchmarkPlainSQLite(b *testing.B) {
	for _, sale := range sales {
		b.Run(sale.name, func(b *testing.B) {
			insert, db := plain(b)
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				s := sale.play(b, opNamed("bench", i))
				b.StartTimer()
				for _, group := range s.groups {
					tx, err := db.BeginTx(b.Context(), nil)
					if err != nil {
						b.Fatal(err)
					}
					for _, e := range group {
						body, err := pos.EncodeFact(e.Fact)
						if err != nil {
							b.Fatal(err)
						}
						prepared := tx.StmtContext(b.Context(), insert) //nolint:sqlclosecheck // the transaction's end closes it
						_, err = prepared.ExecContext(b.Context(), string(s.op), e.Fact.FactName(), e.At.String(), string(body))
						if err != nil {
							b.Fatal(err)
						}
					}
					if err := tx.Commit(); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func plain(b *testing.B) (*sql.Stmt, *sql.DB) {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "plain.db")+
		"?_txlock=immediate&_pragma=journal_mode(wal)&_pragma=synchronous(full)")
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { _ = db.Close() })
	if _, err := db.ExecContext(b.Context(), "CREATE TABLE facts (id INTEGER PRIMARY KEY, op TEXT, name TEXT, at TEXT, body TEXT)"); err != nil {
		b.Fatal(err)
	}
	insert, err := db.PrepareContext(b.Context(), "INSERT INTO facts (op, name, at, body) VALUES (?, ?, ?, ?)")
	if err != nil {
		b.Fatal(err)
	}
	return insert, db
}

// BenchmarkVerify is a whole verification of a thousand paid sales.
func BenchmarkVerify(b *testing.B) {
	l := open(b, b.TempDir())
	for i := range 1000 {
		paidSale(b, opNamed("bench", i)).append(b, l, 0)
	}
	var report ledger.Report
	for b.Loop() {
		var err error
		if report, err = l.Verify(b.Context()); err != nil || !report.Sound() {
			b.Fatal(err, report.Problems)
		}
	}
	b.ReportMetric(float64(report.Entries), "entries/op")
}

// BenchmarkBasketLine is one line more of a basket that has as many, made durable: what
// lies between a scan and the next.
func BenchmarkBasketLine(b *testing.B) {
	for _, lines := range []int{0, 100, 1000} {
		b.Run(fmt.Sprintf("behind-%d", lines), func(b *testing.B) {
			drafts := open(b, b.TempDir()).Baskets()
			var saves stopwatch
			for i := 0; b.Loop(); i++ {
				basket, id := newBasket(b, "till-1"), pos.BasketID(fmt.Sprint("basket", i))
				for range lines {
					basket = ring(b, basket, "muffin")
				}
				saved := 0
				for range 20 {
					basket = ring(b, basket, "flat white")
					stop := saves.time()
					save(b, drafts, id, basket, saved)
					if saved > 0 {
						stop()
					}
					saved = basket.Entries()
				}
			}
			b.ReportMetric(float64(saves.at(0.5).Microseconds()), "p50-us")
			b.ReportMetric(float64(saves.at(0.99).Microseconds()), "p99-us")
			b.ReportMetric(0, "ns/op")
		})
	}
}
