package ui

import "github.com/charmbracelet/bubbles/key"

// This file is every key of the till, one table for each screen. A row says what
// a key does, what the bottom line and the help call it, and what the command
// list offers: no other place knows a key. A row without an action is a key that
// edits the entry line.

// Keys that several screens share. Function keys that terminals often keep for
// themselves (F1, F10, F11) never stand alone.
func helpCommand() command {
	return command{keys: bind("?", "Help", "?", "f1"), name: "help", does: "keys and guide",
		act: openHelp{}, foot: footFirst}
}

func quitCommand() command {
	return command{keys: bind("Ctrl+C", "Quit", "ctrl+c"), name: "quit",
		does: "leave the till", act: quit{}}
}

func unfinishedCommand(count int) command {
	c := command{keys: bind("!", "Unfinished", "!"), name: "unfinished",
		does: "payments whose end is not known yet", act: showUnfinished{}}
	if count > 0 {
		c.foot = footLeft
	}
	return c
}

func commandsCommand() command {
	return command{keys: bind("/", "Commands", "/"), does: "the list of commands", act: openCommands{}, foot: footLeft}
}

// Keys implements screen.
func (s saleScreen) Keys() commands {
	if s.line.isEmpty() {
		return append(s.anyLineKeys(), s.emptyLineKeys()...)
	}
	return append(s.typingKeys(), s.anyLineKeys()...)
}

// typingKeys work while something stands in the entry line.
func (s saleScreen) typingKeys() commands {
	enter := "Add"
	if s.entry().kind == entryCommand {
		enter = "Do it"
	}
	return commands{
		{keys: bind("Enter", enter, "enter"), does: "do what the right end of the line says", act: submit{}, foot: footLeft},
		{keys: bind("Esc", "Clear", "esc"), does: "clear the line", act: clearLine{}, foot: footLeft},
		{keys: bind("↑", "", "up"), does: "choose what stands above", act: choose{by: -1}},
		{keys: bind("↓", "", "down"), does: "choose what stands below", act: choose{by: 1}},
		{keys: bind("Tab", "", "tab"), does: "finish the name of a command", act: complete{}},
		{keys: bind("← →", "", "left", "right"), does: "move in the line"},
		{keys: bind("Home End", "", "home", "end"), does: "go to an end of the line"},
		{keys: bind("Backspace Del", "", "backspace", "ctrl+h", "delete"), does: "delete a character"},
		{keys: bind("Ctrl+W", "", "ctrl+w"), does: "delete a word"},
		{keys: bind("Ctrl+U Ctrl+K", "", "ctrl+u", "ctrl+k"), does: "delete to the start, to the end"},
	}
}

// emptyLineKeys work while nothing stands in the entry line.
func (s saleScreen) emptyLineKeys() commands {
	off := ""
	if s.basket.IsEmpty() {
		off = emptyBasketText
	}
	read := command{keys: bind("Esc", "Read it", "esc"), does: "take the message away", act: clearLine{}}
	if s.layout().notices > 0 {
		read.foot = footLeft
	}
	return commands{
		commandsCommand(),
		{keys: bind("↑", "", "up"), does: "choose the line above", act: choose{by: -1}, off: off},
		{keys: bind("↓", "", "down"), does: "choose the line below", act: choose{by: 1}, off: off},
		{keys: bind("PgUp", "", "pgup"), does: "choose further up", act: choose{by: -s.layout().rows}, off: off},
		{keys: bind("PgDn", "", "pgdown"), does: "choose further down", act: choose{by: s.layout().rows}, off: off},
		{keys: bind("Home", "", "home"), does: "choose the first line", act: choose{by: -s.length()}, off: off},
		{keys: bind("End", "", "end"), does: "choose the last line", act: choose{by: s.length()}, off: off},
		{keys: bind("Del", "", "delete"), does: "take the chosen line off", act: removeLine{}, off: s.unchangeable()},
		read,
		{keys: bind("Enter", "", "enter"), does: "take the message away", act: clearNote{}},
	}
}

// anyLineKeys work whatever stands in the entry line, but for single characters.
func (s saleScreen) anyLineKeys() commands {
	off, noUndo := s.unchangeable(), ""
	if !s.basket.CanUndo() {
		noUndo = "There is nothing to undo."
	}
	if s.frozen {
		noUndo = off
	}
	remove := command{keys: bind("F7", "Remove", "f7"), name: "remove", does: "take the chosen line off", act: removeLine{},
		off: off, foot: footLeft}
	return append(commands{
		s.payCommand(),
		{keys: bind("F2", "Qty", "f2"), name: "qty", arg: "N", does: "set the quantity of the chosen line", act: askQty{},
			off: off, foot: footLeft},
		{keys: bind("+", "", "+"), name: "plus", does: "one more of the chosen line", act: addQty{by: 1}, off: off},
		{keys: bind("-", "", "-"), name: "minus", does: "one less of the chosen line", act: addQty{by: -1}, off: off},
		remove,
		{keys: bind("u", "Undo", "u"), name: "undo", does: "take back the latest change", act: undo{}, off: noUndo,
			foot: footLeft},
		s.clearCommand(),
		moreCommand(),
		unfinishedCommand(s.unfinished),
		helpCommand(),
		quitCommand(),
	}, moreCommands(s.look)...)
}

func (s saleScreen) clearCommand() command {
	c := command{keys: bind("Ctrl+N", "", "ctrl+n"), name: "clear", does: "empty the basket", act: clearBasket{}}
	switch {
	case s.frozen:
		c.does, c.keys, c.foot = "put this basket aside: next sale", bind("Ctrl+N", "Next sale", "ctrl+n"), footLeft
	case s.basket.IsEmpty():
		c.off = emptyBasketText
	}
	return c
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

// helpKeys work while the help is open.
func helpKeys(page int) commands {
	return commands{
		{keys: bind("↑", "", "up"), does: "a line up", act: scrollHelp{by: -1}},
		{keys: bind("↓", "", "down"), does: "a line down", act: scrollHelp{by: 1}},
		{keys: bind("PgUp", "", "pgup"), does: "a page up", act: scrollHelp{by: -page}},
		{keys: bind("↑ ↓ PgDn Space", "Read on", "pgdown", " "), does: "a page down", act: scrollHelp{by: page}, foot: footLeft},
		{keys: bind("Ctrl+C", "", "ctrl+c"), does: "leave the till", act: quit{}},
		{keys: bind("Esc", "Back", "esc", "?", "q", "enter", "f1"), does: "close the help", act: closeHelp{}, foot: footLast},
	}
}

// commandLineKeys work while the command line is open over a screen.
func commandLineKeys() commands {
	return commands{
		{keys: bind("Enter", "Do it", "enter"), does: "do the chosen command", act: runLine{}, foot: footLeft},
		{keys: bind("↑", "", "up"), does: "choose the command above", act: choose{by: -1}},
		{keys: bind("↓", "", "down"), does: "choose the command below", act: choose{by: 1}},
		{keys: bind("Tab", "", "tab"), does: "finish the name of the command", act: complete{}},
		{keys: bind("← →", "", "left", "right"), does: "move in the line"},
		{keys: bind("Home End", "", "home", "end"), does: "go to an end of the line"},
		{keys: bind("Backspace Del", "", "backspace", "ctrl+h", "delete"), does: "delete a character"},
		{keys: bind("Ctrl+W", "", "ctrl+w"), does: "delete a word"},
		{keys: bind("Ctrl+U Ctrl+K", "", "ctrl+u", "ctrl+k"), does: "delete to the start, to the end"},
		{keys: bind("Ctrl+C", "", "ctrl+c"), does: "leave the till", act: quit{}},
		{keys: bind("Esc", "Back", "esc"), does: "close the list", act: closeCommandLine{}, foot: footLast},
	}
}

// letter binds an answer to a prompt: a letter, never Enter or a digit.
func letter(of, label string) key.Binding {
	return bind(of, label, lower(of), of)
}
