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

// TestHistoryTellsWhatBecameOfALostSending goes through what a history can show.
func TestHistoryTellsWhatBecameOfALostSending(t *testing.T) {
	t.Parallel()
	type test struct {
		change func(*pos.Activity)
		done   bool // ours
		person bool // may be ours
	}
	tests := map[string]test{
		"ours":                               {change: func(*pos.Activity) {}, done: true},
		"ours, without an amount":            {change: func(a *pos.Activity) { a.Value = pos.Money{} }, done: true},
		"our name, another amount":           {change: func(a *pos.Activity) { a.Value = cents(400) }, person: true},
		"no name":                            {change: func(a *pos.Activity) { *a = nameless(*a) }, person: true},
		"no name, another amount":            {change: func(a *pos.Activity) { *a = nameless(*a); a.Value = cents(400) }, person: true},
		"no name, no time":                   {change: func(a *pos.Activity) { *a = nameless(*a); a.CreatedAt = time.Time{} }, person: true},
		"no name, from before":               {change: func(a *pos.Activity) { *a = nameless(*a); a.CreatedAt = noon.Add(-11 * time.Minute) }},
		"another name":                       {change: func(a *pos.Activity) { a.ExternalRef, a.Key = "T2-0007", "T2-0007" }},
		"another type":                       {change: func(a *pos.Activity) { a.Type = pos.ActivityPayment }},
		"no name, of another confirmation":   {change: func(a *pos.Activity) { *a = nameless(*a); a.ConfirmationKey = "other" }, person: true},
		"our name, of whatever confirmation": {change: func(a *pos.Activity) { a.ConfirmationKey = "other" }, done: true},
	}
	for name, tt := range tests {
		for _, kind := range []pos.Kind{pos.KindRefund, pos.KindConfirm} {
			w := refusedAfterLost(t, kind, "INVALID_AMOUNT")
			entry := lostEntry(kind, w.at)
			tt.change(&entry)
			w.after(time.Minute).history(pos.Activity{Type: pos.ActivityPayment, Value: cents(1250)}, entry)
			switch {
			case tt.done:
				w.gives("write action-found", "write ended").ends(doneOutcomes[kind]).closed(true)
			case tt.person:
				w.gives().ends(pos.OutcomeOpen)
			default:
				w.gives("write ended").ends(pos.OutcomeRefused).closed(true)
			}
			if w.s.NeedsPerson(w.at) != tt.person {
				t.Errorf("%s of a %s: needs a person is %v", name, kind, !tt.person)
			}
		}
	}
}

// A refund of a confirmation is not to be confused with that of another one.
func TestRefundOfAnotherConfirmationIsNotOurs(t *testing.T) {
	t.Parallel()
	refund := aRefund()
	refund.ConfirmationKey = "T1-KEY"
	w := newWalk(t)
	w.on(pos.Begun{Intent: pos.Opened{Kind: pos.KindRefund, Service: "s", Refund: &refund}})
	w.answered(unknown).on(due(pos.TimerAction)).answered(refusedWith("INVALID_AMOUNT")).after(time.Minute)
	w.history(pos.Activity{Type: pos.ActivityRefund, Value: cents(500), ConfirmationKey: "T2-KEY", CreatedAt: w.at}).ends(pos.OutcomeRefused)
}

// A sending may still be on its way when the history is read: what it does not
// show is believed only when that is over.
func TestHistoryIsBelievedOnceEverythingHasArrived(t *testing.T) {
	t.Parallel()
	w := refusedAfterLost(t, pos.KindRefund, "FORBIDDEN").after(2 * time.Second).history().gives("wake history +10s").ends(pos.OutcomeOpen)
	w.after(10 * time.Second).on(due(pos.TimerHistory)).gives("history pr1")
	w.history(lostEntry(pos.KindRefund, w.at)).ends(pos.OutcomeRefunded)

	w = refusedAfterLost(t, pos.KindRefund, "FORBIDDEN").history().after(12 * time.Second).on(due(pos.TimerHistory)).history()
	w.gives("write ended").ends(pos.OutcomeRefused)
	if w.s.Record.Refusal == nil || w.s.Record.Refusal.Code != "FORBIDDEN" {
		t.Errorf("refusal %v", w.s.Record.Refusal)
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
	releasing(t).reads(preAuth("released")).gives("write noted", "write ended").ends(pos.OutcomeReleased).closed(true)
	releasing(t).reads(preAuth("Released")).ends(pos.OutcomeReleased)
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
		w.answered(refusedWith("PRE_AUTH_RELEASED")).ends(pos.OutcomeReleased)
	}
}

func TestRefusedReleaseAfterALostOneIsLookedAt(t *testing.T) {
	t.Parallel()
	refused := func() *walk {
		return lostAndSentAgain(t, pos.KindRelease).answered(refusedWith("FORBIDDEN")).gives("write action-refused", "poll pr1")
	}
	refused().reads(preAuth("released")).ends(pos.OutcomeReleased)
	refused().reads(cancelled("CANCELLED_BY_MERCHANT")).ends(pos.OutcomeCancelled)
	w := refused().reads(preAuth("authorized")).gives("write noted", "wake poll +12s").ends(pos.OutcomeOpen)
	w.after(12 * time.Second).on(due(pos.TimerPoll)).gives("poll pr1").reads(preAuth("authorized")).gives("write ended").ends(pos.OutcomeRefused)
	w = refused().pollFails(unknown).gives("wake poll +1s").after(time.Second).on(due(pos.TimerPoll)).gives("poll pr1")
	w.on(due(pos.TimerAction)).gives()
	w.reads(preAuth("released")).ends(pos.OutcomeReleased)
	refused().restart().gives("write stop-wanted", "poll pr1")
}
