package cli

import (
	"strings"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/pos"
)

// paid makes a payment of 12.50 and gives the request's id.
func (s *shop) paid() string {
	s.t.Helper()
	id := s.asked()
	return s.settled(id)
}

// settled has the customer pay, and the till hear of it.
func (s *shop) settled(id string) string {
	s.t.Helper()
	s.must(s.service.Pay(id, sandbox.PayOptions{}))
	if got := s.run("recover"); got.code != exitDone {
		s.t.Fatalf("exit %d: %s", got.code, got.stdout)
	}
	return id
}

// given is what the service has given back on a payment request, in cents.
func (s *shop) given(kind api.ActivityType, id string) []string {
	s.t.Helper()
	snapshot, err := s.service.Request(id)
	if err != nil {
		s.t.Fatal(err)
	}
	var amounts []string
	for _, a := range snapshot.Activities {
		if a.Type.Is(kind) {
			amounts = append(amounts, a.Value.Amount.String())
		}
	}
	return amounts
}

func (s *shop) wantGiven(kind api.ActivityType, id string, want ...string) {
	s.t.Helper()
	if got := s.given(kind, id); strings.Join(got, " ") != strings.Join(want, " ") {
		s.t.Errorf("the service has %s of %v, want %v", kind, got, want)
	}
}

func TestRefundInPartsThenTheRest(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.paid()
	code := s.onlyRequest().ShortCode
	part := s.run("refund", code, "5.00", "--ref", "return-1", "--invoice-ref", "CN-1", "--item", "Flat white;1;5.00;FW-1")
	doc := part.document(t)
	if part.code != exitDone || doc["outcome"] != "refunded" || doc["returned"] == nil || doc["externalRef"] != "return-1" || doc["paymentRequestId"] != id || doc["type"] != "refund" {
		t.Fatalf("exit %d: %s%s", part.code, part.stdout, part.stderr)
	}
	if line := s.latest(); line["kind"] != "refund" || line["outcome"] != "refunded" || line["id"] != id || line["ledgerId"] != doc["ledgerId"] {
		t.Errorf("the record says %v", line)
	}
	rest := s.run("refund", id)
	if doc := rest.document(t); rest.code != exitDone || doc["outcome"] != "refunded" || doc["externalRef"] == "" {
		t.Fatalf("exit %d: %s%s", rest.code, rest.stdout, rest.stderr)
	}
	s.wantGiven(api.ActivityRefund, id, "750", "500")
	none := s.run("refund", id)
	if f := none.failure(t); none.code != exitUsage || f["code"] != pos.CodeInvalidAmount {
		t.Errorf("nothing is left: exit %d, %v", none.code, f)
	}
	over := s.run("refund", id, "0.01")
	if f := over.failure(t); over.code != exitRefused {
		t.Errorf("more than was paid: exit %d, %v", over.code, f)
	}
	s.nothingPayable()
}

// The same reference is the same refund, however often it is asked for.
func TestRefundAskedForTwice(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.paid()
	for range 2 {
		if got := s.run("refund", id, "5.00", "--ref", "return-1"); got.code != exitDone || got.document(t)["outcome"] != "refunded" {
			t.Errorf("exit %d: %s", got.code, got.stdout)
		}
	}
	s.wantGiven(api.ActivityRefund, id, "500")
	if got := s.run("refund", id, "--ref", "return-1"); got.code != exitDone || got.document(t)["outcome"] != "refunded" {
		t.Errorf("without the amount: exit %d: %s", got.code, got.stdout)
	}
	s.wantGiven(api.ActivityRefund, id, "500")
	other := s.run("refund", id, "6.00", "--ref", "return-1")
	if f := other.failure(t); other.code != exitUsage || f["code"] != pos.CodeRepeatReference {
		t.Errorf("another amount: exit %d, %v", other.code, f)
	}
	s.wantGiven(api.ActivityRefund, id, "500")
}

// A refund whose answer is lost is sent again under its own reference, and made once.
func TestRefundWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	for _, spec := range []string{"refund:drop-after:1", "refund:drop-before:1", "refund:status-after=502:1", "refund:html:1", "refund:truncated:1"} {
		t.Run(spec, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			id := s.paid()
			s.fault(spec)
			got := s.run("refund", id, "5.00")
			if got.code != exitDone || got.document(t)["outcome"] != "refunded" {
				t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
			}
			s.wantGiven(api.ActivityRefund, id, "500")
		})
	}
}

// A refund that gets no answer at all is left to recovery, which makes it once.
func TestRefundLeftToRecovery(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.paid()
	s.fault("refund:drop-after:*")
	impatient := s.command("--json", "refund", id, "5.00")
	impatient.times = func(t *times) { t.patience = 300 * time.Millisecond }
	got := impatient.run(t)
	doc := got.document(t)
	if got.code != exitUnresolved || doc["outcome"] != outcomeUnresolved || doc["error"].(map[string]any)["code"] != pos.CodeOutcomeUnknown {
		t.Fatalf("exit %d: %s", got.code, got.stdout)
	}
	again := s.run("refund", id, "5.00")
	if f := again.failure(t); again.code == exitDone || f["code"] != pos.CodeOutcomeUnknown {
		t.Errorf("asked for afresh meanwhile: exit %d, %v", again.code, f)
	}
	s.service.ClearFaults()
	if got := s.run("recover"); got.code != exitDone {
		t.Errorf("recover: exit %d, %s", got.code, got.stdout)
	}
	s.wantGiven(api.ActivityRefund, id, "500")
	s.nothingPayable()
}

func TestRefundThatCannotBe(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	unpaid := s.asked()
	for name, c := range map[string]struct {
		args []string
		exit int
		code string
	}{
		"no such request":      {[]string{"nothing", "5.00"}, exitRefused, "FORBIDDEN"},
		"not paid":             {[]string{unpaid, "5.00"}, exitRefused, string(api.CodeNotPaid)},
		"no amount":            {[]string{unpaid, "five"}, exitUsage, pos.CodeInvalidAmount},
		"below zero":           {[]string{unpaid, "-5.00"}, exitUsage, pos.CodeInvalidAmount},
		"nothing":              {[]string{unpaid, "0"}, exitUsage, pos.CodeInvalidAmount},
		"half a cent":          {[]string{unpaid, "5.005"}, exitUsage, pos.CodeInvalidAmount},
		"lines do not add up":  {[]string{unpaid, "5.00", "--item", "Scone;1;4.00"}, exitUsage, pos.CodeLineItemsSum},
		"an empty reference":   {[]string{unpaid, "5.00", "--ref", " "}, exitUsage, codeUsage},
		"no such confirmation": {[]string{unpaid, "5.00", "--confirmation", "k"}, exitRefused, ""},
		"an empty request":     {[]string{" ", "5.00"}, exitUsage, codeUsage},
		"a long invoice":       {[]string{unpaid, "5.00", "--invoice-ref", strings.Repeat("i", 129)}, exitUsage, pos.CodeInvalidAction},
	} {
		got := s.run(append([]string{"refund"}, c.args...)...)
		f := got.failure(t)
		if got.code != c.exit || c.code != "" && f["code"] != c.code {
			t.Errorf("%s: exit %d, %v", name, got.code, f)
		}
	}
	s.wantGiven(api.ActivityRefund, unpaid)
}

// authorized makes a pre-auth that a customer has authorized.
func (s *shop) authorized(amount string) string {
	s.t.Helper()
	id := s.run("sale", amount, "--pre-auth", "--no-wait").document(s.t)["id"].(string)
	return s.settled(id)
}

func TestPreAuthFromConfirmationToRelease(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.authorized("50.00")
	confirm := []string{"confirm", id, "11.00", "--invoice-ref", "INV-204", "--item", "Flat white;2;5.50;FW-1"}
	first := s.run(append(confirm, "--key", "delivery-1")...)
	doc := first.document(t)
	if first.code != exitDone || doc["outcome"] != "confirmed" || doc["idempotencyKey"] != "delivery-1" || doc["type"] != "confirmation" {
		t.Fatalf("exit %d: %s%s", first.code, first.stdout, first.stderr)
	}
	if again := s.run(append(confirm, "--key", "delivery-1")...); again.code != exitDone || again.document(t)["outcome"] != "confirmed" {
		t.Errorf("the same again: exit %d, %s", again.code, again.stdout)
	}
	s.wantGiven(api.ActivityConfirmation, id, "1100")
	second := s.run(confirm...)
	if doc := second.document(t); second.code != exitDone || doc["idempotencyKey"] == "" || doc["idempotencyKey"] == "delivery-1" {
		t.Errorf("another delivery: exit %d, %s", second.code, second.stdout)
	}
	s.wantGiven(api.ActivityConfirmation, id, "1100", "1100")
	if got := s.run("refund", id); got.code != exitUsage || !strings.Contains(got.stdout, "delivery-1") {
		t.Errorf("a refund that does not say of what: exit %d, %s", got.code, got.stdout)
	}
	if got := s.run("refund", id, "--confirmation", "delivery-1"); got.code != exitDone || got.document(t)["returned"] == nil {
		t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
	}
	s.wantGiven(api.ActivityRefund, id, "1100")
	released := s.run("release", id)
	if doc := released.document(t); released.code != exitDone || doc["outcome"] != "released" {
		t.Errorf("exit %d: %s%s", released.code, released.stdout, released.stderr)
	}
	late := s.run(confirm...)
	if f := late.failure(t); late.code != exitRefused || f["code"] != string(api.CodePreAuthReleased) {
		t.Errorf("too late: exit %d, %v", late.code, f)
	}
	s.nothingPayable()
}

func TestConfirmThatCannotBe(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	sale := s.paid()
	preAuth := s.authorized("10.00")
	full := []string{"--invoice-ref", "INV-1", "--item", "Scone;1;4.00"}
	for name, c := range map[string]struct {
		args []string
		exit int
		code string
	}{
		"no invoice":          {[]string{preAuth, "4.00", "--item", "Scone;1;4.00"}, exitUsage, pos.CodeInvalidAction},
		"no lines":            {[]string{preAuth, "4.00", "--invoice-ref", "INV-1"}, exitUsage, pos.CodeInvalidLineItem},
		"lines do not add up": {append([]string{preAuth, "5.00"}, full...), exitUsage, pos.CodeLineItemsSum},
		"an empty key":        {append([]string{preAuth, "4.00", "--key", ""}, full...), exitUsage, codeUsage},
		"no pre-auth":         {append([]string{sale, "4.00"}, full...), exitRefused, string(api.CodeInvalidPaymentRequestType)},
		"more than is held":   {[]string{preAuth, "40.00", "--invoice-ref", "INV-1", "--item", "Scone;10;4.00"}, exitRefused, string(api.CodeInvalidAmount)},
	} {
		got := s.run(append([]string{"confirm"}, c.args...)...)
		if f := got.failure(t); got.code != c.exit || f["code"] != c.code {
			t.Errorf("%s: exit %d, %v", name, got.code, f)
		}
	}
	s.wantGiven(api.ActivityConfirmation, preAuth)
}

func TestReleaseOfWhatWasNeverAuthorized(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.run("sale", "10.00", "--pre-auth", "--no-wait").document(t)["id"].(string)
	got := s.run("release", id)
	if doc := got.document(t); got.code != exitDone || doc["outcome"] != "cancelled" {
		t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
	}
	if got := s.run("release", s.paid()); got.code != exitRefused {
		t.Errorf("no pre-auth: exit %d, %s", got.code, got.stdout)
	}
}

func TestActionsWhoseAnswersAreLost(t *testing.T) {
	t.Parallel()
	for spec, args := range map[string][]string{
		"confirm:drop-after:1":  {"confirm", "", "4.00", "--invoice-ref", "INV-1", "--item", "Scone;1;4.00"},
		"confirm:drop-before:1": {"confirm", "", "4.00", "--invoice-ref", "INV-1", "--item", "Scone;1;4.00"},
		"release:drop-after:1":  {"release", ""},
		"release:drop-before:1": {"release", ""},
	} {
		t.Run(spec, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			id := s.authorized("10.00")
			s.fault(spec)
			args[1] = id
			got := s.run(args...)
			if got.code != exitDone {
				t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
			}
			if args[0] == "confirm" {
				s.wantGiven(api.ActivityConfirmation, id, "400")
			} else if n := len(s.given(api.ActivityRelease, id)); n != 1 {
				t.Errorf("released %d times", n)
			}
			s.nothingPayable()
		})
	}
}

func TestActionsInWords(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.authorized("10.00")
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"confirm", id, "4.00", "--invoice-ref", "I", "--item", "Scone;1;4.00", "--key", "k-1"}, "CONFIRMED NZD 4.00"},
		{[]string{"release", id}, "RELEASED"},
		{[]string{"refund", id, "--confirmation", "k-1"}, "REFUNDED NZD 4.00"},
	} {
		if got := s.command(c.args...).run(t); got.code != exitDone || !strings.Contains(got.stdout, c.says) {
			t.Errorf("%q: exit %d, %q %q", c.args, got.code, got.stdout, got.stderr)
		}
	}
	listed := s.command("ledger", "list").run(t).stdout
	for _, kind := range []string{"confirm", "release", "refund", "sale"} {
		if !strings.Contains(listed, kind) {
			t.Errorf("the record does not list the %s:\n%s", kind, listed)
		}
	}
}
