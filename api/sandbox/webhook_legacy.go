package sandbox

import (
	"encoding/json"

	"github.com/go-jose/go-jose/v4/jwt"

	"centrapos/api"
)

// legacyClaims are those of the token that the first generation posts; iat and jti
// stand in its documents of 2020. Source: Centrapay docs, legacy payment requests,
// webhooks.
type legacyClaims struct {
	Transaction json.RawMessage  `json:"transaction"`
	IssuedAt    *jwt.NumericDate `json:"iat"`
	ID          string           `json:"jti"`
}

// legacyTransaction is what happened. All but its type and request are given for a
// purchase only.
type legacyTransaction struct {
	TransactionID   string        `json:"transactionId,omitempty"`
	TransactionType string        `json:"transactionType"`
	Ledger          api.AssetType `json:"ledger,omitempty"`
	State           string        `json:"state,omitempty"`
	Amount          json.Number   `json:"amount,omitempty"`
	Request         legacySubject `json:"request"`
	CreatedAt       string        `json:"createdAt,omitempty"`
	UpdatedAt       string        `json:"updatedAt,omitempty"`
	Type            string        `json:"type,omitempty"`
	AuthCode        string        `json:"authCode,omitempty"`
}

// legacySubject is the request that it happened to, as far as the kind of webhook
// shows it.
type legacySubject struct {
	RequestID         string             `json:"requestId"`
	MerchantID        string             `json:"merchantId,omitempty"`
	ClientID          string             `json:"clientId,omitempty"`
	ExternalReference string             `json:"externalReference,omitempty"`
	Denomination      legacyDenomination `json:"denomination"`
}

// legacyDenomination has its amount as a number for a purchase and as a string
// otherwise (quirk A15).
type legacyDenomination struct {
	Asset  string `json:"asset"`
	Amount any    `json:"amount"`
}

// notifyLegacy posts what one activity is to the notifyUrl of a request of the
// first generation. A relative one leads nowhere.
func (t *tx) notifyLegacy(r *request, a api.PaymentActivity) {
	target := r.legacy().NotifyURL
	if !deliverable(target) {
		return
	}
	happened, ok := r.legacyTransaction(a)
	if !ok {
		return
	}
	content, err := json.Marshal(happened)
	if err != nil {
		return // not reached: it is text and numbers
	}
	t.send(parcel{ID: t.store.ids.requestID(), Type: happened.TransactionType, URL: target, Legacy: true, Content: content})
}

// legacyTransaction is an activity as the first generation tells of it; false for
// one that it does not tell of.
func (r *request) legacyTransaction(a api.PaymentActivity) (legacyTransaction, bool) {
	short := legacySubject{
		RequestID:    r.ID,
		Denomination: legacyDenomination{Asset: r.Asked.Value.Currency, Amount: r.value().String()},
	}
	named := short
	named.MerchantID, named.ClientID = r.MerchantID, r.Asked.ConfigID
	switch {
	case a.Type.Is(api.ActivityPaid):
		return r.purchase(), true
	case a.Type.Is(api.ActivityRefund):
		return legacyTransaction{TransactionType: "REFUND", Request: short}, true
	case a.Type.Is(api.ActivityCancellation):
		return legacyTransaction{TransactionType: "CANCELLED", Request: named}, true
	case a.Type.Is(api.ActivityExpiry):
		return legacyTransaction{TransactionType: "EXPIRED", Request: named}, true
	default:
		return legacyTransaction{}, false
	}
}

// purchase is the payment of a request.
func (r *request) purchase() legacyTransaction {
	p := r.Payments[0]
	return legacyTransaction{
		TransactionID: r.transactionID(p), TransactionType: "PURCHASE", State: "completed",
		Ledger: p.Asked.AssetType, Amount: number(r.paid()), Type: ledgerType(p.Asked.AssetType),
		AuthCode: authCode(r.transactionID(p)),
		Request: legacySubject{
			RequestID: r.ID, MerchantID: r.MerchantID, ExternalReference: r.Asked.ExternalRef,
			Denomination: legacyDenomination{Asset: r.Asked.Value.Currency, Amount: number(r.value())},
		},
		CreatedAt: api.NewTimestamp(r.CreatedAt).String(), UpdatedAt: api.NewTimestamp(r.UpdatedAt).String(),
	}
}
