package ui

import (
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"centrapos/pos"
	"centrapos/ui/theme"
	"centrapos/ui/widget"
)

// This file tells how payments ended that were open when the till stopped.

// handOverOrReturn is what to do about money that came when nobody waited for it.
const handOverOrReturn = "Hand over the goods, or give the money back."

// ending is how a payment of an earlier run ended.
type ending struct {
	record pos.Record
	text   string
}

// news are the endings that staff have not read yet, the oldest first.
type news []ending

// recovered takes how a payment of an earlier run ended, and waits for the next.
// It is read on the sale screen: whatever is in front is not disturbed.
func (m model) recovered(msg recovered) (tea.Model, tea.Cmd) {
	m.sale.news = append(m.sale.news[:len(m.sale.news):len(m.sale.news)],
		ending{record: msg.record, text: newsText(msg.record, m.now)})
	m = m.settle(msg.record)
	if m.keeper.resuming {
		m.keeper.ended = append(slices.Clip(m.keeper.ended), msg.record)
	}
	m.sale = m.sale.scrolled()
	return m.refreshed(), m.work.awaitRecovered()
}

// draw draws the oldest in lines of width columns; none when there is no news.
func (n news) draw(st *theme.Styles, width int) []string {
	if len(n) == 0 {
		return nil
	}
	text, style := n[0].text, newsStyle(st, n[0].record)
	if more := len(n) - 1; more > 0 {
		text += " (" + itoa(more) + " more to read)"
	}
	var lines []string
	for _, line := range widget.Wrap(text, width-6) {
		lines = append(lines, "   "+style.Render(line))
	}
	return lines
}

// newsText says how a payment ended that was open when the till stopped.
func newsText(rec pos.Record, now time.Time) string {
	what, v := kindWord(rec.Kind), verdictOf(pos.State{Record: rec})
	opened := rec.OpenedAt.In(now.Location())
	from := opened.Format("15:04")
	if now.Sub(opened) > 20*time.Hour {
		from = opened.Format("2 Jan 15:04")
	}
	if sum := rec.Amount(); sum.IsKnown() {
		what += " of " + sum.Format()
	}
	what += " from " + from
	if code := rec.Request.ShortCode; code != "" {
		what += " (" + code + ")"
	}
	rest := v.moved
	switch {
	case rec.Outcome == pos.OutcomePaid:
		rest = handOverOrReturn
	case rec.Outcome == pos.OutcomeRefunded || rec.Outcome == pos.OutcomeConfirmed || rec.Outcome == pos.OutcomeReleased:
		rest = v.happened
	case rest == "":
		rest = v.next
	}
	return strings.TrimSpace(what + " was open when the till stopped: " + v.word + ". " + rest)
}

// kindWord names a kind of operation.
func kindWord(kind pos.Kind) string {
	switch kind {
	case pos.KindVoid:
		return "Void"
	case pos.KindRefund:
		return "Refund"
	case pos.KindConfirm:
		return "Confirmation"
	case pos.KindRelease:
		return "Release"
	case pos.KindSale:
	}
	return "Sale"
}

// newsStyle is green for what was paid, and for nothing else.
func newsStyle(st *theme.Styles, rec pos.Record) lipgloss.Style {
	switch {
	case rec.Outcome == pos.OutcomePaid:
		return st.OK
	case verdictOf(pos.State{Record: rec}).tone == verdictDanger:
		return st.Danger
	}
	return st.Warn
}
