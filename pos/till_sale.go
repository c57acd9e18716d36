package pos

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// This file is what stands between a reference that somebody chose and a customer who
// is charged twice under it: whoever asks again, since the first answer was lost or read
// in haste, or by two processes at once, gets no second payment unseen.

// sellAs begins a sale under a reference that somebody chose. What other processes begin
// meanwhile is read before anything is written (Ledger.Open).
func (t *Till) sellAs(ctx context.Context, sale Sale) (*Operation, error) {
	if t.isClosed() {
		return nil, ErrTillClosed
	}
	for range mostConflicts {
		seen, err := t.ledger.SalesBy(ctx, t.service, sale.ExternalRef)
		if err != nil {
			return nil, &LedgerError{Err: err}
		}
		if sale.NotThese, err = t.besideEarlier(ctx, seen, sale); err != nil {
			return nil, err
		}
		op := newOperation(t.ids.NewOp(), t.payments, t.ledger)
		effects, err := op.beginUnless(ctx, Opened{Kind: KindSale, Service: t.service, Sale: &sale}, seen)
		if _, another := errors.AsType[*AlreadyOpened](err); another {
			continue
		}
		if err != nil {
			return nil, &LedgerError{Err: err}
		}
		return op, t.run(op, effects)
	}
	return nil, ErrElsewhere // others open one after the other under this reference
}

// besideEarlier gives the payment requests of the earlier sales under a reference, or
// the reason why no other may be begun.
func (t *Till) besideEarlier(ctx context.Context, seen []OpID, sale Sale) (requests []string, err error) {
	for _, id := range seen {
		entries, err := t.ledger.Entries(ctx, id)
		if err != nil {
			return nil, &LedgerError{Err: err}
		}
		rec := Replay(entries)
		if err := rec.allowsAnother(id, sale); err != nil {
			return nil, err
		}
		for _, req := range append(slices.Clone(rec.Strays), rec.Request) {
			if req.ID != "" && !slices.Contains(requests, req.ID) {
				requests = append(requests, req.ID)
			}
		}
	}
	return requests, nil
}

// allowsAnother says why no other sale is begun under the reference of this one; nil
// where it may. What was cancelled, ran out or was never made does not count.
func (r Record) allowsAnother(id OpID, sale Sale) error {
	lost := r.Unaccounted > 0 && !r.Sale.showsCode() // the customer may have it
	begun := r.OpenedAt.Local().Format(time.DateTime)
	switch {
	case r.Outcome == OutcomeOpen || lost && !r.Outcome.Successful():
		return &InputError{Code: CodeOutcomeUnknown,
			Problem: fmt.Sprintf("an earlier sale of %s with the reference %q, begun %s (%s), is not finished, so that the customer could pay twice",
				r.Sale.Amount.Format(), sale.ExternalRef, begun, id),
			Remedy: "let it finish, and find out how it ended before charging again"}
	case r.Outcome.Successful() && !sale.Again && r.Sale.Amount.Equal(sale.Amount):
		return &InputError{Code: CodeRepeatReference,
			Problem: fmt.Sprintf("%s was paid before with the reference %q, begun %s (%s)", r.Sale.Amount.Format(), sale.ExternalRef, begun, id),
			Remedy:  "give another reference, or none to have one made; where another payment of the same is meant, say so (--again)"}
	}
	return nil
}
