package cli

import (
	"strings"
	"testing"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/pos"
	"centrapos/ui/screentest"
)

// TestSaleOutcomes: each way a sale can end is its exit code and its document.
func TestSaleOutcomes(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		args     []string
		customer func(s *shop, id string)
		exit     int
		want     map[string]any
		says     string
	}{
		"paid": {
			customer: func(s *shop, id string) { s.must(s.service.Pay(id, sandbox.PayOptions{})) },
			exit:     exitDone, want: map[string]any{"outcome": "paid", "status": "paid", "remainingAmount": "0"},
			says: "PAID NZD 12.50\n  Centrapay NZD Test             NZD 12.50\n",
		},
		"cancelled by the customer": {
			customer: func(s *shop, id string) { s.must(s.service.Cancel(id)) },
			exit:     exitCancelled, want: map[string]any{"outcome": "cancelled", "status": "cancelled", "cancellationReason": "CANCELLED_BY_PATRON"},
			says: "CANCELLED - the customer called it off (CANCELLED_BY_PATRON)\nNo money moved.\n",
		},
		"expired": {
			args: []string{"--expiry", "1"},
			exit: exitExpired, want: map[string]any{"outcome": "expired", "status": "expired"},
			says: "EXPIRED",
		},
		"paid in part": {
			args:     []string{"--partial", "--basket-amount", "20.00"},
			customer: func(s *shop, id string) { s.must(s.service.Pay(id, sandbox.PayOptions{Amount: "1000"})) },
			exit:     exitPartlyPaid, want: map[string]any{"outcome": "partially-paid", "status": "paid", "remainingAmount": "250", "basketAmount": "2000"},
			says: "Still to pay: NZD 2.50",
		},
		"held": {
			args:     []string{"--pre-auth"},
			customer: func(s *shop, id string) { s.must(s.service.Pay(id, sandbox.PayOptions{})) },
			exit:     exitDone, want: map[string]any{"outcome": "authorized", "preAuthStatus": "authorized"},
			says: "AUTHORIZED NZD 12.50",
		},
		"a condition declined": {
			args:     []string{"--on-condition", "decline"},
			customer: func(s *shop, id string) { s.must(s.service.RaiseCondition(id, sandbox.Condition{})) },
			exit:     exitCancelled, want: map[string]any{"outcome": "cancelled", "cancellationReason": "DECLINED_BY_MERCHANT"},
			says: "Check: Please check ID - declined",
		},
		"a condition where nobody can be asked": {
			customer: func(s *shop, id string) { s.must(s.service.RaiseCondition(id, sandbox.Condition{})) },
			exit:     exitCancelled, want: map[string]any{"outcome": "cancelled", "cancellationReason": "DECLINED_BY_MERCHANT"},
			says: "Check: Please check ID - declined",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			run := s.command(append([]string{"--json", "sale", "12.50"}, c.args...)...)
			if c.customer != nil {
				run.during = func(*program) { c.customer(s, s.shown()) }
			}
			got := run.run(t)
			doc := got.document(t)
			if got.code != c.exit {
				t.Errorf("exit %d, want %d: %s", got.code, c.exit, got.stdout)
			}
			for name, want := range c.want {
				if doc[name] != want {
					t.Errorf("%s is %v, want %v", name, doc[name], want)
				}
			}
			s.checkSale(doc)
			if !strings.Contains(got.stderr, c.says) {
				t.Errorf("it does not say %q:\n%s", c.says, got.stderr)
			}
			s.nothingPayable()
		})
	}
}

// checkSale holds a sale's document against the service and the record.
func (s *shop) checkSale(doc map[string]any) {
	s.t.Helper()
	r := s.onlyRequest()
	if doc["id"] != r.ID || doc["shortCode"] != r.ShortCode || doc["url"] != r.URL || doc["externalRef"] != r.ExternalRef {
		s.t.Errorf("the document is not of request %s: %v", r.ID, doc)
	}
	if value := doc["value"].(map[string]any); value["amount"] != "1250" || value["currency"] != "NZD" {
		s.t.Errorf("value %v", value)
	}
	line := s.latest()
	if doc["ledgerId"] == "" || line["ledgerId"] != doc["ledgerId"] || line["outcome"] != doc["outcome"] || line["id"] != r.ID {
		s.t.Errorf("the record says %v, the document %v", line, doc)
	}
}

func TestSaleInWords(t *testing.T) {
	t.Parallel()
	s := openShop(t, sandbox.WithPatron(sandbox.Automatic(0)))
	got := s.command("sale", "--item", "Flat white;2;5.50;FW-1", "--item", "Scone;1;1.50", "--ref", "T1-0042").run(t)
	r := s.onlyRequest()
	if got.code != exitDone || got.stderr != "" {
		t.Errorf("exit %d, stderr %q", got.code, got.stderr)
	}
	for _, want := range []string{
		"Sale of NZD 12.50, reference T1-0042\n", "Short code " + r.ShortCode, r.URL, r.ID,
		"Waiting for the customer", "PAID NZD 12.50", "Centrapay NZD Test",
	} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("it does not say %q:\n%s", want, got.stdout)
		}
	}
	// Where it is no terminal that reads, nothing but text is written; the code
	// still reads on a dark one.
	if strings.Contains(got.stdout, "\x1b") {
		t.Errorf("escape codes in %q", got.stdout)
	}
	screen := screentest.NewScreen(100, 60)
	defer screen.Close()
	screen.Draw(got.stdout)
	if code, err := screentest.DecodeQR(screen); err != nil || code != r.URL {
		t.Errorf("the code reads %q, %v, want %q", code, err, r.URL)
	}
	if r.ExternalRef != "T1-0042" || len(r.LineItems) != 2 || r.LineItems[0].SKU != "FW-1" || r.LineItems[0].Price != "1100" {
		t.Errorf("the service has %+v", r.PaymentRequest)
	}
}

// TestSaleSends: what the flags say is what the service gets.
func TestSaleSends(t *testing.T) {
	t.Parallel()
	s := openShop(t, sandbox.WithPatron(sandbox.Automatic(0)))
	s.env["CENTRAPOS_DEVICE_ID"], s.env["CENTRAPOS_OPERATOR"] = "SN-1", "Mia"
	run := s.command("--json", "sale", "--basket", "-", "--patron-not-present", "--expiry", "77", "--barcode", sandbox.BarcodeCustomer2,
		"--terminal-id", "till-9", "--partial", "--basket-amount", "12.50")
	run.stdin = strings.NewReader(`{"lineItems":[{"name":"Mug","qty":"1","price":"1250","tax":"15","productId":"9421900000017"}]}`)
	if got := run.run(t); got.code != exitDone {
		t.Fatalf("exit %d: %s", got.code, got.stderr)
	}
	r := s.onlyRequest()
	if r.TerminalID != "till-9" || r.DeviceID != "SN-1" || r.OperatorID != "Mia" || r.ConfigID != sandbox.DemoConfigID ||
		!bool(r.ConditionsEnabled && r.PatronNotPresent && r.PartialAllowed) || r.ExpirySeconds != 77 || r.Barcode != sandbox.BarcodeCustomer2 ||
		r.BasketAmount != "1250" || len(r.LineItems) != 1 || !strings.HasPrefix(r.ExternalRef, "TILL9-") {
		t.Errorf("the service has %+v", r.PaymentRequest)
	}
}

// TestConditionAsked: only the letters answer, and no answer is a decline.
func TestConditionAsked(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		typed string
		want  pos.Outcome
	}{
		"yes":               {"y\n", pos.OutcomePaid},
		"no":                {"No\n", pos.OutcomeCancelled},
		"a scan comes in":   {"9421900000017\n\nyes please\nYES\n", pos.OutcomePaid},
		"nobody answers":    {"", pos.OutcomeCancelled},
		"cut off in a word": {"ye", pos.OutcomeCancelled},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t, sandbox.WithPatron(sandbox.Automatic(0)))
			run := s.command("--json", "sale", "12.50", "--barcode", sandbox.BarcodePhotoID, "--on-condition", "ask")
			run.stdin = strings.NewReader(c.typed)
			got := run.run(t)
			if doc := got.document(t); doc["outcome"] != string(c.want) {
				t.Errorf("outcome %v, want %v\n%s", doc["outcome"], c.want, got.stderr)
			}
			if !strings.Contains(got.stderr, "Check: Please check ID - accept? Type y or n: ") {
				t.Errorf("it was not asked: %s", got.stderr)
			}
		})
	}
}

func TestConditionAccepted(t *testing.T) {
	t.Parallel()
	s := openShop(t, sandbox.WithPatron(sandbox.Automatic(0)))
	got := s.run("sale", "12.50", "--barcode", sandbox.BarcodePhotoID, "--on-condition", "accept")
	if got.code != exitDone || s.count(sandbox.EndpointAccept) != 1 {
		t.Errorf("exit %d after %d acceptances: %s", got.code, s.count(sandbox.EndpointAccept), got.stderr)
	}
}

// TestSaleRefused: a definite no of the service.
func TestSaleRefused(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		args   []string
		code   api.Code
		status string
	}{
		"an expired code":     {[]string{"--barcode", sandbox.BarcodeExpiredCode}, api.CodePatronCodeInvalid, "403"},
		"a wrong check digit": {[]string{"--barcode", "9990000000000111"}, api.CodeChecksumFailed, "400"},
		"a wrong config id":   {[]string{"--config-id", "mc_nobody"}, api.CodeForbidden, "403"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			got := s.run(append([]string{"sale", "12.50"}, c.args...)...)
			f := got.failure(t)
			if got.code != exitRefused || f["code"] != string(c.code) || f["retryable"] != false || jsonText(f["status"]) != c.status {
				t.Errorf("exit %d, %v", got.code, f)
			}
			if s.latest()["outcome"] != string(pos.OutcomeRefused) {
				t.Errorf("the record says %v", s.latest())
			}
			s.nothingPayable()
		})
	}
}

func TestWrongKey(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.env["CENTRAPOS_API_KEY"] = "tk-somebody-elses-key"
	if got := s.run("sale", "12.50"); got.code != exitRefused || got.failure(t)["code"] != string(api.CodeUnauthorized) {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
}

func TestSaleUnreachable(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.env["CENTRAPOS_API_URL"] = "http://127.0.0.1:1"
	for _, args := range [][]string{{"sale", "12.50"}, {"status", "x"}, {"void", "x"}} {
		got := s.run(args...)
		if f := got.failure(t); got.code != exitRefused || f["code"] != pos.CodeNetwork || f["retryable"] != true || f["status"] != nil {
			t.Errorf("%v: exit %d, %v", args, got.code, f)
		}
	}
	if s.latest()["outcome"] != string(pos.OutcomeNotMade) {
		t.Errorf("the record says %v", s.latest())
	}
}

// TestBadInputIsNotSent: the service hears nothing of it, and nothing is opened.
func TestBadInputIsNotSent(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		args []string
		code string
		says string
	}{
		"zero":                   {[]string{"0"}, pos.CodeInvalidAmount, "0.00"},
		"zero in full":           {[]string{"0.00"}, pos.CodeInvalidAmount, "0.00"},
		"negative":               {[]string{"-5.00"}, pos.CodeInvalidAmount, "-5.00"},
		"negative, after --":     {[]string{"--", "-5.00"}, pos.CodeInvalidAmount, "-5.00"},
		"negative cents":         {[]string{"-.50"}, pos.CodeInvalidAmount, "-0.50"},
		"too much":               {[]string{"1000000"}, pos.CodeInvalidAmount, "1000000.00"},
		"a cent too much":        {[]string{"1000000.00"}, pos.CodeInvalidAmount, "1000000.00"},
		"too fine":               {[]string{"12.505"}, pos.CodeInvalidAmount, "2 decimals"},
		"no number":              {[]string{"twelve"}, pos.CodeInvalidAmount, "twelve"},
		"empty":                  {[]string{""}, pos.CodeInvalidAmount, "amount"},
		"blank":                  {[]string{" "}, pos.CodeInvalidAmount, "amount"},
		"an exponent":            {[]string{"1e3"}, pos.CodeInvalidAmount, "1e3"},
		"a comma":                {[]string{"12,50"}, pos.CodeInvalidAmount, "12,50"},
		"with its currency":      {[]string{"NZD12.50"}, pos.CodeInvalidAmount, "NZD12.50"},
		"infinite":               {[]string{"Inf"}, pos.CodeInvalidAmount, "Inf"},
		"hexadecimal":            {[]string{"0x10"}, pos.CodeInvalidAmount, "0x10"},
		"lines above":            {[]string{"12.50", "--item", "A;1;13.00"}, pos.CodeLineItemsSum, "difference of 0.50"},
		"lines below":            {[]string{"12.50", "--item", "A;2;5.00"}, pos.CodeLineItemsSum, "difference of -2.50"},
		"lines of nothing":       {[]string{"--item", "A;1;0"}, pos.CodeInvalidAmount, "0.00"},
		"lines below nothing":    {[]string{"--item", "A;1;5", "--item", "B;1;-6"}, pos.CodeInvalidAmount, "-1.00"},
		"a broken line":          {[]string{"--item", "A;1"}, pos.CodeInvalidLineItem, "NAME;QTY;EACH"},
		"partial alone":          {[]string{"12.50", "--partial"}, pos.CodeInvalidSale, "together"},
		"basket amount alone":    {[]string{"12.50", "--basket-amount", "20"}, pos.CodeInvalidSale, "together"},
		"basket below amount":    {[]string{"12.50", "--partial", "--basket-amount", "10"}, pos.CodeInvalidSale, "less than"},
		"basket amount no sum":   {[]string{"12.50", "--partial", "--basket-amount", "x"}, pos.CodeInvalidAmount, "x"},
		"partial sums":           {[]string{"12.50", "--partial", "--basket-amount", "20", "--item", "A;1;19"}, pos.CodeLineItemsSum, "difference of 6.50"},
		"no time":                {[]string{"12.50", "--expiry", "0"}, pos.CodeInvalidSale, "86400"},
		"negative time":          {[]string{"12.50", "--expiry", "-1"}, pos.CodeInvalidSale, "86400"},
		"more than a day":        {[]string{"12.50", "--expiry", "86401"}, pos.CodeInvalidSale, "86400"},
		"time beyond all bounds": {[]string{"12.50", "--expiry", "9223372036854775807"}, pos.CodeInvalidSale, "86400"},
		"time in words":          {[]string{"12.50", "--expiry", "soon"}, codeUsage, "--expiry"},
	}
	s := openShop(t)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := s.command(append([]string{"--json", "sale"}, c.args...)...).run(t)
			if f := got.failure(t); got.code != exitUsage || f["code"] != c.code {
				t.Errorf("exit %d with %v, want %d with %s", got.code, f, exitUsage, c.code)
			}
			if !strings.Contains(got.stderr, c.says) {
				t.Errorf("it does not say %q: %s", c.says, got.stderr)
			}
		})
	}
	if n := s.count(sandbox.EndpointAny); n != 0 {
		t.Errorf("the service heard %d calls", n)
	}
	if items := s.run("ledger", "list").document(t)["items"].([]any); len(items) != 0 {
		t.Errorf("the record has %v", items)
	}
}

// TestWhatIsMissing: what is not set is named, with the flag and the variable
// that set it, before anything is sent.
func TestWhatIsMissing(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	without := func(names ...string) command {
		c := s.command("--json", "sale", "12.50")
		c.env = map[string]string{}
		for name, value := range s.env {
			c.env[name] = value
		}
		for _, name := range names {
			delete(c.env, name)
		}
		return c
	}
	cases := map[string]struct {
		run  command
		code string
		says []string
	}{
		"config id": {without("CENTRAPOS_CONFIG_ID"), "CONFIG_MISSING", []string{"--config-id", "CENTRAPOS_CONFIG_ID"}},
		"key":       {without("CENTRAPOS_API_KEY"), "CREDENTIAL_MISSING", []string{"CENTRAPOS_API_KEY"}},
		"both":      {without("CENTRAPOS_API_KEY", "CENTRAPOS_CONFIG_ID"), "CONFIG_MISSING", []string{"CENTRAPOS_CONFIG_ID", "CENTRAPOS_API_KEY"}},
	}
	for name, c := range cases {
		got := c.run.run(t)
		if f := got.failure(t); got.code != exitUsage || f["code"] != c.code {
			t.Errorf("%s: exit %d, %v", name, got.code, f)
		}
		for _, says := range c.says {
			if !strings.Contains(got.stderr, says) {
				t.Errorf("%s: it does not name %s: %s", name, says, got.stderr)
			}
		}
	}
	if n := s.count(sandbox.EndpointAny); n != 0 {
		t.Errorf("the service heard %d calls", n)
	}
}

// jsonText is a JSON number as it was written.
func jsonText(v any) string {
	if n, ok := v.(interface{ String() string }); ok {
		return n.String()
	}
	return ""
}
