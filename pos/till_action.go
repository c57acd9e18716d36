package pos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// ErrElsewhere is given for a refund, a confirmation or a release that another
// running till of this ledger is in the middle of. Nothing was sent.
var ErrElsewhere = errors.New("another running till is in the middle of it; nothing was sent from here")

// Refund begins to give money of a payment request back. A refund without a
// reference is given one, which its record says. It returns once the intent is
// durable.
//
// A reference names one refund. Where this till's ledger has it for the same
// amount of the same payment request, nothing is begun: the operation given is
// the earlier one, taken up again if it is open, or its record if it has ended
// (Operation.Earlier). One that was refused or not made does not count.
//
// While it is not known what became of an earlier operation on the payment request, by
// whatever form of the API it was asked for, only what certainly fits beside it is
// begun: an amount that is left even if the earlier one has worked and, without a
// reference, not the same amount again.
//
// The error is an InputError for a refund that cannot be, among them a reference
// used for another amount (REPEAT_REFERENCE) and one that could give back too much
// (OUTCOME_UNKNOWN, naming the earlier one); a LedgerError when the intent could not
// be written; and ErrElsewhere. Nothing was sent then.
func (t *Till) Refund(ctx context.Context, refund Refund) (*Operation, error) {
	fresh := refund.ExternalRef == ""
	if fresh {
		refund.ExternalRef = t.ids.NewRef(refund.Origin.TerminalID)
	}
	if err := refund.Check(); err != nil {
		return nil, err
	}
	return t.beginAction(ctx, Opened{Kind: KindRefund, Service: t.service, Refund: &refund}, fresh)
}

// Confirm begins to draw on a pre-auth. A confirmation without a key is given
// one. All else is as with Refund, with the key in place of the reference; a key
// that was used with other content is an InputError IDEMPOTENT_OPERATION_FAILED.
func (t *Till) Confirm(ctx context.Context, confirm Confirm) (*Operation, error) {
	fresh := confirm.Key == ""
	if fresh {
		confirm.Key = t.ids.NewRef(confirm.Origin.TerminalID)
	}
	if err := confirm.Check(); err != nil {
		return nil, err
	}
	return t.beginAction(ctx, Opened{Kind: KindConfirm, Service: t.service, Confirm: &confirm}, fresh)
}

// Release begins to release a pre-auth. Where an earlier release of it is open,
// that one is given. Errors are as with Refund.
func (t *Till) Release(ctx context.Context, release Release) (*Operation, error) {
	if err := release.Check(); err != nil {
		return nil, err
	}
	return t.beginAction(ctx, Opened{Kind: KindRelease, Service: t.service, Release: &release}, false)
}

// beginAction begins an action, unless the ledger has it already. One at a time
// is begun here, and what other processes begin meanwhile is read before anything is
// written (Ledger.Open), so that of all who ask at once for the same one begins it.
func (t *Till) beginAction(ctx context.Context, intent Opened, fresh bool) (*Operation, error) {
	if err := t.take(ctx); err != nil {
		return nil, err
	}
	defer t.taken()
	if t.isClosed() {
		return nil, ErrTillClosed
	}
	wanted := Record{}.opened(time.Time{}, intent)
	for range mostConflicts {
		seen, err := t.ledger.ActionsOn(ctx, t.service, wanted.Target.RequestID)
		if err != nil {
			return nil, &LedgerError{Err: err}
		}
		if op, err := t.goOnWith(ctx, seen, wanted, fresh); op != nil || err != nil {
			return op, err
		}
		op := newOperation(t.ids.NewOp(), t.payments, t.ledger)
		effects, err := op.beginUnless(ctx, intent, seen)
		if _, another := errors.AsType[*AlreadyOpened](err); another {
			continue
		}
		if err != nil {
			return nil, &LedgerError{Err: err}
		}
		return op, t.run(op, effects)
	}
	return nil, ErrElsewhere // others open one after the other on this request
}

// mostConflicts bounds how often the operations on a request are read anew because
// another was opened meanwhile.
const mostConflicts = 50

// goOnWith gives the one of the earlier operations that is the one wanted, or the
// reason when they stand in the way of it.
func (t *Till) goOnWith(ctx context.Context, seen []OpID, wanted Record, fresh bool) (*Operation, error) {
	all, err := t.earlierOn(ctx, seen, wanted.Target.RequestID)
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		if e.rec.Kind != wanted.Kind || e.rec.Reference() != wanted.Reference() {
			continue
		}
		if op, err := t.goOn(ctx, e, wanted); op != nil || err != nil {
			return op, err
		}
	}
	return nil, t.mayBegin(ctx, all, wanted, fresh)
}

// goOn gives the earlier operation that has the name of the one wanted, and the reason
// when it stands in the way of it; neither when it does not count.
func (t *Till) goOn(ctx context.Context, e earlier, wanted Record) (*Operation, error) {
	rec := e.rec
	open := rec.Outcome == OutcomeOpen
	switch {
	case rec.Outcome == OutcomeRefused || rec.Outcome == OutcomeNotMade || rec.takesAll() && !open:
		return nil, nil
	case !rec.sameAction(wanted):
		return nil, repeated(rec)
	case !open:
		return recordedOperation(e.id, rec), nil
	case rec.Service != t.service:
		return nil, unfinished(rec, wanted) // it goes on only by the form of the API that it was begun in
	}
	return t.takeUp(ctx, e.id, Resumed{})
}

// takeUp gives an open operation: the one that runs here, or that of a process
// which has ended. One that turns out never to have left does not count.
func (t *Till) takeUp(ctx context.Context, id OpID, how Resumed) (*Operation, error) {
	for _, op := range t.Open() {
		if op.id == id {
			return op, nil
		}
	}
	mine, err := t.ledger.Claim(ctx, id)
	switch {
	case err != nil:
		return nil, &LedgerError{Err: err}
	case !mine:
		return nil, ErrElsewhere
	}
	op, err := t.recover(ctx, id, how)
	if err != nil || op.State().Record.Outcome == OutcomeNotMade {
		return nil, err
	}
	return op, nil
}

// recordedOperation is an operation that has ended, as the ledger has it.
func recordedOperation(id OpID, rec Record) *Operation {
	op := newOperation(id, nil, nil)
	op.state.Record, op.earlier = rec, true
	close(op.ended)
	close(op.closed)
	close(op.gone)
	return op
}

// sameAction reports whether two actions of one kind and name are the same to the
// service: a refund by its amount, also by another that the service has answered with,
// as lists show it; a confirmation by all it says.
func (r Record) sameAction(o Record) bool {
	switch r.Kind {
	case KindRefund:
		return (r.Refund.Value.Equal(o.Refund.Value) || r.Answered().Equal(o.Refund.Value)) && r.Refund.ConfirmationKey == o.Refund.ConfirmationKey
	case KindConfirm:
		return r.Confirm.Value.Equal(o.Confirm.Value) && r.Confirm.InvoiceRef == o.Confirm.InvoiceRef &&
			sameLines(r.Confirm.Lines, o.Confirm.Lines)
	case KindRelease, KindVoid:
		return true
	case KindSale:
	}
	return false
}

func sameLines(a, b []LineItem) bool {
	// Decimals that are equal need not be identical inside; written down they are.
	one, errOne := json.Marshal(a)
	other, errOther := json.Marshal(b)
	return errOne == nil && errOther == nil && string(one) == string(other)
}

func repeated(rec Record) error {
	if rec.Kind == KindConfirm {
		return &InputError{Code: CodeRepeatKey,
			Problem: fmt.Sprintf("the key %q was used for another confirmation, of %s", rec.Confirm.Key, rec.Amount().Format()),
			Remedy:  "give another key, or none to have one made"}
	}
	return &InputError{Code: CodeRepeatReference,
		Problem: fmt.Sprintf("the reference %q was used for another refund, of %s", rec.Refund.ExternalRef, rec.Amount().Format()),
		Remedy:  "give another reference, or none to have one made"}
}
