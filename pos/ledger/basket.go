package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"centrapos/pos"
)

// Baskets keeps the till's baskets in the ledger. It implements pos.Drafts.
type Baskets struct {
	l      *Ledger
	recent basketMemory
}

var _ pos.Drafts = (*Baskets)(nil)

// basketMark begins the op of every entry that is a basket's, and of no other.
const basketMark = "basket:"

func basketOp(id pos.BasketID) string { return basketMark + string(id) }

const (
	basketColumns = `till, stage, name, customer, lines, currency, total, paid, opened_at, opened_by, changed_at, changed_by, refs, last_seq, last_n`
	selectBasket  = `SELECT owner, last_n FROM baskets WHERE basket = ?`
	selectChanges = `SELECT n, name, at, body FROM entries WHERE op = ? ORDER BY n`
	insertBasket  = `INSERT INTO baskets (` + basketColumns + `, owner, first_seq, basket)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	updateBasket = `UPDATE baskets SET (` + basketColumns + `, owner) =
		(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE basket = ?`
	updateBasketOwner = `UPDATE baskets SET owner = ?1 WHERE basket = ?2 AND owner = ?3 AND stage IN ('selling', 'paying') RETURNING 1`
)

// changeBody is what a basket's entry says, as it is stored.
type changeBody struct {
	By     string          `json:"by,omitempty"`
	Change json.RawMessage `json:"change"`
}

// Save makes entries of one basket durable, all or none, as pos.Drafts says. They
// are links of the ledger's one chain. The line that lists show of the basket is
// worked out here from all its entries; the summary given is not relied on. What does
// not make a basket is refused with ErrInvalid, a new one with ErrDamaged where
// CheckAll has found the record damaged.
func (b *Baskets) Save(ctx context.Context, id pos.BasketID, entries []pos.BasketEntry, _ pos.BasketSummary) error {
	err := b.save(ctx, id, entries)
	return b.l.explain(fmt.Sprintf("write down the basket %s", id), err)
}

func (b *Baskets) save(ctx context.Context, id pos.BasketID, entries []pos.BasketEntry) error {
	if id == "" {
		return fault(ErrInvalid, "the basket has no id")
	}
	rows, err := encodeChanges(id, entries)
	if err != nil || len(rows) == 0 {
		return err
	}
	var kept keptBasket
	return b.l.write(ctx, func(ctx context.Context, c change) error {
		owner, err := b.standing(ctx, c, id, &kept)
		if err != nil {
			return err
		}
		fresh, fits := freshChanges(kept.entries, rows)
		switch {
		case !fits, len(fresh) > 0 && kept.basket.Stage().Ended():
			return &pos.DraftConflict{ID: id, Saved: len(kept.entries)}
		case len(fresh) == 0:
			return nil
		case owner != "" && owner != b.l.self.id:
			return &pos.DraftConflict{ID: id, Saved: len(kept.entries), Elsewhere: true}
		}
		return b.put(ctx, c, id, &kept, fresh)
	}, func() { b.recent.keep(id, kept) })
}

// put writes the entries that are new, and the line that all of them amount to.
func (b *Baskets) put(ctx context.Context, c change, id pos.BasketID, kept *keptBasket, fresh []*stored) error {
	opens := len(kept.entries) == 0
	if err := kept.extend(fresh); err != nil {
		return err
	}
	if opens {
		if err := b.l.damage.refuse(); err != nil {
			return err
		}
	}
	if err := c.lookAtEnd(ctx); err != nil {
		return err
	}
	if err := c.chain(ctx, fresh); err != nil {
		return err
	}
	line := basketLine{BasketSummary: kept.basket.Summary(id), lastSeq: fresh[len(fresh)-1].seq, firstSeq: fresh[0].seq}
	if line.Stage != pos.StageHeld && !line.Stage.Ended() {
		line.owner = b.l.self.id
	}
	values, err := line.values()
	if err != nil {
		return err
	}
	if opens {
		return c.exec(ctx, insertBasket, append(values, line.firstSeq, string(id))...)
	}
	return c.exec(ctx, updateBasket, append(values, string(id))...)
}

// standing gives whose a basket is, and what there is of it.
func (b *Baskets) standing(ctx context.Context, c change, id pos.BasketID, kept *keptBasket) (owner string, err error) {
	var last int
	err = c.queryRow(ctx, selectBasket, string(id)).Scan(&owner, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if known, all := b.recent.recall(id, last); all {
		*kept = known
		return owner, nil
	}
	rows, err := c.query(ctx, selectChanges, basketOp(id))
	if err != nil {
		return "", err
	}
	entries, err := scanChanges(rows)
	if err != nil {
		return "", err
	}
	if len(entries) != last {
		return "", fault(ErrDamaged, "the basket %s has %d entries and should have %d", id, len(entries), last)
	}
	if kept.basket, err = pos.ReplayBasket(entries); err != nil {
		return "", fault(ErrDamaged, "%w", err)
	}
	kept.entries = entries
	return owner, nil
}

// freshChanges gives the rows that are not there yet; false where they do not follow
// what is there, or differ from it.
func freshChanges(before []pos.BasketEntry, rows []*stored) ([]*stored, bool) {
	for i, row := range rows {
		if i > 0 && row.n != rows[i-1].n+1 {
			return nil, false
		}
		switch {
		case row.n == int64(len(before))+1:
			for k, next := range rows[i:] {
				if next.n != row.n+int64(k) {
					return nil, false
				}
			}
			return rows[i:], true
		case row.n < 1 || row.n > int64(len(before)) || !row.change.Same(before[row.n-1]):
			return nil, false
		}
	}
	return nil, true
}

// encodeChanges writes entries as rows, but for their places in the chain and links,
// and reads each back, as encode does.
func encodeChanges(id pos.BasketID, entries []pos.BasketEntry) ([]*stored, error) {
	rows := make([]*stored, 0, len(entries))
	for _, e := range entries {
		if e.Change == nil {
			return nil, fault(ErrInvalid, "an entry has no change")
		}
		content, err := pos.EncodeChange(e.Change)
		if err != nil {
			return nil, fault(ErrInvalid, "%w", err)
		}
		body, err := json.Marshal(changeBody{By: e.By, Change: content})
		if err != nil {
			return nil, fault(ErrInvalid, "%w", err)
		}
		row := &stored{op: basketOp(id), n: int64(e.N), name: e.Change.ChangeName(), at: timeText(e.At), body: string(body)}
		if row.change, err = row.decodeChange(); err != nil {
			return nil, fault(ErrInvalid, "%w", err)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// decodeChange reads a basket's entry back.
func (s *stored) decodeChange() (pos.BasketEntry, error) {
	at, err := parseTime(s.at)
	if err != nil {
		return pos.BasketEntry{}, err
	}
	var body changeBody
	if err := json.Unmarshal([]byte(s.body), &body); err != nil {
		return pos.BasketEntry{}, fmt.Errorf("read the change %q of a basket: %w", s.name, err)
	}
	content, err := pos.DecodeChange(s.name, body.Change)
	if err != nil {
		return pos.BasketEntry{}, err
	}
	return pos.BasketEntry{N: int(s.n), At: at, By: body.By, Change: content}, nil
}

// scanChanges reads rows of n, name, at and body, and closes them.
func scanChanges(rows *sql.Rows) ([]pos.BasketEntry, error) {
	defer rows.Close()
	var entries []pos.BasketEntry
	for rows.Next() {
		var s stored
		if err := rows.Scan(&s.n, &s.name, &s.at, &s.body); err != nil {
			return nil, err
		}
		entry, err := s.decodeChange()
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
	return entries, rows.Err()
}

// keptBasket is a basket with its entries, as the ledger would give them.
type keptBasket struct {
	entries []pos.BasketEntry
	basket  pos.Basket
}

func (k *keptBasket) extend(rows []*stored) (err error) {
	added := make([]pos.BasketEntry, 0, len(rows))
	for _, row := range rows {
		added = append(added, row.change)
	}
	if k.basket, err = k.basket.Extend(added); err != nil {
		return fault(ErrInvalid, "%w", err)
	}
	k.entries = append(k.entries, added...)
	return nil
}

// basketMemory keeps the baskets that this process changed last, as memory does for
// operations. A till has one in hand, and some that it put aside. It is never relied
// on: what is kept is either all there is or too short.
type basketMemory struct {
	mu    sync.Mutex
	order []pos.BasketID // the one used last is the last
	of    map[pos.BasketID]keptBasket
}

// remembered is how many baskets are kept.
const remembered = 8

// recall gives the basket if exactly n entries of it are kept.
func (m *basketMemory) recall(id pos.BasketID, n int) (keptBasket, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	kept := m.of[id]
	kept.entries = slices.Clip(kept.entries)
	return kept, len(kept.entries) == n
}

// keep replaces what is kept of the basket; once nothing is to follow, by nothing.
func (m *basketMemory) keep(id pos.BasketID, kept keptBasket) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.order = slices.DeleteFunc(m.order, func(other pos.BasketID) bool { return other == id })
	delete(m.of, id)
	if kept.basket.Stage().Ended() {
		return
	}
	if m.of == nil {
		m.of = map[pos.BasketID]keptBasket{}
	}
	if len(m.order) == remembered {
		delete(m.of, m.order[0])
		m.order = m.order[1:]
	}
	m.order, m.of[id] = append(m.order, id), kept
}
