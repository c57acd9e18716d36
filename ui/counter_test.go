package ui

import (
	"strings"
	"testing"
	"time"

	"centrapos/pos"
)

// A number that is typed behind its sign is refused, and the sign alone has done
// nothing: "-5" is not "-".
func TestASignBeforeANumber(t *testing.T) {
	t.Parallel()
	for _, sign := range []string{"-", "+"} {
		driven(t, func(d *desk) {
			d.scan("3*9421900000036")
			d.write(sign + "5")
			d.holds("3 Flat white 16.50")
			d.shows(sign + "5 is no price")
			d.press("enter")
			d.holds("3 Flat white 16.50")
			if got := d.m.sale.line.text(); got != sign+"5" {
				t.Errorf("the line holds %q, want what was typed", got)
			}
			d.press("esc", sign)
			d.pass(2 * time.Second)
			d.write("5")
			d.shows("open price 5.00")
		})
		driven(t, func(d *desk) { // an empty basket has nothing to take off
			d.write(sign + "5.00")
			d.press("enter")
			d.holds()
		})
	}
	driven(t, func(d *desk) { // the scanner is no hand: its digits belong to no sign
		d.scan("3*9421900000036")
		d.press("-")
		d.scan("9421900000017")
		d.holds("2 Flat white 11.00", "1 Cheese scone 6.00")
		if !d.m.sale.line.isEmpty() {
			t.Errorf("the line holds %q", d.m.sale.line.text())
		}
	})
}

func TestAQuantityTheWrongWayRound(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.work.ProductList = shelf(d.work.ProductList)
		d.write("12.50*4")
		d.shows("4 x 12.50 = 50.00")
		d.press("enter")
		d.write("0.50*4011")
		d.shows("Bananas  0.500 kg x 3.99 = 2.00")
		d.press("enter")
		d.write("0.50*4012")
		d.shows("No product has the code 4012, and 0.5 of a typed price is not sold")
		d.press("enter")
		d.holds("4 Open price 50.00", "0.5 Bananas 2.00")
	})
}

func TestLabelsWithAPriceOrAWeight(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.scan("2100001012342") // Lamb leg, 12.34
		d.holds("1 Lamb leg 12.34")
		d.scan("2100001012342")
		d.holds("2 Lamb leg 24.68")
		d.scan("2100001012341")
		d.says("its check digit is wrong")
		d.press("esc")
		d.scan("2100009012344")
		d.says("no product has the item number 100009")
	})
	driven(t, func(d *desk) {
		d.scan("2100001004255")
		d.holds("0.425 Lamb leg 10.58")
		d.shows("0.425 kg")
	}, func(c *Config) {
		c.EmbeddedForms = []pos.EmbeddedForm{{Prefix: "21", ItemDigits: 5, Weight: true, Decimals: 3}}
	})
}

// A customer's code goes straight to payment by it, from any screen that is in front.
func TestACustomersCodeIsAPayment(t *testing.T) {
	t.Parallel()
	const code = "1219210961929460"
	paidBy := func(t *testing.T, d *desk) {
		t.Helper()
		if d.m.place != onPay || len(d.work.sold()) != 1 || d.work.asked.Barcode != code {
			t.Errorf("the code did not lead to payment: place %d, sold %q\n%s", d.m.place, d.work.sold(), d.screen())
		}
	}
	driven(t, func(d *desk) {
		d.scan(code)
		d.says("there is nothing to pay yet")
		d.press("esc")
		d.scan("9421900000036")
		d.scan(code)
		paidBy(t, d)
	})
	driven(t, func(d *desk) {
		d.scan("9421900000036")
		d.write(code)
		d.shows("take NZD 5.50 by the customer's code")
		d.press("enter")
		paidBy(t, d)
	})
	for name, elsewhere := range map[string][]string{"unfinished": {"!"}, "more": {"f3"}, "help": {"?"}} {
		driven(t, func(d *desk) {
			d.scan("9421900000036")
			d.press(elsewhere...)
			d.scan(code)
			if t.Failed() {
				t.Log(name)
			}
			paidBy(t, d)
		})
	}
	driven(t, func(d *desk) {
		d.scan("9421900000036")
		d.scan("1219210961929461")
		d.says("customer's code with a wrong digit")
		if d.m.place != onSale {
			t.Error("a misread code leads to payment")
		}
	})
}

// Prices, discounts and notes are typed, shown before they happen, and undone.
func TestChangesThatAreTyped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, preview, shown string }{
		{"/price 5.00 dented tin", "Cheese scone  now 5.00 each, was 6.00: dented tin", "Cheese scone (was 6.00)"},
		{"/discount 10%", "10 % off Cheese scone: 12.00 becomes 10.80", "-1.20"},
		{"/discount 0.50 regular", "0.50 off Cheese scone: 12.00 becomes 11.50", "-0.50"},
		{"/discount-all 10%", "10 % off everything: 17.50 becomes 15.75", "Discount 10 % -1.75"},
		{"/discount-all 2.50", "2.50 off everything: 17.50 becomes 15.00", "Discount -2.50"},
		{"/note no butter", "note on Cheese scone: no butter", "Cheese scone · no butter"},
		{"/note-sale birthday", "note on this sale: birthday", "birthday"},
		{"/customer-ref M-1042", "customer M-1042", "customer M-1042"},
		{"/qty 4", "Cheese scone  4 x 6.00 = 24.00", "24.00"},
		{"/remove dropped", "take off Cheese scone  2 x 6.00 = 12.00: dropped", "5.50"},
	} {
		driven(t, func(d *desk) {
			d.scan("9421900000036")
			d.scan("2*9421900000017")
			before := d.m.sale.basket
			d.write(c.text)
			d.shows(c.preview)
			d.press("enter")
			d.shows(c.shown)
			if !d.m.sale.line.isEmpty() || d.m.sale.basket.Entries() != before.Entries()+1 {
				t.Errorf("%s: the line holds %q, and the basket has %d entries more", c.text, d.m.sale.line.text(), d.m.sale.basket.Entries()-before.Entries())
			}
			d.press("u")
			if after := d.m.sale.basket; !after.Total().Equal(before.Total()) || after.Note() != "" || after.Customer() != "" {
				t.Errorf("%s is not undone", c.text)
			}
		})
	}
}

func TestChangesThatCannotBe(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"/price 5.00":       "why?",
		"/price nothing x":  "not an amount",
		"/discount 101%":    "cannot be taken off",
		"/discount ten":     "neither an amount",
		"/discount off":     "has no discount",
		"/discount 99.00":   "more than the 12.00",
		"/discount-all off": "no discount on the basket",
		"/qty 1.5":          "sold by the piece",
		"/qty 0":            "more than zero",
		"/note off":         "has no note",
		"/customer-ref off": "no customer is named",
		"/recall somebody":  "F5 puts it aside first",
	} {
		driven(t, func(d *desk) {
			d.scan("2*9421900000017")
			before := d.m.sale.basket.Entries()
			d.write(text)
			d.press("enter")
			if d.m.sale.basket.Entries() != before {
				t.Errorf("%q changed the basket", text)
			}
			if got := d.m.sale.note.text + " " + d.screen(); !strings.Contains(strings.ToLower(got), strings.ToLower(want)) {
				t.Errorf("%q is answered by %q, want %q", text, d.m.sale.note.text, want)
			}
			if got := d.m.sale.line.text(); got != text {
				t.Errorf("%q is refused, and the line holds %q", text, got)
			}
		})
	}
}

func TestThePriceMenu(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.press("f8")
		d.shows("There is nothing in the basket yet")
		d.scan("2*9421900000017")
		d.press("f8")
		d.shows("Cheese scone  2 x 6.00", "Sell it at another price")
		d.press("d")
		d.write("10%")
		d.press("enter")
		d.holds("2 Cheese scone 10.80")
		d.press("f8", "b")
		d.write("5%")
		d.press("enter")
		d.shows("Discount 5 % -0.54", "10.26")
		d.press("f8", "x")
		d.holds("2 Cheese scone 12.00")
		d.press("f8", "t")
		d.shows("TOTAL     NZD      12.00")
		d.press("f8", "p")
		d.write("5.50 chipped")
		d.press("enter")
		d.holds("2 Cheese scone 11.00")
	})
}

// The long list of products shows more than fits under the line.
func TestTheLongList(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.press("f4")
		d.shows("Type a part of a name")
		d.write("p")
		d.shows("Products 1 of")
		for range 3 {
			d.press("down")
		}
		d.shows("Products 4 of")
		d.press("enter")
		d.hides("Products")
		if n := len(d.basket()); n != 1 {
			t.Errorf("the chosen product is not in the basket: %q", d.basket())
		}
	})
}

// No label of the sums moves while they grow.
func TestSumsStandStill(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		column := func() int {
			for line := range strings.SplitSeq(d.screen(), "\n") {
				if before, _, ok := strings.Cut(line, "TOTAL"); ok {
					return len(before)
				}
			}
			return -1
		}
		at := column()
		for _, price := range []string{"0.01", "99999.98", "0.01", "899999.99"} {
			d.scan(price)
			if now := column(); now != at {
				t.Errorf("with %s in the basket TOTAL stands in column %d, before in %d", d.m.sale.sums.total, now, at)
			}
		}
		d.shows("999,999.99")
	})
}

// Two tills of one shop can be told apart, however long the shop's name is.
func TestTheTillsNameIsInSight(t *testing.T) {
	t.Parallel()
	for _, till := range []string{"till-1", "till-2"} {
		driven(t, func(d *desk) { d.shows("· " + till + " ") }, func(c *Config) {
			c.Merchant, c.TillName = "The Very Long Name of a Shop in Palmerston North Limited", till
		})
	}
}

// A preview that has no room beside what is typed stands under it, whole.
func TestALongPreviewIsNotCut(t *testing.T) {
	t.Parallel()
	name := "Slow-roasted free-range lamb shoulder with rosemary and garlic"
	driven(t, func(d *desk) {
		d.work.ProductList = append(d.work.ProductList, pos.Product{SKU: "LONG", Name: name, Unit: pos.UnitEach, Price: cents(2350), TaxRate: dec("15")})
		d.write("2*slow-roasted free-range lamb")
		d.says(name, "2 x 23.50 = 47.00", "▸ Slow-roasted")
	})
}

// Names of any script, and names that hold anything, break no column and do nothing
// to the terminal, wherever they stand.
func TestOddNamesEverywhere(t *testing.T) {
	t.Parallel()
	names := []string{
		"カプチーノ 大", "قهوة عربية", "קפה שחור", "Cafe\u0301 cre\u0300me", "👩‍🍳 Chef’s special", "\x1b[31mred\x1b[0m alert", "e\u0301\u0302\u0303\u0304 stack",
		"Two\nlines", "\u202eright to left", "A name that is a good deal longer than there is room for in any column of this till",
	}
	for i, name := range names {
		driven(t, func(d *desk) {
			d.work.ProductList = append(d.work.ProductList, pos.Product{SKU: "ODD" + itoa(i), Name: name, Unit: pos.UnitEach, Price: cents(1234), TaxRate: dec("15")})
			fits := func(what string) {
				t.Helper()
				if problem := misfit(d.m.View(), d.m.width, d.m.height); problem != "" {
					t.Errorf("%q, %s: %s", name, what, problem)
				}
				if strings.Contains(d.m.View(), "\x1b[31mred") || strings.Contains(d.m.View(), "\u202e") {
					t.Errorf("%q, %s: what the name holds reaches the terminal", name, what)
				}
			}
			d.write("2*odd" + itoa(i))
			fits("found")
			d.press("f4")
			fits("in the long list")
			d.press("enter")
			fits("rung up")
			d.press("f8")
			fits("its price")
			d.press("esc")
			d.write("/note " + strings.ToValidUTF8(strings.Map(printableOnly, name), ""))
			fits("a note typed")
			d.press("enter")
			fits("noted")
			d.press("f5", "f6")
			fits("held")
			d.scan("NOT " + name)
			fits("missed")
		})
	}
}

func printableOnly(r rune) rune {
	if r < ' ' || r == 0x7f {
		return -1
	}
	return r
}

// A letter that is a shortcut begins a word where another letter follows it by hand.
func TestAWordMayBeginWithAShortcut(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		rungUp(d)
		before := d.m.sale.basket.Len()
		d.write("umb")
		if got := d.m.sale.line.text(); got != "umb" || d.m.sale.basket.Len() != before {
			t.Errorf("the line holds %q, and the basket %d lines of %d", got, d.m.sale.basket.Len(), before)
		}
		d.press("esc")
		d.press("u")
		if d.m.sale.line.text() != "" || !strings.Contains(d.m.sale.note.text, "Undone") {
			t.Errorf("u alone: the line holds %q, and it says %q", d.m.sale.line.text(), d.m.sale.note.text)
		}
	})
}

// Wherever staff are, a window that is too small says that a payment is not over.
func TestATooSmallWindowTellsOfAPayment(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		scenes["unfinished"](d)
		d.m = d.m.sized(60, 20)
		if view := d.m.View(); !strings.Contains(view, "not known yet") && !strings.Contains(view, "Waiting") && !strings.Contains(view, "NOT KNOWN") {
			t.Errorf("it shows only\n%s", view)
		}
	})
}
