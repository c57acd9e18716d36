package api

import (
	"fmt"
	"strconv"
)

// Int is a whole number that the service writes as a JSON number or as a JSON
// string ("120"). It encodes as a JSON number.
type Int int64

// UnmarshalJSON reads a JSON number or a string holding one; "" and null are 0.
func (i *Int) UnmarshalJSON(data []byte) error {
	text, err := scalarText(data)
	if err != nil {
		return fmt.Errorf("decode integer: %w", err)
	}
	if text == "" {
		*i = 0
		return nil
	}
	d, ok := decimalOf(text)
	if !ok || d.Exponent() > 18 || !d.IsInteger() || !d.BigInt().IsInt64() {
		return fmt.Errorf("decode integer: %q is not a whole number", clip(text))
	}
	*i = Int(d.IntPart())
	return nil
}

// Bool is a yes or no that the service writes as a JSON boolean or as a JSON
// string ("true"). It encodes as a JSON boolean.
type Bool bool

// UnmarshalJSON reads true, false, or a string or number that means one of
// them; "" and null are false.
func (b *Bool) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case "true":
		*b = true
		return nil
	case "false":
		*b = false
		return nil
	}
	text, err := scalarText(data)
	if err != nil {
		return fmt.Errorf("decode boolean: %w", err)
	}
	if text == "" {
		*b = false
		return nil
	}
	v, err := strconv.ParseBool(text)
	if err != nil {
		return fmt.Errorf("decode boolean: %q is neither true nor false", clip(text))
	}
	*b = Bool(v)
	return nil
}
