package ui

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/lipgloss"

	"centrapos/pos"
	"centrapos/ui/widget"
)

// statusLine is the line of the right half where the status stands, and
// promptLine the first that a prompt may cover: the status stays in sight.
const (
	statusLine = 2
	promptLine = 4
)

// spinnerTurn is how long the spinner shows one symbol.
const spinnerTurn = 250 * time.Millisecond

func (p payScreen) draw(now time.Time) string {
	if p.whole() {
		return p.drawWhole(now)
	}
	at := p.wordsColumn()
	return widget.Beside(p.height,
		widget.Block{Text: "", Width: codeMargin},
		widget.Block{Text: p.drawCode(at - codeMargin - codeGap), Width: at - codeMargin},
		widget.Block{Text: p.drawWords(now, p.width-at-1), Width: p.width - at},
	)
}

// drawWhole draws the code over the whole screen, the amount and the state of the
// money over it, and what it is called and how fresh that is under it.
func (p payScreen) drawWhole(now time.Time) string {
	st := p.look.styles
	view, _ := p.wholeView()
	status := p.drawStatus(now, p.width)
	over := widget.Between(p.width, " "+st.Total.Render(p.sale.Amount.Format())+"   "+strings.TrimSpace(status[0]), "")
	left := ""
	if s := p.now.state; s.Phase() == pos.PhaseWaiting {
		left = timeLeft(s.TimeLeft(now))
	}
	under := widget.Between(p.width, " "+st.Muted.Render(p.now.state.Record.Request.ShortCode+"  "+left), st.Muted.Render(p.freshness(now))+" ")
	return strings.Join([]string{over, widget.Place(view.Text, p.width, p.height-wholeLines, widget.Middle, widget.Middle), under}, "\n")
}

// drawCode draws the code, or what stands in its place.
func (p payScreen) drawCode(cols int) string {
	st := p.look.styles
	if p.showsCode() {
		if view, ok := p.view(p.large); ok {
			return view.Text
		}
		return widget.QR(st, cols, p.height, p.code.code)
	}
	text := "The code stands here as soon as Centrapay has made it."
	switch {
	case p.now.trouble != "":
		text = "The code is kept back until the till's record can be written."
	case p.now.state.Phase() == pos.PhaseStopping:
		text = "The code is taken away: the payment is being stopped."
	case p.now.state.Phase() == pos.PhaseWaiting && p.sale.Barcode != "":
		text = "The customer's app shows the payment."
	case p.now.state.Phase() == pos.PhaseWaiting && (p.url == "" || p.code.err != nil):
		text = "The code could not be drawn. The customer can use the short code."
	case p.now.state.Unresolved():
		text = "No code yet."
	}
	return widget.Place(widget.Paragraph(st.Muted, min(cols, 30), text), cols, p.height, widget.Middle, widget.Middle)
}

// drawWords draws the right half: the amount and the status at its top, what the
// request is called and how fresh all is at its bottom.
func (p payScreen) drawWords(now time.Time, width int) string {
	st := p.look.styles
	top := []string{st.Total.Render(p.sale.Amount.Format()), ""}
	top = append(top, p.drawStatus(now, width)...)
	if warning := p.warning(); warning != "" {
		top = append(top, "")
		top = append(top, styled(st.Warn, widget.Wrap(warning, width))...)
	}
	if p.note.text != "" {
		top = append(top, "")
		top = append(top, styled(p.look.toneStyle(p.note.tone), widget.Wrap(p.note.text, width))...)
	}
	if p.showsCode() {
		if view, ok := p.view(p.large); ok && !view.Mark {
			top = append(top, "", st.Title.Render(markBeside))
		}
	}
	bottom := p.drawFacts(now, width)
	for len(top)+len(bottom) < p.height {
		top = append(top, "")
	}
	top = top[:max(0, p.height-len(bottom))]
	return strings.Join(append(top, bottom...), "\n")
}

// markBeside is the Centrapay mark where the code has no room for it.
const markBeside = "Centrapay"

func (p payScreen) drawStatus(now time.Time, width int) []string {
	st := p.look.styles
	status := statusOf(p.now, p.begun, p.stopWanted)
	if p.swapping && !p.now.state.Unresolved() {
		status.word, status.advice = "Changing the payment…", "The first request is stopped before the second is made."
	}
	mark := "● "
	if status.busy {
		mark = widget.Spinner(int(now.UnixMilli()/spinnerTurn.Milliseconds())) + " "
	}
	if status.tone == toneDanger {
		mark = "! "
	}
	style := st.Waiting
	if status.tone != toneInfo {
		style = p.look.toneStyle(status.tone)
	}
	var lines []string
	for i, line := range widget.Wrap(status.word, width-2) {
		if i > 0 {
			mark = "  "
		}
		lines = append(lines, style.Render(mark+line))
	}
	for _, line := range widget.Wrap(status.advice, width-2) {
		lines = append(lines, st.Muted.Render("  "+line))
	}
	return lines
}

// warning is what is not as it should be with the till or the request.
func (p payScreen) warning() string {
	s := p.now.state
	switch {
	case p.now.trouble != "":
		return recordTrouble
	case s.AmountChanged():
		return amountChanged(s)
	case isTest(p.look, s):
		return testPayment
	}
	return ""
}

const testPayment = "TEST payment - no real money"

// isTest reports whether a payment on a live till was made with test money.
func isTest(l *look, s pos.State) bool { return !l.training && s.Record.Request.Liveness == "test" }

func amountChanged(s pos.State) string {
	return "Centrapay asks the customer for " + s.Record.Request.Value.Format() + ", not " +
		s.Record.Sale.Amount.Format() + ". Check before you hand over the goods."
}

// drawFacts draws what the request is called, the time left, and how fresh all is.
func (p payScreen) drawFacts(now time.Time, width int) []string {
	if !p.begun {
		return nil
	}
	st, s := p.look.styles, p.now.state
	ref := "ref " + s.Record.Sale.ExternalRef
	if s.Record.Sale.PatronNotPresent {
		ref = "not present · " + ref
	}
	short := s.Record.Request.ShortCode
	names := []string{ref}
	switch {
	case short == "":
	case widget.Width(short)+widget.Width(ref)+2 <= width:
		names = []string{widget.Between(width, short, ref)}
	default:
		names = []string{short, ref}
	}
	return append(styled(st.Muted, names), p.drawTime(now, width), st.Muted.Render(p.freshness(now)))
}

// drawTime draws how long the customer still has.
func (p payScreen) drawTime(now time.Time, width int) string {
	st, s := p.look.styles, p.now.state
	if s.Phase() != pos.PhaseWaiting {
		return ""
	}
	left := s.TimeLeft(now)
	if left <= 0 {
		return st.Warn.Render("Time is up; the last word is awaited")
	}
	whole := max(left, s.Record.Sale.Expiry)
	text := timeLeft(left)
	bar := widget.ProgressBar(st, width-13, int(left/time.Millisecond), int(whole/time.Millisecond))
	return widget.Between(width, bar, text)
}

// timeLeft is a countdown as people read it.
func timeLeft(left time.Duration) string {
	seconds := int((left + time.Second - 1) / time.Second)
	return fmt.Sprintf("%d:%02d left", seconds/60, seconds%60)
}

// freshness says how often the service was asked and how long ago it answered.
func (p payScreen) freshness(now time.Time) string {
	live := p.now.state.Live
	if live.LastHeard.IsZero() {
		return ""
	}
	ago := max(0, now.Sub(live.LastHeard))
	if p.now.state.Reconnecting() {
		return "last answer " + lasted(ago) + " ago, trying again"
	}
	if live.Polls == 0 {
		return "made " + lasted(ago) + " ago"
	}
	times := fmt.Sprintf("%d times", live.Polls)
	if live.Polls == 1 {
		times = "once"
	}
	return "asked " + times + " · last " + lasted(ago) + " ago"
}

// lasted is a duration as people say it: tenths while they matter.
func lasted(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Truncate(100*time.Millisecond).Seconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	}
	return fmt.Sprintf("%d min", int(d.Minutes()))
}

// connection is what the bottom line says of the network.
func (p payScreen) connection() (string, lipgloss.Style) {
	st := p.look.styles
	switch {
	case !p.begun || p.now.state.Phase() == pos.PhaseAsking && !p.now.state.Reconnecting():
		return "", st.Muted
	case p.now.state.Reconnecting():
		return "○ reconnecting", st.Warn
	}
	return "● connected", st.Muted
}

func styled(style lipgloss.Style, lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = style.Render(line)
	}
	return out
}
