package pos

import (
	"slices"
	"time"
)

// State is one money operation at one moment: its durable record, and what the
// running process knows besides. Step takes and gives it by value.
type State struct {
	Op     OpID
	Record Record
	Live   Live
}

// Live is what is known of an operation only while its process runs. Losing it
// loses no money: recovery starts from the record alone.
type Live struct {
	// ShownAt is when the request became known and its code could be shown.
	ShownAt time.Time
	// Deadline is when the till gives up waiting and voids, by the till's clock.
	Deadline time.Time
	Skew     Skew
	// Polls counts the polls asked, LastPoll is when the last one left, LastHeard
	// when the service last gave a definite answer about the request.
	Polls     int
	LastPoll  time.Time
	LastHeard time.Time
	// Trouble says why the last call got no definite answer; it is empty as soon
	// as one does. TroubleSince is when that began.
	Trouble      string
	TroubleSince time.Time
	// HoldUntil is until when the service asked to be left alone.
	HoldUntil time.Time

	// resumed: the operation was begun by a process that has ended, by a clock
	// that may have been set since.
	resumed                      bool
	resumedAt                    time.Time // when, by this process's clock
	sentAt                       time.Time // when this process last sent an action
	creating, polling, lookingUp bool
	voiding                      []string // requests with a void in flight
	deciding                     []string // conditions with an answer in flight
	refusedDecisions             []string // conditions whose answer was refused: staff may choose again
	pollAgain                    bool     // a poll is wanted as soon as the one in flight is answered
	createTries                  int      // creates that could not be sent, in a row
	lookUps                      int      // look-ups without result, in a row
	lookUpRefused                bool
	unclear                      bool // a look-up lists what may be the sale's or another's, and holds money or can
	lookUpRefusals               int  // look-ups refused, in a row
	lookingBack                  bool // the reading or the look-up in flight is one after the end
	lookWanted                   bool // somebody asked for a look back, and has no answer yet
	looksFailed                  int  // looks back that told nothing, in a row
	backByID                     bool // the next look back goes by the request's id: by reference it was refused
	refDenied                    bool // so often that looks back go by the id from now on
	refusedBack                  int  // looks back that were refused, in a row
	voidTries                    int  // voids without definite end, in a row
	acting, readingHistory       bool
	actionTries                  int  // refunds, confirmations or releases without definite end, in a row
	unsent                       int  // those of them that could not be sent
	looks                        int  // looks that told nothing, in a row
	doubts                       int  // looks that found nothing, or not how much
	looked                       bool // the history was read since the last sending
	lookOnly                     bool // a person is about to settle it: nothing more is sent
	inDoubt                      bool // a sending may have worked, and a look cannot tell
}

// Phase is what an operation is doing, as the screens tell it.
type Phase int

// The phases of an operation.
const (
	// PhaseAsking: the payment request is being made; or the refund, the confirmation
	// or the release is being asked for.
	PhaseAsking Phase = iota
	// PhaseSearching: it is not known whether the request was made, or whether the
	// action was done; the till is finding out.
	PhaseSearching
	// PhaseWaiting: the request is with the customer.
	PhaseWaiting
	// PhaseStopping: the request is being voided; how that ends is not known yet.
	PhaseStopping
	// PhaseEnded: the outcome is known.
	PhaseEnded
)

// Phase says what the operation is doing.
func (s State) Phase() Phase {
	switch {
	case s.Record.Outcome != OutcomeOpen:
		return PhaseEnded
	case s.Record.Kind.isAction() && (s.Live.acting && s.Record.Action.Unanswered <= 1 || !s.Record.Action.Unsure()):
		return PhaseAsking
	case s.Record.Kind.isAction():
		return PhaseSearching
	case s.Record.Request.ID != "" && (s.Record.Stop != WhyNone || s.Record.Kind == KindVoid):
		return PhaseStopping
	case s.Record.Request.ID != "":
		return PhaseWaiting
	case s.Live.creating && s.Record.Unaccounted <= 1 || s.Record.Unaccounted == 0:
		return PhaseAsking
	default:
		return PhaseSearching
	}
}

// Reconnecting reports whether the last call about the request got no definite
// answer. The request stays live: the customer may be paying.
func (s State) Reconnecting() bool { return s.Live.Trouble != "" && s.Record.Outcome == OutcomeOpen }

// Unresolved reports whether the operation is past the point where waiting for
// the customer helps, and yet has no outcome: "not known yet, do not charge again".
func (s State) Unresolved() bool {
	switch s.Phase() {
	case PhaseSearching:
		return true
	case PhaseStopping:
		return s.Live.voidTries > 0
	case PhaseAsking, PhaseWaiting, PhaseEnded:
		return false
	default:
		return false
	}
}

// NeedsPerson reports whether the till can do nothing more to find out how the
// operation ended, so that somebody has to ask Centrapay. Of a sale: its request was
// lost, and cannot be told from another's with the same reference, or was made from a
// barcode and cannot be looked up; and it has run out so long ago that no payment can be in flight any more: what Centrapay says then is the last word. Of a
// refund or a confirmation: the answer to one sending was lost, the next was
// refused, none can be on its way any more, and the payment request's history has no
// entry under its name, or may not be read. The till goes on looking meanwhile.
func (s State) NeedsPerson(now time.Time) bool {
	rec := s.Record
	if rec.Kind.isAction() {
		return rec.Outcome == OutcomeOpen && s.Live.inDoubt
	}
	return rec.Kind == KindSale && rec.Outcome == OutcomeOpen && rec.Request.ID == "" && rec.Unaccounted > 0 &&
		!s.Live.creating && (s.Live.unclear || !rec.Sale.showsCode() && !s.canLookUp()) && !now.Before(rec.lapse().Add(lookPoints[len(lookPoints)-1]))
}

// PendingConditions are those staff must answer now and have not.
func (s State) PendingConditions() []Condition {
	if s.Phase() != PhaseWaiting {
		return nil
	}
	var pending []Condition
	for _, c := range s.Record.Request.Awaiting(ConditionAwaitingMerchant) {
		if _, decided := s.decision(c.ID); !decided {
			pending = append(pending, c)
		}
	}
	return pending
}

// decision gives staff's answer to a condition, unless it was refused.
func (s State) decision(conditionID string) (Decided, bool) {
	if slices.Contains(s.Live.refusedDecisions, conditionID) {
		return Decided{}, false
	}
	for _, d := range slices.Backward(s.Record.Decisions) {
		if d.ConditionID == conditionID {
			return d, true
		}
	}
	return Decided{}, false
}

// TimeLeft is how long the customer still has, by the service's clock; zero
// when that is over or not known.
func (s State) TimeLeft(now time.Time) time.Duration {
	if s.Live.Deadline.IsZero() {
		return 0
	}
	return max(0, s.Live.Deadline.Add(-DeadlineMargin).Sub(now))
}

// AmountDiffers reports whether the service says that it refunded or confirmed
// another amount than it was asked for; see Record.AmountDiffers.
func (s State) AmountDiffers() bool { return s.Record.AmountDiffers() }

// AmountChanged reports whether the service asks the customer for another
// amount than the till asked the service for.
func (s State) AmountChanged() bool {
	value := s.Record.Request.Value
	return s.Record.Kind == KindSale && value.IsKnown() && !value.Equal(s.Record.Sale.Amount)
}
