package pos_test

import (
	"fmt"
	"testing"

	"centrapos/pos"
)

// sold is the picture of a sale: two coffees with a discount, a voucher, lamb, and a
// tenth off the lot.
func sold(t *testing.T) pos.Basket {
	t.Helper()
	b, err := two(t).DiscountLine(1, pos.AmountOff(cents(115), ""))
	if err != nil {
		t.Fatal(err)
	}
	b, _ = ring(t, b, voucher, "1")
	b, _, err = b.DiscountAll(pos.PercentOff(dec("10"), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWhatCanBeGivenBackByLine(t *testing.T) {
	t.Parallel()
	b := sold(t) // 9.85 + 13.98 at 15 %, 20.00 at none, less 4.38
	r := pos.ReturnsOf(b.LineItems(), b.Total(), nil)
	if len(r.Lines) != 3 || !r.Left.Equal(b.Total()) {
		t.Fatalf("%+v", r)
	}
	sum := cents(0)
	for i, want := range []int64{887, 1258, 1800} {
		if !r.Lines[i].Left().Equal(cents(want)) {
			t.Errorf("%s: %s", r.Lines[i].Item.Name, r.Lines[i].Left())
		}
		sum = sum.Add(r.Lines[i].Left())
	}
	if !sum.Equal(b.Total()) {
		t.Errorf("the lines come to %s of %s", sum, b.Total())
	}
	value, items, err := r.Of([]pos.Return{{Line: 0, Qty: dec("1")}, {Line: 2, Qty: dec("1")}})
	if err != nil || !value.Equal(cents(444+1800)) || len(items) != 2 || !items[0].Qty.Equal(dec("1")) || !items[0].Tax.Equal(dec("15")) || items[0].SKU != "FW" {
		t.Errorf("%s, %+v, %v", value, items, err)
	}
	if off := items[0].Discount; off == nil || !off.Equal(dec("93")) { // half of 1.00 and of 0.85
		t.Errorf("%s of discount is told", off)
	}
	if err := pos.CheckLines(items, value, pos.Money{}); err != nil {
		t.Error(err)
	}
	later := pos.ReturnsOf(b.LineItems(), b.Total(), []pos.Refund{{Value: value, Lines: items}, {Value: cents(100)}})
	if !later.Left.Equal(b.Total().Sub(cents(2344))) || !later.Lines[0].QtyLeft().Equal(dec("1")) || later.Lines[2].QtyLeft().Sign() != 0 {
		t.Errorf("%+v", later)
	}
	if capped := later.Capped(cents(5)); !capped.Left.Equal(cents(5)) || !later.Capped(cents(99999)).Left.Equal(later.Left) || !later.Capped(pos.Money{}).Left.Equal(later.Left) {
		t.Errorf("%s", capped.Left)
	}
}

func TestReturnsThatAreRefused(t *testing.T) {
	t.Parallel()
	b := sold(t)
	r := pos.ReturnsOf(b.LineItems(), b.Total(), nil)
	part := pos.ReturnsOf(b.LineItems(), cents(1000), nil) // the rest was paid in cash
	free := pos.ReturnsOf([]pos.LineItem{{Name: "Sample", Qty: dec("1"), Price: dec("0")}}, cents(100), nil)
	of := func(r pos.Returns, back ...pos.Return) string { _, _, err := r.Of(back); return code(err) }
	for name, c := range map[string][2]string{
		"three of two":             {of(r, pos.Return{Line: 0, Qty: dec("3")}), pos.CodeNotRefundable},
		"half a coffee":            {of(r, pos.Return{Line: 0, Qty: dec("0.5")}), pos.CodeInvalidQuantity},
		"none of it":               {of(r, pos.Return{Line: 0, Qty: dec("0")}), pos.CodeInvalidQuantity},
		"a line twice":             {of(r, pos.Return{Line: 0, Qty: dec("1")}, pos.Return{Line: 0, Qty: dec("1")}), pos.CodeNoSuchLine},
		"no such line":             {of(r, pos.Return{Line: 3, Qty: dec("1")}), pos.CodeNoSuchLine},
		"a line before the first":  {of(r, pos.Return{Line: -1, Qty: dec("1")}), pos.CodeNoSuchLine},
		"no lines":                 {of(r), pos.CodeNotRefundable},
		"what cost nothing":        {of(free, pos.Return{Line: 0, Qty: dec("1")}), pos.CodeNotRefundable},
		"more than Centrapay paid": {of(part, pos.Return{Line: 2, Qty: dec("1")}), pos.CodeNotRefundable},
		"within it":                {of(part, pos.Return{Line: 0, Qty: dec("1")}), ""},
		"a little of the lamb":     {of(r, pos.Return{Line: 1, Qty: dec("0.1")}), ""},
		"more than was paid":       {code(r.Amount(b.Total().Add(cents(1)))), pos.CodeNotRefundable},
		"all that was paid":        {code(r.Amount(b.Total())), ""},
		"less than nothing":        {code(r.Amount(cents(-1))), pos.CodeInvalidAmount},
		"nothing":                  {code(r.Amount(cents(0))), pos.CodeNotRefundable},
		"other money":              {code(r.Amount(pos.NewMoney(dec("5"), pos.Currency{Code: "AUD", Decimals: 2}))), pos.CodeInvalidCurrency},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %q, want %q", name, c[0], c[1])
		}
	}
}

// Where an earlier refund cannot be held against what was paid, nothing is left.
func TestARefundInOtherMoneyLeavesNothing(t *testing.T) {
	t.Parallel()
	b := sold(t)
	aud := pos.NewMoney(dec("5"), pos.Currency{Code: "AUD", Decimals: 2})
	if r := pos.ReturnsOf(b.LineItems(), b.Total(), []pos.Refund{{Value: aud}}); r.Left.Sign() != 0 {
		t.Errorf("%s left", r.Left)
	}
	if r := pos.ReturnsOf(b.LineItems(), pos.Money{}, nil); r.Amount(cents(5)) == nil {
		t.Error("given back of what is not known")
	}
}

// The same thing on two lines, at two prices: each is given back as what it cost.
func TestLikeLinesAreToldApart(t *testing.T) {
	t.Parallel()
	items := []pos.LineItem{{Name: "Open price", Qty: dec("1"), Price: dec("900")}, {Name: "Open price", Qty: dec("1"), Price: dec("500")}}
	r := pos.ReturnsOf(items, cents(1400), nil)
	value, back, err := r.Of([]pos.Return{{Line: 1, Qty: dec("1")}})
	if err != nil {
		t.Fatal(err)
	}
	r = pos.ReturnsOf(items, cents(1400), []pos.Refund{{Value: value, Lines: back}})
	if r.Lines[0].Left().Minor().IntPart() != 900 || r.Lines[1].QtyLeft().Sign() != 0 {
		t.Errorf("%+v", r)
	}
	strange := []pos.LineItem{{Name: "Mug", Qty: dec("1"), Price: dec("900")}, {Name: "Open price", Qty: dec("0"), Price: dec("500")},
		{Name: "Open price", Qty: dec("-1"), Price: dec("500")}, {Name: "Open price", Qty: dec("3"), Price: dec("2000")}}
	r = pos.ReturnsOf(items, cents(1400), []pos.Refund{{Value: cents(2000), Lines: strange}})
	if r.Left.Sign() != 0 || r.Lines[0].Left().Sign() < 0 || r.Lines[1].Left().Sign() < 0 {
		t.Errorf("refunds that make no sense: %+v", r)
	}
}

// Any basket, brought back in any order and portions: each refund's lines add up to its
// value, nothing above what was paid is ever given, and all of it comes to all of it.
func TestEverythingBroughtBackIsWhatWasPaid(t *testing.T) {
	t.Parallel()
	whole, refunds := 0, 0
	for seed := range uint64(4000) {
		h := newHand(seed + 700_000)
		b := h.basket(14)
		if b.Total().Sign() == 0 {
			continue
		}
		paid := b.Total()
		if h.rng.IntN(4) == 0 {
			paid = cents(1 + h.rng.Int64N(paid.Minor().IntPart()))
		}
		byAmount := h.rng.IntN(3) == 0
		var earlier []pos.Refund
		given := cents(0)
		for range 200 {
			r := pos.ReturnsOf(b.LineItems(), paid, earlier)
			if !r.Left.Equal(paid.Sub(given)) {
				t.Fatalf("seed %d: %s left of %s after %s", seed, r.Left, paid, given)
			}
			refund, ok := h.bringsBack(t, r, byAmount)
			if !ok {
				break
			}
			earlier, given = append(earlier, refund), given.Add(refund.Value)
			refunds++
			if given.Cmp(paid) > 0 {
				t.Fatalf("seed %d: %s given back of %s", seed, given, paid)
			}
		}
		last := pos.ReturnsOf(b.LineItems(), paid, earlier)
		left := dec("0")
		for _, l := range last.Lines {
			left = left.Add(l.QtyLeft())
			if l.Refunded.Cmp(l.Paid) > 0 {
				t.Fatalf("seed %d: %s of %s given back for %s", seed, l.Refunded, l.Paid, l.Item.Name)
			}
		}
		if left.IsZero() && !byAmount && paid.Equal(b.Total()) {
			whole++
			if !given.Equal(paid) {
				t.Fatalf("seed %d: all was brought back and %s of %s given", seed, given, paid)
			}
		}
	}
	if whole < 500 || refunds < 10_000 {
		t.Errorf("only %d sales were brought back whole, by %d refunds", whole, refunds)
	}
}

// bringsBack refunds something that can be; false when that is hard to find.
func (h *hand) bringsBack(t *testing.T, r pos.Returns, byAmount bool) (pos.Refund, bool) {
	t.Helper()
	if byAmount && h.rng.IntN(2) == 0 && r.Left.Sign() > 0 {
		value := cents(1 + h.rng.Int64N(r.Left.Minor().IntPart()))
		if err := r.Amount(value); err != nil {
			t.Fatal(err)
		}
		return pos.Refund{Value: value}, true
	}
	var brought []pos.Return
	for i, l := range r.Lines {
		qty := l.QtyLeft()
		switch {
		case qty.IsZero() || h.rng.IntN(3) == 0:
			continue
		case h.rng.IntN(2) == 0 && l.Item.Qty.IsInteger():
			qty = dec(fmt.Sprint(1 + h.rng.Int64N(qty.IntPart())))
		case h.rng.IntN(2) == 0 && !l.Item.Qty.IsInteger():
			qty = qty.Div(dec("2")).RoundUp(3)
		}
		brought = append(brought, pos.Return{Line: i, Qty: qty})
	}
	for tries := 0; len(brought) > 0 && tries < 40; tries++ {
		value, items, err := r.Of(brought)
		if err == nil {
			if err := pos.CheckLines(items, value, pos.Money{}); err != nil {
				t.Fatal(err)
			}
			return pos.Refund{Value: value, Lines: items}, true
		}
		brought = brought[:len(brought)-1] // fewer, where less is left than that
	}
	for i, l := range r.Lines {
		if value, items, err := r.Of([]pos.Return{{Line: i, Qty: l.QtyLeft()}}); err == nil {
			return pos.Refund{Value: value, Lines: items}, true
		}
	}
	return pos.Refund{}, false
}

// Piece by piece each comes to its share, to the cent.
func TestPiecesComeBackAtTheirShare(t *testing.T) {
	t.Parallel()
	items := []pos.LineItem{{Name: "Scone", Qty: dec("7"), Price: dec("1000")}}
	var earlier []pos.Refund
	for i, want := range []int64{143, 143, 143, 142, 143, 143, 143} {
		value, back, err := pos.ReturnsOf(items, cents(1000), earlier).Of([]pos.Return{{Line: 0, Qty: dec("1")}})
		if err != nil || !value.Equal(cents(want)) {
			t.Errorf("scone %d: %s, %v", i+1, value, err)
		}
		earlier = append(earlier, pos.Refund{Value: value, Lines: back})
	}
}

// A discount that is a line of its own is taken off what it was given for.
func TestADiscountLineIsOfItsTaxRate(t *testing.T) {
	t.Parallel()
	fifteen, none := dec("15.00"), dec("0")
	items := []pos.LineItem{
		{Name: "Tea", Qty: dec("1"), Price: dec("1000"), Tax: new(dec("15"))},
		{Name: "Gin", Qty: dec("1"), Price: dec("1000"), Tax: new(dec("15")), Restricted: true},
		{Name: "Voucher", Qty: dec("1"), Price: dec("1000"), Tax: &none},
		{Name: "Discount", Qty: dec("1"), Price: dec("-300"), Tax: &fifteen},
	}
	check := func(what string, want ...int64) {
		t.Helper()
		for i, l := range pos.ReturnsOf(items, cents(2700), nil).Lines {
			if !l.Left().Equal(cents(want[i])) {
				t.Errorf("%s: %s of %s", what, l.Left(), l.Item.Name)
			}
		}
	}
	check("off the tea", 700, 1000, 1000)
	items[3].Price = dec("-1200") // more than the tea came to: the rest is off the others
	check("off the tea and more", 0, 900, 900)
	items[3].Tax = nil
	check("of no rate", 600, 600, 600)
}
