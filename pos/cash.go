package pos

import "github.com/shopspring/decimal"

// CashRounding is how what is paid in cash is rounded where a country has no coin for
// the smallest unit: Swedish rounding. Only what changes hands in cash is rounded.
type CashRounding struct {
	// Step is the smallest coin, in smallest units: 10 for New Zealand.
	Step decimal.Decimal
	// HalfUp rounds what lies halfway up, against the customer. New Zealand leaves
	// that to each shop; most round 5 cents down, and so does the till unless it is
	// told otherwise.
	HalfUp bool
}

// CashRoundingOf is the usual rounding of a currency: to 10 cents for NZD, halves down.
func CashRoundingOf(currency Currency) CashRounding {
	step := map[string]int64{"NZD": 10, "AUD": 5, "CAD": 5}[currency.Code]
	return CashRounding{Step: decimal.New(max(1, step), 0)}
}

// Round gives what is to be paid, or given back, in cash for an amount: 1 to 4 cents
// go down, 6 to 9 up, and 5 as HalfUp says. An amount below zero is rounded as it
// would be above.
func (r CashRounding) Round(amount Money) Money {
	if r.Step.Sign() <= 0 {
		return amount
	}
	steps, rest := amount.minor.Abs().QuoRem(r.Step, 0)
	if half := rest.Add(rest).Cmp(r.Step); half > 0 || half == 0 && r.HalfUp {
		steps = steps.Add(one)
	}
	rounded := steps.Mul(r.Step)
	if amount.Sign() < 0 {
		rounded = rounded.Neg()
	}
	return NewMoney(rounded, amount.currency)
}

// isCash reports whether an amount can be handed over in coins and notes.
func (r CashRounding) isCash(amount Money) bool {
	return amount.Sign() >= 0 && amount.minor.IsInteger() && r.Round(amount).Equal(amount)
}
