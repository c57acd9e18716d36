package ui

import (
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/shopspring/decimal"

	"centrapos/pos"
	"centrapos/ui/widget"
)

// sums are a basket's totals as they are shown. They are added up when the basket
// changes, so that drawing costs the same however long it is.
type sums struct {
	lines, tax, total string
	counts            string // lines and items
	whole             string // what is of the whole basket: discounts, customer, note
}

// frozenText says why a basket cannot be changed.
const frozenText = "it is not known yet whether this basket is paid. F9 shows its payment, Ctrl+N starts the next sale."

// withBasket gives the screen with another basket.
func (s saleScreen) withBasket(b pos.Basket) saleScreen {
	n := b.Len()
	s.basket = b
	s.sums = sums{
		lines: counted(decimal.NewFromInt(int64(n)), "line"), whole: wholeText(b),
		tax: amount(b.Tax()), total: amount(b.Total()),
	}
	if n > 0 {
		s.sums.counts = s.sums.lines + " · " + counted(b.Items(), "item")
	}
	s.selected = min(s.selected, max(0, n-1))
	return s.scrolled()
}

// wholeText says what is of the whole basket.
func wholeText(b pos.Basket) string {
	var parts []string
	if t := b.Tendering(pos.CashRounding{}); t.Paid.Sign() > 0 {
		parts = append(parts, "paid "+amount(t.Paid)+", left "+amount(t.Left))
	}
	for _, d := range b.Discounts() {
		parts = append(parts, d.Name()+" "+amount(d.Amount.Neg()))
	}
	if c := b.Customer(); c != "" {
		parts = append(parts, "customer "+c)
	}
	if n := b.Note(); n != "" {
		parts = append(parts, n)
	}
	return strings.Join(parts, " · ")
}

// withSelected gives the screen with the line chosen that has an id.
func (s saleScreen) withSelected(id int) saleScreen {
	if i := s.basket.Index(id); i >= 0 {
		s.selected = i
	}
	return s.scrolled()
}

// scrolled keeps the chosen line in sight.
func (s saleScreen) scrolled() saleScreen {
	s.top = widget.ScrollTop(s.top, s.selected, s.basket.Len(), s.layout().rows)
	return s
}

// emptied is the screen for the next customer. What was changed before cannot be
// undone into the new basket.
func (s saleScreen) emptied() saleScreen {
	d := s.draft
	d.basket = s.basket
	if s.look.drafts && d.saved < d.basket.Entries() && d.basket.Stage() != pos.StagePaying {
		s.left = append(s.left[:len(s.left):len(s.left)], d)
	}
	s.slots++
	s.draft = draft{slot: s.slots}
	s.selected, s.top, s.frozen, s.note.text = 0, 0, false, ""
	return s.withBasket(pos.NewBasketAt(s.look.currency, s.look.terminal))
}

// current is the chosen line.
func (s saleScreen) current() (pos.BasketLine, bool) {
	if s.selected >= s.basket.Len() {
		return pos.BasketLine{}, false
	}
	return s.basket.At(s.selected), true
}

// emptyBasketText says why nothing can be done with the basket.
const emptyBasketText = "There is nothing in the basket yet."

// unchangeable says why the chosen line cannot be changed; empty when it can.
func (s saleScreen) unchangeable() string {
	switch {
	case s.frozen:
		return sentence(frozenText)
	case s.basket.IsEmpty():
		return emptyBasketText
	}
	return ""
}

func (s saleScreen) length() int { return s.basket.Len() }

// stamped is the basket with who changes it, and when.
func (s saleScreen) stamped() pos.Basket { return s.basket.As(s.look.operator, s.now) }

// addQty changes the chosen line's quantity by a number of pieces.
func (s saleScreen) addQty(by int) (saleScreen, tea.Cmd) {
	s.sign = sign{by: by, at: s.now}
	line, there := s.current()
	if !there {
		return s, nil
	}
	qty := line.Qty.Add(decimal.NewFromInt(int64(by)))
	if qty.Sign() <= 0 {
		return s.say(toneInfo, "That is the last of it. F7 takes the line off.")
	}
	s, cmd := s.edit(editBasket{what: editQty, text: qty.String()})
	s.sign.entries = s.basket.Entries()
	return s, cmd
}

// edit makes a change of the basket. Without its text it makes the line ready for it
// to be typed.
func (s saleScreen) edit(a editBasket) (saleScreen, tea.Cmd) {
	if a.text == "" {
		return s.editLine(a.what.name())
	}
	o := s.editOutcome(a.what, a.text)
	if o.refused != "" {
		return s.say(o.tone, sentence(o.refused)+" Nothing was changed.")
	}
	return s.withBasket(o.basket).say(toneInfo, upperFirst(o.says))
}

// remove takes the chosen line off.
func (s saleScreen) remove(reason string) (saleScreen, tea.Cmd) {
	line, there := s.current()
	o := s.editOutcome(editRemove, reason)
	if !there || o.refused != "" {
		return s.say(o.tone, sentence(o.refused)+" Nothing was changed.")
	}
	return s.withBasket(o.basket).say(toneInfo, "Took off "+line.Name+". u puts it back.")
}

// sign is a "+" or "-" that changed a quantity a moment ago. When a number follows it
// by hand, it was the sign of that number and nothing else: "-5" is not "-".
type sign struct {
	by      int
	at      time.Time
	entries int  // of the basket, with the change; 0 when nothing was changed
	turned  bool // it was taken back, since a number followed
}

// signFor is how soon the digits of a number follow its sign.
const signFor = time.Second

// signed takes back what a sign did when the number it belongs to begins, and puts it
// into the line with it.
func (s saleScreen) signed(key tea.KeyMsg) saleScreen {
	last := s.sign
	s.sign = sign{}
	begins := key.Type == tea.KeyRunes && len(key.Runes) == 1 && strings.ContainsRune("0123456789.$", key.Runes[0])
	if last.by == 0 || !begins || !s.line.isEmpty() || s.now.Sub(last.at) > signFor {
		return s
	}
	if last.entries != 0 && last.entries == s.basket.Entries() {
		if basket, undone := s.stamped().Undo(); undone {
			s = s.withBasket(basket)
			s.sign = sign{by: last.by, turned: true}
		}
	}
	s.note.text = ""
	text := "-"
	if last.by > 0 {
		text = "+"
	}
	s.line = s.line.with(text)
	return s
}

// undo takes the latest change of the basket back.
func (s saleScreen) undo() (saleScreen, tea.Cmd) {
	basket, undone := s.stamped().Undo()
	if !undone {
		return s.say(toneInfo, "There is nothing to undo.")
	}
	before := s.basket
	s = s.withBasket(basket)
	if back := basket.Len() - before.Len(); back > 1 {
		return s.say(toneInfo, "Undone: "+itoa(back)+" lines are back.")
	}
	for _, line := range basket.All() {
		if old, there := before.Line(line.ID); !there || !old.Qty.Equal(line.Qty) {
			return s.withSelected(line.ID).say(toneInfo, "Undone: "+describe(line.Name, line.Qty, line.Each, line.Unit))
		}
	}
	if gone := before.Len() - basket.Len(); gone == 1 {
		last := before.At(before.Len() - 1)
		return s.say(toneInfo, "Undone: off again is "+describe(last.Name, last.Qty, last.Each, last.Unit))
	}
	return s.say(toneInfo, "Undone.")
}

// clear empties the basket. A frozen one is put aside for good: its payment stays
// under Unfinished, and it must not come back and be paid again.
func (s saleScreen) clear() (saleScreen, tea.Cmd) {
	if s.frozen {
		return s.emptied().say(toneInfo, "Next sale. The payment before it stays under Unfinished.")
	}
	basket, err := s.stamped().Clear("")
	if err != nil {
		return s.say(toneWarn, sentence(err.Error())+" Nothing was changed.")
	}
	return s.withBasket(basket).say(toneInfo, "The basket is empty. u brings it back.")
}

// amount is money as it stands in a column: without the currency, thousands apart.
func amount(m pos.Money) string {
	return strings.TrimSpace(strings.TrimPrefix(m.Format(), m.Currency().Code))
}

// upperFirst and lowerFirst begin a text with a capital, and without.
func upperFirst(text string) string { return first(text, strings.ToUpper) }
func lowerFirst(text string) string { return first(text, strings.ToLower) }

func first(text string, to func(string) string) string {
	if text == "" {
		return ""
	}
	r := []rune(text)
	return to(string(r[:1])) + string(r[1:])
}

// counted is a number with its noun: "1 line", "4 items".
func counted(n decimal.Decimal, noun string) string {
	if n.Equal(decimal.NewFromInt(1)) {
		return "1 " + noun
	}
	return n.String() + " " + noun + "s"
}

// describe is what an entry comes to: "3 x 12.50 = 37.50".
func describe(name string, qty decimal.Decimal, each pos.Money, unit pos.Unit) string {
	total := amount(each.Times(qty))
	switch {
	case unit == pos.UnitKg:
		return fmt.Sprintf("%s  %s kg x %s = %s", name, qty.StringFixed(3), amount(each), total)
	case qty.Equal(decimal.NewFromInt(1)):
		return name + "  " + total
	}
	return fmt.Sprintf("%s  %s x %s = %s", name, qty, amount(each), total)
}
