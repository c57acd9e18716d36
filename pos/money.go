package pos

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
)

// Currency is an ISO 4217 currency and the number of decimals its smallest
// unit has: 2 for NZD, whose smallest unit is the cent.
type Currency struct {
	Code     string
	Decimals int32
}

// currencies lists the minor units of ISO 4217 for the currencies that
// Centrapay's asset types name, and the two shapes that differ from two decimals.
var currencies = map[string]int32{
	"NZD": 2, "AUD": 2, "USD": 2, "CAD": 2, "EUR": 2, "GBP": 2, "FJD": 2, "SGD": 2,
	"JPY": 0, "KRW": 0, "VUV": 0, "XPF": 0, "BHD": 3, "KWD": 3,
}

// CurrencyOf gives the currency with an ISO 4217 code, and an InputError with
// code INVALID_CURRENCY for a code the till does not know the decimals of.
func CurrencyOf(code string) (Currency, error) {
	code = strings.ToUpper(strings.TrimSpace(code))
	decimals, known := currencies[code]
	if !known {
		return Currency{}, &InputError{Code: CodeInvalidCurrency,
			Problem: fmt.Sprintf("%q is not a currency this till knows", code),
			Remedy:  "use a code such as NZD"}
	}
	return Currency{Code: code, Decimals: decimals}, nil
}

// Money is an exact amount of one currency, counted in the currency's smallest
// unit (cents for NZD), as the Centrapay API counts it (Data types, Monetary).
// The zero Money has no currency and means "no amount is known".
type Money struct {
	minor    decimal.Decimal
	currency Currency
}

// NewMoney gives minor smallest units of a currency: NewMoney(1250, NZD) is 12.50.
func NewMoney(minor decimal.Decimal, currency Currency) Money {
	return Money{minor: minor, currency: currency}
}

// MaxAmount is the largest amount a payment request may have, in smallest units:
// NZD 999,999.99 (Payment Requests, Create: amount < 100000000).
var MaxAmount = decimal.New(99_999_999, 0)

// plainAmount is what staff may type for money: digits, with an optional decimal part.
// Exponents, signs inside, blanks and grouping are refused rather than guessed at.
var plainAmount = regexp.MustCompile(`^-?(\d{1,12}(\.\d*)?|\.\d+)$`)

// ParseAmount reads an amount as people write it, in whole units with decimals
// ("12.50"). Text that is no number, or has more decimals than the currency, is
// an InputError with code INVALID_AMOUNT. Its sign and size are not judged here.
func ParseAmount(text string, currency Currency) (Money, error) {
	text = strings.TrimSpace(text)
	if !plainAmount.MatchString(text) {
		return Money{}, invalidAmount(fmt.Sprintf("%q is not an amount", text))
	}
	if _, part, _ := strings.Cut(text, "."); len(part) > int(currency.Decimals) {
		return Money{}, invalidAmount(fmt.Sprintf("%.20s has more than %d decimals", text, currency.Decimals))
	}
	major, err := decimal.NewFromString(strings.TrimSuffix(text, "."))
	if err != nil {
		return Money{}, invalidAmount(fmt.Sprintf("%q is not an amount", text))
	}
	return NewMoney(major.Shift(currency.Decimals), currency), nil
}

// ParsePayable reads an amount that a customer is to pay: as ParseAmount, and
// also more than zero and at most MaxAmount.
func ParsePayable(text string, currency Currency) (Money, error) {
	amount, err := ParseAmount(text, currency)
	if err != nil {
		return Money{}, err
	}
	return amount, amount.CheckPayable()
}

// CheckPayable gives an InputError with code INVALID_AMOUNT unless the amount is
// whole smallest units, more than zero and at most MaxAmount.
func (m Money) CheckPayable() error {
	switch {
	case m.currency.Code == "":
		return invalidAmount("there is no amount")
	case !m.minor.IsInteger():
		return invalidAmount(m.minor.Shift(-m.currency.Decimals).String() + " is not a whole number of cents")
	case m.minor.Sign() <= 0:
		return invalidAmount(m.String() + " is not more than zero")
	case m.minor.GreaterThan(MaxAmount):
		return invalidAmount(m.String() + " is more than Centrapay takes in one payment")
	}
	return nil
}

func invalidAmount(problem string) error {
	return &InputError{Code: CodeInvalidAmount, Problem: problem,
		Remedy: "give an amount from 0.01 to 999999.99, such as 12.50"}
}

// Minor is the amount in the currency's smallest unit.
func (m Money) Minor() decimal.Decimal { return m.minor }

// Currency is the currency the amount is in; its Code is empty for the zero Money.
func (m Money) Currency() Currency { return m.currency }

// IsKnown reports whether there is an amount at all: false only for the zero Money.
func (m Money) IsKnown() bool { return m.currency.Code != "" }

// Sign is -1, 0 or 1 for a negative, zero or positive amount.
func (m Money) Sign() int { return m.minor.Sign() }

// Equal reports whether both amounts are the same number of the same currency.
func (m Money) Equal(other Money) bool {
	return m.currency.Code == other.currency.Code && m.minor.Equal(other.minor)
}

// Cmp compares two amounts of one currency: -1, 0 or 1.
func (m Money) Cmp(other Money) int { return m.minor.Cmp(other.minor) }

// Add is the sum of two amounts of one currency. The zero Money takes on the
// other's currency; adding two currencies is a programming error and panics.
func (m Money) Add(other Money) Money {
	return Money{minor: m.minor.Add(other.minor), currency: m.common(other)}
}

// Sub is the difference of two amounts of one currency, as Add.
func (m Money) Sub(other Money) Money {
	return Money{minor: m.minor.Sub(other.minor), currency: m.common(other)}
}

// Neg is the amount with its sign turned.
func (m Money) Neg() Money { return Money{minor: m.minor.Neg(), currency: m.currency} }

// Times is the amount multiplied by a quantity, rounded half away from zero to
// whole smallest units: 0.425 kg at 32.90 is 13.98.
func (m Money) Times(qty decimal.Decimal) Money {
	return Money{minor: m.minor.Mul(qty).Round(0), currency: m.currency}
}

func (m Money) common(other Money) Currency {
	switch {
	case m.currency.Code == "":
		return other.currency
	case other.currency.Code != "" && other.currency.Code != m.currency.Code:
		panic("pos: sum of " + m.currency.Code + " and " + other.currency.Code)
	}
	return m.currency
}

// String is the amount in whole units with all its decimals, without the currency:
// "12.50". It is never rounded: an amount that an answer gives in parts of a cent has as
// many decimals as it needs.
func (m Money) String() string {
	major := m.minor.Shift(-m.currency.Decimals)
	if !m.minor.IsInteger() {
		return major.String()
	}
	return major.StringFixed(m.currency.Decimals)
}

// Format is the amount as a person reads it, with its currency and thousands
// separated: "NZD 1,234.50". Like String, it has every digit of the amount.
func (m Money) Format() string {
	text := m.String()
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	whole, part, _ := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if part != "" {
		whole += "." + part
	}
	return m.currency.Code + " " + sign + whole
}

// moneyJSON is Money as the Centrapay API writes it (Data types, Monetary).
type moneyJSON struct {
	Amount   decimal.Decimal `json:"amount"`
	Currency string          `json:"currency"`
}

// MarshalJSON writes the amount in smallest units as the API's Monetary does:
// {"amount":"1250","currency":"NZD"}. The zero Money is null.
func (m Money) MarshalJSON() ([]byte, error) {
	if !m.IsKnown() {
		return []byte("null"), nil
	}
	return json.Marshal(moneyJSON{Amount: m.minor, Currency: m.currency.Code})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (m *Money) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*m = Money{}
		return nil
	}
	var wire moneyJSON
	if err := json.Unmarshal(data, &wire); err != nil {
		return fmt.Errorf("read an amount: %w", err)
	}
	currency, err := CurrencyOf(wire.Currency)
	if err != nil {
		return fmt.Errorf("read an amount: %w", err)
	}
	*m = NewMoney(wire.Amount, currency)
	return nil
}
