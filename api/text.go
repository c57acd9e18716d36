package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Text is opaque text which the service writes sometimes as a JSON string and
// sometimes as a JSON number: barcodes and condition ids. A number keeps its
// exact digits. It encodes as a JSON string.
type Text string

// String returns the text itself.
func (t Text) String() string { return string(t) }

// UnmarshalJSON reads a JSON string or a JSON number.
func (t *Text) UnmarshalJSON(data []byte) error {
	text, err := scalarText(data)
	if err != nil {
		return fmt.Errorf("decode text: %w", err)
	}
	*t = Text(text)
	return nil
}

// errNotScalar is returned for JSON that is neither string, number nor null.
var errNotScalar = errors.New("want a JSON string or number")

// scalarText returns the content of a JSON string or the digits of a JSON
// number; null is the empty text.
func scalarText(data []byte) (string, error) {
	data = bytes.TrimSpace(data)
	switch {
	case len(data) == 0:
		return "", errNotScalar
	case data[0] == '"':
		return quotedText(data)
	case bytes.Equal(data, []byte("null")):
		return "", nil
	case (data[0] == '-' || data[0] >= '0' && data[0] <= '9') && json.Valid(data):
		return string(data), nil
	default:
		return "", errNotScalar
	}
}

// quotedText unquotes a JSON string; the common case, without escapes, does not
// go through the JSON package, since most of a body are such strings.
func quotedText(data []byte) (string, error) {
	if inner, ok := plainString(data); ok {
		return string(inner), nil
	}
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return "", fmt.Errorf("%w: %w", errNotScalar, err)
	}
	return s, nil
}

func plainString(data []byte) ([]byte, bool) {
	if len(data) < 2 || data[len(data)-1] != '"' {
		return nil, false
	}
	inner := data[1 : len(data)-1]
	for _, c := range inner {
		if c == '"' || c == '\\' || c < ' ' {
			return nil, false
		}
	}
	return inner, utf8.Valid(inner)
}

// clip keeps what a foreign text may add to an error message short.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return s[:most] + cutMark
}
