package centrapay_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/pos"
)

func TestCreateSends(t *testing.T) {
	t.Parallel()
	tax := decimal.NewFromInt(15)
	full := coffee()
	full.Lines = []pos.LineItem{
		{Name: "Flat white", Qty: decimal.NewFromInt(2), Price: decimal.NewFromInt(1100), SKU: "FW", Tax: &tax,
			ProductID: "9421900000017", Restricted: true,
			Classification: &pos.Classification{Type: "GS1", Code: "10000115", Props: map[string]string{"20001479": "30008960"}}},
		{Name: "Sugar", Qty: decimal.RequireFromString("0.425"), Price: decimal.NewFromInt(150)},
	}
	full.Origin.DeviceID, full.Origin.OperatorID = "SN-1", "Mia"
	full.PatronNotPresent, full.PreAuth, full.Barcode = true, true, "0219210961929460"
	part := coffee()
	part.Partial, part.Basket = true, cents(2000)

	cases := map[string]struct {
		sale pos.Sale
		want string
	}{
		"least": {coffee(), `{"configId":"mc_1","value":{"amount":"1250","currency":"NZD"},"externalRef":"T1-0042",
			"terminalId":"till-1","conditionsEnabled":true,"expirySeconds":120}`},
		"everything": {full, `{"configId":"mc_1","value":{"amount":"1250","currency":"NZD"},"externalRef":"T1-0042",
			"terminalId":"till-1","deviceId":"SN-1","operatorId":"Mia","conditionsEnabled":true,"expirySeconds":120,
			"patronNotPresent":true,"preAuth":true,"barcode":"0219210961929460","lineItems":[
			{"name":"Flat white","qty":"2","price":"1100","sku":"FW","tax":"15","productId":"9421900000017","restricted":true,
			 "classification":{"type":"GS1","code":"10000115","props":{"20001479":"30008960"}}},
			{"name":"Sugar","qty":"0.425","price":"150"}]}`},
		"in part": {part, `{"configId":"mc_1","value":{"amount":"1250","currency":"NZD"},"externalRef":"T1-0042",
			"terminalId":"till-1","conditionsEnabled":true,"expirySeconds":120,"partialAllowed":true,"basketAmount":"2000"}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			payments, service := answers(t, says(200, requestJSON("1250", "NZD", "")))
			if _, reply := payments.Create(t.Context(), c.sale); reply.Answer != pos.AnswerDone {
				t.Fatalf("got %v: %s", reply.Answer, reply.Detail)
			}
			sameJSON(t, service.lastBody(), []byte(c.want))
			if got := service.seen(); len(got) != 1 || got[0] != "POST /api/payment-requests" {
				t.Errorf("calls %v", got)
			}
		})
	}
}

// What a request was made with tells one till's from another's with the same reference.
func TestReadsWhoAsked(t *testing.T) {
	t.Parallel()
	body := requestJSON("1250", "NZD", `"terminalId":"T1","deviceId":"D1","configId":"mc_1","barcode":"123","partialAllowed":true,"basketAmount":"2000",
		"lineItems":[{"name":"Scone","qty":"2","price":"1250"}]`)
	payments, _ := answers(t, says(200, body))
	got, reply := payments.Get(t.Context(), requestID)
	if reply.Answer != pos.AnswerDone || got.Asked == nil {
		t.Fatalf("%+v, %+v", got, reply)
	}
	a := got.Asked
	if a.TerminalID != "T1" || a.DeviceID != "D1" || a.Barcode != "123" || !a.Partial || a.PreAuth || !a.Basket.Equal(cents(2000)) ||
		len(a.Lines) != 1 || a.Lines[0].Name != "Scone" {
		t.Errorf("%+v", *a)
	}
}

func TestReadsPublishedRequest(t *testing.T) {
	t.Parallel()
	payments, _ := answers(t, says(200, published(t, "payment-requests-get")))
	got, reply := payments.Get(t.Context(), requestID)
	if reply.Answer != pos.AnswerDone {
		t.Fatalf("got %v: %s", reply.Answer, reply.Detail)
	}
	sameJSON(t, got.Document, []byte(published(t, "payment-requests-get")))
	got.Document, got.Asked = nil, nil // TestReadsWhoAsked
	want := pos.Request{
		ID: requestID, ShortCode: "CP-C7F-ZS5", URL: "https://app.centrapay.com/pay/" + requestID,
		Value: cents(8991), Status: pos.StatusNew, Liveness: "test", MerchantName: "Centrapay Café",
		CreatedAt:  time.Date(2021, 6, 8, 4, 4, 27, 426e6, time.UTC),
		ExpiresAt:  time.Date(2021, 6, 8, 4, 6, 27, 426e6, time.UTC),
		Conditions: []pos.Condition{{ID: "1", Name: "photo-id-check", Message: "Please check ID", Status: pos.ConditionAwaitingMerchant}},
		PaidBy:     []pos.Tender{{AssetType: "centrapay.nzd.test", Description: "Centrapay NZD Test", Total: cents(1000)}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// TestMoneyThatCannotBeRead: whatever is wrong with an amount, the answer is
// unknown; no call gives a zero for it.
func TestMoneyThatCannotBeRead(t *testing.T) {
	t.Parallel()
	bodies := map[string]string{
		"value in a currency unknown here": requestJSON("1250", "XYZ", ""),
		"value without currency":           requestJSON("1250", "", ""),
		"value no number":                  requestJSON("lots", "NZD", ""),
		"value empty":                      requestJSON("", "NZD", ""),
		"value not there":                  `{"id":"` + requestID + `","url":"https://x/pay/1","status":"paid"}`,
		"remaining no number":              requestJSON("1250", "NZD", `"remainingAmount":"some"`),
		"tender's total no number":         requestJSON("1250", "NZD", `"paidBy":{"assetTotals":[{"type":"a","total":{"amount":"x","currency":"NZD"}}]}`),
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			payments, _ := answers(t, func(w http.ResponseWriter, r *http.Request) {
				if strings.Contains(r.URL.Path, "external-ref") {
					body := `{"items":[` + requestJSON("1250", "NZD", "") + `,` + body + `]}`
					_, _ = io.WriteString(w, body)
					return
				}
				_, _ = io.WriteString(w, body)
			})
			// What was made and cannot be used has to be voided, and is not shown.
			if req, reply := payments.Create(t.Context(), coffee()); reply.Answer != pos.AnswerUnknown && (reply.Answer != pos.AnswerDone || req.ID == "" || req.Differs == "" || req.Value.IsKnown()) {
				t.Errorf("create: got %v, %+v", reply.Answer, req)
			}
			for _, call := range []string{"get", "short code", "look up"} {
				if reply := calls[call](t.Context(), payments); reply.Answer != pos.AnswerUnknown || reply.Clock.Received.IsZero() {
					t.Errorf("%s: got %v with clock %+v", call, reply.Answer, reply.Clock)
				}
			}
		})
	}
}

// TestCreateOfSomethingElse: what was made is not what was asked for, and is given with
// what the rules need to void it.
func TestCreateOfSomethingElse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body  string
		value string
	}{
		"as asked":         {requestJSON("1250", "NZD", ""), "12.50"},
		"another currency": {requestJSON("1250", "AUD", ""), "12.50"}, // the rules compare
		"another amount":   {requestJSON("1350", "NZD", ""), "13.50"},
		// Quirk B9: published answers name other configs than were asked for.
		"its config, written differently": {requestJSON("1250", "NZD", `"configId":"1"`), "12.50"},
		"another config":                  {requestJSON("1250", "NZD", `"configId":"mc_2"`), "12.50"},
	} {
		payments, _ := answers(t, says(200, c.body))
		req, reply := payments.Create(t.Context(), coffee())
		if reply.Answer != pos.AnswerDone || req.ID != requestID || req.Value.String() != c.value || req.Differs != "" {
			t.Errorf("%s: %v, %s, differs %q", name, reply.Answer, req.Value, req.Differs)
		}
	}
}

func TestReadsWhatWasPaid(t *testing.T) {
	t.Parallel()
	const odd = `"status":"paid","remainingAmount":300,"paidBy":{"assetTotals":[
		{"type":"centrapay.nzd.test","description":"Centrapay NZD","total":{"amount":900,"currency":"nzd"},
		 "lineItems":[{"name":"Mug","qty":"1","price":"900","tax":"15.0"}]},
		{"type":"bitcoin.test","description":"Bitcoin","total":{"amount":"0.0027625","currency":"BTC"}},
		{"type":"quartz.test","description":"Quartz","lineItems":[{"name":"Lid","qty":"?"}]}]}`
	body := strings.Replace(requestJSON("1250", "NZD", odd), `"status":"new",`, "", 1)
	payments, _ := answers(t, says(200, body))
	got, reply := payments.Get(t.Context(), requestID)
	if reply.Answer != pos.AnswerDone {
		t.Fatalf("got %v: %s", reply.Answer, reply.Detail)
	}
	if !got.Remaining.Equal(cents(300)) || got.Status != pos.StatusPaid || len(got.PaidBy) != 3 {
		t.Fatalf("got %+v", got)
	}
	first := got.PaidBy[0]
	if !first.Total.Equal(cents(900)) || first.Description != "Centrapay NZD" || len(first.Lines) != 1 || !first.Lines[0].Tax.Equal(decimal.NewFromInt(15)) {
		t.Errorf("first tender %+v", first)
	}
	for _, tender := range got.PaidBy[1:] {
		if tender.Total.IsKnown() || tender.Lines != nil {
			t.Errorf("%s: %+v, want an amount that is not known and no lines", tender.Description, tender)
		}
	}
	if got.Remaining.IsKnown() == (pos.Money{}).IsKnown() {
		t.Error("a remaining amount was said")
	}
}

func TestRemainingNotSaidIsNotZero(t *testing.T) {
	t.Parallel()
	payments, _ := answers(t, says(200, requestJSON("1250", "NZD", "")))
	got, _ := payments.Get(t.Context(), requestID)
	if got.Remaining.IsKnown() {
		t.Errorf("remaining is %v, although the service did not say", got.Remaining)
	}
}

func TestVoid(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		body string
		want pos.Reversal
		done bool
	}{
		"of a paid request":   {published(t, "payment-requests-void"), pos.Reversal{Returned: cents(1000), ShortCode: "CP-C7F-ZS5-032"}, true},
		"of an unpaid one":    {`{"type":"cancellation","value":{"amount":"1250","currency":"NZD"},"cancellationReason":"CANCELLED_BY_MERCHANT","shortCode":"CP-1"}`, pos.Reversal{ShortCode: "CP-1", Reason: "CANCELLED_BY_MERCHANT"}, true},
		"cancellation, bare":  {`{"type":"Cancellation"}`, pos.Reversal{}, true},
		"hold let go":         {`{"type":"release","shortCode":"CP-2"}`, pos.Reversal{ShortCode: "CP-2"}, true},
		"refund of nothing":   {`{"type":"refund"}`, pos.Reversal{}, false},
		"refund in shells":    {`{"type":"refund","value":{"amount":"12","currency":"SHELLS"}}`, pos.Reversal{}, false},
		"another activity":    {`{"type":"payment","value":{"amount":"1250","currency":"NZD"}}`, pos.Reversal{}, false},
		"of another request":  {`{"type":"refund","value":{"amount":"1","currency":"NZD"},"paymentRequestId":"other"}`, pos.Reversal{}, false},
		"refund of no number": {`{"type":"refund","value":{"amount":"all","currency":"NZD"}}`, pos.Reversal{}, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			payments, service := answers(t, says(200, c.body))
			got, reply := payments.Void(t.Context(), requestID)
			want := pos.AnswerUnknown
			if c.done {
				want = pos.AnswerDone
			}
			if reply.Answer != want || !got.Returned.Equal(c.want.Returned) || got.ShortCode != c.want.ShortCode || got.Reason != c.want.Reason {
				t.Errorf("got %+v, %v (%s); want %+v, %v", got, reply.Answer, reply.Detail, c.want, want)
			}
			if calls := service.seen(); len(calls) != 1 || calls[0] != "POST /api/payment-requests/"+requestID+"/void" {
				t.Errorf("calls %v", calls)
			}
		})
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	for accept, path := range map[bool]string{true: "accept", false: "decline"} {
		payments, service := answers(t, says(200, published(t, "payment-requests-conditions-"+path)))
		if reply := payments.Decide(t.Context(), requestID, "1", accept); reply.Answer != pos.AnswerDone {
			t.Errorf("%s: got %v (%s)", path, reply.Answer, reply.Detail)
		}
		want := "POST /api/payment-requests/" + requestID + "/conditions/1/" + path
		if calls := service.seen(); len(calls) != 1 || calls[0] != want {
			t.Errorf("calls %v, want %s", calls, want)
		}
	}
}

func requestJSON(amount, currency, more string) string {
	if more != "" {
		more = "," + more
	}
	return fmt.Sprintf(`{"id":%q,"url":"https://x/pay/1","status":"new","value":{"amount":%q,"currency":%q}%s}`,
		requestID, amount, currency, more)
}

// sameJSON compares two documents by their content.
func sameJSON(t *testing.T, got, want []byte) {
	t.Helper()
	var g, w any
	if err := json.Unmarshal(got, &g); err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	if err := json.Unmarshal(want, &w); err != nil {
		t.Fatalf("%v: %s", err, want)
	}
	if !reflect.DeepEqual(g, w) {
		t.Errorf("got  %s\nwant %s", got, bytes.TrimSpace(want))
	}
}
