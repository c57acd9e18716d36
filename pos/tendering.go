package pos

import (
	"slices"

	"github.com/shopspring/decimal"
)

// Method is how a part of a basket was paid.
type Method string

// The methods.
const (
	MethodCentrapay Method = "centrapay" // through this till, by a payment request
	MethodCash      Method = "cash"
	MethodCard      Method = "card"  // on a card terminal beside the till
	MethodOther     Method = "other" // anything else the shop takes, such as its own vouchers
)

// PartPaid is what one tender paid of a basket.
type PartPaid struct {
	ID     int    `json:"id"` // within its basket
	Method Method `json:"method"`
	// Amount is how much of the basket's total it settles.
	Amount Money `json:"amount"`
	// Rounding is what cash was rounded by: what was to be paid in cash less Amount.
	Rounding Money `json:"rounding,omitzero"`
	// Given is the cash that was handed over, and Change what was handed back.
	Given  Money `json:"given,omitzero"`
	Change Money `json:"change,omitzero"`
	// Ref is the external reference of a Centrapay payment, or what was noted of a
	// tender elsewhere, such as the number on the card terminal's slip.
	Ref string `json:"ref,omitempty"`
	// Assets are what paid a Centrapay payment, as the service describes them.
	Assets []Tender `json:"assets,omitempty"`
	// Locked are the ids of the lines that an asset bought as they are, so that they
	// cannot be changed, taken off or paid for again.
	Locked []int `json:"locked,omitempty"`
}

// Cash is what a cash tender left in the drawer; the zero Money for any other.
func (p PartPaid) Cash() Money {
	if p.Method != MethodCash {
		return Money{}
	}
	return p.Given.Sub(p.Change)
}

// Tendering is where the paying of a basket stands.
type Tendering struct {
	Total Money
	Parts []PartPaid
	// Pending is what the customer was asked for and has not answered yet; nil when
	// there is nothing.
	Pending *PaymentAsked
	Paid    Money // what Parts settle of the total
	// Left is what is still to be paid, never less than zero, and Over what was paid
	// beyond the total, which is to be given back.
	Left, Over Money
	// CashDue is what is to be paid if the customer pays all that is left in cash.
	CashDue Money
	// Rounding is by how much cash was rounded so far; positive is for the shop.
	Rounding Money
	// Change is what was handed back in cash so far.
	Change Money
}

// Done reports whether nothing is left to pay and nothing is on its way.
func (t Tendering) Done() bool { return t.Left.Sign() == 0 && t.Pending == nil }

// Tendering says where the paying of the basket stands; cash is how cash is rounded.
func (b Basket) Tendering(cash CashRounding) Tendering {
	zero := NewMoney(decimal.Zero, b.currency)
	t := Tendering{
		Total: b.Total(), Parts: slices.Clone(b.tenders), Pending: b.pending, Paid: b.Paid(),
		Left: zero, Over: zero, Rounding: zero, Change: zero,
	}
	for _, p := range b.tenders {
		t.Rounding = t.Rounding.Add(p.Rounding)
		t.Change = t.Change.Add(p.Change)
	}
	switch left := t.Total.Sub(t.Paid); left.Sign() {
	case 1:
		t.Left = left
	case -1:
		t.Over = left.Neg()
	}
	t.CashDue = cash.Round(t.Left)
	return t
}

// AskPayment says that an amount is about to be asked for through Centrapay under an
// external reference: at most what is left to pay. The basket cannot be changed until
// TakePaid or EndPayment says what became of it. Its entries have to be saved before
// the sale is begun, so that after a crash the payment is found again.
func (b Basket) AskPayment(externalRef string, amount Money) (Basket, error) {
	if err := b.checkPayable(amount); err != nil {
		return b, err
	}
	if err := checkText("reference", externalRef, true); err != nil {
		return b, err
	}
	if slices.Contains(b.refs, externalRef) {
		return b, &InputError{Code: CodeInvalidTender, Problem: "the reference " + externalRef + " was used for this basket before",
			Remedy: "leave the reference out to have one made"}
	}
	return b.record(PaymentAsked{Ref: externalRef, Amount: amount})
}

// checkPayable gives an InputError unless an amount can be taken of what is left.
func (b Basket) checkPayable(amount Money) error {
	if err := b.checkSelling(); err != nil {
		return err
	}
	if b.IsEmpty() {
		return emptyBasket()
	}
	if amount.Currency() != b.currency {
		return &InputError{Code: CodeInvalidCurrency, Problem: "the amount is not in " + b.currency.Code, Remedy: "give it in that"}
	}
	if err := amount.CheckPayable(); err != nil {
		return err
	}
	if left := b.left(); amount.Cmp(left) > 0 {
		return &InputError{Code: CodeInvalidTender, Problem: amount.Format() + " is more than the " + left.Format() + " that is left to pay",
			Remedy: "give at most that"}
	}
	return nil
}

func (b Basket) left() Money { return b.Tendering(CashRounding{}).Left }

// EndPayment says that nothing was taken of what was asked for under a reference, and
// nothing will be. A reference that nothing is asked for under changes nothing.
func (b Basket) EndPayment(externalRef string, outcome Outcome) (Basket, error) {
	if b.pending == nil || b.pending.Ref != externalRef {
		return b, nil
	}
	return b.record(PaymentEnded{Ref: externalRef, Outcome: outcome})
}

// TakePaid says that the customer paid the request that was made under a reference,
// in full or in part: by the service's word, so that nothing is held against what is
// left. The lines that an asset bought are locked. A payment that arrives after it
// was given up is taken too, as long as the basket is not done; one that was taken
// before changes nothing.
func (b Basket) TakePaid(externalRef string, paid Request) (Basket, error) {
	known := slices.ContainsFunc(b.tenders, func(p PartPaid) bool { return p.Method == MethodCentrapay && p.Ref == externalRef })
	switch {
	case known:
		return b, nil
	case b.stage.Ended() || b.stage == StageHeld || b.pending != nil && b.pending.Ref != externalRef:
		return b, &InputError{Code: CodeBasketFixed, Problem: "this basket does not wait for that payment",
			Remedy: "see the payment under Unfinished, and give it back or hand over the goods"}
	}
	amount := paid.taken()
	if amount.Sign() <= 0 || amount.Currency() != b.currency {
		return b, &InputError{Code: CodeInvalidTender, Problem: "how much was paid is not known",
			Remedy: "look at the payment in Centrapay's own record"}
	}
	return b.record(Tendered{Part: PartPaid{
		ID: b.otherIDs + 1, Method: MethodCentrapay, Amount: amount, Ref: externalRef,
		Assets: slices.Clone(paid.PaidBy), Locked: b.boughtBy(paid.PaidBy),
	}})
}

// taken is what the customer paid of a request: what the assets add up to or, where
// the service does not list them, its value less what remains.
func (r Request) taken() Money {
	switch total := r.PaidTotal(); {
	case total.IsKnown():
		return total
	case r.Remaining.IsKnown() && r.Value.IsKnown():
		return r.Value.Sub(r.Remaining)
	}
	return r.Value
}

// boughtBy gives the ids of the lines that assets bought, as far as the service says:
// those that are the same in what the service echoes of a line. Where it names one
// that none of the basket's is, all lines of that product or, failing that, all there
// are may be the one.
func (b Basket) boughtBy(assets []Tender) []int {
	bought := map[int]bool{}
	for _, asset := range assets {
		for _, item := range asset.Lines {
			if id, found := b.lineOf(item, bought); found {
				bought[id] = true
				continue
			}
			if item.Price.Sign() < 0 { // a discount of the basket, which is no line of it
				continue
			}
			b.suspect(item, bought)
		}
	}
	var ids []int
	for _, l := range b.lines {
		if bought[l.ID] {
			ids = append(ids, l.ID)
		}
	}
	return ids
}

// lineOf finds the first line not bought yet that an item can be.
func (b Basket) lineOf(item LineItem, bought map[int]bool) (int, bool) {
	for _, l := range b.lines {
		same := l.Name == item.Name && l.SKU == item.SKU && l.Qty.Equal(item.Qty) && l.Total().minor.Equal(item.Price)
		if same && !bought[l.ID] {
			return l.ID, true
		}
	}
	return 0, false
}

// suspect marks every line as bought that an item may be.
func (b Basket) suspect(item LineItem, bought map[int]bool) {
	found := false
	for _, l := range b.lines {
		if l.Name == item.Name || l.SKU != "" && l.SKU == item.SKU {
			bought[l.ID], found = true, true
		}
	}
	for _, l := range b.lines {
		bought[l.ID] = bought[l.ID] || !found
	}
}

// TakeCash takes cash for what is left: all of it, rounded, when at least that much
// was given, and change is handed back; else what was given, as a part. Nothing at all
// can be given for what is rounded to nothing.
func (b Basket) TakeCash(given Money, cash CashRounding) (Basket, error) {
	t := b.Tendering(cash)
	zero := NewMoney(decimal.Zero, b.currency)
	part := PartPaid{ID: b.otherIDs + 1, Method: MethodCash, Amount: given, Given: given, Change: zero, Rounding: zero}
	if err := b.checkSelling(); err != nil {
		return b, err
	}
	refuse := func(problem, remedy string) (Basket, error) {
		return b, &InputError{Code: CodeInvalidTender, Problem: problem, Remedy: remedy}
	}
	switch {
	case b.IsEmpty():
		return b, emptyBasket()
	case given.Currency() != b.currency || !cash.isCash(given):
		return refuse(given.String()+" cannot be handed over in coins and notes", "give what the customer handed over")
	case given.minor.GreaterThan(MaxAmount):
		return refuse(given.Format()+" is more than a till holds", "give what the customer handed over")
	case t.Left.Sign() == 0:
		return refuse("nothing is left to pay", "finish the sale")
	case given.Cmp(t.CashDue) >= 0:
		part.Amount, part.Rounding, part.Change = t.Left, t.CashDue.Sub(t.Left), given.Sub(t.CashDue)
	case given.Sign() == 0:
		return refuse("no cash was given", "give what the customer handed over")
	}
	return b.record(Tendered{Part: part})
}

// TakeElsewhere takes a tender that the till has no hand in: a card on a terminal
// beside it, or something else the shop takes. The reference is what was noted of it.
func (b Basket) TakeElsewhere(method Method, amount Money, ref string) (Basket, error) {
	if method != MethodCard && method != MethodOther {
		return b, &InputError{Code: CodeInvalidTender, Problem: "that is not taken elsewhere", Remedy: "choose card or other"}
	}
	if err := b.checkPayable(amount); err != nil {
		return b, err
	}
	if err := checkText("reference", ref, false); err != nil {
		return b, err
	}
	return b.record(Tendered{Part: PartPaid{ID: b.otherIDs + 1, Method: method, Amount: amount, Ref: ref}})
}

// ReturnTender says that what a tender had paid was given back: a Centrapay payment
// once it is known to be voided or refunded, cash once it is handed back.
func (b Basket) ReturnTender(id int, reason string) (Basket, error) {
	if err := b.checkSelling(); err != nil {
		return b, err
	}
	if err := checkText("reason", reason, false); err != nil {
		return b, err
	}
	for _, p := range b.tenders {
		if p.ID == id {
			return b.record(TenderReturned{ID: id, Reason: reason})
		}
	}
	return b, noSuchLine("the basket has no such tender")
}

// Finish says that the sale is done: nothing is left to pay.
func (b Basket) Finish() (Basket, error) {
	if err := b.checkSelling(); err != nil {
		return b, err
	}
	t := b.Tendering(CashRounding{})
	switch {
	case b.IsEmpty():
		return b, emptyBasket()
	case t.Left.Sign() > 0:
		return b, &InputError{Code: CodeInvalidTender, Problem: t.Left.Format() + " is left to pay", Remedy: "take it first"}
	}
	return b.record(BasketSold{Total: t.Total})
}
