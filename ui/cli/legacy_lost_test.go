package cli

import (
	"strings"
	"testing"
	"time"

	"centrapos/pos"
)

// A request of the first generation that was lost cannot be looked up. While its time
// is waited for that is said, and how long; and at the end no more than is known.
func TestLostRequestOfTheFirstGenerationIsToldTruly(t *testing.T) {
	t.Parallel()
	sent := time.Now()
	lost := func(barcode string) pos.Record {
		return pos.Record{Kind: pos.KindSale, Creates: 1, Unaccounted: 1, LastCreate: sent, Stop: pos.WhyRecovery,
			Sale: pos.Sale{Expiry: 2 * time.Minute, Barcode: barcode}}
	}
	for after, want := range map[time.Duration]string{
		0: "about 2:00", 31 * time.Second: "about 1:30", 119 * time.Second: "about 0:30", 2 * time.Minute: "the last moment",
	} {
		got := progress(pos.State{Record: lost("")}, sent.Add(after))
		if !strings.Contains(got, want) || !strings.Contains(got, "may have been made") || !strings.Contains(got, "nobody has seen its code") {
			t.Errorf("after %v: %q", after, got)
		}
	}
	if got := progress(pos.State{Record: lost("1234")}, sent); !strings.Contains(got, "the customer may have been asked") || strings.Contains(got, "nobody has seen") {
		t.Errorf("for a customer's code: %q", got)
	}
	found := lost("")
	found.Sale.Origin.MerchantAccountID = "acc" // which is looked up
	if got := progress(pos.State{Record: found}, sent); strings.Contains(got, "cannot be looked up") {
		t.Errorf("one that is looked up: %q", got)
	}

	over := lost("")
	over.Outcome, over.WrittenOff, over.Unaccounted = pos.OutcomeNotMade, true, 0
	got := strings.Join(outcomeLines(over), "\n")
	if !strings.HasPrefix(got, "NOT MADE") || !strings.Contains(got, "If Centrapay made it, nobody has seen its code") || strings.Contains(got, "could not be asked") {
		t.Errorf("at its end: %q", got)
	}
	over.WrittenOff = false
	if got := strings.Join(outcomeLines(over), "\n"); !strings.Contains(got, "could not be asked") {
		t.Errorf("one that never left: %q", got)
	}
}
