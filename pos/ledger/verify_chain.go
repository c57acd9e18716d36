package ledger

import (
	"bytes"
	"context"
	"database/sql"
	"errors"

	"centrapos/pos"
)

const selectEntries = "SELECT seq, op, n, name, at, body, prev_hash, hash FROM entries"

func (s *stored) scan(rows *sql.Rows) error {
	return rows.Scan(&s.seq, &s.op, &s.n, &s.name, &s.at, &s.body, &s.prevHash, &s.hash)
}

// chain checks the places and links of all entries, one at a time. Each link is
// held against the one stored before it, so that one change is one problem and
// not one for every entry behind it.
func (v *verification) chain(ctx context.Context) error {
	seq, hash := int64(0), genesis()
	err := v.each(ctx, selectEntries+" ORDER BY seq", func(rows *sql.Rows) error {
		var s stored
		if err := s.scan(rows); err != nil {
			v.found(s.seq, pos.OpID(s.op), "cannot be read: %v", err)
			return nil
		}
		op := pos.OpID(s.op)
		switch missing := s.seq - seq - 1; {
		case missing == 1:
			v.found(seq+1, "", "is missing")
		case missing > 1:
			v.found(seq+1, "", "and %d behind it are missing", missing-1)
		}
		if !bytes.Equal(s.prevHash, hash) {
			v.found(s.seq, op, "does not follow the entry before it: that one was changed, removed, put in or moved")
		}
		if !bytes.Equal(s.hash, s.link()) {
			v.found(s.seq, op, "was changed after it was written: its hash is not that of its content")
		}
		seq, hash = s.seq, s.hash
		v.report.Entries++
		return nil
	})
	v.report.Head = headOf(seq, hash)
	return err
}

// operations replays each operation and compares it with its line.
func (v *verification) operations(ctx context.Context) error {
	lines, err := v.tx.PrepareContext(ctx, findByOp)
	if err != nil {
		return err
	}
	defer lines.Close()
	var current operation
	finish := func() error {
		if current.last == nil {
			return nil
		}
		v.report.Operations++
		var line projection
		err := line.scan(lines.QueryRowContext(ctx, string(current.op)))
		switch {
		case errors.Is(err, sql.ErrNoRows):
			v.found(current.first.seq, current.op, "has entries but is not listed among the payments")
		case err != nil && ctx.Err() == nil:
			v.found(current.last.seq, current.op, "its line in the list of payments cannot be read: %v", err)
		case err != nil:
			return err
		default:
			v.compare(&current, line)
		}
		return nil
	}
	err = v.each(ctx, selectEntries+" ORDER BY op, n", func(rows *sql.Rows) error {
		var s stored
		if err := s.scan(rows); err != nil {
			return nil //nolint:nilerr // chain has reported it
		}
		if current.last == nil || current.op != pos.OpID(s.op) {
			if err := finish(); err != nil {
				return err
			}
			current = operation{op: pos.OpID(s.op), first: &s}
		}
		v.follow(&current, &s)
		return nil
	})
	return errors.Join(err, finish())
}

// operation is what has been read of one operation so far.
type operation struct {
	op          pos.OpID
	first, last *stored
	entries     []pos.Entry
	unreadable  bool // a fact is missing or cannot be read, so replay would say nothing
}

// follow takes one more entry of the operation.
func (v *verification) follow(o *operation, s *stored) {
	n, seq := int64(0), int64(0)
	if o.last != nil {
		n, seq = o.last.n, o.last.seq
	}
	o.last = s
	switch {
	case s.n > n+1:
		v.found(s.seq, o.op, "is number %d of its payment but the one before it is number %d: some are missing", s.n, n)
		o.unreadable = true
	case s.n <= n:
		v.found(s.seq, o.op, "is number %d of its payment a second time", s.n)
		o.unreadable = true
	case s.seq <= seq:
		v.found(s.seq, o.op, "is number %d of its payment but stands before number %d", s.n, n)
	}
	entry, err := s.decode()
	if err != nil {
		v.found(s.seq, o.op, "cannot be understood: %v", err)
		o.unreadable = true
		return
	}
	if _, opens := entry.Fact.(pos.Opened); opens != (s.n == 1) {
		v.found(s.seq, o.op, "is %q as number %d: a payment begins with its intent, and only once", s.name, s.n)
	}
	o.entries = append(o.entries, entry)
}

// compare holds the operation's line against what its entries amount to.
func (v *verification) compare(o *operation, line projection) {
	differs := func(what string, listed, is any) {
		v.found(o.last.seq, o.op, "the list of payments says %s %q, but the entries say %q", what, listed, is)
	}
	check := func(what string, listed, is string) {
		if listed != is {
			differs(what, listed, is)
		}
	}
	if line.lastN != o.last.n || line.lastSeq != o.last.seq || line.firstSeq != o.first.seq {
		v.found(o.last.seq, o.op, "the list of payments counts %d entries from %d to %d, but there are %d from %d to %d: entries were cut off or put in",
			line.lastN, line.firstSeq, line.lastSeq, o.last.n, o.first.seq, o.last.seq)
	}
	if o.unreadable {
		return
	}
	is := pos.Replay(o.entries).Summary(o.op)
	check("last change", line.updatedAt, o.last.at)
	check("kind", string(line.Kind), string(is.Kind))
	check("service", line.Service, is.Service)
	check("reference", line.ExternalRef, is.ExternalRef)
	check("payment request", line.RequestID, is.RequestID)
	check("short code", line.ShortCode, is.ShortCode)
	check("short code of its own", line.ActivityCode, is.ActivityCode)
	check("status", string(line.Status), string(is.Status))
	check("outcome", string(line.Outcome), string(is.Outcome))
	check("opened", timeText(line.OpenedAt), timeText(is.OpenedAt))
	check("finished", yesNo(line.Closed), yesNo(is.Closed))
	check("settled by hand", yesNo(line.ByHand), yesNo(is.ByHand))
	check("to be looked at again", yesNo(line.Doubtful), yesNo(is.Doubtful))
	if !line.Amount.Equal(is.Amount) {
		differs("amount", amountText(line.Amount), amountText(is.Amount))
	}
}

// unfounded finds operations that are listed but have no entries.
func (v *verification) unfounded(ctx context.Context) error {
	const query = `SELECT first_seq, op, last_n FROM operations WHERE op NOT IN (SELECT op FROM entries) ORDER BY first_seq`
	return v.each(ctx, query, func(rows *sql.Rows) error {
		var seq, n int64
		var op string
		if err := rows.Scan(&seq, &op, &n); err != nil {
			return err
		}
		v.found(seq, pos.OpID(op), "is listed among the payments with %d entries, but they are gone", n)
		return nil
	})
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func amountText(m pos.Money) string {
	if !m.IsKnown() {
		return "none"
	}
	return m.Format()
}
