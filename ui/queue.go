package ui

import (
	"cmp"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
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

// reply is the product list's answer; nil while there is none.
func (p pending) reply() *found {
	if !p.answered {
		return nil
	}
	return &p.answer
}

// asksForPayment reports whether it is the wish to pay.
func (p pending) asksForPayment() bool {
	_, is := p.do.(pay)
	return is || p.entry.kind == entryCustomer
}

// queue holds entries in the order they were made. Looking one up takes a moment,
// and scans come faster than that; what is asked for after them, payment above
// all, waits until they are in the basket.
type queue struct {
	waiting []pending
	busy    bool // the first one is being looked up
	lookUp  int  // the id of that look-up
	slow    bool // it takes so long that staff are told
	ids     int
}

// slowAfter is how long a look-up may take before it is shown.
const slowAfter = 300 * time.Millisecond

// slowDue says that a look-up has taken that long.
type slowDue struct{ lookUp int }

// doing says what is being looked up, when that takes long; empty when it does not.
func (q queue) doing() string {
	if !q.busy || !q.slow {
		return ""
	}
	text := "Looking up " + q.waiting[0].text + " …"
	if more := len(q.waiting) - 1; more > 0 {
		text += " and " + itoa(more) + " more behind it"
	}
	return text
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
			s.queue.busy, s.queue.slow, s.queue.lookUp = true, false, lookUpBase+s.queue.ids
			return s, nil, tea.Batch(append(cmds, s.work.find(s.queue.lookUp, first.entry, 1),
				after(slowAfter, slowDue{lookUp: s.queue.lookUp}))...)
		}
		s.queue.waiting = s.queue.waiting[1:]
		if first.do != nil {
			return s, first.do, tea.Batch(cmds...)
		}
		o := s.outcome(first.entry, first.reply(), first.choice)
		var cmd tea.Cmd
		switch {
		case o.refused != "":
			s, cmd = s.refuse(first, o)
		case o.do != nil:
			return s, o.do, tea.Batch(cmds...)
		case first.entry.kind == entryCommand:
			return s, run{text: first.entry.text}, tea.Batch(cmds...)
		default:
			s, cmd = s.done(o)
		}
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

// done carries out what an entry came to.
func (s saleScreen) done(o outcome) (saleScreen, tea.Cmd) {
	s = s.withBasket(o.basket).chosenAfter(o.line)
	return s.say(toneInfo, "Added "+cmp.Or(o.did, o.says))
}

// refuse says why an entry was not taken. One that was typed is given back to be
// put right; why a scan failed stays until staff have read it, since nobody may have
// looked and the next scan may come at once. Payment that was asked for behind it is
// not: the customer would pay for less than what is on the counter.
func (s saleScreen) refuse(p pending, o outcome) (saleScreen, tea.Cmd) {
	s.queue.waiting = slices.DeleteFunc(slices.Clone(s.queue.waiting), func(p pending) bool { return p.asksForPayment() })
	if s.line.isEmpty() && (!p.scanned || o.vague) {
		s.line = s.line.with(p.text)
		s, _, search := s.edited()
		s, cmd := s.say(o.tone, o.refused+" Nothing was added.")
		return s, tea.Batch(search, cmd)
	}
	text := "Not added: " + lowerFirst(o.refused)
	if !strings.Contains(o.refused, p.entry.text) && p.entry.kind != entryCustomer {
		text = "Not added: " + p.text + ": " + lowerFirst(o.refused)
	}
	s.missed = append(s.missed[:len(s.missed):len(s.missed)], text)
	return s.scrolled(), nil
}

// chosenAfter chooses the line just rung up, unless a command is being typed for
// another: that one stays chosen, whatever is scanned meanwhile.
func (s saleScreen) chosenAfter(id int) saleScreen {
	if strings.HasPrefix(s.line.text(), "/") {
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
