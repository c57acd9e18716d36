package auth

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is text that no verb, logger or encoder prints; Reveal gives it out.
// The text stands behind a pointer, since fmt prints the unexported fields of a
// struct by reflection, past all methods, but stops at pointers.
type Secret struct{ text *string }

// NewSecret keeps text from being printed. Empty text is the zero Secret.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{text: &text}
}

// Reveal returns the text itself, "" for the zero Secret.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero reports whether there is no text.
func (s Secret) IsZero() bool { return s.text == nil }

// String, like all the methods below, shows that there is a secret and no more.
// Without text it is "".
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return redacted
}

// GoString answers %#v.
func (s Secret) GoString() string { return s.String() }

// Format answers every verb, %x too.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue answers log/slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText answers encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
