package cli

import (
	"maps"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/pos"
)

// olderShop is a shop that works over the first generation of the API, in one of
// its forms.
type olderShop struct {
	*shop
	first bool
}

// inBothForms runs a test in a shop of each form.
func inBothForms(t *testing.T, test func(*testing.T, *olderShop)) {
	t.Helper()
	for name, first := range map[string]bool{"today": false, "first published": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, openOlderShop(t, first))
		})
	}
}

func openOlderShop(t *testing.T, first bool) *olderShop {
	t.Helper()
	s := &olderShop{openShop(t), first}
	s.env["CENTRAPOS_MERCHANT_ID"] = sandbox.DemoMerchantID
	return s
}

// legacy is a run of a legacy command with --json.
func (s *olderShop) legacy(args ...string) command {
	all := append([]string{"--json", "legacy"}, args...)
	if s.first {
		all = append(all, "--first-published")
	}
	return s.command(all...)
}

// creates makes a payment request that nobody watches, and gives its document.
func (s *olderShop) creates(args ...string) map[string]any {
	s.t.Helper()
	got := s.legacy(append([]string{"create", "12.50"}, args...)...).run(s.t)
	doc := got.document(s.t)
	if got.code != exitDone || doc["outcome"] != outcomeCreated || doc["status"] != "new" || doc["ledgerId"] == nil {
		s.t.Fatalf("exit %d: %s%s", got.code, got.stdout, got.stderr)
	}
	return doc
}

// shownOlder waits until the till has had the answer to its create.
func (s *olderShop) shownOlder() string {
	s.waitFor("the create to be answered", func() bool { return s.count(sandbox.EndpointLegacyCreate) > 0 })
	return s.made()
}

func (s *olderShop) pays(id string) { s.t.Helper(); s.must(s.service.Pay(id, sandbox.PayOptions{})) }

func TestLegacyCreate(t *testing.T) {
	t.Parallel()
	inBothForms(t, func(t *testing.T, s *olderShop) {
		got := s.legacy("create", "12.50", "--ref", "request-1234", "--description", "New bike", "--notify-url", "/api/service.notify").run(t)
		doc := got.document(t)
		made := s.onlyRequest()
		if got.code != exitDone || doc["outcome"] != outcomeCreated || doc["requestId"] != made.ID || doc["externalReference"] != "request-1234" ||
			doc["description"] != "New bike" || doc["notifyUrl"] != "/api/service.notify" || doc["clientId"] != sandbox.DemoConfigID {
			t.Errorf("exit %d: %s", got.code, got.stdout)
		}
		if made.Value.Amount != "1250" || made.ExternalRef != "request-1234" || doc["payPage"] != made.URL {
			t.Errorf("made %+v, the page is %v", made.Value, doc["payPage"])
		}
		wants := []string{"█", "Pay at     " + doc["requestCode"].(string), "centrapos legacy info " + made.ID}
		if s.first {
			wants[1] = "Code       " + doc["requestCode"].(string) // no address
			wants = append(wants, "Page       "+made.URL)
		}
		for _, want := range wants {
			if !strings.Contains(got.stderr, want) {
				t.Errorf("it does not say %q:\n%s", want, got.stderr)
			}
		}
		line := s.latest()
		if line["closed"] != false || line["id"] != made.ID || line["ledgerId"] != doc["ledgerId"] || line["externalRef"] != "request-1234" {
			t.Errorf("the record says %v", line)
		}
		if rows := s.run("status", made.ID).document(t)["ledger"].([]any); len(rows) != 1 {
			t.Errorf("\"status\" shows %d lines of the record", len(rows))
		}
	})
}

// TestLegacyCreateSaysMore: what only today's form can say.
func TestLegacyCreateSaysMore(t *testing.T) {
	t.Parallel()
	s := openOlderShop(t, false)
	doc := s.creates("--expiry", "90", "--patron-code", sandbox.Customers()[0].Barcode)
	made := s.onlyRequest()
	if made.ExpirySeconds != 90 || made.Barcode == "" || made.TerminalID != "till-1" || doc["patronCode"] != string(made.Barcode) {
		t.Errorf("made %+v", made.PaymentRequest)
	}
}

// TestLegacyRecover: what was left is finished in the form that it was begun in, by
// the same command that finishes everything.
func TestLegacyRecover(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		meanwhile func(s *olderShop, id string)
		want      pos.Outcome
		status    api.Status
	}{
		"unpaid":    {func(*olderShop, string) {}, pos.OutcomeVoided, api.StatusCancelled},
		"paid":      {(*olderShop).pays, pos.OutcomePaid, api.StatusPaid},
		"cancelled": {func(s *olderShop, id string) { s.must(s.service.Cancel(id)) }, pos.OutcomeCancelled, api.StatusCancelled},
		"run out":   {func(s *olderShop, id string) { s.must(s.service.Expire(id)) }, pos.OutcomeExpired, api.StatusExpired},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBothForms(t, func(t *testing.T, s *olderShop) {
				id := s.creates()["requestId"].(string)
				s.asked() // and one of today's API beside it
				c.meanwhile(s, id)
				got := s.run("recover")
				doc := got.document(t)
				outcomes := map[any]any{}
				for _, item := range doc["items"].([]any) {
					line := item.(map[string]any)
					outcomes[line["id"]] = line["outcome"]
				}
				if got.code != exitDone || len(outcomes) != 2 || outcomes[id] != string(c.want) || len(doc["left"].([]any)) != 0 {
					t.Errorf("exit %d: %s", got.code, got.stdout)
				}
				if now, err := s.service.Request(id); err != nil || now.Status != c.status {
					t.Errorf("the service says %v, want %v", now.Status, c.status)
				}
				s.nothingPayable()
				older, voids := s.count(sandbox.EndpointLegacyInfo), s.count(sandbox.EndpointLegacyVoid)
				if older == 0 || s.first && voids != 0 {
					t.Errorf("%d readings and %d voids in this generation", older, voids)
				}
			})
		})
	}
}

// TestLegacyCreateThatMakesNoSense: nothing is sent, and what is wrong is said.
func TestLegacyCreateThatMakesNoSense(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		env  map[string]string
		code string
		says string
	}{
		"no amount":           {args: []string{}, code: codeUsage, says: "takes one AMOUNT"},
		"a currency sign":     {args: []string{"$12.50"}, code: pos.CodeInvalidAmount, says: "such as 12.50"},
		"a comma":             {args: []string{"12,50"}, code: pos.CodeInvalidAmount, says: "such as 12.50"},
		"a power":             {args: []string{"1e3"}, code: pos.CodeInvalidAmount, says: "such as 12.50"},
		"nothing":             {args: []string{"0"}, code: pos.CodeInvalidAmount, says: "more than zero"},
		"less than nothing":   {args: []string{"-5"}, code: pos.CodeInvalidAmount, says: "more than zero"},
		"parts of a cent":     {args: []string{"1.234"}, code: pos.CodeInvalidAmount, says: "decimals"},
		"a notify URL of ftp": {args: []string{"5", "--notify-url", "ftp://shop.example/paid"}, code: codeUsage, says: "https://shop.example/paid"},
		"one of no host":      {args: []string{"5", "--notify-url", "https:///paid"}, code: codeUsage, says: "--notify-url"},
		"one with spaces":     {args: []string{"5", "--notify-url", "/paid here"}, code: codeUsage, says: "--notify-url"},
		"one with a password": {args: []string{"5", "--notify-url", "https://me:pw@shop.example/"}, code: codeUsage, says: "--notify-url"},
		"one of nothing":      {args: []string{"5", "--notify-url", " "}, code: codeUsage, says: "--notify-url is empty"},
		"no merchant":         {args: []string{"5"}, env: map[string]string{"CENTRAPOS_MERCHANT_ID": ""}, code: "CONFIG_MISSING", says: "CENTRAPOS_MERCHANT_ID"},
		"no config":           {args: []string{"5"}, env: map[string]string{"CENTRAPOS_CONFIG_ID": ""}, code: "CONFIG_MISSING", says: "--config-id"},
		"no time":             {args: []string{"5", "--expiry", "0"}, code: "INVALID_SALE", says: "86400"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openOlderShop(t, false)
			maps.Copy(s.env, c.env)
			got := s.legacy(append([]string{"create"}, c.args...)...).run(t)
			f := got.failure(t)
			if got.code != exitUsage || f["code"] != c.code || !strings.Contains(got.stderr, c.says) {
				t.Errorf("exit %d, %v: %s", got.code, f, got.stderr)
			}
			if n := s.count(sandbox.EndpointAny); n != 0 {
				t.Errorf("%d calls were made", n)
			}
		})
	}
	s := openOlderShop(t, false)
	for _, address := range []string{"https://shop.example/paid", "/paid"} {
		if got := s.legacy("create", "5", "--notify-url", address).run(t); got.code != exitDone {
			t.Errorf("%s: exit %d: %s", address, got.code, got.stderr)
		}
	}
}

func TestLegacyCreateAndWait(t *testing.T) {
	t.Parallel()
	inBothForms(t, func(t *testing.T, s *olderShop) {
		run := s.legacy("create", "12.50", "--wait")
		run.during = func(*program) { s.pays(s.shownOlder()) }
		got := run.run(t)
		if doc := got.document(t); got.code != exitDone || doc["outcome"] != "paid" || doc["status"] != "paid" || !strings.Contains(got.stderr, "PAID NZD 12.50") {
			t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
		}
		s.nothingPayable()
	})
}

func TestLegacyCreateInterrupted(t *testing.T) {
	t.Parallel()
	inBothForms(t, func(t *testing.T, s *olderShop) {
		run := s.legacy("create", "12.50", "--wait")
		run.during = func(p *program) {
			s.shownOlder()
			p.interrupts.raise()
		}
		got := run.run(t)
		if doc := got.document(t); got.code != exitInterrupt || doc["outcome"] != string(pos.OutcomeCancelled) || doc["status"] != "cancelled" {
			t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
		}
		s.nothingPayable()
	})
}

// TestLegacyCreateLost: the code of a request whose answer was lost has been seen
// by nobody, so another is made; the lost one runs out.
func TestLegacyCreateLost(t *testing.T) {
	t.Parallel()
	inBothForms(t, func(t *testing.T, s *olderShop) {
		s.fault("legacy-create:drop-after:1")
		id := s.creates()["requestId"].(string)
		all := s.requests()
		if len(all) != 2 || all[0].ID != id || all[0].ExternalRef != all[1].ExternalRef {
			t.Fatalf("%d payment requests: %+v", len(all), all)
		}
		s.must(s.service.Expire(all[1].ID))
		s.run("recover")
		s.nothingPayable()
	})
}

// TestLegacyCreateRefused: the service's no is a definite end, and recorded.
func TestLegacyCreateRefused(t *testing.T) {
	t.Parallel()
	inBothForms(t, func(t *testing.T, s *olderShop) {
		s.env["CENTRAPOS_MERCHANT_ID"] = "nobody"
		got := s.legacy("create", "12.50").run(t)
		if f := got.failure(t); got.code != exitRefused || f["code"] != "MERCHANT_CONFIGURATION_NOT_FOUND" {
			t.Errorf("exit %d: %s", got.code, got.stdout)
		}
		if line := s.latest(); line["outcome"] != string(pos.OutcomeRefused) || line["closed"] != true {
			t.Errorf("the record says %v", line)
		}
	})
}

func TestLegacyInfo(t *testing.T) {
	t.Parallel()
	inBothForms(t, func(t *testing.T, s *olderShop) {
		id := s.creates("--description", "New bike")["requestId"].(string)
		for _, status := range []string{"new", "paid"} {
			if status == "paid" {
				s.pays(id)
			}
			got := s.legacy("info", id).run(t)
			doc := got.document(t)
			if got.code != exitDone || doc["outcome"] != status || doc["requestId"] != id || doc["payPage"] != s.onlyRequest().URL ||
				len(doc["ledger"].([]any)) != 1 || !strings.Contains(got.stderr, "NZD 12.50  "+status) || !strings.Contains(got.stderr, "New bike") {
				t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
			}
			receipt, _ := doc["receiptText"].(string)
			if printed := strings.Contains(receipt, "TOTAL NZD 12.50") || strings.Contains(receipt, "TOTAL $12.50"); printed != (s.first && status == "paid") {
				t.Errorf("%s: the receipt is %q", status, receipt)
			}
			if shown := strings.Contains(got.stderr, "  | "); shown != (receipt != "") {
				t.Errorf("%s: shown %v:\n%s", status, shown, got.stderr)
			}
		}
		if got := s.legacy("info", "nothing").run(t); got.code != exitRefused || got.failure(t)["code"] != "REQUEST_NOT_FOUND" || strings.Contains(got.stderr, "no words for") {
			t.Errorf("exit %d: %s", got.code, got.stdout)
		}
		s.fault("legacy-info:status=502")
		if got := s.legacy("info", id).run(t); got.code != exitRefused || got.failure(t)["code"] != pos.CodeNetwork {
			t.Errorf("in trouble: exit %d: %s", got.code, got.stdout)
		}
	})
}

// TestLegacyInfoPublished: the first publication's own sample, whose receipt and
// code are cut off, which keeps nothing else from being shown.
func TestLegacyInfoPublished(t *testing.T) {
	t.Parallel()
	const id = "64b023fc-f17f-4f3d-afb6-0401306cd550"
	sample, err := os.ReadFile("testdata/seed-legacy-requests-info.response.json")
	if err != nil {
		t.Fatal(err)
	}
	s := openOlderShop(t, true)
	s.env["CENTRAPOS_API_URL"] = answering(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(sample) })
	got := s.legacy("info", id).run(t)
	doc := got.document(t)
	if got.code != exitDone || doc["outcome"] != "paid" || doc["receiptText"] != nil || doc["payPage"] != nil {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	for _, want := range []string{"NZD 10.20  paid", "My request description", "1320000000000000", "CENNZ", "receipt cannot be shown", "2018-04-06"} {
		if !strings.Contains(got.stderr, want) {
			t.Errorf("it does not say %q:\n%s", want, got.stderr)
		}
	}
}

// TestLegacyUsage: what can only be refused is refused before anything is sent.
func TestLegacyUsage(t *testing.T) {
	t.Parallel()
	both := map[string]struct {
		args []string
		code string
		says string
	}{
		"nothing":               {nil, codeUsage, "cancel, create, info"},
		"create, no amount":     {[]string{"create"}, codeUsage, "AMOUNT"},
		"create, below zero":    {[]string{"create", "-5"}, pos.CodeInvalidAmount, "-5"},
		"create, too fine":      {[]string{"create", "5.001"}, pos.CodeInvalidAmount, "5.001"},
		"create, empty ref":     {[]string{"create", "5", "--ref", " "}, codeUsage, "--ref"},
		"create, empty text":    {[]string{"create", "5", "--description", ""}, codeUsage, "--description"},
		"create, empty address": {[]string{"create", "5", "--notify-url", ""}, codeUsage, "--notify-url"},
		"info, no id":           {[]string{"info", " "}, codeUsage, "ID is empty"},
		"info, short code":      {[]string{"info", "CP-C7F-ZS5"}, codeUsage, "short codes"},
		"pay, no ledger":        {[]string{"pay", "x"}, codeUsage, "--ledger"},
		"pay, nobody to ask":    {[]string{"pay", "x", "--ledger", "a"}, codeUsage, "--authorization-stdin"},
		"pay, as an argument":   {[]string{"pay", "x", "--ledger", "a", "--authorization", "y"}, codeUsage, "--authorization"},
		"cancel, no id":         {[]string{"cancel"}, codeUsage, "ID"},
		"cancel, short code":    {[]string{"cancel", "CP-C7F-ZS5"}, codeUsage, "short codes"},
	}
	today := map[string]struct {
		args []string
		code string
		says string
	}{
		"create, no time":   {[]string{"create", "5", "--expiry", "0"}, pos.CodeInvalidSale, "0s"},
		"create, no code":   {[]string{"create", "5", "--patron-code", " "}, codeUsage, "--patron-code"},
		"refund, no amount": {[]string{"refund", "x"}, codeUsage, "AMOUNT"},
		"refund, nothing":   {[]string{"refund", "x", "0"}, pos.CodeInvalidAmount, "0"},
		"refund, empty ref": {[]string{"refund", "x", "5", "--ref", ""}, codeUsage, "--ref"},
		"void, short code":  {[]string{"void", "CP-C7F-ZS5"}, codeUsage, "short codes"},
	}
	first := map[string]struct {
		args []string
		code string
		says string
	}{
		"void":         {[]string{"void", "x"}, "NOT_IN_FORM", "legacy cancel"},
		"refund":       {[]string{"refund", "x", "5"}, "NOT_IN_FORM", "2018"},
		"expiry":       {[]string{"create", "5", "--expiry", "60"}, "NOT_IN_FORM", "--expiry"},
		"patron codes": {[]string{"create", "5", "--patron-code", "1"}, "NOT_IN_FORM", "--patron-code"},
	}
	inBothForms(t, func(t *testing.T, s *olderShop) {
		own := today
		if s.first {
			own = first
		}
		for _, cases := range []map[string]struct {
			args []string
			code string
			says string
		}{both, own} {
			for name, c := range cases {
				got := s.legacy(c.args...).run(t)
				if f := got.failure(t); got.code != exitUsage || f["code"] != c.code || !strings.Contains(f["message"].(string), c.says) {
					t.Errorf("%s: exit %d, %v", name, got.code, f)
				}
			}
		}
		delete(s.env, "CENTRAPOS_MERCHANT_ID")
		if got := s.legacy("create", "5").run(t); got.code != exitUsage || got.failure(t)["code"] != "CONFIG_MISSING" || !strings.Contains(got.stderr, "merchant-id") {
			t.Errorf("no merchant: exit %d: %s", got.code, got.stdout)
		}
		if n := s.count(sandbox.EndpointAny); n != 0 {
			t.Errorf("%d calls were made", n)
		}
	})
}

// TestLegacyInTraining: nothing has to be set up, and the customer of the training
// house pays.
func TestLegacyInTraining(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"--first-published=false", "--first-published"} {
		env := map[string]string{"HOME": t.TempDir(), "CENTRAPOS_DATA_DIR": t.TempDir()}
		fast := func(t *times) { t.customer = 50 * time.Millisecond }
		got := command{args: []string{"--json", "legacy", "create", "12.50", "--wait", form}, env: env, times: fast}.run(t)
		if got.code != exitDone || got.document(t)["outcome"] != "paid" || !strings.Contains(got.stderr, "TRAINING") {
			t.Errorf("%s: exit %d: %s%s", form, got.code, got.stdout, got.stderr)
		}
	}
}
