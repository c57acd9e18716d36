package pos_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"centrapos/pos"
	"centrapos/pos/postest"
)

// summaryWatch holds every summary against the facts it stands beside.
type summaryWatch struct {
	*postest.Ledger
	t       *testing.T
	appends int
}

func (l *summaryWatch) Append(ctx context.Context, op pos.OpID, entries []pos.Entry, summary pos.Summary) error {
	before, err := l.Ledger.Entries(ctx, op)
	if err != nil {
		return err
	}
	l.appends++
	if want := pos.Replay(append(before, entries...)).Summary(op); summary.Closed != want.Closed || summary.Outcome != want.Outcome || summary.Status != want.Status {
		l.t.Errorf("the summary says %+v, the facts %+v", summary, want)
	}
	return l.Ledger.Append(ctx, op, entries, summary)
}

// slowDisk is a ledger that looks at what the screen shows while it writes.
type slowDisk struct {
	*postest.Ledger
	op atomic.Pointer[pos.Operation]
	t  *testing.T
}

func (l *slowDisk) Append(ctx context.Context, op pos.OpID, entries []pos.Entry, summary pos.Summary) error {
	if screen := l.op.Load(); screen != nil {
		for _, e := range entries {
			switch e.Fact.(type) {
			case pos.Adopted:
				if screen.State().Record.Request.ID != "" {
					l.t.Error("the code is shown before its request is written down")
				}
			case pos.Ended:
				if screen.State().Phase() == pos.PhaseEnded {
					l.t.Error("the end is shown before it is written down")
				}
			}
		}
	}
	time.Sleep(200 * time.Millisecond)
	return l.Ledger.Append(ctx, op, entries, summary)
}

func TestWhatIsShownIsWritten(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{Latency: 100 * time.Millisecond}, func(t *testing.T, s *shop) {
		s.till.Kill()
		disk := &slowDisk{Ledger: s.ledger, t: t}
		s.till = pos.NewTill(s.svc, disk, pos.RandomIDs{}, "here")
		op, err := s.till.Sell(t.Context(), aSale())
		s.must(err)
		disk.op.Store(op)
		time.Sleep(2 * time.Second)
		s.must(s.svc.Pay(s.newest().ID))
		if rec := s.closes(op, 3*time.Second); rec.Outcome != pos.OutcomePaid {
			t.Errorf("%s", rec.Outcome)
		}
	})
}

func TestSellFillsInWhatIsMissing(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		sale := aSale()
		sale.ExternalRef, sale.Expiry = "", 0
		rec := s.sell(sale).State().Record
		if !strings.HasPrefix(rec.Sale.ExternalRef, "TILL1-") || rec.Sale.Expiry != pos.DefaultExpiry || rec.Service != "here" {
			t.Errorf("%+v", rec.Sale)
		}
		if s.newest().ExternalRef != rec.Sale.ExternalRef {
			t.Errorf("sent %q", s.newest().ExternalRef)
		}
	})
}

func TestBadSalesAreNotEvenWritten(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		sale := aSale()
		sale.Amount = cents(0)
		if _, err := s.till.Sell(t.Context(), sale); code(err) != pos.CodeInvalidAmount {
			t.Errorf("%v", err)
		}
		if _, err := s.till.Void(t.Context(), pos.Target{}); code(err) != pos.CodeInvalidSale {
			t.Errorf("%v", err)
		}
		if len(s.ledger.Ops()) != 0 || len(s.svc.Calls()) != 0 {
			t.Error("written or sent")
		}
	})
}

func TestVoidThroughTheTill(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		sale := s.sell(aSale())
		id := s.newest().ID
		s.must(s.svc.Pay(id))
		s.closes(sale, 2*time.Second)
		s.svc.Next(postest.CallVoid, postest.HangAfter)
		op, err := s.till.Void(t.Context(), pos.Target{RequestID: id, Value: cents(1250)})
		s.must(err)
		rec := s.closes(op, 20*time.Second)
		if rec.Outcome != pos.OutcomeVoided || !rec.Returned.Equal(cents(1250)) || s.svc.Holds(id) {
			t.Errorf("%s, given back %s", rec.Outcome, rec.Returned)
		}
		again, err := s.till.Void(t.Context(), pos.Target{RequestID: id, Value: cents(1250)})
		s.must(err)
		if rec := s.closes(again, 20*time.Second); rec.Outcome != pos.OutcomeRefused || rec.Refusal.Code != pos.RefusedAlreadyRefunded {
			t.Errorf("a second void: %s, %v", rec.Outcome, rec.Refusal)
		}
	})
}

func TestDrainVoidsWhatIsOpen(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{Latency: 300 * time.Millisecond}, func(t *testing.T, s *shop) {
		op := s.sell(aSale())
		time.Sleep(3 * time.Second)
		began := time.Now()
		if drained := s.till.Drain(s.timeout(30 * time.Second)); len(drained) != 1 || drained[0] != op {
			t.Errorf("drained %v", drained)
		}
		if rec := s.closes(op, time.Millisecond); rec.Outcome != pos.OutcomeCancelled || rec.Stop != pos.WhyShutdown || time.Since(began) > time.Second {
			t.Errorf("%s, %s after %s", rec.Outcome, rec.Stop, time.Since(began))
		}
		if _, err := s.till.Sell(t.Context(), aSale()); !errors.Is(err, pos.ErrTillClosed) {
			t.Errorf("a sale after closing: %v", err)
		}
		s.settled()
	})
}

func TestDrainOfAPaymentThatArrives(t *testing.T) {
	t.Parallel()
	for _, staysPaid := range []bool{false, true} {
		inShop(t, postest.Options{Latency: 300 * time.Millisecond, VoidedStaysPaid: staysPaid}, func(t *testing.T, s *shop) {
			op := s.sell(aSale())
			time.Sleep(700 * time.Millisecond)
			s.must(s.svc.Pay(s.newest().ID))
			s.till.Drain(s.timeout(30 * time.Second))
			rec := s.closes(op, time.Millisecond)
			if rec.Outcome.Successful() == rec.Returned.IsKnown() {
				t.Errorf("%s, given back %v", rec.Outcome, rec.Returned)
			}
			s.settled()
		})
	}
}

func TestDrainWhileCreating(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		s.svc.Next(postest.CallCreate, postest.Slow(3*time.Second))
		op, err := s.till.Sell(t.Context(), aSale())
		s.must(err)
		s.till.Drain(s.timeout(30 * time.Second))
		if rec := s.closes(op, time.Millisecond); rec.Outcome != pos.OutcomeCancelled {
			t.Errorf("%s", rec.Outcome)
		}
		s.settled()
	})
}

func TestDrainLeavesToRecoveryWhatItCannotEnd(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		op := s.sell(aSale())
		s.svc.Always(postest.HangBefore)
		began := time.Now()
		s.till.Drain(s.timeout(5 * time.Second))
		if waited := time.Since(began); waited != 5*time.Second {
			t.Errorf("drained for %s", waited)
		}
		if s.ledger.Record(op.ID()).Closed() {
			t.Error("closed without an answer")
		}
		s.svc.Heal()
		s.restart()
		ops := s.recover()
		if len(ops) != 1 || ops[0].ID() != op.ID() {
			t.Fatalf("recovered %v", ops)
		}
		if rec := s.closes(ops[0], 20*time.Second); rec.Outcome != pos.OutcomeCancelled {
			t.Errorf("%s", rec.Outcome)
		}
		s.settled()
	})
}

func TestRecoverLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		s.sell(aSale())
		other := pos.NewTill(s.svc, s.ledger.Second(), pos.RandomIDs{}, "here")
		defer other.Kill()
		if ops, err := other.Recover(t.Context()); err != nil || len(ops) != 0 {
			t.Errorf("took %v from a living till, %v", ops, err)
		}
		s.ledger = s.ledger.Restart()
		elsewhere := pos.NewTill(s.svc, s.ledger, pos.RandomIDs{}, "elsewhere")
		defer elsewhere.Kill()
		if ops, err := elsewhere.Recover(t.Context()); err != nil || len(ops) != 0 {
			t.Errorf("took %v from another service, %v", ops, err)
		}
	})
}

// A ledger that cannot be written at that moment does not keep recovery from
// what it has claimed: nobody else could take it up.
func TestRecoveryOutlastsLedgerTrouble(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		for _, ref := range []string{"T1-0001", "T1-0002"} {
			sale := aSale()
			sale.ExternalRef = ref
			s.sell(sale)
		}
		s.must(s.svc.Pay(s.svc.Requests()[0].ID))
		s.restart()
		s.ledger.FailNext(3, errDisk)
		ops := s.recover()
		if len(ops) != 2 {
			t.Fatalf("recovered %v", ops)
		}
		if rec := s.closes(ops[0], 20*time.Second); rec.Outcome != pos.OutcomePaid {
			t.Errorf("%s", rec.Outcome)
		}
		if rec := s.closes(ops[1], 20*time.Second); rec.Outcome != pos.OutcomeVoided {
			t.Errorf("%s", rec.Outcome)
		}
		s.settled()
	})
}

// unreadable is a ledger that cannot read one operation.
type unreadable struct {
	*postest.Ledger
	op pos.OpID
}

func (l *unreadable) Entries(ctx context.Context, op pos.OpID) ([]pos.Entry, error) {
	if op == l.op {
		return nil, errDisk
	}
	return l.Ledger.Entries(ctx, op)
}

func TestRecoveryGoesOnPastWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		first := s.sell(aSale())
		s.sell(named("T1-0002"))
		s.restart()
		s.till = pos.NewTill(s.svc, &unreadable{Ledger: s.ledger, op: first.ID()}, pos.RandomIDs{}, "here")
		ops, err := s.till.Recover(t.Context())
		if len(ops) != 1 || !errors.Is(err, errDisk) || !strings.Contains(err.Error(), string(first.ID())) {
			t.Fatalf("%v, %v", ops, err)
		}
		s.closes(ops[0], 20*time.Second)
	})
}

// TestWhoseReference: the record says whether somebody chose a sale's reference, since
// only one that the till has minted is certainly of this sale alone.
func TestWhoseReference(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		given := func(ref string) bool {
			sale := aSale()
			sale.ExternalRef = ref
			op, err := s.till.Sell(t.Context(), sale)
			s.must(err)
			return s.ledger.Record(op.ID()).Sale.RefGiven
		}
		minted := s.till.NewRef("till-1")
		if given("") || given(minted) {
			t.Error("a minted reference counts as chosen")
		}
		if !given("A-1041") || !given(pos.RandomIDs{}.NewRef("till-1")) {
			t.Error("a chosen reference counts as minted")
		}
	})
}
