package ui

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
	"centrapos/ui/widget"
)

// unfinishedScreen lists the money operations that are not closed, with what the
// till is doing about each. There is nothing to do here but look: the till goes on
// until it knows how each ended.
type unfinishedScreen struct {
	look          *look
	width, height int

	list     []pos.Summary
	own      payments // this run's, to say what is being done
	trouble  string   // why the list could not be read
	news     news
	lates    int // payments that came late, and that nobody has dealt with
	selected int
}

// SetSize implements screen.
func (u unfinishedScreen) SetSize(width, height int) screen {
	u.width, u.height = width, height
	return u
}

// CapturesText implements screen.
func (u unfinishedScreen) CapturesText() bool { return false }

// Update implements screen.
func (u unfinishedScreen) Update(tea.Msg) (screen, action, tea.Cmd) { return u, nil, nil }

// with gives the screen with another list, the same payment chosen.
func (u unfinishedScreen) with(list []pos.Summary, own payments, trouble string) unfinishedScreen {
	before, there := u.current()
	u.list, u.own, u.trouble = list, own, trouble
	u.selected = min(u.selected, max(0, len(list)-1))
	for i, each := range list {
		if there && each.Op == before.Op {
			u.selected = i
		}
	}
	return u
}

func (u unfinishedScreen) current() (pos.Summary, bool) {
	if u.selected >= len(u.list) {
		return pos.Summary{}, false
	}
	return u.list[u.selected], true
}

func (u unfinishedScreen) choose(by int) unfinishedScreen {
	u.selected = min(max(0, u.selected+by), max(0, len(u.list)-1))
	return u
}

// View implements screen.
func (u unfinishedScreen) View(now time.Time) string {
	st := u.look.styles
	intro := "Payments whose end is not known yet. The till goes on asking Centrapay until it is. " +
		"Do not charge these customers again before that."
	head := styled(st.Muted, widget.Wrap(intro, u.width-4))
	if u.trouble != "" {
		head = append(head, styled(st.Danger, widget.Wrap("The till's record could not be read: "+u.trouble, u.width-4))...)
	}
	for i, line := range head {
		head[i] = "  " + line
	}
	if u.lates > 0 {
		head = append(head, "", "  "+st.Warn.Render("Money came in after you gave up: "+itoa(u.lates)+". L shows it."))
	}
	if told := u.news.draw(st, u.width); len(told) > 0 {
		head = append(head, append([]string{""}, told...)...)
	}
	table := widget.Table(st, u.width, max(2, u.height-len(head)-2), widget.TableData{
		Columns: []widget.Column{
			{Title: "Since", Gap: 1, Width: 8},
			{Title: "Amount", Gap: 2, Width: 12, Number: true},
			{Title: "Short code", Gap: 2, Width: 12},
			{Title: "Reference", Gap: 2, Width: 21, Rank: 1},
			{Title: "The till is", Gap: 2, Width: 12, Flex: true},
		},
		Len: len(u.list), Row: func(i int) []string { return u.row(i, now) }, Selected: u.selected, Margin: 1,
		Empty: "Nothing is unfinished.",
	})
	return widget.Clip("\n"+strings.Join(head, "\n")+"\n\n"+table, u.width, u.height)
}

func (u unfinishedScreen) row(i int, now time.Time) []string {
	each := u.list[i]
	opened := each.OpenedAt.In(now.Location())
	since := opened.Format("15:04:05")
	if now.Sub(opened) > 20*time.Hour {
		since = opened.Format("2 Jan")
	}
	sum := ""
	if each.Amount.IsKnown() {
		sum = amount(each.Amount)
	}
	return []string{since, sum, each.ShortCode, each.ExternalRef, u.doing(each, now)}
}

// doing says what the till does about an operation.
func (u unfinishedScreen) doing(each pos.Summary, now time.Time) string {
	own, there := u.own.of(each.Op)
	switch {
	case each.Outcome != pos.OutcomeOpen:
		return "ended; clearing up after it"
	case there && own.now.state.NeedsPerson(now):
		return "waiting for you: ask Centrapay, then run centrapos settle"
	case each.Kind != pos.KindSale:
		return "finding out about the " + strings.ToLower(kindWord(each.Kind))
	case !there:
		return "finding out"
	}
	switch own.now.state.Phase() {
	case pos.PhaseAsking, pos.PhaseSearching:
		return "looking for it"
	case pos.PhaseWaiting:
		return "waiting for the customer"
	case pos.PhaseStopping:
		return "stopping it"
	case pos.PhaseEnded:
	}
	return "clearing up"
}
