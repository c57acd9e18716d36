package pos

import (
	"slices"
	"time"
)

// This file holds the rules for looking back at a sale that has ended. What is
// found unpaid is voided. What is found paid is told and not given back by itself,
// since the customer may have left with the goods: people decide that. The one
// exception is what an unanswered void may give back at any moment.

const (
	// lookBackAgain is how long after a look that told nothing the next one is made; it
	// doubles up to mostLookBackAgain.
	lookBackAgain     = 10 * time.Second
	mostLookBackAgain = 5 * time.Minute
	// mostRefusedLooks is after how many refusals a look counts as made: who may not
	// look is not told more by asking on.
	mostRefusedLooks = 6
)

// lookBack looks at an ended sale again, unless it is being looked at.
func (t *step) lookBack() {
	live, rec := &t.s.Live, t.s.Record
	switch {
	case !rec.Closed() || !rec.Doubtful() || live.lookingBack:
	case t.at.Before(live.HoldUntil):
		t.wake(TimerLookBack, live.HoldUntil)
	case live.polling || live.lookingUp: // asked for before the end; its answer is on its way
		t.wake(TimerLookBack, t.at.Add(PollEvery))
	case rec.Sale.Origin.MerchantAccountID != "" && !live.backByID && !live.refDenied:
		live.lookingBack, live.lookingUp = true, true
		t.do(LookUp{Sale: rec.Sale, Unhurried: true})
	case rec.Request.ID != "":
		live.lookingBack, live.polling = true, true
		t.do(Poll{RequestID: rec.Request.ID, Unhurried: true})
	default:
		live.lookWanted = false
		t.note(LookedBack{Points: rec.looks()}) // there is nothing to ask about
	}
}

// lookedBackByRef takes what carries the sale's reference, long after its end.
func (t *step) lookedBackByRef(e LookUpReplied) {
	if e.Reply.Answer != AnswerDone {
		t.lookBackFailed(e.Reply)
		return
	}
	for _, r := range e.Requests {
		mine := t.whose(r) == ours
		r.Asked = nil
		known := r.ID == t.s.Record.Request.ID || t.stray(r.ID)
		switch {
		case known:
			t.paidAfterAll(r)
		case mine && !t.s.Record.Outcome.Successful() && r.moneyMoved():
			t.note(StrayFound{Request: r})
			t.paidAfterAll(r)
		case mine && r.Status != StatusCancelled:
			t.take(r) // voided even where it has run out: a payment may be in flight on it too
		}
	}
	t.lookedBack()
}

// lookedBackByID takes a reading of the sale's own request, long after its end.
func (t *step) lookedBackByID(e PollReplied) {
	if e.Reply.Answer != AnswerDone || e.Request.ID != e.RequestID {
		t.lookBackFailed(e.Reply)
		return
	}
	t.paidAfterAll(e.Request)
	live := &t.s.Live
	switch {
	case live.refusedBack == 0 || live.refDenied: // this is the way to look
		t.lookedBack()
	case live.refusedBack >= mostRefusedLooks:
		live.refDenied = true
		t.lookedBack()
	default:
		live.backByID = false
		t.lookBackLater(live.refusedBack)
	}
}

// paidAfterAll notes that a request of the ended sale is paid, unless that is known:
// by its end, as late, or as given back by a void, after which a request may go on
// saying that it was paid.
func (t *step) paidAfterAll(r Request) {
	rec := t.s.Record
	own := r.ID == rec.Request.ID
	switch {
	case own && r.wasGivenBack() && !rec.Request.wasGivenBack() && !rec.Returned.IsKnown():
		t.note(Noted{Request: r.filledFrom(rec.Request)}) // it came and went, between two looks
	case !r.moneyMoved() || rec.isLate(r.ID) || rec.VoidOf(r.ID).gaveBack():
	case own && (rec.Outcome.Successful() && rec.Outcome != OutcomePaidLate || rec.Returned.IsKnown()):
	case own && rec.VoidOf(r.ID).mayStillArrive():
		r = r.filledFrom(rec.Request)
		t.note(Noted{Request: r})
		t.voidAfterAll(r)
	case rec.VoidOf(r.ID).mayStillArrive():
		t.voidAfterAll(r)
	case own:
		t.note(PaidLate{Request: r.filledFrom(rec.Request)})
	default:
		t.note(PaidLate{Request: r})
	}
}

// voidAfterAll voids a request of the ended sale that is paid after all, while an
// earlier void of it may still be on its way: that one may give the money back at any
// moment, so the only thing that can be told for sure is that it was given back.
func (t *step) voidAfterAll(r Request) {
	t.note(StrayFound{Request: r})
	t.void(r.ID)
}

func (t *step) lookedBack() {
	live := &t.s.Live
	live.refusedBack, live.looksFailed, live.lookWanted, live.backByID = 0, 0, false, false
	t.note(LookedBack{Points: t.s.Record.pointsBehind(t.at)})
}

// lookBackFailed goes on after a look that told nothing. Where looking by reference
// is refused, the request itself may still be read, which tells of it alone: the
// reference is tried again, until refusals are believed.
func (t *step) lookBackFailed(reply Reply) {
	live, rec := &t.s.Live, t.s.Record
	if reply.Answer != AnswerRefused {
		t.lookBackLater(live.looksFailed)
		live.looksFailed++
		return
	}
	live.refusedBack++
	switch {
	case live.refusedBack >= mostRefusedLooks && (live.backByID || rec.Request.ID == ""):
		live.refDenied = true
		t.lookedBack()
	case !live.backByID && rec.Request.ID != "":
		live.backByID = true
		t.wake(TimerLookBack, latest(t.at, live.HoldUntil))
	default:
		live.backByID = false
		t.lookBackLater(live.refusedBack)
	}
}

// lookBackLater sets the next try, ever later.
func (t *step) lookBackLater(failed int) {
	again := min(lookBackAgain<<min(failed, 8), mostLookBackAgain)
	t.wake(TimerLookBack, latest(t.at.Add(again), t.s.Live.HoldUntil))
}

func (t *step) stray(id string) bool {
	return slices.ContainsFunc(t.s.Record.Strays, func(s Request) bool { return s.ID == id })
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
