package ui

// This file is the keys of the sale screen.

// group is a heading of the help.
type group int

const (
	groupNone group = iota
	groupRinging
	groupChosen
	groupBasket
	groupPaying
	groupTyping
	groupTill
)

// heading is the words of it.
func (g group) heading() string {
	return map[group]string{
		groupNone: "Keys on this screen", groupRinging: "Ringing up", groupChosen: "The chosen line", groupBasket: "The basket",
		groupPaying: "Paying", groupTyping: "While something stands in the line", groupTill: "The till",
	}[g]
}

// in gives commands under one heading of the help.
func in(g group, list ...command) commands {
	for i := range list {
		list[i].group = g
	}
	return list
}

// table is every key of the screen.
func (s saleScreen) table() commands {
	if s.line.isEmpty() {
		return append(s.anyLineKeys(), s.emptyLineKeys()...)
	}
	return append(s.typingKeys(), s.anyLineKeys()...)
}

// typingKeys work while something stands in the entry line.
func (s saleScreen) typingKeys() commands {
	enter, at := "Add", footLeft
	switch e := s.entry(); {
	case e.kind == entryCommand:
		enter = "Do it"
	case s.standing().refused != "": // Enter only says why
		at = footNone
	}
	return in(groupTyping,
		command{keys: bind("Enter", enter, "enter"), does: "do what is said beside or under the line", act: submit{}, foot: at},
		command{keys: bind("Esc", "Clear", "esc"), does: "clear the line", act: clearLine{}, foot: footLeft},
		command{keys: bind("↑", "", "up"), does: "choose what stands above", act: choose{by: -1}, row: "choose what stands above, or below"},
		command{keys: bind("↓", "", "down"), does: "choose what stands below", act: choose{by: 1}, row: "choose what stands above, or below"},
		command{keys: bind("Tab", "", "tab"), does: "finish the name of a command", act: complete{}},
		command{keys: bind("← →", "", "left", "right"), does: "move in the line"},
		command{keys: bind("Home End", "", "home", "end"), does: "go to an end of the line"},
		command{keys: bind("Backspace Del", "", "backspace", "ctrl+h", "delete"), does: "delete a character"},
		command{keys: bind("Ctrl+W", "", "ctrl+w"), does: "delete a word"},
		command{keys: bind("Ctrl+U Ctrl+K", "", "ctrl+u", "ctrl+k"), does: "delete to the start, to the end"},
	)
}

// emptyLineKeys work while nothing stands in the entry line.
func (s saleScreen) emptyLineKeys() commands {
	off := ""
	if s.basket.IsEmpty() {
		off = emptyBasketText
	}
	read := command{keys: bind("Esc", "Read it", "esc"), does: "take the message away", act: clearLine{}}
	if len(s.news)+len(s.missed) > 0 {
		read.foot = footLeft
	}
	list := commandsCommand()
	list.group = groupRinging
	rows := s.layout().rows
	return append(commands{list}, append(in(groupChosen,
		command{keys: bind("↑", "", "up"), does: "choose the line above", act: choose{by: -1}, off: off, row: "choose the line above, or below"},
		command{keys: bind("↓", "", "down"), does: "choose the line below", act: choose{by: 1}, off: off, row: "choose the line above, or below"},
		command{keys: bind("PgUp", "", "pgup"), does: "choose further up", act: choose{by: -rows}, off: off, row: "choose a line further up, or down"},
		command{keys: bind("PgDn", "", "pgdown"), does: "choose further down", act: choose{by: rows}, off: off, row: "choose a line further up, or down"},
		command{keys: bind("Home", "", "home"), does: "choose the first line", act: choose{by: -s.length()}, off: off, row: "choose the first line, or the last"},
		command{keys: bind("End", "", "end"), does: "choose the last line", act: choose{by: s.length()}, off: off, row: "choose the first line, or the last"},
		command{keys: bind("Del", "", "delete"), does: "take the chosen line off", act: removeLine{}, off: s.unchangeable()},
	), in(groupTill, read,
		command{keys: bind("Enter", "", "enter"), does: "take the message away", act: clearNote{}})...)...)
}

// anyLineKeys work whatever stands in the entry line, but for single characters.
func (s saleScreen) anyLineKeys() commands {
	var out commands
	out = append(out, in(groupPaying, s.payCommand())...)
	out = append(out, s.chosenKeys()...)
	out = append(out, s.basketKeys()...)
	out = append(out, in(groupPaying, cashCommand(s.payableOff()), absentCommand(s.payableOff()))...)
	out = append(out, in(groupRinging,
		command{keys: bind("F4", "Find", "f4"), name: "find", does: "search the products in a long list", act: find{}, foot: footLeft},
	)...)
	return append(out, in(groupTill,
		append(moreCommands(s.look), moreCommand(), unfinishedCommand(s.unfinished), helpCommand(), quitCommand())...)...)
}

// takesEdit gives a command that changes the basket by what is typed behind its name.
func takesEdit(c command, what edit) command {
	c.name, c.act = what.name(), editBasket{what: what}
	c.takes = func(arg string) action { return editBasket{what: what, text: arg} }
	return c
}

// chosenKeys change the chosen line.
func (s saleScreen) chosenKeys() commands {
	off := s.unchangeable()
	return in(groupChosen,
		takesEdit(command{keys: bind("F2", "Qty", "f2"), arg: "N", does: "set the chosen line's quantity, or its weight in kg", off: off, foot: footLeft}, editQty),
		command{keys: bind("+", "", "+"), name: "plus", does: "one more of the chosen line", act: addQty{by: 1}, off: off},
		command{keys: bind("-", "", "-"), name: "minus", does: "one less of the chosen line", act: addQty{by: -1}, off: off},
		command{keys: bind("F7", "Remove", "f7"), name: "remove", arg: "[WHY]", does: "take the chosen line off", act: removeLine{}, off: off, foot: footLeft,
			takes: func(arg string) action { return removeLine{reason: arg} }},
		command{keys: bind("F8", "Price", "f8"), name: "prices", does: "change a price, give a discount", act: priceMenu{},
			off: off, foot: footLeft},
		takesEdit(command{arg: "N WHY", does: "sell the chosen line at another price, for a reason", off: off}, editPrice),
		takesEdit(command{arg: "N|N%", does: "take an amount or a percentage off the chosen line", off: off}, editDiscount),
		takesEdit(command{arg: "TEXT", does: "note something on the chosen line", off: off}, editNote),
	)
}

// basketKeys change the whole basket.
func (s saleScreen) basketKeys() commands {
	off, noUndo, fixed, noHold, noRecall := s.unchangeable(), "", "", "", ""
	if !s.basket.CanUndo() {
		noUndo = "There is nothing to undo."
	}
	if s.frozen {
		fixed = sentence(frozenText)
		noUndo = fixed
	}
	if noHold = off; !s.look.drafts {
		noHold, noRecall = sentence(noDrafts), sentence(noDrafts)
	}
	return in(groupBasket,
		command{keys: bind("F5", "Hold", "f5"), name: "hold", arg: "[NAME]", does: "put the basket aside, for later or for another till", act: hold{},
			takes: func(arg string) action { return hold{name: arg} }, off: noHold, foot: footLeft},
		command{keys: bind("F6", "Recall", "f6"), name: "recall", arg: "NAME", does: "take up a basket that was put aside", act: recall{},
			takes: func(arg string) action { return recall{name: arg} }, off: noRecall, foot: footLeft},
		command{keys: bind("u", "Undo", "u"), name: "undo", does: "take back the latest change", act: undo{}, off: noUndo, foot: footLeft},
		takesEdit(command{arg: "N|N%", does: "take an amount or a percentage off everything", off: off}, editDiscountAll),
		takesEdit(command{arg: "TEXT", does: "note something on the sale", off: fixed}, editSaleNote),
		takesEdit(command{arg: "REF", does: "name the customer", off: fixed}, editCustomer),
		s.clearCommand(),
	)
}

func (s saleScreen) clearCommand() command {
	c := command{keys: bind("Ctrl+N", "", "ctrl+n"), name: "clear", does: "empty the basket", act: clearBasket{}}
	switch {
	case s.frozen:
		c.does, c.keys, c.foot = "leave this basket to its payment: next sale", bind("Ctrl+N", "Next sale", "ctrl+n"), footLeft
	case s.basket.IsEmpty():
		c.off = emptyBasketText
	}
	return c
}

// payableOff says why no other way to pay is open: least of all while it is not known
// whether the basket is paid.
func (s saleScreen) payableOff() string {
	if s.frozen {
		return sentence(frozenText)
	}
	return s.payCommand().off
}

func (s saleScreen) payCommand() command {
	c := command{keys: bind("F9", "PAY", "f9"), name: "pay", does: "take payment for the basket", act: askPay{}, foot: footLast}
	switch {
	case s.frozen:
		c.does, c.keys = "show the payment of this basket", bind("F9", "Its payment", "f9")
	case s.basket.IsEmpty() && !s.queue.busy: // what is being looked up will be in it
		c.off = "There is nothing to pay yet."
	}
	return c
}
