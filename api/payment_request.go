package api

// PaymentRequest asks a patron for money on behalf of a merchant. Everything
// but ID, Status and Value can be absent from an answer: the service has shown
// abridged and older forms. Lists that are nil were absent, empty ones were
// empty. Source: Centrapay docs, payment requests, "Payment Request".
type PaymentRequest struct {
	// ID is what all calls about the request are made with.
	ID string `json:"id"`
	// ShortCode is for people to read out and type, such as "CP-C7F-ZS5". It is
	// unique for up to two years and then used again: combine it with the date or
	// the merchant.
	ShortCode string `json:"shortCode,omitempty"`
	// URL is the pay page and the content of the QR code.
	URL string `json:"url,omitempty"`
	// PatronCodeID is the patron code that Barcode stood for.
	PatronCodeID string `json:"patronCodeId,omitempty"`
	// Barcode, BarcodeType and CollectionID are as they were given on creation.
	Barcode      Text   `json:"barcode,omitempty"`
	BarcodeType  string `json:"barcodeType,omitempty"`
	CollectionID string `json:"collectionId,omitempty"`
	// MerchantID and MerchantName are the merchant that is paid.
	MerchantID   string `json:"merchantId,omitempty"`
	MerchantName string `json:"merchantName,omitempty"`
	// ConfigID is the merchant config that decides the payment options.
	ConfigID string `json:"configId,omitempty"`
	// PurchaseOrderRef and InvoiceRef are references of the merchant's books.
	PurchaseOrderRef string `json:"purchaseOrderRef,omitempty"`
	InvoiceRef       string `json:"invoiceRef,omitempty"`
	// ExternalRef is the merchant's own reference of the transaction.
	ExternalRef string `json:"externalRef,omitempty"`

	// Value is what is asked for, in smallest units.
	Value Monetary `json:"value"`
	// PaymentOptions are the ways in which the request can be paid, by what the
	// config, the barcode and the pre-auth allow.
	PaymentOptions []PaymentOption `json:"paymentOptions,omitzero"`
	// LineItems are the basket, as given on creation.
	LineItems []LineItem `json:"lineItems,omitzero"`
	// MerchantConditions are computed when the request is polled.
	MerchantConditions []PaymentCondition `json:"merchantConditions,omitzero"`
	// PaidBy tells which assets paid; nil as long as none did.
	PaidBy *PaidBy `json:"paidBy,omitempty"`
	// PartialAllowed says that a payment of less than Value is accepted; see
	// RemainingAmount.
	PartialAllowed Bool `json:"partialAllowed,omitempty"`
	// BasketAmount is the whole basket in smallest units, with what is paid
	// outside Centrapay.
	BasketAmount BigNumber `json:"basketAmount,omitempty"`
	// RemainingAmount is the part that is not paid yet, in smallest units; most
	// answers leave it out.
	RemainingAmount BigNumber `json:"remainingAmount,omitempty"`

	// Status is new, paid, cancelled or expired; see its IsFinal. Refunds do not
	// change it.
	Status Status `json:"status"`
	// CancellationReason is given for cancelled requests.
	CancellationReason CancellationReason `json:"cancellationReason,omitempty"`
	// CreatedAt begins the 24 hours in which a paid request can be voided.
	CreatedAt Timestamp `json:"createdAt,omitzero"`
	// UpdatedAt is when the service last changed the request.
	UpdatedAt Timestamp `json:"updatedAt,omitzero"`
	// ExpiresAt is when a request that is still new becomes expired, by the clock
	// of the service.
	ExpiresAt Timestamp `json:"expiresAt,omitzero"`
	// Liveness tells real money from test money, by the payment options.
	Liveness Liveness `json:"liveness,omitempty"`
	// ExpirySeconds is the lifetime that was asked for: ExpiresAt less CreatedAt.
	ExpirySeconds Int `json:"expirySeconds,omitempty"`

	// PreAuth says that the request asks for an authorization, to be drawn on by
	// Confirm, and not for a payment.
	PreAuth Bool `json:"preAuth,omitempty"`
	// PreAuthStatus is authorized or released, and absent before the
	// authorization. The Status of an authorized request is paid although no money
	// moved yet.
	PreAuthStatus PreAuthStatus `json:"preAuthStatus,omitempty"`
	// PreAuthExpiresAt is until when confirmations and releases are accepted.
	PreAuthExpiresAt Timestamp `json:"preAuthExpiresAt,omitzero"`

	// ConditionsEnabled, PatronNotPresent, TerminalID, DeviceID and OperatorID are
	// as they were given on creation.
	ConditionsEnabled Bool   `json:"conditionsEnabled,omitempty"`
	PatronNotPresent  Bool   `json:"patronNotPresent,omitempty"`
	TerminalID        string `json:"terminalId,omitempty"`
	DeviceID          string `json:"deviceId,omitempty"`
	OperatorID        string `json:"operatorId,omitempty"`
	// CreatedByAccountID and CreatedByAccountName are the account that made the
	// request, such as an integrator's.
	CreatedByAccountID   string `json:"createdByAccountId,omitempty"`
	CreatedByAccountName string `json:"createdByAccountName,omitempty"`
	// TaxNumber is for the receipt.
	TaxNumber *TaxNumber `json:"taxNumber,omitempty"`

	// RedirectURL is the single return address of older requests.
	RedirectURL string `json:"redirectUrl,omitempty"`
	// RedirectPaidURL and RedirectCancelURL are as they were given on creation.
	RedirectPaidURL   string `json:"redirectPaidUrl,omitempty"`
	RedirectCancelURL string `json:"redirectCancelUrl,omitempty"`
	// ConnectionID and ConnectionStatus are of the connection that the request was
	// made with, if any.
	ConnectionID     string           `json:"connectionId,omitempty"`
	ConnectionStatus ConnectionStatus `json:"connectionStatus,omitempty"`
	// PaymentLinkID is the payment link that the request was made from, if any.
	PaymentLinkID string `json:"paymentLinkId,omitempty"`
}

// PaymentOption is one way in which a payment request can be paid. One that
// gives an address is paid in two steps: a transaction to the address on that
// ledger, outside Centrapay, and then a call with its transaction id, for which
// the documents name the legacy API: Pay of package legacy, with the id as the
// Authorization. Source: Centrapay docs, payment requests, "Payment Option".
type PaymentOption struct {
	// AssetType is what pays, liveness included.
	AssetType AssetType `json:"assetType"`
	// Amount is the price in the canonical units of the asset, which can differ
	// from the value of the request.
	Amount BigNumber `json:"amount,omitempty"`
	// BitcoinAddress is given for bitcoin only: where to pay Amount to.
	BitcoinAddress string `json:"bitcoinAddress,omitempty"`
	// ProductCodes were given for epay until 2024.
	ProductCodes []string `json:"productCodes,omitzero"`
	// AcceptedCollections are given for tokens only.
	AcceptedCollections []AcceptedCollection `json:"acceptedCollections,omitzero"`
}

// AcceptedCollection is a token collection that the merchant takes for this
// request, with the lines a token of it may buy.
type AcceptedCollection struct {
	// ID is the id of the collection.
	ID string `json:"id"`
	// LineItems are the lines that a token of the collection may buy.
	LineItems []LineItem `json:"lineItems,omitzero"`
}

// PaymentCondition is a question that must be answered before a payment can
// succeed, such as a look at the customer's photo id.
type PaymentCondition struct {
	// ID is opaque text: a counter inside the request.
	ID Text `json:"id,omitempty"`
	// Name is what is asked, such as "photo-id-check".
	Name string `json:"name,omitempty"`
	// Message is the text to show to staff.
	Message string `json:"message,omitempty"`
	// Status tells who has to answer: only the merchant can where it is
	// awaiting-merchant, see AcceptCondition; where it is awaiting-patron staff
	// are only told.
	Status ConditionStatus `json:"status,omitempty"`
}

// TaxNumber is the merchant's tax number; Type can be "nz-gst".
type TaxNumber struct {
	// Value is the number as the merchant gave it.
	Value string `json:"value"`
	// Type is the tax it is for, such as "nz-gst".
	Type string `json:"type,omitempty"`
}

// PaidBy tells which assets paid.
type PaidBy struct {
	// AssetTotals has one entry for each kind of asset that paid.
	AssetTotals []AssetTotal `json:"assetTotals,omitzero"`
}

// AssetTotal is what one kind of asset paid towards a request.
type AssetTotal struct {
	// Type is the asset type, liveness included.
	Type AssetType `json:"type,omitempty"`
	// Description is the text to show to the customer.
	Description string `json:"description,omitempty"`
	// SettlementDate is the service's estimate.
	SettlementDate Timestamp `json:"settlementDate,omitzero"`
	// Total is what this asset paid, in smallest units of its currency.
	Total Monetary `json:"total,omitzero"`
	// LineItems are the lines that this asset paid for, when it was given.
	LineItems []LineItem `json:"lineItems,omitzero"`
	// PayerAccountID is in the examples, not in the documented model.
	PayerAccountID string `json:"payerAccountId,omitempty"`
}
