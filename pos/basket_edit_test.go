package pos_test

import (
	"strings"
	"testing"
	"time"

	"centrapos/pos"
)

// two is a basket of two flat whites (line 1) and 0.425 kg of lamb (line 2): 24.98.
func two(t *testing.T) pos.Basket {
	t.Helper()
	b, _ := ring(t, pos.NewBasketAt(nzd, "till-1"), flatWhite, "2")
	b, _ = ring(t, b, lamb, "0.425")
	return b
}

func TestLineDiscounts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		id   int
		off  pos.Discount
		want int64 // what is taken off; -1 for a refusal
	}{
		"a tenth":                  {1, pos.PercentOff(dec("10"), ""), 110},
		"rounded up":               {2, pos.PercentOff(dec("12.5"), ""), 175}, // 174.75
		"half a cent, away from 0": {1, pos.PercentOff(dec("0.05"), ""), 1},   // 0.55
		"all of it":                {1, pos.PercentOff(dec("100"), ""), 1100},
		"an amount":                {2, pos.AmountOff(cents(98), ""), 98},
		"all, as an amount":        {1, pos.AmountOff(cents(1100), ""), 1100},
		"more than it costs":       {1, pos.AmountOff(cents(1101), ""), -1},
		"more than all":            {1, pos.PercentOff(dec("100.01"), ""), -1},
		"nothing":                  {1, pos.PercentOff(dec("0"), ""), -1},
		"too fine":                 {1, pos.PercentOff(dec("1.001"), ""), -1},
		"a surcharge":              {1, pos.AmountOff(cents(-5), ""), -1},
		"neither":                  {1, pos.Discount{}, -1},
		"both":                     {1, pos.Discount{Percent: new(dec("5")), Amount: new(cents(5))}, -1},
		"half a cent":              {1, pos.AmountOff(pos.NewMoney(dec("0.5"), nzd), ""), -1},
		"other money":              {1, pos.AmountOff(pos.NewMoney(dec("5"), pos.Currency{Code: "AUD", Decimals: 2}), ""), -1},
	} {
		b, err := two(t).DiscountLine(c.id, c.off)
		line, _ := b.Line(c.id)
		switch {
		case c.want < 0 && code(err) != pos.CodeInvalidDiscount:
			t.Errorf("%s: %v, off %s", name, err, line.Discount)
		case c.want >= 0 && (err != nil || !line.Discount.Equal(cents(c.want)) || !line.Total().Equal(line.Gross().Sub(cents(c.want)))):
			t.Errorf("%s: %s off, %v", name, line.Discount, err)
		}
	}
}

// A percentage follows the line; an amount stays, and takes off what there is.
func TestADiscountStaysWithItsLine(t *testing.T) {
	t.Parallel()
	b := two(t)
	check := func(what string, want int64, changed pos.Basket, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if b = changed; !b.Total().Equal(cents(want)) {
			t.Errorf("%s: %s", what, b.Total())
		}
	}
	next, err := b.DiscountLine(1, pos.AmountOff(cents(700), "spilt"))
	check("7.00 off two coffees", 400+1398, next, err)
	next, err = b.SetQty(1, dec("1"))
	check("7.00 off one", 0+1398, next, err)
	next, err = b.SetQty(1, dec("3"))
	check("7.00 off three", 950+1398, next, err)
	next, err = b.SetPrice(1, cents(600), "large", "ana")
	check("at another price", 1100+1398, next, err)
	next, err = b.DiscountLine(1, pos.PercentOff(dec("50"), ""))
	check("half of it instead", 900+1398, next, err)
	next, err = b.UndiscountLine(1)
	check("none", 1800+1398, next, err)
	if l := b.At(0); !l.Was.Equal(cents(550)) || l.PriceReason != "large" || l.PriceApprovedBy != "ana" {
		t.Errorf("%+v", l)
	}
	next, err = b.SetPrice(1, cents(550), "large after all not", "")
	check("at its own price", 1650+1398, next, err)
	if l := b.At(0); l.Was.IsKnown() || l.PriceReason != "" {
		t.Errorf("%+v", l)
	}
}

// What was changed by hand is not joined by the next piece of the same product.
func TestChangedLinesAreNotJoined(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(pos.Basket) (pos.Basket, error){
		"discount": func(b pos.Basket) (pos.Basket, error) { return b.DiscountLine(1, pos.PercentOff(dec("10"), "")) },
		"price":    func(b pos.Basket) (pos.Basket, error) { return b.SetPrice(1, cents(500), "offer", "") },
		"note":     func(b pos.Basket) (pos.Basket, error) { return b.NoteLine(1, "no sugar") },
		"tax":      func(b pos.Basket) (pos.Basket, error) { return b.SetTaxRate(1, dec("0")) },
	} {
		b, err := change(two(t))
		if err != nil {
			t.Fatal(err)
		}
		b, id := ring(t, b, flatWhite, "1")
		if id == 1 || b.Len() != 3 {
			t.Errorf("%s: joined line %d of %d", name, id, b.Len())
		}
	}
}

func TestBasketEditsThatAreRefused(t *testing.T) {
	t.Parallel()
	b := two(t)
	only := func(_ pos.Basket, err error) string { return code(err) }
	withID := func(_ pos.Basket, _ int, err error) string { return code(err) }
	long := strings.Repeat("é", 201)
	big, _, err := b.AddOpen("Tractor", cents(99_000_000), dec("1"), dec("15"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string][2]string{
		"a price without a reason": {only(b.SetPrice(1, cents(1), " ", "")), pos.CodeInvalidText},
		"a price of nothing":       {only(b.SetPrice(1, cents(0), "free", "")), pos.CodeInvalidAmount},
		"a price of half a cent":   {only(b.SetPrice(1, pos.NewMoney(dec("0.5"), nzd), "odd", "")), pos.CodeInvalidAmount},
		"no such line to price":    {only(b.SetPrice(9, cents(1), "x", "")), pos.CodeNoSuchLine},
		"no such line to note":     {only(b.NoteLine(9, "x")), pos.CodeNoSuchLine},
		"no such line to take off": {only(b.Remove(9, "")), pos.CodeNoSuchLine},
		"no such line to discount": {only(b.UndiscountLine(9)), pos.CodeNoSuchLine},
		"no such line to tax":      {only(b.SetTaxRate(9, dec("15"))), pos.CodeNoSuchLine},
		"no such discount":         {only(b.UndiscountAll(9)), pos.CodeNoSuchLine},
		"a rate below nothing":     {only(b.SetTaxRate(1, dec("-1"))), pos.CodeInvalidTaxRate},
		"a rate above all":         {only(b.SetTaxRate(1, dec("101"))), pos.CodeInvalidTaxRate},
		"a long note":              {only(b.NoteLine(1, long)), pos.CodeInvalidText},
		"a long sale's note":       {only(b.NoteSale(long)), pos.CodeInvalidText},
		"a note with an escape":    {only(b.NoteSale("\x1b[2J")), pos.CodeInvalidText},
		"broken text":              {only(b.SetCustomer("\xff")), pos.CodeInvalidText},
		"a long reason":            {only(b.Remove(1, long)), pos.CodeInvalidText},
		"a long reason to clear":   {only(b.Clear(long)), pos.CodeInvalidText},
		"an empty basket's rebate": {withID(pos.NewBasket(nzd).DiscountAll(pos.PercentOff(dec("5"), ""))), pos.CodeBasketEmpty},
		"more off than there is":   {withID(b.DiscountAll(pos.AmountOff(cents(2499), ""))), pos.CodeInvalidDiscount},
		"nameless":                 {withID(b.AddOpen(" ", cents(1), dec("1"), dec("15"))), pos.CodeInvalidText},
		"taxed at 500 %":           {withID(b.AddOpen("x", cents(1), dec("1"), dec("500"))), pos.CodeInvalidTaxRate},
		"other money":              {withID(b.AddOpen("x", pos.NewMoney(dec("5"), pos.Currency{Code: "AUD", Decimals: 2}), dec("1"), dec("15"))), pos.CodeInvalidCurrency},
		"dearer than can be paid":  {withID(big.AddOpen("Plough", cents(2_000_000), dec("1"), dec("15"))), pos.CodeInvalidAmount},
		"a barcode for a weight":   {withID(b.AddProduct(lamb, dec("9421900000017"))), pos.CodeInvalidQuantity},
		"eight digits":             {only(b.SetQty(1, dec("12345678"))), pos.CodeInvalidQuantity},
		"less than none joins":     {withID(b.AddProduct(flatWhite, dec("-1"))), pos.CodeInvalidQuantity},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %q, want %q", name, c[0], c[1])
		}
	}
	if _, err := b.SetQty(2, dec("9421900000017")); err == nil || !strings.Contains(err.Error(), "barcode") {
		t.Errorf("a barcode in the quantity: %v", err)
	}
}

func TestWeightsAreShownAsWeights(t *testing.T) {
	t.Parallel()
	b := two(t)
	if piece, weight := b.At(0).QtyText(), b.At(1).QtyText(); piece != "2" || weight != "0.425 kg" {
		t.Errorf("%q, %q", piece, weight)
	}
	b, _ = ring(t, b, lamb, "2")
	if text := b.At(2).QtyText(); text != "2.000 kg" {
		t.Errorf("%q", text)
	}
}

func TestUndoTakesBackEverything(t *testing.T) {
	t.Parallel()
	b := two(t)
	b, err := b.NoteSale("gift")
	if err != nil {
		t.Fatal(err)
	}
	if b, err = b.SetCustomer("C-1"); err != nil {
		t.Fatal(err)
	}
	if b, err = b.Clear("walked out"); err != nil || !b.IsEmpty() || b.Note() != "" || b.Customer() != "" {
		t.Fatalf("%+v, %v", b.Summary("B"), err)
	}
	b, _ = b.Undo()
	if b.Len() != 2 || b.Note() != "gift" || b.Customer() != "C-1" {
		t.Errorf("%+v", b.Summary("B"))
	}
	for range 4 {
		b, _ = b.Undo()
	}
	if _, more := b.Undo(); more || !b.IsEmpty() || b.Total().Sign() != 0 || !b.Items().IsZero() {
		t.Errorf("%+v", b.Summary("B"))
	}
	if again, err := b.Clear(""); err != nil || again.Entries() != b.Entries() {
		t.Error("clearing an empty basket is a change")
	}
}

func TestTheTraceSaysWhoTookWhatOff(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	step := func(b pos.Basket, err error) pos.Basket {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		at = at.Add(time.Minute)
		return b.As("tama", at)
	}
	b := step(two(t).As("mia", at), nil)
	b = step(b.SetQty(1, dec("3")))
	b = step(b.SetQty(1, dec("1")))
	b = step(b.Remove(2, "too dear"))
	b = step(b.DiscountLine(1, pos.Discount{Percent: new(dec("10")), Reason: "cold", ApprovedBy: "ana"}))
	b, _ = b.Undo()
	b = step(b, nil)
	b = step(b.Discard("walked out"))
	var got []string
	for _, tr := range b.Trace() {
		text := tr.By + " " + tr.What + " " + tr.Amount.String() + " " + tr.Reason + " " + tr.ApprovedBy
		for _, l := range tr.Lines {
			text += " " + l.QtyText() + " " + l.Name
		}
		got = append(got, strings.TrimSpace(text))
	}
	want := []string{
		"tama qty-set -11.00   3 Flat white",
		"tama line-removed -13.98 too dear  0.425 kg Lamb shoulder",
		"tama line-discounted -0.55 cold ana 1 Flat white",
		"tama undone 0.55",
		"tama basket-discarded -5.50 walked out  1 Flat white",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if tr := b.Trace()[1]; !tr.At.Equal(at.Add(-4 * time.Minute)) {
		t.Errorf("taken off at %s, now %s", tr.At, at)
	}
}

func TestHeldBasketsAreRecalled(t *testing.T) {
	t.Parallel()
	b, err := two(t).Hold("")
	if err != nil || b.Stage() != pos.StageHeld || b.Name() != "Flat white" {
		t.Fatalf("%q, %v", b.Name(), err)
	}
	if _, err := b.SetQty(1, dec("1")); code(err) != pos.CodeBasketFixed {
		t.Errorf("changed while it was held: %v", err)
	}
	if _, undone := b.Undo(); undone {
		t.Error("undone while it was held")
	}
	if _, err := b.Hold("again"); code(err) != pos.CodeBasketFixed {
		t.Errorf("held twice: %v", err)
	}
	if b, err = b.Recall("till-9"); err != nil || b.Summary("B").Till != "till-9" || b.Stage() != pos.StageSelling {
		t.Fatalf("%+v, %v", b.Summary("B"), err)
	}
	if _, err := b.Recall("till-9"); code(err) != pos.CodeBasketFixed {
		t.Errorf("recalled twice: %v", err)
	}
	if b, _ = b.Undo(); b.Len() != 1 {
		t.Error("undo does not go on after recalling")
	}
	named, err := b.SetCustomer("C-7")
	if err != nil {
		t.Fatal(err)
	}
	if named, err = named.Hold(" "); err != nil || named.Name() != "C-7" {
		t.Errorf("%q, %v", named.Name(), err)
	}
	if _, err := pos.NewBasket(nzd).Hold("nothing"); code(err) != pos.CodeBasketEmpty {
		t.Errorf("an empty basket was held: %v", err)
	}
	gone, err := named.Discard("never came back")
	if err != nil || gone.Stage() != pos.StageDiscarded || !gone.Stage().Ended() {
		t.Errorf("%s, %v", gone.Stage(), err)
	}
	if _, _, err := gone.AddProduct(flatWhite, dec("1")); code(err) != pos.CodeBasketFixed {
		t.Errorf("rung up on a basket that was thrown away: %v", err)
	}
}

// Two hundred changes can be undone, of however many, and a basket that was kept is
// undone just as far.
func TestTwoHundredChangesCanBeUndone(t *testing.T) {
	t.Parallel()
	b, id := ring(t, pos.NewBasket(nzd), flatWhite, "1")
	for i := range 300 {
		var err error
		if b, err = b.SetQty(id, dec([]string{"2", "3"}[i%2])); err != nil {
			t.Fatal(err)
		}
	}
	for _, each := range []pos.Basket{b, replayed(t, b.EntriesSince(0))} {
		undone := 0
		for each.CanUndo() {
			each, _ = each.Undo()
			undone++
		}
		if l, there := each.Line(id); undone != 200 || !there || !l.Qty.Equal(dec("3")) {
			t.Errorf("%d changes undone, then %s", undone, l.Qty)
		}
		if again := replayed(t, each.EntriesSince(0)); seenOf(t, again) != seenOf(t, each) {
			t.Error("kept after undoing, it is another basket")
		}
	}
}

func TestABasketHasItsLimitOfLines(t *testing.T) {
	t.Parallel()
	b := pos.NewBasket(nzd)
	var err error
	for range 5000 {
		if b, _, err = b.AddOpen("Nail", cents(1), dec("1"), dec("15")); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := b.AddOpen("Nail", cents(1), dec("1"), dec("15")); code(err) != pos.CodeInvalidQuantity {
		t.Errorf("one more line: %v", err)
	}
	if more, err := b.SetQty(1, dec("2")); err != nil || !more.Total().Equal(cents(5001)) {
		t.Errorf("one more nail: %s, %v", more.Total(), err)
	}
}

func TestConflictsSayWhatIsTheMatter(t *testing.T) {
	t.Parallel()
	moved, elsewhere := &pos.DraftConflict{ID: "b1", Saved: 7}, &pos.DraftConflict{ID: "b1", Elsewhere: true}
	if text := moved.Error(); !strings.Contains(text, "b1") || !strings.Contains(text, "7 entries") {
		t.Error(text)
	}
	if text := elsewhere.Error(); !strings.Contains(text, "another till") {
		t.Error(text)
	}
}
