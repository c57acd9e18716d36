package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
)

// terminators are what scanners send behind a code.
var terminators = map[string][]string{
	"CR": {"enter"}, "LF": {"ctrl+j"}, "CR LF": {"enter", "ctrl+j"}, "Tab": {"tab"}, "nothing": nil,
}

// device sends a scan in parts with a pause between them, as a scanner does.
func (d *desk) device(parts []string, terminator string, pause time.Duration) {
	d.tb.Helper()
	for _, part := range parts {
		d.send(runesMsg(part))
		time.Sleep(pause)
		d.send()
	}
	for _, name := range terminators[terminator] {
		d.send(keyMsg(name))
		time.Sleep(min(pause, time.Millisecond))
		d.send()
	}
}

// chars are the characters of a text one by one.
func chars(text string) []string { return strings.Split(text, "") }

// oddCodes are codes whose first characters are shortcuts.
func oddCodes(d *desk) {
	for _, sku := range []string{"u942-0001", "+44200031", "?Q-778812"} {
		d.work.ProductList = append(d.work.ProductList, pos.Product{SKU: sku, Name: "Code " + sku, Unit: pos.UnitEach, Price: cents(100), TaxRate: dec("15")})
	}
}

// A scan is one entry however fast it comes, 10 to 500 characters a second, whatever
// ends it, and however soon the next one follows.
func TestScansAtEverySpeed(t *testing.T) {
	t.Parallel()
	codes := []string{"9421900000017", "u942-0001", "9421900000036", "+44200031", "?Q-778812", "9421900000017"}
	for terminator := range terminators {
		for _, rate := range []int{10, 17, 25, 50, 100, 200, 500} {
			pause := time.Second / time.Duration(rate)
			driven(t, func(d *desk) {
				oddCodes(d)
				for _, code := range codes {
					d.device(chars(code), terminator, pause)
					if terminator == "nothing" {
						d.pass(300 * time.Millisecond) // nobody aims faster
					}
				}
				d.pass(time.Second)
				d.holds("2 Cheese scone 12.00", "1 Code u942-0001 1.00", "1 Flat white 5.50", "1 Code +44200031 1.00", "1 Code ?Q-778812 1.00")
				if !d.m.sale.line.isEmpty() || d.m.help.open || len(d.m.sale.missed) > 0 {
					t.Errorf("%s at %d a second: the line holds %q, the help is open: %v, missed %q", terminator, rate, d.m.sale.line.text(), d.m.help.open, d.m.sale.missed)
				}
				if t.Failed() {
					t.Fatalf("%s at %d a second", terminator, rate)
				}
			}, func(c *Config) {
				if rate < 20 { // what the setting is for: wireless scanners are slow
					c.ScanGap = 150 * time.Millisecond
				}
			})
		}
	}
}

// Digits are a code at any speed, also without the setting: they are typed, then.
func TestAVerySlowScannerWithoutTheSetting(t *testing.T) {
	t.Parallel()
	for _, terminator := range []string{"CR", "LF", "CR LF"} {
		driven(t, func(d *desk) {
			for range 3 {
				d.device(chars("9421900000017"), terminator, 100*time.Millisecond)
			}
			d.pass(time.Second)
			d.holds("3 Cheese scone 18.00")
		})
	}
}

// A scan is one entry wherever a slow line cuts it, and two that come back to back
// are two.
func TestScansCutAtEveryByte(t *testing.T) {
	t.Parallel()
	for terminator := range terminators {
		for _, code := range []string{"9421900000017", "u942-0001"} {
			for cut := 1; cut < len(code); cut++ {
				driven(t, func(d *desk) {
					oddCodes(d)
					for range 2 {
						d.device([]string{code[:cut], code[cut:]}, terminator, 40*time.Millisecond)
						if terminator == "nothing" {
							d.pass(200 * time.Millisecond)
						}
					}
					d.pass(time.Second)
					if got := d.basket(); len(got) != 1 || !strings.HasPrefix(got[0], "2 ") || !d.m.sale.line.isEmpty() {
						t.Fatalf("%s cut at %d, ended by %s: the basket holds %q and the line %q", code, cut, terminator, got, d.m.sale.line.text())
					}
				})
			}
		}
	}
}

// Scans that are read in one piece with their terminators are an entry each.
func TestScansInOneRead(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		for range 20 {
			d.update(runesMsg("9421900000017"))
			d.update(keyMsg("enter"))
			d.update(runesMsg("2*9421900000036"))
			d.update(keyMsg("tab"))
		}
		d.send()
		d.pass(5 * time.Second)
		d.holds("20 Cheese scone 120.00", "40 Flat white 220.00")
	}, slowCatalogue(20*time.Millisecond))
}

// The terminator of a scan that nothing seemed to end comes late over a slow line. It
// is no Enter for what stands in the line.
func TestALateTerminatorIsNoEnter(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.write("flat")
		d.device([]string{"9421900000017"}, "nothing", 80*time.Millisecond)
		d.send(keyMsg("enter"))
		d.pass(time.Second)
		d.holds("1 Cheese scone 6.00")
		if got := d.m.sale.line.text(); got != "flat" {
			t.Errorf("the line holds %q, want what was typed", got)
		}
	})
}

// questions are prompts that letters answer, over a basket.
var questions = map[string]func(d *desk){
	"leave the till": func(d *desk) { d.press("ctrl+c") },
	"prices":         func(d *desk) { d.press("f8") },
	"stop":           func(d *desk) { d.hear(begunStory(d).created()); d.press("esc") },
	"condition": func(d *desk) {
		d.hear(begunStory(d).created().condition(pos.ConditionAwaitingMerchant))
		d.pass(time.Second)
	},
}

// No scan answers a question, at whatever speed it comes and whatever is in it: it is
// kept for the entry line, or refused aloud.
func TestNoScanAnswersAQuestion(t *testing.T) {
	t.Parallel()
	for name, ask := range questions {
		for terminator := range terminators {
			for _, rate := range []int{10, 25, 100, 500} {
				for _, code := range []string{"Y9421900017", "9421900000017", "AYDNPB-YES1", "yn", "ydy"} {
					driven(t, func(d *desk) {
						d.scan("9421900000036")
						ask(d)
						kind, before, calls := d.m.prompt.kind, fmt.Sprint(d.basket()), len(d.work.calls)
						d.device(chars(code), terminator, time.Second/time.Duration(rate))
						d.pass(500 * time.Millisecond)
						d.work.mu.Lock()
						did := fmt.Sprint(d.work.calls[calls:])
						d.work.mu.Unlock()
						if d.m.prompt.kind != kind || d.quit || fmt.Sprint(d.basket()) != before || strings.Contains(did, "stop") || strings.Contains(did, "answer") {
							t.Fatalf("%s: the scan %q at %d a second, ended by %s, answered: %s", name, code, rate, terminator, did)
						}
						said := d.m.sale.note.text + d.m.pay.note.text
						if len(d.m.sale.kept) == 0 && !strings.Contains(said, "was not taken") {
							t.Fatalf("%s: the scan %q at %d a second, ended by %s, is neither kept nor refused: %q", name, code, rate, terminator, said)
						}
					})
				}
			}
		}
	}
}

// A question that opens in the middle of a scan takes none of the rest.
func TestAQuestionThatOpensDuringAScan(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.hear(begunStory2(d))
		d.send(runesMsg("94219"))
		d.work.op.set(tellCondition(d).state)
		d.send(runesMsg("ADYN01"), keyMsg("enter"))
		d.pass(time.Second)
		if d.m.prompt.kind != promptCondition {
			t.Errorf("the rest of a scan answered the question: prompt %d", d.m.prompt.kind)
		}
	})
}

func begunStory2(d *desk) *story {
	d.scan("9421900000036")
	return begunStory(d).created()
}

func tellCondition(d *desk) *story {
	return tell(d.m.clock(), d.m.pay.sale.Amount).created().condition(pos.ConditionAwaitingMerchant)
}

// Several scans that were not taken are all listed until staff have read them.
func TestEveryFailedScanIsListed(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		for i := range 9 {
			d.scan(fmt.Sprintf("94219000099%02d", i))
		}
		d.scan("1.5*9421900000036")
		d.shows("9421900009900", "9421900009905", "and 4 more")
		d.press("esc")
		d.shows("9421900009906", "9421900009908", "1.5*9421900000036: flat white is sold by the piece")
		d.hides("9421900009905")
		d.press("esc")
		d.hides("Not added")
	})
}

// What is pasted in several lines is an entry each, and never a command; too much is
// refused with the reason.
func TestPastingSeveralLines(t *testing.T) {
	t.Parallel()
	paste := func(text string) tea.KeyMsg { return tea.KeyMsg{Type: tea.KeyRunes, Paste: true, Runes: []rune(text)} }
	driven(t, func(d *desk) {
		d.send(paste("9421900000017\r\n2*9421900000036\n\n12.50\n4012\n/clear\nflat white\n"))
		d.pass(time.Second)
		d.holds("1 Cheese scone 6.00", "2 Flat white 11.00", "1 Open price 12.50")
		d.shows("4012", "commands are not taken")
		if got := d.m.sale.line.text(); got != "flat white" {
			t.Errorf("the line holds %q, want what named nothing exactly, for staff to choose", got)
		}
		d.press("esc", "esc")
		d.send(paste(strings.Repeat("9421900000017\n", maxPasted+1)))
		d.pass(time.Second)
		d.shows("Nothing was pasted: 501 lines are too many at once.")
		d.holds("1 Cheese scone 6.00", "2 Flat white 11.00", "1 Open price 12.50")
	})
}
