package pos

import (
	"time"
)

// Trace is something that made a basket come to less than was rung up, or could have:
// what a shop wants to know of who took what off.
type Trace struct {
	// N is the number of the entry (BasketEntry.N).
	N  int
	At time.Time
	By string
	// What is the change's name (Change.ChangeName).
	What string
	// Lines are the lines it was about, as they were before: one, or all where the
	// whole basket was meant; none for a discount of the whole basket.
	Lines []BasketLine
	// Amount is by how much the total changed; below zero when it came to less.
	Amount             Money
	Reason, ApprovedBy string
}

// TraceOf gives the trace in a basket's entries, oldest first. Undoing is traced like
// what it undoes, so a line that was taken off and put back is there twice.
func TraceOf(entries []BasketEntry) ([]Trace, error) {
	var trace []Trace
	var b Basket
	for i, e := range entries {
		next, err := b.applied(e)
		if err != nil {
			_, err = ReplayBasket(entries[:i+1])
			return trace, err
		}
		if t, traced := traced(b, next, e); traced {
			trace = append(trace, t)
		}
		b = next
	}
	return trace, nil
}

// Trace gives the basket's own trace, oldest first.
func (b Basket) Trace() []Trace {
	trace, _ := TraceOf(b.EntriesSince(0)) // entries that made a basket make it again
	return trace
}

func traced(before, after Basket, e BasketEntry) (Trace, bool) {
	t := Trace{N: e.N, At: e.At, By: e.By, What: e.Change.ChangeName(), Amount: after.Total().Sub(before.Total())}
	line := func(id int) {
		if l, there := before.Line(id); there {
			t.Lines = []BasketLine{l}
		}
	}
	switch c := e.Change.(type) {
	case LineRemoved:
		t.Reason = c.Reason
		line(c.ID)
	case BasketCleared:
		t.Reason, t.Lines = c.Reason, before.Lines()
	case BasketDiscarded:
		t.Reason, t.Lines = c.Reason, before.Lines()
		t.Amount = before.Total().Neg()
	case QtySet:
		line(c.ID)
		return t, t.Amount.Sign() < 0
	case PriceSet:
		t.Reason, t.ApprovedBy = c.Reason, c.ApprovedBy
		line(c.ID)
	case LineDiscounted:
		if c.Discount != nil {
			t.Reason, t.ApprovedBy = c.Discount.Reason, c.Discount.ApprovedBy
		}
		line(c.ID)
	case BasketDiscounted:
		t.Reason, t.ApprovedBy = c.Discount.Reason, c.Discount.ApprovedBy
	case TaxRateSet:
		line(c.ID)
	case Undone:
		t.Lines = gone(before, after)
	case TenderReturned:
		t.Reason = c.Reason
	case BasketDiscountRemoved:
	default:
		return t, false
	}
	return t, true
}

// gone gives the lines of a basket that another does not have.
func gone(before, after Basket) []BasketLine {
	var lines []BasketLine
	for _, l := range before.lines {
		if after.Index(l.ID) < 0 {
			lines = append(lines, *l)
		}
	}
	return lines
}
