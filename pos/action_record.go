package pos

import (
	"slices"
	"time"
)

// This file holds the facts about a refund, a confirmation or a release, and what
// they amount to. The names are fixed for ever, as those in fact.go.

// ActionSent says that a refund, a confirmation or a release is about to leave,
// for the first time or again with the same reference.
type ActionSent struct{}

// ActionNotSent says that the sending left nothing at the service: it never got
// there, or was turned away before being acted on.
type ActionNotSent struct {
	Detail string `json:"detail,omitempty"`
}

// ActionRefused is the service's definite no to one sending. It says nothing of
// earlier ones whose answers were lost.
type ActionRefused struct {
	Refusal Refusal `json:"refusal"`
}

// ActionDone is the service's word that it was done.
type ActionDone struct {
	Activity Activity `json:"activity"`
}

// ActionFound says that a sending whose answer was lost had worked: the payment
// request's history has it.
type ActionFound struct {
	Activity Activity `json:"activity"`
}

// FactName implements Fact.
func (ActionSent) FactName() string { return "action-sent" }

// FactName implements Fact.
func (ActionNotSent) FactName() string { return "action-not-sent" }

// FactName implements Fact.
func (ActionRefused) FactName() string { return "action-refused" }

// FactName implements Fact.
func (ActionDone) FactName() string { return "action-done" }

// FactName implements Fact.
func (ActionFound) FactName() string { return "action-found" }

// Action is where a refund, a confirmation or a release stands.
type Action struct {
	Sent     int       // sendings that left and may have reached the service
	LastSent time.Time // when the last one did
	// Unanswered counts the sendings that left and have no definite answer: each may
	// have taken effect, or may yet.
	Unanswered int
	Done       bool     // the service's word that it was done
	Refusal    *Refusal // the last definite no
	// Activity is what the service says was done; with Done only.
	Activity Activity
}

// Unsure reports whether a sending may have taken effect without the till knowing.
func (a Action) Unsure() bool { return a.Unanswered > 0 }

// judged reports whether the service has judged what was sent, and said no: not when it
// turned away who asked.
func (a Action) judged() bool { return a.Refusal != nil && !a.Refusal.ofTheCaller() }

// acting applies the facts about actions.
func (r Record) acting(e Entry) Record {
	r.Action = r.Action.with(e)
	if f, notSent := e.Fact.(ActionNotSent); notSent {
		r.Detail = f.Detail
	}
	return r
}

func (a Action) with(e Entry) Action {
	switch f := e.Fact.(type) {
	case ActionSent:
		a.Sent++
		a.Unanswered++
		a.LastSent = e.At
	case ActionNotSent:
		a.Sent = max(0, a.Sent-1)
		a.Unanswered = max(0, a.Unanswered-1)
	case ActionRefused:
		a.Unanswered = max(0, a.Unanswered-1)
		a.Refusal = &f.Refusal
	case ActionDone:
		return a.done(f.Activity)
	case ActionFound:
		return a.done(f.Activity)
	}
	return a
}

func (a Action) done(activity Activity) Action {
	a.Unanswered, a.Done, a.Refusal, a.Activity = 0, true, nil, activity
	return a
}

// actionReturned is the money that went back to the customer by an action that
// was done: what the service says or, where it does not, what was asked.
func (r Record) actionReturned() Money {
	switch {
	case r.Outcome == OutcomeRefunded && r.Answered().IsKnown():
		return r.Answered()
	case r.Outcome == OutcomeRefunded:
		return r.Refund.Value
	case r.Outcome == OutcomeReleased && r.Action.Activity.Is(ActivityRelease):
		return r.Action.Activity.Value
	}
	return Money{}
}

// Answered is the amount that the service says the operation was about, once it says
// that it was done: what a sale was paid with, what was refunded, confirmed or
// released, what a void gave back. It is not known before, and where the service does
// not say.
func (r Record) Answered() Money {
	switch {
	case r.Kind == KindSale && r.Outcome.Successful():
		return r.paid()
	case r.Kind == KindVoid && r.Outcome != OutcomeOpen:
		return r.Returned
	case r.Action.Done:
		return r.Action.Activity.Value
	}
	return Money{}
}

// paid is what the customer paid, as far as the service says: what the assets add up
// to, where all are in the currency asked for; else what it asked the customer for.
func (r Record) paid() Money {
	req := r.Request
	if late, ok := r.LateRequest(); ok && r.Outcome == OutcomePaidLate {
		req = late
	}
	inCurrency := !slices.ContainsFunc(req.PaidBy, func(t Tender) bool {
		return !t.Total.IsKnown() || t.Total.Currency() != r.Sale.Amount.Currency()
	})
	switch total := req.PaidTotal(); {
	case total.IsKnown() && inCurrency:
		return total
	case r.Outcome == OutcomePartlyPaid && req.Value.IsKnown() && req.Remaining.IsKnown():
		return req.Value.Sub(req.Remaining)
	}
	return req.Value
}

// AmountDiffers reports whether the service says that another amount moved than it was
// asked for: that it refunded or confirmed another, or that a sale was paid with
// another than its own, or than a part of it where that was agreed to. Its own
// documents show such answers, so it is told and not hidden: somebody has to compare.
func (r Record) AmountDiffers() bool {
	answered := r.Answered()
	switch {
	case !answered.IsKnown() || r.Kind == KindVoid || r.Kind == KindRelease:
		return false
	case r.Outcome == OutcomePartlyPaid:
		return answered.Currency() != r.Amount().Currency() || answered.Cmp(r.Amount()) > 0
	}
	return !answered.Equal(r.Amount())
}
