package pos

import "github.com/shopspring/decimal"

var hundred = decimal.New(100, 0)

// TaxIncluded is the tax inside a tax-inclusive amount at a rate in percent,
// rounded half away from zero to the smallest unit. At New Zealand's 15 % it is
// 3/23 of the amount: 4.49 of 34.40.
func TaxIncluded(inclusive Money, rate decimal.Decimal) Money {
	if rate.Sign() <= 0 {
		return NewMoney(decimal.Zero, inclusive.Currency())
	}
	tax := inclusive.Minor().Mul(rate).DivRound(hundred.Add(rate), 0)
	return NewMoney(tax, inclusive.Currency())
}

// WithoutTax is a tax-inclusive amount less the tax inside it, as the API wants discounts.
func WithoutTax(inclusive Money, rate decimal.Decimal) Money {
	return inclusive.Sub(TaxIncluded(inclusive, rate))
}
