package cli

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/ui/screentest"
)

// ledgerNZD is where the sandbox's customers have their wallets.
const ledgerNZD = "centrapay.nzd.test"

func wallet() string { return sandbox.WalletOf(ledgerNZD) }

// pay is a run that pays a request with what stands on stdin.
func (s *olderShop) pay(id, authorization string) command {
	run := s.legacy("pay", id, "--ledger", ledgerNZD, "--authorization-stdin")
	run.stdin = strings.NewReader(authorization + "\n")
	run.times = func(t *times) { t.patience = 2500 * time.Millisecond }
	return run
}

// TestLegacyPay, G6: a receipt in today's form, the request in the first.
func TestLegacyPay(t *testing.T) {
	t.Parallel()
	inBothForms(t, func(t *testing.T, s *olderShop) {
		id := s.creates()["requestId"].(string)
		got := s.pay(id, wallet()).run(t)
		doc := got.document(t)
		if got.code != exitDone || doc["outcome"] != "paid" || doc["paymentRequestId"] != id || !strings.Contains(got.stderr, "PAID NZD 12.50") {
			t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
		}
		if request := doc["requestId"] == id && doc["status"] == "paid"; request != s.first {
			t.Errorf("got %v", doc)
		}
		if receipt := doc["payment"] != nil && doc["status"] == "Success"; receipt == s.first {
			t.Errorf("got %v", doc)
		}
		if !strings.Contains(got.stderr, `"centrapos recover" sees to it`) {
			t.Errorf("it does not say what the record has:\n%s", got.stderr)
		}
		if got := s.run("recover"); got.code != exitDone || s.latest()["outcome"] != "paid" {
			t.Errorf("exit %d, the record says %v", got.code, s.latest())
		}
		s.nothingPayable()
	})
}

// TestLegacyPayLost: a payment is sent once. Where its answer is lost, the request
// tells; until it does, nobody is told that it was paid, nor that it was not.
func TestLegacyPayLost(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  string
		during func(s *olderShop, id string)
		exit   int
		code   any
		says   string
	}{
		"the answer":             {"legacy-pay:drop-after:1", nil, exitDone, nil, "PAID"},
		"the answer's end":       {"legacy-pay:cut:1", nil, exitDone, nil, "PAID"},
		"the answer's sense":     {"legacy-pay:wrong-shape:1", nil, exitDone, nil, "PAID"},
		"the answer at a portal": {"legacy-pay:html-after:1", nil, exitDone, nil, "PAID"},
		"the call":               {"legacy-pay:drop-before:1", nil, exitUnresolved, codeUnknown, "do not pay again"},
		"the call at a gateway":  {"legacy-pay:status=502:1", nil, exitUnresolved, codeUnknown, "do not pay again"},
		"the call, and its time runs out": {"legacy-pay:drop-before:1", func(s *olderShop, id string) { s.must(s.service.Expire(id)) },
			exitRefused, "REQUEST_EXPIRED", "not paid"},
		"the call, and it is cancelled": {"legacy-pay:drop-before:1", func(s *olderShop, id string) { s.must(s.service.Cancel(id)) },
			exitRefused, "REQUEST_CANCELLED", "not paid"},
		"the call, and the customer pays": {"legacy-pay:drop-before:1", (*olderShop).pays, exitDone, nil, "may have paid as well"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBothForms(t, func(t *testing.T, s *olderShop) {
				id := s.creates()["requestId"].(string)
				s.fault(c.fault)
				run := s.pay(id, wallet())
				if c.during != nil {
					run.during = func(*program) {
						s.waitFor("the payment to be sent", func() bool { return s.count(sandbox.EndpointLegacyPay) > 0 })
						c.during(s, id)
					}
				}
				got := run.run(t)
				doc := got.document(t)
				if got.code != c.exit || !strings.Contains(got.stderr, c.says) || c.code != nil && got.failure(t)["code"] != c.code {
					t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
				}
				if c.exit == exitDone && (doc["outcome"] != "paid" || s.onlyRequest().Status != api.StatusPaid) {
					t.Errorf("told %v, the service says %v", doc["outcome"], s.onlyRequest().Status)
				}
				if c.exit == exitUnresolved && (doc["outcome"] != outcomeUnresolved || doc["paymentRequestId"] != id) {
					t.Errorf("got %v", doc)
				}
				if n := s.count(sandbox.EndpointLegacyPay); n != 1 {
					t.Errorf("the payment was sent %d times", n)
				}
			})
		})
	}
}

func TestLegacyPayRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before        func(s *olderShop, id string)
		authorization string
		ledger        string
		exit          int
		code          string
		sent          int
	}{
		"paid already":     {(*olderShop).pays, wallet(), ledgerNZD, exitRefused, "REQUEST_PAID", 0},
		"run out":          {func(s *olderShop, id string) { s.must(s.service.Expire(id)) }, wallet(), ledgerNZD, exitRefused, "REQUEST_EXPIRED", 0},
		"cancelled":        {func(s *olderShop, id string) { s.must(s.service.Cancel(id)) }, wallet(), ledgerNZD, exitRefused, "REQUEST_CANCELLED", 0},
		"no such ledger":   {nil, wallet(), "g.test.testUplink", exitUsage, "INVALID_LEDGER", 0},
		"nothing on stdin": {nil, " ", ledgerNZD, exitUsage, "INVALID_AUTHORIZATION", 0},
		"bytes on stdin":   {nil, "\xff\xfe", ledgerNZD, exitUsage, "INVALID_AUTHORIZATION", 0},
		"keys on stdin":    {nil, "12\x1b[A34", ledgerNZD, exitUsage, "INVALID_AUTHORIZATION", 0},
		"a novel on stdin": {nil, strings.Repeat("x", maxAuthorization), ledgerNZD, exitUsage, codeUsage, 0},
		"cannot be read":   {func(s *olderShop, _ string) { s.fault("legacy-info:status=502") }, wallet(), ledgerNZD, exitRefused, "NETWORK", 0},
		"over quota":       {nil, sandbox.WalletOverQuota, ledgerNZD, exitRefused, "QUOTA_EXCEEDED", 1},
		"disabled":         {nil, sandbox.WalletDisabled, ledgerNZD, exitRefused, "INACTIVE_ASSET", 1},
		"asked too often":  {func(s *olderShop, _ string) { s.fault("legacy-pay:status=429:1") }, wallet(), ledgerNZD, exitRefused, "RATE_LIMIT_EXCEEDED", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBothForms(t, func(t *testing.T, s *olderShop) {
				id := s.creates()["requestId"].(string)
				if c.before != nil {
					c.before(s, id)
				}
				run := s.pay(id, c.authorization)
				run.args = append(run.args, "--ledger", c.ledger)
				got := run.run(t)
				if f := got.failure(t); got.code != c.exit || f["code"] != c.code {
					t.Errorf("exit %d: %s", got.code, got.stdout)
				}
				if n := s.count(sandbox.EndpointLegacyPay); n != c.sent {
					t.Errorf("the payment was sent %d times, want %d", n, c.sent)
				}
			})
		})
	}
}

// TestLegacyPayOtherAmount, B11 and B12 of payments: an answer that says another
// amount is told.
func TestLegacyPayOtherAmount(t *testing.T) {
	t.Parallel()
	const request = `{"requestId":"x","status":"new","denomination":{"amount":1250,"asset":"NZD"}}`
	for answer, want := range map[string]bool{
		`{"status":"Success","type":"txBitcoin","payment":{"amount":350,"asset":"NZD"}}`: true,
		`{"status":"Success","payment":{"amount":1250,"asset":"NZD"}}`:                   false,
		`{"status":"Success"}`: false,
		`{"requestId":"x","status":"paid","denomination":{"amount":350,"asset":"NZD"}}`:  true,
		`{"requestId":"x","status":"paid","denomination":{"amount":1250,"asset":"NZD"}}`: false,
	} {
		s := openOlderShop(t, false)
		s.env["CENTRAPOS_API_URL"] = answering(t, func(w http.ResponseWriter, r *http.Request) {
			body := request
			if strings.HasSuffix(r.URL.Path, "pay") {
				body = answer
			}
			_, _ = w.Write([]byte(body))
		})
		got := s.pay("x", "ILOVECENTRAPAY").run(t)
		if told := strings.Contains(got.stderr, "NZD 3.50"); got.code != exitDone || told != want {
			t.Errorf("%s: exit %d, told %v: %s", answer, got.code, told, got.stderr)
		}
	}
}

// TestLegacyPayInterrupted: before the payment is sent an interrupt ends it; what
// has been sent is seen through.
func TestLegacyPayInterrupted(t *testing.T) {
	t.Parallel()
	inBothForms(t, func(t *testing.T, s *olderShop) {
		id := s.creates()["requestId"].(string)
		run := s.pay(id, wallet())
		run.prepare = func(p *program) { p.interrupts.raise() }
		if got := run.run(t); got.code != exitInterrupt || s.count(sandbox.EndpointLegacyPay) != 0 {
			t.Errorf("exit %d, %d sent: %s", got.code, s.count(sandbox.EndpointLegacyPay), got.stdout)
		}
		s.fault("legacy-pay:delay-after=300ms:1")
		run = s.pay(id, wallet())
		run.during = func(p *program) {
			s.waitFor("the payment", func() bool { return s.onlyRequest().Status == api.StatusPaid })
			p.interrupts.raise()
		}
		got := run.run(t)
		if got.code != exitDone || got.document(t)["outcome"] != "paid" || strings.Contains(got.stderr, "No answer") {
			t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
		}
	})
}

// TestLegacyAuthorizationIsKeptNowhere: whatever comes of a payment, and whatever
// the service or a proxy says, the authorization is in no output and on no disk. It
// may be too short for the filter of the output.
func TestLegacyAuthorizationIsKeptNowhere(t *testing.T) {
	t.Parallel()
	for _, authorization := range []string{"voucher-8d41c7f09b-planted", "q7Zk", strings.Repeat("Kp3+", 30)} {
		said := fmt.Sprintf("no such voucher %s", authorization)
		for name, answer := range map[string]http.HandlerFunc{
			"refused":   saying(403, `{"message":"ASSET_REDEMPTION_DENIED","reason":"`+said+`"}`),
			"free text": saying(400, `{"message":"`+said+`"}`),
			"odd code":  saying(400, `{"message":"`+strings.ToUpper(authorization)+`"}`),
			"failed":    saying(500, said),
			"portal":    saying(200, `<html>`+said+`</html>`),
			"odd":       saying(200, `{"status":"`+said+`"}`),
			"redirect": func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "/?"+r.URL.RawQuery, http.StatusFound)
			},
			"dropped": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
			"paid":    saying(200, `{"status":"Success","type":"txVoucher","payment":{"amount":1250,"asset":"NZD"}}`),
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				inBothForms(t, func(t *testing.T, s *olderShop) { s.keepsSecret(authorization, answer) })
			})
		}
	}
}

// keepsSecret pays, in words and in JSON, at a service that answers like this.
func (s *olderShop) keepsSecret(authorization string, answer http.HandlerFunc) {
	s.t.Helper()
	var sent atomic.Int32
	s.env["CENTRAPOS_API_URL"] = answering(s.t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "pay") {
			_, _ = io.WriteString(w, `{"requestId":"x","status":"new","denomination":{"amount":1250,"asset":"NZD"}}`)
			return
		}
		if err := r.ParseForm(); err == nil && (r.PostForm.Get("paymentAuthorization") == authorization || r.Form.Get("authorization") == authorization) {
			sent.Add(1)
		}
		answer(w, r)
	})
	for _, words := range []bool{false, true} {
		run := s.pay("x", authorization)
		run.times = impatient
		if words {
			run.args = run.args[1:]
		}
		got := run.run(s.t)
		if text := got.stdout + got.stderr; strings.Contains(strings.ToLower(text), strings.ToLower(authorization[:min(len(authorization), 12)])) {
			s.t.Errorf("exit %d: %s", got.code, text)
		}
	}
	if sent.Load() != 2 {
		s.t.Errorf("the authorization was sent %d times", sent.Load())
	}
	s.nowhereOnDisk(authorization)
}

// saying answers with a status and a body.
func saying(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// nowhereOnDisk looks for a text in the data folder.
func (s *olderShop) nowhereOnDisk(text string) {
	s.t.Helper()
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if strings.Contains(string(data), text) {
			s.t.Errorf("it lies in %s", path)
		}
		return err
	})
	if err != nil {
		s.t.Error(err)
	}
}

// TestLegacyAuthorizationIsTypedUnseen: at a terminal it is asked for, and what is
// typed is not shown; Ctrl-C leaves the terminal as it was.
func TestLegacyAuthorizationIsTypedUnseen(t *testing.T) {
	t.Parallel()
	server := startSandbox(t)
	c := newCounter(t, append(with(server), "CENTRAPOS_MERCHANT_ID="+sandbox.DemoMerchantID)...)
	id := c.json("legacy", "create", "12.50")["requestId"].(string)
	pay := []string{"legacy", "pay", id, "--ledger", ledgerNZD}

	p := screentest.StartPTY(t, c.command(pay...), screentest.PTYOptions{})
	p.WaitText("Authorization", soon)
	p.Type("\x03")
	if code := p.WaitExit(soon); code != exitInterrupt {
		t.Errorf("Ctrl-C: exit %d:\n%s", code, p.Raw())
	}

	p = screentest.StartPTY(t, c.command(pay...), screentest.PTYOptions{})
	p.WaitText("Authorization", soon)
	p.Type(wallet() + "\r")
	p.WaitText("PAID NZD 12.50", soon)
	if code := p.WaitExit(soon); code != exitDone || strings.Contains(string(p.Raw()), wallet()) {
		t.Errorf("exit %d:\n%s", code, p.Raw())
	}
	if r, err := server.Service().Request(id); err != nil || r.Status != api.StatusPaid {
		t.Errorf("the service says %v, %v", r.Status, err)
	}
}
