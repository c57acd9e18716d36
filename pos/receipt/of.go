package receipt

import (
	"cmp"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/pos"
)

// Occasion is what a sale's receipt says beside the sale itself.
type Occasion struct {
	Shop           Shop
	Training       bool
	Till, Operator string
	Number         string
	At             time.Time
	Buyer          []string
	Cash           pos.CashRounding
	// TaxRate is that of what is sold at an amount alone, in per cent.
	TaxRate decimal.Decimal
	// ShortCodes are those of Centrapay's payments, by their external references.
	ShortCodes map[string]string
}

// OfSale is the receipt of a basket that has been paid for, or in part.
func OfSale(b pos.Basket, o Occasion) Receipt {
	t := b.Tendering(o.Cash)
	r := o.receipt(KindSale)
	r.Total, r.Taxes, r.Left, r.Over = b.Total(), b.Taxes(), t.Left, t.Over
	r.Rounding, r.Change, r.Note, r.Customer = t.Rounding, t.Change, b.Note(), b.Customer()
	for _, line := range b.Lines() {
		r.Items = append(r.Items, itemOf(line))
	}
	for _, d := range b.Discounts() {
		r.Discounts = append(r.Discounts, Amount{Name: d.Name(), Value: d.Amount.Neg()})
	}
	for _, p := range t.Parts {
		r.Parts = append(r.Parts, partsOf(p, o.ShortCodes[p.Ref])...)
	}
	return r
}

func (o Occasion) receipt(kind Kind) Receipt {
	return Receipt{Kind: kind, Training: o.Training, Shop: o.Shop, Till: o.Till, Operator: o.Operator, Number: o.Number, At: o.At, Buyer: o.Buyer}
}

func itemOf(line pos.BasketLine) Item {
	item := Item{Name: line.Name, Note: line.Note, Total: line.Total()}
	if line.Unit == pos.UnitKg || !line.Qty.Equal(decimal.NewFromInt(1)) {
		item.Quantity = line.QtyText() + " x " + line.Each.String()
	}
	if line.Discount.Sign() != 0 {
		item.Before, item.Discount, item.Why = line.Gross(), line.Discount, line.Off.Name()
	}
	return item
}

var methods = map[pos.Method]string{
	pos.MethodCentrapay: "Centrapay", pos.MethodCash: "Cash", pos.MethodCard: "Card", pos.MethodOther: "Other",
}

// partsOf are what one tender paid: each asset of a Centrapay payment by the
// service's own description, where they add up to what it paid.
func partsOf(p pos.PartPaid, shortCode string) []Part {
	if p.Method == pos.MethodCentrapay && addUp(p.Assets, p.Amount) {
		var parts []Part
		for i, a := range p.Assets {
			part := Part{Amount: Amount{Name: cmp.Or(a.Description, a.AssetType), Value: a.Total}}
			if i == len(p.Assets)-1 {
				part.ShortCode = shortCode
			}
			parts = append(parts, part)
		}
		return parts
	}
	part := Part{Amount: Amount{Name: methods[p.Method], Value: p.Amount}, ShortCode: shortCode}
	if p.Method != pos.MethodCentrapay && p.Ref != "" {
		part.Name += " " + p.Ref
	}
	if p.Method == pos.MethodCash {
		part.Details = []Amount{{Name: "given", Value: p.Given}}
	}
	return []Part{part}
}

func addUp(assets []pos.Tender, amount pos.Money) bool {
	sum := pos.NewMoney(decimal.Zero, amount.Currency())
	for _, a := range assets {
		if !a.Total.IsKnown() || a.Total.Currency() != amount.Currency() {
			return false
		}
		sum = sum.Add(a.Total)
	}
	return len(assets) > 0 && sum.Equal(amount)
}

// OfRefund is the receipt of money that was given back: through Centrapay for the
// payment with a short code, of items where they are known.
func OfRefund(refund pos.Refund, given Amount, of string, o Occasion) Receipt {
	r := o.receipt(KindRefund)
	r.Of, r.Total = of, given.Value
	for _, line := range refund.Lines {
		r.Items = append(r.Items, Item{Name: line.Name, Quantity: quantityOf(line, given.Value.Currency()), Total: pos.NewMoney(line.Price, given.Value.Currency())})
	}
	r.Parts = []Part{{Amount: given, ShortCode: o.ShortCodes[refund.ExternalRef]}}
	return r
}

// OfVoid is the receipt of a payment that was cancelled and its money given back.
func OfVoid(given Amount, of, reason string, o Occasion) Receipt {
	r := o.receipt(KindVoid)
	r.Of, r.Reason, r.Total, r.Parts = of, reason, given.Value, []Part{{Amount: given}}
	return r
}

// quantityOf is a line's quantity, with the price of one where that is a whole number
// of the smallest unit; the price of the line is what is known.
func quantityOf(line pos.LineItem, currency pos.Currency) string {
	if line.Qty.Equal(decimal.NewFromInt(1)) || line.Qty.IsZero() {
		return ""
	}
	if each, rest := line.Price.QuoRem(line.Qty, 0); rest.IsZero() {
		return line.Qty.String() + " x " + pos.NewMoney(each, currency).String()
	}
	return line.Qty.String() + " x"
}

// OfRecord is the receipt of an operation as the ledger has it: of a sale that was
// paid, a refund or a void that gave money back. It reports false for any other,
// since there is nothing to give a receipt for.
func OfRecord(rec pos.Record, o Occasion) (Receipt, bool) {
	o.At = cmp.Or(rec.EndedAt, rec.OpenedAt).In(o.At.Location())
	switch {
	case rec.Kind == pos.KindSale && (rec.Outcome == pos.OutcomePaid || rec.Outcome == pos.OutcomePartlyPaid || rec.Outcome == pos.OutcomePaidLate):
		return o.ofPaid(rec), true
	case rec.Kind == pos.KindRefund && rec.Outcome == pos.OutcomeRefunded:
		given := Amount{Name: "Centrapay", Value: rec.Refund.Value}
		if rec.Returned.IsKnown() {
			given.Value = rec.Returned
		}
		if !given.Value.Equal(rec.Refund.Value) {
			rec.Refund.Lines = nil // what was brought back does not come to what was given
		}
		return OfRefund(rec.Refund, given, cmp.Or(rec.Request.ShortCode, rec.Target.RequestID), o), true
	case rec.Kind != pos.KindRelease && rec.Returned.IsKnown() && rec.Returned.Sign() > 0:
		return OfVoid(Amount{Name: "Centrapay", Value: rec.Returned}, cmp.Or(rec.Request.ShortCode, rec.Target.RequestID), "", o), true
	}
	return Receipt{}, false
}

// ofPaid is the receipt of a sale by what was asked and what the service answered.
func (o Occasion) ofPaid(rec pos.Record) Receipt {
	sale, req := rec.Sale, rec.Request
	r := o.receipt(KindSale)
	if r.Number == "" {
		r.Number = sale.ExternalRef
	}
	r.Total = sale.Amount
	if req.Value.IsKnown() {
		r.Total = req.Value
	}
	currency := r.Total.Currency()
	if sum := pos.SumOfLines(sale.Lines, currency); len(sale.Lines) > 0 {
		r.Total = sum
		for _, line := range sale.Lines {
			r.Items = append(r.Items, Item{Name: line.Name, Quantity: quantityOf(line, currency), Total: pos.NewMoney(line.Price, currency)})
		}
	}
	r.Taxes = o.taxesOf(sale.Lines, r.Total)
	paid := req.PaidTotal()
	if !paid.IsKnown() || paid.Currency() != currency {
		paid = sale.Amount
	}
	r.Parts = partsOf(pos.PartPaid{Method: pos.MethodCentrapay, Amount: paid, Assets: req.PaidBy}, req.ShortCode)
	if left := r.Total.Sub(paid); left.Sign() > 0 {
		r.Left = left
	} else if left.Sign() < 0 {
		r.Over = left.Neg()
	}
	return r
}

// taxesOf sums lines up by their tax rates, the highest first. Of an amount without
// lines it is the shop's own rate.
func (o Occasion) taxesOf(lines []pos.LineItem, total pos.Money) []pos.TaxSum {
	if len(lines) == 0 {
		return []pos.TaxSum{{Rate: o.TaxRate, Inclusive: total, Tax: pos.TaxIncluded(total, o.TaxRate)}}
	}
	var sums []pos.TaxSum
	for _, line := range lines {
		rate := o.TaxRate
		if line.Tax != nil {
			rate = *line.Tax
		}
		i := slices.IndexFunc(sums, func(s pos.TaxSum) bool { return s.Rate.Equal(rate) })
		if i < 0 {
			i = len(sums)
			sums = append(sums, pos.TaxSum{Rate: rate, Inclusive: pos.NewMoney(decimal.Zero, total.Currency())})
		}
		sums[i].Inclusive = sums[i].Inclusive.Add(pos.NewMoney(line.Price, total.Currency()))
	}
	for i, s := range sums {
		sums[i].Tax = pos.TaxIncluded(s.Inclusive, s.Rate)
	}
	slices.SortStableFunc(sums, func(a, b pos.TaxSum) int { return b.Rate.Cmp(a.Rate) })
	return sums
}
