package pos_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"centrapos/pos"
	"centrapos/pos/postest"
)

// bought is a payment request that was paid and whose sale has ended.
func (s *shop) bought() pos.Target {
	s.t.Helper()
	sale := aSale()
	sale.Again = true
	op := s.sell(sale)
	id := s.newest().ID
	s.must(s.svc.Pay(id))
	s.closes(op, 3*time.Second)
	return pos.Target{RequestID: id, Value: cents(1250)}
}

// authorized is a pre-auth that holds 12.50 and whose sale has ended.
func (s *shop) authorized() pos.Target {
	s.t.Helper()
	sale := aSale()
	sale.PreAuth = true
	op := s.sell(sale)
	id := s.newest().ID
	s.must(s.svc.Pay(id))
	s.closes(op, 3*time.Second)
	return pos.Target{RequestID: id, Value: cents(1250)}
}

func (s *shop) refund(r pos.Refund) *pos.Operation {
	s.t.Helper()
	op, err := s.till.Refund(s.t.Context(), r)
	s.must(err)
	return op
}

func (s *shop) confirm(c pos.Confirm) *pos.Operation {
	s.t.Helper()
	op, err := s.till.Confirm(s.t.Context(), c)
	s.must(err)
	return op
}

// refunded adds up what the service gave back of a request.
func (s *shop) refunded(id string) (sum pos.Money, times int) {
	sum = cents(0)
	for _, a := range s.svc.History(id) {
		if a.Is(pos.ActivityRefund) {
			sum, times = sum.Add(a.Value), times+1
		}
	}
	return sum, times
}

func TestRefundThroughTheTill(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{Latency: 50 * time.Millisecond}, func(t *testing.T, s *shop) {
		paid := s.bought()
		s.svc.Next(postest.CallRefund, postest.HangAfter, postest.LostBefore)
		op := s.refund(pos.Refund{Target: paid, Value: cents(500), Origin: pos.Origin{TerminalID: "till-1"}})
		rec := s.closes(op, 30*time.Second)
		if sum, times := s.refunded(paid.RequestID); !sum.Equal(cents(500)) || times != 1 {
			t.Errorf("%s was given back in %d refunds", sum, times)
		}
		if rec.Outcome != pos.OutcomeRefunded || !rec.Returned.Equal(cents(500)) || !strings.HasPrefix(rec.Reference(), "TILL1-") || op.Earlier() {
			t.Errorf("%s, given back %s, reference %q, earlier %v", rec.Outcome, rec.Returned, rec.Reference(), op.Earlier())
		}
		for _, c := range s.svc.Calls(postest.CallRefund) {
			if c.Subject != rec.Reference() {
				t.Errorf("sent as %q, written down as %q", c.Subject, rec.Reference())
			}
		}
		if !s.svc.Holds(paid.RequestID) {
			t.Error("the rest is not held any more")
		}
	})
}

func TestConfirmAndReleaseThroughTheTill(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{Latency: 50 * time.Millisecond}, func(t *testing.T, s *shop) {
		pre := s.authorized()
		s.svc.Next(postest.CallConfirm, postest.LostAfter)
		confirm := aConfirm()
		confirm.Target, confirm.Key = pre, ""
		rec := s.closes(s.confirm(confirm), 30*time.Second)
		if rec.Outcome != pos.OutcomeConfirmed || rec.Confirm.Key == "" {
			t.Errorf("%s with key %q", rec.Outcome, rec.Confirm.Key)
		}
		s.svc.Next(postest.CallRelease, postest.LostAfter)
		op, err := s.till.Release(t.Context(), pos.Release{Target: pre})
		s.must(err)
		if rec := s.closes(op, 30*time.Second); rec.Outcome != pos.OutcomeReleased {
			t.Errorf("released: %s", rec.Outcome)
		}
		var types []pos.ActivityType
		for _, a := range s.svc.History(pre.RequestID) {
			types = append(types, a.Type)
		}
		if len(types) != 5 || types[3] != pos.ActivityConfirmation || types[4] != pos.ActivityRelease {
			t.Errorf("the history is %v", types)
		}
		again, err := s.till.Release(t.Context(), pos.Release{Target: pre})
		s.must(err)
		if rec := s.closes(again, 30*time.Second); rec.Outcome != pos.OutcomeRefused || rec.Refusal.Code != pos.RefusedPreAuthReleased {
			t.Errorf("released again: %s, %v", rec.Outcome, rec.Refusal)
		}
	})
}

func TestBadActionsAreNotEvenWritten(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		ctx := t.Context()
		_, refund := s.till.Refund(ctx, pos.Refund{Target: pos.Target{RequestID: "pr1"}, Value: cents(0)})
		_, confirm := s.till.Confirm(ctx, pos.Confirm{Target: pos.Target{RequestID: "pr1"}, Value: cents(100)})
		_, release := s.till.Release(ctx, pos.Release{})
		if code(refund) != pos.CodeInvalidAmount || code(confirm) != pos.CodeInvalidAction || code(release) != pos.CodeInvalidAction {
			t.Errorf("%v, %v, %v", refund, confirm, release)
		}
		if len(s.ledger.Ops()) != 0 || len(s.svc.Calls()) != 0 {
			t.Error("written or sent")
		}
	})
}

// TestReferenceUsedBefore: a reference names one refund, so that whoever asks
// again with it gets what became of it, and never a second one.
func TestReferenceUsedBefore(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		paid := s.bought()
		refund := pos.Refund{Target: paid, Value: cents(500), ExternalRef: "CN-1"}
		first := s.refund(refund)
		if running := s.refund(refund); running != first {
			t.Error("asked for at the same time, there are two")
		}
		s.closes(first, 3*time.Second)
		again := s.refund(refund)
		<-again.Closed()
		if rec := again.State().Record; again.ID() != first.ID() || !again.Earlier() || rec.Outcome != pos.OutcomeRefunded || !rec.Returned.Equal(cents(500)) {
			t.Errorf("again: %s %s, given back %s", again.ID(), rec.Outcome, rec.Returned)
		}
		again.Stop(pos.WhyStaff) // of no effect, and no harm
		refund.Value = cents(400)
		if _, err := s.till.Refund(t.Context(), refund); code(err) != pos.CodeRepeatReference {
			t.Errorf("another amount: %v", err)
		}
		refund.Value, refund.ConfirmationKey = cents(500), "K"
		if _, err := s.till.Refund(t.Context(), refund); code(err) != pos.CodeRepeatReference {
			t.Errorf("of a confirmation: %v", err)
		}
		if n := len(s.svc.Calls(postest.CallRefund)); n != 1 {
			t.Errorf("sent %d times", n)
		}
		// The reference of another payment's refund is another one.
		other := pos.Refund{Target: s.bought(), Value: cents(400), ExternalRef: "CN-1"}
		if rec := s.closes(s.refund(other), 3*time.Second); rec.Outcome != pos.OutcomeRefunded {
			t.Errorf("of another payment: %s", rec.Outcome)
		}
	})
}

func TestKeyUsedBefore(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		confirm := aConfirm()
		confirm.Target = s.authorized()
		first := s.confirm(confirm)
		s.closes(first, 3*time.Second)
		again := confirm
		again.Lines = []pos.LineItem{{Name: "Coffee", Qty: dec("1.0"), Price: dec("500.00")}}
		if op := s.confirm(again); op.ID() != first.ID() || op.State().Record.Outcome != pos.OutcomeConfirmed {
			t.Errorf("again: %s", op.State().Record.Outcome)
		}
		for name, change := range map[string]func(*pos.Confirm){
			"amount":  func(c *pos.Confirm) { c.Value = cents(400); c.Lines = []pos.LineItem{line("Coffee", 400)} },
			"invoice": func(c *pos.Confirm) { c.InvoiceRef = "INV-8" },
			"lines":   func(c *pos.Confirm) { c.Lines = []pos.LineItem{line("Tea", 500)} },
		} {
			other := confirm
			change(&other)
			if _, err := s.till.Confirm(t.Context(), other); code(err) != pos.CodeRepeatKey {
				t.Errorf("another %s: %v", name, err)
			}
		}
	})
}

// TestReferenceOfWhatCameToNothing can be used again.
func TestReferenceOfWhatCameToNothing(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		refund := pos.Refund{Target: s.bought(), Value: cents(500), ExternalRef: "CN-1"}
		s.svc.Next(postest.CallRefund, postest.Refuse("REFUND_DECLINED"), postest.NotSent, postest.NotSent, postest.NotSent)
		if rec := s.closes(s.refund(refund), 3*time.Second); rec.Outcome != pos.OutcomeRefused {
			t.Errorf("%s", rec.Outcome)
		}
		refund.Value = cents(600)
		if rec := s.closes(s.refund(refund), 3*time.Second); rec.Outcome != pos.OutcomeNotMade {
			t.Errorf("%s", rec.Outcome)
		}
		if rec := s.closes(s.refund(refund), 3*time.Second); rec.Outcome != pos.OutcomeRefunded {
			t.Errorf("%s", rec.Outcome)
		}
	})
}

// TestFreshRefundWaitsForAnEarlierOneLikeIt: whoever was told "not known yet" and
// asks again must not give the money back twice.
func TestFreshRefundWaitsForAnEarlierOneLikeIt(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		paid := s.bought()
		s.svc.Next(postest.CallRefund, postest.LostAfter)
		s.svc.Always(postest.LostBefore, postest.CallRefund)
		op := s.refund(pos.Refund{Target: paid, Value: cents(500)})
		time.Sleep(2 * time.Second)
		_, err := s.till.Refund(t.Context(), pos.Refund{Target: paid, Value: cents(500)})
		if code(err) != pos.CodeOutcomeUnknown || !strings.Contains(err.Error(), op.State().Record.Reference()) {
			t.Errorf("%v", err)
		}
		s.svc.Heal()
		// Whoever says which one it is, or asks for another amount, is served.
		named := s.refund(pos.Refund{Target: paid, Value: cents(500), ExternalRef: "CN-2"})
		time.Sleep(time.Second)
		other := s.refund(pos.Refund{Target: paid, Value: cents(100)})
		for _, each := range []*pos.Operation{op, named, other} {
			if rec := s.closes(each, time.Minute); rec.Outcome != pos.OutcomeRefunded {
				t.Errorf("%s of %s", rec.Outcome, rec.Amount())
			}
		}
		if sum, times := s.refunded(paid.RequestID); !sum.Equal(cents(1100)) || times != 3 {
			t.Errorf("%s was given back in %d refunds", sum, times)
		}
	})
}

// TestReferenceOfAnInterruptedRefund: asked for again with its reference, it is
// taken up where the other process left it.
func TestReferenceOfAnInterruptedRefund(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		first    postest.Fault
		sendings int
	}{
		"done, and not heard of": {postest.HangAfter, 2},
		"lost on its way":        {postest.HangBefore, 2},
		"never left":             {postest.TooMany(time.Hour), 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
				refund := pos.Refund{Target: s.bought(), Value: cents(500), ExternalRef: "CN-1"}
				s.svc.Next(postest.CallRefund, tt.first)
				s.refund(refund)
				time.Sleep(time.Second)
				second := pos.NewTill(s.svc, s.ledger.Second(), pos.RandomIDs{}, "here")
				defer second.Kill()
				if _, err := second.Refund(t.Context(), refund); !errors.Is(err, pos.ErrElsewhere) {
					t.Errorf("while the other is running: %v", err)
				}
				s.restart()
				op := s.refund(refund)
				if rec := s.closes(op, time.Minute); rec.Outcome != pos.OutcomeRefunded {
					t.Errorf("%s", rec.Outcome)
				}
				if sum, times := s.refunded(refund.Target.RequestID); !sum.Equal(cents(500)) || times != 1 {
					t.Errorf("%s was given back in %d refunds", sum, times)
				}
				if n := len(s.svc.Calls(postest.CallRefund)); n != tt.sendings {
					t.Errorf("sent %d times, want %d", n, tt.sendings)
				}
				if ops := s.recover(); len(ops) != 0 {
					t.Errorf("%d are left", len(ops))
				}
			})
		})
	}
}

// slowReads is a ledger that takes its time to read.
type slowReads struct{ *postest.Ledger }

func (l slowReads) Entries(ctx context.Context, op pos.OpID) ([]pos.Entry, error) {
	time.Sleep(100 * time.Millisecond)
	return l.Ledger.Entries(ctx, op)
}

// TestRecoveryAndANamedRefundTakeUpOneOperation: whoever comes first has it, and
// the other is given the same.
func TestRecoveryAndANamedRefundTakeUpOneOperation(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		refund := pos.Refund{Target: s.bought(), Value: cents(500), ExternalRef: "CN-1"}
		s.svc.Next(postest.CallRefund, postest.HangBefore, postest.Slow(3*time.Second))
		s.refund(refund)
		time.Sleep(time.Second)
		s.restart()
		s.till = pos.NewTill(s.svc, slowReads{s.ledger}, pos.RandomIDs{}, "here")
		taken := make(chan []*pos.Operation)
		go func() {
			ops, err := s.till.Recover(t.Context())
			taken <- ops
			if err != nil {
				t.Error(err)
			}
		}()
		time.Sleep(50 * time.Millisecond)
		asked := make(chan *pos.Operation, 1)
		go func() {
			op, err := s.till.Refund(t.Context(), refund)
			asked <- op
			if err != nil {
				t.Error(err)
			}
		}()
		recovered, op := <-taken, <-asked
		if len(recovered) != 1 || recovered[0] != op {
			t.Errorf("recovery has %v, the refund is %v", recovered, op)
		}
		if rec := s.closes(op, time.Minute); rec.Outcome != pos.OutcomeRefunded {
			t.Errorf("%s", rec.Outcome)
		}
		if n := len(s.svc.Calls(postest.CallRefund)); n != 2 {
			t.Errorf("sent %d times", n)
		}
	})
}

// TestRefusedStartIsNotSentLater: whoever was told that nothing was sent, because
// the ledger reported a failure, must find that true also when the ledger had
// stored the intent all the same.
func TestRefusedStartIsNotSentLater(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		paid := s.bought()
		s.ledger.FailNextAfterStoring(1, errors.New("disk full"))
		var ledger *pos.LedgerError
		if _, err := s.till.Refund(t.Context(), pos.Refund{Target: paid, Value: cents(500)}); !errors.As(err, &ledger) {
			t.Fatalf("%v", err)
		}
		s.restart()
		for _, op := range s.recover() {
			if rec := s.closes(op, time.Minute); rec.Outcome != pos.OutcomeNotMade {
				t.Errorf("%s", rec.Outcome)
			}
		}
		if n := len(s.svc.Calls(postest.CallRefund)); n != 0 {
			t.Errorf("sent %d times", n)
		}
	})
}

// TestLedgerTroubleDoesNotDelayARefund: what could not be written in time is not
// sent minutes later, when nobody wants it any more.
func TestLedgerTroubleDoesNotDelayARefund(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		paid := s.bought()
		disk := &failsAfterIntent{Ledger: s.ledger}
		s.till.Kill()
		s.till = pos.NewTill(s.svc, disk, pos.RandomIDs{}, "here")
		op := s.refund(pos.Refund{Target: paid, Value: cents(500)})
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if n := len(s.svc.Calls(postest.CallRefund)); n != 0 || op.LedgerTrouble() == nil {
			t.Errorf("sent %d times, trouble %v", n, op.LedgerTrouble())
		}
		s.ledger.Fail(nil)
		if rec := s.closes(op, time.Minute); rec.Outcome != pos.OutcomeNotMade {
			t.Errorf("%s", rec.Outcome)
		}
		if sum, _ := s.refunded(paid.RequestID); sum.Sign() != 0 {
			t.Errorf("%s was given back", sum)
		}
	})
}

// failsAfterIntent is a ledger whose disk fills up right after an intent.
type failsAfterIntent struct{ *postest.Ledger }

func (l *failsAfterIntent) Open(ctx context.Context, op pos.OpID, intent pos.Entry, summary pos.Summary, seen []pos.OpID) error {
	err := l.Ledger.Open(ctx, op, intent, summary, seen)
	l.Fail(errors.New("disk full"))
	return err
}

func TestDrainLeavesARefundToRecovery(t *testing.T) {
	t.Parallel()
	inShop(t, postest.Options{}, func(t *testing.T, s *shop) {
		paid := s.bought()
		s.svc.Next(postest.CallRefund, postest.LostAfter)
		s.svc.Always(postest.LostBefore)
		op := s.refund(pos.Refund{Target: paid, Value: cents(500)})
		time.Sleep(3 * time.Second)
		s.till.Drain(s.timeout(5 * time.Second))
		if rec := s.ledger.Record(op.ID()); rec.Outcome != pos.OutcomeOpen || !rec.Action.Unsure() || rec.Stop != pos.WhyShutdown {
			t.Errorf("%q, %+v", rec.Outcome, rec.Action)
		}
		if _, err := s.till.Refund(t.Context(), pos.Refund{Target: paid, Value: cents(100)}); !errors.Is(err, pos.ErrTillClosed) {
			t.Errorf("a refund after closing: %v", err)
		}
		s.svc.Heal()
		s.restart()
		for _, op := range s.recover() {
			if rec := s.closes(op, time.Minute); rec.Outcome != pos.OutcomeRefunded || !op.Earlier() {
				t.Errorf("%s", rec.Outcome)
			}
		}
		if sum, times := s.refunded(paid.RequestID); !sum.Equal(cents(500)) || times != 1 {
			t.Errorf("%s was given back in %d refunds", sum, times)
		}
	})
}

// TestRefusedRepeatIsSettledByTheHistory plays the services that the documents
// leave room for: one that refuses the repeat of a full refund.
func TestRefusedRepeatIsSettledByTheHistory(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		options postest.Options
		want    pos.Outcome
	}{
		"a history with references":    {postest.Options{RepeatsJudgedLast: true, HistoryShowsRefs: true}, pos.OutcomeRefunded},
		"a history without references": {postest.Options{RepeatsJudgedLast: true}, pos.OutcomeOpen},
		"no history":                   {postest.Options{RepeatsJudgedLast: true, HistoryRefused: "FORBIDDEN"}, pos.OutcomeOpen},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inShop(t, tt.options, func(t *testing.T, s *shop) {
				paid := s.bought()
				s.svc.Next(postest.CallRefund, postest.LostAfter)
				op := s.refund(pos.Refund{Target: paid, Value: cents(1250)})
				time.Sleep(2 * time.Minute)
				synctest.Wait()
				st := op.State()
				if st.Record.Outcome != tt.want || st.NeedsPerson(time.Now()) != (tt.want == pos.OutcomeOpen) {
					t.Errorf("%q, needs a person %v", st.Record.Outcome, st.NeedsPerson(time.Now()))
				}
				if n := len(s.svc.Calls(postest.CallRefund)); n != 2 {
					t.Errorf("sent %d times", n)
				}
			})
		})
	}
}
