package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"centrapos/pos"
)

// ClaimOrphans takes over the operations at a service that are not closed and
// whose owner has ended, and lists them oldest first. Those of running owners,
// and this ledger's own, are left alone. Each is taken in a transaction of its
// own that checks its owner again, so that of two who claim at the same time
// each operation goes to one. With an error, what is listed has been claimed all
// the same.
func (l *Ledger) ClaimOrphans(ctx context.Context, service string) ([]pos.OpID, error) {
	const attempt = "take over the payments that a till which has ended left unfinished"
	open, err := l.held(ctx, service)
	if err != nil {
		return nil, l.explain(attempt, err)
	}
	alive := map[string]bool{l.self.id: true}
	var claimed []pos.OpID
	for _, h := range open {
		if _, asked := alive[h.owner]; !asked {
			alive[h.owner] = l.owners.alive(h.owner)
		}
		if alive[h.owner] {
			continue
		}
		mine, err := l.claim(ctx, h.op, h.owner, false)
		if err != nil {
			return claimed, l.explain(attempt, err)
		}
		if mine {
			claimed = append(claimed, h.op)
		}
	}
	return claimed, nil
}

// ClaimDoubtful takes over the sales at a service that were opened at or after a
// time, have ended in doubt and whose owner has ended, and lists them with this
// ledger's own, oldest first. All else is as with ClaimOrphans.
func (l *Ledger) ClaimDoubtful(ctx context.Context, service string, since time.Time) ([]pos.OpID, error) {
	const attempt = "take over the sales that are to be looked at again"
	ended, err := l.holdings(ctx, selectDoubtful, service, timeText(since))
	if err != nil {
		return nil, l.explain(attempt, err)
	}
	alive := map[string]bool{}
	var claimed []pos.OpID
	for _, h := range ended {
		mine := h.owner == l.self.id
		if _, asked := alive[h.owner]; !asked && !mine {
			alive[h.owner] = l.owners.alive(h.owner)
		}
		if !mine && !alive[h.owner] {
			if mine, err = l.claim(ctx, h.op, h.owner, true); err != nil {
				return claimed, l.explain(attempt, err)
			}
		}
		if mine {
			claimed = append(claimed, h.op)
		}
	}
	return claimed, nil
}

// Claim takes over one operation from an owner that has ended. It reports whether
// the operation is this ledger's: one of a running owner is not, nor one that
// there is not, nor one that is closed unless it was this ledger's before.
func (l *Ledger) Claim(ctx context.Context, op pos.OpID) (mine bool, err error) {
	attempt := fmt.Sprintf("take over the payment %s", op)
	var holder string
	err = l.Reader.db.QueryRowContext(ctx, "SELECT owner FROM operations WHERE op = ?", string(op)).Scan(&holder)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, l.explain(attempt, err)
	case holder == l.self.id:
		return true, nil
	case l.owners.alive(holder):
		return false, nil
	}
	mine, err = l.claim(ctx, op, holder, false)
	return mine, l.explain(attempt, err)
}

// holding says in whose hands an operation is.
type holding struct {
	op    pos.OpID
	owner string
}

// held gives the operations at a service that are not closed, oldest first. It
// reads nothing else of them, so that a line which cannot be shown is recovered
// none the less.
func (r *Reader) held(ctx context.Context, service string) ([]holding, error) {
	return r.holdings(ctx, "SELECT op, owner FROM operations WHERE closed = 0 AND service = ? ORDER BY first_seq", service)
}

const selectDoubtful = "SELECT op, owner FROM operations WHERE doubtful = 1 AND closed = 1 AND service = ? AND opened_at >= ? ORDER BY opened_at, first_seq"

func (r *Reader) holdings(ctx context.Context, query string, args ...any) ([]holding, error) {
	rows, err := r.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []holding
	for rows.Next() {
		var h holding
		if err := rows.Scan(&h.op, &h.owner); err != nil {
			return nil, err
		}
		list = append(list, h)
	}
	return list, rows.Err()
}

// claim takes one operation from an owner that has ended. That an owner has
// ended stays true for ever, so it needs no checking again; that the operation
// is still in its hands does, and that it is open, or has ended in doubt.
func (l *Ledger) claim(ctx context.Context, op pos.OpID, from string, ended bool) (mine bool, err error) {
	err = l.write(ctx, func(ctx context.Context, c change) error {
		var holder string
		var closed, doubtful bool
		if err := c.queryRow(ctx, selectOwnership, string(op)).Scan(&holder, &closed, &doubtful); err != nil {
			return err
		}
		if mine = holder == from && closed == ended && (!ended || doubtful); !mine {
			return nil
		}
		return c.exec(ctx, updateOwner, l.self.id, string(op))
	}, func() {})
	return mine && err == nil, err
}
