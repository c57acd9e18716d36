package centrapay_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"centrapos/pos"
	"centrapos/pos/centrapay"
)

// TestLegacyReadsPublished: today's sample, with the dates it leaves out.
func TestLegacyReadsPublished(t *testing.T) {
	t.Parallel()
	const id = "TyqV56mEkNLUeiY2QskHNR"
	payments, _ := legacyAnswers(t, centrapay.LegacyToday, says(200, published(t, "legacy-payment-requests-get")))
	got, reply := payments.Get(t.Context(), id)
	if reply.Answer != pos.AnswerDone {
		t.Fatalf("got %v: %s", reply.Answer, reply.Detail)
	}
	sameJSON(t, got.Document, []byte(published(t, "legacy-payment-requests-get")))
	got.Document = nil
	want := pos.Request{
		ID: id, ShortCode: "CP-C7F-ZS5", URL: "https://app.centrapay.com/pay/" + id, Value: cents(100),
		Status: pos.StatusNew, Liveness: "test", MerchantName: "NZD Test Merchant",
		CreatedAt: time.Date(2021, 11, 29, 23, 4, 54, 253e6, time.UTC),
		ExpiresAt: time.Date(2021, 11, 29, 23, 6, 54, 253e6, time.UTC),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// TestLegacyReadsFirstPublished, E1: no milliseconds, and no expiry at all, which is
// two minutes then.
func TestLegacyReadsFirstPublished(t *testing.T) {
	t.Parallel()
	created := time.Date(2018, 4, 6, 4, 36, 54, 0, time.UTC)
	for name, want := range map[string]struct {
		status pos.Status
		code   string
		paidBy []pos.Tender
	}{
		"seed-legacy-requests-create": {status: pos.StatusNew, code: "JL9mAFVaK71wTDVoM6NH7w"},
		"seed-legacy-requests-cancel": {status: pos.StatusCancelled, code: "centrapay:68747470733A2F2F63656E74726170..."},
		// Paid in wei, which is no amount of New Zealand dollars.
		"seed-legacy-requests-info": {status: pos.StatusPaid, code: "centrapay:68747470733A2F2F63656E74726170...",
			paidBy: []pos.Tender{{AssetType: "g.crypto.ethereum.mainnet.0x1122b6a0e00dce0563082b6e2953f3a943855c1f"}}},
	} {
		payments, _ := legacyAnswers(t, centrapay.LegacyFirst, says(200, published(t, name)))
		got, reply := payments.Get(t.Context(), legacyID)
		if reply.Answer != pos.AnswerDone || got.Status != want.status || got.URL != want.code || !reflect.DeepEqual(got.PaidBy, want.paidBy) {
			t.Errorf("%s: %v (%s), %+v", name, reply.Answer, reply.Detail, got)
		}
		if !got.Value.Equal(cents(1020)) || !got.CreatedAt.Equal(created) || !got.ExpiresAt.Equal(created.Add(2*time.Minute)) {
			t.Errorf("%s: %s, made %v, until %v", name, got.Value, got.CreatedAt, got.ExpiresAt)
		}
	}
}

// TestLegacyCreateSample, B11: asked for 300 the sample answers 350, which is told
// and not hidden; and what it shows as paid is not while it is new. D7: its code is
// no web address.
func TestLegacyCreateSample(t *testing.T) {
	t.Parallel()
	payments, _ := legacyAnswers(t, centrapay.LegacyToday, says(200, published(t, "legacy-payment-requests-create")))
	sale := coffee()
	sale.Amount = cents(300)
	got, reply := payments.Create(t.Context(), sale)
	if reply.Answer != pos.AnswerDone || !got.Value.Equal(cents(350)) || got.Status != pos.StatusNew || got.PaidBy != nil {
		t.Errorf("%v (%s), %+v", reply.Answer, reply.Detail, got)
	}
	if got.URL != "cp_9e98c00c-1556-4c95-ba78-2dd1fc97fc5b" {
		t.Errorf("the code to show is %q", got.URL)
	}
	sale.Amount, _ = pos.ParsePayable("3.00", pos.Currency{Code: "AUD", Decimals: 2})
	if got, reply := payments.Create(t.Context(), sale); reply.Answer != pos.AnswerDone || got.Value.Equal(sale.Amount) {
		t.Errorf("asked for AUD, was told NZD: got %v, %s", reply.Answer, got.Value)
	}
}

// TestLegacyCreateForAnotherMerchant: the customer would pay somebody else.
func TestLegacyCreateForAnotherMerchant(t *testing.T) {
	t.Parallel()
	for body, differs := range map[string]bool{
		legacyJSON("new", ""): false, legacyJSON("new", `"merchantId":"m1"`): false, legacyJSON("new", `"merchantId":"m2"`): true,
		strings.Replace(legacyJSON("new", ""), "NZD", "XYZ", 1): true,
	} {
		payments, _ := legacyAnswers(t, centrapay.LegacyToday, says(200, body))
		if got, reply := payments.Create(t.Context(), coffee()); reply.Answer != pos.AnswerDone || got.ID != legacyID || (got.Differs != "") != differs {
			t.Errorf("%s: %v (%s), differs %q", body, reply.Answer, reply.Detail, got.Differs)
		}
	}
}

func TestLegacyStatusAndExpiry(t *testing.T) {
	t.Parallel()
	made := time.Date(2018, 4, 6, 4, 36, 54, 0, time.UTC)
	const createdAt = `"createdAt":"2018-04-06T04:36:54Z"`
	for name, c := range map[string]struct {
		body   string
		status pos.Status
		until  time.Time
	}{
		"C2, one l":           {legacyJSON("canceled", createdAt), pos.StatusCancelled, made.Add(2 * time.Minute)},
		"C2, capitals":        {legacyJSON("CANCELLED", createdAt), pos.StatusCancelled, made.Add(2 * time.Minute)},
		"a status of its own": {legacyJSON("pending", createdAt), "pending", made.Add(2 * time.Minute)},
		"A7, a string":        {legacyJSON("new", createdAt+`,"paymentExpirySeconds":"90"`), pos.StatusNew, made.Add(90 * time.Second)},
		"A7, a number":        {legacyJSON("new", createdAt+`,"paymentExpirySeconds":90`), pos.StatusNew, made.Add(90 * time.Second)},
		"no time at all":      {legacyJSON("new", createdAt+`,"paymentExpirySeconds":0`), pos.StatusNew, made.Add(2 * time.Minute)},
		"for ever":            {legacyJSON("new", createdAt+`,"paymentExpirySeconds":1e300`), pos.StatusNew, made.Add(2 * time.Minute)},
		"no number":           {legacyJSON("new", createdAt+`,"paymentExpirySeconds":"soon"`), pos.StatusNew, made.Add(2 * time.Minute)},
		"its own date":        {legacyJSON("new", createdAt+`,"expiresAt":"2018-04-06T04:40:00Z","paymentExpirySeconds":5`), pos.StatusNew, made.Add(186 * time.Second)},
		"made no one knows":   {legacyJSON("new", ""), pos.StatusNew, time.Time{}},
	} {
		payments, _ := legacyAnswers(t, centrapay.LegacyToday, says(200, c.body))
		got, reply := payments.Get(t.Context(), legacyID)
		if reply.Answer != pos.AnswerDone || got.Status != c.status || !got.ExpiresAt.Equal(c.until) {
			t.Errorf("%s: %v (%s), %q until %v", name, reply.Answer, reply.Detail, got.Status, got.ExpiresAt)
		}
	}
}

// TestLegacyAnswerAboutSomethingElse: whatever is wrong with an answer's money or
// id, it is no answer; no call gives a zero for it.
func TestLegacyAnswerAboutSomethingElse(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"another request":  strings.Replace(legacyJSON("paid", ""), legacyID, "other", 1),
		"no request":       strings.Replace(legacyJSON("paid", ""), legacyID, "", 1),
		"unknown currency": strings.Replace(legacyJSON("paid", ""), "NZD", "SHELLS", 1),
		"no currency":      strings.Replace(legacyJSON("paid", ""), "NZD", "", 1),
		"no amount":        strings.Replace(legacyJSON("paid", ""), "1250", `"lots"`, 1),
		"no status":        legacyJSON("", ""),
		"paid no number":   legacyJSON("paid", `"paidBy":{"amount":"all of it"}`),
		"totals no number": legacyJSON("paid", `"paidBy":{"assetTotals":[{"type":"a","total":{"amount":"x","currency":"NZD"}}]}`),
	} {
		for formName, form := range legacyForms {
			payments, _ := legacyAnswers(t, form, says(200, body))
			if _, reply := payments.Get(t.Context(), legacyID); reply.Answer != pos.AnswerUnknown || reply.Clock.Received.IsZero() {
				t.Errorf("%s, %s: got %v", name, formName, reply.Answer)
			}
		}
	}
}

func TestLegacyPaidBy(t *testing.T) {
	t.Parallel()
	tender := func(asset, description string, total pos.Money) []pos.Tender {
		return []pos.Tender{{AssetType: asset, Description: description, Total: total}}
	}
	const oneWay = `,"payments":[{"ledger":"centrapay.nzd.test","amount":1250}]`
	for name, c := range map[string]struct {
		status, more string
		want         []pos.Tender
	}{
		"not said":                   {"paid", `"liveness":"main"`, nil},
		"F13, as the model has it":   {"paid", `"paidBy":{"transactionId":"tx1","amount":1250}`, tender("", "transaction tx1", cents(1250))},
		"in the only way there is":   {"paid", `"paidBy":{"transactionId":"tx1","amount":1250}` + oneWay, tender("centrapay.nzd.test", "", cents(1250))},
		"another amount, no ledger":  {"paid", `"paidBy":{"transactionId":"tx1","amount":1020}`, tender("", "transaction tx1", pos.Money{})},
		"another amount of dollars":  {"paid", `"paidBy":{"amount":1200,"ledger":"centrapay.nzd.main"}`, tender("centrapay.nzd.main", "", cents(1200))},
		"a voucher of the amount":    {"paid", `"paidBy":{"amount":1250,"ledger":"g.centrapay.pocketvouchers.voucher1"}`, tender("pocketvouchers", "", cents(1250))},
		"a voucher of another":       {"paid", `"paidBy":{"amount":1,"ledger":"g.centrapay.pocketvouchers.voucher1"}`, tender("pocketvouchers", "", pos.Money{})},
		"bitcoin":                    {"paid", `"paidBy":{"amount":0.0027625,"ledger":"g.crypto.bitcoin.mainnet"}`, tender("bitcoin.main", "", pos.Money{})},
		"as many satoshi":            {"paid", `"paidBy":{"amount":1250,"ledger":"g.crypto.bitcoin.mainnet"}`, tender("bitcoin.main", "", pos.Money{})},
		"only its kind":              {"paid", `"paidBy":{"amount":1,"type":"CENNZ"}`, tender("CENNZ", "", pos.Money{})},
		"with a description":         {"paid", `"paidBy":{"amount":1250,"description":"Centrapay NZD"}`, tender("", "Centrapay NZD", cents(1250))},
		"no amount":                  {"paid", `"paidBy":{"transactionId":"tx1","ledger":"centrapay.nzd.main"}`, tender("centrapay.nzd.main", "", pos.Money{})},
		"C21, a string":              {"paid", `"paidBy":"somebody"`, nil},
		"given back":                 {"cancelled", `"paidBy":{"transactionId":"tx1","amount":1250,"ledger":"centrapay.nzd.main"}`, tender("centrapay.nzd.main", "", cents(1250))},
		"cancelled unpaid":           {"cancelled", `"paidBy":{}`, nil},
		"B11, not while it is new":   {"new", `"paidBy":{"transactionId":"tx1","amount":1250}`, nil},
		"nor when it ran out":        {"expired", `"paidBy":{"transactionId":"tx1","amount":1250}`, nil},
		"the totals of today's API":  {"paid", `"paidBy":{"amount":7,"assetTotals":[{"type":"centrapay.nzd.main","description":"Centrapay NZD","total":{"amount":"1250","currency":"NZD"}}]}`, tender("centrapay.nzd.main", "Centrapay NZD", cents(1250))},
		"totals of what is no money": {"paid", `"paidBy":{"assetTotals":[{"type":"quartz.main","total":{"amount":"2","currency":"QTZ"}}]}`, tender("quartz.main", "", pos.Money{})},
	} {
		payments, _ := legacyAnswers(t, centrapay.LegacyToday, says(200, legacyJSON(c.status, c.more)))
		got, reply := payments.Get(t.Context(), legacyID)
		same := len(got.PaidBy) == len(c.want)
		for i := range got.PaidBy {
			same = same && got.PaidBy[i].AssetType == c.want[i].AssetType && got.PaidBy[i].Description == c.want[i].Description &&
				got.PaidBy[i].Total.Equal(c.want[i].Total)
		}
		if reply.Answer != pos.AnswerDone || !same {
			t.Errorf("%s: %v (%s)\ngot  %+v\nwant %+v", name, reply.Answer, reply.Detail, got.PaidBy, c.want)
		}
	}
}

func TestLegacyVoid(t *testing.T) {
	t.Parallel()
	const success = `{"type":"voidRefund","status":"Success"}`
	for name, c := range map[string]struct {
		void string
		info http.HandlerFunc
		want pos.Reversal
		done bool
	}{
		"of an unpaid one, as published": {published(t, "legacy-payment-requests-void"), says(200, legacyJSON("cancelled", "")), pos.Reversal{}, true},
		// The type that is documented need not be for unpaid requests alone.
		"of a paid one, as published": {published(t, "legacy-payment-requests-void"), says(200, legacyJSON("cancelled", `"paidBy":{"transactionId":"tx1","amount":1250}`)),
			pos.Reversal{Returned: cents(1250)}, true},
		"as published, and the request cannot be read":    {published(t, "legacy-payment-requests-void"), says(502, ""), pos.Reversal{Unsure: true}, true},
		"as published, and the request is said to be new": {published(t, "legacy-payment-requests-void"), says(200, legacyJSON("new", "")), pos.Reversal{}, false},
		"as published, and what was paid is no sum":       {published(t, "legacy-payment-requests-void"), says(200, legacyJSON("cancelled", `"paidBy":{"amount":"x"}`)), pos.Reversal{Unsure: true}, true},
		"of a paid one": {success, says(200, legacyJSON("cancelled", `"cancellationReason":"CANCELLED_BY_MERCHANT","paidBy":{"transactionId":"tx1","amount":1250}`)),
			pos.Reversal{Returned: cents(1250), Reason: "CANCELLED_BY_MERCHANT"}, true},
		"of a paid one that stays paid":     {success, says(200, legacyJSON("paid", "")), pos.Reversal{Returned: cents(1250)}, true},
		"of one paid in bitcoin":            {success, says(200, legacyJSON("cancelled", `"paidBy":{"amount":0.2,"ledger":"g.crypto.bitcoin.mainnet"}`)), pos.Reversal{Returned: cents(1250)}, true},
		"that does not say its type":        {`{"status":"success"}`, says(200, legacyJSON("cancelled", "")), pos.Reversal{Unsure: true}, true},
		"and the request cannot be read":    {success, says(502, ""), pos.Reversal{}, false},
		"and the request is still new":      {success, says(200, legacyJSON("new", "")), pos.Reversal{}, false},
		"and the request's money is no sum": {success, says(200, legacyJSON("cancelled", `"paidBy":{"amount":"x"}`)), pos.Reversal{}, false},
		"without success":                   {`{"type":"voidCancel","status":"Failure"}`, nil, pos.Reversal{}, false},
	} {
		payments, _ := legacyAnswers(t, centrapay.LegacyToday, bycall(map[string]http.HandlerFunc{
			"requests.void": says(200, c.void), "requests.info": c.info,
		}))
		want := pos.AnswerUnknown
		if c.done {
			want = pos.AnswerDone
		}
		got, reply := payments.Void(t.Context(), legacyID)
		if reply.Answer != want || !got.Returned.Equal(c.want.Returned) || got.Reason != c.want.Reason || got.Unsure != c.want.Unsure {
			t.Errorf("%s: got %+v, %v (%s); want %+v, %v", name, got, reply.Answer, reply.Detail, c.want, want)
		}
	}
}

// TestLegacyVoidIsCancel: where a void shall not give money back, or the form has
// none, it is a cancel.
func TestLegacyVoidIsCancel(t *testing.T) {
	t.Parallel()
	for path, form := range map[string]centrapay.LegacyForm{
		"/payments/api/requests.cancel?requestId=" + legacyID: centrapay.LegacyCancel, "/api/requests.cancel": centrapay.LegacyFirst,
	} {
		payments, service := legacyAnswers(t, form, says(200, published(t, "seed-legacy-requests-cancel")))
		if got, reply := payments.Void(t.Context(), legacyID); reply.Answer != pos.AnswerDone || got.Returned.IsKnown() {
			t.Errorf("%s: %v (%s), %+v", path, reply.Answer, reply.Detail, got)
		}
		if calls := service.seen(); len(calls) != 1 || calls[0] != "POST "+path {
			t.Errorf("calls %v, want %s", calls, path)
		}
	}
}

func TestLegacyRefund(t *testing.T) {
	t.Parallel()
	paid := legacyJSON("paid", `"paidBy":{"transactionId":"tx1","amount":1250}`)
	receipt := published(t, "legacy-payment-requests-refund")
	for name, c := range map[string]struct {
		info, refund http.HandlerFunc
		answer       pos.Answer
		code         string
		value        pos.Money
		sent         bool
	}{
		"done":                         {says(200, paid), says(200, strings.Replace(receipt, "350", "500", 1)), pos.AnswerDone, "", cents(500), true},
		"B12, another amount":          {says(200, paid), says(200, receipt), pos.AnswerDone, "", cents(350), true},
		"in a lower case":              {says(200, paid), says(200, strings.Replace(receipt, "NZD", "nzd", 1)), pos.AnswerDone, "", cents(350), true},
		"no amount said":               {says(200, paid), says(200, `{"status":"Success"}`), pos.AnswerDone, "", pos.Money{}, true},
		"no currency said":             {says(200, paid), says(200, `{"status":"Success","payment":{"amount":500}}`), pos.AnswerDone, "", pos.Money{}, true},
		"in another currency":          {says(200, paid), says(200, strings.Replace(receipt, "NZD", "AUD", 1)), pos.AnswerUnknown, "", pos.Money{}, true},
		"a receipt of a payment":       {says(200, paid), says(200, strings.Replace(receipt, "txRefund", "txBitcoin", 1)), pos.AnswerUnknown, "", pos.Money{}, true},
		"refused":                      {says(200, paid), says(403, `{"message":"REFUND_WINDOW_EXCEEDED"}`), pos.AnswerRefused, "REFUND_WINDOW_EXCEEDED", pos.Money{}, true},
		"lost":                         {says(200, paid), drop, pos.AnswerUnknown, "", pos.Money{}, true},
		"of one that was voided":       {says(200, strings.Replace(paid, "paid", "cancelled", 1)), says(400, `{"message":"ALREADY_REFUNDED"}`), pos.AnswerRefused, "ALREADY_REFUNDED", pos.Money{}, true},
		"B11, of one that is new":      {says(200, strings.Replace(paid, `"paid"`, `"new"`, 1)), nil, pos.AnswerRefused, "NOT_PAID", pos.Money{}, false},
		"of one that has expired":      {says(200, legacyJSON("expired", "")), nil, pos.AnswerRefused, "NOT_PAID", pos.Money{}, false},
		"of an unnamed transaction":    {says(200, legacyJSON("paid", `"paidBy":{"amount":1250}`)), nil, pos.AnswerRefused, "TRANSACTION_NOT_FOUND", pos.Money{}, false},
		"of another currency":          {says(200, strings.Replace(paid, "NZD", "AUD", 1)), nil, pos.AnswerRefused, "INVALID_CURRENCY", pos.Money{}, false},
		"of no request":                {says(404, `{"message":"REQUEST_NOT_FOUND"}`), nil, pos.AnswerRefused, "REQUEST_NOT_FOUND", pos.Money{}, false},
		"and the request is not read":  {drop, nil, pos.AnswerNotSent, "", pos.Money{}, false},
		"and the request is unclear":   {says(200, `{}`), nil, pos.AnswerNotSent, "", pos.Money{}, false},
		"and it may not be asked now":  {says(429, `{"message":"RATE_LIMIT_EXCEEDED"}`), nil, pos.AnswerNotSent, "", pos.Money{}, false},
		"and the request is in French": {says(502, `<html>mauvaise passerelle</html>`), nil, pos.AnswerNotSent, "", pos.Money{}, false},
	} {
		payments, service := legacyAnswers(t, centrapay.LegacyToday, bycall(map[string]http.HandlerFunc{
			"requests.info": c.info, "transactions.refund": c.refund,
		}))
		got, reply := payments.Refund(t.Context(), giveBack(500))
		if reply.Answer != c.answer || reply.Refusal.Code != c.code || !got.Value.Equal(c.value) {
			t.Errorf("%s: %v %s (%s), %+v", name, reply.Answer, reply.Refusal.Code, reply.Detail, got)
		}
		if done := c.answer == pos.AnswerDone; done != got.Is(pos.ActivityRefund) {
			t.Errorf("%s: the activity is %+v", name, got)
		}
		const want = "POST /payments/api/transactions.refund?amount=500&externalReference=T1-0042-R1&transactionId=tx1"
		calls := service.seen()
		if sent := calls[len(calls)-1] == want; sent != c.sent || len(calls) > 2 {
			t.Errorf("%s: calls %v", name, calls)
		}
	}
}
