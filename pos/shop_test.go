package pos_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"centrapos/pos"
	"centrapos/pos/postest"
)

// shop is a till with its service and its ledger, in virtual time.
type shop struct {
	t      *testing.T
	svc    *postest.Service
	ledger *postest.Ledger
	till   *pos.Till
}

// inShop runs a test in virtual time at a till of a service.
func inShop(t *testing.T, o postest.Options, test func(*testing.T, *shop)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &shop{t: t, svc: postest.NewService(o), ledger: postest.NewLedger()}
		s.till = pos.NewTill(s.svc, s.ledger, pos.RandomIDs{}, "here")
		test(t, s)
		s.till.Kill()
		synctest.Wait()
	})
}

// sell begins a sale and lets half a second pass, so that it is shown.
func (s *shop) sell(sale pos.Sale) *pos.Operation {
	s.t.Helper()
	op, err := s.till.Sell(s.t.Context(), sale)
	if err != nil {
		s.t.Fatal(err)
	}
	time.Sleep(500 * time.Millisecond)
	synctest.Wait()
	return op
}

// closes waits until nothing is left to do, and gives the record.
func (s *shop) closes(op *pos.Operation, patience time.Duration) pos.Record {
	s.t.Helper()
	select {
	case <-op.Closed():
	case <-time.After(patience):
		s.t.Fatalf("not closed after %s: %+v", patience, op.State())
	}
	rec := op.State().Record
	if stored := s.ledger.Record(op.ID()); !sameRecord(stored, rec) {
		s.t.Errorf("the ledger gives\n%+v\nand memory holds\n%+v", stored, rec)
	}
	return rec
}

// restart ends the till as the loss of power does, and begins the next process.
func (s *shop) restart() {
	s.ledger = s.ledger.Restart()
	s.till.Kill()
	s.till = pos.NewTill(s.svc, s.ledger, pos.RandomIDs{}, "here")
}

func (s *shop) recover() []*pos.Operation {
	s.t.Helper()
	ops, err := s.till.Recover(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return ops
}

// newest is the payment request made last.
func (s *shop) newest() pos.Request {
	s.t.Helper()
	req, found := s.svc.Newest()
	if !found {
		s.t.Fatal("no payment request was made")
	}
	return req
}

// must fails the test on an error.
func (s *shop) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// settled holds what is true of a sale when all is over: money that the service
// holds is known to be paid and nothing else is, and nobody can pay any more.
func (s *shop) settled() {
	s.t.Helper()
	known := map[string]bool{}
	for _, op := range s.ledger.Ops() {
		rec := s.ledger.Record(op)
		if !rec.Closed() {
			s.t.Errorf("left open: %+v", rec)
		}
		switch rec.Kind {
		case pos.KindVoid: // it comes behind its sale
			if rec.Outcome != pos.OutcomeNotMade {
				known[rec.Request.ID] = false
			}
		case pos.KindSale:
			known[rec.Request.ID] = rec.Outcome.Successful()
		case pos.KindRefund, pos.KindConfirm, pos.KindRelease:
			s.toldTruly(rec)
			if rec.Outcome == pos.OutcomeReleased {
				known[rec.Request.ID] = false
			}
		}
	}
	for _, req := range s.svc.Requests() {
		if s.svc.Holds(req.ID) != known[req.ID] {
			s.t.Errorf("%s: money held %v, known as paid %v", req.ID, s.svc.Holds(req.ID), known[req.ID])
		}
		if s.svc.Payable(req.ID) {
			s.t.Errorf("%s can be paid, and nobody watches it", req.ID)
		}
	}
}

// toldTruly holds what the ledger says of an action against what the service did:
// as often as it was done, it says so, once.
func (s *shop) toldTruly(rec pos.Record) {
	s.t.Helper()
	did := s.did(rec)
	told := rec.Outcome == doneOutcomes[rec.Kind]
	if did > 1 || told != (did == 1) {
		s.t.Errorf("the service did the %s %d times, and the ledger says %q", rec.Kind, did, rec.Outcome)
	}
}

// did counts how often the service did an action.
func (s *shop) did(rec pos.Record) int {
	did := 0
	for _, a := range s.svc.History(rec.Target.RequestID) {
		switch {
		case rec.Kind == pos.KindRefund && a.Is(pos.ActivityRefund) && a.ExternalRef == rec.Reference(),
			rec.Kind == pos.KindConfirm && a.Is(pos.ActivityConfirmation) && a.Key == rec.Reference(),
			rec.Kind == pos.KindRelease && a.Is(pos.ActivityRelease):
			did++
		}
	}
	return did
}

// timeout is a context that ends after some time.
func (s *shop) timeout(d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(s.t.Context(), d)
	s.t.Cleanup(cancel)
	return ctx
}

// named is a sale with another reference.
func named(ref string) pos.Sale {
	sale := aSale()
	sale.ExternalRef = ref
	return sale
}
