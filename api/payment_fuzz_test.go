package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// Whatever is typed as a short code, an id or a reference ends up as that one
// segment of the path, or is not sent.
func FuzzShortCode(f *testing.F) {
	for _, s := range []string{
		"CP-C7F-ZS5", "CP-X4V-6N", "CP-C7F-ZS5-015", "cp c7f zs5", "", ".", "..", "../../void", "a/b?c=d#e", "%2F", "%", "café", "\x00", "\xff", " ",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, code string) {
		var got *url.URL
		c := mustNew(t, "http://localhost"+testPrefix, WithAPIKey(testKey), WithHTTPClient(&http.Client{
			Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				// As it is written on the wire, and read by a server.
				var err error
				if got, err = url.ParseRequestURI(r.URL.RequestURI()); err != nil {
					t.Fatalf("%q is sent as %q: %v", code, r.URL.RequestURI(), err)
				}
				return answer(400, `{"message":"CHECKSUM_FAILED"}`), nil
			}),
		}))
		_, _, err := c.PaymentRequests.GetByShortCode(t.Context(), code)
		if got == nil {
			if OutcomeOf(err) != NotSent || code != "" && code != "." && code != ".." {
				t.Fatalf("%q was not sent: %v", code, err)
			}
			return
		}
		if !coded(err, CodeChecksumFailed) {
			t.Fatalf("%q: %v", code, err)
		}
		segments := strings.Split(strings.TrimPrefix(got.EscapedPath(), testPrefix+"/"), "/")
		if len(segments) != 4 || strings.Join(segments[:3], "/") != "api/payment-requests/short-code" || got.RawQuery != "" || got.Fragment != "" {
			t.Fatalf("%q calls %s", code, got)
		}
		if last, err := url.PathUnescape(segments[3]); err != nil || last != code {
			t.Fatalf("%q arrives as %q, %v", code, last, err)
		}
	})
}

// checksOut holds what validate lets through against the documented rules,
// written a second time in the plainest way.
func checksOut(value Monetary, optional bool, key, invoice string, lines []LineItem) error {
	amount, ok := decimalOf(value.Amount.String())
	set := value != (Monetary{})
	switch {
	case set && (!ok || amount.Cmp(decimal.Zero) <= 0 || amount.Cmp(decimal.New(1, 8)) >= 0 || value.Currency == ""):
		return errors.New("the value is out of bounds")
	case !set && !optional:
		return errors.New("there is no value")
	case key == "":
		return errors.New("there is no key")
	case utf8.RuneCountInString(invoice) > 128:
		return errors.New("the invoice reference is too long")
	}
	for _, line := range lines {
		if line.Name == "" || !line.Qty.Valid() || !line.Price.Valid() {
			return errors.New("a line is not whole")
		}
	}
	return nil
}

// fuzzBody decodes bodies as the sandbox does and checks that what passes
// validation follows the rules and is written as it was read.
func fuzzBody[T actBody](f *testing.F, check func(T) error, fixtures ...string) {
	f.Helper()
	for _, name := range fixtures {
		f.Add([]byte(requestFixture(f, name).Body))
	}
	f.Add([]byte(`{"value":{"amount":"1e99","currency":"NZD"},"externalRef":"r","idempotencyKey":"k","invoiceRef":"i"}`))
	f.Add([]byte(`{"value":{"amount":2,"currency":"NZD"},"externalRef":"r","idempotencyKey":"k","invoiceRef":"i",
		"lineItems":[{"name":"a","qty":"1","price":"1e-9999"},{"name":"b","qty":"-1","price":1.5,"discount":"-0.5"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var body T
		if json.Unmarshal(data, &body) != nil {
			return
		}
		invalid := body.validate()
		if invalid != nil {
			if invalid.Field == "" || invalid.Code == "" || invalid.Problem == "" {
				t.Fatalf("turned down without a word: %+v", *invalid)
			}
			return
		}
		if err := check(body); err != nil {
			t.Fatalf("%v in %s", err, data)
		}
		if !body.replaySafe() {
			t.Fatalf("a repeat of %s would act twice", data)
		}
		wire, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		var again T
		if err := json.Unmarshal(wire, &again); err != nil || again.validate() != nil {
			t.Fatalf("%s is written as %s: %v, %v", data, wire, err, again.validate())
		}
	})
}

func FuzzRefund(f *testing.F) {
	fuzzBody(f, func(b RefundPaymentRequest) error {
		if err := checksOut(b.Value, false, b.ExternalRef, b.InvoiceRef, b.LineItems); err != nil {
			return err
		}
		rest := b.Value.Amount.Decimal()
		reduced := rest
		for _, line := range b.LineItems {
			rest = rest.Sub(line.Price.Decimal())
			reduced = reduced.Sub(line.Price.Decimal()).Add(line.Discount.Decimal())
		}
		if len(b.LineItems) > 0 && !rest.IsZero() && !reduced.IsZero() {
			return errors.New("the lines do not sum to the value")
		}
		return nil
	}, "seed-payment-requests-refund", "payment-requests-refund")
}

func FuzzConfirm(f *testing.F) {
	fuzzBody(f, func(b ConfirmPaymentRequest) error {
		if b.InvoiceRef == "" || len(b.LineItems) == 0 {
			return errors.New("the invoice reference or the lines are missing")
		}
		return checksOut(b.Value, true, b.IdempotencyKey, b.InvoiceRef, b.LineItems)
	}, "payment-requests-confirm")
}

// Whatever pages the service sends one after another: going through them ends,
// and asks for no page twice.
func FuzzActivitiesPage(f *testing.F) {
	page := `{"items":[{"type":"refund","value":{"amount":"600","currency":"NZD"}}],"nextPageKey":"A#1|2:3"}`
	f.Add(page, page, "")
	f.Add(`{"items":[],"nextPageKey":"a"}`, `{"items":[],"pageKey":"b"}`, "b")
	f.Add(`{"items":[{"type":"x"}],"nextPageKey":"#|:&="}`, `{"items":null}`, "a")
	f.Add(`{"items":[{"type":"x","value":{"amount":1e400}}]}`, `<html>`, "\xff")
	f.Fuzz(func(t *testing.T, first, second, from string) {
		asked := map[string]bool{}
		pages := []string{first, second}
		c := mustNew(t, "http://localhost", WithAPIKey(testKey), WithRetryPolicy(RetryPolicy{MaxAttempts: 1}),
			WithHTTPClient(&http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				key := r.URL.Query().Get("pageKey")
				if asked[key] || len(asked) == 3 {
					t.Fatalf("page %q is asked for after %v", key, asked)
				}
				asked[key] = true
				return answer(200, pages[(len(asked)-1)%2]), nil
			})}))
		for a, err := range c.PaymentActivities.All(t.Context(), ListPaymentActivitiesParams{MerchantID: "m", PageKey: from}) {
			switch {
			case err == nil && a.Type == "":
				t.Fatal("an activity without a type")
			case err != nil && (a != nil || OutcomeOf(err) != Unknown):
				t.Fatalf("got %v, %v", a, err)
			}
		}
	})
}
