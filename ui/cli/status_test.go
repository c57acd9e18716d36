package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/pos"
)

// amountIn is the amount that a document has under a name, in the smallest unit; ""
// where it is null.
func amountIn(doc map[string]any, name string) string {
	value, _ := doc[name].(map[string]any)
	amount, _ := value["amount"].(string)
	return amount
}

func TestStatusTellsWhatBecameOfTheMoney(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.paid()
	want := func(what, outcome, refunded, left string) {
		t.Helper()
		got := s.run("status", id)
		doc := got.document(t)
		if got.code != exitDone || doc["outcome"] != outcome || amountIn(doc, "refunded") != refunded || amountIn(doc, "leftToRefund") != left {
			t.Errorf("%s: exit %d: %s", what, got.code, got.stdout)
		}
	}
	want("paid", "paid", "0", "1250")
	s.done("refund", id, "5.00")
	want("refunded in part", "paid", "500", "750")
	if words := s.command("status", id).run(t).stdout; !strings.Contains(words, "Refunded   NZD 5.00") || !strings.Contains(words, "To refund  NZD 7.50") {
		t.Errorf("in words: %s", words)
	}
	s.fault("activities:status=403:*")
	got := s.run("status", id)
	if doc := got.document(t); got.code != exitDone || doc["leftToRefund"] != nil || !strings.Contains(got.stderr, "What was given back is not known") {
		t.Errorf("its history is not shown to this key: exit %d: %s", got.code, got.stdout)
	}
	unpaid := s.run("status", s.asked()).document(t)
	if unpaid["outcome"] != "new" || unpaid["refunded"] != nil || unpaid["leftToRefund"] != nil {
		t.Errorf("unpaid: %v", unpaid)
	}
}

// done carries out a command that has to succeed.
func (s *shop) done(args ...string) {
	s.t.Helper()
	if got := s.run(args...); got.code != exitDone {
		s.t.Fatalf("%q: exit %d: %s%s", args, got.code, got.stdout, got.stderr)
	}
}

func TestStatusOfAPreAuth(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.authorized("50.00")
	s.done("confirm", id, "11.00", "--invoice-ref", "INV-204", "--item", "Flat white;2;5.50", "--key", "delivery-1")
	s.done("refund", id, "3.00", "--confirmation", "delivery-1")
	doc := s.run("status", id).document(t)
	list, _ := doc["confirmations"].([]any)
	if doc["outcome"] != "authorized" || amountIn(doc, "leftToConfirm") != "3900" || len(list) != 1 {
		t.Fatalf("authorized: %v", doc)
	}
	if first := list[0].(map[string]any); first["key"] != "delivery-1" || first["invoiceRef"] != "INV-204" || amountIn(first, "value") != "1100" || amountIn(first, "refunded") != "300" {
		t.Errorf("the confirmation: %v", first)
	}
	s.done("release", id)
	got := s.command("status", id).run(t)
	for _, want := range []string{"NZD 50.00  released", "Confirmed  NZD 11.00  key delivery-1  invoice INV-204, of which NZD 3.00 was refunded", "Released   NZD 39.00"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("it does not say %q:\n%s", want, got.stdout)
		}
	}
	if doc := s.run("status", id).document(t); doc["outcome"] != string(pos.OutcomeReleased) {
		t.Errorf("released: %v", doc["outcome"])
	}
}

// The numbers of conditions are shown, and the command that takes them.
func TestStatusNumbersConditions(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.asked()
	s.must(s.service.RaiseCondition(id, sandbox.Condition{}))
	got := s.command("status", id).run(t)
	if !strings.Contains(got.stdout, "Condition  1  Please check ID  awaiting-merchant") || !strings.Contains(got.stdout, "centrapos condition accept|decline "+id+" 1") {
		t.Errorf("it says:\n%s", got.stdout)
	}
}

// What Centrapay has is shown though the record cannot be read, and that is said.
func TestStatusWithoutTheRecord(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.paid()
	if err := os.WriteFile(filepath.Join(s.recordDir(), "ledger.db"), []byte(strings.Repeat("no record ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	got := s.run("status", id)
	doc := got.document(t)
	if got.code != exitDone || doc["outcome"] != "paid" || doc["ledger"] != nil || doc["ledgerError"] == "" || amountIn(doc, "leftToRefund") != "1250" {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	if !strings.Contains(got.stderr, "The local record could not be read, so only what Centrapay has is shown") {
		t.Errorf("it is not said: %s", got.stderr)
	}
}

// What the record has is shown though Centrapay cannot be asked.
func TestStatusWithoutTheService(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.paid()
	s.fault("get:status=503:*")
	got := s.command("status", id).run(t)
	if got.code != exitRefused || !strings.Contains(got.stderr, "Record     ") || !strings.Contains(got.stderr, "NZD 12.50  paid") {
		t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
	}
}

// A payment is found by every name that people have of it.
func TestNamesOfAPayment(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	sale := s.run("sale", "12.50", "--no-wait", "--ref", "T1-0042").document(t)
	id, code, op := sale["id"].(string), sale["shortCode"].(string), sale["ledgerId"].(string)
	letters := strings.ReplaceAll(strings.TrimPrefix(code, "CP-"), "-", "")
	names := []string{id, code, strings.ToLower(code), "cp " + letters, "CP" + strings.ToLower(letters), letters, strings.ToLower(letters),
		letters[:3] + "-" + letters[3:], "cp-" + letters, op, op[:8], "t1-0042", " " + code + " "}
	for _, name := range names {
		if got := s.run("status", name); got.code != exitDone || got.document(t)["id"] != id {
			t.Errorf("status %q: exit %d: %s", name, got.code, got.stdout)
		}
		if got := s.run("ledger", "show", strings.TrimSpace(name)); got.code != exitDone || got.document(t)["ledgerId"] != op {
			t.Errorf("ledger show %q: exit %d: %s", name, got.code, got.stdout)
		}
	}
	s.must(s.service.Pay(id, sandbox.PayOptions{}))
	s.done("recover")
	for i, name := range []string{op, "T1-0042", strings.ToLower(letters), "cp" + letters} {
		if got := s.run("refund", name, "1.00"); got.code != exitDone || got.document(t)["paymentRequestId"] != id {
			t.Errorf("refund %q: exit %d: %s", name, got.code, got.stdout)
		}
		if n := len(s.given(api.ActivityRefund, id)); n != i+1 {
			t.Errorf("refund %q: %d refunds", name, n)
		}
	}
}

// Nothing is done to a payment by the name of something else, nor where a name has
// two meanings.
func TestNamesThatAreNotAPayments(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.paid()
	refund := s.run("refund", id, "1.00", "--ref", "return-1").document(t)
	for _, name := range []string{"return-1", refund["ledgerId"].(string), refund["shortCode"].(string)} {
		for _, args := range [][]string{{"void", name}, {"refund", name, "2.00"}} {
			got := s.run(args...)
			if f := got.failure(t); got.code != exitUsage || !strings.Contains(f["message"].(string), "refund of NZD 1.00, not of a payment") {
				t.Errorf("%q: exit %d: %s", args, got.code, got.stdout)
			}
		}
		if got := s.run("status", name); got.code != exitDone || got.document(t)["id"] != id {
			t.Errorf("status %q: exit %d: %s", name, got.code, got.stdout)
		}
	}
	first := s.run("sale", "3.00", "--no-wait", "--ref", "twice").document(t)
	s.done("void", first["id"].(string)) // while it is open no other is made under its name
	s.done("recover")
	s.done("sale", "3.00", "--no-wait", "--ref", "twice")
	if got := s.run("void", "twice"); got.code != exitUsage || !strings.Contains(got.stdout, "names 2 payments") {
		t.Errorf("a reference of two: exit %d: %s", got.code, got.stdout)
	}
	s.wantGiven(api.ActivityRefund, id, "100")
}
