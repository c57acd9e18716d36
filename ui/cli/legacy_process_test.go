//go:build unix

package cli

import (
	"os"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/pos"
	"centrapos/ui/screentest"
)

// TestLegacyKilled: the program is killed at a moment, and recovery leaves nothing
// that anybody could pay unwatched; what was paid is known as paid.
func TestLegacyKilled(t *testing.T) {
	t.Parallel()
	polled := func(s *olderShop, _ *process) {
		s.waitFor("a reading", func() bool { return s.count(sandbox.EndpointLegacyInfo) > 0 })
	}
	struck := func(s *olderShop, p *process) {
		s.shownOlder()
		p.signal(os.Interrupt)
		s.waitFor("the end to be asked for", func() bool { return s.service.Faults()[0].Hits > 0 })
	}
	for name, c := range map[string]struct {
		fault   string // of the call that ends a request, void or cancel
		until   func(s *olderShop, p *process)
		after   func(s *olderShop)
		outcome pos.Outcome
		status  api.Status
	}{
		"while it waits": {until: polled, outcome: pos.OutcomeVoided, status: api.StatusCancelled},
		"while it waits, and then it is paid": {until: polled, after: func(s *olderShop) { s.pays(s.onlyRequest().ID) },
			outcome: pos.OutcomePaid, status: api.StatusPaid},
		"while its end is on its way": {fault: "hang-before=1m:1", until: struck,
			outcome: pos.OutcomeCancelled, status: api.StatusCancelled},
		"while the answer to its end is on its way": {fault: "hang-after=1m:1", until: struck,
			outcome: pos.OutcomeCancelled, status: api.StatusCancelled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBothForms(t, func(t *testing.T, s *olderShop) {
				args := []string{"legacy", "create", "12.50", "--wait"}
				ends := sandbox.EndpointLegacyVoid
				if s.first {
					args, ends = append(args, "--first-published"), sandbox.EndpointLegacyCancel
				}
				if c.fault != "" {
					s.fault(ends + ":" + c.fault)
				}
				p := start(t, s.env, args...)
				c.until(s, p)
				p.kill()
				s.service.ClearFaults()
				if c.after != nil {
					c.after(s)
				}
				s.recovers(c.outcome, c.status)
			})
		})
	}
}

// TestLegacyRefundKilled: the refund is finished by recovery, and made once.
func TestLegacyRefundKilled(t *testing.T) {
	t.Parallel()
	for _, phase := range []string{"before", "after"} {
		t.Run(phase, func(t *testing.T) {
			t.Parallel()
			s := openOlderShop(t, false)
			id := s.paidRequest()
			s.fault("legacy-refund:hang-" + phase + "=1m:1")
			p := start(t, s.env, "legacy", "refund", id, "5.00")
			s.waitFor("the refund", func() bool { return s.service.Faults()[0].Hits > 0 })
			if phase == "after" {
				s.waitFor("the money", func() bool { return len(s.refunds()) > 0 })
			}
			p.kill()
			s.service.ClearFaults()
			s.recovers(pos.OutcomeRefunded, api.StatusPaid)
			if all := s.refunds(); len(all) != 1 || all[0] != "500" {
				t.Errorf("the service has given back %v", all)
			}
		})
	}
}

// TestTillFinishesLegacy: the till does the same as "recover" when it starts.
func TestTillFinishesLegacy(t *testing.T) {
	t.Parallel()
	server := startSandbox(t)
	c := newCounter(t, append(with(server), "CENTRAPOS_MERCHANT_ID="+sandbox.DemoMerchantID)...)
	c.json("legacy", "create", "12.50")
	c.json("legacy", "create", "7.50", "--first-published")
	p := c.open(screentest.PTYOptions{})
	deadline := time.Now().Add(soon)
	for len(c.json("ledger", "list", "--unfinished")["items"].([]any)) > 0 && time.Now().Before(deadline) {
		time.Sleep(50 * time.Millisecond)
	}
	p.Kill()
	all, err := server.Service().Requests()
	if err != nil || len(all) != 2 {
		t.Fatalf("%d payment requests, %v", len(all), err)
	}
	for _, r := range all {
		if r.Status != api.StatusCancelled {
			t.Errorf("the service says %v", r.Status)
		}
	}
}
