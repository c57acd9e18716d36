package pos

import (
	"context"
	"fmt"
	"time"
)

// BasketID names one basket among all that this shop ever had. It is minted once,
// ahead of the basket's first save (RandomIDs.NewBasket), and never reused.
type BasketID string

// Drafts keeps baskets, change for change, so that what a customer is buying
// survives a crash, can be put aside, and leaves a trace of who took what off it.
// Like the Ledger it is append-only: a basket that was paid or thrown away stays,
// with all its entries.
//
// Saves of one basket have to be made one after the other: whoever makes them has
// one on its way at most and sends what came since (Basket.EntriesSince) with the
// next. Calls may do I/O, end when their context does, and may be made from several
// goroutines at once.
type Drafts interface {
	// Save makes entries of one basket durable, all or none, in order, and the
	// summary that they lead to with them. When it returns nil they survive the loss
	// of power. The first entry's number has to follow the last one saved. Entries
	// that are there already, the same in every part, are passed over, so that a save
	// without an answer can be made again; with anything else, or while the basket is
	// in another process's hands, nothing is written and the error is a *DraftConflict.
	//
	// The basket's first save makes the caller its owner, and so does one with a
	// BasketRecalled in it; nobody owns a basket that is held or ended (Stage).
	Save(ctx context.Context, id BasketID, entries []BasketEntry, summary BasketSummary) error
	// Load gives a basket's entries in order, for ReplayBasket; none for one that is
	// not known.
	Load(ctx context.Context, id BasketID) ([]BasketEntry, error)
	// ClaimInProgress takes over, for this process, the baskets of a till that are in
	// progress (StageSelling, StagePaying) and whose owner is no longer running, and
	// lists them with those that are this process's already, oldest first. A basket is
	// never given to two owners. There is one at most unless a process was started twice.
	ClaimInProgress(ctx context.Context, till string) ([]BasketSummary, error)
	// Held lists the baskets that were put aside, by any till that keeps its record
	// here, the one put aside longest ago first.
	Held(ctx context.Context) ([]BasketSummary, error)
	// Ended lists the baskets that were sold or thrown away at or after a time, the
	// newest first, at most limit.
	Ended(ctx context.Context, since time.Time, limit int) ([]BasketSummary, error)
	// BasketOf gives the basket that was to be paid under an external reference
	// (PaymentAsked.Ref); empty when none was.
	BasketOf(ctx context.Context, externalRef string) (BasketID, error)
}

// DraftConflict says that entries of a basket were not saved, since others are there
// in their place or the basket is in other hands. Nothing was written.
type DraftConflict struct {
	ID BasketID
	// Saved is the number of the last entry that is there.
	Saved int
	// Elsewhere: another process has the basket in its hands.
	Elsewhere bool
}

// Error says which of the two it is.
func (e *DraftConflict) Error() string {
	if e.Elsewhere {
		return fmt.Sprintf("the basket %s is in the hands of another till", e.ID)
	}
	return fmt.Sprintf("the basket %s has been changed meanwhile: %d entries are saved", e.ID, e.Saved)
}

// Stage is where a basket is in its life.
type Stage string

// The stages of a basket.
const (
	// StageSelling: things are rung up.
	StageSelling Stage = "selling"
	// StagePaying: the customer was asked to pay, and what became of it is not known
	// yet. Nothing can be changed meanwhile.
	StagePaying Stage = "paying"
	// StageHeld: put aside, to be recalled at any till.
	StageHeld Stage = "held"
	// StageSold: all of it was paid.
	StageSold Stage = "sold"
	// StageDiscarded: thrown away unpaid.
	StageDiscarded Stage = "discarded"
)

// Ended reports whether nothing can happen to the basket any more.
func (s Stage) Ended() bool { return s == StageSold || s == StageDiscarded }

// BasketSummary is the line that lists show of a basket: a projection of its
// entries that replay reproduces (Basket.Summary).
type BasketSummary struct {
	ID BasketID
	// Till is the terminal id of the till that has, or last had, it in its hands:
	// where it was begun, or recalled last.
	Till  string
	Stage Stage
	// Name is what it was put aside under; kept once it is recalled.
	Name     string
	Customer string // the customer's reference
	Lines    int
	Total    Money // tax included, all discounts taken off
	Paid     Money // what was taken of it so far
	// OpenedAt and ChangedAt are the times of its first and its newest entry, by the
	// clock of the till; OpenedBy and ChangedBy are the operators.
	OpenedAt, ChangedAt time.Time
	OpenedBy, ChangedBy string
	// Refs are the external references under which it was to be paid, oldest first.
	Refs []string
	// Entries is how many entries lead to this.
	Entries int
}
