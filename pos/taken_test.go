package pos_test

import (
	"testing"
	"testing/synctest"
	"time"

	"centrapos/pos"
	"centrapos/pos/postest"
)

// TestTakenForDead lets a second till take over what a first has in hand that is not
// dead, but only looks so (its machine slept, its lock was lost): from then on the
// first can write nothing, and so does nothing that moves money.
func TestTakenForDead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sale pos.Sale
		play func(s *shop, first, second *pos.Till, op *pos.Operation)
	}{
		"the customer pays": {aSale(), func(s *shop, _, _ *pos.Till, _ *pos.Operation) { _ = s.svc.Pay(s.newest().ID) }},
		"staff stop at the first": {aSale(), func(_ *shop, _, _ *pos.Till, op *pos.Operation) {
			op.Stop(pos.WhyStaff)
		}},
		"a barcode":     {barcodeSale(), func(*shop, *pos.Till, *pos.Till, *pos.Operation) {}},
		"both closed":   {aSale(), func(s *shop, first, _ *pos.Till, _ *pos.Operation) { first.Drain(s.timeout(time.Minute)) }},
		"nobody is in":  {aSale(), func(*shop, *pos.Till, *pos.Till, *pos.Operation) {}},
		"without refs":  {blind(aSale()), func(s *shop, _, _ *pos.Till, _ *pos.Operation) { _ = s.svc.Pay(s.newest().ID) }},
		"a barcode, to": {blind(barcodeSale()), func(s *shop, _, _ *pos.Till, _ *pos.Operation) { _ = s.svc.Pay(s.newest().ID) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
				op := s.sell(c.sale)
				first := s.till
				s.ledger = s.ledger.Restart() // the first till's handle is dead from here on, the till is not
				s.till = pos.NewTill(s.svc, s.ledger, pos.RandomIDs{}, "here")
				voids := 0
				taken := s.recover()
				go c.play(s, first, s.till, op)
				for _, mine := range taken {
					s.closes(mine, 5*time.Minute)
				}
				voids = len(s.svc.Calls(postest.CallVoid))
				time.Sleep(10 * time.Minute)
				if n := len(s.svc.Calls(postest.CallVoid)); n != voids || len(s.svc.Calls(postest.CallCreate)) != 1 {
					t.Errorf("the till that was taken for dead voids and creates: %d voids, %d creates", n-voids, len(s.svc.Calls(postest.CallCreate)))
				}
				s.settled()
				first.Kill()
				synctest.Wait()
			})
		})
	}
}
