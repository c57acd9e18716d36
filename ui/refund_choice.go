package ui

import (
	"cmp"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/shopspring/decimal"

	"centrapos/pos"
)

// This file is what can be given back of a payment, and what staff choose of that.

// voidWindow is how long a payment request can be voided (Payment Requests, Void).
const voidWindow = 24 * time.Hour

// left is how much can still be given back; not known where Centrapay's own history
// does not say.
func (d dossier) left(confirmationKey string) (pos.Money, bool) {
	if d.reply.Answer != pos.AnswerDone || d.historyReply.Answer != pos.AnswerDone || !d.asked {
		return pos.Money{}, false
	}
	return pos.LeftToRefund(d.request, d.history, confirmationKey)
}

// before is what was given back already, by Centrapay's history.
func (d dossier) before() pos.Money {
	var sum pos.Money
	for _, a := range d.history {
		if a.Is(pos.ActivityRefund) && a.Value.IsKnown() && (!sum.IsKnown() || sum.Currency() == a.Value.Currency()) {
			sum = sum.Add(a.Value)
		}
	}
	return sum
}

// notReturnable says why nothing can be given back of the payment; empty when
// something can.
func (d dossier) notReturnable() string {
	switch {
	case !d.asked:
		return "No payment request came of this sale, so there is nothing to give back."
	case d.reply.Answer == pos.AnswerRefused:
		return "Centrapay has no payment under " + d.key + ". Check the short code, or look in the history."
	case d.reply.Answer != pos.AnswerDone:
		return "Centrapay could not be asked about it. Nothing was sent. Check the network, then try again."
	case d.open():
		return "The till is still busy with an earlier refund or void of this payment. It stands under Unfinished; let it finish."
	}
	left, known := d.left("")
	switch {
	case known && left.Sign() <= 0 && d.before().Sign() > 0:
		return "All of it was given back already (" + d.before().Format() + "). Nothing more is to be done."
	case d.request.Status == pos.StatusExpired, d.request.Status == pos.StatusCancelled && !known,
		d.request.Status == pos.StatusCancelled && left.Sign() <= 0:
		return "It was never paid (" + strings.ToLower(string(d.request.Status)) + "), so there is nothing to give back."
	case d.request.Status == pos.StatusNew && !d.request.Authorized():
		return "It is not paid. If nobody is to pay it any more, stop it where it is shown."
	}
	return ""
}

// open reports whether an earlier refund or void of the payment has no answer yet.
func (d dossier) open() bool {
	return slices.ContainsFunc(d.tales, func(t tale) bool {
		return t.record.Kind != pos.KindSale && t.record.Outcome == pos.OutcomeOpen
	})
}

// returnKey is a key that chooses what is given back.
type returnKey int

const (
	returnAll returnKey = iota
	returnMore
	returnLess
	returnLine
)

// returnChoice is what staff chose to give back: all that is left, an amount, or lines.
type returnChoice struct {
	returns  pos.Returns
	take     []decimal.Decimal // of each line of returns
	drawn    []drawing         // of a pre-auth, instead of lines
	selected int               // among the lines, or the drawings
	amount   string
	currency pos.Currency
}

// drawing is an amount that was drawn on a pre-auth, and what is left of it.
type drawing struct {
	name, key string
	left      pos.Money
}

func newReturnChoice(d dossier) returnChoice {
	c := returnChoice{currency: d.request.Value.Currency()}
	for _, drawn := range pos.Confirmations(d.history) {
		left, _ := d.left(drawn.Key)
		c.drawn = append(c.drawn, drawing{name: "Drawn " + cmp.Or(drawn.InvoiceRef, drawn.ShortCode), key: drawn.Key, left: left})
	}
	sale := slices.IndexFunc(d.tales, func(t tale) bool { return t.record.Kind == pos.KindSale })
	if sale < 0 || len(c.drawn) > 0 {
		return c
	}
	paid := d.request.PaidTotal()
	if !paid.IsKnown() {
		paid = d.request.Value
	}
	var earlier []pos.Refund
	for _, t := range d.tales {
		if t.record.Kind == pos.KindRefund && (t.record.Outcome == pos.OutcomeRefunded || t.record.Outcome == pos.OutcomeOpen) {
			earlier = append(earlier, t.record.Refund)
		}
	}
	c.returns = pos.ReturnsOf(d.tales[sale].record.Sale.Lines, paid, earlier)
	if left, known := d.left(""); known {
		c.returns = c.returns.Capped(left)
	}
	c.take = make([]decimal.Decimal, len(c.returns.Lines))
	return c
}

func (c returnChoice) ofConfirmations() bool { return len(c.drawn) > 0 }

// rows is how many lines or drawings there are to choose from.
func (c returnChoice) rows() int { return max(len(c.drawn), len(c.returns.Lines)) }

// byLines reports whether lines were chosen.
func (c returnChoice) byLines() bool {
	return slices.ContainsFunc(c.take, func(d decimal.Decimal) bool { return d.Sign() > 0 })
}

func (c returnChoice) moved(by int) returnChoice {
	c.selected = min(max(0, c.selected+by), max(0, c.rows()-1))
	return c
}

// typed takes a key of the amount: digits, the point, and what takes them away.
func (c returnChoice) typed(key tea.KeyMsg) returnChoice {
	amount := amountTyped(c.amount, key)
	if len(amount) > len(c.amount) {
		c = c.cleared()
	}
	c.amount = amount
	return c
}

// cleared takes nothing of any line.
func (c returnChoice) cleared() returnChoice {
	c.take = make([]decimal.Decimal, len(c.take))
	return c
}

func (c returnChoice) pressed(key returnKey) returnChoice {
	if key == returnAll {
		c = c.cleared()
		c.amount = ""
		return c
	}
	if c.selected >= len(c.take) {
		return c
	}
	line := c.returns.Lines[c.selected]
	left, step := line.QtyLeft(), decimal.New(1, 0)
	if !line.Item.Qty.IsInteger() {
		step = left // what is weighed is brought back whole
	}
	c.take, c.amount = slices.Clone(c.take), ""
	take := &c.take[c.selected]
	switch key {
	case returnMore:
		*take = decimal.Min(left, take.Add(step))
	case returnLess:
		*take = decimal.Max(decimal.Zero, take.Sub(step))
	case returnLine:
		if take.Equal(left) {
			left = decimal.Zero
		}
		*take = left
	case returnAll:
	}
	return c
}

// full reports whether all that is left of the chosen line goes back.
func (c returnChoice) full() bool {
	return c.selected >= len(c.take) || !c.take[c.selected].LessThan(c.returns.Lines[c.selected].QtyLeft())
}

// brought is what the chosen lines come to, and the lines as the API wants them.
func (c returnChoice) brought() (pos.Money, []pos.LineItem, error) {
	var list []pos.Return
	for i, qty := range c.take {
		if qty.Sign() > 0 {
			list = append(list, pos.Return{Line: i, Qty: qty})
		}
	}
	if len(list) == 0 {
		return pos.Money{}, nil, nil
	}
	return c.returns.Of(list)
}

// lines are the lines that are brought back, as the API wants them.
func (c returnChoice) lines() []pos.LineItem {
	_, items, _ := c.brought() // what cannot be brought back is told before anything is sent
	return items
}

func (c returnChoice) confirmationKey() string {
	if c.ofConfirmations() {
		return c.drawn[c.selected].key
	}
	return ""
}

// left is how much can be given back by this choice.
func (c returnChoice) left(d dossier) (pos.Money, bool) { return d.left(c.confirmationKey()) }

// what is to be given back, or why it cannot be.
func (c returnChoice) what(d dossier, now time.Time) (giveBack, string) {
	left, known := c.left(d)
	out := giveBack{code: d.request.ShortCode, id: d.request.ID}
	switch {
	case c.amount != "":
		sum, err := pos.ParsePayable(c.amount, c.currency)
		if err != nil {
			return out, sentence(err.Error())
		}
		out.sum = sum
	case c.byLines():
		sum, _, err := c.brought()
		if err != nil {
			return out, sentence(err.Error()) + " Nothing was sent."
		}
		out.sum = sum
	case known:
		out.sum = left
	default:
		return out, "How much is left cannot be told from what Centrapay lists. Type the amount."
	}
	switch {
	case known && left.Sign() <= 0:
		return out, "Nothing of it is left to give back."
	case known && out.sum.Cmp(left) > 0:
		return out, "That is " + out.sum.Format() + ", more than the " + left.Format() + " that is left. Nothing was sent."
	}
	out.void = known && !c.byLines() && out.sum.Equal(left) && d.voidable(now)
	if out.sum.Sign() <= 0 {
		return out, "What was chosen costs nothing."
	}
	return out, ""
}

// voidable reports whether the whole payment can be voided: nothing of it was given
// back or drawn yet, and it is young enough. Centrapay has the last word.
func (d dossier) voidable(now time.Time) bool {
	created := d.request.CreatedAt
	return !d.before().IsKnown() && len(pos.Confirmations(d.history)) == 0 && !d.request.Released() &&
		!created.IsZero() && now.Sub(created) < voidWindow
}
