package postest_test

import (
	"errors"
	"testing"

	"centrapos/pos"
	"centrapos/pos/postest"
)

// paid is a service with one request that was paid, or authorized.
func paid(t *testing.T, preAuth bool, o postest.Options) (*postest.Service, pos.Target) {
	t.Helper()
	s := postest.NewService(o)
	asked := sale()
	asked.PreAuth = preAuth
	req, _ := s.Create(t.Context(), asked)
	if err := s.Pay(req.ID); err != nil {
		t.Fatal(err)
	}
	return s, pos.Target{RequestID: req.ID}
}

func code(reply pos.Reply) string {
	if reply.Answer == pos.AnswerDone {
		return ""
	}
	return reply.Refusal.Code
}

// TestRefundsAreJudgedAsDocumented goes through the table of the documents
// (Payment Requests, Refund).
func TestRefundsAreJudgedAsDocumented(t *testing.T) {
	t.Parallel()
	s, target := paid(t, false, postest.Options{})
	for i, step := range []struct {
		ref   string
		cents int64
		want  string
	}{
		{"A", 500, ""}, {"A", 500, ""}, {"A", 400, "REPEAT_REFERENCE"}, {"B", 800, "INVALID_AMOUNT"}, {"B", 750, ""},
		{"A", 500, ""}, {"C", 1, "ALREADY_REFUNDED"},
	} {
		_, reply := s.Refund(t.Context(), pos.Refund{Target: target, Value: postest.NZD(step.cents), ExternalRef: step.ref})
		if code(reply) != step.want {
			t.Errorf("step %d: %q, want %q", i, code(reply), step.want)
		}
	}
	if s.Holds(target.RequestID) {
		t.Error("all was given back, and it is held")
	}
	if _, reply := s.Void(t.Context(), target.RequestID); code(reply) != pos.RefusedAlreadyRefunded {
		t.Errorf("void: %q", code(reply))
	}
	fresh, _ := s.Create(t.Context(), sale())
	_, reply := s.Refund(t.Context(), pos.Refund{Target: pos.Target{RequestID: fresh.ID}, Value: postest.NZD(1), ExternalRef: "D"})
	if code(reply) != "NOT_PAID" {
		t.Errorf("unpaid: %q", code(reply))
	}
}

func TestRepeatsJudgedLast(t *testing.T) {
	t.Parallel()
	s, target := paid(t, false, postest.Options{RepeatsJudgedLast: true})
	refund := pos.Refund{Target: target, Value: postest.NZD(1250), ExternalRef: "A"}
	s.Refund(t.Context(), refund)
	if _, reply := s.Refund(t.Context(), refund); code(reply) != pos.RefusedAlreadyRefunded {
		t.Errorf("the repeat of a full refund: %q", code(reply))
	}
}

func TestPreAuthIsDrawnOnAndReleased(t *testing.T) {
	t.Parallel()
	s, target := paid(t, true, postest.Options{})
	confirm := pos.Confirm{Target: target, Value: postest.NZD(500), Key: "K", InvoiceRef: "INV-1"}
	first, _ := s.Confirm(t.Context(), confirm)
	again, reply := s.Confirm(t.Context(), confirm)
	if code(reply) != "" || again.ShortCode != first.ShortCode {
		t.Errorf("the repeat: %q, %s and not %s", code(reply), again.ShortCode, first.ShortCode)
	}
	confirm.InvoiceRef = "INV-2"
	if _, reply := s.Confirm(t.Context(), confirm); code(reply) != "IDEMPOTENT_OPERATION_FAILED" {
		t.Errorf("other content: %q", code(reply))
	}
	if _, reply := s.Confirm(t.Context(), pos.Confirm{Target: target, Value: postest.NZD(751), Key: "L"}); code(reply) != "INVALID_AMOUNT" {
		t.Errorf("too much: %q", code(reply))
	}
	if _, reply := s.Void(t.Context(), target.RequestID); code(reply) != "PRE_AUTH_ALREADY_CONFIRMED" {
		t.Errorf("void: %q", code(reply))
	}
	released, reply := s.Release(t.Context(), target.RequestID)
	if code(reply) != "" || !released.Value.Equal(postest.NZD(750)) || !s.Holds(target.RequestID) {
		t.Errorf("released %s, %q", released.Value, code(reply))
	}
	for name, reply := range map[string]pos.Reply{
		"confirm": second(s.Confirm(t.Context(), pos.Confirm{Target: target, Value: postest.NZD(1), Key: "M"})),
		"release": second(s.Release(t.Context(), target.RequestID)),
	} {
		if code(reply) != pos.RefusedPreAuthReleased {
			t.Errorf("%s of what was released: %q", name, code(reply))
		}
	}
	back := pos.Refund{Target: target, Value: postest.NZD(500), ExternalRef: "R", ConfirmationKey: "K"}
	if _, reply := s.Refund(t.Context(), back); code(reply) != "" || s.Holds(target.RequestID) {
		t.Errorf("refund of the confirmation: %q", code(reply))
	}
	back.ExternalRef, back.ConfirmationKey = "S", "none"
	if _, reply := s.Refund(t.Context(), back); code(reply) != "CONFIRMATION_NOT_FOUND" {
		t.Errorf("refund of no confirmation: %q", code(reply))
	}
}

func second[T any](_ T, reply pos.Reply) pos.Reply { return reply }

func TestHistoryIsNewestFirstAndNamesNoRefund(t *testing.T) {
	t.Parallel()
	s, target := paid(t, false, postest.Options{})
	s.Refund(t.Context(), pos.Refund{Target: target, Value: postest.NZD(500), ExternalRef: "A"})
	list, _ := s.Activities(t.Context(), target.RequestID)
	if len(list) != 4 || !list[0].Is(pos.ActivityRefund) || list[0].ExternalRef != "" || !list[3].Is(pos.ActivityRequest) {
		t.Errorf("%+v", list)
	}
	if left, known := pos.LeftToRefund(pos.Request{Status: pos.StatusPaid, Value: postest.NZD(1250)}, list, ""); !known || !left.Equal(postest.NZD(750)) {
		t.Errorf("%s left, known %v", left, known)
	}
	s.Change(func(o *postest.Options) { o.HistoryShowsRefs = true })
	if list, _ := s.Activities(t.Context(), target.RequestID); list[0].ExternalRef != "A" {
		t.Errorf("%+v", list[0])
	}
	s.Change(func(o *postest.Options) { o.HistoryRefused = "FORBIDDEN" })
	if _, reply := s.Activities(t.Context(), target.RequestID); code(reply) != "FORBIDDEN" {
		t.Errorf("%v", reply)
	}
}

func TestLedgerClaimsOne(t *testing.T) {
	t.Parallel()
	first := postest.NewLedger()
	intent := []pos.Entry{{Fact: pos.Opened{Kind: pos.KindRefund, Service: "here", Refund: &pos.Refund{Target: pos.Target{RequestID: "pr1"}}}}}
	if err := first.Append(t.Context(), "op", intent, pos.Replay(intent).Summary("op")); err != nil {
		t.Fatal(err)
	}
	second := first.Second()
	if ops, _ := second.ActionsOn(t.Context(), "here#legacy", "pr1"); len(ops) != 1 {
		t.Errorf("%v", ops)
	}
	if ops, _ := second.ActionsOn(t.Context(), "there", "pr1"); len(ops) != 0 {
		t.Errorf("%v", ops)
	}
	var conflict *pos.AlreadyOpened
	if err := second.Open(t.Context(), "op2", intent[0], pos.Replay(intent).Summary("op2"), nil); !errors.As(err, &conflict) || conflict.Op != "op" {
		t.Errorf("opened beside one that had not been seen: %v", err)
	}
	if err := second.Open(t.Context(), "op2", intent[0], pos.Replay(intent).Summary("op2"), []pos.OpID{"op"}); err != nil {
		t.Errorf("not opened beside one that had been seen: %v", err)
	}
	if mine, _ := second.Claim(t.Context(), "op"); mine {
		t.Error("claimed from the living")
	}
	third := first.Restart()
	if mine, _ := third.Claim(t.Context(), "op"); !mine {
		t.Error("not claimed from the dead")
	}
	if mine, _ := second.Claim(t.Context(), "op"); mine {
		t.Error("claimed twice")
	}
	if mine, _ := third.Claim(t.Context(), "none"); mine {
		t.Error("claimed what there is not")
	}
}
