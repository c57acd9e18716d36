package pos

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// Returns is what can still be given back of a sale that was paid, line by line.
type Returns struct {
	Lines []SoldLine
	// Paid is what was paid for the sale through Centrapay, Left what is left of it.
	Paid, Left Money
}

// SoldLine is a line of a sale that was paid, and what was given back of it.
type SoldLine struct {
	Item LineItem
	// Paid is what the line came to: its price less its share of the discounts of the
	// whole basket. Refunded is what was given back of that.
	Paid, Refunded Money
	// Returned is how much of the quantity was brought back.
	Returned decimal.Decimal
}

// QtyLeft is how much of the line can still be brought back.
func (l SoldLine) QtyLeft() decimal.Decimal {
	return decimal.Max(decimal.Zero, l.Item.Qty.Sub(l.Returned))
}

// Left is what can still be given back of the line, never less than zero.
func (l SoldLine) Left() Money {
	left := l.Paid.Sub(l.Refunded)
	if left.Sign() < 0 {
		return NewMoney(decimal.Zero, left.Currency())
	}
	return left
}

// Return is how much of a line is brought back.
type Return struct {
	Line int // its place in Returns.Lines
	Qty  decimal.Decimal
}

// ReturnsOf works out what can still be given back of a sale: of its lines as they
// were sent, of what was paid for it, and of its earlier refunds that were done, or
// that may have been. Discounts that are lines of their own are spread over the lines
// of their tax rate that they were given for, in proportion to the prices, to the cent
// (Allocate). A refund without lines, or with some that the sale has not, takes from
// the whole and from no line.
func ReturnsOf(items []LineItem, paid Money, earlier []Refund) Returns {
	r := Returns{Paid: paid, Left: paid}
	for _, item := range items {
		if item.Price.Sign() >= 0 {
			r.Lines = append(r.Lines, SoldLine{Item: item, Paid: NewMoney(item.Price, paid.currency), Refunded: NewMoney(decimal.Zero, paid.currency)})
		}
	}
	for _, item := range items {
		if item.Price.Sign() < 0 {
			r.spread(item)
		}
	}
	for _, refund := range earlier {
		if refund.Value.IsKnown() && refund.Value.currency != paid.currency { // then nothing is known to be left
			r.Left.minor = decimal.Zero
			continue
		}
		r.Left.minor = r.Left.minor.Sub(refund.Value.minor)
		for _, item := range refund.Lines {
			r.bringBack(item)
		}
	}
	if r.Left.Sign() < 0 {
		r.Left.minor = decimal.Zero
	}
	return r
}

// spread takes a line with a negative price off the lines that it is for: those of its
// tax rate that are as restricted as it is, and what those do not come to, off all.
func (r *Returns) spread(item LineItem) {
	off := r.takeOff(item.Price.Neg(), func(l SoldLine) bool {
		return sameRate(l.Item.Tax, item.Tax) && l.Item.Restricted == item.Restricted
	})
	if off.Sign() > 0 {
		r.takeOff(off, func(SoldLine) bool { return true })
	}
}

// takeOff takes an amount off some lines as far as they come to that, and gives what
// is left to take.
func (r *Returns) takeOff(amount decimal.Decimal, meant func(SoldLine) bool) decimal.Decimal {
	weights := make([]decimal.Decimal, len(r.Lines))
	sum := decimal.Zero
	for i, l := range r.Lines {
		if meant(l) {
			weights[i] = l.Paid.minor
			sum = sum.Add(l.Paid.minor)
		}
	}
	off := decimal.Min(amount, sum)
	for i, part := range Allocate(NewMoney(off, r.Paid.currency), weights) {
		r.Lines[i].Paid = r.Lines[i].Paid.Sub(part)
	}
	return amount.Sub(off)
}

func sameRate(a, b *decimal.Decimal) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return a.Equal(*b)
}

// bringBack counts a line of an earlier refund in: at the first line of the same thing
// that would have been refunded just so, else that has so much left, else anything.
func (r *Returns) bringBack(item LineItem) {
	i := -1
	for _, fits := range []func(SoldLine, LineItem) bool{SoldLine.wouldGive, SoldLine.hasLeft, SoldLine.isOf} {
		if i = slices.IndexFunc(r.Lines, func(l SoldLine) bool { return fits(l, item) }); i >= 0 {
			break
		}
	}
	if i < 0 || item.Qty.Sign() <= 0 {
		return
	}
	l := &r.Lines[i]
	l.Returned = decimal.Min(l.Item.Qty, l.Returned.Add(item.Qty))
	l.Refunded = l.Refunded.Add(NewMoney(item.Price, r.Paid.currency))
}

// isOf reports whether an item of a refund may be of the line: the same thing, not all
// of which was brought back, and by the piece if it was sold so.
func (l SoldLine) isOf(item LineItem) bool {
	return l.Item.Name == item.Name && l.Item.SKU == item.SKU && l.Item.ProductID == item.ProductID &&
		l.QtyLeft().Sign() > 0 && (item.Qty.IsInteger() || !l.Item.Qty.IsInteger())
}

// hasLeft reports whether the line has as much left as an item of a refund says.
func (l SoldLine) hasLeft(item LineItem) bool {
	return l.isOf(item) && l.QtyLeft().Cmp(item.Qty) >= 0 && l.Left().minor.Cmp(item.Price) >= 0
}

// wouldGive reports whether the line would be refunded just as an item of a refund says.
func (l SoldLine) wouldGive(item LineItem) bool {
	return l.hasLeft(item) && item.Qty.Sign() > 0 && l.itemFor(item.Qty).Price.Equal(item.Price)
}

// Capped gives the returns with no more left than an amount, such as what the service
// says is left (LeftToRefund).
func (r Returns) Capped(left Money) Returns {
	if left.IsKnown() && left.Cmp(r.Left) < 0 {
		r.Left = left
	}
	return r
}

// Of gives what is to be given back for lines that are brought back, and the line
// items to send with the refund, whose prices add up to it. Bringing a line back piece
// by piece gives back what it came to, to the cent. More than is left of a line, or of
// what was paid, is an InputError with code NOT_REFUNDABLE.
func (r Returns) Of(brought []Return) (Money, []LineItem, error) {
	value := NewMoney(decimal.Zero, r.Paid.currency)
	var items []LineItem
	seen := map[int]bool{}
	for _, back := range brought {
		if err := r.check(back, seen[back.Line]); err != nil {
			return Money{}, nil, err
		}
		seen[back.Line] = true
		item := r.Lines[back.Line].itemFor(back.Qty)
		value = value.Add(NewMoney(item.Price, r.Paid.currency))
		items = append(items, item)
	}
	if err := r.Amount(value); err != nil {
		return Money{}, nil, err
	}
	return value, items, nil
}

// Amount gives an InputError unless an amount can be given back.
func (r Returns) Amount(value Money) error {
	switch {
	case value.Sign() == 0:
		return notRefundable("nothing would be given back", "choose lines that were paid for, or give an amount")
	case value.Currency() != r.Paid.Currency():
		return &InputError{Code: CodeInvalidCurrency, Problem: "the sale was paid in " + r.Paid.Currency().Code, Remedy: "give the amount in that"}
	case value.Cmp(r.Left) > 0:
		return notRefundable(value.Format()+" is more than the "+r.Left.Format()+" that is left of what was paid", "give back at most that")
	}
	return value.CheckPayable()
}

func (r Returns) check(back Return, again bool) error {
	if back.Line < 0 || back.Line >= len(r.Lines) || again {
		return noSuchLine("the sale has no such line to choose")
	}
	if err := checkQty(back.Qty); err != nil {
		return err
	}
	l := r.Lines[back.Line]
	switch {
	case back.Qty.GreaterThan(l.QtyLeft()):
		return notRefundable(fmt.Sprintf("%s of %s is more than the %s that can still be brought back", back.Qty, l.Item.Name, l.QtyLeft()),
			"choose at most that")
	case l.Item.Qty.IsInteger() && !back.Qty.IsInteger():
		return invalidQty(back.Qty, l.Item.Name+" was sold by the piece; give back an amount instead")
	}
	return nil
}

func notRefundable(problem, remedy string) error {
	return &InputError{Code: CodeNotRefundable, Problem: problem, Remedy: remedy}
}

// itemFor is the line item for a quantity that is brought back: priced so that all
// that was brought back so far comes to its share of what the line came to, rounded.
func (l SoldLine) itemFor(qty decimal.Decimal) LineItem {
	share := l.Returned.Add(qty)
	price := l.Paid.minor.Mul(share).DivRound(l.Item.Qty, 0).Sub(l.Refunded.minor)
	price = decimal.Max(decimal.Zero, decimal.Min(price, l.Left().minor))
	item := l.Item
	item.Qty, item.Price, item.Discount = qty, price, nil
	if off := l.discount(); off.Sign() > 0 {
		off = off.Mul(qty).DivRound(l.Item.Qty, 0)
		item.Discount = &off
	}
	return item
}

// discount is what was taken off the line without tax, in smallest units: its own
// discount, and its share of the basket's.
func (l SoldLine) discount() decimal.Decimal {
	off := decimal.Zero
	if l.Item.Discount != nil {
		off = *l.Item.Discount
	}
	shared := NewMoney(l.Item.Price, l.Paid.currency).Sub(l.Paid)
	if l.Item.Tax != nil {
		shared = WithoutTax(shared, *l.Item.Tax)
	}
	return off.Add(shared.minor)
}
