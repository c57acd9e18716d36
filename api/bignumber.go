package api

import (
	"fmt"
	"strconv"

	"github.com/shopspring/decimal"
)

// BigNumber is a number of any size and precision (up to ten thousand digits),
// kept as the exact text it was read as: "15", "15.0" and "15.00" stay apart,
// and Equal says that they are the same number. The empty BigNumber is an absent
// one and is left out of encoded bodies; "0" is a number and is kept.
//
// It decodes from a JSON string or a JSON number without ever passing through
// a float and always encodes as a JSON string. Text that is no number never
// fails a decode; Valid tells. The calls of this package check the amounts
// that matter before they hand a body out. Source: Centrapay docs, data types,
// "BigNumber".
type BigNumber string

// NewBigNumber returns d as a BigNumber in plain notation, without an exponent.
func NewBigNumber(d decimal.Decimal) BigNumber { return BigNumber(d.String()) }

// BigNumberFromInt returns n as a BigNumber.
func BigNumberFromInt(n int64) BigNumber { return BigNumber(strconv.FormatInt(n, 10)) }

// ParseBigNumber returns text as a BigNumber, unchanged. The error says so when
// text is not a decimal number.
func ParseBigNumber(text string) (BigNumber, error) {
	if _, ok := decimalOf(text); !ok {
		return "", fmt.Errorf("parse big number %q: not a decimal number", clip(text))
	}
	return BigNumber(text), nil
}

// Decimal returns the number for arithmetic. An absent or invalid number is
// zero; ask Valid first where that would be a lie.
func (n BigNumber) Decimal() decimal.Decimal {
	d, _ := decimalOf(string(n))
	return d
}

// String returns the exact text the number was read as, "" when it is absent.
func (n BigNumber) String() string { return string(n) }

// IsSet reports whether the number is present at all.
func (n BigNumber) IsSet() bool { return n != "" }

// Valid reports whether the number is present and really a decimal number.
func (n BigNumber) Valid() bool {
	_, ok := decimalOf(string(n))
	return ok
}

// IsZero reports whether the number is absent or numerically zero ("0",
// "0.00"). Text that is no number is not zero.
func (n BigNumber) IsZero() bool {
	if n == "" {
		return true
	}
	d, ok := decimalOf(string(n))
	return ok && d.IsZero()
}

// Equal reports whether both are the same number, whatever their notation. Text
// that is no number equals only the same text, and absent equals only absent.
func (n BigNumber) Equal(other BigNumber) bool {
	a, okA := decimalOf(string(n))
	b, okB := decimalOf(string(other))
	if !okA || !okB {
		return n == other
	}
	return a.Equal(b)
}

// maxDigits bounds the work that a number from elsewhere can cause: reading a
// million digits takes seconds. Exponents have the same bound.
const maxDigits = 10_000

func decimalOf(text string) (decimal.Decimal, bool) {
	if len(text) > maxDigits {
		return decimal.Zero, false
	}
	d, err := decimal.NewFromString(text)
	return d, err == nil
}

// UnmarshalJSON reads a JSON string or a JSON number and keeps its text.
func (n *BigNumber) UnmarshalJSON(data []byte) error {
	text, err := scalarText(data)
	if err != nil {
		return fmt.Errorf("decode big number: %w", err)
	}
	*n = BigNumber(text)
	return nil
}
