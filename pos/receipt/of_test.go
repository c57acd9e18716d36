package receipt_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/pos"
	"centrapos/pos/receipt"
)

func TestReceiptOfARecord(t *testing.T) {
	t.Parallel()
	gst := decimal.NewFromInt(15)
	o := occasion
	o.TaxRate, o.Number = gst, ""
	paidBy := []pos.Tender{{AssetType: "centrapay.nzd.main", Description: "Centrapay NZD", Total: money(t, "4.00")}, {AssetType: "x.token", Description: "Lunch token", Total: money(t, "7.50")}}
	lines := []pos.LineItem{{Name: "Scone", Qty: decimal.NewFromInt(2), Price: decimal.NewFromInt(12_00), Tax: &gst}, {Name: "Discount", Qty: one, Price: decimal.NewFromInt(-50), Tax: &gst}}
	for name, c := range map[string]struct {
		rec  pos.Record
		want []string
	}{
		"lines and two assets": {pos.Record{Kind: pos.KindSale, Outcome: pos.OutcomePaid, EndedAt: occasion.At, Sale: pos.Sale{Amount: money(t, "11.50"), Lines: lines, ExternalRef: "T1-7"},
			Request: pos.Request{ShortCode: "CP-AAA-BB", Value: money(t, "11.50"), PaidBy: paidBy}},
			[]string{"T1-7  ", "Scone\n  2 x", "Discount                             -0.50", "TOTAL                            NZD 11.50", "includes GST 15 %                     1.50",
				"Centrapay NZD                         4.00", "Lunch token                           7.50", "Centrapay CP-AAA-BB"}},
		"an amount alone, paid in part": {pos.Record{Kind: pos.KindSale, Outcome: pos.OutcomePartlyPaid, EndedAt: occasion.At, Sale: pos.Sale{Amount: money(t, "20.00")},
			Request: pos.Request{Value: money(t, "20.00"), PaidBy: paidBy}}, []string{"STILL TO PAY                          8.50", "includes GST 15 %                     2.61"}},
		"a refund": {pos.Record{Kind: pos.KindRefund, Outcome: pos.OutcomeRefunded, EndedAt: occasion.At, Refund: pos.Refund{Value: money(t, "5.00")}, Target: pos.Target{RequestID: "req1"}},
			[]string{"REFUND", "of req1", "GIVEN BACK                        NZD 5.00"}},
		"a void": {pos.Record{Kind: pos.KindVoid, Outcome: pos.OutcomeVoided, EndedAt: occasion.At, Returned: money(t, "5.00"), Request: pos.Request{ShortCode: "CP-AAA-BB"}},
			[]string{"VOID", "of CP-AAA-BB", "GIVEN BACK                        NZD 5.00"}},
	} {
		r, ok := receipt.OfRecord(c.rec, o)
		if !ok {
			t.Errorf("%s: no receipt", name)
			continue
		}
		if err := r.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		text := receipt.Text(r, receipt.Usual)
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", name, want, text)
			}
		}
	}
	for _, outcome := range []pos.Outcome{pos.OutcomeOpen, pos.OutcomeCancelled, pos.OutcomeExpired, pos.OutcomeVoided, pos.OutcomeNotMade, pos.OutcomeRefused} {
		rec := pos.Record{Kind: pos.KindSale, Outcome: outcome, EndedAt: time.Now(), Sale: pos.Sale{Amount: money(t, "1.00")}}
		if r, ok := receipt.OfRecord(rec, o); ok {
			t.Errorf("a receipt for a sale that ended as %q: %+v", outcome, r)
		}
	}
}
