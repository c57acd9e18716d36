package sandbox_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// balance is what a wallet holds.
func (r *rig) balance(walletID string) api.BigNumber { return r.wallet(walletID).Balance }

func (r *rig) wallet(id string) sandbox.WalletState {
	r.Helper()
	all, err := r.svc.Wallets()
	r.must(err)
	i := slices.IndexFunc(all, func(w sandbox.WalletState) bool { return w.ID == id })
	if i < 0 {
		r.Fatalf("no wallet %s", id)
	}
	return all[i]
}

func lowFunds() m { return m{"assetId": sandbox.WalletLowFunds} }

func TestRefundsInPartsUpToWhatWasPaid(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(m{"value": nzd("2000"), "invoiceRef": "INV-7"}).ID
	r.pay(id, lowFunds())
	lines := []m{{"name": "Cup", "qty": "1", "price": "500"}}
	first := r.refund(id, back("500", "R-1").with(m{"lineItems": lines, "invoiceRef": "CR-1"}))
	if first.Type != api.ActivityRefund || first.Value.Amount != "500" || first.AssetType != "centrapay.nzd.test" || first.Strategy != nil ||
		first.InvoiceRef != "CR-1" || len(first.LineItems) != 1 {
		t.Errorf("got %+v", first)
	}
	if got := r.balance(sandbox.WalletLowFunds); got != "500" {
		t.Errorf("after 500 of 2000 went back the wallet holds %s", got)
	}
	second := r.refund(id, back("1500", "R-2"))
	if second.InvoiceRef != "INV-7" || second.ShortCode == first.ShortCode {
		t.Errorf("got %+v", second)
	}
	if got := r.balance(sandbox.WalletLowFunds); got != "2000" {
		t.Errorf("after all went back the wallet holds %s", got)
	}
	r.wantStatus(id, api.StatusPaid, "") // a refund does not change it
	r.wantHistory(id, api.ActivityRequest, api.ActivityPayment, api.ActivityPaid, api.ActivityRefund, api.ActivityRefund)
	// The money can be spent again.
	r.pay(r.create(m{"value": nzd("2000")}).ID, lowFunds())
}

func TestARepeatedRefundIsTheFirst(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	r.pay(id, nil)
	first := r.call(post, at(id, "refund"), back("500", "R-1"))
	r.clock.advance(time.Hour)
	again := r.call(post, at(id, "refund"), back("500", "R-1"))
	if first.Code != 200 || again.Code != 200 || first.Body.String() != again.Body.String() {
		t.Errorf("first %s, again %s", first.Body, again.Body)
	}
	r.wantHistory(id, api.ActivityRequest, api.ActivityPayment, api.ActivityPaid, api.ActivityRefund)
	// Also when nothing could be refunded any more.
	r.refund(id, back("750", "R-2"))
	r.clock.advance(60 * day)
	if late := r.call(post, at(id, "refund"), back("500", "R-1")); late.Body.String() != first.Body.String() {
		t.Errorf("late: %s", late.Body)
	}
}

func TestARefundOfSeveralWalletsNamesThem(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	r.pay(id, lowFunds().with(m{"amount": "1000", "mode": "multi-asset-payment"}))
	second := r.pay(id, m{"idempotencyKey": "k2", "assetType": "quartz.nzd.test", "assetId": sandbox.WalletOf("quartz.nzd.test")})
	r.refund(id, back("400", "R-1"))
	got := r.refund(id, back("700", "R-2"))
	if got.AssetType != "" || got.Strategy == nil || len(got.Strategy.Refunds) != 2 {
		t.Fatalf("got %+v", got)
	}
	one, two := got.Strategy.Refunds[0], got.Strategy.Refunds[1]
	if one.Amount != "600" || one.AssetID != sandbox.WalletLowFunds || two.Amount != "100" || two.CompletedPaymentID != second.ID {
		t.Errorf("got %+v", got.Strategy)
	}
	if got := r.balance(sandbox.WalletLowFunds); got != "2000" {
		t.Errorf("the wallet holds %s", got)
	}
}

func TestWholeRefundsOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	payFrom("uplinkapi.test", sandbox.WalletWholeRefund)(r, id)
	r.refund(id, back("1250", "R-1"))
}

// TestLinesOfARefundSumEitherWay: the text wants prices to sum to the value, the
// docs' own example takes its discount off once more (quirk B4).
func TestLinesOfARefundSumEitherWay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	r.pay(id, nil)
	line := m{"name": "Hat", "qty": "1", "price": "400", "discount": "40"}
	r.refund(id, back("400", "R-1").with(m{"lineItems": []m{line}}))
	r.refund(id, back("360", "R-2").with(m{"lineItems": []m{line}}))
}

// authorizedBy is a pre-auth of 1250 that a wallet holds.
func authorizedBy(r *rig, wallet string) string {
	r.Helper()
	id := r.create(m{"preAuth": true}).ID
	r.pay(id, m{"assetId": wallet})
	return id
}

func TestAPreAuthIsDrawnRefundedAndReleased(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := authorizedBy(r, sandbox.WalletLowFunds)
	if got := r.balance(sandbox.WalletLowFunds); got != "750" {
		t.Fatalf("while 1250 of 2000 are held the wallet holds %s", got)
	}
	first := r.confirm(id, draw("400", "c1"))
	if first.Type != api.ActivityConfirmation || first.Value.Amount != "400" || !bool(first.PreAuth) || first.IdempotencyKey != "c1" ||
		first.InvoiceRef != "INV-1" || len(first.LineItems) != 1 || first.CreatedByAccountID != sandbox.DemoMerchantAccountID {
		t.Errorf("got %+v", first)
	}
	r.confirm(id, draw("600", "c2").with(m{"value": nil})) // the sum of its lines
	if got := r.balance(sandbox.WalletLowFunds); got != "750" {
		t.Errorf("a confirmation took money once more: %s", got)
	}
	released := r.release(id)
	if released.Type != api.ActivityRelease || released.Value.Amount != "250" || released.AssetType != "centrapay.nzd.test" || !bool(released.PreAuth) {
		t.Errorf("got %+v", released)
	}
	if got := r.get(id); got.PreAuthStatus != api.PreAuthReleased || got.Status != api.StatusPaid {
		t.Errorf("released: %s %s", got.Status, got.PreAuthStatus)
	}
	refund := r.refund(id, back("600", "R-1").with(m{"confirmationIdempotencyKey": "c2"}))
	if refund.ConfirmationIdempotencyKey != "c2" || !bool(refund.PreAuth) {
		t.Errorf("got %+v", refund)
	}
	if got := r.balance(sandbox.WalletLowFunds); got != "1600" {
		t.Errorf("with 400 kept of 2000 the wallet holds %s", got)
	}
	r.wantHistory(id, api.ActivityPreAuthRequest, api.ActivityAuthorization, api.ActivityConfirmation, api.ActivityConfirmation,
		api.ActivityRelease, api.ActivityRefund)
}

func TestARepeatedConfirmationIsTheFirst(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := authorizedBy(r, sandbox.WalletLowFunds)
	first := r.call(post, at(id, "confirm"), draw("400", "c1"))
	r.release(id)
	r.clock.advance(89 * day)
	if again := r.call(post, at(id, "confirm"), draw("400", "c1")); first.Code != 200 || again.Body.String() != first.Body.String() {
		t.Errorf("first %s, again %s", first.Body, again.Body)
	}
	r.wantHistory(id, api.ActivityPreAuthRequest, api.ActivityAuthorization, api.ActivityConfirmation, api.ActivityRelease)
}

// What was not confirmed goes back after three months, whoever looks or not.
func TestAHoldLapsesAfterThreeMonths(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := authorizedBy(r, sandbox.WalletLowFunds)
	r.confirm(id, draw("400", "c1"))
	if got := r.get(id).PreAuthExpiresAt.Time(); !got.Equal(start.AddDate(0, 3, 0)) {
		t.Fatalf("held until %s", got)
	}
	r.clock.advance(start.AddDate(0, 3, 0).Sub(start) - time.Millisecond)
	r.confirm(id, draw("1", "c2"))
	r.clock.advance(time.Millisecond)
	if got := r.get(id); got.PreAuthStatus != api.PreAuthReleased || got.Status != api.StatusPaid {
		t.Errorf("lapsed: %s %s", got.Status, got.PreAuthStatus)
	}
	if got := r.balance(sandbox.WalletLowFunds); got != "1599" {
		t.Errorf("the wallet holds %s", got)
	}
	r.wantHistory(id, api.ActivityPreAuthRequest, api.ActivityAuthorization, api.ActivityConfirmation, api.ActivityConfirmation, api.ActivityRelease)
}

func TestAReleaseOfWhatNobodyAuthorizedCancels(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(m{"preAuth": true}).ID
	got := r.release(id)
	if got.Type != api.ActivityCancellation || got.CancellationReason != api.CancelledByMerchant || !bool(got.PreAuth) {
		t.Errorf("got %+v", got)
	}
	r.wantStatus(id, api.StatusCancelled, api.CancelledByMerchant)
}

func TestARefundOfAnAuthorizationLowersWhatCanBeConfirmed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := authorizedBy(r, sandbox.WalletLowFunds)
	r.refund(id, back("1000", "R-1"))
	r.confirm(id, draw("250", "c1"))
	r.refused(403, "INVALID_AMOUNT", post, at(id, "confirm"), draw("1", "c2"))
	if got := r.balance(sandbox.WalletLowFunds); got != "1750" {
		t.Errorf("the wallet holds %s", got)
	}
}

func TestTokensBuyLines(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	made := r.create(withToken())
	option := made.PaymentOptions[1]
	if option.AssetType != "centrapay.token.test" || option.Amount != "1050" || len(option.AcceptedCollections) != 1 ||
		option.AcceptedCollections[0].ID != sandbox.DemoCollectionID || len(option.AcceptedCollections[0].LineItems) != 2 {
		t.Fatalf("option %+v", option)
	}
	first := ok[api.PaymentActivity](r, post, at(made.ID, "pay"), tokenBody("k1", sandbox.TokenCoffee1))
	if first.Value.Amount != "550" || len(first.LineItems) != 1 || first.LineItems[0].Name != "Flat white" {
		t.Errorf("a token took %+v, want the dearest line", first)
	}
	if !r.wallet(sandbox.TokenCoffee1).Spent {
		t.Error("the token is not spent")
	}
	second := ok[api.PaymentActivity](r, post, at(made.ID, "pay"), tokenBody("k2", sandbox.TokenCoffee2).with(m{
		"lineItems": []m{{"name": "Long black", "sku": sandbox.DemoTokenSKU, "qty": "1", "price": "500"}},
	}))
	if second.Value.Amount != "500" {
		t.Errorf("got %+v", second)
	}
	r.pay(made.ID, m{"idempotencyKey": "k3"})
	paid := r.get(made.ID)
	if paid.Status != api.StatusPaid || len(paid.PaidBy.AssetTotals) != 2 {
		t.Fatalf("got %+v", paid)
	}
	if tokens := paid.PaidBy.AssetTotals[0]; tokens.Total.Amount != "1050" || len(tokens.LineItems) != 2 {
		t.Errorf("paid by %+v", tokens)
	}
	back := r.refund(made.ID, back("550", "R-1"))
	if back.Strategy == nil || len(back.Strategy.Refunds) != 1 || back.Strategy.Refunds[0].CollectionID != sandbox.DemoCollectionID ||
		back.AssetType != "centrapay.token.test" {
		t.Errorf("refund %+v", back)
	}
	if r.wallet(sandbox.TokenCoffee1).Spent {
		t.Error("the token is spent although it was given back")
	}
	ok[m](r, post, at(r.create(withToken()).ID, "pay"), tokenBody("k1", sandbox.TokenCoffee1))
}

// What time brought to several requests is found out in one look; a wallet pays no
// more for it than it holds.
func TestOneLookPaysNoMoreThanAWalletHolds(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.WithPatron(sandbox.Automatic(time.Second)))
	for range 3 {
		r.create(m{"barcode": sandbox.BarcodeLowFunds, "value": nzd("900")})
	}
	r.clock.advance(time.Minute)
	all, err := r.svc.Requests()
	r.must(err)
	count := map[api.Status]int{}
	for _, s := range all {
		count[s.Status]++
	}
	if count[api.StatusPaid] != 2 || count[api.StatusCancelled] != 1 || r.balance("sandboxWalletSam") != "200" {
		t.Errorf("%v, and the wallet holds %s of 2000", count, r.balance("sandboxWalletSam"))
	}
}

// The answer is lost after the money went back: the same call again tells what
// happened, and gives nothing back a second time.
func TestALostAnswerIsAskedForAgain(t *testing.T) {
	t.Parallel()
	for path, body := range map[string]m{"refund": back("400", "R-1"), "confirm": draw("400", "c1")} {
		r := newRig(t, sandbox.WithFaults(mustFault(t, path+":status-after=502:1")))
		id := r.create(m{"preAuth": path == "confirm"}).ID
		r.pay(id, nil)
		if w := r.call(post, at(id, path), body); w.Code != 502 {
			t.Fatalf("%s: %d", path, w.Code)
		}
		before := len(r.history(id))
		if got := ok[api.PaymentActivity](r, post, at(id, path), body); got.Value.Amount != "400" {
			t.Errorf("%s: %+v", path, got)
		}
		if after := len(r.history(id)); after != before {
			t.Errorf("%s: %d activities became %d", path, before, after)
		}
	}
}

// Eight tills at once give back no more than was paid, and one reference once.
func TestRefundsAtTheSameTime(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	r.pay(id, nil)
	answers := make([]int, 16)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() { answers[i] = r.call(post, at(id, "refund"), back("500", "R-"+strconv.Itoa(i/2))).Code })
	}
	wg.Wait()
	refunds := 0
	for _, kind := range r.history(id) {
		if kind == api.ActivityRefund {
			refunds++
		}
	}
	done := 0
	for _, status := range answers {
		if status == 200 {
			done++
		}
	}
	if refunds != 2 || done != 4 {
		t.Errorf("%d refunds of 500 of 1250, answered %v", refunds, answers)
	}
}

// TestMoneySurvivesTheProcess: what went back, was confirmed and is held is the
// same after the sandbox was made anew from its file.
func TestMoneySurvivesTheProcess(t *testing.T) {
	t.Parallel()
	path := filePath(t)
	r := fileRig(t, path)
	id := authorizedBy(r, sandbox.WalletLowFunds)
	r.confirm(id, draw("400", "c1"))
	answer := r.call(post, at(id, "refund"), back("100", "R-1").with(m{"confirmationIdempotencyKey": "c1"})).Body.String()
	before, err := r.svc.Request(id)
	r.must(err)
	again := fileRig(t, path)
	after, err := again.svc.Request(id)
	again.must(err)
	if x, y := asJSON(t, before), asJSON(t, after); x != y {
		t.Errorf("was %s, is %s", x, y)
	}
	if got := again.balance(sandbox.WalletLowFunds); got != "850" {
		t.Errorf("the wallet holds %s", got)
	}
	if got := again.call(post, at(id, "refund"), back("100", "R-1").with(m{"confirmationIdempotencyKey": "c1"})).Body.String(); got != answer {
		t.Errorf("a repeat is answered %s, the first was %s", got, answer)
	}
	if got := again.release(id); got.Value.Amount != "850" {
		t.Errorf("released %s of 850", got.Value.Amount)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
