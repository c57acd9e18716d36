package api

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// Monetary is an amount of money: Amount in the currency's smallest unit
// (cents), usually whole, and Currency as an ISO 4217 code. Source: Centrapay
// docs, data types, "Monetary".
type Monetary struct {
	Amount   BigNumber `json:"amount"`
	Currency string    `json:"currency"`
}

// NewMonetary returns amount smallest units (cents) of currency.
func NewMonetary(amount int64, currency string) Monetary {
	return Monetary{Amount: BigNumberFromInt(amount), Currency: currency}
}

// MonetaryFromMajor returns an amount in whole currency units (12.50 dollars) as
// it is sent. The error says so when the minor unit of the currency is not known,
// or when the amount is not a whole number of them; nothing is rounded.
func MonetaryFromMajor(amount decimal.Decimal, currency string) (Monetary, error) {
	digits, ok := MinorUnit(currency)
	if !ok {
		return Monetary{}, fmt.Errorf("count %s in smallest units: %q is no currency of ISO 4217", clip(amount.String()), clip(currency))
	}
	minor := amount.Shift(digits)
	if !minor.IsInteger() {
		return Monetary{}, fmt.Errorf("count %s in smallest units: %s has %d decimals", clip(amount.String()), currency, digits)
	}
	m := Monetary{Amount: NewBigNumber(minor), Currency: currency}
	if !m.Amount.Valid() {
		return Monetary{}, fmt.Errorf("count %s in smallest units: it has more than %d digits", clip(amount.String()), maxDigits)
	}
	return m, nil
}

// String prints the amount in smallest units and the currency, as "1250 NZD".
func (m Monetary) String() string { return m.Amount.String() + " " + m.Currency }

// Equal reports whether both are the same amount of the same currency.
func (m Monetary) Equal(other Monetary) bool {
	return m.Currency == other.Currency && m.Amount.Equal(other.Amount)
}

// Major returns the amount in whole currency units: 12.5 dollars for 1250 cents.
// It is false when the amount is no number or the minor unit of the currency is
// not known, as for bitcoin.
func (m Monetary) Major() (decimal.Decimal, bool) {
	digits, ok := MinorUnit(m.Currency)
	if !ok || !m.Amount.Valid() {
		return decimal.Zero, false
	}
	return m.Amount.Decimal().Shift(-digits), true
}

// Format returns the amount for people, currency first: "NZD 12.50", "JPY 1250".
// A part of a cent is shown, not rounded. Where Major is not known, or would fill
// a screen, it says in what the amount is counted: "1250 smallest units of
// bitcoin".
func (m Monetary) Format() string {
	major, ok := m.Major()
	text := major.String()
	if digits, _ := MinorUnit(m.Currency); major.Equal(major.Truncate(digits)) {
		text = major.StringFixed(digits)
	}
	if !ok || clip(text) != text {
		return clip(m.Amount.String()) + " smallest units of " + clip(m.Currency)
	}
	return m.Currency + " " + text
}

// MinorUnit returns how many decimals the smallest unit of a currency is, by its
// code of ISO 4217: 2 for NZD, 0 for JPY, 3 for BHD. It is false for codes that
// are no currency in use. The tables of golang.org/x/text/currency are those of
// CLDR, which says how prices are written, 0 for IDR; they do not fit.
func MinorUnit(currency string) (digits int32, ok bool) {
	if len(currency) != 3 {
		return 0, false
	}
	for _, row := range minorUnits {
		if i := strings.Index(row.codes, currency); i >= 0 && i%4 == 0 {
			return row.digits, true
		}
	}
	return 0, false
}

// minorUnits is list one of ISO 4217, without metals, funds of one country and
// codes for testing, which have no minor unit or buy nothing.
var minorUnits = [...]struct {
	digits int32
	codes  string
}{
	{2, "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY " +
		"COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS " +
		"INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN " +
		"MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE " +
		"SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR " +
		"ZMW ZWG"},
	{0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"},
	{3, "BHD IQD JOD KWD LYD OMR TND"},
}
