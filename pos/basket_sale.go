package pos

// Names of the lines that stand in for what is paid in another way, where a part of
// the basket is asked for and the lines have to add up to that part.
const (
	paidOtherwise = "Paid otherwise"
	leftOfLines   = "Left to pay of lines paid in part"
)

// SaleOf gives the sale that asks for an amount of the basket, at most what is left
// to pay, with the lines that nobody bought yet; reference, lifetime and origin are
// the caller's to fill in.
//
// The lines of a payment request have to add up to its value or, in a partial one, to
// the basket's amount (Line items guide, rule 3). All of the basket adds up by itself.
// A part is asked for as a partial request with the lines left as its basket where
// that is allowed, so that the customer's app may take less still; else one line with
// what is paid otherwise, without a tax rate, makes up the difference.
func (b Basket) SaleOf(amount Money, partialAllowed bool) (Sale, error) {
	if err := b.checkPayable(amount); err != nil {
		return Sale{}, err
	}
	sale := Sale{Amount: amount, Lines: b.unpaidItems()}
	sum := SumOfLines(sale.Lines, b.currency)
	rest := amount.Sub(sum)
	switch {
	case partialAllowed && rest.Sign() <= 0 && sum.CheckPayable() == nil:
		sale.Partial, sale.Basket = true, sum
	case rest.Sign() != 0:
		name := paidOtherwise
		if rest.Sign() > 0 {
			name = leftOfLines
		}
		sale.Lines = append(sale.Lines, LineItem{Name: name, Qty: one, Price: rest.minor})
	}
	return sale, nil
}

// unpaidItems are the line items of the basket less the lines that an asset bought.
func (b Basket) unpaidItems() []LineItem {
	items := make([]LineItem, 0, len(b.lines)+len(b.discounts)+1)
	for _, l := range b.lines {
		if !l.Locked {
			items = append(items, l.LineItem())
		}
	}
	return append(items, b.discountItems()...)
}
