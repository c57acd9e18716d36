package ui

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"centrapos/pos"
)

// edit is a change of the basket that is typed as a command with what follows it.
type edit int

const (
	editQty edit = iota + 1
	editPrice
	editDiscount
	editDiscountAll
	editNote
	editSaleNote
	editCustomer
	editRemove
	editHold
)

// name is the command that makes the change.
func (e edit) name() string {
	return map[edit]string{
		editQty: "qty", editPrice: "price", editDiscount: "discount", editDiscountAll: "discount-all", editNote: "note",
		editSaleNote: "note-sale", editCustomer: "customer-ref", editRemove: "remove", editHold: "hold",
	}[e]
}

// takeOff is what is typed to take a discount, a note or a customer away again.
const takeOff = "off"

// missing is an outcome that lacks something yet: says is the question.
func missing(question string) outcome {
	return outcome{says: question, refused: question, tone: toneInfo}
}

// editOutcome gives what a change comes to. What is typed after the command may be
// nothing yet.
func (s saleScreen) editOutcome(kind edit, arg string) outcome {
	arg = strings.TrimSpace(arg)
	if why := s.unchangeable(); why != "" && (s.frozen || kind != editSaleNote && kind != editCustomer) {
		return refuse(toneInfo, why)
	}
	switch kind {
	case editDiscountAll:
		return s.discountAllOutcome(arg)
	case editSaleNote:
		return s.saleNoteOutcome(arg)
	case editCustomer:
		return s.customerRefOutcome(arg)
	case editHold:
		return s.holdOutcome(arg)
	case editQty, editPrice, editDiscount, editNote, editRemove:
	}
	line, there := s.current()
	if !there {
		return refuse(toneInfo, emptyBasketText)
	}
	switch kind {
	case editQty:
		return s.qtyOutcome(line, arg)
	case editPrice:
		return s.priceOutcome(line, arg)
	case editDiscount:
		return s.discountOutcome(line, arg)
	case editNote:
		return s.noteOutcome(line, arg)
	case editRemove:
		return s.removeOutcome(line, arg)
	default:
		return outcome{}
	}
}

// changed is the outcome of a change of one line, or why there is none.
func changed(basket pos.Basket, err error, line int, says string) outcome {
	if err != nil {
		return refusedBy(err)
	}
	return outcome{says: says, basket: basket, line: line}
}

func (s saleScreen) qtyOutcome(line pos.BasketLine, arg string) outcome {
	if arg == "" {
		if line.Unit == pos.UnitKg {
			return missing("how many kg of " + line.Name + "?")
		}
		return missing("how many of " + line.Name + "?")
	}
	qty, problem := parseQuantity(arg)
	if problem != "" {
		return refuse(toneWarn, problem)
	}
	if line.Unit == pos.UnitEach && !qty.IsInteger() {
		return refuse(toneWarn, fmt.Sprintf("%s is sold by the piece, not %s of it", line.Name, qty))
	}
	basket, err := s.stamped().SetQty(line.ID, qty)
	return changed(basket, err, line.ID, describe(line.Name, qty, line.Each, line.Unit))
}

func (s saleScreen) priceOutcome(line pos.BasketLine, arg string) outcome {
	price, reason, _ := strings.Cut(arg, " ")
	if price == "" {
		return missing("the new price of " + line.Name + ", and why?")
	}
	each, err := pos.ParsePayable(strings.TrimPrefix(price, "$"), s.look.currency)
	if err != nil {
		return refusedBy(err)
	}
	was := line.Each
	if line.Was.IsKnown() {
		was = line.Was
	}
	says := fmt.Sprintf("%s  now %s each, was %s", line.Name, amount(each), amount(was))
	if reason = strings.TrimSpace(reason); reason == "" {
		return missing(says + ": why? type a reason after it")
	}
	basket, err := s.stamped().SetPrice(line.ID, each, reason, "")
	return changed(basket, err, line.ID, says+": "+reason)
}

// discountOf reads a discount: "10%" or an amount, and a reason behind it.
func (s saleScreen) discountOf(arg string) (pos.Discount, error) {
	text, reason, _ := strings.Cut(arg, " ")
	reason = strings.TrimSpace(reason)
	if percent, is := strings.CutSuffix(text, "%"); is {
		n, err := decimal.NewFromString(percent)
		if err != nil || strings.ContainsAny(percent, "eE+-") {
			return pos.Discount{}, &pos.InputError{Code: pos.CodeInvalidDiscount, Problem: fmt.Sprintf("%q is not a percentage", text)}
		}
		return pos.PercentOff(n, reason), nil
	}
	off, err := pos.ParsePayable(strings.TrimPrefix(text, "$"), s.look.currency)
	if err != nil {
		return pos.Discount{}, &pos.InputError{Code: pos.CodeInvalidDiscount,
			Problem: fmt.Sprintf("%q is neither an amount, such as 2.50, nor a percentage, such as 10%%", text)}
	}
	return pos.AmountOff(off, reason), nil
}

func discountText(d pos.Discount) string {
	text := ""
	switch {
	case d.Percent != nil:
		text = d.Percent.String() + " % off"
	case d.Amount != nil:
		text = amount(*d.Amount) + " off"
	}
	return text
}

func (s saleScreen) discountOutcome(line pos.BasketLine, arg string) outcome {
	switch {
	case arg == "" && line.Off != nil:
		return missing("an amount or a percentage off " + line.Name + "? " + takeOff + " takes its discount away")
	case arg == "":
		return missing("an amount (2.50) or a percentage (10%) off " + line.Name + "?")
	case arg == takeOff && line.Off == nil:
		return refuse(toneInfo, line.Name+" has no discount")
	case arg == takeOff:
		basket, err := s.stamped().UndiscountLine(line.ID)
		return changed(basket, err, line.ID, "no discount on "+line.Name+" any more: "+amount(line.Gross()))
	}
	d, err := s.discountOf(arg)
	if err != nil {
		return refusedBy(err)
	}
	basket, err := s.stamped().DiscountLine(line.ID, d)
	if err != nil {
		return refusedBy(err)
	}
	after, _ := basket.Line(line.ID)
	return outcome{basket: basket, line: line.ID,
		says: fmt.Sprintf("%s %s: %s becomes %s", discountText(d), line.Name, amount(line.Gross()), amount(after.Total()))}
}

func (s saleScreen) discountAllOutcome(arg string) outcome {
	all := s.basket.Discounts()
	switch {
	case arg == "" && len(all) > 0:
		return missing("an amount or a percentage off everything? " + takeOff + " takes the latest discount away")
	case arg == "":
		return missing("an amount (5.00) or a percentage (10%) off everything?")
	case arg == takeOff && len(all) == 0:
		return refuse(toneInfo, "there is no discount on the basket")
	case arg == takeOff:
		last := all[len(all)-1]
		basket, err := s.stamped().UndiscountAll(last.ID)
		return changed(basket, err, 0, discountText(last.Discount)+" everything taken back: "+amount(last.Amount))
	}
	d, err := s.discountOf(arg)
	if err != nil {
		return refusedBy(err)
	}
	basket, _, err := s.stamped().DiscountAll(d)
	if err != nil {
		return refusedBy(err)
	}
	return outcome{basket: basket,
		says: fmt.Sprintf("%s everything: %s becomes %s", discountText(d), amount(s.basket.Total()), amount(basket.Total()))}
}

func (s saleScreen) noteOutcome(line pos.BasketLine, arg string) outcome {
	switch {
	case arg == "":
		return missing("what to note on " + line.Name + "? " + takeOff + " takes the note away")
	case arg == takeOff && line.Note == "":
		return refuse(toneInfo, line.Name+" has no note")
	case arg == takeOff:
		basket, err := s.stamped().NoteLine(line.ID, "")
		return changed(basket, err, line.ID, "no note on "+line.Name+" any more")
	}
	basket, err := s.stamped().NoteLine(line.ID, arg)
	return changed(basket, err, line.ID, "note on "+line.Name+": "+arg)
}

func (s saleScreen) saleNoteOutcome(arg string) outcome {
	switch {
	case arg == "":
		return missing("what to note on this sale? " + takeOff + " takes the note away")
	case arg == takeOff && s.basket.Note() == "":
		return refuse(toneInfo, "this sale has no note")
	case arg == takeOff:
		basket, err := s.stamped().NoteSale("")
		return changed(basket, err, 0, "no note on this sale any more")
	}
	basket, err := s.stamped().NoteSale(arg)
	return changed(basket, err, 0, "note on this sale: "+arg)
}

func (s saleScreen) customerRefOutcome(arg string) outcome {
	switch {
	case arg == "":
		return missing("the customer's name or number? " + takeOff + " takes it away")
	case arg == takeOff && s.basket.Customer() == "":
		return refuse(toneInfo, "no customer is named")
	case arg == takeOff:
		basket, err := s.stamped().SetCustomer("")
		return changed(basket, err, 0, "no customer is named any more")
	}
	basket, err := s.stamped().SetCustomer(arg)
	return changed(basket, err, 0, "customer "+arg)
}

func (s saleScreen) removeOutcome(line pos.BasketLine, arg string) outcome {
	basket, err := s.stamped().Remove(line.ID, arg)
	says := "take off " + describe(line.Name, line.Qty, line.Each, line.Unit)
	if arg != "" {
		says += ": " + arg
	}
	return changed(basket, err, 0, says)
}

// holdOutcome is of putting the basket aside; what becomes of it is the root's to do,
// since another takes its place.
func (s saleScreen) holdOutcome(arg string) outcome {
	if !s.look.drafts {
		return refuse(toneInfo, noDrafts)
	}
	basket, err := s.stamped().Hold(cmp.Or(arg, s.basket.Name()))
	if err != nil {
		return refusedBy(err)
	}
	return outcome{says: "hold this basket as " + basket.Name() + ": " + amount(basket.Total()), basket: basket, do: hold{name: arg}}
}

// noDrafts is why nothing can be put aside.
const noDrafts = "this till keeps no baskets"
