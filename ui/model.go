package ui

import (
	"context"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
	"centrapos/ui/widget"
)

// place names the screen in front.
type place int

const (
	onSale place = iota
	onPay
	onResult
	onUnfinished
	onMore
	onHistory
	onStory
	onRefund
	onSettings
	onTender
	onHeld
)

// model is the root of the screens. It is a value: Update gives the next one.
type model struct {
	look          *look
	work          work
	clock         func() time.Time
	origin        pos.Origin
	expiry        time.Duration
	now           time.Time // as of the latest message
	width, height int

	place      place
	sale       saleScreen
	pay        payScreen
	result     resultScreen
	unfinished unfinishedScreen
	extras     // the screens behind the menu, and late payments
	keeper     keeper

	prompt prompt
	help   help
	line   commandLine
	scan   scanner
	// patience ends when keys are for what is on screen; see grace.
	patience time.Time

	attempts    int // payments begun by this run
	payments    payments
	basketFor   int // the attempt the basket was handed to; 0 for none
	listed      []pos.Summary
	listTrouble string
	closed      []pos.OpID // lately, since a listing may be older

	// Ids of the timers and listings that count.
	minuteID, tickID, listID int
}

// New gives the screens as a Bubble Tea model. Run is the usual way to use it.
func New(c Config) tea.Model { return newModel(context.Background(), c) }

func newModel(ctx context.Context, c Config) model {
	c = c.withDefaults()
	l, w := newLook(c), newWork(ctx, c)
	return model{
		look: l, work: w, clock: c.Clock, origin: c.Origin, expiry: c.Expiry, now: c.Clock(),
		sale: newSale(l, w), scan: scanner{gap: c.ScanGap}, unfinished: unfinishedScreen{look: l}, extras: newExtras(l, c),
		keeper: keeper{resuming: c.Drafts != nil},
	}.timed(c.Clock())
}

// Init implements tea.Model.
func (m model) Init() tea.Cmd {
	return tea.Batch(after(untilMinute(m.now), minuteDue{id: m.minuteID}), m.work.list(m.listID), m.work.awaitRecovered(), m.work.awaitLate(), m.work.resume())
}

// Update implements tea.Model.
func (m model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	next, cmd := m.updated(msg)
	next, save := kept(raised(next))
	return next, tea.Batch(cmd, save)
}

// timed gives the model as of a time.
func (m model) timed(now time.Time) model {
	m.now, m.sale.now = now, now
	return m
}

func (m model) updated(msg tea.Msg) (tea.Model, tea.Cmd) {
	m = m.timed(m.clock())
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return m.sized(msg.Width, msg.Height), nil
	case tea.KeyMsg:
		return m.key(msg)
	case tea.MouseMsg:
		return m.mouse(msg)
	case holdDue:
		return m.held(msg)
	}
	return m.reply(msg)
}

// reply takes what commands report and timers.
func (m model) reply(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case found, slowDue:
		return m.toSale(msg)
	case begun:
		next, cmd := m.adopted(msg).begun(msg)
		return next.(model).asked(msg), cmd
	case basketSaved:
		return m.basketSaved(msg)
	case resumed:
		return m.resumed(msg)
	case heldListed:
		return m.heldListed(msg)
	case recalled:
		return m.recalled(msg)
	case saveDue:
		return m.saveDue(msg), nil
	case quitByNow:
		return m, tea.Quit
	case opChanged:
		return m.opChanged(msg)
	case customerDid, codeDrawn:
		return m.toPay(msg)
	case unfinishedListed:
		return m.unfinishedListed(msg)
	case recovered:
		return m.recovered(msg)
	case noteDue:
		switch msg.of {
		case onPay:
			return m.toPay(msg)
		case onSale:
			return m.toSale(msg)
		default:
			return m.toPlace(msg.of, msg)
		}
	case minuteDue:
		if msg.id == m.minuteID {
			m.minuteID++
			return m, after(untilMinute(m.now), minuteDue{id: m.minuteID})
		}
	case payTick:
		return m.payTick(msg)
	case unfinishedDue:
		if msg.id == m.listID {
			return m, m.work.list(m.listID)
		}
	default:
		return m.extraReply(msg)
	}
	return m, nil
}

// untilMinute is how long the clock in the top line is right.
func untilMinute(now time.Time) time.Duration {
	return now.Truncate(time.Minute).Add(time.Minute).Sub(now)
}

func (m model) tooSmall() bool { return m.width < minWidth || m.height < minHeight }

// sized tells every screen its size, the ones behind too.
func (m model) sized(width, height int) model {
	m.width, m.height = width, height
	if m.tooSmall() {
		return m
	}
	for _, p := range append([]place{onSale, onPay, onResult, onUnfinished}, extraPlaces...) {
		m = m.with(m.at(p).SetSize(width, height-frameHeight))
	}
	return m
}

// at gives the screen at a place.
func (m model) at(p place) screen {
	switch p {
	case onPay:
		return m.pay
	case onResult:
		return m.result
	case onUnfinished:
		return m.unfinished
	case onSale:
		return m.sale
	default:
		return m.extras.at(p)
	}
}

func (m model) front() screen { return m.at(m.place) }

// with puts a screen back where it belongs.
func (m model) with(s screen) model {
	switch s := s.(type) {
	case saleScreen:
		m.sale = s
	case payScreen:
		m.pay = s
	case resultScreen:
		m.result = s
	case unfinishedScreen:
		m.unfinished = s
	default:
		m.extras = m.extras.with(s)
	}
	return m
}

// View implements tea.Model. Before the first size is known there is nothing to draw.
func (m model) View() string {
	st := m.look.styles
	switch {
	case m.width == 0 || m.height == 0:
		return ""
	case m.tooSmall():
		return widget.TooSmall(st, m.width, m.height, minWidth, minHeight, m.moneyInWords())
	}
	return strings.Join([]string{m.header(), widget.Rule(st, m.width), m.body(), m.footer()}, "\n")
}

func (m model) header() string {
	h := widget.HeaderData{
		Merchant: m.look.merchant, Till: m.look.till, Operator: m.look.operator, Clock: m.now.Format("15:04"),
	}
	if m.look.training {
		h.Band = "TRAINING - no real money"
	}
	var notices []string
	if n := len(m.lates); n > 0 {
		notices = append(notices, "PAID LATE "+itoa(n))
	}
	if n := len(m.openElsewhere()); n > 0 {
		notices = append(notices, "Unfinished "+itoa(n))
	}
	if n := len(m.sale.kept); n > 0 {
		notices = append(notices, "Scans kept "+itoa(n))
	}
	// The first are the most pressing; a header that cannot show all shows these.
	room := (m.width-widget.Width(h.Band)-2)/2 - 2
	for len(notices) > 1 && widget.Width(strings.Join(notices, " · ")) > room {
		notices = notices[:len(notices)-1]
	}
	h.Notice = strings.Join(notices, " · ")
	return widget.Header(m.look.styles, m.width, h)
}

// body draws the screen in front with what lies over it.
func (m model) body() string {
	st, height := m.look.styles, m.height-frameHeight
	if m.help.open {
		return m.help.draw(st, m.width, height, m.helpTitle())
	}
	body := m.front().View(m.now)
	switch {
	case m.prompt.open():
		body = m.overPrompt(body)
	case m.line.open:
		at := 2
		if m.place == onPay {
			at = m.pay.wordsColumn()
		}
		panel := m.line.draw(st, m.width-at-1, height-promptLine, m.front().Keys())
		body = widget.Overlay(body, panel, at, height-strings.Count(panel, "\n")-1)
	}
	return body
}

// helpTitle keeps the state of the money in sight while the help covers it.
func (m model) helpTitle() string {
	if m.place != onPay {
		return "Help"
	}
	return "Help · " + m.moneyInWords()
}

// moneyInWords is the state of the payment in front, for where its screen cannot
// be seen; empty where there is none.
func (m model) moneyInWords() string {
	switch m.place {
	case onPay:
		return m.pay.sale.Amount.Format() + " · " + statusOf(m.pay.now, m.pay.begun, m.pay.stopWanted).word
	case onResult:
		return m.result.inWords()
	case onSale, onUnfinished:
	default:
		if words := m.extraMoney(); words != "" {
			return words
		}
	}
	return m.pendingInWords()
}

// pendingInWords is the payment that nobody has an end of yet, where another screen
// than its own is in front; empty where there is none.
func (m model) pendingInWords() string {
	for _, p := range m.payments {
		if p.now.state.Record.Outcome == pos.OutcomeOpen && !p.told {
			return p.now.state.Record.Amount().Format() + " · " + statusOf(p.now, true, false).word
		}
	}
	if n := m.sale.unfinished; n > 0 {
		return "Payments that are not known yet: " + itoa(n)
	}
	return ""
}

// footer draws the keys that work now, and only those.
func (m model) footer() string {
	keys, text := m.keys()
	f := widget.FooterData{
		Keys: append(keys.bindings(footFirst, text), keys.bindings(footLeft, text)...), Last: keys.bindings(footLast, text),
	}
	if m.place == onPay {
		f.Status, f.StatusStyle = m.pay.connection()
	}
	return widget.Footer(m.look.styles, m.width, f)
}

// keys gives the table of what is uppermost, and whether it captures text.
func (m model) keys() (table commands, text bool) {
	switch {
	case m.prompt.open():
		return m.prompt.keys(), false
	case m.help.open:
		return helpKeys(max(1, m.height-frameHeight-2)), false
	case m.line.open:
		return commandLineKeys(), true
	}
	return m.front().Keys(), m.front().CapturesText()
}
