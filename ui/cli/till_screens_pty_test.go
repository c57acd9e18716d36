package cli

import (
	"strings"
	"testing"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/ui/screentest"
)

// view is a screen, or what lies over one: the keys that lead there, a text that only
// it shows, and the money that must not be hidden while it is open.
type view struct {
	name  string
	keys  []string
	shows string
	money string // what a window that is too small still says; empty for nothing
	// leave are the keys that lead back; Esc where there are none.
	leave []string
	// back is what shows again then; where the view before it is still what is behind.
	back string
}

// visits goes to each view by its keys, makes the window too small and large again
// there, and comes back.
func (h *hands) visits(views ...view) {
	h.t.Helper()
	for _, v := range views {
		h.goesTo(v)
		h.comesBack(v)
	}
}

func (h *hands) goesTo(v view) {
	h.t.Helper()
	for _, key := range v.keys[:len(v.keys)-1] {
		h.press(key)
	}
	h.does(v.keys[len(v.keys)-1], v.shows)
	h.capture(*shiftCaptures, "screen-"+v.name)
	h.shrinks(v.shows, v.money)
}

func (h *hands) comesBack(v view) {
	h.t.Helper()
	leave := v.leave
	if leave == nil {
		leave = []string{keyEsc}
	}
	for _, key := range leave[:len(leave)-1] {
		h.press(key)
	}
	h.until(leave[len(leave)-1], v.name+" to be left", func(s *screentest.Screen) bool {
		return !s.Contains(v.shows) && s.Contains(v.back)
	})
}

// shrinks makes the window too small, where it says what it needs and what becomes of
// the money, and large again.
func (h *hands) shrinks(shows, money string) {
	h.t.Helper()
	h.Resize(60, 20)
	h.see("needs a window of 80x24", "60x20")
	if money != "" {
		h.see(money)
	}
	if h.Screen.Contains(shows) && !strings.Contains(money, shows) {
		h.t.Errorf("a window that is too small shows %q:\n%s", shows, h.Screen)
	}
	h.Resize(80, 24)
	h.see(shows)
}

func visitor(t *testing.T, server *sandbox.Server) (*hands, counter) {
	t.Helper()
	c := newCounter(t, with(server)...)
	return &hands{PTY: c.open(screentest.PTYOptions{}), t: t}, c
}

// TestScreensOfTheCounter: what is reached from the sale without any money on its way.
func TestScreensOfTheCounter(t *testing.T) {
	t.Parallel()
	h, _ := visitor(t, startSandbox(t))
	h.enters("12.50", "open price 12.50")
	h.see("1 line")
	h.shrinks("Open price", "")
	const sale = "Open price"
	h.visits(
		view{name: "help", keys: []string{"?"}, shows: "What to type", back: sale},
		view{name: "command-list", keys: []string{"/"}, shows: "┌─ Commands", back: sale},
		view{name: "products", keys: []string{"\x1bOS"}, shows: "Type a part of a name", leave: []string{"\x1bOS"}, back: sale},
		view{name: "price-menu", keys: []string{keyF8}, shows: "A discount on the whole basket", back: sale},
		view{name: "tender", keys: []string{keyF12}, shows: "LEFT TO PAY", back: sale},
		view{name: "unfinished", keys: []string{"!"}, shows: "Nothing is unfinished", back: sale},
		view{name: "more", keys: []string{keyF3}, shows: "colours, the bell, the scanner", back: sale},
	)
	more := view{name: "more", keys: []string{keyF3}, shows: "colours, the bell, the scanner", back: sale}
	h.goesTo(more)
	h.visits(
		view{name: "more-help", keys: []string{"?"}, shows: "Keys on this screen", back: more.shows},
		view{name: "more-commands", keys: []string{"/"}, shows: "┌─ Commands", back: more.shows},
		view{name: "settings", keys: []string{"s"}, shows: "longest pause within a scan", back: more.shows},
		view{name: "history-empty", keys: []string{"h"}, shows: "Nothing has been sold at this till yet", back: more.shows},
		view{name: "refund-empty", keys: []string{"r"}, shows: "No sale to give back", back: more.shows},
		view{name: "held-empty", keys: []string{"d"}, shows: "No sale is put aside", back: more.shows},
	)
	h.comesBack(more)

	h.does(keyF5, "F6 recalls it")
	h.visits(
		view{name: "recall", keys: []string{keyF6}, shows: "Held baskets", back: "Scan something"},
		view{name: "held", keys: []string{keyF3, "d"}, shows: "Sales that were put aside", leave: []string{keyEsc, keyEsc}, back: "Scan something"},
	)
	h.press(keyCtrlC)
	if code := h.WaitExit(soon); code != 0 {
		t.Errorf("left with %d", code)
	}
}

// TestScreensOfAPayment: what is reached while a customer pays, and after.
func TestScreensOfAPayment(t *testing.T) {
	t.Parallel()
	server := startSandbox(t)
	h, _ := visitor(t, server)
	h.enters("12.50", "open price 12.50")
	const waits, money = "Waiting for the customer", "NZD 12.50 · Waiting for the customer"
	h.does(keyF9, waits)
	made := newest(t, server, "new", hasStatus(api.StatusNew))
	h.see(made.ShortCode)
	h.shrinks(made.ShortCode, money)
	h.visits(
		view{name: "pay-help", keys: []string{"?"}, shows: "Keys on this screen", money: money, back: waits},
		view{name: "pay-commands", keys: []string{"/"}, shows: "┌─ Commands", money: money, back: waits},
		view{name: "stop", keys: []string{keyEsc}, shows: "Stop this payment?", money: money, back: waits},
		view{name: "split", keys: []string{"s"}, shows: "split", money: money, back: waits},
	)
	h.enlarges(waits, made)

	check := func(id, message string) {
		if err := server.Service().RaiseCondition(made.ID, sandbox.Condition{Name: id, Message: message}); err != nil {
			t.Fatal(err)
		}
	}
	check("age-check", "Is the customer over 18?")
	check("sober-check", "Is the customer sober?")
	h.after("Please check 1 of 2", "Is the customer over 18?")
	h.capture(*shiftCaptures, "screen-condition")
	h.shrinks("Please check 1 of 2", "NZD 12.50")
	h.visits(
		view{name: "accept", keys: []string{"a"}, shows: "Accept?", money: "NZD 12.50", back: "Please check 1 of 2"},
		view{name: "decline", keys: []string{"d"}, shows: "Decline?", money: "NZD 12.50", back: "Please check 1 of 2"},
		view{name: "stop-checked", keys: []string{keyEsc}, shows: "Stop this payment?", money: "NZD 12.50", back: "Please check 1 of 2"},
	)
	for _, message := range []string{"Is the customer over 18?", "Is the customer sober?"} {
		h.after(message)
		h.does("a", "Accept?")
		h.press("y")
		h.WaitGone("Accept?", soon)
	}
	screentest.WaitFor(t, h.Screen, soon, "both answers to arrive", func(*screentest.Screen) bool {
		return server.Service().Pay(made.ID, sandbox.PayOptions{}) == nil
	})
	h.after("✓ PAID")
	h.shrinks("✓ PAID", "NZD 12.50 · PAID")
	h.visits(
		view{name: "result-help", keys: []string{"?"}, shows: "Keys on this screen", money: "PAID", back: "✓ PAID"},
		view{name: "result-commands", keys: []string{"/"}, shows: "┌─ Commands", money: "PAID", back: "✓ PAID"},
	)
	h.does(keyEsc, "Scan something")
}

// enlarges shows the code large, in a window with room for that, where it still scans.
func (h *hands) enlarges(waits string, made sandbox.Snapshot) {
	h.t.Helper()
	h.Resize(160, 48)
	h.see(waits, "Q Large code")
	rows := func() int {
		return strings.Count(h.Screen.String(), "█")
	}
	small := rows()
	h.press("q")
	screentest.WaitFor(h.t, h.Screen, soon, "the large code of "+made.URL, func(s *screentest.Screen) bool {
		code, err := screentest.DecodeQR(s)
		return err == nil && code == made.URL && rows() > small
	})
	h.capture(*shiftCaptures, "screen-large-code")
	h.press("q")
	screentest.WaitFor(h.t, h.Screen, soon, "the code in its usual size", func(*screentest.Screen) bool { return rows() <= small })
	h.Resize(80, 24)
	h.see(waits)
}

// TestScreensOfTheRecord: what is reached once something was sold: its story, and its
// refund up to the last question.
func TestScreensOfTheRecord(t *testing.T) {
	t.Parallel()
	server := startSandbox(t)
	h, _ := visitor(t, server)
	h.scan("9421900000036", "9421900000017")
	h.see("11.50")
	h.does(keyF9, "Waiting for the customer")
	made := newest(t, server, "new", hasStatus(api.StatusNew))
	if err := server.Service().Pay(made.ID, sandbox.PayOptions{}); err != nil {
		t.Fatal(err)
	}
	h.after("✓ PAID")
	h.visits(view{name: "void", keys: []string{"v"}, shows: "Give back NZD 11.50?", back: "GIVE BACK NOW"})
	h.press(keyEsc)
	h.see("Recent sales")
	h.does(keyEsc, "Scan something")

	const more = "colours, the bell, the scanner"
	h.does(keyF3, more)
	h.goesTo(view{name: "history", keys: []string{"h"}, shows: "1 payment, refund or void"})
	h.visits(view{name: "story", keys: []string{keyEnter}, shows: "left to give back NZD 11.50", back: "1 payment, refund or void"})
	h.write("zzz")
	h.see("Nothing on record has that")
	h.does(keyEsc, made.ShortCode) // clears the line first
	h.does(keyEsc, more)

	h.goesTo(view{name: "refund", keys: []string{"r"}, shows: "Recent sales"})
	lines := view{name: "refund-lines", keys: []string{keyEnter}, shows: "GIVE BACK NOW", back: "Recent sales"}
	h.goesTo(lines)
	h.does("+", "5.50")
	h.visits(view{name: "refund-confirm-line", keys: []string{keyEnter}, shows: "Give back NZD 5.50?", back: "GIVE BACK NOW"})
	h.write("2.00")
	h.see("NZD 2.00")
	h.capture(*shiftCaptures, "screen-refund-amount")
	h.visits(view{name: "refund-confirm-amount", keys: []string{keyEnter}, shows: "Give back NZD 2.00?", back: "GIVE BACK NOW"})
	h.does("a", "By a void")
	h.comesBack(lines)
	h.does(keyEsc, more)
	h.does(keyEsc, "Scan something")
	if all, err := server.Service().Requests(); err != nil || len(all) != 1 || all[0].Status != api.StatusPaid {
		t.Errorf("looking has changed something: %+v, %v", all, err)
	}
}

// TestScreensOfWhatIsNotKnown: a payment that is left to the till, while no answer comes.
func TestScreensOfWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	server := startSandbox(t)
	h, _ := visitor(t, server)
	h.enters("12.50", "open price 12.50")
	h.does(keyF9, "Waiting for the customer")
	made := newest(t, server, "new", hasStatus(api.StatusNew))
	fault, err := sandbox.ParseFault("*:hang=60s")
	if err != nil {
		t.Fatal(err)
	}
	server.Service().AddFault(fault)
	h.see("reconnecting")
	h.shrinks("reconnecting", "NZD 12.50")
	h.does(keyEsc, "Stop this payment?")
	h.does("y", "NOT KNOWN YET")
	h.visits(view{name: "not-known", keys: []string{keyEsc}, shows: "Leave it to the till", money: "NZD 12.50", back: "NOT KNOWN YET"})
	h.does(keyEsc, "Leave it to the till")
	h.does("l", "Payments whose end is not known yet")
	h.see(made.ShortCode)
	h.capture(*shiftCaptures, "screen-unfinished-one")
	h.goesTo(view{name: "unfinished-payment", keys: []string{keyEnter}, shows: "NOT KNOWN YET", money: "NZD 12.50 · NOT KNOWN YET"})
	h.does(keyEsc, "Leave it to the till")
	h.does("l", "Payments whose end")
	h.does(keyEsc, "do not charge again")
	h.capture(*shiftCaptures, "screen-frozen")
	h.does(keyCtrlN, "Scan something")
	h.see("Unfinished 1")
	server.Service().ClearFaults()
	h.after("CANCELLED", "A payment from before")
	h.does(keyEnter, "Scan something")
	h.WaitGone("Unfinished 1", soon)
}

// TestScreenOfALatePayment: money that came after its sale had ended raises a card, which
// can be put off, and leads to giving the money back.
func TestScreenOfALatePayment(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.paidAfterItsEnd()
	c := counter{t: t}
	for name, value := range s.env {
		c.env = append(c.env, name+"="+value)
	}
	h := &hands{PTY: c.open(screentest.PTYOptions{}), t: t}
	h.after("PAID after you gave up", "NZD 12.50")
	h.capture(*shiftCaptures, "screen-late")
	h.shrinks("PAID after you gave up", "")
	h.press(keyEsc)
	h.see("PAID LATE 1")
	h.WaitGone("PAID after you gave up", soon)
	h.visits(view{name: "late-waits", keys: []string{"!"}, shows: "Money came in after you gave up: 1", back: "Scan something"})
	h.does("!", "Money came in after you gave up: 1")
	h.visits(view{name: "late-again", keys: []string{"l"}, shows: "PAID after you gave up", back: "Money came in after you gave up: 1"})
	h.does("l", "PAID after you gave up")
	h.does("r", "Give back NZD 12.50?")
	h.after("Give back NZD 12.50?")
	h.does("y", "VOIDED")
	h.does(keyEnter, "Scan something")
	if r := s.onlyRequest(); r.Status != api.StatusCancelled {
		t.Errorf("the late payment is %s after it was given back", r.Status)
	}
	h.WaitGone("PAID LATE", soon)
}
