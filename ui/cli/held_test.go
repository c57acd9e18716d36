package cli

import (
	"strings"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
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
