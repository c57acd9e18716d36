package pos

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// This file holds what may be done to a basket while things are rung up. What is
// refused is an InputError, and leaves the basket as it was.

// Limits of a basket: a quantity beyond them is a slip of the hand or a barcode
// in the wrong place.
var (
	maxQty = decimal.New(9999, 0)
	// qtyDecimals: scales in shops weigh to the gram.
	qtyDecimals int32 = 3
)

const (
	// maxLines is more than any trolley holds.
	maxLines = 5000
	// maxTextLength is how many characters a note, a name or a reason may have.
	maxTextLength = 200
	// barcodeDigits is from how many digits on a number is a barcode (GTIN-8).
	barcodeDigits = 8
)

// AddProduct rings up a quantity of a product. More of a product sold by the
// piece joins the line it is already on. It gives the line's id.
func (b Basket) AddProduct(p Product, qty decimal.Decimal) (Basket, int, error) {
	if p.Unit == UnitEach {
		if !qty.IsInteger() {
			return b, 0, invalidQty(qty, p.Name+" is sold by the piece")
		}
		for _, l := range b.lines {
			if l.isPieceOf(p) {
				if err := checkQty(qty); err != nil {
					return b, l.ID, err
				}
				changed, err := b.SetQty(l.ID, l.Qty.Add(qty))
				return changed, l.ID, err
			}
		}
	}
	return b.add(LineAdded{
		Name: p.Name, SKU: p.SKU, GTIN: p.GTIN, Unit: p.Unit, Each: p.Price, Qty: qty,
		TaxRate: p.TaxRate, Restricted: p.Restricted, Department: p.Department, Classification: p.Classification,
	})
}

// AddEmbedded rings up a product whose barcode has a price or a weight in it. A price
// is that of the pack: one piece at that price, which another pack of the same price
// joins. It gives the line's id.
func (b Basket) AddEmbedded(p Product, e Embedded) (Basket, int, error) {
	if e.Price.IsKnown() {
		p.Price, p.Unit = e.Price, UnitEach
		return b.AddProduct(p, one)
	}
	if p.Unit != UnitKg {
		return b, 0, invalidQty(e.Weight, p.Name+" is not sold by weight, and the barcode has one in it")
	}
	return b.AddProduct(p, e.Weight)
}

// AddOpen rings up something that is not in the catalogue, at a typed price. It
// gives the line's id.
func (b Basket) AddOpen(name string, each Money, qty, taxRate decimal.Decimal) (Basket, int, error) {
	return b.add(LineAdded{Name: name, Unit: UnitEach, Each: each, Qty: qty, TaxRate: taxRate})
}

func (b Basket) add(c LineAdded) (Basket, int, error) {
	if err := checkQty(c.Qty); err != nil {
		return b, 0, err
	}
	if err := checkTaxRate(c.TaxRate); err != nil {
		return b, 0, err
	}
	for _, amount := range []Money{c.Each, c.Each.Times(c.Qty)} {
		if err := amount.CheckPayable(); err != nil {
			return b, 0, err
		}
	}
	switch {
	case c.Each.Currency() != b.currency:
		return b, 0, &InputError{Code: CodeInvalidCurrency, Problem: "the price of " + c.Name + " is not in " + b.currency.Code,
			Remedy: "correct it in the product list"}
	case strings.TrimSpace(c.Name) == "":
		return b, 0, invalidText("there is no name", "say what it is")
	case b.Len() >= maxLines:
		return b, 0, &InputError{Code: CodeInvalidQuantity, Problem: fmt.Sprintf("the basket has %d lines", maxLines),
			Remedy: "take payment for these, and the rest as another sale"}
	}
	c.ID = b.lineIDs + 1
	changed, err := b.do(c)
	if err != nil {
		return b, 0, err
	}
	return changed, c.ID, nil
}

// SetQty changes a line's quantity. Zero is an error: taking a line off is Remove.
func (b Basket) SetQty(id int, qty decimal.Decimal) (Basket, error) {
	line, err := b.changeable(id)
	if err != nil {
		return b, err
	}
	if err := checkQty(qty); err != nil {
		return b, err
	}
	if line.Unit == UnitEach && line.SKU != "" && !qty.IsInteger() {
		return b, invalidQty(qty, line.Name+" is sold by the piece")
	}
	if err := line.Each.Times(qty).CheckPayable(); err != nil {
		return b, err
	}
	return b.do(QtySet{ID: id, Qty: qty})
}

// Remove takes a line off. The reason may be empty.
func (b Basket) Remove(id int, reason string) (Basket, error) {
	if _, err := b.changeable(id); err != nil {
		return b, err
	}
	if err := checkText("reason", reason, false); err != nil {
		return b, err
	}
	return b.do(LineRemoved{ID: id, Reason: reason})
}

// Clear empties the basket, in a way that Undo takes back; lines, discounts, notes
// and customer go. The reason may be empty.
func (b Basket) Clear(reason string) (Basket, error) {
	if err := checkText("reason", reason, false); err != nil {
		return b, err
	}
	for _, l := range b.lines {
		if l.Locked {
			return b, lineLocked(*l)
		}
	}
	if b.IsEmpty() && len(b.discounts) == 0 && b.note == "" && b.customer == "" {
		return b, nil
	}
	return b.do(BasketCleared{Reason: reason})
}

// Undo takes back the latest change that was not undone yet; it reports false when
// there is none, or when the basket cannot be changed as it stands (CanUndo). Up to
// 200 changes can be undone, but none that was made before a part was paid.
func (b Basket) Undo() (Basket, bool) {
	if !b.CanUndo() {
		return b, false
	}
	changed, err := b.do(Undone{Entry: b.before[len(b.before)-1].entry})
	return changed, err == nil
}

// SetPrice changes the price of one unit of a line, for a reason; approvedBy is the
// supervisor who allowed it, where one had to.
func (b Basket) SetPrice(id int, each Money, reason, approvedBy string) (Basket, error) {
	line, err := b.changeable(id)
	if err != nil {
		return b, err
	}
	if each.Currency() != b.currency {
		return b, &InputError{Code: CodeInvalidCurrency, Problem: "the price is not in " + b.currency.Code, Remedy: "give it in that"}
	}
	for _, amount := range []Money{each, each.Times(line.Qty)} {
		if err := amount.CheckPayable(); err != nil {
			return b, err
		}
	}
	if err := checkText("reason", reason, true); err != nil {
		return b, err
	}
	return b.do(PriceSet{ID: id, Each: each, Reason: reason, ApprovedBy: approvedBy})
}

// SetTaxRate changes the rate a line is taxed at, in percent. Its price stays.
func (b Basket) SetTaxRate(id int, rate decimal.Decimal) (Basket, error) {
	if _, err := b.changeable(id); err != nil {
		return b, err
	}
	if err := checkTaxRate(rate); err != nil {
		return b, err
	}
	return b.do(TaxRateSet{ID: id, TaxRate: rate})
}

// DiscountLine takes something off a line, in place of what was taken off it before.
func (b Basket) DiscountLine(id int, d Discount) (Basket, error) {
	line, err := b.changeable(id)
	if err != nil {
		return b, err
	}
	if err := d.check(line.Gross()); err != nil {
		return b, err
	}
	return b.do(LineDiscounted{ID: id, Discount: &d})
}

// UndiscountLine takes a line's discount away.
func (b Basket) UndiscountLine(id int) (Basket, error) {
	line, err := b.changeable(id)
	if err != nil || line.Off == nil {
		return b, err
	}
	return b.do(LineDiscounted{ID: id})
}

// DiscountAll takes something off the whole basket, of what the discounts before it
// leave (Discounts). It gives the discount's id.
func (b Basket) DiscountAll(d Discount) (Basket, int, error) {
	if b.IsEmpty() {
		return b, 0, emptyBasket()
	}
	if err := d.check(b.Total()); err != nil {
		return b, 0, err
	}
	c := BasketDiscounted{ID: b.otherIDs + 1, Discount: d}
	changed, err := b.do(c)
	if err != nil {
		return b, 0, err
	}
	return changed, c.ID, nil
}

// UndiscountAll takes a discount of the whole basket away.
func (b Basket) UndiscountAll(id int) (Basket, error) {
	for _, d := range b.discounts {
		if d.ID == id {
			return b.do(BasketDiscountRemoved{ID: id})
		}
	}
	return b, noSuchLine("the basket has no such discount")
}

// NoteLine notes something on a line; an empty note takes it away.
func (b Basket) NoteLine(id int, note string) (Basket, error) {
	if _, err := b.changeable(id); err != nil {
		return b, err
	}
	if err := checkText("note", note, false); err != nil {
		return b, err
	}
	return b.do(LineNoted{ID: id, Note: note})
}

// NoteSale notes something on the sale; an empty note takes it away.
func (b Basket) NoteSale(note string) (Basket, error) {
	if err := checkText("note", note, false); err != nil {
		return b, err
	}
	return b.do(SaleNoted{Note: note})
}

// SetCustomer says who is buying, by a reference of the shop's own; an empty one
// takes it away.
func (b Basket) SetCustomer(ref string) (Basket, error) {
	if err := checkText("customer's reference", ref, false); err != nil {
		return b, err
	}
	return b.do(CustomerSet{Ref: ref})
}

// do makes a change while things are rung up.
func (b Basket) do(c Change) (Basket, error) {
	if err := b.checkSelling(); err != nil {
		return b, err
	}
	next, err := b.record(c)
	if err == nil {
		err = b.checkTotal(next)
	}
	if err != nil {
		return b, err
	}
	return next, nil
}

// record makes a change, and starts the basket where it is the first.
func (b Basket) record(c Change) (Basket, error) {
	if b.log == nil {
		var err error
		if b, err = b.applied(b.entry(BasketStarted{Currency: b.currency.Code, Till: b.till})); err != nil {
			return b, err
		}
	}
	return b.applied(b.entry(c))
}

func (b Basket) entry(c Change) BasketEntry {
	return BasketEntry{N: b.Entries() + 1, At: b.stampTime, By: b.stampBy, Change: c}
}

// checkSelling gives an InputError unless things can be rung up.
func (b Basket) checkSelling() error {
	fixed := func(problem, remedy string) error {
		return &InputError{Code: CodeBasketFixed, Problem: problem, Remedy: remedy}
	}
	switch b.stage {
	case StagePaying:
		return fixed("it is not known yet whether this basket is paid", "wait for its payment to end, or stop it")
	case StageHeld:
		return fixed("this basket is put aside", "recall it first")
	case StageSold:
		return fixed("this basket is paid", "begin the next sale")
	case StageDiscarded:
		return fixed("this basket was thrown away", "begin the next sale")
	case StageSelling:
	}
	return nil
}

// checkTotal gives an InputError when a change makes the basket come to more than
// can be asked for, or to less than was paid of it.
func (b Basket) checkTotal(next Basket) error {
	before, after, paid := b.Total(), next.Total(), b.Paid()
	switch {
	case after.minor.GreaterThan(MaxAmount) && after.Cmp(before) > 0:
		return &InputError{Code: CodeInvalidAmount, Problem: "the basket would come to " + after.Format() + ", which is more than Centrapay takes in one payment",
			Remedy: "take payment for what is in it, and the rest as another sale"}
	case after.Cmp(paid) < 0 && after.Cmp(before) < 0:
		return &InputError{Code: CodeBasketFixed, Problem: paid.Format() + " of this basket is paid, and it would come to " + after.Format(),
			Remedy: "give back what was paid first"}
	}
	return nil
}

// changeable gives a line that can be changed.
func (b Basket) changeable(id int) (BasketLine, error) {
	line, there := b.Line(id)
	switch {
	case !there:
		return line, noSuchLine("the basket has no such line")
	case line.Locked:
		return line, lineLocked(line)
	}
	return line, b.checkSelling()
}

func lineLocked(l BasketLine) error {
	return &InputError{Code: CodeBasketFixed, Problem: l.Name + " is paid already", Remedy: "give back what paid for it first"}
}

func emptyBasket() error {
	return &InputError{Code: CodeBasketEmpty, Problem: "there is nothing in the basket", Remedy: "ring something up first"}
}

func checkQty(qty decimal.Decimal) error {
	switch {
	case qty.Sign() <= 0:
		return invalidQty(qty, "it must be more than zero")
	case qty.NumDigits()+int(qty.Exponent()) >= barcodeDigits:
		return invalidQty(qty, "a number that long looks like a barcode; scan it on an empty line")
	case qty.GreaterThan(maxQty):
		return invalidQty(qty, "it must be at most 9999")
	case !qty.Equal(qty.Truncate(qtyDecimals)):
		return invalidQty(qty, "it may have at most three decimals")
	}
	return nil
}

func invalidQty(qty decimal.Decimal, why string) error {
	return &InputError{Code: CodeInvalidQuantity, Problem: fmt.Sprintf("%.30s is not a quantity here", qty), Remedy: why}
}

// checkTaxRate gives an InputError unless the rate is 0 to 100 percent with at most
// two decimals.
func checkTaxRate(rate decimal.Decimal) error {
	if rate.Sign() < 0 || rate.GreaterThan(hundred) || !rate.Equal(rate.Truncate(2)) {
		return &InputError{Code: CodeInvalidTaxRate, Problem: fmt.Sprintf("%.20s %% is not a rate of tax", rate),
			Remedy: "give a percentage from 0 to 100, such as 15"}
	}
	return nil
}

// checkText gives an InputError for a text that is missing, too long or unreadable.
func checkText(what, text string, required bool) error {
	switch n := utf8.RuneCountInString(text); {
	case required && strings.TrimSpace(text) == "":
		return invalidText("there is no "+what, "give one")
	case n > maxTextLength:
		return invalidText(fmt.Sprintf("the %s has %d characters", what, n), fmt.Sprintf("give at most %d", maxTextLength))
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
		return invalidText("the "+what+" has characters that cannot be shown", "type it anew")
	}
	return nil
}

func invalidText(problem, remedy string) error {
	return &InputError{Code: CodeInvalidText, Problem: problem, Remedy: remedy}
}
