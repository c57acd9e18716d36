package api

// PaymentRequest asks a patron for money on behalf of a merchant. Everything
// but ID, Status and Value can be absent from an answer: the service has shown
// abridged and older forms. Lists that are nil were absent, empty ones were
// empty. Source: Centrapay docs, payment requests, "Payment Request".
type PaymentRequest struct {
	ID        string `json:"id"`
	ShortCode string `json:"shortCode,omitempty"`
	// URL is the pay page and the content of the QR code.
	URL          string `json:"url,omitempty"`
	PatronCodeID string `json:"patronCodeId,omitempty"`
	Barcode      Text   `json:"barcode,omitempty"`
	BarcodeType  string `json:"barcodeType,omitempty"`
	CollectionID string `json:"collectionId,omitempty"`
	MerchantID   string `json:"merchantId,omitempty"`
	MerchantName string `json:"merchantName,omitempty"`
	// ConfigID is the merchant config that decides the payment options.
	ConfigID         string `json:"configId,omitempty"`
	PurchaseOrderRef string `json:"purchaseOrderRef,omitempty"`
	InvoiceRef       string `json:"invoiceRef,omitempty"`
	// ExternalRef is the merchant's own reference of the transaction.
	ExternalRef string `json:"externalRef,omitempty"`

	// Value is what is asked for, in smallest units.
	Value          Monetary        `json:"value"`
	PaymentOptions []PaymentOption `json:"paymentOptions,omitzero"`
	LineItems      []LineItem      `json:"lineItems,omitzero"`
	// MerchantConditions are computed when the request is polled.
	MerchantConditions []PaymentCondition `json:"merchantConditions,omitzero"`
	PaidBy             *PaidBy            `json:"paidBy,omitempty"`
	PartialAllowed     Bool               `json:"partialAllowed,omitempty"`
	// BasketAmount is the whole basket in smallest units, with what is paid
	// outside Centrapay.
	BasketAmount BigNumber `json:"basketAmount,omitempty"`
	// RemainingAmount is the part that is not paid yet, in smallest units; most
	// answers leave it out.
	RemainingAmount BigNumber `json:"remainingAmount,omitempty"`

	Status             Status             `json:"status"`
	CancellationReason CancellationReason `json:"cancellationReason,omitempty"`
	CreatedAt          Timestamp          `json:"createdAt,omitzero"`
	UpdatedAt          Timestamp          `json:"updatedAt,omitzero"`
	ExpiresAt          Timestamp          `json:"expiresAt,omitzero"`
	Liveness           Liveness           `json:"liveness,omitempty"`
	ExpirySeconds      Int                `json:"expirySeconds,omitempty"`

	PreAuth       Bool          `json:"preAuth,omitempty"`
	PreAuthStatus PreAuthStatus `json:"preAuthStatus,omitempty"`
	// PreAuthExpiresAt is until when confirmations and releases are accepted.
	PreAuthExpiresAt Timestamp `json:"preAuthExpiresAt,omitzero"`

	ConditionsEnabled    Bool       `json:"conditionsEnabled,omitempty"`
	PatronNotPresent     Bool       `json:"patronNotPresent,omitempty"`
	TerminalID           string     `json:"terminalId,omitempty"`
	DeviceID             string     `json:"deviceId,omitempty"`
	OperatorID           string     `json:"operatorId,omitempty"`
	CreatedByAccountID   string     `json:"createdByAccountId,omitempty"`
	CreatedByAccountName string     `json:"createdByAccountName,omitempty"`
	TaxNumber            *TaxNumber `json:"taxNumber,omitempty"`

	// RedirectURL is the single return address of older requests.
	RedirectURL       string           `json:"redirectUrl,omitempty"`
	RedirectPaidURL   string           `json:"redirectPaidUrl,omitempty"`
	RedirectCancelURL string           `json:"redirectCancelUrl,omitempty"`
	ConnectionID      string           `json:"connectionId,omitempty"`
	ConnectionStatus  ConnectionStatus `json:"connectionStatus,omitempty"`
	PaymentLinkID     string           `json:"paymentLinkId,omitempty"`
}

// PaymentOption is one way in which a payment request can be paid.
type PaymentOption struct {
	AssetType AssetType `json:"assetType"`
	// Amount is the price in the canonical units of the asset, which can differ
	// from the value of the request.
	Amount BigNumber `json:"amount,omitempty"`
	// BitcoinAddress is given for bitcoin only.
	BitcoinAddress string `json:"bitcoinAddress,omitempty"`
	// ProductCodes were given for epay until 2024.
	ProductCodes []string `json:"productCodes,omitzero"`
	// AcceptedCollections are given for tokens only.
	AcceptedCollections []AcceptedCollection `json:"acceptedCollections,omitzero"`
}

// AcceptedCollection is a token collection that the merchant takes for this
// request, with the lines a token of it may buy.
type AcceptedCollection struct {
	ID        string     `json:"id"`
	LineItems []LineItem `json:"lineItems,omitzero"`
}

// PaymentCondition is a question that must be answered before a payment can
// succeed, such as a look at the customer's photo id.
type PaymentCondition struct {
	// ID is opaque text: a counter inside the request.
	ID   Text   `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
	// Message is the text to show to staff.
	Message string          `json:"message,omitempty"`
	Status  ConditionStatus `json:"status,omitempty"`
}

// TaxNumber is the merchant's tax number; Type can be "nz-gst".
type TaxNumber struct {
	Value string `json:"value"`
	Type  string `json:"type,omitempty"`
}

// PaidBy tells which assets paid.
type PaidBy struct {
	AssetTotals []AssetTotal `json:"assetTotals,omitzero"`
}

// AssetTotal is what one kind of asset paid towards a request.
type AssetTotal struct {
	Type AssetType `json:"type,omitempty"`
	// Description is the text to show to the customer.
	Description string `json:"description,omitempty"`
	// SettlementDate is the service's estimate.
	SettlementDate Timestamp `json:"settlementDate,omitzero"`
	Total          Monetary  `json:"total,omitzero"`
	// LineItems are the lines that this asset paid for, when it was given.
	LineItems []LineItem `json:"lineItems,omitzero"`
	// PayerAccountID is in the examples, not in the documented model.
	PayerAccountID string `json:"payerAccountId,omitempty"`
}
