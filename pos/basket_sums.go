package pos

import (
	"slices"

	"github.com/shopspring/decimal"
)

// basketSums are what a basket's lines add up to, kept as they change.
type basketSums struct {
	items  decimal.Decimal
	groups []lineGroup // in the order of cmp; never changed in place
}

// lineGroup is what the lines of one tax rate add up to, of those that some assets
// may not pay for and of the others apart. A discount of the whole basket is spread
// over the groups, so that the tax in it, and what an asset may pay, stay right.
type lineGroup struct {
	rate       decimal.Decimal
	restricted bool
	lines      int
	sum        decimal.Decimal // smallest units
}

// cmp orders groups: higher rates first, then what everybody may pay for.
func (g lineGroup) cmp(o lineGroup) int {
	if d := o.rate.Cmp(g.rate); d != 0 {
		return d
	}
	switch {
	case g.restricted == o.restricted:
		return 0
	case o.restricted:
		return -1
	}
	return 1
}

// plus gives the sums with a line more.
func (s basketSums) plus(l *BasketLine) basketSums { return s.moved(l, 1) }

// minus gives the sums with a line less.
func (s basketSums) minus(l *BasketLine) basketSums { return s.moved(l, -1) }

func (s basketSums) moved(l *BasketLine, by int) basketSums {
	g := lineGroup{rate: l.TaxRate, restricted: l.Restricted}
	groups := slices.Clone(s.groups)
	i, found := slices.BinarySearchFunc(groups, g, lineGroup.cmp)
	if !found {
		groups = slices.Insert(groups, i, g)
	}
	sign := decimal.New(int64(by), 0)
	groups[i].lines += by
	groups[i].sum = groups[i].sum.Add(l.Total().minor.Mul(sign))
	if groups[i].lines == 0 {
		groups = slices.Delete(groups, i, i+1)
	}
	return basketSums{items: s.items.Add(l.pieces().Mul(sign)), groups: groups}
}

// pieces counts the pieces of a line; what is weighed counts as one.
func (l BasketLine) pieces() decimal.Decimal {
	if l.Unit == UnitEach && l.Qty.IsInteger() {
		return l.Qty
	}
	return one
}

// BasketDiscount is a discount of the whole basket.
type BasketDiscount struct {
	// ID names it within its basket.
	ID int
	Discount
}

// DiscountTaken is what a discount of the whole basket comes to.
type DiscountTaken struct {
	BasketDiscount
	// Amount is what it takes off, tax included: of what the discounts before it leave.
	Amount Money
	// parts are what it takes off the groups of lines.
	parts []Money
}

// Discounts are the discounts of the whole basket, in the order they were given, and
// what each comes to. A percentage is of what the lines come to after their own
// discounts and those before it; an amount is taken off as far as there is something
// left, so a basket never comes to less than nothing.
func (b Basket) Discounts() []DiscountTaken {
	taken, _ := b.spread()
	return taken
}

// spread works out the basket's discounts and what they leave of each group of lines:
// each is split over the groups in proportion to what they still come to (Allocate).
func (b Basket) spread() ([]DiscountTaken, []decimal.Decimal) {
	left := make([]decimal.Decimal, len(b.sums.groups))
	for i, g := range b.sums.groups {
		left[i] = g.sum
	}
	taken := make([]DiscountTaken, 0, len(b.discounts))
	for _, d := range b.discounts {
		amount := d.Of(b.sumOf(left))
		parts := Allocate(amount, left)
		for i, part := range parts {
			left[i] = left[i].Sub(part.minor)
		}
		taken = append(taken, DiscountTaken{BasketDiscount: d, Amount: amount, parts: parts})
	}
	return taken, left
}

func (b Basket) sumOf(amounts []decimal.Decimal) Money {
	sum := decimal.Zero
	for _, a := range amounts {
		sum = sum.Add(a)
	}
	return NewMoney(sum, b.currency)
}

// Total is what the whole basket costs, tax included and all discounts taken off.
func (b Basket) Total() Money {
	_, left := b.spread()
	return b.sumOf(left)
}

// Subtotal is what the lines come to, tax included, ahead of the discounts of the
// whole basket.
func (b Basket) Subtotal() Money {
	sum := decimal.Zero
	for _, g := range b.sums.groups {
		sum = sum.Add(g.sum)
	}
	return NewMoney(sum, b.currency)
}

// TaxSum is what is charged at one tax rate, and the tax in it.
type TaxSum struct {
	Rate decimal.Decimal // percent
	// Inclusive is what is charged at the rate, tax included and discounts taken off;
	// Tax is the tax in it, rounded once.
	Inclusive, Tax Money
}

// Taxes are the sums by tax rate, the highest first.
func (b Basket) Taxes() []TaxSum {
	_, left := b.spread()
	var sums []TaxSum
	for i, g := range b.sums.groups {
		if n := len(sums); n == 0 || !sums[n-1].Rate.Equal(g.rate) {
			sums = append(sums, TaxSum{Rate: g.rate, Inclusive: NewMoney(decimal.Zero, b.currency)})
		}
		last := &sums[len(sums)-1]
		last.Inclusive.minor = last.Inclusive.minor.Add(left[i])
	}
	for i, s := range sums {
		sums[i].Tax = TaxIncluded(s.Inclusive, s.Rate)
	}
	return sums
}

// Tax is the GST inside the total: summed up per rate and rounded once for each.
func (b Basket) Tax() Money {
	tax := NewMoney(decimal.Zero, b.currency)
	for _, s := range b.Taxes() {
		tax = tax.Add(s.Tax)
	}
	return tax
}

// Items counts the pieces; what is weighed counts as one.
func (b Basket) Items() decimal.Decimal { return b.sums.items }

// LineItems gives the lines as the API wants them; their prices add up to Total. A
// discount of the whole basket follows them as a line with a negative price (Line
// items guide, rule 5), one for each tax rate, and for lines that are restricted, as
// far as it takes something off those.
func (b Basket) LineItems() []LineItem {
	items := make([]LineItem, 0, len(b.lines)+len(b.discounts))
	for _, l := range b.lines {
		items = append(items, l.LineItem())
	}
	return append(items, b.discountItems()...)
}

func (b Basket) discountItems() []LineItem {
	var items []LineItem
	taken, _ := b.spread()
	for _, d := range taken {
		for i, part := range d.parts {
			if part.Sign() == 0 {
				continue
			}
			g := b.sums.groups[i]
			items = append(items, LineItem{
				Name: d.Name(), Qty: one, Price: part.Neg().minor, Tax: &g.rate, Restricted: g.restricted,
			})
		}
	}
	return items
}
