package cli

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/pos"
	"centrapos/ui/words"
)

// What the service refuses is said in words: what it means, that no money moved, and
// the command that goes on.
func TestRefusalsInWords(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	sale, held := s.paid(), s.authorized("10.00")
	full := []string{"--invoice-ref", "INV-1", "--item", "Scone;10;4.00"}
	for name, c := range map[string]struct {
		args []string
		says []string
	}{
		"too much back":  {[]string{"refund", sale, "99.00"}, []string{"more than is left to refund (INVALID_AMOUNT)", "No money moved", "centrapos status " + sale}},
		"too much drawn": {append([]string{"confirm", held, "40.00"}, full...), []string{"more than is still held (INVALID_AMOUNT)", "No money moved"}},
		"no pre-auth":    {[]string{"release", sale}, []string{"this is no pre-auth", "INVALID_PAYMENT_REQUEST_TYPE", "No money moved"}},
		"no such key":    {[]string{"refund", held, "1.00", "--confirmation", "k"}, []string{"no confirmation with this key", "CONFIRMATION_NOT_FOUND", "No money moved"}},
		"nothing there":  {[]string{"refund", "nothing-there", "1.00"}, []string{"there is no such thing", "FORBIDDEN", "Nothing was changed", "centrapos whoami"}},
	} {
		plain := s.command(c.args...).run(t)
		said, _ := s.run(c.args...).failure(t)["message"].(string)
		for _, want := range c.says {
			if plain.code != exitRefused || !strings.Contains(plain.stderr, want) || !strings.Contains(said, want) {
				t.Errorf("%s: exit %d, it does not say %q:\n%s\n%s", name, plain.code, want, plain.stderr, said)
			}
		}
	}
	s.must(s.service.Expire(s.unwatched()["id"].(string)))
	voided := s.command("void", s.requests()[0].ID).run(t)
	for _, want := range []string{"run out, unpaid (REQUEST_EXPIRED)", "No money moved.", "needs no void"} {
		if voided.code != exitRefused || !strings.Contains(voided.stdout, want) {
			t.Errorf("void: exit %d, it does not say %q:\n%s", voided.code, want, voided.stdout)
		}
	}
}

// Every code that is documented for a call has words of its own.
func TestEveryDocumentedCodeHasWords(t *testing.T) {
	t.Parallel()
	anyCall := []api.Code{api.CodeBadRequest, api.CodeUnauthorized, api.CodeForbidden, api.CodeNotFound, api.CodeRateLimitExceeded}
	for call, codes := range map[words.Call][]api.Code{
		words.Create: {api.CodeLineItemsSumCheckFailed, api.CodeChecksumFailed, api.CodeRedirectURLInvalid, api.CodePatronCodeInvalid,
			api.CodeNoAvailablePaymentOptions, api.CodeTokenCollectionNotFound, api.CodeConnectionNotFound,
			api.CodeConnectionMerchantMismatch, api.CodeConnectionCreatedByMismatch},
		words.Void: {api.CodeRequestExpired, api.CodeRequestPaid, api.CodeRequestCancelled, api.CodeAlreadyRefunded, api.CodeVoidWindowExceeded,
			api.CodePreAuthAlreadyConfirmed, api.CodeRepeatReference, api.CodeInactiveAsset, api.CodeRefundNotSupported},
		words.Refund: {api.CodeLineItemsSumCheckFailed, api.CodeNotPaid, api.CodeAlreadyRefunded, api.CodeInvalidAmount, api.CodeRepeatReference,
			api.CodePartialRefundsNotAllowed, api.CodeInactiveAsset, api.CodeRefundNotSupported, api.CodeRefundWindowExceeded,
			api.CodePreAuthPending, api.CodeConfirmationNotFound, api.CodeRefundDeclined},
		words.Confirm: {api.CodeInvalidPaymentRequestType, api.CodePreAuthReleased, api.CodePreAuthPending, api.CodeRequestCancelled,
			api.CodeInvalidAmount, api.CodeIdempotentOperationFailed},
		words.Release:   {api.CodeInvalidPaymentRequestType, api.CodePreAuthReleased},
		words.Condition: {api.CodePatronNotAuthorized, api.CodeMerchantNotAuthorized, api.CodeConditionAlreadySet},
	} {
		for _, code := range slices.Concat(codes, anyCall) {
			if says, _ := refusedCode(call, pos.Refusal{Code: string(code)}, "id"); strings.Contains(says, "no words for") {
				t.Errorf("%s of a %s has no words", code, call)
			}
		}
	}
	if says, next := refusedCode(words.Refund, pos.Refusal{Code: "A_NEW_ONE"}, "id"); !strings.Contains(says, "A_NEW_ONE") || next == "" {
		t.Errorf("a code that is not documented: %q, %q", says, next)
	}
}

// The headline has the amount that Centrapay says and, where that is another, the one
// that it was asked for.
func TestHeadlines(t *testing.T) {
	t.Parallel()
	nzd := func(cents int64) pos.Money {
		return pos.NewMoney(decimal.NewFromInt(cents), pos.Currency{Code: "NZD", Decimals: 2})
	}
	yen := func(text string) pos.Money {
		return pos.NewMoney(decimal.RequireFromString(text), pos.Currency{Code: "JPY"})
	}
	asked := pos.Sale{Amount: nzd(1250)}
	by := func(cents int64) pos.Request {
		return pos.Request{ID: "r", Value: nzd(1250), Remaining: nzd(1250 - cents), PaidBy: []pos.Tender{{AssetType: "x", Total: nzd(cents)}}}
	}
	done := func(cents int64) pos.Action { return pos.Action{Done: true, Activity: pos.Activity{Value: nzd(cents)}} }
	for want, rec := range map[string]pos.Record{
		"PAID NZD 12.50":                             {Kind: pos.KindSale, Outcome: pos.OutcomePaid, Sale: asked, Request: by(1250)},
		"PAID NZD 12.00, asked for NZD 12.50":        {Kind: pos.KindSale, Outcome: pos.OutcomePaid, Sale: asked, Request: by(1200)},
		"PAID IN PART NZD 5.00, asked for NZD 12.50": {Kind: pos.KindSale, Outcome: pos.OutcomePartlyPaid, Sale: asked, Request: by(500)},
		"CONFIRMED NZD 4.00 - drawn from what was held": {Kind: pos.KindConfirm, Outcome: pos.OutcomeConfirmed,
			Confirm: pos.Confirm{Value: nzd(400)}, Action: done(400)},
		"CONFIRMED NZD 3.00, asked for NZD 4.00 - drawn from what was held": {Kind: pos.KindConfirm, Outcome: pos.OutcomeConfirmed,
			Confirm: pos.Confirm{Value: nzd(400)}, Action: done(300)},
		"REFUNDED NZD 3.00, asked for NZD 4.00": {Kind: pos.KindRefund, Outcome: pos.OutcomeRefunded,
			Refund: pos.Refund{Value: nzd(400)}, Action: done(300), Returned: nzd(300)},
		"AUTHORIZED NZD 12.50 - held, not taken yet": {Kind: pos.KindSale, Outcome: pos.OutcomeAuthorized, Sale: asked, Request: by(1250)},
		"PAID JPY 12.5, asked for JPY 13": {Kind: pos.KindSale, Outcome: pos.OutcomePaid, Sale: pos.Sale{Amount: yen("13")},
			Request: pos.Request{ID: "r", Value: yen("12.5")}}, // never rounded to what was asked
		"NOT KNOWN YET - do not repeat it":    {Kind: pos.KindRefund},
		"NOT KNOWN YET - do not charge again": {Kind: pos.KindSale},
	} {
		lines := outcomeLines(rec)
		if lines[0] != want {
			t.Errorf("%q, want %q", lines[0], want)
		}
		compares := len(lines) > 1 && strings.Contains(lines[1], "compare the two")
		if differs := strings.Contains(want, "asked for") && rec.Outcome != pos.OutcomePartlyPaid; compares != differs {
			t.Errorf("%q goes on with %q", want, lines[1:])
		}
	}
}

// The key is revoked while it is not known whether a refund was made: that is what
// stands in the way, and is said.
func TestKeyRevokedDuringARefund(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.paid()
	for _, spec := range []string{"refund:drop-after:1", "refund:status=401:2+", "activities:status=401", "get:status=401:2+"} {
		s.fault(spec)
	}
	run := s.command("--json", "refund", id, "5.00")
	run.times = func(t *times) { t.patience = 5 * time.Second } // the key is refused at the second sending
	got := run.run(t)
	doc, f := got.document(t), got.failure(t)
	if got.code != exitUnresolved || doc["outcome"] != outcomeUnresolved || doc["ledgerId"] == "" || f["code"] != pos.CodeOutcomeUnknown {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	for _, want := range []string{"no longer takes this till's key (UNAUTHORIZED)", `"centrapos status ` + id} {
		if !strings.Contains(f["message"].(string), want) || !strings.Contains(got.stderr, want) {
			t.Errorf("it does not say %q: %v\n%s", want, f["message"], got.stderr)
		}
	}
	s.service.ClearFaults()
	if got := s.run("recover"); got.code != exitDone {
		t.Errorf("recover: exit %d, %s", got.code, got.stdout)
	}
	s.wantGiven(api.ActivityRefund, id, "500")
}

// A request that was never paid has nothing to refund, which is another thing than
// one of which all was refunded.
func TestNothingToRefund(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	unpaid := s.asked()
	got := s.run("refund", unpaid)
	if f := got.failure(t); got.code != exitUsage || f["code"] != string(api.CodeNotPaid) || !strings.Contains(f["message"].(string), "never paid") ||
		!strings.Contains(f["message"].(string), "centrapos void "+unpaid) {
		t.Errorf("unpaid: exit %d: %s", got.code, got.stdout)
	}
	paid := s.paid()
	s.run("refund", paid)
	again := s.run("refund", paid)
	if f := again.failure(t); again.code != exitUsage || f["code"] != pos.CodeInvalidAmount || !strings.Contains(f["message"].(string), "given back already") {
		t.Errorf("all refunded: exit %d: %s", again.code, again.stdout)
	}
}

// What a release gave back is said though its own answer was lost.
func TestReleaseAmountAfterALostAnswer(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.authorized("10.00")
	s.fault("release:drop-after:1")
	got := s.run("release", id)
	doc := got.document(t)
	returned, _ := doc["returned"].(map[string]any)
	if got.code != exitDone || doc["outcome"] != "released" || returned["amount"] != "1000" || doc["type"] != "release" {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	if !strings.Contains(got.stderr, "RELEASED NZD 10.00") {
		t.Errorf("it does not say how much: %s", got.stderr)
	}
}

// Words of recovery fit what is recovered; what it had in hand is in nobody's once it ends.
func TestRecoverTellsOfActions(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.paid()
	s.fault("refund:drop-after:*")
	left := s.command("--json", "refund", id, "5.00")
	left.times = impatient
	left.run(t)
	run := s.command("--json", "recover", "--timeout", "1s")
	got := run.run(t)
	items := got.document(t)["items"].([]any)
	if got.code != exitUnresolved || len(items) != 1 || items[0].(map[string]any)["running"] != false || items[0].(map[string]any)["closed"] != false {
		t.Errorf("unsettled: exit %d: %s", got.code, got.stdout)
	}
	if strings.Contains(got.stderr, "payment request was made") || !strings.Contains(got.stderr, "whether the refund was carried out") {
		t.Errorf("its words are those of a sale: %s", got.stderr)
	}
	s.service.ClearFaults()
	settled := s.command("recover").run(t)
	if settled.code != exitDone || !strings.Contains(settled.stdout, "1 payment taken up, settled.") {
		t.Errorf("exit %d: %s", settled.code, settled.stdout)
	}
	s.wantGiven(api.ActivityRefund, id, "500")
}

// Amounts are asked for as the currency has them.
func TestHintsOfCurrenciesWithoutCents(t *testing.T) {
	t.Parallel()
	jpy, bhd := pos.Currency{Code: "JPY"}, pos.Currency{Code: "BHD", Decimals: 3}
	for _, c := range []struct {
		text     string
		currency pos.Currency
		says     []string
	}{
		{"12.5", jpy, []string{"has decimals, and JPY has none", "such as 1250"}},
		{"0", jpy, []string{"from 1 to 99999999"}},
		{"x", bhd, []string{"from 0.001 to 99999.999", "such as 1.250"}},
	} {
		_, err := payableIn(c.text, c.currency)
		for _, want := range c.says {
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "12.50") {
				t.Errorf("%s %q: %v, want %q", c.currency.Code, c.text, err, want)
			}
		}
	}
	if amount, err := payableIn("1250", jpy); err != nil || amount.Format() != "JPY 1,250" {
		t.Errorf("%v, %v", amount, err)
	}
}

// No library speaks to staff in its own words.
func TestPlainArguments(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	basket := func(text string) command {
		c := s.command("sale", "--basket", "-")
		c.stdin = strings.NewReader(text)
		return c
	}
	for name, c := range map[string]struct {
		command
		says string
	}{
		"a word for a number": {s.command("ledger", "list", "--limit", "x"), `--limit is "x", and takes a whole number`},
		"a number too large":  {s.command("ledger", "list", "--limit", "99999999999999999999"), "too large"},
		"no yes or no":        {s.command("sale", "1", "--partial=perhaps"), `--partial is "perhaps", and takes true or false`},
		"no time":             {s.command("recover", "--timeout", "soon"), `--timeout is "soon", and takes a time such as 90s`},
		"no basket file":      {s.command("sale", "--basket", "/no/such"), "/no/such cannot be read: no such file or directory"},
		"a wrong type":        {basket(`{"lineItems":[{"name":7,"qty":"1","price":"1"}]}`), "the field lineItems.name is a number"},
		"no object":           {basket(`[]`), "where an object is wanted"},
		"no number":           {basket(`{"lineItems":[{"name":"a","qty":"two","price":"1"}]}`), "two is no number"},
	} {
		got := c.run(t)
		if got.code != exitUsage || !strings.Contains(got.stderr, c.says) {
			t.Errorf("%s: exit %d, %q, want %q", name, got.code, got.stderr, c.says)
		}
		for _, leak := range []string{"strconv", "json:", "Go struct", "decimal.", "open /", "ParseInt"} {
			if strings.Contains(got.stderr, leak) {
				t.Errorf("%s: it speaks Go: %q", name, got.stderr)
			}
		}
	}
}

// The key is revoked while a customer may be paying: that is what is told, and not
// that the network is gone.
func TestKeyRevokedDuringASale(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.fault("get:status=401:1-2")
	waiting := s.command("sale", "12.50")
	waiting.during = func(*program) {
		s.waitFor("the key to be refused twice", func() bool { return s.service.Faults()[0].Hits > 1 })
		s.must(s.service.Pay(s.onlyRequest().ID, sandbox.PayOptions{}))
	}
	if got := waiting.run(t); got.code != exitDone || !strings.Contains(got.stdout, "no longer takes this till's key") {
		t.Errorf("while it waits: exit %d: %s", got.code, got.stdout)
	}
}

// The key is revoked while a lost barcode request is looked for: nobody could put it
// right who is not told.
func TestKeyRevokedWhileALostRequestIsLookedFor(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.fault("create:drop-after:1")
	s.fault("external-ref:status=401")
	lost := s.command("--json", "sale", "12.50", "--barcode", "0001219210961929")
	lost.times = func(t *times) { t.searching = 3 * time.Second }
	got := lost.run(t)
	f := got.failure(t)
	for _, said := range []string{f["message"].(string), got.stderr} {
		if got.code != exitUnresolved || !strings.Contains(said, "no longer takes this till's key (UNAUTHORIZED)") {
			t.Errorf("exit %d: the key is not named: %s", got.code, said)
		}
	}
	if got := s.run("recover", "--timeout", "3s"); got.code != exitUnresolved || !strings.Contains(got.stderr, "no longer takes this till's key (UNAUTHORIZED)") {
		t.Errorf("recover: exit %d: %s", got.code, got.stderr)
	}
}

// A sale that came to nothing is not said to have moved no money where a lost request
// of it was paid and given back.
func TestRefusedThoughMoneyMoved(t *testing.T) {
	t.Parallel()
	paid := pos.NewMoney(decimal.NewFromInt(1250), pos.Currency{Code: "NZD", Decimals: 2})
	for _, outcome := range []pos.Outcome{pos.OutcomeRefused, pos.OutcomeNotMade, pos.OutcomeCancelled} {
		rec := pos.Record{Kind: pos.KindSale, Outcome: outcome, Refusal: &pos.Refusal{Code: "INVALID_AMOUNT"}}
		if said := strings.Join(outcomeLines(rec), "\n"); !strings.Contains(said, "No money moved.") {
			t.Errorf("%s: it says %q", outcome, said)
		}
		rec.Strays = []pos.Request{{ID: "pr2", Value: paid}}
		rec.Voids = []pos.Voiding{{RequestID: "pr2", Sent: 1, Done: true, Returned: paid}}
		said := []string{strings.Join(outcomeLines(rec), "\n")}
		if outcome == pos.OutcomeRefused {
			said = append(said, refusedOperation(rec).Message)
		}
		for _, text := range said {
			if strings.Contains(text, "o money moved") || !strings.Contains(text, "NZD 12.50 had been paid") {
				t.Errorf("%s: it says %q", outcome, text)
			}
		}
	}
}
