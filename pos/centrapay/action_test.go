package centrapay_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/pos"
	"centrapos/pos/centrapay"
)

func target() pos.Target { return pos.Target{RequestID: requestID} }

// back is the least a refund can say.
func back() pos.Refund {
	return pos.Refund{Target: target(), Value: cents(500), ExternalRef: "T1-0043"}
}

// draw is the least a confirmation can say.
func draw() pos.Confirm {
	return pos.Confirm{Target: target(), Value: cents(500), Key: "T1-KEY", InvoiceRef: "INV-7",
		Lines: []pos.LineItem{{Name: "Mug", Qty: decimal.NewFromInt(1), Price: decimal.NewFromInt(500)}}}
}

// asked is a published request: its method, path and body.
func asked(t *testing.T, name string) (call string, body json.RawMessage) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".request.json"))
	if err != nil {
		t.Fatal(err)
	}
	var wire struct {
		Method, Path string
		Body         json.RawMessage
	}
	if err := json.Unmarshal(data, &wire); err != nil {
		t.Fatal(err)
	}
	return wire.Method + " " + wire.Path, wire.Body
}

func number(t *testing.T, text string) *decimal.Decimal {
	t.Helper()
	d, err := decimal.NewFromString(text)
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

// publishedConfirm is the confirmation of the published example.
func publishedConfirm(t *testing.T) pos.Confirm {
	t.Helper()
	return pos.Confirm{
		Target: target(), Value: cents(6190), Key: "e8df06e2-13a5-48b4-b670-3fd6d815fe0a", InvoiceRef: "2022-08-03T16:56:50-06:00",
		Lines: []pos.LineItem{
			{Name: "Coffee Grounds", SKU: "GH1234", Qty: decimal.NewFromInt(1), Price: decimal.NewFromInt(4195), Tax: number(t, "15.00")},
			{Name: "Centrapay Cafe Mug", SKU: "SB456", Qty: decimal.NewFromInt(25), Price: decimal.NewFromInt(1995), Tax: number(t, "15.00"),
				Discount: number(t, "199"), Restricted: true, ProductID: "19412345123459",
				Classification: &pos.Classification{Type: "GS1", Code: "10001874", Name: "CROCKERY", Props: map[string]string{"20001479": "30008960"}}},
		},
	}
}

// TestActionsSend holds what is sent against the published examples, but for how
// decimals are written.
func TestActionsSend(t *testing.T) {
	t.Parallel()
	refund := pos.Refund{
		Target: target(), Value: cents(3600), ExternalRef: "e8df06e2-13a5-48b4-b670-3fd6d815fe0a",
		Lines: []pos.LineItem{{Name: "Hard Hat", SKU: "GH1234", Qty: decimal.NewFromInt(1), Price: decimal.NewFromInt(4000),
			Tax: number(t, "15"), Discount: number(t, "400")}},
	}
	full := back()
	full.InvoiceRef, full.ConfirmationKey, full.MerchantConfigID = "CN-7", "T1-KEY", "mc_1"
	refundCall, refundBody := asked(t, "payment-requests-refund")
	confirmCall, confirmBody := asked(t, "payment-requests-confirm")
	releaseCall, _ := asked(t, "payment-requests-release")
	for name, c := range map[string]struct {
		do       func(p centrapay.Payments) (pos.Activity, pos.Reply)
		call     string
		body     string
		answer   string
		bodyless bool
	}{
		"refund": {func(p centrapay.Payments) (pos.Activity, pos.Reply) { return p.Refund(t.Context(), refund) }, refundCall, string(refundBody), "payment-requests-refund", false},
		"refund with all": {func(p centrapay.Payments) (pos.Activity, pos.Reply) { return p.Refund(t.Context(), full) }, refundCall,
			`{"value":{"amount":"500","currency":"NZD"},"externalRef":"T1-0043","invoiceRef":"CN-7","confirmationIdempotencyKey":"T1-KEY","merchantConfigId":"mc_1"}`,
			"payment-requests-refund", false},
		"confirm": {func(p centrapay.Payments) (pos.Activity, pos.Reply) {
			return p.Confirm(t.Context(), publishedConfirm(t))
		}, confirmCall, string(confirmBody), "payment-requests-confirm", false},
		"release": {func(p centrapay.Payments) (pos.Activity, pos.Reply) { return p.Release(t.Context(), requestID) }, releaseCall, "", "payment-requests-release", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, service := answers(t, says(200, published(t, c.answer)))
			if _, reply := c.do(p); reply.Answer != pos.AnswerDone {
				t.Fatalf("got %v: %s", reply.Answer, reply.Detail)
			}
			if got := service.seen(); len(got) != 1 || got[0] != c.call {
				t.Errorf("calls %v, want %s", got, c.call)
			}
			if c.bodyless {
				if len(service.lastBody()) != 0 {
					t.Errorf("a release has no body: %s", service.lastBody())
				}
				return
			}
			sameNumbers(t, service.lastBody(), []byte(c.body))
		})
	}
}

// sameNumbers compares two documents by their content, decimals by their value:
// the examples write a tax of 15 as "15", "15.0" and "15.00".
func sameNumbers(t *testing.T, got, want []byte) {
	t.Helper()
	plain := func(data []byte) []byte {
		var doc any
		if err := json.Unmarshal(data, &doc); err != nil {
			t.Fatalf("%v: %s", err, data)
		}
		out, err := json.Marshal(plainNumbers(doc))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	sameJSON(t, plain(got), plain(want))
}

func plainNumbers(doc any) any {
	switch doc := doc.(type) {
	case map[string]any:
		for name, value := range doc {
			doc[name] = plainNumbers(value)
			if text, ok := value.(string); ok && name == "tax" {
				if d, err := decimal.NewFromString(text); err == nil {
					doc[name] = d.String()
				}
			}
		}
	case []any:
		for i := range doc {
			doc[i] = plainNumbers(doc[i])
		}
	}
	return doc
}

func TestReadsPublishedActions(t *testing.T) {
	t.Parallel()
	at := time.Date(2021, 6, 12, 1, 17, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		do   func(p centrapay.Payments) (pos.Activity, pos.Reply)
		want pos.Activity
	}{
		"payment-requests-refund": {func(p centrapay.Payments) (pos.Activity, pos.Reply) {
			refund := back()
			refund.Value = cents(3600)
			return p.Refund(t.Context(), refund)
		}, pos.Activity{Type: pos.ActivityRefund, Value: cents(3600), AssetType: "centrapay.nzd.main", ShortCode: "CP-C7F-ZS5-015", CreatedAt: at, InvoiceRef: "sy8CRmo3sp3ArOpnfmb423"}},
		"payment-requests-confirm": {func(p centrapay.Payments) (pos.Activity, pos.Reply) {
			return p.Confirm(t.Context(), publishedConfirm(t))
		},
			pos.Activity{Type: pos.ActivityConfirmation, Value: cents(6190), ShortCode: "CP-C7F-ZS5", CreatedAt: time.Date(2021, 6, 8, 4, 4, 27, 426e6, time.UTC),
				Key: "e8df06e2-13a5-48b4-b670-3fd6d815fe0a", InvoiceRef: "2022-08-03T16:56:50-06:00"}},
		"payment-requests-release": {func(p centrapay.Payments) (pos.Activity, pos.Reply) { return p.Release(t.Context(), requestID) },
			pos.Activity{Type: pos.ActivityRelease, Value: cents(100), AssetType: "centrapay.nzd.main", ShortCode: "CP-C7F-ZS5-015", CreatedAt: at}},
	} {
		p, _ := answers(t, says(200, published(t, name)))
		got, reply := c.do(p)
		if reply.Answer != pos.AnswerDone {
			t.Errorf("%s: %v (%s)", name, reply.Answer, reply.Detail)
			continue
		}
		sameNumbers(t, got.Document, []byte(published(t, name)))
		got.Document = nil
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s\ngot  %+v\nwant %+v", name, got, c.want)
		}
	}
}

// TestAnswersToARefund: what the service says is given as it is, also another
// amount than was asked for (B5); what cannot be read, or is about something else,
// is no answer.
func TestAnswersToARefund(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body string
		want pos.Money
		done bool
	}{
		"as asked":           {`{"type":"refund","value":{"amount":"500","currency":"NZD"}}`, cents(500), true},
		"another amount":     {`{"type":"refund","value":{"amount":"100","currency":"NZD"}}`, cents(100), true},
		"a JSON number":      {`{"type":"refund","value":{"amount":500,"currency":"NZD"}}`, cents(500), true},
		"no amount":          {`{"type":"refund"}`, pos.Money{}, true},
		"of another request": {`{"type":"refund","value":{"amount":"500","currency":"NZD"},"paymentRequestId":"other"}`, pos.Money{}, false},
		"no number":          {`{"type":"refund","value":{"amount":"all","currency":"NZD"}}`, pos.Money{}, false},
		"another currency":   {`{"type":"refund","value":{"amount":"500","currency":"AUD"}}`, pos.Money{}, false},
		"unknown currency":   {`{"type":"refund","value":{"amount":"500","currency":"SHELLS"}}`, pos.Money{}, false},
		"no type":            {`{"value":{"amount":"500","currency":"NZD"}}`, pos.Money{}, false},
	} {
		p, _ := answers(t, says(200, c.body))
		got, reply := p.Refund(t.Context(), back())
		if (reply.Answer == pos.AnswerDone) != c.done || !c.done && reply.Answer != pos.AnswerUnknown || !got.Value.Equal(c.want) {
			t.Errorf("%s: %s, %v (%s)", name, got.Value, reply.Answer, reply.Detail)
		}
	}
}

func TestReadsPublishedHistory(t *testing.T) {
	t.Parallel()
	p, service := answers(t, says(200, published(t, "payment-requests-list-payment-activities")))
	history, reply := p.Activities(t.Context(), requestID)
	if reply.Answer != pos.AnswerDone || len(history) != 3 {
		t.Fatalf("%d activities, %v (%s)", len(history), reply.Answer, reply.Detail)
	}
	if got := service.seen(); got[0] != "GET /api/payment-requests/"+requestID+"/activities" {
		t.Errorf("asked %s", got[0])
	}
	if a := history[0]; !a.Is(pos.ActivityRefund) || !a.Value.Equal(cents(600)) || a.ShortCode != "CP-C7F-ZS5-032" || len(a.Document) == 0 {
		t.Errorf("the refund reads %+v", a)
	}
	req := pos.Request{Status: pos.StatusPaid, Value: cents(6190)}
	if left, known := pos.LeftToRefund(req, history, ""); !known || !left.Equal(cents(5590)) {
		t.Errorf("%s is left to refund, known %v", left, known)
	}
}

// TestHistoryThatIsNotWhole is no history: what is missing may be what was looked for.
func TestHistoryThatIsNotWhole(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"a further page":      says(200, `{"items":[{"type":"payment"}],"nextPageKey":"abc"}`),
		"no items":            says(200, `{}`),
		"an item of another":  says(200, `{"items":[{"type":"payment","paymentRequestId":"other"}]}`),
		"an item of no type":  says(200, `{"items":[{"value":{"amount":"1","currency":"NZD"}}]}`),
		"an item of nonsense": says(200, `{"items":[{"type":"refund","value":{"amount":"all","currency":"NZD"}}]}`),
	} {
		p, _ := answers(t, answer)
		if history, reply := p.Activities(t.Context(), requestID); reply.Answer != pos.AnswerUnknown || history != nil {
			t.Errorf("%s: %d activities, %v", name, len(history), reply.Answer)
		}
	}
	// Amounts that are not money the till knows are listed as amounts not known.
	p, _ := answers(t, says(200, `{"items":[{"type":"payment","value":{"amount":"12","currency":"SHELLS"},"external":true},{"type":"expiry"}]}`))
	history, reply := p.Activities(t.Context(), requestID)
	if reply.Answer != pos.AnswerDone || len(history) != 2 || history[0].Value.IsKnown() || !history[0].External {
		t.Errorf("%+v, %v (%s)", history, reply.Answer, reply.Detail)
	}
}
