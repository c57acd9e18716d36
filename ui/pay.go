package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
	"centrapos/ui/widget"
)

// payScreen shows one payment from the moment it is asked for until it has ended:
// the code, what the money is doing, and how fresh that is.
type payScreen struct {
	look          *look
	width, height int

	attempt int
	sale    pos.Sale
	begun   bool
	now     snapshot // once it has begun
	// stopWanted: staff stopped it before it had begun.
	stopWanted bool
	large      bool
	// swapping: another request is to take this one's place.
	swapping bool

	url  string // what the code is to say; empty until it is known
	code codeDrawn
	// decisions is how many answers to conditions were on record when staff gave
	// the latest, and decided the condition it was for: the record has not caught
	// up until there are more.
	decided   string
	decisions int
	note      note
}

func newPay(l *look, attempt int, sale pos.Sale) payScreen {
	return payScreen{look: l, attempt: attempt, sale: sale, note: note{of: onPay}}
}

// SetSize implements screen.
func (p payScreen) SetSize(width, height int) screen {
	p.width, p.height = width, height
	return p
}

// CapturesText implements screen.
func (p payScreen) CapturesText() bool { return false }

// Update implements screen.
func (p payScreen) Update(msg tea.Msg) (screen, action, tea.Cmd) {
	switch msg := msg.(type) {
	case opChanged:
		p, cmd := p.changed(msg.now)
		return p, nil, cmd
	case codeDrawn:
		if msg.url == p.url {
			p.code = msg
		}
	case customerDid:
		return p.customerDid(msg)
	case noteDue:
		p.note = p.note.due(msg)
	}
	return p, nil, nil
}

// changed takes where the payment stands now, and has its code drawn once there
// is one.
func (p payScreen) changed(now snapshot) (payScreen, tea.Cmd) {
	p.begun, p.now = true, now
	p.sale = now.state.Record.Sale
	url := now.state.Record.Request.URL
	if url == "" || url == p.url {
		return p, nil
	}
	p.url = url
	return p, drawCode(url, p.look.styles.Colour)
}

func (p payScreen) requestID() string { return p.now.state.Record.Request.ID }

// showsCode reports whether the customer is to see the code: not once the payment
// is being stopped, nor when it was asked for by the customer's own code, nor
// while the till's record cannot be written: a code that is paid must be on record.
func (p payScreen) showsCode() bool {
	return p.now.trouble == "" && p.url != "" && p.code.url == p.url && p.code.err == nil && p.now.state.Phase() == pos.PhaseWaiting && p.sale.Barcode == ""
}

// pendingCondition is the one staff must answer now. An answer that is on its way
// into the record is not asked for again.
func (p payScreen) pendingCondition() (pos.Condition, bool) {
	for _, c := range p.now.state.PendingConditions() {
		if c.ID != p.decided || len(p.now.state.Record.Decisions) > p.decisions {
			return c, true
		}
	}
	return pos.Condition{}, false
}

// answered is the screen after staff answered a condition.
func (p payScreen) answered(conditionID string) payScreen {
	p.decided, p.decisions = conditionID, len(p.now.state.Record.Decisions)
	return p
}

func (p payScreen) customerDid(msg customerDid) (screen, action, tea.Cmd) {
	if msg.id != p.now.id {
		return p, nil, nil
	}
	tried := map[deed]string{deedPay: "pay", deedCancel: "cancel", deedRunOut: "let the time run out"}[msg.deed]
	did := map[deed]string{deedPay: "paid", deedCancel: "cancelled", deedRunOut: "let the time run out"}[msg.deed]
	var cmd tea.Cmd
	if msg.err != nil {
		p.note, cmd = p.note.noted(toneWarn, "The customer could not "+tried+": "+sentence(msg.err.Error()))
	} else {
		p.note, cmd = p.note.noted(toneInfo, "The customer "+did+"; the till hears of it with its next question.")
	}
	return p, nil, cmd
}

// say shows a note.
func (p payScreen) say(t tone, text string) (payScreen, tea.Cmd) {
	var cmd tea.Cmd
	p.note, cmd = p.note.noted(t, text)
	return p, cmd
}

// The columns of the pay screen: the code's margin, the gap after it, and what
// the words on the right need at least.
const (
	codeMargin = 1
	codeGap    = 2
	wordsWidth = 35
)

// view is the code in the size it is drawn in.
func (p payScreen) view(large bool) (widget.QRView, bool) {
	cols := p.width - codeMargin - codeGap - wordsWidth - 1
	if !large {
		return p.code.code.Fit(cols, p.height)
	}
	if whole, ok := p.wholeView(); ok {
		return whole, true
	}
	return p.code.code.FitLarge(cols, p.height)
}

// wholeLines are the lines beside the code where it has the whole screen.
const wholeLines = 2

// wholeView is the code over the whole screen, with a line over and a line under it;
// false where the words on the right cost it no size.
func (p payScreen) wholeView() (widget.QRView, bool) {
	beside, ok := p.code.code.FitLarge(p.width-codeMargin-codeGap-wordsWidth-1, p.height)
	whole, fits := p.code.code.FitLarge(p.width, p.height-wholeLines)
	return whole, fits && (!ok || whole.Cols > beside.Cols)
}

// whole reports whether the code has the whole screen now.
func (p payScreen) whole() bool {
	if !p.large || !p.showsCode() {
		return false
	}
	_, is := p.wholeView()
	return is
}

// canEnlarge reports whether there is room for a larger code.
func (p payScreen) canEnlarge() bool {
	if !p.showsCode() {
		return false
	}
	small, _ := p.view(false)
	large, ok := p.view(true)
	return ok && large.Cols > small.Cols
}

// wordsColumn is where the words on the right begin. It does not move when the
// code comes or goes.
func (p payScreen) wordsColumn() int {
	cols := 41
	if p.whole() { // what lies over it keeps to the right
		return max(codeMargin, p.width-wordsWidth-codeGap)
	}
	if view, ok := p.view(p.large); ok {
		cols = max(cols, view.Cols)
	}
	return codeMargin + cols + codeGap
}

// View implements screen.
func (p payScreen) View(now time.Time) string { return p.draw(now) }
