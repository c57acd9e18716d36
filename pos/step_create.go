package pos

import (
	"slices"
	"time"
)

// This file holds the rules for making a payment request. Create has no
// idempotency key (Payment Requests, Create), so a create whose answer was lost
// is never simply sent again: the till first looks for what it may have made.

func (t *step) created(e CreateReplied) {
	if !t.s.Live.creating {
		return
	}
	t.s.Live.creating = false
	t.heard(e.Reply)
	if e.Request.ID == "" && e.Reply.Answer == AnswerDone {
		e.Reply.Answer, e.Reply.Detail = AnswerUnknown, "the answer names no payment request"
	}
	switch e.Reply.Answer {
	case AnswerDone:
		t.take(e.Request)
	case AnswerRefused:
		t.note(CreateRefused{Refusal: e.Reply.Refusal})
		t.unmade()
	case AnswerNotSent:
		t.note(CreateNotSent{Detail: e.Reply.Detail})
		t.createUnsent(e.Reply)
	case AnswerUnknown:
		t.note(NoAnswer{Call: "create", Detail: e.Reply.Detail})
		t.trouble(e.Reply)
		t.afterLostCreate()
	}
}

// take adopts a request, or voids it if the operation has no use for it any more.
func (t *step) take(req Request) {
	rec := t.s.Record
	if rec.Request.ID == req.ID {
		return
	}
	if rec.Request.ID != "" || rec.Outcome != OutcomeOpen {
		t.note(StrayFound{Request: req})
		if req.moneyMoved() && rec.Outcome != OutcomeOpen && !rec.Outcome.Successful() {
			t.note(PaidLate{Request: req})
		} else {
			t.void(req.ID)
		}
		t.wrapUp()
		return
	}
	t.note(Adopted{Request: req})
	if rec.Stop == WhyNone && rec.differsFrom(req) != "" && !req.moneyMoved() {
		// Nobody is shown a code that asks for something else. One that is paid already
		// is taken as it is; its amount is flagged (Record.AmountDiffers).
		t.note(StopWanted{Why: WhyDiffers})
	}
	t.watch()
}

// differsFrom says in what a request is not the one that the sale asks for; empty where
// it is.
func (r Record) differsFrom(req Request) string {
	if req.Value.IsKnown() && !req.Value.Equal(r.Sale.Amount) {
		return "it asks the customer for " + req.Value.Format() + " and not for " + r.Sale.Amount.Format()
	}
	return req.Differs
}

// createUnsent tries a create again that cannot have reached the service.
func (t *step) createUnsent(reply Reply) {
	live := &t.s.Live
	live.createTries++
	rec := t.s.Record
	if rec.Stop != WhyNone || rec.Outcome != OutcomeOpen || live.createTries >= maxUnsent {
		t.unmade()
		return
	}
	t.trouble(reply)
	at := t.at.Add(backoff(live.createTries - 1))
	if live.HoldUntil.After(at) {
		at = live.HoldUntil
	}
	t.wake(TimerCreate, at)
}

// unmade goes on after a create that made nothing: that ends the operation,
// unless an earlier create is unaccounted for.
func (t *step) unmade() {
	rec := t.s.Record
	switch {
	case rec.Outcome != OutcomeOpen:
		t.wrapUp()
	case rec.Unaccounted == 0:
		t.endUnmade()
	default:
		t.search()
	}
}

func (t *step) afterLostCreate() {
	if t.s.Record.Outcome != OutcomeOpen {
		t.wrapUp()
		return
	}
	t.search()
}

func (t *step) createAgain() {
	t.note(CreateSent{})
	t.s.Live.creating = true
	t.do(Create{Sale: t.s.Record.Sale})
}

// mayCreateAgain: nobody can have seen the code of a lost QR request, so a new
// one takes nothing twice. A request made from the customer's barcode reaches
// the customer without the till, so it is never made again blindly.
func (t *step) mayCreateAgain() bool {
	rec := t.s.Record
	return rec.Kind == KindSale && rec.Sale.showsCode() && rec.Request.ID == "" && rec.Stop == WhyNone &&
		rec.Outcome == OutcomeOpen && rec.Refusal == nil && rec.Creates < maxCreates && !t.s.Live.creating
}

func (t *step) canLookUp() bool { return t.s.canLookUp() }

func (s State) canLookUp() bool {
	return s.Record.Sale.Origin.MerchantAccountID != "" && !s.Live.lookUpRefused
}

// search looks for what lost creates may have made, or makes another request
// where that is safe, or waits until nothing they made can be paid.
func (t *step) search() {
	rec := t.s.Record
	switch {
	case rec.Unaccounted == 0 || rec.Kind != KindSale:
		return
	case t.canLookUp():
		t.lookUp()
	case t.mayCreateAgain():
		t.createAgain()
	case rec.keepsLooking():
		t.wake(TimerLookUp, t.at.Add(refusedLookUpAgain))
	case t.at.Before(t.lapse()):
		t.wake(TimerLookUp, t.lapse())
	case rec.Sale.showsCode():
		t.giveUpLost("its answer was lost, nobody saw its code, and its time has run out")
	}
	// A lost barcode request that cannot be looked up may have been paid before it
	// ran out. It stays unfinished: only a person can find out.
}

// keepsLooking reports whether look-ups that are refused are tried on and on: what
// may have reached the customer is not left to a person because of one credential
// that is set right tomorrow.
func (r Record) keepsLooking() bool {
	return !r.Sale.showsCode() && r.Sale.Origin.MerchantAccountID != ""
}

// Look-ups that are refused.
const (
	// believedRefusals is after how many of them in a row the till goes on without.
	believedRefusals = 2
	// refusedLookUpAgain is how long after it the next one is made all the same, where
	// that matters.
	refusedLookUpAgain = 30 * time.Second
)

// lookUpRefused goes on after a refused look-up. One refusal of who asks can be a
// mishap; the QR request that nobody can have seen is made again in any case.
func (t *step) lookUpRefused(reply Reply) {
	live, refusal := &t.s.Live, reply.Refusal
	t.trouble(reply) // whose key was turned away has to be told, else nobody puts it right
	live.lookUpRefusals++
	if refusal.ofTheCaller() && live.lookUpRefusals < believedRefusals {
		if t.mayCreateAgain() {
			t.createAgain()
			return
		}
		t.wake(TimerLookUp, latest(t.at.Add(time.Second), live.HoldUntil))
		return
	}
	live.lookUpRefused = true
	t.searchOrWrapUp()
}

func (t *step) lookUp() {
	if t.s.Live.lookingUp {
		return
	}
	t.s.Live.lookingUp = true
	t.do(LookUp{Sale: t.s.Record.Sale})
}

func (t *step) lookedUp(e LookUpReplied) {
	if !t.s.Live.lookingUp {
		return
	}
	t.s.Live.lookingUp = false
	t.heard(e.Reply)
	if t.s.Live.lookingBack {
		t.s.Live.lookingBack = false
		t.lookedBackByRef(e)
		return
	}
	switch e.Reply.Answer {
	case AnswerDone:
		t.s.Live.Trouble, t.s.Live.lookUpRefused, t.s.Live.lookUpRefusals = "", false, 0
		t.found(e.Requests)
	case AnswerRefused:
		t.lookUpRefused(e.Reply)
	case AnswerUnknown, AnswerNotSent:
		t.s.Live.lookUps++
		t.trouble(e.Reply)
		switch {
		case t.s.Live.lookUps >= failedLookUps && t.mayCreateAgain():
			t.createAgain()
		case t.s.Record.Outcome != OutcomeOpen && t.s.Record.Sale.showsCode() && !t.at.Before(t.lapse()):
			t.writeOff("its answer was lost, nobody saw its code, and its time has run out")
		default:
			// Not even a QR sale is given up while there is a way to find out: a till
			// that crashed may have shown the code before it could write so.
			t.lookUpLater()
		}
	}
}

func (t *step) searchOrWrapUp() {
	if t.s.Record.Outcome != OutcomeOpen {
		t.wrapUp()
		return
	}
	t.search()
}

func (t *step) lookUpLater() {
	at := t.at.Add(backoff(t.s.Live.lookUps))
	if t.s.Live.HoldUntil.After(at) {
		at = t.s.Live.HoldUntil
	}
	t.wake(TimerLookUp, at)
}

// found sorts what a look-up by reference listed: a paid request is the sale's,
// else the newest live one; every other live one is a stray.
func (t *step) found(requests []Request) {
	mine, doubt := t.listed(requests)
	slices.SortStableFunc(mine, func(a, b Request) int { return b.CreatedAt.Compare(a.CreatedAt) })
	rank := func(r Request) int {
		switch {
		case r.moneyMoved():
			return 0
		case r.Status.Final():
			return 2
		}
		return 1
	}
	slices.SortStableFunc(mine, func(a, b Request) int { return rank(a) - rank(b) })
	for _, r := range mine {
		if rank(r) < 2 {
			t.take(r)
		}
	}
	t.s.Live.unclear = doubt
	if t.s.Record.Unaccounted > 0 && !t.s.Live.lookingUp {
		t.foundNothing(slices.DeleteFunc(mine, func(r Request) bool { return rank(r) < 2 }))
	}
}

// foundNothing goes on after a look-up that left a create unaccounted for.
// Requests of the sale that are over account for one create each, unless they
// may be older than the sale.
func (t *step) foundNothing(over []Request) {
	rec := t.s.Record
	switch {
	case rec.Outcome == OutcomeOpen && rec.Request.ID != "":
		return // the sale goes on with the request it has; wrapUp looks again
	case t.mayCreateAgain():
		t.createAgain()
	case (len(over) < rec.Unaccounted || t.s.Live.resumed) && t.at.Before(t.settles()):
		t.s.Live.lookUps++
		t.lookUpLater()
	case t.s.Live.unclear && rec.Outcome == OutcomeOpen:
		t.s.Live.lookUps++
		t.lookUpLater()
	case rec.Outcome != OutcomeOpen:
		t.writeOff("a look-up by reference lists nothing that could still be paid")
	default:
		t.giveUpLost("Centrapay has no open payment request with this reference")
	}
}

// settles is when a look-up that finds nothing can be believed: a create that
// was still on its way has arrived by then. A barcode request is looked for
// until nobody could pay it any more.
func (t *step) settles() time.Time {
	if t.s.Record.Sale.showsCode() {
		return t.s.Record.LastCreate.Add(createSettles)
	}
	return t.lapse()
}

func (t *step) giveUpLost(why string) {
	t.writeOff(why)
	t.endUnmade()
}

func (t *step) writeOff(why string) { t.note(LostWrittenOff{Why: why}) }
