package pos

import (
	"cmp"
	"slices"
	"time"
)

// The till's patience. Polls are a second apart while the customer is there;
// everything else backs off, so that a service in trouble is not hammered.
const (
	// PollEvery is the time between two polls of a request with a customer.
	PollEvery = time.Second
	// DeadlineMargin is how long after a request's expiry the till waits for its
	// final status before it voids (checklist 103.1: 5 to 10 s).
	DeadlineMargin = 7500 * time.Millisecond
	// maxCreates bounds how often a QR request is made again after a lost answer.
	maxCreates = 3
	// maxUnsent bounds how often a call that cannot be sent is tried again.
	maxUnsent = 3
	// failedLookUps is after how many unanswered look-ups a QR request, which
	// nobody can have seen, is made again without waiting for one.
	failedLookUps = 3
	// createSettles is how long after a create, or an action, left it may still take
	// effect: the longest a call may take, and a margin.
	createSettles = 12 * time.Second
	// datesSlack is how far a request's dates may be off the service's clock.
	datesSlack = 15 * time.Second
	// clockSlack is how far the clocks are taken to differ when nothing is known of
	// it, or when the till's may have been set since the sale began.
	clockSlack = 10 * time.Minute
)

// backoffs are the waits between tries of what must succeed in the end.
var backoffs = []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 15 * time.Second, 30 * time.Second}

func backoff(tries int) time.Duration { return backoffs[min(max(tries, 0), len(backoffs)-1)] }

// Step is the life of a money operation: given where it stands and what
// happened, it says where it stands now and what to do next. It does no I/O,
// reads no clock and draws no random numbers; the runner performs the effects
// and feeds what comes of them back.
//
// Every change of the record is a Write effect, in front of the effects that
// rest on it, so Replay of what was written always gives the record back.
func Step(s State, at time.Time, e Event) (State, []Effect) {
	if _, begins := e.(Begun); begins != (s.Record.Kind == "") {
		return s, nil // an operation begins once, and with nothing else
	}
	t := &step{s: s, at: at}
	switch e := e.(type) {
	case Begun:
		t.begin(e.Intent)
	case Resumed:
		t.s.Live.lookOnly = t.s.Live.lookOnly || e.LookOnly && t.s.Record.Kind != KindRelease
		t.resume()
	case TimerDue:
		t.due(e.Timer)
	case StopAsked:
		t.stop(e.Why)
	case ConditionAnswered:
		t.answerCondition(e)
	case CreateReplied:
		t.created(e)
	case LookUpReplied:
		t.lookedUp(e)
	case PollReplied:
		e.Request.Asked = nil
		t.polled(e)
	case VoidReplied:
		t.voided(e)
	case DecideReplied:
		t.decided(e)
	case ActionReplied:
		t.acted(e)
	case HistoryReplied:
		t.historyRead(e)
	case PersonSaid:
		t.personSaid(e.Word)
	case LookOnlyAsked:
		t.lookOnly()
	case LookBackAsked:
		if t.s.Record.Kind.isAction() {
			t.lookNow()
			break
		}
		t.s.Live.lookWanted = t.s.Record.Doubtful()
		t.lookBack()
	}
	return t.s, t.out
}

// step is one application of the rules: the state as it changes, and the
// effects as they gather.
type step struct {
	s   State
	at  time.Time
	out []Effect
}

func (t *step) do(e Effect) { t.out = append(t.out, e) }

// note makes a fact true, and durable.
func (t *step) note(f Fact) {
	entry := Entry{At: t.at, Fact: f}
	t.s.Record = t.s.Record.apply(entry)
	t.do(Write{Entry: entry})
}

func (t *step) wake(timer Timer, at time.Time) {
	if at.Before(t.at) {
		at = t.at
	}
	t.do(Wake{Timer: timer, At: at})
}

// heard takes from a reply what it says of the clocks and of being asked too often.
func (t *step) heard(r Reply) {
	t.s.Live.Skew = t.s.Live.Skew.Refine(r.Clock)
	if until := t.at.Add(r.RetryAfter); r.RetryAfter > 0 && until.After(t.s.Live.HoldUntil) {
		t.s.Live.HoldUntil = until
	}
}

func (t *step) begin(intent Opened) {
	t.note(intent)
	switch intent.Kind {
	case KindSale:
		t.s.Live.creating = true
		t.do(Create{Sale: t.s.Record.Sale})
	case KindVoid:
		t.void(t.s.Record.Request.ID)
	case KindRefund, KindConfirm, KindRelease:
		t.act()
	}
}

// resume takes up what a process that has ended left open. Nobody is watching
// the request any more, so it is brought to an end.
func (t *step) resume() {
	rec := t.s.Record
	t.s.Live.resumed, t.s.Live.resumedAt = true, t.at
	for _, stray := range rec.openStrays() {
		t.void(stray.ID)
	}
	switch {
	case rec.Closed():
		return
	case rec.Outcome != OutcomeOpen:
		t.wrapUp()
		return
	case rec.Stop == WhyNone:
		t.note(StopWanted{Why: WhyRecovery})
	}
	switch {
	case rec.Kind.isAction():
		t.resumeAction()
	case rec.Request.ID == "" && rec.Unaccounted == 0:
		t.endUnmade()
	case rec.Request.ID == "":
		t.search()
	case rec.VoidOf(rec.Request.ID).Done:
		t.endByVoid()
	case rec.Kind == KindVoid && rec.VoidOf(rec.Request.ID).Sent == 0:
		// Whoever asked for it was told that nothing was sent, or nothing at all: it is
		// not carried out later, when nobody knows of it.
		t.end(OutcomeNotMade, nil, cmp.Or(rec.Detail, neverSent))
	case rec.Kind == KindVoid || rec.VoidOf(rec.Request.ID).Unsure():
		t.void(rec.Request.ID)
	default:
		t.poll() // the customer may have paid meanwhile: look before voiding
	}
}

func (t *step) due(timer Timer) {
	rec, live := t.s.Record, t.s.Live
	if rec.Kind.isAction() {
		t.actionDue(timer)
		return
	}
	switch timer {
	case TimerPoll:
		if rec.Outcome == OutcomeOpen && rec.Request.ID != "" {
			t.poll()
		}
	case TimerDeadline:
		if rec.Outcome == OutcomeOpen && rec.Stop == WhyNone && rec.Request.ID != "" {
			t.note(StopWanted{Why: WhyDeadline})
			t.void(rec.Request.ID)
		}
	case TimerCreate:
		switch {
		case rec.Outcome != OutcomeOpen || rec.Request.ID != "" || live.creating:
		case rec.Stop != WhyNone || rec.Unaccounted > 0 && !t.mayCreateAgain():
			t.unmade()
		default:
			t.createAgain()
		}
	case TimerLookUp:
		switch {
		case live.lookingUp:
		case rec.Unaccounted > 0 && rec.keepsLooking():
			t.lookUp()
		default:
			t.searchOrWrapUp()
		}
	case TimerVoid:
		t.voidWhatIsOpen()
	case TimerLookBack:
		t.lookBack()
	case TimerAction, TimerHistory: // of actions only
	}
}

// stop begins the end that somebody asked for. It is safe to ask again and
// again: the first reason stays, and a request whose end is known is left alone.
func (t *step) stop(why Why) {
	rec := t.s.Record
	if rec.Outcome != OutcomeOpen || rec.Stop != WhyNone {
		return
	}
	t.note(StopWanted{Why: why})
	switch {
	case rec.Kind.isAction():
		t.stopAction()
	case rec.Kind == KindVoid && rec.VoidOf(rec.Request.ID).Sent == 0 && !t.voidUnderWay(rec.Request.ID):
		t.end(OutcomeNotMade, nil, cmp.Or(t.s.Live.Trouble, neverSent)) // nor would recovery carry it out
	case rec.Kind == KindVoid:
		// A void that has begun is finished; there is nothing to take back.
	case rec.Request.ID != "":
		t.void(rec.Request.ID)
	case !t.s.Live.creating && rec.Unaccounted == 0:
		t.endUnmade()
	}
}

// end states the outcome and sees to what is left behind it.
func (t *step) end(outcome Outcome, refusal *Refusal, detail string) {
	if t.s.Record.Outcome != OutcomeOpen {
		return
	}
	ended := t.endedAs(Ended{Outcome: outcome, Refusal: refusal, Detail: detail})
	ended.Doubtful = t.s.Record.apply(Entry{At: t.at, Fact: ended}).mayStillMove()
	t.note(ended)
	t.s.Live.Trouble = ""
	t.wrapUp()
}

// endedAs says of a request that was not the one asked for, and that nobody could pay
// or has paid, that it was refused: the sale came to nothing.
func (t *step) endedAs(e Ended) Ended {
	rec := t.s.Record
	after := rec.apply(Entry{At: t.at, Fact: e})
	over := e.Outcome == OutcomeCancelled || e.Outcome == OutcomeVoided || e.Outcome == OutcomeExpired
	if rec.Stop != WhyDiffers || !over || after.Returned.IsKnown() || after.ReturnUnknown() {
		return e
	}
	why := cmp.Or(rec.differsFrom(rec.Request), "it was for something else")
	return Ended{Outcome: OutcomeRefused, Refusal: &Refusal{Code: CodeNotAsAsked,
		Reason: "Centrapay made another payment request than was asked for, and it was called off: " + why}}
}

// endUnmade ends an operation that has no request and cannot have one any more.
func (t *step) endUnmade() {
	rec := t.s.Record
	if rec.Refusal != nil {
		t.end(OutcomeRefused, rec.Refusal, "")
		return
	}
	t.end(OutcomeNotMade, nil, rec.Detail)
}

// wrapUp looks once more for requests that lost creates may have made, after
// the outcome is known: they are voided, though nobody has seen their codes.
func (t *step) wrapUp() {
	rec := t.s.Record
	switch {
	case rec.Outcome == OutcomeOpen || rec.Unaccounted == 0 || t.s.Live.creating:
		return
	case t.canLookUp():
		t.lookUp()
	case rec.Sale.showsCode():
		t.note(LostWrittenOff{Why: "nobody has seen its code, and look-up by reference is not possible"})
	case t.at.Before(t.lapse()):
		t.wake(TimerLookUp, t.lapse())
	case rec.keepsLooking():
		t.wake(TimerLookUp, t.at.Add(refusedLookUpAgain))
	default:
		t.note(LostWrittenOff{Why: "its time has run out, and look-up by reference is not possible"})
	}
}

// outcomeOfStop is how an operation ends that was stopped and is over, unpaid
// or with the money given back.
func (t *step) outcomeOfStop() Outcome {
	rec := t.s.Record
	if rec.Kind == KindVoid || rec.Stop == WhyDeadline || rec.Stop == WhyRecovery {
		return OutcomeVoided
	}
	return OutcomeCancelled
}

// lapse is when no request that the sale's creates made can be paid any more.
func (t *step) lapse() time.Time { return t.s.Record.lapse() }

func (r Record) lapse() time.Time {
	return r.LastCreate.Add(createSettles + r.Sale.Expiry + DeadlineMargin)
}

func without(list []string, item string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == item })
}

func with(list []string, item string) []string {
	return append(without(list, item), item)
}
