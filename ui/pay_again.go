package ui

import (
	"errors"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
)

// This file asks for the same money once more: by a fresh request, or by the
// customer's own code in place of the one on the screen. The request in front is
// known to be over before the next is made, so that nothing can be paid twice.

// actAgain carries out what asks once more.
func (m model) actAgain(a action) (model, tea.Cmd) {
	switch a := a.(type) {
	case payAgain:
		m, left := m.leaveResult()
		if m.place != onSale || m.basketFor != 0 {
			return m, left
		}
		m, cmd := m.act(askPay{})
		return m, tea.Batch(left, cmd)
	case recreate:
		return m.replacePayment(func(s pos.Sale) pos.Sale { return s })
	case payBarcode:
		return m.payBarcode(a.code)
	case payAbsent:
		return m.startPaymentOf(a.code, true)
	}
	return m, nil
}

// payBarcode asks for payment by the code that the customer shows: of the basket, or
// in place of the code on the screen.
func (m model) payBarcode(code string) (model, tea.Cmd) {
	if m.place == onPay {
		return m.replacePayment(func(s pos.Sale) pos.Sale {
			s.Barcode = code
			return s
		})
	}
	if m.place != onSale {
		return m.keepScan(code)
	}
	if m.sale.basket.IsEmpty() {
		return m.say(toneWarn, "That is a customer's code. Ring something up first, then scan it again.")
	}
	return m.startPayment(code)
}

// swap is a payment that is being replaced by another.
type swap struct {
	old, attempt int // the attempts; 0 for none
	sale         pos.Sale
}

// replacePayment stops the payment in front and asks anew, with a change.
func (m model) replacePayment(change func(pos.Sale) pos.Sale) (model, tea.Cmd) {
	held, there := m.payments.attempt(m.pay.attempt)
	switch {
	case !there:
		return m.say(toneInfo, "The payment is still being begun; try again in a moment.")
	case held.now.state.Phase() == pos.PhaseEnded:
		return m, nil
	case held.now.state.Record.Stop != pos.WhyNone, m.swap.attempt != 0:
		return m.say(toneInfo, "This payment is being stopped already.")
	}
	sale := change(held.now.state.Record.Sale)
	sale.ExternalRef, sale.Replaces = "", ""
	if err := sale.Amount.CheckPayable(); err != nil {
		return m.say(toneWarn, sentence(err.Error()))
	}
	m.attempts++
	m.swap = swap{old: held.attempt, attempt: m.attempts, sale: sale}
	m.pay.swapping, m.prompt = true, prompt{}
	return m, m.work.replaceBy(m.attempts, held.op, sale)
}

// swapped takes the answer to a replacement. It reports whether that was all there
// is to do: another payment that was begun goes on as any does.
func (m model) swapped(msg begun) (model, tea.Cmd, bool) {
	if m.swap.attempt == 0 || m.swap.attempt != msg.attempt {
		return m, nil, false
	}
	was := m.swap
	m.swap = swap{}
	front := m.place == onPay && m.pay.attempt == was.old
	if m.pay.attempt == was.old {
		m.pay.swapping = false
	}
	if msg.err != nil {
		return m.notSwapped(was, front, msg.err)
	}
	if held, there := m.payments.attempt(was.old); there { // it came to nothing on purpose: nobody need be told
		held.told = true
		m.payments = m.payments.with(held)
	}
	if m.basketFor == was.old {
		m.basketFor = msg.attempt
	}
	if !front {
		return m, nil, false
	}
	next := newPay(m.look, msg.attempt, was.sale)
	if msg.returned.Sign() > 0 {
		next.note.text, next.note.tone = "The customer had just paid the request before: "+msg.returned.Format()+" has been given back. This one is to be paid.", toneWarn
	}
	m = m.payFront(next)
	return m, m.tick(), false
}

// notSwapped says why a payment was not replaced. What became of it its own result says.
func (m model) notSwapped(was swap, front bool, err error) (model, tea.Cmd, bool) {
	text := "No other payment was asked for: " + sentence(err.Error())
	var paid *pos.PaidError
	var open *pos.NotVoidError
	if errors.As(err, &paid) || errors.As(err, &open) {
		text = sentence(err.Error())
	}
	m, said := m.say(toneWarn, text)
	if held, there := m.payments.attempt(was.old); there && held.untold() && (front || m.browsing()) {
		m, shown := m.showResult(held)
		return m, tea.Batch(said, shown), true
	}
	return m, said, true
}

// untold gives the oldest payment that has ended without staff having seen how, but
// for one that is being replaced.
func (m model) untold() (payment, bool) {
	for _, each := range m.payments {
		if each.untold() && (m.swap.attempt == 0 || each.attempt != m.swap.old) {
			return each, true
		}
	}
	return payment{}, false
}
