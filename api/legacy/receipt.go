package legacy

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"centrapos/api"
)

// Receipt is what pay and refund answer in today's form. Everything but Status
// can be absent, and its amount need not be the one that was asked for: the
// refund sample asks for 100 and is answered 350. Source: Centrapay docs, legacy
// payment requests, samples of "Pay" and "Refund"; there is no table of it.
type Receipt struct {
	// CreatedAt is when the transaction was made.
	CreatedAt api.Timestamp `json:"createdAt,omitzero"`
	// CurrencyExchange is the rate at which the payment was exchanged, if it was.
	CurrencyExchange *CurrencyExchange `json:"currencyExchange,omitempty"`
	// Merchant is who was paid, or gave back.
	Merchant *ReceiptMerchant `json:"merchant,omitempty"`
	// Payment is the money that moved.
	Payment *ReceiptPayment `json:"payment,omitempty"`
	// Reference is a reference of the service; the samples do not say of what.
	Reference string `json:"reference,omitempty"`
	// SettlementDate is a date, read as its first moment.
	SettlementDate api.Timestamp `json:"settlementDate,omitzero"`
	// Status is "Success"; the calls return no other receipts.
	Status string `json:"status"`
	// Type is "txBitcoin" or "txRefund" in the samples.
	Type string `json:"type,omitempty"`
	// Version is that of the form of the receipt.
	Version Number `json:"version,omitempty"`
}

// CurrencyExchange is the rate at which a receipt's payment was exchanged.
type CurrencyExchange struct {
	// Asset is the other currency or asset of the exchange.
	Asset string `json:"asset,omitempty"`
	// Rate is a number with a fraction: 0.000081 in the samples.
	Rate Number `json:"rate,omitempty"`
}

// ReceiptMerchant is the merchant on a receipt.
type ReceiptMerchant struct {
	// CategoryCode is four digits.
	CategoryCode api.Text `json:"categoryCode,omitempty"`
	// ID and Name are the merchant's.
	ID string `json:"id,omitempty"`
	// Location is a country code in the samples.
	Location string `json:"location,omitempty"`
	Name     string `json:"name,omitempty"`
}

// ReceiptPayment is the money on a receipt: Amount in smallest units of Asset.
type ReceiptPayment struct {
	// Amount is in smallest units of Asset; it need not be the amount that was
	// asked for.
	Amount Number `json:"amount,omitempty"`
	// Asset is the currency, such as "NZD".
	Asset string `json:"asset,omitempty"`
	// Message is a text of the service for the receipt.
	Message string `json:"message,omitempty"`
}

// PayResult is the answer of Pay, which is a request in the first form and a
// receipt in today's. Exactly one of its fields is set; which, is decided by the
// answer and not by the form.
type PayResult struct {
	// Request is the request, paid.
	Request *Request
	// Receipt is the receipt of the payment.
	Receipt *Receipt
}

// UnmarshalJSON tells a request from a receipt: only the one has a requestId,
// only the other a payment.
func (p *PayResult) UnmarshalJSON(data []byte) error {
	var has struct {
		RequestID json.RawMessage `json:"requestId"`
		Payment   json.RawMessage `json:"payment"`
	}
	if err := json.Unmarshal(data, &has); err != nil {
		return err
	}
	*p = PayResult{}
	if has.RequestID != nil && has.Payment == nil {
		p.Request = new(Request)
		return json.Unmarshal(data, p.Request)
	}
	p.Receipt = new(Receipt)
	return json.Unmarshal(data, p.Receipt)
}

// MarshalJSON writes whichever the answer was.
func (p PayResult) MarshalJSON() ([]byte, error) {
	if p.Request != nil {
		return json.Marshal(p.Request)
	}
	return json.Marshal(p.Receipt)
}

// VoidResult is the answer of Void. Source: Centrapay docs, legacy payment
// requests, sample of "Void"; there is no table of it.
type VoidResult struct {
	// Type is VoidCancel for a request that was cancelled. What it is after a
	// refund is not documented; ask Info.
	Type string `json:"type,omitempty"`
	// Status is "Success"; Void returns no others.
	Status string `json:"status"`
	// Message is a text of the service; it decides nothing.
	Message string `json:"message,omitempty"`
}

// VoidCancel is the VoidResult.Type of a request that was cancelled unpaid.
const VoidCancel = "voidCancel"

// succeeded says whether a status is that of a success. An answer with another
// one neither shows that money moved nor that it did not.
func succeeded(status string) error {
	switch {
	case status == "":
		return errors.New("it has no status")
	case !strings.EqualFold(status, "Success"):
		return fmt.Errorf("its status is %q, not Success", clip(status))
	}
	return nil
}

func wholeReceipt(r *Receipt) error {
	if err := succeeded(r.Status); err != nil {
		return err
	}
	if r.Payment != nil && r.Payment.Amount.IsSet() && !r.Payment.Amount.Valid() {
		return errors.New("its payment is no amount of money")
	}
	return nil
}

func wholeVoid(v *VoidResult) error { return succeeded(v.Status) }

// paymentOf checks that an answer says that the payment request was paid.
func paymentOf(id string) func(*PayResult) error {
	return func(p *PayResult) error {
		switch {
		case p.Receipt != nil:
			return wholeReceipt(p.Receipt)
		case p.Request == nil:
			return errors.New("it is empty")
		}
		if err := requestOf(id)(p.Request); err != nil {
			return err
		}
		if p.Request.Status != StatusPaid {
			return fmt.Errorf("its status is %q, not paid", clip(string(p.Request.Status)))
		}
		return nil
	}
}
