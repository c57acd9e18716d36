package pos_test

import (
	"testing"
	"time"

	"centrapos/pos"
)

// lostEntry is what a lost refund or confirmation of these tests would have left.
func lostEntry(kind pos.Kind, at time.Time) pos.Activity {
	a := doneActivity(kind)
	a.CreatedAt = at
	if kind == pos.KindRefund {
		a.ExternalRef = "T1-0002"
	} else {
		a.Key = "T1-KEY"
	}
	return a
}

func nameless(a pos.Activity) pos.Activity {
	a.ExternalRef, a.Key = "", ""
	return a
}

// TestHistoryTellsWhatBecameOfALostSending goes through what a history can show: an
// entry under the action's own name settles it, and nothing else does. What is missing
// may be listed later, and what was written by the service's clock is not measured by
// the till's.
func TestHistoryTellsWhatBecameOfALostSending(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*pos.Activity)
		done   bool // ours
	}{
		"ours":                               {change: func(*pos.Activity) {}, done: true},
		"ours, without an amount":            {change: func(a *pos.Activity) { a.Value = pos.Money{} }, done: true},
		"ours, by a clock behind":            {change: func(a *pos.Activity) { a.CreatedAt = noon.Add(-24 * time.Hour) }, done: true},
		"our name, of whatever confirmation": {change: func(a *pos.Activity) { a.ConfirmationKey = "other" }, done: true},
		"our name, another amount":           {change: func(a *pos.Activity) { a.Value = cents(400) }},
		"no name":                            {change: func(a *pos.Activity) { *a = nameless(*a) }},
		"no name, another amount":            {change: func(a *pos.Activity) { *a = nameless(*a); a.Value = cents(400) }},
		"no name, no time":                   {change: func(a *pos.Activity) { *a = nameless(*a); a.CreatedAt = time.Time{} }},
		"no name, by a clock 3 s behind":     {change: func(a *pos.Activity) { *a = nameless(*a); a.CreatedAt = noon.Add(-3 * time.Second) }},
		"no name, by a clock an hour behind": {change: func(a *pos.Activity) { *a = nameless(*a); a.CreatedAt = noon.Add(-time.Hour) }},
		"no name, by a clock an hour ahead":  {change: func(a *pos.Activity) { *a = nameless(*a); a.CreatedAt = noon.Add(time.Hour) }},
		"another name":                       {change: func(a *pos.Activity) { a.ExternalRef, a.Key = "T2-0007", "T2-0007" }},
		"another type":                       {change: func(a *pos.Activity) { a.Type = pos.ActivityPayment }},
		"no name, of another confirmation":   {change: func(a *pos.Activity) { *a = nameless(*a); a.ConfirmationKey = "other" }},
	}
	for name, tt := range tests {
		for _, kind := range []pos.Kind{pos.KindRefund, pos.KindConfirm} {
			w := refusedAfterLost(t, kind, "INVALID_AMOUNT")
			entry := lostEntry(kind, w.at)
			tt.change(&entry)
			w.after(time.Minute).history(pos.Activity{Type: pos.ActivityPayment, Value: cents(1250)}, entry)
			if tt.done {
				w.gives("write action-found", "write ended").ends(doneOutcomes[kind]).closed(true)
			} else {
				w.gives("wake history +10s").ends(pos.OutcomeOpen)
			}
			if w.s.NeedsPerson(w.at) == tt.done {
				t.Errorf("%s of a %s: needs a person is %v", name, kind, tt.done)
			}
		}
	}
}

// TestEmptyHistoryProvesNothing: refunds are made asynchronously, so that what the
// history does not show yet may be there later, however long it takes. The till goes on
// looking, ever more rarely, and a person's word is the way out.
func TestEmptyHistoryProvesNothing(t *testing.T) {
	t.Parallel()
	for _, kind := range []pos.Kind{pos.KindRefund, pos.KindConfirm} {
		w := refusedAfterLost(t, kind, "ALREADY_REFUNDED").after(2 * time.Second).history().gives("wake history +10s").ends(pos.OutcomeOpen)
		if w.s.NeedsPerson(w.at) {
			t.Error("a person is asked while a sending may be on its way")
		}
		w.after(10 * time.Second).on(due(pos.TimerHistory))
		for _, seconds := range []int{10, 20, 40, 80, 160, 300, 300} {
			next := time.Duration(seconds) * time.Second
			w.gives("history pr1").history().gives("wake history +" + next.String()).ends(pos.OutcomeOpen).closed(false)
			if !w.s.NeedsPerson(w.at) || !w.s.Unresolved() {
				t.Error("nobody is told that it is not known")
			}
			w.after(next).on(due(pos.TimerHistory))
		}
		w.history(lostEntry(kind, noon)).gives("write action-found", "write ended").ends(doneOutcomes[kind]).closed(true)
	}
}

// TestRecoveryLooksBeforeItSends: a confirmation or a refund that the history lists
// under its name is settled by that.
func TestRecoveryLooksBeforeItSends(t *testing.T) {
	t.Parallel()
	for _, kind := range []pos.Kind{pos.KindRefund, pos.KindConfirm} {
		lost := func() *walk {
			return acting(t, kind).answered(unknown).after(time.Hour).restart().gives("write stop-wanted", "history pr1")
		}
		w := lost()
		w.history(lostEntry(kind, noon)).gives("write action-found", "write ended").ends(doneOutcomes[kind]).closed(true)
		lost().history().gives("write action-sent", sends[kind])
		lost().history(nameless(lostEntry(kind, noon))).gives("write action-sent", sends[kind])
		for _, reply := range []pos.Reply{unknown, notSent, refusedWith("FORBIDDEN"), refusedWith("NOT_IN_FORM")} {
			lost().on(pos.HistoryReplied{Reply: reply}).gives("write action-sent", sends[kind])
		}
	}
}

// TestLookingOnly: for a person who is about to settle it, what may have worked is
// looked for and never sent.
func TestLookingOnly(t *testing.T) {
	t.Parallel()
	said := func(v pos.Verdict) pos.PersonSaid {
		return pos.PersonSaid{Word: pos.Word{Verdict: v, By: "Mia", Note: "asked"}}
	}
	for _, kind := range []pos.Kind{pos.KindRefund, pos.KindConfirm} {
		not := kind.Verdicts()[1]
		w := acting(t, kind).answered(unknown).after(time.Hour).restarted(pos.Resumed{LookOnly: true}).gives("write stop-wanted", "history pr1")
		w.on(due(pos.TimerAction)).gives().on(said(not)).gives()
		w.history().gives("wake history +10s").ends(pos.OutcomeOpen)
		w.on(said(not)).gives("write word-given", "write ended").ends(pos.OutcomeNotMade).closed(true)

		w = acting(t, kind).answered(unknown).after(time.Hour).restarted(pos.Resumed{LookOnly: true})
		w.history(lostEntry(kind, noon)).ends(doneOutcomes[kind])

		// One that is being sent again and again is not sent any more.
		w = acting(t, kind).answered(unknown).on(due(pos.TimerAction)).on(pos.LookOnlyAsked{}).gives()
		w.after(8*time.Second).answered(unknown).gives("write no-answer", "history pr1").history().gives("wake history +4s")
		w.on(said(not)).gives()
		w.on(due(pos.TimerAction)).gives().after(4 * time.Second).on(due(pos.TimerHistory)).gives("history pr1")
		w.on(pos.HistoryReplied{Reply: refusedWith("FORBIDDEN")}).on(said(not)).ends(pos.OutcomeNotMade)

		acting(t, kind).on(pos.LookOnlyAsked{}).answered(notSent).ends(pos.OutcomeNotMade)
		acting(t, kind).on(pos.LookOnlyAsked{}).acts(doneActivity(kind)).ends(doneOutcomes[kind])
		acting(t, kind).answered(unknown).on(pos.LookOnlyAsked{}).gives("history pr1")
	}
}

// What another process sent a moment ago by a clock of its own may still be on its way.
func TestNoPersonIsAskedWhileASendingMayBeOnItsWay(t *testing.T) {
	t.Parallel()
	for name, jump := range map[string]time.Duration{"at once": 0, "set back": -time.Hour, "set on": 5 * time.Minute} {
		w := refusedAfterLost(t, pos.KindRefund, "INVALID_AMOUNT")
		w.after(jump).restart().gives("write stop-wanted", "history pr1").history().gives("wake history +12s")
		if w.s.NeedsPerson(w.at) {
			t.Errorf("%s: a person is asked", name)
		}
		w.after(12 * time.Second).on(due(pos.TimerHistory)).history()
		if !w.s.NeedsPerson(w.at) {
			t.Errorf("%s: nobody is asked", name)
		}
	}
}

// Not to be let in says nothing of the refund: where the history does not tell
// whose an entry is, the service is asked again once it lets the till in.
func TestCallerTurnedAwayAfterALostSending(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"FORBIDDEN", "UNAUTHORIZED"} {
		for _, kind := range []pos.Kind{pos.KindRefund, pos.KindConfirm} {
			w := refusedAfterLost(t, kind, code)
			w.history(nameless(lostEntry(kind, w.at))).gives("wake action +1s").ends(pos.OutcomeOpen)
			if w.s.NeedsPerson(w.at) {
				t.Errorf("%s: a person is asked for", code)
			}
			w.after(time.Second).on(due(pos.TimerAction)).gives("write action-sent", sends[kind]).answered(refusedWith(code)).gives("write action-refused", "history pr1")
			w.history(nameless(lostEntry(kind, w.at))).gives("wake action +2s").after(2 * time.Second).on(due(pos.TimerAction))
			w.acts(doneActivity(kind)).ends(doneOutcomes[kind]).closed(true)
		}
	}
}

func TestHistoryThatCannotBeRead(t *testing.T) {
	t.Parallel()
	w := refusedAfterLost(t, pos.KindRefund, "INVALID_AMOUNT")
	w.on(pos.HistoryReplied{Reply: unknown}).gives("wake history +1s")
	w.after(time.Second).on(due(pos.TimerHistory)).on(pos.HistoryReplied{Reply: tooMany(20 * time.Second)}).gives("wake history +20s")
	if w.s.NeedsPerson(w.at) || !w.s.Unresolved() {
		t.Error("a history that could not be read yet needs a person")
	}
	// One that may not be read: a person is needed, and the till goes on looking.
	w.after(20 * time.Second).on(due(pos.TimerHistory)).on(pos.HistoryReplied{Reply: refusedWith("FORBIDDEN")}).gives("wake history +4s").ends(pos.OutcomeOpen)
	if !w.s.NeedsPerson(w.at) {
		t.Error("a history that may not be read needs nobody")
	}
	w.after(4 * time.Second).on(due(pos.TimerHistory)).history(lostEntry(pos.KindRefund, w.at)).ends(pos.OutcomeRefunded)
	if w.s.NeedsPerson(w.at) {
		t.Error("what has ended needs a person")
	}
}

// releasing is a release whose answer was lost; the request is being read.
func releasing(t reporter) *walk {
	t.Helper()
	return acting(t, pos.KindRelease).answered(unknown).gives("write no-answer", "poll pr1").phase(pos.PhaseSearching)
}

func preAuth(status string) func(*pos.Request) {
	return func(r *pos.Request) { r.Status, r.PreAuthStatus = pos.StatusPaid, status }
}

func TestLostReleaseIsReadFromTheRequest(t *testing.T) {
	t.Parallel()
	releasing(t).reads(preAuth("released")).gives("write noted", "history pr1").history().gives("write ended").ends(pos.OutcomeReleased).closed(true)
	releasing(t).reads(preAuth("Released")).history().ends(pos.OutcomeReleased)
	releasing(t).reads(cancelled("CANCELLED_BY_MERCHANT")).ends(pos.OutcomeCancelled)
	releasing(t).reads(cancelled("CANCELLED_BY_PATRON")).ends(pos.OutcomeCancelled)
	releasing(t).reads(expired).ends(pos.OutcomeRefused)
	// It has not worked, so it is asked for again.
	for _, reading := range []func(*pos.Request){preAuth("authorized"), preAuth(""), nothingNew} {
		w := releasing(t).reads(reading).ends(pos.OutcomeOpen)
		w.on(due(pos.TimerAction)).gives("write action-sent", "release pr1").acts(doneActivity(pos.KindRelease)).ends(pos.OutcomeReleased)
	}
	// Nor is it known where the reading fails: another release tells as much.
	for _, reply := range []pos.Reply{unknown, notSent, refusedWith("FORBIDDEN")} {
		w := releasing(t).pollFails(reply).gives("wake action +0s").on(due(pos.TimerAction))
		w.answered(refusedWith("PRE_AUTH_RELEASED")).gives("write action-refused", "history pr1").history().ends(pos.OutcomeReleased)
	}
}

func TestRefusedReleaseAfterALostOneIsLookedAt(t *testing.T) {
	t.Parallel()
	refused := func() *walk {
		return lostAndSentAgain(t, pos.KindRelease).answered(refusedWith("FORBIDDEN")).gives("write action-refused", "poll pr1")
	}
	refused().reads(preAuth("released")).history().ends(pos.OutcomeReleased)
	refused().reads(cancelled("CANCELLED_BY_MERCHANT")).ends(pos.OutcomeCancelled)
	w := refused().reads(preAuth("authorized")).gives("write noted", "wake poll +12s").ends(pos.OutcomeOpen)
	w.after(12 * time.Second).on(due(pos.TimerPoll)).gives("poll pr1").reads(preAuth("authorized")).gives("write ended").ends(pos.OutcomeRefused)
	w = refused().pollFails(unknown).gives("wake poll +1s").after(time.Second).on(due(pos.TimerPoll)).gives("poll pr1")
	w.on(due(pos.TimerAction)).gives()
	w.reads(preAuth("released")).history().ends(pos.OutcomeReleased)
	refused().restart().gives("write stop-wanted", "poll pr1")
}

// A release whose answer was lost gave back what the history says.
func TestLostReleaseSaysHowMuch(t *testing.T) {
	t.Parallel()
	entry := doneActivity(pos.KindRelease)
	released := func() *walk { return releasing(t).reads(preAuth("released")) }
	w := released().history(pos.Activity{Type: pos.ActivityAuthorization, Value: cents(1250)}, entry)
	w.gives("write action-found", "write ended").ends(pos.OutcomeReleased).returned(cents(500)).closed(true)
	if !w.s.Record.Summary("op").Amount.Equal(cents(500)) {
		t.Errorf("listed with %s", w.s.Record.Summary("op").Amount)
	}
	// It is released all the same where nobody says how much.
	released().on(pos.HistoryReplied{Reply: refusedWith("FORBIDDEN")}).gives("write ended").ends(pos.OutcomeReleased).returned(pos.Money{})
	w = released().on(pos.HistoryReplied{Reply: unknown}).gives("wake history +1s").after(time.Second).on(due(pos.TimerHistory))
	w.on(pos.HistoryReplied{Reply: notSent}).gives("wake history +2s").after(2 * time.Second).on(due(pos.TimerHistory))
	w.on(pos.HistoryReplied{Reply: unknown}).ends(pos.OutcomeReleased).closed(true)
	released().restart().gives("write stop-wanted", "history pr1").history(entry).ends(pos.OutcomeReleased).returned(cents(500))
}
