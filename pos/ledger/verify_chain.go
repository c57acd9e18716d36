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
	var entries []pos.Entry
	return v.groups(ctx, selectEntries+" WHERE op < 'basket:' OR op >= 'basket;' ORDER BY op, n", "payment", func(g *group, s *stored) {
		if g.first == s {
			entries = nil
		}
		entry, err := s.decode()
		if err != nil {
			v.found(s.seq, g.op, "cannot be understood: %v", err)
			g.unreadable = true
			return
		}
		if _, opens := entry.Fact.(pos.Opened); opens != (s.n == 1) {
			v.found(s.seq, g.op, "is %q as number %d: a payment begins with its intent, and only once", s.name, s.n)
		}
		entries = append(entries, entry)
	}, func(g *group) error {
		v.report.Operations++
		var line projection
		err := line.scan(lines.QueryRowContext(ctx, string(g.op)))
		if v.listedAs(ctx, g, "payments", err) {
			v.compare(g, line, entries)
		}
		return ctx.Err()
	})
}

// group is what has been read of one operation or basket so far.
type group struct {
	op          pos.OpID
	first, last *stored
	unreadable  bool // something is missing or cannot be read, so replay would say nothing
}

// groups reads the entries of a query, in the order of op and n, and checks their
// places. Each is given to one function, and each group to another once it is whole.
func (v *verification) groups(ctx context.Context, query, kind string, each func(*group, *stored), whole func(*group) error) error {
	var current group
	finish := func() error {
		if current.last == nil {
			return nil
		}
		return whole(&current)
	}
	err := v.each(ctx, query, func(rows *sql.Rows) error {
		var s stored
		if err := s.scan(rows); err != nil {
			return nil //nolint:nilerr // chain has reported it
		}
		if current.last == nil || current.op != pos.OpID(s.op) {
			if err := finish(); err != nil {
				return err
			}
			current = group{op: pos.OpID(s.op), first: &s}
		}
		v.place(&current, &s, kind)
		each(&current, &s)
		return nil
	})
	return errors.Join(err, finish())
}

// place checks that an entry is the next one of its operation or basket.
func (v *verification) place(g *group, s *stored, kind string) {
	n, seq := int64(0), int64(0)
	if g.last != nil {
		n, seq = g.last.n, g.last.seq
	}
	g.last = s
	switch {
	case s.n > n+1:
		v.found(s.seq, g.op, "is number %d of its %s but the one before it is number %d: some are missing", s.n, kind, n)
		g.unreadable = true
	case s.n <= n:
		v.found(s.seq, g.op, "is number %d of its %s a second time", s.n, kind)
		g.unreadable = true
	case s.seq <= seq:
		v.found(s.seq, g.op, "is number %d of its %s but stands before number %d", s.n, kind, n)
	}
}

// listedAs reports whether the line of a group could be read.
func (v *verification) listedAs(ctx context.Context, g *group, list string, err error) bool {
	switch {
	case errors.Is(err, sql.ErrNoRows):
		v.found(g.first.seq, g.op, "has entries but is not listed among the %s", list)
	case err != nil && ctx.Err() == nil:
		v.found(g.last.seq, g.op, "its line in the list of %s cannot be read: %v", list, err)
	}
	return err == nil
}

// counted checks what a line says of how many entries there are.
func (v *verification) counted(g *group, list string, lastN, firstSeq, lastSeq int64) {
	if lastN != g.last.n || lastSeq != g.last.seq || firstSeq != g.first.seq {
		v.found(g.last.seq, g.op, "the list of %s counts %d entries from %d to %d, but there are %d from %d to %d: entries were cut off or put in",
			list, lastN, firstSeq, lastSeq, g.last.n, g.first.seq, g.last.seq)
	}
}

// differ gives a function that compares what a line says with what its entries do.
func (v *verification) differ(g *group, list string) func(what, listed, is string) {
	return func(what, listed, is string) {
		if listed != is {
			v.found(g.last.seq, g.op, "the list of %s says %s %q, but the entries say %q", list, what, listed, is)
		}
	}
}

// compare holds the operation's line against what its entries amount to.
func (v *verification) compare(g *group, line projection, entries []pos.Entry) {
	v.counted(g, "payments", line.lastN, line.firstSeq, line.lastSeq)
	if g.unreadable {
		return
	}
	is := pos.Replay(entries).Summary(g.op)
	check := v.differ(g, "payments")
	check("last change", line.updatedAt, g.last.at)
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
	checkAmount(check, "amount", line.Amount, is.Amount)
}

func checkAmount(check func(what, listed, is string), what string, listed, is pos.Money) {
	if !listed.Equal(is) {
		check(what, amountText(listed), amountText(is))
	}
}

// unfounded finds operations and baskets that are listed but have no entries.
func (v *verification) unfounded(ctx context.Context) error {
	for list, query := range map[string]string{
		"payments": `SELECT first_seq, op, last_n FROM operations WHERE op NOT IN (SELECT op FROM entries) ORDER BY first_seq`,
		"baskets":  `SELECT first_seq, 'basket:' || basket, last_n FROM baskets WHERE 'basket:' || basket NOT IN (SELECT op FROM entries) ORDER BY first_seq`,
	} {
		err := v.each(ctx, query, func(rows *sql.Rows) error {
			var seq, n int64
			var op string
			if err := rows.Scan(&seq, &op, &n); err != nil {
				return err
			}
			v.found(seq, pos.OpID(op), "is listed among the %s with %d entries, but they are gone", list, n)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
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
