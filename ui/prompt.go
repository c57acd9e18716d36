package ui

import (
	"slices"
	"strings"
	"time"

	"centrapos/pos"
	"centrapos/ui/theme"
	"centrapos/ui/widget"
)

// promptKind says what a prompt asks.
type promptKind int

const (
	promptNone promptKind = iota
	promptStop
	promptLeave
	promptCondition
	promptConfirm // of an answer to a condition
	promptCustomer
	promptLate   // money that came after the end
	promptReturn // money to be given back
	promptTender // a part paid in another way
	promptQuit
	promptPrice
)

// prompt is a question about a payment. It is answered by a letter, and by Esc,
// which takes nothing back and gives nothing away.
type prompt struct {
	kind        promptKind
	attempt     int    // the payment it is about
	conditionID string // with promptCondition and promptConfirm
	title       string
	text        string // what is asked, or the service's own message
	advice      string
	answers     commands
	escape      action // what Esc does, where it is more than to take the prompt away
}

// grace is how long after something opened by itself keys are not for it: they
// were meant for what stood there before.
const grace = 400 * time.Millisecond

func (p prompt) open() bool { return p.kind != promptNone }

// named says which payment a prompt is about.
func named(p payScreen) string {
	text := p.sale.Amount.Format()
	if code := p.now.state.Record.Request.ShortCode; code != "" {
		text += " · " + code
	}
	return text
}

func stopPrompt(p payScreen) prompt {
	return prompt{
		kind: promptStop, attempt: p.attempt, title: "Stop this payment?", text: named(p),
		advice: "The till goes on asking meanwhile. If it turns out paid, that is what you will see.",
		answers: commands{
			{keys: letter("Y", "Yes, stop it"), act: stopPayment{}},
			{keys: letter("N", "No, go on waiting"), act: closePrompt{}},
		},
	}
}

func leavePrompt(p payScreen) prompt {
	answers := commands{
		{keys: letter("L", "Leave it to the till"), act: leavePayment{}},
		{keys: letter("N", "No, stay here"), act: closePrompt{}},
	}
	if p.now.state.Record.Stop == pos.WhyNone {
		answers = append(commands{{keys: letter("Y", "Stop this payment"), act: stopPayment{}}}, answers...)
	}
	return prompt{
		kind: promptLeave, attempt: p.attempt, title: "Not known yet", text: named(p),
		advice:  "Nobody knows yet whether this was paid. Left to itself, the till goes on asking; you find it under Unfinished. Do not charge again.",
		answers: answers,
	}
}

func conditionPrompt(p payScreen, c pos.Condition, today time.Time) prompt {
	message := c.Message
	if message == "" {
		message = c.Name
	}
	return prompt{
		kind: promptCondition, attempt: p.attempt, conditionID: c.ID, title: checkTitle(p.now.state.Record.Request, c), text: message,
		advice: ageAdvice(c, today) + "Centrapay asks this before it takes the payment.",
		answers: commands{
			{keys: letter("A", "Accept"), act: decide{condition: c, accept: true}},
			{keys: letter("D", "Decline"), act: decide{condition: c, accept: false}},
		},
	}
}

// confirmPrompt asks once more, with the message, before the answer is sent.
func confirmPrompt(p payScreen, d decide, today time.Time) prompt {
	q := conditionPrompt(p, d.condition, today)
	q.kind, q.title, q.advice = promptConfirm, "Accept?", ageAdvice(d.condition, today)+"The payment goes on."
	yes := "Yes, accept"
	if !d.accept {
		q.title, q.advice, yes = "Decline?", "The payment is cancelled. No money moves.", "Yes, decline"
	}
	q.answers = commands{
		{keys: letter("Y", yes), act: confirmDecision{conditionID: d.condition.ID, accept: d.accept}},
		{keys: letter("N", "No, back"), act: closePrompt{}},
	}
	return q
}

func customerPrompt(p payScreen) prompt {
	return prompt{
		kind: promptCustomer, attempt: p.attempt, title: "Act as the customer", text: named(p),
		advice: "Training only. What the customer does:",
		answers: commands{
			{keys: letter("P", "Pay"), act: actCustomer{deed: deedPay}},
			{keys: letter("X", "Cancel"), act: actCustomer{deed: deedCancel}},
			{keys: letter("R", "Let the time run out"), act: actCustomer{deed: deedRunOut}},
		},
	}
}

// keys are the prompt's answers, and the ways out.
func (p prompt) keys() commands {
	all := slices.Clone(p.answers)
	for i := range all {
		all[i].foot = footLeft
	}
	escape := command{keys: bind("Esc", "Back", "esc"), act: closePrompt{}, foot: footLast}
	if p.escape != nil {
		escape.act = p.escape
	}
	if p.kind == promptCondition {
		// What the service asks stays asked; Esc backs out of the payment instead.
		escape.keys, escape.act = bind("Esc", "Stop the payment", "esc"), askStop{}
	}
	return append(all, escape, quitCommand())
}

// draw draws the prompt in width columns.
func (p prompt) draw(st *theme.Styles, width int) string {
	inner := width - 4
	var body []string
	body = append(body, styled(st.Title, widget.Wrap(p.text, inner))...)
	body = append(body, "")
	body = append(body, styled(st.Dialog, widget.Wrap(p.advice, inner))...)
	body = append(body, "")
	for _, each := range p.keys() {
		if each.foot == footNone {
			continue
		}
		help := each.keys.Help()
		body = append(body, st.Key.Render(widget.Fit(help.Key, 3, widget.Start))+" "+st.Dialog.Render(help.Desc))
	}
	return widget.Panel(st, width, 0, widget.PanelData{Title: p.title, Body: strings.Join(body, "\n"), Dialog: true})
}

func lower(letter string) string { return strings.ToLower(letter) }
