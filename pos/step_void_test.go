package pos_test

import (
	"slices"
	"testing"
	"time"

	"centrapos/pos"
)

// stopping is a shown sale that staff have stopped; its void is in flight.
func stopping(t reporter) *walk {
	t.Helper()
	return shown(t, aSale()).on(stop(pos.WhyStaff)).gives("write stop-wanted", "write void-sent", "void pr1").phase(pos.PhaseStopping)
}

// voidReply is the answer to the void of the sale's request.
func (w *walk) voidReply(reply pos.Reply) *walk {
	w.t.Helper()
	return w.on(pos.VoidReplied{RequestID: "pr1", Reply: reply})
}

// gaveBack is the answer to a void of a paid request.
func (w *walk) gaveBack() *walk {
	w.t.Helper()
	return w.on(pos.VoidReplied{RequestID: "pr1", Reply: w.done(), Reversal: pos.Reversal{Returned: cents(1250)}})
}

func (w *walk) returned(want pos.Money) *walk {
	w.t.Helper()
	if got := w.s.Record.Returned; !got.Equal(want) {
		w.t.Errorf("given back %v, want %v", got, want)
	}
	return w
}

func TestStopVoidsAndTellsWhatWasGivenBack(t *testing.T) {
	t.Parallel()
	stopping(t).voidReply(pos.Reply{Answer: pos.AnswerDone}).gives("write void-done", "write ended").ends(pos.OutcomeCancelled).returned(pos.Money{})
	stopping(t).gaveBack().ends(pos.OutcomeCancelled).returned(cents(1250)).closed(true)
	for why, want := range map[pos.Why]pos.Outcome{
		pos.WhyStaff: pos.OutcomeCancelled, pos.WhyShutdown: pos.OutcomeCancelled, pos.WhyRecovery: pos.OutcomeVoided, pos.WhyDeadline: pos.OutcomeVoided,
	} {
		shown(t, aSale()).on(stop(why)).voidReply(pos.Reply{Answer: pos.AnswerDone}).ends(want)
	}
}

func TestStopIsSafeToHammer(t *testing.T) {
	t.Parallel()
	w := stopping(t).on(stop(pos.WhyStaff)).gives().on(stop(pos.WhyShutdown)).gives()
	if w.s.Record.Stop != pos.WhyStaff {
		t.Errorf("the reason became %s", w.s.Record.Stop)
	}
	w.on(due(pos.TimerDeadline)).gives()
	w.voidReply(pos.Reply{Answer: pos.AnswerDone}).on(stop(pos.WhyStaff)).gives().ends(pos.OutcomeCancelled)
}

func TestVoidRefusedBecausePaidIsPaid(t *testing.T) {
	t.Parallel()
	w := stopping(t).voidReply(refusedWith(pos.RefusedRequestPaid)).gives("write void-refused", "poll pr1").ends(pos.OutcomeOpen)
	w.reads(paid).ends(pos.OutcomePaid).closed(true)
}

// The service said paid: that it cannot be read meanwhile is no reason to give
// the money back.
func TestPaidByAVoidsRefusalIsNotVoidedAgain(t *testing.T) {
	t.Parallel()
	w := stopping(t).voidReply(refusedWith(pos.RefusedRequestPaid))
	w.pollFails(unknown).gives("poll pr1").ends(pos.OutcomeOpen)
	w.pollFails(unknown).gives("write ended").ends(pos.OutcomePaid).closed(true)

	w = stopping(t).voidReply(refusedWith(pos.RefusedRequestPaid)).restart().gives("poll pr1")
	w.pollFails(unknown).gives("poll pr1").pollFails(unknown).ends(pos.OutcomePaid)

	sale := aSale()
	sale.Partial, sale.Basket = true, cents(2000)
	w = shown(t, sale).on(stop(pos.WhyStaff)).voidReply(refusedWith(pos.RefusedRequestPaid))
	w.pollFails(unknown).pollFails(unknown).gives("wake poll +1s").ends(pos.OutcomeOpen)
	w.after(time.Second).on(due(pos.TimerPoll)).reads(func(r *pos.Request) { paid(r); r.Remaining = cents(250) })
	w.ends(pos.OutcomePartlyPaid)
}

func TestVoidRefusedTellsTheTruth(t *testing.T) {
	t.Parallel()
	stopping(t).voidReply(refusedWith(pos.RefusedRequestExpired)).ends(pos.OutcomeExpired).closed(true)
	stopping(t).voidReply(refusedWith(pos.RefusedRequestCancelled)).ends(pos.OutcomeCancelled).closed(true)
	// A code that says nothing of the request: read it, and ask again later.
	w := stopping(t).voidReply(refusedWith("FORBIDDEN")).gives("write void-refused", "poll pr1", "wake void +1s")
	w.pollFails(unknown).ends(pos.OutcomeOpen)
	w.after(time.Second).on(due(pos.TimerVoid)).gives("write void-sent", "void pr1")
	w.voidReply(refusedWith("FORBIDDEN")).gives("write void-refused", "poll pr1", "wake void +2s").reads(expired).ends(pos.OutcomeExpired)
}

func TestUnknownVoidIsAskedAgainUntilItsEndIsDefinite(t *testing.T) {
	t.Parallel()
	w := stopping(t).voidReply(unknown).gives("write no-answer", "poll pr1", "wake void +0s")
	if !w.s.Unresolved() || !w.s.Reconnecting() {
		t.Error("an unknown void is not told")
	}
	for _, wait := range []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 15 * time.Second, 30 * time.Second, 30 * time.Second} {
		w.after(wait).on(due(pos.TimerVoid)).gives("write void-sent", "void pr1").voidReply(unknown).ends(pos.OutcomeOpen).closed(false)
	}
	w.after(30 * time.Second).on(due(pos.TimerVoid)).voidReply(refusedWith(pos.RefusedRequestCancelled)).ends(pos.OutcomeOpen)
	w.reads(cancelled("CANCELLED_BY_MERCHANT")).ends(pos.OutcomeCancelled).closed(true)
}

func TestWhatWasPaidIsNotForgottenWhenGivenBack(t *testing.T) {
	t.Parallel()
	w := polling(t, aSale()).on(stop(pos.WhyStaff)).reads(paid).voidReply(unknown)
	w.reads(func(r *pos.Request) { cancelled("CANCELLED_BY_MERCHANT")(r); r.PaidBy = nil }).ends(pos.OutcomeCancelled).returned(cents(1250))
}

// "Already refunded" does not say how much: a part must not be told as the whole.
func TestWhatALostVoidGaveBackIsRead(t *testing.T) {
	t.Parallel()
	part := func(status pos.Status) func(*pos.Request) {
		return func(r *pos.Request) {
			r.Status, r.CancellationReason = status, "CANCELLED_BY_MERCHANT"
			r.PaidBy = []pos.Tender{{Total: cents(500)}}
		}
	}
	for _, code := range []string{pos.RefusedAlreadyRefunded, pos.RefusedRequestCancelled} {
		lost := func() *walk {
			return stopping(t).voidReply(unknown).pollFails(unknown).on(due(pos.TimerVoid)).voidReply(refusedWith(code)).ends(pos.OutcomeOpen)
		}
		lost().reads(part(pos.StatusCancelled)).ends(pos.OutcomeCancelled).returned(cents(500)).closed(true)
		lost().restart().gives("write void-sent", "void pr1").voidReply(refusedWith(code)).ends(pos.OutcomeOpen)
		// A service that leaves it paid, and one that does not say by what it was paid.
		w := lost().reads(part(pos.StatusPaid)).ends(pos.OutcomeOpen).after(2 * time.Second).on(due(pos.TimerVoid))
		w.voidReply(refusedWith(pos.RefusedAlreadyRefunded)).history(refundedOf(500), paymentOf(500)).ends(pos.OutcomeCancelled).returned(cents(500)).closed(true)
	}
	w := stopping(t).voidReply(unknown).pollFails(unknown).on(due(pos.TimerVoid)).voidReply(refusedWith(pos.RefusedAlreadyRefunded))
	w.reads(cancelled("CANCELLED_BY_MERCHANT")).ends(pos.OutcomeCancelled).returned(cents(1250))
}

// While a void may have taken effect, paid is not the last word: it may have
// been given back the moment after.
func TestPaidIsNotConcludedWhileAVoidIsUnsure(t *testing.T) {
	t.Parallel()
	w := stopping(t).voidReply(unknown).reads(paid).ends(pos.OutcomeOpen)
	w.on(due(pos.TimerVoid)).gives("write void-sent", "void pr1")
	w.gaveBack().ends(pos.OutcomeCancelled).returned(cents(1250))

	w = stopping(t).voidReply(unknown).reads(paid).on(due(pos.TimerVoid))
	w.voidReply(refusedWith(pos.RefusedAlreadyRefunded)).history(refundedOf(1250), paymentOf(1250)).ends(pos.OutcomeCancelled).returned(cents(1250))

	w = stopping(t).voidReply(unknown).reads(paid).on(due(pos.TimerVoid)).voidReply(refusedWith(pos.RefusedRequestPaid)).ends(pos.OutcomeOpen)
	w.reads(paid).ends(pos.OutcomePaid)
}

// A reading that overtakes the void's own answer must not swallow what the void
// gave back.
func TestCancelledReadingWaitsForTheVoidsAnswer(t *testing.T) {
	t.Parallel()
	w := polling(t, aSale()).on(stop(pos.WhyStaff)).reads(cancelled("CANCELLED_BY_MERCHANT")).gives("write noted").ends(pos.OutcomeOpen)
	if w.s.Unresolved() {
		t.Error("unresolved while the void is on its way for the first time")
	}
	w.gaveBack().ends(pos.OutcomeCancelled).returned(cents(1250)).closed(true)
}

// The void's answer was lost, but the cancelled request says by what it had been paid.
func TestCancelledReadingTellsWhatWasGivenBack(t *testing.T) {
	t.Parallel()
	w := stopping(t).voidReply(unknown).reads(func(r *pos.Request) { paid(r); cancelled("CANCELLED_BY_MERCHANT")(r) })
	w.ends(pos.OutcomeCancelled).returned(cents(1250)).closed(true)
}

func TestReadingDuringAVoidOnItsWay(t *testing.T) {
	t.Parallel()
	w := polling(t, aSale()).on(stop(pos.WhyStaff)).reads(nothingNew).ends(pos.OutcomeOpen)
	if w.s.Unresolved() {
		t.Error("unresolved while the void is on its way for the first time")
	}
	w.voidReply(pos.Reply{Answer: pos.AnswerDone}).ends(pos.OutcomeCancelled)
	polling(t, aSale()).on(stop(pos.WhyStaff)).reads(expired).ends(pos.OutcomeExpired)
	polling(t, aSale()).on(stop(pos.WhyStaff)).reads(paid).ends(pos.OutcomeOpen).gaveBack().ends(pos.OutcomeCancelled).returned(cents(1250))
}

func TestUnsentVoidOfASaleIsSentInTheEnd(t *testing.T) {
	t.Parallel()
	w := stopping(t)
	for _, wait := range []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second} {
		w.voidReply(notSent).ends(pos.OutcomeOpen).after(wait).on(due(pos.TimerVoid)).gives("write void-sent", "void pr1")
	}
	w.voidReply(tooMany(40*time.Second)).gives("write void-not-sent", "wake void +40s")
	// Nothing left: what the reading says stands by itself.
	w.on(due(pos.TimerPoll)).after(40 * time.Second).on(due(pos.TimerPoll)).reads(paid).ends(pos.OutcomePaid)
}

func TestVoidByItself(t *testing.T) {
	t.Parallel()
	voiding(t).gives("write opened", "write void-sent", "void pr1").phase(pos.PhaseStopping)
	voiding(t).gaveBack().gives("write void-done", "write ended").ends(pos.OutcomeVoided).returned(cents(1250)).closed(true)
	for _, code := range []string{"VOID_WINDOW_EXCEEDED", "FORBIDDEN", pos.RefusedRequestExpired, pos.RefusedRequestCancelled} {
		w := voiding(t).voidReply(refusedWith(code)).ends(pos.OutcomeRefused).closed(true)
		if w.s.Record.Refusal == nil || w.s.Record.Refusal.Code != code {
			t.Errorf("%s: refusal %v", code, w.s.Record.Refusal)
		}
	}
}

func TestVoidByItselfUnknown(t *testing.T) {
	t.Parallel()
	lost := func() *walk {
		return voiding(t).voidReply(unknown).gives("write no-answer", "poll pr1", "wake void +0s")
	}
	lost().reads(cancelled("CANCELLED_BY_MERCHANT")).ends(pos.OutcomeVoided).closed(true)
	lost().reads(cancelled("CANCELLED_BY_PATRON")).ends(pos.OutcomeCancelled).closed(true)
	lost().reads(expired).ends(pos.OutcomeRefused).closed(true)
	lost().reads(nothingNew).ends(pos.OutcomeOpen)
	again := func() *walk { return lost().reads(paid).ends(pos.OutcomeOpen).on(due(pos.TimerVoid)) }
	again().gaveBack().ends(pos.OutcomeVoided).returned(cents(1250))
	again().voidReply(refusedWith(pos.RefusedAlreadyRefunded)).ends(pos.OutcomeOpen).history(refundedOf(1250), paymentOf(1250)).ends(pos.OutcomeVoided).returned(cents(1250))
	again().voidReply(refusedWith(pos.RefusedRequestCancelled)).ends(pos.OutcomeVoided)
	again().voidReply(refusedWith(pos.RefusedRequestExpired)).ends(pos.OutcomeOpen).reads(expired).ends(pos.OutcomeRefused)
}

func paymentOf(amount int64) pos.Activity {
	return pos.Activity{Type: pos.ActivityPayment, Value: cents(amount)}
}

func refundedOf(amount int64) pos.Activity {
	return pos.Activity{Type: pos.ActivityRefund, Value: cents(amount)}
}

// "Already refunded" is said of a part as well, and a void that the network delivers
// twice is answered so too.
func TestAlreadyRefundedIsLookedInto(t *testing.T) {
	t.Parallel()
	once := func() *walk {
		return voiding(t).voidReply(refusedWith(pos.RefusedAlreadyRefunded)).gives("write void-refused", "history pr1").ends(pos.OutcomeOpen)
	}
	for back, says := range map[int64]string{250: "NZD 2.50 of NZD 12.50 was given back, before this void or by it", 1250: "NZD 12.50 of NZD 12.50 was given back, before this void or by it"} {
		w := once().history(refundedOf(back), paymentOf(1250)).ends(pos.OutcomeRefused).closed(true).returned(pos.Money{})
		if w.s.Record.NothingMoved() || w.s.Record.Refusal.Reason != says {
			t.Errorf("said: %q", w.s.Record.Refusal.Reason)
		}
	}
	once().on(pos.HistoryReplied{Reply: unknown}).ends(pos.OutcomeRefused)

	// A lost void, then a part that was refunded: nobody knows yet.
	lost := voiding(t).voidReply(unknown).reads(paid).on(due(pos.TimerVoid)).voidReply(refusedWith(pos.RefusedAlreadyRefunded))
	lost.history(refundedOf(250), paymentOf(1250)).ends(pos.OutcomeOpen).returned(pos.Money{})
}

// What a lost void may have done is refused by nothing that the next one is told.
func TestRefusalAfterALostVoidIsNotTheEnd(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"INACTIVE_ASSET", pos.RefusedVoidWindowExceeded, pos.RefusedRefundNotSupported, "REPEAT_REFERENCE",
		pos.RefusedAlreadyConfirmed, pos.RefusedRequestExpired, "SOMETHING_NEW"} {
		for _, begin := range []func(reporter) *walk{voiding, stopping} {
			w := begin(t).voidReply(unknown).reads(paid)
			for range 3 {
				w.after(30 * time.Second).on(due(pos.TimerVoid)).voidReply(refusedWith(code)).reads(paid)
				w.history(paymentOf(1250)).ends(pos.OutcomeOpen)
			}
			w.after(30 * time.Second).on(due(pos.TimerVoid)).voidReply(refusedWith(code))
			w.history(refundedOf(1250), paymentOf(1250)).closed(true).returned(cents(1250))
			if o := w.s.Record.Outcome; o != pos.OutcomeVoided && o != pos.OutcomeCancelled {
				t.Errorf("%s: %s", code, o)
			}
		}
	}
}

// The customer cancels while our first void is lost: the second one's refusal is not
// the word of the first, since a reading in between says who cancelled.
func TestTheCustomersCancellingIsNotOurVoid(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(reporter) *walk{
		"void": voiding,
		"sale": func(t reporter) *walk { return polling(t, aSale()).on(stop(pos.WhyDeadline)) },
	} {
		for _, reason := range []string{"CANCELLED_BY_PATRON", "DECLINED_BY_PATRON"} {
			w := begin(t).voidReply(unknown).on(due(pos.TimerVoid)).reads(cancelled(reason)).ends(pos.OutcomeOpen)
			w.voidReply(refusedWith(pos.RefusedRequestCancelled)).ends(pos.OutcomeCancelled).closed(true).returned(pos.Money{})
			if w.s.Record.ReturnUnknown() || !w.s.Record.NothingMoved() {
				t.Errorf("%s, %s: not known that nothing moved", name, reason)
			}
		}
		// A process that stops between the refusal and the end it means says the same.
		w := begin(t).voidReply(unknown).on(due(pos.TimerVoid)).reads(cancelled("CANCELLED_BY_PATRON"))
		w.voidReply(refusedWith(pos.RefusedRequestCancelled))
		w.written = slices.DeleteFunc(w.written, func(e pos.Entry) bool { _, ended := e.Fact.(pos.Ended); return ended })
		w.restart().ends(pos.OutcomeCancelled)
	}
}

// The first void may have worked: a refusal of the second in other words must
// not be told as "nothing happened" before the request is read.
func TestRefusalAfterAnUnknownVoidIsNotItsAnswer(t *testing.T) {
	t.Parallel()
	w := voiding(t).voidReply(unknown).pollFails(unknown).on(due(pos.TimerVoid)).voidReply(refusedWith("INACTIVE_ASSET")).ends(pos.OutcomeOpen)
	w.reads(cancelled("CANCELLED_BY_MERCHANT")).ends(pos.OutcomeVoided)

	w = voiding(t).voidReply(unknown).pollFails(unknown).on(due(pos.TimerVoid)).voidReply(refusedWith("INACTIVE_ASSET")).reads(paid)
	w.after(2 * time.Second).on(due(pos.TimerVoid)).voidReply(refusedWith("INACTIVE_ASSET")).ends(pos.OutcomeOpen).closed(false)
}

func TestVoidByItselfThatCannotBeSent(t *testing.T) {
	t.Parallel()
	w := voiding(t).voidReply(notSent).gives("write void-not-sent", "wake void +0s")
	w.on(due(pos.TimerVoid)).voidReply(notSent).gives("write void-not-sent", "wake void +1s")
	w.on(due(pos.TimerVoid)).voidReply(notSent).ends(pos.OutcomeNotMade).closed(true)
	if w.s.Record.Detail != "no connection" {
		t.Errorf("why: %q", w.s.Record.Detail)
	}
	// But not when an earlier one may have arrived.
	w = voiding(t).voidReply(unknown)
	for range 5 {
		w.on(due(pos.TimerVoid)).voidReply(notSent).ends(pos.OutcomeOpen)
	}
}

func TestStopOfAVoidDoesNotTakeItBack(t *testing.T) {
	t.Parallel()
	voiding(t).on(stop(pos.WhyShutdown)).gives("write stop-wanted").gaveBack().ends(pos.OutcomeVoided)
}

// A void that was turned away, and is to be sent later, is not made once nobody waits
// for it any more: recovery would not send it either. One that may have left is kept.
func TestStopOfAVoidThatNeverLeft(t *testing.T) {
	t.Parallel()
	w := voiding(t).voidReply(tooMany(5*time.Minute)).gives("write void-not-sent", "wake void +5m0s").on(stop(pos.WhyStaff))
	w.gives("write stop-wanted", "write ended").ends(pos.OutcomeNotMade).closed(true)
	if !w.s.Record.NothingMoved() || w.s.Record.Detail == "" {
		t.Errorf("told %+v", w.s.Record)
	}
	w = voiding(t).voidReply(unknown).pollFails(unknown).on(due(pos.TimerVoid)).voidReply(tooMany(5 * time.Minute))
	w.on(stop(pos.WhyStaff)).gives("write stop-wanted").ends(pos.OutcomeOpen)
	w.restart().gives("write void-sent", "void pr1")
}

func TestStopOfWhatHasEndedIsNothing(t *testing.T) {
	t.Parallel()
	polling(t, aSale()).reads(paid).on(stop(pos.WhyStaff)).gives().ends(pos.OutcomePaid)
}

func TestConditionsAreNotAskedWhileStopping(t *testing.T) {
	t.Parallel()
	w := polling(t, aSale()).reads(awaits("1")).on(stop(pos.WhyStaff))
	if len(w.s.PendingConditions()) != 0 {
		t.Error("asked")
	}
	w.on(pos.ConditionAnswered{ConditionID: "1", Accept: true}).gives()
}

// A listing says that a sale in parts is paid, and not how much: where the service then
// refuses the void for that, only a reading ends it.
func TestPaidInPartIsReadAlsoAfterAListing(t *testing.T) {
	t.Parallel()
	sale := aSale()
	sale.Partial, sale.Basket = true, cents(2000)
	w := begun(t, sale).on(pos.CreateReplied{Reply: unknown})
	listed := w.made("pr1")
	listed.Status, listed.Remaining = pos.StatusPaid, pos.Money{}
	w.on(pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{listed}}).gives("write adopted", "poll pr1").pollFails(unknown)
	w.on(stop(pos.WhyStaff)).voidReply(refusedWith(pos.RefusedRequestPaid))
	for range 5 {
		w.pollFails(unknown).ends(pos.OutcomeOpen).after(time.Second).on(due(pos.TimerPoll))
	}
	w.reads(func(r *pos.Request) { r.Status, r.Remaining = pos.StatusPaid, cents(750) }).ends(pos.OutcomePartlyPaid)
}
