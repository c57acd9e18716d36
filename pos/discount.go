package pos

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// Discount is what is taken off a line or a basket: a percentage or an amount,
// one of the two.
type Discount struct {
	// Percent is more than 0 and at most 100, with at most two decimals.
	Percent *decimal.Decimal `json:"percent,omitempty"`
	// Amount is taken off what the customer pays, tax included.
	Amount *Money `json:"amount,omitempty"`
	Reason string `json:"reason,omitempty"`
	// ApprovedBy is the supervisor who allowed it, where one had to.
	ApprovedBy string `json:"approvedBy,omitempty"`
}

// PercentOff is a discount of a percentage.
func PercentOff(percent decimal.Decimal, reason string) Discount {
	return Discount{Percent: &percent, Reason: reason}
}

// AmountOff is a discount of an amount, tax included.
func AmountOff(amount Money, reason string) Discount {
	return Discount{Amount: &amount, Reason: reason}
}

// Of is what the discount takes off an amount: a percentage of it, rounded once, for
// the whole of it, half away from zero to the smallest unit; never more than there is.
func (d Discount) Of(amount Money) Money {
	off := NewMoney(decimal.Zero, amount.Currency())
	switch {
	case amount.Sign() <= 0:
		return off
	case d.Percent != nil:
		off.minor = amount.minor.Mul(*d.Percent).DivRound(hundred, 0)
	case d.Amount != nil:
		off.minor = d.Amount.minor
	}
	if off.Cmp(amount) > 0 {
		return amount
	}
	return off
}

// Name is what the customer reads: "Discount 10 %", "Discount".
func (d Discount) Name() string {
	if d.Percent != nil {
		return "Discount " + d.Percent.String() + " %"
	}
	return "Discount"
}

// check gives an InputError unless the discount can be taken off an amount.
func (d Discount) check(off Money) error {
	switch {
	case (d.Percent == nil) == (d.Amount == nil):
		return invalidDiscount("a discount is a percentage or an amount")
	case d.Percent != nil && (d.Percent.Sign() <= 0 || d.Percent.GreaterThan(hundred)):
		return invalidDiscount(fmt.Sprintf("%.20s %% cannot be taken off", d.Percent))
	case d.Percent != nil && !d.Percent.Equal(d.Percent.Truncate(2)):
		return invalidDiscount(fmt.Sprintf("%.20s %% has more than two decimals", d.Percent))
	case d.Amount != nil:
		if err := d.checkAmount(off); err != nil {
			return err
		}
	}
	if err := checkText("reason", d.Reason, false); err != nil {
		return err
	}
	return checkText("name of who approved it", d.ApprovedBy, false)
}

func (d Discount) checkAmount(off Money) error {
	switch {
	case d.Amount.Currency() != off.Currency():
		return invalidDiscount("the discount is not in " + off.Currency().Code)
	case d.Amount.Sign() <= 0 || !d.Amount.minor.IsInteger():
		return invalidDiscount(d.Amount.String() + " cannot be taken off")
	case d.Amount.Cmp(off) > 0:
		return invalidDiscount(d.Amount.String() + " is more than the " + off.String() + " there is")
	}
	return nil
}

func invalidDiscount(problem string) error {
	return &InputError{Code: CodeInvalidDiscount, Problem: problem,
		Remedy: "give a percentage up to 100, such as 10%, or an amount up to the price, such as 2.50"}
}
