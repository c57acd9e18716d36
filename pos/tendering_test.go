package pos_test

import (
	"testing"

	"github.com/shopspring/decimal"

	"centrapos/pos"
)

// paidWith is a request of 34.40 that assets paid.
func paidWith(assets ...pos.Tender) pos.Request {
	return pos.Request{Value: cents(3440), Status: pos.StatusPaid, PaidBy: assets}
}

func money(n int64) pos.Tender { return pos.Tender{AssetType: "centrapay.nzd.test", Total: cents(n)} }

func TestCashIsRoundedToTheCoin(t *testing.T) {
	t.Parallel()
	nz := pos.CashRoundingOf(nzd)
	up := pos.CashRounding{Step: dec("10"), HalfUp: true}
	au := pos.CashRoundingOf(pos.Currency{Code: "AUD", Decimals: 2})
	jp := pos.CashRoundingOf(pos.Currency{Code: "JPY"})
	for in, want := range map[int64][4]int64{
		0: {0, 0, 0, 0}, 1: {0, 0, 0, 1}, 2: {0, 0, 0, 2}, 3: {0, 0, 5, 3}, 4: {0, 0, 5, 4}, 5: {0, 10, 5, 5}, 6: {10, 10, 5, 6}, 9: {10, 10, 10, 9},
		10: {10, 10, 10, 10}, 3445: {3440, 3450, 3445, 3445}, 3446: {3450, 3450, 3445, 3446}, -5: {0, -10, -5, -5}, -1234: {-1230, -1230, -1235, -1234},
	} {
		for i, r := range []pos.CashRounding{nz, up, au, jp} {
			if got := r.Round(cents(in)); !got.Equal(cents(want[i])) {
				t.Errorf("%d by rule %d is %s, want %d", in, i, got.Minor(), want[i])
			}
		}
	}
	if got := (pos.CashRounding{}).Round(cents(1234)); !got.Equal(cents(1234)) {
		t.Errorf("without a rule: %s", got)
	}
}

// Only what is paid in cash is rounded, by less than a coin, and nothing is lost.
func TestCashSettlesExactly(t *testing.T) {
	t.Parallel()
	nz := pos.CashRoundingOf(nzd)
	for seed := range uint64(3000) {
		h := newHand(seed + 300_000)
		b := h.basket(12)
		if b.IsEmpty() {
			continue
		}
		drawer := cents(0)
		for !b.Tendering(nz).Done() {
			before := b.Tendering(nz)
			given := anyOf(h, before.CashDue, before.CashDue.Add(cents(10*h.rng.Int64N(500))), cents(10*h.rng.Int64N(200)))
			next, err := b.TakeCash(given, nz)
			if err != nil {
				if given.Sign() > 0 || code(err) != pos.CodeInvalidTender {
					t.Fatalf("seed %d: %s of %s refused: %v", seed, given, before.CashDue, err)
				}
				continue
			}
			b = next
			last := b.Tendering(nz).Parts[len(before.Parts)]
			drawer = drawer.Add(last.Cash())
			if last.Rounding.Minor().Abs().GreaterThan(dec("5")) || last.Change.Sign() < 0 || last.Amount.Cmp(before.Left) > 0 {
				t.Fatalf("seed %d: %+v of %+v", seed, last, before)
			}
		}
		done := b.Tendering(nz)
		if !drawer.Equal(done.Total.Add(done.Rounding)) || done.Over.Sign() != 0 || !nz.Round(drawer).Equal(drawer) {
			t.Fatalf("seed %d: %s in the drawer for %s, rounded by %s", seed, drawer, done.Total, done.Rounding)
		}
		if b, err := b.Finish(); err != nil || b.Stage() != pos.StageSold {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

func TestSplitBetweenCentrapayCashAndCard(t *testing.T) {
	t.Parallel()
	nz := pos.CashRoundingOf(nzd)
	b, err := two(t).AskPayment("R1", cents(1000)) // of 24.98
	if err != nil || b.Stage() != pos.StagePaying || b.Tendering(nz).Done() {
		t.Fatalf("%s, %v", b.Stage(), err)
	}
	for what, err := range map[string]error{
		"changed":        second(b.SetQty(1, dec("1"))),
		"asked again":    second(b.AskPayment("R2", cents(100))),
		"cash taken":     second(b.TakeCash(cents(100), nz)),
		"card taken":     second(b.TakeElsewhere(pos.MethodCard, cents(100), "")),
		"put aside":      second(b.Hold("x")),
		"thrown away":    second(b.Discard("")),
		"finished":       second(b.Finish()),
		"another's paid": second(b.TakePaid("R9", paidWith(money(100)))),
	} {
		if code(err) != pos.CodeBasketFixed {
			t.Errorf("%s while the customer is paying: %v", what, err)
		}
	}
	if b, err = b.TakePaid("R1", paidWith(money(600))); err != nil { // the app took less
		t.Fatal(err)
	}
	if again, err := b.TakePaid("R1", paidWith(money(600))); err != nil || again.Entries() != b.Entries() {
		t.Errorf("told twice, taken twice: %v", err)
	}
	if b, err = b.TakeElsewhere(pos.MethodCard, cents(1000), "slip 17"); err != nil {
		t.Fatal(err)
	}
	if now := b.Tendering(nz); !now.Left.Equal(cents(898)) || !now.CashDue.Equal(cents(900)) {
		t.Errorf("%+v", now)
	}
	if b, err = b.TakeCash(cents(2000), nz); err != nil {
		t.Fatal(err)
	}
	now := b.Tendering(nz)
	if !now.Done() || !now.Change.Equal(cents(1100)) || !now.Rounding.Equal(cents(2)) || !now.Paid.Equal(cents(2498)) {
		t.Errorf("%+v", now)
	}
	if _, err := b.TakeCash(cents(100), nz); code(err) != pos.CodeInvalidTender {
		t.Errorf("cash for nothing: %v", err)
	}
	if b, err = b.Finish(); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"changed": second(b.Remove(1, "")), "given back": second(b.ReturnTender(1, "")), "paid late": second(b.TakePaid("R7", paidWith(money(5)))),
		"thrown away": second(b.Discard("")), "finished": second(b.Finish()), "held": second(b.Hold("")),
	} {
		if code(err) != pos.CodeBasketFixed {
			t.Errorf("%s after the end: %v", what, err)
		}
	}
}

func second[A any](_ A, err error) error { return err }

// A line that a token bought stays as it is until the token is given back, and the
// basket never comes to less than was paid; the rest can be changed.
func TestWhatATokenBoughtIsLocked(t *testing.T) {
	t.Parallel()
	b := two(t)
	token := pos.Tender{AssetType: "centrapay.token.test", Total: cents(1100), Lines: []pos.LineItem{
		{Name: "Flat white", SKU: "FW", Qty: dec("2.000"), Price: dec("1100")}, // echoed without tax and GTIN
	}}
	b, err := b.AskPayment("R1", cents(2498))
	if err != nil {
		t.Fatal(err)
	}
	if b, err = b.TakePaid("R1", paidWith(token)); err != nil || !b.At(0).Locked || b.At(1).Locked {
		t.Fatalf("%+v, %v", b.Lines(), err)
	}
	if _, undone := b.Undo(); undone || b.CanUndo() {
		t.Error("what was rung up before the payment was undone after it")
	}
	for what, err := range map[string]error{
		"more of it": second(b.SetQty(1, dec("3"))), "taken off": second(b.Remove(1, "")), "cheaper": second(b.SetPrice(1, cents(5), "x", "")),
		"discount": second(b.DiscountLine(1, pos.PercentOff(dec("5"), ""))), "cleared": second(b.Clear("")), "thrown away": second(b.Discard("")),
	} {
		if code(err) != pos.CodeBasketFixed {
			t.Errorf("%s: %v", what, err)
		}
	}
	rest, err := b.SaleOf(cents(1398), false)
	if err != nil || len(rest.Lines) != 1 || rest.Lines[0].Name != "Lamb shoulder" {
		t.Errorf("the bought line is asked for again: %+v, %v", rest, err)
	}
	b, id := ring(t, b, flatWhite, "1")
	if id == 1 {
		t.Error("one more joined the line that is bought")
	}
	if b, err = b.Remove(2, "not this one"); err != nil {
		t.Errorf("a line that is not bought stays: %v", err)
	}
	if _, _, err := b.DiscountAll(pos.AmountOff(cents(1000), "")); code(err) != pos.CodeBasketFixed {
		t.Errorf("11.00 of 16.50 is paid, and 10.00 was taken off: %v", err)
	}
	if b, err = b.Remove(id, ""); err != nil || !b.Tendering(pos.CashRounding{}).Done() {
		t.Fatal(err)
	}
	if b, err = b.ReturnTender(1, "given back"); err != nil || b.At(0).Locked || b.Paid().Sign() != 0 {
		t.Fatalf("%+v, %v", b.Lines(), err)
	}
	if b, err = b.Remove(1, ""); err != nil || !b.IsEmpty() {
		t.Errorf("what was given back stays locked: %v", err)
	}
}

// What the service names that the basket cannot place may be any line like it.
func TestLinesThatCannotBePlacedAreLocked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		line pos.LineItem
		want [2]bool
	}{
		"a part of the line":      {pos.LineItem{Name: "Flat white", SKU: "FW", Qty: dec("1"), Price: dec("550")}, [2]bool{true, false}},
		"by its number":           {pos.LineItem{Name: "Coffee", SKU: "FW", Qty: dec("2"), Price: dec("1100")}, [2]bool{true, false}},
		"nothing that is there":   {pos.LineItem{Name: "Mug", SKU: "MUG", Qty: dec("1"), Price: dec("10")}, [2]bool{true, true}},
		"a discount of the whole": {pos.LineItem{Name: "Discount", Qty: dec("1"), Price: dec("-10")}, [2]bool{false, false}},
	} {
		b, err := two(t).AskPayment("R1", cents(2498))
		if err != nil {
			t.Fatal(err)
		}
		paid := pos.Tender{Total: cents(10), Lines: []pos.LineItem{c.line}}
		if b, err = b.TakePaid("R1", paidWith(paid)); err != nil || b.At(0).Locked != c.want[0] || b.At(1).Locked != c.want[1] {
			t.Errorf("%s: %v %v, %v", name, b.At(0).Locked, b.At(1).Locked, err)
		}
	}
}

func TestHowMuchWasPaidIsTheServicesWord(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		paid pos.Request
		want int64
	}{
		"what the assets add up to": {paidWith(money(1000), money(498)), 1498},
		"value less what remains":   {pos.Request{Value: cents(2000), Remaining: cents(500)}, 1500},
		"the value":                 {pos.Request{Value: cents(2498)}, 2498},
		"more than was asked for":   {paidWith(money(3000)), 3000},
	} {
		b, err := two(t).AskPayment("R1", cents(2498))
		if err != nil {
			t.Fatal(err)
		}
		if b, err = b.TakePaid("R1", c.paid); err != nil || !b.Paid().Equal(cents(c.want)) || b.Tendering(pos.CashRounding{}).Left.Sign() < 0 {
			t.Errorf("%s: %s, %v", name, b.Paid(), err)
		}
		if over := b.Tendering(pos.CashRounding{}).Over; !over.Equal(cents(max(0, c.want-2498))) {
			t.Errorf("%s: %s over", name, over)
		}
	}
	b, err := two(t).AskPayment("R1", cents(2498))
	if err != nil {
		t.Fatal(err)
	}
	for name, unclear := range map[string]pos.Request{"nothing said": {}, "nothing taken": {Value: cents(5), Remaining: cents(5)}} {
		if _, err := b.TakePaid("R1", unclear); code(err) != pos.CodeInvalidTender {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := append(b.EntriesSince(0), pos.BasketEntry{N: b.Entries() + 1, Change: pos.PaymentEnded{Ref: "R0", Outcome: pos.OutcomeVoided}})
	if still, err := pos.ReplayBasket(other); err != nil || still.Stage() != pos.StagePaying {
		t.Errorf("the end of another payment ended this one: %s, %v", still.Stage(), err)
	}
	ended, err := b.EndPayment("R1", pos.OutcomeExpired)
	if err != nil || ended.Stage() != pos.StageSelling {
		t.Fatalf("%s, %v", ended.Stage(), err)
	}
	late, err := ended.TakePaid("R1", paidWith(money(2498))) // paid after it was given up
	if err != nil || !late.Tendering(pos.CashRounding{}).Done() {
		t.Errorf("a late payment: %+v, %v", late.Tendering(pos.CashRounding{}), err)
	}
	if same, err := ended.EndPayment("R1", pos.OutcomeExpired); err != nil || same.Entries() != ended.Entries() {
		t.Errorf("ended twice: %v", err)
	}
}

func TestTendersThatAreRefused(t *testing.T) {
	t.Parallel()
	nz := pos.CashRoundingOf(nzd)
	b := two(t)
	aud := pos.NewMoney(dec("100"), pos.Currency{Code: "AUD", Decimals: 2})
	asked, err := b.AskPayment("R1", cents(100))
	if err != nil {
		t.Fatal(err)
	}
	ended, err := asked.EndPayment("R1", pos.OutcomeCancelled)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string][2]string{
		"more by card than is left":  {code(second(b.TakeElsewhere(pos.MethodCard, cents(2499), ""))), pos.CodeInvalidTender},
		"nothing by card":            {code(second(b.TakeElsewhere(pos.MethodCard, cents(0), ""))), pos.CodeInvalidAmount},
		"other money by card":        {code(second(b.TakeElsewhere(pos.MethodCard, aud, ""))), pos.CodeInvalidCurrency},
		"cash as a card":             {code(second(b.TakeElsewhere(pos.MethodCash, cents(5), ""))), pos.CodeInvalidTender},
		"a one-cent coin":            {code(second(b.TakeCash(cents(1), nz))), pos.CodeInvalidTender},
		"no cash":                    {code(second(b.TakeCash(cents(0), nz))), pos.CodeInvalidTender},
		"cash that is owed":          {code(second(b.TakeCash(cents(-100), nz))), pos.CodeInvalidTender},
		"other cash":                 {code(second(b.TakeCash(aud, nz))), pos.CodeInvalidTender},
		"a million in cash":          {code(second(b.TakeCash(cents(100_000_000), nz))), pos.CodeInvalidTender},
		"no reference":               {code(second(b.AskPayment("", cents(5)))), pos.CodeInvalidText},
		"a reference twice":          {code(second(ended.AskPayment("R1", cents(5)))), pos.CodeInvalidTender},
		"no such tender":             {code(second(b.ReturnTender(4, ""))), pos.CodeNoSuchLine},
		"something left":             {code(second(b.Finish())), pos.CodeInvalidTender},
		"an empty basket":            {code(second(pos.NewBasket(nzd).Finish())), pos.CodeBasketEmpty},
		"cash for an empty basket":   {code(second(pos.NewBasket(nzd).TakeCash(cents(10), nz))), pos.CodeBasketEmpty},
		"asked for an empty basket":  {code(second(pos.NewBasket(nzd).AskPayment("R", cents(10)))), pos.CodeBasketEmpty},
		"a part-paid one thrown off": {code(second(mustTake(t, b).Discard(""))), pos.CodeBasketFixed},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %q, want %q", name, c[0], c[1])
		}
	}
	held, err := mustTake(t, b).Hold("forgot the card")
	if err != nil || !held.Summary("B").Paid.Equal(cents(1000)) {
		t.Errorf("a part-paid basket is put aside with what was paid: %+v, %v", held.Summary("B"), err)
	}
}

func mustTake(t *testing.T, b pos.Basket) pos.Basket {
	t.Helper()
	b, err := b.TakeElsewhere(pos.MethodOther, pos.NewMoney(decimal.NewFromInt(1000), nzd), "voucher")
	if err != nil {
		t.Fatal(err)
	}
	return b
}
