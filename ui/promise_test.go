package ui

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"centrapos/pos"
	"centrapos/ui/widget"
)

// shelf is what the property tests sell: by the piece and by weight, with codes that
// are short numbers, and one whose price stands in its label.
func shelf(list pos.ProductList) pos.ProductList {
	return append(list[:len(list):len(list)],
		pos.Product{SKU: "4011", Name: "Bananas", Unit: pos.UnitKg, Price: cents(399), TaxRate: dec("0")},
		pos.Product{SKU: "3", Name: "Three", Unit: pos.UnitEach, Price: cents(300), TaxRate: dec("15")},
		pos.Product{SKU: "LAMB", Name: "Lamb shoulder", Unit: pos.UnitKg, Price: cents(3290), TaxRate: dec("15")},
		pos.Product{SKU: "ODD-1", GTIN: "00012345", Name: "-5 mm drill", Unit: pos.UnitEach, Price: cents(150), TaxRate: dec("15")},
	)
}

// entryTexts are texts that staff may type: well formed, nearly so, and anything.
func entryTexts() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{
			"12.50", "3*12.50", "12.50*3", "0.425*lamb", "lamb", "3*", "*", "-5", "+5", "- 5", "0", "0*1", "4011", "0.50*4011", "12.50*4",
			"2*4011", "1.5*scone", "9421900000017", "3*9421900000017", "2100001012342", "2*2100001012342", "2100001000004", "scone", "zzz", "/", "/pay", "/qty 3",
			"/qty", "/discount 10%", "/discount 1.00 why", "/discount-all 5%", "/discount 200%", "/price 3.00 dent", "/price 3.00", "/remove", "/undo",
			"/nosuch", "/plus", "/note hot", "/note-sale x", "/customer-ref 12", "9999*9999.99", "1,000.00", "12,50", "$5", "2*3*4", "1219210961929460",
			"1219210961929461", "-5 mm", "/hold", "/hold Ann", "/recall", "/clear",
		}),
		rapid.Custom(func(t *rapid.T) string {
			qty := rapid.SampledFrom([]string{"", "", "3*", "0.425*", "12.50*", "10000*", "1.2345*", "00*"}).Draw(t, "qty")
			what := rapid.OneOf(rapid.StringMatching(`[0-9]{1,14}`), rapid.StringMatching(`[0-9]{0,4}\.[0-9]{0,3}`),
				rapid.SampledFrom([]string{"flat", "date scone", "bananas", "lamb sh", "-5 mm drill", "odd-1", "00012345"})).Draw(t, "what")
			return qty + what
		}),
		rapid.StringMatching(`[ -~]{1,14}`),
	)
}

// What stands beside the line before Enter is what Enter does: what it calls refused
// changes nothing and stays to be put right, and what it promises happens, to the cent.
func TestThePreviewIsWhatEnterDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		before := rapid.SliceOfN(rapid.SampledFrom([]string{"9421900000036", "12.50", "0.425*4011", "3*9421900000017"}), 0, 3).Draw(r, "before")
		text := entryTexts().Draw(r, "text")
		broken := ""
		driven(t, func(d *desk) {
			d.work.ProductList = shelf(d.work.ProductList)
			for _, each := range before {
				d.scan(each)
			}
			broken = brokenPromise(d, text)
		})
		if broken != "" {
			r.Fatal(broken)
		}
	})
}

// brokenPromise types a text, reads what is promised, presses Enter, and says how the
// one differs from the other; empty when it does not.
func brokenPromise(d *desk, text string) string {
	d.m.sale.line = d.m.sale.line.with(text)
	s, _, cmd := d.m.sale.edited()
	d.m.sale = s
	d.run(cmd)
	d.send()
	typed, o, shown := d.m.sale.line.text(), d.m.sale.standing(), d.screen()
	entries, place := d.m.sale.basket.Entries(), d.m.place
	if strings.TrimSpace(typed) == "" || typed == "/" {
		return ""
	}
	if o.waits {
		return fmt.Sprintf("%q: the product list was not asked", typed)
	}
	d.send(keyMsg("enter"))
	d.send()
	after, left := d.m.sale.basket, d.m.sale.line.text()
	switch {
	case o.refused != "" && (after.Entries() != entries || d.m.place != place || d.m.prompt.open()):
		return fmt.Sprintf("%q is refused (%s) and did something", typed, o.refused)
	case o.refused != "" && left != typed && !strings.HasPrefix(typed, "/"):
		return fmt.Sprintf("%q is refused (%s) and the line holds %q", typed, o.refused, left)
	case o.refused != "":
	case left == typed:
		return fmt.Sprintf("%q promises %q and Enter does nothing", typed, o.says)
	case o.do == nil && (!after.Total().Equal(o.basket.Total()) || after.Len() != o.basket.Len() || !after.Items().Equal(o.basket.Items())):
		return fmt.Sprintf("%q promises %q, which is %s, and the basket comes to %s", typed, o.says, o.basket.Total(), after.Total())
	}
	if said := strings.Fields(widget.Clean(cmp.Or(o.refused, o.says))); len(said) > 0 && d.m.look.grammar.parseEntry(typed, false).kind != entryNothing {
		for _, word := range said {
			if widget.Width(word) < 40 && !strings.Contains(shown, word) {
				return fmt.Sprintf("%q: %q of %q is not to be read before Enter:\n%s", typed, word, said, shown)
			}
		}
	}
	return ""
}
