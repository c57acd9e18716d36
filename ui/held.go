package ui

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
	"centrapos/ui/widget"
)

// heldScreen lists the baskets that were put aside, at any till that keeps its record
// here, and takes one up again.
type heldScreen struct {
	look          *look
	width, height int

	list          []pos.BasketSummary
	line          field
	selected, top int
	note          note
}

func newHeld(l *look) heldScreen {
	return heldScreen{look: l, line: newField(), note: note{of: onHeld}}
}

// SetSize implements screen.
func (h heldScreen) SetSize(width, height int) screen {
	h.width, h.height = width, height
	return h
}

// CapturesText implements screen: an empty line leaves characters to shortcuts.
func (h heldScreen) CapturesText() bool { return !h.line.isEmpty() }

func (h heldScreen) takesText() bool { return true }

// Update implements screen.
func (h heldScreen) Update(msg tea.Msg) (screen, action, tea.Cmd) {
	if due, is := msg.(noteDue); is {
		h.note = h.note.due(due)
		return h, nil, nil
	}
	before := h.line.text()
	if h.line, _ = edited(h.line, msg); h.line.text() != before {
		h.selected, h.top = 0, 0
	}
	return h, nil, nil
}

func (h heldScreen) noted(t tone, text string) (screen, tea.Cmd) {
	var cmd tea.Cmd
	h.note, cmd = h.note.noted(t, text)
	return h, cmd
}

// shown are the baskets that what was typed fits.
func (h heldScreen) shown() []pos.BasketSummary {
	var out []pos.BasketSummary
	for _, each := range h.list {
		text := strings.ToLower(strings.Join([]string{each.Name, each.Customer, each.Till, each.ChangedBy, each.Total.String()}, " "))
		if strings.Contains(text, strings.ToLower(strings.TrimSpace(h.line.text()))) {
			out = append(out, each)
		}
	}
	return out
}

func (h heldScreen) current() (pos.BasketSummary, bool) {
	list := h.shown()
	if h.selected >= len(list) {
		return pos.BasketSummary{}, false
	}
	return list[h.selected], true
}

func (h heldScreen) chosen(by int) screen {
	n := len(h.shown())
	h.selected = min(max(0, h.selected+by), max(0, n-1))
	h.top = widget.ScrollTop(h.top, h.selected, n, h.height-historyHead-1)
	return h
}

// clicked implements clicking.
func (h heldScreen) clicked(_, y int) (screen, action) {
	i := h.top + y - historyHead - 1
	if y <= historyHead || i >= len(h.shown()) {
		return h, nil
	}
	if i == h.selected {
		return h, recall{id: h.shown()[i].ID}
	}
	h.selected = i
	return h, nil
}

// View implements screen.
func (h heldScreen) View(now time.Time) string {
	st, list := h.look.styles, h.shown()
	data := h.line.data()
	data.Placeholder = " type a part of a name"
	under := st.Muted.Render("   Sales that were put aside.")
	if h.note.text != "" {
		under = "   " + h.look.toneStyle(h.note.tone).Render(h.note.text)
	}
	table := widget.Table(st, h.width, h.height-historyHead, widget.TableData{
		Columns: []widget.Column{
			{Title: "Held", Gap: 1, Width: 12},
			{Title: "Name", Gap: 1, Width: 16, Flex: true},
			{Title: "Lines", Gap: 2, Width: 5, Align: widget.End},
			{Title: "Total", Gap: 2, Width: 10, Number: true},
			{Title: "Paid", Gap: 2, Width: 10, Number: true},
			{Title: "By", Gap: 2, Width: 10, Rank: 1},
			{Title: "Till", Gap: 2, Width: 8, Rank: 2},
		},
		Len: len(list), Row: func(i int) []string { return heldRow(list[i], now) },
		Selected: h.selected, Top: h.top, Margin: 1, Empty: "No sale is put aside.",
	})
	return widget.Clip(strings.Join([]string{widget.EntryLine(st, h.width, data), under, "", table}, "\n"), h.width, h.height)
}

func heldRow(each pos.BasketSummary, now time.Time) []string {
	paid, name := "", each.Name
	if each.Paid.Sign() > 0 {
		paid = amount(each.Paid)
	}
	if each.Customer != "" {
		name += " · " + each.Customer
	}
	return []string{timeText(each.ChangedAt, now), name, itoa(each.Lines), amount(each.Total), paid, each.ChangedBy, each.Till}
}

// table is every key of the screen.
func (h heldScreen) table() commands {
	chosen, there := h.current()
	off := ""
	if !there {
		off = "There is nothing to take up."
	}
	leave := command{keys: bind("Esc", "Back", "esc"), name: "back", does: "go back", act: goBack{}, foot: footLast}
	if !h.line.isEmpty() {
		leave.keys, leave.does, leave.act = bind("Esc", "Clear", "esc"), "clear the line", clearSeek{}
	}
	return append(lineKeys(h.line),
		command{keys: bind("Enter", "Recall", "enter"), name: "recall", does: "take the chosen sale up again", act: recall{id: chosen.ID}, off: off, foot: footLeft},
		command{keys: bind("↑", "", "up"), does: "choose the line above", act: choose{by: -1}, off: off},
		command{keys: bind("↓", "", "down"), does: "choose the line below", act: choose{by: 1}, off: off},
		quitCommand(), leave)
}

// listHeld lists what is put aside, as it is known and again.
func (m model) listHeld() (model, tea.Cmd) {
	m.aside.list = m.sale.drafts.held
	m.aside.line = newField()
	return m, m.work.listHeld()
}

// recallHeld takes a sale up again: it goes on the screen, and what is there is put aside.
func (m model) recallHeld(a recall) (model, tea.Cmd) {
	if m.sale.frozen {
		return m.say(toneWarn, frozenText)
	}
	m, cmd := m.backToSale()
	if m.place != onSale {
		return m, cmd
	}
	m, taken := m.recall(a)
	return m, tea.Batch(cmd, taken)
}
