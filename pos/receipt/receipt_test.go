package receipt_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rivo/uniseg"
	"github.com/shopspring/decimal"

	"centrapos/pos"
	"centrapos/pos/receipt"
)

func nzd(t *testing.T) pos.Currency {
	t.Helper()
	c, err := pos.CurrencyOf("NZD")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func money(t *testing.T, text string) pos.Money {
	t.Helper()
	m, err := pos.ParseAmount(text, nzd(t))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var one = decimal.NewFromInt(1)

var occasion = receipt.Occasion{
	Shop: receipt.Shop{Name: "Te Kāuta Café", Lines: []string{"12 Queen Street, Tāmaki Makaurau", "09 555 0100"}, GSTNumber: "123-456-789",
		Footer: []string{"Ka kite anō!"}},
	Till: "till-1", Operator: "Mia", Number: "T1-0042", At: time.Date(2026, 11, 21, 14, 2, 0, 0, time.UTC),
	Cash: pos.CashRounding{}, ShortCodes: map[string]string{"T1-0042-a": "CP-X4V-6N"},
}

// must takes the result of a change to a basket.
func must(t *testing.T) func(b pos.Basket, err error) pos.Basket {
	t.Helper()
	return func(b pos.Basket, err error) pos.Basket {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}

// lunch is the basket of the pictures: two lines with a discount, a weight, and a
// part of it paid by cash.
func lunch(t *testing.T) pos.Basket {
	t.Helper()
	do := must(t)
	b := pos.NewBasketAt(nzd(t), "till-1").As("Mia", occasion.At)
	add := func(p pos.Product, qty string) int {
		t.Helper()
		next, id, err := b.AddProduct(p, decimal.RequireFromString(qty))
		b = do(next, err)
		return id
	}
	rate := decimal.NewFromInt(15)
	add(pos.Product{SKU: "FW", Name: "Flat white", Price: money(t, "5.50"), Unit: pos.UnitEach, TaxRate: rate}, "2")
	scone := add(pos.Product{SKU: "SC", Name: "Cheese scone, warm, with butter and a little too much to say about it", Price: money(t, "6.00"), Unit: pos.UnitEach, TaxRate: rate}, "1")
	add(pos.Product{SKU: "HAM", Name: "Ham", Price: money(t, "32.00"), Unit: pos.UnitKg, TaxRate: rate}, "0.425")
	add(pos.Product{SKU: "GC", Name: "Gift card", Price: money(t, "10.00"), Unit: pos.UnitEach}, "1")
	b = do(b.DiscountLine(scone, pos.PercentOff(decimal.NewFromInt(10), "yesterday's")))
	b = do(b.NoteLine(scone, "no onion"))
	next, _, err := b.DiscountAll(pos.AmountOff(money(t, "1.00"), "voucher"))
	return do(next, err)
}

func paid(t *testing.T, b pos.Basket, given string) pos.Basket {
	t.Helper()
	return must(t)(b.TakeCash(money(t, given), pos.CashRoundingOf(nzd(t))))
}

func TestReceiptOfASale(t *testing.T) {
	t.Parallel()
	o := occasion
	o.Cash = pos.CashRoundingOf(nzd(t))
	o.Training = true
	r := receipt.OfSale(paid(t, lunch(t), "50.00"), o)
	if err := r.Check(); err != nil {
		t.Fatal(err)
	}
	want := `         TRAINING - no real money
              Te Kāuta Café
     12 Queen Street, Tāmaki Makaurau
               09 555 0100
             GST 123-456-789

               TAX INVOICE
T1-0042                  21 Nov 2026 14:02
till-1                                 Mia
------------------------------------------
Flat white
  2 x 5.50                           11.00
Cheese scone, warm, with butter and a
little too much to say about it       6.00
  Discount 10 %                      -0.60
  no onion
Ham
  0.425 kg x 32.00                   13.60
Gift card                            10.00
------------------------------------------
Discount                             -1.00
TOTAL                            NZD 39.00
includes GST 15 % of 29.25            3.82
includes GST 0 % of 9.75              0.00

Cash                                 39.00
  given                              50.00
Change                               11.00

               Ka kite anō!
         TRAINING - no real money
`
	if got := receipt.Text(r, receipt.Usual); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	r.Copy = 2
	if got := receipt.Text(r, receipt.Narrow); strings.Count(got, "COPY 2") != 2 || !strings.Contains(got, "TOTAL                  NZD 39.00\n") {
		t.Errorf("a copy:\n%s", got)
	}
}

func TestReceiptOfARefund(t *testing.T) {
	t.Parallel()
	refund := pos.Refund{Value: money(t, "6.00"), ExternalRef: "R1", Lines: []pos.LineItem{{Name: "Scone", Qty: decimal.NewFromInt(2), Price: decimal.NewFromInt(600)}}}
	o := occasion
	o.ShortCodes = map[string]string{"R1": "CP-AAA-BB"}
	r := receipt.OfRefund(refund, receipt.Amount{Name: "Centrapay NZD", Value: money(t, "6.00")}, "CP-X4V-6N", o)
	if err := r.Check(); err != nil {
		t.Error(err)
	}
	text := receipt.Text(r, receipt.Usual)
	for _, part := range []string{"REFUND", "of CP-X4V-6N", "Scone\n  2 x", "GIVEN BACK                        NZD 6.00", "Centrapay CP-AAA-BB"} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
}

func TestWhatIsMissing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		price, gst string
		buyer      []string
		missing    int
	}{
		{"200.00", "", nil, 0}, {"200.01", "", nil, 1}, {"200.01", "123", nil, 0}, {"1000.00", "123", nil, 0},
		{"1000.01", "123", nil, 1}, {"1000.01", "123", []string{"Aroha", "aroha@example.nz"}, 0}, {"1000.01", "", nil, 2},
	} {
		b, _, err := pos.NewBasket(nzd(t)).AddOpen("Thing", money(t, c.price), decimal.NewFromInt(1), decimal.NewFromInt(15))
		if err != nil {
			t.Fatal(err)
		}
		o := occasion
		o.Shop.GSTNumber, o.Buyer = c.gst, c.buyer
		if got := receipt.OfSale(b, o).Missing(); len(got) != c.missing {
			t.Errorf("%+v: missing %q", c, got)
		}
	}
}

// randomBasket is a basket of any size, paid for with cash in one or two parts.
func randomBasket(t *testing.T, rng *rand.Rand) pos.Basket {
	t.Helper()
	do := must(t)
	b := pos.NewBasketAt(nzd(t), "till-1").As("Mia", occasion.At)
	names := []string{"Flat white", "Ōtaki strawberries 250 g", "日本茶", "Crème brûlée “petite”", "x", strings.Repeat("very ", 20) + "long", "Pâté – 5€ off", "שלום"}
	for range 1 + rng.IntN(12) {
		p := pos.Product{SKU: fmt.Sprint(rng.IntN(1000)), Name: names[rng.IntN(len(names))], Unit: pos.UnitEach, TaxRate: decimal.NewFromInt(int64(15 * rng.IntN(2))),
			Price: pos.NewMoney(decimal.NewFromInt(1+rng.Int64N(200_00)), nzd(t))}
		qty := decimal.NewFromInt(1 + rng.Int64N(5))
		if rng.IntN(4) == 0 {
			p.Unit, qty = pos.UnitKg, decimal.New(1+rng.Int64N(5000), -3)
		}
		next, id, err := b.AddProduct(p, qty)
		if err != nil {
			continue // a weight of nothing, for instance
		}
		b = next
		if rng.IntN(3) == 0 {
			if next, err := b.DiscountLine(id, pos.PercentOff(decimal.NewFromInt(1+rng.Int64N(90)), "")); err == nil {
				b = next
			}
		}
	}
	if rng.IntN(3) == 0 && b.Total().Sign() > 0 {
		next, _, err := b.DiscountAll(pos.PercentOff(decimal.NewFromInt(1+rng.Int64N(50)), ""))
		b = do(next, err)
	}
	if b.Total().Sign() <= 0 {
		return randomBasket(t, rng)
	}
	if rng.IntN(2) == 0 && b.Total().Minor().GreaterThan(decimal.NewFromInt(1000)) {
		b = do(b.TakeElsewhere(pos.MethodCard, money(t, "5.00"), "slip 12"))
	}
	return paid(t, b, "20000.00")
}

// A receipt says what the basket says, at every width and on paper.
func TestFiguresAreTheBaskets(t *testing.T) {
	t.Parallel()
	o := occasion
	o.Cash = pos.CashRoundingOf(nzd(t))
	rng := rand.New(rand.NewPCG(7, 42))
	for range 1000 {
		b := randomBasket(t, rng)
		r := receipt.OfSale(b, o)
		if err := r.Check(); err != nil {
			t.Fatal(err)
		}
		var figures []string
		for _, line := range b.Lines() {
			figures = append(figures, line.Total().String())
			if line.Discount.Sign() != 0 {
				figures[len(figures)-1] = line.Gross().String()
				figures = append(figures, line.Discount.Neg().String())
			}
		}
		for _, d := range b.Discounts() {
			figures = append(figures, d.Amount.Neg().String())
		}
		figures = append(figures, b.Total().Format())
		for _, tax := range b.Taxes() {
			figures = append(figures, tax.Tax.String())
		}
		for _, p := range b.Tendering(o.Cash).Parts {
			figures = append(figures, p.Amount.String())
		}
		for _, width := range []int{receipt.Wide, receipt.Usual, receipt.Narrow} {
			text := receipt.Text(r, width)
			inOrder(t, text, figures)
			for line := range strings.Lines(text) {
				if uniseg.StringWidth(strings.TrimSuffix(line, "\n")) > width {
					t.Fatalf("wider than %d: %q", width, line)
				}
			}
			paper := printed(t, receipt.ESCPOS(r, receipt.Printer{Width: width, Pages: receipt.DefaultPrinter().Pages}))
			inOrder(t, paper, figures)
		}
	}
}

// inOrder finds each figure at the end of a line, one after the other.
func inOrder(t *testing.T, text string, figures []string) {
	t.Helper()
	rest := text
	for _, f := range figures {
		i := strings.Index(rest, " "+f+"\n")
		if i < 0 {
			t.Fatalf("no %q after what was found of %q in\n%s", f, figures, text)
		}
		rest = rest[i+len(f)+1:]
	}
}

func TestPDFIsAWholeFile(t *testing.T) {
	t.Parallel()
	o := occasion
	o.Cash = pos.CashRoundingOf(nzd(t))
	r := receipt.OfSale(paid(t, lunch(t), "50.00"), o)
	r.Parts[0].ShortCode = "CP-X4V-6N"
	var out bytes.Buffer
	if err := receipt.PDF(&out, r); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(out.Bytes(), []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(out.Bytes()), []byte("%%EOF")) || !bytes.Contains(out.Bytes(), []byte("/Count 1")) {
		t.Errorf("%d bytes that are no PDF of one page", out.Len())
	}
	if path := os.Getenv("CENTRAPOS_KEEP_PDF"); path != "" { // to look at
		if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
