package ledger_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"centrapos/pos"
	"centrapos/pos/ledger"
	"centrapos/pos/postest"
)

// past and unfinished are what a till finds in BenchmarkLongRecord.
const past, unfinished = 100_000, 50

// BenchmarkLongRecord measures a till on a record of 100,000 past sales, 50 of which a
// till that was killed left open. What takes long is done once.
func BenchmarkLongRecord(b *testing.B) {
	dir, svc := b.TempDir(), postest.NewService(postest.Options{})
	longPast(b, dir, svc)
	if info, err := os.Stat(filepath.Join(dir, "ledger.db")); err == nil {
		b.Logf("%d MB", info.Size()>>20)
	}
	b.Run("start", func(b *testing.B) { benchStart(b, dir) })
	b.Run("history", func(b *testing.B) { benchHistory(b, dir) })
	b.Run("find", func(b *testing.B) { benchFind(b, dir) })
	for _, once := range []struct {
		name    string
		measure func(b *testing.B) time.Duration
	}{
		{"check-all", func(b *testing.B) time.Duration { return checkAll(b, dir) }},
		{"backup", func(b *testing.B) time.Duration { return backup(b, dir) }},
		{"recovery", func(b *testing.B) time.Duration { return recovery(b, dir, svc) }},
	} {
		var took time.Duration
		b.Run(once.name, func(b *testing.B) {
			if took == 0 {
				took = once.measure(b)
			}
			b.ReportMetric(float64(took.Milliseconds()), "ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// lister does what a till that starts does until its first screen shows what is
// unfinished, says how many payments that are, and ends.
func lister(ctx context.Context, args []string) error {
	l, err := ledger.Open(ctx, args[0])
	if err != nil {
		return err
	}
	rows, err := l.Unfinished(ctx)
	if err != nil {
		return err
	}
	fmt.Println(len(rows))
	return l.Close()
}

// benchStart starts a process until it knows what is unfinished, with the check of the
// start, when the till before it was closed and the file is in the system's cache.
func benchStart(b *testing.B, dir string) {
	var starts stopwatch
	for b.Loop() {
		stop := starts.time()
		till := start(b, "lister", dir)
		if n := till.line(); n != fmt.Sprint(unfinished) {
			b.Fatalf("%s are unfinished", n)
		}
		stop()
		till.wait()
	}
	b.ReportMetric(float64(starts.at(0.5).Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(starts.at(1).Microseconds())/1000, "max-ms")
}

func benchHistory(b *testing.B, dir string) {
	r := readOnly(b, dir)
	began := time.Now()
	if err := r.PrepareHistory(b.Context()); err != nil {
		b.Fatal(err)
	}
	prepared := time.Since(began)
	searches := map[string]ledger.Search{
		"first-page": {}, "a-far-page": {After: past / 2}, "text-of-all": {Text: "till1-past"},
		"text-of-one": {Text: "past00000007"}, "text-of-none": {Text: "no such thing"}, "open": {Outcomes: []pos.Outcome{pos.OutcomeOpen}},
		"amount-of-none": {Amount: nzd(b, "1.23")}, "code": {Text: "SCPAST00051"}, "day-of-none": {Until: time.Unix(0, 0)},
	}
	watches := map[string]*stopwatch{}
	var all stopwatch
	for b.Loop() {
		for name, search := range searches {
			if watches[name] == nil {
				watches[name] = &stopwatch{}
			}
			stop, stopAll := watches[name].time(), all.time()
			if _, err := r.History(b.Context(), search); err != nil {
				b.Fatal(err)
			}
			stopAll()
			stop()
		}
	}
	for name, watch := range watches {
		b.Logf("%s: p50 %v, p95 %v, p99 %v of %d", name, watch.at(0.5), watch.at(0.95), watch.at(0.99), len(watch.laps))
	}
	b.ReportMetric(float64(prepared.Milliseconds()), "prepare-ms")
	b.ReportMetric(float64(all.at(0.99).Microseconds())/1000, "p99-ms")
}

func benchFind(b *testing.B, dir string) {
	r := readOnly(b, dir)
	var all stopwatch
	for i := 0; b.Loop(); i++ {
		for _, key := range []string{"%s", "req-%s", "till1-%s", "sc%s", "sc-%s", "no-%s"} {
			stop := all.time()
			if _, err := r.Find(b.Context(), fmt.Sprintf(key, opNamed("past", i%past))); err != nil {
				b.Fatal(err)
			}
			stop()
		}
	}
	b.ReportMetric(float64(all.at(0.99).Microseconds())/1000, "p99-ms")
}

func checkAll(b *testing.B, dir string) time.Duration {
	b.Helper()
	l := open(b, dir)
	began := time.Now()
	if report, err := l.CheckAll(b.Context()); err != nil || !report.Sound() {
		b.Fatal(report.Problems, err)
	}
	return time.Since(began)
}

func backup(b *testing.B, dir string) time.Duration {
	b.Helper()
	r := readOnly(b, dir)
	began := time.Now()
	if report, err := r.Backup(b.Context(), filepath.Join(b.TempDir(), "copy")); err != nil || !report.Sound() {
		b.Fatal(report.Problems, err)
	}
	return time.Since(began)
}

// recovery settles what was left open, by a service that answers at once.
func recovery(b *testing.B, dir string, svc *postest.Service) time.Duration {
	b.Helper()
	began := time.Now()
	l, err := ledger.Open(b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
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
	return settled
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
