package cli

import (
	"strings"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/ui/screentest"
)

// deals is the day: about twenty sales of all kinds, what is given back of some of
// them, and what goes wrong in between.
func deals() []deal {
	return []deal{
		{"open price", true, func(s *shift) string {
			s.enters("12.50", "open price 12.50")
			s.see("1 line")
			return s.paid()
		}},
		{"product by search", false, func(s *shift) string {
			s.enters("date", "product Date scone 5.50")
			return s.paid()
		}},
		{"four scans in a burst", true, func(s *shift) string {
			s.scan(flatWhite, cheeseScone, cheeseScone, mincePie)
			s.see("25.00")
			return s.paid()
		}},
		{"3* and a scan", false, func(s *shift) string {
			s.write("3*")
			s.scan(flatWhite)
			s.see("16.50")
			return s.paid()
		}},
		{"by weight", false, func(s *shift) string {
			s.enters("0.425*lamb", "0.425 kg x 24.90 = 10.58")
			return s.paid()
		}},
		{"a label with its price", false, func(s *shift) string {
			s.scan("2100001012342")
			s.see("12.34")
			return s.paid()
		}},
		{"discount on a line", false, func(s *shift) string {
			s.scan(flatWhite, honey)
			s.see("44.00")
			s.does(keyF8, "A discount on the whole basket")
			s.does("d", "/discount ")
			s.enters("10%", "becomes 34.65")
			s.see("40.15")
			return s.paid()
		}},
		{"discount on all", false, func(s *shift) string {
			s.scan(cheeseScone, mincePie)
			s.see("13.50")
			s.enters("/discount-all 1.50 regular", "becomes 12.00")
			s.see("12.00")
			return s.paid()
		}},
		{"price override", false, func(s *shift) string {
			s.scan(honey)
			s.see("38.50")
			s.does(keyF8, "Price")
			s.does("p", "/price ")
			s.enters("30.00 dented tin", "now 30.00 each, was 38.50")
			s.see("(was 38.50)")
			return s.paid()
		}},
		{"held for another customer", false, heldAndRecalled},
		{"customer's code scanned", true, func(s *shift) string {
			s.scan(flatWhite)
			s.see("1 line")
			s.scan(sandbox.BarcodeCustomer2)
			s.see("Waiting for the customer")
			s.shoot("pay")
			s.customerPays(s.newestIs(api.StatusNew), sandbox.PayOptions{})
			return s.seenPaid()
		}},
		{"customer cancels, pays cash", false, func(s *shift) string {
			s.scan(flatWhite, mincePie)
			s.see("13.00")
			s.must(s.server.Service().Cancel(s.asked().ID))
			s.after("CANCELLED")
			s.shoot("cancelled")
			s.does(keyEnter, "GST incl.")
			return "cancelled, then " + s.inCash("13.00", "20", "7.00")
		}},
		{"request expires, asked again", false, func(s *shift) string {
			s.scan(mincePie)
			s.see("7.50")
			s.must(s.server.Service().Expire(s.asked().ID))
			s.after("EXPIRED")
			s.shoot("expired")
			s.does("a", "Waiting for the customer")
			s.customerPays(s.newestIs(api.StatusNew), sandbox.PayOptions{})
			return "expired, then " + s.seenPaid()
		}},
		{"a token, the rest in cash", true, tokenAndCash},
		{"split with another card", false, splitWithCard},
		{"ID check, accepted", false, func(s *shift) string {
			r := s.checked()
			s.does("a", "Accept?")
			s.does("y", "Waiting for the customer")
			s.customerPays(r, sandbox.PayOptions{})
			return "checked, then " + s.seenPaid()
		}},
		{"ID check, declined", false, func(s *shift) string {
			s.checked()
			s.does("d", "Decline?")
			s.does("y", "CANCELLED")
			s.after("CANCELLED")
			s.shoot("declined")
			s.does(keyEnter, "GST incl.")
			s.does(keyCtrlN, "Scan something")
			return "declined, CANCELLED"
		}},
		{"QR replaced by a customer's code", false, func(s *shift) string {
			s.scan(cheeseScone)
			s.see("1 line")
			first := s.asked()
			s.scan(sandbox.BarcodeCustomer2)
			s.see("The customer's app shows the")
			if was, err := s.server.Service().Request(first.ID); err != nil || was.Status != api.StatusCancelled {
				s.t.Errorf("the first request is %s (%v) while there is a second", was.Status, err)
			}
			s.customerPays(s.newestIs(api.StatusNew), sandbox.PayOptions{})
			return "replaced, then " + s.seenPaid()
		}},
		{"network cut while they pay", true, networkCut},
		{"power fails while they pay", false, powerFails},
		{"refund of a line", true, refundOfALine},
		{"refund of an amount", false, func(s *shift) string {
			s.chooses("40.15")
			s.write("4.00")
			s.see("NZD 4.00")
			return s.givesBack("REFUNDED")
		}},
		{"refund of all that is left", false, func(s *shift) string {
			s.chooses("25.00")
			s.see("Given back before")
			return s.givesBack("REFUNDED")
		}},
		{"a sale and its void", false, func(s *shift) string {
			s.scan(pinot)
			s.see("13.50")
			s.customerPays(s.asked(), sandbox.PayOptions{})
			s.after("✓ PAID")
			s.does("v", "Give back NZD 13.50?")
			s.shoot("void")
			s.does("y", "VOIDED")
			s.after("VOIDED")
			s.shoot("voided")
			s.does(keyEnter, "Scan something")
			return "PAID, then VOIDED"
		}},
	}
}

// heldAndRecalled puts a basket aside for somebody who is quicker.
func heldAndRecalled(s *shift) string {
	s.scan(honey, flatWhite)
	s.see("44.00")
	s.does(keyF5, "F6 recalls it")
	s.enters("3.80", "open price 3.80")
	s.see("1 line")
	first := s.paid()
	s.press(keyF6)
	s.see("Held")
	s.shoot("held")
	s.does(keyEnter, "Recalled")
	s.see("44.00")
	return first + ", then " + s.paid()
}

// inCash takes what is left in cash.
func (s *shift) inCash(due, given, change string) string {
	s.t.Helper()
	s.does(keyF12, "LEFT TO PAY")
	s.see(due)
	s.write(given)
	s.does("c", "Cash taken?")
	s.see("Change NZD " + change)
	s.shoot("cash")
	s.does("y", "CHANGE")
	s.does(keyEnter, "Scan something")
	return "cash " + due + ", change " + change
}

// tokenAndCash lets a token buy the coffee of a basket; the rest is paid in cash, which
// is rounded to ten cents.
func tokenAndCash(s *shift) string {
	s.scan(longBlack, cheeseScone)
	s.see("11.00")
	s.enters("3.78", "open price 3.78")
	s.see("14.78")
	s.does(keyF12, "LEFT TO PAY")
	s.does("p", "Waiting for the customer")
	s.customerPays(s.newestIs(api.StatusNew), sandbox.PayOptions{AssetID: sandbox.TokenCoffee1, Mode: api.PayModePartial})
	s.after("PART PAID")
	s.shoot("part")
	s.does(keyEnter, "LEFT TO PAY")
	s.see("in cash", "9.80")
	s.shoot("left")
	s.write("10")
	s.does("c", "Cash taken?")
	s.see("Change NZD 0.20")
	s.does("y", "CHANGE")
	s.does(keyEnter, "Scan something")
	return "PART PAID by a token 5.00, cash 9.80"
}

// splitWithCard takes a part through Centrapay and the rest by a card elsewhere.
func splitWithCard(s *shift) string {
	s.scan(honey)
	s.see("38.50")
	first := s.asked()
	s.does("s", "split")
	s.write("20")
	s.press(keyEnter)
	second := newest(s.t, s.server, "a part", func(r sandbox.Snapshot) bool { return r.ID != first.ID && r.Status == api.StatusNew })
	s.see(second.ShortCode)
	s.shoot("part-asked")
	s.customerPays(second, sandbox.PayOptions{})
	s.after("PART PAID")
	s.does(keyEnter, "LEFT TO PAY")
	s.see("18.50")
	s.does("k", "Card taken on the other terminal?")
	s.does("y", "NOTHING LEFT TO PAY")
	s.does(keyEnter, "Scan something")
	return "PART PAID 20.00, card 18.50"
}

// checked sells wine, and Centrapay asks for the customer's age.
func (s *shift) checked() sandbox.Snapshot {
	s.t.Helper()
	s.scan(pinot)
	s.see("13.50")
	r := s.asked()
	s.must(s.server.Service().RaiseCondition(r.ID, sandbox.Condition{Name: "age-check", Message: "Is the customer over 18?"}))
	s.after("Is the customer over 18?", "Born on or before")
	s.shoot("check")
	return r
}

// networkCut cuts the till off while the customer pays.
func networkCut(s *shift) string {
	s.scan(flatWhite, flatWhite)
	s.see("11.00")
	r := s.asked()
	fault, err := sandbox.ParseFault("*:hang=60s")
	if err != nil {
		s.t.Fatal(err)
	}
	s.server.Service().AddFault(fault)
	s.customerPays(r, sandbox.PayOptions{})
	s.see("reconnecting")
	s.shoot("cut")
	if s.Screen.Contains("PAID") {
		s.t.Error("the till shows PAID without having heard of it")
	}
	s.server.Service().ClearFaults()
	return "cut off, then " + s.seenPaid()
}

// powerFails kills the till while the customer pays, and starts it again.
func powerFails(s *shift) string {
	s.scan(mincePie, mincePie)
	s.see("15.00")
	r := s.asked()
	s.Kill()
	s.customerPays(r, sandbox.PayOptions{})
	s.PTY = s.counter.open(screentest.PTYOptions{})
	s.see("Scan something", "was open when the till stopped", "PAID. Hand over the goods")
	s.shoot("found-out")
	if told := s.row("was open when the till stopped"); !strings.Contains(told, "NZD 15.00") {
		s.t.Errorf("after the power failed the till tells of %q, not of the 15.00 that were paid", told)
	}
	s.press(keyEsc)
	s.WaitGone("was open when the till stopped", soon)
	return "killed, found paid after the start"
}

// chooses opens the refund of the latest sale of an amount.
func (s *shift) chooses(sum string) {
	s.t.Helper()
	s.does(keyF3, "give a customer's money back")
	s.does("r", "Recent sales")
	s.write(sum)
	s.see(sum)
	s.press(keyEnter)
	s.see("Left to give back", "GIVE BACK NOW")
}

// refundOfALine gives one of the scones of the burst back, by the short code of its receipt.
func refundOfALine(s *shift) string {
	s.chooses("25.00")
	s.press(keyDown)
	s.does("+", "6.00")
	s.shoot("lines")
	return s.givesBack("REFUNDED")
}

// givesBack sends what was chosen.
func (s *shift) givesBack(word string) string {
	s.t.Helper()
	s.does(keyEnter, "Give back NZD")
	s.shoot("confirm")
	s.does("y", word)
	s.after(word)
	s.shoot("given-back")
	sum := strings.Join(strings.Fields(strings.Trim(s.row(word), "│ ✓")), " ")
	s.does(keyEnter, "Scan something")
	return strings.TrimPrefix(sum, "■ ")
}
