package ui

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"centrapos/pos"
	"centrapos/pos/postest"
)

// keeping is the record of baskets of a desk.
func keeping(store *postest.Drafts) func(*Config) {
	return func(c *Config) { c.Drafts = store }
}

// afterACrash runs a till up to some point and another on the same record, after the
// first has died without a word.
func afterACrash(t *testing.T, first, second func(d *desk)) {
	t.Helper()
	store := postest.NewDrafts()
	driven(t, first, keeping(store))
	driven(t, second, keeping(store.Restart()))
}

// A crash loses no line of a basket, nothing that was done to it, and no undo.
func TestABasketSurvivesACrash(t *testing.T) {
	t.Parallel()
	afterACrash(t, func(d *desk) {
		d.scan("9421900000036")
		d.scan("3*9421900000017")
		d.write("/discount 10%")
		d.press("enter")
		d.write("/note hot")
		d.press("enter")
		d.write("/customer-ref M-12")
		d.press("enter")
		d.write("/discount-all 1.00")
		d.press("enter", "up", "+")
		d.holds("2 Flat white 11.00", "3 Cheese scone 16.20")
	}, func(d *desk) {
		d.holds("2 Flat white 11.00", "3 Cheese scone 16.20")
		d.shows("Cheese scone · hot", "customer M-12", "-1.80", "Discount -1.00", "26.20", "This is the basket of before")
		d.press("u")
		d.holds("1 Flat white 5.50", "3 Cheese scone 16.20")
		d.press("f9")
		if sold := d.work.sold(); len(sold) != 1 || sold[0] != "sell 20.70" {
			t.Errorf("asked for %q, want one payment of 20.70", sold)
		}
	})
}

// What is sold, and what was emptied, does not come back.
func TestASoldBasketDoesNotComeBack(t *testing.T) {
	t.Parallel()
	afterACrash(t, func(d *desk) {
		d.hear(d.paying().created().paid())
		d.pass(time.Second)
	}, func(d *desk) { d.holds() })
	afterACrash(t, func(d *desk) {
		d.scan("9421900000036")
		d.press("ctrl+n")
	}, func(d *desk) { d.holds(); d.hides("of before") })
}

// A basket whose payment was open when the till stopped is not charged again, until
// it is known how that payment ended.
func TestABasketThatIsBeingPaidAfterACrash(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[pos.Outcome][]string{
		pos.OutcomeCancelled: {"1 Flat white 5.50", "2 Cheese scone 12.00"}, pos.OutcomePaid: nil,
	} {
		ref := ""
		afterACrash(t, func(d *desk) {
			d.hear(d.paying().created())
			ref = d.m.pay.now.state.Record.Sale.ExternalRef
		}, func(d *desk) {
			d.shows("its payment is not known yet")
			d.press("f9")
			if len(d.work.sold()) != 0 {
				t.Fatal("a basket whose payment is open is charged again")
			}
			d.press("esc")
			end := cancelledByCustomer
			if outcome == pos.OutcomePaid {
				end = func(s *story) { s.paid() }
			}
			rec := left("CP-X4V-6N", cents(1750), end)
			rec.Sale.ExternalRef = ref
			d.send(recovered{record: rec})
			d.holds(want...)
			d.scan("12.50")
			if n := len(d.basket()); n != len(want)+1 {
				t.Errorf("after %s the basket cannot be changed: %q", outcome, d.basket())
			}
		})
	}
}

// The end of its payment may be told before the basket is there.
func TestAnEndThatIsToldBeforeTheBasketIsThere(t *testing.T) {
	t.Parallel()
	store := postest.NewDrafts()
	ref := ""
	driven(t, func(d *desk) {
		d.hear(d.paying().created())
		ref = d.m.pay.now.state.Record.Sale.ExternalRef
	}, keeping(store))
	driven(t, func(d *desk) {
		rec := left("CP-X4V-6N", cents(1750), cancelledByCustomer)
		rec.Sale.ExternalRef = ref
		d.send(recovered{record: rec})
		d.holds()
		d.pass(2 * time.Second)
		d.holds("1 Flat white 5.50", "2 Cheese scone 12.00")
		if d.m.sale.frozen {
			t.Error("the basket of a payment that came to nothing cannot be changed")
		}
		d.hides("not known yet")
	}, func(c *Config) { c.Drafts = lateResume{store.Restart()} })
}

// That the customer is asked is on record in the basket before anybody is.
func TestTheIntentToPayIsKeptFirst(t *testing.T) {
	t.Parallel()
	store := postest.NewDrafts()
	driven(t, func(d *desk) {
		d.scan("9421900000036")
		store.Fail(errors.New("disk full"))
		d.press("f9")
		d.pass(time.Second)
		if len(d.work.sold()) != 0 {
			t.Error("the customer was asked though the basket could not be kept")
		}
		d.shows("could not write", "disk full")
		store.Fail(nil)
		d.press("enter")
		d.pass(3 * time.Second)
		d.holds("1 Flat white 5.50")
		d.press("f9")
		if len(d.work.sold()) != 1 {
			t.Error("once the basket can be kept again, the customer cannot be asked")
		}
	}, keeping(store))
}

// A disk that is full is told, tried again, and stops nobody.
func TestBasketsThatCannotBeKept(t *testing.T) {
	t.Parallel()
	store := postest.NewDrafts()
	driven(t, func(d *desk) {
		store.Fail(errors.New("the disk is full"))
		d.scan("9421900000036")
		d.shows("This basket is not on disk", "The disk is full")
		d.scan("9421900000017")
		d.holds("1 Flat white 5.50", "1 Cheese scone 6.00")
		store.Fail(nil)
		d.pass(tryAgain + time.Second)
		d.hides("not on disk")
		store.LoseNext(errors.New("no answer"))
		d.scan("12.50")
		d.pass(tryAgain + time.Second)
		d.hides("not on disk")
	}, keeping(store))
	driven(t, func(d *desk) {
		d.holds("1 Flat white 5.50", "1 Cheese scone 6.00", "1 Open price 12.50")
	}, keeping(store.Restart()))
}

// Baskets are put aside by name and taken up again, at any till, once.
func TestHoldingAndRecalling(t *testing.T) {
	t.Parallel()
	store := postest.NewDrafts()
	driven(t, func(d *desk) {
		d.scan("9421900000036")
		d.write("/hold Ann")
		d.shows("hold this basket as Ann: 5.50")
		d.press("enter")
		d.holds()
		d.scan("9421900000017")
		d.press("f5")
		d.shows("Held as Cheese scone")
		d.press("f6")
		d.shows("Ann", "Cheese scone", "take up")
		d.write("ann")
		d.shows("take up Ann  5.50")
		d.press("enter")
		d.holds("1 Flat white 5.50")
		d.press("f6")
		d.shows("F5 puts it aside first")
		d.press("esc", "+")
		d.holds("2 Flat white 11.00")
		d.press("f5", "f6", "down")
		d.shows("take up Ann  11.00")
		d.press("up", "enter")
		d.holds("1 Cheese scone 6.00")
	}, keeping(store))
	driven(t, func(d *desk) {
		d.press("f6")
		d.shows("Ann")
		d.hides("Cheese scone")
		d.press("enter")
		d.holds("2 Flat white 11.00")
	}, keeping(store.Second()), func(c *Config) { c.Origin.TerminalID = "till-2" })
}

func TestABasketThatAnotherTillTookUp(t *testing.T) {
	t.Parallel()
	store := postest.NewDrafts()
	driven(t, func(d *desk) {
		d.scan("9421900000036")
		d.press("f5", "f6")
		held := d.m.sale.drafts.held
		other := d.m.work
		other.drafts = store.Second()
		if reply := other.takeUp(held[0].ID, "", noon)().(recalled); reply.err != nil {
			t.Fatal(reply.err)
		}
		d.press("enter")
		d.holds()
		d.shows("Another till has taken that basket up already")
	}, keeping(store))
}

// Leaving with something on the counter asks, and loses nothing.
func TestLeavingWithABasketAsks(t *testing.T) {
	t.Parallel()
	afterACrash(t, func(d *desk) {
		d.scan("9421900000036")
		d.press("ctrl+c")
		d.shows("Leave the till?", "1 line", "NZD 5.50", "The basket is kept")
		d.press("n")
		d.hides("Leave the till?")
		d.press("ctrl+c")
		d.scan("9421900000017")
		if d.quit {
			t.Fatal("a scan answered the question whether to leave")
		}
		d.press("y")
		if !d.quit {
			t.Error("Y does not leave")
		}
	}, func(d *desk) {
		d.holds("1 Flat white 5.50")
	})
}

// What one till rings up while it is looked for what was there before is not lost.
func TestABasketOfBeforeAndOneOfNow(t *testing.T) {
	t.Parallel()
	store := postest.NewDrafts()
	driven(t, func(d *desk) { d.scan("9421900000036") }, keeping(store))
	driven(t, func(d *desk) {
		d.scan("9421900000017")
		d.pass(2 * time.Second)
		d.holds("1 Cheese scone 6.00")
		d.shows("A basket of before is put aside as Flat white")
		d.press("f5", "f6")
		if names := heldNames(d); !slices.Equal(names, []string{"Flat white", "Cheese scone"}) {
			t.Errorf("held are %q", names)
		}
	}, func(c *Config) { c.Drafts = lateResume{store.Restart()} })
}

// lateResume takes a second to say what was left.
type lateResume struct{ *postest.Drafts }

func (l lateResume) ClaimInProgress(ctx context.Context, till string) ([]pos.BasketSummary, error) {
	time.Sleep(time.Second)
	return l.Drafts.ClaimInProgress(ctx, till)
}

func heldNames(d *desk) []string {
	var out []string
	for _, b := range d.m.sale.drafts.held {
		out = append(out, b.Name)
	}
	return out
}

// told is a till's record that knows of one payment.
type told struct {
	Records
	entries []pos.Entry
	err     error
}

func (r told) Named(context.Context, string) ([]pos.Summary, error) {
	if r.err != nil || r.entries == nil {
		return nil, r.err
	}
	return []pos.Summary{pos.Replay(r.entries).Summary(storyID)}, nil
}

func (r told) Entries(context.Context, pos.OpID) ([]pos.Entry, error) { return r.entries, nil }

// What the till's record says of a basket's payment counts: a sale that was paid is
// done, one that came to nothing is open again, and what cannot be told stays as it is.
func TestABasketsPaymentIsLookedUpAfterACrash(t *testing.T) {
	t.Parallel()
	sale := pos.Sale{Amount: cents(1750), Expiry: 2 * time.Minute}
	for name, c := range map[string]struct {
		record       func(ref string) told
		frozen, kept bool
	}{
		"never begun":  {func(string) told { return told{} }, false, true},
		"not readable": {func(string) told { return told{err: errors.New("locked")} }, true, true},
		"still open":   {func(ref string) told { return told{entries: facts(sale, ref)} }, true, true},
		"it was paid":  {func(ref string) told { return told{entries: facts(sale, ref, pos.Ended{Outcome: pos.OutcomePaid})} }, false, false},
		"it was cancelled": {func(ref string) told {
			return told{entries: facts(sale, ref, pos.Ended{Outcome: pos.OutcomeCancelled})}
		}, false, true},
	} {
		store := postest.NewDrafts()
		ref := ""
		driven(t, func(d *desk) {
			d.hear(d.paying().created())
			ref = d.m.pay.now.state.Record.Sale.ExternalRef
		}, keeping(store))
		driven(t, func(d *desk) {
			if d.m.sale.frozen != c.frozen || (len(d.basket()) > 0) != c.kept {
				t.Errorf("%s: the basket holds %q, and is frozen: %v", name, d.basket(), d.m.sale.frozen)
			}
			d.m.work.newRef = func() string { return "TILL1-AGAIN" }
			d.press("f9")
			if asked := len(d.work.sold()) > 0; asked != (c.kept && !c.frozen) {
				t.Errorf("%s: asked again: %v", name, asked)
			}
		}, keeping(store.Restart()), func(cfg *Config) { cfg.Records = c.record(ref) })
	}
}

// facts are what the record holds of a sale, with how it ended.
func facts(sale pos.Sale, ref string, ends ...pos.Fact) []pos.Entry {
	sale.ExternalRef = ref
	request := pos.Request{ID: "r1", Value: sale.Amount, Status: pos.StatusPaid, PaidBy: []pos.Tender{{Total: sale.Amount}}}
	all := append([]pos.Fact{pos.Opened{Kind: pos.KindSale, Service: "test", Sale: &sale}, pos.Adopted{Request: request}}, ends...)
	var out []pos.Entry
	for _, f := range all {
		out = append(out, pos.Entry{At: noon, Fact: f})
	}
	return out
}
