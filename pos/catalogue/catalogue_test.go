package catalogue_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"centrapos/pos"
	"centrapos/pos/catalogue"
)

func nzd(tb testing.TB) pos.Currency {
	tb.Helper()
	c, err := pos.CurrencyOf("NZD")
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func opened(t *testing.T) *catalogue.Catalogue {
	t.Helper()
	c, err := catalogue.Open(t.Context(), t.TempDir(), nzd(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// take imports a file's text and gives its report and notes.
func take(t *testing.T, c *catalogue.Catalogue, text string, options catalogue.ImportOptions) (catalogue.Report, []catalogue.Note) {
	t.Helper()
	var notes []catalogue.Note
	options.Note = func(n catalogue.Note) { notes = append(notes, n) }
	report, err := c.Import(t.Context(), strings.NewReader(text), options)
	if err != nil {
		t.Fatal(err)
	}
	if got := report.Taken() + report.Bad + report.Left; got != report.Rows {
		t.Errorf("%v: %d rows are accounted for, of %d", report, got, report.Rows)
	}
	return report, notes
}

func product(t *testing.T, sku, gtin, name, price string) pos.Product {
	t.Helper()
	amount, err := pos.ParsePayable(price, nzd(t))
	if err != nil {
		t.Fatal(err)
	}
	return pos.Product{SKU: sku, GTIN: gtin, Name: name, Price: amount, TaxRate: decimal.NewFromInt(15)}
}

func put(t *testing.T, c *catalogue.Catalogue, p ...pos.Product) {
	t.Helper()
	for _, p := range p {
		if err := c.Put(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
}

func found(t *testing.T, c *catalogue.Catalogue, words string) []string {
	t.Helper()
	list, err := c.Search(t.Context(), words, 8)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range list {
		names = append(names, p.Name)
	}
	return names
}

func TestScansMatchExactly(t *testing.T) {
	t.Parallel()
	c := opened(t)
	put(t, c, product(t, "A1", "036000291452", "Tissues", "2.50"), product(t, "0042", "", "Bun", "1.00"))
	for code, want := range map[string]string{
		"036000291452": "Tissues", "0036000291452": "Tissues", "0042": "Bun", "a1": "Tissues",
		"36000291452": "", "42": "", "00036000291452": "", "": "",
	} {
		p, ok, err := c.ByCode(t.Context(), code)
		if err != nil || ok != (want != "") || p.Name != want {
			t.Errorf("%q finds %q, %v, %v; want %q", code, p.Name, ok, err, want)
		}
	}
}

func TestSearchForgives(t *testing.T) {
	t.Parallel()
	c := opened(t)
	take(t, c, "sku,name,price\n1,Flat white,5.50\n2,Milk chocolate bar,3.00\n3,Chocolate cake,6.00\n4,Whittaker's Chocolate,7.00\n"+
		"5,Kūmara chips,4.00\n6,Café au lait,5.00\n7,Milk,2.00\n8,Oat milk,2.50\n9,\"50% cocoa \"\"dark\"\"\",8.00\n", catalogue.ImportOptions{})
	for typed, want := range map[string]string{
		"choc":          "Chocolate cake|Milk chocolate bar|Whittaker's Chocolate", // what begins with it first
		"milk":          "Milk|Milk chocolate bar|Oat milk",
		"MILK CH":       "Milk chocolate bar",
		"kumara":        "Kūmara chips",
		"kūm":           "Kūmara chips",
		"cafe":          "Café au lait",
		"whi":           "Whittaker's Chocolate",
		"flt white":     "", // three letters are too few to guess at
		"falt":          "Flat white",
		"choclate":      "Chocolate cake|Milk chocolate bar|Whittaker's Chocolate",
		"chcolaet":      "Chocolate cake|Milk chocolate bar|Whittaker's Chocolate",
		"chocalate bar": "Milk chocolate bar",
		"kumrra":        "Kūmara chips",
		"50%":           "50% cocoa \"dark\"",
		"\"*":           "",
		"NEAR(":         "",
		"zzz":           "",
	} {
		names := found(t, c, typed)
		if typed == "whi" { // "Flat white" too, after what begins with it
			names = names[:1]
		}
		if got := strings.Join(names, "|"); got != want {
			t.Errorf("%q finds %q, want %q", typed, got, want)
		}
	}
}

func TestSearchKnowsWordsEnteredLater(t *testing.T) {
	t.Parallel()
	c := opened(t)
	take(t, c, "sku,name,price\n1,Flat white,5.50\n", catalogue.ImportOptions{})
	put(t, c, product(t, "2", "", "Pavlova", "9.00"))
	if got := found(t, c, "pavl"); len(got) != 1 {
		t.Errorf("as typed: %q", got)
	}
	if err := c.RefreshWords(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := found(t, c, "pavolva"); len(got) != 1 {
		t.Errorf("misspelt: %q", got)
	}
	if err := c.Remove(t.Context(), "2"); err != nil {
		t.Fatal(err)
	}
	if got := found(t, c, "pavlova"); len(got) != 0 {
		t.Errorf("taken out: %q", got)
	}
}

func TestPutRefusesWhatNoProductCanBe(t *testing.T) {
	t.Parallel()
	c := opened(t)
	put(t, c, product(t, "1", "9421900000012", "Scone", "6.00"))
	if err := c.Put(t.Context(), product(t, "2", "9421900000012", "Bun", "1.00")); !errors.Is(err, catalogue.ErrBarcodeTaken) {
		t.Errorf("a barcode twice: %v", err)
	}
	var input *pos.InputError
	for what, p := range map[string]pos.Product{"no name": product(t, "3", "", " ", "1.00"), "no number": product(t, "", "", "Bun", "1.00"), "no price": {SKU: "4", Name: "Bun"}} {
		if err := c.Put(t.Context(), p); !errors.As(err, &input) {
			t.Errorf("%s: %v", what, err)
		}
	}
	put(t, c, product(t, "1", "", "Cheese scone", "6.50")) // in place of the other
	if p, ok, err := c.ByCode(t.Context(), "1"); err != nil || !ok || p.Name != "Cheese scone" || p.Price.Format() != "NZD 6.50" {
		t.Errorf("changed to %+v, %v, %v", p, ok, err)
	}
	if n, err := c.Count(t.Context()); n != 1 || err != nil {
		t.Errorf("%d products, %v", n, err)
	}
}

func TestQuickKeys(t *testing.T) {
	t.Parallel()
	c := opened(t)
	put(t, c, product(t, "1", "", "Scone", "6.00"), product(t, "2", "", "Bun", "1.00"))
	for number, sku := range map[int]string{1: "2", 7: "1"} {
		if err := c.SetQuick(t.Context(), number, sku); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.SetQuick(t.Context(), 2, "nothing"); !errors.Is(err, catalogue.ErrNoProduct) {
		t.Errorf("a product there is not: %v", err)
	}
	if err := c.SetQuick(t.Context(), 0, "1"); err == nil {
		t.Error("the number 0 was taken")
	}
	keys, err := c.QuickKeys(t.Context())
	if err != nil || len(keys) != 2 || keys[0].Number != 1 || keys[0].Product.Name != "Bun" || keys[1].Product.Name != "Scone" {
		t.Errorf("quick keys: %+v, %v", keys, err)
	}
	if err := c.Remove(t.Context(), "2"); err != nil {
		t.Fatal(err)
	}
	if keys, err = c.QuickKeys(t.Context()); err != nil || len(keys) != 1 {
		t.Errorf("after its product has gone: %+v, %v", keys, err)
	}
}

func TestOneCurrency(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c, err := catalogue.Open(t.Context(), dir, nzd(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	aud, err := pos.CurrencyOf("AUD")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := catalogue.Open(t.Context(), dir, aud); !errors.Is(err, catalogue.ErrCurrency) {
		t.Errorf("opened in another currency: %v", err)
	}
}
