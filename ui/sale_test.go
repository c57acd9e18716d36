package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
)

func TestRingingUp(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.write("12.50")
		d.shows("open price 12.50")
		d.press("enter")
		d.scan("9421900000017")
		d.write("3*")
		d.shows("3 x … scan, name or price")
		d.scan("9421900000017")
		d.write("2*flat")
		d.shows("Flat white  2 x 5.50 = 11.00", "▸ Flat white")
		d.press("enter")
		d.holds("1 Open price 12.50", "4 Cheese scone 24.00", "2 Flat white 11.00")
		d.shows("3 lines · 7 items", "TOTAL     NZD      47.50", "▸ 3  Flat white")
	})
}

func TestChoosingAmongSuggestions(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.write("scone")
		d.shows("product Cheese scone 6.00", "▸ Cheese scone", "  Date scone")
		d.press("down")
		d.shows("product Date scone 5.50", "▸ Date scone")
		d.press("down", "enter")
		d.holds("1 Date scone 5.50")
	})
}

func TestWhatIsSoldByWeight(t *testing.T) {
	t.Parallel()
	lamb := pos.ProductList{{SKU: "LAMB", Name: "Lamb shoulder", Unit: pos.UnitKg, Price: cents(3290), TaxRate: dec("15")}}
	driven(t, func(d *desk) {
		d.work.ProductList = lamb
		d.write("lamb")
		d.shows("sold by weight: weight first", "0.425*lamb", "32.90/kg")
		d.press("enter")
		d.holds()
		d.shows("sold by weight", "0.425*lamb")
		d.press("home")
		d.write("0.425*")
		d.shows("Lamb shoulder  0.425 kg x 32.90 = 13.98")
		d.press("enter")
		d.holds("0.425 Lamb shoulder 13.98")
	})
}

func TestNumbersAreCodesBeforeTheyAreMoney(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.work.ProductList = append(cafe(t), pos.Product{SKU: "4011", Name: "Bananas", Unit: pos.UnitEach, Price: cents(120), TaxRate: dec("0")})
		d.write("12")
		d.shows("open price 12.00")
		d.press("enter")
		d.write("4011")
		d.shows("product Bananas 1.20")
		d.press("enter")
		d.holds("1 Open price 12.00", "1 Bananas 1.20")
		d.scan("4012")
		d.holds("1 Open price 12.00", "1 Bananas 1.20")
		d.shows("Not added: no product has the code 4012")
	})
}

func TestEntriesThatCannotBe(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"9421900000017*2":   "Quantity 13 digits long? looks like a barcode",
		"1.5*9421900000036": "sold by the piece",
		"12.505":            "more than 2 decimals",
		"xyzzy":             `No product is called "xyzzy"`,
		"3*":                "Scan or type what to sell after the quantity",
		"9999*9999.99":      "more than Centrapay takes",
		"9421900009999":     "No product has the code 9421900009999",
		"12.50*3.00":        "12.5 of a typed price is not sold",
		"0.5*12":            "No product has the code 12",
		"-5":                "-5 is no price",
		"/nosuch":           "There is no command /nosuch",
	} {
		driven(t, func(d *desk) {
			d.write(text)
			d.press("enter")
			d.holds()
			if !strings.Contains(d.m.sale.note.text, want) {
				t.Errorf("%q is answered by %q, want %q", text, d.m.sale.note.text, want)
			}
		})
	}
}

func TestChangingTheBasket(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.scan("9421900000036")
		d.scan("9421900000017")
		d.press("up", "+", "+")
		d.holds("3 Flat white 16.50", "1 Cheese scone 6.00")
		d.press("-")
		d.holds("2 Flat white 11.00", "1 Cheese scone 6.00")
		d.press("down", "-")
		d.holds("2 Flat white 11.00", "1 Cheese scone 6.00")
		d.shows("F7 takes the line off")
		d.press("delete")
		d.holds("2 Flat white 11.00")
		d.press("u")
		d.holds("2 Flat white 11.00", "1 Cheese scone 6.00")
		d.press("f2")
		d.shows("how many of")
		d.write("5")
		d.shows("Cheese scone  5 x 6.00 = 30.00")
		d.press("enter")
		d.holds("2 Flat white 11.00", "5 Cheese scone 30.00")
		d.press("f7", "ctrl+n")
		d.holds()
		d.press("u", "u")
		d.holds("2 Flat white 11.00", "5 Cheese scone 30.00")
	})
}

// A quantity is for the line it was asked for, also when something is scanned
// while it is being typed.
func TestQuantityStaysWithItsLine(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.scan("9421900000036")
		d.scan("9421900000017")
		d.press("up", "f2")
		d.scan("9421900000043")
		d.shows("how many of Flat white?")
		d.write("9")
		d.press("enter")
		d.holds("9 Flat white 49.50", "1 Cheese scone 6.00", "1 Long black 5.00")
	})
}

// Every action has three ways in: a key, a command, a line of the command list.
func TestThreeWaysIn(t *testing.T) {
	t.Parallel()
	want := []string{"1 Cheese scone 6.00"}
	for name, way := range map[string]func(d *desk){
		"key":                   func(d *desk) { d.press("f7") },
		"command":               func(d *desk) { d.write("/remove"); d.press("enter") },
		"command in one burst":  func(d *desk) { d.scan("/remove") },
		"list":                  func(d *desk) { d.press("/", "down", "down", "down", "down", "enter") },
		"list by its name":      func(d *desk) { d.press("/"); d.write("rem"); d.press("tab", "enter") },
		"command in upper case": func(d *desk) { d.write("/REM"); d.press("enter") },
	} {
		driven(t, func(d *desk) {
			d.scan("9421900000017")
			d.scan("9421900000036")
			way(d)
			if got := d.basket(); len(got) != 1 || got[0] != want[0] {
				t.Errorf("by %s the basket holds %q, want %q", name, got, want)
			}
		})
	}
}

func TestNumbersBeforePaying(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.press("f9")
		d.shows("There is nothing to pay yet")
		d.scan("9421900000017")
		d.write("12.50")
		d.press("f9")
		if d.m.place != onSale || len(d.work.sold()) != 0 {
			t.Error("payment was asked for while 12.50 stood in the line")
		}
		d.shows("12.50 is not in the basket yet")
		d.press("esc", "/", "f9")
		if d.m.place != onPay {
			t.Error("F9 does not ask for payment")
		}
	})
}

// slow is a catalogue that answers after a while, or not at all.
type slow struct {
	pos.ProductList
	takes time.Duration
}

func (s slow) ByCode(ctx context.Context, code string) (pos.Product, bool, error) {
	select {
	case <-time.After(s.takes):
		return s.ProductList.ByCode(ctx, code)
	case <-ctx.Done():
		return pos.Product{}, false, ctx.Err()
	}
}

func slowCatalogue(takes time.Duration) func(*Config) {
	return func(c *Config) { c.Catalogue = slow{c.Catalogue.(*counting).ProductList, takes} }
}

// Scans come faster than they are looked up; they are taken in order, and payment
// waits until the last is in the basket.
func TestScansQueueAndPaymentWaits(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.scan("9421900000036")
		d.scan("9421900000017")
		d.scan("12.50")
		d.press("f9")
		d.holds()
		d.shows("Looking up 9421900000036 … and 3 more behind it")
		if d.m.place != onSale {
			t.Error("payment begins before the scans are in the basket")
		}
		d.pass(3 * time.Second)
		d.holds("1 Flat white 5.50", "1 Cheese scone 6.00", "1 Open price 12.50")
		if sold := d.work.sold(); len(sold) != 1 || sold[0] != "sell 24.00" {
			t.Errorf("asked for %q, want one payment of 24.00", sold)
		}
	}, slowCatalogue(time.Second))
}

func TestPaymentIsNotAskedForBehindAFailedScan(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.scan("9421900000036")
		d.scan("9421900009999")
		d.press("f9")
		d.pass(3 * time.Second)
		d.holds("1 Flat white 5.50")
		d.shows("no product has the code 9421900009999")
		if d.m.place != onSale || len(d.work.sold()) != 0 {
			t.Error("the customer is asked to pay for less than what was scanned")
		}
	}, slowCatalogue(time.Second))
}

func TestACatalogueThatHangs(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.scan("9421900000036")
		d.write("12.50")
		d.shows("open price 12.50")
		d.press("enter")
		d.holds()
		d.pass(6 * time.Second)
		d.holds("1 Open price 12.50")
		d.press("/")
		d.shows("/pay")
	}, slowCatalogue(time.Hour))
}

func TestACatalogueThatFails(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.scan("9421900000036")
		d.holds()
		d.shows("Not added", "the product list did not answer")
		d.write("flat")
		d.shows("The product list did not answer")
		d.press("esc")
		d.scan("12.50")
		d.holds("1 Open price 12.50")
	}, func(c *Config) { c.Catalogue = broken{} })
}

type broken struct{ pos.ProductList }

func (broken) ByCode(context.Context, string) (pos.Product, bool, error) {
	return pos.Product{}, false, errors.New("the disk is gone")
}

// Searches are one at a time; what comes back for an earlier text is not shown for
// a later one.
func TestSearchesKeepUpWithTyping(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.send(runesMsg("f"))
		d.send(runesMsg("l"), runesMsg("a"), runesMsg("t"))
		d.shows("looking…")
		d.pass(50 * time.Millisecond)
		d.send(keyMsg("backspace"), keyMsg("backspace"), keyMsg("backspace"), keyMsg("backspace"), runesMsg("d"))
		d.hides("Flat white")
		d.pass(time.Second)
		d.shows("Date scone")
		d.hides("Flat white")
	}, slowCatalogue(200*time.Millisecond))
}

// A scan that comes while something stands in the line is an entry of its own.
func TestAScanLeavesWhatWasTyped(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.write("coff")
		d.scan("9421900000017")
		d.holds("1 Cheese scone 6.00")
		if got := d.m.sale.line.text(); got != "coff" {
			t.Errorf("the line holds %q after the scan, want what was typed", got)
		}
		d.press("left", "left")
		d.scan("9421900000036")
		if got := d.m.sale.line.text(); got != "coff" {
			t.Errorf("the line holds %q after a scan into its middle", got)
		}
	})
}

// However a scan is cut into reads and however its characters look, it is one
// entry: no shortcut acts and the basket holds one line more.
func TestNoScanTriggersShortcuts(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"u942", "?942", "+942", "-942", "!942", "uuuu", "++++++"} {
		for cut := range len(code) {
			driven(t, func(d *desk) {
				d.work.ProductList = append(d.work.ProductList, pos.Product{
					SKU: code, Name: "Odd code", Unit: pos.UnitEach, Price: cents(100), TaxRate: dec("15"),
				})
				d.scan("9421900000017")
				before := fmt.Sprint(d.m.place, d.m.help.open)
				if cut > 0 {
					d.send(runesMsg(code[:cut]))
				}
				d.send(runesMsg(code[cut:]), keyMsg("enter"))
				d.pass(200 * time.Millisecond)
				if after := fmt.Sprint(d.m.place, d.m.help.open); after != before {
					t.Errorf("the scan %q, cut at %d, triggered a shortcut", code, cut)
				}
				if code == "++++++" || code == "uuuu" {
					return // that is a key being held, not a code
				}
				d.holds("1 Cheese scone 6.00", "1 Odd code 1.00")
			})
		}
	}
}

func TestPastingAddsToTheLineAndDoesNothing(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.send(tea.KeyMsg{Type: tea.KeyRunes, Paste: true, Runes: []rune("9421900000017\n")})
		d.pass(time.Second)
		d.holds()
		d.shows("product Cheese scone 6.00")
		d.press("enter")
		d.holds("1 Cheese scone 6.00")
	})
}

func TestEscOnlyClearsTheLine(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.scan("9421900000017")
		d.write("flat")
		for range 20 {
			d.press("esc")
		}
		d.holds("1 Cheese scone 6.00")
		if !d.m.sale.line.isEmpty() || d.m.place != onSale || d.quit {
			t.Error("Esc did more than clear the line")
		}
	})
}

func TestNotesGoAndLaterOnesStay(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.scan("9421900000017")
		d.pass(noteFor - time.Second)
		d.scan("9421900000036")
		d.pass(2 * time.Second)
		d.shows("Added Flat white")
		d.pass(noteFor)
		d.hides("Added")
	})
}

func TestTheClockTicks(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.shows("14:02")
		d.pass(time.Minute)
		d.shows("14:03")
		d.pass(time.Minute)
		d.shows("14:04")
	})
}

func TestLongBasketsScroll(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		for i := range 30 {
			d.scan(fmt.Sprintf("%d.10", i+1))
		}
		d.shows("▸30  Open price", "Item 18-30 of 30")
		d.press("home")
		d.shows("▸ 1  Open price", "Item 1-13 of 30")
		d.press("pgdown")
		d.shows("▸14  Open price")
		d.press("end", "pgup")
		d.shows("▸17  Open price")
	})
}

// Why a scan failed is read however fast the next one comes.
func TestAFailedScanStaysUntilItIsRead(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.send(runesMsg("9421900000999"), keyMsg("enter"), runesMsg("9421900000050"), keyMsg("enter"))
		d.pass(time.Hour)
		d.scan("9421900000017")
		d.shows("no product has the code 9421900000999", "Added Cheese scone", "Esc Read it")
		d.press("esc")
		d.hides("9421900000999", "Esc Read it")
	})
}
