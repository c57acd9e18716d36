package pos_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"centrapos/pos"
	"centrapos/pos/postest"
)

// beside gives a second till in another process, on the same ledger and service.
func (s *shop) beside(service string) *pos.Till {
	s.t.Helper()
	till := pos.NewTill(s.svc, s.ledger.Second(), pos.RandomIDs{}, service)
	s.t.Cleanup(till.Kill)
	return till
}

// TestOneOperationForEachReference: of many processes that ask at once for the same
// refund, one begins it and all others are given it, or are told that it is under way.
func TestOneOperationForEachReference(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{Latency: 50 * time.Millisecond}, func(t *testing.T, s *shop) {
		paid := s.bought()
		var all sync.WaitGroup
		var mu sync.Mutex
		ends := map[string]int{}
		for range 8 {
			till := s.beside("here")
			all.Go(func() {
				_, err := till.Refund(t.Context(), pos.Refund{Target: paid, Value: cents(500), ExternalRef: "R-1"})
				mu.Lock()
				defer mu.Unlock()
				ends[fmt.Sprint(err)]++
			})
		}
		all.Wait()
		time.Sleep(time.Second)
		if ends["<nil>"] != 1 || ends[pos.ErrElsewhere.Error()] != 7 {
			t.Errorf("%v", ends)
		}
		if n := len(s.ledger.Ops()); n != 2 {
			t.Errorf("%d operations for a sale and its refund", n)
		}
		if sum, times := s.refunded(paid.RequestID); times != 1 || !sum.Equal(cents(500)) {
			t.Errorf("%s was given back in %d refunds", sum, times)
		}
		op, err := s.beside("here").Refund(t.Context(), pos.Refund{Target: paid, Value: cents(500), ExternalRef: "R-1"})
		if err != nil || !op.Earlier() || op.State().Record.Outcome != pos.OutcomeRefunded {
			t.Errorf("asked again afterwards: %v", err)
		}
	})
}

// unseen is a ledger that lists what another process has begun only after a while.
type unseen struct {
	*postest.Ledger
	before func()
}

func (l *unseen) Open(ctx context.Context, op pos.OpID, intent pos.Entry, summary pos.Summary, seen []pos.OpID) error {
	if do := l.before; do != nil {
		l.before = nil
		do()
	}
	return l.Ledger.Open(ctx, op, intent, summary, seen)
}

// TestWhatIsBegunMeanwhileCounts: a refund that another process begins between the
// look and the writing is seen before anything is written.
func TestWhatIsBegunMeanwhileCounts(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		paid := s.bought()
		other := s.beside("here#legacy")
		s.svc.Always(postest.LostAfter, postest.CallRefund)
		ledger := &unseen{Ledger: s.ledger.Second(), before: func() {
			_, err := other.Refund(t.Context(), pos.Refund{Target: paid, Value: cents(800), ExternalRef: "R-1"})
			s.must(err)
		}}
		till := pos.NewTill(s.svc, ledger, pos.RandomIDs{}, "here")
		t.Cleanup(till.Kill)
		_, err := till.Refund(t.Context(), pos.Refund{Target: paid, Value: cents(800), ExternalRef: "R-2"})
		var input *pos.InputError
		if !errors.As(err, &input) || input.Code != pos.CodeOutcomeUnknown {
			t.Errorf("a second refund of more than would be left: %v", err)
		}
	})
}

// TestGuardOfOneRequest: while it is not known what became of a refund, another is begun
// only if it certainly fits beside it, whatever form of the API either is asked for by.
func TestGuardOfOneRequest(t *testing.T) {
	t.Parallel()
	type ask struct {
		by    string // the service as a till names it
		value int64
		ref   string
		ok    bool
	}
	for name, tt := range map[string]struct {
		by      string
		first   int64
		options postest.Options
		fault   postest.Fault
		asks    []ask
	}{
		"all that is left": {by: "here", first: 800, fault: postest.LostBefore, asks: []ask{
			{"here", 1250, "", false}, {"here", 1250, "R-2", false}, {"here#legacy", 1250, "R-2", false}, {"here#legacy-2018", 451, "R-2", false},
		}},
		"what still fits":                  {by: "here", first: 800, fault: postest.LostBefore, asks: []ask{{"here", 450, "R-2", true}}},
		"what still fits, by another form": {by: "here#legacy", first: 800, fault: postest.LostBefore, asks: []ask{{"here", 450, "", true}}},
		"the same amount, without a reference": {by: "here#legacy", first: 500, fault: postest.LostBefore, asks: []ask{
			{"here", 500, "", false}, {"here#legacy", 500, "", false}, {"here", 500, "R-2", true},
		}},
		"what fits no more beside both": {by: "here", first: 500, fault: postest.LostBefore, asks: []ask{
			{"here", 500, "R-2", true}, {"here", 500, "R-3", false}, {"here", 250, "R-3", true}, {"here", 1, "R-4", false},
		}},
		"one that is listed by its name counts once": {by: "here", first: 800, fault: postest.LostAfter, options: postest.Options{HistoryShowsRefs: true}, asks: []ask{
			{"here", 451, "R-2", false}, {"here", 450, "R-2", true},
		}},
		"one that is listed without a name counts once": {by: "here", first: 800, fault: postest.LostAfter, asks: []ask{
			{"here", 451, "R-2", false}, {"here", 450, "R-2", true},
		}},
		"nothing is listed yet": {by: "here", first: 800, fault: postest.LostAfter, options: postest.Options{HistoryLag: time.Hour}, asks: []ask{
			{"here", 451, "R-2", false}, {"here", 450, "R-2", true},
		}},
		"the history may not be read": {by: "here", first: 100, fault: postest.LostAfter, options: postest.Options{HistoryRefused: "FORBIDDEN"}, asks: []ask{
			{"here", 100, "R-2", false},
		}},
		"there are no histories": {by: "here#legacy", first: 800, fault: postest.LostAfter, options: postest.Options{HistoryRefused: pos.RefusedNotInForm}, asks: []ask{
			{"here#legacy", 451, "R-2", false}, {"here#legacy", 450, "R-2", true},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inShop(t, tt.options, func(t *testing.T, s *shop) {
				paid := s.bought()
				s.svc.Always(tt.fault, postest.CallRefund)
				_, err := s.beside(tt.by).Refund(t.Context(), pos.Refund{Target: paid, Value: cents(tt.first), ExternalRef: "R-1"})
				s.must(err)
				time.Sleep(time.Second)
				for _, a := range tt.asks {
					_, err := s.beside(a.by).Refund(t.Context(), pos.Refund{Target: paid, Value: cents(a.value), ExternalRef: a.ref})
					if a.ok != (err == nil) || err != nil && (code(err) != pos.CodeOutcomeUnknown || !strings.Contains(err.Error(), "R-1")) {
						t.Errorf("%+v: %v", a, err)
					}
				}
			})
		})
	}
}

// TestGuardOfOtherKinds: what is about all that a request holds stands in the way of
// everything, and everything in the way of it.
func TestGuardOfOtherKinds(t *testing.T) {
	t.Parallel()
	asks := map[pos.Kind]func(*testing.T, *pos.Till, pos.Target) error{
		pos.KindRefund: func(t *testing.T, till *pos.Till, target pos.Target) error {
			_, err := till.Refund(t.Context(), pos.Refund{Target: target, Value: cents(100), ExternalRef: "R-9"})
			return err
		},
		pos.KindConfirm: func(t *testing.T, till *pos.Till, target pos.Target) error {
			confirm := aConfirm()
			confirm.Target = target
			_, err := till.Confirm(t.Context(), confirm)
			return err
		},
		pos.KindRelease: func(t *testing.T, till *pos.Till, target pos.Target) error {
			_, err := till.Release(t.Context(), pos.Release{Target: target})
			return err
		},
		pos.KindVoid: func(t *testing.T, till *pos.Till, target pos.Target) error {
			_, err := till.Void(t.Context(), target)
			return err
		},
	}
	fits := map[[2]pos.Kind]bool{{pos.KindConfirm, pos.KindRefund}: true, {pos.KindRefund, pos.KindConfirm}: true}
	for first, begin := range asks {
		for second, another := range asks {
			if first == second {
				continue
			}
			t.Run(fmt.Sprint(first, " then ", second), func(t *testing.T) {
				t.Parallel()
				inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
					held := s.authorized()
					s.svc.Always(postest.LostBefore, postest.CallRefund, postest.CallConfirm, postest.CallRelease, postest.CallVoid)
					s.must(begin(t, s.beside("here"), held))
					time.Sleep(time.Second)
					err := another(t, s.beside("here#legacy"), held)
					if fits[[2]pos.Kind{first, second}] != (err == nil) || err != nil && code(err) != pos.CodeOutcomeUnknown {
						t.Errorf("%v", err)
					}
				})
			})
		}
	}
}

// TestGuardLeavesOtherMoneyAlone: refunds of two confirmations have nothing to do with
// each other, nor what was refused with what is asked for next.
func TestGuardLeavesOtherMoneyAlone(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		held := s.authorized()
		for _, key := range []string{"C-1", "C-2"} {
			confirm := aConfirm()
			confirm.Target, confirm.Key = held, key
			s.closes(s.confirm(confirm), time.Minute)
		}
		s.svc.Always(postest.LostBefore, postest.CallRefund)
		s.refund(pos.Refund{Target: held, Value: cents(500), ExternalRef: "R-1", ConfirmationKey: "C-1"})
		s.refund(pos.Refund{Target: held, Value: cents(500), ExternalRef: "R-2", ConfirmationKey: "C-2"})
		_, err := s.till.Refund(t.Context(), pos.Refund{Target: held, Value: cents(500), ExternalRef: "R-3", ConfirmationKey: "C-2"})
		if code(err) != pos.CodeOutcomeUnknown || !strings.Contains(err.Error(), "R-2") {
			t.Errorf("%v", err)
		}

		paid := s.bought()
		s.svc.Heal()
		s.svc.Next(postest.CallRefund, postest.Refuse("REFUND_DECLINED"))
		s.closes(s.refund(pos.Refund{Target: paid, Value: cents(1250)}), time.Minute)
		s.closes(s.refund(pos.Refund{Target: paid, Value: cents(1250)}), time.Minute)
	})
}

// TestGuardOfASaleBeingVoided: while it is not known whether a sale's payment was given
// back by its void, no refund of it is begun.
func TestGuardOfASaleBeingVoided(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		sale := s.sell(aSale())
		paid := pos.Target{RequestID: s.newest().ID}
		s.must(s.svc.Pay(paid.RequestID))
		s.svc.Always(postest.LostAfter, postest.CallVoid, postest.CallGet)
		sale.Stop(pos.WhyStaff)
		time.Sleep(300 * time.Millisecond)
		if _, err := s.till.Refund(t.Context(), pos.Refund{Target: paid, Value: cents(500), ExternalRef: "R-1"}); code(err) != pos.CodeOutcomeUnknown {
			t.Errorf("a refund beside it: %v", err)
		}
		if _, err := s.till.Void(t.Context(), paid); err != nil {
			t.Errorf("a void beside it: %v", err)
		}
		s.svc.Heal()
		s.closes(sale, time.Minute)
	})
}

// TestNeverSentStandsInNobodysWay: an intent whose process ended before anything left
// is over.
func TestNeverSentStandsInNobodysWay(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		paid := s.bought()
		s.ledger.FailNextAfterStoring(1, errors.New("disk full"))
		if _, err := s.till.Refund(t.Context(), pos.Refund{Target: paid, Value: cents(1250)}); err == nil {
			t.Fatal("begun")
		}
		s.ledger.Fail(nil)
		if _, err := s.beside("here").Refund(t.Context(), pos.Refund{Target: paid, Value: cents(1250)}); code(err) != pos.CodeOutcomeUnknown {
			t.Errorf("another process cannot know: %v", err)
		}
		if rec := s.closes(s.refund(pos.Refund{Target: paid, Value: cents(1250)}), time.Minute); rec.Outcome != pos.OutcomeRefunded {
			t.Errorf("%s", rec.Outcome)
		}
	})
}

// TestVoidThatNeverLeftIsNotCarriedOut: whoever was told that nothing was sent, because
// the ledger reported a failure, finds that true also days later, when the ledger had
// stored the intent all the same.
func TestVoidThatNeverLeftIsNotCarriedOut(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		paid := s.bought()
		s.ledger.FailNextAfterStoring(1, errors.New("disk full"))
		var ledger *pos.LedgerError
		if _, err := s.till.Void(t.Context(), paid); !errors.As(err, &ledger) {
			t.Fatalf("%v", err)
		}
		s.restart()
		time.Sleep(72 * time.Hour)
		ops := s.recover()
		if len(ops) != 1 {
			t.Fatalf("%d taken up", len(ops))
		}
		if rec := s.closes(ops[0], time.Minute); rec.Outcome != pos.OutcomeNotMade || rec.Detail == "" {
			t.Errorf("%s: %q", rec.Outcome, rec.Detail)
		}
		if n := len(s.svc.Calls(postest.CallVoid)); n != 0 || !s.svc.Holds(paid.RequestID) {
			t.Errorf("voided %d times", n)
		}
	})
}

// One void at a time is asked for of a request; asked for again, it is the same.
func TestVoidOfTheSameIsOne(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		paid := s.bought()
		s.svc.Always(postest.LostBefore, postest.CallVoid, postest.CallGet)
		first, err := s.till.Void(t.Context(), paid)
		s.must(err)
		time.Sleep(time.Second)
		if again, err := s.till.Void(t.Context(), paid); err != nil || again != first {
			t.Errorf("a second: %v", err)
		}
		if _, err := s.beside("here").Void(t.Context(), paid); !errors.Is(err, pos.ErrElsewhere) {
			t.Errorf("by another process: %v", err)
		}
		s.svc.Heal()
		if rec := s.closes(first, time.Minute); rec.Outcome != pos.OutcomeVoided || !rec.Returned.Equal(cents(1250)) {
			t.Errorf("%s", rec.Outcome)
		}
		again, err := s.till.Void(t.Context(), paid)
		s.must(err)
		if rec := s.closes(again, time.Minute); again == first || rec.Outcome != pos.OutcomeRefused {
			t.Errorf("voided once more, afterwards: %s", rec.Outcome)
		}
	})
}
