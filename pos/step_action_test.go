package pos_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"centrapos/pos"
)

// aRefund is a refund of a part of pr1.
func aRefund() pos.Refund {
	return pos.Refund{Target: pos.Target{RequestID: "pr1", Value: cents(1250)}, Value: cents(500), ExternalRef: "T1-0002"}
}

// aConfirm draws a part of pr1.
func aConfirm() pos.Confirm {
	return pos.Confirm{Target: pos.Target{RequestID: "pr1", Value: cents(1250)}, Value: cents(500), Key: "T1-KEY", InvoiceRef: "INV-7",
		Lines: []pos.LineItem{line("Coffee", 500)}}
}

// actionKinds are the kinds that are one call on an earlier request.
var actionKinds = []pos.Kind{pos.KindRefund, pos.KindConfirm, pos.KindRelease}

func actionIntent(kind pos.Kind) pos.Opened {
	intent := pos.Opened{Kind: kind, Service: "s"}
	refund, confirm := aRefund(), aConfirm()
	switch kind {
	case pos.KindRefund:
		intent.Refund = &refund
	case pos.KindConfirm:
		intent.Confirm = &confirm
	case pos.KindRelease:
		intent.Release = &pos.Release{Target: pos.Target{RequestID: "pr1", Value: cents(750)}}
	case pos.KindSale, pos.KindVoid:
	}
	return intent
}

// acting is a walk whose action has begun; its call is in flight.
func acting(t reporter, kind pos.Kind) *walk {
	t.Helper()
	w := newWalk(t)
	w.on(pos.Begun{Intent: actionIntent(kind)})
	return w.gives("write opened", "write action-sent", sends[kind]).phase(pos.PhaseAsking)
}

// sends names the call of each kind as walk.effects does.
var sends = map[pos.Kind]string{pos.KindRefund: "refund T1-0002", pos.KindConfirm: "confirm T1-KEY", pos.KindRelease: "release pr1"}

// doneActivity is what the service answers when the action was done.
func doneActivity(kind pos.Kind) pos.Activity {
	types := map[pos.Kind]pos.ActivityType{pos.KindRefund: pos.ActivityRefund, pos.KindConfirm: pos.ActivityConfirmation, pos.KindRelease: pos.ActivityRelease}
	return pos.Activity{Type: types[kind], Value: cents(500), ShortCode: "CP-pr1-032", CreatedAt: noon}
}

var doneOutcomes = map[pos.Kind]pos.Outcome{
	pos.KindRefund: pos.OutcomeRefunded, pos.KindConfirm: pos.OutcomeConfirmed, pos.KindRelease: pos.OutcomeReleased,
}

func (w *walk) answered(reply pos.Reply) *walk {
	w.t.Helper()
	return w.on(pos.ActionReplied{Reply: reply})
}

func (w *walk) acts(a pos.Activity) *walk {
	w.t.Helper()
	return w.on(pos.ActionReplied{Reply: w.done(), Activity: a})
}

func (w *walk) history(list ...pos.Activity) *walk {
	w.t.Helper()
	return w.on(pos.HistoryReplied{Reply: w.done(), Activities: list})
}

func TestActionDone(t *testing.T) {
	t.Parallel()
	for _, kind := range actionKinds {
		w := acting(t, kind).acts(doneActivity(kind)).gives("write action-done", "write ended").ends(doneOutcomes[kind]).closed(true)
		if rec := w.s.Record; rec.Action.Activity.ShortCode != "CP-pr1-032" || w.s.AmountDiffers() || rec.Summary("op").ActivityCode != "CP-pr1-032" {
			t.Errorf("%s: %+v", kind, rec.Action)
		}
		want := map[pos.Kind]pos.Money{pos.KindRefund: cents(500), pos.KindConfirm: {}, pos.KindRelease: cents(500)}[kind]
		w.returned(want)
	}
}

// The guide's own refund of 60.00 is answered with 1.00 (B5): the answer stands as
// it is, and is flagged.
func TestAnotherAmountIsRecordedAndFlagged(t *testing.T) {
	t.Parallel()
	for _, kind := range []pos.Kind{pos.KindRefund, pos.KindConfirm} {
		odd := doneActivity(kind)
		odd.Value = cents(100)
		w := acting(t, kind).acts(odd).ends(doneOutcomes[kind])
		if !w.s.AmountDiffers() || !w.s.Record.Action.Activity.Value.Equal(cents(100)) || !w.s.Record.Amount().Equal(cents(500)) || !w.s.Record.Answered().Equal(cents(100)) || !w.s.Record.Summary("op").Amount.Equal(cents(100)) {
			t.Errorf("%s: differs %v, %+v", kind, w.s.AmountDiffers(), w.s.Record.Action.Activity)
		}
		if kind == pos.KindRefund {
			w.returned(cents(100))
		}
		silent := doneActivity(kind)
		silent.Value = pos.Money{}
		if w := acting(t, kind).acts(silent).ends(doneOutcomes[kind]); w.s.AmountDiffers() {
			t.Errorf("%s: an answer that says no amount differs", kind)
		} else if kind == pos.KindRefund {
			w.returned(cents(500))
		}
	}
}

// A release of what was never authorized cancels the request (Release, H2023 example).
func TestReleaseOfWhatWasNeverAuthorizedCancels(t *testing.T) {
	t.Parallel()
	w := acting(t, pos.KindRelease).acts(pos.Activity{Type: pos.ActivityCancellation, Value: cents(1250), CancellationReason: "CANCELLED_BY_MERCHANT"})
	w.ends(pos.OutcomeCancelled).returned(pos.Money{}).closed(true)
}

// An activity that is something else is not the answer, also with status 200.
func TestAnswerOfAnotherTypeIsNoAnswer(t *testing.T) {
	t.Parallel()
	for _, kind := range actionKinds {
		acting(t, kind).acts(pos.Activity{Type: pos.ActivityPayment, Value: cents(500)}).ends(pos.OutcomeOpen)
		acting(t, kind).acts(pos.Activity{}).ends(pos.OutcomeOpen)
		shouted := doneActivity(kind)
		shouted.Type = pos.ActivityType(map[pos.Kind]string{pos.KindRefund: "Refund", pos.KindConfirm: "Confirmation", pos.KindRelease: "RELEASE"}[kind])
		acting(t, kind).acts(shouted).ends(doneOutcomes[kind])
	}
}

// documentedRefusals are the codes in the documents' lists of errors, with some
// that any endpoint may answer.
var documentedRefusals = map[pos.Kind][]string{
	pos.KindRefund: {"LINE_ITEMS_SUM_CHECK_FAILED", "NOT_PAID", "ALREADY_REFUNDED", "INVALID_AMOUNT", "REPEAT_REFERENCE", "PARTIAL_REFUNDS_NOT_ALLOWED",
		"INACTIVE_ASSET", "REFUND_NOT_SUPPORTED", "REFUND_WINDOW_EXCEEDED", "PRE_AUTH_PENDING", "CONFIRMATION_NOT_FOUND", "REFUND_DECLINED"},
	pos.KindConfirm: {"INVALID_PAYMENT_REQUEST_TYPE", "PRE_AUTH_RELEASED", "PRE_AUTH_PENDING", "REQUEST_CANCELLED", "INVALID_AMOUNT", "IDEMPOTENT_OPERATION_FAILED"},
	pos.KindRelease: {"INVALID_PAYMENT_REQUEST_TYPE", "PRE_AUTH_RELEASED"},
}

func refusalsOf(kind pos.Kind) []string {
	return append([]string{"FORBIDDEN", "UNAUTHORIZED", "BAD_REQUEST", "SOMETHING_NEW"}, documentedRefusals[kind]...)
}

// TestFirstRefusalIsTheEnd: a refusal of the only sending says that nothing moved,
// by whatever code.
func TestFirstRefusalIsTheEnd(t *testing.T) {
	t.Parallel()
	for _, kind := range actionKinds {
		for _, code := range refusalsOf(kind) {
			w := acting(t, kind).answered(refusedWith(code)).gives("write action-refused", "write ended").ends(pos.OutcomeRefused).closed(true)
			if w.s.Record.Refusal == nil || w.s.Record.Refusal.Code != code {
				t.Errorf("%s %s: refusal %v", kind, code, w.s.Record.Refusal)
			}
			// What was turned away before leaves no doubt either.
			acting(t, kind).answered(notSent).on(due(pos.TimerAction)).answered(refusedWith(code)).ends(pos.OutcomeRefused)
		}
	}
}

// TestRefusalAfterALostSending holds what each refusal means when an earlier
// sending of the same may have worked. By the documents a repeat of what worked is
// answered with 200; they do not say that it is looked for first. So only a refusal
// that any sending of this would have met is the end; after all others the till
// looks, and sends nothing more.
func TestRefusalAfterALostSending(t *testing.T) {
	t.Parallel()
	always := map[string]bool{"LINE_ITEMS_SUM_CHECK_FAILED": true, "REFUND_NOT_SUPPORTED": true, "INVALID_PAYMENT_REQUEST_TYPE": true}
	for _, kind := range actionKinds {
		for _, code := range refusalsOf(kind) {
			w := lostAndSentAgain(t, kind).answered(refusedWith(code))
			switch {
			case always[code]:
				w.gives("write action-refused", "write ended").ends(pos.OutcomeRefused).closed(true)
			case kind == pos.KindRelease && code == "PRE_AUTH_RELEASED": // ours, or its time: it holds nothing
				w.gives("write action-refused", "history pr1").history().gives("write ended").ends(pos.OutcomeReleased).closed(true)
			case kind == pos.KindRelease:
				w.gives("write action-refused", "poll pr1").ends(pos.OutcomeOpen)
			default:
				w.gives("write action-refused", "history pr1").ends(pos.OutcomeOpen)
				if !w.s.Unresolved() || w.s.NeedsPerson(w.at) {
					t.Errorf("%s %s: unresolved %v, needs a person %v", kind, code, w.s.Unresolved(), w.s.NeedsPerson(w.at))
				}
				w.after(time.Minute).on(due(pos.TimerAction)).gives() // never sent again
			}
		}
	}
}

// lostAndSentAgain is an action whose first answer was lost; the second sending
// is in flight.
func lostAndSentAgain(t reporter, kind pos.Kind) *walk {
	t.Helper()
	w := acting(t, kind).answered(unknown)
	if kind == pos.KindRelease {
		w.gives("write no-answer", "poll pr1").pollFails(unknown)
	}
	return w.on(due(pos.TimerAction)).gives("write action-sent", sends[kind]).phase(pos.PhaseSearching)
}

// refusedAfterLost is a refund or confirmation that was refused after its first
// answer was lost; its history is being read.
func refusedAfterLost(t reporter, kind pos.Kind, code string) *walk {
	t.Helper()
	return lostAndSentAgain(t, kind).answered(refusedWith(code)).gives("write action-refused", "history pr1")
}

// TestUnknownIsSentAgainUnderTheSameName: with backoff, across restarts, for as
// long as it takes, and always the same.
func TestUnknownIsSentAgainUnderTheSameName(t *testing.T) {
	t.Parallel()
	for _, kind := range []pos.Kind{pos.KindRefund, pos.KindConfirm} {
		w := acting(t, kind)
		first := w.last[len(w.last)-1]
		again := func() {
			if !reflect.DeepEqual(w.last[len(w.last)-1], first) {
				t.Errorf("sent again as %+v, first as %+v", w.last[len(w.last)-1], first)
			}
		}
		for i, wait := range []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 15 * time.Second, 30 * time.Second, 30 * time.Second} {
			w.answered(unknown).gives("write no-answer", "wake action +"+wait.String()).ends(pos.OutcomeOpen)
			if !w.s.Unresolved() || !w.s.Reconnecting() {
				t.Error("an unknown answer is not told")
			}
			w.after(wait).on(due(pos.TimerAction))
			if i >= 3 { // the history may tell what the service is too busy to answer
				w.gives("history pr1").history()
			}
			w.gives("write action-sent", sends[kind])
			again()
		}
		w.restart().gives("write stop-wanted", "history pr1").on(pos.HistoryReplied{Reply: unknown}).gives("write action-sent", sends[kind])
		again()
		w.answered(pos.Reply{Answer: pos.AnswerUnknown, RetryAfter: 40 * time.Second}).gives("write no-answer", "wake action +40s")
		w.after(40 * time.Second).on(due(pos.TimerAction)).acts(doneActivity(kind)).ends(doneOutcomes[kind]).closed(true)
	}
}

// TestUnsentIsGivenUp: what could not be sent a few times moved nothing, and
// nothing of it is left to happen later.
func TestUnsentIsGivenUp(t *testing.T) {
	t.Parallel()
	for _, kind := range actionKinds {
		w := acting(t, kind).answered(notSent).gives("write action-not-sent", "wake action +0s").phase(pos.PhaseAsking)
		w.on(due(pos.TimerAction)).answered(tooMany(40*time.Second)).gives("write action-not-sent", "wake action +40s")
		w.after(40*time.Second).on(due(pos.TimerAction)).answered(notSent).gives("write action-not-sent", "write ended").ends(pos.OutcomeNotMade).closed(true)
		if w.s.Record.Detail != "no connection" {
			t.Errorf("why: %q", w.s.Record.Detail)
		}
		// But not when an earlier one may have arrived.
		w = lostAndSentAgain(t, kind)
		for i := range 5 {
			w.answered(notSent).ends(pos.OutcomeOpen).on(due(pos.TimerAction))
			if kind != pos.KindRelease && i >= 2 {
				w.gives("history pr1").history()
			}
			w.gives("write action-sent", sends[kind])
		}
		w.acts(doneActivity(kind)).ends(doneOutcomes[kind])
	}
}

// TestStopOfAnAction: what has not left is called off; what may have left is never
// said to be.
func TestStopOfAnAction(t *testing.T) {
	t.Parallel()
	for _, kind := range actionKinds {
		for _, why := range []pos.Why{pos.WhyStaff, pos.WhyShutdown} {
			acting(t, kind).on(stop(why)).gives("write stop-wanted").ends(pos.OutcomeOpen).acts(doneActivity(kind)).ends(doneOutcomes[kind])
			acting(t, kind).on(stop(why)).answered(notSent).gives("write action-not-sent", "write ended").ends(pos.OutcomeNotMade)
			acting(t, kind).answered(notSent).on(stop(why)).gives("write stop-wanted", "write ended").ends(pos.OutcomeNotMade).closed(true)
			w := acting(t, kind).on(stop(why)).answered(unknown).ends(pos.OutcomeOpen).on(stop(why)).gives()
			if kind != pos.KindRelease {
				w.on(due(pos.TimerAction)).gives("write action-sent", sends[kind])
			}
		}
	}
}

// TestRecoveryOfAnAction: what never left is not sent by itself, however much
// later; what may have left is looked at, and sent again under its name where that
// does not tell.
func TestRecoveryOfAnAction(t *testing.T) {
	t.Parallel()
	for _, kind := range actionKinds {
		w := newWalk(t)
		w.written = []pos.Entry{{At: noon, Fact: actionIntent(kind)}}
		w.after(72*time.Hour).restart().gives("write stop-wanted", "write ended").ends(pos.OutcomeNotMade).closed(true)

		acting(t, kind).answered(notSent).restart().gives("write stop-wanted", "write ended").ends(pos.OutcomeNotMade)

		again := []string{"write stop-wanted", "history pr1"}
		if kind == pos.KindRelease {
			again = []string{"write stop-wanted", "poll pr1"}
		}
		acting(t, kind).restart().gives(again...).phase(pos.PhaseSearching)
		acting(t, kind).answered(unknown).restart().gives(again...)
		acting(t, kind).restart().restart().gives(again[1:]...)

		acting(t, kind).acts(doneActivity(kind)).restart().gives().ends(doneOutcomes[kind])
	}
	// After a refusal it is only looked at.
	refusedAfterLost(t, pos.KindRefund, "INVALID_AMOUNT").restart().gives("write stop-wanted", "history pr1")
}

// TestTimersOfOtherKindsDoNothing: no timer of a sale may void what an action is about.
func TestTimersOfOtherKindsDoNothing(t *testing.T) {
	t.Parallel()
	for _, kind := range actionKinds {
		for _, timer := range []pos.Timer{pos.TimerDeadline, pos.TimerCreate, pos.TimerLookUp, pos.TimerVoid, pos.TimerHistory, "x"} {
			acting(t, kind).on(due(timer)).gives().on(stop(pos.WhyStaff)).on(due(timer)).gives()
		}
		if w := acting(t, kind); len(w.s.PendingConditions()) != 0 || slices.Contains([]pos.Phase{pos.PhaseWaiting, pos.PhaseStopping}, w.s.Phase()) {
			t.Errorf("%s is shown as a sale", kind)
		}
	}
}
