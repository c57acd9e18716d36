package ledger

import (
	"context"
	"fmt"
	"slices"

	"centrapos/pos"
)

// Open makes the intent of an operation on an earlier payment request durable, as
// Append does, if no other operation on the request has been opened than those seen, or
// the intent of a sale if no other sale with its reference has;
// with another the error is a *pos.AlreadyOpened. That is looked up inside the
// transaction that writes, so nobody can open one in between.
func (l *Ledger) Open(ctx context.Context, op pos.OpID, intent pos.Entry, summary pos.Summary, seen []pos.OpID) error {
	err := l.openUnlessOthers(ctx, op, intent, summary, seen)
	return l.explain(fmt.Sprintf("write down the payment %s", op), err)
}

func (l *Ledger) openUnlessOthers(ctx context.Context, op pos.OpID, intent pos.Entry, summary pos.Summary, seen []pos.OpID) error {
	rows, err := encode(op, []pos.Entry{intent})
	if err != nil {
		return err
	}
	var kept remembrance
	return l.write(ctx, func(ctx context.Context, c change) error {
		others, err := c.besides(ctx, summary)
		if err != nil {
			return err
		}
		for _, other := range others {
			if !slices.Contains(seen, other) {
				return &pos.AlreadyOpened{Op: other}
			}
		}
		kept, err = l.put(ctx, c, op, rows)
		return err
	}, func() { l.recent.keep(string(op), kept) })
}

// besides is Reader.SalesBy of a sale, and Reader.ActionsOn of all else, inside a
// transaction.
func (c change) besides(ctx context.Context, s pos.Summary) ([]pos.OpID, error) {
	query, key := findActions, s.RequestID
	if s.Kind == pos.KindSale {
		query, key = findSales, s.ExternalRef
	}
	rows, err := c.query(ctx, query, key, pos.ServiceFamily(s.Service))
	if err != nil {
		return nil, err
	}
	return scanOps(rows)
}
