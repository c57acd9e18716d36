package legacy

import (
	"strings"

	"centrapos/api"
)

// Status is where a payment request stands. Reading folds the two spellings of
// cancelled into one; other values are kept as they are. Source: Centrapay docs,
// legacy payment requests, "Payment Request"; first publication.
type Status string

// The statuses of a payment request.
const (
	// StatusNew means waiting for payment; the only status that is not final.
	StatusNew Status = "new"
	// StatusPaid means paid.
	StatusPaid Status = "paid"
	// StatusCancelled means cancelled; the first publication also writes
	// "canceled".
	StatusCancelled Status = "cancelled"
	// StatusExpired means its time passed without payment.
	StatusExpired Status = "expired"
)

// IsFinal reports whether polling may stop. An unknown status is not final.
func (s Status) IsFinal() bool { return api.Status(s).IsFinal() }

// UnmarshalJSON reads a status, whatever the case of its letters.
func (s *Status) UnmarshalJSON(data []byte) error {
	return fold(s, data, map[string]Status{
		"new": StatusNew, "paid": StatusPaid, "expired": StatusExpired,
		"cancelled": StatusCancelled, "canceled": StatusCancelled,
	})
}

// Method is how a payment is begun. Other values are kept as they are. Source:
// first publication; today's documents have MethodQR only.
type Method string

// The methods of a payment.
const (
	// MethodQR is a QR code; the first publication's tables write "qr", its
	// samples "qr_code", and reading folds both into this.
	MethodQR               Method = "qr_code"
	MethodNFC              Method = "nfc"
	MethodAuthAlphanumeric Method = "auth_alphanumeric"
	MethodAuthNumeric      Method = "auth_numeric"
)

// UnmarshalJSON reads a method.
func (m *Method) UnmarshalJSON(data []byte) error {
	return fold(m, data, map[string]Method{"qr": MethodQR, "qr_code": MethodQR})
}

// TransactionType is what a notification is about. Other values are kept as
// they are. Source: Centrapay docs, legacy payment requests, "Webhooks".
type TransactionType string

// The events that notifications tell of.
const (
	// TransactionCancelled says that the request was cancelled.
	TransactionCancelled TransactionType = "CANCELLED"
	// TransactionExpired says that the request expired unpaid.
	TransactionExpired TransactionType = "EXPIRED"
	// TransactionPurchase says that the request was paid.
	TransactionPurchase TransactionType = "PURCHASE"
	// TransactionRefund says that money went back, once for each refund, by a
	// refund or by a void of a paid request.
	TransactionRefund TransactionType = "REFUND"
)

// UnmarshalJSON reads a type, whatever the case of its letters.
func (t *TransactionType) UnmarshalJSON(data []byte) error {
	return fold(t, data, map[string]TransactionType{
		"cancelled": TransactionCancelled, "canceled": TransactionCancelled, "expired": TransactionExpired,
		"purchase": TransactionPurchase, "refund": TransactionRefund,
	})
}

// fold reads text and replaces it when known has it in lower case.
func fold[T ~string](into *T, data []byte, known map[string]T) error {
	var text api.Text
	if err := text.UnmarshalJSON(data); err != nil {
		return err
	}
	if v, ok := known[strings.ToLower(string(text))]; ok {
		*into = v
		return nil
	}
	*into = T(text)
	return nil
}

// Ledger names where a payment is recorded. The names have changed over the
// years; use those that the request's Payments give. Source: Centrapay docs,
// legacy payment requests, "Pay"; first publication.
type Ledger string

// The ledgers that the documents name, the last ones in old editions only.
const (
	LedgerCentrapayNZDMain Ledger = "centrapay.nzd.main"
	LedgerCentrapayNZDTest Ledger = "centrapay.nzd.test"
	LedgerBitcoin          Ledger = "g.crypto.bitcoin.mainnet"
	LedgerEpayNZDMain      Ledger = "epay.nzd.main"
	// LedgerVoucher is Pocket Vouchers in 2018, LedgerPocketVouchers in 2020.
	LedgerVoucher        Ledger = "g.centrapay.pocketvouchers.voucher1"
	LedgerPocketVouchers Ledger = "g.pocketvouchers.pv"
	LedgerTestUplink     Ledger = "g.test.testUplink"
)

// AssetType returns the asset type by which the rest of the API knows the
// ledger. Names that the documents do not translate stay as they are.
func (l Ledger) AssetType() api.AssetType {
	switch l {
	case LedgerBitcoin:
		return "bitcoin.main"
	case LedgerVoucher, LedgerPocketVouchers:
		return "pocketvouchers"
	case LedgerTestUplink:
		return "test"
	default:
		return api.AssetType(l)
	}
}
