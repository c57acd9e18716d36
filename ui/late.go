package ui

import (
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
)

// This file raises a card over whatever is in front when money comes in after its
// sale had ended, also where the till has given it back by itself, and keeps it in
// sight until somebody has dealt with it.

// late is money that came after its sale had ended.
type late struct {
	payment pos.LatePayment
	request pos.Request // the request that holds it, or held it
	// returned: the till has given it back by itself; staff only need to know.
	returned bool
	// aside: staff want to see to it later. With untilPaid that is over as soon as
	// the payment in front is.
	aside, untilPaid bool
}

// cameLate takes the news, and waits for the next.
func (m model) cameLate(msg cameLate) (tea.Model, tea.Cmd) {
	for _, request := range msg.payment.Record.Late {
		if m.knowsLate(request.ID) {
			continue
		}
		m.lates = append(m.lates[:len(m.lates):len(m.lates)], late{payment: msg.payment, request: request})
	}
	for _, request := range msg.payment.GivenBack {
		if slices.ContainsFunc(m.lates, func(l late) bool { return l.returned && l.request.ID == request.ID }) {
			continue
		}
		if m.knowsLate(request.ID) { // it holds nothing any more that could be refunded
			m = m.withoutLate(request.ID)
			if m.prompt.kind == promptLate {
				m.prompt = prompt{} // raised anew, by what is known now
			}
		}
		m.lates = append(m.lates, late{payment: msg.payment, request: request, returned: true})
	}
	return m, tea.Batch(m.work.awaitLate(), m.rung())
}

func (m model) knowsLate(requestID string) bool {
	return slices.ContainsFunc(m.lates, func(l late) bool { return l.request.ID == requestID })
}

// raised raises the card of the oldest late payment unless something is being asked
// already. It opened by itself, so keys are not for it at once.
func raised(next tea.Model) tea.Model {
	m, is := next.(model)
	if is && m.place == onHeld {
		m.aside.list = m.sale.drafts.held
		next = m
	}
	if !is || len(m.lates) == 0 {
		return next
	}
	if m.place != onPay && m.place != onResult {
		m.lates = slices.Clone(m.lates)
		for i := range m.lates {
			if m.lates[i].untilPaid {
				m.lates[i].aside, m.lates[i].untilPaid = false, false
			}
		}
	}
	i := slices.IndexFunc(m.lates, func(l late) bool { return !l.aside })
	if i < 0 || m.prompt.open() || m.tooSmall() || m.place == onRefund {
		return m
	}
	m.prompt, m.help, m.line = latePrompt(m.lates[i], m.place == onPay, m.look.records, m.now), help{}, commandLine{}
	m.patience = m.now.Add(grace)
	return m
}

// latePrompt is the card. While another customer is paying, giving this one's money
// back waits until that is over.
func latePrompt(l late, paying, records bool, now time.Time) prompt {
	if l.returned {
		return returnedPrompt(l, now)
	}
	rec := l.payment.Record
	sum := l.request.PaidTotal()
	if !sum.IsKnown() {
		sum = l.request.Value
	}
	p := prompt{
		kind: promptLate, title: "PAID after you gave up", text: l.text(sum, now), escape: lateLater{},
		advice:  "Hand over the goods, or refund. The customer's money came in after the till had given this payment up.",
		answers: commands{{keys: letter("H", "The goods are handed over"), act: handedOver{requestID: l.request.ID}}},
	}
	switch {
	case rec.PaidTwice():
		p.title, p.advice = "PAID twice", "The customer's money came in a second time for the same sale. Refund this one, unless there are goods for both."
	case rec.Stop == pos.WhyReplaced:
		p.advice = "Another payment was asked for in place of this one. If that is paid too, refund this one; else hand over the goods."
	}
	if records && !paying {
		p.answers = append(p.answers, command{keys: letter("R", "Refund it"), act: refundLate{requestID: l.request.ID}})
	}
	p.answers = append(p.answers, command{keys: letter("L", "Later"), act: lateLater{}})
	return p
}

// text says how much it is, and of which sale.
func (l late) text(sum pos.Money, now time.Time) string {
	text := "An amount not known"
	if sum.IsKnown() {
		text = sum.Format()
	}
	if l.request.ShortCode != "" {
		text += " · " + l.request.ShortCode
	}
	return text + " · from " + timeText(l.payment.Record.OpenedAt, now)
}

// returnedPrompt is the card of money that came late and went back by itself: the
// customer may ask for it.
func returnedPrompt(l late, now time.Time) prompt {
	rec := l.payment.Record
	sum := rec.VoidOf(l.request.ID).Returned
	switch {
	case sum.IsKnown():
	case l.request.ID == rec.Request.ID && rec.Returned.IsKnown():
		sum = rec.Returned
	default:
		sum = l.request.PaidTotal()
	}
	p := prompt{
		kind: promptLate, title: "Paid late, and GIVEN BACK", text: l.text(sum, now), escape: lateLater{},
		advice: "A payment that came late was given back by itself. There is nothing to refund; tell the customer if they ask. " +
			"It pays for no goods.",
		answers: commands{{keys: letter("O", "OK, understood"), act: handedOver{requestID: l.request.ID}},
			{keys: letter("L", "Later"), act: lateLater{}}},
	}
	if rec.Outcome.Successful() && rec.Outcome != pos.OutcomePaidLate {
		p.advice = "The customer's money came in a second time for the same sale, and was given back by itself. The sale itself stays paid."
	}
	return p
}

// actLate does what staff decide about a late payment.
func (m model) actLate(a action) (model, tea.Cmd) {
	m.lates = slices.Clone(m.lates)
	switch a := a.(type) {
	case raiseLates:
		for i := range m.lates {
			m.lates[i].aside = false
		}
		return m, nil
	case handedOver:
		m.prompt = prompt{}
		returned := slices.ContainsFunc(m.lates, func(l late) bool { return l.returned && l.request.ID == a.requestID })
		m = m.withoutLate(a.requestID).prompted()
		if returned {
			return m.say(toneInfo, "Given back by itself: nothing more is to be done.")
		}
		return m.say(toneInfo, "Handed over: the late payment stands as a sale.")
	case refundLate:
		m = m.lateAside(func(l late) bool { return l.request.ID == a.requestID })
		return m.act(refundThis{key: a.requestID, all: true})
	case lateLater:
		m.prompt = prompt{}
		m = m.lateAside(func(late) bool { return true }).prompted()
		return m.say(toneWarn, "The late payment waits under Unfinished.")
	}
	return m, nil
}

// lateAside puts the first late payment that is meant aside.
func (m model) lateAside(meant func(late) bool) model {
	for i, l := range m.lates {
		if !l.aside && meant(l) {
			m.lates[i].aside, m.lates[i].untilPaid = true, m.place == onPay
			return m
		}
	}
	return m
}

// withoutLate forgets a late payment that has been dealt with.
func (m model) withoutLate(requestID string) model {
	m.lates = slices.DeleteFunc(slices.Clone(m.lates), func(l late) bool { return l.request.ID == requestID })
	return m
}

// rung rings the bell, if staff want it rung.
func (m model) rung() tea.Cmd {
	if !m.prefs.Bell {
		return nil
	}
	return m.work.bell()
}

// lateCommand shows what was put aside.
func lateCommand(count int) command {
	c := command{keys: letter("L", "Paid late"), name: "late", foot: footLeft, does: "money that came after you gave up", act: raiseLates{}}
	if count == 0 {
		c.off = "No money has come late."
	}
	return c
}

// timeText is a time as staff say it: with the day where it was not today.
func timeText(t, now time.Time) string {
	t = t.In(now.Location())
	if now.Sub(t) > 20*time.Hour {
		return t.Format("2 Jan 15:04")
	}
	return t.Format("15:04")
}
