package pos

import (
	"encoding/json"
	"strings"
	"time"
)

// Activity is one entry in the history of a payment request, and what the service
// answers to a refund, a confirmation or a release (Payment Requests, Payment
// Activity). What the service does not say is empty.
type Activity struct {
	ID   string       `json:"id,omitempty"`
	Type ActivityType `json:"type"`
	// Value is what it was about; the zero Money when the service does not say, or
	// not in a currency the till knows.
	Value     Money  `json:"value"`
	AssetType string `json:"assetType,omitempty"`
	// ShortCode is the activity's own; customers find a refund by it.
	ShortCode string    `json:"shortCode,omitempty"`
	CreatedAt time.Time `json:"createdAt,omitzero"`
	// ExternalRef is the reference of a refund. No published example shows it.
	ExternalRef string `json:"externalRef,omitempty"`
	// Key is the idempotency key of a confirmation.
	Key string `json:"key,omitempty"`
	// ConfirmationKey names the confirmation that a refund gives back.
	ConfirmationKey    string `json:"confirmationKey,omitempty"`
	InvoiceRef         string `json:"invoiceRef,omitempty"`
	CancellationReason string `json:"cancellationReason,omitempty"`
	// External marks a payment that was made outside Centrapay.
	External bool `json:"external,omitempty"`
	// Document is the service's own object, for --json and for support. No rule reads it.
	Document json.RawMessage `json:"document,omitempty"`
}

// ActivityType says what an activity records. The service's spelling of cases
// varies: compare with Activity.Is.
type ActivityType string

// The activity types that rules read (Payment Requests, activity types).
const (
	ActivityRequest        ActivityType = "request"
	ActivityPreAuthRequest ActivityType = "preAuthRequest"
	// ActivityPayment is one payment towards the request; ActivityPaid says that the
	// request became paid by it, and is no payment of its own.
	ActivityPayment      ActivityType = "payment"
	ActivityPaid         ActivityType = "paid"
	ActivityRefund       ActivityType = "refund"
	ActivityCancellation ActivityType = "cancellation"
	ActivityExpiry       ActivityType = "expiry"
	// ActivityAuthorization is a pre-auth that was approved, ActivityConfirmation a
	// drawing on it, ActivityRelease its end.
	ActivityAuthorization    ActivityType = "authorization"
	ActivityConfirmation     ActivityType = "confirmation"
	ActivityRelease          ActivityType = "release"
	ActivityAcceptCondition  ActivityType = "accept-condition"
	ActivityDeclineCondition ActivityType = "decline-condition"
)

// Is reports whether the activity records this, in whatever case it is spelt.
func (a Activity) Is(t ActivityType) bool { return strings.EqualFold(string(a.Type), string(t)) }

// answers reports whether the activity is what the service answers to an action
// of this kind.
func (a Activity) answers(kind Kind) bool {
	switch kind {
	case KindRefund:
		return a.Is(ActivityRefund)
	case KindConfirm:
		return a.Is(ActivityConfirmation)
	case KindRelease:
		return a.Is(ActivityRelease) || a.Is(ActivityCancellation)
	case KindSale, KindVoid:
	}
	return false
}
