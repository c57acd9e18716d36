package postest_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"centrapos/pos"
	"centrapos/pos/postest"
)

func sale() pos.Sale {
	return pos.Sale{Amount: postest.NZD(1250), ExternalRef: "T1-0001", Expiry: 2 * time.Minute,
		Origin: pos.Origin{MerchantAccountID: "acc"}}
}

func TestServiceMovesByItsOwnClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := postest.NewService(postest.Options{Skew: time.Hour, Latency: 100 * time.Millisecond})
		req, reply := s.Create(t.Context(), sale())
		if reply.Answer != pos.AnswerDone || req.Status != pos.StatusNew {
			t.Fatalf("create: %v %v", reply, req)
		}
		if reply.Clock.Server.Nanosecond() != 0 || reply.Clock.Received.Sub(reply.Clock.Sent) != 100*time.Millisecond {
			t.Errorf("clock: %+v", reply.Clock)
		}
		time.Sleep(2*time.Minute - 50*time.Millisecond)
		if got, _ := s.Request(req.ID); got.Status != pos.StatusExpired {
			t.Errorf("after two minutes: %s", got.Status)
		}
		if err := s.Pay(req.ID); err == nil || err.Error() != pos.RefusedRequestExpired {
			t.Errorf("paying an expired request: %v", err)
		}
	})
}

func TestLateCallArrivesAfterItsCallerGaveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := postest.NewService(postest.Options{})
		s.Next(postest.CallCreate, postest.Late(10*time.Second))
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		if _, reply := s.Create(ctx, sale()); reply.Answer != pos.AnswerUnknown {
			t.Errorf("a call given up: %v", reply.Answer)
		}
		if len(s.Requests()) != 0 {
			t.Error("the request is there before the call arrived")
		}
		time.Sleep(6 * time.Second)
		if len(s.Requests()) != 1 {
			t.Error("the call never arrived")
		}
	})
}

func TestConditionHoldsPaymentUp(t *testing.T) {
	s := postest.NewService(postest.Options{})
	req, _ := s.Create(t.Context(), sale())
	check := pos.Condition{ID: "1", Message: "Please check ID", Status: pos.ConditionAwaitingMerchant}
	if err := errors.Join(s.RaiseCondition(req.ID, check), s.Pay(req.ID)); err != nil {
		t.Fatal(err)
	}
	if got, _ := s.Request(req.ID); got.Status != pos.StatusNew {
		t.Errorf("before the answer: %s", got.Status)
	}
	s.Decide(t.Context(), req.ID, "1", true)
	if !s.Holds(req.ID) {
		t.Error("accepted, and yet not paid")
	}
	if reply := s.Decide(t.Context(), req.ID, "1", true); reply.Refusal.Code != pos.RefusedRequestPaid {
		t.Errorf("deciding again: %v", reply)
	}
}

func TestVoidGivesMoneyBackOnce(t *testing.T) {
	for _, staysPaid := range []bool{false, true} {
		s := postest.NewService(postest.Options{VoidedStaysPaid: staysPaid})
		req, _ := s.Create(t.Context(), sale())
		if err := s.Pay(req.ID); err != nil {
			t.Fatal(err)
		}
		back, reply := s.Void(t.Context(), req.ID)
		if reply.Answer != pos.AnswerDone || !back.Returned.Equal(postest.NZD(1250)) || s.Holds(req.ID) {
			t.Errorf("void: %v %v", reply, back)
		}
		if _, again := s.Void(t.Context(), req.ID); again.Refusal.Code != pos.RefusedAlreadyRefunded {
			t.Errorf("second void: %v", again)
		}
	}
}

func TestLedgerBelongsToTheLiving(t *testing.T) {
	first := postest.NewLedger()
	intent := []pos.Entry{{Fact: pos.Opened{Kind: pos.KindSale, Service: "here"}}}
	if err := first.Append(t.Context(), "op", intent, pos.Summary{Service: "here"}); err != nil {
		t.Fatal(err)
	}
	second := first.Second()
	if ids, _ := second.ClaimOrphans(t.Context(), "here"); len(ids) != 0 {
		t.Errorf("a living process lost %v", ids)
	}
	third := first.Restart()
	if err := first.Append(t.Context(), "op", intent, pos.Summary{}); !errors.Is(err, postest.ErrDead) {
		t.Errorf("a dead process wrote: %v", err)
	}
	if ids, _ := third.ClaimOrphans(t.Context(), "elsewhere"); len(ids) != 0 {
		t.Errorf("claimed another service's %v", ids)
	}
	if ids, _ := third.ClaimOrphans(t.Context(), "here"); len(ids) != 1 {
		t.Errorf("claimed %v", ids)
	}
	if ids, _ := second.ClaimOrphans(t.Context(), "here"); len(ids) != 0 {
		t.Errorf("claimed twice: %v", ids)
	}
}

func TestLedgerFailsAsTold(t *testing.T) {
	l, broken := postest.NewLedger(), errors.New("disk full")
	entries := []pos.Entry{{Fact: pos.Opened{Kind: pos.KindVoid}}}
	l.FailNext(1, broken)
	if err := l.Append(t.Context(), "op", entries, pos.Summary{}); !errors.Is(err, broken) || len(l.Ops()) != 0 {
		t.Errorf("failing append: %v, %v", err, l.Ops())
	}
	l.FailNextAfterStoring(1, broken)
	if err := l.Append(t.Context(), "op", entries, pos.Summary{}); !errors.Is(err, broken) || len(l.Facts("op")) != 1 {
		t.Errorf("failing after storing: %v, %v", err, l.Facts("op"))
	}
	if err := l.Append(t.Context(), "op", entries, pos.Summary{}); err != nil || len(l.Facts("op")) != 2 {
		t.Errorf("healed: %v, %v", err, l.Facts("op"))
	}
}
