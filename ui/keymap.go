package ui

import "github.com/charmbracelet/bubbles/key"

// This file, with sale_keys.go, is every key of the till, one table for each screen.
// A row says what a key does, what the bottom line and the help call it, and what the command
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
