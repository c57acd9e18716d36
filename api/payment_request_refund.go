package api

// RefundPaymentRequest is the body of a refund. Value and ExternalRef are
// required. Source: Centrapay docs, payment requests, "Refund a Payment
// Request".
type RefundPaymentRequest struct {
	// Value is what is given back: above 0 and below 100000000 smallest units, in
	// the currency of the payment.
	Value Monetary `json:"value"`
	// ExternalRef names this refund among those of the payment request. A repeat
	// with the same reference and amount gives nothing back a second time.
	ExternalRef string `json:"externalRef"`
	// InvoiceRef has at most 128 characters.
	InvoiceRef string `json:"invoiceRef,omitempty"`
	// ConfirmationIdempotencyKey is the IdempotencyKey of the confirmation that is
	// refunded; required for a pre-auth that was confirmed.
	ConfirmationIdempotencyKey string `json:"confirmationIdempotencyKey,omitempty"`
	// LineItems are what is brought back. Their prices must sum to Value. The
	// documents' own example sums to it only after its discount is taken off once
	// more, so that such lines are sent too, for the service to judge.
	LineItems []LineItem `json:"lineItems,omitempty"`
	// MerchantConfigID is the config of the merchant that refunds, for Farmlands.
	MerchantConfigID string `json:"merchantConfigId,omitempty"`
}

// ConfirmPaymentRequest is the body of a confirmation. All fields but Value are
// required. Source: Centrapay docs, payment requests, "Confirm a Pre Auth
// Payment Request".
type ConfirmPaymentRequest struct {
	// Value is what is drawn: above 0 and below 100000000 smallest units. It is
	// documented as optional, without a word on what is drawn in its absence: give
	// it.
	Value Monetary `json:"value,omitzero"`
	// IdempotencyKey names this confirmation. A repeat with the same key and
	// content draws nothing a second time.
	IdempotencyKey string `json:"idempotencyKey"`
	// InvoiceRef has at most 128 characters.
	InvoiceRef string `json:"invoiceRef"`
	// LineItems are what is delivered. Whether they have to sum to Value is not
	// documented; the service judges.
	LineItems []LineItem `json:"lineItems"`
}
