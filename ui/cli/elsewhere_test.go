//go:build unix

package cli

import (
	"strings"
	"sync"
	"testing"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/pos"
)

// hold keeps the next call of an endpoint on its way until it is released. It then
// arrives, and its answer is lost.
func (g *gate) hold(endpoint string) (arrived <-chan struct{}, release func()) {
	came, let := make(chan struct{}), make(chan struct{})
	g.arm(crashMoment{endpoint: endpoint, stage: stageLate, call: 1}, func() {
		close(came)
		<-let
	})
	return came, sync.OnceFunc(func() { close(let) })
}

// Whoever asks for what another till is in the middle of is told which operation that
// is and where to look, and that the outcome is not known.
func TestRefundUnderWayElsewhere(t *testing.T) {
	t.Parallel()
	s, g := openGatedShop(t)
	id := s.paid()
	arrived, release := g.hold(sandbox.EndpointRefund)
	defer release()
	first := s.command("--json", "refund", id, "5.00", "--ref", "return-1")
	done := make(chan outcome)
	go func() { done <- first.run(t) }()
	<-arrived
	same := s.run("refund", id, "5.00", "--ref", "return-1")
	doc, f := same.document(t), same.failure(t)
	another := s.run("refund", id, "5.00")
	release()
	mine := (<-done).document(t)
	if same.code != exitUnresolved || doc["outcome"] != outcomeUnresolved || doc["ledgerId"] != mine["ledgerId"] {
		t.Errorf("the same: exit %d: %s, the refund was %v", same.code, same.stdout, mine["ledgerId"])
	}
	if !strings.Contains(f["message"].(string), `"centrapos status `+id+`"`) {
		t.Errorf("it does not say where to look: %v", f["message"])
	}
	if f := another.failure(t); another.code != exitUsage || another.document(t)["ledgerId"] != mine["ledgerId"] || !strings.Contains(f["message"].(string), "centrapos status") {
		t.Errorf("another like it: exit %d: %s", another.code, another.stdout)
	}
	s.wantGiven(api.ActivityRefund, id, "500")
}

// Of two who void one payment at the same time the second is told who has it in hand,
// and where to look.
func TestVoidUnderWayElsewhere(t *testing.T) {
	t.Parallel()
	s, g := openGatedShop(t)
	id := s.paid()
	arrived, release := g.hold(sandbox.EndpointVoid)
	defer release()
	first := s.command("--json", "void", id)
	done := make(chan outcome)
	go func() { done <- first.run(t) }()
	<-arrived
	for _, args := range [][]string{{"void", id}, {"refund", id, "5.00"}} {
		got := s.run(args...)
		if f := got.failure(t); got.code == exitDone || f["code"] != pos.CodeOutcomeUnknown || got.document(t)["ledgerId"] == nil ||
			!strings.Contains(f["message"].(string), "centrapos status "+id) {
			t.Errorf("%q meanwhile: exit %d: %s", args, got.code, got.stdout)
		}
	}
	release()
	if got := <-done; got.code != exitDone || amountIn(got.document(t), "returned") != "1250" {
		t.Errorf("the void: exit %d: %s", got.code, got.stdout)
	}
	s.wantGiven(api.ActivityRefund, id, "1250")
}
