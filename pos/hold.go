package pos

import (
	"crypto/rand"
	"strings"
)

// NewBasket gives 80 random bits as 16 letters and digits.
func (RandomIDs) NewBasket() BasketID { return BasketID(strings.ToLower(rand.Text()[:16])) }

// Hold puts the basket aside under a name; without one, the customer's reference or
// the first line's name. It can be recalled with all that is in it, also what a part
// was paid with, and undo goes on where it was.
func (b Basket) Hold(name string) (Basket, error) {
	if err := b.checkSelling(); err != nil {
		return b, err
	}
	if b.IsEmpty() {
		return b, emptyBasket()
	}
	if err := checkText("name", name, false); err != nil {
		return b, err
	}
	if name = strings.TrimSpace(name); name == "" {
		name = b.customer
	}
	if name == "" {
		name = b.lines[0].Name
	}
	return b.record(BasketHeld{Name: name})
}

// Recall takes a basket up again that was put aside, at the till with a terminal id.
// Where another till recalled it meanwhile, saving that is refused (DraftConflict).
func (b Basket) Recall(till string) (Basket, error) {
	if b.stage != StageHeld {
		return b, &InputError{Code: CodeBasketFixed, Problem: "this basket is not put aside any more", Remedy: "look at the list again"}
	}
	return b.record(BasketRecalled{Till: till})
}

// Discard throws the basket away unpaid; it stays in the record with its trace. What
// was paid of it has to be given back first. The reason may be empty.
func (b Basket) Discard(reason string) (Basket, error) {
	if err := checkText("reason", reason, false); err != nil {
		return b, err
	}
	if b.stage != StageHeld {
		if err := b.checkSelling(); err != nil {
			return b, err
		}
	}
	if paid := b.Paid(); paid.Sign() > 0 {
		return b, &InputError{Code: CodeBasketFixed, Problem: paid.Format() + " of this basket is paid", Remedy: "give that back first"}
	}
	return b.record(BasketDiscarded{Reason: reason})
}
