package api

import (
	"errors"
	"fmt"
	"strings"
)

// PhoneNumber is a phone number in the international notation of E.123, for text
// messages: a plus, the country code and the rest, "+64 21 537 663". The service
// writes it without the spaces, and so does ParsePhoneNumber. Text that is no
// phone number never fails a decode and is sent as it is; Valid tells. Source:
// Centrapay docs, data types, "PhoneNumber".
type PhoneNumber string

// E.164 allows 15 digits, of which up to three are the country code. The shortest
// numbers in use, those of small islands, have 7.
const minPhoneDigits, maxPhoneDigits, maxCountryDigits = 7, 15, 3

// errPhoneNumber says what is wanted. It does not repeat the number, which is a
// person's.
var errPhoneNumber = errors.New("want a plus, the country code and the number, as in +64 21 537 663")

// ParsePhoneNumber returns text in the form that is sent, "+6421537663". Spaces,
// hyphens, dots and brackets between the digits are dropped, and so is the "(0)"
// that people write after the country code. A number without a country code is
// an error, since it could be anywhere.
func ParsePhoneNumber(text string) (PhoneNumber, error) {
	text = strings.TrimSpace(text)
	digits, international := strings.CutPrefix(text, "+")
	if !international {
		return "", fmt.Errorf("parse phone number: %w", errPhoneNumber)
	}
	country, rest, trunk := strings.Cut(digits, "(0)")
	country, digits = phoneSeparators.Replace(country), phoneSeparators.Replace(country+rest)
	switch {
	case trunk && (len(country) > maxCountryDigits || strings.Contains(rest, "(0)")), // a digit of the number
		!isDigits(digits),
		digits[0] == '0', // no country code begins with one
		len(digits) < minPhoneDigits, len(digits) > maxPhoneDigits:
		return "", fmt.Errorf("parse phone number: %w", errPhoneNumber)
	}
	return PhoneNumber("+" + digits), nil
}

// phoneSeparators are written between digits to make them easier to read; among
// the spaces are those that text copied from web pages has.
var phoneSeparators = strings.NewReplacer(" ", "", "\u00a0", "", "\u2009", "", "\u202f", "", "-", "", "\u2011", "", ".", "", "(", "", ")", "")

// String returns the number as it was read.
func (n PhoneNumber) String() string { return string(n) }

// Valid reports whether the number is in international notation, with separators
// or without.
func (n PhoneNumber) Valid() bool {
	_, err := ParsePhoneNumber(string(n))
	return err == nil
}

// Normal returns the number in the form that is sent, or unchanged when it is
// not Valid.
func (n PhoneNumber) Normal() PhoneNumber {
	if normal, err := ParsePhoneNumber(string(n)); err == nil {
		return normal
	}
	return n
}

// Equal reports whether both are the same number, whatever stands between their
// digits.
func (n PhoneNumber) Equal(other PhoneNumber) bool { return n.Normal() == other.Normal() }

// UnmarshalJSON reads a JSON string or a JSON number and keeps its text.
func (n *PhoneNumber) UnmarshalJSON(data []byte) error {
	text, err := scalarText(data)
	if err != nil {
		return fmt.Errorf("decode phone number: %w", err)
	}
	*n = PhoneNumber(text)
	return nil
}
