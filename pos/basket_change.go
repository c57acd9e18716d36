package pos

import (
	"time"

	"github.com/shopspring/decimal"
)

// Change is one thing that happened to a basket and must survive. A basket is its
// changes applied in order (ReplayBasket), as an operation is its facts. Changes are
// values; their names and the JSON they are kept in are fixed for ever, and what an
// older version wrote stays readable.
type Change interface {
	// ChangeName is the name that the record stores.
	ChangeName() string
}

// BasketEntry is a change with its place in the basket's life, when it was made, by
// the till's clock, and by whom.
type BasketEntry struct {
	// N is 1 for a basket's first entry and one more for each that follows.
	N  int
	At time.Time
	// By is the operator's id; empty when nobody has signed on.
	By     string
	Change Change
}

// BasketStarted is a basket's first change.
type BasketStarted struct {
	Currency string `json:"currency"`
	Till     string `json:"till,omitempty"`
}

// LineAdded says that something was rung up on a line of its own.
type LineAdded struct {
	ID         int             `json:"id"`
	Name       string          `json:"name"`
	SKU        string          `json:"sku,omitempty"`
	GTIN       string          `json:"gtin,omitempty"`
	Unit       Unit            `json:"unit"`
	Each       Money           `json:"each"` // for one unit, tax included
	Qty        decimal.Decimal `json:"qty"`
	TaxRate    decimal.Decimal `json:"taxRate"` // percent
	Restricted bool            `json:"restricted,omitempty"`
	Department string          `json:"department,omitempty"`
	// Classification is the product's place in a catalogue standard.
	Classification *Classification `json:"classification,omitempty"`
}

// QtySet says that a line's quantity was changed, by hand or by ringing up more.
type QtySet struct {
	ID  int             `json:"id"`
	Qty decimal.Decimal `json:"qty"`
}

// LineRemoved says that a line was taken off.
type LineRemoved struct {
	ID     int    `json:"id"`
	Reason string `json:"reason,omitempty"`
}

// BasketCleared says that everything was taken off at once.
type BasketCleared struct {
	Reason string `json:"reason,omitempty"`
}

// LineDiscounted says what is taken off a line's price; nothing any more when there
// is no discount.
type LineDiscounted struct {
	ID       int       `json:"id"`
	Discount *Discount `json:"discount,omitempty"`
}

// PriceSet says that a line's price was changed by hand.
type PriceSet struct {
	ID         int    `json:"id"`
	Each       Money  `json:"each"`
	Reason     string `json:"reason"`
	ApprovedBy string `json:"approvedBy,omitempty"`
}

// TaxRateSet says that a line is taxed at another rate.
type TaxRateSet struct {
	ID      int             `json:"id"`
	TaxRate decimal.Decimal `json:"taxRate"` // percent
}

// LineNoted says what was noted on a line; an empty note takes it away.
type LineNoted struct {
	ID   int    `json:"id"`
	Note string `json:"note"`
}

// BasketDiscounted says that something is taken off the whole basket, on top of
// what was before.
type BasketDiscounted struct {
	ID       int      `json:"id"` // among the basket's discounts
	Discount Discount `json:"discount"`
}

// BasketDiscountRemoved says that a discount of the whole basket was taken away.
type BasketDiscountRemoved struct {
	ID int `json:"id"`
}

// SaleNoted says what was noted on the sale; an empty note takes it away.
type SaleNoted struct {
	Note string `json:"note"`
}

// CustomerSet says who the customer is, by a reference of the shop's own; an empty
// one takes it away.
type CustomerSet struct {
	Ref string `json:"ref"`
}

// Undone says that the latest change that was not undone yet was taken back.
type Undone struct {
	// Entry is the number of that change's entry.
	Entry int `json:"entry"`
}

// BasketHeld says that the basket was put aside.
type BasketHeld struct {
	Name string `json:"name"`
}

// BasketRecalled says that a basket which was put aside was taken up again.
type BasketRecalled struct {
	Till string `json:"till,omitempty"`
}

// BasketDiscarded says that the basket was thrown away unpaid.
type BasketDiscarded struct {
	Reason string `json:"reason,omitempty"`
}

// PaymentAsked says that a part or all of the basket is about to be asked for from
// the customer through Centrapay: the basket's own intent, durable before the sale
// is begun. By the reference the operation is found in the ledger after a crash.
type PaymentAsked struct {
	Ref    string `json:"ref"` // the sale's external reference
	Amount Money  `json:"amount"`
}

// PaymentEnded says that nothing was taken of what was asked for, and nothing will be.
type PaymentEnded struct {
	Ref     string  `json:"ref"`
	Outcome Outcome `json:"outcome"`
}

// Tendered says that a part or all of the basket was paid. It also ends the payment
// that was asked for under its reference.
type Tendered struct {
	Part PartPaid `json:"part"`
}

// TenderReturned says that what a tender had paid was given back.
type TenderReturned struct {
	ID     int    `json:"id"` // of the tender
	Reason string `json:"reason,omitempty"`
}

// BasketSold says that nothing is left to pay and the sale is done.
type BasketSold struct {
	Total Money `json:"total"`
}

// ChangeName implements Change.
func (BasketStarted) ChangeName() string { return "basket-started" }

// ChangeName implements Change.
func (LineAdded) ChangeName() string { return "line-added" }

// ChangeName implements Change.
func (QtySet) ChangeName() string { return "qty-set" }

// ChangeName implements Change.
func (LineRemoved) ChangeName() string { return "line-removed" }

// ChangeName implements Change.
func (BasketCleared) ChangeName() string { return "basket-cleared" }

// ChangeName implements Change.
func (LineDiscounted) ChangeName() string { return "line-discounted" }

// ChangeName implements Change.
func (PriceSet) ChangeName() string { return "price-set" }

// ChangeName implements Change.
func (TaxRateSet) ChangeName() string { return "tax-rate-set" }

// ChangeName implements Change.
func (LineNoted) ChangeName() string { return "line-noted" }

// ChangeName implements Change.
func (BasketDiscounted) ChangeName() string { return "basket-discounted" }

// ChangeName implements Change.
func (BasketDiscountRemoved) ChangeName() string { return "basket-discount-removed" }

// ChangeName implements Change.
func (SaleNoted) ChangeName() string { return "sale-noted" }

// ChangeName implements Change.
func (CustomerSet) ChangeName() string { return "customer-set" }

// ChangeName implements Change.
func (Undone) ChangeName() string { return "undone" }

// ChangeName implements Change.
func (BasketHeld) ChangeName() string { return "basket-held" }

// ChangeName implements Change.
func (BasketRecalled) ChangeName() string { return "basket-recalled" }

// ChangeName implements Change.
func (BasketDiscarded) ChangeName() string { return "basket-discarded" }

// ChangeName implements Change.
func (PaymentAsked) ChangeName() string { return "payment-asked" }

// ChangeName implements Change.
func (PaymentEnded) ChangeName() string { return "payment-ended" }

// ChangeName implements Change.
func (Tendered) ChangeName() string { return "tendered" }

// ChangeName implements Change.
func (TenderReturned) ChangeName() string { return "tender-returned" }

// ChangeName implements Change.
func (BasketSold) ChangeName() string { return "basket-sold" }
