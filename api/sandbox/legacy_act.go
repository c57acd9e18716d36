package sandbox

import (
	"slices"

	"centrapos/api"
)

// legacyInfo reads a request, which is a poll as it is for the second generation.
func legacyInfo(t *tx, l legacyCall) (any, error) {
	r, _, err := t.openLegacy(l, EndpointLegacyInfo, mayRead)
	if err != nil {
		return nil, err
	}
	t.poll(r)
	if l.first {
		return t.svc.firstWire(r), nil
	}
	return t.svc.legacyWire(r), nil
}

// legacyPay pays a request in full from a wallet. Source: Centrapay docs, legacy
// payment requests, "Pay"; first publication, "requests.pay", whose sample names
// the authority in another way than its table (quirk C9).
func legacyPay(t *tx, l legacyCall) (any, error) {
	r, key, err := t.openLegacy(l, EndpointLegacyPay, mayPay)
	if err != nil {
		return nil, err
	}
	authority := l.params.Get("authorization")
	if authority == "" && l.first {
		authority = l.params.Get("paymentAuthorization")
	}
	assetType := api.AssetType(l.params.Get("ledger"))
	switch {
	case assetType == "":
		return nil, malformed("INVALID_LEDGER")
	case authority == "":
		return nil, malformed("INVALID_AUTHORIZATION")
	}
	if err := r.final(); err != nil {
		return nil, err
	}
	if !r.offers(assetType) { // an outside tender too: it is no ledger
		return nil, denied(api.CodeInvalidAssetType)
	}
	activity, err := t.pay(r, payOrder{body: api.PayPaymentRequest{AssetType: assetType, AssetID: authority}, by: key.crn(), at: t.now})
	if err != nil {
		return nil, err
	}
	if l.first {
		return t.svc.firstPaid(r), nil
	}
	return t.receipt(r, activity, receiptType(assetType)), nil
}

// legacyCancel cancels a request that waits for payment. Source: Centrapay docs,
// legacy payment requests, "Cancel".
func legacyCancel(t *tx, l legacyCall) (any, error) {
	r, key, err := t.openLegacy(l, EndpointLegacyCancel, mayCancel)
	if err != nil {
		return nil, err
	}
	if err := r.final(); err != nil {
		return nil, l.refusal(EndpointLegacyCancel, err)
	}
	r.cancel(t.now, key.crn(), api.CancelledByMerchant)
	t.change(r)
	if l.first {
		return t.svc.firstWire(r), nil
	}
	return legacyCancelled(r), nil
}

// legacyVoided is the answer of a void. What its type is once money went back, and
// its message, is not documented.
type legacyVoided struct {
	Type    string `json:"type"`
	Status  string `json:"status"`
	Message string `json:"message"`
}

// legacyVoid cancels a request, or gives back what it was paid. Source: Centrapay
// docs, legacy payment requests, "Void".
func legacyVoid(t *tx, l legacyCall) (any, error) {
	r, key, err := t.openLegacy(l, EndpointLegacyVoid, mayVoid)
	if err != nil {
		return nil, err
	}
	paid := r.Status == api.StatusPaid
	if _, err := t.void(r, key.crn()); err != nil {
		return nil, l.refusal(EndpointLegacyVoid, err)
	}
	if paid {
		return legacyVoided{"voidRefund", "Success", "Payment refunded"}, nil
	}
	return legacyVoided{"voidCancel", "Success", "Request cancelled"}, nil
}

// legacyRefund gives money back by the id of the transaction that paid. Without an
// externalReference that is possible once. Source: Centrapay docs, legacy payment
// requests, "Refund".
func legacyRefund(t *tx, l legacyCall) (any, error) {
	transactionID, amount := l.params.Get("transactionId"), api.BigNumber(l.params.Get("amount"))
	switch {
	case transactionID == "":
		return nil, malformed("INVALID_TRANSACTION_ID")
	case !wholeAmount(amount):
		return nil, malformed("%s", api.CodeInvalidAmount)
	}
	r, ok := t.transaction(transactionID)
	if !ok {
		return nil, l.refusal(EndpointLegacyRefund, denied(codeTransactionNotFound))
	}
	if !l.key.may(mayRefund, r.MerchantAccountID, r.CreatedByAccount) {
		return nil, forbidden()
	}
	activity, err := t.refundLegacy(r, l, amount)
	if err != nil {
		return nil, l.refusal(EndpointLegacyRefund, err)
	}
	return t.receipt(r, activity, "txRefund"), nil
}

func (t *tx) refundLegacy(r *request, l legacyCall, amount api.BigNumber) (api.PaymentActivity, error) {
	reference := l.params.Get("externalReference")
	switch {
	case reference == "" && r.returned():
		return api.PaymentActivity{}, denied(api.CodeAlreadyRefunded)
	case reference == "":
		reference = t.store.ids.requestID()
	}
	return t.refund(r, api.RefundPaymentRequest{
		Value: api.Monetary{Amount: amount, Currency: r.Asked.Value.Currency}, ExternalRef: reference,
	}, l.key.crn())
}

// transaction finds the request that a transaction paid towards.
func (t *tx) transaction(id string) (*request, bool) {
	for _, requestID := range slices.Backward(t.store.order) {
		kept := t.store.requests[requestID]
		if slices.ContainsFunc(kept.Payments, func(p payment) bool { return kept.transactionID(p) == id }) {
			return t.find(requestID)
		}
	}
	return nil, false
}

// transactionID is how this generation names a payment, "" for the authorization
// of a pre-auth: what was drawn on it is refunded by the second generation alone.
func (r *request) transactionID(p payment) string { return r.Activities[p.Activity-1].ID }
