package pos_test

import (
	"testing"
	"time"

	"centrapos/pos"
)

func TestLostQRRequestIsMadeAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sale  pos.Sale
		reply *pos.LookUpReplied
	}{
		"listed nowhere":        {aSale(), &pos.LookUpReplied{Reply: pos.Reply{Answer: pos.AnswerDone}}},
		"look-up not permitted": {aSale(), &pos.LookUpReplied{Reply: refusedWith("FORBIDDEN")}},
		"account not known":     {blind(aSale()), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := begun(t, c.sale).after(time.Second).on(pos.CreateReplied{Reply: unknown})
			if c.reply != nil {
				w.gives("write no-answer", "look up T1-0001").on(*c.reply).gives("write create-sent", "create T1-0001")
			} else {
				w.gives("write no-answer", "write create-sent", "create T1-0001")
			}
			w.on(pos.CreateReplied{Reply: w.done(), Request: w.made("pr2")}).phase(pos.PhaseWaiting)
			if w.s.Record.Unaccounted != 1 {
				t.Errorf("%d creates unaccounted for", w.s.Record.Unaccounted)
			}
		})
	}
}

// Whose key was turned away has to be seen, or nobody puts it right.
func TestRefusedLookUpIsTold(t *testing.T) {
	t.Parallel()
	for _, code := range []string{pos.RefusedUnauthorized, pos.RefusedForbidden} {
		w := begun(t, barcodeSale()).on(pos.CreateReplied{Reply: unknown})
		for range 5 {
			w.on(pos.LookUpReplied{Reply: refusedWith(code)}).phase(pos.PhaseSearching)
			if w.s.Live.Trouble != code || !w.s.Reconnecting() {
				t.Errorf("%s: told as %q", code, w.s.Live.Trouble)
			}
			w.after(30 * time.Second).on(due(pos.TimerLookUp)).gives("look up T1-0001")
		}
		w.on(pos.LookUpReplied{Reply: w.done()})
		if w.s.Live.Trouble != "" {
			t.Errorf("answered, and told as %q", w.s.Live.Trouble)
		}
	}
}

func TestUnansweredLookUpsDoNotHoldAQRSaleUp(t *testing.T) {
	t.Parallel()
	w := begun(t, aSale()).on(pos.CreateReplied{Reply: unknown})
	w.on(pos.LookUpReplied{Reply: unknown}).gives("wake look-up +1s")
	w.on(due(pos.TimerLookUp)).gives("look up T1-0001").on(pos.LookUpReplied{Reply: tooMany(7 * time.Second)}).gives("wake look-up +7s")
	w.on(due(pos.TimerLookUp)).on(pos.LookUpReplied{Reply: unknown}).gives("write create-sent", "create T1-0001")
}

func TestQRRequestIsMadeThreeTimesAtMost(t *testing.T) {
	t.Parallel()
	w := begun(t, blind(aSale()))
	w.on(pos.CreateReplied{Reply: unknown}).on(pos.CreateReplied{Reply: unknown})
	w.on(pos.CreateReplied{Reply: unknown}).gives("write no-answer", "wake look-up +2m19.5s").phase(pos.PhaseSearching)
	w.after(139 * time.Second).on(due(pos.TimerLookUp)).gives("wake look-up +500ms").ends(pos.OutcomeOpen)
	w.after(time.Second).on(due(pos.TimerLookUp)).gives("write lost-written-off", "write ended").ends(pos.OutcomeNotMade).closed(true)
}

// Three creates were lost and one of them ran out: that says nothing of the others.
func TestOneRequestThatIsOverAccountsForOneCreate(t *testing.T) {
	t.Parallel()
	w := begun(t, aSale())
	for range 2 {
		w.on(pos.CreateReplied{Reply: unknown}).on(pos.LookUpReplied{Reply: w.done()})
	}
	w.on(pos.CreateReplied{Reply: unknown})
	over := w.made("pr1")
	expired(&over)
	w.after(time.Second).on(pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{over}}).ends(pos.OutcomeOpen)
	w.after(12 * time.Second).on(due(pos.TimerLookUp))
	w.on(pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{over}}).ends(pos.OutcomeNotMade).closed(true)
}

func TestLostBarcodeRequestIsNeverMadeAgain(t *testing.T) {
	t.Parallel()
	w := begun(t, barcodeSale()).on(pos.CreateReplied{Reply: unknown})
	for w.at.Before(noon.Add(139 * time.Second)) {
		w.on(pos.LookUpReplied{Reply: w.done()}).ends(pos.OutcomeOpen)
		for _, effect := range w.effects() {
			if effect == "create T1-0001" {
				t.Fatal("made again")
			}
		}
		w.after(20 * time.Second).on(due(pos.TimerLookUp)).gives("look up T1-0001")
	}
	// Nobody can pay it any more: it is known to be nowhere.
	w.on(pos.LookUpReplied{Reply: w.done()}).gives("write lost-written-off", "write ended").ends(pos.OutcomeNotMade).closed(true)
}

func TestLostBarcodeRequestThatCannotBeLookedUpStaysUnfinished(t *testing.T) {
	t.Parallel()
	w := begun(t, barcodeSale()).on(pos.CreateReplied{Reply: unknown})
	w.on(pos.LookUpReplied{Reply: refusedWith("FORBIDDEN")}).gives("wake look-up +1s") // once may be a mishap
	w.after(time.Second).on(due(pos.TimerLookUp)).on(pos.LookUpReplied{Reply: refusedWith("FORBIDDEN")}).gives("wake look-up +30s")
	if w.s.NeedsPerson(w.at) {
		t.Error("given up while the customer may still pay")
	}
	w.after(140 * time.Second).on(due(pos.TimerLookUp)).gives("look up T1-0001")
	w.on(pos.LookUpReplied{Reply: refusedWith("FORBIDDEN")})
	if w.s.NeedsPerson(w.at) {
		t.Error("given up while a payment may be in flight")
	}
	w.after(5 * time.Minute).on(due(pos.TimerLookUp)).gives("look up T1-0001")
	w.on(pos.LookUpReplied{Reply: refusedWith("FORBIDDEN")}).gives("wake look-up +30s").ends(pos.OutcomeOpen).closed(false)
	if !w.s.NeedsPerson(w.at) {
		t.Error("nobody is told that only a person can find out")
	}
	w.on(stop(pos.WhyStaff)).gives("write stop-wanted").closed(false)
	if !w.s.Unresolved() {
		t.Error("not shown as unresolved")
	}
	w.restart().gives("look up T1-0001") // permissions may have changed
}

func TestSecondAnswerOfALostCreateIsAStray(t *testing.T) {
	t.Parallel()
	w := begun(t, aSale()).on(pos.CreateReplied{Reply: unknown}).on(pos.LookUpReplied{Reply: w0(noon)})
	w.on(pos.CreateReplied{Reply: w.done(), Request: w.made("pr2")})
	w.after(3 * time.Second).on(due(pos.TimerPoll)).reads(paid)
	w.gives("write noted", "write ended", "look up T1-0001").ends(pos.OutcomePaid).closed(false)
	// The lost create may still be on its way: nothing listed yet proves little.
	w.on(pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{w.s.Record.Request}}).gives("wake look-up +1s").closed(false)
	w.after(time.Second).on(due(pos.TimerLookUp)).gives("look up T1-0001")
	stray := w.made("pr1")
	w.on(pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{stray, w.s.Record.Request}})
	w.gives("write stray-found", "write void-sent", "void pr1").closed(false)
	w.on(pos.VoidReplied{RequestID: "pr1", Reply: w.done()}).gives("write void-done").ends(pos.OutcomePaid).closed(true)
}

func TestLostCreateIsWrittenOffOnceItHasArrivedOrNeverWill(t *testing.T) {
	t.Parallel()
	w := begun(t, aSale()).on(pos.CreateReplied{Reply: unknown}).on(pos.LookUpReplied{Reply: w0(noon)})
	w.on(pos.CreateReplied{Reply: w.done(), Request: w.made("pr2")}).after(time.Minute).on(due(pos.TimerPoll)).reads(paid)
	w.gives("write noted", "write ended", "look up T1-0001")
	w.on(pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{w.s.Record.Request}}).gives("write lost-written-off").closed(true)
}

// An answer that names no payment request is no answer.
func TestCreateDoneWithoutAnIDIsLost(t *testing.T) {
	t.Parallel()
	begun(t, aSale()).on(pos.CreateReplied{Reply: pos.Reply{Answer: pos.AnswerDone}}).gives("write no-answer", "look up T1-0001")
}

// The till that crashed may have shown a code that it could not write down: as
// long as look-ups are possible, only their answer tells.
func TestUnansweredLookUpsNeverEndASale(t *testing.T) {
	t.Parallel()
	w := begun(t, aSale()).after(time.Hour).restart().gives("write stop-wanted", "look up T1-0001")
	for range 8 {
		w.on(pos.LookUpReplied{Reply: unknown}).ends(pos.OutcomeOpen).after(30 * time.Second).on(due(pos.TimerLookUp)).gives("look up T1-0001")
	}
	found := pos.Request{ID: "pr1", Status: pos.StatusPaid, CreatedAt: noon.Add(time.Second), Value: cents(1250)}
	w.on(pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{found}}).reads(paid).ends(pos.OutcomePaid).closed(true)

	// What is left behind a sale that has ended was never shown.
	w = begun(t, aSale()).on(pos.CreateReplied{Reply: unknown}).on(pos.LookUpReplied{Reply: w0(noon)})
	w.on(pos.CreateReplied{Reply: w.done(), Request: w.made("pr2")}).on(due(pos.TimerPoll)).reads(paid).closed(false)
	w.on(pos.LookUpReplied{Reply: unknown}).closed(false).after(time.Hour).on(due(pos.TimerLookUp))
	w.on(pos.LookUpReplied{Reply: unknown}).gives("write lost-written-off").closed(true)
}
