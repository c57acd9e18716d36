//go:build unix

package cli

import (
	"context"
	"fmt"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/pos"
	"centrapos/pos/ledger"
)

// The ledger that TestStartOnALongLedger starts on in every test run; with
// -crash.sales it is as long as that flag says, and fullOpen are open.
const (
	quickSales, quickOpen = 300, 8
	fullOpen              = 50
)

// limits of a start. They leave room for a machine that is busy with other tests;
// what is aimed at is a first frame within a second.
const (
	slowestFrame = 4 * time.Second
	slowestCall  = 8 * time.Second
)

// TestStartOnALongLedger starts the till, and then recovery, on a ledger with many
// sales of which some are open: the screens stand at once, and everything is
// settled as fast as the limiter allows.
func TestStartOnALongLedger(t *testing.T) {
	t.Parallel()
	sales, open := quickSales, quickOpen
	if *crashSales > 0 {
		sales, open = *crashSales, fullOpen
	}
	s, g := openGatedShop(t)
	began := time.Now()
	sold := s.soldOnce()
	s.writePast(sales, sold)
	s.writeOpen(open, sold[:2])
	t.Logf("%d sales, of which %d are open, were written in %v", sales+open, open, time.Since(began).Round(time.Millisecond))

	till := s.startScreens(t.Context())
	till.pty.WaitText("TOTAL", soon)
	frame := till.pty.Since()
	till.kill()

	left := s.leftOpen(t.Context())
	g.disarm() // and count anew
	run, err := s.startRun(t.Context(), "recover", "--json")
	if err != nil {
		t.Fatal(err)
	}
	<-run.ended
	took, first, calls := time.Since(run.started), g.firstCall().Sub(run.started), g.count(sandbox.EndpointAny)
	t.Logf("first frame after %v; recovery of %d: first call after %v, all settled by %d calls in %v; the limiter allows that in %v",
		frame.Round(time.Millisecond), left, first.Round(time.Millisecond), calls, took.Round(time.Millisecond), allowed(calls).Round(time.Millisecond))
	if frame > slowestFrame {
		t.Errorf("the first frame took %v, want less than %v", frame, slowestFrame)
	}
	if first > slowestCall || took > first+allowed(calls)+slowestCall {
		t.Errorf("it took %v to the first call and %v to the end", first, took)
	}
	if run.code() != exitDone || s.leftOpen(t.Context()) > 0 {
		t.Errorf("exit %d, and %d are open: %s", run.code(), s.leftOpen(t.Context()), run.err.String())
	}
	for _, r := range s.requests() {
		if r.Status == api.StatusNew {
			t.Errorf("%s can still be paid", r.ID)
		}
	}
}

// allowed is how long the client's own limit makes so many calls take: a tenth of
// a minute's at once, and the rest spread over the minute.
func allowed(calls int) time.Duration {
	const atOnce, perSecond = api.DefaultCallsPerMinute / 10, api.DefaultCallsPerMinute * 9 / 10 / 60
	return time.Duration(max(0, calls-atOnce)) * time.Second / perSecond
}

// leftOpen counts what is not closed.
func (s *shop) leftOpen(ctx context.Context) int {
	book, err := s.book(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	defer book.Close() //nolint:errcheck // it was only read
	rows, err := book.Unfinished(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	return len(rows)
}

// soldOnce makes a sale as the program makes it, and gives its facts.
func (s *shop) soldOnce() []pos.Entry {
	s.t.Helper()
	sale := s.command("--json", "sale", "12.50")
	sale.during = func(*program) { s.must(s.service.Pay(s.shown(), sandbox.PayOptions{})) }
	if got := sale.run(s.t); got.code != exitDone {
		s.t.Fatalf("exit %d: %s", got.code, got.stdout)
	}
	ops, _, err := s.operations(s.t.Context())
	if err != nil || len(ops) != 1 {
		s.t.Fatalf("%d sales, %v", len(ops), err)
	}
	return ops[0].entries
}

// writePast writes sales that were paid into the ledger, through the ledger's own
// door, each like one that the program made.
func (s *shop) writePast(sales int, paid []pos.Entry) {
	s.t.Helper()
	s.write(func(book *ledger.Ledger) {
		for i := range sales {
			name := fmt.Sprintf("past%09d", i)
			when := paid[0].At.Add(time.Duration(i-sales) * time.Minute)
			s.append(book, pos.OpID(name), like(paid, when, "req-"+name, "PAST-"+name))
		}
	})
}

// writeOpen makes payment requests, and writes them into the ledger as a till left
// them that was killed: two in five wait for their customer, one was paid meanwhile,
// one was being voided, and of one the answer to the create was lost.
func (s *shop) writeOpen(open int, waiting []pos.Entry) {
	s.t.Helper()
	client, err := api.New(s.env["CENTRAPOS_API_URL"], api.WithAPIKey(plantedKey), api.WithLimiter(api.NewLimiter(60_000)))
	if err != nil {
		s.t.Fatal(err)
	}
	defer client.Close()
	s.write(func(book *ledger.Ledger) {
		for i := range open {
			ref := fmt.Sprintf("OPEN-%04d", i)
			made, _, err := client.PaymentRequests.Create(s.t.Context(), api.CreatePaymentRequest{
				ConfigID: sandbox.DemoConfigID, Value: api.Monetary{Amount: "1250", Currency: "NZD"}, ExternalRef: ref, ConditionsEnabled: true,
			})
			if err != nil {
				s.t.Fatal(err)
			}
			entries := like(waiting, time.Now(), made.ID, ref)
			switch i % 5 {
			case 0:
				s.must(s.service.Pay(made.ID, sandbox.PayOptions{}))
			case 1:
				entries = append(entries, pos.Entry{At: time.Now(), Fact: pos.StopWanted{Why: pos.WhyStaff}},
					pos.Entry{At: time.Now(), Fact: pos.VoidSent{RequestID: made.ID}})
			case 2:
				entries = entries[:1]
			}
			s.append(book, pos.OpID(fmt.Sprintf("open%09d", i)), entries)
		}
	})
}

// write opens the ledger for writing, as a till that then ends.
func (s *shop) write(work func(*ledger.Ledger)) {
	s.t.Helper()
	book, err := ledger.Open(s.t.Context(), s.bookDir())
	if err != nil {
		s.t.Fatal(err)
	}
	work(book)
	if err := book.Close(); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) append(book *ledger.Ledger, op pos.OpID, entries []pos.Entry) {
	s.t.Helper()
	if err := book.Append(s.t.Context(), op, entries, pos.Replay(entries).Summary(op)); err != nil {
		s.t.Fatal(err)
	}
}

// like gives the facts of a sale as those of another one, begun at another time.
func like(entries []pos.Entry, begun time.Time, id, ref string) []pos.Entry {
	later := begun.Sub(entries[0].At)
	other := make([]pos.Entry, len(entries))
	for i, e := range entries {
		e.At = e.At.Add(later)
		switch f := e.Fact.(type) {
		case pos.Opened:
			sale := *f.Sale
			sale.ExternalRef, f.Sale = ref, &sale
			e.Fact = f
		case pos.Adopted:
			f.Request = likeRequest(f.Request, later, id, ref)
			e.Fact = f
		case pos.Noted:
			f.Request = likeRequest(f.Request, later, id, ref)
			e.Fact = f
		}
		other[i] = e
	}
	return other
}

func likeRequest(r pos.Request, later time.Duration, id, ref string) pos.Request {
	r.ID, r.ShortCode, r.ExternalRef = id, "CP-"+ref, ref
	r.CreatedAt, r.ExpiresAt = r.CreatedAt.Add(later), r.ExpiresAt.Add(later)
	return r
}
