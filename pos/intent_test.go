package pos_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/pos"
)

// aSale is a sale of 12.50 by QR code at a till that may look requests up.
func aSale() pos.Sale {
	return pos.Sale{
		Amount: cents(1250), ExternalRef: "T1-0001", Expiry: 2 * time.Minute,
		Origin: pos.Origin{ConfigID: "mc_1", MerchantAccountID: "acc_1", TerminalID: "till-1"},
	}
}

func line(name string, price int64) pos.LineItem {
	return pos.LineItem{Name: name, Qty: decimal.NewFromInt(1), Price: decimal.NewFromInt(price)}
}

func TestSaleCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*pos.Sale)
		want   string
	}{
		"as it is":                {func(*pos.Sale) {}, ""},
		"no amount":               {func(s *pos.Sale) { s.Amount = pos.Money{} }, pos.CodeInvalidAmount},
		"nothing to pay":          {func(s *pos.Sale) { s.Amount = cents(0) }, pos.CodeInvalidAmount},
		"too much":                {func(s *pos.Sale) { s.Amount = cents(100_000_000) }, pos.CodeInvalidAmount},
		"no time":                 {func(s *pos.Sale) { s.Expiry = 0 }, pos.CodeInvalidSale},
		"half a second":           {func(s *pos.Sale) { s.Expiry = 1500 * time.Millisecond }, pos.CodeInvalidSale},
		"more than a day":         {func(s *pos.Sale) { s.Expiry = pos.MaxExpiry + time.Second }, pos.CodeInvalidSale},
		"one day":                 {func(s *pos.Sale) { s.Expiry = pos.MaxExpiry }, ""},
		"one second":              {func(s *pos.Sale) { s.Expiry = time.Second }, ""},
		"no reference":            {func(s *pos.Sale) { s.ExternalRef = " " }, pos.CodeInvalidSale},
		"partial, no basket":      {func(s *pos.Sale) { s.Partial = true }, pos.CodeInvalidSale},
		"basket, not partial":     {func(s *pos.Sale) { s.Basket = cents(2000) }, pos.CodeInvalidSale},
		"partial with its basket": {func(s *pos.Sale) { s.Partial, s.Basket = true, cents(2000) }, ""},
		"all by Centrapay":        {func(s *pos.Sale) { s.Partial, s.Basket = true, cents(1250) }, ""},
		"basket below amount":     {func(s *pos.Sale) { s.Partial, s.Basket = true, cents(1249) }, pos.CodeInvalidSale},
		"basket too large":        {func(s *pos.Sale) { s.Partial, s.Basket = true, cents(100_000_000) }, pos.CodeInvalidAmount},
		"lines add up":            {func(s *pos.Sale) { s.Lines = []pos.LineItem{line("a", 1300), line("less", -50)} }, ""},
		"a cent is missing":       {func(s *pos.Sale) { s.Lines = []pos.LineItem{line("a", 1249)} }, pos.CodeLineItemsSum},
		"lines of the basket": {func(s *pos.Sale) {
			s.Partial, s.Basket, s.Lines = true, cents(2000), []pos.LineItem{line("a", 2000)}
		}, ""},
		"lines of neither": {func(s *pos.Sale) {
			s.Partial, s.Basket, s.Lines = true, cents(2000), []pos.LineItem{line("a", 1600)}
		}, pos.CodeLineItemsSum},
		"a line without name":     {func(s *pos.Sale) { s.Lines = []pos.LineItem{line("", 1250)} }, pos.CodeInvalidLineItem},
		"a line without quantity": {func(s *pos.Sale) { s.Lines = []pos.LineItem{{Name: "a", Price: dec("1250")}} }, pos.CodeInvalidLineItem},
		"half a cent": {func(s *pos.Sale) {
			s.Lines = []pos.LineItem{{Name: "a", Qty: dec("1"), Price: dec("1249.5")}, {Name: "b", Qty: dec("1"), Price: dec("0.5")}}
		}, pos.CodeInvalidLineItem},
	} {
		sale := aSale()
		c.change(&sale)
		if got := code(sale.Check()); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestSumCheckStatesTheDifference(t *testing.T) {
	t.Parallel()
	sale := aSale()
	sale.Lines = []pos.LineItem{line("a", 1000), line("b", 225)}
	err := sale.Check()
	if err == nil || !strings.Contains(err.Error(), "12.25") || !strings.Contains(err.Error(), "12.50") || !strings.Contains(err.Error(), "-0.25") {
		t.Errorf("the difference is not stated: %v", err)
	}
	var input *pos.InputError
	if !errors.As(err, &input) || !strings.Contains(err.Error(), input.Remedy) {
		t.Errorf("no remedy: %v", err)
	}
}

func TestOutcomeSuccessful(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[pos.Outcome]bool{
		pos.OutcomeOpen: false, pos.OutcomePaid: true, pos.OutcomePartlyPaid: true, pos.OutcomeAuthorized: true,
		pos.OutcomeCancelled: false, pos.OutcomeExpired: false, pos.OutcomeVoided: false, pos.OutcomeRefused: false, pos.OutcomeNotMade: false,
	} {
		if outcome.Successful() != want {
			t.Errorf("%q: %v", outcome, !want)
		}
	}
}

func TestReferencesAreUniqueAndReadable(t *testing.T) {
	t.Parallel()
	ids := pos.RandomIDs{}
	seen := map[string]bool{}
	for range 2000 {
		ref, op := ids.NewRef("till-1 (front door)"), string(ids.NewOp())
		if seen[ref] || seen[op] {
			t.Fatalf("%s or %s was given twice", ref, op)
		}
		seen[ref], seen[op] = true, true
		if !strings.HasPrefix(ref, "TILL1FRO-") || len(ref) != len("TILL1FRO-AAAA-BBBB-CCCC") || len(op) != 16 {
			t.Fatalf("reference %q, operation %q", ref, op)
		}
	}
	if ref := ids.NewRef("ŌŌ"); len(ref) != len("AAAA-BBBB-CCCC") {
		t.Errorf("reference of a till without letters: %q", ref)
	}
}

func TestAnswersHaveNames(t *testing.T) {
	t.Parallel()
	var forgotten pos.Reply
	if forgotten.Answer != pos.AnswerUnknown {
		t.Error("an answer that nobody filled in is not unknown")
	}
	for answer, want := range map[pos.Answer]string{
		pos.AnswerDone: "done", pos.AnswerRefused: "refused", pos.AnswerNotSent: "not sent", pos.AnswerUnknown: "unknown", 9: "Answer(9)",
	} {
		if answer.String() != want {
			t.Errorf("%d is %q", int(answer), answer)
		}
	}
}

// However wide the clocks are apart and however slow the call, the service's
// clock is inside what Refine says of it.
func TestSkewIsWhatItSays(t *testing.T) {
	t.Parallel()
	base := time.Date(2026, 3, 1, 10, 0, 0, 700e6, time.UTC)
	for _, ahead := range []time.Duration{-time.Hour, -1300 * time.Millisecond, 0, 400 * time.Millisecond, time.Hour} {
		var skew pos.Skew
		for i, trip := range []time.Duration{8 * time.Second, 300 * time.Millisecond, 2 * time.Second, 50 * time.Millisecond} {
			for _, read := range []time.Duration{0, trip / 2, trip} {
				sent := base.Add(time.Duration(i) * 1700 * time.Millisecond)
				before := skew
				skew = skew.Refine(pos.Clock{Sent: sent, Received: sent.Add(trip), Server: sent.Add(read + ahead).Truncate(time.Second)})
				if off := (skew.Ahead - ahead).Abs(); off > skew.Error || !skew.Known {
					t.Errorf("%s ahead, trip %s: said %s ± %s", ahead, trip, skew.Ahead, skew.Error)
				}
				if before.Known && skew.Error > before.Error {
					t.Errorf("%s ahead, trip %s: known worse than before", ahead, trip)
				}
			}
		}
		if local := skew.Local(base.Add(ahead)); local.Sub(base).Abs() > skew.Error {
			t.Errorf("%s ahead: %s is %s here", ahead, base.Add(ahead), local)
		}
	}
}

func TestSkewIgnoresWhatSaysNothing(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	var skew pos.Skew
	for _, c := range []pos.Clock{{}, {Sent: now, Received: now}, {Sent: now, Received: now.Add(-time.Second), Server: now}} {
		if skew.Refine(c).Known {
			t.Errorf("%+v was believed", c)
		}
	}
}
