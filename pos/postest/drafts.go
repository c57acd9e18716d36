package postest

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"centrapos/pos"
)

// draftStore is what all processes share: the file.
type draftStore struct {
	mu      sync.Mutex
	baskets map[pos.BasketID]*draft
	order   []pos.BasketID
	living  map[*Drafts]bool
}

type draft struct {
	owner   *Drafts
	entries []pos.BasketEntry
	summary pos.BasketSummary
	saves   int
}

// Drafts is one process's handle on the baskets in memory. It implements pos.Drafts
// and is safe for concurrent use.
type Drafts struct {
	store *draftStore
	fail  error // of every save; guarded by store.mu
	// lost makes one save durable whose answer is then lost; guarded by store.mu
	lost error
}

// NewDrafts gives an empty record of baskets, held by one living process.
func NewDrafts() *Drafts {
	return (&draftStore{baskets: map[pos.BasketID]*draft{}, living: map[*Drafts]bool{}}).open()
}

func (s *draftStore) open() *Drafts {
	d := &Drafts{store: s}
	s.living[d] = true
	return d
}

// Second gives the handle of another living process on the same record.
func (d *Drafts) Second() *Drafts {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	return d.store.open()
}

// Restart declares this handle's process dead and gives the handle of the process
// that comes after it.
func (d *Drafts) Restart() *Drafts {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	delete(d.store.living, d)
	return d.store.open()
}

// Fail makes every save fail with err, storing nothing, until Fail(nil).
func (d *Drafts) Fail(err error) {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	d.fail = err
}

// LoseNext makes the next save durable and answers it with err.
func (d *Drafts) LoseNext(err error) {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	d.lost = err
}

// Saves counts the saves of a basket that stored something.
func (d *Drafts) Saves(id pos.BasketID) int {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	if b, there := d.store.baskets[id]; there {
		return b.saves
	}
	return 0
}

// Save implements pos.Drafts.
func (d *Drafts) Save(ctx context.Context, id pos.BasketID, entries []pos.BasketEntry, summary pos.BasketSummary) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	switch {
	case !d.store.living[d]:
		return ErrDead
	case d.fail != nil:
		return d.fail
	}
	kept, err := recoded(entries)
	if err != nil {
		return err
	}
	b, there := d.store.baskets[id]
	if !there {
		b = &draft{}
	}
	fresh, ok := b.fresh(kept)
	switch {
	case !ok:
		return &pos.DraftConflict{ID: id, Saved: len(b.entries)}
	case len(fresh) == 0:
		return nil
	case b.owner != nil && b.owner != d:
		return &pos.DraftConflict{ID: id, Saved: len(b.entries), Elsewhere: true}
	}
	if !there {
		d.store.baskets[id] = b
		d.store.order = append(d.store.order, id)
	}
	b.entries, b.summary, b.saves = append(b.entries, fresh...), summary, b.saves+1
	b.owner = d
	if summary.Stage == pos.StageHeld || summary.Stage.Ended() {
		b.owner = nil
	}
	err, d.lost = d.lost, nil
	return err
}

// fresh gives the entries that are not there yet; false where they do not follow
// what is there, or differ from it. Nothing follows an end.
func (b *draft) fresh(entries []pos.BasketEntry) ([]pos.BasketEntry, bool) {
	for i, e := range entries {
		switch n := len(b.entries); {
		case e.N > n:
			return entries[i:], e.N == n+1 && !b.summary.Stage.Ended() && inOrder(entries[i:])
		case e.N < 1 || !e.Same(b.entries[e.N-1]):
			return nil, false
		}
	}
	return nil, true
}

func inOrder(entries []pos.BasketEntry) bool {
	for i := 1; i < len(entries); i++ {
		if entries[i].N != entries[i-1].N+1 {
			return false
		}
	}
	return true
}

// recoded writes entries as a record does and reads them back, so that nothing is
// kept that a file would lose.
func recoded(entries []pos.BasketEntry) ([]pos.BasketEntry, error) {
	kept := slices.Clone(entries)
	for i, e := range entries {
		data, err := pos.EncodeChange(e.Change)
		if err != nil {
			return nil, err
		}
		if kept[i].Change, err = pos.DecodeChange(e.Change.ChangeName(), data); err != nil {
			return nil, err
		}
	}
	return kept, nil
}

// Load implements pos.Drafts.
func (d *Drafts) Load(ctx context.Context, id pos.BasketID) ([]pos.BasketEntry, error) {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	if b, there := d.store.baskets[id]; there {
		return slices.Clone(b.entries), ctx.Err()
	}
	return nil, ctx.Err()
}

// ClaimInProgress implements pos.Drafts.
func (d *Drafts) ClaimInProgress(ctx context.Context, till string) ([]pos.BasketSummary, error) {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	if !d.store.living[d] {
		return nil, ErrDead
	}
	return d.store.list(func(b *draft) bool {
		inProgress := b.summary.Stage == pos.StageSelling || b.summary.Stage == pos.StagePaying
		if b.summary.Till != till || !inProgress || d.store.living[b.owner] && b.owner != d {
			return false
		}
		b.owner = d
		return true
	}), ctx.Err()
}

// Held implements pos.Drafts.
func (d *Drafts) Held(ctx context.Context) ([]pos.BasketSummary, error) {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	held := d.store.list(func(b *draft) bool { return b.summary.Stage == pos.StageHeld })
	slices.SortStableFunc(held, func(a, b pos.BasketSummary) int { return a.ChangedAt.Compare(b.ChangedAt) })
	return held, ctx.Err()
}

// Ended implements pos.Drafts.
func (d *Drafts) Ended(ctx context.Context, since time.Time, limit int) ([]pos.BasketSummary, error) {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	ended := d.store.list(func(b *draft) bool { return b.summary.Stage.Ended() && !b.summary.ChangedAt.Before(since) })
	slices.SortStableFunc(ended, func(a, b pos.BasketSummary) int {
		return cmp.Or(b.ChangedAt.Compare(a.ChangedAt), b.OpenedAt.Compare(a.OpenedAt))
	})
	return ended[:min(max(0, limit), len(ended))], ctx.Err()
}

// BasketOf implements pos.Drafts.
func (d *Drafts) BasketOf(ctx context.Context, externalRef string) (pos.BasketID, error) {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	for _, id := range d.store.order {
		if slices.Contains(d.store.baskets[id].summary.Refs, externalRef) {
			return id, ctx.Err()
		}
	}
	return "", ctx.Err()
}

// list gives the summaries of the baskets that are meant, oldest first.
func (s *draftStore) list(meant func(*draft) bool) []pos.BasketSummary {
	var list []pos.BasketSummary
	for _, id := range s.order {
		if b := s.baskets[id]; meant(b) {
			list = append(list, b.summary)
		}
	}
	return list
}
