package pos_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"centrapos/pos"
	"centrapos/pos/postest"
)

// TestDoubtfulEndings decides which endings are looked at again.
func TestDoubtfulEndings(t *testing.T) {
	t.Parallel()
	voided := func(sale pos.Sale, back pos.Money) *walk {
		return shown(t, sale).on(stop(pos.WhyStaff)).on(pos.VoidReplied{RequestID: "pr1", Reply: pos.Reply{Answer: pos.AnswerDone}, Reversal: pos.Reversal{Returned: back}})
	}
	for name, c := range map[string]struct {
		w    *walk
		want bool
	}{
		"voided unpaid":                 {voided(aSale(), pos.Money{}), true},
		"voided, the money given back":  {voided(aSale(), cents(1250)), false},
		"run out":                       {shown(t, aSale()).on(due(pos.TimerPoll)).reads(expired), true},
		"run out, without look-up":      {shown(t, blind(aSale())).on(due(pos.TimerPoll)).reads(expired), true},
		"cancelled by the customer":     {shown(t, aSale()).on(due(pos.TimerPoll)).reads(cancelled("CANCELLED_BY_PATRON")), false},
		"paid":                          {shown(t, aSale()).on(due(pos.TimerPoll)).reads(paid), false},
		"a barcode that was paid":       {shown(t, barcodeSale()).reads(paid), true},
		"without look-up":               {shown(t, blind(barcodeSale())).reads(paid), false},
		"refused":                       {begun(t, aSale()).on(pos.CreateReplied{Reply: refusedWith("INVALID_AMOUNT")}), false},
		"never sent":                    {begun(t, aSale()).on(stop(pos.WhyStaff)).on(pos.CreateReplied{Reply: notSent}), false},
		"lost, and never found":         {lostNowhere(t, aSale()), true},
		"lost, and nothing to ask with": {lostNowhere(t, blind(aSale())), false},
	} {
		if c.w.s.Record.Outcome == pos.OutcomeOpen {
			t.Errorf("%s: not ended", name)
		}
		if got := c.w.s.Record.Doubtful(); got != c.want {
			t.Errorf("%s: doubtful is %v", name, got)
		}
	}
}

// lostNowhere is a sale that was stopped after its create was lost, and of which
// nothing was found.
func lostNowhere(t *testing.T, sale pos.Sale) *walk {
	t.Helper()
	w := begun(t, sale).on(stop(pos.WhyStaff)).on(pos.CreateReplied{Reply: unknown})
	for w.s.Record.Outcome == pos.OutcomeOpen && w.at.Before(noon.Add(time.Hour)) {
		w.on(pos.LookUpReplied{Reply: w.done()}).after(time.Minute).on(due(pos.TimerLookUp))
	}
	return w
}

// TestPaidAfterGivenUp lets a payment land after its request was voided or ran
// out, in between each two looks, also with a restart and with faults before them.
func TestPaidAfterGivenUp(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sale    pos.Sale
		options postest.Options
		lands   time.Duration // after the end
		restart bool
		faults  []postest.Fault
	}{
		"at once":                      {sale: aSale(), lands: time.Second},
		"after the first look":         {sale: aSale(), lands: 15 * time.Second},
		"late":                         {sale: aSale(), lands: 4 * time.Minute},
		"without look-up":              {sale: blind(aSale()), lands: time.Minute},
		"look-up refused":              {sale: aSale(), lands: time.Minute, options: postest.Options{LookUpRefused: "FORBIDDEN"}},
		"a barcode":                    {sale: barcodeSale(), lands: time.Minute},
		"the till was started again":   {sale: aSale(), lands: time.Minute, restart: true},
		"looks that get no answer":     {sale: aSale(), lands: time.Second, faults: []postest.Fault{postest.LostAfter, postest.HangBefore, postest.TooMany(time.Minute)}},
		"a look-up refused by mishap":  {sale: aSale(), lands: time.Second, faults: []postest.Fault{postest.Refuse("FORBIDDEN"), postest.Refuse("UNAUTHORIZED")}},
		"the till, and nothing by ref": {sale: blind(aSale()), lands: 4 * time.Minute, restart: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inShop(t, c.options, func(t *testing.T, s *shop) {
				op := s.sell(c.sale)
				op.Stop(pos.WhyStaff)
				if rec := s.closes(op, time.Minute); rec.Outcome != pos.OutcomeCancelled {
					t.Fatalf("%+v", rec)
				}
				s.svc.Next(postest.CallLookUp, c.faults...)
				id := s.newest().ID
				if c.restart {
					s.restart()
					if ops := s.recover(); len(ops) != 0 {
						t.Error("a sale that has ended is shown as unfinished")
					}
				}
				time.Sleep(c.lands)
				s.must(s.svc.Land(id))
				late, told := s.till.NextLate(s.timeout(15 * time.Minute))
				if !told || late.Op != op.ID() || late.Record.Outcome != pos.OutcomePaidLate || len(late.Record.Late) != 1 || late.Record.Late[0].ID != id {
					t.Fatalf("told %v: %+v", told, late)
				}
				if stored := s.ledger.Record(op.ID()); stored.Outcome != pos.OutcomePaidLate || !stored.Closed() {
					t.Errorf("the ledger says %+v", stored)
				}
				back, err := s.till.Void(t.Context(), pos.Target{RequestID: id})
				s.must(err)
				if rec := s.closes(back, time.Minute); rec.Outcome != pos.OutcomeVoided || !rec.Returned.IsKnown() {
					t.Errorf("given back: %+v", rec)
				}
			})
		})
	}
}

// Looks are few, slow and come to an end; what is certain is not looked at.
func TestLooksAreBounded(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		op := s.sell(aSale())
		op.Stop(pos.WhyStaff)
		rec := s.closes(op, time.Minute)
		time.Sleep(time.Hour)
		calls := s.svc.Calls(postest.CallLookUp, postest.CallGet)
		var after []time.Duration
		for _, c := range calls {
			if c.At.After(rec.EndedAt) {
				after = append(after, c.At.Sub(rec.EndedAt).Round(time.Second))
			}
		}
		if len(after) != 3 || after[0] != 10*time.Second || after[1] != 30*time.Second || after[2] != 5*time.Minute {
			t.Errorf("looked at %v after the end", after)
		}
		s.restart()
		s.recover()
		time.Sleep(time.Hour)
		if n := len(s.svc.Calls(postest.CallLookUp, postest.CallGet)); n != len(calls) {
			t.Errorf("looked at %d times more after a restart", n-len(calls))
		}
	})
}

// A shift is closed: everything in doubt is looked at once more, whoever ended it.
func TestLookAgain(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		opened := time.Now()
		early := s.sell(aSale())
		early.Stop(pos.WhyStaff)
		s.closes(early, time.Minute)
		id := s.newest().ID
		time.Sleep(time.Hour)
		s.must(s.svc.Land(id)) // an hour late: no look of its own is left
		s.restart()
		sale := aSale()
		sale.ExternalRef = "T1-0002"
		late := s.sell(sale)
		late.Stop(pos.WhyStaff)
		s.closes(late, time.Minute)
		ops, err := s.till.LookAgain(t.Context(), opened)
		if err != nil || len(ops) != 2 {
			t.Fatalf("%d looked at: %v", len(ops), err)
		}
		for _, op := range ops {
			if rec := op.State().Record; (op.ID() == early.ID()) != (rec.Outcome == pos.OutcomePaidLate) || rec.LastLook.IsZero() {
				t.Errorf("%+v", rec)
			}
		}
		time.Sleep(time.Minute)
		s.svc.Always(postest.NotSent)
		if _, err := s.till.LookAgain(s.timeout(time.Minute), opened); err == nil {
			t.Error("a look that could not be made is not told")
		}
	})
}

// A sale whose own last look is over in the moment in which somebody asks for another
// is taken up once more, and not told as one that could not be looked at.
func TestLookAgainAtWhatIsJustGone(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		opened := time.Now()
		op := s.sell(aSale())
		op.Stop(pos.WhyStaff)
		s.closes(op, time.Minute)
		time.Sleep(10 * time.Minute) // no look of its own is left
		s.must(s.svc.Land(s.newest().ID))
		s.till.StillLists(op)
		ops, err := s.till.LookAgain(s.timeout(time.Minute), opened)
		if err != nil || len(ops) != 1 || ops[0].State().Record.Outcome != pos.OutcomePaidLate {
			t.Errorf("%d looked at: %v", len(ops), err)
		}
	})
}

// A till that is closed while somebody looks says so.
func TestLookAgainAtAClosedTill(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		opened := time.Now()
		op := s.sell(aSale())
		op.Stop(pos.WhyStaff)
		s.closes(op, time.Minute)
		s.svc.Always(postest.HangBefore)
		time.AfterFunc(3*time.Second, s.till.Kill)
		_, err := s.till.LookAgain(s.timeout(time.Minute), opened)
		if !errors.Is(err, pos.ErrTillClosed) || strings.Contains(err.Error(), "%!") {
			t.Errorf("told %v", err)
		}
	})
}

// The network delivers a barcode's create twice: the customer can pay a request
// that the till was never told of.
func TestCreateDeliveredTwice(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pays    []int // which of the two
		options postest.Options
		want    pos.Outcome
		twice   bool
	}{
		"ours is paid":          {pays: []int{0}, want: pos.OutcomePaid},
		"the other is paid":     {pays: []int{1}, want: pos.OutcomePaidLate},
		"both are paid":         {pays: []int{0, 1}, want: pos.OutcomePaid},
		"both, and no way back": {pays: []int{0, 1}, want: pos.OutcomePaid, twice: true, options: postest.Options{PaidVoidRefused: "REFUND_NOT_SUPPORTED"}},
		"none is paid":          {want: pos.OutcomeVoided},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inShop(t, c.options, func(t *testing.T, s *shop) {
				s.svc.Next(postest.CallCreate, postest.Twice)
				op := s.sell(barcodeSale())
				both := s.svc.Requests()
				for _, i := range c.pays {
					s.must(s.svc.Pay(both[i].ID))
				}
				if len(c.pays) == 0 {
					op.Stop(pos.WhyDeadline)
				}
				s.closes(op, 5*time.Minute)
				time.Sleep(time.Minute)
				synctest.Wait()
				rec := op.State().Record
				if rec.Outcome != c.want || rec.PaidTwice() != c.twice {
					t.Errorf("paid twice is %v: %+v", rec.PaidTwice(), rec)
				}
				for _, r := range both {
					holds := s.svc.Holds(r.ID)
					if known := rec.Outcome.Successful() && (r.ID == rec.Request.ID || c.want == pos.OutcomePaidLate || c.twice); holds && !known || s.svc.Payable(r.ID) {
						t.Errorf("%s: held %v, payable %v", r.ID, holds, s.svc.Payable(r.ID))
					}
				}
			})
		})
	}
}

func TestReplace(t *testing.T) {
	t.Parallel()
	other := aSale()
	other.Amount, other.Lines, other.ExternalRef = cents(900), nil, "T1-0002"
	pay := func(s *shop) { s.must(s.svc.Pay(s.newest().ID)) }
	for name, c := range map[string]struct {
		first  pos.Sale
		before func(*shop)
		begins bool
		err    func(error) bool
	}{
		"open":      {first: aSale(), before: func(*shop) {}, begins: true},
		"a barcode": {first: barcodeSale(), before: func(*shop) {}, begins: true},
		"the customer was faster": {first: aSale(), before: func(s *shop) {
			s.svc.Change(func(o *postest.Options) { o.PaidVoidRefused = pos.RefusedRequestPaid })
			pay(s)
		}, err: func(err error) bool {
			var paid *pos.PaidError
			return errors.As(err, &paid) && paid.Record.Outcome == pos.OutcomePaid
		}},
		"paid, and given back": {first: aSale(), before: pay, begins: true},
		"no network": {first: aSale(), before: func(s *shop) { s.svc.Always(postest.LostBefore) }, err: func(err error) bool {
			var open *pos.NotVoidError
			return errors.As(err, &open)
		}},
		"a lost void": {first: aSale(), before: func(s *shop) { s.svc.Next(postest.CallVoid, postest.LostAfter) }, begins: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
				old := s.sell(c.first)
				first := s.newest().ID
				c.before(s)
				op, err := s.till.Replace(s.timeout(20*time.Second), old, other)
				if c.err != nil {
					if op != nil || !c.err(err) || s.newest().ID != first {
						t.Errorf("%v; another was begun: %v", err, s.newest().ID != first)
					}
					return
				}
				s.must(err)
				if s.svc.Payable(first) || s.svc.Holds(first) {
					t.Error("the old one can still be paid")
				}
				if rec := op.State().Record; rec.Sale.Replaces != old.ID() || !rec.Amount().Equal(cents(900)) {
					t.Errorf("%+v", rec.Sale)
				}
				time.Sleep(time.Second)
				s.must(s.svc.Pay(s.newest().ID))
				s.closes(op, time.Minute)
				if first == s.newest().ID || old.State().Record.Stop != pos.WhyReplaced {
					t.Error("not replaced")
				}
				switch {
				case name == "a lost void": // which may arrive at any moment: it is given back for sure
					s.must(s.svc.Land(first))
					time.Sleep(10 * time.Minute)
					if !s.svc.Returned(first).IsKnown() || !old.State().Record.Returned.IsKnown() {
						t.Error("paid twice, and not given back")
					}
					late, told := s.till.NextLate(s.timeout(time.Second))
					if !told || late.Op != old.ID() || len(late.GivenBack) != 1 || late.GivenBack[0].ID != first || len(late.Record.Late) != 0 || !late.Record.Returned.Equal(cents(1250)) {
						t.Errorf("given back by itself, and told %v: %+v", told, late.GivenBack)
					}
					if _, again := s.till.NextLate(s.timeout(10 * time.Minute)); again {
						t.Error("told twice")
					}
				case c.first.Barcode == "" && !old.State().Record.Returned.IsKnown():
					s.must(s.svc.Land(first)) // in flight all the while
					if late, told := s.till.NextLate(s.timeout(10 * time.Minute)); !told || late.Op != old.ID() {
						t.Error("paid twice, and nobody is told")
					}
				}
			})
		})
	}
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		old := s.sell(aSale())
		bad := other
		bad.Amount = cents(-1)
		if _, err := s.till.Replace(t.Context(), old, bad); err == nil || old.State().Record.Stop != pos.WhyNone {
			t.Errorf("stopped for a sale that cannot be: %v", err)
		}
	})
}

// TestNothingMoved: that no money moved is said only where it is known.
func TestNothingMoved(t *testing.T) {
	t.Parallel()
	voidDone := func(r pos.Reversal) pos.VoidReplied {
		return pos.VoidReplied{RequestID: "pr1", Reply: pos.Reply{Answer: pos.AnswerDone}, Reversal: r}
	}
	void := func() *walk { return stopping(t) }
	for name, c := range map[string]struct {
		w       *walk
		known   bool
		unknown bool
	}{
		"voided, unpaid":               {void().on(voidDone(pos.Reversal{})), true, false},
		"voided, and given back":       {void().on(voidDone(pos.Reversal{Returned: cents(1250)})), false, false},
		"voided, it does not say what": {void().on(voidDone(pos.Reversal{Unsure: true})), false, true},
		"a lost void, then cancelled":  {void().voidReply(unknown).reads(nothingNew).on(due(pos.TimerVoid)).voidReply(refusedWith(pos.RefusedRequestCancelled)).reads(cancelled("CANCELLED_BY_MERCHANT")), false, true},
		"ran out":                      {shown(t, aSale()).on(due(pos.TimerPoll)).reads(expired), true, false},
		"refused":                      {begun(t, aSale()).on(pos.CreateReplied{Reply: refusedWith("FORBIDDEN")}), true, false},
		"paid":                         {shown(t, aSale()).on(due(pos.TimerPoll)).reads(paid), false, false},
		"open":                         {shown(t, aSale()), false, false},
		"a refund refused":             {acting(t, pos.KindRefund).answered(refusedWith("FORBIDDEN")), true, false},
		"a refund made":                {acting(t, pos.KindRefund).acts(doneActivity(pos.KindRefund)), false, false},
		"a refund lost":                {acting(t, pos.KindRefund).answered(unknown), false, false},
	} {
		rec := c.w.s.Record
		if rec.NothingMoved() != c.known || rec.ReturnUnknown() != c.unknown {
			t.Errorf("%s (%s): nothing moved %v, return unknown %v", name, rec.Outcome, rec.NothingMoved(), rec.ReturnUnknown())
		}
	}
}
