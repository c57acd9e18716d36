package ui

import (
	"context"
	"strings"
	"testing"
	"time"

	"centrapos/pos"
	"centrapos/ui/screentest"
)

// left is a payment that an earlier run began and that has ended since.
func left(name string, amount pos.Money, end func(*story)) pos.Record {
	s := tell(noon.Add(-11*time.Minute), amount).created()
	end(s)
	rec := s.state.Record
	rec.Request.ShortCode = name
	return rec
}

func cancelledByCustomer(s *story) {
	s.polled(func(r *pos.Request) { r.Status, r.CancellationReason = pos.StatusCancelled, "CANCELLED_BY_PATRON" })
}

// Staff are told how each payment ended that was open when the till stopped, one
// at a time, until they have read it.
func TestHowPaymentsOfEarlierRunsEnded(t *testing.T) {
	t.Parallel()
	var ended chan pos.Record
	driven(t, func(d *desk) {
		d.hides("Read it")
		ended <- left("CP-E11-ZHZ", cents(1100), cancelledByCustomer)
		d.send()
		d.shows("Sale of NZD 11.00 from 13:51 (CP-E11-ZHZ) was open when the till stopped:", "CANCELLED. No money moved.", "Esc Read it")
		ended <- left("CP-SECOND", cents(600), func(s *story) { s.paid() })
		d.send()
		d.shows("CP-E11-ZHZ", "1 more to read")
		d.hides("CP-SECOND")
		d.pass(time.Hour)
		d.scan("9421900000017")
		d.press("enter", "!")
		d.shows("CP-E11-ZHZ", "CANCELLED")
		d.press("esc")
		d.write("flat")
		d.press("esc")
		d.shows("CP-E11-ZHZ")
		d.press("esc")
		d.hides("CP-E11-ZHZ")
		d.shows("NZD 6.00 from 13:51 (CP-SECOND)", "PAID. Hand over the goods, or give the", "Cheese scone")
		if !shownGreen(d) {
			t.Error("the payment that was paid is not green")
		}
		d.press("esc")
		d.hides("CP-SECOND", "Read it")
		close(ended)
		d.send()
	}, func(c *Config) {
		ended = make(chan pos.Record)
		c.Recovered = func(context.Context) (pos.Record, bool) {
			rec, more := <-ended
			return rec, more
		}
	})
}

// News of an earlier payment never covers the payment in front, nor its result.
func TestNewsWaitsBehindAPayment(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := d.paying().created()
		d.hear(s)
		d.send(recovered{record: left("CP-E11-ZHZ", cents(1100), cancelledByCustomer)})
		d.shows("Waiting for the customer")
		d.hides("CP-E11-ZHZ")
		d.press("esc", "esc")
		d.hear(s.paid())
		d.hides("CP-E11-ZHZ")
		d.pass(time.Second)
		d.press("esc")
		d.shows("CP-E11-ZHZ", "CANCELLED. No money moved.")
	})
}

// The till draws no green for what did not end as paid.
func TestOnlyPaidNewsIsGreen(t *testing.T) {
	t.Parallel()
	for outcome, green := range map[pos.Outcome]bool{
		pos.OutcomePaid: true, pos.OutcomePartlyPaid: false, pos.OutcomeAuthorized: false, pos.OutcomeVoided: false,
		pos.OutcomeExpired: false, pos.OutcomeRefused: false, pos.OutcomeNotMade: false,
	} {
		driven(t, func(d *desk) {
			rec := left("CP-E11-ZHZ", cents(1100), cancelledByCustomer)
			rec.Outcome = outcome
			d.send(recovered{record: rec})
			word := verdictOf(pos.State{Record: rec}).word
			if !strings.Contains(d.screen(), word) || shownGreen(d) != green {
				t.Errorf("%s: green is %v, want %v:\n%s", outcome, !green, green, d.screen())
			}
		})
	}
}

// shownGreen reports whether anything on the screen is green.
func shownGreen(d *desk) bool {
	screen := screentest.NewScreen(d.m.width, d.m.height)
	defer screen.Close()
	screen.Draw(d.m.View())
	for row := range d.m.height {
		for col := range d.m.width {
			if c := screen.Cell(col, row); isGreen(c.Foreground) || isGreen(c.Background) {
				return true
			}
		}
	}
	return false
}
