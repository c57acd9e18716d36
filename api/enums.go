package api

import "strings"

// Status is where a payment request stands. Values the service adds later are
// kept as they are. Source: Centrapay docs, payment requests, "Payment Request".
type Status string

// The statuses of a payment request.
const (
	// StatusNew means waiting for payment; the only status that is not final.
	StatusNew Status = "new"
	// StatusPaid means paid, also in part where that was allowed, or, for a
	// pre-auth, authorized.
	StatusPaid Status = "paid"
	// StatusCancelled means cancelled or voided by the merchant, by the patron
	// or because a payment failed.
	StatusCancelled Status = "cancelled"
	// StatusExpired means its time passed without payment.
	StatusExpired Status = "expired"
)

// IsFinal reports whether polling may stop: paid, cancelled or expired. An
// unknown status is not final.
func (s Status) IsFinal() bool {
	return s == StatusPaid || s == StatusCancelled || s == StatusExpired
}

// Liveness tells real money from test money.
type Liveness string

// The two kinds of money.
const (
	LivenessMain Liveness = "main"
	LivenessTest Liveness = "test"
)

// PreAuthStatus is where a pre-auth stands; it is absent until the pre-auth is
// authorized.
type PreAuthStatus string

// The states of a pre-auth.
const (
	// PreAuthAuthorized means that confirmations may draw on it.
	PreAuthAuthorized PreAuthStatus = "authorized"
	// PreAuthReleased means closed, by a call or because its time passed.
	PreAuthReleased PreAuthStatus = "released"
)

// ConditionStatus is where a payment condition stands.
type ConditionStatus string

// The states of a payment condition.
const (
	// ConditionAwaitingMerchant means that staff must accept or decline.
	ConditionAwaitingMerchant ConditionStatus = "awaiting-merchant"
	// ConditionAwaitingPatron means that the customer must answer; staff are
	// only told.
	ConditionAwaitingPatron ConditionStatus = "awaiting-patron"
	ConditionAccepted       ConditionStatus = "accepted"
	ConditionDeclined       ConditionStatus = "declined"
	// ConditionVoid means that it no longer applies; it cannot be answered.
	ConditionVoid ConditionStatus = "void"
)

// ConnectionStatus is where a connection linked to a payment request stands.
type ConnectionStatus string

// The states of a connection that the documents show.
const (
	ConnectionCreated    ConnectionStatus = "created"
	ConnectionAuthorized ConnectionStatus = "authorized"
	ConnectionActive     ConnectionStatus = "active"
)

// ActivityType is what a payment activity records. Compare with Is: the service
// has spelt one type in two ways.
type ActivityType string

// The types of payment activity.
const (
	// ActivityRequest records that a payment request was created.
	ActivityRequest ActivityType = "request"
	// ActivityPreAuthRequest records that a pre-auth was requested.
	ActivityPreAuthRequest ActivityType = "preAuthRequest"
	// ActivityPaid records that the request became paid.
	ActivityPaid ActivityType = "paid"
	// ActivityPayment records one payment towards the request.
	ActivityPayment ActivityType = "payment"
	// ActivityRefund records that money went back.
	ActivityRefund ActivityType = "refund"
	// ActivityCancellation records that the request was cancelled.
	ActivityCancellation ActivityType = "cancellation"
	// ActivityExpiry records that the request ran out unpaid.
	ActivityExpiry ActivityType = "expiry"
	// ActivityAcceptCondition and ActivityDeclineCondition record answers to a
	// payment condition.
	ActivityAcceptCondition  ActivityType = "accept-condition"
	ActivityDeclineCondition ActivityType = "decline-condition"
	// ActivityAuthorization records that a pre-auth was approved.
	ActivityAuthorization ActivityType = "authorization"
	// ActivityConfirmation records a drawdown on a pre-auth.
	ActivityConfirmation ActivityType = "confirmation"
	// ActivityRelease records that a pre-auth was closed.
	ActivityRelease ActivityType = "release"
)

// Is reports whether t is other, whatever the case of the letters.
func (t ActivityType) Is(other ActivityType) bool {
	return strings.EqualFold(string(t), string(other))
}

// PayMode is how a payment towards a request is meant.
type PayMode string

// The modes of a payment that does not pay a request in full.
const (
	// PayModePartial settles the request with part of its value; the merchant
	// takes the rest in another way.
	PayModePartial PayMode = "partial-payment"
	// PayModeMultiAsset leaves the request open for payments from other assets.
	PayModeMultiAsset PayMode = "multi-asset-payment"
)

// CancellationReason is why a payment request was cancelled. Reasons have come
// and gone; show the ones that are not known here as they are. Source:
// Centrapay docs, payment requests, "Cancellation Reasons".
type CancellationReason string

// The documented reasons, then the ones an old record may still carry.
const (
	CancelledByMerchant             CancellationReason = "CANCELLED_BY_MERCHANT"
	CancelledByPatron               CancellationReason = "CANCELLED_BY_PATRON"
	CancelledPatronCodeInvalid      CancellationReason = "PATRON_CODE_INVALID"
	CancelledPatronCodeExpired      CancellationReason = "PATRON_CODE_EXPIRED"
	CancelledPaymentFailed          CancellationReason = "PAYMENT_FAILED"
	CancelledDeclinedByPatron       CancellationReason = "DECLINED_BY_PATRON"
	CancelledDeclinedByMerchant     CancellationReason = "DECLINED_BY_MERCHANT"
	CancelledPaymentDeclined        CancellationReason = "PAYMENT_DECLINED"
	CancelledPaymentRequestExpired  CancellationReason = "PAYMENT_REQUEST_EXPIRED"
	CancelledNoPaymentOptions       CancellationReason = "NO_AVAILABLE_PAYMENT_OPTIONS"
	CancelledInactiveAsset          CancellationReason = "INACTIVE_ASSET"
	CancelledInsufficientAssetValue CancellationReason = "INSUFFICIENT_ASSET_VALUE"
	CancelledFailedToGetStatus      CancellationReason = "FAILED_TO_GET_PAYMENT_STATUS"
	CancelledPreAuthExpired         CancellationReason = "PREAUTH_EXPIRED"
	CancelledLineItemsInvalid       CancellationReason = "LINE_ITEMS_INVALID"
)
