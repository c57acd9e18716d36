package pos

import (
	"context"
	"errors"
	"time"
)

// ErrSettlesItself is given for an operation that was to be settled by hand and
// needs nobody: the till can still find out by itself, or knows already.
var ErrSettlesItself = errors.New("the till can still find out by itself; nothing was changed")

// ErrNoOperation is given where the ledger has no operation with an id.
var ErrNoOperation = errors.New("the till's record has no such payment")

// Settle ends an operation by the word of a person who has asked Centrapay, where
// the till can find out nothing more (State.NeedsPerson): who said what, and when,
// is written down, and the outcome is marked as a person's word for good
// (Record.Word). The operation is taken up first if it is in nobody's hands, and
// given every chance to be settled without; Settle waits for that until the
// context ends. Of a refund and a confirmation the till only looks what became of it,
// from then on: somebody who says that it was not made must not be who makes it.
//
// The error is an InputError for a word that does not fit, ErrNoOperation,
// ErrElsewhere, ErrSettlesItself, or a LedgerError; nothing was settled by hand
// then. The operation is given with ErrSettlesItself too, so that what it knows can
// be shown.
func (t *Till) Settle(ctx context.Context, id OpID, verdict Verdict, by, note string) (*Operation, error) {
	word := Word{Verdict: verdict, By: by, Note: note}
	op, err := t.toSettle(ctx, id, word)
	if err != nil {
		return op, err
	}
	op.awaitNeed(ctx)
	op.post(PersonSaid{Word: word})
	select {
	case <-op.Ended():
	case <-ctx.Done():
	}
	if said := op.State().Record.Word; said == nil || *said != word {
		return op, ErrSettlesItself
	}
	return op, nil
}

// toSettle takes the operation up that somebody wants to settle.
func (t *Till) toSettle(ctx context.Context, id OpID, word Word) (*Operation, error) {
	if err := t.take(ctx); err != nil {
		return nil, err
	}
	defer t.taken()
	entries, err := t.ledger.Entries(ctx, id)
	if err != nil {
		return nil, &LedgerError{Err: err}
	}
	rec := Replay(entries)
	if rec.Kind == "" || rec.Service != t.service {
		return nil, ErrNoOperation
	}
	if err := word.Check(rec.Kind); err != nil {
		return nil, err
	}
	if rec.Outcome != OutcomeOpen {
		return recordedOperation(id, rec), ErrSettlesItself
	}
	op, err := t.takeUp(ctx, id, Resumed{LookOnly: true})
	switch {
	case err != nil:
		return nil, err
	case op == nil:
		return nil, ErrSettlesItself // it turned out never to have left
	}
	op.post(LookOnlyAsked{})
	return op, nil
}

// awaitNeed waits until the operation needs a person, is ended, or the context ends.
func (o *Operation) awaitNeed(ctx context.Context) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !o.State().NeedsPerson(time.Now()) {
		select {
		case <-tick.C:
		case <-o.Ended():
			return
		case <-ctx.Done():
			return
		}
	}
}
