package ui

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
)

// pending is an entry, or an action, that waits for its turn.
type pending struct {
	text  string // as it was typed or scanned
	entry entry
	// scanned: nobody may have looked when it failed.
	scanned bool
	do      action // set for an action, such as asking for payment
	// answer is what the search found before Enter; choice is which of it was meant.
	answer   found
	answered bool
	choice   int
}

// queue holds entries in the order they were made. Looking one up takes a moment,
// and scans come faster than that; what is asked for after them, payment above
// all, waits until they are in the basket.
type queue struct {
	waiting []pending
	busy    bool // the first one is being looked up
	lookUp  int  // the id of that look-up
	ids     int
}

// lookUpBase keeps the ids of look-ups apart from those of searches.
const lookUpBase = 1 << 30

// enqueue puts an entry at the end of the queue and goes on with the first.
func (s saleScreen) enqueue(p pending) (screen, action, tea.Cmd) {
	s.queue.waiting = append(s.queue.waiting[:len(s.queue.waiting):len(s.queue.waiting)], p)
	s.choice = 0
	return s.proceed()
}

// proceed does what is at the front of the queue, until one has to be looked up
// or asks for something that is not this screen's to do.
func (s saleScreen) proceed() (screen, action, tea.Cmd) {
	var cmds []tea.Cmd
	for len(s.queue.waiting) > 0 && !s.queue.busy {
		first := s.queue.waiting[0]
		if first.do == nil && first.entry.isSought() && !first.answered {
			s.queue.ids++
			s.queue.busy, s.queue.lookUp = true, lookUpBase+s.queue.ids
			return s, nil, tea.Batch(append(cmds, s.work.find(s.queue.lookUp, first.entry, 1))...)
		}
		s.queue.waiting = s.queue.waiting[1:]
		if first.do != nil {
			return s, first.do, tea.Batch(cmds...)
		}
		if first.entry.kind == entryCommand {
			return s, run{text: first.entry.text}, tea.Batch(cmds...)
		}
		var cmd tea.Cmd
		s, cmd = s.entered(first)
		cmds = append(cmds, cmd)
	}
	s, cmd := s.nextKept()
	return s, nil, tea.Batch(append(cmds, cmd)...)
}

// nextKept puts the next kept scan into the line once the one before is done.
func (s saleScreen) nextKept() (saleScreen, tea.Cmd) {
	if len(s.queue.waiting) > 0 {
		return s, nil
	}
	return s.shown()
}

// postponed puts an action back to the front of the queue.
func (s saleScreen) postponed(a action) saleScreen {
	s.queue.waiting = append([]pending{{do: a}}, s.queue.waiting...)
	return s
}

// keepQueue puts aside what came behind the wish to pay: it belongs to the next
// sale, or to nobody.
func (s saleScreen) keepQueue() saleScreen {
	for _, p := range s.queue.waiting {
		if p.text != "" {
			s = s.keep(p.text)
		}
	}
	s.queue.waiting = nil
	return s
}

// resolve goes on when the entry in front was looked up.
func (s saleScreen) resolve(reply found) (screen, action, tea.Cmd) {
	first := s.queue.waiting[0]
	first.answer, first.answered = reply, true
	waiting := append([]pending{first}, s.queue.waiting[1:]...)
	s.queue.waiting = waiting
	return s.proceed()
}

// entered takes one entry. Why a scan failed stays until staff have read it: the
// next scan may come at once.
func (s saleScreen) entered(p pending) (saleScreen, tea.Cmd) {
	s, cmd := s.enter(p)
	if p.scanned && s.note.tone != toneInfo {
		s.missed, s.note.text = s.note.text, ""
		return s.scrolled(), nil
	}
	return s, cmd
}

// enter puts one entry into the basket, or says why it cannot be.
func (s saleScreen) enter(p pending) (saleScreen, tea.Cmd) {
	e, products := p.entry, p.answer.products
	switch {
	case s.frozen:
		return s.fail(toneDanger, "Nothing was added: "+frozenText)
	case p.answered && p.answer.err != nil:
		return s.fail(toneDanger, "Nothing was added: the product list did not answer. Try again, or type the price.")
	case e.kind == entryInvalid:
		return s.fail(toneWarn, sentence(e.problem)+" Nothing was added.")
	case e.kind == entryNothing:
		return s.fail(toneWarn, "Nothing was added: there was only a quantity.")
	case len(products) > 0:
		return s.addProduct(products[min(p.choice, len(products)-1)], e)
	case e.kind == entryPrice, e.kind == entryNumber:
		return s.addPrice(e)
	case e.kind == entryCode:
		return s.fail(toneWarn, fmt.Sprintf("No product has the code %s. Nothing was added; type its name or price.", e.text))
	}
	return s.fail(toneWarn, fmt.Sprintf("No product is called %q. Nothing was added; try fewer letters, or type the price.", e.text))
}

// fail says why an entry was not taken. Payment that was asked for behind it is
// not: the customer would pay for less than what is on the counter.
func (s saleScreen) fail(t tone, text string) (saleScreen, tea.Cmd) {
	var rest []pending
	for _, p := range s.queue.waiting {
		if p.do == nil {
			rest = append(rest, p)
		}
	}
	s.queue.waiting = rest
	return s.say(t, text)
}

func (s saleScreen) addProduct(p pos.Product, e entry) (saleScreen, tea.Cmd) {
	if p.Unit == pos.UnitKg && !e.hasQty {
		return s.fail(toneWarn, fmt.Sprintf("%s is sold by weight. Type the weight first, such as 0.425*%s",
			p.Name, firstWord(p.Name)))
	}
	basket, id, err := s.basket.AddProduct(p, e.qty)
	if err != nil {
		return s.fail(toneWarn, sentence(err.Error())+" Nothing was added.")
	}
	s = s.withBasket(basket).chosenAfter(id)
	return s.say(toneInfo, "Added "+describe(p.Name, e.qty, p.Price, p.Unit))
}

func (s saleScreen) addPrice(e entry) (saleScreen, tea.Cmd) {
	basket, id, err := s.basket.AddOpen(openPrice, e.amount, e.qty, s.look.taxRate)
	if err != nil {
		return s.fail(toneWarn, sentence(err.Error())+" Nothing was added.")
	}
	s = s.withBasket(basket).chosenAfter(id)
	return s.say(toneInfo, "Added "+describe(openPrice, e.qty, e.amount, pos.UnitEach))
}

// chosenAfter chooses the line just rung up, unless a quantity is being typed for
// another: that one stays chosen, whatever is scanned meanwhile.
func (s saleScreen) chosenAfter(id int) saleScreen {
	if strings.HasPrefix(s.line.text(), "/qty") {
		return s.scrolled()
	}
	return s.withSelected(id)
}

// openPrice is the name of what is sold at a typed price, as the customer sees it.
const openPrice = "Open price"

func firstWord(name string) string {
	word, _, _ := strings.Cut(strings.ToLower(name), " ")
	return word
}

// sentence makes a sentence of a problem.
func sentence(problem string) string {
	problem = strings.TrimSpace(problem)
	if problem == "" {
		return ""
	}
	first := []rune(problem)
	text := strings.ToUpper(string(first[:1])) + string(first[1:])
	if strings.ContainsAny(text[len(text)-1:], ".?!") {
		return text
	}
	return text + "."
}
