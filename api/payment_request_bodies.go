package api

// CreatePaymentRequest is the body of a new payment request. ConfigID and Value
// are required. Source: Centrapay docs, payment requests, "Create a Payment
// Request".
type CreatePaymentRequest struct {
	// ConfigID is the merchant config that decides the payment options.
	ConfigID string `json:"configId"`
	// Value is what is asked for: above 0 and below 100000000 smallest units.
	Value Monetary `json:"value"`
	// Barcode is a code scanned from the patron's phone or card.
	Barcode      Text   `json:"barcode,omitempty"`
	BarcodeType  string `json:"barcodeType,omitempty"`
	CollectionID string `json:"collectionId,omitempty"`
	// ExpirySeconds is the lifetime; the service's default is 120, its most 86400.
	ExpirySeconds Int `json:"expirySeconds,omitempty"`
	// LineItems must sum to Value, or to BasketAmount when PartialAllowed.
	LineItems        []LineItem `json:"lineItems,omitempty"`
	PurchaseOrderRef string     `json:"purchaseOrderRef,omitempty"`
	// InvoiceRef has at most 128 characters.
	InvoiceRef string `json:"invoiceRef,omitempty"`
	// RedirectURL was replaced by the next two in 2024.
	RedirectURL       string `json:"redirectUrl,omitempty"`
	RedirectPaidURL   string `json:"redirectPaidUrl,omitempty"`
	RedirectCancelURL string `json:"redirectCancelUrl,omitempty"`
	// ExternalRef is the merchant's own reference; the request can be looked up
	// by it when the answer to its creation was lost.
	ExternalRef          string `json:"externalRef,omitempty"`
	TerminalID           string `json:"terminalId,omitempty"`
	DeviceID             string `json:"deviceId,omitempty"`
	OperatorID           string `json:"operatorId,omitempty"`
	CreatedByAccountName string `json:"createdByAccountName,omitempty"`
	// ConditionsEnabled says that staff can answer payment conditions; without
	// it a condition that arises cancels the request.
	ConditionsEnabled bool `json:"conditionsEnabled,omitempty"`
	PatronNotPresent  bool `json:"patronNotPresent,omitempty"`
	PreAuth           bool `json:"preAuth,omitempty"`
	PartialAllowed    bool `json:"partialAllowed,omitempty"`
	// BasketAmount is the whole basket in smallest units; required when
	// PartialAllowed, and only then allowed.
	BasketAmount  BigNumber `json:"basketAmount,omitempty"`
	ConnectionID  string    `json:"connectionId,omitempty"`
	PaymentLinkID string    `json:"paymentLinkId,omitempty"`
}

// PayPaymentRequest is the body that pays a request. At most one of AssetID,
// TransactionID and Authorization is given, and exactly one unless the payment
// was made outside Centrapay. Source: Centrapay docs, payment requests, "Pay a
// Payment Request".
type PayPaymentRequest struct {
	// IdempotencyKey makes a repeat pay no second time. The service has required
	// it since 2025; a payment without it is never repeated by this client.
	IdempotencyKey string    `json:"idempotencyKey,omitempty"`
	AssetType      AssetType `json:"assetType"`
	// AssetID is an asset held by Centrapay.
	AssetID string `json:"assetId,omitempty"`
	// TransactionID proves a transaction outside Centrapay.
	TransactionID string `json:"transactionId,omitempty"`
	// Authorization is the opaque authority of a third-party asset.
	Authorization string `json:"authorization,omitempty"`
	// Amount is what to take, in the canonical units of the asset, for payments
	// in part.
	Amount BigNumber `json:"amount,omitempty"`
	Mode   PayMode   `json:"mode,omitempty"`
	// ExternalPaymentRef is required for Farmlands assets.
	ExternalPaymentRef string `json:"externalPaymentRef,omitempty"`
	// LineItems are allowed for tokens only.
	LineItems []LineItem `json:"lineItems,omitempty"`
}
