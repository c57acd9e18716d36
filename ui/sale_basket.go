package ui

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/shopspring/decimal"

	"centrapos/pos"
	"centrapos/ui/widget"
)

// sums are a basket's totals as they are shown. They are added up when the basket
// changes, so that drawing costs the same however long it is.
type sums struct {
	lines, items, tax, total string
}

// frozenText says why a basket cannot be changed.
const frozenText = "it is not known yet whether this basket is paid. F9 shows its payment, Ctrl+N starts the next sale."

// withBasket gives the screen with another basket.
func (s saleScreen) withBasket(b pos.Basket) saleScreen {
	n := b.Len()
	s.basket = b
	s.sums = sums{
		lines: counted(decimal.NewFromInt(int64(n)), "line"), items: counted(b.Items(), "item"),
		tax: amount(b.Tax()), total: amount(b.Total()),
	}
	s.selected = min(s.selected, max(0, n-1))
	return s.scrolled()
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
	s.selected, s.top, s.frozen, s.note.text = 0, 0, false, ""
	return s.withBasket(pos.NewBasket(s.look.currency))
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

// addQty changes the chosen line's quantity by a number of pieces.
func (s saleScreen) addQty(by int) (saleScreen, tea.Cmd) {
	line, there := s.current()
	if !there {
		return s, nil
	}
	qty := line.Qty.Add(decimal.NewFromInt(int64(by)))
	if qty.Sign() <= 0 {
		return s.say(toneInfo, "That is the last one. F7 takes the line off.")
	}
	return s.withQty(line, qty)
}

// askQty sets the chosen line's quantity to what was typed; when nothing was, it
// makes the line ready to type it.
func (s saleScreen) askQty(text string) (saleScreen, tea.Cmd) {
	line, there := s.current()
	if text == "" {
		s.line = s.line.with("/qty ")
		s, _, cmd := s.edited()
		return s, cmd
	}
	qty, problem := parseQuantity(text)
	switch {
	case !there:
		return s.say(toneWarn, emptyBasketText)
	case problem != "":
		return s.say(toneWarn, sentence(problem)+" Nothing was changed.")
	}
	return s.withQty(line, qty)
}

func (s saleScreen) withQty(line pos.BasketLine, qty decimal.Decimal) (saleScreen, tea.Cmd) {
	basket, err := s.basket.SetQty(line.ID, qty)
	if err != nil {
		return s.say(toneWarn, sentence(err.Error())+" Nothing was changed.")
	}
	return s.withBasket(basket).say(toneInfo, describe(line.Name, qty, line.Each, line.Unit))
}

// remove takes the chosen line off.
func (s saleScreen) remove() (saleScreen, tea.Cmd) {
	line, there := s.current()
	if !there {
		return s, nil
	}
	basket, err := s.basket.Remove(line.ID, "")
	if err != nil {
		return s.say(toneWarn, sentence(err.Error())+" Nothing was changed.")
	}
	return s.withBasket(basket).say(toneInfo, "Took off "+line.Name+". u puts it back.")
}

// undo takes the latest change of the basket back.
func (s saleScreen) undo() (saleScreen, tea.Cmd) {
	basket, undone := s.basket.Undo()
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
	basket, err := s.basket.Clear("")
	if err != nil {
		return s.say(toneWarn, sentence(err.Error())+" Nothing was changed.")
	}
	return s.withBasket(basket).say(toneInfo, "The basket is empty. u brings it back.")
}

// amount is money as it stands in a column: without the currency, thousands apart.
func amount(m pos.Money) string {
	return strings.TrimSpace(strings.TrimPrefix(m.Format(), m.Currency().Code))
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
		return fmt.Sprintf("%s  %s kg x %s = %s", name, qty, amount(each), total)
	case qty.Equal(decimal.NewFromInt(1)):
		return name + "  " + total
	}
	return fmt.Sprintf("%s  %s x %s = %s", name, qty, amount(each), total)
}
