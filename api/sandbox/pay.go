package sandbox

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// payOrder is a payment that somebody wants to make.
type payOrder struct {
	body api.PayPaymentRequest
	by   api.CRN
	at   time.Time
}

// pay makes a payment towards a request, or says by a documented code why not.
// A repeat with the same idempotency key has no second effect: it is answered
// with the first payment, or refused when it asks for something else. Source:
// Centrapay docs, payment requests, "Pay a Payment Request".
func (t *tx) pay(r *request, o payOrder) (api.PaymentActivity, error) {
	if first, found := r.paymentByKey(o.body.IdempotencyKey); found {
		if !samePayment(first.Asked, o.body) {
			return api.PaymentActivity{}, denied(api.CodeIdempotentOperationFailed)
		}
		return r.Activities[first.Activity-1], nil
	}
	if err := r.final(); err != nil {
		return api.PaymentActivity{}, err
	}
	if m, ok := t.svc.dir.merchantByConfig(r.Asked.ConfigID); !ok || m.Blocked {
		return api.PaymentActivity{}, denied(api.CodeInvalidMerchantConfig)
	}
	source, err := t.source(r, o.body)
	if err != nil {
		return api.PaymentActivity{}, err
	}
	if err := t.unblocked(r, o.at); err != nil {
		return api.PaymentActivity{}, err
	}
	made := payment{Asked: o.body, PayerAccountID: source.payer, At: o.at, CollectionID: source.wallet.CollectionID}
	if made.CollectionID == "" {
		made.Amount, err = r.amountOf(o.body)
	} else if made.Lines, err = r.tokenLines(made.CollectionID, o.body.LineItems); err == nil {
		made.Amount, err = r.tokenAmount(o.body, made.Lines)
	}
	if err != nil {
		return api.PaymentActivity{}, err
	}
	if left, limited := t.available(source.wallet); limited && left.LessThan(made.Amount) {
		return api.PaymentActivity{}, denied(api.CodeInsufficientAssetValue)
	}
	t.change(r)
	activity := r.accept(made, o.by, source.external)
	if source.wallet.Unconfirmed {
		return activity, deniedBecause(api.CodePaymentUnconfirmed, "The asset's provider did not answer in time.")
	}
	return activity, nil
}

func (r *request) paymentByKey(key string) (payment, bool) {
	i := slices.IndexFunc(r.Payments, func(p payment) bool { return key != "" && p.Asked.IdempotencyKey == key })
	if i < 0 {
		return payment{}, false
	}
	return r.Payments[i], true
}

// samePayment compares what two pay calls ask for.
func samePayment(a, b api.PayPaymentRequest) bool {
	return a.AssetType == b.AssetType && a.AssetID == b.AssetID && a.TransactionID == b.TransactionID &&
		a.Authorization == b.Authorization && a.Amount.Equal(b.Amount) && a.Mode == b.Mode &&
		a.ExternalPaymentRef == b.ExternalPaymentRef && sameJSON(a.LineItems, b.LineItems)
}

// source is where the money of a payment comes from.
type source struct {
	wallet   Wallet
	payer    string
	external bool
}

// source finds what a pay call pays with, and whether it may.
func (t *tx) source(r *request, body api.PayPaymentRequest) (source, error) {
	kind, known := assetOf(body.AssetType)
	if known && kind.external && body.AssetType.Liveness() == r.Liveness && !r.Asked.PreAuth {
		return source{external: true}, nil // a tender outside Centrapay: nothing to look up
	}
	if !known || !r.offers(body.AssetType) {
		return source{}, denied(api.CodeInvalidAssetType)
	}
	if body.AssetID == "" {
		return source{}, deniedBecause(api.CodeAssetRedemptionDenied, "The sandbox knows no such transaction or authorization.")
	}
	wallet, holder, ok := t.svc.dir.wallet(body.AssetID)
	switch {
	case !ok:
		return source{}, forbidden()
	case wallet.AssetType != body.AssetType:
		return source{}, denied(api.CodeInvalidAssetType)
	case wallet.PayRefusal != "":
		return source{}, wallet.refusal()
	case wallet.CollectionID != "" && t.spent(wallet.ID).IsPositive():
		return source{}, denied(api.CodeInactiveAsset)
	case kind.refusesRestricted && hasRestricted(r.Asked.LineItems):
		return source{}, deniedBecause(api.CodePaymentDeclined, "The sale has items that this asset cannot pay for.")
	}
	return source{wallet: wallet, payer: holder.AccountID}, nil
}

func (r *request) offers(t api.AssetType) bool {
	return slices.ContainsFunc(r.Options, func(o api.PaymentOption) bool { return o.AssetType == t })
}

// unblocked brings conditions up before somebody pays and refuses while one is
// open. The docs do not say how such a payment is answered.
func (t *tx) unblocked(r *request, at time.Time) error {
	if r.Scenario != "" {
		r.scenario(at)
		t.change(r)
	}
	if err := r.final(); err != nil {
		return err
	}
	if r.blocked() {
		return deniedBecause(api.CodePaymentDeclined, "A payment condition has not been answered.")
	}
	return nil
}

// amountOf is what a pay call takes: all that remains, or the part it names where
// the request allows parts.
func (r *request) amountOf(body api.PayPaymentRequest) (decimal.Decimal, error) {
	remaining := r.remaining()
	if !body.Amount.IsSet() {
		if body.Mode == api.PayModePartial {
			return decimal.Zero, required("amount")
		}
		return remaining, nil
	}
	if !wholeAmount(body.Amount) {
		return decimal.Zero, malformed("amount must be a whole number above zero")
	}
	amount := body.Amount.Decimal()
	switch {
	case amount.GreaterThan(remaining):
		return decimal.Zero, malformed("amount must not be more than the remaining amount")
	case amount.Equal(remaining):
		return amount, nil
	case r.Asked.PreAuth, body.Mode == "", body.Mode == api.PayModePartial && !r.Asked.PartialAllowed:
		return decimal.Zero, denied(api.CodeInsufficientAssetValue)
	}
	return amount, nil
}
