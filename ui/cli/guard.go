package cli

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"centrapos/pos"
	"centrapos/pos/ledger"
)

// errLeft is what a ledger says that is no longer written by this process.
var errLeft = errors.New("the till has been left; recovery goes on from here")

// leavable is a ledger that can be left: from then on nothing is written to it.
type leavable struct {
	*ledger.Ledger
	left atomic.Bool
}

func (l *leavable) leave() { l.left.Store(true) }

// Append implements pos.Ledger.
func (l *leavable) Append(ctx context.Context, op pos.OpID, entries []pos.Entry, summary pos.Summary) error {
	if l.left.Load() {
		return errLeft
	}
	return l.Ledger.Append(ctx, op, entries, summary)
}

// guard keeps a fault in the adapter or the client from ending the process with
// a payment open: a call that panics has an unknown answer.
type guard struct{ next pos.Payments }

func guarded(reply *pos.Reply) {
	if fault := recover(); fault != nil {
		*reply = pos.Reply{Answer: pos.AnswerUnknown, Detail: fmt.Sprintf("a fault of the program: %v", fault)}
	}
}

// Create implements pos.Payments.
func (g guard) Create(ctx context.Context, sale pos.Sale) (req pos.Request, reply pos.Reply) {
	defer guarded(&reply)
	return g.next.Create(ctx, sale)
}

// Get implements pos.Payments.
func (g guard) Get(ctx context.Context, requestID string) (req pos.Request, reply pos.Reply) {
	defer guarded(&reply)
	return g.next.Get(ctx, requestID)
}

// GetByShortCode implements pos.Payments.
func (g guard) GetByShortCode(ctx context.Context, shortCode string) (req pos.Request, reply pos.Reply) {
	defer guarded(&reply)
	return g.next.GetByShortCode(ctx, shortCode)
}

// LookUp implements pos.Payments.
func (g guard) LookUp(ctx context.Context, externalRef string, origin pos.Origin) (reqs []pos.Request, reply pos.Reply) {
	defer guarded(&reply)
	return g.next.LookUp(ctx, externalRef, origin)
}

// Void implements pos.Payments.
func (g guard) Void(ctx context.Context, requestID string) (reversal pos.Reversal, reply pos.Reply) {
	defer guarded(&reply)
	return g.next.Void(ctx, requestID)
}

// Decide implements pos.Payments.
func (g guard) Decide(ctx context.Context, requestID, conditionID string, accept bool) (reply pos.Reply) {
	defer guarded(&reply)
	return g.next.Decide(ctx, requestID, conditionID, accept)
}

// Refund implements pos.Payments.
func (g guard) Refund(ctx context.Context, refund pos.Refund) (activity pos.Activity, reply pos.Reply) {
	defer guarded(&reply)
	return g.next.Refund(ctx, refund)
}

// Confirm implements pos.Payments.
func (g guard) Confirm(ctx context.Context, confirm pos.Confirm) (activity pos.Activity, reply pos.Reply) {
	defer guarded(&reply)
	return g.next.Confirm(ctx, confirm)
}

// Release implements pos.Payments.
func (g guard) Release(ctx context.Context, requestID string) (activity pos.Activity, reply pos.Reply) {
	defer guarded(&reply)
	return g.next.Release(ctx, requestID)
}

// Activities implements pos.Payments.
func (g guard) Activities(ctx context.Context, requestID string) (history []pos.Activity, reply pos.Reply) {
	defer guarded(&reply)
	return g.next.Activities(ctx, requestID)
}
