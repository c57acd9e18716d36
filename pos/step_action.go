package pos

import "cmp"

// This file holds the rules for refunds, confirmations and releases. Each is one
// call on a payment request that was made before. The first two carry a name by
// which the service takes a repeat for the same thing (Payment Requests, Refund
// and Confirm), so what got no answer is sent again, with the same name and
// content, until it gets one. A release has no name: what became of it is read.

// neverSent says why recovery does not carry an operation out.
const neverSent = "the till stopped before it was sent"

// act sends the operation's own call, unless it is on its way already.
func (t *step) act() {
	if t.s.Live.acting || t.s.Record.Action.Done {
		return
	}
	t.note(ActionSent{})
	t.s.Live.acting, t.s.Live.sentAt, t.s.Live.looked = true, t.at, false
	switch rec := t.s.Record; rec.Kind {
	case KindRefund:
		t.do(SendRefund{Refund: rec.Refund})
	case KindConfirm:
		t.do(SendConfirm{Confirm: rec.Confirm})
	case KindRelease:
		t.do(SendRelease{RequestID: rec.Target.RequestID})
	case KindSale, KindVoid: // their calls have rules of their own
	}
}

func (t *step) acted(e ActionReplied) {
	if !t.s.Live.acting {
		return
	}
	t.s.Live.acting = false
	t.heard(e.Reply)
	if e.Reply.Answer == AnswerDone && !e.Activity.answers(t.s.Record.Kind) {
		e.Reply.Answer, e.Reply.Detail = AnswerUnknown, "the answer is a "+string(e.Activity.Type)
	}
	switch e.Reply.Answer {
	case AnswerDone:
		t.note(ActionDone{Activity: e.Activity})
		t.endDone()
	case AnswerRefused:
		t.note(ActionRefused{Refusal: e.Reply.Refusal})
		t.actionRefused(e.Reply)
	case AnswerNotSent:
		t.note(ActionNotSent{Detail: e.Reply.Detail})
		t.trouble(e.Reply)
		t.actionUnsent(e.Reply)
	case AnswerUnknown:
		t.note(NoAnswer{Call: string(t.s.Record.Kind), Detail: e.Reply.Detail})
		t.trouble(e.Reply)
		t.actionLost()
	}
}

// endDone ends an action that the service says was done.
func (t *step) endDone() {
	outcome := OutcomeRefunded
	switch rec := t.s.Record; {
	case rec.Kind == KindConfirm:
		outcome = OutcomeConfirmed
	case rec.Kind == KindRelease && rec.Action.Activity.Is(ActivityCancellation):
		outcome = OutcomeCancelled // it had never been authorized
	case rec.Kind == KindRelease:
		outcome = OutcomeReleased
	}
	t.end(outcome, nil, "")
}

// actionRefused goes on after a definite no. It is the end, unless an earlier
// sending may have worked: by the documents the service would then repeat its
// first answer, but they do not say whether it looks for the repeat before it
// looks whether anything is left to refund. So the till looks what there is, and
// sends nothing more of what the service has judged.
func (t *step) actionRefused(reply Reply) {
	rec := t.s.Record
	switch {
	case !rec.Action.Unsure() || reply.Refusal.everyTime():
		t.end(OutcomeRefused, &reply.Refusal, "")
	case rec.Kind == KindRelease && reply.Refusal.Code == RefusedPreAuthReleased:
		t.look() // by the one whose answer was lost, or by its time; how much is to be found out
	default:
		t.trouble(reply)
		t.look()
	}
}

// everyTime reports whether the service would have said the same to any earlier
// sending: what it says rests on what was sent or on the kind of the payment, and
// on nothing that changes.
func (f Refusal) everyTime() bool {
	switch f.Code {
	case CodeLineItemsSum, RefusedRefundNotSupported, RefusedInvalidRequestType:
		return true
	}
	return false
}

// ofTheCaller reports whether the service turned away who asked, and did not judge
// what was asked.
func (f Refusal) ofTheCaller() bool {
	return f.Code == RefusedForbidden || f.Code == RefusedUnauthorized
}

// actionUnsent goes on after a sending that left nothing at the service. It is
// tried a few times; then nothing has moved, and nothing shall by itself later.
// Where an earlier sending may have worked, it goes on until that is known.
func (t *step) actionUnsent(reply Reply) {
	t.s.Live.unsent++
	rec := t.s.Record
	switch {
	case !rec.Action.Unsure() && (rec.Stop != WhyNone || t.s.Live.lookOnly || t.s.Live.unsent >= maxUnsent):
		t.end(OutcomeNotMade, nil, reply.Detail)
	case t.s.Live.lookOnly:
		t.look()
	default:
		t.actLater()
	}
}

// actionLost goes on after a sending without an answer.
func (t *step) actionLost() {
	if t.s.Record.Kind == KindRelease || t.s.Live.lookOnly {
		t.look()
		return
	}
	t.actLater()
}

func (t *step) actLater() {
	t.s.Live.actionTries++
	at := t.at.Add(backoff(t.s.Live.actionTries - 1))
	if t.s.Live.HoldUntil.After(at) {
		at = t.s.Live.HoldUntil
	}
	t.wake(TimerAction, at)
}

// actionDue is due for actions.
func (t *step) actionDue(timer Timer) {
	rec := t.s.Record
	release := rec.Kind == KindRelease
	switch {
	case rec.Outcome != OutcomeOpen || t.s.Live.acting:
	case timer == TimerAction && !t.looksOnly() && !t.s.Live.readingHistory:
		t.actAgain()
	case timer == TimerHistory && (release && rec.wasReleased() || !release && (rec.Action.Refusal != nil || t.s.Live.lookOnly)):
		t.look()
	case timer == TimerPoll && release:
		t.look()
	}
}

// actAgain sends the action again. Where that had no answer a few times, the history
// is looked into first: it may tell what the service is too busy to answer.
func (t *step) actAgain() {
	live := t.s.Live
	if t.s.Record.Kind != KindRelease && t.s.Record.Action.Unsure() && live.actionTries > maxUnsent && !live.looked {
		t.look()
		return
	}
	t.act()
}

// stopAction ends an action of which nothing has left. What may have left cannot
// be taken back: it goes on, and recovery goes on with it.
func (t *step) stopAction() {
	if rec := t.s.Record; !t.s.Live.acting && !rec.Action.Unsure() {
		t.end(OutcomeNotMade, nil, rec.Detail)
	}
}

// resumeAction takes up an action that a process left open. One that has not left
// is not sent now: nobody is there who would know of it. Of one that may have left
// the till looks first what became of it. Where that does not tell it is sent again
// with the same name, which does nothing twice, unless the service has judged it.
func (t *step) resumeAction() {
	rec := t.s.Record
	switch {
	case rec.Action.Done:
		t.endDone()
	case !rec.Action.Unsure() && rec.Action.Refusal != nil:
		t.end(OutcomeRefused, rec.Action.Refusal, "")
	case !rec.Action.Unsure():
		t.end(OutcomeNotMade, nil, cmp.Or(rec.Detail, neverSent))
	default:
		t.look()
	}
}
