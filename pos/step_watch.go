package pos

import (
	"slices"
	"time"
)

// This file holds the rules for watching a request until its status is final,
// and for the conditions the service asks on the way.

// watch begins to watch the request just adopted.
func (t *step) watch() {
	live, req := &t.s.Live, t.s.Record.Request
	live.ShownAt, live.LastHeard, live.Trouble = t.at, t.at, ""
	live.Deadline = t.deadline()
	switch {
	case req.moneyMoved():
		t.poll() // a listing leaves out how much was paid and by what: read it before saying so
		return
	case req.Status.Final():
		t.conclude()
		return
	case t.s.Record.Stop != WhyNone:
		t.void(req.ID)
		return
	}
	t.wake(TimerDeadline, live.Deadline)
	if !t.s.Record.Sale.showsCode() {
		t.poll() // the first poll is what starts Quick Pay
		return
	}
	t.wake(TimerPoll, t.at.Add(PollEvery))
}

// deadline is the request's expiry, turned into the till's clock, plus the
// margin. Where its dates do not fit the service's own clock, or that is not
// known, what counts is how long it lives, from when it became known.
func (t *step) deadline() time.Time {
	rec, live := t.s.Record, t.s.Live
	req := rec.Request
	lifetime := rec.Sale.Expiry
	if said := req.ExpiresAt.Sub(req.CreatedAt); !req.CreatedAt.IsZero() && said > 0 {
		lifetime = said
	}
	if local := live.Skew.Local(req.ExpiresAt); live.Skew.Known && !req.ExpiresAt.IsZero() && t.datesFit() {
		return local.Add(DeadlineMargin)
	}
	return live.ShownAt.Add(lifetime + DeadlineMargin)
}

// datesFit reports whether the request's dates agree with the service's clock:
// it was made between the sale's intent and its being known.
func (t *step) datesFit() bool {
	rec, live := t.s.Record, t.s.Live
	if rec.Request.CreatedAt.IsZero() {
		return live.Skew.Local(rec.Request.ExpiresAt).After(live.ShownAt)
	}
	made := live.Skew.Local(rec.Request.CreatedAt)
	return !made.Before(rec.OpenedAt.Add(-datesSlack)) && !made.After(live.ShownAt.Add(datesSlack))
}

// poll reads the request now, or as soon as the reading under way is answered.
func (t *step) poll() {
	live := &t.s.Live
	switch {
	case live.polling:
		live.pollAgain = true
	case t.at.Before(live.HoldUntil):
		t.wake(TimerPoll, live.HoldUntil)
	default:
		live.polling = true
		live.LastPoll = t.at
		live.Polls++
		t.do(Poll{RequestID: t.s.Record.Request.ID})
	}
}

func (t *step) polled(e PollReplied) {
	live := &t.s.Live
	if !live.polling || e.RequestID != t.s.Record.Request.ID {
		return
	}
	again, clocks := live.pollAgain, live.Skew
	live.polling, live.pollAgain = false, false
	t.heard(e.Reply)
	if live.lookingBack {
		live.lookingBack = false
		t.lookedBackByID(e)
		return
	}
	if t.s.Record.Outcome != OutcomeOpen {
		return
	}
	if e.Reply.Answer != AnswerDone || e.Request.ID != e.RequestID {
		t.pollFailed(e.Reply, again)
		return
	}
	live.Trouble, live.LastHeard, live.looks = "", t.at, 0
	reading := e.Request.filledFrom(t.s.Record.Request)
	if !reading.saysSameAs(t.s.Record.Request) {
		t.note(Noted{Request: reading})
	}
	if t.s.Record.Kind == KindRelease {
		t.releaseRead()
		return
	}
	if reading.Status.Final() || reading.Authorized() {
		t.conclude()
		return
	}
	if t.stopping() {
		t.stillOpen()
		return
	}
	if live.Skew != clocks && !live.Deadline.IsZero() && !reading.ExpiresAt.IsZero() {
		live.Deadline = t.deadline() // a slow create may have misjudged it by seconds
		t.wake(TimerDeadline, live.Deadline)
	}
	t.repeatDecisions()
	t.pollNext(again)
}

// pollFailed goes on after a poll that told nothing: the first is repeated at
// once, further ones each second. A refusal tells nothing either, since the
// service answers 403 for more than one reason.
func (t *step) pollFailed(reply Reply, again bool) {
	first := t.s.Live.Trouble == ""
	t.trouble(reply)
	if t.s.Record.Kind == KindRelease {
		t.releaseUnread()
		return
	}
	if t.s.Record.saidPaid(t.s.Record.Request.ID) {
		t.readPaid(first)
		return
	}
	if t.stopping() && !t.readOnce(first) {
		t.stillOpen()
		return
	}
	t.pollNext(again || first)
}

// readPaid goes on after a failed reading of a request that the service would
// not void because it is paid. Its word is enough for a plain sale; how much of a
// sale in parts was paid, and whether a pre-auth holds, only a reading tells.
func (t *step) readPaid(first bool) {
	rec := t.s.Record
	// A listing leaves out how much is left to pay.
	told := rec.Request.moneyMoved() && (!rec.Sale.Partial || rec.Request.Remaining.IsKnown()) && (!rec.Sale.PreAuth || rec.Request.Authorized())
	switch {
	case told:
		t.end(paidOutcome(rec), nil, "") // a reading has told already
	case !first && !rec.Sale.Partial && !rec.Sale.PreAuth:
		t.end(OutcomePaid, nil, "")
	default:
		t.pollNext(first)
	}
}

// readOnce reports whether a failed reading is asked for again before a request
// that is to be stopped is voided: once always (checklist 103.2), and as long as
// it takes when the money is known to have moved and only the amount is not.
func (t *step) readOnce(first bool) bool {
	req := t.s.Record.Request
	return t.s.Record.VoidOf(req.ID).Sent == 0 && (first || req.moneyMoved())
}

// stopping reports whether the request is to be brought to an end.
func (t *step) stopping() bool { return t.s.Record.Stop != WhyNone || t.s.Record.Kind == KindVoid }

func (t *step) pollNext(atOnce bool) {
	if atOnce {
		t.poll()
		return
	}
	next := t.s.Live.LastPoll.Add(PollEvery)
	if t.s.Live.HoldUntil.After(next) {
		next = t.s.Live.HoldUntil
	}
	t.wake(TimerPoll, next)
}

// trouble keeps why the service could not be understood, and since when.
func (t *step) trouble(reply Reply) {
	live := &t.s.Live
	if live.Trouble == "" {
		live.TroubleSince = t.at
	}
	live.Trouble = reply.Detail
	switch {
	case reply.Answer == AnswerRefused:
		live.Trouble = reply.Refusal.Code
	case reply.Answer == AnswerDone:
		live.Trouble = "the answer is about another payment request"
	case live.Trouble == "":
		live.Trouble = reply.Answer.String()
	}
}

// conclude ends the operation by the final status of its request. While a void
// may have taken effect unseen, paid is not yet the last word: that void may
// have given the money back, so it is asked again until its answer is definite.
// Cancelled waits for a void under way too: its answer says what it gave back.
func (t *step) conclude() {
	rec := t.s.Record
	req := rec.Request
	voiding := rec.VoidOf(req.ID)
	switch {
	case req.Status == StatusExpired && rec.Kind == KindVoid:
		t.end(OutcomeRefused, &Refusal{Code: RefusedRequestExpired}, "")
	case req.Status == StatusExpired:
		t.end(OutcomeExpired, nil, "")
	case req.Status == StatusCancelled && t.voidUnderWay(req.ID):
	case req.Status == StatusCancelled && voiding.Sent > 0 && req.cancelledByMerchant():
		t.end(t.outcomeOfStop(), nil, "")
	case req.Status == StatusCancelled:
		t.end(OutcomeCancelled, nil, "")
	case rec.Kind == KindVoid || voiding.Unsure():
		t.stillOpen()
	default:
		t.end(paidOutcome(rec), nil, "")
	}
}

func paidOutcome(rec Record) Outcome {
	switch req := rec.Request; {
	case req.Authorized():
		return OutcomeAuthorized
	case req.Remaining.Sign() > 0:
		return OutcomePartlyPaid
	}
	return OutcomePaid
}

// answerCondition sends staff's answer to a condition that awaits it.
func (t *step) answerCondition(e ConditionAnswered) {
	pending := slices.ContainsFunc(t.s.PendingConditions(), func(c Condition) bool { return c.ID == e.ConditionID })
	if !pending || slices.Contains(t.s.Live.deciding, e.ConditionID) {
		return
	}
	t.s.Live.refusedDecisions = without(t.s.Live.refusedDecisions, e.ConditionID)
	d := Decided{ConditionID: e.ConditionID, Accept: e.Accept}
	t.note(d)
	t.sendDecision(d)
}

func (t *step) sendDecision(d Decided) {
	t.s.Live.deciding = with(t.s.Live.deciding, d.ConditionID)
	t.do(Decide{RequestID: t.s.Record.Request.ID, ConditionID: d.ConditionID, Accept: d.Accept})
}

// decided goes on after an answered condition: always by polling, since
// conditions add and void one another (Payment conditions guide). An answer that
// was lost waits for the next regular poll, so that a service in trouble is not
// asked as fast as it fails.
func (t *step) decided(e DecideReplied) {
	live := &t.s.Live
	if !slices.Contains(live.deciding, e.ConditionID) {
		return
	}
	live.deciding = without(live.deciding, e.ConditionID)
	t.heard(e.Reply)
	if t.s.Record.Outcome != OutcomeOpen {
		return
	}
	switch e.Reply.Answer {
	case AnswerDone:
		t.poll()
	case AnswerRefused:
		if e.Reply.Refusal.Code != RefusedConditionSet { // else staff have answered, and are not asked again
			live.refusedDecisions = with(live.refusedDecisions, e.ConditionID)
		}
		t.poll()
	case AnswerUnknown:
		t.note(NoAnswer{Call: "condition", Detail: e.Reply.Detail})
	case AnswerNotSent:
	}
}

// repeatDecisions sends again what staff decided and the service still waits
// for: its first sending was lost.
func (t *step) repeatDecisions() {
	for _, c := range t.s.Record.Request.Awaiting(ConditionAwaitingMerchant) {
		if d, decided := t.s.decision(c.ID); decided && !slices.Contains(t.s.Live.deciding, c.ID) {
			t.sendDecision(d)
		}
	}
}
