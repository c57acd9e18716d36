package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/pos"
	"centrapos/ui/widget"
)

// moneyMoved is what a payment request's history says of its money.
type moneyMoved struct {
	came    bool // money came in, or is held
	preAuth bool
	// problem is why the history says nothing; the rest is not known then.
	problem       string
	refunded      pos.Money
	leftToRefund  pos.Money // the zero Money where it cannot be told
	leftToConfirm pos.Money
	released      pos.Money
	confirmations []pos.Confirmation
}

// moneyOf reads what became of a payment request's money. Where none came in there
// is nothing to ask.
func (p *program) moneyOf(ctx context.Context, l *line, req pos.Request) moneyMoved {
	m := moneyMoved{came: holdsMoney(req), preAuth: req.PreAuthStatus != ""}
	if !m.came {
		return m
	}
	history, reply := historyOf(ctx, l.payments, req.ID)
	if reply.Answer != pos.AnswerDone {
		m.problem = unanswered("its history", reply).Error()
		return m
	}
	m.refunded, m.released = totalOf(history, pos.ActivityRefund, req), totalOf(history, pos.ActivityRelease, req)
	m.confirmations = pos.Confirmations(history)
	if left, known := pos.LeftToRefund(req, history, ""); known {
		m.leftToRefund = left
	}
	if left, known := pos.LeftToConfirm(req, history); known && m.preAuth {
		m.leftToConfirm = left
	}
	return m
}

// historyOf reads a payment request's history, and once more where that had no
// definite answer.
func historyOf(ctx context.Context, payments pos.Payments, requestID string) ([]pos.Activity, pos.Reply) {
	history, reply := payments.Activities(ctx, requestID)
	if reply.Answer == pos.AnswerUnknown || reply.Answer == pos.AnswerNotSent && reply.RetryAfter == 0 {
		return payments.Activities(ctx, requestID)
	}
	return history, reply
}

// totalOf adds up the entries of one type; the zero Money where one of them has no
// amount in the request's currency.
func totalOf(history []pos.Activity, kind pos.ActivityType, req pos.Request) pos.Money {
	sum, seen := pos.NewMoney(decimal.Zero, req.Value.Currency()), map[string]bool{}
	for _, a := range history {
		if !a.Is(kind) || a.ID != "" && seen[a.ID] {
			continue
		}
		seen[a.ID] = true
		if !a.Value.IsKnown() || a.Value.Currency() != sum.Currency() {
			return pos.Money{}
		}
		sum = sum.Add(a.Value)
	}
	return sum
}

// lines say it in words; none where no money came in.
func (m moneyMoved) lines() []string {
	var lines []string
	switch {
	case !m.came:
		return nil
	case m.problem != "":
		return []string{"What was given back is not known: " + m.problem}
	}
	line := func(name string, amount pos.Money) {
		lines = append(lines, fmt.Sprintf("%-10s %s", name, amountText(amount)))
	}
	if m.refunded.Sign() > 0 || !m.refunded.IsKnown() {
		line("Refunded", m.refunded)
	}
	for _, c := range m.confirmations {
		text := fmt.Sprintf("Confirmed  %s  key %s", amountText(c.Value), widget.Clean(c.Key))
		if c.InvoiceRef != "" {
			text += "  invoice " + widget.Clean(c.InvoiceRef)
		}
		if c.Refunded.Sign() > 0 {
			text += ", of which " + amountText(c.Refunded) + " was refunded"
		}
		lines = append(lines, text)
	}
	if m.released.Sign() > 0 {
		line("Released", m.released)
	}
	if m.leftToConfirm.Sign() > 0 {
		line("To confirm", m.leftToConfirm)
	}
	switch {
	case m.leftToRefund.IsKnown():
		line("To refund", m.leftToRefund)
	case len(m.confirmations) > 0:
		lines = append(lines, "To refund  by the key of a confirmation")
	default:
		lines = append(lines, "To refund  not known: what Centrapay lists does not add up")
	}
	return lines
}

// confirmationDocument is a confirmation in a document.
type confirmationDocument struct {
	Key        string    `json:"key"`
	Value      pos.Money `json:"value"`
	Refunded   pos.Money `json:"refunded"`
	InvoiceRef string    `json:"invoiceRef"`
	ShortCode  string    `json:"shortCode"`
	CreatedAt  time.Time `json:"createdAt,omitzero"`
}

func (m moneyMoved) addTo(doc *object) {
	doc.add("refunded", m.refunded)
	doc.add("leftToRefund", m.leftToRefund)
	doc.add("leftToConfirm", m.leftToConfirm)
	confirmations := make([]confirmationDocument, 0, len(m.confirmations))
	for _, c := range m.confirmations {
		confirmations = append(confirmations, confirmationDocument{c.Key, c.Value, c.Refunded, c.InvoiceRef, c.ShortCode, c.CreatedAt})
	}
	doc.add("confirmations", confirmations)
}
