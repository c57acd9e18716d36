package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"
)

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
	"E6": func(t *testing.T) { // updatedAt stays what createdAt is, whatever happened
		r := accepted(t, `{"id":"x","url":"u","status":"paid","value":{"amount":"1","currency":"NZD"},
			"createdAt":"2021-06-08T04:04:27.426Z","updatedAt":"2021-06-08T04:04:27.426Z"}`)
		equal(t, "paid", r.Status == StatusPaid && r.UpdatedAt == r.CreatedAt, true)
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
	"F17": func(t *testing.T) { // an empty object says that no patron code waits
		r, _, err := newClientOf(t, answering(200, `{}`)).PaymentRequests.GetByPatronCode(t.Context())
		if r != nil || err != nil {
			t.Errorf("got %v, %v", r, err)
		}
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
	"F23": func(t *testing.T) { // a confirmation may leave its value out
		body := confirmationOf(func(b *ConfirmPaymentRequest) { b.Value = Monetary{} })
		sentAs(t, "confirm", body, func(ctx context.Context, c *Client) error {
			_, _, err := c.PaymentRequests.Confirm(ctx, testID, body)
			return err
		})
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
	"G11": func(t *testing.T) { // a summary is asked for without a credential
		equal(t, "headers", len(requestFixture(t, "payment-requests-get-summary").Headers), 0)
		checkPublished(t, "payment-requests-get-summary", paymentCalls["payment-requests-get-summary"])
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
	"H5": func(t *testing.T) { // a release after the expiry is refused as released
		_, _, err := newClientOf(t, answering(403, `{"message":"PRE_AUTH_RELEASED"}`)).PaymentRequests.Release(t.Context(), testID)
		equal(t, "refused", coded(err, CodePreAuthReleased) && OutcomeOf(err) == Refused, true)
	},
	"H7": func(t *testing.T) { // refused for want of a reference, which every refund has
		c := newClientOf(t, answering(403, `{"message":"ALREADY_REFUNDED","reason":"further refunds need an externalRef"}`))
		_, _, err := c.PaymentRequests.Refund(t.Context(), testID, RefundPaymentRequest{Value: NewMonetary(1, "NZD"), ExternalRef: "r"})
		equal(t, "refused", coded(err, CodeAlreadyRefunded) && OutcomeOf(err) == Refused, true)
	},
	"H8": func(t *testing.T) { // one text for missing, expired and wrong credentials
		for _, name := range []string{"doc-http-status-codes-02", "openapi-shared-error-401"} {
			body := read[ErrorBody](t, string(readFixture(t, name+".example.json")))
			equal(t, name, CodeOf(body.Message), CodeUnauthorized)
		}
	},
}
