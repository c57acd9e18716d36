package pos_test

import (
	"strings"
	"testing"
	"time"

	"centrapos/pos"
)

func TestIntentIsWrittenBeforeTheCreate(t *testing.T) {
	t.Parallel()
	begun(t, aSale()).gives("write opened", "create T1-0001").phase(pos.PhaseAsking).closed(false)
}

func TestCreatedRequestIsShownAndPolledEachSecond(t *testing.T) {
	t.Parallel()
	w := shown(t, aSale()).phase(pos.PhaseWaiting)
	// The service's clock is known to half a second; the margin is 5 to 10 s.
	w.gives("write adopted", "wake deadline +2m7.65s", "wake poll +1s")
	w.after(time.Second).on(due(pos.TimerPoll)).gives("poll pr1")
	w.after(300 * time.Millisecond).reads(nothingNew).gives("wake poll +700ms")
}

func TestBarcodeRequestIsPolledAtOnce(t *testing.T) {
	t.Parallel()
	shown(t, barcodeSale()).gives("write adopted", "wake deadline +2m7.65s", "poll pr1")
}

func TestRefusedCreateEndsTheSale(t *testing.T) {
	t.Parallel()
	w := begun(t, aSale()).on(pos.CreateReplied{Reply: refusedWith("NO_AVAILABLE_PAYMENT_OPTIONS")})
	w.gives("write create-refused", "write ended").ends(pos.OutcomeRefused).closed(true)
	if w.s.Record.Refusal == nil || w.s.Record.Refusal.Code != "NO_AVAILABLE_PAYMENT_OPTIONS" {
		t.Errorf("refusal %v", w.s.Record.Refusal)
	}
}

func TestUnsentCreateIsTriedThreeTimes(t *testing.T) {
	t.Parallel()
	w := begun(t, aSale()).on(pos.CreateReplied{Reply: notSent}).gives("write create-not-sent", "wake create +0s")
	w.on(due(pos.TimerCreate)).gives("write create-sent", "create T1-0001")
	w.on(pos.CreateReplied{Reply: notSent}).gives("write create-not-sent", "wake create +1s").phase(pos.PhaseAsking)
	w.after(time.Second).on(due(pos.TimerCreate)).gives("write create-sent", "create T1-0001")
	w.on(pos.CreateReplied{Reply: notSent}).gives("write create-not-sent", "write ended").ends(pos.OutcomeNotMade).closed(true)
	if w.s.Record.Detail != "no connection" {
		t.Errorf("why nothing was made: %q", w.s.Record.Detail)
	}
}

func TestCreateObeysRetryAfter(t *testing.T) {
	t.Parallel()
	begun(t, barcodeSale()).on(pos.CreateReplied{Reply: tooMany(9 * time.Second)}).gives("write create-not-sent", "wake create +9s")
}

func TestLostCreateIsLookedForNotRepeated(t *testing.T) {
	t.Parallel()
	for name, sale := range map[string]pos.Sale{"QR": aSale(), "barcode": barcodeSale()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := begun(t, sale).after(8 * time.Second).on(pos.CreateReplied{Reply: unknown})
			w.gives("write no-answer", "look up T1-0001").phase(pos.PhaseSearching)
			if !w.s.Unresolved() || !w.s.Reconnecting() {
				t.Error("a lost create is not told")
			}
			found := w.made("pr1")
			found.ShortCode, found.Remaining = "", pos.Money{}
			w.on(pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{found}})
			if w.s.Record.Request.ID != "pr1" || w.s.Record.Unaccounted != 0 {
				t.Errorf("not adopted: %+v", w.s.Record)
			}
			w.phase(pos.PhaseWaiting)
			// What the listing left out is read, and kept.
			w.after(time.Second).on(due(pos.TimerPoll)).reads(func(r *pos.Request) { r.ShortCode = "CP-pr1" })
			if w.s.Record.Request.ShortCode != "CP-pr1" {
				t.Error("the short code is not kept")
			}
		})
	}
}

func TestFoundRequestKeepsWhatTheListingLeftOut(t *testing.T) {
	t.Parallel()
	w := begun(t, aSale()).on(pos.CreateReplied{Reply: unknown})
	bare := pos.Request{ID: "pr1", Value: cents(1250), Status: pos.StatusNew}
	w.on(pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{bare}})
	w.after(time.Second).on(due(pos.TimerPoll)).reads(func(r *pos.Request) { r.URL, r.ShortCode = "https://pay/pr1", "CP-pr1" })
	if got := pos.Replay(w.written).Request; got.URL == "" || got.ShortCode == "" {
		t.Errorf("the code to show is not in the ledger: %+v", got)
	}
}

func TestOneFoundRequestIsAdoptedAndTheOthersVoided(t *testing.T) {
	t.Parallel()
	w := begun(t, aSale())
	older := w.made("pr1")
	newer := w.after(time.Second).made("pr2")
	w.on(pos.CreateReplied{Reply: unknown})
	w.on(pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{older, newer}})
	w.gives("write adopted", "wake deadline +2m7.15s", "wake poll +1s", "write stray-found", "write void-sent", "void pr1")
	if w.s.Record.Request.ID != "pr2" {
		t.Errorf("adopted %s", w.s.Record.Request.ID)
	}
	w.on(pos.VoidReplied{RequestID: "pr1", Reply: unknown}).gives("write no-answer", "wake void +0s")
	w.on(due(pos.TimerVoid)).gives("write void-sent", "void pr1")
	w.on(pos.VoidReplied{RequestID: "pr1", Reply: refusedWith(pos.RefusedRequestCancelled)}).gives("write void-refused")
	w.on(due(pos.TimerPoll)).reads(paid).ends(pos.OutcomePaid).closed(true)
}

func TestPaidRequestIsAdoptedBeforeANewerOne(t *testing.T) {
	t.Parallel()
	w := begun(t, barcodeSale())
	older := w.made("pr1")
	paid(&older)
	newer := w.after(time.Second).made("pr2")
	w.on(pos.CreateReplied{Reply: unknown})
	w.on(pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{older, newer}})
	if w.s.Record.Request.ID != "pr1" || len(w.s.Record.Strays) != 1 {
		t.Errorf("adopted %s, strays %v", w.s.Record.Request.ID, w.s.Record.Strays)
	}
}

// Look-ups list requests without what is left to pay: a part must not be shown
// as the whole.
func TestPaidInAListingIsReadBeforeItIsSaid(t *testing.T) {
	t.Parallel()
	sale := barcodeSale()
	sale.Partial, sale.Basket = true, cents(2000)
	listed := func(w *walk) pos.Request {
		r := w.made("pr1")
		r.Status, r.Remaining = pos.StatusPaid, pos.Money{}
		return r
	}
	w := begun(t, sale).on(pos.CreateReplied{Reply: unknown})
	w.on(pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{listed(w)}}).gives("write adopted", "poll pr1").ends(pos.OutcomeOpen)
	w.pollFails(unknown).gives("poll pr1")
	w.pollFails(unknown).gives("wake poll +1s").ends(pos.OutcomeOpen)
	w.after(time.Second).on(due(pos.TimerPoll)).reads(func(r *pos.Request) { r.Remaining = cents(250) })
	w.ends(pos.OutcomePartlyPaid).closed(true)

	w = begun(t, sale).on(pos.CreateReplied{Reply: unknown}).restart().gives("write stop-wanted", "look up T1-0001")
	w.on(pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{listed(w)}}).gives("write adopted", "poll pr1")
	// A network in trouble is no reason to give back what is known to be paid.
	for range 5 {
		w.pollFails(unknown).after(time.Second).on(due(pos.TimerPoll))
	}
	w.reads(func(r *pos.Request) { r.Remaining = cents(250) }).ends(pos.OutcomePartlyPaid).closed(true)
}

func TestStrayOfTheSameReferenceIsNotAnOlderSale(t *testing.T) {
	t.Parallel()
	chosen := aSale()
	chosen.RefGiven = true
	w := begun(t, chosen).on(pos.CreateReplied{Reply: unknown})
	old := w.made("pr0")
	paid(&old)
	old.CreatedAt, old.ExpiresAt = noon.Add(-time.Hour), noon.Add(-58*time.Minute)
	foreign := w.made("pr9")
	foreign.ExternalRef = "T2-0001"
	w.on(pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{old, foreign}}).gives("write create-sent", "create T1-0001")
	if w.s.Record.Request.ID != "" {
		t.Errorf("adopted %s", w.s.Record.Request.ID)
	}
}

// A reference that the till has minted is of one sale alone: what carries it is the
// sale's, whatever the clocks say.
func TestMintedReferenceIsBelievedWhateverTheClocks(t *testing.T) {
	t.Parallel()
	for _, off := range []time.Duration{-3 * time.Second, -time.Hour, -48 * time.Hour, time.Hour} {
		for _, sale := range []pos.Sale{aSale(), barcodeSale()} {
			w := begun(t, sale).on(pos.CreateReplied{Reply: unknown})
			lost := w.made("pr1")
			paid(&lost)
			lost.CreatedAt, lost.ExpiresAt = lost.CreatedAt.Add(off), lost.ExpiresAt.Add(off)
			w.on(pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{lost}}).gives("write adopted", "poll pr1")
		}
	}
}

// TestChosenReferenceInDoubt: a payment under a reference that somebody chose twice may
// be the sale's, should the clocks be wrong. It is neither taken nor denied: a person is
// asked, and the till goes on looking.
func TestChosenReferenceInDoubt(t *testing.T) {
	t.Parallel()
	sale := barcodeSale()
	sale.RefGiven = true
	w := begun(t, sale).on(pos.CreateReplied{Reply: unknown})
	other := w.made("pr0")
	paid(&other)
	other.CreatedAt = noon.Add(-time.Hour)
	listed := pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{other}}
	for range 40 {
		w.on(listed).ends(pos.OutcomeOpen).after(30 * time.Second).on(due(pos.TimerLookUp)).gives("look up T1-0001")
	}
	if w.on(listed); !w.s.NeedsPerson(w.at) {
		t.Error("nobody is asked")
	}
	w.on(said(pos.VerdictUnpaid)).ends(pos.OutcomeNotMade)
	// What was over, or asked for another amount, leaves no doubt.
	for _, change := range []func(*pos.Request){expired, func(r *pos.Request) { r.Value = cents(1) }} {
		w := begun(t, sale).on(pos.CreateReplied{Reply: unknown}).after(10 * time.Minute)
		other := w.made("pr0")
		other.CreatedAt = noon.Add(-time.Hour)
		change(&other)
		w.on(pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{other}}).ends(pos.OutcomeNotMade)
	}
}

// w0 is an empty listing's reply at some time.
func w0(at time.Time) pos.Reply {
	return pos.Reply{Answer: pos.AnswerDone, Clock: pos.Clock{Sent: at, Received: at, Server: at.Truncate(time.Second)}}
}

func TestStopWhileCreating(t *testing.T) {
	t.Parallel()
	t.Run("made", func(t *testing.T) {
		t.Parallel()
		w := begun(t, aSale()).on(stop(pos.WhyStaff)).gives("write stop-wanted").on(stop(pos.WhyShutdown)).gives()
		w.on(pos.CreateReplied{Reply: w.done(), Request: w.made("pr1")}).gives("write adopted", "write void-sent", "void pr1")
		w.phase(pos.PhaseStopping).on(pos.VoidReplied{RequestID: "pr1", Reply: w.done()}).ends(pos.OutcomeCancelled).closed(true)
	})
	t.Run("lost", func(t *testing.T) {
		t.Parallel()
		w := begun(t, aSale()).on(stop(pos.WhyStaff)).on(pos.CreateReplied{Reply: unknown}).gives("write no-answer", "look up T1-0001")
		w.on(pos.LookUpReplied{Reply: w.done()}).gives("wake look-up +1s").ends(pos.OutcomeOpen)
		w.after(12 * time.Second).on(due(pos.TimerLookUp)).on(pos.LookUpReplied{Reply: w.done()})
		w.gives("write lost-written-off", "write ended").ends(pos.OutcomeNotMade).closed(true)
	})
	t.Run("not sent", func(t *testing.T) {
		t.Parallel()
		begun(t, aSale()).on(stop(pos.WhyStaff)).on(pos.CreateReplied{Reply: notSent}).ends(pos.OutcomeNotMade).closed(true)
	})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		begun(t, aSale()).on(stop(pos.WhyStaff)).on(pos.CreateReplied{Reply: refusedWith("X")}).ends(pos.OutcomeRefused).closed(true)
	})
	t.Run("between two tries", func(t *testing.T) {
		t.Parallel()
		w := begun(t, aSale()).on(pos.CreateReplied{Reply: notSent}).on(stop(pos.WhyStaff)).ends(pos.OutcomeNotMade).closed(true)
		w.on(due(pos.TimerCreate)).gives()
	})
}

func TestCreateRefusedAfterALostOneLooksForTheLostOne(t *testing.T) {
	t.Parallel()
	w := begun(t, aSale()).on(pos.CreateReplied{Reply: unknown}).on(pos.LookUpReplied{Reply: w0(noon)})
	w.on(pos.CreateReplied{Reply: refusedWith("X")}).gives("write create-refused", "look up T1-0001")
	w.on(pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{w.made("pr1")}}).phase(pos.PhaseWaiting)
	w.on(due(pos.TimerPoll)).reads(paid).ends(pos.OutcomePaid)
}

// A service whose dates make no sense beside its own clock gives the customer the
// time that was asked for, not none and not an hour.
func TestDatesThatDoNotFitTheServicesClock(t *testing.T) {
	t.Parallel()
	for name, off := range map[string]time.Duration{"an hour behind": -time.Hour, "years behind": -5 * 365 * 24 * time.Hour, "a day ahead": 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := begun(t, aSale())
			made := w.made("pr1")
			made.CreatedAt, made.ExpiresAt = made.CreatedAt.Add(off), made.ExpiresAt.Add(off)
			w.on(pos.CreateReplied{Reply: w.done(), Request: made})
			w.gives("write adopted", "wake deadline +2m7.5s", "wake poll +1s")
		})
	}
}

// TestRequestThatWasNotAskedForIsNotShown: what asks the customer for another amount, or
// for another merchant, is called off before anybody sees it.
func TestRequestThatWasNotAskedForIsNotShown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*pos.Request)
		says   string
	}{
		"amount":   {func(r *pos.Request) { r.Value = cents(1350) }, "13.50"},
		"currency": {func(r *pos.Request) { r.Value = pos.NewMoney(dec("1250"), pos.Currency{Code: "AUD", Decimals: 2}) }, "AUD"},
		"merchant": {func(r *pos.Request) { r.Differs = "it is for the merchant m2" }, "m2"},
	} {
		made := func() *walk {
			w := begun(t, aSale())
			req := w.made("pr1")
			c.change(&req)
			return w.on(pos.CreateReplied{Reply: w.done(), Request: req}).gives("write adopted", "write stop-wanted", "write void-sent", "void pr1").phase(pos.PhaseStopping)
		}
		w := made().voidReply(pos.Reply{Answer: pos.AnswerDone}).gives("write void-done", "write ended").ends(pos.OutcomeRefused).closed(true)
		if refusal := w.s.Record.Refusal; refusal == nil || refusal.Code != pos.CodeNotAsAsked || !strings.Contains(refusal.Reason, c.says) {
			t.Errorf("%s: %+v", name, refusal)
		}
		// It is called off in the end also where that takes a while, or another process.
		made().voidReply(unknown).gives("write no-answer", "poll pr1", "wake void +0s")
		made().restart().gives("write void-sent", "void pr1").voidReply(refusedWith(pos.RefusedRequestExpired)).ends(pos.OutcomeRefused)
		// Money that moved all the same is told as what it is.
		back := pos.VoidReplied{RequestID: "pr1", Reply: pos.Reply{Answer: pos.AnswerDone}, Reversal: pos.Reversal{Returned: cents(1350)}}
		made().on(back).ends(pos.OutcomeCancelled).returned(cents(1350))
		w = made().voidReply(refusedWith(pos.RefusedRequestPaid)).gives("write void-refused", "poll pr1")
		w.reads(paid).ends(pos.OutcomePaid)
	}
	// What is paid already is what the customer has, and says how much that was.
	w := begun(t, barcodeSale())
	req := w.made("pr1")
	req.Status, req.Value, req.Remaining = pos.StatusPaid, cents(1350), cents(0)
	w.on(pos.CreateReplied{Reply: w.done(), Request: req}).gives("write adopted", "poll pr1").reads(func(r *pos.Request) { *r = req })
	if w.ends(pos.OutcomePaid); !w.s.Record.AmountDiffers() || !w.s.Record.Answered().Equal(cents(1350)) || !w.s.Record.Summary("op").Amount.Equal(cents(1350)) {
		t.Errorf("said %s, differs %v", w.s.Record.Answered(), w.s.Record.AmountDiffers())
	}
	// Staff who stop it meanwhile have stopped it.
	w = begun(t, aSale()).on(stop(pos.WhyStaff))
	req = w.made("pr1")
	req.Value = cents(1350)
	w.on(pos.CreateReplied{Reply: w.done(), Request: req}).voidReply(pos.Reply{Answer: pos.AnswerDone}).ends(pos.OutcomeCancelled)
}
