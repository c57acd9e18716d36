package pos

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"
)

// Allocate splits an amount over shares in proportion to their weights, to the
// smallest unit, so that the parts add up to the amount exactly. Each share gets its
// part rounded down; the units left over go one each to those that lost the largest
// fractions, of equal ones to the earlier. So the same input always gives the same
// parts, and no part is more than its weight while the amount is not more than all
// weights. The amount and the weights must not be negative, and the amount must be
// whole smallest units; without any weight all parts are zero.
func Allocate(amount Money, weights []decimal.Decimal) []Money {
	parts := make([]Money, len(weights))
	total := decimal.Zero
	for i, w := range weights {
		total = total.Add(w)
		parts[i] = NewMoney(decimal.Zero, amount.currency)
	}
	if total.Sign() <= 0 || amount.Sign() <= 0 {
		return parts
	}
	type fraction struct {
		i    int
		lost decimal.Decimal
	}
	left := amount.minor
	lost := make([]fraction, len(weights))
	for i, w := range weights {
		part, rest := amount.minor.Mul(w).QuoRem(total, 0)
		parts[i].minor = part
		left = left.Sub(part)
		lost[i] = fraction{i, rest}
	}
	slices.SortStableFunc(lost, func(a, b fraction) int { return cmp.Or(b.lost.Cmp(a.lost), cmp.Compare(a.i, b.i)) })
	for _, f := range lost[:left.IntPart()] {
		parts[f.i].minor = parts[f.i].minor.Add(one)
	}
	return parts
}

var one = decimal.New(1, 0)
