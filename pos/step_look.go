package pos

import "time"

// This file holds how the till finds out what became of a refund, a confirmation
// or a release whose answer was lost, where sending it again does not tell.

// look reads what there is: of a release the request and, once it holds nothing, its
// history; of the others its history.
func (t *step) look() {
	if rec := t.s.Record; rec.Kind == KindRelease && !rec.wasReleased() {
		t.poll()
		return
	}
	t.readHistory()
}

// wasReleased reports whether the service has said that a pre-auth holds nothing any
// more.
func (r Record) wasReleased() bool {
	refused := r.Action.Refusal != nil && r.Action.Refusal.Code == RefusedPreAuthReleased
	return r.Kind == KindRelease && (r.Request.Released() || refused && r.Action.Unsure())
}

func (t *step) readHistory() {
	switch live := &t.s.Live; {
	case live.readingHistory:
	case t.at.Before(live.HoldUntil):
		t.wake(TimerHistory, live.HoldUntil)
	default:
		live.readingHistory = true
		t.do(ReadHistory{RequestID: t.s.Record.Request.ID})
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

// lookOnly is what a person asks for who is about to settle the action by hand: from
// now on the till looks, and sends nothing more.
func (t *step) lookOnly() {
	rec := t.s.Record
	if !rec.Kind.isAction() || len(rec.Kind.Verdicts()) == 0 || rec.Outcome != OutcomeOpen {
		return
	}
	t.s.Live.lookOnly = true
	if !t.s.Live.acting { // else its answer goes on
		t.look()
	}
}

// lookNow looks at what is in doubt without waiting for its time.
func (t *step) lookNow() {
	if t.s.Record.Outcome == OutcomeOpen && t.looksOnly() && !t.s.Live.acting {
		t.look()
	}
}

// looksOnly reports whether nothing more is sent: the service has judged what was
// sent, or a person is about to.
func (t *step) looksOnly() bool {
	rec := t.s.Record
	return t.s.Live.lookOnly || rec.Action.judged() || rec.Kind == KindRelease && rec.Action.Refusal != nil
}

func (t *step) historyRead(e HistoryReplied) {
	live := &t.s.Live
	if !live.readingHistory {
		return
	}
	live.readingHistory, live.looked = false, true
	t.heard(e.Reply)
	switch {
	case t.s.Record.Outcome != OutcomeOpen:
	case !t.s.Record.Kind.isAction():
		t.voidHistory(e)
	case t.s.Record.Kind == KindRelease:
		t.released(e)
	case e.Reply.Answer == AnswerDone:
		live.Trouble, live.looks = "", 0
		t.settleBy(e.Activities)
	case t.s.Record.Action.Refusal == nil && !live.lookOnly:
		t.act() // what asking again tells is as good
	case e.Reply.Answer == AnswerRefused:
		t.trouble(e.Reply)
		t.doubt()
		t.lookLater(TimerHistory)
	default:
		t.trouble(e.Reply)
		t.lookLater(TimerHistory)
	}
}

// settleBy goes on after a reading of the request's history. An entry under the
// action's own name settles it. Nothing that the history lacks does: the service makes
// refunds asynchronously (Payment Requests, Refund) and says nowhere how soon it
// lists them, its clock is not the till's, and an entry without a name may be
// anybody's. So what may have worked is asked again, where the service has not judged
// it yet, and is otherwise not known, however often it is looked for.
func (t *step) settleBy(history []Activity) {
	rec := t.s.Record
	if found := rec.inHistory(history); found != nil {
		t.note(ActionFound{Activity: *found})
		t.endDone()
		return
	}
	switch {
	case t.looksOnly():
		t.doubt()
		t.lookAgain()
	case rec.Action.Refusal == nil:
		t.act()
	default:
		t.actLater() // the service has not said yet what it thinks of the repeat
	}
}

// doubt says that a person is needed, once no sending can be on its way any more: what
// Centrapay tells a person then is the last word.
func (t *step) doubt() { t.s.Live.inDoubt = !t.at.Before(t.actionSettles()) }

// lookAgain goes on looking, ever more rarely, for as long as the process lives.
func (t *step) lookAgain() {
	if at := t.actionSettles(); t.at.Before(at) {
		t.wake(TimerHistory, at)
		return
	}
	live := &t.s.Live
	again := min(lookBackAgain<<min(live.doubts, 8), mostLookBackAgain)
	live.doubts++
	t.wake(TimerHistory, latest(t.at.Add(again), live.HoldUntil))
}

// actionSettles is when no sending can be on its way any more, by this process's
// clock alone: what another process has sent was sent by a clock that may have been
// set since, so that it counts from when this one took it up, unless it is long ago.
func (t *step) actionSettles() time.Time {
	live, last := t.s.Live, t.s.Record.Action.LastSent
	switch {
	case !live.sentAt.IsZero():
		return live.sentAt.Add(createSettles)
	case live.resumedAt.Sub(last) < clockSlack:
		return live.resumedAt.Add(createSettles)
	}
	return last.Add(createSettles)
}

// inHistory finds what the sending left in the history: the entry under its name, of
// its amount or of one that the service does not say.
func (r Record) inHistory(history []Activity) *Activity {
	for i, a := range history {
		name := a.ExternalRef
		if r.Kind == KindConfirm {
			name = a.Key
		}
		if a.answers(r.Kind) && name != "" && name == r.Reference() && (!a.Value.IsKnown() || a.Value.Equal(r.Amount())) {
			return &history[i]
		}
	}
	return nil
}

// releaseRead goes on after a reading of a pre-auth that is to be released.
func (t *step) releaseRead() {
	rec := t.s.Record
	switch {
	case t.s.Live.acting: // its answer goes on
	case rec.wasReleased():
		t.readHistory() // how much it gave back, the history says
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

// released ends a release that has worked, by the history's entry of it where it has one.
func (t *step) released(e HistoryReplied) {
	live := &t.s.Live
	failed := e.Reply.Answer == AnswerUnknown || e.Reply.Answer == AnswerNotSent
	if live.doubts++; failed && live.doubts < mostReleaseLooks {
		t.trouble(e.Reply)
		t.lookLater(TimerHistory)
		return
	}
	for _, a := range e.Activities {
		if a.Is(ActivityRelease) {
			t.note(ActionFound{Activity: a})
			break
		}
	}
	t.end(OutcomeReleased, nil, "")
}

// mostReleaseLooks bounds how often the amount of a release is looked for.
const mostReleaseLooks = 3
