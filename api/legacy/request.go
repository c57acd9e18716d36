package legacy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"centrapos/api"
)

// Request is a payment request of the first generation. Everything but ID,
// Status and Denomination can be absent. Source: Centrapay docs, legacy payment
// requests, "Payment Request"; first publication, "Response Properties".
type Request struct {
	// ID is the requestId of all calls: a UUID, or 22 characters today.
	ID string `json:"requestId"`
	// ShortCode is for people to read out and type. Today's form only.
	ShortCode string `json:"shortCode,omitempty"`
	// MerchantID and MerchantName are the merchant that is paid.
	MerchantID   string `json:"merchantId,omitempty"`
	MerchantName string `json:"merchantName,omitempty"`
	// ClientID is the merchant config.
	ClientID string `json:"clientId,omitempty"`
	// ExternalReference is the merchant's own reference of the transaction.
	ExternalReference string `json:"externalReference,omitempty"`
	// Denomination is what is asked for.
	Denomination Denomination `json:"denomination,omitzero"`
	// Payments are the ways in which the request can be paid.
	Payments []Payment `json:"payments,omitzero"`
	// PaidBy does not say that the request is paid, only Status does: one sample
	// shows it with the status new.
	PaidBy *PaidBy `json:"paidBy,omitempty"`
	// RequestCode and QRCode are both what to show to the patron's phone; see
	// ShowCode.
	RequestCode string `json:"requestCode,omitempty"`
	QRCode      string `json:"qrCode,omitempty"`
	// PatronCode and Description are as they were given on creation.
	PatronCode  api.Text `json:"patronCode,omitempty"`
	Description string   `json:"description,omitempty"`

	// Status is new, paid, cancelled or expired; see its IsFinal.
	Status Status `json:"status,omitempty"`
	// CancellationReason is given for cancelled requests, in today's form.
	CancellationReason api.CancellationReason `json:"cancellationReason,omitempty"`
	// CreatedAt begins the 24 hours in which a paid request can be voided.
	CreatedAt api.Timestamp `json:"createdAt,omitzero"`
	// UpdatedAt is when the service last changed the request.
	UpdatedAt api.Timestamp `json:"updatedAt,omitzero"`
	// ExpiresAt stands in one table of the first publication only.
	ExpiresAt api.Timestamp `json:"expiresAt,omitzero"`
	// Liveness tells real money from test money. Today's form only.
	Liveness api.Liveness `json:"liveness,omitempty"`
	// PaymentExpirySeconds is the lifetime from CreatedAt on, in seconds; two
	// minutes when absent.
	PaymentExpirySeconds Number `json:"paymentExpirySeconds,omitempty"`

	// TerminalID and DeviceID are of the till that made the request.
	TerminalID api.Text `json:"terminalId,omitempty"`
	DeviceID   api.Text `json:"deviceId,omitempty"`
	// NotifyURL receives webhooks; it may be relative.
	NotifyURL string `json:"notifyUrl,omitempty"`
}

// ShowCode returns the content of the QR code to show to the patron, "" when
// the request has none.
func (r Request) ShowCode() string {
	if r.RequestCode != "" {
		return r.RequestCode
	}
	return r.QRCode
}

// Denomination is what is asked for: Amount in smallest units of Asset, which
// is a currency such as "NZD".
type Denomination struct {
	// Amount is in smallest units: 1020 is $10.20.
	Amount Number `json:"amount,omitempty"`
	// Asset is a currency, such as "NZD".
	Asset string `json:"asset,omitempty"`
}

// UnmarshalJSON also knows the asset by the name that the documents' type has
// for it, currency.
func (d *Denomination) UnmarshalJSON(data []byte) error {
	var wire struct {
		Amount   Number `json:"amount"`
		Asset    string `json:"asset"`
		Currency string `json:"currency"`
	}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	if wire.Asset == "" {
		wire.Asset = wire.Currency
	}
	*d = Denomination{Amount: wire.Amount, Asset: wire.Asset}
	return nil
}

// Payment is one way in which a request can be paid.
type Payment struct {
	// Amount settles the request, in the units of the ledger: smallest ones for
	// currencies and ether, whole bitcoins with a fraction.
	Amount Number `json:"amount,omitempty"`
	// Account is where to transfer to; vouchers have none.
	Account string `json:"account,omitempty"`
	// Ledger is where to pay: what Pay takes.
	Ledger Ledger `json:"ledger,omitempty"`
	// Methods are how the payer's device can be told of the request, such as a QR
	// code.
	Methods []Method `json:"methods,omitzero"`
}

// PaidBy is the transfer that paid a request. Today's documents name its first
// two fields only. Source: Centrapay docs, legacy payment requests, "Paid By";
// first publication.
type PaidBy struct {
	// TransactionID is what Refund asks for.
	TransactionID string `json:"transactionId,omitempty"`
	// Amount is what was transferred, in the units of the ledger.
	Amount Number `json:"amount,omitempty"`
	// Account is where the money went to, empty for vouchers.
	Account string `json:"account,omitempty"`
	// Ledger is where the payment was made.
	Ledger Ledger `json:"ledger,omitempty"`
	// PaidAt is when the transfer was made.
	PaidAt api.Timestamp `json:"paidAt,omitzero"`
	// ResponseCode is "00" in the samples.
	ResponseCode api.Text `json:"responseCode,omitempty"`
	// AuthCode is the transfer's authorization code or transaction hash.
	AuthCode api.Text `json:"authCode,omitempty"`
	// Type is the kind of payment by which settlements are reconciled.
	Type string `json:"type,omitempty"`
	// Description is a text about the payment.
	Description string `json:"description,omitempty"`
	// Receipt is the receipt to print for the payer in base64; see ReceiptText.
	Receipt string `json:"receipt,omitempty"`
	// SettlementDate is when the payment is settled with the merchant.
	SettlementDate api.Timestamp `json:"settlementDate,omitzero"`
	// V2 stands in one sample of 2023, without a word on its meaning.
	V2 api.Bool `json:"v2,omitempty"`
	// AssetTotals are as in today's payment requests API: which assets paid how
	// much.
	AssetTotals []api.AssetTotal `json:"assetTotals,omitzero"`
}

// UnmarshalJSON reads the object. A string, which is what the documents say it
// is, tells nothing.
func (p *PaidBy) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte(`"`)) {
		*p = PaidBy{}
		return nil
	}
	type wire PaidBy
	return json.Unmarshal(data, (*wire)(p))
}

// ReceiptText returns the receipt to print for the payer as plain text, ""
// when there is none. The error says so when the field is not base64 or too
// long.
func (p PaidBy) ReceiptText() (string, error) { return ReceiptText(p.Receipt) }

// wholeRequest says whether an answer is a payment request. Money that is no
// number would be taken for zero further on.
func wholeRequest(r *Request) error {
	switch {
	case r.ID == "":
		return errors.New("it has no requestId")
	case r.Status == "":
		return errors.New("it has no status")
	case !r.Denomination.Amount.Valid() || r.Denomination.Asset == "":
		return errors.New("its denomination is no amount of money")
	}
	return nil
}

// requestOf checks that an answer is the payment request that was asked about.
func requestOf(id string) func(*Request) error {
	return func(r *Request) error {
		if err := aboutRequest(r, id); err != nil {
			return err
		}
		return wholeRequest(r)
	}
}

// cancelledRequest checks that an answer, which is abridged, says that the
// request was cancelled.
func cancelledRequest(id string) func(*Request) error {
	return func(r *Request) error {
		switch err := aboutRequest(r, id); {
		case err != nil:
			return err
		case r.Status != StatusCancelled:
			return fmt.Errorf("its status is %q, not cancelled", clip(string(r.Status)))
		case r.Denomination.Amount.IsSet() && !r.Denomination.Amount.Valid():
			return errors.New("its denomination is no amount of money")
		}
		return nil
	}
}

func aboutRequest(r *Request, id string) error {
	switch r.ID {
	case id:
		return nil
	case "":
		return errors.New("it has no requestId")
	default:
		return fmt.Errorf("it is about payment request %q", clip(r.ID))
	}
}

// clip keeps what a foreign text may add to an error message short.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}
