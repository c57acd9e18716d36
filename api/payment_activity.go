package api

// PaymentActivity is one entry in the history of a payment request. Everything
// but Type can be absent. Source: Centrapay docs, payment requests, "Payment
// Activity"; the last group of fields stands in the examples only.
type PaymentActivity struct {
	// ID stands in the example of a payment only; ActivityNumber tells the
	// activities of one request apart.
	ID string `json:"id,omitempty"`
	// Type is what happened; new types must be expected.
	Type ActivityType `json:"type"`
	// Value is the money that the activity is about, in smallest units: what was
	// paid, given back, drawn or released; of a request what was asked for.
	Value Monetary `json:"value,omitzero"`
	// AssetType is given for payments and refunds.
	AssetType AssetType `json:"assetType,omitempty"`
	// PaymentRequestID is the request that this is the history of.
	PaymentRequestID string `json:"paymentRequestId,omitempty"`
	// ShortCode is that of the request, often with a numeric suffix.
	ShortCode string `json:"shortCode,omitempty"`
	// MerchantID, MerchantName, MerchantAccountID and MerchantConfigID are the
	// merchant that is paid, its account, and the config that was used.
	MerchantID        string `json:"merchantId,omitempty"`
	MerchantName      string `json:"merchantName,omitempty"`
	MerchantAccountID string `json:"merchantAccountId,omitempty"`
	MerchantConfigID  string `json:"merchantConfigId,omitempty"`
	// CreatedAt is when it happened, by the clock of the service.
	CreatedAt Timestamp `json:"createdAt,omitzero"`
	// CreatedBy is who did it: a user, an API key or the service.
	CreatedBy CRN `json:"createdBy,omitempty"`
	// PaymentRequestCreatedBy is who made the request.
	PaymentRequestCreatedBy CRN `json:"paymentRequestCreatedBy,omitempty"`
	// ActivityNumber counts from 1 inside the request.
	ActivityNumber BigNumber `json:"activityNumber,omitempty"`
	// External is set for a payment that was made outside Centrapay.
	External Bool `json:"external,omitempty"`
	// CancellationReason is given for cancellations.
	CancellationReason CancellationReason `json:"cancellationReason,omitempty"`
	// ConditionID is given for conditions that were accepted or declined.
	ConditionID Text `json:"conditionId,omitempty"`
	// IdempotencyKey is that of the confirmation; payments have shown theirs too.
	IdempotencyKey string `json:"idempotencyKey,omitempty"`
	// ConfirmationIdempotencyKey names the confirmation that a refund reverses.
	ConfirmationIdempotencyKey string `json:"confirmationIdempotencyKey,omitempty"`
	// PreAuth says that the request is a pre-auth.
	PreAuth Bool `json:"preAuth,omitempty"`
	// PaidBy tells which assets had paid by then. The service has given it since
	// 2024.
	PaidBy *PaidBy `json:"paidBy,omitempty"`
	// Strategy is given for refunds, since 2025: how the money goes back.
	Strategy *Strategy `json:"strategy,omitempty"`

	// ExternalRef is the reference that a refund was made with. No document shows
	// it in an answer; where the service says it, a refund whose answer was lost is
	// known by it.
	ExternalRef string `json:"externalRef,omitempty"`
	// Mode is that of a payment of less than what remained; see PayPaymentRequest.
	Mode PayMode `json:"mode,omitempty"`
	// ExternalPaymentRef, InvoiceRef and LineItems are as they were given with the
	// call that made the activity.
	ExternalPaymentRef string     `json:"externalPaymentRef,omitempty"`
	InvoiceRef         string     `json:"invoiceRef,omitempty"`
	LineItems          []LineItem `json:"lineItems,omitzero"`
	// UpdatedAt is when the service last changed the activity.
	UpdatedAt Timestamp `json:"updatedAt,omitzero"`
	// CreatedByAccountID and CreatedByAccountName stand in the example of a
	// payment, as those of the request do in its examples.
	CreatedByAccountID   string `json:"createdByAccountId,omitempty"`
	CreatedByAccountName string `json:"createdByAccountName,omitempty"`
}

// Strategy says how a refund goes back to the assets that paid.
type Strategy struct {
	// Refunds has one entry for each payment that is reversed, wholly or in part.
	Refunds []StrategyRefund `json:"refunds,omitzero"`
}

// StrategyRefund is the part of a refund that goes back to one asset.
type StrategyRefund struct {
	// AssetID and AssetType are the asset that the money goes back to.
	AssetID   string    `json:"assetId,omitempty"`
	AssetType AssetType `json:"assetType,omitempty"`
	// CompletedPaymentID is the payment activity that is reversed.
	CompletedPaymentID string `json:"completedPaymentId,omitempty"`
	// Amount is what goes back, in the canonical units of the asset.
	Amount BigNumber `json:"amount,omitempty"`
	// CollectionID is given for tokens.
	CollectionID string `json:"collectionId,omitempty"`
}
