package ui

import (
	"errors"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
	"centrapos/ui/screentest"
)

// rungUp is the basket of the design's drawing.
func rungUp(d *desk) {
	beans := pos.Product{SKU: "GROUNDS", Name: "Coffee grounds 250 g", Unit: pos.UnitEach, Price: cents(1800), TaxRate: dec("15"), Restricted: true}
	d.work.ProductList = append(d.work.ProductList, beans)
	d.scan("2*9421900000036")
	d.scan("9421900000017")
	d.write("grounds")
	d.press("enter")
}

// at brings a payment of the drawing's basket to some point of its story.
func at(tell func(s *story)) func(d *desk) {
	return func(d *desk) {
		rungUp(d)
		s := begunStory(d)
		tell(s)
		d.hear(s)
		for d.m.now.Sub(noon)%time.Second != 0 {
			d.pass(10 * time.Millisecond)
			d.send(payTick{id: d.m.tickID})
		}
	}
}

func begunStory(d *desk) *story {
	s := tell(d.m.clock(), d.m.sale.basket.Total())
	d.work.op = newFakeOp(d.work, s.state)
	d.press("f9")
	return s
}

// scenes are what staff get to see.
var scenes = map[string]func(d *desk){
	"empty sale": func(*desk) {},
	"sale":       rungUp,
	"sale searching": func(d *desk) {
		rungUp(d)
		d.write("3*scone")
	},
	"sale missed": func(d *desk) {
		rungUp(d)
		for i := range 4 {
			d.scan("942190000999" + itoa(i))
		}
	},
	"sale kept refused": func(d *desk) { rungUp(d); d.write("12,50"); d.press("enter") },
	"sale long list":    func(d *desk) { rungUp(d); d.press("f4"); d.write("c") },
	"sale weighed":      func(d *desk) { d.write("0.425*lamb"); d.press("enter") },
	"sale changed": func(d *desk) {
		rungUp(d)
		for _, text := range []string{"/discount 10%", "/note for the office", "/discount-all 2.00", "/customer-ref M-1042", "/price 17.00 dented"} {
			d.write(text)
			d.press("enter")
		}
	},
	"prices": func(d *desk) { rungUp(d); d.press("f8") },
	"leave":  func(d *desk) { rungUp(d); d.press("ctrl+c") },
	"recall": func(d *desk) { rungUp(d); d.write("/hold Ann"); d.press("enter"); d.scan("12.50"); d.press("f5", "f6") },
	"sale not kept": func(d *desk) {
		d.m.keeper.busy = true
		rungUp(d)
		d.send(basketSaved{err: errors.New("the disk is full")})
	},
	"sale price":   func(d *desk) { rungUp(d); d.write("3*12.50") },
	"sale refused": func(d *desk) { rungUp(d); d.scan("9421900009999") },
	"commands":     func(d *desk) { rungUp(d); d.press("/") },
	"quantity":     func(d *desk) { rungUp(d); d.press("f2"); d.write("4") },
	"sale odd names": func(d *desk) {
		for i, name := range []string{"カプチーノ 大", "قهوة عربية", "קפה שחור", "Cafe\u0301 cre\u0300me", "👩‍🍳 Chef’s special", "A name that is a good deal longer than there is room for", "\x1b[31mred"} {
			d.work.ProductList = append(d.work.ProductList, pos.Product{SKU: "ODD" + itoa(i), Name: name, Unit: pos.UnitEach, Price: cents(1234567), TaxRate: dec("15"), Restricted: i%2 == 0})
			d.scan("ODD" + itoa(i))
		}
	},
	"help":             func(d *desk) { rungUp(d); d.press("?") },
	"pay begins":       at(func(*story) {}),
	"pay":              at(func(s *story) { waited(s) }),
	"pay reconnecting": at(func(s *story) { waited(s).lost().lost().lost() }),
	"pay commands":     func(d *desk) { at(func(s *story) { waited(s) })(d); d.press("/") },
	"pay stop":         func(d *desk) { at(func(s *story) { waited(s) })(d); d.press("esc") },
	"pay customer":     func(d *desk) { at(func(s *story) { waited(s) })(d); d.press("c") },
	"pay condition":    at(func(s *story) { waited(s).condition(pos.ConditionAwaitingMerchant) }),
	"pay condition confirm": func(d *desk) {
		at(func(s *story) { waited(s).condition(pos.ConditionAwaitingMerchant) })(d)
		d.pass(time.Second)
		d.press("d")
	},
	"pay not known": at(func(s *story) { nobodyKnows(waited(s)) }),
	"unfinished": func(d *desk) {
		at(func(s *story) { nobodyKnows(waited(s)) })(d)
		d.press("esc", "l")
	},
	"sale frozen": func(d *desk) {
		at(func(s *story) { nobodyKnows(waited(s)) })(d)
		d.press("esc", "l", "esc")
	},
	"result paid":      at(func(s *story) { waited(s).paid() }),
	"result part paid": at(func(s *story) { partPaid(waited(s)) }),
	"result cancelled": at(func(s *story) {
		waited(s).polled(func(r *pos.Request) { r.Status, r.CancellationReason = pos.StatusCancelled, "CANCELLED_BY_PATRON" })
	}),
	"result expired": at(func(s *story) { waited(s).polled(func(r *pos.Request) { r.Status = pos.StatusExpired }) }),
	"result given back": at(func(s *story) {
		waited(s).event(0, pos.StopAsked{Why: pos.WhyStaff})
		s.event(time.Second, pos.VoidReplied{RequestID: s.state.Record.Request.ID, Reply: done, Reversal: pos.Reversal{Returned: s.state.Record.Sale.Amount}})
	}),
	"result refused": at(func(s *story) {
		s.event(time.Second, pos.CreateReplied{Reply: pos.Reply{Answer: pos.AnswerRefused,
			Refusal: pos.Refusal{Code: "SOMETHING_NEW", Status: 403, Reason: "the moon is in the wrong phase"}}})
	}),
	"result not started": func(d *desk) {
		rungUp(d)
		d.work.err = &pos.LedgerError{Err: errors.New("disk full")}
		d.press("f9")
	},
	"sale recovered": func(d *desk) {
		rungUp(d)
		d.send(recovered{record: left("CP-E11-ZHZ", cents(1100), cancelledByCustomer)})
	},
	"too small": func(d *desk) {
		rungUp(d)
		d.send(tea.WindowSizeMsg{Width: 64, Height: 20})
	},
}

func waited(s *story) *story {
	s.created()
	for range 28 {
		s.polled(nil)
	}
	return s
}

func nobodyKnows(s *story) {
	s.event(0, pos.StopAsked{Why: pos.WhyStaff})
	id := s.state.Record.Request.ID
	s.event(time.Second, pos.VoidReplied{RequestID: id, Reply: pos.Reply{Answer: pos.AnswerUnknown}})
	s.event(time.Second, pos.PollReplied{RequestID: id, Reply: pos.Reply{Answer: pos.AnswerUnknown}})
}

func partPaid(s *story) {
	s.polled(func(r *pos.Request) {
		r.Status, r.Remaining = pos.StatusPaid, cents(1440)
		r.PaidBy = []pos.Tender{
			{AssetType: "centrapay.nzd.main", Description: "Centrapay NZD", Total: r.Value.Sub(cents(1940))},
			{AssetType: "farmlands.nzd.main", Total: cents(500), Lines: []pos.LineItem{{Name: "Flat white", Qty: dec("2"), Price: dec("500")}}},
		}
	})
}

// sizes are those the screens are held against.
var sizes = []tea.WindowSizeMsg{{Width: 80, Height: 24}, {Width: 100, Height: 30}, {Width: 160, Height: 48}}

func TestScreens(t *testing.T) {
	t.Parallel()
	for name, play := range scenes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctestEach(t, play)
		})
	}
}

// synctestEach plays a scene at every size and holds what it shows against the
// golden files. Resizing on the way must come to the same.
func synctestEach(t *testing.T, play func(d *desk)) {
	for _, size := range sizes {
		var shown string
		driven(t, func(d *desk) {
			d.send(size)
			play(d)
			if d.m.tooSmall() {
				shown = d.screen()
				return
			}
			d.send(tea.WindowSizeMsg{Width: 133, Height: 51}, tea.WindowSizeMsg{Width: 12, Height: 4}, size)
			shown = d.screen()
		})
		t.Run(itoa(size.Width)+"x"+itoa(size.Height), func(t *testing.T) { screentest.GoldenText(t, shown) })
	}
}
