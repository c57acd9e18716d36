package ui

import (
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
)

// This file takes a payment from the basket to its result.

const (
	// tickEvery is how often a payment in front is drawn anew: often enough for
	// tenths of a second to be seen passing.
	tickEvery = 150 * time.Millisecond
	// listEvery is how often the till's record is asked for what is unfinished.
	listEvery = 5 * time.Second
)

// startPayment asks the customer for what is in the basket. A basket that was
// handed to a payment already is not paid twice: that payment is shown instead.
// It asks by the customer's own code, where there is one, else by a code on the screen.
func (m model) startPayment(barcode string) (model, tea.Cmd) { return m.startPaymentOf(barcode, false) }

// startPaymentOf asks a customer who may not be here, such as one on the telephone.
func (m model) startPaymentOf(barcode string, absent bool) (model, tea.Cmd) {
	left := m.sale.basket.Tendering(pos.CashRounding{}).Left
	if next, cmd, underWay := m.payingAlready(); underWay {
		return next, cmd
	}
	if err := left.CheckPayable(); err != nil {
		return m.say(toneWarn, sentence(err.Error()))
	}
	sale, err := m.sale.basket.SaleOf(left, false)
	if err != nil {
		return m.say(toneWarn, sentence(err.Error()))
	}
	sale.Barcode, sale.PatronNotPresent = barcode, absent
	return m.startSale(sale)
}

// payingAlready shows the payment that the basket was handed to, if it was.
func (m model) payingAlready() (model, tea.Cmd, bool) {
	if held, there := m.payments.attempt(m.basketFor); there && m.basketFor != 0 {
		m, cmd := m.showPayment(held)
		return m, cmd, true
	}
	if m.sale.frozen { // its payment was begun by an earlier run
		m, cmd := m.act(showUnfinished{})
		return m, cmd, true
	}
	return m, nil, false
}

// startSale asks for what is left of the basket, or for a part of it.
func (m model) startSale(sale pos.Sale) (model, tea.Cmd) {
	if next, cmd, underWay := m.payingAlready(); underWay {
		return next, cmd
	}
	sale.Expiry, sale.Origin = m.expiry, m.origin
	m.sale = m.sale.keepQueue()
	m.sale.note.text = ""
	m.attempts++
	m.basketFor = m.attempts
	m = m.payFront(newPay(m.look, m.attempts, sale))
	d := m.sale.draft
	d.basket = m.sale.stamped()
	return m, tea.Batch(m.work.beginKept(m.attempts, sale, d), m.tick())
}

// payFront brings a payment to the front.
func (m model) payFront(p payScreen) model {
	m.tickID++
	m.place, m.prompt, m.help, m.line = onPay, prompt{}, help{}, commandLine{}
	p.large = m.pay.large // who wants large codes wants them for the next customer too
	m.pay = p
	return m.resized(onPay)
}

// resized tells a new screen its size.
func (m model) resized(p place) model {
	if m.tooSmall() {
		return m
	}
	return m.with(m.at(p).SetSize(m.width, m.height-frameHeight))
}

func (m model) tick() tea.Cmd { return after(tickEvery, payTick{id: m.tickID}) }

// payTick lets the payment in front be drawn anew, and sets the next one.
func (m model) payTick(msg payTick) (tea.Model, tea.Cmd) {
	if msg.id != m.tickID || m.place != onPay && (m.place != onRefund || m.refund.stage != refundSending) {
		return m, nil
	}
	return m, m.tick()
}

// begun takes the answer to the beginning of a payment.
func (m model) begun(msg begun) (tea.Model, tea.Cmd) {
	m, swapped, done := m.swapped(msg)
	if done {
		return m, swapped
	}
	if msg.err != nil {
		return m.notBegun(msg)
	}
	m.payments = m.payments.with(payment{attempt: msg.attempt, op: msg.op, now: msg.now})
	cmds := []tea.Cmd{swapped, m.work.listen(msg.op)}
	if m.refund.attempt == msg.attempt {
		m = m.withoutLate(m.refund.sent.id)
	}
	if m.pay.attempt == msg.attempt && m.pay.stopWanted {
		cmds = append(cmds, m.work.stop(msg.op))
	}
	m, cmd := m.took(msg.now)
	return m, tea.Batch(append(cmds, cmd)...)
}

// notBegun shows why a payment was not begun; the basket is kept.
func (m model) notBegun(msg begun) (tea.Model, tea.Cmd) {
	if m.basketFor == msg.attempt {
		m.basketFor = 0
	}
	r := resultScreen{look: m.look, attempt: msg.attempt, amount: m.pay.sale.Amount, err: msg.err, mine: true}
	if m.refund.attempt == msg.attempt {
		r.amount, r.mine = m.refund.sent.sum, false
		m.refund = m.refund.restarted()
	}
	return m.resultFront(r), nil
}

// opChanged takes where an operation stands, and goes on listening to it.
func (m model) opChanged(msg opChanged) (tea.Model, tea.Cmd) {
	held, there := m.payments.of(msg.now.id)
	if !there {
		return m, nil
	}
	held.now = msg.now
	m.payments = m.payments.with(held)
	var listen tea.Cmd
	if !msg.now.closed {
		listen = m.work.listen(held.op)
	}
	if msg.now.over() {
		m = m.forgot(msg.now.id)
	}
	m, cmd := m.took(msg.now)
	return m, tea.Batch(listen, cmd)
}

// forgot takes a closed operation off the list of what is unfinished.
func (m model) forgot(id pos.OpID) model {
	const lately = 20
	if slices.Contains(m.closed, id) {
		return m
	}
	m.closed = append(slices.Clone(m.closed), id)
	m.closed = m.closed[max(0, len(m.closed)-lately):]
	return m
}

// took shows what a snapshot says, where it belongs.
func (m model) took(now snapshot) (model, tea.Cmd) {
	var cmd tea.Cmd
	if m.pay.attempt != 0 && m.sameAttempt(now.id) {
		m.pay, cmd = m.pay.changed(now)
	}
	r, _, _ := m.result.Update(opChanged{now: now})
	m = m.with(r)
	if now.state.Phase() == pos.PhaseEnded {
		m = m.settle(now.state.Record)
	}
	m = m.refundTook(now)
	ended, there := m.untold()
	if front := m.frontAttempt(); there && front != 0 {
		if held, own := m.payments.attempt(front); own && held.untold() && (m.swap.attempt == 0 || m.swap.old != front) {
			return m.showResult(held)
		}
	}
	if there && m.browsing() {
		return m.showResult(ended)
	}
	return m.prompted().refreshed(), cmd
}

// frontAttempt is the attempt of the payment, refund or void that staff are looking
// at while it is under way; 0 when they are not.
func (m model) frontAttempt() int {
	switch {
	case m.place == onPay:
		return m.pay.attempt
	case m.place == onRefund && m.refund.stage == refundSending:
		return m.refund.attempt
	}
	return 0
}

// refundTook brings what was sent on the refund screen up to date.
func (m model) refundTook(now snapshot) model {
	if held, there := m.payments.of(now.id); there && m.refund.stage == refundSending && held.attempt == m.refund.attempt {
		m.refund.begun, m.refund.now = true, now
	}
	return m
}

// sameAttempt reports whether an operation is the one the pay screen is of.
func (m model) sameAttempt(id pos.OpID) bool {
	held, there := m.payments.of(id)
	return there && held.attempt == m.pay.attempt
}

// prompted asks what the payment in front needs answered, unless something is
// being asked already, and takes away what need not be answered any more.
func (m model) prompted() model {
	if m.place != onPay {
		return m
	}
	c, pending := m.pay.pendingCondition()
	asked := m.prompt.kind == promptCondition || m.prompt.kind == promptConfirm
	switch {
	case asked && (!pending || c.ID != m.prompt.conditionID):
		if withdrawn(m.pay.now.state.Record.Request, m.prompt.conditionID) {
			m.pay.note.text, m.pay.note.tone = "Centrapay asks for that check no more; there was nothing to answer.", toneInfo
		}
		m.prompt = prompt{}
		return m.prompted()
	case m.prompt.kind == promptLeave && !m.pay.now.state.Unresolved(),
		m.prompt.kind == promptStop && m.pay.now.state.Record.Stop != pos.WhyNone:
		m.prompt = prompt{}
		return m.prompted()
	case pending && !m.prompt.open():
		m.prompt, m.line, m.help = conditionPrompt(m.pay, c, m.now), commandLine{}, help{}
		m.patience = m.now.Add(grace)
	}
	return m
}

// askStop is Esc on a payment: it asks before it stops anything, and offers to
// leave what is not known to the till.
func (m model) askStop() (model, tea.Cmd) {
	s := m.pay.now.state
	switch {
	case m.pay.begun && s.Unresolved():
		m.prompt = leavePrompt(m.pay)
	case m.pay.stopWanted, m.pay.begun && s.Record.Stop != pos.WhyNone:
		return m.say(toneInfo, "It is being stopped already.")
	default:
		m.prompt = stopPrompt(m.pay)
	}
	return m, nil
}

func (m model) stopPayment() (model, tea.Cmd) {
	m.prompt = prompt{}
	held, there := m.payments.attempt(m.pay.attempt)
	if !there {
		m.pay.stopWanted = true
		return m, nil
	}
	return m, m.work.stop(held.op)
}

// confirmDecision sends staff's answer to a condition.
func (m model) confirmDecision(a confirmDecision) (model, tea.Cmd) {
	m.prompt = prompt{}
	held, there := m.payments.attempt(m.pay.attempt)
	if !there {
		return m, nil
	}
	m.pay = m.pay.answered(a.conditionID)
	return m.prompted(), m.work.answer(held.op, a.conditionID, a.accept)
}

// leavePayment leaves a payment whose end is not known to the till, and shows
// where it is to be found. Its basket stays, and stays unpaid.
func (m model) leavePayment() (model, tea.Cmd) {
	m.place, m.prompt = onUnfinished, prompt{}
	m.sale.frozen = m.basketFor == m.pay.attempt
	return m.refreshed(), m.work.list(m.listID)
}

// showPayment brings a payment of this run to the front again.
func (m model) showPayment(held payment) (model, tea.Cmd) {
	p, cmd := newPay(m.look, held.attempt, held.now.state.Record.Sale).changed(held.now)
	m = m.payFront(p).prompted()
	return m, tea.Batch(cmd, m.tick())
}

// showChosen shows the payment chosen in the list of what is unfinished.
func (m model) showChosen() (model, tea.Cmd) {
	chosen, _ := m.unfinished.current()
	held, own := m.payments.of(chosen.Op)
	if !own || held.now.state.Phase() == pos.PhaseEnded {
		return m, nil
	}
	if held.now.state.Record.Kind != pos.KindSale {
		return m.showReturn(held)
	}
	return m.showPayment(held)
}

// showResult shows how a payment ended.
func (m model) showResult(ended payment) (model, tea.Cmd) {
	late := m.frontAttempt() != ended.attempt
	ended.told = true
	m.payments = m.payments.with(ended)
	m = m.resultFront(resultScreen{
		look: m.look, attempt: ended.attempt, amount: ended.now.state.Record.Amount(), now: ended.now,
		mine: m.basketFor == ended.attempt, late: late, at: m.now, left: m.leftAfter(ended),
	})
	m = m.gaveBack(ended.now.state.Record)
	var ring tea.Cmd
	if ended.now.state.Record.Outcome.Successful() {
		ring = m.rung()
	}
	return m.refreshed(), ring
}

// leftAfter is what is left to pay of the basket that a payment was a part of; not
// known where nothing is.
func (m model) leftAfter(ended payment) pos.Money {
	if m.basketFor != ended.attempt || !ended.now.state.Record.Outcome.Successful() || !m.sale.partPaid() {
		return pos.Money{}
	}
	return m.sale.basket.Tendering(pos.CashRounding{}).Left
}

// resultFront brings a result to the front. It opened by itself, so keys are not
// for it at once.
func (m model) resultFront(r resultScreen) model {
	m.place, m.prompt, m.help, m.line = onResult, prompt{}, help{}, commandLine{}
	m.patience = m.now.Add(grace)
	m.result = r
	return m.resized(onResult)
}

// leaveResult goes back to the sale: to the next one only when this one was paid.
func (m model) leaveResult() (model, tea.Cmd) {
	rest := m.result.left.Sign() > 0
	m, cmd := m.settled().backToSale()
	if rest && m.place == onSale && m.sale.partPaid() {
		m, more := m.openTender()
		return m, tea.Batch(cmd, more)
	}
	return m, cmd
}

// settled is the model with the basket as the result in front leaves it.
func (m model) settled() model {
	if m.place != onResult || !m.result.mine {
		return m
	}
	m.basketFor, m.sale.frozen, m.result.mine = 0, false, false
	if m.result.err == nil && m.result.now.state.Record.Outcome.Successful() && !m.sale.partPaid() {
		m.sale = m.sale.emptied()
	}
	return m
}
