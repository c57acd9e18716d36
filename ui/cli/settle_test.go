package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api/sandbox"
	"centrapos/pos"
	"centrapos/pos/centrapay"
	"centrapos/pos/ledger"
)

// lostLongAgo leaves a barcode sale in the record whose create got no answer, an
// hour ago, by a till that may not look requests up.
func (s *shop) lostLongAgo(service string) pos.OpID {
	s.t.Helper()
	nzd, err := pos.CurrencyOf("NZD")
	s.must(err)
	const op = pos.OpID("lostlongagobarcode")
	sale := pos.Sale{Amount: pos.NewMoney(decimal.NewFromInt(1250), nzd), ExternalRef: "LOST-1", Barcode: "0001219210961929", Expiry: 2 * time.Minute}
	began := time.Now().Add(-time.Hour)
	entries := []pos.Entry{
		{At: began, Fact: pos.Opened{Kind: pos.KindSale, Service: service, Sale: &sale}},
		{At: began.Add(8 * time.Second), Fact: pos.NoAnswer{Call: "create", Detail: "no answer in time"}},
	}
	book, err := ledger.Open(s.t.Context(), s.recordDir())
	if err != nil {
		s.t.Fatal(err)
	}
	s.must(book.Append(s.t.Context(), op, entries, pos.Replay(entries).Summary(op)))
	s.must(book.Close())
	return op
}

func TestSettle(t *testing.T) {
	t.Parallel()
	for verdict, outcome := range map[pos.Verdict]pos.Outcome{pos.VerdictPaid: pos.OutcomePaid, pos.VerdictUnpaid: pos.OutcomeNotMade} {
		for _, older := range []bool{false, true} {
			s := openShop(t)
			service := s.env["CENTRAPOS_API_URL"]
			if older {
				service = legacyService(service, centrapay.LegacyToday)
			}
			op := s.lostLongAgo(service)
			if got := s.run("recover", "--timeout", "1s"); got.code != exitUnresolved || !strings.Contains(got.stderr, "centrapos settle "+string(op)+" paid|unpaid") {
				t.Errorf("recovery does not say what to do: exit %d: %s", got.code, got.stderr)
			}
			got := s.run("settle", "lost-1", string(verdict), "--by", "Mia", "--note", "Sam at Centrapay looked it up")
			doc := got.document(t)
			word, _ := doc["word"].(map[string]any)
			if got.code != exitDone || doc["outcome"] != string(outcome) || doc["ledgerId"] != string(op) || word["by"] != "Mia" || word["verdict"] != string(verdict) {
				t.Errorf("%s: exit %d: %s", verdict, got.code, got.stdout)
			}
			if !strings.Contains(got.stderr, "By the word of Mia") {
				t.Errorf("it is not told whose word it is: %s", got.stderr)
			}
			if line := s.latest(); line["byHand"] != true || line["closed"] != true || line["outcome"] != string(outcome) {
				t.Errorf("the record says %v", line)
			}
			if list := s.command("ledger", "list").run(t); !strings.Contains(list.stdout, string(outcome)+", by hand") {
				t.Errorf("the list does not mark it: %s", list.stdout)
			}
			again := s.run("settle", string(op), "unpaid", "--by", "Tom", "--note", "no")
			if again.code != exitUsage || again.failure(t)["code"] != codeNeedsNobody || s.latest()["outcome"] != string(outcome) {
				t.Errorf("settled twice: exit %d: %s", again.code, again.stdout)
			}
			s.nothingPayable()
		}
	}
}

func TestSettleRefuses(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	paid := s.paid()
	op := string(s.lostLongAgo(s.env["CENTRAPOS_API_URL"]))
	calls := s.count(sandbox.EndpointAny)
	by := []string{"--by", "Mia", "--note", "asked"}
	for name, c := range map[string]struct {
		args []string
		code string
		says string
	}{
		"nobody":           {[]string{op, "paid", "--note", "asked"}, pos.CodeInvalidWord, "name"},
		"no note":          {[]string{op, "paid", "--by", "Mia"}, pos.CodeInvalidWord, "what Centrapay said"},
		"another verdict":  {append([]string{op, "refunded"}, by...), pos.CodeInvalidWord, "paid or unpaid"},
		"nonsense":         {append([]string{op, "perhaps"}, by...), pos.CodeInvalidWord, "paid or unpaid"},
		"no such payment":  {append([]string{"nothing-here", "paid"}, by...), codeNotFound, "nothing-here"},
		"one that is paid": {append([]string{paid, "unpaid"}, by...), codeNeedsNobody, "paid"},
		"no verdict":       {[]string{op}, codeUsage, "settle"},
		"no time":          {append([]string{op, "paid", "--timeout", "0s"}, by...), codeUsage, "--timeout"},
	} {
		got := s.run(append([]string{"settle"}, c.args...)...)
		if f := got.failure(t); got.code != exitUsage || f["code"] != c.code || !strings.Contains(f["message"].(string), c.says) {
			t.Errorf("%s: exit %d, %v", name, got.code, f)
		}
	}
	if n := s.count(sandbox.EndpointAny); n != calls {
		t.Errorf("%d calls were made", n-calls)
	}
}
