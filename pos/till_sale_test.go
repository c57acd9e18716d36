package pos_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"centrapos/pos"
	"centrapos/pos/postest"
)

// TestChosenReferenceIsSoldOnce: of all who sell at once under one reference, in two
// processes, one does; once it is paid another has to be meant.
func TestChosenReferenceIsSoldOnce(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		code := func(err error) string {
			if input, ok := errors.AsType[*pos.InputError](err); ok {
				return input.Code
			}
			return ""
		}
		second := pos.NewTill(s.svc, s.ledger.Second(), pos.RandomIDs{}, "here")
		defer func() { second.Drain(t.Context()) }()
		ops := make([]*pos.Operation, 8)
		var wait sync.WaitGroup
		for i := range ops {
			wait.Go(func() {
				var err error
				ops[i], err = []*pos.Till{s.till, second}[i%2].Sell(t.Context(), aSale())
				if err != nil && code(err) != pos.CodeOutcomeUnknown {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		time.Sleep(500 * time.Millisecond)
		if n := len(s.svc.Requests()); n != 1 {
			t.Fatalf("%d payment requests", n)
		}
		s.must(s.svc.Pay(s.newest().ID))
		for _, op := range ops {
			if op != nil {
				s.closes(op, time.Minute)
			}
		}
		if _, err := s.till.Sell(t.Context(), aSale()); code(err) != pos.CodeRepeatReference {
			t.Errorf("after it was paid: %v", err)
		}
		meant := aSale()
		meant.Again = true
		op := s.sell(meant)
		s.must(s.svc.Pay(s.newest().ID))
		if rec := s.closes(op, time.Minute); rec.Outcome != pos.OutcomePaid {
			t.Errorf("meant: %s", rec.Outcome)
		}
	})
}
