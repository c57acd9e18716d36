package sandbox_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// crowd is several who call one sandbox at the same time, about the same requests.
type crowd struct {
	*rig
	mu  sync.Mutex
	ids []string
	// answers are those of calls under a key that succeeded, by what was asked.
	answers map[string]string
}

func (c *crowd) pick(random *rand.Rand) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ids[random.IntN(len(c.ids))]
}

func (c *crowd) create(random *rand.Rand) {
	body := m{"value": nzd(fmt.Sprint(1 + random.IntN(300))), "preAuth": random.IntN(3) == 0, "expirySeconds": 86400}
	id := c.rig.create(body).ID
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ids = append(c.ids, id)
}

// keyed makes a call under a key: whoever makes the same one is answered the same.
func (c *crowd) keyed(id, path string, body m) {
	w := c.call(post, at(id, path), body)
	if w.Code != 200 {
		if w.Code != 400 && w.Code != 403 {
			c.Errorf("%s %v: %d %s", path, body, w.Code, w.Body)
		}
		return
	}
	what := fmt.Sprint(id, path, body)
	c.mu.Lock()
	defer c.mu.Unlock()
	if first, made := c.answers[what]; made && first != w.Body.String() {
		c.Errorf("%s was answered %s, and %s", what, first, w.Body)
	}
	c.answers[what] = w.Body.String()
}

// step makes one call of any kind.
func (c *crowd) step(random *rand.Rand) {
	id, one := c.pick(random), 1+random.IntN(3)
	switch random.IntN(12) {
	case 0:
		c.create(random)
	case 1, 2:
		c.keyed(id, "pay", payBody(fmt.Sprint("k", one)).with(m{"assetId": purse}))
	case 3:
		c.keyed(id, "pay", payBody(fmt.Sprint("k", one)).with(m{"assetId": purse, "amount": "10", "mode": "multi-asset-payment"}))
	case 4, 5:
		c.keyed(id, "refund", back(fmt.Sprint(one), fmt.Sprint("R-", one)))
	case 6:
		c.keyed(id, "refund", back("1", fmt.Sprint("R-", one)).with(m{"confirmationIdempotencyKey": "c1"}))
	case 7, 8:
		c.keyed(id, "confirm", draw("5", fmt.Sprint("c", one)))
	case 9:
		c.call(post, at(id, []string{"void", "release"}[random.IntN(2)]), nil)
	case 10:
		_ = c.svc.Pay(id, sandbox.PayOptions{AssetID: purse})
	case 11:
		c.get(id)
		c.clock.advance(time.Second)
	}
}

// Whoever calls at the same time: each cent is in one place, a key has one effect,
// and nothing happens to a request that has ended.
func TestRandomCallsAtOnce(t *testing.T) {
	t.Parallel()
	const callers = 8
	customers := sandbox.Customers()
	balance := decimal.NewFromInt(1_000_000_000)
	customers[0].Wallets = append(customers[0].Wallets, sandbox.Wallet{ID: purse, AssetType: "centrapay.nzd.test", Balance: &balance})
	var counted tally
	c := &crowd{rig: newRig(t, sandbox.WithCustomers(customers...), sandbox.WithObserver(counted.see)), answers: map[string]string{}}
	c.create(rand.New(rand.NewPCG(0, 0)))
	var all sync.WaitGroup
	for i := range uint64(callers) {
		all.Go(func() {
			for random := rand.New(rand.NewPCG(1, i)); counted.calls.Load() < *leastCalls; {
				c.step(random)
			}
		})
	}
	all.Wait()
	counted.histories.Store(callers)
	counted.enough(t)
	kept := decimal.Zero
	for _, s := range must(c.svc.Requests())(t) {
		if err := moneyOf(s); err != nil {
			t.Errorf("%s: %v", s.ID, err)
		}
		if err := recordOf(s); err != nil {
			t.Errorf("%s: %v in %+v", s.ID, err, s.Activities)
		}
		f := flows(s)
		kept = kept.Add(f.paid).Sub(f.back)
	}
	wallets := must(c.svc.Wallets())(t)
	left := wallets[slices.IndexFunc(wallets, func(w sandbox.WalletState) bool { return w.ID == purse })].Balance.Decimal()
	if !left.Add(kept).Equal(balance) {
		t.Errorf("the purse has %s left of %s, and %s is kept", left, balance, kept)
	}
}

// recordOf reads the activities of a request in their order: none has a number, a
// key or a reference of another, and none comes after the end.
func recordOf(s sandbox.Snapshot) error {
	seen := map[string]bool{}
	var ended, released, paid bool
	for _, a := range slices.Backward(s.Activities) {
		names := []string{"number " + a.ActivityNumber.String()}
		if a.IdempotencyKey != "" {
			names = append(names, string(a.Type)+" with the key "+a.IdempotencyKey)
		}
		if a.ExternalRef != "" {
			names = append(names, string(a.Type)+" with the reference "+a.ExternalRef)
		}
		for _, name := range names {
			if seen[name] {
				return fmt.Errorf("a second %s", name)
			}
			seen[name] = true
		}
		switch {
		case ended:
			return fmt.Errorf("a %s after the end", a.Type)
		case released && a.ConfirmationIdempotencyKey == "":
			return fmt.Errorf("a %s after the release", a.Type)
		case paid && !a.Type.Is(api.ActivityRefund):
			return fmt.Errorf("a %s of what is paid", a.Type)
		}
		ended = a.Type.Is(api.ActivityCancellation) || a.Type.Is(api.ActivityExpiry)
		released = released || a.Type.Is(api.ActivityRelease)
		paid = paid || a.Type.Is(api.ActivityPaid)
	}
	last := s.Activities[0].Type // of a paid one, a void's refund is the last
	if s.Status == api.StatusCancelled && !ended && !last.Is(api.ActivityRefund) {
		return fmt.Errorf("it is %s after a %s", s.Status, last)
	}
	return nil
}
