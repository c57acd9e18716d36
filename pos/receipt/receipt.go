package receipt

import (
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/pos"
)

// Kind is what a receipt is about.
type Kind string

// The kinds.
const (
	KindSale   Kind = "sale"
	KindRefund Kind = "refund"
	KindVoid   Kind = "void"
)

// Shop is who sells.
type Shop struct {
	Name string
	// Lines follow the name: the address, how to reach the shop.
	Lines []string
	// GSTNumber is as it is to be printed; empty for who is not registered.
	GSTNumber string
	// Footer stands at the end: thanks, opening hours, how to bring goods back.
	Footer []string
}

// Item is something that was sold or brought back.
type Item struct {
	Name string
	// Quantity is how much of it and at what price, such as "2 x 5.50" or
	// "0.425 kg x 32.00"; empty for one piece.
	Quantity string
	Note     string
	// Before is the amount ahead of the item's own discount, Discount what was taken
	// off, with Why; the zero Money where there is none.
	Before, Discount pos.Money
	Why              string
	Total            pos.Money
}

// Amount is a figure with a name.
type Amount struct {
	Name  string
	Value pos.Money
}

// Part is how a part was paid, or given back.
type Part struct {
	Amount
	// Details follow it: cash given, what was bought with a token.
	Details []Amount
	// ShortCode is Centrapay's, by which the payment is found again.
	ShortCode string
}

// Receipt is all there is to print.
type Receipt struct {
	Kind     Kind
	Training bool
	// Copy is 0 for the first print, and counts the copies after it.
	Copy int

	Shop           Shop
	Till, Operator string
	Number         string // of the sale at this shop
	At             time.Time
	Buyer          []string // who bought: name, and a way to find them; may be empty

	// Of says what a refund or a void is about: the number or short code of the sale.
	Of     string
	Reason string

	Items     []Item
	Discounts []Amount // of the whole sale, with what they take off as less than zero
	Total     pos.Money
	Taxes     []pos.TaxSum
	Parts     []Part
	Rounding  pos.Money // of cash; positive is for the shop
	Change    pos.Money
	Left      pos.Money // still to be paid; zero when nothing is
	Over      pos.Money // paid beyond the total, to be given back; zero when nothing is
	Note      string
	Customer  string // the customer's reference
}

// Title is what the receipt calls itself.
func (r Receipt) Title() string {
	switch {
	case r.Kind == KindRefund:
		return "REFUND"
	case r.Kind == KindVoid:
		return "VOID - PAYMENT CANCELLED"
	case r.Shop.GSTNumber != "":
		return "TAX INVOICE"
	}
	return "RECEIPT"
}

// The amounts from which on more has to be on a receipt, in NZD (section 19F).
var (
	needsNumber = decimal.NewFromInt(200_00)
	needsBuyer  = decimal.NewFromInt(1000_00)
)

// Missing lists what the law wants on the receipt of a sale of this size and is not
// there, in words for staff.
func (r Receipt) Missing() []string {
	var missing []string
	if r.Total.Currency().Code != "NZD" || r.Kind != KindSale {
		return nil
	}
	if r.Shop.Name == "" {
		missing = append(missing, "the shop's name")
	}
	if r.Total.Minor().GreaterThan(needsNumber) && r.Shop.GSTNumber == "" && r.taxed() {
		missing = append(missing, "the shop's GST number, for more than $200")
	}
	if r.Total.Minor().GreaterThan(needsBuyer) && len(r.Buyer) < 2 && r.taxed() {
		missing = append(missing, "the customer's name and a way to find them (address, phone or e-mail), for more than $1,000")
	}
	return missing
}

func (r Receipt) taxed() bool {
	for _, t := range r.Taxes {
		if t.Tax.Sign() > 0 {
			return true
		}
	}
	return false
}

// Check adds the receipt up: what items come to less the discounts is the total, the
// parts and what is left settle it. A receipt that does not add up is a programming
// error; nothing of it should be printed.
func (r Receipt) Check() error {
	zero := pos.NewMoney(decimal.Zero, r.Total.Currency())
	sum := zero
	for _, item := range r.Items {
		if item.Discount.IsKnown() && !item.Before.Sub(item.Discount).Equal(item.Total) {
			return fmt.Errorf("%s: %s less %s is not %s", item.Name, item.Before, item.Discount, item.Total)
		}
		sum = sum.Add(item.Total)
	}
	for _, d := range r.Discounts {
		sum = sum.Add(d.Value)
	}
	if len(r.Items) > 0 && !sum.Equal(r.Total) {
		return fmt.Errorf("the items come to %s and the total is %s", sum, r.Total)
	}
	if len(r.Parts) == 0 {
		return errors.New("nothing says how it was paid")
	}
	paid := zero
	for _, p := range r.Parts {
		paid = paid.Add(p.Value)
	}
	if r.Left.IsKnown() {
		paid = paid.Add(r.Left)
	}
	if r.Over.IsKnown() {
		paid = paid.Sub(r.Over)
	}
	if !paid.Equal(r.Total) {
		return fmt.Errorf("what was paid and is left comes to %s, and the total is %s", paid, r.Total)
	}
	return nil
}
