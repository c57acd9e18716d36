package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"centrapos/pos"
)

// TestLookCommand: no command is named that cannot take what it is given.
func TestLookCommand(t *testing.T) {
	t.Parallel()
	const service = "https://service.centrapay.com"
	for _, c := range [][4]string{
		{service, "abc", "op1", "centrapos status abc"},
		{service + "#legacy", "abc", "op1", "centrapos legacy info abc"},
		{service + "#legacy", "transaction:tx1", "op1", "centrapos ledger show op1"},
		{service + "#legacy", "transaction:tx1", "", "centrapos ledger list"},
		{service, "", "op1", "centrapos ledger show op1"},
	} {
		if got := lookCommand(c[0], c[1], pos.OpID(c[2])); got != c[3] {
			t.Errorf("%v: %q", c[:3], got)
		}
	}
}

// TestPaidAlthoughDeclined: who declined a check is told that the sale was paid all the same.
func TestPaidAlthoughDeclined(t *testing.T) {
	t.Parallel()
	rec := pos.Record{Kind: pos.KindSale, Outcome: pos.OutcomePaid, Decisions: []pos.Decided{{ConditionID: "1"}},
		Request: pos.Request{Conditions: []pos.Condition{{ID: "1", Message: "Check photo id"}}}}
	if got := paidAllTheSame(rec); !strings.Contains(got, "Check photo id") || !strings.Contains(got, "declined") {
		t.Errorf("%q", got)
	}
	rec.Decisions[0].Accept = true
	if got := paidAllTheSame(rec); got != "" {
		t.Errorf("accepted: %q", got)
	}
}

// TestDocumentSaysNothingTwice: a field that is added again is replaced.
func TestDocumentSaysNothingTwice(t *testing.T) {
	t.Parallel()
	doc := &object{own: json.RawMessage(`{"id":"1","returned":"theirs"}`)}
	doc.add("returned", "first")
	doc.add("returned", "second")
	if got, err := json.Marshal(doc); err != nil || string(got) != `{"id":"1","returned":"second"}` {
		t.Errorf("%s, %v", got, err)
	}
}

// TestOtherAmountIsInTheDocument: a refund that was answered with another amount says so,
// with both.
func TestOtherAmountIsInTheDocument(t *testing.T) {
	t.Parallel()
	dollars := func(cents int64) pos.Money {
		return pos.NewMoney(decimal.NewFromInt(cents), pos.Currency{Code: "NZD", Decimals: 2})
	}
	rec := pos.Record{Kind: pos.KindRefund, Outcome: pos.OutcomeRefunded}
	rec.Refund = pos.Refund{Value: dollars(500)}
	rec.Action.Done, rec.Action.Activity.Value = true, dollars(400)
	doc := &object{}
	addDiffers(doc, rec)
	if got, err := json.Marshal(doc); err != nil || !strings.HasPrefix(string(got), `{"amountDiffers":true,"amountAsked":{"amount":"500"`) || !strings.Contains(string(got), `"400"`) {
		t.Errorf("%s, %v", got, err)
	}
}
