package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
	"centrapos/ui/widget"
)

// refundStage is how far giving money back has come.
type refundStage int

const (
	// refundFinding: which payment it is about is being said.
	refundFinding refundStage = iota
	// refundLooking: that payment is being looked up.
	refundLooking
	// refundChoosing: what is to be given back is being said.
	refundChoosing
	// refundSending: it was sent, or is about to be. It is not sent twice.
	refundSending
)

// refundScreen gives money back: it finds the payment, says what can be given back,
// and sends that once.
type refundScreen struct {
	look          *look
	width, height int
	stage         refundStage

	// Finding.
	line     field
	hunted   recordHunt
	selected int
	top      int
	problem  string // why what was asked for cannot be given back

	// Choosing.
	id      int  // of the looking up that counts
	all     bool // all of it was asked for, once it is looked up
	dossier dossier
	choice  returnChoice

	// Sending.
	attempt int
	begun   bool
	sent    giveBack
	now     snapshot
	note    note
}

// giveBack is what was sent: an amount of a payment, by a void or by a refund.
type giveBack struct {
	sum  pos.Money
	void bool
	code string // the payment's short code
	id   string // the payment request
}

func newRefund(l *look) refundScreen {
	return refundScreen{look: l, line: newField(), note: note{of: onRefund}}
}

// restarted is the screen as it is come to, with nothing said yet. What was found
// before stays in the list until the next listing comes.
func (r refundScreen) restarted() refundScreen {
	next := newRefund(r.look)
	next.width, next.height, next.id, next.hunted = r.width, r.height, r.id+1, r.hunted
	next.note.id = r.note.id
	return next
}

// SetSize implements screen.
func (r refundScreen) SetSize(width, height int) screen {
	r.width, r.height = width, height
	return r
}

// CapturesText implements screen.
func (r refundScreen) CapturesText() bool { return r.takesText() && !r.line.isEmpty() }

func (r refundScreen) takesText() bool { return r.stage == refundFinding }
func (r refundScreen) takesScan() bool { return r.stage == refundFinding }

func (r refundScreen) takesAmount() bool { return r.stage == refundChoosing }

// Update implements screen.
func (r refundScreen) Update(msg tea.Msg) (screen, action, tea.Cmd) {
	if due, is := msg.(noteDue); is {
		r.note = r.note.due(due)
		return r, nil, nil
	}
	switch r.stage {
	case refundFinding:
		before := r.line.text()
		line, scan := edited(r.line, msg)
		r.line = line
		switch {
		case scan:
			r.problem = ""
			return r, refundThis{key: r.line.text()}, nil
		case line.text() != before:
			r.selected, r.top, r.problem = 0, 0, ""
			return r, seek{}, nil
		}
	case refundChoosing:
		if typed, is := msg.(keyTyped); is {
			r.choice = r.choice.typed(typed.key)
		}
	case refundLooking, refundSending:
	}
	return r, nil, nil
}

func (r refundScreen) noted(t tone, text string) (screen, tea.Cmd) {
	var cmd tea.Cmd
	r.note, cmd = r.note.noted(t, text)
	return r, cmd
}

func (r refundScreen) chosen(by int) screen {
	switch r.stage {
	case refundFinding:
		r.selected = min(max(0, r.selected+by), max(0, len(r.hunted.list)-1))
		r.top = widget.ScrollTop(r.top, r.selected, len(r.hunted.list), r.height-historyHead-1)
	case refundChoosing:
		r.choice = r.choice.moved(by)
	case refundLooking, refundSending:
	}
	return r
}

// clicked implements clicking.
func (r refundScreen) clicked(_, y int) (screen, action) {
	if r.stage != refundFinding || y <= historyHead || r.top+y-historyHead-1 >= len(r.hunted.list) {
		return r, nil
	}
	i := r.top + y - historyHead - 1
	if i == r.selected {
		return r, refundFound{}
	}
	r.selected = i
	return r, nil
}

// listRefunds lists the payments of which money could be given back.
func (m model) listRefunds() (model, tea.Cmd) {
	r := m.refund
	if r.hunted.busy {
		return m, nil
	}
	r.hunted.id++
	r.hunted.busy = true
	m.refund = r
	return m, m.work.searchRecords(onRefund, r.hunted.id, RecordQuery{Words: r.line.text(), Kind: pos.KindSale, Limit: historyShown})
}

func (m model) refundsFound(msg recordsFound) (tea.Model, tea.Cmd) {
	r := m.refund
	if msg.id != r.hunted.id || !r.hunted.busy {
		return m, nil
	}
	msg.list = summaries(msg.list, func(each pos.Summary) bool { return each.Outcome.Successful() })
	r.hunted = r.hunted.answered(msg)
	r.selected = min(r.selected, max(0, len(r.hunted.list)-1))
	m.refund = r
	if r.stage == refundFinding && r.line.text() != msg.words {
		return m.listRefunds()
	}
	return m, nil
}

// actRefund does what staff want done about giving money back.
func (m model) actRefund(a action) (model, tea.Cmd) {
	switch a := a.(type) {
	case refundThis:
		return m.lookUpRefund(a.key, a.all)
	case refundFound:
		if m.refund.selected < len(m.refund.hunted.list) && !m.refund.hunted.busy {
			return m.lookUpRefund(m.refund.hunted.list[m.refund.selected].RequestID, false)
		}
		return m.lookUpRefund(m.refund.line.text(), false)
	case refundAgain:
		m.refund = m.refund.restarted()
		return m.listRefunds()
	case chooseReturn:
		m.refund.choice = m.refund.choice.pressed(a.what)
	case askReturn:
		return m.askReturn()
	case sendReturn:
		return m.sendReturn()
	case leaveReturn:
		return m.leaveReturn()
	}
	return m, nil
}

// lookUpRefund looks up the payment that a key names.
func (m model) lookUpRefund(key string, all bool) (model, tea.Cmd) {
	if key == "" {
		return m.say(toneWarn, "Type or scan a short code, a reference or an id.")
	}
	var list tea.Cmd
	if m.place != onRefund {
		m, list = m.open(onRefund)
	}
	m.refund.id++
	m.refund.stage, m.refund.all, m.refund.problem = refundLooking, all, ""
	m.refund.dossier = dossier{key: key}
	return m, tea.Batch(list, m.work.investigate(onRefund, m.refund.id, key))
}

// refundLooked takes what was found out about the payment.
func (m model) refundLooked(msg looked) (tea.Model, tea.Cmd) {
	r := m.refund
	if msg.id != r.id || r.stage != refundLooking {
		return m, nil
	}
	r.dossier = msg.dossier
	problem := msg.dossier.notReturnable()
	switch {
	case len(msg.dossier.several) > 0:
		r.stage, r.problem = refundFinding, "Several payments have that. Choose one."
		r.hunted.list = summaries(msg.dossier.several, func(each pos.Summary) bool { return each.Kind == pos.KindSale })
		r.selected, r.top = 0, 0
	case problem != "":
		r.stage, r.problem = refundFinding, problem
	default:
		r.stage = refundChoosing
		r.choice = newReturnChoice(msg.dossier)
	}
	m.refund = r
	if r.stage == refundChoosing && r.all && m.place == onRefund {
		m.patience = m.now.Add(grace) // the question opens by itself
		return m.askReturn()
	}
	return m, nil
}

// askReturn asks whether what was chosen is to be given back.
func (m model) askReturn() (model, tea.Cmd) {
	what, problem := m.refund.choice.what(m.refund.dossier, m.now)
	if problem != "" {
		return m.say(toneWarn, problem)
	}
	m.prompt = returnPrompt(what)
	return m, nil
}

// sendReturn sends it, once.
func (m model) sendReturn() (model, tea.Cmd) {
	r := m.refund
	what, problem := r.choice.what(r.dossier, m.now)
	m.prompt = prompt{}
	if r.stage != refundChoosing || problem != "" {
		return m, nil
	}
	m.attempts++
	r.stage, r.attempt, r.begun, r.now, r.sent = refundSending, m.attempts, false, snapshot{}, what
	m.refund = r
	m.tickID++
	target := pos.Target{RequestID: r.dossier.request.ID, ShortCode: r.dossier.request.ShortCode, Value: r.dossier.request.Value}
	if what.void {
		return m, tea.Batch(m.work.beginVoid(m.attempts, target), m.tick())
	}
	refund := pos.Refund{
		Target: target, Value: what.sum, Lines: r.choice.lines(), ConfirmationKey: r.choice.confirmationKey(),
		Origin: m.origin, MerchantConfigID: r.dossier.request.RefundConfig(m.origin),
	}
	return m, tea.Batch(m.work.beginRefund(m.attempts, refund), m.tick())
}

// leaveReturn leaves what was sent to the till, which goes on asking for its answer.
func (m model) leaveReturn() (model, tea.Cmd) {
	if !m.refund.begun {
		return m.say(toneInfo, "It is being written down; a moment, please.")
	}
	m.place, m.prompt = onUnfinished, prompt{}
	m.refund = m.refund.restarted()
	return m.refreshed(), m.work.list(m.listID)
}

// showReturn brings a refund or a void of this run to the front again.
func (m model) showReturn(held payment) (model, tea.Cmd) {
	rec := held.now.state.Record
	r := m.refund.restarted()
	r.stage, r.attempt, r.begun, r.now = refundSending, held.attempt, true, held.now
	r.sent = giveBack{sum: rec.Amount(), void: rec.Kind == pos.KindVoid, code: rec.Target.ShortCode, id: rec.Target.RequestID}
	m.refund = r
	m.place, m.prompt, m.help, m.line = onRefund, prompt{}, help{}, commandLine{}
	m.tickID++
	return m.resized(onRefund), m.tick()
}

// inWords is what the money is doing, in a few words; empty while nothing was sent.
func (r refundScreen) inWords() string {
	if r.stage != refundSending {
		return ""
	}
	return r.sent.sum.Format() + " · " + r.status(time.Time{}).word
}
