package pos_test

import (
	"strings"
	"testing"

	"centrapos/pos"
)

func TestRefundCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*pos.Refund)
		want   string
	}{
		"a part":                    {func(*pos.Refund) {}, ""},
		"more than the payment":     {func(r *pos.Refund) { r.Value = cents(9_999_999) }, ""}, // the service's to judge
		"a payment of which little": {func(r *pos.Refund) { r.Target = pos.Target{RequestID: "pr1"} }, ""},
		"lines":                     {func(r *pos.Refund) { r.Lines = []pos.LineItem{line("a", 700), line("discount", -200)} }, ""},
		"128 characters":            {func(r *pos.Refund) { r.InvoiceRef = strings.Repeat("ō", 128) }, ""},
		"no payment request":        {func(r *pos.Refund) { r.Target.RequestID = " " }, pos.CodeInvalidAction},
		"no reference":              {func(r *pos.Refund) { r.ExternalRef = " \t" }, pos.CodeInvalidAction},
		"no amount":                 {func(r *pos.Refund) { r.Value = pos.Money{} }, pos.CodeInvalidAmount},
		"nothing":                   {func(r *pos.Refund) { r.Value = cents(0) }, pos.CodeInvalidAmount},
		"less than nothing":         {func(r *pos.Refund) { r.Value = cents(-500) }, pos.CodeInvalidAmount},
		"half a cent":               {func(r *pos.Refund) { r.Value = pos.NewMoney(dec("0.5"), nzd) }, pos.CodeInvalidAmount},
		"too much":                  {func(r *pos.Refund) { r.Value = cents(100_000_000) }, pos.CodeInvalidAmount},
		"another currency":          {func(r *pos.Refund) { r.Value = pos.NewMoney(dec("500"), pos.Currency{Code: "AUD", Decimals: 2}) }, pos.CodeInvalidCurrency},
		"129 characters":            {func(r *pos.Refund) { r.InvoiceRef = strings.Repeat("x", 129) }, pos.CodeInvalidAction},
		"lines of another sum":      {func(r *pos.Refund) { r.Lines = []pos.LineItem{line("a", 499)} }, pos.CodeLineItemsSum},
		// The documents' own example (B4): a discount is in the price already.
		"a discount taken off twice": {func(r *pos.Refund) {
			discount := dec("400")
			r.Value = cents(3600)
			r.Lines = []pos.LineItem{{Name: "Hard Hat", Qty: dec("1"), Price: dec("4000"), Discount: &discount}}
		}, pos.CodeLineItemsSum},
		"a line without name": {func(r *pos.Refund) { r.Lines = []pos.LineItem{line("", 500)} }, pos.CodeInvalidLineItem},
	} {
		refund := aRefund()
		c.change(&refund)
		if got := code(refund.Check()); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestConfirmCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*pos.Confirm)
		want   string
	}{
		"as it should be":      {func(*pos.Confirm) {}, ""},
		"no payment request":   {func(c *pos.Confirm) { c.Target.RequestID = "" }, pos.CodeInvalidAction},
		"no key":               {func(c *pos.Confirm) { c.Key = " " }, pos.CodeInvalidAction},
		"no amount":            {func(c *pos.Confirm) { c.Value = pos.Money{} }, pos.CodeInvalidAmount},
		"too much":             {func(c *pos.Confirm) { c.Value = cents(100_000_000) }, pos.CodeInvalidAmount},
		"another currency":     {func(c *pos.Confirm) { c.Value = pos.NewMoney(dec("500"), pos.Currency{Code: "AUD", Decimals: 2}) }, pos.CodeInvalidCurrency},
		"no invoice":           {func(c *pos.Confirm) { c.InvoiceRef = " " }, pos.CodeInvalidAction},
		"129 characters":       {func(c *pos.Confirm) { c.InvoiceRef = strings.Repeat("x", 129) }, pos.CodeInvalidAction},
		"no lines":             {func(c *pos.Confirm) { c.Lines = nil }, pos.CodeInvalidLineItem},
		"lines of another sum": {func(c *pos.Confirm) { c.Lines = []pos.LineItem{line("a", 499)} }, pos.CodeLineItemsSum},
	} {
		confirm := aConfirm()
		c.change(&confirm)
		if got := code(confirm.Check()); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if got := code(pos.Release{}.Check()); got != pos.CodeInvalidAction {
		t.Errorf("a release of nothing: %q", got)
	}
	if err := (pos.Release{Target: pos.Target{RequestID: "pr1"}}).Check(); err != nil {
		t.Error(err)
	}
}

func TestRefundConfigIsForFarmlands(t *testing.T) {
	t.Parallel()
	origin := pos.Origin{ConfigID: "mc_1"}
	for asset, want := range map[string]string{"farmlands.nzd.main": "mc_1", "Farmlands.nzd.test": "mc_1", "centrapay.nzd.main": "", "": ""} {
		req := pos.Request{PaidBy: []pos.Tender{{AssetType: "epay.main"}, {AssetType: asset}}}
		if got := req.RefundConfig(origin); got != want {
			t.Errorf("%q: %q, want %q", asset, got, want)
		}
	}
}
