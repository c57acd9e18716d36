package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"testing"
)

var nameQuirks = map[string]func(*testing.T){
	"C1": func(t *testing.T) { // Authorization and authorization
		page := readResponse[Page[PaymentActivity]](t, "payment-activities-list")
		equal(t, "spelling", page.Items[3].Type, "Authorization")
		equal(t, "is", page.Items[3].Type.Is(ActivityAuthorization), true)
		equal(t, "is not", page.Items[3].Type.Is(ActivityRelease), false)
	},
	"C3": func(t *testing.T) { // pageKey and nextPageKey
		equal(t, "pageKey", readResponse[Page[PaymentRequest]](t, "payment-requests-list-by-external-ref").Next(), "12312312")
		equal(t, "nextPageKey", readResponse[Page[PaymentActivity]](t, "payment-activities-list").Next() != "", true)
	},
	"C4": func(t *testing.T) { // pageKey is marked required; the first page has none
		c := newService(t, exchange{
			method: "GET", path: "/api/payment-activities", query: url.Values{"merchantId": {"m"}}, reply: `{"items":[]}`,
		})
		if _, _, err := c.PaymentActivities.List(t.Context(), ListPaymentActivitiesParams{MerchantID: "m"}); err != nil {
			t.Error(err)
		}
	},
	"C5": func(t *testing.T) { // one redirect URL, then two
		r := read[PaymentRequest](t, `{"redirectUrl":"a","redirectPaidUrl":"b","redirectCancelUrl":"c"}`)
		equal(t, "URLs", r.RedirectURL+r.RedirectPaidURL+r.RedirectCancelURL, "abc")
	},
	"C6": func(t *testing.T) { // partialPayEnabled in a checklist
		equal(t, "sent", created(t, func(b *CreatePaymentRequest) { b.PartialAllowed, b.BasketAmount = true, "10000" })["partialAllowed"], any(true))
	},
	"C7": func(t *testing.T) { // preAuthExpiry and preauth in guides
		equal(t, "sent", created(t, func(b *CreatePaymentRequest) { b.PreAuth = true })["preAuth"], any(true))
		r := read[PaymentRequest](t, `{"preAuthExpiresAt":"2021-09-08T04:04:27.426Z","preAuthExpiry":"2021-09-09T04:04:27.426Z"}`)
		equal(t, "read", r.PreAuthExpiresAt.String(), "2021-09-08T04:04:27.426Z")
	},
	"C8": func(t *testing.T) { // parital-payment until 2023
		equal(t, "kept", read[PaymentActivity](t, `{"mode":"parital-payment"}`).Mode, "parital-payment")
		equal(t, "sent", PayModePartial, "partial-payment")
	},
	"C12": func(t *testing.T) { // config ids with and without prefix are opaque
		for _, id := range []string{"mc_5efbe2fb96c08357bb2b9242", "5efbe2fb96c08357bb2b9242", "P9gm1s1Cu1Q5uooxs"} {
			c := newClientOf(t, answering(200, paymentRequestJSON("x", "new")))
			if _, _, err := c.PaymentRequests.Create(t.Context(), saleOf(func(b *CreatePaymentRequest) { b.ConfigID = id })); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
	},
	"C13": func(t *testing.T) { // awaiting-patron is not in the model's list
		equal(t, "status", read[PaymentCondition](t, `{"status":"awaiting-patron"}`).Status, ConditionAwaitingPatron)
	},
	"C14": func(t *testing.T) { // connectionStatus active
		equal(t, "status", readResponse[PaymentRequest](t, "payment-requests-get").ConnectionStatus, ConnectionActive)
	},
	"C15": func(t *testing.T) { // what a condition does hangs on conditionsEnabled: said or left out, never false
		equal(t, "said", created(t, func(b *CreatePaymentRequest) { b.ConditionsEnabled = true })["conditionsEnabled"], any(true))
		equal(t, "left out", created(t, func(*CreatePaymentRequest) {})["conditionsEnabled"], nil)
	},
	"C16": func(t *testing.T) { // asset types outside the table
		tests := map[AssetType]struct {
			live Liveness
			base string
		}{
			"epay.nzd.test":      {LivenessTest, "epay.nzd"},
			"test":               {LivenessTest, "test"},
			"paypal.usd":         {"", "paypal.usd"},
			"paypal.main":        {LivenessMain, "paypal"},
			"centrapay.nzd.main": {LivenessMain, "centrapay.nzd"},
			"brand.new.thing":    {"", "brand.new.thing"},
		}
		for a, want := range tests {
			equal(t, a.String()+" liveness", a.Liveness(), want.live)
			equal(t, a.String()+" base", a.Base(), want.base)
		}
		equal(t, "with", AssetType("paypal.main").With(LivenessTest), "paypal.test")
		equal(t, "external", AssetExternalTest.IsExternal() && AssetExternalMain.IsExternal(), true)
		equal(t, "token", AssetType("centrapay.token.test").IsToken(), true)
		equal(t, "no token", AssetType("centrapay.nzd.test").IsToken(), false)
	},
	"C18": func(t *testing.T) { // paid beside payment
		equal(t, "same", read[PaymentActivity](t, `{"type":"paid"}`).Type.Is(ActivityPayment), false)
	},
	"C19": func(t *testing.T) { // reasons come and go
		for _, reason := range []CancellationReason{CancelledPreAuthExpired, CancelledLineItemsInvalid, "EATEN_BY_KEA"} {
			got := accepted(t, `{"id":"x","url":"u","status":"cancelled","value":{"amount":"1","currency":"NZD"},"cancellationReason":"`+string(reason)+`"}`)
			equal(t, "reason", got.CancellationReason, reason)
		}
	},
	"C23": func(t *testing.T) { // header names in any case
		h := http.Header{}
		h.Set("x-api-key", "k")
		equal(t, "header", h.Get("X-Api-Key"), "k")
		c := newClientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			equal(t, "key", r.Header.Get("x-api-key"), testKey)
			answering(200, paymentRequestJSON(testID, "new"))(w, r)
		}))
		if err := get(c)(t.Context()); err != nil {
			t.Error(err)
		}
	},
	"C24": func(t *testing.T) { // polled with a key or with a user's token
		h := answering(200, paymentRequestJSON(testID, "new"))
		for _, c := range []*Client{newClientOf(t, h), newUserClient(t, h, WithUserToken(always(testToken)))} {
			if err := get(c)(t.Context()); err != nil {
				t.Error(err)
			}
		}
	},
	"C25": func(t *testing.T) { // the cancel endpoint was withdrawn; a new request is voided
		c := newService(t, exchange{
			method: "POST", path: "/api/payment-requests/" + testID + "/void",
			reply: `{"type":"cancellation","cancellationReason":"CANCELLED_BY_MERCHANT"}`,
		})
		a, _, err := c.PaymentRequests.Void(t.Context(), testID)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "reason", a.CancellationReason, CancelledByMerchant)
	},
}

// created returns the body that a changed sale is created with.
func created(t *testing.T, change func(*CreatePaymentRequest)) map[string]any {
	t.Helper()
	var sent map[string]any
	c := newClientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
			t.Error(err)
		}
		answering(200, paymentRequestJSON("x", "new"))(w, r)
	}))
	if _, _, err := c.PaymentRequests.Create(t.Context(), saleOf(change)); err != nil {
		t.Error(err)
	}
	return sent
}

var codeQuirks = map[string]func(*testing.T){
	"D1": func(t *testing.T) { // short codes of two lengths
		equal(t, "long", readResponse[PaymentRequest](t, "payment-requests-get").ShortCode, "CP-C7F-ZS5")
		equal(t, "short", readResponse[PaymentRequest](t, "payment-requests-create").ShortCode, "CP-X4V-6N")
	},
	"D2": func(t *testing.T) { // activities add a suffix, or none
		equal(t, "suffix", readResponse[PaymentActivity](t, "payment-requests-void").ShortCode, "CP-C7F-ZS5-032")
		equal(t, "none", readResponse[PaymentActivity](t, "payment-requests-confirm").ShortCode, "CP-C7F-ZS5")
	},
	"D3": func(t *testing.T) { // which is not the activity's number
		equal(t, "number", readResponse[PaymentActivity](t, "payment-requests-void").ActivityNumber, "3")
	},
	"D4": func(t *testing.T) { // only the service judges short codes
		c := newClientOf(t, answering(400, `{"message":"CHECKSUM_FAILED"}`))
		_, _, err := c.PaymentRequests.GetByShortCode(t.Context(), "not a code")
		var e *Error
		if !errors.As(err, &e) || e.Code != CodeChecksumFailed || e.Outcome != Refused {
			t.Errorf("got %v", err)
		}
	},
	"D5": func(t *testing.T) { // the documents' own barcode fails Luhn; it is sent
		c := newClientOf(t, answering(200, paymentRequestJSON("x", "new")))
		if _, _, err := c.PaymentRequests.Create(t.Context(), saleOf(func(b *CreatePaymentRequest) { b.Barcode = "9990001234567895" })); err != nil {
			t.Error(err)
		}
	},
	"D6": func(t *testing.T) { // unlisted id prefixes
		r := readResponse[PaymentRequest](t, "openapi-payment-requests-create")
		equal(t, "ids", r.ConnectionID+" "+r.PaymentLinkID, "cn_9asd9k19 pl_5srt998b")
	},
}
