package ledger

import (
	"bytes"
	"context"
	"database/sql"
	"slices"
	"sync/atomic"
)

// checkedAtStart is how many entries at the end of the chain are checked when a
// ledger is opened: what a crash, a bad disk or a restored copy would have hurt.
const checkedAtStart = 256

// guarding are the triggers that every ledger has.
func guarding() []string {
	return []string{"entries_grow_at_the_end", "entries_never_change", "entries_never_go", "operations_never_go", "operations_only_advance",
		"baskets_never_go", "baskets_only_advance"}
}

// checkEnd looks, before anything is appended, whether the end of the chain is whole
// and the guards are there. It takes a millisecond; CheckAll checks everything.
func (l *Ledger) checkEnd(ctx context.Context) error {
	tx, err := l.Reader.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	v := &verification{tx: tx}
	if err := v.guarded(ctx); err != nil {
		return err
	}
	if err := v.end(ctx); err != nil {
		return err
	}
	if len(v.report.Problems) > 0 {
		return fault(ErrDamaged, "%s", v.report.Problems[0])
	}
	return nil
}

// guarded finds guards that are missing.
func (v *verification) guarded(ctx context.Context) error {
	missing := guarding()
	err := v.each(ctx, "SELECT name FROM sqlite_schema WHERE type = 'trigger'", func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		missing = slices.DeleteFunc(missing, func(guard string) bool { return guard == name })
		return err
	})
	for _, name := range missing {
		v.found(0, "", "%s, which guards the record, has been removed", name)
	}
	return err
}

// end checks the last entries of the chain, from the end backwards.
func (v *verification) end(ctx context.Context) error {
	var after *stored
	left := checkedAtStart
	err := v.each(ctx, selectEntries+" ORDER BY seq DESC LIMIT 257", func(rows *sql.Rows) error {
		s := &stored{}
		if err := s.scan(rows); err != nil {
			v.found(s.seq, "", "cannot be read: %v", err)
			return nil
		}
		v.follows(after, s)
		if after, left = s, left-1; left < 0 {
			return nil // only held against the one behind it
		}
		if !bytes.Equal(s.hash, s.link()) {
			v.found(s.seq, "", "was changed after it was written: its hash is not that of its content")
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := v.listed(ctx); err != nil || after == nil || after.seq > 1 {
		return err
	}
	if !bytes.Equal(after.prevHash, genesis()) {
		v.found(after.seq, "", "is not the beginning of a record")
	}
	return nil
}

// listed checks that no entries were cut off the end: the lines of payments and of
// baskets name their last ones.
func (v *verification) listed(ctx context.Context) error {
	var last, ofOperations, ofBaskets sql.NullInt64
	err := v.tx.QueryRowContext(ctx, `SELECT (SELECT max(seq) FROM entries), (SELECT max(last_seq) FROM operations),
		(SELECT max(last_seq) FROM baskets)`).Scan(&last, &ofOperations, &ofBaskets)
	if listed := max(ofOperations.Int64, ofBaskets.Int64); err == nil && last.Int64 != listed {
		v.found(listed, "", "is the last one that the lists of payments and baskets know, but the last one there is is %d", last.Int64)
	}
	return err
}

// follows checks that an entry stands right before another, or at the end.
func (v *verification) follows(after, s *stored) {
	switch {
	case after == nil:
	case after.seq != s.seq+1:
		v.found(s.seq+1, "", "is missing")
	case !bytes.Equal(after.prevHash, s.hash):
		v.found(after.seq, "", "does not follow the entry before it: that one was changed, removed, put in or moved")
	}
}

// CheckAll verifies the whole record, as Verify does. Where it is not sound, this
// ledger takes no new payments from then on: what Append is asked to begin is
// refused with ErrDamaged, while payments that have begun are still brought to
// their end. It is for the background of a till that sells; Open checks the end of
// the chain only.
func (l *Ledger) CheckAll(ctx context.Context) (Report, error) {
	report, err := l.Verify(ctx)
	if err == nil && !report.Sound() {
		l.damage.Store(&report.Problems[0])
	}
	return report, err
}

// damaged is what is known to be wrong with the record; nil while nothing is.
type damaged struct{ atomic.Pointer[Problem] }

// refuse gives the reason why no payment is begun any more.
func (d *damaged) refuse() error {
	if p := d.Load(); p != nil {
		return fault(ErrDamaged, "%s", p)
	}
	return nil
}
