package legacy

import (
	"fmt"
	"net/url"
	"strconv"

	"centrapos/api"
)

// CreateRequest is what a new payment request is made of. MerchantID, Asset and
// Amount are required. Source: Centrapay docs, legacy payment requests, "Create".
type CreateRequest struct {
	// MerchantID is the merchant that asks for the payment.
	MerchantID string
	// ClientID is the merchant config; an edition of 2023 calls it required.
	ClientID string
	// Asset is the currency, such as "NZD".
	Asset string
	// Amount is what is asked for: a whole number of smallest units, above 0.
	Amount api.BigNumber
	// Description is a text about the sale, for the payer.
	Description string
	// ExternalReference is the merchant's own reference of the transaction.
	ExternalReference string
	// NotifyURL receives webhooks; the first publication shows a relative one.
	NotifyURL string

	// The first form has no parameters for what follows.

	// PatronCode is a code scanned from the patron's phone.
	PatronCode string
	// PaymentExpirySeconds is the lifetime; 0 leaves it to the service, which
	// gives two minutes.
	PaymentExpirySeconds int
	// TerminalID is the till's logical number, which NZ Epay requires; DeviceID is
	// the serial number of its hardware.
	TerminalID string
	DeviceID   string
}

// PayRequest says what pays a request. Source: Centrapay docs, legacy payment
// requests, "Pay".
type PayRequest struct {
	// Ledger is where the payment is made: one of those in the request's
	// Payments. Required.
	Ledger Ledger
	// Authorization authorizes the payment on that ledger: a Centrapay asset id,
	// a bitcoin transaction id, a voucher's number. Required. Today's form puts
	// it into the query, which proxies may log.
	Authorization string
}

// RefundRequest says what is given back. Source: Centrapay docs, legacy payment
// requests, "Refund".
type RefundRequest struct {
	// Amount is a whole number of smallest units, above 0. Required.
	Amount api.BigNumber
	// ExternalReference tells refunds of one payment apart; without it only one
	// is possible.
	ExternalReference string
}

func (b CreateRequest) validate(f form) *api.ValidationError {
	switch {
	case b.MerchantID == "":
		return invalid("merchantId", CodeInvalidMerchantID, "it is required")
	case b.Asset == "":
		return invalid("asset", CodeInvalidAsset, "it is required")
	case b.PaymentExpirySeconds < 0:
		return invalid("paymentExpirySeconds", CodeInvalidPaymentExpirySeconds, "it is negative")
	}
	if v := validateAmount(b.Amount); v != nil || !f.first {
		return v
	}
	switch {
	case b.PatronCode != "":
		return notInFirstForm("patronCode", "parameter")
	case b.PaymentExpirySeconds != 0:
		return notInFirstForm("paymentExpirySeconds", "parameter")
	case b.TerminalID != "":
		return notInFirstForm("terminalId", "parameter")
	case b.DeviceID != "":
		return notInFirstForm("deviceId", "parameter")
	}
	return nil
}

func (b CreateRequest) values() url.Values {
	expiry := ""
	if b.PaymentExpirySeconds > 0 {
		expiry = strconv.Itoa(b.PaymentExpirySeconds)
	}
	return given(map[string]string{
		"merchantId": b.MerchantID, "clientId": b.ClientID, "asset": b.Asset, "amount": plain(b.Amount),
		"description": b.Description, "externalReference": b.ExternalReference, "notifyUrl": b.NotifyURL,
		"patronCode": b.PatronCode, "paymentExpirySeconds": expiry,
		"terminalId": b.TerminalID, "deviceId": b.DeviceID,
	})
}

func (b PayRequest) validate(f form) *api.ValidationError {
	switch {
	case b.Ledger == "":
		return invalid("ledger", CodeInvalidLedger, "it is required")
	case b.Authorization == "":
		return invalid(f.authority, CodeInvalidAuthorization, "it is required")
	}
	return nil
}

// addTo adds the parameters to a call that has those naming the request.
func (b PayRequest) addTo(call api.Call, f form) {
	params := call.Query
	if f.first {
		params = call.Form
	}
	params.Set("ledger", string(b.Ledger))
	params.Set(f.authority, b.Authorization)
}

func (b RefundRequest) validate(transactionID string) *api.ValidationError {
	if transactionID == "" {
		return invalid("transactionId", CodeInvalidTransactionID, "it is required")
	}
	return validateAmount(b.Amount)
}

func (b RefundRequest) values(transactionID string) url.Values {
	return given(map[string]string{
		"transactionId": transactionID, "amount": plain(b.Amount), "externalReference": b.ExternalReference,
	})
}

// given are the parameters that have a value: an empty one would be refused.
func given(all map[string]string) url.Values {
	values := make(url.Values, len(all))
	for name, value := range all {
		if value != "" {
			values.Set(name, value)
		}
	}
	return values
}

// maxAmountText is more than any ledger counts in: 2^256 has 78 digits.
const maxAmountText = 78

// validateAmount checks for a positive whole number, as the service does.
func validateAmount(amount api.BigNumber) *api.ValidationError {
	const field = "amount"
	switch d := amount.Decimal(); {
	case !amount.Valid():
		return invalid(field, api.CodeInvalidAmount, "it is not a number")
	case len(amount) > maxAmountText || d.Exponent() > maxAmountText:
		return invalid(field, api.CodeInvalidAmount, fmt.Sprintf("it has more than %d digits", maxAmountText))
	case !d.IsPositive():
		return invalid(field, api.CodeInvalidAmount, "it is not above zero")
	case !d.IsInteger():
		return invalid(field, api.CodeInvalidAmount, "it is not a whole number of smallest units")
	}
	return nil
}

// plain writes an amount without exponent or fraction. What is no amount is
// refused by validateAmount before it is sent.
func plain(amount api.BigNumber) string {
	if validateAmount(amount) != nil {
		return ""
	}
	return amount.Decimal().String()
}

func notInFirstForm(name, kind string) *api.ValidationError {
	return invalid(name, CodeNotInForm, "the first published form has no such "+kind)
}

func invalid(field string, code api.Code, problem string) *api.ValidationError {
	return &api.ValidationError{Field: field, Code: code, Problem: problem}
}
