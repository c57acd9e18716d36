package pos_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"centrapos/pos"
)

var (
	flatWhite = pos.Product{SKU: "FW", GTIN: "9421900000017", Name: "Flat white", Price: cents(550), Unit: pos.UnitEach, TaxRate: dec("15")}
	lamb      = pos.Product{SKU: "LAMB", Name: "Lamb shoulder", Price: cents(3290), Unit: pos.UnitKg, TaxRate: dec("15")}
	voucher   = pos.Product{SKU: "GV", Name: "Gift voucher", Price: cents(2000), Unit: pos.UnitEach, TaxRate: dec("0"), Restricted: true}
)

// ring rings products up and gives the basket; it fails the test on refusal.
func ring(t *testing.T, b pos.Basket, p pos.Product, qty string) (pos.Basket, int) {
	t.Helper()
	b, id, err := b.AddProduct(p, dec(qty))
	if err != nil {
		t.Fatalf("%s of %s: %v", qty, p.Name, err)
	}
	return b, id
}

func TestBasketOfThePictureInTheDesign(t *testing.T) {
	t.Parallel()
	b := pos.NewBasket(nzd)
	b, _ = ring(t, b, flatWhite, "2")
	b, _ = ring(t, b, lamb, "0.425")
	b, id := ring(t, b, voucher, "1")
	if !b.Total().Equal(cents(1100 + 1398 + 2000)) {
		t.Errorf("total %s", b.Total())
	}
	if want := pos.TaxIncluded(cents(1100+1398), dec("15")); !b.Tax().Equal(want) {
		t.Errorf("GST %s, want %s: the voucher has none", b.Tax(), want)
	}
	if !b.Items().Equal(dec("4")) || b.Currency() != nzd {
		t.Errorf("%s items in %v", b.Items(), b.Currency())
	}
	if l, found := b.Line(id); !found || !l.Restricted || l.Name != "Gift voucher" {
		t.Errorf("line %d: %v", id, l)
	}
	if _, found := b.Line(99); found {
		t.Error("found a line that is not there")
	}
}

func TestPiecesJoinTheirLine(t *testing.T) {
	t.Parallel()
	b, first := ring(t, pos.NewBasket(nzd), flatWhite, "1")
	b, second := ring(t, b, flatWhite, "2")
	b, meat := ring(t, b, lamb, "0.5")
	b, meatAgain := ring(t, b, lamb, "0.5")
	if first != second || len(b.Lines()) != 3 || meat == meatAgain {
		t.Errorf("lines %v", b.Lines())
	}
	if l, _ := b.Line(first); !l.Qty.Equal(dec("3")) {
		t.Errorf("%s flat whites", l.Qty)
	}
	dearer := flatWhite
	dearer.Price = cents(600)
	if b, _ = ring(t, b, dearer, "1"); len(b.Lines()) != 4 {
		t.Error("another price joined the line")
	}
}

// What is typed in and has a product's name by chance is another thing, with a
// tax rate of its own.
func TestAnotherTaxRateIsAnotherLine(t *testing.T) {
	t.Parallel()
	b, _, err := pos.NewBasket(nzd).AddOpen("Stamp", cents(200), dec("1"), dec("15"))
	if err != nil {
		t.Fatal(err)
	}
	stamp := pos.Product{Name: "Stamp", Price: cents(200), Unit: pos.UnitEach, TaxRate: dec("0")}
	b, _ = ring(t, b, stamp, "1")
	if !b.Tax().Equal(pos.TaxIncluded(cents(200), dec("15"))) {
		t.Errorf("GST %s on one taxed and one untaxed stamp", b.Tax())
	}
}

func TestBasketRefuses(t *testing.T) {
	t.Parallel()
	b, id := ring(t, pos.NewBasket(nzd), flatWhite, "1")
	qty := func(q string) error { _, err := b.SetQty(id, dec(q)); return err }
	add := func(p pos.Product, q string) error { _, _, err := b.AddProduct(p, dec(q)); return err }
	open := func(price int64, q string) error {
		_, _, err := b.AddOpen("thing", cents(price), dec(q), dec("15"))
		return err
	}
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"no quantity":            {qty("0"), pos.CodeInvalidQuantity},
		"less than none":         {qty("-1"), pos.CodeInvalidQuantity},
		"half a coffee":          {qty("0.5"), pos.CodeInvalidQuantity},
		"a barcode for quantity": {qty("9421900000017"), pos.CodeInvalidQuantity},
		"at the limit":           {qty("9999"), ""},
		"over the limit":         {qty("10000"), pos.CodeInvalidQuantity},
		"joins over the limit":   {add(flatWhite, "9999"), pos.CodeInvalidQuantity},
		"half a coffee added":    {add(flatWhite, "0.5"), pos.CodeInvalidQuantity},
		"to the gram":            {add(lamb, "0.425"), ""},
		"finer than a gram":      {add(lamb, "0.4255"), pos.CodeInvalidQuantity},
		"weighs nothing":         {add(lamb, "0"), pos.CodeInvalidQuantity},
		"free":                   {open(0, "1"), pos.CodeInvalidAmount},
		"negative price":         {open(-5, "1"), pos.CodeInvalidAmount},
		"line over the limit":    {open(99_999_999, "2"), pos.CodeInvalidAmount},
		"worth less than a cent": {open(1, "0.001"), pos.CodeInvalidAmount},
	} {
		if got := code(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if unchanged, err := b.SetQty(99, dec("2")); code(err) != pos.CodeNoSuchLine || unchanged.Len() != 1 {
		t.Errorf("a line that is not there: %v, %v", unchanged.Lines(), err)
	}
}

func TestDiscountIsInThePriceAndToldWithoutTax(t *testing.T) {
	t.Parallel()
	l := pos.BasketLine{Name: "Cheese scone", Unit: pos.UnitEach, Each: cents(600), Qty: dec("2"), Discount: cents(115), TaxRate: dec("15")}
	item := l.LineItem()
	if !item.Price.Equal(dec("1085")) || item.Discount == nil || !item.Discount.Equal(dec("100")) || !item.Tax.Equal(dec("15")) {
		t.Errorf("%+v", item)
	}
	l.Discount = cents(0)
	if l.LineItem().Discount != nil {
		t.Error("a discount of nothing is told")
	}
}

// change is one change of a basket, drawn at random.
func change(t *rapid.T, b pos.Basket) pos.Basket {
	qty := decimal.New(rapid.Int64Range(-2000, 30_000).Draw(t, "qty"), -3)
	if rapid.Bool().Draw(t, "whole") {
		qty = qty.Ceil()
	}
	id := rapid.IntRange(0, 12).Draw(t, "line")
	var err error
	switch rapid.IntRange(0, 5).Draw(t, "what") {
	case 0, 1:
		b, _, err = b.AddProduct(rapid.SampledFrom([]pos.Product{flatWhite, lamb, voucher}).Draw(t, "product"), qty)
	case 2:
		rate := rapid.SampledFrom([]string{"0", "15", "12.5"}).Draw(t, "rate")
		b, _, err = b.AddOpen("Open", cents(rapid.Int64Range(-1, 1_000_000).Draw(t, "price")), qty, dec(rate))
	case 3:
		b, err = b.SetQty(id, qty)
	case 4:
		b, err = b.Remove(id, "")
	case 5:
		b, err = b.Clear("")
	}
	if err != nil && code(err) == err.Error() {
		t.Fatalf("a refusal without a code: %v", err)
	}
	return b
}

func TestBasketAlwaysAddsUpAndUndoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := pos.NewBasket(nzd)
		for range rapid.IntRange(1, 30).Draw(t, "changes") {
			before, shown := b, fmt.Sprint(b.Lines())
			b = change(t, b)
			if fmt.Sprint(before.Lines()) != shown {
				t.Fatal("a change reached back into the basket it came from")
			}
			if items := b.LineItems(); !pos.SumOfLines(items, nzd).Equal(b.Total()) || pos.CheckLines(items, b.Total(), pos.Money{}) != nil {
				t.Fatalf("the lines add up to %s, the basket to %s", pos.SumOfLines(items, nzd), b.Total())
			}
			if tax := b.Tax(); tax.Sign() < 0 || tax.Cmp(b.Total()) > 0 {
				t.Fatalf("GST %s inside %s", tax, b.Total())
			}
			if fmt.Sprint(b.Lines()) == shown {
				continue
			}
			undone, did := b.Undo()
			if !did || fmt.Sprint(undone.Lines()) != shown {
				t.Fatalf("undone: %v, before: %s", undone.Lines(), shown)
			}
		}
	})
}

func TestUndoGoesBackToTheBeginning(t *testing.T) {
	t.Parallel()
	b := pos.NewBasket(nzd)
	var trail []string
	for i := range 150 {
		trail = append(trail, fmt.Sprint(b.Lines()))
		var err error
		if b, _, err = b.AddOpen(fmt.Sprint("thing ", i), cents(100), dec("1"), dec("15")); err != nil {
			t.Fatal(err)
		}
	}
	for i := len(trail) - 1; i >= 0; i-- {
		var did bool
		if b, did = b.Undo(); !did || fmt.Sprint(b.Lines()) != trail[i] {
			t.Fatalf("step %d is not undone", i)
		}
	}
	if _, did := b.Undo(); did || !b.IsEmpty() {
		t.Error("more was undone than was done")
	}
}

func TestLinesKeepTheirIDs(t *testing.T) {
	t.Parallel()
	b, first := ring(t, pos.NewBasket(nzd), flatWhite, "1")
	b, second := ring(t, b, lamb, "1")
	b, _ = b.Undo()
	b, third := ring(t, b, voucher, "1")
	if first == second || third == second || third == first {
		t.Errorf("ids %d, %d, %d", first, second, third)
	}
	b, err := b.Remove(first, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, found := b.Line(third); !found {
		t.Error("removing one line lost another")
	}
}
