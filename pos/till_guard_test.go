package pos_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"centrapos/pos"
	"centrapos/pos/postest"
)

// beside gives a second till in another process, on the same ledger and service.
func (s *shop) beside(service string) *pos.Till {
	s.t.Helper()
	till := pos.NewTill(s.svc, s.ledger.Second(), pos.RandomIDs{}, service)
	s.t.Cleanup(till.Kill)
	return till
}

// TestOneOperationForEachReference: of many processes that ask at once for the same
// refund, one begins it and all others are given it, or are told that it is under way.
func TestOneOperationForEachReference(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{Latency: 50 * time.Millisecond}, func(t *testing.T, s *shop) {
		paid := s.bought()
		var all sync.WaitGroup
		var mu sync.Mutex
		ends := map[string]int{}
		for range 8 {
			till := s.beside("here")
			all.Go(func() {
				_, err := till.Refund(t.Context(), pos.Refund{Target: paid, Value: cents(500), ExternalRef: "R-1"})
				mu.Lock()
				defer mu.Unlock()
				ends[fmt.Sprint(err)]++
			})
		}
		all.Wait()
		time.Sleep(time.Second)
		if ends["<nil>"] != 1 || ends[pos.ErrElsewhere.Error()] != 7 {
			t.Errorf("%v", ends)
		}
		if n := len(s.ledger.Ops()); n != 2 {
			t.Errorf("%d operations for a sale and its refund", n)
		}
		if sum, times := s.refunded(paid.RequestID); times != 1 || !sum.Equal(cents(500)) {
			t.Errorf("%s was given back in %d refunds", sum, times)
		}
		op, err := s.beside("here").Refund(t.Context(), pos.Refund{Target: paid, Value: cents(500), ExternalRef: "R-1"})
		if err != nil || !op.Earlier() || op.State().Record.Outcome != pos.OutcomeRefunded {
			t.Errorf("asked again afterwards: %v", err)
		}
	})
}
