package sandbox_test

import (
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// control opens the trainer's page; the forms of one payment are found by its code.
func (r *rig) control() *tab {
	r.Helper()
	return r.open("/sandbox/")
}

// act presses a button of one payment's card.
func (tb *tab) act(id, text string, filled ...string) {
	tb.Helper()
	card := tb.page.byID("r-" + id)
	if card == nil {
		tb.Fatalf("no payment %s on the page:\n%s", id, tb.page.words())
	}
	for _, form := range card.named("form") {
		for _, button := range form.named("button") {
			if button.words() == text {
				tb.submit(form, button, filled...)
				return
			}
		}
	}
	tb.Fatalf("no button %q in %s", text, card.words())
}

func TestControlPageListsPayments(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.control().shows(200, "Nobody has to pay anything at the moment.", "Customers: manual.", "None: everything works.", "1 August 2026")
	first := r.create(nil)
	r.clock.advance(75 * time.Second)
	second := r.create(m{"barcode": sandbox.BarcodeLowFunds})
	raiseIt(r, second.ID)
	tab := r.control()
	tab.shows(200, "$12.50 NZD "+first.ShortCode+" Waiting for the customer", "Age 1:15", "Time 0:45 left",
		second.ShortCode, "Waiting for staff. Staff are asked: “Please check ID”", "Customer Sam")
	cards := tab.page.named("article")
	if len(cards) != 2 || cards[0].attrs["id"] != "r-"+second.ID {
		t.Errorf("%d payments, the newest not first", len(cards))
	}
	if whose := cards[0].named("optgroup"); len(whose) != 1 || whose[0].attrs["label"] != "Sam" {
		t.Error("somebody else can pay what was asked of a scanned code")
	}
	r.clock.advance(time.Hour)
	tab = r.control()
	tab.shows(200, "Nobody has to pay anything at the moment.", first.ShortCode+" Expired")
	for range 60 {
		r.create(nil)
	}
	r.control().shows(200, "10 older ones are open, too.")
}

func TestControlPageActs(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	tab := r.control()
	tab.act(id, "Pay", "amount", "2.50", "wallet", "sandboxWalletSam")
	tab.shows(200, "Waiting for the other $10.00")
	tab.act(id, "Raise it", "message", "Are you over 18?", "who", "patron")
	tab.shows(200, "Waiting for the customer's answer", "The customer is asked: Are you over 18?")
	tab.act(id, "Pay")
	tab.shows(403, "Refused: PAYMENT_DECLINED. A payment condition has not been answered.")
	tab.act(id, "Say yes")
	tab.act(id, "Pay")
	tab.shows(200, "Paid $12.50")
	r.wantStatus(id, api.StatusPaid, "")
	r.wantHistory(id, api.ActivityRequest, api.ActivityPayment, api.ActivityAcceptCondition, api.ActivityPayment, api.ActivityPaid)
	cancelled, expired, declined, checked := r.create(nil).ID, r.create(nil).ID, r.create(nil).ID, r.create(m{"conditionsEnabled": nil}).ID
	tab = r.control()
	tab.act(cancelled, "Cancel")
	r.wantStatus(cancelled, api.StatusCancelled, api.CancelledByPatron)
	tab.act(expired, "Let it expire")
	r.wantStatus(expired, api.StatusExpired, "")
	tab.act(declined, "Raise it", "who", "patron")
	tab.act(declined, "Say no")
	r.wantStatus(declined, api.StatusCancelled, api.CancelledDeclinedByPatron)
	if card := tab.page.byID("r-" + checked); !strings.Contains(card.words(), "so it will be cancelled") {
		t.Error("nothing says what a condition does to a payment without conditions")
	}
	tab.act(checked, "Raise it")
	r.wantStatus(checked, api.StatusCancelled, api.CancelledPaymentDeclined)
	part := r.create(m{"partialAllowed": true, "basketAmount": "1250"}).ID
	r.control().act(part, "Pay", "amount", "5", "mode", "partial-payment")
	r.wantStatus(part, api.StatusPaid, "")
	stale := r.create(nil).ID
	tab = r.control()
	r.void(stale)
	tab.act(stale, "Cancel")
	tab.shows(403, "Refused: REQUEST_CANCELLED.", "Not done: Sandbox control")
	tokens := r.create(m{"configId": sandbox.DemoTokenConfigID, "value": nzd("550"), "lineItems": []m{{"name": "Flat white", "sku": sandbox.DemoTokenSKU, "qty": "1", "price": "550"}}}).ID
	tab = r.control()
	tab.act(tokens, "Pay", "wallet", sandbox.TokenCoffee1)
	r.wantStatus(tokens, api.StatusPaid, "")
}

func TestControlPageChangesTheWorld(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	tab := r.control()
	for _, odd := range []string{"", "tomorrow", "-1h", "0s"} {
		tab.press("Move the clock", "advance", odd)
		tab.shows(403, "Type how far the clock moves")
	}
	tab.press("Move the clock", "advance", "99999h")
	tab.shows(403, "Refused: the clock can be moved forward only, and by at most ten years in all.")
	tab.press("Move the clock", "advance", "25h")
	tab.shows(200, "2 August 2026", "moved forward by 25h0m")
	tab.press("Add the fault", "spec", "create:nonsense")
	tab.shows(403, "nonsense", "want ENDPOINT:KIND")
	tab.press("Add the fault", "spec", "create:status=503:1")
	tab.shows(200, "create:status=503", "struck 0 of 0 calls")
	if w := r.call(post, requests, coffee()); w.Code != 503 {
		t.Errorf("the fault struck with %d", w.Code)
	}
	tab = r.control()
	tab.shows(200, "struck 1 of 1 calls")
	tab.press("End all faults")
	tab.shows(200, "None: everything works.")
	tab.press("Top up", "amount", "a lot")
	tab.shows(403, "Type an amount in dollars and cents")
	tab.press("Top up", "amount", "5.50", "wallet", "sandboxWalletSam")
	tab.shows(200, "Sam: Centrapay NZD Test $25.50")
	if w := r.postForm("/sandbox/", do("fly")); w.Code != 403 {
		t.Errorf("an unknown button: %d", w.Code)
	}
}

// Only this machine gets to see the control page, under a name of its own.
func TestControlPageIsForThisMachine(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	for _, c := range []struct {
		caller, host string
		status       int
	}{
		{"127.0.0.1:40000", "127.0.0.1:4000", 200}, {"[::1]:40000", "localhost:4000", 200},
		{"192.168.1.20:40000", "192.168.1.5:4000", 403}, {"192.168.1.20:40000", "127.0.0.1:4000", 403}, {"127.0.0.1:40000", "evil.example", 403},
	} {
		for _, path := range []string{"/sandbox/", "/sandbox/version", "/sandbox/requests"} {
			req := httptest.NewRequestWithContext(t.Context(), get, path, nil)
			req.RemoteAddr, req.Host = c.caller, c.host
			if w := r.send(req); w.Code != c.status {
				t.Errorf("%s to %s%s: %d, want %d", c.caller, c.host, path, w.Code, c.status)
			}
		}
		if c.status == 200 {
			continue
		}
		req := httptest.NewRequestWithContext(t.Context(), post, "/sandbox/", strings.NewReader("do=cancel&id="+id))
		req.RemoteAddr, req.Host = c.caller, c.host
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if w := r.send(req); w.Code != 403 {
			t.Errorf("%s to %s cancels: %d", c.caller, c.host, w.Code)
		}
	}
	r.wantStatus(id, api.StatusNew, "")
	for _, path := range []string{"/sandbox/nothing/", "/sandbox//", "/sandbox/../sandbox/"} {
		if w := r.send(httptest.NewRequestWithContext(t.Context(), get, path, nil)); w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestControlPageVersion(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	version := func() string {
		req := httptest.NewRequestWithContext(t.Context(), get, "http://127.0.0.1:4000/sandbox/version", nil)
		req.RemoteAddr = "127.0.0.1:40000"
		return r.send(req).Body.String()
	}
	empty := version()
	r.clock.advance(time.Second)
	if version() != empty {
		t.Error("time alone makes another version")
	}
	id := r.create(nil).ID
	one := version()
	r.clock.advance(time.Second)
	if one == empty || version() != one || r.control().page.byID("main").attrs["data-version"] != one {
		t.Error("the version does not follow the payments")
	}
	raiseIt(r, id)
	if version() == one {
		t.Error("the version does not follow conditions")
	}
}

// What a trainer changed is still so after a restart: open payments, the clock, and
// what was put into wallets.
func TestControlPageAfterARestart(t *testing.T) {
	t.Parallel()
	file := sandbox.WithFile(filepath.Join(t.TempDir(), "sandbox.json"))
	first := newRig(t, file)
	tab := first.control()
	tab.press("Move the clock", "advance", "25h")
	tab.press("Top up", "amount", "5.50", "wallet", "sandboxWalletSam")
	code := first.create(nil).ShortCode
	first.svc.Close()
	newRig(t, file).control().shows(200, "moved forward by 25h0m", "Sam: Centrapay NZD Test $25.50", code+" Waiting for the customer")
}

// Who opens the bare address in a browser is shown the trainer's page; a program finds
// nothing there, nor does the network.
func TestBareAddress(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, c := range []struct {
		accept, from string
		status       int
	}{
		{"text/html,application/xhtml+xml,*/*;q=0.8", "127.0.0.1:40000", 303}, {"*/*", "127.0.0.1:40000", 404}, {"", "127.0.0.1:40000", 404},
		{"text/html", "192.168.1.7:40000", 404},
	} {
		req := httptest.NewRequestWithContext(t.Context(), get, "http://127.0.0.1:4000/", nil)
		req.RemoteAddr = c.from
		req.Header.Set("Accept", c.accept)
		if w := r.send(req); w.Code != c.status || c.status == 303 && w.Header().Get("Location") != "/sandbox/" {
			t.Errorf("%+v: %d %s", c, w.Code, w.Header())
		}
	}
}

// What the trainer's page proposes is what can be done.
func TestProposedFaultsCanBeAdded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	tab := r.control()
	options := tab.page.byID("specs").named("option")
	for _, o := range options {
		tab.press("Add the fault", "spec", o.attrs["value"])
		if tab.status != 200 {
			t.Errorf("%s is proposed, and refused", o.attrs["value"])
		}
	}
	if n := len(r.svc.Faults()); n != len(options) || n < 5 {
		t.Errorf("%d proposals made %d faults", len(options), n)
	}
}
