package pos_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"centrapos/pos"
)

func TestAllocateIsDeterministic(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		amount  int64
		weights []int64
		want    []int64
	}{
		"a third each":              {100, []int64{1, 1, 1}, []int64{34, 33, 33}},
		"the larger fraction first": {100, []int64{1, 1, 4}, []int64{17, 17, 66}},
		"nothing for nothing":       {7, []int64{0, 3, 0}, []int64{0, 7, 0}},
		"no weights":                {7, []int64{0, 0}, []int64{0, 0}},
		"nothing to split":          {0, []int64{3, 4}, []int64{0, 0}},
		"all of it":                 {30, []int64{10, 20}, []int64{10, 20}},
		"nobody":                    {30, nil, nil},
	} {
		var weights []decimal.Decimal
		for _, w := range c.weights {
			weights = append(weights, decimal.NewFromInt(w))
		}
		parts := pos.Allocate(cents(c.amount), weights)
		for i, want := range c.want {
			if !parts[i].Equal(cents(want)) {
				t.Errorf("%s: %v", name, parts)
			}
		}
	}
}

func TestAllocatePartsAddUpAndStayWithinTheirWeights(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sum := decimal.Zero
		var weights []decimal.Decimal
		for _, w := range rapid.SliceOfN(rapid.Int64Range(0, 1_000_000), 1, 12).Draw(t, "weights") {
			weights = append(weights, decimal.NewFromInt(w))
			sum = sum.Add(decimal.NewFromInt(w))
		}
		amount := cents(rapid.Int64Range(0, max(1, sum.IntPart())).Draw(t, "amount"))
		if sum.IsZero() {
			return
		}
		total := cents(0)
		for i, part := range pos.Allocate(amount, weights) {
			fair := amount.Minor().Mul(weights[i]).Div(sum)
			if part.Minor().Sub(fair).Abs().GreaterThanOrEqual(dec("1")) || part.Minor().GreaterThan(weights[i]) || !part.Minor().IsInteger() {
				t.Fatalf("%s of %s for the weight %s", part, amount, weights[i])
			}
			total = total.Add(part)
		}
		if !total.Equal(amount) {
			t.Fatalf("%s of %s", total, amount)
		}
	})
}
