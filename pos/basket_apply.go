package pos

import (
	"errors"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// applied gives the basket with one more entry. It refuses nothing that a version of
// the till once allowed: only what cannot be, such as a line that is not there.
func (b Basket) applied(e BasketEntry) (Basket, error) {
	start, first := e.Change.(BasketStarted)
	switch {
	case e.N != b.Entries()+1:
		return b, fmt.Errorf("it stands in place %d", b.Entries()+1)
	case first != (b.log == nil):
		return b, errors.New("a basket starts once, with its first entry")
	case first:
		return b.started(e, start)
	}
	next, err := b.changed(e)
	if err != nil {
		return b, err
	}
	next.log = &logged{entry: e, before: b.log}
	return next, nil
}

func (b Basket) started(e BasketEntry, start BasketStarted) (Basket, error) {
	currency, err := CurrencyOf(start.Currency)
	if err != nil {
		return b, err
	}
	b.currency, b.till, b.stage = currency, start.Till, StageSelling
	b.log = &logged{entry: e}
	b.began = &e
	return b, nil
}

// changed gives the basket as a change leaves it.
func (b Basket) changed(e BasketEntry) (Basket, error) {
	switch c := e.Change.(type) {
	case Undone:
		return b.undone(c)
	case BasketHeld:
		b.stage, b.name = StageHeld, c.Name
	case BasketRecalled:
		b.stage, b.till = StageSelling, c.Till
	case BasketDiscarded:
		b.stage = StageDiscarded
	case BasketSold:
		b.stage = StageSold
	case PaymentAsked:
		b.stage, b.pending = StagePaying, &c
		b.refs = append(slices.Clip(b.refs), c.Ref)
	case PaymentEnded:
		return b.endedPayment(c.Ref), nil
	case Tendered:
		return b.tendered(c.Part)
	case TenderReturned:
		return b.returned(c.ID)
	default:
		next, err := b.edited(e.Change)
		if err != nil {
			return b, err
		}
		return next.undoing(b.content, e.N), nil
	}
	return b, nil
}

// undoing gives the basket with a change that can be undone.
func (b Basket) undoing(to content, entry int) Basket {
	before := b.before
	if len(before) >= maxUndo {
		before = before[len(before)-maxUndo+1:]
	}
	b.before = append(slices.Clone(before), undoStep{to: &to, entry: entry})
	return b
}

func (b Basket) undone(c Undone) (Basket, error) {
	last := len(b.before) - 1
	if last < 0 || b.before[last].entry != c.Entry {
		return b, fmt.Errorf("entry %d is not the latest that could be undone", c.Entry)
	}
	b.content, b.before = *b.before[last].to, b.before[:last]
	return b, nil
}

// edited gives the basket with another content.
func (b Basket) edited(change Change) (Basket, error) {
	switch c := change.(type) {
	case LineAdded:
		return b.withAdded(c)
	case QtySet:
		return b.withLine(c.ID, func(l *BasketLine) { l.Qty = c.Qty })
	case LineRemoved:
		return b.withoutLine(c.ID)
	case BasketCleared:
		b.content = content{}
	case LineDiscounted:
		return b.withLine(c.ID, func(l *BasketLine) { l.Off = c.Discount })
	case PriceSet:
		if err := b.inCurrency(c.Each); err != nil {
			return b, err
		}
		return b.withLine(c.ID, c.set)
	case TaxRateSet:
		return b.withLine(c.ID, func(l *BasketLine) { l.TaxRate = c.TaxRate })
	case LineNoted:
		return b.withLine(c.ID, func(l *BasketLine) { l.Note = c.Note })
	case BasketDiscounted:
		b.discounts = append(slices.Clip(b.discounts), BasketDiscount{ID: c.ID, Discount: c.Discount})
		b.otherIDs = max(b.otherIDs, c.ID)
	case BasketDiscountRemoved:
		return b.withoutDiscount(c.ID)
	case SaleNoted:
		b.note = c.Note
	case CustomerSet:
		b.customer = c.Ref
	default:
		return b, errors.New("that is no change of a basket")
	}
	return b, nil
}

// inCurrency gives an error unless an amount is in the basket's currency.
func (b Basket) inCurrency(amount Money) error {
	if amount.Currency() != b.currency {
		return fmt.Errorf("an amount of it is in %q and not in %s", amount.Currency().Code, b.currency.Code)
	}
	return nil
}

// set changes a line's price. The price before is that of the catalogue, however
// often it was changed.
func (c PriceSet) set(l *BasketLine) {
	if !l.Was.IsKnown() {
		l.Was = l.Each
	}
	l.Each, l.PriceReason, l.PriceApprovedBy = c.Each, c.Reason, c.ApprovedBy
	if l.Each.Equal(l.Was) {
		l.Was, l.PriceReason, l.PriceApprovedBy = Money{}, "", ""
	}
}

func (b Basket) withAdded(c LineAdded) (Basket, error) {
	if c.ID <= b.lineIDs {
		return b, fmt.Errorf("line %d was there before", c.ID)
	}
	if err := b.inCurrency(c.Each); err != nil {
		return b, err
	}
	l := BasketLine{
		ID: c.ID, Name: c.Name, SKU: c.SKU, GTIN: c.GTIN, Unit: c.Unit, Each: c.Each, Qty: c.Qty,
		TaxRate: c.TaxRate, Restricted: c.Restricted, Department: c.Department, Classification: c.Classification,
	}.discounted()
	b.lineIDs = c.ID
	lines := make([]*BasketLine, len(b.lines)+1) // as long as it is: each version of the basket keeps its own
	copy(lines, b.lines)
	lines[len(b.lines)] = &l
	b.lines = lines
	b.sums = b.sums.plus(&l)
	return b, nil
}

// withLine gives the basket with one line changed.
func (b Basket) withLine(id int, change func(*BasketLine)) (Basket, error) {
	i := b.Index(id)
	if i < 0 {
		return b, fmt.Errorf("there is no line %d", id)
	}
	line := *b.lines[i]
	change(&line)
	line = line.discounted()
	b.sums = b.sums.minus(b.lines[i]).plus(&line)
	b.lines = slices.Clone(b.lines)
	b.lines[i] = &line
	return b, nil
}

func (b Basket) withoutLine(id int) (Basket, error) {
	i := b.Index(id)
	if i < 0 {
		return b, fmt.Errorf("there is no line %d", id)
	}
	b.sums = b.sums.minus(b.lines[i])
	b.lines = slices.Concat(b.lines[:i], b.lines[i+1:])
	return b, nil
}

func (b Basket) withoutDiscount(id int) (Basket, error) {
	i := slices.IndexFunc(b.discounts, func(d BasketDiscount) bool { return d.ID == id })
	if i < 0 {
		return b, fmt.Errorf("there is no discount %d", id)
	}
	b.discounts = slices.Concat(b.discounts[:i], b.discounts[i+1:])
	return b, nil
}

// endedPayment gives the basket with nothing asked for any more under a reference.
func (b Basket) endedPayment(ref string) Basket {
	if b.pending != nil && b.pending.Ref == ref {
		b.pending, b.stage = nil, StageSelling
	}
	return b
}

// tendered gives the basket with a part of it paid. What was changed before cannot be
// undone any more: the customer paid for the basket as it was then.
func (b Basket) tendered(part PartPaid) (Basket, error) {
	if part.ID <= b.otherIDs {
		return b, fmt.Errorf("tender %d was there before", part.ID)
	}
	for _, amount := range []Money{part.Amount, part.Rounding, part.Given, part.Change} {
		if err := b.inCurrency(amount); err != nil && amount.IsKnown() {
			return b, err
		}
	}
	b.otherIDs = part.ID
	b.tenders = append(slices.Clip(b.tenders), part)
	b.before = nil
	if part.Method == MethodCentrapay {
		b = b.endedPayment(part.Ref)
	}
	return b.relocked(), nil
}

func (b Basket) returned(id int) (Basket, error) {
	i := slices.IndexFunc(b.tenders, func(p PartPaid) bool { return p.ID == id })
	if i < 0 {
		return b, fmt.Errorf("there is no tender %d", id)
	}
	b.tenders = slices.Concat(b.tenders[:i], b.tenders[i+1:])
	b.before = nil
	return b.relocked(), nil
}

// relocked locks the lines that the tenders say, and no others.
func (b Basket) relocked() Basket {
	locked := map[int]bool{}
	for _, p := range b.tenders {
		for _, id := range p.Locked {
			locked[id] = true
		}
	}
	lines := slices.Clone(b.lines)
	for i, l := range lines {
		if l.Locked != locked[l.ID] {
			changed := *l
			changed.Locked = locked[l.ID]
			lines[i] = &changed
		}
	}
	b.lines = lines
	return b
}

// Paid is what was taken of the basket so far and not given back.
func (b Basket) Paid() Money {
	paid := NewMoney(decimal.Zero, b.currency)
	for _, p := range b.tenders {
		paid = paid.Add(p.Amount)
	}
	return paid
}
