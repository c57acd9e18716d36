package pos_test

import (
	"testing"
	"time"

	"centrapos/pos"
)

func TestRecoveryLooksBeforeItVoids(t *testing.T) {
	t.Parallel()
	resumed := func() *walk { return shown(t, aSale()).restart().gives("write stop-wanted", "poll pr1") }
	resumed().reads(paid).ends(pos.OutcomePaid).closed(true)
	resumed().reads(expired).ends(pos.OutcomeExpired).closed(true)
	resumed().reads(nothingNew).gives("write void-sent", "void pr1").voidReply(pos.Reply{Answer: pos.AnswerDone}).ends(pos.OutcomeVoided).closed(true)
}

// One failed reading is no reason to give a customer's payment back.
func TestRecoveryReadsTwiceBeforeItVoids(t *testing.T) {
	t.Parallel()
	w := shown(t, aSale()).restart().pollFails(unknown).gives("poll pr1")
	w.reads(paid).ends(pos.OutcomePaid)
	w = shown(t, aSale()).restart().pollFails(tooMany(5 * time.Second)).gives("wake poll +5s")
	w.after(5*time.Second).on(due(pos.TimerPoll)).gives("poll pr1").pollFails(unknown).gives("write void-sent", "void pr1")
	w.gaveBack().ends(pos.OutcomeVoided).returned(cents(1250))
}

func TestRecoveryOfEveryPlaceAStopMayBeCutOff(t *testing.T) {
	t.Parallel()
	// The void may have arrived: it is asked again.
	w := stopping(t).restart().gives("write void-sent", "void pr1")
	w.voidReply(refusedWith(pos.RefusedRequestCancelled)).reads(cancelled("CANCELLED_BY_MERCHANT")).ends(pos.OutcomeCancelled).closed(true)
	// The void never left.
	w = stopping(t).voidReply(notSent).restart().gives("poll pr1")
	w.reads(nothingNew).gives("write void-sent", "void pr1")
	// Stop was asked before the request was known.
	w = begun(t, aSale()).on(stop(pos.WhyStaff)).restart().gives("look up T1-0001")
	w.on(pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{w.made("pr1")}}).gives("write adopted", "write void-sent", "void pr1")
	w.voidReply(pos.Reply{Answer: pos.AnswerDone}).ends(pos.OutcomeCancelled).closed(true)
}

func TestRecoveryOfACreate(t *testing.T) {
	t.Parallel()
	w := begun(t, aSale()).restart().gives("write stop-wanted", "look up T1-0001").phase(pos.PhaseSearching)
	w.on(pos.LookUpReplied{Reply: w.done()}).gives("wake look-up +1s")
	w.after(13 * time.Second).on(due(pos.TimerLookUp)).on(pos.LookUpReplied{Reply: w.done()}).ends(pos.OutcomeNotMade).closed(true)

	w = begun(t, aSale()).on(pos.CreateReplied{Reply: notSent}).restart().gives("write stop-wanted", "write ended").ends(pos.OutcomeNotMade)
	if w.s.Record.Detail != "no connection" {
		t.Errorf("why: %q", w.s.Record.Detail)
	}
	begun(t, blind(aSale())).restart().gives("write stop-wanted", "wake look-up +2m19.5s")
}

// The till was minutes fast, crashed, and its clock was set right as it started:
// the payment made then is not older than its sale.
func TestRecoveryAfterTheClockWasSet(t *testing.T) {
	t.Parallel()
	w := begun(t, barcodeSale())
	w.at = noon.Add(-3 * time.Minute)
	w.restart().gives("write stop-wanted", "look up T1-0001")
	found := w.made("pr1")
	paid(&found)
	w.on(pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{found}}).gives("write adopted", "poll pr1")
	w.reads(nothingNew).ends(pos.OutcomePaid).closed(true)
}

func TestRecoveryOfAStray(t *testing.T) {
	t.Parallel()
	w := begun(t, aSale())
	older := w.made("pr1")
	w.after(time.Second).on(pos.CreateReplied{Reply: unknown})
	w.on(pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{older, w.made("pr2")}})
	w.after(time.Second).on(due(pos.TimerPoll)).reads(paid).ends(pos.OutcomePaid).closed(false)
	w.restart().gives("write void-sent", "void pr1").ends(pos.OutcomePaid)
	w.on(pos.VoidReplied{RequestID: "pr1", Reply: w.done()}).ends(pos.OutcomePaid).closed(true)
}

func TestRecoveryOfALostCreateBehindAPaidSale(t *testing.T) {
	t.Parallel()
	w := begun(t, aSale()).on(pos.CreateReplied{Reply: unknown}).on(pos.LookUpReplied{Reply: w0(noon)})
	w.on(pos.CreateReplied{Reply: w.done(), Request: w.made("pr2")}).on(due(pos.TimerPoll)).reads(paid).closed(false)
	w.restart().gives("look up T1-0001").ends(pos.OutcomePaid)
	w.after(time.Minute).on(pos.LookUpReplied{Reply: w.done()}).gives("write lost-written-off").closed(true)
}

func TestRecoveryOfAVoid(t *testing.T) {
	t.Parallel()
	w := voiding(t).restart().gives("write stop-wanted", "write void-sent", "void pr1")
	w.voidReply(refusedWith(pos.RefusedRequestCancelled)).reads(cancelled("CANCELLED_BY_MERCHANT")).ends(pos.OutcomeVoided).closed(true)
}

func TestRecoveryOfWhatIsClosedIsNothing(t *testing.T) {
	t.Parallel()
	polling(t, aSale()).reads(paid).restart().gives().ends(pos.OutcomePaid)
}

func TestRecoveryTwice(t *testing.T) {
	t.Parallel()
	w := shown(t, aSale()).restart().restart().gives("poll pr1").reads(nothingNew).restart().gives("write void-sent", "void pr1")
	w.voidReply(pos.Reply{Answer: pos.AnswerDone}).ends(pos.OutcomeVoided)
}

func TestSummaryFollowsTheRecord(t *testing.T) {
	t.Parallel()
	w := polling(t, aSale())
	line := w.s.Record.Summary("op1")
	if line.Closed || line.RequestID != "pr1" || line.ShortCode != "CP-pr1" || line.ExternalRef != "T1-0001" || !line.Amount.Equal(cents(1250)) ||
		line.Status != pos.StatusNew || line.Op != "op1" || line.Kind != pos.KindSale || line.Service != "s" || !line.OpenedAt.Equal(noon) {
		t.Errorf("%+v", line)
	}
	line = w.reads(paid).s.Record.Summary("op1")
	if !line.Closed || line.Outcome != pos.OutcomePaid || line.Status != pos.StatusPaid {
		t.Errorf("%+v", line)
	}
	if void := voiding(t).s.Record.Summary("op2"); void.Kind != pos.KindVoid || !void.Amount.Equal(cents(1250)) || void.RequestID != "pr1" {
		t.Errorf("%+v", void)
	}
}

// A void that never left is not carried out by recovery; one that may have left is.
func TestRecoveryOfAVoidThatNeverLeft(t *testing.T) {
	t.Parallel()
	w := newWalk(t)
	w.written = []pos.Entry{{At: noon, Fact: pos.Opened{Kind: pos.KindVoid, Service: "s", Void: &pos.Target{RequestID: "pr1", Value: cents(1250)}}}}
	w.after(time.Hour).restart().gives("write stop-wanted", "write ended").ends(pos.OutcomeNotMade).closed(true)
	w = voiding(t).voidReply(notSent).restart().gives("write stop-wanted", "write ended").ends(pos.OutcomeNotMade)
	w.restart().gives()
	voiding(t).voidReply(unknown).restart().gives("write stop-wanted", "write void-sent", "void pr1").ends(pos.OutcomeOpen)
}
