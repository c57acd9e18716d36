package pos

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// BasketLine is one line of a basket: some quantity of one thing at one price.
type BasketLine struct {
	// ID names the line within its basket for as long as the basket lives.
	ID         int
	Name       string
	SKU, GTIN  string
	Unit       Unit
	Each       Money // price of one unit, tax included
	Qty        decimal.Decimal
	Discount   Money           // taken off the line, tax included, never negative
	TaxRate    decimal.Decimal // percent
	Restricted bool
}

// Total is what the customer pays for the line.
func (l BasketLine) Total() Money { return l.Each.Times(l.Qty).Sub(l.Discount) }

// LineItem is the line as the API wants it: its price for the whole line, and
// the discount, for information, without tax.
func (l BasketLine) LineItem() LineItem {
	rate := l.TaxRate
	item := LineItem{
		Name: l.Name, Qty: l.Qty, Price: l.Total().Minor(), SKU: l.SKU, ProductID: l.GTIN,
		Tax: &rate, Restricted: l.Restricted,
	}
	if l.Discount.Sign() > 0 {
		discount := WithoutTax(l.Discount, l.TaxRate).Minor()
		item.Discount = &discount
	}
	return item
}

// isPieceOf reports whether one more piece of a product belongs on the line.
func (l BasketLine) isPieceOf(p Product) bool {
	return l.SKU == p.SKU && l.GTIN == p.GTIN && l.Name == p.Name && l.Unit == UnitEach &&
		l.Each.Equal(p.Price) && l.Discount.Sign() == 0 && l.TaxRate.Equal(p.TaxRate) && l.Restricted == p.Restricted
}

// Limits of a basket: a quantity beyond them is a slip of the hand or a barcode
// in the wrong place.
var (
	maxQty = decimal.New(9999, 0)
	// qtyDecimals: scales in shops weigh to the gram.
	qtyDecimals int32 = 3
)

// maxUndo bounds how many changes of a basket can be undone.
const maxUndo = 200

// Basket is what a customer is buying. It is a value: every change gives a new
// basket and leaves the old one as it was.
type Basket struct {
	currency Currency
	lines    []BasketLine
	nextID   int
	before   [][]BasketLine // for undo, latest last
}

// NewBasket gives an empty basket in a currency.
func NewBasket(currency Currency) Basket { return Basket{currency: currency, nextID: 1} }

// Currency is what the basket's prices are in.
func (b Basket) Currency() Currency { return b.currency }

// Lines are the lines in the order they were rung up. The slice must not be changed.
func (b Basket) Lines() []BasketLine { return b.lines }

// IsEmpty reports whether there is nothing in the basket.
func (b Basket) IsEmpty() bool { return len(b.lines) == 0 }

// Line gives the line with an id.
func (b Basket) Line(id int) (BasketLine, bool) {
	i := b.index(id)
	if i < 0 {
		return BasketLine{}, false
	}
	return b.lines[i], true
}

func (b Basket) index(id int) int {
	return slices.IndexFunc(b.lines, func(l BasketLine) bool { return l.ID == id })
}

// AddProduct rings up a quantity of a product. More of a product sold by the
// piece joins the line it is already on. It gives the line's id.
func (b Basket) AddProduct(p Product, qty decimal.Decimal) (Basket, int, error) {
	if p.Unit == UnitEach {
		if !qty.IsInteger() {
			return b, 0, invalidQty(qty, p.Name+" is sold by the piece")
		}
		for _, l := range b.lines {
			if l.isPieceOf(p) {
				changed, err := b.SetQty(l.ID, l.Qty.Add(qty))
				return changed, l.ID, err
			}
		}
	}
	return b.add(BasketLine{
		Name: p.Name, SKU: p.SKU, GTIN: p.GTIN, Unit: p.Unit, Each: p.Price, Qty: qty,
		TaxRate: p.TaxRate, Restricted: p.Restricted,
	})
}

// AddOpen rings up something that is not in the catalogue, at a typed price. It
// gives the line's id.
func (b Basket) AddOpen(name string, each Money, qty, taxRate decimal.Decimal) (Basket, int, error) {
	return b.add(BasketLine{Name: name, Unit: UnitEach, Each: each, Qty: qty, TaxRate: taxRate})
}

func (b Basket) add(l BasketLine) (Basket, int, error) {
	if err := checkQty(l.Qty); err != nil {
		return b, 0, err
	}
	if err := l.Each.CheckPayable(); err != nil {
		return b, 0, err
	}
	l.ID = b.nextID
	l.Discount = NewMoney(decimal.Zero, b.currency)
	if err := l.Total().CheckPayable(); err != nil {
		return b, 0, err
	}
	changed := b.change(append(slices.Clone(b.lines), l))
	changed.nextID++
	return changed, l.ID, nil
}

// SetQty changes a line's quantity. Zero is an error: taking a line off is Remove.
func (b Basket) SetQty(id int, qty decimal.Decimal) (Basket, error) {
	i := b.index(id)
	if i < 0 {
		return b, nil
	}
	line := b.lines[i]
	if err := checkQty(qty); err != nil {
		return b, err
	}
	if line.Unit == UnitEach && line.SKU != "" && !qty.IsInteger() {
		return b, invalidQty(qty, line.Name+" is sold by the piece")
	}
	line.Qty = qty
	if err := line.Total().CheckPayable(); err != nil {
		return b, err
	}
	lines := slices.Clone(b.lines)
	lines[i] = line
	return b.change(lines), nil
}

// Remove takes a line off.
func (b Basket) Remove(id int) Basket {
	i := b.index(id)
	if i < 0 {
		return b
	}
	return b.change(slices.Delete(slices.Clone(b.lines), i, i+1))
}

// Undo takes back the latest change; it reports false when there is none.
func (b Basket) Undo() (Basket, bool) {
	if len(b.before) == 0 {
		return b, false
	}
	last := len(b.before) - 1
	b.lines, b.before = b.before[last], b.before[:last:last]
	return b, true
}

// Clear empties the basket, in a way that Undo takes back.
func (b Basket) Clear() Basket {
	if b.IsEmpty() {
		return b
	}
	return b.change(nil)
}

func (b Basket) change(lines []BasketLine) Basket {
	before := append(slices.Clip(b.before), b.lines)
	if len(before) > maxUndo {
		before = before[len(before)-maxUndo:]
	}
	b.before, b.lines = before, lines
	return b
}

// Total is what the whole basket costs, tax included.
func (b Basket) Total() Money {
	total := NewMoney(decimal.Zero, b.currency)
	for _, l := range b.lines {
		total = total.Add(l.Total())
	}
	return total
}

// Tax is the GST inside the total: summed up per rate and rounded once for each.
func (b Basket) Tax() Money {
	type rateSum struct {
		rate decimal.Decimal
		sum  Money
	}
	var sums []rateSum
	for _, l := range b.lines {
		i := slices.IndexFunc(sums, func(s rateSum) bool { return s.rate.Equal(l.TaxRate) })
		if i < 0 {
			sums = append(sums, rateSum{rate: l.TaxRate})
			i = len(sums) - 1
		}
		sums[i].sum = sums[i].sum.Add(l.Total())
	}
	tax := NewMoney(decimal.Zero, b.currency)
	for _, s := range sums {
		tax = tax.Add(TaxIncluded(s.sum, s.rate))
	}
	return tax
}

// Items counts the pieces; what is weighed counts as one.
func (b Basket) Items() decimal.Decimal {
	items := decimal.Zero
	for _, l := range b.lines {
		if l.Unit == UnitEach && l.Qty.IsInteger() {
			items = items.Add(l.Qty)
			continue
		}
		items = items.Add(decimal.New(1, 0))
	}
	return items
}

// LineItems gives the lines as the API wants them; their prices add up to Total.
func (b Basket) LineItems() []LineItem {
	items := make([]LineItem, 0, len(b.lines))
	for _, l := range b.lines {
		items = append(items, l.LineItem())
	}
	return items
}

func checkQty(qty decimal.Decimal) error {
	switch {
	case qty.Sign() <= 0:
		return invalidQty(qty, "it must be more than zero")
	case qty.GreaterThan(maxQty):
		return invalidQty(qty, "it must be at most 9999; a long number looks like a barcode")
	case !qty.Equal(qty.Truncate(qtyDecimals)):
		return invalidQty(qty, "it may have at most three decimals")
	}
	return nil
}

func invalidQty(qty decimal.Decimal, why string) error {
	return &InputError{Code: CodeInvalidQuantity, Problem: fmt.Sprintf("%s is not a quantity here", qty), Remedy: why}
}
