package ui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
)

func TestALiveTill(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.hides("TRAINING")
		s := d.paying().created()
		d.hear(s)
		d.hides("TRAINING", "Customer")
		d.shows("TEST payment - no real money")
		d.hear(s.paid())
		d.shows("✓ PAID", "TEST payment - no real money")
	}, func(c *Config) { c.Training, c.Customer = false, nil })
}

// However many lines an asset paid for, what to do next stays on the screen.
func TestWhatEachAssetPaidFor(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := d.paying().created()
		d.hear(s)
		d.hear(s.polled(func(r *pos.Request) {
			lines := make([]pos.LineItem, 300)
			for i := range lines {
				lines[i] = pos.LineItem{Name: "Item " + itoa(i), Qty: dec("2")}
			}
			r.Status, r.PaidBy = pos.StatusPaid, []pos.Tender{{AssetType: "farm", Description: "Farmlands", Total: r.Value, Lines: lines}}
		}))
		d.shows("Farmlands", "Hand over the goods", "2 x Item 0 by Farmlands", "more", "CP-X4V-6N")
	})
}

// asked lists what was asked of the operation and the customer.
func (d *desk) asked() []string {
	d.work.mu.Lock()
	defer d.work.mu.Unlock()
	var out []string
	for _, call := range d.work.calls {
		verb, _, _ := strings.Cut(call, " ")
		if slices.Contains([]string{"stop", "answer", "pay", "cancel", "run"}, verb) {
			out = append(out, call)
		}
	}
	return out
}

// wasAsked fails the test unless exactly this was asked.
func (d *desk) wasAsked(want ...string) {
	d.tb.Helper()
	if got := d.asked(); !slices.Equal(got, want) {
		d.tb.Errorf("asked for %q, want %q", got, want)
	}
}

func TestAPaymentFromAskingToPaid(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := d.paying()
		d.shows("NZD 17.50", "Asking for a code", "TRAINING - no real money")
		d.hear(s.created())
		d.shows("Waiting for the customer", "CP-X4V-6N", "ref TILL1-7KQ3-X2MN-PD4T", "2:00 left", "● connected", "Esc Cancel")
		for range 28 {
			s.polled(nil)
		}
		d.hear(s)
		d.pass(450 * time.Millisecond)
		d.shows("asked 28 times · last 0.", "1:29 left")
		d.hides("PAID")
		d.hear(s.paid())
		d.shows("✓ PAID   NZD 17.50", "Centrapay NZD", "Hand over the goods", "CP-X4V-6N")
		d.pass(time.Second)
		d.press("enter")
		d.holds()
		if d.m.place != onSale {
			t.Error("Enter does not start the next sale")
		}
		d.hides("Unfinished")
	})
}

func TestASlowLedger(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		release := make(chan struct{})
		d.m.work.sell = func(context.Context, pos.Sale) (operation, error) {
			<-release
			return d.work.op, nil
		}
		d.paying()
		d.shows("Writing it down")
		d.press("f9", "enter")
		d.press("esc")
		d.shows("Stop this payment?")
		d.press("y")
		d.shows("Stopping…")
		d.wasAsked()
		if r := resultOf(d.m); !r.PaymentOpen() {
			t.Error("a payment being written down is not reported as open")
		}
		close(release)
		d.pass(time.Second)
		d.wasAsked("stop staff")
	})
}

func TestNotBegun(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err   error
		shows []string
	}{
		"ledger": {&pos.LedgerError{Err: errors.New("disk full")}, []string{"NOT STARTED", "Nothing was sent and no money moved.", "Check that the disk", "LEDGER_UNAVAILABLE", "disk full"}},
		"input":  {&pos.InputError{Code: pos.CodeInvalidSale, Problem: "the basket is odd", Remedy: "mend it"}, []string{"The basket is odd.", "Mend it.", "INVALID_SALE"}},
		"closed": {pos.ErrTillClosed, []string{"The till is closing."}},
		"other":  {errors.New("something else"), []string{"could not be started", "something else"}},
	} {
		driven(t, func(d *desk) {
			d.work.err = c.err
			d.paying()
			d.shows(c.shows...)
			d.pass(time.Second)
			d.press("enter")
			d.holds("1 Flat white 5.50", "2 Cheese scone 12.00")
			d.work.err = nil
			d.press("f9")
			if d.m.place != onPay {
				t.Errorf("%s: the basket cannot be paid after a payment that was not begun", name)
			}
		})
	}
}

func TestStoppingAsksFirst(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := d.paying().created()
		d.hear(s)
		d.press("esc")
		d.shows("Stop this payment?", "NZD 17.50 · CP-X4V-6N", "Waiting for the customer")
		d.press("enter", "1", "9", " ", "f9", "tab")
		d.shows("Stop this payment?")
		d.press("n")
		d.hides("Stop this payment?")
		for range 10 {
			d.press("esc")
		}
		d.wasAsked()
		d.press("esc")
		if d.m.prompt.kind != promptStop {
			d.press("esc")
		}
		d.press("y")
		d.wasAsked("stop staff")
		d.hear(s.event(0, pos.StopAsked{Why: pos.WhyStaff}))
		d.shows("Stopping…", "The code is taken away")
		d.press("esc")
		d.shows("It is being stopped already")
		d.wasAsked("stop staff")
	})
}

func TestPaidWhileAskingToStop(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := d.paying().created()
		d.hear(s)
		d.press("esc")
		d.hear(s.paid())
		d.shows("✓ PAID   NZD 17.50")
		d.send(runesMsg("y"))
		d.pass(time.Second)
		d.wasAsked()
		d.shows("✓ PAID   NZD 17.50")
	})
}

func TestConditions(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string]string{"a": "answer 1 true", "d": "answer 1 false"} {
		driven(t, func(d *desk) {
			s := d.paying().created()
			d.hear(s)
			d.hear(s.condition(pos.ConditionAwaitingMerchant))
			d.shows("Please check the customer is", "A   Accept", "D   Decline")
			d.pass(time.Second)
			d.press("enter", "1", " ")
			d.press(letter)
			d.shows("Please check the customer is", "Y   Yes")
			d.press("enter", "n")
			d.shows("A   Accept")
			d.wasAsked()
			d.pass(time.Second)
			d.press(strings.ToUpper(letter), "y")
			d.wasAsked(want)
			d.hides("A   Accept", "Y   Yes")
			d.hear(s.event(0, pos.ConditionAnswered{ConditionID: "1", Accept: letter == "a"}))
			d.shows("Telling Centrapay your answer")
			d.hear(s.event(0, pos.DecideReplied{ConditionID: "1", Reply: pos.Reply{Answer: pos.AnswerRefused}}))
			d.shows("A   Accept")
			d.wasAsked(want)
		})
	}
}

// A panel that opens by itself takes no key for a moment: it was meant for
// something else.
func TestConditionsHaveAGracePeriod(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := d.paying().created()
		d.hear(s)
		d.send(runesMsg("a"))
		d.hear(s.condition(pos.ConditionAwaitingMerchant))
		d.press("a", "d", "a")
		if d.m.prompt.kind != promptCondition {
			t.Error("a key from before answers the panel")
		}
		d.pass(grace)
		d.press("a")
		if d.m.prompt.kind != promptConfirm {
			t.Error("after the grace period A does nothing")
		}
	})
}

func TestWhatTheCustomerMustAnswerIsTold(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := d.paying().created()
		d.hear(s.condition(pos.ConditionAwaitingPatron))
		d.shows("Check: Please check the customer", "The customer must answer this")
		d.hides("Accept")
	})
}

func TestConditionsCloseTheHelp(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := d.paying().created()
		d.hear(s)
		d.press("?")
		d.shows("Help · NZD 17.50 · Waiting for the customer", "Keys on this screen")
		d.hear(s.condition(pos.ConditionAwaitingMerchant))
		d.hides("Keys on this screen")
		d.shows("A   Accept")
	})
}

// A scan while a question is open answers nothing; it waits for the entry line.
func TestAScanNeverAnswersAPrompt(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"yyyyY942", "aAyYnNdD", "YES-1234", "9421900000017", "y942190000001"} {
		for cut := range len(code) {
			driven(t, func(d *desk) {
				s := d.paying().created()
				d.hear(s)
				d.hear(s.condition(pos.ConditionAwaitingMerchant))
				d.pass(time.Second)
				before := d.m.prompt.kind
				if cut > 0 {
					d.send(runesMsg(code[:cut]))
					d.pass(30 * time.Millisecond)
				}
				d.send(runesMsg(code[cut:]), keyMsg("enter"))
				d.pass(time.Second)
				d.wasAsked()
				if d.m.prompt.kind != before {
					t.Errorf("the scan %q, cut at %d, changed the prompt", code, cut)
				}
				if kept := d.m.sale.kept; len(kept) != 1 || kept[0] != code {
					t.Errorf("the scan %q, cut at %d, is kept as %q", code, cut, kept)
				}
			})
		}
	}
}

func TestKeptScansComeBack(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := d.paying().created()
		d.hear(s)
		d.press("esc")
		d.scan("9421900000043")
		d.scan("9421900000050")
		d.press("n")
		d.shows("Scan kept: 9421900000050")
		d.hear(s.paid())
		d.pass(time.Second)
		d.press("enter")
		d.shows("› 9421900000043", "product Long black 5.00", "Scanned while the till was busy")
		d.press("enter")
		d.holds("1 Long black 5.00")
		d.shows("› 9421900000050")
		d.press("esc")
		d.holds("1 Long black 5.00")
	})
}

func TestAScanStartsTheNextSale(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := d.paying().created()
		d.hear(s)
		d.hear(s.paid())
		d.scan("9421900000043")
		d.shows("✓ PAID", "Scans kept 1")
		d.press("enter")
		d.pass(grace)
		d.scan("9421900000050")
		d.shows("› 9421900000043")
		d.press("enter")
		d.holds("1 Cappuccino 5.50", "1 Long black 5.00")
		if d.m.place != onSale {
			t.Error("the scan did not start the next sale")
		}
	})
}

func TestKeysFromBeforeDoNotTakeTheResultAway(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := d.paying().created()
		d.hear(s)
		d.hear(s.paid())
		d.press("enter", "esc", "enter")
		d.shows("✓ PAID")
		d.pass(grace)
		d.press("enter")
		d.hides("✓ PAID")
	})
}

func TestAnUnpaidBasketIsKept(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := d.paying().created()
		d.hear(s.polled(func(r *pos.Request) { r.Status, r.CancellationReason = pos.StatusCancelled, "CANCELLED_BY_PATRON" }))
		d.shows("CANCELLED", "The customer cancelled the payment.", "No money moved.", "Enter Back to the basket")
		d.pass(time.Second)
		d.press("enter")
		d.holds("1 Flat white 5.50", "2 Cheese scone 12.00")
		d.press("f9")
		if sold := d.work.sold(); len(sold) != 2 {
			t.Errorf("after a cancelled payment F9 asks again; asked for %q", sold)
		}
	})
}

// unresolved brings a payment to where nobody knows whether it was paid.
// A card about a payment from before waits while another payment is in front.
func TestActingAsTheCustomer(t *testing.T) {
	t.Parallel()
	for letter, want := range map[string]string{"p": "pay ", "x": "cancel ", "r": "run out "} {
		driven(t, func(d *desk) {
			s := d.paying()
			d.press("c")
			d.shows("There is no payment code yet")
			d.hear(s.created())
			d.write("/cust")
			d.shows("/customer")
			d.press("enter")
			d.shows("Act as the customer", "P   Pay", "X   Cancel", "R   Let the time run out")
			d.press("esc", "c", letter)
			d.wasAsked(want + s.state.Record.Request.ID)
			d.shows("The customer ", "question.")
		})
	}
	driven(t, func(d *desk) {
		d.hear(d.paying().created())
		d.press("c")
		d.hides("Act as the customer")
	}, func(c *Config) { c.Customer, c.Training = nil, false })
}

func TestRecordTrouble(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := d.paying().created()
		d.work.op.trouble = errors.New("disk full")
		d.hear(s)
		d.shows("Waiting for the customer", "own record cannot be", "nothing new until it can", "The code is kept back")
		d.hides("▀▀▀▀▀▀▀")
		d.hear(s.paid())
		d.shows("✓ PAID", "could not write this down yet")
	})
}

func TestReconnecting(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := d.paying().created()
		d.hear(s.lost().lost().lost())
		d.pass(700 * time.Millisecond)
		d.shows("Reconnecting…", "may still be paying", "○ reconnecting", "last answer", "trying again", "CP-X4V-6N")
		d.hear(s.polled(nil))
		d.shows("Waiting for the customer", "● connected")
	})
}

func TestTheAmountChanged(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := d.paying().created()
		d.hear(s.polled(func(r *pos.Request) { r.Value = cents(1500) }))
		d.shows("Centrapay asks the customer for NZD", "15.00, not NZD 17.50")
		d.hear(s.paid())
		d.shows("PART PAID   NZD 15.00", "Centrapay's amount is NZD 15.00, not NZD 17.50")
	})
}

// Below the smallest size the till says what it needs; an open payment goes on.
func TestTooSmallAWindow(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := d.paying().created()
		d.hear(s)
		d.send(tea.WindowSizeMsg{Width: 60, Height: 20})
		d.shows("80x24", "60x20", "Waiting for the customer") // the state of the money is never hidden
		d.press("esc", "y", "enter")
		d.wasAsked()
		d.hear(s.polled(nil))
		d.send(tea.WindowSizeMsg{Width: 100, Height: 30})
		d.shows("Waiting for the customer")
		d.send(tea.WindowSizeMsg{Width: 10, Height: 3})
		d.hear(s.paid())
		d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
		d.shows("✓ PAID")
	})
}
