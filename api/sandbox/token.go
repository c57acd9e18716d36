package sandbox

import (
	"slices"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// tokenLines are the lines that a token of a collection buys: those that the pay
// call names, or the dearest one. It buys only what its collection covers and
// what no other token has bought. Source: Centrapay docs, payment requests, "Pay a
// Payment Request", lineItems.
func (r *request) tokenLines(collectionID string, asked []api.LineItem) ([]api.LineItem, error) {
	free := r.unboughtLines(collectionID)
	if len(asked) == 0 && len(free) > 0 {
		dearest := slices.MaxFunc(free, func(a, b api.LineItem) int { return a.Price.Decimal().Cmp(b.Price.Decimal()) })
		return []api.LineItem{dearest}, nil
	}
	var lines []api.LineItem
	for _, l := range asked {
		i := slices.IndexFunc(free, func(f api.LineItem) bool { return sameLine(f, l) })
		if i < 0 {
			return nil, deniedBecause(api.CodeAssetRedemptionDenied, "The token cannot buy "+clip(l.Name)+".")
		}
		lines = append(lines, free[i])
		free = slices.Delete(free, i, i+1)
	}
	if len(lines) == 0 {
		return nil, deniedBecause(api.CodeAssetRedemptionDenied, "No line is left that the token can buy.")
	}
	return lines, nil
}

// unboughtLines are the lines that tokens of a collection may buy, less those that
// tokens have bought and not given back.
func (r *request) unboughtLines(collectionID string) []api.LineItem {
	var free []api.LineItem
	for _, o := range r.Options {
		for _, c := range o.AcceptedCollections {
			if c.ID == collectionID {
				free = append(free, c.LineItems...)
			}
		}
	}
	for _, p := range r.Payments {
		if !p.kept().IsPositive() {
			continue
		}
		for _, bought := range p.Lines {
			if i := slices.IndexFunc(free, func(f api.LineItem) bool { return sameLine(f, bought) }); i >= 0 {
				free = slices.Delete(free, i, i+1)
			}
		}
	}
	return free
}

func sameLine(a, b api.LineItem) bool {
	return a.SKU == b.SKU && a.Name == b.Name && a.Price.Equal(b.Price)
}

// tokenAmount is what a token pays: the price of its lines, all of it.
func (r *request) tokenAmount(body api.PayPaymentRequest, lines []api.LineItem) (decimal.Decimal, error) {
	price := sumOf(lines)
	switch {
	case !price.IsPositive() || price.GreaterThan(r.remaining()):
		return decimal.Zero, deniedBecause(api.CodeAssetRedemptionDenied, "More than the lines of the token has been paid already.")
	case body.Amount.IsSet() && !body.Amount.Decimal().Equal(price):
		return decimal.Zero, denied(api.CodeInsufficientAssetValue)
	}
	body.Amount = api.NewBigNumber(price)
	return r.amountOf(body)
}
