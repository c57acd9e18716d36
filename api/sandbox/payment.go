package sandbox

import (
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// payment is money that one wallet, or a tender outside Centrapay, gave towards
// a request. A pre-auth has one, the authorization.
type payment struct {
	Asked          api.PayPaymentRequest `json:"asked"`
	Amount         decimal.Decimal       `json:"amount"`
	PayerAccountID string                `json:"payerAccountId,omitempty"`
	At             time.Time             `json:"at"`
	// CollectionID and Lines are given for a token: whose it is, and what it bought.
	CollectionID string         `json:"collectionId,omitempty"`
	Lines        []api.LineItem `json:"lines,omitempty"`
	// Activity is the number of the activity that records it.
	Activity int `json:"activity"`
	// Back is what of it went back.
	Back decimal.Decimal `json:"back,omitzero"`
}

// kept is what of a payment did not go back.
func (p payment) kept() decimal.Decimal { return p.Amount.Sub(p.Back) }

// part is money of one payment, named by its index, that goes back.
type part struct {
	payment int
	amount  decimal.Decimal
}

// paid is all that was ever paid, given back or not.
func (r *request) paid() decimal.Decimal {
	sum := decimal.Zero
	for _, p := range r.Payments {
		sum = sum.Add(p.Amount)
	}
	return sum
}

// keptFrom is what was taken from one wallet and not given back.
func (r *request) keptFrom(walletID string) decimal.Decimal {
	sum := decimal.Zero
	for _, p := range r.Payments {
		if p.Asked.AssetID == walletID {
			sum = sum.Add(p.kept())
		}
	}
	return sum
}

// remaining is the part of the value that nobody has paid. An authorized pre-auth
// asks the customer for nothing more.
func (r *request) remaining() decimal.Decimal { return r.value().Sub(r.paid()) }

// returned tells whether any money went back.
func (r *request) returned() bool {
	for _, p := range r.Payments {
		if p.Back.IsPositive() {
			return true
		}
	}
	return false
}

// loose is the money that is not spoken for: of a pre-auth what was not
// confirmed, of any other request what was paid; less what went back.
func (r *request) loose() []part {
	var parts []part
	for i, p := range r.Payments {
		left := p.kept().Sub(r.confirmed())
		if left.IsPositive() {
			parts = append(parts, part{i, left})
		}
	}
	return parts
}

// take is the parts that make up an amount, the first payments first, as far as
// there are any.
func take(amount decimal.Decimal, from []part) []part {
	var parts []part
	for _, p := range from {
		p.amount = decimal.Min(p.amount, amount)
		if p.amount.IsPositive() {
			parts = append(parts, p)
			amount = amount.Sub(p.amount)
		}
	}
	return parts
}

func total(parts []part) decimal.Decimal {
	sum := decimal.Zero
	for _, p := range parts {
		sum = sum.Add(p.amount)
	}
	return sum
}

// giveBack returns parts of the payments and records it as the activity, which it
// completes. Several assets cannot be named by one asset type; then, and for
// tokens, the strategy says where the money went.
func (r *request) giveBack(at time.Time, by api.CRN, parts []part, activity api.PaymentActivity) api.PaymentActivity {
	var strategy api.Strategy
	tokens := false
	for _, p := range parts {
		paid := &r.Payments[p.payment]
		paid.Back = paid.Back.Add(p.amount)
		activity.AssetType = paid.Asked.AssetType
		tokens = tokens || paid.Asked.AssetType.IsToken()
		strategy.Refunds = append(strategy.Refunds, api.StrategyRefund{
			AssetID: paid.Asked.AssetID, AssetType: paid.Asked.AssetType,
			CompletedPaymentID: r.Activities[paid.Activity-1].ID, Amount: api.NewBigNumber(p.amount), CollectionID: paid.CollectionID,
		})
	}
	if len(parts) > 1 {
		activity.AssetType = ""
	}
	if len(parts) > 1 || tokens {
		activity.Strategy = &strategy
	}
	activity.Value = r.money(total(parts))
	return r.record(at, by, activity)
}

// giveAllBack returns all that is not spoken for; false when that is nothing.
func (r *request) giveAllBack(at time.Time, by api.CRN, kind api.ActivityType) (api.PaymentActivity, bool) {
	parts := r.loose()
	if len(parts) == 0 {
		return api.PaymentActivity{}, false
	}
	return r.giveBack(at, by, parts, api.PaymentActivity{Type: kind}), true
}
