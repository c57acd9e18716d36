package sandbox

import (
	"cmp"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// settlementDelay is the estimate between a payment and its settlement.
const settlementDelay = 24 * time.Hour

// takings are what a merchant is owed for one asset type and one day.
type takings struct {
	takingsKey
	// first is when the first of it came in.
	first  time.Time
	amount decimal.Decimal
}

type takingsKey struct {
	day      string
	asset    api.AssetType
	currency string
}

// handleSettlements lists what a merchant with a settlement account is owed, the
// oldest day first as in the docs' example. The docs say only that a settlement is of a period: here it is
// a day in UTC, confirmed a day after its end. Source: Centrapay docs,
// settlements.
func handleSettlements(c *call) (any, error) {
	m, err := c.merchantFor(mayReadMerchants)
	if err != nil {
		return nil, err
	}
	page := api.Page[api.Settlement]{Items: []api.Settlement{}}
	if m.SettlementBankAccountID == "" {
		return page, nil
	}
	err = c.svc.transact(func(t *tx) error {
		for _, one := range t.takings(m.ID) {
			page.Items = append(page.Items, settlementOf(m, one, t.now))
		}
		return nil
	})
	return page, err
}

// takings sums what came in and went back by day and asset type. Tenders outside
// Centrapay, and what a pre-auth only holds, are not settled.
func (t *tx) takings(merchantID string) []takings {
	sums := map[takingsKey]takings{}
	for _, e := range t.store.history[merchantID] {
		r := t.store.requests[e.request]
		a := r.Activities[e.number-1]
		for _, flow := range r.settledBy(a) {
			key := takingsKey{e.at.UTC().Format(time.DateOnly), flow.AssetType, r.Asked.Value.Currency}
			sum, known := sums[key]
			if !known {
				sum = takings{takingsKey: key, first: e.at}
			}
			sum.amount = sum.amount.Add(flow.Amount.Decimal())
			sums[key] = sum
		}
	}
	var all []takings
	for _, sum := range sums {
		if !sum.amount.IsZero() {
			all = append(all, sum)
		}
	}
	slices.SortFunc(all, func(a, b takings) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.asset, b.asset), cmp.Compare(a.currency, b.currency))
	})
	return all
}

// settledBy is what an activity adds to the takings, or takes off them, by asset.
func (r *request) settledBy(a api.PaymentActivity) []api.StrategyRefund {
	amount := a.Value.Amount.Decimal()
	switch {
	case a.Type == api.ActivityPayment && !bool(a.External):
		return []api.StrategyRefund{{AssetType: a.AssetType, Amount: a.Value.Amount}}
	case a.Type == api.ActivityConfirmation:
		return []api.StrategyRefund{{AssetType: r.Payments[0].Asked.AssetType, Amount: a.Value.Amount}}
	case a.Type != api.ActivityRefund, r.Asked.PreAuth && a.ConfirmationIdempotencyKey == "":
		return nil
	}
	parts := []api.StrategyRefund{{AssetType: a.AssetType, Amount: api.NewBigNumber(amount)}}
	if a.Strategy != nil {
		parts = slices.Clone(a.Strategy.Refunds)
	}
	parts = slices.DeleteFunc(parts, func(p api.StrategyRefund) bool { return p.AssetType.IsExternal() })
	for i := range parts {
		parts[i].Amount = api.NewBigNumber(parts[i].Amount.Decimal().Neg())
	}
	return parts
}

func settlementOf(m Merchant, sum takings, now time.Time) api.Settlement {
	by := api.NewCRN(m.AccountID, "api-key", "Centrapay")
	name := m.ID + sum.day + string(sum.asset) + sum.currency
	out := api.Settlement{
		ID: activityID(name, 1)[:24], Status: api.SettlementAwaitingConfirmation, Type: "centrapay",
		AssetType: sum.asset, Currency: sum.currency, Amount: api.NewBigNumber(sum.amount),
		BankAccountID: m.SettlementBankAccountID, BankTransferID: activityID(name, 2)[:22],
		CreatedAt: api.NewTimestamp(sum.first), CreatedBy: by, Test: api.Bool(sum.asset.Liveness() == api.LivenessTest),
	}
	if settled := sum.first.UTC().Truncate(settlementDelay).Add(2*settlementDelay - time.Millisecond); now.After(settled) {
		out.Status, out.SettledAt, out.SettledBy = api.SettlementConfirmed, api.NewTimestamp(settled), by
	}
	return out
}
