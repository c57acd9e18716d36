package ui

import (
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
	rows     []returnRow
	selected int // among rows
	amount   string
	currency pos.Currency
	byLines  bool
}

// returnRow is a line of the sale, or a drawing on a pre-auth.
type returnRow struct {
	name   string
	item   pos.LineItem
	before decimal.Decimal // of it given back before
	take   decimal.Decimal
	sum    pos.Money // of a drawing: what is left of it
	key    string    // of a drawing
}

func newReturnChoice(d dossier) returnChoice {
	c := returnChoice{currency: d.request.Value.Currency()}
	for _, drawn := range pos.Confirmations(d.history) {
		left, _ := d.left(drawn.Key)
		name := drawn.InvoiceRef
		if name == "" {
			name = drawn.ShortCode
		}
		c.rows = append(c.rows, returnRow{name: "Drawn " + name, key: drawn.Key, sum: left})
	}
	if len(c.rows) > 0 {
		return c
	}
	sale := slices.IndexFunc(d.tales, func(t tale) bool { return t.record.Kind == pos.KindSale })
	if sale < 0 {
		return c
	}
	for _, item := range d.tales[sale].record.Sale.Lines {
		c.rows = append(c.rows, returnRow{name: item.Name, item: item})
	}
	for _, t := range d.tales {
		if t.record.Kind == pos.KindRefund && t.record.Outcome == pos.OutcomeRefunded {
			c.takenBefore(t.record.Refund.Lines)
		}
	}
	return c
}

// takenBefore notes the lines of an earlier refund.
func (c returnChoice) takenBefore(lines []pos.LineItem) {
	for _, line := range lines {
		for i, row := range c.rows {
			left := row.item.Qty.Sub(row.before)
			if row.item.Name == line.Name && row.item.SKU == line.SKU && left.GreaterThanOrEqual(line.Qty) {
				c.rows[i].before = row.before.Add(line.Qty)
				break
			}
		}
	}
}

func (c returnChoice) ofConfirmations() bool { return len(c.rows) > 0 && c.rows[0].key != "" }

func (c returnChoice) moved(by int) returnChoice {
	c.selected = min(max(0, c.selected+by), max(0, len(c.rows)-1))
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
	c.rows = slices.Clone(c.rows)
	for i := range c.rows {
		c.rows[i].take = decimal.Zero
	}
	c.byLines = false
	return c
}

func (c returnChoice) pressed(key returnKey) returnChoice {
	if key == returnAll {
		c = c.cleared()
		c.amount = ""
		return c
	}
	if len(c.rows) == 0 || c.ofConfirmations() {
		return c
	}
	c.rows, c.amount = slices.Clone(c.rows), ""
	row := &c.rows[c.selected]
	left := row.item.Qty.Sub(row.before)
	step := decimal.New(1, 0)
	if !row.item.Qty.IsInteger() {
		step = left // what is weighed is brought back whole
	}
	switch key {
	case returnMore:
		row.take = decimal.Min(left, row.take.Add(step))
	case returnLess:
		row.take = decimal.Max(decimal.Zero, row.take.Sub(step))
	case returnLine:
		if row.take.Equal(left) {
			row.take = decimal.Zero
		} else {
			row.take = left
		}
	case returnAll:
	}
	c.byLines = slices.ContainsFunc(c.rows, func(r returnRow) bool { return r.take.Sign() > 0 })
	return c
}

// share is what the chosen quantity of a line cost. Parts of a line add up to its
// price however it is parted.
func (r returnRow) share() decimal.Decimal {
	if r.item.Qty.IsZero() {
		return decimal.Zero
	}
	upTo := func(qty decimal.Decimal) decimal.Decimal {
		return r.item.Price.Mul(qty).Div(r.item.Qty).Round(0)
	}
	return upTo(r.before.Add(r.take)).Sub(upTo(r.before))
}

// full reports whether all that is left of the chosen line goes back.
func (c returnChoice) full() bool {
	row := c.rows[c.selected]
	return !row.take.LessThan(row.item.Qty.Sub(row.before))
}

// lines are the lines that are brought back, as the API wants them.
func (c returnChoice) lines() []pos.LineItem {
	var out []pos.LineItem
	for _, row := range c.rows {
		if row.take.Sign() <= 0 || row.key != "" {
			continue
		}
		item := row.item
		item.Qty, item.Price, item.Discount = row.take, row.share(), nil
		out = append(out, item)
	}
	return out
}

func (c returnChoice) confirmationKey() string {
	if c.ofConfirmations() {
		return c.rows[c.selected].key
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
	case c.byLines:
		out.sum = pos.SumOfLines(c.lines(), c.currency)
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
	out.void = known && !c.byLines && out.sum.Equal(left) && d.voidable(now)
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
