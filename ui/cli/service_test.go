package cli

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// asked makes a payment request and gives its id.
func (s *shop) asked() string { return s.unwatched()["id"].(string) }

func TestConditionAnsweredFromTheCommandLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		answer, outcome string
		status          api.ConditionStatus
		request         api.Status
	}{
		{"accept", "accepted", api.ConditionAccepted, api.StatusNew},
		{"decline", "declined", api.ConditionDeclined, api.StatusCancelled},
	} {
		t.Run(c.answer, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			id := s.asked()
			s.must(s.service.RaiseCondition(id, sandbox.Condition{}))
			if got := s.run("status", id); !strings.Contains(got.stdout, "photo-id-check") {
				t.Fatalf("the condition is not shown: %s", got.stdout)
			}
			got := s.run("condition", c.answer, s.onlyRequest().ShortCode, "1")
			doc := got.document(t)
			if got.code != exitDone || doc["outcome"] != c.outcome || doc["id"] != id || doc["status"] != string(c.request) {
				t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
			}
			if now := s.onlyRequest().MerchantConditions[0].Status; now != c.status {
				t.Errorf("the service has the condition as %q", now)
			}
			again := s.run("condition", c.answer, id, "1")
			if again.code != exitRefused || again.failure(t)["code"] != string(api.CodeConditionAlreadySet) {
				t.Errorf("answered twice: exit %d, %s", again.code, again.stdout)
			}
		})
	}
}

func TestConditionThatCannotBeAnswered(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.asked()
	s.must(s.service.RaiseCondition(id, sandbox.Condition{}))
	s.run("status", id)
	before := s.count(sandbox.EndpointAny)
	for name, c := range map[string]struct {
		args []string
		exit int
		code string
		says string
	}{
		"no such condition": {[]string{id, "7"}, exitUsage, codeUsage, "it has 1 ("},
		"no such request":   {[]string{"nothing", "1"}, exitRefused, "FORBIDDEN", "nothing"},
		"empty condition":   {[]string{id, " "}, exitUsage, codeUsage, "empty"},
		"empty request":     {[]string{"", "1"}, exitUsage, codeUsage, "empty"},
	} {
		got := s.run(append([]string{"condition", "accept"}, c.args...)...)
		f := got.failure(t)
		if got.code != c.exit || f["code"] != c.code || !strings.Contains(f["message"].(string), c.says) {
			t.Errorf("%s: exit %d, %v", name, got.code, f)
		}
	}
	if n := s.count(sandbox.EndpointAccept); n != 0 {
		t.Errorf("%d answers were sent (%d calls before)", n, before)
	}
}

// A lost answer is looked up rather than guessed at.
func TestConditionWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string]int{"accept:drop-after:1": exitDone, "accept:drop-before:1": exitUnresolved} {
		s := openShop(t)
		id := s.asked()
		s.must(s.service.RaiseCondition(id, sandbox.Condition{}))
		s.fault(spec)
		got := s.run("condition", "accept", id, "1")
		if got.code != want {
			t.Errorf("%s: exit %d, want %d: %s", spec, got.code, want, got.stdout)
		}
		if want == exitUnresolved && got.failure(t)["code"] != codeUnknown {
			t.Errorf("%s: %s", spec, got.stdout)
		}
	}
}

func TestActivitiesOfARequest(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.asked()
	s.must(s.service.Pay(id, sandbox.PayOptions{}))
	for _, key := range []string{id, s.onlyRequest().ShortCode} {
		doc := s.run("activities", "--request", key).document(t)
		items := doc["items"].([]any)
		if doc["outcome"] != "listed" || doc["more"] != false || len(items) < 2 {
			t.Fatalf("got %v", doc)
		}
		oldest := items[len(items)-1].(map[string]any)
		if oldest["type"] != "request" || oldest["paymentRequestId"] != id {
			t.Errorf("the oldest is %v", oldest)
		}
	}
	one := s.run("activities", "--request", id, "--limit", "1").document(t)
	if len(one["items"].([]any)) != 1 || one["more"] != true {
		t.Errorf("limited: %v", one)
	}
	words := s.command("activities", "--request", id).run(t)
	if !strings.Contains(words.stdout, "payment") || !strings.Contains(words.stdout, "$12.50") && !strings.Contains(words.stdout, "12.50") {
		t.Errorf("in words: %q", words.stdout)
	}
}

func TestActivitiesAsCSV(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.asked()
	s.must(s.service.Pay(id, sandbox.PayOptions{}))
	got := s.command("activities", "--request", id, "--csv").run(t)
	rows, err := csv.NewReader(strings.NewReader(got.stdout)).ReadAll()
	if err != nil || got.code != exitDone || len(rows) < 3 {
		t.Fatalf("exit %d, %v: %s", got.code, err, got.stdout)
	}
	column := func(row []string, name string) string {
		for i, header := range rows[0] {
			if header == name {
				return row[i]
			}
		}
		t.Fatalf("no column %s in %v", name, rows[0])
		return ""
	}
	oldest := rows[len(rows)-1]
	if column(oldest, "type") != "request" || column(oldest, "amount") != "1250" || column(oldest, "currency") != "NZD" || column(oldest, "paymentRequestId") != id {
		t.Errorf("the oldest row is %v", oldest)
	}
	if _, err := time.Parse(time.RFC3339, column(oldest, "createdAt")); err != nil {
		t.Error(err)
	}
}

func TestCSVRunsNoFormula(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+64 9": "'+64 9", "-5+1": "'-5+1", "@x": "'@x", "CP-C7F": "CP-C7F", "": "", "1250": "1250",
	} {
		if got := noFormula(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestActivitiesUsage(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	for name, args := range map[string][]string{
		"no limit":         {"--limit", "0"},
		"all and a limit":  {"--all", "--limit", "3"},
		"two forms":        {"--csv"},
		"an empty request": {"--request", " "},
		"no merchant":      nil,
	} {
		got := s.run(append([]string{"activities"}, args...)...)
		if f := got.failure(t); got.code != exitUsage || s.count(sandbox.EndpointAny) != 0 {
			t.Errorf("%s: exit %d, %v, %d calls", name, got.code, f, s.count(sandbox.EndpointAny))
		}
	}
}

func TestCustomersOfASandbox(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	first := s.asked()
	paid := s.run("patron", "pay")
	if doc := paid.document(t); paid.code != exitDone || doc["id"] != first || doc["outcome"] != "paid" {
		t.Fatalf("exit %d: %s", paid.code, paid.stdout)
	}
	second := s.run("sale", "5.00", "--no-wait").document(t)
	code := second["shortCode"].(string)
	if doc := s.run("patron", "cancel", strings.ToLower(code)).document(t); doc["outcome"] != "cancelled" || doc["cancellationReason"] != "CANCELLED_BY_PATRON" {
		t.Errorf("cancelled: %v", doc)
	}
	third := s.run("sale", "7.00", "--no-wait").document(t)["id"].(string)
	if doc := s.run("patron", "list", "--open").document(t); len(doc["items"].([]any)) != 1 {
		t.Errorf("open: %v", doc["items"])
	}
	if doc := s.run("patron", "expire", third).document(t); doc["outcome"] != "expired" {
		t.Errorf("run out: %v", doc)
	}
	if doc := s.run("patron", "list").document(t); len(doc["items"].([]any)) != 3 {
		t.Errorf("all: %v", doc["items"])
	}
	if got := s.run("patron", "pay"); got.code != exitUsage || !strings.Contains(got.stdout, "no payment request") {
		t.Errorf("nothing is open: exit %d, %s", got.code, got.stdout)
	}
	if got := s.run("patron", "pay", third); got.code != exitRefused || got.failure(t)["code"] != string(api.CodeRequestExpired) {
		t.Errorf("too late: exit %d, %s", got.code, got.stdout)
	}
	if got := s.run("patron", "pay", "CP-XXX"); got.code != exitUsage {
		t.Errorf("no such request: exit %d, %s", got.code, got.stdout)
	}
}

func TestCustomersPayInPartAndAnswer(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.run("sale", "20.00", "--partial", "--basket-amount", "20.00", "--no-wait").document(t)["id"].(string)
	if got := s.run("patron", "raise-condition", id, "--message", "Sign, please"); got.code != exitDone {
		t.Fatalf("exit %d: %s", got.code, got.stdout)
	}
	s.run("status", id)
	if got := s.run("patron", "accept", id, "1"); got.code != exitRefused || got.failure(t)["code"] != string(api.CodePatronNotAuthorized) {
		t.Errorf("staff's condition: exit %d, %s", got.code, got.stdout)
	}
	s.run("condition", "accept", id, "1")
	doc := s.run("patron", "pay", id, "5.00").document(t)
	if doc["outcome"] != "paid" || doc["remainingAmount"] != "1500" {
		t.Errorf("paid in part: %v", doc)
	}
}

// Nobody acts as the customer of a service that is none of ours.
func TestNoSandboxNoCustomers(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.env["CENTRAPOS_API_URL"] += "/below"
	got := s.run("patron", "pay")
	if f := got.failure(t); got.code != exitUsage || f["code"] != codeNoSandbox {
		t.Errorf("exit %d, %v", got.code, f)
	}
}
