package sandbox_test

import (
	"slices"
	"testing"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// What ended 90 days ago is forgotten, in memory and in the file; what it took from
// wallets stays taken.
func TestLongEndedRequestsAreForgotten(t *testing.T) {
	t.Parallel()
	for name, rigOf := range map[string]func(*testing.T) *rig{
		"in memory": func(t *testing.T) *rig { return newRig(t) },
		"in a file": func(t *testing.T) *rig { return fileRig(t, filePath(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rigOf(t)
			paid, open := r.create(nil), r.create(withToken().with(m{"expirySeconds": 86400}))
			r.pay(paid.ID, m{"assetId": sandbox.WalletLowFunds})
			r.pay(open.ID, tokenBody("k1", sandbox.TokenCoffee1))
			r.pay(open.ID, payBody("k2"))
			held := r.create(m{"preAuth": true}).ID
			r.pay(held, nil)
			r.clock.advance(89 * day)
			late := r.create(nil).ID
			r.void(late)
			if all := must(r.svc.Requests())(t); len(all) != 4 {
				t.Fatalf("after 89 days there are %d", len(all))
			}
			r.clock.advance(2 * day)
			all := must(r.svc.Requests())(t)
			if len(all) != 2 || all[0].ID != late || all[1].ID != held {
				t.Fatalf("after 91 days there are %+v", all)
			}
			r.refused(403, "Forbidden", get, at(paid.ID), nil)
			r.refused(403, "Forbidden", get, at("short-code", paid.ShortCode), nil)
			if page := r.listed("T1-0042", ""); len(page.Items) != 2 {
				t.Errorf("by reference: %+v", page.Items)
			}
			wallets := must(r.svc.Wallets())(t)
			low := wallets[slices.IndexFunc(wallets, func(w sandbox.WalletState) bool { return w.ID == sandbox.WalletLowFunds })]
			coffee := wallets[slices.IndexFunc(wallets, func(w sandbox.WalletState) bool { return w.ID == sandbox.TokenCoffee1 })]
			if low.Balance != "750" || !coffee.Spent {
				t.Errorf("wallets %+v, %+v", low, coffee)
			}
			again := r.create(withToken()).ID
			r.refused(403, "INACTIVE_ASSET", post, at(again, "pay"), tokenBody("k", sandbox.TokenCoffee1))
			page := ok[api.Page[api.PaymentActivity]](r, get, "/api/payment-activities?merchantId="+sandbox.DemoMerchantID, nil)
			if len(page.Items) != 5 { // of three requests
				t.Errorf("activities %+v", page.Items)
			}
			if got := r.get(held); got.PreAuthStatus != api.PreAuthAuthorized {
				t.Errorf("the hold: %+v", got)
			}
			if a := r.release(held); a.Type != api.ActivityRelease {
				t.Errorf("released %+v", a)
			}
		})
	}
}

// The file of the next process is without what was forgotten, and with what it took.
func TestForgottenStaysSpentInTheNextProcess(t *testing.T) {
	t.Parallel()
	path := filePath(t)
	r := fileRig(t, path)
	id := r.create(withToken()).ID
	r.pay(id, tokenBody("k1", sandbox.TokenCoffee1))
	r.pay(id, payBody("k2"))
	c := &clock{t: start.Add(91 * day)}
	later := fileRig(t, path, sandbox.WithClock(c.now))
	later.clock = c
	fresh := later.create(withToken()).ID
	again := fileRig(t, path, sandbox.WithClock(c.now))
	if all := must(again.svc.Requests())(t); len(all) != 1 || all[0].ID != fresh {
		t.Errorf("requests %+v", all)
	}
	again.refused(403, "INACTIVE_ASSET", post, at(fresh, "pay"), tokenBody("k", sandbox.TokenCoffee1))
}
