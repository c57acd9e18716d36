package legacy

import (
	"encoding/json"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// Number is a number of any size and precision, kept as the exact text it was
// read as: the first generation writes wei and fractions of a bitcoin. It
// decodes from a JSON number or string without passing through a float and
// encodes as a JSON number, as this generation does. The empty Number is an
// absent one, and text that is no number never fails a decode: Valid tells.
type Number string

// String returns the exact text the number was read as.
func (n Number) String() string { return string(n) }

// BigNumber returns the number as the rest of the API has it.
func (n Number) BigNumber() api.BigNumber { return api.BigNumber(n) }

// Decimal returns the number for arithmetic. An absent or invalid number is
// zero; ask Valid first where that would be a lie.
func (n Number) Decimal() decimal.Decimal { return n.BigNumber().Decimal() }

// IsSet reports whether the number is present at all.
func (n Number) IsSet() bool { return n != "" }

// Valid reports whether the number is present and really a number.
func (n Number) Valid() bool { return n.BigNumber().Valid() }

// MarshalJSON writes a JSON number; text that is none, as a JSON string.
func (n Number) MarshalJSON() ([]byte, error) {
	if isJSONNumber(string(n)) {
		return []byte(n), nil
	}
	return json.Marshal(string(n))
}

// UnmarshalJSON reads a JSON number or string and keeps its text.
func (n *Number) UnmarshalJSON(data []byte) error {
	var b api.BigNumber
	if err := b.UnmarshalJSON(data); err != nil {
		return err
	}
	*n = Number(b)
	return nil
}

func isJSONNumber(text string) bool {
	isDigit := func(c byte) bool { return c >= '0' && c <= '9' }
	if text == "" || text[0] != '-' && !isDigit(text[0]) || !isDigit(text[len(text)-1]) {
		return false
	}
	return json.Valid([]byte(text))
}
