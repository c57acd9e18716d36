package ui

import (
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"centrapos/pos"
)

// outcome is what an entry comes to. The preview says it and Enter does it: both are
// of the same outcome, so that the one is always what the other promised.
type outcome struct {
	// says is what it comes to, in words: "Flat white  2 x 5.50 = 11.00"; did is the
	// same in hindsight, when it is said otherwise.
	says, did string
	// refused is why nothing happens, in a sentence; empty when something does.
	refused string
	tone    tone
	// basket is what the basket becomes, and line the id of the line it is about.
	basket pos.Basket
	line   int
	// do is what is done instead, when it is not the basket that changes.
	do action
	// waits: the product list has to be asked first.
	waits bool
	// vague: it was scanned, and names nothing exactly; staff may choose.
	vague bool
}

func refuse(t tone, text string) outcome { return outcome{refused: sentence(text), tone: t} }

func refusedBy(err error) outcome { return refuse(toneWarn, err.Error()) }

// outcome works out what an entry comes to with the basket as it is. The answer is
// the product list's, nil while it has not been asked; choice is which product of it.
func (s saleScreen) outcome(e entry, answer *found, choice int) outcome {
	switch {
	case e.kind == entryInvalid:
		return refuse(toneWarn, e.problem)
	case e.kind == entryNothing:
		return refuse(toneWarn, "scan or type what to sell after the quantity")
	case e.kind == entryCommand:
		return s.commandOutcome(e)
	case s.frozen:
		return refuse(toneDanger, frozenText)
	case e.kind == entryCustomer:
		return s.customerOutcome(e)
	case e.kind == entryPrice:
		return s.openOutcome(e.qty, e.amount)
	case answer == nil:
		return outcome{waits: true}
	case answer.err != nil:
		return refuse(toneDanger, "the product list did not answer: try again, or type the price with cents")
	case answer.labelled:
		return s.labelOutcome(e, answer)
	case len(answer.products) > 0 && (answer.exact || !e.scanned):
		return s.productOutcome(e, answer.products[min(choice, len(answer.products)-1)])
	}
	return s.unknownOutcome(e, answer)
}

// unknownOutcome is of what no product has.
func (s saleScreen) unknownOutcome(e entry, answer *found) outcome {
	switch {
	case e.kind == entryNumber && !e.turned && !e.qty.IsInteger():
		return refuse(toneWarn, fmt.Sprintf("no product has the code %s, and %s of a typed price is not sold", e.text, e.qty))
	case e.kind == entryNumber:
		qty, each := e.threeAt()
		return s.openOutcome(qty, each)
	case e.kind == entryCode:
		return refuse(toneWarn, fmt.Sprintf("no product has the code %s: type its name or price", e.text))
	case e.scanned:
		o := refuse(toneWarn, fmt.Sprintf("no product has the code %q", e.text))
		o.vague = len(answer.products) > 0
		return o
	}
	return refuse(toneWarn, fmt.Sprintf("no product is called %q: try fewer letters, or type the price", e.text))
}

// openOutcome is of something at a typed price.
func (s saleScreen) openOutcome(qty decimal.Decimal, each pos.Money) outcome {
	basket, id, err := s.stamped().AddOpen(openPrice, each, qty, s.look.taxRate)
	if err != nil {
		return refusedBy(err)
	}
	o := outcome{did: describe(openPrice, qty, each, pos.UnitEach), basket: basket, line: id}
	if o.says = "open price " + amount(each); !qty.Equal(one) {
		o.says = qty.String() + " x " + amount(each) + " = " + amount(each.Times(qty))
	}
	return o
}

// productOutcome is of a quantity of a product.
func (s saleScreen) productOutcome(e entry, p pos.Product) outcome {
	if p.Unit == pos.UnitKg && !e.hasQty {
		return refuse(toneWarn, fmt.Sprintf("%s is sold by weight: weight first, such as 0.425*%s", p.Name, firstWord(p.Name)))
	}
	return s.addOutcome(p, e.qty)
}

func (s saleScreen) addOutcome(p pos.Product, qty decimal.Decimal) outcome {
	basket, id, err := s.stamped().AddProduct(p, qty)
	var input *pos.InputError
	switch {
	case p.Unit == pos.UnitEach && !qty.IsInteger() && errors.As(err, &input):
		return refuse(toneWarn, fmt.Sprintf("%s is sold by the piece, not %s of it", p.Name, qty))
	case err != nil:
		return refusedBy(err)
	}
	o := outcome{says: describe(p.Name, qty, p.Price, p.Unit), basket: basket, line: id}
	if p.Unit == pos.UnitEach && qty.Equal(one) {
		o.did, o.says = o.says, "product "+p.Name+" "+amount(p.Price)
	}
	return o
}

// labelOutcome is of a product whose barcode has its price or its weight in it.
func (s saleScreen) labelOutcome(e entry, answer *found) outcome {
	label := answer.label
	switch {
	case answer.labelErr != nil:
		return refusedBy(answer.labelErr)
	case len(answer.products) == 0:
		return refuse(toneWarn, fmt.Sprintf("no product has the item number %s that the label %s is of", label.Item, e.text))
	}
	p := answer.products[0]
	switch {
	case label.Price.IsKnown():
		// The label is what the customer was told: its price is charged to the cent,
		// also where no weight of whole grams comes to it.
		p.Unit, p.Price = pos.UnitEach, label.Price
		return s.addOutcome(p, e.qty)
	case p.Unit != pos.UnitKg:
		return refuse(toneWarn, fmt.Sprintf("the label is of %s kg, but %s is sold by the piece", label.Weight, p.Name))
	}
	return s.addOutcome(p, label.Weight.Mul(e.qty))
}

// customerOutcome is of a customer's code.
func (s saleScreen) customerOutcome(e entry) outcome {
	if s.basket.IsEmpty() {
		return refuse(toneWarn, nothingToPay)
	}
	return outcome{
		says: "take " + s.basket.Total().Format() + " by the customer's code", do: pay{barcode: e.text},
	}
}
