package pos_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"centrapos/pos"
	"centrapos/pos/postest"
)

func TestWordIsChecked(t *testing.T) {
	t.Parallel()
	good := pos.Word{Verdict: pos.VerdictPaid, By: "Mia", Note: "Sam said so"}
	with := func(change func(*pos.Word)) pos.Word {
		w := good
		change(&w)
		return w
	}
	for name, c := range map[string]struct {
		kind pos.Kind
		word pos.Word
		says string // what the error says; empty when the word is good
	}{
		"paid":                   {pos.KindSale, good, ""},
		"unpaid":                 {pos.KindSale, with(func(w *pos.Word) { w.Verdict = pos.VerdictUnpaid }), ""},
		"refunded":               {pos.KindRefund, with(func(w *pos.Word) { w.Verdict = pos.VerdictRefunded }), ""},
		"not confirmed":          {pos.KindConfirm, with(func(w *pos.Word) { w.Verdict = pos.VerdictNotConfirmed }), ""},
		"a sale is not refunded": {pos.KindSale, with(func(w *pos.Word) { w.Verdict = pos.VerdictRefunded }), "say paid or unpaid"},
		"a refund is not paid":   {pos.KindRefund, good, "say refunded or not-refunded"},
		"a void":                 {pos.KindVoid, good, "never settled by hand"},
		"a release":              {pos.KindRelease, good, "never settled by hand"},
		"nobody":                 {pos.KindSale, with(func(w *pos.Word) { w.By = " " }), "name of whoever"},
		"no reason":              {pos.KindSale, with(func(w *pos.Word) { w.Note = "" }), "what Centrapay said"},
		"a long name":            {pos.KindSale, with(func(w *pos.Word) { w.By = strings.Repeat("ā", 61) }), "at most 60"},
		"a long note":            {pos.KindSale, with(func(w *pos.Word) { w.Note = strings.Repeat("ā", 501) }), "at most 500"},
	} {
		err := c.word.Check(c.kind)
		var input *pos.InputError
		if c.says == "" && err != nil || c.says != "" && (!errors.As(err, &input) || input.Code != pos.CodeInvalidWord || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// lostForGood is a barcode sale that no till can find out about any more.
func lostForGood(t *testing.T) *walk {
	t.Helper()
	return begun(t, blind(barcodeSale())).on(pos.CreateReplied{Reply: unknown}).after(8 * time.Minute).on(due(pos.TimerLookUp))
}

func said(verdict pos.Verdict) pos.Event {
	return pos.PersonSaid{Word: pos.Word{Verdict: verdict, By: "Mia", Note: "Sam at Centrapay looked"}}
}

func TestWordOnALostSale(t *testing.T) {
	t.Parallel()
	for verdict, want := range map[pos.Verdict]pos.Outcome{pos.VerdictPaid: pos.OutcomePaid, pos.VerdictUnpaid: pos.OutcomeNotMade} {
		w := lostForGood(t).on(said(verdict))
		w.gives("write word-given", "write lost-written-off", "write ended").ends(want).closed(true)
		rec := w.s.Record
		if rec.Word == nil || rec.Word.By != "Mia" || !rec.WordAt.Equal(w.at) || !rec.Summary("op").ByHand || rec.Doubtful() {
			t.Errorf("%s is not marked as a person's word: %+v", verdict, rec)
		}
		w.on(said(pos.VerdictUnpaid)).gives() // the first word stands
	}
	held := blind(barcodeSale())
	held.PreAuth = true
	w := begun(t, held).on(pos.CreateReplied{Reply: unknown}).after(8 * time.Minute).on(due(pos.TimerLookUp))
	w.on(said(pos.VerdictPaid)).ends(pos.OutcomeAuthorized)
}

func TestWordOnARefundInDoubt(t *testing.T) {
	t.Parallel()
	for verdict, want := range map[pos.Verdict]pos.Outcome{pos.VerdictRefunded: pos.OutcomeRefunded, pos.VerdictNotRefunded: pos.OutcomeRefused} {
		w := refusedAfterLost(t, pos.KindRefund, "INVALID_AMOUNT")
		w.after(time.Minute).history(nameless(lostEntry(pos.KindRefund, w.at)))
		w.on(said(verdict)).gives("write word-given", "write ended").ends(want).closed(true)
		if returned := w.s.Record.Returned; returned.IsKnown() != (want == pos.OutcomeRefunded) {
			t.Errorf("%s: %s went back", verdict, returned)
		}
	}
}

// Who asked was turned away, so that the refund was neither refused nor, by the word,
// made.
func TestWordOnARefundThatWasNotJudged(t *testing.T) {
	t.Parallel()
	w := refusedAfterLost(t, pos.KindRefund, "UNAUTHORIZED").on(pos.LookOnlyAsked{}).after(time.Minute).history()
	w.on(said(pos.VerdictNotRefunded)).ends(pos.OutcomeNotMade).closed(true)
	if rec := w.s.Record; !strings.Contains(rec.Detail, "Mia") || rec.Refusal != nil {
		t.Errorf("%q, %v", rec.Detail, rec.Refusal)
	}
}

// A word changes nothing that the till can still find out by itself.
func TestWordIsNotNeeded(t *testing.T) {
	t.Parallel()
	for name, w := range map[string]*walk{
		"being asked":        begun(t, blind(barcodeSale())),
		"still payable":      begun(t, blind(barcodeSale())).on(pos.CreateReplied{Reply: unknown}),
		"can be looked up":   begun(t, barcodeSale()).on(pos.CreateReplied{Reply: unknown}).after(8 * time.Minute),
		"with the customer":  shown(t, aSale()),
		"ended":              shown(t, aSale()).on(due(pos.TimerPoll)).reads(paid),
		"a QR code":          begun(t, blind(aSale())).on(pos.CreateReplied{Reply: unknown}),
		"a void":             voiding(t),
		"a verdict on a lot": lostForGood(t),
	} {
		verdict := pos.VerdictPaid
		if name == "a verdict on a lot" {
			verdict = pos.VerdictRefunded
		}
		before := len(w.written)
		if w.on(said(verdict)).gives(); len(w.written) != before {
			t.Errorf("%s: a word was taken", name)
		}
	}
}

func TestSettle(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{LookUpRefused: "FORBIDDEN"}, func(t *testing.T, s *shop) {
		s.svc.Next(postest.CallCreate, postest.LostAfter)
		op := s.sell(barcodeSale())
		if _, err := s.till.Settle(s.timeout(10*time.Second), op.ID(), pos.VerdictPaid, "Mia", "asked"); !errors.Is(err, pos.ErrSettlesItself) {
			t.Errorf("settled while the customer could still pay: %v", err)
		}
		if _, err := s.till.Settle(t.Context(), op.ID(), pos.VerdictRefunded, "Mia", "asked"); err == nil {
			t.Error("a sale was refunded by hand")
		}
		if _, err := s.till.Settle(t.Context(), "nothing", pos.VerdictPaid, "Mia", "asked"); !errors.Is(err, pos.ErrNoOperation) {
			t.Errorf("settled what is not there: %v", err)
		}
		time.Sleep(8 * time.Minute)
		s.restart() // another process, days later perhaps
		other := pos.NewTill(s.svc, s.ledger.Second(), pos.RandomIDs{}, "here")
		settled, err := s.till.Settle(s.timeout(time.Minute), op.ID(), pos.VerdictPaid, "Mia", "Sam looked it up")
		if err != nil {
			t.Fatal(err)
		}
		rec := s.closes(settled, time.Second)
		if rec.Outcome != pos.OutcomePaid || rec.Word == nil || rec.Word.Note != "Sam looked it up" {
			t.Errorf("%+v", rec)
		}
		again, err := other.Settle(t.Context(), op.ID(), pos.VerdictUnpaid, "Tom", "no")
		if !errors.Is(err, pos.ErrSettlesItself) || again.State().Record.Outcome != pos.OutcomePaid {
			t.Errorf("settled twice: %v", err)
		}
		if ops := s.recover(); len(ops) != 0 {
			t.Errorf("%d taken up after it was settled", len(ops))
		}
	})
}

// What another running till has in hand is left to it.
func TestSettleElsewhere(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		s.svc.Next(postest.CallCreate, postest.LostAfter)
		op := s.sell(blind(barcodeSale()))
		time.Sleep(8 * time.Minute)
		other := pos.NewTill(s.svc, s.ledger.Second(), pos.RandomIDs{}, "here")
		if _, err := other.Settle(t.Context(), op.ID(), pos.VerdictPaid, "Mia", "asked"); !errors.Is(err, pos.ErrElsewhere) {
			t.Errorf("taken out of another till's hands: %v", err)
		}
		if _, err := s.till.Settle(t.Context(), op.ID(), pos.VerdictUnpaid, "Mia", "asked"); err != nil {
			t.Error(err)
		}
		if rec := s.closes(op, time.Second); rec.Outcome != pos.OutcomeNotMade || !strings.Contains(rec.Detail, "Mia") {
			t.Errorf("%+v", rec)
		}
	})
}

// TestSettlingNeverSends: whoever says that a refund was not made must not be who makes
// it. The refund was lost on its way, and neither process asks for it again.
func TestSettlingNeverSends(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		first   postest.Fault
		verdict pos.Verdict
		want    pos.Outcome
		settled bool // by the word
	}{
		"it was not made, as is said":  {postest.HangBefore, pos.VerdictNotRefunded, pos.OutcomeNotMade, true},
		"it was made, and is listed":   {postest.HangAfter, pos.VerdictNotRefunded, pos.OutcomeRefunded, false},
		"somebody is sure that it was": {postest.HangBefore, pos.VerdictRefunded, pos.OutcomeRefunded, true},
	} {
		for _, running := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", running ", running), func(t *testing.T) {
				t.Parallel()
				inShop(t, postest.Options{HistoryShowsRefs: true}, func(t *testing.T, s *shop) {
					paid := s.bought()
					s.svc.Always(tt.first, postest.CallRefund)
					op := s.refund(pos.Refund{Target: paid, Value: cents(500)})
					time.Sleep(20 * time.Second)
					if !running {
						s.restart()
						time.Sleep(time.Hour)
					}
					s.svc.Heal()
					before := len(s.svc.Calls(postest.CallRefund))
					settled, err := s.till.Settle(s.timeout(time.Minute), op.ID(), tt.verdict, "Mia", "asked")
					if tt.settled != (err == nil) || err != nil && !errors.Is(err, pos.ErrSettlesItself) {
						t.Fatalf("%v", err)
					}
					if rec := s.closes(settled, time.Second); rec.Outcome != tt.want || (rec.Word != nil) != tt.settled {
						t.Errorf("%s, %v", rec.Outcome, rec.Word)
					}
					time.Sleep(time.Hour)
					if n := len(s.svc.Calls(postest.CallRefund)); n != before {
						t.Errorf("sent %d times more", n-before)
					}
				})
			})
		}
	}
}

// TestLookingAgainAtARefundInDoubt: it is looked at when a shift is closed, and by
// itself for as long as the till runs, until the service lists it.
func TestLookingAgainAtARefundInDoubt(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{HistoryShowsRefs: true, HistoryLag: 3 * time.Hour, RepeatsJudgedLast: true}, func(t *testing.T, s *shop) {
		paid := s.bought()
		s.svc.Next(postest.CallRefund, postest.LostAfter)
		op := s.refund(pos.Refund{Target: paid, Value: cents(1250)})
		time.Sleep(30*time.Minute + 7*time.Second)
		if st := op.State(); st.Record.Outcome != pos.OutcomeOpen || !st.NeedsPerson(time.Now()) {
			t.Fatalf("%q", st.Record.Outcome)
		}
		looks := func() int { return len(s.svc.Calls(postest.CallActivities)) }
		before := looks()
		if _, err := s.till.LookAgain(s.timeout(time.Minute), time.Now().Add(-time.Hour)); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Millisecond)
		if looks() != before+1 {
			t.Errorf("looked %d times", looks()-before)
		}
		if rec := s.closes(op, 3*time.Hour); rec.Outcome != pos.OutcomeRefunded || !rec.Returned.Equal(cents(1250)) {
			t.Errorf("%s", rec.Outcome)
		}
		if n := looks(); n > 60 {
			t.Errorf("looked %d times in three hours", n)
		}
	})
}
