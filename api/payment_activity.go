package api

// PaymentActivity is one entry in the history of a payment request. Everything
// but Type can be absent. Source: Centrapay docs, payment requests, "Payment
// Activity"; the last group of fields stands in the examples only.
type PaymentActivity struct {
	ID    string       `json:"id,omitempty"`
	Type  ActivityType `json:"type"`
	Value Monetary     `json:"value,omitzero"`
	// AssetType is given for payments and refunds.
	AssetType        AssetType `json:"assetType,omitempty"`
	PaymentRequestID string    `json:"paymentRequestId,omitempty"`
	// ShortCode is that of the request, often with a numeric suffix.
	ShortCode               string    `json:"shortCode,omitempty"`
	MerchantID              string    `json:"merchantId,omitempty"`
	MerchantName            string    `json:"merchantName,omitempty"`
	MerchantAccountID       string    `json:"merchantAccountId,omitempty"`
	MerchantConfigID        string    `json:"merchantConfigId,omitempty"`
	CreatedAt               Timestamp `json:"createdAt,omitzero"`
	CreatedBy               CRN       `json:"createdBy,omitempty"`
	PaymentRequestCreatedBy CRN       `json:"paymentRequestCreatedBy,omitempty"`
	// ActivityNumber counts from 1 inside the request.
	ActivityNumber BigNumber `json:"activityNumber,omitempty"`
	// External is set for a payment that was made outside Centrapay.
	External           Bool               `json:"external,omitempty"`
	CancellationReason CancellationReason `json:"cancellationReason,omitempty"`
	ConditionID        Text               `json:"conditionId,omitempty"`
	IdempotencyKey     string             `json:"idempotencyKey,omitempty"`
	// ConfirmationIdempotencyKey names the confirmation that a refund reverses.
	ConfirmationIdempotencyKey string    `json:"confirmationIdempotencyKey,omitempty"`
	PreAuth                    Bool      `json:"preAuth,omitempty"`
	PaidBy                     *PaidBy   `json:"paidBy,omitempty"`
	Strategy                   *Strategy `json:"strategy,omitempty"`

	// ExternalRef is the reference that a refund was made with. No document shows
	// it in an answer; where the service says it, a refund whose answer was lost is
	// known by it.
	ExternalRef          string     `json:"externalRef,omitempty"`
	Mode                 PayMode    `json:"mode,omitempty"`
	ExternalPaymentRef   string     `json:"externalPaymentRef,omitempty"`
	InvoiceRef           string     `json:"invoiceRef,omitempty"`
	LineItems            []LineItem `json:"lineItems,omitzero"`
	UpdatedAt            Timestamp  `json:"updatedAt,omitzero"`
	CreatedByAccountID   string     `json:"createdByAccountId,omitempty"`
	CreatedByAccountName string     `json:"createdByAccountName,omitempty"`
}

// Strategy says how a refund goes back to the assets that paid.
type Strategy struct {
	Refunds []StrategyRefund `json:"refunds,omitzero"`
}

// StrategyRefund is the part of a refund that goes back to one asset.
type StrategyRefund struct {
	AssetID   string    `json:"assetId,omitempty"`
	AssetType AssetType `json:"assetType,omitempty"`
	// CompletedPaymentID is the payment activity that is reversed.
	CompletedPaymentID string    `json:"completedPaymentId,omitempty"`
	Amount             BigNumber `json:"amount,omitempty"`
	// CollectionID is given for tokens.
	CollectionID string `json:"collectionId,omitempty"`
}
