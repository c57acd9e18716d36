package api

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// PAN is the primary account number of a payment card. Whoever can read one can
// use it, so that no verb of fmt, logger or encoder shows more than the last four
// digits: a PAN prints as "**** 1111", also inside other values, and JSON gets
// that text too, since logs are written as JSON as well. Reveal is the only way
// to the number. No endpoint of this package takes one; a body that has to carry
// it is given the text of Reveal on purpose.
//
// Any text is kept and never fails a decode; Valid tells. Compare with Equal,
// not with ==. Source: Centrapay docs, data types, "PAN".
type PAN struct {
	// number stands behind a pointer for the reason given at secret.
	number *string
}

// ISO/IEC 7812 allows 19 digits; no card has fewer than 12.
const minPANDigits, maxPANDigits, shownPANDigits = 12, 19, 4

const panMask = "****"

// ParsePAN reads the number of a card, with spaces or hyphens between its digits
// or without. The error says so when text has not 12 to 19 digits of which the
// last is the right check digit; it never repeats them.
func ParsePAN(text string) (PAN, error) {
	p := newPAN(text)
	if !p.Valid() {
		return PAN{}, errors.New("parse card number: want 12 to 19 digits with the right check digit")
	}
	return p, nil
}

func newPAN(text string) PAN {
	text = panSeparators.Replace(strings.TrimSpace(text))
	if text == "" {
		return PAN{}
	}
	return PAN{number: &text}
}

var panSeparators = strings.NewReplacer(" ", "", "\u00a0", "", "-", "")

// Reveal returns the number itself, without separators; "" when it is absent.
// Only a call that has to send it may ask.
func (p PAN) Reveal() string {
	if p.number == nil {
		return ""
	}
	return *p.number
}

// IsZero reports whether there is no number at all.
func (p PAN) IsZero() bool { return p.number == nil }

// Valid reports whether the number has 12 to 19 digits, the last of which is the
// check digit of ISO/IEC 7812 (Luhn).
func (p PAN) Valid() bool { return p.wellFormed() && luhnValid(*p.number) }

func (p PAN) wellFormed() bool {
	n := p.Reveal()
	return len(n) >= minPANDigits && len(n) <= maxPANDigits && isDigits(n)
}

// Equal reports whether both are the same number.
func (p PAN) Equal(other PAN) bool { return p.Reveal() == other.Reveal() }

// LastFour returns the digits that a receipt may show, "" for what is not 12 to
// 19 digits: four digits of a short text would be most of it.
func (p PAN) LastFour() string {
	if !p.wellFormed() {
		return ""
	}
	n := p.Reveal()
	return n[len(n)-shownPANDigits:]
}

// String returns "**** 1111", "****" for a text that is no card number, and ""
// for an absent one.
func (p PAN) String() string {
	switch last := p.LastFour(); {
	case p.IsZero():
		return ""
	case last == "":
		return panMask
	default:
		return panMask + " " + last
	}
}

// Format prints String for every verb.
func (p PAN) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, p.String()) }

// LogValue is String, for log/slog.
func (p PAN) LogValue() slog.Value { return slog.StringValue(p.String()) }

// MarshalText is String, for JSON and all other encoders.
func (p PAN) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a number as ParsePAN does, and keeps text that is none.
func (p *PAN) UnmarshalText(text []byte) error {
	*p = newPAN(string(text))
	return nil
}

// UnmarshalJSON reads a JSON string or a JSON number. Its error does not repeat
// the text.
func (p *PAN) UnmarshalJSON(data []byte) error {
	text, err := scalarText(data)
	if err != nil {
		return errors.New("decode card number: it is neither text nor a number")
	}
	*p = newPAN(text)
	return nil
}
