package sandbox_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// The customer is who they say, and pays from the wallet they choose.
func TestPageOfAnotherCustomer(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	tab := r.open("/pay/" + id)
	tab.shows(200, "Ben Never runs dry", "Sam $20.00 in it", "7 wallets")
	tab.hides("Farmlands card")
	var sam *element
	for _, a := range tab.page.byID("who").named("a") {
		if strings.HasPrefix(a.words(), "Sam") {
			sam = a
		}
	}
	sam.attrs["id"] = "sam"
	tab.follow("sam")
	tab.shows(200, "Paying as Sam", "Centrapay NZD Test $20.00 in it", "Also taken here: Coke Tokens Test")
	tab.press("Pay $12.50")
	tab.shows(200, "Paid $12.50")
	payment := r.payments(id)[0]
	if payment.CreatedBy != api.NewCRN("", "user", "da75ad90-9a5b-4df0-8374-000000000227") || payment.Value.Amount != "1250" {
		t.Errorf("paid by %s: %+v", payment.CreatedBy, payment.Value)
	}
	next := r.open("/pay/" + r.create(nil).ID + "?as=3")
	next.shows(200, "Centrapay NZD Test $7.50 in it, not enough for all of it")
	next.press("Pay $12.50")
	next.shows(403, "There is not enough money in that wallet. Nothing was charged.", "Paying as Sam", "Pay $12.50")
	r.open("/pay/"+r.create(nil).ID+"?as=99").shows(200, "Paying as Aroha")
}

// payments are the payments towards a request, oldest first.
func (r *rig) payments(id string) []api.PaymentActivity {
	r.Helper()
	snapshot, err := r.svc.Request(id)
	r.must(err)
	var all []api.PaymentActivity
	for i := range snapshot.Activities {
		if a := snapshot.Activities[len(snapshot.Activities)-1-i]; a.Type == api.ActivityPayment {
			all = append(all, a)
		}
	}
	return all
}

func TestPagePaysPartsFromSeveralWallets(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(basket()).ID
	tab := r.open("/pay/" + id)
	tab.follow("switch")
	tab.shows(200, "Part of $34.40 to pay now", "The rest has to be paid here too")
	tab.hides("at the counter")
	for typed, complaint := range map[string]string{
		"":                     "Type an amount in dollars and cents",
		"ten":                  "Type an amount in dollars and cents",
		"0":                    "Type an amount in dollars and cents",
		"-5":                   "Type an amount in dollars and cents",
		"1.234":                "Type an amount in dollars and cents",
		"34.41":                "That is more than the $34.40 that is left.",
		"99999999999999999999": "Type an amount in dollars and cents",
	} {
		tab.press("Pay this part", "amount", typed)
		tab.shows(403, complaint, "Nothing was charged.")
		if field := tab.page.byID("amount"); field.attrs["value"] != typed || field.attrs["aria-invalid"] != "true" || field.attrs["aria-describedby"] != "problem" {
			t.Errorf("after %q the field is %v", typed, field.attrs)
		}
	}
	tab.press("Pay this part", "amount", "$10", "wallet", sandbox.WalletOf("uplinkapi.test"))
	tab.shows(200, "Waiting for the other $24.40", "Paid with Uplink Test −$10.00", "Left to pay $24.40", "Pay $24.40")
	tab.follow("switch")
	tab.press("Pay this part", "amount", "4,4")
	tab.shows(200, "Left to pay $20.00")
	tab.press("Pay $20.00", "wallet", sandbox.WalletOf("epay.test"))
	tab.shows(200, "Paid $34.40", "Thank you!", "$10.00 with Uplink Test", "$4.40 with Centrapay NZD Test", "$20.00 with Gift Card Test")
	r.wantStatus(id, api.StatusPaid, "")
}

func TestPagePaysAPartAndTheRestAtTheCounter(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(m{"partialAllowed": true, "basketAmount": "5000"}).ID
	tab := r.open("/pay/" + id + "?part=1")
	tab.shows(200, "Everything together $50.00", "Of this, to pay here $12.50", "The rest is paid at the counter")
	tab.press("Pay this part", "amount", "2.50", "rest", "counter")
	tab.shows(200, "Paid $2.50 of $12.50", "Please pay the other $10.00 at the counter.", "The other $37.50 of your basket is paid at the counter.")
	r.wantStatus(id, api.StatusPaid, "")
	strict := r.create(nil).ID
	form := url.Values{"do": {"part"}, "amount": {"2.50"}, "rest": {"counter"}, "wallet": {sandbox.WalletOf("uplinkapi.test")}}
	if w := r.postForm("/pay/"+strict, form); w.Code != 403 {
		t.Errorf("a part where no part is allowed: %d", w.Code)
	}
	r.wantStatus(strict, api.StatusNew, "")
}

// A form that is sent twice, by an impatient finger or by going back, pays once.
func TestPageFormPaysOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(basket()).ID
	tab := r.open("/pay/" + id + "?part=1")
	form, button := tab.button("Pay this part")
	for range 3 {
		tab.submit(form, button, "amount", "10")
		tab.shows(200, "Left to pay $24.40")
	}
	if paid := r.payments(id); len(paid) != 1 || paid[0].Value.Amount != "1000" {
		t.Errorf("paid %+v", paid)
	}
	// Two pages of one customer: what the second one was told is no longer so.
	first, second := r.open("/pay/"+id), r.open("/pay/"+id+"?part=1")
	r.must(r.svc.Pay(id, sandbox.PayOptions{Amount: "400", Mode: api.PayModeMultiAsset}))
	first.press("Pay $24.40")
	first.shows(403, "What is left to pay has changed to $20.40. Nothing was charged.", "Pay $20.40")
	second.press("Pay this part", "amount", "5")
	second.shows(403, "What is left to pay has changed to $20.40.")
	if paid := r.payments(id); len(paid) != 2 {
		t.Errorf("paid %+v", paid)
	}
	first.press("Cancel this payment")
	first.shows(200, "Cancelled", "The $14.00 you had paid went back to where it came from.")
	if w := r.postForm("/pay/"+id, do("cancel")); w.Code != 303 {
		t.Errorf("cancelling twice: %d", w.Code)
	}
}

// Every wallet that misbehaves says so before, and after.
func TestPageOfWalletsThatMisbehave(t *testing.T) {
	t.Parallel()
	for wallet, want := range map[string]struct{ note, answer string }{
		sandbox.WalletDisabled:            {"Switched off", "That wallet is switched off"},
		sandbox.WalletOverQuota:           {"Has reached its limit", "That wallet has reached its limit. Nothing was charged."},
		sandbox.WalletDenied:              {"Is turned away", "That wallet cannot be used for this. Nothing was charged."},
		sandbox.WalletDeclined:            {"Declines every payment", "The payment was declined. Nothing was charged."},
		sandbox.WalletUnconfirmed:         {"Pays, but does not say so in time", "the payment may have gone through"},
		sandbox.WalletOf("cca.coke.test"): {"Cannot pay for restricted items", "The payment was declined. Nothing was charged."},
	} {
		r := newRig(t)
		tab := r.open("/pay/" + r.create(basket()).ID)
		if misfits := tab.page.byID("odd").words(); !strings.Contains(misfits, want.note) {
			t.Errorf("%s is not under the wallets that misbehave: %s", wallet, misfits)
		}
		tab.press("Pay $34.40", "wallet", wallet)
		tab.shows(403, want.answer)
		if wallet == sandbox.WalletUnconfirmed {
			tab.hides("Nothing was charged")
			tab.shows(403, "Paid $34.40")
			continue
		}
		if !tab.page.byID("wallet-"+wallet).has("checked") || !tab.page.byID("odd").has("open") {
			t.Errorf("%s is no longer chosen", wallet)
		}
	}
}

// A scanned code is somebody's: nobody else is offered to pay, or can.
func TestPageOfAScannedCode(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(m{"barcode": sandbox.BarcodeLowFunds}).ID
	tab := r.open("/pay/" + id + "?as=1")
	tab.shows(200, "Paying as Sam")
	tab.hides("Aroha", "Ben")
	w := r.postForm("/pay/"+id, url.Values{"do": {"pay"}, "wallet": {sandbox.WalletOf("centrapay.nzd.test")}})
	if w.Code != 403 || !strings.Contains(w.Body.String(), "Choose what to pay with.") {
		t.Errorf("somebody else's wallet: %d", w.Code)
	}
	tab.press("Pay $12.50")
	tab.shows(200, "Paid $12.50")
	card := r.open("/pay/" + r.create(m{"barcode": sandbox.CardActive, "barcodeType": "farmlands"}).ID)
	card.shows(200, "or your card is charged by itself", "Paying as Farmlands card Active")
	auto := newRig(t, sandbox.WithPatron(sandbox.Automatic(time.Minute)))
	auto.open("/pay/"+auto.create(nil).ID).shows(200, "or an automatic customer does, soon")
}

func TestPageTakesTokens(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(m{"configId": sandbox.DemoTokenConfigID, "value": nzd("1050"), "lineItems": []m{
		{"name": "Flat white", "sku": sandbox.DemoTokenSKU, "qty": "1", "price": "550"}, {"name": "Scone", "sku": "SCONE", "qty": "1", "price": "500"},
	}}).ID
	tab := r.open("/pay/" + id)
	tab.press("Use “A coffee” for Flat white: −$5.50")
	tab.shows(200, "Paid with Token Test −$5.50", "Left to pay $5.00")
	tab.hides("Use “A coffee”")
	tab.press("Pay $5.00")
	tab.shows(200, "Paid $10.50", "$5.50 with Token Test", "$5.00 with Centrapay NZD Test")
}

// What was refunded, voided or released is shown as it is.
func TestPageAfterThePayment(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	r.pay(id, nil)
	refund := func(ref, cents string) {
		ok[api.PaymentActivity](r, post, at(id, "refund"), m{"value": nzd(cents), "externalRef": ref})
	}
	refund("a", "250")
	r.open("/pay/"+id).shows(200, "Paid $12.50, $2.50 of it refunded", "You have paid $10.00 in all.", "$2.50 went back")
	refund("b", "1000")
	r.open("/pay/"+id).shows(200, "Refunded $12.50", "All you had paid went back")
	voided := r.create(nil).ID
	r.pay(voided, nil)
	r.void(voided)
	r.open("/pay/"+voided).shows(200, "Cancelled", "The shop cancelled this payment.", "The $12.50 you had paid went back")
	declined := r.create(m{"conditionsEnabled": nil}).ID
	raiseIt(r, declined)
	r.open("/pay/"+declined).shows(200, "The payment was declined.", "You have not been charged.")
	late := r.create(nil).ID
	r.pay(late, m{"amount": "500", "mode": "multi-asset-payment"})
	r.clock.advance(time.Hour)
	r.open("/pay/"+late).shows(200, "Too late", "The $5.00 you had paid went back")
}

func TestPageOfAPreAuth(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(m{"preAuth": true}).ID
	tab := r.open("/pay/" + id)
	tab.shows(200, "Waiting for you to authorise")
	tab.hides("Pay a part")
	tab.press("Authorise $12.50")
	tab.shows(200, "Authorised up to $12.50", "Nothing has been charged yet.", "$12.50 is set aside until "+start.AddDate(0, 3, 0).Local().Format("2 January 2006")+" at the latest.", "With Centrapay NZD Test", "$12.50 was set aside")
	ok[api.PaymentActivity](r, post, at(id, "confirm"), m{"value": nzd("800"), "idempotencyKey": "k", "invoiceRef": "I1", "lineItems": []m{{"name": "Feed", "qty": "1", "price": "800"}}})
	r.open("/pay/"+id).shows(200, "$8.00 has been charged.", "$4.50 is set aside")
	ok[api.PaymentActivity](r, post, at(id, "release"), nil)
	r.open("/pay/"+id).shows(200, "Charged $8.00", "nothing is held any more", "$4.50 was set free again")
	unused := r.create(m{"preAuth": true}).ID
	r.open("/pay/" + unused).press("Authorise $12.50")
	ok[api.PaymentActivity](r, post, at(unused, "release"), nil)
	r.open("/pay/"+unused).shows(200, "Nothing charged")
}

// An online shop gets its customer back, with the id of the payment.
func TestPageLeadsBackToTheShop(t *testing.T) {
	t.Parallel()
	shop := sandbox.Demo()
	shop.AllowedRedirectURLs = []string{"https://shop.example/", "nz.example.app://", "javascript:", "data:", "https:"}
	r := newRig(t, sandbox.WithMerchants(shop))
	back := func(id string) (href, text string) {
		e := r.open("/pay/" + id).page.byID("return")
		if e == nil {
			return "", ""
		}
		return e.attrs["href"], e.words()
	}
	want := func(id, href, text string) {
		t.Helper()
		if h, words := back(id); h != href || words != text {
			t.Errorf("the way back is %q, %q; want %q, %q", h, words, href, text)
		}
	}
	urls := m{"redirectPaidUrl": "https://shop.example/paid?order=7#top", "redirectCancelUrl": "nz.example.app://back"}
	paid, cancelled, expired := r.create(urls).ID, r.create(urls).ID, r.create(urls).ID
	want(paid, "nz.example.app://back?paymentRequestId="+paid, "Back to Centrapay Café without paying")
	r.pay(paid, nil)
	want(paid, "https://shop.example/paid?order=7&paymentRequestId="+paid+"#top", "Back to Centrapay Café")
	r.void(cancelled)
	want(cancelled, "nz.example.app://back?paymentRequestId="+cancelled, "Back to Centrapay Café")
	r.clock.advance(time.Hour)
	want(expired, "nz.example.app://back?paymentRequestId="+expired, "Back to Centrapay Café")
	older := r.create(m{"redirectUrl": "https://shop.example/"}).ID
	r.pay(older, nil)
	want(older, "https://shop.example/?paymentRequestId="+older, "Back to Centrapay Café")
	for _, evil := range []string{"javascript:alert(1)", "data:text/html,x", "https:"} {
		want(r.create(m{"redirectCancelUrl": evil}).ID, "", "")
	}
}
