package ui

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
)

// saleScreen is where a sale is rung up: the basket, its sums, and the entry line,
// which always has the focus.
type saleScreen struct {
	look          *look
	work          work
	width, height int

	basket   pos.Basket
	sums     sums
	selected int // the chosen line, counted from 0
	top      int // the first line in sight
	// frozen: the basket was handed to a payment that is not known yet.
	frozen bool
	// unfinished is how many other money operations are not closed.
	unfinished int

	line   field
	before string // the line as it was before the run of characters under way
	hunt   hunt
	choice int // the chosen suggestion or command
	queue  queue
	kept   []string // scans that came while a prompt was open
	note   note
	news   news
	missed []string // why scans were not taken, until staff have read it
	sign   sign
	now    time.Time // as of the latest message
	wide   bool      // the products that fit are shown in a long list

	draft  draft   // how the basket is kept
	slots  int     // how many baskets this run had, less one
	left   []draft // baskets that have left the screen and are not all saved
	drafts draftView
}

func newSale(l *look, w work) saleScreen {
	s := saleScreen{look: l, work: w, line: newField(), note: note{of: onSale}}
	return s.withBasket(pos.NewBasketAt(l.currency, l.terminal))
}

// hunt is the search for what stands in the entry line. One is under way at a
// time; while it is, only the latest wish is kept.
type hunt struct {
	id    int
	busy  bool
	asked string // the text the search under way is for
	reply found  // the latest reply
	done  bool   // there is a reply
}

// SetSize implements screen.
func (s saleScreen) SetSize(width, height int) screen {
	s.width, s.height = width, height
	return s.scrolled()
}

// CapturesText implements screen: an empty line leaves characters to shortcuts.
func (s saleScreen) CapturesText() bool { return !s.line.isEmpty() }

// Update implements screen.
func (s saleScreen) Update(msg tea.Msg) (screen, action, tea.Cmd) {
	switch msg := msg.(type) {
	case keyTyped:
		return s.typed(msg)
	case textTyped:
		s.line = s.line.inserted(msg.text)
		return s.edited()
	case pasted:
		return s.pasted(msg)
	case scanned:
		return s.scanned(msg)
	case found:
		return s.found(msg)
	case noteDue:
		s.note = s.note.due(msg)
	case slowDue:
		s.queue.slow = s.queue.busy && msg.lookUp == s.queue.lookUp
	}
	return s, nil, nil
}

func (s saleScreen) typed(in keyTyped) (screen, action, tea.Cmd) {
	text := s.line.text()
	if in.first {
		s.before = text
		s = s.signed(in.key)
	}
	s.line = s.line.typed(in.key)
	if s.line.text() == text {
		return s, nil, nil
	}
	return s.edited()
}

// scanned takes a scan as an entry of its own, whatever else stands in the line;
// only a quantity that waits for it is joined to it.
func (s saleScreen) scanned(in scanned) (screen, action, tea.Cmd) {
	if in.echoed {
		s = s.unechoed()
	}
	s.wide = false
	rest := s.line.text()
	text := in.text
	if takesScan(rest) {
		text, rest = rest+text, ""
	}
	s.line = s.line.with(rest)
	return s.enqueue(pending{text: text, scanned: true, entry: s.parse(text, true)})
}

// unechoed takes back what the characters of a scan did before it was known to be one.
func (s saleScreen) unechoed() saleScreen {
	s.line = s.line.with(s.before)
	if s.sign.turned {
		s.sign.turned = false
		s, _ = s.addQty(s.sign.by)
	}
	return s
}

// pasted takes what was pasted: a line of text goes into the entry line; several
// lines are an entry each, as if they had been scanned.
func (s saleScreen) pasted(in pasted) (screen, action, tea.Cmd) {
	if in.problem != "" {
		s, cmd := s.say(toneWarn, in.problem)
		return s, nil, cmd
	}
	if len(in.lines) == 1 {
		s.line = s.line.inserted(in.text)
		return s.edited()
	}
	for _, text := range in.lines {
		e := s.parse(text, true)
		if e.kind == entryCommand {
			e.kind, e.problem = entryInvalid, "commands are not taken from what is pasted"
		}
		s.queue.waiting = append(s.queue.waiting[:len(s.queue.waiting):len(s.queue.waiting)], pending{text: text, scanned: true, entry: e})
	}
	s.choice = 0
	return s.proceed()
}

// edited goes on after the line changed: the choice starts over, and what stands
// there is looked for.
func (s saleScreen) edited() (saleScreen, action, tea.Cmd) {
	s.choice = 0
	s, cmd := s.search()
	return s, nil, cmd
}

func (s saleScreen) parse(text string, scanned bool) entry {
	return s.look.grammar.parseEntry(text, scanned)
}

// entry is what stands in the line.
func (s saleScreen) entry() entry { return s.parse(s.line.text(), false) }

// standing is what comes of what stands in the line.
func (s saleScreen) standing() outcome {
	e := s.entry()
	return s.outcome(e, s.answerFor(e), s.choice)
}

// answerFor is what the search found for an entry; nil while it has found nothing.
func (s saleScreen) answerFor(e entry) *found {
	if !e.isSought() || !s.hunt.done || s.hunt.reply.text != e.text {
		return nil
	}
	return &s.hunt.reply
}

// search looks for what stands in the line, unless a search is under way already.
func (s saleScreen) search() (saleScreen, tea.Cmd) {
	e := s.entry()
	if s.hunt.busy || !e.isSought() || s.hunt.done && s.hunt.reply.text == e.text {
		return s, nil
	}
	s.hunt.id++
	s.hunt.busy, s.hunt.asked = true, e.text
	return s, s.work.find(s.hunt.id, e, mostFound)
}

// isSought reports whether an entry names something that must be looked for.
func (e entry) isSought() bool {
	return e.kind == entryCode || e.kind == entryNumber || e.kind == entryWords
}

// found takes the reply to a search, or to the look-up of the entry in front.
func (s saleScreen) found(msg found) (screen, action, tea.Cmd) {
	if msg.id == s.queue.lookUp && s.queue.busy {
		s.queue.busy = false
		return s.resolve(msg)
	}
	if msg.id != s.hunt.id || !s.hunt.busy {
		return s, nil, nil
	}
	s.hunt.busy, s.hunt.done, s.hunt.reply = false, true, msg
	s, cmd := s.search()
	return s, nil, cmd
}

// suggestions are the products that fit what stands in the line.
func (s saleScreen) suggestions() []pos.Product {
	if answer := s.answerFor(s.entry()); answer != nil {
		return answer.products
	}
	return nil
}

// listed are the commands that fit what stands in the line; nil when it is none.
func (s saleScreen) listed() commands {
	text, isCommand := strings.CutPrefix(s.line.text(), "/")
	if !isCommand {
		return nil
	}
	return s.Keys().matching(text)
}

// submit is Enter: what stands in the line is done, in its turn. What cannot be done
// stays in the line, to be put right.
func (s saleScreen) submit() (screen, action, tea.Cmd) {
	if s.line.isEmpty() {
		return s, nil, nil
	}
	e := s.entry()
	if e.kind == entryCommand {
		return s.submitCommand(e)
	}
	o := s.standing()
	if o.refused != "" && (!s.queue.busy || e.kind == entryInvalid || e.kind == entryNothing) {
		s, cmd := s.say(o.tone, o.refused+" Nothing was added.")
		return s, nil, cmd
	}
	p := pending{text: s.line.text(), entry: e, choice: s.choice}
	if answer := s.answerFor(e); answer != nil {
		p.answer, p.answered = *answer, true
	}
	s.line, s.wide = s.line.with(""), false
	return s.enqueue(p)
}

// submitCommand runs the chosen command, or completes the name of one that needs
// more said.
func (s saleScreen) submitCommand(e entry) (screen, action, tea.Cmd) {
	chosen, there := s.command(e)
	if !there {
		s, cmd := s.say(toneWarn, "There is no command /"+e.text+". Type / to see them all.")
		return s, nil, cmd
	}
	_, arg, _ := strings.Cut(e.text, " ")
	arg = strings.TrimSpace(arg)
	_, choosing := s.recalling()
	if chosen.needsMore() && arg == "" && chosen.off == "" && !choosing {
		s.line = s.line.with("/" + chosen.name + " ")
		return s.edited()
	}
	o := s.commandOutcome(e)
	if o.refused != "" {
		s, cmd := s.say(o.tone, sentence(o.refused)+" Nothing was changed.")
		return s, nil, cmd
	}
	if o.do == nil {
		o.do = chosen.with(arg)
	}
	s.line = s.line.with("")
	return s.enqueue(pending{do: o.do})
}

// command is the one that an entry names: the chosen one of those that fit what
// stands in the line or, of a scan, the one with exactly this name.
func (s saleScreen) command(e entry) (command, bool) {
	if e.scanned {
		name, _, _ := strings.Cut(e.text, " ")
		return s.Keys().named(strings.ToLower(name))
	}
	list := s.listed()
	if len(list) == 0 {
		return command{}, false
	}
	return list[min(s.choice, len(list)-1)], true
}

// commandOutcome is what a command in the line comes to.
func (s saleScreen) commandOutcome(e entry) outcome {
	chosen, there := s.command(e)
	if !there {
		return refuse(toneWarn, "there is no command /"+e.text)
	}
	if chosen.off != "" {
		return refuse(toneInfo, chosen.off)
	}
	_, arg, _ := strings.Cut(e.text, " ")
	switch act := chosen.with(strings.TrimSpace(arg)).(type) {
	case editBasket:
		return s.editOutcome(act.what, act.text)
	case removeLine:
		return s.editOutcome(editRemove, act.reason)
	case hold:
		return s.holdOutcome(act.name)
	case recall:
		return s.recallOutcome(act.name)
	default:
		return outcome{says: lowerFirst(chosen.does), do: act}
	}
}

// askPay asks for payment once everything entered before is in the basket. What
// stands in the line is not: staff must say first what becomes of it. A command
// that was begun there is given up.
func (s saleScreen) askPay() (screen, action, tea.Cmd) {
	if s.entry().kind == entryCommand {
		s.line = s.line.with("")
	}
	if !s.line.isEmpty() {
		s, cmd := s.say(toneWarn, s.line.text()+" is not in the basket yet: Enter adds it, Esc clears it.")
		return s, nil, cmd
	}
	return s.enqueue(pending{do: pay{}})
}

// find opens and closes the long list of products.
func (s saleScreen) find() (saleScreen, tea.Cmd) {
	s.wide = !s.wide
	if s.entry().kind == entryCommand {
		s.line, s.wide = s.line.with(""), true
	}
	s, _, cmd := s.edited()
	return s, cmd
}

// editLine makes the line ready for what has to be said after a command.
func (s saleScreen) editLine(name string) (saleScreen, tea.Cmd) {
	s.line = s.line.with("/" + name + " ")
	s, _, cmd := s.edited()
	return s, cmd
}

// complete is Tab: it finishes the chosen command's or product's name.
func (s saleScreen) complete() (saleScreen, tea.Cmd) {
	if chosen, there := s.command(s.entry()); there && !strings.Contains(s.line.text(), " ") {
		text := "/" + chosen.name
		if chosen.arg != "" {
			text += " "
		}
		s.line = s.line.with(text)
	}
	s, _, cmd := s.edited()
	return s, cmd
}

// choose moves the choice: among commands or suggestions while there are any,
// else among the basket's lines.
func (s saleScreen) choose(by int) saleScreen {
	if n := s.choices(); n > 0 {
		s.choice = min(max(0, s.choice+by), n-1)
		return s
	}
	s.selected = min(max(0, s.selected+by), max(0, s.basket.Len()-1))
	return s.scrolled()
}

// clearLine is Esc: it takes back what was typed, and nothing else. On an empty
// line it takes away what staff have read.
func (s saleScreen) clearLine() saleScreen {
	if s.line.isEmpty() {
		shown := min(maxMissed, len(s.missed))
		if shown == 0 {
			s.news = s.news[min(1, len(s.news)):]
		}
		s.missed = s.missed[shown:]
	}
	s.line, s.choice, s.wide = s.line.with(""), 0, s.wide && !s.line.isEmpty()
	s.note.text = ""
	return s.scrolled()
}

// say shows a note.
func (s saleScreen) say(t tone, text string) (saleScreen, tea.Cmd) {
	var cmd tea.Cmd
	s.note, cmd = s.note.noted(t, text)
	return s, cmd
}

// keep puts a scan aside that came while it could not be taken.
func (s saleScreen) keep(text string) saleScreen {
	s.kept = append(s.kept[:len(s.kept):len(s.kept)], text)
	return s
}

// shown goes on when the screen comes to the front: the oldest scan that was kept
// stands in the entry line, for staff to say what becomes of it.
func (s saleScreen) shown() (saleScreen, tea.Cmd) {
	if len(s.kept) == 0 || !s.line.isEmpty() {
		return s, nil
	}
	s.line, s.kept = s.line.with(s.kept[0]), s.kept[1:]
	s, _, search := s.edited()
	s, cmd := s.say(toneWarn, "Scanned while the till was busy: Enter takes it, Esc leaves it.")
	return s, tea.Batch(search, cmd)
}

// View implements screen.
func (s saleScreen) View(time.Time) string { return s.draw() }
