package ui

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/ui/widget"
)

// moreScreen is the menu of what is not on the sale screen.
type moreScreen struct {
	look          *look
	width, height int
	selected      int
}

// menuRow is one line of the menu.
type menuRow struct {
	letter, name, does string
	act                action
}

func newMore(l *look) moreScreen { return moreScreen{look: l} }

// rows are the lines there are: only what this till can do.
func (s moreScreen) rows() []menuRow {
	var out []menuRow
	if s.look.records {
		out = append(out,
			menuRow{"R", "Refund", "give a customer's money back, all or a part", openPlace{to: onRefund}},
			menuRow{"H", "History", "earlier payments, and one payment's whole story", openPlace{to: onHistory}})
	}
	if s.look.drafts {
		out = append(out, menuRow{"D", "Held sales", "sales that were put aside", openPlace{to: onHeld}})
	}
	return append(out,
		menuRow{"U", "Unfinished", "payments whose end is not known yet", showUnfinished{}},
		menuRow{"S", "Settings", "colours, the bell, the scanner", openPlace{to: onSettings}})
}

// SetSize implements screen.
func (s moreScreen) SetSize(width, height int) screen {
	s.width, s.height = width, height
	return s
}

// CapturesText implements screen.
func (s moreScreen) CapturesText() bool { return false }

// Update implements screen.
func (s moreScreen) Update(tea.Msg) (screen, action, tea.Cmd) { return s, nil, nil }

func (s moreScreen) chosen(by int) screen {
	s.selected = min(max(0, s.selected+by), len(s.rows())-1)
	return s
}

// clicked implements clicking.
func (s moreScreen) clicked(_, y int) (screen, action) {
	i := y - moreHead - 1
	if i < 0 || i >= len(s.rows()) {
		return s, nil
	}
	s.selected = i
	return s, s.rows()[i].act
}

// moreHead is how many lines stand over the table.
const moreHead = 1

// View implements screen.
func (s moreScreen) View(time.Time) string {
	rows := s.rows()
	table := widget.Table(s.look.styles, s.width, s.height-moreHead, widget.TableData{
		Columns: []widget.Column{
			{Title: "Key", Gap: 1, Width: 4},
			{Title: "More", Gap: 1, Width: 14},
			{Gap: 2, Width: 20, Flex: true},
		},
		Len: len(rows), Row: func(i int) []string { return []string{rows[i].letter, rows[i].name, rows[i].does} },
		Selected: s.selected, Margin: 1,
	})
	return widget.Clip("\n"+table, s.width, s.height)
}

// table is every key of the screen.
func (s moreScreen) table() commands {
	rows := s.rows()
	keys := commands{
		helpCommand(),
		commandsCommand(),
		{keys: bind("↑", "", "up"), does: "choose the line above", act: choose{by: -1}},
		{keys: bind("↓", "", "down"), does: "choose the line below", act: choose{by: 1}},
		{keys: bind("Enter", "Open", "enter"), does: "open the chosen line", act: rows[min(s.selected, len(rows)-1)].act, foot: footLeft},
	}
	for _, each := range rows {
		name, _, _ := strings.Cut(lower(each.name), " ")
		keys = append(keys, command{keys: letter(each.letter, each.name), name: name, does: each.does, act: each.act})
	}
	return append(keys, quitCommand(),
		command{keys: bind("Esc", "Back to the sale", "esc"), name: "back", does: "go back to the sale", act: backToSale{}, foot: footLast})
}

// moreCommand opens the menu.
func moreCommand() command {
	return command{keys: bind("F3", "More", "f3"), name: "more", does: "refund, history, settings and the rest",
		act: openPlace{to: onMore}, foot: footLeft}
}

// moreCommands are what the menu offers, by name, on the sale screen too.
func moreCommands(l *look) commands {
	var out commands
	if l.records {
		out = append(out,
			command{name: "refund", does: "give a customer's money back", act: openPlace{to: onRefund}},
			command{name: "history", does: "earlier payments", act: openPlace{to: onHistory}})
	}
	return append(out,
		command{name: "settings", does: "colours, the bell, the scanner", act: openPlace{to: onSettings}},
		themeCommand())
}
