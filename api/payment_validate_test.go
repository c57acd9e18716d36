package api

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// refundOf is a refund that the service may accept, changed.
func refundOf(change func(*RefundPaymentRequest)) RefundPaymentRequest {
	b := RefundPaymentRequest{
		Value: NewMonetary(10000, "NZD"), ExternalRef: "refund-1", LineItems: append([]LineItem(nil), hardHats...),
	}
	change(&b)
	return b
}

// confirmationOf is a confirmation that the service may accept, changed.
func confirmationOf(change func(*ConfirmPaymentRequest)) ConfirmPaymentRequest {
	b := publishedConfirmation()
	change(&b)
	return b
}

// notSent checks that a call is turned down here, by the right field and code.
func notSent(t *testing.T, meta Meta, err error, field string, code Code) {
	t.Helper()
	var e *Error
	var v *ValidationError
	if !errors.As(err, &e) || !errors.As(err, &v) {
		t.Fatalf("got %v", err)
	}
	if e.Outcome != NotSent || e.Code != code || v.Code != code || v.Field != field || meta.Attempts != 0 {
		t.Errorf("got %+v, %+v, attempts %d", *e, *v, meta.Attempts)
	}
	if !strings.Contains(err.Error(), field) {
		t.Errorf("%q does not name %s", err, field)
	}
}

func TestRefundsThatAreNotSent(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*RefundPaymentRequest)
		field  string
		code   Code
	}{
		"no amount":         {func(b *RefundPaymentRequest) { b.Value.Amount = "" }, "value.amount", CodeInvalidAmount},
		"zero":              {func(b *RefundPaymentRequest) { b.Value.Amount = "0" }, "value.amount", CodeInvalidAmount},
		"negative":          {func(b *RefundPaymentRequest) { b.Value.Amount = "-100" }, "value.amount", CodeInvalidAmount},
		"no number":         {func(b *RefundPaymentRequest) { b.Value.Amount = "all" }, "value.amount", CodeInvalidAmount},
		"a million dollars": {func(b *RefundPaymentRequest) { b.Value.Amount = "100000000" }, "value.amount", CodeInvalidAmount},
		"no currency":       {func(b *RefundPaymentRequest) { b.Value.Currency = "" }, "value.currency", CodeInvalidRequest},
		"no reference":      {func(b *RefundPaymentRequest) { b.ExternalRef = "" }, "externalRef", CodeInvalidRequest},
		"long invoice":      {func(b *RefundPaymentRequest) { b.InvoiceRef = strings.Repeat("x", 129) }, "invoiceRef", CodeInvalidRequest},
		"line without name": {func(b *RefundPaymentRequest) { b.LineItems[1].Name = "" }, "lineItems[1].name", CodeInvalidRequest},
		"line of no price":  {func(b *RefundPaymentRequest) { b.LineItems[0].Price = "" }, "lineItems[0].price", CodeInvalidRequest},
		"sum too large":     {func(b *RefundPaymentRequest) { b.LineItems[0].Price = "4001" }, "lineItems", CodeLineItemsSumCheckFailed},
		"a line too few":    {func(b *RefundPaymentRequest) { b.LineItems = b.LineItems[:1] }, "lineItems", CodeLineItemsSumCheckFailed},
		"one discount of two taken off again": {
			func(b *RefundPaymentRequest) { b.Value.Amount = "9600" }, "lineItems", CodeLineItemsSumCheckFailed,
		},
	}
	c := newClientOf(t, never(t))
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, meta, err := c.PaymentRequests.Refund(t.Context(), testID, refundOf(tt.change))
			notSent(t, meta, err, tt.field, tt.code)
		})
	}
}

func TestARefundThatMissesItsSumTellsTheDifference(t *testing.T) {
	t.Parallel()
	_, _, err := newClientOf(t, never(t)).PaymentRequests.Refund(t.Context(), testID,
		refundOf(func(b *RefundPaymentRequest) { b.Value.Amount = "9999" }))
	var v *ValidationError
	if !errors.As(err, &v) || v.Difference.String() != "1" {
		t.Errorf("got %v", err)
	}
}

func TestConfirmationsThatAreNotSent(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*ConfirmPaymentRequest)
		field  string
		code   Code
	}{
		"zero":                {func(b *ConfirmPaymentRequest) { b.Value.Amount = "0" }, "value.amount", CodeInvalidAmount},
		"a million dollars":   {func(b *ConfirmPaymentRequest) { b.Value.Amount = "100000000" }, "value.amount", CodeInvalidAmount},
		"a currency alone":    {func(b *ConfirmPaymentRequest) { b.Value.Amount = "" }, "value.amount", CodeInvalidAmount},
		"no currency":         {func(b *ConfirmPaymentRequest) { b.Value.Currency = "" }, "value.currency", CodeInvalidRequest},
		"no key":              {func(b *ConfirmPaymentRequest) { b.IdempotencyKey = "" }, "idempotencyKey", CodeInvalidRequest},
		"no invoice":          {func(b *ConfirmPaymentRequest) { b.InvoiceRef = "" }, "invoiceRef", CodeInvalidRequest},
		"long invoice":        {func(b *ConfirmPaymentRequest) { b.InvoiceRef = strings.Repeat("x", 129) }, "invoiceRef", CodeInvalidRequest},
		"no lines":            {func(b *ConfirmPaymentRequest) { b.LineItems = nil }, "lineItems", CodeInvalidRequest},
		"lines, but none":     {func(b *ConfirmPaymentRequest) { b.LineItems = []LineItem{} }, "lineItems", CodeInvalidRequest},
		"line without a name": {func(b *ConfirmPaymentRequest) { b.LineItems[0].Name = "" }, "lineItems[0].name", CodeInvalidRequest},
	}
	c := newClientOf(t, never(t))
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, meta, err := c.PaymentRequests.Confirm(t.Context(), testID, confirmationOf(tt.change))
			notSent(t, meta, err, tt.field, tt.code)
		})
	}
}

// sentAs checks that a call sends a body as it is, and that the service's yes is
// taken.
func sentAs(t *testing.T, action string, body any, call published) {
	t.Helper()
	wire, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	c := newService(t, exchange{
		method: "POST", path: "/api/payment-requests/" + testID + "/" + action, body: string(wire),
		reply: `{"type":"` + action + `","paymentRequestId":"` + testID + `"}`,
	})
	if err := call(t.Context(), c); err != nil {
		t.Error(err)
	}
}

func TestRefundsThatTheServiceMayAcceptAreSent(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*RefundPaymentRequest){
		"smallest":           func(b *RefundPaymentRequest) { b.Value.Amount, b.LineItems = "1", nil },
		"largest":            func(b *RefundPaymentRequest) { b.Value.Amount, b.LineItems = "99999999", nil },
		"lines sum to it":    func(*RefundPaymentRequest) {},
		"discounts deducted": func(b *RefundPaymentRequest) { b.Value.Amount = "9000" },
		"a discount line": func(b *RefundPaymentRequest) {
			b.LineItems = append(b.LineItems, LineItem{Name: "Combo", Qty: "1", Price: "-1500"})
			b.Value.Amount = "8500.0"
		},
		"of a confirmation": func(b *RefundPaymentRequest) {
			b.ConfirmationIdempotencyKey, b.MerchantConfigID, b.InvoiceRef = "key-1", "mc_1", strings.Repeat("é", 128)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := refundOf(change)
			sentAs(t, "refund", body, func(ctx context.Context, c *Client) error {
				_, _, err := c.PaymentRequests.Refund(ctx, testID, body)
				return err
			})
		})
	}
}

func TestConfirmationsThatTheServiceMayAcceptAreSent(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*ConfirmPaymentRequest){
		"without a value":             func(b *ConfirmPaymentRequest) { b.Value = Monetary{} },
		"lines that sum to no value":  func(b *ConfirmPaymentRequest) { b.Value.Amount = "1" },
		"the longest invoice":         func(b *ConfirmPaymentRequest) { b.InvoiceRef = strings.Repeat("é", 128) },
		"a line that gives something": func(b *ConfirmPaymentRequest) { b.LineItems[1].Price = "-1995" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := confirmationOf(change)
			sentAs(t, "confirm", body, func(ctx context.Context, c *Client) error {
				_, _, err := c.PaymentRequests.Confirm(ctx, testID, body)
				return err
			})
		})
	}
}

func TestALineOfAPaymentIsChecked(t *testing.T) {
	t.Parallel()
	_, meta, err := newClientOf(t, never(t)).PaymentRequests.Pay(t.Context(), testID, PayPaymentRequest{
		AssetType: "centrapay.token.main", AssetID: "a", LineItems: []LineItem{{Name: "Coffee", Qty: "one", Price: "1"}},
	})
	notSent(t, meta, err, "lineItems[0].qty", CodeInvalidRequest)
}

func TestAListingOfNoMerchantIsNotSent(t *testing.T) {
	t.Parallel()
	c := newClientOf(t, never(t))
	_, meta, err := c.PaymentActivities.List(t.Context(), ListPaymentActivitiesParams{PageKey: "k"})
	notSent(t, meta, err, "merchantId", CodeInvalidRequest)
	for activity, err := range c.PaymentActivities.All(t.Context(), ListPaymentActivitiesParams{}) {
		if activity != nil || OutcomeOf(err) != NotSent {
			t.Errorf("got %v, %v", activity, err)
		}
	}
}

func TestAConfirmationWithoutAValueSendsNone(t *testing.T) {
	t.Parallel()
	wire, err := json.Marshal(confirmationOf(func(b *ConfirmPaymentRequest) { b.Value = Monetary{} }))
	if err != nil {
		t.Fatal(err)
	}
	if _, sent := read[map[string]any](t, string(wire))["value"]; sent {
		t.Errorf("a value is sent: %s", wire)
	}
}
