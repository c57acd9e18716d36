package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"centrapos/pos"
)

const (
	selectBaskets           = "SELECT " + basketColumns + ", owner, first_seq, basket FROM baskets"
	selectOneBasket         = selectBaskets + " WHERE basket = ?"
	selectBasketsInProgress = selectBaskets + " WHERE stage IN ('selling', 'paying') AND till = ? ORDER BY first_seq"
	selectHeldBaskets       = selectBaskets + " WHERE stage = 'held' ORDER BY changed_at, first_seq"
	selectEndedBaskets      = selectBaskets + " WHERE stage IN ('sold', 'discarded') AND changed_at >= ? ORDER BY changed_at DESC, opened_at DESC LIMIT ?"
	selectBasketOf          = "SELECT op FROM entries WHERE name = 'payment-asked' AND json_extract(body, '$.change.ref') = ? ORDER BY seq LIMIT 1"
)

// basketLine is one row of the baskets table.
type basketLine struct {
	pos.BasketSummary
	lastSeq, firstSeq int64
	owner             string
}

// values are those of basketColumns, and the owner.
func (b basketLine) values() ([]any, error) {
	refs, err := json.Marshal(append([]string{}, b.Refs...))
	if err != nil {
		return nil, fault(ErrInvalid, "%w", err)
	}
	currency, total := minorText(b.Total)
	_, paid := minorText(b.Paid)
	return []any{
		b.Till, string(b.Stage), b.Name, b.Customer, b.Lines, currency, total, paid, timeText(b.OpenedAt), b.OpenedBy,
		timeText(b.ChangedAt), b.ChangedBy, string(refs), b.lastSeq, b.Entries, b.owner,
	}, nil
}

// minorText writes an amount as the tables keep it; one that is not known as nothing.
func minorText(m pos.Money) (currency, minor string) {
	if !m.IsKnown() {
		return "", ""
	}
	return m.Currency().Code, m.Minor().String()
}

// scan reads a row as selectBaskets gives it.
func (b *basketLine) scan(row interface{ Scan(...any) error }) error {
	var currency, total, paid, opened, changed, refs string
	err := row.Scan(&b.Till, &b.Stage, &b.Name, &b.Customer, &b.Lines, &currency, &total, &paid, &opened, &b.OpenedBy,
		&changed, &b.ChangedBy, &refs, &b.lastSeq, &b.Entries, &b.owner, &b.firstSeq, &b.ID)
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(refs), &b.Refs); err != nil {
		return fmt.Errorf("read the references: %w", err)
	}
	if len(b.Refs) == 0 {
		b.Refs = nil
	}
	if b.OpenedAt, err = parseTime(opened); err != nil {
		return err
	}
	if b.ChangedAt, err = parseTime(changed); err != nil {
		return err
	}
	if b.Total, err = moneyOf(currency, total); err != nil {
		return err
	}
	if paid != "" {
		b.Paid, err = moneyOf(currency, paid)
	}
	return err
}

// Baskets gives the till's baskets, in this ledger and owned by the same owner. It is
// made once: whoever saves through two at once has two memories, and no other harm.
func (l *Ledger) Baskets() *Baskets { return &Baskets{l: l} }

// Load gives a basket's entries in order; none for one that is not known.
func (b *Baskets) Load(ctx context.Context, id pos.BasketID) ([]pos.BasketEntry, error) {
	return b.l.BasketEntries(ctx, id)
}

// Held lists the baskets that were put aside, the one put aside longest ago first.
func (b *Baskets) Held(ctx context.Context) ([]pos.BasketSummary, error) {
	return b.l.HeldBaskets(ctx)
}

// Ended lists the baskets that were sold or thrown away at or after a time, the
// newest first, at most limit.
func (b *Baskets) Ended(ctx context.Context, since time.Time, limit int) ([]pos.BasketSummary, error) {
	return b.l.EndedBaskets(ctx, since, limit)
}

// BasketOf gives the basket that was to be paid under an external reference; empty
// when none was.
func (b *Baskets) BasketOf(ctx context.Context, externalRef string) (pos.BasketID, error) {
	return b.l.BasketOf(ctx, externalRef)
}

// BasketEntries gives a basket's entries in order, for pos.ReplayBasket and
// pos.TraceOf; none for one that is not known.
func (r *Reader) BasketEntries(ctx context.Context, id pos.BasketID) ([]pos.BasketEntry, error) {
	attempt := fmt.Sprintf("read the basket %s", id)
	rows, err := r.db.QueryContext(ctx, selectChanges, basketOp(id))
	if err != nil {
		return nil, r.explain(attempt, err)
	}
	entries, err := scanChanges(rows)
	return entries, r.explain(attempt, err)
}

// HeldBaskets lists the baskets that were put aside, the one put aside longest ago first.
func (r *Reader) HeldBaskets(ctx context.Context) ([]pos.BasketSummary, error) {
	lines, err := r.basketLines(ctx, selectHeldBaskets)
	return summaries(lines), r.explain("list the baskets that were put aside", err)
}

// EndedBaskets lists the baskets that were sold or thrown away at or after a time, the
// newest first, at most limit.
func (r *Reader) EndedBaskets(ctx context.Context, since time.Time, limit int) ([]pos.BasketSummary, error) {
	lines, err := r.basketLines(ctx, selectEndedBaskets, timeText(since), max(0, limit))
	return summaries(lines), r.explain("list baskets", err)
}

// BasketOf gives the basket that was to be paid under an external reference; empty
// when none was.
func (r *Reader) BasketOf(ctx context.Context, externalRef string) (pos.BasketID, error) {
	var op string
	err := r.db.QueryRowContext(ctx, selectBasketOf, externalRef).Scan(&op)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return pos.BasketID(strings.TrimPrefix(op, basketMark)), r.explain("find the basket of a payment", err)
}

// ClaimInProgress takes over the baskets of a till that are in progress and whose
// owner has ended, and lists them with this ledger's own, oldest first. Each is taken
// in a transaction of its own that checks its owner again, so that of two who claim at
// the same time each basket goes to one. With an error, what is listed has been claimed.
func (b *Baskets) ClaimInProgress(ctx context.Context, till string) ([]pos.BasketSummary, error) {
	const attempt = "take up the baskets of a till that has ended"
	lines, err := b.l.basketLines(ctx, selectBasketsInProgress, till)
	if err != nil {
		return nil, b.l.explain(attempt, err)
	}
	alive := map[string]bool{}
	var mine []basketLine
	for _, line := range lines {
		if line.owner != b.l.self.id {
			if _, asked := alive[line.owner]; !asked {
				alive[line.owner] = b.l.owners.alive(line.owner)
			}
			if alive[line.owner] {
				continue
			}
			taken, err := b.claim(ctx, &line)
			if err != nil {
				return summaries(mine), b.l.explain(attempt, err)
			}
			if !taken {
				continue
			}
		}
		mine = append(mine, line)
	}
	return summaries(mine), nil
}

// claim takes one basket from an owner that has ended, unless somebody else did or
// the owner put it aside at its very end, and reads its line again.
func (b *Baskets) claim(ctx context.Context, line *basketLine) (taken bool, err error) {
	err = b.l.write(ctx, func(ctx context.Context, c change) error {
		var one int
		err := c.queryRow(ctx, updateBasketOwner, b.l.self.id, string(line.ID), line.owner).Scan(&one)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		taken = err == nil
		return err
	}, func() {})
	if err != nil || !taken {
		return false, err
	}
	lines, err := b.l.basketLines(ctx, selectOneBasket, string(line.ID))
	if err == nil && len(lines) == 1 {
		*line = lines[0]
	}
	return true, err
}

func (r *Reader) basketLines(ctx context.Context, query string, args ...any) ([]basketLine, error) {
	rows, err := r.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return scanBaskets(rows)
}

// scanBaskets reads rows as selectBaskets gives them, and closes them.
func scanBaskets(rows *sql.Rows) ([]basketLine, error) {
	defer rows.Close()
	var lines []basketLine
	for rows.Next() {
		var line basketLine
		if err := line.scan(rows); err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, rows.Err()
}

func summaries(lines []basketLine) []pos.BasketSummary {
	var list []pos.BasketSummary
	for _, line := range lines {
		list = append(list, line.BasketSummary)
	}
	return list
}
