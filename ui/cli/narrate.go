package cli

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"centrapos/pos"
	"centrapos/ui/widget"
)

// narrator tells how an operation goes on, one line for each change.
type narrator struct {
	out    io.Writer
	prefix string
	shown  string // the request whose code has been shown
	last   string // the last line about the state
	told   map[string]bool
	plain  bool // no escape codes
	ledger bool // the ledger is in trouble, and that has been said
}

// qrCols and qrRows are the room for a QR code: the smallest terminal, with
// room for what is said below it.
const (
	qrCols = 80
	qrRows = 21
)

func (p *program) narrator() *narrator {
	stream := p.stdout
	if p.out.json {
		stream = p.stderr
	}
	return &narrator{out: p.out.words(), told: map[string]bool{}, plain: p.noColor || !isTerminal(stream)}
}

func (n *narrator) line(format string, args ...any) {
	fmt.Fprintf(n.out, n.prefix+format+"\n", args...)
}

// once says a line that is said once only.
func (n *narrator) once(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !n.told[text] {
		n.told[text] = true
		n.line("%s", text)
	}
}

// announce says what is about to be asked.
func (n *narrator) announce(s pos.State, training bool) {
	if training {
		n.line("TRAINING - no real money")
	}
	sale := s.Record.Sale
	n.line("Sale of %s, reference %s", sale.Amount.Format(), widget.Clean(sale.ExternalRef))
}

// tell says what has changed.
func (n *narrator) tell(s pos.State, ledger error) {
	n.tellLedger(ledger)
	// A code that somebody may pay must be on record first.
	if req := s.Record.Request; s.Record.Kind == pos.KindSale && req.ID != "" && n.shown != req.ID && ledger == nil {
		n.shown = req.ID
		n.show(s)
	}
	if s.Phase() == pos.PhaseEnded {
		return
	}
	if s.AmountChanged() {
		n.once("Note: Centrapay asks the customer for %s, not %s", s.Record.Request.Value.Format(), s.Record.Sale.Amount.Format())
	}
	for _, c := range s.Record.Request.Awaiting(pos.ConditionAwaitingPatron) {
		n.once("Waiting for the customer to confirm: %s", widget.Clean(c.Message))
	}
	if len(s.PendingConditions()) > 0 && !s.Reconnecting() {
		return // a question stands on the last line
	}
	if text := progress(s, time.Now()); text != n.last {
		n.last = text
		n.line("%s", text)
	}
}

func (n *narrator) tellLedger(trouble error) {
	switch {
	case trouble != nil && !n.ledger:
		n.line("The local record cannot be written, trying again: %v", trouble)
	case trouble == nil && n.ledger:
		n.line("The local record is written again.")
	}
	n.ledger = trouble != nil
}

// show shows the request: in words, and then as a QR code, which so still stands
// on a screen of 24 lines. The customer's own code, once scanned, needs none.
func (n *narrator) show(s pos.State) {
	req := s.Record.Request
	if s.Record.Stop == pos.WhyDiffers { // nothing to pay by: it is not the one that was asked for
		n.line("%-10s %s", "Request", widget.Clean(req.ID))
		return
	}
	for _, part := range []struct{ name, text string }{{"Short code", req.ShortCode}, {"Request", req.ID}, {payBy(req.URL), req.URL}} {
		if part.text != "" {
			n.line("%-10s %s", part.name, widget.Clean(part.text))
		}
	}
	if s.Record.Sale.Barcode != "" || req.URL == "" || s.Phase() != pos.PhaseWaiting {
		return
	}
	code, err := widget.NewQRCode(req.URL, widget.QROptions{})
	if err != nil {
		return // too long for any code; its words stand above
	}
	view, fits := code.Fit(qrCols, qrRows)
	if !fits && view.Cols <= qrCols { // better scrolled back to than not there
		view, fits = code.Fit(qrCols, view.Rows)
	}
	if fits {
		fmt.Fprintln(n.out, n.codeText(view.Text))
	}
}

// payBy names what a request is paid by: the address of a page, or the content of a
// code that only Centrapay's app reads, as that of the form of 2018.
func payBy(code string) string {
	if at, err := url.Parse(code); err == nil && at.Host != "" && (at.Scheme == "https" || at.Scheme == "http") {
		return "Pay at"
	}
	return "Code"
}

// codeText is a code as it is printed: in colours of its own on a terminal, and
// else without any, the light modules drawn, as a dark terminal needs it.
func (n *narrator) codeText(text string) string {
	if !n.plain {
		return text
	}
	light := map[rune]rune{' ': '█', '█': ' ', '▀': '▄', '▄': '▀'}
	return strings.Map(func(r rune) rune {
		if turned, ok := light[r]; ok {
			return turned
		}
		return r
	}, ansi.Strip(text))
}

// progress says in words what an operation is doing.
func progress(s pos.State, now time.Time) string {
	switch s.Phase() {
	case pos.PhaseAsking:
		if s.Reconnecting() {
			return "Asking Centrapay again …"
		}
		return "Asking Centrapay …"
	case pos.PhaseSearching:
		if text := outlasting(s.Record, now); text != "" {
			return text
		}
		return "NOT KNOWN YET - " + keyInTheWay(s) + "finding out whether " + searched(s.Record.Kind) + " …"
	case pos.PhaseStopping:
		if s.Unresolved() {
			return "NOT KNOWN YET - asking again …"
		}
		return stopping(s.Record)
	case pos.PhaseWaiting:
		if s.Reconnecting() && s.Live.Trouble == pos.RefusedUnauthorized {
			return "Centrapay no longer takes this till's key (UNAUTHORIZED); the request stays open, the customer may be paying …"
		}
		if s.Reconnecting() {
			return "Reconnecting; the request stays open, the customer may be paying …"
		}
		return waiting(s, now)
	case pos.PhaseEnded:
	}
	return ""
}

// outlasting says of a lost request that cannot be looked up that its time is waited
// for, and how long; "" for the others.
func outlasting(rec pos.Record, now time.Time) string {
	if rec.Kind != pos.KindSale || rec.Sale.Origin.MerchantAccountID != "" || rec.Stop == pos.WhyNone || rec.Unaccounted == 0 {
		return ""
	}
	const step = 30 * time.Second
	unseen := "nobody has seen its code"
	if rec.Sale.Barcode != "" {
		unseen = "the customer may have been asked to pay it"
	}
	text := "NOT KNOWN YET - a payment request may have been made whose answer was lost, and cannot be looked up; " + unseen + ". "
	left := rec.LastCreate.Add(rec.Sale.Expiry).Sub(now)
	if left <= 0 {
		return text + "Waiting for the last moment at which it could be paid …"
	}
	left = (left + step - 1).Truncate(step)
	return text + fmt.Sprintf("Waiting until it can no longer be paid, about %d:%02d …", int(left.Minutes()), int(left.Seconds())%60)
}

// keyInTheWay says before what the till is finding out that its key is in the way; ""
// where it is not.
func keyInTheWay(s pos.State) string {
	switch s.Live.Trouble {
	case pos.RefusedUnauthorized:
		return "Centrapay no longer takes this till's key (UNAUTHORIZED); "
	case pos.RefusedForbidden:
		return "Centrapay does not let this till's key see it (FORBIDDEN); "
	}
	return ""
}

// searched is what is not known while it is being found out.
func searched(kind pos.Kind) string {
	switch kind {
	case pos.KindRefund, pos.KindConfirm, pos.KindRelease, pos.KindVoid:
		return "the " + kindWord(kind) + " was carried out"
	case pos.KindSale:
	}
	return "the payment request was made"
}

func stopping(rec pos.Record) string {
	switch rec.Stop {
	case pos.WhyDeadline:
		return "No final answer in time: voiding the request …"
	case pos.WhyRecovery:
		return "Looking at the request …"
	case pos.WhyDiffers:
		return "Centrapay made another payment request than was asked for: voiding it unseen …"
	case pos.WhyNone, pos.WhyStaff, pos.WhyShutdown, pos.WhyReplaced:
	}
	return "Voiding the request …"
}

// waiting says how long the customer still has, in steps that are worth a line.
func waiting(s pos.State, now time.Time) string {
	const step = 30 * time.Second
	left := s.TimeLeft(now)
	if left <= 0 {
		return "The time is over, waiting for the last word …"
	}
	// The clocks are known to a second or so; that is no reason to say 2:30 of 2:00.
	if whole := s.Record.Sale.Expiry; whole > 0 && whole < step {
		return fmt.Sprintf("Waiting for the customer, 0:%02d left at most", int(whole.Seconds()))
	}
	left = max(left-time.Second+step-1, step).Truncate(step)
	return fmt.Sprintf("Waiting for the customer, %d:%02d left at most", int(left.Minutes()), int(left.Seconds())%60)
}

// result says how the operation ended.
func (n *narrator) result(rec pos.Record) {
	for _, text := range outcomeLines(rec) {
		n.line("%s", text)
	}
	if text := paidAllTheSame(rec); text != "" {
		n.line("%s", text)
	}
}
