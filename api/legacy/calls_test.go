package legacy

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"centrapos/api"
)

// Answers that are successes for any id of the tests.
const (
	aRequest   = `{"requestId":"` + testID + `","denomination":{"amount":1020,"asset":"NZD"},"status":"new"}`
	paid       = `{"requestId":"` + testID + `","denomination":{"amount":1020,"asset":"NZD"},"status":"paid"}`
	cancelled  = `{"requestId":"` + testID + `","denomination":{"amount":1020,"asset":"NZD"},"status":"canceled"}`
	aReceipt   = `{"status":"Success","type":"txRefund"}`
	aVoid      = `{"type":"voidCancel","status":"Success","message":"string"}`
	alreadyHas = `{"code":190,"message":"TRANSACTION_ALREADY_EXISTS"}`
)

// aCall is one call with an answer that is its success.
type aCall struct {
	name    string
	make    func(context.Context, *Client) (api.Meta, error)
	success string
	// attempts is how many are made when no answer comes, with the reason.
	attempts int32
	reason   string
	// first says that the first form has the call.
	first bool
}

var sale = CreateRequest{MerchantID: "m", Asset: "NZD", Amount: "1020"}

var allCalls = []aCall{
	{"create", func(ctx context.Context, c *Client) (api.Meta, error) {
		_, m, err := c.Create(ctx, sale)
		return m, err
	}, aRequest, 1, "it has no key: a repeat would make a second request", true},
	{"info", func(ctx context.Context, c *Client) (api.Meta, error) {
		_, m, err := c.Info(ctx, testID)
		return m, err
	}, aRequest, 3, "reading changes nothing", true},
	{"pay", func(ctx context.Context, c *Client) (api.Meta, error) {
		_, m, err := c.Pay(ctx, testID, PayRequest{Ledger: "l", Authorization: "a"})
		return m, err
	}, paid, 1, "it has no key: a repeat could pay twice", true},
	{"cancel", func(ctx context.Context, c *Client) (api.Meta, error) {
		_, m, err := c.Cancel(ctx, testID)
		return m, err
	}, cancelled, 1, "its repeat is not documented to succeed", true},
	{"void", func(ctx context.Context, c *Client) (api.Meta, error) {
		_, m, err := c.Void(ctx, testID)
		return m, err
	}, aVoid, 1, "its repeat is not documented to succeed, and it can give money back", false},
	{"refund", func(ctx context.Context, c *Client) (api.Meta, error) {
		_, m, err := c.Refund(ctx, "t", RefundRequest{Amount: "100"})
		return m, err
	}, aReceipt, 1, "without a reference a repeat is a second refund, or refused", false},
	{"refund with reference", func(ctx context.Context, c *Client) (api.Meta, error) {
		_, m, err := c.Refund(ctx, "t", RefundRequest{Amount: "100", ExternalReference: "r"})
		return m, err
	}, aReceipt, 3, "the service remembers the reference: same amount, no second refund", false},
}

func TestCallsAreRepeatedOnlyWhereThatDoesNoHarm(t *testing.T) {
	t.Parallel()
	lost := map[string]http.HandlerFunc{
		"reset": reset, "500": answering(500, `{"message":"INTERNAL_ERROR"}`), "502": answering(502, "<html>"),
		"408": answering(408, `{"message":"Request Timeout"}`), "a portal": answering(200, "<html>"), "{}": answering(200, "{}"),
	}
	for _, call := range allCalls {
		for name, handle := range lost {
			t.Run(call.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				c, s := today(t, handle)
				meta, err := call.make(t.Context(), c)
				equal(t, "outcome", api.OutcomeOf(err), api.Unknown)
				if s.calls.Load() != call.attempts || meta.Attempts != int(call.attempts) {
					t.Errorf("got %d requests in %d attempts, want %d: %s", s.calls.Load(), meta.Attempts, call.attempts, call.reason)
				}
			})
		}
	}
}

func TestInfoIsRepeatedInTheFirstFormTooWithItsBody(t *testing.T) {
	t.Parallel()
	left := 2
	c, s := first(t, func(w http.ResponseWriter, r *http.Request) {
		if left--; left >= 0 {
			reset(w, r)
		}
		answering(200, aRequest)(w, r)
	})
	if _, _, err := c.Info(t.Context(), testID); err != nil {
		t.Fatal(err)
	}
	equal(t, "method and body", s.last.Load().Method+" "+s.last.Load().Body, "GET requestId="+testID)
}

func TestARefusalIsOneInBothForms(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 403, 404} {
		for _, call := range allCalls {
			c, s := today(t, answering(status, `{"message":"REQUEST_EXPIRED"}`))
			_, err := call.make(t.Context(), c)
			e := asError(t, err)
			if e.Outcome != api.Refused || e.Code != api.CodeRequestExpired || s.calls.Load() != 1 {
				t.Errorf("%s: got %+v after %d requests", call.name, *e, s.calls.Load())
			}
		}
	}
	c, _ := first(t, answering(404, `{"message":"REQUEST_NOT_FOUND"}`))
	_, _, err := c.Info(t.Context(), testID)
	if e := asError(t, err); e.Outcome != api.Refused || e.Code != CodeRequestNotFound {
		t.Errorf("got %+v", *e)
	}
}

func asError(t testing.TB, err error) *api.Error {
	t.Helper()
	var e *api.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an *api.Error", err)
	}
	return e
}

// An answer that does not say what its caller will rely on is no answer.
func TestAnswersThatDoNotSayWhatTheyShouldAreUnknown(t *testing.T) {
	t.Parallel()
	const (
		money = `"denomination":{"amount":1020,"asset":"NZD"}`
		id    = `"requestId":"` + testID + `"`
	)
	broken := map[string][]string{
		"create": {
			`null`, `[]`, `"x"`, `{` + money + `,"status":"new"}`, `{` + id + `,` + money + `}`,
			`{` + id + `,"status":"new"}`, `{` + id + `,"status":"new","denomination":{"amount":"ten","asset":"NZD"}}`,
			`{` + id + `,"status":"new","denomination":{"amount":10}}`, `{` + id + `,"status":"new","denomination":[]}`,
			`{` + id + `,` + money + `,"status":"new"`, `{` + id + `,` + money + `,"status":"new"} x`,
		},
		"info": {
			`{"requestId":"other",` + money + `,"status":"paid"}`, `{` + money + `,"status":"paid"}`,
			`{` + id + `,"status":"paid"}`, `{` + id + `,` + money + `,"status":""}`, `{` + id + `,` + money + `,"paidBy":[1]}`,
		},
		"pay": {
			`null`, `{` + id + `,` + money + `,"status":"new"}`, `{"requestId":"other",` + money + `,"status":"paid"}`,
			`{` + id + `,"status":"paid"}`, `{"type":"txBitcoin"}`, `{"status":"Failed","type":"txBitcoin"}`, `{"status":"pending"}`,
			`{"status":"Success","payment":{"amount":"much"}}`, `{` + id + `,` + money + `,"status":"paid","payment":{}}` + `}`,
		},
		"cancel": {
			`{` + id + `,"status":"paid"}`, `{` + id + `}`, `{"status":"cancelled"}`, `{"requestId":"other","status":"cancelled"}`,
			`{` + id + `,"status":"cancelled","denomination":{"amount":"x"}}`,
		},
		"void":   {`null`, `{"type":"voidCancel"}`, `{"type":"voidCancel","status":"Failure"}`, `{"status":["Success"]}`},
		"refund": {`{"type":"txRefund"}`, `{"status":"Declined"}`, `{"status":"Success","payment":{"amount":"x"}}`},
	}
	for _, call := range allCalls {
		for _, body := range broken[call.name] {
			c, _ := today(t, answering(200, body))
			if _, err := call.make(t.Context(), c); api.OutcomeOf(err) != api.Unknown {
				t.Errorf("%s %s: got %s, %v", call.name, body, api.OutcomeOf(err), err)
			}
		}
		c, _ := today(t, answering(200, call.success))
		if _, err := call.make(t.Context(), c); err != nil {
			t.Errorf("%s %s: %v", call.name, call.success, err)
		}
		c, s := today(t, answering(200, `{"x":"`+strings.Repeat("x", 10<<20)+`"}`))
		if _, err := call.make(t.Context(), c); api.OutcomeOf(err) != api.Unknown || s.calls.Load() != 1 {
			t.Errorf("%s: 10 MB: got %v after %d requests", call.name, api.OutcomeOf(err), s.calls.Load())
		}
	}
}

func TestACallWithoutACredential(t *testing.T) {
	t.Parallel()
	none, s := serve(t, answering(200, aRequest), nil)
	for _, call := range allCalls {
		_, err := call.make(t.Context(), none)
		if e := asError(t, err); e.Outcome != api.NotSent || e.Code != api.CodeCredentialMissing {
			t.Errorf("%s: today's form: got %+v", call.name, *e)
		}
	}
	equal(t, "requests of today's form", s.calls.Load(), 0)

	for name, credential := range map[string]api.Option{"none": nil, "a key": api.WithAPIKey(testKey)} {
		for _, call := range allCalls {
			if !call.first {
				continue
			}
			c, s := serve(t, answering(200, call.success), credential, AsFirstPublished())
			if _, err := call.make(t.Context(), c); err != nil {
				t.Errorf("%s with %s: %v", call.name, name, err)
			}
			equal(t, call.name+" with "+name+": sent key", s.last.Load().Header.Get("X-Api-Key") != "", credential != nil)
		}
	}
}

func TestTheFirstFormHasNoVoidNoRefundAndFewerParameters(t *testing.T) {
	t.Parallel()
	c, s := first(t, answering(200, aRequest))
	rejected := func(what, field string, err error) {
		t.Helper()
		e := asError(t, err)
		var v *api.ValidationError
		if !errors.As(err, &v) || v.Field != field || e.Outcome != api.NotSent || e.Code != CodeNotInForm {
			t.Errorf("%s: got %v", what, err)
		}
	}
	_, _, err := c.Void(t.Context(), testID)
	rejected("void", "requests.void", err)
	_, _, err = c.Refund(t.Context(), "t", RefundRequest{Amount: "1"})
	rejected("refund", "transactions.refund", err)
	for field, body := range map[string]CreateRequest{
		"patronCode": {PatronCode: "1"}, "paymentExpirySeconds": {PaymentExpirySeconds: 60},
		"terminalId": {TerminalID: "1"}, "deviceId": {DeviceID: "1"},
	} {
		body.MerchantID, body.Asset, body.Amount = "m", "NZD", "1"
		_, _, err = c.Create(t.Context(), body)
		rejected(field, field, err)
	}
	equal(t, "requests", s.calls.Load(), 0)
}

func TestCallsThatCouldOnlyBeRefusedAreNotSent(t *testing.T) {
	t.Parallel()
	c, s := today(t, answering(200, aRequest))
	ctx := t.Context()
	create := func(change func(*CreateRequest)) error {
		body := sale
		change(&body)
		_, _, err := c.Create(ctx, body)
		return err
	}
	amount := func(a api.BigNumber) error { return create(func(b *CreateRequest) { b.Amount = a }) }
	about := func(call func(context.Context, string, ...api.CallOption) (*Request, api.Meta, error)) error {
		_, _, err := call(ctx, "")
		return err
	}
	pay := func(id string, body PayRequest) error { _, _, err := c.Pay(ctx, id, body); return err }
	refund := func(id string, a api.BigNumber) error {
		_, _, err := c.Refund(ctx, id, RefundRequest{Amount: a, ExternalReference: "r"})
		return err
	}
	_, _, noVoid := c.Void(ctx, "")
	tests := []struct {
		name string
		err  error
		code api.Code
	}{
		{"no merchant", create(func(b *CreateRequest) { b.MerchantID = "" }), CodeInvalidMerchantID},
		{"no asset", create(func(b *CreateRequest) { b.Asset = "" }), CodeInvalidAsset},
		{"expires in the past", create(func(b *CreateRequest) { b.PaymentExpirySeconds = -1 }), CodeInvalidPaymentExpirySeconds},
		{"no amount", amount(""), api.CodeInvalidAmount},
		{"zero", amount("0.00"), api.CodeInvalidAmount},
		{"negative", amount("-1"), api.CodeInvalidAmount},
		{"half a cent", amount("10.5"), api.CodeInvalidAmount},
		{"words", amount("ten"), api.CodeInvalidAmount},
		{"a googol squared", amount("1e200"), api.CodeInvalidAmount},
		{"many digits", amount(api.BigNumber(strings.Repeat("1", 79))), api.CodeInvalidAmount},
		{"info of nothing", about(c.Info), CodeInvalidRequestID},
		{"cancel of nothing", about(c.Cancel), CodeInvalidRequestID},
		{"void of nothing", noVoid, CodeInvalidRequestID},
		{"pay of nothing", pay("", PayRequest{Ledger: "l", Authorization: "a"}), CodeInvalidRequestID},
		{"no ledger", pay(testID, PayRequest{Authorization: "a"}), CodeInvalidLedger},
		{"no authority", pay(testID, PayRequest{Ledger: "l"}), CodeInvalidAuthorization},
		{"refund of nothing", refund("", "1"), CodeInvalidTransactionID},
		{"refund of no money", refund("t", "0"), api.CodeInvalidAmount},
	}
	for _, tt := range tests {
		e := asError(t, tt.err)
		if e.Outcome != api.NotSent || e.Code != tt.code || e.Path == "" {
			t.Errorf("%s: got %v", tt.name, tt.err)
		}
	}
	equal(t, "requests", s.calls.Load(), 0)
}

func TestParametersAreSentAsTheyAre(t *testing.T) {
	t.Parallel()
	c, s := today(t, answering(200, aRequest))
	_, _, err := c.Create(t.Context(), CreateRequest{
		MerchantID: "m&n=o", ClientID: "c", Asset: "NZD", Amount: "1.02e3", Description: "café + 10 %", ExternalReference: "r/1#2",
		NotifyURL: "https://till.test/notify?a=b&c", PatronCode: "0001", PaymentExpirySeconds: 60, TerminalID: "t", DeviceID: "d",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := url.Values{
		"merchantId": {"m&n=o"}, "clientId": {"c"}, "asset": {"NZD"}, "amount": {"1020"}, "description": {"café + 10 %"},
		"externalReference": {"r/1#2"}, "notifyUrl": {"https://till.test/notify?a=b&c"}, "patronCode": {"0001"},
		"paymentExpirySeconds": {"60"}, "terminalId": {"t"}, "deviceId": {"d"},
	}
	if got := s.last.Load().Query; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}

	c, s = today(t, answering(200, aReceipt))
	if _, _, err := c.Refund(t.Context(), "t", RefundRequest{Amount: "100", ExternalReference: "r"}); err != nil {
		t.Fatal(err)
	}
	if got := s.last.Load().Query; !reflect.DeepEqual(got, url.Values{"transactionId": {"t"}, "amount": {"100"}, "externalReference": {"r"}}) {
		t.Errorf("got %v", got)
	}
}

func TestNoCredentialOrAuthorityStandsInAnError(t *testing.T) {
	t.Parallel()
	const authority = "voucher-1234123412341234"
	handlers := map[string]http.HandlerFunc{
		"echo": func(w http.ResponseWriter, r *http.Request) {
			answering(403, `{"message":"DENIED `+r.Header.Get("X-Api-Key")+`"}`)(w, r)
		},
		"echo in a success": func(w http.ResponseWriter, r *http.Request) {
			answering(200, `{"status":"`+r.Header.Get("X-Api-Key")+`"}`)(w, r)
		},
		"reset": reset,
	}
	for name, handle := range handlers {
		for _, opts := range [][]Option{nil, {AsFirstPublished()}} {
			c, _ := serve(t, handle, api.WithAPIKey(testKey), opts...)
			_, _, err := c.Pay(t.Context(), testID, PayRequest{Ledger: "l", Authorization: authority})
			for _, text := range []string{err.Error(), fmt.Sprintf("%+v %#v", err, asError(t, err))} {
				if strings.Contains(text, testKey) || strings.Contains(text, authority) {
					t.Errorf("%s: %s", name, text)
				}
			}
		}
	}
}
