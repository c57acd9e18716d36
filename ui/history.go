package ui

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
	"centrapos/ui/widget"
)

// historyShown is how many operations are listed at most: what is older is found by
// typing a part of it.
const historyShown = 200

// historyScreen lists earlier operations, and narrows the list by what is typed.
type historyScreen struct {
	look          *look
	width, height int

	line   field
	hunted recordHunt

	selected, top int
	note          note
}

// recordHunt is the search for earlier operations. One is under way at a time; while
// it is, only the latest wish is kept.
type recordHunt struct {
	id      int
	busy    bool
	asked   string
	list    []pos.Summary
	trouble string
}

func newHistory(l *look) historyScreen {
	return historyScreen{look: l, line: newField(), note: note{of: onHistory}}
}

// SetSize implements screen.
func (h historyScreen) SetSize(width, height int) screen {
	h.width, h.height = width, height
	return h
}

// CapturesText implements screen: an empty line leaves characters to shortcuts.
func (h historyScreen) CapturesText() bool { return !h.line.isEmpty() }

func (h historyScreen) takesText() bool { return true }
func (h historyScreen) takesScan() bool { return true }

// Update implements screen.
func (h historyScreen) Update(msg tea.Msg) (screen, action, tea.Cmd) {
	if due, is := msg.(noteDue); is {
		h.note = h.note.due(due)
		return h, nil, nil
	}
	before := h.line.text()
	h.line, _ = edited(h.line, msg)
	if h.line.text() == before {
		return h, nil, nil
	}
	h.selected, h.top = 0, 0
	return h, seek{}, nil
}

// edited gives a line after what was typed, pasted or scanned into it; a scan stands
// there alone. It reports whether it was a scan.
func edited(line field, msg tea.Msg) (field, bool) {
	switch msg := msg.(type) {
	case keyTyped:
		if msg.key.Alt {
			return line, false
		}
		return line.typed(msg.key), false
	case textTyped:
		return line.inserted(msg.text), false
	case pasted:
		return line.inserted(msg.text), false
	case scanned:
		return line.with(msg.text), true
	}
	return line, false
}

func (h historyScreen) noted(t tone, text string) (screen, tea.Cmd) {
	var cmd tea.Cmd
	h.note, cmd = h.note.noted(t, text)
	return h, cmd
}

func (h historyScreen) current() (pos.Summary, bool) {
	if h.selected >= len(h.hunted.list) {
		return pos.Summary{}, false
	}
	return h.hunted.list[h.selected], true
}

func (h historyScreen) chosen(by int) screen {
	h.selected = min(max(0, h.selected+by), max(0, len(h.hunted.list)-1))
	h.top = widget.ScrollTop(h.top, h.selected, len(h.hunted.list), h.height-historyHead-1)
	return h
}

// clicked implements clicking.
func (h historyScreen) clicked(_, y int) (screen, action) {
	i := h.top + y - historyHead - 1
	if y <= historyHead || i >= len(h.hunted.list) {
		return h, nil
	}
	if i == h.selected {
		return h, openStory{}
	}
	h.selected = i
	return h, nil
}

// historyHead is how many lines stand over the table.
const historyHead = 3

// View implements screen.
func (h historyScreen) View(now time.Time) string {
	st := h.look.styles
	data := h.line.data()
	data.Placeholder = " type a part of a short code, a reference or an amount"
	under := st.Muted.Render("   " + h.count())
	switch {
	case h.hunted.trouble != "":
		under = "   " + st.Danger.Render("The till's record could not be read: "+h.hunted.trouble)
	case h.note.text != "":
		under = "   " + h.look.toneStyle(h.note.tone).Render(h.note.text)
	}
	table := widget.Table(st, h.width, h.height-historyHead, widget.TableData{
		Columns: []widget.Column{
			{Title: "When", Gap: 1, Width: 12},
			{Title: "What", Gap: 1, Width: 12},
			{Title: "Amount", Gap: 1, Width: 10, Number: true},
			{Title: "Outcome", Gap: 2, Width: 13, Flex: true},
			{Title: "Short code", Gap: 2, Width: 14},
			{Title: "Reference", Gap: 2, Width: 21, Rank: 1},
		},
		Len: len(h.hunted.list), Row: func(i int) []string { return summaryRow(h.hunted.list[i], now) },
		Selected: h.selected, Top: h.top, Margin: 1, Empty: h.empty(),
	})
	return widget.Clip(strings.Join([]string{widget.EntryLine(st, h.width, data), under, "", table}, "\n"), h.width, h.height)
}

func (h historyScreen) count() string {
	switch n := len(h.hunted.list); {
	case h.hunted.busy:
		return "looking…"
	case n == historyShown:
		return "the newest " + itoa(n) + "; type to find older ones"
	case n == 1:
		return "1 payment, refund or void"
	default:
		return itoa(n) + " payments, refunds and voids"
	}
}

func (h historyScreen) empty() string {
	switch {
	case h.hunted.busy:
		return "looking…"
	case h.line.isEmpty():
		return "Nothing has been sold at this till yet."
	}
	return "Nothing on record has that."
}

// summaryRow is a line of a list of operations.
func summaryRow(each pos.Summary, now time.Time) []string {
	sum := ""
	if each.Amount.IsKnown() {
		sum = amount(each.Amount)
	}
	return []string{
		timeText(each.OpenedAt, now), kindWord(each.Kind), sum, outcomeWord(each), shortCodeOf(each), each.ExternalRef,
	}
}

// shortCodeOf is the short code that stands on an operation's receipt.
func shortCodeOf(each pos.Summary) string {
	if each.ActivityCode != "" {
		return each.ActivityCode
	}
	return each.ShortCode
}

// outcomeWord says in a word how an operation ended.
func outcomeWord(each pos.Summary) string {
	word := verdictOf(pos.State{Record: pos.Record{Kind: each.Kind, Outcome: each.Outcome}}).word
	if each.ByHand {
		word += " (by hand)"
	}
	return word
}

// table is every key of the screen.
func (h historyScreen) table() commands {
	off := ""
	if _, there := h.current(); !there {
		off = "There is nothing to show."
	}
	leave := command{keys: bind("Esc", "Back", "esc"), name: "back", does: "go back", act: goBack{}, foot: footLast}
	if !h.line.isEmpty() {
		leave.keys, leave.does, leave.act = bind("Esc", "Clear", "esc"), "clear the line", clearSeek{}
	}
	keys := commands{
		{keys: bind("Enter", "Its story", "enter"), name: "show", does: "show the chosen payment's whole story", act: openStory{}, off: off, foot: footLeft},
		{keys: bind("↑", "", "up"), does: "choose the line above", act: choose{by: -1}, off: off},
		{keys: bind("↓", "", "down"), does: "choose the line below", act: choose{by: 1}, off: off},
		{keys: bind("PgUp", "", "pgup"), does: "choose further up", act: choose{by: -h.page()}, off: off},
		{keys: bind("PgDn", "", "pgdown"), does: "choose further down", act: choose{by: h.page()}, off: off},
		quitCommand(), leave,
	}
	return append(lineKeys(h.line), keys...)
}

// lineKeys are the keys of a screen with a line: those that edit it while something
// stands in it, and help and commands while nothing does.
func lineKeys(line field) commands {
	if line.isEmpty() {
		return commands{helpCommand(), commandsCommand()}
	}
	return commands{
		{keys: bind("← →", "", "left", "right"), does: "move in the line"},
		{keys: bind("Home End", "", "home", "end"), does: "go to an end of the line"},
		{keys: bind("Backspace Del", "", "backspace", "ctrl+h", "delete"), does: "delete a character"},
		{keys: bind("Ctrl+W", "", "ctrl+w"), does: "delete a word"},
		{keys: bind("Ctrl+U Ctrl+K", "", "ctrl+u", "ctrl+k"), does: "delete to the start, to the end"},
	}
}

func (h historyScreen) page() int { return max(1, h.height-historyHead-2) }

// searchHistory looks for what stands in the history's line, unless a search is under
// way already.
func (m model) searchHistory() (model, tea.Cmd) {
	h := m.history
	if h.hunted.busy {
		return m, nil
	}
	h.hunted.id++
	h.hunted.busy, h.hunted.asked = true, h.line.text()
	m.history = h
	return m, m.work.searchRecords(onHistory, h.hunted.id, RecordQuery{Words: h.line.text(), Limit: historyShown})
}

// recordsFound takes the answer to a search, and asks again if something else stands
// in the line by now.
func (m model) recordsFound(msg recordsFound) (tea.Model, tea.Cmd) {
	if msg.of == onRefund {
		return m.refundsFound(msg)
	}
	h := m.history
	if msg.id != h.hunted.id || !h.hunted.busy {
		return m, nil
	}
	h.hunted = h.hunted.answered(msg)
	h.selected = min(h.selected, max(0, len(h.hunted.list)-1))
	h.top = widget.ScrollTop(h.top, h.selected, len(h.hunted.list), h.height-historyHead-1)
	m.history = h
	if h.line.text() != msg.words {
		return m.searchHistory()
	}
	return m, nil
}

func (r recordHunt) answered(msg recordsFound) recordHunt {
	r.busy, r.trouble = false, ""
	if msg.err != nil {
		r.trouble = msg.err.Error()
		return r
	}
	r.list = msg.list
	return r
}
