package ui

import "centrapos/pos"

// This file is the keys of the payment, of its result and of what is unfinished.

// table is every key of the screen.
func (p payScreen) table() commands {
	escape := "Cancel"
	if p.now.state.Unresolved() {
		escape = "Leave"
	}
	keys := commands{
		helpCommand(),
		commandsCommand(),
	}
	if p.look.customer {
		c := command{keys: bind("C", "Customer", "c", "C"), name: "customer", does: "act as the customer", act: openCustomer{},
			foot: footLeft}
		if p.requestID() == "" {
			c.off = "There is no payment code yet for the customer to pay."
		}
		keys = append(keys, c)
	}
	large := command{keys: bind("Q", "Large code", "q", "Q"), name: "large", does: "larger/small code",
		act: toggleLarge{}, foot: footLeft}
	if !p.canEnlarge() {
		large.off = "There is no room for a larger code in this window."
	}
	return append(keys, large, p.splitCommand(), p.recreateCommand(),
		command{keys: bind("Esc", escape, "esc"), name: "cancel", does: "stop this payment", act: askStop{},
			foot: footLast},
		quitCommand())
}

// table is every key of the screen.
func (r resultScreen) table() commands {
	label, does := "Next sale", "go on with the next sale"
	if r.keepsBasket() {
		label, does = "Back to the basket", "go back to the basket, which is kept"
	}
	if r.left.Sign() > 0 {
		label, does = "Take the rest", "take what is left to pay"
	}
	if !r.mine && !r.returns() && r.late || r.returns() {
		label, does = "Back to the sale", "go back to the sale"
	}
	keys := append(commands{helpCommand(), commandsCommand()}, r.afterCommands()...)
	return append(keys, quitCommand(),
		command{keys: bind("Enter", label, "enter", "esc"), name: "next", does: does, act: leaveResult{}, foot: footLast})
}

// afterCommands are what can be done about a payment that has ended: its money can be
// given back, or it can be asked for again.
func (r resultScreen) afterCommands() commands {
	rec := r.now.state.Record
	request := rec.Request.ID
	if late, there := rec.LateRequest(); there && rec.Outcome == pos.OutcomePaidLate {
		request = late.ID
	}
	var keys commands
	if r.err == nil && printable(rec) {
		keys = r.look.printCommand(r.now.id)
	}
	switch {
	case r.err != nil || r.returns():
		return keys
	case rec.Outcome.Successful() && r.look.records:
		return append(keys,
			command{keys: letter("V", "Void"), name: "void", does: "give all of it back", act: refundThis{key: request, all: true}, foot: footLeft},
			command{keys: letter("R", "Refund"), name: "refund", does: "give a part of it back", act: refundThis{key: request}, foot: footLeft},
		)
	case r.mine && !rec.Outcome.Successful() && rec.Outcome != pos.OutcomeOpen:
		return commands{{keys: letter("A", "Ask again"), name: "recreate", does: "ask for the same money by a fresh request", act: payAgain{}, foot: footLeft}}
	}
	return keys
}

// splitCommand asks for a part through Centrapay, the rest to be taken another way.
func (p payScreen) splitCommand() command {
	c := command{keys: letter("S", "Split"), name: "split", arg: "AMOUNT", does: "only a part through Centrapay", act: openSplit{},
		takes: func(arg string) action { return splitPay{text: arg} }, foot: footLeft}
	if p.requestID() == "" || p.now.state.Record.Stop != pos.WhyNone || p.swapping {
		c.off = "It cannot be split now."
	}
	return c
}

// recreateCommand asks anew in place of the request on the screen.
func (p payScreen) recreateCommand() command {
	c := command{name: "recreate", does: "stop this request, then make a fresh one", act: recreate{}}
	switch {
	case p.requestID() == "":
		c.off = "There is no request yet to make anew."
	case p.now.state.Record.Stop != pos.WhyNone || p.swapping:
		c.off = "It is being stopped already."
	}
	return c
}

// table is every key of the screen.
func (u unfinishedScreen) table() commands {
	open := command{keys: bind("Enter", "Show", "enter"), name: "show", does: "show the chosen payment", act: showPayment{},
		foot: footLeft}
	nothing := ""
	chosen, there := u.current()
	if _, own := u.own.of(chosen.Op); !own {
		open.off = "The till settles this one by itself."
	}
	if !there {
		nothing = "There is nothing unfinished."
		open.off = nothing
	}
	return commands{
		helpCommand(),
		commandsCommand(),
		{keys: bind("↑", "", "up"), does: "choose the payment above", act: choose{by: -1}, off: nothing},
		{keys: bind("↓", "", "down"), does: "choose the payment below", act: choose{by: 1}, off: nothing},
		open,
		lateCommand(u.lates),
		quitCommand(),
		{keys: bind("Esc", "Back to the sale", "esc"), name: "back", does: "go back to the sale", act: backToSale{}, foot: footLast},
	}
}
