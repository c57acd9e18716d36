package legacy

import (
	"errors"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// Notification is what a webhook tells: the claims of its token. It reports what
// was, and can come late, twice or never: it is a reason to ask Info, not a proof
// of how a request stands. Source: Centrapay docs, legacy payment requests,
// "Webhooks"; the claims beside Transaction stand in the sample of 2020 only.
type Notification struct {
	// Transaction is the event.
	Transaction Transaction `json:"transaction"`
	// Issuer is who issued the token, in the sample of 2020 only.
	Issuer string `json:"iss,omitempty"`
	// ID is the token's id.
	ID api.Text `json:"jti,omitempty"`
	// IssuedAt and ExpiresAt bound the token's life.
	IssuedAt  NumericDate `json:"iat,omitempty"`
	ExpiresAt NumericDate `json:"exp,omitempty"`
	// NotBefore is from when the token is good.
	NotBefore NumericDate `json:"nbf,omitempty"`
}

// Transaction is the event that a notification tells of. For a request that was
// cancelled or expired, only its type and the request are given.
type Transaction struct {
	// ID is what Refund asks for.
	ID string `json:"transactionId,omitempty"`
	// TransactionType is the event: a cancellation, an expiry, a payment or a
	// refund.
	TransactionType TransactionType `json:"transactionType"`
	// State is "completed" in the samples.
	State string `json:"state,omitempty"`
	// Ledger is where the money moved.
	Ledger Ledger `json:"ledger,omitempty"`
	// Amount is what moved, in the units of the ledger.
	Amount Number `json:"amount,omitempty"`
	// Request is abridged: its Status is absent.
	Request Request `json:"request"`
	// CreatedAt and UpdatedAt are of the transaction, not of the request.
	CreatedAt api.Timestamp `json:"createdAt,omitzero"`
	UpdatedAt api.Timestamp `json:"updatedAt,omitzero"`
	// Type is the kind of payment, such as "BITCOIN".
	Type string `json:"type,omitempty"`
	// AuthCode is the authorization code of the transfer, or its transaction hash.
	AuthCode api.Text `json:"authCode,omitempty"`

	// The sample of 2020 also had what follows.

	// Timestamp is a moment of the transfer; the sample does not say which.
	Timestamp api.Timestamp `json:"timestamp,omitzero"`
	// Account is where the money went to.
	Account string `json:"account,omitempty"`
	// ResponseCode is "00" in the samples.
	ResponseCode api.Text `json:"responseCode,omitempty"`
	// SettlementDate is when the payment is settled with the merchant.
	SettlementDate api.Timestamp `json:"settlementDate,omitzero"`
	// Receipt is in base64; see ReceiptText.
	Receipt string `json:"receipt,omitempty"`
}

// NumericDate is a moment as tokens write it, in seconds since 1970, which the
// documents show as a number and as a string.
type NumericDate Number

// Time returns the moment, and whether there is one that can be told.
func (d NumericDate) Time() (time.Time, bool) {
	seconds := Number(d).Decimal()
	if !Number(d).Valid() || seconds.Abs().GreaterThan(decimal.NewFromInt(lastSecond)) {
		return time.Time{}, false
	}
	return time.Unix(seconds.IntPart(), 0).UTC(), true
}

// lastSecond ends the year 9999, after which no time can be written down.
const lastSecond = 253402300799

// MarshalJSON writes a JSON number.
func (d NumericDate) MarshalJSON() ([]byte, error) { return Number(d).MarshalJSON() }

// UnmarshalJSON reads a JSON number or string.
func (d *NumericDate) UnmarshalJSON(data []byte) error { return (*Number)(d).UnmarshalJSON(data) }

// whole says whether the claims tell of an event of a payment request.
func (n *Notification) whole() error {
	switch t := n.Transaction; {
	case t.TransactionType == "":
		return errors.New("it has no transactionType")
	case t.Request.ID == "":
		return errors.New("it names no request")
	case t.Amount.IsSet() && !t.Amount.Valid(), t.Request.Denomination.Amount.IsSet() && !t.Request.Denomination.Amount.Valid():
		return errors.New("its amount is no number")
	}
	return nil
}

// validAt reports whether a time lies in the token's life, of which absent
// claims set no bounds.
func (n *Notification) validAt(now time.Time) bool {
	for _, begin := range []NumericDate{n.IssuedAt, n.NotBefore} {
		if at, ok := begin.Time(); begin != "" && (!ok || at.After(now.Add(ClockLeeway))) {
			return false
		}
	}
	at, ok := n.ExpiresAt.Time()
	return n.ExpiresAt == "" || ok && now.Add(-ClockLeeway).Before(at)
}
