package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
)

func saleOf(change func(*CreatePaymentRequest)) CreatePaymentRequest {
	b := CreatePaymentRequest{ConfigID: "mc_1", Value: NewMonetary(10000, "NZD"), LineItems: append([]LineItem(nil), hardHats...)}
	change(&b)
	return b
}

// never is a service that no request may reach.
func never(t *testing.T) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("request %s %s was sent", r.Method, r.URL)
		w.WriteHeader(http.StatusTeapot)
	})
}

func TestWhatTheServiceCouldOnlyRefuseIsNotSent(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*CreatePaymentRequest)
		field  string
		code   Code
	}{
		{"no config", func(b *CreatePaymentRequest) { b.ConfigID = "" }, "configId", CodeConfigMissing},
		{"no amount", func(b *CreatePaymentRequest) { b.Value.Amount = "" }, "value.amount", CodeInvalidAmount},
		{"no number", func(b *CreatePaymentRequest) { b.Value.Amount = "ten" }, "value.amount", CodeInvalidAmount},
		{"zero", func(b *CreatePaymentRequest) { b.Value.Amount = "0.00" }, "value.amount", CodeInvalidAmount},
		{"negative", func(b *CreatePaymentRequest) { b.Value.Amount = "-1" }, "value.amount", CodeInvalidAmount},
		{"a million dollars", func(b *CreatePaymentRequest) { b.Value.Amount = "100000000" }, "value.amount", CodeInvalidAmount},
		{"no currency", func(b *CreatePaymentRequest) { b.Value.Currency = "" }, "value.currency", CodeInvalidRequest},
		{"long invoice", func(b *CreatePaymentRequest) { b.InvoiceRef = strings.Repeat("é", 129) }, "invoiceRef", CodeInvalidRequest},
		{"negative expiry", func(b *CreatePaymentRequest) { b.ExpirySeconds = -1 }, "expirySeconds", CodeInvalidRequest},
		{"more than a day", func(b *CreatePaymentRequest) { b.ExpirySeconds = 86401 }, "expirySeconds", CodeInvalidRequest},
		{"partial without basket", func(b *CreatePaymentRequest) { b.PartialAllowed = true }, "basketAmount", CodeInvalidRequest},
		{"basket without partial", func(b *CreatePaymentRequest) { b.BasketAmount = "10000" }, "basketAmount", CodeInvalidRequest},
		{"basket is zero", func(b *CreatePaymentRequest) { b.PartialAllowed, b.BasketAmount = true, "0" }, "basketAmount", CodeInvalidAmount},
		{"line without name", func(b *CreatePaymentRequest) { b.LineItems[1].Name = "" }, "lineItems[1].name", CodeInvalidRequest},
		{"line without quantity", func(b *CreatePaymentRequest) { b.LineItems[0].Qty = "" }, "lineItems[0].qty", CodeInvalidRequest},
		{"line without price", func(b *CreatePaymentRequest) { b.LineItems[0].Price = "free" }, "lineItems[0].price", CodeInvalidRequest},
		{"tax is no number", func(b *CreatePaymentRequest) { b.LineItems[0].Tax = "GST" }, "lineItems[0].tax", CodeInvalidRequest},
		{"discount is no number", func(b *CreatePaymentRequest) { b.LineItems[0].Discount = "?" }, "lineItems[0].discount", CodeInvalidRequest},
		{"sum", func(b *CreatePaymentRequest) { b.LineItems[0].Price = "4001" }, "lineItems", CodeLineItemsSumCheckFailed},
		{"sum is zero", func(b *CreatePaymentRequest) { b.LineItems[0].Price = "-6000" }, "lineItems", CodeLineItemsSumCheckFailed},
		{"sum is neither value nor basket", func(b *CreatePaymentRequest) {
			b.PartialAllowed, b.BasketAmount, b.Value.Amount = true, "12000", "9000"
		}, "lineItems", CodeLineItemsSumCheckFailed},
	}
	c := newClientOf(t, never(t))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, meta, err := c.PaymentRequests.Create(t.Context(), saleOf(tt.change))
			var e *Error
			var v *ValidationError
			if !errors.As(err, &e) || !errors.As(err, &v) {
				t.Fatalf("got %v", err)
			}
			if e.Outcome != NotSent || e.Code != tt.code || v.Code != tt.code || v.Field != tt.field || meta.Attempts != 0 {
				t.Errorf("got %+v, %+v, attempts %d", *e, *v, meta.Attempts)
			}
			if !strings.Contains(err.Error(), tt.field) {
				t.Errorf("%q does not name %s", err, tt.field)
			}
		})
	}
}

func TestSumCheckTellsTheDifference(t *testing.T) {
	t.Parallel()
	for price, want := range map[BigNumber]string{"4001": "1", "3990.5": "-9.5", "-4000": "-8000"} {
		_, _, err := newClientOf(t, never(t)).PaymentRequests.Create(t.Context(),
			saleOf(func(b *CreatePaymentRequest) { b.LineItems[0].Price = price }))
		var v *ValidationError
		if !errors.As(err, &v) || v.Difference.String() != want {
			t.Errorf("%s: got %v, want a difference of %s", price, err, want)
		}
	}
}

func TestWhatTheServiceMayAcceptIsSent(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*CreatePaymentRequest){
		"smallest":               func(b *CreatePaymentRequest) { b.Value.Amount, b.LineItems = "1", nil },
		"largest":                func(b *CreatePaymentRequest) { b.Value.Amount, b.LineItems = "99999999", nil },
		"part of a unit":         func(b *CreatePaymentRequest) { b.Value.Amount, b.LineItems = "0.5", nil },
		"amount in another form": func(b *CreatePaymentRequest) { b.Value.Amount = "10000.00" },
		"longest invoice":        func(b *CreatePaymentRequest) { b.InvoiceRef = strings.Repeat("é", 128) },
		"a day":                  func(b *CreatePaymentRequest) { b.ExpirySeconds = 86400 },
		"lines sum to the value": func(b *CreatePaymentRequest) { b.PartialAllowed, b.BasketAmount = true, "12000" },
		"lines sum to the basket": func(b *CreatePaymentRequest) {
			b.PartialAllowed, b.BasketAmount, b.Value.Amount = true, "10000", "9000"
		},
		"a discount line": func(b *CreatePaymentRequest) {
			b.LineItems = append(b.LineItems, LineItem{Name: "Staff", Qty: "1", Price: "-500"})
			b.Value.Amount = "9500"
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := saleOf(change)
			wire, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			c := newService(t, exchange{
				method: "POST", path: "/api/payment-requests", body: string(wire), reply: paymentRequestJSON("x", "new"),
			})
			if _, _, err := c.PaymentRequests.Create(t.Context(), body); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestPaymentsThatAreNotSent(t *testing.T) {
	t.Parallel()
	c := newClientOf(t, never(t))
	tests := map[string]PayPaymentRequest{
		"assetType": {AssetID: "a"},
		"assetId":   {AssetType: "centrapay.nzd.main"},
		"amount":    {AssetType: "centrapay.nzd.main", AssetID: "a", Amount: "0"},
	}
	for field, body := range tests {
		_, _, err := c.PaymentRequests.Pay(t.Context(), testID, body)
		var v *ValidationError
		if !errors.As(err, &v) || v.Field != field || OutcomeOf(err) != NotSent {
			t.Errorf("%s: got %v", field, err)
		}
	}
	two := PayPaymentRequest{AssetType: "bitcoin.main", AssetID: "a", TransactionID: "b"}
	if _, _, err := c.PaymentRequests.Pay(t.Context(), testID, two); OutcomeOf(err) != NotSent {
		t.Errorf("two proofs: got %v", err)
	}
	if _, _, err := c.PaymentRequests.ListByExternalRef(t.Context(), "r", ListByExternalRefParams{}); OutcomeOf(err) != NotSent {
		t.Errorf("no merchant account: got %v", err)
	}
	if _, _, err := c.PaymentRequests.ListByExternalRef(t.Context(), "r",
		ListByExternalRefParams{MerchantAccountID: "a", PaginationLimit: -1}); OutcomeOf(err) != NotSent {
		t.Errorf("negative limit: got %v", err)
	}
}

func TestAnOutsideTenderNeedsNoProof(t *testing.T) {
	t.Parallel()
	c := newService(t, exchange{
		method: "POST", path: "/api/payment-requests/" + testID + "/pay",
		body:  `{"assetType":"external.test","amount":"500","idempotencyKey":"k"}`,
		reply: `{"type":"payment","external":true,"paymentRequestId":"` + testID + `"}`,
	})
	a, _, err := c.PaymentRequests.Pay(t.Context(), testID,
		PayPaymentRequest{AssetType: AssetExternalTest, Amount: "500", IdempotencyKey: "k"})
	if err != nil || !bool(a.External) {
		t.Errorf("got %+v, %v", a, err)
	}
}

func TestACallWithoutACredentialIsNotSent(t *testing.T) {
	t.Parallel()
	c := mustNew(t, "http://127.0.0.1:1")
	_, _, err := c.PaymentRequests.Get(t.Context(), testID)
	var e *Error
	if !errors.As(err, &e) || e.Outcome != NotSent || e.Code != CodeCredentialMissing {
		t.Errorf("got %v", err)
	}
}
