package ui

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/lipgloss"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
	"centrapos/ui/widget"
)

// resultScreen shows how a payment ended, or why it was not begun.
type resultScreen struct {
	look          *look
	width, height int

	attempt int
	amount  pos.Money
	now     snapshot
	err     error // why it was not begun
	// mine: the basket on the sale screen is the one this payment was for.
	mine bool
	// late: staff had left the payment to the till.
	late bool
	// left is what is still to be paid of the basket that this was a part of.
	left pos.Money
	at   time.Time // when the end became known here
	// printed is what became of its receipt.
	printed note
}

// SetSize implements screen.
func (r resultScreen) SetSize(width, height int) screen {
	r.width, r.height = width, height
	return r
}

// CapturesText implements screen.
func (r resultScreen) CapturesText() bool { return false }

// Update implements screen. A scan begins the next sale with what was scanned,
// or goes into the basket that was kept.
func (r resultScreen) Update(msg tea.Msg) (screen, action, tea.Cmd) {
	if changed, ok := msg.(opChanged); ok && r.err == nil && changed.now.id == r.now.id {
		r.now = changed.now
	}
	return r, nil, nil
}

// keepsBasket reports whether leaving goes back to a basket.
func (r resultScreen) keepsBasket() bool {
	return !r.mine || r.err != nil || !r.now.state.Record.Outcome.Successful()
}

// returns reports whether the result is of a refund, a void or the like.
func (r resultScreen) returns() bool {
	kind := r.now.state.Record.Kind
	return r.err == nil && kind != "" && kind != pos.KindSale
}

// takesScan reports whether a scan may leave this screen: not when it tells of a
// payment from before, which staff must have read.
func (r resultScreen) takesScan() bool { return !r.late }

func (r resultScreen) verdict() verdict {
	if r.err != nil {
		return notBegun(r.err)
	}
	v := verdictOf(r.now.state)
	if r.left.Sign() > 0 {
		v.word, v.tone, v.happened = "PART PAID", verdictWarn, "Centrapay has this part of the money for you."
		v.next = "Take the rest another way, or give back what was paid. Do not hand over the goods yet."
	}
	if r.late && r.now.state.Record.Outcome == pos.OutcomePaid { // a part, or a hold, is no reason to hand over goods
		v.happened = "The payment you left has been paid after all."
		v.next = handOverOrReturn
	}
	return v
}

// inWords is the result in a few words.
func (r resultScreen) inWords() string {
	return r.amount.Format() + " · " + r.verdict().word
}

// View implements screen.
func (r resultScreen) View(time.Time) string {
	st, v := r.look.styles, r.verdict()
	inner := r.width - 6
	lines := append(r.headline(v), "")
	for _, line := range append(r.tenders(inner), r.words(v, inner)...) {
		lines = append(lines, " "+line)
	}
	facts := r.facts(v, inner)
	if r.printed.text != "" {
		facts = append(styled(r.look.toneStyle(r.printed.tone), widget.Wrap(r.printed.text, inner)), facts...)
	}
	for _, line := range r.paidFor(inner, r.height-3-len(facts)-len(lines)) {
		lines = append(lines, " "+line)
	}
	lines = lines[:min(len(lines), max(0, r.height-3-len(facts)))]
	lines = append(lines, "")
	for _, line := range facts {
		lines = append(lines, " "+line)
	}
	title := "Payment"
	switch returns := r.returns(); {
	case returns && r.late:
		title = kindWord(r.now.state.Record.Kind) + " from before"
	case returns:
		title = "Giving money back"
	case r.late:
		title = "A payment from before"
	}
	panel := widget.Panel(st, r.width, 0, widget.PanelData{Title: title, Body: strings.Join(lines, "\n")})
	return widget.Clip(panel, r.width, r.height)
}

// headline is the one big word with the amount, as a band that is seen from the
// other end of the counter.
func (r resultScreen) headline(v verdict) []string {
	st := r.look.styles
	style, mark := st.Title.Reverse(true), "■"
	switch v.tone {
	case verdictPaid:
		style, mark = st.OKFill, "✓"
	case verdictWarn:
		style, mark = st.WarnFill, "▲"
	case verdictDanger:
		style, mark = st.DangerFill, "!"
	case verdictNeutral:
	}
	sum := r.amount
	if paid := r.now.state.Record.Request.PaidTotal(); r.now.state.Record.Outcome.Successful() && paid.IsKnown() {
		sum = paid
	}
	width := r.width - 4
	blank := style.Render(widget.Fit("", width, widget.Start))
	return []string{blank, style.Render(widget.Fit(mark+" "+v.word+"   "+sum.Format(), width, widget.Middle)), blank}
}

// tenders lists what paid, each asset with its amount, and what is left to pay.
func (r resultScreen) tenders(width int) []string {
	st, rec := r.look.styles, r.now.state.Record
	if r.err != nil || !rec.Outcome.Successful() {
		return nil
	}
	var out []string
	for _, t := range rec.Request.PaidBy {
		out = append(out, tenderLine(st.OK, width, tenderName(t), t.Total))
	}
	remaining := rec.Request.Remaining
	if r.left.Sign() > 0 {
		remaining = r.left
	}
	if remaining.Sign() > 0 {
		out = append(out, tenderLine(st.Warn, width, "Still to pay", remaining))
	}
	return append(out, "")
}

// paidFor lists the lines that each asset paid for, where the service says, in at
// most so many lines.
func (r resultScreen) paidFor(width, room int) []string {
	var out []string
	for _, t := range r.now.state.Record.Request.PaidBy {
		for _, line := range t.Lines {
			out = append(out, line.Qty.String()+" x "+line.Name+" by "+tenderName(t))
		}
	}
	if len(out) == 0 || room < 2 {
		return nil
	}
	if more := len(out) - (room - 1); more > 0 {
		out = append(out[:room-2], fmt.Sprintf("… and %d more", more+1))
	}
	for i, line := range out {
		out[i] = r.look.styles.Muted.Render(widget.Fit(line, width, widget.Start))
	}
	return append([]string{""}, out...)
}

// tenderName is what the customer must be shown of an asset.
func tenderName(t pos.Tender) string {
	if t.Description != "" {
		return t.Description
	}
	return t.AssetType
}

func tenderLine(style lipgloss.Style, width int, name string, sum pos.Money) string {
	shown := sum.Format()
	room := min(width, 60) - widget.Width(shown) - 2
	return style.Render(widget.Fit(name, room, widget.Start) + "  " + shown)
}

// words says what happened, whether money moved, and what to do next.
func (r resultScreen) words(v verdict, width int) []string {
	st := r.look.styles
	var out []string
	if r.err == nil && r.now.state.AmountChanged() {
		changed := "Centrapay's amount is " + r.now.state.Record.Request.Value.Format() + ", not " +
			r.now.state.Record.Amount().Format() + ". Check before you hand over the goods."
		out = append(styled(st.Warn, widget.Wrap(changed, width)), "")
	}
	if isTest(r.look, r.now.state) {
		out = append(out, st.Warn.Render(testPayment))
	}
	for _, part := range []struct {
		style lipgloss.Style
		text  string
	}{{st.Row, v.happened}, {st.Title, v.moved}, {st.Row, v.next}} {
		out = append(out, styled(part.style, widget.Wrap(part.text, width))...)
	}
	if r.err == nil && r.now.trouble != "" {
		out = append(out, "")
		out = append(out, styled(st.Danger, widget.Wrap("The till could not write this down yet and keeps trying: "+
			"note the short code, and check that the disk is not full.", width))...)
	}
	return out
}

// facts are what support asks for, small at the end.
func (r resultScreen) facts(v verdict, width int) []string {
	st, rec := r.look.styles, r.now.state.Record
	var parts []string
	if code := rec.Request.ShortCode; code != "" {
		parts = append(parts, code)
	}
	if code := rec.Action.Activity.ShortCode; code != "" {
		parts = append(parts, strings.ToLower(kindWord(rec.Kind))+" "+code)
	}
	if ref := rec.Reference(); ref != "" {
		parts = append(parts, "ref "+ref)
	}
	if !r.at.IsZero() {
		parts = append(parts, fmt.Sprintf("known at %s", r.at.Format("15:04:05")))
	}
	if v.code != "" {
		parts = append(parts, v.code)
	}
	return styled(st.Muted, widget.Wrap(strings.Join(parts, " · "), width))
}
