package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"
)

// TestQuirks has one test for each numbered oddity of the service and its
// documents that concerns the calls of this package. What a name does not
// explain, the test does.
func TestQuirks(t *testing.T) {
	t.Parallel()
	for _, group := range []map[string]func(*testing.T){
		numberQuirks, valueQuirks, nameQuirks, codeQuirks, timeQuirks, fieldQuirks, statusQuirks,
	} {
		for number, test := range group {
			t.Run(number, func(t *testing.T) {
				t.Parallel()
				test(t)
			})
		}
	}
}

func read[T any](t *testing.T, wire string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(wire), &v); err != nil {
		t.Fatalf("%v in %s", err, wire)
	}
	return v
}

func readResponse[T any](t *testing.T, name string) T {
	t.Helper()
	return read[T](t, string(readFixture(t, name+".response.json")))
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// accepted calls Get against an answer and fails when it is not taken as one.
func accepted(t *testing.T, body string) *PaymentRequest {
	t.Helper()
	r, _, err := newClientOf(t, answering(200, body)).PaymentRequests.GetByShortCode(t.Context(), "CP-C7F-ZS5")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var numberQuirks = map[string]func(*testing.T){
	"A1": func(t *testing.T) { // amount as a JSON number
		a := readResponse[PaymentActivity](t, "payment-requests-conditions-accept")
		equal(t, "amount", a.Value.Amount, "100")
	},
	"A2": func(t *testing.T) { // which is not the request's value: not compared
		c := newClientOf(t, answering(200, `{"type":"accept-condition","value":{"amount":100,"currency":"NZD"},"paymentRequestId":"`+testID+`"}`))
		if _, _, err := c.PaymentRequests.AcceptCondition(t.Context(), testID, "1"); err != nil {
			t.Error(err)
		}
	},
	"A3": func(t *testing.T) { // floats
		equal(t, "rate", read[BigNumber](t, `0.000081`).Decimal().Shift(6).IntPart(), 81)
	},
	"A4": func(t *testing.T) { // beyond 2^53
		n := read[BigNumber](t, `13200000000000000001`)
		equal(t, "wei", n.Decimal().Mod(BigNumber("10").Decimal()).IntPart(), 1)
	},
	"A6": func(t *testing.T) { // expirySeconds as string or number
		equal(t, "sent as string", read[CreatePaymentRequest](t, `{"expirySeconds":"120"}`).ExpirySeconds, 120)
		equal(t, "sent as number", read[CreatePaymentRequest](t, `{"expirySeconds":120}`).ExpirySeconds, 120)
		wire, err := json.Marshal(PaymentRequest{ExpirySeconds: 120})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "answered", string(wire), `{"id":"","value":{"amount":"","currency":""},"status":"","expirySeconds":120}`)
	},
	"A8": func(t *testing.T) { // activityNumber as string or number
		equal(t, "string", read[PaymentActivity](t, `{"activityNumber":"2"}`).ActivityNumber, "2")
		equal(t, "number", read[PaymentActivity](t, `{"activityNumber":2}`).ActivityNumber, "2")
	},
	"A9": func(t *testing.T) { // condition ids as number or string: opaque text
		equal(t, "conditionId", read[PaymentActivity](t, `{"conditionId":1}`).ConditionID, "1")
		equal(t, "conditionId", read[PaymentActivity](t, `{"conditionId":"1"}`).ConditionID, "1")
		equal(t, "id", read[PaymentCondition](t, `{"id":1}`).ID, "1")
		equal(t, "id", read[PaymentCondition](t, `{"id":"01"}`).ID, "01")
	},
	"A10": func(t *testing.T) { // tax in three notations
		for _, tax := range []string{`"15"`, `"15.0"`, `"15.00"`, `15`} {
			if line := read[LineItem](t, `{"tax":`+tax+`}`); !line.Tax.Equal("15") {
				t.Errorf("%s is not 15", tax)
			}
		}
	},
	"A12": func(t *testing.T) { // booleans as strings
		r := read[PaymentRequest](t, `{"preAuth":"true","partialAllowed":"false","conditionsEnabled":true}`)
		equal(t, "preAuth", r.PreAuth, true)
		equal(t, "partialAllowed", r.PartialAllowed, false)
		equal(t, "conditionsEnabled", r.ConditionsEnabled, true)
	},
	"A13": func(t *testing.T) { // barcode as a number; leading zeros of a string stay
		equal(t, "number", read[PaymentRequest](t, `{"barcode":503901342}`).Barcode, "503901342")
		equal(t, "string", read[PaymentRequest](t, `{"barcode":"000901342"}`).Barcode, "000901342")
	},
	"A16": func(t *testing.T) { // basketAmount is a number today
		equal(t, "basketAmount", read[PaymentRequest](t, `{"basketAmount":"12000"}`).BasketAmount, "12000")
	},
}

var valueQuirks = map[string]func(*testing.T){
	"B1": func(t *testing.T) { // paid 200, answered 1000; B2: another key comes back
		c := newClientOf(t, answering(200, string(readFixture(t, "payment-requests-pay.response.json"))))
		a, _, err := c.PaymentRequests.Pay(t.Context(), testID, PayPaymentRequest{
			AssetType: "centrapay.nzd.main", AssetID: "a", Amount: "200", IdempotencyKey: "b62-11ec-9072-3e22fb52e878",
		})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "amount", a.Value.Amount, "1000")
	},
	"B2": func(t *testing.T) {
		equal(t, "key", readResponse[PaymentActivity](t, "payment-requests-pay").IdempotencyKey, "8b62-11ec-9072-3e22fb52e878")
	},
	"B3": func(t *testing.T) { // created with 10000, answered 9000
		c := newClientOf(t, answering(200, string(readFixture(t, "payment-requests-create.response.json"))))
		r, _, err := c.PaymentRequests.Create(t.Context(), saleOf(func(*CreatePaymentRequest) {}))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "value", r.Value.Amount, "9000")
	},
	"B4": func(t *testing.T) { // a refund whose line items do not sum to its value
		a := readResponse[PaymentActivity](t, "payment-requests-refund")
		equal(t, "value and price", a.Value.Amount+" "+a.LineItems[0].Price, "3600 4000")
	},
	"B6": func(t *testing.T) { // lines sum to 6190 of 8991; answers are not summed
		equal(t, "value", accepted(t, string(readFixture(t, "payment-requests-get.response.json"))).Value.Amount, "8991")
	},
	"B7": func(t *testing.T) { // new, with totals of who paid
		r := readResponse[PaymentRequest](t, "payment-requests-get")
		equal(t, "status", r.Status, StatusNew)
		equal(t, "paid", r.PaidBy.AssetTotals[0].Total, NewMonetary(1000, "NZD"))
	},
	"B9": func(t *testing.T) { // answered with a config and references that were not sent
		c := newClientOf(t, answering(200, `{"id":"x","url":"u","status":"new","value":{"amount":"1","currency":"NZD"},"configId":"other","invoiceRef":"i"}`))
		r, _, err := c.PaymentRequests.Create(t.Context(), saleOf(func(*CreatePaymentRequest) {}))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "configId", r.ConfigID, "other")
	},
	"B10": func(t *testing.T) { // purchaseOrderRef comes and goes
		equal(t, "absent", accepted(t, paymentRequestJSON(testID, "new")).PurchaseOrderRef, "")
	},
	"B13": func(t *testing.T) { // merchant ids differ between activities of one request
		c := newClientOf(t, answering(200, `{"items":[
			{"type":"payment","paymentRequestId":"`+testID+`","merchantId":"26d3"},
			{"type":"refund","paymentRequestId":"`+testID+`","merchantId":"5ee0"}]}`))
		if _, _, err := c.PaymentRequests.Activities(t.Context(), testID); err != nil {
			t.Error(err)
		}
	},
	"B15": func(t *testing.T) { // a page names itself as the next
		calls := 0
		key := "PaymentRequest#E9e|Activity#1|2021-09-15T03:00:21.156Z"
		seq := allPages(key, func(string) (*Page[PaymentActivity], error) {
			calls++
			return &Page[PaymentActivity]{Items: []PaymentActivity{{Type: "refund"}}, NextPageKey: key}, nil
		})
		for _, err := range seq {
			if err != nil || calls > 1 {
				t.Fatal("the page was asked for again:", err)
			}
		}
		equal(t, "calls", calls, 1)
	},
}

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
	"C5": func(t *testing.T) { // one redirect URL, then two
		r := read[PaymentRequest](t, `{"redirectUrl":"a","redirectPaidUrl":"b","redirectCancelUrl":"c"}`)
		equal(t, "URLs", r.RedirectURL+r.RedirectPaidURL+r.RedirectCancelURL, "abc")
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

var timeQuirks = map[string]func(*testing.T){
	"E1": func(t *testing.T) {
		equal(t, "no milliseconds", read[Timestamp](t, `"2018-04-06T04:36:54Z"`).Time(), time.Date(2018, 4, 6, 4, 36, 54, 0, time.UTC))
	},
	"E2": func(t *testing.T) {
		equal(t, "UTC in words", read[Timestamp](t, `"2022-03-31 02:56:29 UTC"`).Time(), time.Date(2022, 3, 31, 2, 56, 29, 0, time.UTC))
	},
	"E3": func(t *testing.T) {
		total := read[AssetTotal](t, `{"settlementDate":"2019-12-10"}`)
		equal(t, "date", total.SettlementDate.Time(), time.Date(2019, 12, 10, 0, 0, 0, 0, time.UTC))
	},
	"E4": func(t *testing.T) { // a letter l among the digits; the sale goes on
		r := accepted(t, `{"id":"x","url":"u","status":"paid","value":{"amount":"1","currency":"NZD"},"createdAt":"2020-06-02T10:l4:33.021Z"}`)
		equal(t, "kept", r.CreatedAt.String(), "2020-06-02T10:l4:33.021Z")
		equal(t, "status", r.Status, StatusPaid)
	},
	"E5": func(t *testing.T) { // an invoice reference that looks like a time
		equal(t, "text", readResponse[PaymentActivity](t, "payment-requests-confirm").InvoiceRef, "2022-08-03T16:56:50-06:00")
	},
	"E7": func(t *testing.T) { // "usually" milliseconds: always written
		equal(t, "written", NewTimestamp(time.Unix(0, 0)).String(), "1970-01-01T00:00:00.000Z")
	},
}

var fieldQuirks = map[string]func(*testing.T){
	"F1": func(t *testing.T) { // remainingAmount is absent, which is not "0"
		equal(t, "absent", readResponse[PaymentRequest](t, "payment-requests-get").RemainingAmount.IsSet(), false)
		zero := read[PaymentRequest](t, `{"remainingAmount":"0"}`)
		equal(t, "zero", zero.RemainingAmount.IsSet() && zero.RemainingAmount.IsZero(), true)
		wire, err := json.Marshal(zero)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "zero is written", read[map[string]any](t, string(wire))["remainingAmount"], any("0"))
	},
	"F1a": func(t *testing.T) { // create without options, conditions and more
		r := accepted(t, string(readFixture(t, "openapi-payment-requests-create.response.json")))
		equal(t, "options", r.PaymentOptions == nil && r.MerchantConditions == nil && r.TaxNumber == nil, true)
	},
	"F2": func(t *testing.T) { // no liveness, no conditions
		equal(t, "liveness", accepted(t, paymentRequestJSON(testID, "new")).Liveness, "")
	},
	"F3": func(t *testing.T) { // preAuthStatus without preAuth
		r := read[PaymentRequest](t, `{"preAuthStatus":"authorized"}`)
		equal(t, "status", r.PreAuthStatus == PreAuthAuthorized && !bool(r.PreAuth), true)
	},
	"F4": func(t *testing.T) { // authorized while new or paid
		for _, s := range []Status{StatusNew, StatusPaid} {
			r := read[PaymentRequest](t, `{"status":"`+string(s)+`","preAuthStatus":"authorized"}`)
			equal(t, "final", r.Status.IsFinal(), s == StatusPaid)
		}
	},
	"F5": func(t *testing.T) { // confirm: other fields than the rest
		a := readResponse[PaymentActivity](t, "payment-requests-confirm")
		equal(t, "absent", a.MerchantID+string(a.CreatedBy)+string(a.ActivityNumber), "")
		equal(t, "present", a.CreatedByAccountID != "" && a.UpdatedAt.Valid(), true)
	},
	"F6": func(t *testing.T) { // condition activities without short code
		equal(t, "short code", readResponse[PaymentActivity](t, "payment-requests-conditions-decline").ShortCode, "")
	},
	"F7": func(t *testing.T) { // authorization entries without asset type
		equal(t, "asset type", readResponse[Page[PaymentActivity]](t, "payment-activities-list").Items[4].AssetType, "")
	},
	"F8": func(t *testing.T) { // only pay has an id
		equal(t, "pay", readResponse[PaymentActivity](t, "payment-requests-pay").ID, "94a564c9a66d4893b7edf8ccafe3c5fb")
		equal(t, "void", readResponse[PaymentActivity](t, "payment-requests-void").ID, "")
	},
	"F9": func(t *testing.T) { // undocumented fields are kept
		a := readResponse[PaymentActivity](t, "payment-requests-pay")
		equal(t, "mode", a.Mode, PayModePartial)
		equal(t, "external payment", a.ExternalPaymentRef, "62e4b0d7-551b-4b93-8b62-28265b4457d1")
	},
	"F10": func(t *testing.T) {
		r := readResponse[PaymentRequest](t, "payment-requests-get")
		equal(t, "payer", r.PaidBy.AssetTotals[0].PayerAccountID, "Bn8Wawd21Y2yoGb2KuSdK2")
	},
	"F11": func(t *testing.T) { // abridged items are taken
		c := newClientOf(t, answering(200, string(readFixture(t, "payment-requests-list-by-external-ref.response.json"))))
		page, _, err := c.PaymentRequests.ListByExternalRef(t.Context(), "r", ListByExternalRefParams{MerchantAccountID: "a"})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "short code", page.Items[0].ShortCode, "")
	},
	"F19": func(t *testing.T) { // errors of three shapes
		for _, body := range []string{`{"message":"X"}`, `{"statusCode":400,"message":"X"}`, `{"statusCode":"400","error":"E","message":"X","reason":"R","more":[]}`} {
			_, _, err := newClientOf(t, answering(400, body)).PaymentRequests.Void(t.Context(), testID)
			var e *Error
			if !errors.As(err, &e) || e.Outcome != Refused || e.Code != "X" {
				t.Errorf("%s: got %v", body, err)
			}
		}
	},
	"F22": func(t *testing.T) { // a void is a refund or a cancellation
		for wire, want := range map[string]ActivityType{
			string(readFixture(t, "payment-requests-void.response.json")):          ActivityRefund,
			`{"type":"cancellation","cancellationReason":"CANCELLED_BY_MERCHANT"}`: ActivityCancellation,
		} {
			a, _, err := newClientOf(t, answering(200, wire)).PaymentRequests.Void(t.Context(), testID)
			if err != nil || !a.Type.Is(want) {
				t.Errorf("got %v, %v", a, err)
			}
		}
	},
	"F24": func(t *testing.T) { // pay without its required key: sent once, never again
		calls := make(chan struct{}, 9)
		c := newClientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls <- struct{}{}
			answering(500, "")(w, r)
		}))
		_, _, err := c.PaymentRequests.Pay(t.Context(), testID, PayPaymentRequest{AssetType: "a.main", AssetID: "x"})
		equal(t, "outcome", OutcomeOf(err), Unknown)
		equal(t, "calls", len(calls), 1)
	},
	"G2": func(t *testing.T) { // items without a cursor
		equal(t, "next", readResponse[Page[PaymentActivity]](t, "payment-requests-list-payment-activities").Next(), "")
	},
}

var statusQuirks = map[string]func(*testing.T){
	"H1": func(t *testing.T) { // missing things are 403; the code says FORBIDDEN
		_, _, err := newClientOf(t, answering(403, string(readFixture(t, "doc-http-status-codes-03.example.json")))).PaymentRequests.Get(t.Context(), testID)
		var e *Error
		if !errors.As(err, &e) || e.Outcome != Refused || e.Code != CodeForbidden {
			t.Errorf("got %v", err)
		}
	},
	"H2": func(t *testing.T) { // two spellings of one code
		for name, want := range map[string]Code{
			"doc-http-status-codes-03": CodeForbidden, "openapi-shared-error-403": CodeForbidden,
			"doc-http-status-codes-05": CodeNotFound, "openapi-shared-error-404": CodeNotFound,
			"doc-http-status-codes-06": CodeRateLimitExceeded, "openapi-shared-error-429": CodeRateLimitExceeded,
			"openapi-shared-error-400": CodeBadRequest, "openapi-shared-error-500": CodeServerError,
		} {
			body := read[ErrorBody](t, string(readFixture(t, name+".example.json")))
			equal(t, name, CodeOf(body.Message), want)
		}
	},
	"H8": func(t *testing.T) { // one text for missing, expired and wrong credentials
		for _, name := range []string{"doc-http-status-codes-02", "openapi-shared-error-401"} {
			body := read[ErrorBody](t, string(readFixture(t, name+".example.json")))
			equal(t, name, CodeOf(body.Message), CodeUnauthorized)
		}
	},
}
