package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
)

// customerPrefixes are how the codes of Centrapay's customers begin (Patron codes,
// Barcode breakdown).
var customerPrefixes = []string{
	"121921", "123000", "282828", "293000", "321000", "321123", "636863", "713131",
	"765432", "777000", "839234", "848484", "888444", "929394", "987600", "999000",
}

// customerCode gives a customer's code, when a scan is one.
func (m model) customerCode(text string) (string, bool) {
	code, kind := m.look.grammar.customers.Recognise(text)
	return code, kind == pos.CustomerCode
}

// scannedCustomer takes a customer's code where no entry line is in front: it goes
// straight to payment. A payment that is under way is asked for anew with it, by the
// screen that shows it; from anywhere else it pays what is in the basket.
func (m model) scannedCustomer(code string) (model, tea.Cmd) {
	if m.place == onPay {
		return m.act(payBarcode{code: code})
	}
	if m.place == onResult {
		next, cmd := m.act(leaveResult{})
		if next.place != onSale {
			return next, cmd
		}
		m, more := next.payWithCode(code)
		return m, tea.Batch(cmd, more)
	}
	if m.sale.basket.IsEmpty() {
		return m.say(toneWarn, "That is "+sentence(nothingToPay))
	}
	m.place, m.prompt, m.help, m.line = onSale, prompt{}, help{}, commandLine{}
	return m.payWithCode(code)
}

const nothingToPay = "a customer's code, but there is nothing to pay yet: ring up the sale first"

// payWithCode asks for payment by a customer's code, once everything entered before
// is in the basket.
func (m model) payWithCode(code string) (model, tea.Cmd) {
	s, a, cmd := m.sale.enqueue(pending{text: code, entry: entry{kind: entryCustomer, text: code, qty: one, scanned: true}, scanned: true})
	return m.with(s).follow(a, cmd)
}
