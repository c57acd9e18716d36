package cli

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/pos"
)

// answering starts a service that answers everything in the same way.
func answering(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server.URL
}

// paidRequest is a request of the older shop that a customer has paid.
func (s *olderShop) paidRequest() string {
	s.t.Helper()
	id := s.creates()["requestId"].(string)
	s.pays(id)
	if got := s.run("recover"); got.code != exitDone {
		s.t.Fatalf("exit %d: %s", got.code, got.stdout)
	}
	return id
}

func TestLegacyCancel(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(s *olderShop, id string)
		exit   int
		code   any
		status api.Status
	}{
		"unpaid":         {func(*olderShop, string) {}, exitDone, nil, api.StatusCancelled},
		"paid":           {(*olderShop).pays, exitRefused, "REQUEST_PAID", api.StatusPaid},
		"run out":        {func(s *olderShop, id string) { s.must(s.service.Expire(id)) }, exitRefused, "REQUEST_EXPIRED", api.StatusExpired},
		"answer lost":    {func(s *olderShop, _ string) { s.fault("legacy-cancel:drop-after:1") }, exitDone, nil, api.StatusCancelled},
		"call lost":      {func(s *olderShop, _ string) { s.fault("legacy-cancel:drop-before:1") }, exitDone, nil, api.StatusCancelled},
		"cannot be read": {func(s *olderShop, _ string) { s.fault("legacy-info:status=500") }, exitDone, nil, api.StatusCancelled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBothForms(t, func(t *testing.T, s *olderShop) {
				id := s.creates()["requestId"].(string)
				c.before(s, id)
				got := s.legacy("cancel", id).run(t)
				doc := got.document(t)
				if got.code != c.exit || s.onlyRequest().Status != c.status || doc["returned"] != nil {
					t.Errorf("exit %d, the service says %v: %s%s", got.code, s.onlyRequest().Status, got.stdout, got.stderr)
				}
				if c.code == nil && doc["outcome"] != "voided" || c.code != nil && got.failure(t)["code"] != c.code {
					t.Errorf("got %v", doc)
				}
				if line := s.latest(); line["ledgerId"] != doc["ledgerId"] || line["kind"] != "void" || line["closed"] != true {
					t.Errorf("the record says %v", line)
				}
			})
		})
	}
}

// TestLegacyCancelStaysOne: a cancel that is finished by recovery still gives no
// money back, whatever happened meanwhile.
func TestLegacyCancelStaysOne(t *testing.T) {
	t.Parallel()
	inBothForms(t, func(t *testing.T, s *olderShop) {
		id := s.creates()["requestId"].(string)
		s.fault("legacy-cancel:drop-before")
		run := s.legacy("cancel", id)
		run.times = impatient
		got := run.run(t)
		if doc := got.document(t); got.code != exitUnresolved || doc["outcome"] != outcomeUnresolved || got.failure(t)["code"] != pos.CodeOutcomeUnknown {
			t.Fatalf("exit %d: %s", got.code, got.stdout)
		}
		s.service.ClearFaults()
		s.pays(id)
		if got := s.run("recover"); got.code != exitDone {
			t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
		}
		if s.onlyRequest().Status != api.StatusPaid || s.count(sandbox.EndpointLegacyVoid)+s.count(sandbox.EndpointVoid) != 0 {
			t.Errorf("the service says %v", s.onlyRequest().Status)
		}
		s.nothingPayable()
	})
}

func TestLegacyVoid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before   func(s *olderShop, id string)
		exit     int
		returned any
		code     any
		status   api.Status
	}{
		"unpaid": {func(*olderShop, string) {}, exitDone, nil, nil, api.StatusCancelled},
		"paid":   {(*olderShop).pays, exitDone, "1250", nil, api.StatusCancelled},
		"paid, answer lost": {func(s *olderShop, id string) { s.pays(id); s.fault("legacy-void:drop-after:1") },
			exitDone, "1250", nil, api.StatusCancelled},
		"paid, not read afterwards": {func(s *olderShop, id string) { s.pays(id); s.fault("legacy-info:status=500:2-3") },
			exitDone, "1250", nil, api.StatusCancelled},
		"run out": {func(s *olderShop, id string) { s.must(s.service.Expire(id)) }, exitRefused, nil, "REQUEST_EXPIRED", api.StatusExpired},
		"not to be given back": {func(s *olderShop, id string) {
			s.must(s.service.Pay(id, sandbox.PayOptions{AssetID: sandbox.WalletNoRefund}))
		}, exitRefused, nil, "REFUND_NOT_SUPPORTED", api.StatusPaid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openOlderShop(t, false)
			id := s.creates()["requestId"].(string)
			c.before(s, id)
			got := s.legacy("void", id).run(t)
			doc := got.document(t)
			returned, _ := doc["returned"].(map[string]any)
			if got.code != c.exit || s.onlyRequest().Status != c.status || returned["amount"] != c.returned {
				t.Errorf("exit %d, the service says %v: %s%s", got.code, s.onlyRequest().Status, got.stdout, got.stderr)
			}
			if c.code != nil && got.failure(t)["code"] != c.code {
				t.Errorf("error %v, want %v", doc["error"], c.code)
			}
		})
	}
}

// refunds are what the service has given back.
func (s *olderShop) refunds() []string {
	var amounts []string
	for _, a := range s.onlyRequest().Activities {
		if a.Type.Is(api.ActivityRefund) {
			amounts = append(amounts, a.Value.Amount.String())
		}
	}
	return amounts
}

func TestLegacyRefund(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]func(*olderShop){
		"":                 func(*olderShop) {},
		", answer lost":    func(s *olderShop) { s.fault("legacy-refund:drop-after:1") },
		", call lost":      func(s *olderShop) { s.fault("legacy-refund:drop-before:1") },
		", not read once":  func(s *olderShop) { s.fault("legacy-info:drop-before:1") },
		", answer garbled": func(s *olderShop) { s.fault("legacy-refund:wrong-shape:1") },
	} {
		for _, by := range []string{"request", "transaction"} {
			t.Run("by "+by+name, func(t *testing.T) {
				t.Parallel()
				s := openOlderShop(t, false)
				key := s.paidRequest()
				if by == "transaction" {
					paidBy := s.legacy("info", key).run(t).document(t)["paidBy"].(map[string]any)
					key = paidBy["transactionId"].(string)
				}
				before(s)
				got := s.legacy("refund", key, "5.00", "--ref", "return-1041").run(t)
				doc := got.document(t)
				returned, _ := doc["returned"].(map[string]any)
				if got.code != exitDone || doc["outcome"] != "refunded" || returned["amount"] != "500" || doc["externalRef"] != "return-1041" || doc["type"] != "txRefund" {
					t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
				}
				again := s.legacy("refund", key, "5.00", "--ref", "return-1041").run(t)
				if again.code != exitDone || !strings.Contains(again.stderr, "asked for before") {
					t.Errorf("again: exit %d: %s%s", again.code, again.stdout, again.stderr)
				}
				if all := s.refunds(); len(all) != 1 || all[0] != "500" {
					t.Errorf("the service has given back %v", all)
				}
				if line := s.latest(); line["kind"] != "refund" || line["outcome"] != "refunded" || line["closed"] != true {
					t.Errorf("the record says %v", line)
				}
			})
		}
	}
}

func TestLegacyRefundRefused(t *testing.T) {
	t.Parallel()
	s := openOlderShop(t, false)
	unpaid := s.creates()["requestId"].(string)
	for name, c := range map[string]struct {
		args []string
		code string
	}{
		"not paid":              {[]string{unpaid, "5.00"}, "NOT_PAID"},
		"no such transaction":   {[]string{"nothing", "5.00"}, "TRANSACTION_NOT_FOUND"},
		"nothing known of both": {[]string{"0b1f6a2e-1c1b-4d6e-9d38-7a6d6d1c9d3a", "5.00"}, "TRANSACTION_NOT_FOUND"},
	} {
		got := s.legacy(append([]string{"refund"}, c.args...)...).run(t)
		if f := got.failure(t); got.code != exitRefused || f["code"] != c.code {
			t.Errorf("%s: exit %d: %s", name, got.code, got.stdout)
		}
	}
	s.pays(unpaid)
	if got := s.legacy("refund", unpaid, "20.00").run(t); got.code != exitRefused || got.failure(t)["code"] != "INVALID_AMOUNT" {
		t.Errorf("more than was paid: exit %d: %s", got.code, got.stdout)
	}
	s.fault("legacy-info:status=502")
	if got := s.legacy("refund", unpaid, "5.00").run(t); got.code != exitRefused || got.failure(t)["code"] != pos.CodeNetwork {
		t.Errorf("cannot be read: exit %d: %s", got.code, got.stdout)
	}
	if all := s.refunds(); len(all) != 0 {
		t.Errorf("the service has given back %v", all)
	}
}

// TestLegacyRefundRecovered: a refund that was left without an answer is finished,
// once, by recovery.
func TestLegacyRefundRecovered(t *testing.T) {
	t.Parallel()
	s := openOlderShop(t, false)
	id := s.paidRequest()
	s.fault("legacy-refund:drop-after")
	run := s.legacy("refund", id, "5.00")
	run.times = impatient
	got := run.run(t)
	if doc := got.document(t); got.code != exitUnresolved || doc["outcome"] != outcomeUnresolved {
		t.Fatalf("exit %d: %s", got.code, got.stdout)
	}
	s.service.ClearFaults()
	if got := s.run("recover"); got.code != exitDone || len(got.document(t)["items"].([]any)) != 1 {
		t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
	}
	if all := s.refunds(); len(all) != 1 || s.latest()["outcome"] != "refunded" {
		t.Errorf("the service has given back %v, the record says %v", all, s.latest())
	}
}

// TestLegacyRefundOfOneUnderTwoNames: while a refund of a request is open, one of the
// transaction that paid it could be one too many.
func TestLegacyRefundOfOneUnderTwoNames(t *testing.T) {
	t.Parallel()
	s := openOlderShop(t, false)
	id := s.paidRequest()
	transaction := s.legacy("info", id).run(t).document(t)["paidBy"].(map[string]any)["transactionId"].(string)
	s.fault("legacy-refund:drop-before")
	run := s.legacy("refund", id, "5.00")
	run.times = impatient
	if got := run.run(t); got.code != exitUnresolved {
		t.Fatalf("exit %d: %s", got.code, got.stdout)
	}
	s.service.ClearFaults()
	for _, key := range []string{id, transaction} {
		if got := s.legacy("refund", key, "5.00").run(t); got.code != exitUsage || got.failure(t)["code"] != pos.CodeOutcomeUnknown {
			t.Errorf("%s: exit %d: %s", key, got.code, got.stdout)
		}
	}
	if got := s.legacy("refund", transaction, "2.00").run(t); got.code != exitDone {
		t.Errorf("another amount: exit %d: %s", got.code, got.stdout)
	}
	if got := s.legacy("refund", transaction, "5.00", "--ref", "another").run(t); got.code != exitDone {
		t.Errorf("with a reference of its own: exit %d: %s", got.code, got.stdout)
	}
	s.run("recover")
	if all := s.refunds(); len(all) != 3 {
		t.Errorf("the service has given back %v", all)
	}
}

// TestRefundOfOneUnderTwoNamesOverBothForms: also today's API and the first generation
// see each other's open refunds, whichever way round they were begun.
func TestRefundOfOneUnderTwoNamesOverBothForms(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault                 string
		olderFirst, olderNext bool
	}{
		"by transaction first": {"legacy-refund:drop-before", true, false},
		"by request first":     {"refund:drop-before", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openOlderShop(t, false)
			id := s.paidRequest()
			transaction := s.legacy("info", id).run(t).document(t)["paidBy"].(map[string]any)["transactionId"].(string)
			refund := func(older bool) command {
				if older {
					return s.legacy("refund", transaction, "5.00")
				}
				return s.command("--json", "refund", id, "5.00")
			}
			s.fault(c.fault)
			first := refund(c.olderFirst)
			first.times = impatient
			if got := first.run(t); got.code != exitUnresolved {
				t.Fatalf("exit %d: %s", got.code, got.stdout)
			}
			s.service.ClearFaults()
			if got := refund(c.olderNext).run(t); got.code != exitUsage || got.failure(t)["code"] != pos.CodeOutcomeUnknown {
				t.Errorf("exit %d: %s", got.code, got.stdout)
			}
			s.run("recover")
			if all := s.refunds(); len(all) != 1 {
				t.Errorf("the service has given back %v", all)
			}
		})
	}
}

// TestVoidAndRefundUnderTwoNames: a void and a refund of one payment do not get past one
// another because the refund names the transaction, over either form of the API; what
// is of another payment is not held up.
func TestVoidAndRefundUnderTwoNames(t *testing.T) {
	t.Parallel()
	refund := func(s *olderShop, _, transaction string) command { return s.legacy("refund", transaction, "5.00") }
	void := func(s *olderShop, id, _ string) command { return s.command("--json", "void", id) }
	legacyVoid := func(s *olderShop, id, _ string) command { return s.legacy("void", id) }
	for name, c := range map[string]struct {
		fault       string
		first, next func(s *olderShop, id, transaction string) command
	}{
		"refund beside legacy void": {"legacy-void:drop-before", legacyVoid, refund},
		"refund beside void":        {"void:drop-before", void, refund},
		"legacy void beside refund": {"legacy-refund:drop-before", refund, legacyVoid},
		"void beside refund":        {"legacy-refund:drop-before", refund, void},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openOlderShop(t, false)
			id := s.paidRequest()
			transaction := s.legacy("info", id).run(t).document(t)["paidBy"].(map[string]any)["transactionId"].(string)
			s.fault(c.fault)
			first := c.first(s, id, transaction)
			first.times = impatient
			if got := first.run(t); got.code != exitUnresolved {
				t.Fatalf("exit %d: %s", got.code, got.stdout)
			}
			s.service.ClearFaults()
			if got := c.next(s, id, transaction).run(t); got.code != exitUsage || got.failure(t)["code"] != pos.CodeOutcomeUnknown {
				t.Errorf("exit %d: %s", got.code, got.stdout)
			}
			if other := s.creates()["requestId"].(string); s.legacy("void", other).run(t).code != exitDone {
				t.Error("a request that nobody has paid could not be voided meanwhile")
			}
		})
	}
}

// TestReferenceUnderTwoNames: a reference names one refund, by whichever of its names the
// payment is given.
func TestReferenceUnderTwoNames(t *testing.T) {
	t.Parallel()
	for _, byRequest := range []bool{true, false} {
		s := openOlderShop(t, false)
		id := s.paidRequest()
		transaction := s.legacy("info", id).run(t).document(t)["paidBy"].(map[string]any)["transactionId"].(string)
		keys := []string{transaction, id}
		if byRequest {
			keys = []string{id, transaction}
		}
		var ledgerIDs []any
		for _, key := range keys {
			got := s.legacy("refund", key, "5.00", "--ref", "R1").run(t)
			if got.code != exitDone {
				t.Fatalf("exit %d: %s%s", got.code, got.stdout, got.stderr)
			}
			ledgerIDs = append(ledgerIDs, got.document(t)["ledgerId"])
		}
		if all := s.refunds(); len(all) != 1 || ledgerIDs[0] != ledgerIDs[1] {
			t.Errorf("the service has given back %v, the record has %v", all, ledgerIDs)
		}
	}
}
