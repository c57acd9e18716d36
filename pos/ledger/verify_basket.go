package ledger

import (
	"context"
	"strconv"
	"strings"

	"centrapos/pos"
)

// baskets replays each basket and compares it with its line.
func (v *verification) baskets(ctx context.Context) error {
	lines, err := v.tx.PrepareContext(ctx, selectOneBasket)
	if err != nil {
		return err
	}
	defer lines.Close()
	var entries []pos.BasketEntry
	return v.groups(ctx, selectEntries+" WHERE op >= 'basket:' AND op < 'basket;' ORDER BY op, n", "basket", func(g *group, s *stored) {
		if g.first == s {
			entries = nil
		}
		entry, err := s.decodeChange()
		if err != nil {
			v.found(s.seq, g.op, "cannot be understood: %v", err)
			g.unreadable = true
			return
		}
		entries = append(entries, entry)
	}, func(g *group) error {
		v.report.Baskets++
		var line basketLine
		err := line.scan(lines.QueryRowContext(ctx, strings.TrimPrefix(string(g.op), basketMark)))
		if v.listedAs(ctx, g, "baskets", err) {
			v.compareBasket(g, line, entries)
		}
		return ctx.Err()
	})
}

// compareBasket holds the basket's line against what its entries amount to.
func (v *verification) compareBasket(g *group, line basketLine, entries []pos.BasketEntry) {
	v.counted(g, "baskets", int64(line.Entries), line.firstSeq, line.lastSeq)
	if g.unreadable {
		return
	}
	basket, err := pos.ReplayBasket(entries)
	if err != nil {
		v.found(g.last.seq, g.op, "its entries do not make a basket: %v", err)
		return
	}
	is := basket.Summary(line.ID)
	check := v.differ(g, "baskets")
	check("till", line.Till, is.Till)
	check("stage", string(line.Stage), string(is.Stage))
	check("name", line.Name, is.Name)
	check("customer", line.Customer, is.Customer)
	check("lines", strconv.Itoa(line.Lines), strconv.Itoa(is.Lines))
	check("opened", timeText(line.OpenedAt)+" "+line.OpenedBy, timeText(is.OpenedAt)+" "+is.OpenedBy)
	check("last change", timeText(line.ChangedAt)+" "+line.ChangedBy, timeText(is.ChangedAt)+" "+is.ChangedBy)
	check("references", strings.Join(line.Refs, " "), strings.Join(is.Refs, " "))
	checkAmount(check, "total", line.Total, is.Total)
	checkAmount(check, "paid", line.Paid, is.Paid)
}
