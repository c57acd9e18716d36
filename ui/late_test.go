package ui

import (
	"testing"
	"time"

	"centrapos/pos"
)

// lateNews is news of money that came after its sale had ended.
func lateNews(id string, change func(*pos.Record)) cameLate {
	rec := pos.Record{
		Kind: pos.KindSale, Outcome: pos.OutcomePaidLate, OpenedAt: noon.Add(-time.Minute),
		Late: []pos.Request{{ID: id, ShortCode: "CP-" + id, Status: pos.StatusPaid, Value: cents(550)}},
	}
	if change != nil {
		change(&rec)
	}
	return cameLate{payment: pos.LatePayment{Op: pos.OpID(id), Record: rec}}
}

// While another customer is paying, the card can be put off until that is over, and
// comes again by itself then. What is told twice is one card.
func TestALatePaymentDuringAnother(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.m.look.records = true
		s := d.paying().created()
		d.hear(s)
		d.send(lateNews("A", nil), lateNews("A", nil))
		d.shows("PAID after you gave up", "PAID LATE 1", "Waiting for the customer", "CP-A")
		d.hides("Refund it")
		d.press("l") // too soon: it had only just opened
		d.pass(time.Second)
		d.scan("9421900000050")
		d.press("enter", "5", "r")
		d.shows("PAID after you gave up")
		d.press("l")
		d.hides("PAID after you gave up")
		d.shows("PAID LATE 1")
		d.hear(s.paid())
		d.shows("✓ PAID")
		d.hides("PAID after you gave up")
		d.pass(time.Second)
		d.press("enter")
		d.shows("PAID after you gave up", "Refund it")
		d.pass(time.Second)
		d.press("h")
		d.hides("PAID after you gave up", "PAID LATE")
		d.shows("Handed over")
	})
}

func TestWhatALateCardSays(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.send(lateNews("B", func(r *pos.Record) { r.Outcome = pos.OutcomePaid }))
		d.shows("PAID twice", "Refund this one")
		d.pass(time.Second)
		d.press("h")
		d.send(lateNews("C", func(r *pos.Record) { r.Stop = pos.WhyReplaced }))
		d.shows("Another payment was asked for in place of this one")
	})
}

// Money that came late and went back by itself is told as that, and offers no refund.
func TestALatePaymentThatWasGivenBackByItself(t *testing.T) {
	t.Parallel()
	for outcome, says := range map[pos.Outcome]string{pos.OutcomeVoided: "tell the customer if they", pos.OutcomePaid: "came in a second time"} {
		for _, known := range []bool{false, true} { // or first told as money that came, and stays
			driven(t, func(d *desk) {
				d.m.look.records = true
				if known {
					d.send(lateNews("D", nil))
					d.shows("PAID after you gave up", "Refund it")
				}
				msg := lateNews("D", func(r *pos.Record) {
					r.Outcome, r.Late = outcome, nil
					r.Voids = []pos.Voiding{{RequestID: "D", Sent: 2, Done: true, Returned: cents(550)}}
				})
				msg.payment.GivenBack = []pos.Request{{ID: "D", ShortCode: "CP-D", Status: pos.StatusCancelled}}
				d.send(msg, msg)
				d.shows("GIVEN BACK", "NZD 5.50", "CP-D", "PAID LATE 1", says)
				d.hides("Refund it", "goods are handed over", "PAID after you gave up")
				d.pass(time.Second)
				d.press("o")
				d.shows("nothing more is to be done")
				d.hides("GIVEN BACK", "PAID LATE")
			})
		}
	}
}
