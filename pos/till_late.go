package pos

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// This file is how the till looks back at sales that have ended, and tells people
// of money that arrived after it had given up.

// doubtLasts is how long after a sale was opened recovery still looks back at it.
// Paid requests can be voided for 24 hours (Payment Requests, Void).
const doubtLasts = 48 * time.Hour

// LatePayment is money that arrived on a sale after its end.
type LatePayment struct {
	Op     OpID
	Record Record // Record.Late has the requests that hold the money
	// GivenBack are the requests whose money arrived and was given back by itself, since
	// an unanswered void would have done so at any moment, or since it was paid twice;
	// Record.VoidOf says how much. The customer may ask for it, and is told.
	GivenBack []Request
}

// cameLate keeps news of a late payment until somebody asks for it.
func (t *Till) cameLate(op *Operation, givenBack []Request) {
	t.mu.Lock()
	t.lates = append(t.lates, LatePayment{Op: op.id, Record: op.state.Record, GivenBack: givenBack})
	t.mu.Unlock()
	select {
	case t.lateCame <- struct{}{}:
	default:
	}
}

// NextLate waits for news of money that arrived after the till had given a sale up,
// or a second time: of sales of this process, and of earlier ones that recovery
// looks back at. Each is told once, to one listener; false when the context ends.
// The money is to be given back (Void or Refund on the request), or the goods
// handed over; what the till has given back by itself is told too.
func (t *Till) NextLate(ctx context.Context) (LatePayment, bool) {
	for {
		t.mu.Lock()
		if len(t.lates) > 0 {
			next := t.lates[0]
			t.lates = t.lates[1:]
			t.mu.Unlock()
			return next, true
		}
		t.mu.Unlock()
		select {
		case <-t.lateCame:
		case <-ctx.Done():
			return LatePayment{}, false
		}
	}
}

// LookAgain looks again, now, at every sale of this ledger that was opened at or
// after a time and has ended in doubt, such as when a shift is closed; those in the
// hands of other running tills are left to them. It waits until each has been
// looked at or the context ends, and gives them all: Record.Late of each says
// whether money arrived, and Record.LastLook when it was last looked at. The error
// names what could not be looked at. Refunds, confirmations and releases of this till
// that are in doubt are looked at now, too; they are among its open operations.
func (t *Till) LookAgain(ctx context.Context, since time.Time) ([]*Operation, error) {
	if err := t.take(ctx); err != nil {
		return nil, err
	}
	for _, op := range t.Open() {
		if op.State().Record.Kind.isAction() {
			op.post(LookBackAsked{})
		}
	}
	asked := time.Now()
	ops, err := t.watchDoubtful(ctx, since, true)
	t.taken()
	var missed int
	var why error
	for i := range ops {
		looked, cause := t.lookedAt(ctx, &ops[i], asked)
		if !looked {
			missed++
			why = cause
		}
	}
	if missed > 0 {
		err = errors.Join(err, fmt.Errorf("%d of %d sales could not be looked at again: %w", missed, len(ops), why))
	}
	return ops, err
}

// lookedAt waits until a sale was looked at again. One whose last look by itself was
// over in the same moment, so that it heard of no other, is taken up once more. Where it
// was not looked at, the error says why.
func (t *Till) lookedAt(ctx context.Context, op **Operation, asked time.Time) (bool, error) {
	if (*op).lookedAtSince(ctx, asked) {
		return true, nil
	}
	if ctx.Err() != nil {
		return false, context.Cause(ctx)
	}
	again, err := t.watch(ctx, (*op).id, true)
	if err != nil {
		return false, err
	}
	if *op = again; again.lookedAtSince(ctx, asked) {
		return true, nil
	}
	return false, cmp.Or(context.Cause(ctx), ErrTillClosed)
}

// watchDoubtful takes up the sales that ended in doubt: those that are still to be
// looked at by themselves or, when asked for, all.
func (t *Till) watchDoubtful(ctx context.Context, since time.Time, all bool) ([]*Operation, error) {
	ids, err := t.ledger.ClaimDoubtful(ctx, t.service, since)
	if err != nil {
		return nil, fmt.Errorf("find sales to look at again: %w", err)
	}
	var ops []*Operation
	var problems []error
	for _, id := range ids {
		op, err := t.watch(ctx, id, all)
		switch {
		case err != nil:
			problems = append(problems, err)
		case op != nil:
			ops = append(ops, op)
		}
	}
	return ops, errors.Join(problems...)
}

// watch gives an ended sale that is being looked at again; nil when it need not be.
func (t *Till) watch(ctx context.Context, id OpID, now bool) (*Operation, error) {
	if op := t.runningOp(id); op != nil {
		if now {
			op.post(LookBackAsked{})
		}
		return op, nil
	}
	entries, err := t.ledger.Entries(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read the sale %s: %w", id, err)
	}
	op := newOperation(id, t.payments, t.ledger)
	effects := op.resume(entries, Resumed{})
	if !now && op.state.Record.NextLook().IsZero() {
		return nil, nil
	}
	if now {
		var look []Effect
		op.state, look = Step(op.state, time.Now(), LookBackAsked{})
		effects = append(effects, look...)
	}
	return op, t.run(op, effects)
}

// runningOp gives the operation with an id that runs in this process; nil when none
// does any more.
func (t *Till) runningOp(id OpID) *Operation {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, op := range slices.Concat(t.open, t.watching) {
		if op.id == id && !op.isGone() {
			return op
		}
	}
	return nil
}

// isGone reports whether nobody takes the operation's events any more.
func (o *Operation) isGone() bool {
	select {
	case <-o.gone:
		return true
	default:
		return false
	}
}

// lookedAtSince waits until the operation was looked at again; false when it is gone
// or the context ends first.
func (o *Operation) lookedAtSince(ctx context.Context, asked time.Time) bool {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		gone := o.isGone() // asked first: what it did last is in the state then
		rec := o.State().Record
		switch {
		case !rec.LastLook.Before(asked) || !rec.Doubtful() && rec.Closed():
			return true
		case gone:
			return false
		}
		select {
		case <-tick.C:
		case <-o.gone:
		case <-ctx.Done():
			return false
		}
	}
}
