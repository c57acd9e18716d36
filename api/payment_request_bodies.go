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
	Barcode Text `json:"barcode,omitempty"`
	// BarcodeType names the provider of Barcode where the code itself does not,
	// such as "ticketek".
	BarcodeType string `json:"barcodeType,omitempty"`
	// CollectionID is the token collection to pay from; one the service does not
	// know is refused with TOKEN_COLLECTION_NOT_FOUND.
	CollectionID string `json:"collectionId,omitempty"`
	// ExpirySeconds is the lifetime; the service's default is 120, its most 86400.
	ExpirySeconds Int `json:"expirySeconds,omitempty"`
	// LineItems must sum to Value, or to BasketAmount when PartialAllowed.
	LineItems []LineItem `json:"lineItems,omitempty"`
	// PurchaseOrderRef is the number of the customer's purchase order.
	PurchaseOrderRef string `json:"purchaseOrderRef,omitempty"`
	// InvoiceRef has at most 128 characters.
	InvoiceRef string `json:"invoiceRef,omitempty"`
	// RedirectURL was replaced by the next two in 2024.
	RedirectURL string `json:"redirectUrl,omitempty"`
	// RedirectPaidURL is where the pay page sends the patron after the payment. It
	// must begin with one of the config's AllowedRedirectURLs, else the service
	// refuses with REDIRECT_URL_INVALID; paymentRequestId is appended to its
	// query. For online shops; experimental.
	RedirectPaidURL string `json:"redirectPaidUrl,omitempty"`
	// RedirectCancelURL is where the pay page sends a patron who leaves without
	// paying: the request is then cancelled, expired or still new. It is held to
	// the same rules as RedirectPaidURL and gets the same parameter.
	RedirectCancelURL string `json:"redirectCancelUrl,omitempty"`
	// ExternalRef is the merchant's own reference; the request can be looked up
	// by it when the answer to its creation was lost.
	ExternalRef string `json:"externalRef,omitempty"`
	// TerminalID is the till's logical number; it stays when the device is
	// exchanged. The integration guide requires it.
	TerminalID string `json:"terminalId,omitempty"`
	// DeviceID is the serial number of the hardware. The integration guide
	// requires it.
	DeviceID string `json:"deviceId,omitempty"`
	// OperatorID is the person at the till, as the point of sale knows them.
	OperatorID string `json:"operatorId,omitempty"`
	// CreatedByAccountName names the account that makes the request.
	CreatedByAccountName string `json:"createdByAccountName,omitempty"`
	// ConditionsEnabled says that staff can answer payment conditions; without
	// it a condition that arises cancels the request.
	ConditionsEnabled bool `json:"conditionsEnabled,omitempty"`
	// PatronNotPresent says that the customer is not in the shop, as with an order
	// by phone. It can change the payment options, and leaves out conditions that
	// could not be met, such as a look at a photo id.
	PatronNotPresent bool `json:"patronNotPresent,omitempty"`
	// PreAuth asks for an authorization instead of a payment: the money is held,
	// by default for three months, until Confirm draws it and Release gives back
	// the rest. Payment options that cannot do so are left out; with none left the
	// service refuses with NO_AVAILABLE_PAYMENT_OPTIONS.
	PreAuth bool `json:"preAuth,omitempty"`
	// PartialAllowed accepts a payment of less than Value, from an asset that does
	// not hold enough. The till then takes the RemainingAmount in another way or
	// refunds the request. It requires BasketAmount.
	PartialAllowed bool `json:"partialAllowed,omitempty"`
	// BasketAmount is the whole basket in smallest units; required when
	// PartialAllowed, and only then allowed.
	BasketAmount BigNumber `json:"basketAmount,omitempty"`
	// ConnectionID sends the request to the wallet of a connection that this
	// caller made for the same merchant; see ConnectionsClient.Create.
	// Experimental.
	ConnectionID string `json:"connectionId,omitempty"`
	// PaymentLinkID is the payment link that the request belongs to. Experimental.
	PaymentLinkID string `json:"paymentLinkId,omitempty"`
}

// PayPaymentRequest is the body that pays a request. At most one of AssetID,
// TransactionID and Authorization is given, and exactly one unless the payment
// was made outside Centrapay. Source: Centrapay docs, payment requests, "Pay a
// Payment Request".
type PayPaymentRequest struct {
	// IdempotencyKey makes a repeat pay no second time. The service has required
	// it since 2025; a payment without it is never repeated by this client.
	IdempotencyKey string `json:"idempotencyKey,omitempty"`
	// AssetType is one of the request's PaymentOptions. Required.
	AssetType AssetType `json:"assetType"`
	// AssetID is an asset held by Centrapay.
	AssetID string `json:"assetId,omitempty"`
	// TransactionID proves a transaction outside Centrapay.
	TransactionID string `json:"transactionId,omitempty"`
	// Authorization is the opaque authority of a third-party asset.
	Authorization string `json:"authorization,omitempty"`
	// Amount is what to take, in the canonical units of the asset, for payments
	// in part.
	Amount BigNumber `json:"amount,omitempty"`
	// Mode is for payments of less than what remains: with PayModePartial the
	// request, which must be PartialAllowed, becomes paid and the rest is left to
	// the till; with PayModeMultiAsset it stays new until other assets have paid
	// the rest. Empty pays all of it.
	Mode PayMode `json:"mode,omitempty"`
	// ExternalPaymentRef is required for Farmlands assets.
	ExternalPaymentRef string `json:"externalPaymentRef,omitempty"`
	// LineItems are allowed for tokens only.
	LineItems []LineItem `json:"lineItems,omitempty"`
}
