package postest_test

import (
	"errors"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/pos"
	"centrapos/pos/postest"
)

// rungUp is a basket with a thing in it, begun at a till.
func rungUp(t *testing.T, till string, at time.Time) pos.Basket {
	t.Helper()
	b, _, err := pos.NewBasketAt(postest.NZD(0).Currency(), till).As("mia", at).
		AddOpen("Tea", postest.NZD(400), decimal.NewFromInt(1), decimal.NewFromInt(15))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// save saves what a record lacks of a basket.
func save(t *testing.T, d *postest.Drafts, id pos.BasketID, b pos.Basket, from int) {
	t.Helper()
	if err := d.Save(t.Context(), id, b.EntriesSince(from), b.Summary(id)); err != nil {
		t.Fatal(err)
	}
}

func conflict(err error) pos.DraftConflict {
	var c *pos.DraftConflict
	if !errors.As(err, &c) {
		return pos.DraftConflict{}
	}
	return *c
}

func TestDraftsKeepEntriesInOrder(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	d, b := postest.NewDrafts(), rungUp(t, "till-1", at)
	save(t, d, "A", b, 0)
	more, err := b.SetQty(1, decimal.NewFromInt(2))
	if err != nil {
		t.Fatal(err)
	}
	other, err := b.SetQty(1, decimal.NewFromInt(3))
	if err != nil {
		t.Fatal(err)
	}
	save(t, d, "A", more, b.Entries())
	save(t, d, "A", more, b.Entries()) // the same again, as when the answer was lost
	save(t, d, "A", more, 0)
	for name, entries := range map[string][]pos.BasketEntry{
		"another in its place": other.EntriesSince(b.Entries()),
		"a gap":                {{N: 5, Change: pos.SaleNoted{Note: "x"}}},
		"from nowhere":         {{N: 0, Change: pos.SaleNoted{Note: "x"}}},
	} {
		err := d.Save(t.Context(), "A", entries, more.Summary("A"))
		if c := conflict(err); c.ID != "A" || c.Saved != 3 || c.Elsewhere {
			t.Errorf("%s: %v", name, err)
		}
	}
	entries, err := d.Load(t.Context(), "A")
	if err != nil || len(entries) != 3 || d.Saves("A") != 2 {
		t.Errorf("%v, %v, %d saves", entries, err, d.Saves("A"))
	}
	if none, err := d.Load(t.Context(), "B"); err != nil || len(none) != 0 || d.Saves("B") != 0 {
		t.Errorf("%v, %v", none, err)
	}
}

func TestDraftsHaveOneOwner(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	first := postest.NewDrafts()
	second := first.Second()
	b := rungUp(t, "till-1", at)
	save(t, first, "A", b, 0)
	more, err := b.As("tama", at.Add(time.Minute)).SetQty(1, decimal.NewFromInt(2))
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Save(t.Context(), "A", more.EntriesSince(b.Entries()), more.Summary("A")); !conflict(err).Elsewhere {
		t.Errorf("another process wrote: %v", err)
	}
	claimed := func(d *postest.Drafts, till string) int {
		list, err := d.ClaimInProgress(t.Context(), till)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	if claimed(second, "till-1") != 0 || claimed(first, "till-1") != 1 || claimed(first, "till-2") != 0 {
		t.Error("a basket is in the wrong hands")
	}
	dead, first := first, first.Restart()
	if err := dead.Save(t.Context(), "A", more.EntriesSince(b.Entries()), more.Summary("A")); !errors.Is(err, postest.ErrDead) {
		t.Errorf("a dead process wrote: %v", err)
	}
	if claimed(first, "till-1") != 1 || claimed(second, "till-1") != 0 {
		t.Error("what a dead process left was not taken over once")
	}
	save(t, first, "A", more, b.Entries())
}

func TestDraftsAreHeldAndRecalledOnce(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	first := postest.NewDrafts()
	second := first.Second()
	b := rungUp(t, "till-1", at)
	held, err := b.Hold("table 4")
	if err != nil {
		t.Fatal(err)
	}
	save(t, first, "A", held, 0)
	list, err := second.Held(t.Context())
	if err != nil || len(list) != 1 || list[0].Name != "table 4" || !list[0].Total.Equal(postest.NZD(400)) {
		t.Fatalf("%+v, %v", list, err)
	}
	mine, err := held.Recall("till-2")
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := held.As("tama", at).Recall("till-1")
	if err != nil {
		t.Fatal(err)
	}
	save(t, second, "A", mine, held.Entries())
	if err := first.Save(t.Context(), "A", theirs.EntriesSince(held.Entries()), theirs.Summary("A")); conflict(err).Saved != 4 {
		t.Errorf("recalled twice: %v", err)
	}
	asked, err := mine.AskPayment("R1", postest.NZD(100))
	if err != nil {
		t.Fatal(err)
	}
	gone, err := asked.EndPayment("R1", pos.OutcomeExpired)
	if err != nil {
		t.Fatal(err)
	}
	if gone, err = gone.As("mia", at.Add(time.Hour)).Discard("left"); err != nil {
		t.Fatal(err)
	}
	save(t, second, "A", gone, mine.Entries())
	ended, err := second.Ended(t.Context(), at.Add(time.Hour), 5)
	if id, found := second.BasketOf(t.Context(), "R1"); err != nil || len(ended) != 1 || id != "A" || found != nil {
		t.Errorf("%+v, %v, %q", ended, err, id)
	}
	if later, err := second.Ended(t.Context(), at.Add(2*time.Hour), 5); err != nil || len(later) != 0 {
		t.Errorf("%+v, %v", later, err)
	}
	after := []pos.BasketEntry{{N: gone.Entries() + 1, Change: pos.SaleNoted{Note: "x"}}}
	if err := second.Save(t.Context(), "A", after, gone.Summary("A")); conflict(err).Saved != gone.Entries() {
		t.Errorf("written behind the end: %v", err)
	}
	if id, err := second.BasketOf(t.Context(), "R9"); err != nil || id != "" {
		t.Errorf("%q, %v", id, err)
	}
}
