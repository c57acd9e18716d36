package pos

import (
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// BasketLine is one line of a basket: some quantity of one thing at one price.
type BasketLine struct {
	// ID names the line within its basket for as long as the basket lives; lines
	// stand in the order of their ids.
	ID         int
	Name       string
	SKU, GTIN  string
	Unit       Unit
	Each       Money // price of one unit, tax included
	Qty        decimal.Decimal
	Discount   Money           // taken off the line, tax included, never negative
	TaxRate    decimal.Decimal // percent
	Restricted bool
	Department string
	// Classification is the product's place in a catalogue standard; never changed in place.
	Classification *Classification
	Note           string
	// Off is the discount that Discount comes of; nil without one. An amount stays
	// what was given while quantity and price change, and takes off what there is.
	Off *Discount
	// Was is the price of one unit before it was changed by hand, PriceReason why it
	// was, and PriceApprovedBy who allowed it; the zero Money when it was not changed.
	Was                          Money
	PriceReason, PriceApprovedBy string
	// Locked: an asset bought the line as it is.
	Locked bool
}

// Gross is the line's price before its discount: rounded half away from zero to the
// smallest unit, once for the line.
func (l BasketLine) Gross() Money { return l.Each.Times(l.Qty) }

// Total is what the customer pays for the line.
func (l BasketLine) Total() Money { return l.Gross().Sub(l.Discount) }

// QtyText is the quantity as it is shown: "2", or as a weight "0.425 kg".
func (l BasketLine) QtyText() string {
	if l.Unit == UnitKg {
		return l.Qty.StringFixed(qtyDecimals) + " kg"
	}
	return l.Qty.String()
}

// LineItem is the line as the API wants it: its price for the whole line, and
// the discount, for information, without tax.
func (l BasketLine) LineItem() LineItem {
	rate := l.TaxRate
	item := LineItem{
		Name: l.Name, Qty: l.Qty, Price: l.Total().Minor(), SKU: l.SKU, ProductID: l.GTIN,
		Tax: &rate, Restricted: l.Restricted, Classification: l.Classification,
	}
	if l.Discount.Sign() > 0 {
		discount := WithoutTax(l.Discount, l.TaxRate).Minor()
		item.Discount = &discount
	}
	return item
}

// isPieceOf reports whether one more piece of a product belongs on the line.
func (l BasketLine) isPieceOf(p Product) bool {
	return l.SKU == p.SKU && l.GTIN == p.GTIN && l.Unit == UnitEach && l.Name == p.Name &&
		!l.Locked && l.Off == nil && l.Note == "" && !l.Was.IsKnown() && l.Restricted == p.Restricted &&
		l.Each.Equal(p.Price) && l.TaxRate.Equal(p.TaxRate)
}

// discounted gives the line with its discount worked out anew.
func (l BasketLine) discounted() BasketLine {
	l.Discount = NewMoney(decimal.Zero, l.Each.Currency())
	if l.Off != nil {
		l.Discount = l.Off.Of(l.Gross())
	}
	return l
}

// maxUndo bounds how many changes of a basket can be undone. It is part of what an
// Undone in the record means, so it never changes.
const maxUndo = 200

// Basket is what a customer is buying. It is a value: every change gives a new
// basket and leaves the old one as it was. What it costs to change or to add up does
// not grow with its length in any way that could be noticed: the lines are shared
// between the values, and the sums are kept.
type Basket struct {
	content
	currency  Currency
	till      string
	stage     Stage
	name      string
	before    []undoStep // for undo, latest last
	tenders   []PartPaid
	pending   *PaymentAsked
	refs      []string
	lineIDs   int // ids of lines that were given
	otherIDs  int // ids of discounts and tenders that were given
	log       *logged
	began     *BasketEntry
	stampBy   string
	stampTime time.Time
}

// content is the part of a basket that undo brings back.
type content struct {
	lines     []*BasketLine // never changed in place, nor is what they point to
	sums      basketSums
	discounts []BasketDiscount
	note      string
	customer  string
}

type undoStep struct {
	to    *content
	entry int // the number of the entry that is undone
}

// logged is an entry with all before it. Baskets that come of one another share them.
type logged struct {
	entry  BasketEntry
	before *logged
}

// NewBasket gives an empty basket in a currency.
func NewBasket(currency Currency) Basket { return NewBasketAt(currency, "") }

// NewBasketAt gives an empty basket in a currency, begun at the till with a terminal id.
func NewBasketAt(currency Currency, till string) Basket {
	return Basket{currency: currency, till: till, stage: StageSelling}
}

// As says who makes the changes that follow, and when, by the till's clock. It is no
// change itself.
func (b Basket) As(operator string, at time.Time) Basket {
	b.stampBy, b.stampTime = operator, at
	return b
}

// Currency is what the basket's prices are in.
func (b Basket) Currency() Currency { return b.currency }

// Stage is where the basket is in its life.
func (b Basket) Stage() Stage { return b.stage }

// Name is what the basket was put aside under; empty when it never was.
func (b Basket) Name() string { return b.name }

// Note is what was noted on the sale.
func (b Basket) Note() string { return b.note }

// Customer is the reference of who is buying.
func (b Basket) Customer() string { return b.customer }

// Lines are the lines in the order they were rung up. All are copied: whoever needs
// some of a long basket asks for those (Len, At, Line).
func (b Basket) Lines() []BasketLine {
	lines := make([]BasketLine, len(b.lines))
	for i, l := range b.lines {
		lines[i] = *l
	}
	return lines
}

// All goes through the lines in the order they were rung up.
func (b Basket) All() iter.Seq2[int, BasketLine] {
	return func(yield func(int, BasketLine) bool) {
		for i, l := range b.lines {
			if !yield(i, *l) {
				return
			}
		}
	}
}

// Len is how many lines there are.
func (b Basket) Len() int { return len(b.lines) }

// At gives a line by its place, from 0 to Len less one.
func (b Basket) At(i int) BasketLine { return *b.lines[i] }

// IsEmpty reports whether there is nothing in the basket.
func (b Basket) IsEmpty() bool { return len(b.lines) == 0 }

// Line gives the line with an id.
func (b Basket) Line(id int) (BasketLine, bool) {
	i := b.Index(id)
	if i < 0 {
		return BasketLine{}, false
	}
	return *b.lines[i], true
}

// Index gives the place of the line with an id; -1 when there is none.
func (b Basket) Index(id int) int {
	i, found := slices.BinarySearchFunc(b.lines, id, func(l *BasketLine, id int) int { return l.ID - id })
	if !found {
		return -1
	}
	return i
}

// CanUndo reports whether there is a change that Undo would take back.
func (b Basket) CanUndo() bool { return len(b.before) > 0 && b.stage == StageSelling }

// Entries is how many entries the basket has; 0 for one that nothing happened to yet.
func (b Basket) Entries() int {
	if b.log == nil {
		return 0
	}
	return b.log.entry.N
}

// EntriesSince gives the entries behind the first n, in order: what is to be saved
// once n are (Drafts.Save).
func (b Basket) EntriesSince(n int) []BasketEntry {
	var entries []BasketEntry
	for l := b.log; l != nil && l.entry.N > n; l = l.before {
		entries = append(entries, l.entry)
	}
	slices.Reverse(entries)
	return entries
}

// Summary is the basket's line for lists, under the id it is kept by.
func (b Basket) Summary(id BasketID) BasketSummary {
	s := BasketSummary{
		ID: id, Till: b.till, Stage: b.stage, Name: b.name, Customer: b.customer,
		Lines: b.Len(), Total: b.Total(), Paid: b.Paid(), Refs: slices.Clone(b.refs), Entries: b.Entries(),
	}
	if b.log != nil {
		s.OpenedAt, s.OpenedBy = b.began.At, b.began.By
		s.ChangedAt, s.ChangedBy = b.log.entry.At, b.log.entry.By
	}
	return s
}

// ReplayBasket gives the basket that entries, in order, amount to. Entries that do
// not fit one another are an error: guessing would change what happened.
func ReplayBasket(entries []BasketEntry) (Basket, error) {
	var b Basket
	for _, e := range entries {
		var err error
		if b, err = b.applied(e); err != nil {
			return Basket{}, fmt.Errorf("entry %d of a basket, %q: %w", e.N, e.Change.ChangeName(), err)
		}
	}
	return b, nil
}
