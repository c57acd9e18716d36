package cli

import (
	"strings"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/pos"
)

// What the service turns away for minutes is not waited for, nor said to be unknown:
// nothing was done, and nothing of it is sent later.
func TestOperationsThatAreTurnedAwayForMinutes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault    string
		args     []string
		endpoint string
	}{
		"refund":        {"refund:status=429,300", []string{"refund", "{id}", "5.00"}, sandbox.EndpointRefund},
		"sale":          {"create:status=429,300", []string{"sale", "12.50"}, sandbox.EndpointCreate},
		"sale no wait":  {"create:status=429,300", []string{"sale", "12.50", "--no-wait"}, sandbox.EndpointCreate},
		"legacy create": {"legacy-create:status=429,300", []string{"legacy", "create", "12.50"}, sandbox.EndpointLegacyCreate},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			s.env["CENTRAPOS_MERCHANT_ID"] = sandbox.DemoMerchantID
			args := c.args
			if name == "refund" {
				id := s.asked()
				s.must(s.service.Pay(id, sandbox.PayOptions{}))
				args = []string{"refund", id, "5.00"}
			}
			s.fault(c.fault)
			before, start := s.count(c.endpoint), time.Now()
			got := s.run(args...)
			f := got.failure(t)
			if got.code != exitRefused || f["code"] != string(api.CodeRateLimitExceeded) || f["retryable"] != true {
				t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("it took %s", took)
			}
			if !strings.Contains(got.stderr, "asks to be left alone") {
				t.Errorf("it says %s", got.stderr)
			}
			s.service.ClearFaults()
			s.run("recover")
			if sent := s.count(c.endpoint) - before; sent != 1 {
				t.Errorf("it was sent %d times", sent)
			}
			if line := s.latest(); name != "refund" && (line["outcome"] != "not-made" || line["closed"] != true) {
				t.Errorf("the record says %v", line)
			}
		})
	}
}

// A void that the service turns away for minutes ends at once: one that never left is
// not made, now and by recovery; one that may have left is kept, and recovery finishes it.
func TestVoidThatIsTurnedAwayForMinutes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		faults  []string
		exit    int
		code    string
		outcome string // after recovery
		sent    int
	}{
		"never left":    {[]string{"void:status=429,300"}, exitRefused, string(api.CodeRateLimitExceeded), "not-made", 1},
		"may have left": {[]string{"void:drop-before:1", "get:status=503:2+", "void:status=429,300:2+"}, exitUnresolved, pos.CodeOutcomeUnknown, "voided", 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			id := s.paid()
			for _, fault := range c.faults {
				s.fault(fault)
			}
			start := time.Now()
			got := s.run("void", id)
			if took := time.Since(start); got.code != c.exit || got.failure(t)["code"] != c.code || took > 12*time.Second {
				t.Errorf("exit %d after %s: %s%s", got.code, took, got.stdout, got.stderr)
			}
			s.service.ClearFaults()
			s.run("recover")
			if line := s.latest(); line["outcome"] != c.outcome || line["closed"] != true || s.count(sandbox.EndpointVoid) != c.sent {
				t.Errorf("sent %d times, the record says %v", s.count(sandbox.EndpointVoid), line)
			}
		})
	}
}
