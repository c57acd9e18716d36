package pos

import "slices"

// This file holds the rules for voiding (Payment Requests, Void): an unpaid
// request is cancelled, a paid one's money is given back. A void has no
// idempotency key and needs none: its answer, or the request's status, tells.

// void asks the service to void a request, unless it is being asked already.
func (t *step) void(requestID string) {
	if t.voidUnderWay(requestID) || t.s.Record.VoidOf(requestID).Done {
		return
	}
	t.note(VoidSent{RequestID: requestID})
	t.s.Live.voiding = with(t.s.Live.voiding, requestID)
	t.do(Void{RequestID: requestID})
}

func (t *step) voidUnderWay(requestID string) bool {
	return slices.Contains(t.s.Live.voiding, requestID)
}

func (t *step) voided(e VoidReplied) {
	if !t.voidUnderWay(e.RequestID) {
		return
	}
	t.s.Live.voiding = without(t.s.Live.voiding, e.RequestID)
	t.heard(e.Reply)
	earlier := t.s.Record.VoidOf(e.RequestID)
	switch e.Reply.Answer {
	case AnswerDone:
		t.s.Live.Trouble = ""
		t.note(VoidDone{RequestID: e.RequestID, Reversal: e.Reversal})
		t.voidEnded(e.RequestID)
	case AnswerRefused:
		t.note(VoidRefused{RequestID: e.RequestID, Refusal: e.Reply.Refusal})
		t.voidRefused(e, earlier)
	case AnswerNotSent:
		t.note(VoidNotSent{RequestID: e.RequestID, Detail: e.Reply.Detail})
		t.trouble(e.Reply)
		t.voidUnsent(e)
	case AnswerUnknown:
		t.note(NoAnswer{Call: "void", Detail: e.Reply.Detail})
		t.trouble(e.Reply)
		t.lookAndVoidLater(e.RequestID)
	}
}

// voidEnded goes on when a request is known to be over by its void.
func (t *step) voidEnded(requestID string) {
	if requestID == t.s.Record.Request.ID {
		t.end(t.outcomeOfStop(), nil, "")
	}
}

// endByVoid ends an operation whose void is known to have ended, by what the record
// says of it: the process stopped between the two facts.
func (t *step) endByVoid() {
	rec := t.s.Record
	v := rec.VoidOf(rec.Request.ID)
	switch {
	case v.Refusal != nil && v.Refusal.Code == RefusedRequestCancelled && v.Sent > 1 && rec.cancelledBySomebody(rec.Request.ID):
		t.end(OutcomeCancelled, nil, "")
	case v.Refusal == nil || v.Sent > 1 && v.Refusal.Code != RefusedRequestExpired || v.Refusal.Code == RefusedAlreadyRefunded && rec.Kind == KindSale:
		t.voidEnded(rec.Request.ID)
	case rec.Kind == KindVoid:
		t.end(OutcomeRefused, v.Refusal, "")
	case v.Refusal.Code == RefusedRequestExpired:
		t.end(OutcomeExpired, nil, "")
	default:
		t.end(OutcomeCancelled, nil, "")
	}
}

// voidRefused goes on after a definite no. What it means is never guessed from
// the code alone, but where the code states that the request is over; else the
// request is read: paid is then paid.
func (t *step) voidRefused(e VoidReplied, earlier Voiding) {
	code := e.Reply.Refusal.Code
	mine := e.RequestID == t.s.Record.Request.ID && t.s.Record.Outcome == OutcomeOpen
	// An earlier void of ours whose answer was lost explains why it is over, unless a
	// reading says who else cancelled it; while it may have worked, a refusal that says
	// nothing of that is not its answer.
	ours := earlier.Sent > 1 && (code == RefusedRequestCancelled && !t.s.Record.cancelledBySomebody(e.RequestID) || code == RefusedAlreadyRefunded)
	unsure := earlier.Unanswered > 1 && !e.Reply.Refusal.over()
	switch {
	case mine && t.s.Record.listsHistory() && code != RefusedRequestCancelled && code != RefusedRequestPaid && !e.Reply.Refusal.ofTheCaller() && t.s.Record.VoidOf(e.RequestID).Unsure():
		t.trouble(e.Reply)
		t.s.Live.voidTries = max(t.s.Live.voidTries, 1)
		t.readHistory()
		if !t.refusedOnce() {
			t.lookAndVoidLater(e.RequestID)
		}
	case !mine && e.Reply.Refusal.over():
		return
	case !mine && e.Reply.Refusal.keepsMoney():
		t.strayKept(e.RequestID)
	case code == RefusedRequestCancelled && earlier.Sent > 1 && !ours:
		t.end(OutcomeCancelled, nil, "") // as the reading alone would have ended it
	case t.s.Record.Kind == KindVoid && !ours && !unsure:
		t.end(OutcomeRefused, &e.Reply.Refusal, "")
	case code == RefusedRequestExpired:
		t.end(OutcomeExpired, nil, "")
	case code == RefusedRequestCancelled && !ours:
		t.end(OutcomeCancelled, nil, "")
	case t.s.Record.VoidOf(e.RequestID).Done:
		t.voidEnded(e.RequestID)
	case mine && t.s.Record.saidPaid(e.RequestID):
		t.s.Live.Trouble = ""
		t.poll() // it is paid; the reading says by what. It is not voided again.
	default:
		// Give the reading time to say what the refusal means before asking again.
		t.s.Live.voidTries = max(t.s.Live.voidTries, 1)
		t.lookAndVoidLater(e.RequestID)
	}
}

// refusedOnce reports whether a void that staff asked for was sent once, and refused
// since money had been given back: before, or by itself where the network delivered it
// twice. How much is all that is to be found out.
func (t *step) refusedOnce() bool {
	v := t.s.Record.VoidOf(t.s.Record.Request.ID)
	return t.s.Record.Kind == KindVoid && v.Sent == 1 && v.Refusal != nil && v.Refusal.Code == RefusedAlreadyRefunded
}

// voidHistory goes on after the history of a request was read whose void is in doubt.
// Only refunds that add up to all that was paid settle it as given back. A history that
// lists less may list it later, so that nothing follows from that.
func (t *step) voidHistory(e HistoryReplied) {
	rec := t.s.Record
	id := rec.Request.ID
	v := rec.VoidOf(id)
	if !v.Unsure() || v.Refusal == nil || t.voidUnderWay(id) {
		return // it is read again after the next void
	}
	paid, back, known := paidAndBack(rec.Request, e.Activities)
	known = known && e.Reply.Answer == AnswerDone
	switch {
	case t.refusedOnce():
		refusal := *v.Refusal
		if known && back.Sign() > 0 {
			refusal.Reason = back.Format() + " of " + paid.Format() + " was given back, before this void or by it"
		}
		t.end(OutcomeRefused, &refusal, "")
	case known && back.Equal(paid):
		t.s.Live.Trouble = ""
		t.note(VoidDone{RequestID: id, Reversal: Reversal{Returned: back}})
		t.voidEnded(id)
	}
}

// paidAndBack is what a request's history lists as paid or held, and as given back of
// it; false where the history cannot be relied on.
func paidAndBack(req Request, history []Activity) (paid, back Money, known bool) {
	c, ok := tallyOf(req, history)
	if !ok {
		return Money{}, Money{}, false
	}
	paid, back = c.paid.Add(c.authorized), c.refunded
	for _, part := range c.refundedOf {
		back = back.Add(part)
	}
	said := req.PaidTotal()
	return paid, back, paid.Sign() > 0 && (!said.IsKnown() || said.Equal(paid))
}

// keepsMoney reports whether a refused void says that the request is paid and that
// a void cannot give the money back.
func (f Refusal) keepsMoney() bool {
	switch f.Code {
	case RefusedRequestPaid, RefusedRefundNotSupported, RefusedVoidWindowExceeded, RefusedAlreadyConfirmed:
		return true
	}
	return false
}

// strayKept goes on after the till could not give back what was paid on a further
// request of the sale: people are told, and can refund it.
func (t *step) strayKept(requestID string) {
	for _, stray := range t.s.Record.Strays {
		if stray.ID == requestID && !t.s.Record.isLate(requestID) {
			stray.Status = StatusPaid
			t.note(PaidLate{Request: stray})
		}
	}
}

// voidUnsent goes on after a void that did not leave. A sale's request must be
// voided in the end; a void that staff asked for by itself is reported instead.
func (t *step) voidUnsent(e VoidReplied) {
	if t.s.Record.Kind == KindVoid && !t.s.Record.VoidOf(e.RequestID).Unsure() && t.s.Live.voidTries >= maxUnsent-1 {
		t.end(OutcomeNotMade, nil, e.Reply.Detail)
		return
	}
	t.voidLater()
}

// lookAndVoidLater reads the request now and, unless that settles it, voids again later.
func (t *step) lookAndVoidLater(requestID string) {
	if requestID == t.s.Record.Request.ID {
		t.poll()
	}
	t.voidLater()
}

func (t *step) voidLater() {
	t.s.Live.voidTries++
	at := t.at.Add(backoff(t.s.Live.voidTries - 1))
	if t.s.Live.HoldUntil.After(at) {
		at = t.s.Live.HoldUntil
	}
	t.wake(TimerVoid, at)
}

// stillOpen goes on after a reading, while stopping, that did not end the
// operation. A request that recovery only wanted to look at is now voided.
func (t *step) stillOpen() {
	req := t.s.Record.Request
	switch {
	case t.voidUnderWay(req.ID): // its answer goes on
	case t.s.Record.saidPaid(req.ID):
		t.pollNext(false)
	case t.s.Record.VoidOf(req.ID).Sent == 0:
		t.void(req.ID)
	case t.s.Live.voidTries == 0:
		t.voidLater() // nothing is set to ask again yet: the process is new
	}
}

// voidWhatIsOpen asks again for every void that has no definite end.
func (t *step) voidWhatIsOpen() {
	rec := t.s.Record
	for _, stray := range rec.openStrays() {
		t.void(stray.ID)
	}
	if rec.Outcome == OutcomeOpen && rec.Request.ID != "" && t.stopping() {
		t.void(rec.Request.ID)
	}
}
