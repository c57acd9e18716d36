package pos_test

import (
	"fmt"
	"testing"
	"time"

	"centrapos/pos"
)

// polling is a shown sale with its first poll under way.
func polling(t reporter, sale pos.Sale) *walk {
	t.Helper()
	return shown(t, sale).after(time.Second).on(due(pos.TimerPoll)).gives("poll pr1")
}

func TestPaidEndsTheSale(t *testing.T) {
	t.Parallel()
	w := polling(t, aSale()).reads(paid).gives("write noted", "write ended").ends(pos.OutcomePaid).closed(true).phase(pos.PhaseEnded)
	if tenders := w.s.Record.Request.PaidBy; len(tenders) != 1 || tenders[0].Description != "Centrapay NZD" {
		t.Errorf("paid by %v", tenders)
	}
}

func TestPartlyPaid(t *testing.T) {
	t.Parallel()
	sale := aSale()
	sale.Partial, sale.Basket = true, cents(2000)
	w := polling(t, sale).reads(func(r *pos.Request) { r.Status, r.Remaining = pos.StatusPaid, cents(250) })
	w.ends(pos.OutcomePartlyPaid).closed(true)
	if !w.s.Record.Request.Remaining.Equal(cents(250)) {
		t.Errorf("remaining %v", w.s.Record.Request.Remaining)
	}
}

func TestPreAuthIsAuthorized(t *testing.T) {
	t.Parallel()
	sale := aSale()
	sale.PreAuth = true
	for _, status := range []pos.Status{pos.StatusPaid, pos.StatusNew} {
		w := polling(t, sale).reads(func(r *pos.Request) { r.Status, r.PreAuthStatus = status, "authorized" })
		w.ends(pos.OutcomeAuthorized).closed(true)
	}
}

func TestRequestThatIsOverEndsTheSale(t *testing.T) {
	t.Parallel()
	polling(t, aSale()).reads(expired).ends(pos.OutcomeExpired).closed(true)
	for _, reason := range []string{"CANCELLED_BY_PATRON", "PAYMENT_DECLINED", "SOMETHING_NEW", ""} {
		w := polling(t, aSale()).reads(cancelled(reason)).ends(pos.OutcomeCancelled).closed(true)
		if w.s.Record.Request.CancellationReason != reason {
			t.Errorf("reason %q is lost", reason)
		}
	}
}

func TestUnknownStatusIsNotTheEnd(t *testing.T) {
	t.Parallel()
	polling(t, aSale()).reads(func(r *pos.Request) { r.Status = "processing" }).gives("write noted", "wake poll +1s").ends(pos.OutcomeOpen)
}

func TestAnotherAmountIsTold(t *testing.T) {
	t.Parallel()
	w := polling(t, aSale())
	if w.s.AmountChanged() {
		t.Error("told without cause")
	}
	w.reads(func(r *pos.Request) { r.Value = cents(1125) }).gives("write noted", "wake poll +1s")
	if !w.s.AmountChanged() {
		t.Error("the customer is asked for another amount, and nobody is told")
	}
}

func TestFirstFailingPollIsRepeatedAtOnceThenEachSecond(t *testing.T) {
	t.Parallel()
	for name, reply := range map[string]pos.Reply{"unknown": unknown, "not sent": notSent, "refused": refusedWith("FORBIDDEN")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := polling(t, aSale()).pollFails(reply).gives("poll pr1").phase(pos.PhaseWaiting)
			if !w.s.Reconnecting() {
				t.Error("not shown as reconnecting")
			}
			for range 20 {
				w.after(100 * time.Millisecond).pollFails(reply).gives("wake poll +900ms").ends(pos.OutcomeOpen)
				w.after(900 * time.Millisecond).on(due(pos.TimerPoll)).gives("poll pr1")
			}
			since := w.s.Live.TroubleSince
			w.reads(nothingNew).gives("wake poll +1s")
			if w.s.Reconnecting() || since.After(noon.Add(2*time.Second)) {
				t.Errorf("trouble since %s, and now %q", since, w.s.Live.Trouble)
			}
		})
	}
}

func TestHangingPollIsFollowedByTheNextAtOnce(t *testing.T) {
	t.Parallel()
	w := polling(t, aSale()).after(4 * time.Second).pollFails(unknown).gives("poll pr1")
	w.after(4 * time.Second).pollFails(unknown).gives("wake poll +0s")
}

func TestAnswerAboutAnotherRequestTellsNothing(t *testing.T) {
	t.Parallel()
	w := polling(t, aSale())
	other := w.made("pr7")
	paid(&other)
	w.on(pos.PollReplied{RequestID: "pr1", Reply: w.done(), Request: other}).gives("poll pr1").ends(pos.OutcomeOpen)
	if !w.s.Reconnecting() || w.s.Live.Trouble == "done" {
		t.Errorf("trouble %q", w.s.Live.Trouble)
	}
}

func TestPollsObeyRetryAfter(t *testing.T) {
	t.Parallel()
	w := polling(t, aSale()).pollFails(tooMany(7 * time.Second)).gives("wake poll +7s")
	w.after(3 * time.Second).on(due(pos.TimerPoll)).gives("wake poll +4s")
	w.after(4 * time.Second).on(due(pos.TimerPoll)).gives("poll pr1")
	w.reads(nothingNew).gives("wake poll +1s")
}

func TestDeadlineVoidsWhatCannotBeDetermined(t *testing.T) {
	t.Parallel()
	w := polling(t, aSale()).pollFails(unknown).pollFails(unknown)
	w.after(127*time.Second).on(due(pos.TimerDeadline)).gives("write stop-wanted", "write void-sent", "void pr1").phase(pos.PhaseStopping)
	if w.s.Unresolved() {
		t.Error("unresolved while the void is on its way for the first time")
	}
	w.on(pos.VoidReplied{RequestID: "pr1", Reply: w.done(), Reversal: pos.Reversal{Returned: cents(1250)}}).ends(pos.OutcomeVoided).closed(true)
	if !w.s.Record.Returned.Equal(cents(1250)) {
		t.Errorf("given back: %v", w.s.Record.Returned)
	}
	w = polling(t, aSale()).reads(paid).on(due(pos.TimerDeadline)).gives().ends(pos.OutcomePaid)
	if w.s.TimeLeft(w.at) != 0 && w.s.Phase() != pos.PhaseEnded {
		t.Error("time is left after the end")
	}
}

// The deadline lies 5 to 10 s after the request's expiry by the service's clock,
// however wrong the till's is, with the Date header's whole seconds and a slow answer.
func TestDeadlineByTheServicesClock(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{-time.Hour, -10 * time.Minute, -1900 * time.Millisecond, 0, 600 * time.Millisecond, 90 * time.Second, time.Hour} {
		for _, trip := range []time.Duration{20 * time.Millisecond, 300 * time.Millisecond, 2 * time.Second, 4 * time.Second, 7900 * time.Millisecond} {
			for _, fraction := range []time.Duration{0, 400 * time.Millisecond, 999 * time.Millisecond} {
				for _, there := range []float64{0.02, 0.5, 0.98} {
					name := fmt.Sprintf("ahead %s, trip %s at %s, %s", ahead, trip, time.Duration(float64(trip)*there), fraction)
					checkDeadline(t, name, ahead, trip, fraction, there)
				}
			}
		}
	}
}

func checkDeadline(t *testing.T, name string, ahead, trip, fraction time.Duration, there float64) {
	t.Helper()
	w := newWalk(t)
	w.at = noon.Truncate(time.Second).Add(fraction)
	sale := aSale()
	w.on(pos.Begun{Intent: pos.Opened{Kind: pos.KindSale, Service: "s", Sale: &sale}})
	answer := func(trip time.Duration) pos.Reply {
		sent := w.at
		read := sent.Add(time.Duration(float64(trip) * there)).Add(ahead)
		w.after(trip)
		return pos.Reply{Answer: pos.AnswerDone, Clock: pos.Clock{Sent: sent, Received: w.at, Server: read.Truncate(time.Second)}}
	}
	created := w.at.Add(time.Duration(float64(trip) * there)).Add(ahead)
	req := pos.Request{ID: "pr1", Status: pos.StatusNew, Value: cents(1250), CreatedAt: created, ExpiresAt: created.Add(2 * time.Minute)}
	w.on(pos.CreateReplied{Reply: answer(trip), Request: req})
	at := deadlineSet(w, time.Time{})
	// Later answers are quicker: what they say of the clocks counts too.
	for range 3 {
		w.after(time.Second).on(due(pos.TimerPoll))
		w.on(pos.PollReplied{RequestID: "pr1", Reply: answer(200 * time.Millisecond), Request: req})
		at = deadlineSet(w, at)
	}
	if margin := at.Add(ahead).Sub(req.ExpiresAt); margin < 5*time.Second || margin > 10*time.Second || !at.Equal(w.s.Live.Deadline) {
		t.Errorf("%s: %s after the expiry", name, margin)
	}
	left := w.s.TimeLeft(w.at)
	if off := left - req.ExpiresAt.Sub(w.at.Add(ahead)); off.Abs() > 2500*time.Millisecond {
		t.Errorf("%s: %s left, wrong by %s", name, left, off)
	}
}

// deadlineSet is when the deadline's timer runs out after the last event.
func deadlineSet(w *walk, before time.Time) time.Time {
	for _, e := range w.last {
		if wake, ok := e.(pos.Wake); ok && wake.Timer == pos.TimerDeadline {
			before = wake.At
		}
	}
	return before
}

func TestDeadlineWithoutTheServicesClock(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*pos.Request){
		"both dates": func(*pos.Request) {},
		"dates an hour ahead": func(r *pos.Request) {
			r.CreatedAt, r.ExpiresAt = r.CreatedAt.Add(time.Hour), r.ExpiresAt.Add(time.Hour)
		},
		"no dates":     func(r *pos.Request) { r.CreatedAt, r.ExpiresAt = time.Time{}, time.Time{} },
		"expiry alone": func(r *pos.Request) { r.CreatedAt = time.Time{} },
	} {
		w := begun(t, aSale())
		req := w.made("pr1")
		change(&req)
		w.on(pos.CreateReplied{Reply: pos.Reply{Answer: pos.AnswerDone}, Request: req})
		if left := w.s.Live.Deadline.Sub(noon) - 2*time.Minute; left < 5*time.Second || left > 10*time.Second {
			t.Errorf("%s: %s after the expiry", name, left)
		}
	}
}

func TestReadingsThatSayTheSameAreNotWritten(t *testing.T) {
	t.Parallel()
	w := polling(t, aSale()).reads(nothingNew).gives("wake poll +1s")
	w.on(due(pos.TimerPoll)).reads(func(r *pos.Request) { // an abridged reading
		r.ShortCode, r.URL, r.ExternalRef, r.CreatedAt, r.ExpiresAt, r.Value = "", "", "", time.Time{}, time.Time{}, pos.Money{}
	}).gives("wake poll +1s")
	w.on(due(pos.TimerPoll)).reads(func(r *pos.Request) { r.Remaining = cents(1000) }).gives("write noted", "wake poll +1s")
	if w.s.Record.Request.URL != "https://pay/pr1" || w.s.Record.Request.ShortCode != "CP-pr1" {
		t.Errorf("an abridged reading lost %+v", w.s.Record.Request)
	}
}

func TestPaidTotalAddsOneCurrency(t *testing.T) {
	t.Parallel()
	r := pos.Request{PaidBy: []pos.Tender{{Total: cents(1000)}, {Total: cents(250)}, {}}}
	if !r.PaidTotal().Equal(cents(1250)) || (pos.Request{}).PaidTotal().IsKnown() {
		t.Errorf("%v", r.PaidTotal())
	}
}
