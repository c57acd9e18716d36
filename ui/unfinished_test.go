package ui

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
)

func unresolved(d *desk) *story {
	s := d.paying().created()
	d.hear(s)
	s.event(0, pos.StopAsked{Why: pos.WhyStaff})
	id := s.state.Record.Request.ID
	s.event(time.Second, pos.VoidReplied{RequestID: id, Reply: pos.Reply{Answer: pos.AnswerUnknown}})
	s.event(time.Second, pos.PollReplied{RequestID: id, Reply: pos.Reply{Answer: pos.AnswerUnknown}})
	d.hear(s)
	return s
}

func TestLeavingWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := unresolved(d)
		d.shows("NOT KNOWN YET - do not charge", "○ reconnecting", "Esc Leave")
		d.press("esc")
		d.shows("Leave it to the till")
		d.press("enter", "y", "esc")
		d.shows("NOT KNOWN YET - do not charge")
		d.press("esc", "l")
		d.shows("Unfinished 1", "Payments whose end is not known yet", "TILL1-7KQ3-X2MN-PD4T", "stopping it")
		d.press("esc")
		d.shows("Unfinished 1", "do not charge again", "Flat white")

		d.scan("9421900000043")
		d.press("+", "f7", "u")
		d.holds("1 Flat white 5.50", "2 Cheese scone 12.00")
		d.press("f9")
		d.shows("NOT KNOWN YET - do not charge")
		if sold := d.work.sold(); len(sold) != 1 {
			t.Errorf("a basket whose payment is not known was paid again: %q", sold)
		}
		d.press("esc", "l", "esc")
		d.hear(s.event(time.Second, pos.TimerDue{Timer: pos.TimerVoid}))
		d.hear(s.event(time.Second, pos.VoidReplied{RequestID: s.state.Record.Request.ID, Reply: done}))
		d.shows("A payment from before", "CANCELLED", "No money moved")
		d.hides("Unfinished 1")
		d.pass(time.Second)
		d.press("enter", "+")
		d.holds("1 Flat white 5.50", "3 Cheese scone 18.00")
	})
}

func TestALatePaymentRaisesACard(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := unresolved(d)
		d.press("esc", "l", "esc", "ctrl+n")
		d.holds()
		d.press("u")
		d.holds()
		d.scan("9421900000043")
		id := s.state.Record.Request.ID
		s.event(time.Second, pos.TimerDue{Timer: pos.TimerVoid})
		s.event(time.Second, pos.VoidReplied{RequestID: id, Reply: pos.Reply{Answer: pos.AnswerRefused,
			Refusal: pos.Refusal{Code: pos.RefusedRequestPaid}}})
		paid := s.state.Record.Request
		paid.Status, paid.PaidBy = pos.StatusPaid, []pos.Tender{{Description: "Centrapay NZD", Total: paid.Value}}
		d.hear(s.event(time.Second, pos.PollReplied{RequestID: id, Reply: done, Request: paid}))
		d.shows("A payment from before", "✓ PAID   NZD 17.50", "has been paid after all", "or give the money back")
		d.scan("9421900000050")
		d.shows("✓ PAID   NZD 17.50")
		d.pass(grace)
		d.press("enter")
		d.holds("1 Long black 5.00")
		d.shows("› 9421900000050")
	})
}

func TestALateResultWaitsForThePaymentInFront(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := unresolved(d)
		d.press("esc", "l", "esc", "ctrl+n")
		first := d.work.op
		second := tell(d.m.clock(), cents(500))
		second.state.Op = "op2"
		d.work.op = newFakeOp(d.work, second.state)
		d.scan("9421900000043")
		d.press("f9")
		s.event(time.Second, pos.TimerDue{Timer: pos.TimerVoid})
		s.event(0, pos.VoidReplied{RequestID: s.state.Record.Request.ID, Reply: done})
		first.set(s.state)
		d.send()
		d.shows("NZD 5.00", "Asking for a code")
		d.hear(second.created())
		d.hear(second.paid())
		d.shows("✓ PAID   NZD 5.00")
		d.pass(time.Second)
		d.press("enter")
		d.shows("A payment from before", "CANCELLED")
		d.pass(time.Second)
		d.press("enter")
		d.holds()
		d.hides("A payment from before")
	})
}

func TestLeavingTheProgram(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.press("ctrl+c")
		if r := resultOf(d.m); !d.quit || r.PaymentOpen() {
			t.Errorf("quit is %v and the result %+v, want to leave with nothing open", d.quit, r)
		}
	})
	for name, leave := range map[string]func(d *desk){
		"key":       func(d *desk) { d.press("ctrl+c", "y") },
		"twice":     func(d *desk) { d.press("ctrl+c", "ctrl+c") },
		"prompt":    func(d *desk) { d.press("esc", "ctrl+c", "y") },
		"help":      func(d *desk) { d.press("?", "ctrl+c", "y") },
		"command":   func(d *desk) { d.scan("/quit"); d.press("y") },
		"too small": func(d *desk) { d.send(tea.WindowSizeMsg{Width: 20, Height: 5}); d.press("ctrl+c") },
	} {
		driven(t, func(d *desk) {
			d.hear(d.paying().created())
			leave(d)
			if r := resultOf(d.m); !d.quit || !slices.Equal(r.Open, []pos.OpID{storyID}) || !r.PaymentOpen() {
				t.Errorf("by %s: quit is %v and the result %+v, want to leave with one payment open", name, d.quit, r)
			}
			d.wasAsked()
		})
	}
	driven(t, func(d *desk) {
		s := d.paying().created()
		d.hear(s.paid())
		d.press("ctrl+c")
		if r := resultOf(d.m); r.PaymentOpen() {
			t.Errorf("a paid payment is reported as open: %+v", r)
		}
	})
}

func TestUnfinishedOfEarlierRuns(t *testing.T) {
	t.Parallel()
	var list []pos.Summary
	var trouble error
	driven(t, func(d *desk) {
		d.hides("Unfinished")
		list = []pos.Summary{{Op: "old", Kind: pos.KindSale, Amount: cents(990), ShortCode: "CP-OLD-11", ExternalRef: "TILL1-OLD", OpenedAt: noon.Add(-time.Hour)}}
		d.pass(listEvery + time.Second)
		d.shows("Unfinished 1", "! Unfinished")
		d.press("!")
		d.shows("13:02:00", "9.90", "CP-OLD-11", "finding out")
		d.press("enter")
		trouble = errors.New("disk gone")
		d.pass(listEvery + time.Second)
		d.shows("could not be read: disk gone", "CP-OLD-11")
		trouble, list = nil, nil
		d.pass(listEvery + time.Second)
		d.shows("Nothing is unfinished.")
		d.hides("Unfinished 1")
		d.press("esc")
		d.shows("GST incl.")
	}, func(c *Config) {
		c.Unfinished = func(context.Context) ([]pos.Summary, error) { return list, trouble }
	})
}

// What was asked for behind a card about another payment is done once it is read.
func TestPaymentAskedForWaitsBehindACard(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.m.sale.work.catalogue, d.m.work.catalogue = d.work, d.work
		s := unresolved(d)
		d.press("esc", "l", "esc", "ctrl+n")
		late := d.work.op
		hang := slow{d.work.ProductList, 2 * time.Second}
		d.m.sale.work.catalogue = hang
		second := tell(d.m.clock(), cents(500))
		second.state.Op = "op2"
		d.work.op = newFakeOp(d.work, second.state)
		d.scan("9421900000043")
		d.press("f9")
		s.event(time.Second, pos.TimerDue{Timer: pos.TimerVoid})
		s.event(0, pos.VoidReplied{RequestID: s.state.Record.Request.ID, Reply: done})
		late.set(s.state)
		d.send()
		d.shows("A payment from before")
		d.pass(5 * time.Second)
		if sold := d.work.sold(); len(sold) != 1 {
			t.Fatalf("a payment was begun behind the card: %q", sold)
		}
		d.press("enter")
		d.shows("NZD 5.00", "Asking for a code")
	})
}
