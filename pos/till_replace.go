package pos

import (
	"context"
	"fmt"
)

// PaidError says that a sale was not replaced by another, since the customer has
// paid it. Nothing else was begun.
type PaidError struct {
	Op     OpID
	Record Record
}

// Error says what happened and what to do.
func (e *PaidError) Error() string {
	return fmt.Sprintf("the payment of %s came in before it could be changed; nothing else was asked for. Take it, or refund it and ask again",
		e.Record.Amount().Format())
}

// NotVoidError says that a sale was not replaced by another, since it is not known
// whether the customer can still pay it. Nothing else was begun.
type NotVoidError struct{ Op OpID }

// Error says what happened and what to do.
func (e *NotVoidError) Error() string {
	return "it is not known yet whether the payment that is open was stopped, so that no other was asked for; do not charge again until it is"
}

// Replace ends a sale and begins another in its place, as when the basket or the
// amount is changed while the customer is being asked. The new one is not begun
// before nobody can pay the old one any more, so that the same basket is never
// payable twice: it waits for that until the context ends. The new sale's record
// names the one it stands in for (Sale.Replaces), which goes on being looked at
// (Record.Doubtful): should a payment that was in flight land on it all the same,
// NextLate tells, and the one or the other is to be refunded.
//
// The error is that of Sell, and the old sale is not touched where the new one
// cannot be; a PaidError when the customer was faster; or a NotVoidError. The old
// sale is being stopped then.
func (t *Till) Replace(ctx context.Context, old *Operation, sale Sale) (*Operation, error) {
	sale = t.filled(sale)
	if err := sale.Check(); err != nil {
		return nil, err
	}
	old.Stop(WhyReplaced)
	over := old.Ended()
	if !old.State().Record.Sale.showsCode() {
		over = old.Closed() // what was made from a barcode can be paid without being shown
	}
	select {
	case <-over:
	case <-ctx.Done():
	}
	rec := old.State().Record
	switch {
	case rec.Outcome.Successful():
		return nil, &PaidError{Op: old.id, Record: rec}
	case rec.Outcome == OutcomeOpen || !rec.Sale.showsCode() && !rec.Closed():
		return nil, &NotVoidError{Op: old.id}
	}
	sale.Replaces = old.id
	return t.Sell(ctx, sale)
}

// filled gives a sale with a reference and an expiry.
func (t *Till) filled(sale Sale) Sale {
	if sale.ExternalRef == "" {
		sale.ExternalRef = t.NewRef(sale.Origin.TerminalID)
	}
	t.mu.Lock()
	sale.RefGiven = !t.minted[sale.ExternalRef]
	delete(t.minted, sale.ExternalRef)
	t.mu.Unlock()
	if sale.Expiry == 0 {
		sale.Expiry = DefaultExpiry
	}
	return sale
}
