package sandbox_test

import (
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

var (
	refundPath  = []string{"refund"}
	confirmPath = []string{"confirm"}
	releasePath = []string{"release"}
)

// back is the body of a refund.
func back(cents, ref string) m { return m{"value": nzd(cents), "externalRef": ref} }

// draw is the body of a confirmation.
func draw(cents, key string) m {
	return m{
		"value": nzd(cents), "idempotencyKey": key, "invoiceRef": "INV-1",
		"lineItems": []m{{"name": "Gumboots", "qty": "1", "price": cents}},
	}
}

func (r *rig) refund(id string, body m) api.PaymentActivity {
	r.Helper()
	return ok[api.PaymentActivity](r, post, at(id, "refund"), body)
}

func (r *rig) confirm(id string, body m) api.PaymentActivity {
	r.Helper()
	return ok[api.PaymentActivity](r, post, at(id, "confirm"), body)
}

func (r *rig) release(id string) api.PaymentActivity {
	r.Helper()
	return ok[api.PaymentActivity](r, post, at(id, "release"), nil)
}

// then does several things to a request, one after the other.
func then(steps ...func(*rig, string)) func(*rig, string) {
	return func(r *rig, id string) {
		for _, step := range steps {
			step(r, id)
		}
	}
}

func refundIt(cents, ref string) func(*rig, string) {
	return func(r *rig, id string) { r.refund(id, back(cents, ref)) }
}

func drawIt(cents, key string) func(*rig, string) {
	return func(r *rig, id string) { r.confirm(id, draw(cents, key)) }
}

func releaseIt(r *rig, id string) { r.release(id) }

func wait(d time.Duration) func(*rig, string) {
	return func(r *rig, _ string) { r.clock.advance(d) }
}

func refundByID(r *rig, id string) { r.refund(id, back("1", id)) }

const day = 24 * time.Hour

func refundCases() []refusalCase {
	pre := m{"preAuth": true}
	line := func(price string) []m { return []m{{"name": "Lunch", "qty": "1", "price": price}} }
	ofKey := func(cents, key string) m { return back(cents, "R-9").with(m{"confirmationIdempotencyKey": key}) }
	c := func(code, when string, create m, before func(*rig, string), body m) refusalCase {
		return onNew("refund", 403, code, when, create, before, refundPath, body)
	}
	bad := func(message string, body m) refusalCase {
		return onNew("refund", 400, message, "", nil, payIt, refundPath, body)
	}
	return []refusalCase{
		onNew("refund", 400, "LINE_ITEMS_SUM_CHECK_FAILED", "", nil, payIt, refundPath, back("100", "R-1").with(m{"lineItems": line("99")})),
		c("NOT_PAID", "new", nil, nil, back("1", "R-1")),
		c("NOT_PAID", "cancelled", nil, voidIt, back("1", "R-1")),
		c("NOT_PAID", "expired", nil, expireIt, back("1", "R-1")),
		c("ALREADY_REFUNDED", "whole", nil, then(payIt, refundIt("1250", "R-1")), back("1", "R-2")),
		c("ALREADY_REFUNDED", "void", nil, payAndVoid, back("1", "R-1")),
		c("ALREADY_REFUNDED", "released", pre, then(payIt, releaseIt), back("1", "R-1")),
		c("ALREADY_REFUNDED", "confirmation", pre, then(payIt, drawIt("5", "k"), func(r *rig, id string) { r.refund(id, ofKey("5", "k")) }),
			ofKey("1", "k").with(m{"externalRef": "R-2"})),
		c("INVALID_AMOUNT", "more than was paid", nil, payIt, back("1251", "R-1")),
		c("INVALID_AMOUNT", "more than is left", nil, then(payIt, refundIt("1000", "R-1")), back("251", "R-2")),
		c("INVALID_AMOUNT", "more than the confirmation", pre, then(payIt, drawIt("5", "k")), ofKey("6", "k")),
		c("INVALID_AMOUNT", "confirmed, without its key", pre, then(payIt, drawIt("1250", "k")), back("1", "R-1")),
		c("REPEAT_REFERENCE", "", nil, then(payIt, refundIt("1000", "R-1")), back("250", "R-1")),
		c("PARTIAL_REFUNDS_NOT_ALLOWED", "", nil, payFrom("uplinkapi.test", sandbox.WalletWholeRefund), back("1249", "R-1")),
		c("INACTIVE_ASSET", "", nil, payFrom("uplinkapi.test", sandbox.WalletClosesAfter), back("1250", "R-1")),
		c("REFUND_NOT_SUPPORTED", "", nil, payFrom("uplinkapi.test", sandbox.WalletNoRefund), back("1250", "R-1")),
		c("REFUND_DECLINED", "", nil, payFrom("uplinkapi.test", sandbox.WalletKeepsMoney), back("1250", "R-1")),
		c("REFUND_WINDOW_EXCEEDED", "", nil, then(payIt, wait(31*day+time.Millisecond)), back("1", "R-1")),
		c("REFUND_WINDOW_EXCEEDED", "confirmation", pre, then(payIt, drawIt("5", "k"), wait(31*day+time.Millisecond)), ofKey("1", "k")),
		c("PRE_AUTH_PENDING", "", pre, nil, back("1", "R-1")),
		c("CONFIRMATION_NOT_FOUND", "no such key", pre, then(payIt, drawIt("5", "k")), ofKey("1", "other")),
		c("CONFIRMATION_NOT_FOUND", "no pre-auth", nil, payIt, ofKey("1", "k")),
		c("Forbidden", "unknown config", nil, payIt, back("1", "R-1").with(m{"merchantConfigId": "mc_none"})),
		bad("value is required", m{"externalRef": "R-1"}),
		bad("externalRef is required", m{"value": nzd("1")}),
		bad("value.amount must be greater than 0", back("0", "R-1")),
		bad("value.amount must be less than 100000000", back("100000000", "R-1")),
		bad("value.currency must be NZD", back("1", "R-1").with(m{"value": m{"amount": "1", "currency": "AUD"}})),
		bad("lineItems[0].name is required", back("1", "R-1").with(m{"lineItems": []m{{"qty": "1", "price": "1"}}})),
	}
}

func preAuthCases() []refusalCase {
	pre := m{"preAuth": true}
	c := func(code, when string, create m, before func(*rig, string), body m) refusalCase {
		return onNew("confirm", 403, code, when, create, before, confirmPath, body)
	}
	bad := func(message string, change m) refusalCase {
		return onNew("confirm", 400, message, "", pre, payIt, confirmPath, draw("5", "k").with(change))
	}
	rel := func(code, when string, create m, before func(*rig, string)) refusalCase {
		return onNew("release", 403, code, when, create, before, releasePath, nil)
	}
	return []refusalCase{
		c("INVALID_PAYMENT_REQUEST_TYPE", "", nil, payIt, draw("5", "k")),
		c("PRE_AUTH_RELEASED", "released", pre, then(payIt, releaseIt), draw("5", "k")),
		c("PRE_AUTH_RELEASED", "lapsed", pre, then(payIt, wait(93*day)), draw("5", "k")),
		c("PRE_AUTH_PENDING", "", pre, nil, draw("5", "k")),
		c("REQUEST_CANCELLED", "never authorized", pre, voidIt, draw("5", "k")),
		c("REQUEST_CANCELLED", "void of an authorized one", pre, then(payIt, voidIt), draw("5", "k")),
		c("REQUEST_EXPIRED", "", pre, expireIt, draw("5", "k")),
		c("INVALID_AMOUNT", "more than was authorized", pre, payIt, draw("1251", "k")),
		c("INVALID_AMOUNT", "more than is held", pre, then(payIt, drawIt("1000", "k1")), draw("251", "k2")),
		c("INVALID_AMOUNT", "refunded before", pre, then(payIt, refundIt("1000", "R-1")), draw("251", "k")),
		c("IDEMPOTENT_OPERATION_FAILED", "amount", pre, then(payIt, drawIt("5", "k")), draw("6", "k")),
		c("IDEMPOTENT_OPERATION_FAILED", "invoice", pre, then(payIt, drawIt("5", "k")), draw("5", "k").with(m{"invoiceRef": "INV-2"})),
		bad("idempotencyKey is required", m{"idempotencyKey": nil}),
		bad("invoiceRef is required", m{"invoiceRef": nil}),
		bad("lineItems is required", m{"lineItems": nil}),
		bad("lineItems[0].price is required", m{"lineItems": []m{{"name": "x", "qty": "1"}}}),
		bad("value.amount must be greater than 0", m{"value": nzd("0")}),
		bad("value.currency must be NZD", m{"value": m{"amount": "5", "currency": "AUD"}}),
		bad("the sum of lineItems must be greater than 0", m{"value": nil, "lineItems": []m{{"name": "x", "qty": "1", "price": "-5"}}}),
		rel("INVALID_PAYMENT_REQUEST_TYPE", "", nil, payIt),
		rel("PRE_AUTH_RELEASED", "by a call", pre, then(payIt, releaseIt)),
		rel("PRE_AUTH_RELEASED", "by time", pre, then(payIt, wait(93*day))),
		rel("REQUEST_CANCELLED", "", pre, voidIt),
		rel("REQUEST_EXPIRED", "", pre, expireIt),
		rel("INVALID_AMOUNT", "nothing is left", pre, then(payIt, drawIt("1250", "k"))),
		onNew("void", 403, "PRE_AUTH_ALREADY_CONFIRMED", "", pre, then(payIt, drawIt("5", "k")), voidPath, nil),
		onNew("void", 403, "REPEAT_REFERENCE", "", nil, then(payIt, refundByID), voidPath, nil),
		onNew("void", 403, "ALREADY_REFUNDED", "in part", nil, then(payIt, refundIt("1", "R-1")), voidPath, nil),
	}
}

// withToken is a request of the demonstration merchant's second config.
func withToken() m {
	return m{"configId": sandbox.DemoTokenConfigID, "lineItems": []m{
		{"name": "Flat white", "sku": sandbox.DemoTokenSKU, "qty": "1", "price": "550"},
		{"name": "Long black", "sku": sandbox.DemoTokenSKU, "qty": "1", "price": "500"},
		{"name": "Muffin", "qty": "1", "price": "200"},
	}}
}

// tokenBody pays with a token and leaves the request open for the rest.
func tokenBody(key, token string) m {
	return m{"assetType": "centrapay.token.test", "assetId": token, "idempotencyKey": key, "mode": "multi-asset-payment"}
}

func tokenCases() []refusalCase {
	first := func(r *rig, id string) {
		ok[m](r, post, at(id, "pay"), tokenBody("k1", sandbox.TokenCoffee1))
	}
	other := sandbox.Customers()
	other[0].Wallets = append(other[0].Wallets, sandbox.Wallet{ID: "tea", AssetType: "centrapay.token.test", CollectionID: "c_tea"})
	c := func(status int, message, when string, before func(*rig, string), body m) refusalCase {
		return onNew("pay", status, message, when, withToken(), before, payPath, body)
	}
	return []refusalCase{
		c(403, "INACTIVE_ASSET", "a token that was spent", first, tokenBody("k2", sandbox.TokenCoffee1)),
		onNew("pay", 403, "ASSET_REDEMPTION_DENIED", "a token of another collection", withToken(), nil, payPath, tokenBody("k", "tea"), sandbox.WithCustomers(other...)),
		c(403, "ASSET_REDEMPTION_DENIED", "a line the token does not cover", nil, tokenBody("k", sandbox.TokenCoffee1).with(m{
			"lineItems": []m{{"name": "Muffin", "qty": "1", "price": "200"}},
		})),
		c(403, "ASSET_REDEMPTION_DENIED", "a line bought before", first, tokenBody("k2", sandbox.TokenCoffee2).with(m{
			"lineItems": []m{{"name": "Flat white", "sku": sandbox.DemoTokenSKU, "qty": "1", "price": "550"}},
		})),
		c(403, "ASSET_REDEMPTION_DENIED", "more was paid already", func(r *rig, id string) {
			r.pay(id, m{"amount": "1000", "mode": "multi-asset-payment"})
		}, tokenBody("k2", sandbox.TokenCoffee1)),
		c(403, "INSUFFICIENT_ASSET_VALUE", "a token for another amount", nil, tokenBody("k", sandbox.TokenCoffee1).with(m{"amount": "549"})),
		c(403, "INSUFFICIENT_ASSET_VALUE", "a token for a part, without a mode", nil, tokenBody("k", sandbox.TokenCoffee1).with(m{"mode": nil})),
		c(403, "IDEMPOTENT_OPERATION_FAILED", "other lines", first, tokenBody("k1", sandbox.TokenCoffee1).with(m{
			"lineItems": []m{{"name": "Long black", "sku": sandbox.DemoTokenSKU, "qty": "1", "price": "500"}},
		})),
		onNew("refund", 403, "PARTIAL_REFUNDS_NOT_ALLOWED", "half a token", withToken(), then(first, func(r *rig, id string) { r.pay(id, m{"idempotencyKey": "k2"}) }), refundPath, back("1", "R-1")),
		bodyCase("TOKEN_COLLECTION_NOT_FOUND", "of another config", m{"collectionId": sandbox.DemoCollectionID}),
	}
}

// The matrix is only as good as the tests that no refusal has an effect.
func TestRefusedMoneyMovesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	r.pay(id, nil)
	before, err := r.svc.Request(id)
	r.must(err)
	for _, body := range []m{back("1251", "R-1"), back("0", "R-1"), back("1", "R-1").with(m{"confirmationIdempotencyKey": "k"})} {
		if w := r.call(post, at(id, "refund"), body); w.Code == 200 {
			t.Errorf("%v: %s", body, w.Body)
		}
	}
	after, err := r.svc.Request(id)
	r.must(err)
	if len(after.Activities) != len(before.Activities) || after.UpdatedAt != before.UpdatedAt {
		t.Errorf("from %+v to %+v", before, after)
	}
	if got := r.refund(id, back("1250", "R-1")); got.Value.Amount != "1250" {
		t.Errorf("the reference of a refusal is used up: %+v", got)
	}
}
