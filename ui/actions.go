package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
)

// action is what a key, a command or a screen wants done.
type action interface{ isAction() }

// The actions, by where they belong.
type (
	// Anywhere.
	quit             struct{}
	quitNow          struct{}
	openHelp         struct{}
	closeHelp        struct{}
	scrollHelp       struct{ by int }
	openCommands     struct{}
	closeCommandLine struct{}
	runLine          struct{}              // what stands in the command line
	run              struct{ text string } // a command by its name, with what follows it
	choose           struct{ by int }      // another line, suggestion, command or payment
	complete         struct{}
	showUnfinished   struct{}
	backToSale       struct{}

	// The sale.
	submit     struct{}
	clearLine  struct{}
	clearNote  struct{}
	addQty     struct{ by int }
	editBasket struct { // a change that is typed; without its text it is asked for
		what edit
		text string
	}
	removeLine  struct{ reason string }
	undo        struct{}
	clearBasket struct{}
	askPay      struct{}                 // payment, once everything entered before is in the basket
	pay         struct{ barcode string } // by the customer's code, when there is one
	priceMenu   struct{}
	fillLine    struct{ name string } // with a command whose text is to be typed
	hold        struct{ name string }
	recall      struct { // by its id, or by what its name holds
		id   pos.BasketID
		name string
	}
	find struct{}

	// The payment.
	askStop      struct{}
	stopPayment  struct{}
	leavePayment struct{} // the till goes on with it alone
	toggleLarge  struct{}
	openCustomer struct{}
	actCustomer  struct{ deed deed }
	closePrompt  struct{}
	decide       struct { // a condition; asks once more
		condition pos.Condition
		accept    bool
	}
	confirmDecision struct {
		conditionID string
		accept      bool
	}

	// The result, and what is unfinished.
	leaveResult struct{}
	showPayment struct{}
)

func (quit) isAction()             {}
func (openHelp) isAction()         {}
func (closeHelp) isAction()        {}
func (scrollHelp) isAction()       {}
func (openCommands) isAction()     {}
func (closeCommandLine) isAction() {}
func (runLine) isAction()          {}
func (run) isAction()              {}
func (choose) isAction()           {}
func (complete) isAction()         {}
func (showUnfinished) isAction()   {}
func (backToSale) isAction()       {}
func (submit) isAction()           {}
func (clearLine) isAction()        {}
func (clearNote) isAction()        {}
func (addQty) isAction()           {}
func (editBasket) isAction()       {}
func (priceMenu) isAction()        {}
func (fillLine) isAction()         {}
func (hold) isAction()             {}
func (recall) isAction()           {}
func (find) isAction()             {}
func (quitNow) isAction()          {}
func (removeLine) isAction()       {}
func (undo) isAction()             {}
func (clearBasket) isAction()      {}
func (askPay) isAction()           {}
func (pay) isAction()              {}
func (askStop) isAction()          {}
func (stopPayment) isAction()      {}
func (leavePayment) isAction()     {}
func (toggleLarge) isAction()      {}
func (openCustomer) isAction()     {}
func (actCustomer) isAction()      {}
func (closePrompt) isAction()      {}
func (decide) isAction()           {}
func (confirmDecision) isAction()  {}
func (leaveResult) isAction()      {}
func (showPayment) isAction()      {}

// act carries out an action. This switch and the two it hands over to are the map
// of the program: what leads where.
func (m model) act(a action) (model, tea.Cmd) {
	switch a := a.(type) {
	case quit:
		return m.askQuit()
	case quitNow:
		return m.quit()
	case openHelp:
		m.help = help{open: true, keys: m.front().Keys()}
	case closeHelp:
		m.help = help{}
	case scrollHelp:
		m.help = m.help.scrolled(m.look.styles, m.width, m.height-frameHeight, a.by)
	case openCommands:
		return m.openCommands()
	case closeCommandLine:
		m.line = commandLine{}
	case runLine:
		return m.runLine()
	case run:
		return m.run(a.text)
	case choose:
		return m.choose(a.by), nil
	case complete:
		return m.complete()
	case showUnfinished:
		m.place = onUnfinished
		return m.refreshed(), m.work.list(m.listID)
	case backToSale:
		return m.backToSale()
	case leaveResult:
		return m.leaveResult()
	case showPayment:
		return m.showChosen()
	default:
		if next, cmd, done := m.actExtra(a); done {
			return next, cmd
		}
		if m.place == onSale {
			return m.actSale(a)
		}
		return m.actPay(a)
	}
	return m, nil
}

// actSale carries out what is done to the sale.
func (m model) actSale(a action) (model, tea.Cmd) {
	var cmd tea.Cmd
	switch a := a.(type) {
	case submit:
		s, next, cmd := m.sale.submit()
		return m.with(s).follow(next, cmd)
	case clearLine:
		m.sale = m.sale.clearLine()
		m.sale, cmd = m.sale.shown()
		m = m.refreshed()
	case clearNote:
		m.sale.note.text = ""
		m.sale, cmd = m.sale.shown()
	case addQty:
		m.sale, cmd = m.sale.addQty(a.by)
	case editBasket:
		m.prompt = prompt{}
		m.sale, cmd = m.sale.edit(a)
	case fillLine:
		m.prompt = prompt{}
		m.sale, cmd = m.sale.editLine(a.name)
	case priceMenu:
		return m.priceMenu()
	case hold:
		return m.hold(a.name)
	case recall:
		return m.recall(a)
	case find:
		m.sale, cmd = m.sale.find()
	case removeLine:
		m.sale, cmd = m.sale.remove(a.reason)
	case undo:
		m.sale, cmd = m.sale.undo()
	case clearBasket:
		m = m.setAside()
		m.sale, cmd = m.sale.clear()
		m.basketFor = 0
	case askPay:
		s, next, cmd := m.sale.askPay()
		return m.with(s).follow(next, cmd)
	case pay:
		return m.startPayment(a.barcode)
	}
	return m, cmd
}

// actPay carries out what is done to the payment in front.
func (m model) actPay(a action) (model, tea.Cmd) {
	switch a := a.(type) {
	case askStop:
		return m.askStop()
	case closePrompt:
		m.prompt = prompt{}
		return m.prompted(), nil
	case stopPayment:
		return m.stopPayment()
	case leavePayment:
		return m.leavePayment()
	case toggleLarge:
		m.pay.large = !m.pay.large
	case openCustomer:
		m.prompt = customerPrompt(m.pay)
	case actCustomer:
		m.prompt = prompt{}
		return m.prompted(), m.work.act(m.pay.now.id, m.pay.requestID(), a.deed)
	case decide:
		m.prompt = confirmPrompt(m.pay, a, m.now)
	case confirmDecision:
		return m.confirmDecision(a)
	}
	return m, nil
}
