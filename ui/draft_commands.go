package ui

import (
	"context"
	"errors"
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
)

// This file is the work of keeping baskets; see commands.go.

const (
	draftTimeout  = 10 * time.Second
	resumeTimeout = 30 * time.Second
)

// draftWork is what baskets are kept with; drafts is nil where they are not.
type draftWork struct {
	drafts   pos.Drafts
	newID    func() pos.BasketID
	newRef   func() string
	terminal string
}

func newDraftWork(c Config) draftWork {
	w := draftWork{drafts: c.Drafts, newID: pos.RandomIDs{}.NewBasket, terminal: c.Origin.TerminalID}
	w.newRef = func() string { return pos.RandomIDs{}.NewRef(w.terminal) }
	if till, mints := c.Till.(interface {
		NewRef(terminalID string) string
	}); mints {
		w.newRef = func() string { return till.NewRef(w.terminal) }
	}
	return w
}

// draft is a basket with what is known of its being kept.
type draft struct {
	slot   int          // which it is among the baskets of this run
	id     pos.BasketID // empty until it is saved for the first time
	saved  int          // how many of its entries are kept
	basket pos.Basket
}

// Replies.
type (
	// basketSaved answers a save.
	basketSaved struct {
		draft draft
		err   error
	}
	// resumed are the baskets that an earlier run left, the newest last.
	resumed struct {
		drafts []draft
		err    error
	}
	// heldListed answers the listing of baskets that were put aside.
	heldListed struct {
		list []pos.BasketSummary
		err  error
	}
	// recalled is a basket that was taken up again.
	recalled struct {
		draft draft
		err   error
	}
	saveDue   struct{ id int }
	quitByNow struct{}
)

// saveDraft makes what is new in a basket durable. Its first save mints its id, which
// the reply names in any case.
func (w work) saveDraft(d draft) tea.Cmd {
	return func() tea.Msg {
		saved, err := w.saveNow(d)
		return basketSaved{draft: saved, err: err}
	}
}

func (w work) saveNow(d draft) (draft, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(w.ctx), draftTimeout)
	defer cancel()
	if d.id == "" {
		d.id = w.newID()
	}
	err := w.drafts.Save(ctx, d.id, d.basket.EntriesSince(d.saved), d.basket.Summary(d.id))
	if err == nil {
		d.saved = d.basket.Entries()
	}
	return d, err
}

// resume takes over what an earlier run of this till left in progress.
func (w work) resume() tea.Cmd {
	if w.drafts == nil {
		return nil
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(w.ctx, resumeTimeout)
		defer cancel()
		var reply resumed
		list, err := w.drafts.ClaimInProgress(ctx, w.terminal)
		if err != nil {
			reply.err = fmt.Errorf("look for the basket of before: %w", err)
			return reply
		}
		for _, each := range list {
			d, err := w.load(ctx, each.ID)
			if err != nil {
				reply.err = errors.Join(reply.err, err)
				continue
			}
			reply.drafts = append(reply.drafts, w.settledByRecord(ctx, d))
		}
		return reply
	}
}

func (w work) load(ctx context.Context, id pos.BasketID) (draft, error) {
	entries, err := w.drafts.Load(ctx, id)
	if err != nil {
		return draft{}, fmt.Errorf("read the basket %s: %w", id, err)
	}
	basket, err := pos.ReplayBasket(entries)
	if err != nil {
		return draft{}, fmt.Errorf("read the basket %s: %w", id, err)
	}
	return draft{id: id, saved: basket.Entries(), basket: basket}, nil
}

// settledByRecord brings a basket whose payment was open up to date with what the
// till's record says of that payment. What is still open there stays open here.
func (w work) settledByRecord(ctx context.Context, d draft) draft {
	pending := d.basket.Tendering(pos.CashRounding{}).Pending
	if pending == nil || w.records == nil {
		return d
	}
	list, err := w.records.Named(ctx, pending.Ref)
	if err != nil {
		return d
	}
	if len(list) == 0 { // it stopped between the basket's intent and the sale's
		d.basket = ended(d.basket, pending.Ref, pos.OutcomeNotMade)
		return d
	}
	for _, each := range list {
		entries, err := w.records.Entries(ctx, each.Op)
		if err != nil || each.Outcome == pos.OutcomeOpen {
			continue
		}
		if rec := pos.Replay(entries); rec.Kind == pos.KindSale {
			d.basket = settled(d.basket, rec)
		}
	}
	return d
}

// settled gives a basket as a payment that has ended leaves it: sold when nothing is
// left to pay.
func settled(b pos.Basket, rec pos.Record) pos.Basket {
	ref := rec.Sale.ExternalRef
	if !rec.Outcome.Successful() {
		return ended(b, ref, rec.Outcome)
	}
	paid, err := b.TakePaid(ref, rec.Request)
	if err != nil {
		return b
	}
	if sold, err := paid.Finish(); err == nil {
		return sold
	}
	return paid
}

func ended(b pos.Basket, ref string, outcome pos.Outcome) pos.Basket {
	next, err := b.EndPayment(ref, outcome)
	if err != nil {
		return b
	}
	return next
}

// listHeld lists the baskets that were put aside, by any till.
func (w work) listHeld() tea.Cmd {
	if w.drafts == nil {
		return nil
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(w.ctx, draftTimeout)
		defer cancel()
		list, err := w.drafts.Held(ctx)
		return heldListed{list: list, err: err}
	}
}

// takeUp recalls a basket that was put aside. It is this till's only once that is
// saved: another till may have been faster.
func (w work) takeUp(id pos.BasketID, operator string, at time.Time) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(w.ctx, draftTimeout)
		defer cancel()
		d, err := w.load(ctx, id)
		if err != nil {
			return recalled{err: err}
		}
		if d.basket, err = d.basket.As(operator, at).Recall(w.terminal); err != nil {
			return recalled{err: err}
		}
		d, err = w.saveNow(d)
		return recalled{draft: d, err: err}
	}
}

// beginKept begins a payment of a basket: that it is asked for is durable in the
// basket before the sale is begun.
func (w work) beginKept(attempt int, sale pos.Sale, d draft) tea.Cmd {
	return func() tea.Msg {
		if sale.ExternalRef == "" {
			sale.ExternalRef = w.newRef()
		}
		basket, err := d.basket.AskPayment(sale.ExternalRef, sale.Amount)
		if err != nil {
			return begun{attempt: attempt, err: err}
		}
		d.basket = basket
		if w.drafts != nil {
			if d, err = w.saveNow(d); err != nil {
				return begun{attempt: attempt, err: &pos.LedgerError{Err: err}}
			}
		}
		op, err := w.sell(w.ctx, sale)
		if err != nil {
			d.basket = ended(d.basket, sale.ExternalRef, pos.OutcomeNotMade)
			return begun{attempt: attempt, err: err, asked: &d}
		}
		return begun{attempt: attempt, op: op, now: lookAt(op), asked: &d}
	}
}
