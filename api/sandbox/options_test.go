package sandbox_test

import (
	"testing"

	"centrapos/api"
	"centrapos/api/sandbox"
)

func TestOptionsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	change := func(f func(*sandbox.Merchant)) sandbox.Option {
		merchant := sandbox.Demo()
		f(&merchant)
		return sandbox.WithMerchants(merchant)
	}
	twice := sandbox.Demo()
	twice.APIKey = "another"
	for name, option := range map[string]sandbox.Option{
		"no merchant":           sandbox.WithMerchants(),
		"merchant without key":  change(func(m *sandbox.Merchant) { m.APIKey = "" }),
		"merchant without id":   change(func(m *sandbox.Merchant) { m.ID = "" }),
		"two livenesses":        change(func(m *sandbox.Merchant) { m.AssetTypes = append(m.AssetTypes, "paypal.main") }),
		"no liveness":           change(func(m *sandbox.Merchant) { m.AssetTypes = []api.AssetType{"paypal"} }),
		"one config twice":      sandbox.WithMerchants(sandbox.Demo(), twice),
		"one key twice":         sandbox.WithKeys(sandbox.Key{Secret: sandbox.DemoAPIKey, Name: "x", Role: sandbox.RoleAccountOwner}),
		"unknown role":          sandbox.WithKeys(sandbox.Key{Secret: "x", Name: "x", Role: "king"}),
		"wallet twice":          sandbox.WithCustomers(append(sandbox.Customers(), sandbox.Customers()...)...),
		"no clock":              sandbox.WithClock(nil),
		"no observer":           sandbox.WithObserver(nil),
		"relative pay URL":      sandbox.WithPayURL("/pay"),
		"negative rate limit":   sandbox.WithRateLimit(-1),
		"fault made of nothing": sandbox.WithFaults(sandbox.Fault{}),
	} {
		if svc, err := sandbox.New(option); err == nil {
			t.Errorf("%s: got a sandbox", name)
			svc.Close()
		}
	}
}

func TestPayURL(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{"https://pay.example/p": "https://pay.example/p/", "http://localhost:1/": "http://localhost:1/"} {
		r := newRig(t, sandbox.WithPayURL(base))
		if p := r.create(nil); p.URL != want+p.ID {
			t.Errorf("%s gives %s", base, p.URL)
		}
	}
}

func TestSeedRepeatsIds(t *testing.T) {
	t.Parallel()
	a, b, other := newRig(t).create(nil), newRig(t).create(nil), newRig(t, sandbox.WithSeed(7)).create(nil)
	if a.ID != b.ID || a.ShortCode != b.ShortCode || a.ID == other.ID {
		t.Errorf("ids %s, %s, %s", a.ID, b.ID, other.ID)
	}
	unseeded, err := sandbox.New()
	if err != nil {
		t.Fatal(err)
	}
	if c := (&rig{TB: t, svc: unseeded, key: sandbox.DemoAPIKey}).create(nil); c.ID == a.ID {
		t.Error("without a seed the ids are known beforehand")
	}
}

func TestTokenOptionAndCollections(t *testing.T) {
	t.Parallel()
	merchant := sandbox.Demo()
	merchant.AssetTypes = []api.AssetType{"centrapay.nzd.test", "centrapay.token.test"}
	merchant.Collections = []sandbox.Collection{{ID: "c_coffee", SKUs: []string{"GH1"}}, {ID: "c_mugs", SKUs: []string{"SB4"}}}
	r := newRig(t, sandbox.WithMerchants(merchant))
	lines := m{"lineItems": []m{{"name": "Grounds", "sku": "GH1", "qty": "1", "price": "1000"}, {"name": "Scone", "qty": "1", "price": "250"}}}
	p := r.create(lines)
	if len(p.PaymentOptions) != 2 || p.PaymentOptions[1].Amount != "1000" || p.PaymentOptions[1].AcceptedCollections[0].ID != "c_coffee" {
		t.Errorf("options %+v", p.PaymentOptions)
	}
	if p := r.create(lines.with(m{"collectionId": "c_mugs"})); len(p.PaymentOptions) != 1 {
		t.Errorf("options for another collection %+v", p.PaymentOptions)
	}
	if p := r.create(nil); len(p.PaymentOptions) != 1 {
		t.Errorf("options without lines %+v", p.PaymentOptions)
	}
}
