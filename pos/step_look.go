package pos

import "time"

// This file holds how the till finds out what became of a refund, a confirmation
// or a release whose answer was lost, where sending it again does not tell.

// look reads what there is: of a release the request, of the others its history.
func (t *step) look() {
	live := &t.s.Live
	switch {
	case t.s.Record.Kind == KindRelease:
		t.poll()
	case live.readingHistory:
	case t.at.Before(live.HoldUntil):
		t.wake(TimerHistory, live.HoldUntil)
	default:
		live.readingHistory = true
		t.do(ReadHistory{RequestID: t.s.Record.Target.RequestID})
	}
}

func (t *step) lookLater(timer Timer) {
	live := &t.s.Live
	live.looks++
	at := t.at.Add(backoff(live.looks))
	if live.HoldUntil.After(at) {
		at = live.HoldUntil
	}
	t.wake(timer, at)
}

func (t *step) historyRead(e HistoryReplied) {
	live := &t.s.Live
	if !live.readingHistory {
		return
	}
	live.readingHistory = false
	t.heard(e.Reply)
	if t.s.Record.Outcome != OutcomeOpen {
		return
	}
	switch e.Reply.Answer {
	case AnswerDone:
		live.Trouble, live.looks, live.inDoubt = "", 0, false
		t.settleBy(e.Activities)
	case AnswerRefused:
		live.inDoubt = true
		t.trouble(e.Reply)
		t.lookLater(TimerHistory)
	case AnswerUnknown, AnswerNotSent:
		t.trouble(e.Reply)
		t.lookLater(TimerHistory)
	}
}

// settleBy ends a refused action, of which an earlier sending may have worked, by
// the request's history, where that tells.
func (t *step) settleBy(history []Activity) {
	found, sure := t.inHistory(history)
	switch {
	case found != nil && sure:
		t.note(ActionFound{Activity: *found})
		t.endDone()
	case found != nil && t.s.Record.Action.Refusal.ofTheCaller():
		t.actLater() // the service has not said yet what it thinks of the repeat
	case found != nil:
		// It may be ours, or another till's. Neither "refunded" nor "refused" would be
		// the truth; nothing the service can still be asked tells.
		t.s.Live.inDoubt = true
	case t.at.Before(t.actionSettles()):
		t.wake(TimerHistory, t.actionSettles()) // a sending may still be on its way
	default:
		t.end(OutcomeRefused, t.s.Record.Action.Refusal, "")
	}
}

func (t *step) actionSettles() time.Time { return t.s.Record.Action.LastSent.Add(createSettles) }

// inHistory finds what the lost sending would have left in the history: an entry
// with its name and amount, which is it, or one that names nothing and is not
// older than the intent, which may be. None tells that no sending has worked.
func (t *step) inHistory(history []Activity) (found *Activity, sure bool) {
	rec := t.s.Record
	for i, a := range history {
		name := a.ExternalRef
		if rec.Kind == KindConfirm {
			name = a.Key
		}
		otherConfirmation := a.ConfirmationKey != "" && rec.Refund.ConfirmationKey != "" && a.ConfirmationKey != rec.Refund.ConfirmationKey
		switch {
		case !a.answers(rec.Kind) || name != "" && name != rec.Reference():
		case name != "" && (!a.Value.IsKnown() || a.Value.Equal(rec.Amount())):
			return &history[i], true
		case name != "":
			found = &history[i] // under our name, of another amount
		case otherConfirmation || !a.CreatedAt.IsZero() && t.olderThanIntent(a.CreatedAt):
		default:
			found = &history[i]
		}
	}
	return found, false
}

// releaseRead goes on after a reading of a pre-auth that is to be released.
func (t *step) releaseRead() {
	rec := t.s.Record
	switch {
	case t.s.Live.acting: // its answer goes on
	case rec.Request.Released():
		t.end(OutcomeReleased, nil, "")
	case rec.Request.Status == StatusCancelled:
		t.end(OutcomeCancelled, nil, "")
	case rec.Request.Status == StatusExpired:
		t.end(OutcomeRefused, &Refusal{Code: RefusedRequestExpired}, "")
	case rec.Action.Refusal == nil:
		t.actLater()
	case t.at.Before(t.actionSettles()):
		t.wake(TimerPoll, t.actionSettles())
	default:
		t.end(OutcomeRefused, rec.Action.Refusal, "")
	}
}

// releaseUnread goes on after a reading that told nothing. Another release does no
// harm, and its answer tells as much; after a refusal only reading does.
func (t *step) releaseUnread() {
	switch {
	case t.s.Live.acting:
	case t.s.Record.Action.Refusal == nil:
		t.actLater()
	default:
		t.lookLater(TimerPoll)
	}
}
