package pos_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"centrapos/pos"
	"centrapos/pos/postest"
)

var errDisk = errors.New("disk full")

func TestWholeSale(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{Latency: 200 * time.Millisecond}, func(t *testing.T, s *shop) {
		op := s.sell(aSale())
		if op.State().Phase() != pos.PhaseWaiting || op.State().Record.Request.URL == "" {
			t.Fatalf("not shown: %+v", op.State())
		}
		time.Sleep(5 * time.Second)
		s.must(s.svc.Pay(s.newest().ID))
		rec := s.closes(op, 2*time.Second)
		if rec.Outcome != pos.OutcomePaid || len(rec.Request.PaidBy) != 1 {
			t.Errorf("%+v", rec)
		}
		if _, opened := s.ledger.Facts(op.ID())[0].(pos.Opened); !opened || len(s.till.Open()) != 0 {
			t.Errorf("facts %v, open %v", s.ledger.Facts(op.ID()), s.till.Open())
		}
		s.settled()
	})
}

// Polls leave each second from the moment the code is shown, whatever the network does.
func TestPollCadence(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		latency time.Duration
		fault   postest.Fault
		gap     time.Duration // between two polls, at most; a second and 0.3 s when zero
	}{
		"quick":         {20 * time.Millisecond, postest.Fault{}, 0},
		"slow":          {300 * time.Millisecond, postest.Fault{}, 0},
		"very slow":     {950 * time.Millisecond, postest.Fault{}, 0},
		"garbage":       {50 * time.Millisecond, postest.LostAfter, 0},
		"no connection": {50 * time.Millisecond, postest.NotSent, 0},
		"refused":       {50 * time.Millisecond, postest.Refuse("FORBIDDEN"), 0},
		"hanging":       {50 * time.Millisecond, postest.HangBefore, 5 * time.Second},
		"three seconds": {50 * time.Millisecond, postest.Slow(3 * time.Second), 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inShop(t, postest.Options{Latency: c.latency}, func(t *testing.T, s *shop) {
				s.svc.Always(c.fault, postest.CallGet)
				op := s.sell(aSale())
				op.Wait(t.Context(), func(s pos.State) bool { return s.Phase() == pos.PhaseWaiting })
				shown := op.State().Live.ShownAt
				time.Sleep(40 * time.Second)
				checkCadence(t, shown, s.svc.Calls(postest.CallGet), c.gap)
			})
		})
	}
}

func checkCadence(t *testing.T, shown time.Time, polls []postest.Call, gap time.Duration) {
	t.Helper()
	low, high := 700*time.Millisecond, 1300*time.Millisecond
	if gap > 0 {
		low, high = 0, gap
	}
	last, repeated := shown, false
	for i, poll := range polls {
		wait := poll.At.Sub(last)
		if !repeated && poll.Reply.Answer != pos.AnswerDone && i == 1 {
			repeated, last = true, poll.At // the first failing poll is repeated at once
			continue
		}
		if i > 0 && (wait < low || wait > high) || i == 0 && (wait < 700*time.Millisecond || wait > 1300*time.Millisecond) {
			t.Errorf("poll %d left %s after the one before", i+1, wait)
		}
		last = poll.At
	}
	if least := int(38 * time.Second / high); len(polls) < least {
		t.Errorf("%d polls in 40 s", len(polls))
	}
}

func TestTooManyRequestsAreLeftAlone(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{Latency: 100 * time.Millisecond}, func(t *testing.T, s *shop) {
		s.svc.Next(postest.CallGet, postest.Fault{}, postest.TooMany(7*time.Second), postest.TooMany(3*time.Second))
		op := s.sell(aSale())
		time.Sleep(30 * time.Second)
		polls := s.svc.Calls(postest.CallGet)
		for i, least := range map[int]time.Duration{2: 7 * time.Second, 3: 3 * time.Second} {
			if wait := polls[i].At.Sub(polls[i-1].Done); wait < least || wait > least+300*time.Millisecond {
				t.Errorf("asked again %s after 429 with %s", wait, least)
			}
		}
		if op.State().Reconnecting() {
			t.Error("still reconnecting")
		}
	})
}

func TestHangingNetworkDoesNotHoldStaffUp(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		op := s.sell(aSale())
		s.svc.Always(postest.HangBefore)
		time.Sleep(10 * time.Second)
		op.Stop(pos.WhyStaff)
		synctest.Wait()
		if op.State().Phase() != pos.PhaseStopping {
			t.Errorf("phase %d", op.State().Phase())
		}
		time.Sleep(20 * time.Second)
		if !op.State().Unresolved() {
			t.Error("not shown as unresolved")
		}
		s.svc.Heal()
		if rec := s.closes(op, 45*time.Second); rec.Outcome != pos.OutcomeCancelled {
			t.Errorf("%s", rec.Outcome)
		}
		s.settled()
	})
}

func TestDeadlineInVirtualTime(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{-time.Hour, -time.Minute, 0, 400 * time.Millisecond, time.Hour} {
		inShop(t, postest.Options{Skew: skew, Latency: 300 * time.Millisecond}, func(t *testing.T, s *shop) {
			s.svc.Next(postest.CallCreate, postest.Slow(7*time.Second))
			op := s.sell(aSale())
			time.Sleep(60 * time.Second)
			s.svc.Always(postest.LostBefore, postest.CallGet)
			rec := s.closes(op, 3*time.Minute)
			void := s.svc.Calls(postest.CallVoid)[0]
			if late := void.At.Add(skew).Sub(s.newest().ExpiresAt); late < 5*time.Second || late > 10*time.Second {
				t.Errorf("skew %s: voided %s after the expiry", skew, late)
			}
			if rec.Outcome != pos.OutcomeExpired {
				t.Errorf("%s", rec.Outcome)
			}
			s.settled()
		})
	}
}

func TestConditionsThroughTheOperation(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{Latency: 50 * time.Millisecond}, func(t *testing.T, s *shop) {
		s.svc.Next(postest.CallDecide, postest.LostBefore, postest.LostAfter)
		op := s.sell(aSale())
		id := s.newest().ID
		s.must(s.svc.RaiseCondition(id, pos.Condition{ID: "1", Message: "Please check ID", Status: pos.ConditionAwaitingMerchant}))
		s.must(s.svc.Pay(id))
		st := op.Wait(s.timeout(5*time.Second), func(s pos.State) bool { return len(s.PendingConditions()) > 0 })
		if len(st.PendingConditions()) != 1 {
			t.Fatalf("%+v", st)
		}
		op.Answer("1", true)
		if rec := s.closes(op, 10*time.Second); rec.Outcome != pos.OutcomePaid {
			t.Errorf("%s", rec.Outcome)
		}
		if n := len(s.svc.Calls(postest.CallDecide)); n != 2 {
			t.Errorf("%d answers sent", n)
		}
	})
}

func TestUnwritableIntentSendsNothing(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		s.ledger.Fail(errDisk)
		var problem *pos.LedgerError
		if _, err := s.till.Sell(t.Context(), aSale()); !errors.As(err, &problem) || !errors.Is(err, errDisk) {
			t.Errorf("%v", err)
		}
		if !strings.Contains(problem.Error(), "nothing was sent") {
			t.Errorf("staff are told %q", problem)
		}
		if _, err := s.till.Void(t.Context(), pos.Target{RequestID: "pr1"}); !errors.As(err, &problem) {
			t.Errorf("%v", err)
		}
		time.Sleep(time.Minute)
		if calls := s.svc.Calls(); len(calls) != 0 {
			t.Errorf("sent: %v", calls)
		}
	})
}

// While the ledger cannot be written the screen follows the polls, and nothing
// that can move money leaves.
func TestLedgerInTrouble(t *testing.T) {
	t.Parallel()
	t.Run("paid", func(t *testing.T) {
		t.Parallel()
		inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
			op := s.sell(aSale())
			s.ledger.Fail(errDisk)
			s.must(s.svc.Pay(s.newest().ID))
			time.Sleep(10 * time.Second)
			if op.State().Record.Outcome != pos.OutcomePaid || !errors.Is(op.LedgerTrouble(), errDisk) {
				t.Errorf("%s, %v", op.State().Record.Outcome, op.LedgerTrouble())
			}
			if s.ledger.Record(op.ID()).Outcome != pos.OutcomeOpen {
				t.Error("written in spite of all")
			}
			s.ledger.Fail(nil)
			s.closes(op, 2*time.Second)
			if op.LedgerTrouble() != nil {
				t.Error("trouble is told that is over")
			}
			s.settled()
		})
	})
	t.Run("stopped", func(t *testing.T) {
		t.Parallel()
		inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
			op := s.sell(aSale())
			s.ledger.Fail(errDisk)
			op.Stop(pos.WhyStaff)
			time.Sleep(20 * time.Second)
			if n := len(s.svc.Calls(postest.CallVoid)); n != 0 {
				t.Errorf("%d voids left", n)
			}
			if n := len(s.svc.Calls(postest.CallGet)); n == 0 || op.State().Phase() != pos.PhaseStopping {
				t.Errorf("%d polls, phase %d", n, op.State().Phase())
			}
			s.ledger.Fail(nil)
			if rec := s.closes(op, 2*time.Second); rec.Outcome != pos.OutcomeCancelled {
				t.Errorf("%s", rec.Outcome)
			}
			s.settled()
		})
	})
	t.Run("condition", func(t *testing.T) {
		t.Parallel()
		inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
			op := s.sell(aSale())
			id := s.newest().ID
			s.must(s.svc.RaiseCondition(id, pos.Condition{ID: "1", Status: pos.ConditionAwaitingMerchant}))
			s.must(s.svc.Pay(id))
			time.Sleep(2 * time.Second)
			s.ledger.Fail(errDisk)
			op.Answer("1", true)
			time.Sleep(10 * time.Second)
			if n := len(s.svc.Calls(postest.CallDecide)); n != 0 {
				t.Errorf("%d answers left", n)
			}
			s.ledger.Fail(nil)
			if rec := s.closes(op, 5*time.Second); rec.Outcome != pos.OutcomePaid {
				t.Errorf("%s", rec.Outcome)
			}
		})
	})
}

// A create that waits for the ledger does not leave minutes later, when the
// sale has long been given up.
func TestCreateDoesNotOutliveItsSale(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		s.svc.Next(postest.CallCreate, postest.TooMany(2*time.Second))
		op := s.sell(barcodeSale())
		s.ledger.Fail(errDisk)
		time.Sleep(5 * time.Second)
		op.Stop(pos.WhyStaff)
		time.Sleep(5 * time.Minute)
		if op.State().Phase() != pos.PhaseEnded {
			t.Errorf("phase %d long after the stop", op.State().Phase())
		}
		s.ledger.Fail(nil)
		rec := s.closes(op, 10*time.Second)
		if n := len(s.svc.Calls(postest.CallCreate)); n != 1 || rec.Outcome != pos.OutcomeNotMade {
			t.Errorf("%d creates left, outcome %s", n, rec.Outcome)
		}
	})
}

// An append whose success was not reported is not written a second time: facts
// count, and one that stands there twice would count twice.
func TestAppendThatSucceededUnseenIsNotRepeated(t *testing.T) {
	t.Parallel()
	for n := range 5 {
		inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
			s.svc.Next(postest.CallCreate, postest.LostBefore)
			op, err := s.till.Sell(t.Context(), aSale())
			s.must(err)
			s.ledger.FailNextAfterStoring(n+1, errDisk)
			time.Sleep(10 * time.Second)
			s.must(s.svc.Pay(s.newest().ID))
			rec := s.closes(op, 30*time.Second)
			if rec.Outcome != pos.OutcomePaid {
				t.Errorf("%s", rec.Outcome)
			}
			for i, f := range s.ledger.Facts(op.ID()) {
				if _, again := f.(pos.Opened); again && i > 0 {
					t.Error("the intent stands there twice")
				}
			}
			s.settled()
		})
	}
}

// The summary beside the facts says what those facts say, even when the till
// knows more already: else a crash between two appends would close an operation
// that is not.
func TestSummaryNeverRunsAheadOfTheFacts(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{Latency: 20 * time.Millisecond}, func(t *testing.T, s *shop) {
		s.till.Kill()
		watched := &summaryWatch{Ledger: s.ledger, t: t}
		s.till = pos.NewTill(s.svc, watched, pos.RandomIDs{}, "here")
		op := s.sell(aSale())
		time.Sleep(117 * time.Second)
		s.svc.Always(postest.Late(3*time.Second), postest.CallGet) // a reading under way sees the request run out
		time.Sleep(1500 * time.Millisecond)
		s.ledger.Fail(errDisk)
		op.Stop(pos.WhyStaff)
		time.Sleep(10 * time.Second)
		if op.State().Record.Outcome != pos.OutcomeExpired {
			t.Fatalf("%+v", op.State())
		}
		s.ledger.Fail(nil)
		s.closes(op, 5*time.Second)
		if watched.appends < 4 {
			t.Errorf("%d appends", watched.appends)
		}
		s.settled()
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		op := s.sell(aSale())
		began := time.Now()
		op.Wait(s.timeout(3*time.Second), func(pos.State) bool { return false })
		if waited := time.Since(began); waited != 3*time.Second {
			t.Errorf("waited %s", waited)
		}
		s.must(s.svc.Pay(s.newest().ID))
		st := op.Wait(t.Context(), func(pos.State) bool { return false })
		if st.Record.Outcome != pos.OutcomePaid {
			t.Errorf("%s", st.Record.Outcome)
		}
		op.Stop(pos.WhyStaff) // must not block once the operation is closed
		op.Answer("1", true)
	})
}

func TestOperationsRunSideBySide(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{Latency: 100 * time.Millisecond}, func(t *testing.T, s *shop) {
		var ops []*pos.Operation
		for _, ref := range []string{"T1-0001", "T1-0002", "T1-0003"} {
			sale := aSale()
			sale.ExternalRef = ref
			ops = append(ops, s.sell(sale))
		}
		if !slices.Equal(s.till.Open(), ops) {
			t.Errorf("open: %v, want %v", s.till.Open(), ops)
		}
		requests := s.svc.Requests()
		s.must(s.svc.Pay(requests[2].ID))
		s.must(s.svc.Cancel(requests[0].ID))
		ops[1].Stop(pos.WhyStaff)
		for i, want := range []pos.Outcome{pos.OutcomeCancelled, pos.OutcomeCancelled, pos.OutcomePaid} {
			if rec := s.closes(ops[i], 5*time.Second); rec.Outcome != want {
				t.Errorf("sale %d: %s", i+1, rec.Outcome)
			}
		}
		s.settled()
	})
}

// TestReferenceChosenTwice: the payment of an earlier sale with the same
// reference is neither this sale's nor voided for it.
func TestReferenceChosenTwice(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		first := s.sell(aSale())
		if err := s.svc.Pay(first.State().Record.Request.ID); err != nil {
			t.Fatal(err)
		}
		if rec := s.closes(first, time.Minute); rec.Outcome != pos.OutcomePaid {
			t.Fatalf("the first sale: %s", rec.Outcome)
		}
		s.svc.Next(postest.CallCreate, postest.LostAfter)
		sale := aSale()
		sale.Again = true
		second := s.sell(sale)
		if rec := s.closes(second, 5*time.Minute); rec.Outcome == pos.OutcomePaid || rec.Request.ID == first.State().Record.Request.ID {
			t.Errorf("the second sale took the first one's payment: %s of %s", rec.Outcome, rec.Request.ID)
		}
		if !s.svc.Holds(first.State().Record.Request.ID) {
			t.Error("the first sale's money was given back")
		}
	})
}
