package sandbox_test

import (
	"testing"
	"testing/synctest"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

func TestAutomaticCustomerPays(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.WithPatron(sandbox.Automatic(3*time.Second)))
	id := r.create(nil).ID
	r.clock.advance(3*time.Second - time.Millisecond)
	r.wantStatus(id, api.StatusNew, "")
	r.clock.advance(time.Hour) // nobody looked before the expiry
	got := r.get(id)
	if got.Status != api.StatusPaid || got.UpdatedAt.Time() != start.Add(3*time.Second) {
		t.Errorf("%s at %s", got.Status, got.UpdatedAt)
	}
	if total := got.PaidBy.AssetTotals[0]; total.Description != "Centrapay NZD Test" {
		t.Errorf("paid by %+v", total)
	}
}

func TestAutomaticCustomerWhoIsTooSlow(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.WithPatron(sandbox.Automatic(120*time.Second)))
	id := r.create(nil).ID
	r.clock.advance(time.Hour)
	r.wantStatus(id, api.StatusExpired, "")
}

func TestAutomaticCustomerWaitsForConditions(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.WithPatron(sandbox.Automatic(2*time.Second)))
	answered, ignored := r.create(photoID()).ID, r.create(photoID()).ID
	r.clock.advance(10 * time.Second)
	if got := r.get(answered); got.Status != api.StatusNew || len(got.MerchantConditions) != 1 {
		t.Errorf("got %s with %v", got.Status, got.MerchantConditions)
	}
	ok[m](r, post, at(answered, acceptOne...), nil)
	r.clock.advance(time.Second)
	got := r.get(answered)
	if got.Status != api.StatusPaid || got.UpdatedAt.Time() != start.Add(10*time.Second) {
		t.Errorf("%s at %s", got.Status, got.UpdatedAt)
	}
	r.clock.advance(time.Hour)
	r.wantStatus(ignored, api.StatusExpired, "")
}

func TestAutomaticCustomerWhoCannotPayCancels(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.WithPatron(sandbox.Automatic(time.Second)))
	dear := r.create(m{"barcode": sandbox.BarcodeLowFunds, "value": nzd("2001")}).ID
	cheap := r.create(m{"barcode": sandbox.BarcodeLowFunds, "value": nzd("1500")}).ID
	r.clock.advance(2 * time.Second)
	r.wantStatus(dear, api.StatusCancelled, api.CancelledByPatron)
	r.wantStatus(cheap, api.StatusPaid, "")
	again := r.create(m{"barcode": sandbox.BarcodeLowFunds, "value": nzd("501")}).ID
	r.clock.advance(2 * time.Second)
	r.wantStatus(again, api.StatusCancelled, api.CancelledByPatron)
	r.void(cheap) // the money is back in the wallet
	after := r.create(m{"barcode": sandbox.BarcodeLowFunds, "value": nzd("2000")}).ID
	r.clock.advance(2 * time.Second)
	r.wantStatus(after, api.StatusPaid, "")
}

func TestEveryBuiltInBarcode(t *testing.T) {
	t.Parallel()
	for _, c := range sandbox.Customers() {
		if c.Barcode == "" || c.CodeExpired {
			continue
		}
		r := newRig(t)
		if got := r.create(m{"barcode": c.Barcode}); got.Barcode.String() != c.Barcode || got.PatronCodeID != c.PatronCodeID {
			t.Errorf("%s: created %+v", c.Name, got)
		}
	}
}

// The automatic customer can pay with every asset type that is held in a wallet.
func TestEveryWalletAssetTypePays(t *testing.T) {
	t.Parallel()
	for _, asset := range []api.AssetType{
		"centrapay.nzd.main", "quartz.nzd.main", "asb-payap.nzd.test", "epay.test", "stadius.main", "payap-debit.test",
	} {
		merchant := sandbox.Demo()
		merchant.AssetTypes = []api.AssetType{asset}
		r := newRig(t, sandbox.WithMerchants(merchant), sandbox.WithPatron(sandbox.Automatic(0)))
		p := r.create(nil)
		if got := r.get(p.ID); got.Status != api.StatusPaid || p.Liveness != asset.Liveness() {
			t.Errorf("%s: %s, liveness %s", asset, got.Status, p.Liveness)
		}
	}
}

// With the real clock the sandbox runs in virtual time as it is.
func TestVirtualTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		svc, err := sandbox.New(sandbox.WithPatron(sandbox.Automatic(40 * time.Second)))
		if err != nil {
			t.Fatal(err)
		}
		r := &rig{TB: t, svc: svc, key: sandbox.DemoAPIKey}
		id, polls := r.create(nil).ID, 0
		for r.get(id).Status == api.StatusNew {
			time.Sleep(time.Second)
			polls++
		}
		if polls != 40 {
			t.Errorf("paid after %d seconds, want 40", polls)
		}
	})
}
