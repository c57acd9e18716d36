package pos_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"centrapos/pos"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 250e6, time.UTC)

// aRequest is a payment request with something in every field.
func aRequest() pos.Request {
	fifteen := dec("15")
	return pos.Request{
		ID: "pr1", ShortCode: "CP-C7F-ZS5", URL: "https://app.centrapay.com/pay/pr1", Value: cents(1250), Status: pos.StatusPaid,
		CancellationReason: "CANCELLED_BY_PATRON", ExternalRef: "T1-0001", CreatedAt: noon, ExpiresAt: noon.Add(2 * time.Minute),
		Remaining:  cents(0),
		Conditions: []pos.Condition{{ID: "1", Name: "photo-id-check", Message: "Please check ID", Status: pos.ConditionAccepted}},
		PaidBy: []pos.Tender{{AssetType: "centrapay.nzd.main", Description: "Centrapay NZD", Total: cents(1250),
			Lines: []pos.LineItem{{Name: "Coffee", Qty: dec("1"), Price: dec("1250"), Tax: &fifteen}}}},
		PreAuthStatus: "authorized", Liveness: "main", MerchantName: "Centrapay Café", Document: json.RawMessage(`{"id":"pr1"}`),
	}
}

// aFullSale is a sale with something in every field.
func aFullSale() *pos.Sale {
	discount, tax := dec("50"), dec("15")
	return &pos.Sale{
		Amount: cents(1250), Basket: cents(2000), ExternalRef: "T1-0001", Barcode: "0001219210961929", Partial: true, PreAuth: true,
		PatronNotPresent: true, Expiry: 2 * time.Minute,
		Lines: []pos.LineItem{{
			Name: "Coffee", Qty: dec("0.5"), Price: dec("2000"), SKU: "C1", ProductID: "9421900000017", Tax: &tax, Discount: &discount,
			Restricted:     true,
			Classification: &pos.Classification{Type: "GS1", Code: "10000115", Name: "Coffee", Props: map[string]string{"20001479": "30008960"}},
		}},
		Origin: pos.Origin{ConfigID: "mc_1", MerchantAccountID: "acc_1", TerminalID: "till-1", DeviceID: "SN42", OperatorID: "Mia"},
	}
}

const requestJSON = `{"id":"pr1","shortCode":"CP-C7F-ZS5","url":"https://app.centrapay.com/pay/pr1","value":{"amount":"1250","currency":"NZD"},` +
	`"status":"paid","cancellationReason":"CANCELLED_BY_PATRON","externalRef":"T1-0001","createdAt":"2026-03-01T12:00:00.25Z",` +
	`"expiresAt":"2026-03-01T12:02:00.25Z","remaining":{"amount":"0","currency":"NZD"},` +
	`"conditions":[{"id":"1","name":"photo-id-check","message":"Please check ID","status":"accepted"}],` +
	`"paidBy":[{"assetType":"centrapay.nzd.main","description":"Centrapay NZD","total":{"amount":"1250","currency":"NZD"},` +
	`"lineItems":[{"name":"Coffee","qty":"1","price":"1250","tax":"15"}]}],"preAuthStatus":"authorized","liveness":"main",` +
	`"merchantName":"Centrapay Café","document":{"id":"pr1"}}`

const saleJSON = `{"amount":{"amount":"1250","currency":"NZD"},"basket":{"amount":"2000","currency":"NZD"},` +
	`"lineItems":[{"name":"Coffee","qty":"0.5","price":"2000","sku":"C1","productId":"9421900000017","tax":"15","discount":"50","restricted":true,` +
	`"classification":{"type":"GS1","code":"10000115","name":"Coffee","props":{"20001479":"30008960"}}}],` +
	`"externalRef":"T1-0001","barcode":"0001219210961929","partial":true,"preAuth":true,"patronNotPresent":true,"expiry":120000000000,` +
	`"origin":{"configId":"mc_1","merchantAccountId":"acc_1","terminalId":"till-1","deviceId":"SN42","operatorId":"Mia"}}`

const refusalJSON = `{"code":"REQUEST_PAID","status":403,"reason":"was paid"}`

// goldenFacts are all facts as ledgers out in the shops hold them. What stands
// here is never changed: a ledger written by an older version must stay readable.
var goldenFacts = []struct {
	fact       pos.Fact
	name, json string
}{
	{pos.Opened{Kind: pos.KindSale, Sale: aFullSale(), Service: "https://service.centrapay.com"}, "opened",
		`{"kind":"sale","sale":` + saleJSON + `,"service":"https://service.centrapay.com"}`},
	{pos.Opened{Kind: pos.KindSale, Sale: &pos.Sale{Amount: cents(5), ExternalRef: "R", Expiry: time.Second}, Service: "s"}, "opened",
		`{"kind":"sale","sale":{"amount":{"amount":"5","currency":"NZD"},"basket":null,"externalRef":"R","expiry":1000000000,"origin":{}},"service":"s"}`},
	{pos.Opened{Kind: pos.KindVoid, Void: &pos.Target{RequestID: "pr1", ShortCode: "CP-C7F-ZS5", Value: cents(1250)}, Service: "s"}, "opened",
		`{"kind":"void","void":{"requestId":"pr1","shortCode":"CP-C7F-ZS5","value":{"amount":"1250","currency":"NZD"}},"service":"s"}`},
	{pos.Opened{Kind: pos.KindRefund, Refund: aFullRefund(), Service: "s"}, "opened", `{"kind":"refund","refund":` + refundJSON + `,"service":"s"}`},
	{pos.Opened{Kind: pos.KindRefund, Refund: &pos.Refund{Target: pos.Target{RequestID: "pr1"}, Value: cents(5), ExternalRef: "R"}, Service: "s"}, "opened",
		`{"kind":"refund","refund":{"target":{"requestId":"pr1","value":null},"value":{"amount":"5","currency":"NZD"},"externalRef":"R","origin":{}},"service":"s"}`},
	{pos.Opened{Kind: pos.KindConfirm, Confirm: aFullConfirm(), Service: "s"}, "opened", `{"kind":"confirm","confirm":` + confirmJSON + `,"service":"s"}`},
	{pos.Opened{Kind: pos.KindRelease, Release: &pos.Release{Target: aTarget(), Origin: pos.Origin{TerminalID: "till-1"}}, Service: "s"}, "opened",
		`{"kind":"release","release":{"target":` + targetJSON + `,"origin":{"terminalId":"till-1"}},"service":"s"}`},
	{pos.ActionSent{}, "action-sent", `{}`},
	{pos.ActionNotSent{Detail: "no connection"}, "action-not-sent", `{"detail":"no connection"}`},
	{pos.ActionRefused{Refusal: refusal()}, "action-refused", `{"refusal":` + refusalJSON + `}`},
	{pos.ActionDone{Activity: anActivity()}, "action-done", `{"activity":` + activityJSON + `}`},
	{pos.ActionDone{Activity: pos.Activity{Type: "refund"}}, "action-done", `{"activity":{"type":"refund","value":null}}`},
	{pos.ActionFound{Activity: anActivity()}, "action-found", `{"activity":` + activityJSON + `}`},
	{pos.WordGiven{Word: pos.Word{Verdict: "paid", By: "Mia", Note: "Sam at Centrapay: paid at 12:01"}}, "word-given",
		`{"verdict":"paid","by":"Mia","note":"Sam at Centrapay: paid at 12:01"}`},
	{pos.LookedBack{Points: 2}, "looked-back", `{"points":2}`},
	{pos.PaidLate{Request: aRequest()}, "paid-late", `{"request":` + requestJSON + `}`},
	{pos.Ended{Outcome: pos.OutcomeVoided, Doubtful: true}, "ended", `{"outcome":"voided","doubtful":true}`},
	{pos.CreateSent{}, "create-sent", `{}`},
	{pos.CreateNotSent{Detail: "no connection"}, "create-not-sent", `{"detail":"no connection"}`},
	{pos.CreateRefused{Refusal: refusal()}, "create-refused", `{"refusal":` + refusalJSON + `}`},
	{pos.LostWrittenOff{Why: "because"}, "lost-written-off", `{"why":"because"}`},
	{pos.NoAnswer{Call: "void", Detail: "timed out"}, "no-answer", `{"call":"void","detail":"timed out"}`},
	{pos.Adopted{Request: aRequest()}, "adopted", `{"request":` + requestJSON + `}`},
	{pos.Noted{Request: pos.Request{ID: "pr1", Status: "new"}}, "noted", `{"request":{"id":"pr1","value":null,"status":"new","remaining":null}}`},
	{pos.StrayFound{Request: aRequest()}, "stray-found", `{"request":` + requestJSON + `}`},
	{pos.Decided{ConditionID: "1", Accept: true}, "decided", `{"conditionId":"1","accept":true}`},
	{pos.StopWanted{Why: pos.WhyDeadline}, "stop-wanted", `{"why":"deadline"}`},
	{pos.VoidSent{RequestID: "pr1"}, "void-sent", `{"requestId":"pr1"}`},
	{pos.VoidNotSent{RequestID: "pr1", Detail: "no connection"}, "void-not-sent", `{"requestId":"pr1","detail":"no connection"}`},
	{pos.VoidDone{RequestID: "pr1", Reversal: pos.Reversal{Returned: cents(1250), ShortCode: "CP-C7F-ZS5-015", Reason: "CANCELLED_BY_MERCHANT"}},
		"void-done", `{"requestId":"pr1","reversal":{"returned":{"amount":"1250","currency":"NZD"},"shortCode":"CP-C7F-ZS5-015","reason":"CANCELLED_BY_MERCHANT"}}`},
	{pos.VoidRefused{RequestID: "pr1", Refusal: refusal()}, "void-refused", `{"requestId":"pr1","refusal":` + refusalJSON + `}`},
	{pos.Ended{Outcome: pos.OutcomeRefused, Refusal: new(refusal()), Detail: "why"}, "ended",
		`{"outcome":"refused","refusal":` + refusalJSON + `,"detail":"why"}`},
	{pos.Ended{Outcome: pos.OutcomePaid}, "ended", `{"outcome":"paid"}`},
}

func aTarget() pos.Target {
	return pos.Target{RequestID: "pr1", ShortCode: "CP-C7F-ZS5", Value: cents(1250)}
}

// aFullRefund is a refund with something in every field.
func aFullRefund() *pos.Refund {
	return &pos.Refund{
		Target: aTarget(), Value: cents(500), ExternalRef: "T1-0002", InvoiceRef: "CN-7", ConfirmationKey: "T1-KEY",
		Lines: []pos.LineItem{line("Coffee", 500)}, MerchantConfigID: "mc_1", Origin: pos.Origin{TerminalID: "till-1", OperatorID: "Mia"},
	}
}

// aFullConfirm is a confirmation with something in every field.
func aFullConfirm() *pos.Confirm {
	return &pos.Confirm{
		Target: aTarget(), Value: cents(500), Key: "T1-KEY", InvoiceRef: "INV-7", Lines: []pos.LineItem{line("Coffee", 500)},
		Origin: pos.Origin{TerminalID: "till-1"},
	}
}

// anActivity is an activity with something in every field.
func anActivity() pos.Activity {
	return pos.Activity{
		ID: "94a5", Type: pos.ActivityRefund, Value: cents(500), AssetType: "centrapay.nzd.main", ShortCode: "CP-C7F-ZS5-032", CreatedAt: noon,
		ExternalRef: "T1-0002", Key: "K", ConfirmationKey: "T1-KEY", InvoiceRef: "CN-7", CancellationReason: "CANCELLED_BY_MERCHANT", External: true,
		Document: json.RawMessage(`{"type":"refund"}`),
	}
}

const targetJSON = `{"requestId":"pr1","shortCode":"CP-C7F-ZS5","value":{"amount":"1250","currency":"NZD"}}`

const refundJSON = `{"target":` + targetJSON + `,"value":{"amount":"500","currency":"NZD"},"externalRef":"T1-0002","invoiceRef":"CN-7",` +
	`"confirmationKey":"T1-KEY","lineItems":[{"name":"Coffee","qty":"1","price":"500"}],"merchantConfigId":"mc_1",` +
	`"origin":{"terminalId":"till-1","operatorId":"Mia"}}`

const confirmJSON = `{"target":` + targetJSON + `,"value":{"amount":"500","currency":"NZD"},"key":"T1-KEY","invoiceRef":"INV-7",` +
	`"lineItems":[{"name":"Coffee","qty":"1","price":"500"}],"origin":{"terminalId":"till-1"}}`

const activityJSON = `{"id":"94a5","type":"refund","value":{"amount":"500","currency":"NZD"},"assetType":"centrapay.nzd.main",` +
	`"shortCode":"CP-C7F-ZS5-032","createdAt":"2026-03-01T12:00:00.25Z","externalRef":"T1-0002","key":"K","confirmationKey":"T1-KEY",` +
	`"invoiceRef":"CN-7","cancellationReason":"CANCELLED_BY_MERCHANT","external":true,"document":{"type":"refund"}}`

func refusal() pos.Refusal {
	return pos.Refusal{Code: pos.RefusedRequestPaid, Status: 403, Reason: "was paid"}
}

func TestFactsAreStoredAsEver(t *testing.T) {
	t.Parallel()
	for _, g := range goldenFacts {
		data, err := pos.EncodeFact(g.fact)
		if err != nil || string(data) != g.json || g.fact.FactName() != g.name {
			t.Errorf("%s is written as %s:\n%s, %v\nand must be\n%s", g.name, g.fact.FactName(), data, err, g.json)
		}
		back, err := pos.DecodeFact(g.name, []byte(g.json))
		if err != nil || reflect.TypeOf(back) != reflect.TypeOf(g.fact) {
			t.Errorf("%s is read as %T, %v", g.name, back, err)
			continue
		}
		if again, err := pos.EncodeFact(back); err != nil || string(again) != g.json {
			t.Errorf("%s read and written again:\n%s, %v", g.name, again, err)
		}
	}
}

func TestUnknownFactsAreRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "Opened", "paid", "create-sent "} {
		if f, err := pos.DecodeFact(name, []byte(`{}`)); err == nil {
			t.Errorf("%q was read as %v", name, f)
		}
	}
	for _, g := range goldenFacts {
		for _, data := range []string{"", "{", "[]", `"x"`} {
			if f, err := pos.DecodeFact(g.name, []byte(data)); err == nil {
				t.Errorf("%s %q was read as %v", g.name, data, f)
			}
		}
	}
}

// A later version may add fields: those this version does not know are left alone.
func TestUnknownFieldsAreNoTrouble(t *testing.T) {
	t.Parallel()
	f, err := pos.DecodeFact("stop-wanted", []byte(`{"why":"staff","by":"Mia"}`))
	if err != nil || f != (pos.StopWanted{Why: pos.WhyStaff}) {
		t.Errorf("%v, %v", f, err)
	}
}

func TestRequestsSurviveTheLedger(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[ -~āŌ\n"\\]{0,12}`)
		money := rapid.Custom(func(t *rapid.T) pos.Money {
			if rapid.Bool().Draw(t, "unknown") {
				return pos.Money{}
			}
			return pos.NewMoney(decimal.NewFromInt(rapid.Int64Range(-1e9, 1e9).Draw(t, "minor")), nzd)
		})
		when := rapid.Custom(func(t *rapid.T) time.Time {
			return time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).UTC()
		})
		request := pos.Request{
			ID: text.Draw(t, "id"), ShortCode: text.Draw(t, "code"), URL: text.Draw(t, "url"), Value: money.Draw(t, "value"),
			Status: pos.Status(text.Draw(t, "status")), Remaining: money.Draw(t, "remaining"), CreatedAt: when.Draw(t, "created"),
			ExpiresAt: when.Draw(t, "expires"), PaidBy: []pos.Tender{{AssetType: text.Draw(t, "asset"), Total: money.Draw(t, "total")}},
			Conditions: []pos.Condition{{ID: text.Draw(t, "cid"), Message: text.Draw(t, "message")}},
		}
		data, err := pos.EncodeFact(pos.Adopted{Request: request})
		if err != nil {
			t.Fatal(err)
		}
		back, err := pos.DecodeFact("adopted", data)
		if err != nil {
			t.Fatal(err)
		}
		got := back.(pos.Adopted).Request
		if !got.Value.Equal(request.Value) || !got.Remaining.Equal(request.Remaining) || !got.PaidBy[0].Total.Equal(request.PaidBy[0].Total) {
			t.Fatalf("amounts: %+v, %+v", got, request)
		}
		// Decimals that are equal need not be identical inside.
		got.Value, got.Remaining, got.PaidBy[0].Total = request.Value, request.Remaining, request.PaidBy[0].Total
		if !reflect.DeepEqual(got, request) {
			t.Fatalf("read back:\n%+v\nwritten:\n%+v", got, request)
		}
	})
}

func TestEveryFactIsGolden(t *testing.T) {
	t.Parallel()
	golden := map[string]bool{}
	for _, g := range goldenFacts {
		golden[g.name] = true
	}
	for _, name := range pos.FactNames() {
		if !golden[name] {
			t.Errorf("%s may drift unseen", name)
		}
	}
}
