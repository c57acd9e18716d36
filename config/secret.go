package config

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
)

const (
	// hidden stands for the part of a secret that is not shown.
	hidden = "····"
	// shortestShown is how long a secret has to be, in bytes, for its last four
	// characters to be shown: of a shorter one they would be too much.
	shortestShown = 12
)

// Secret is a credential that cannot be shown by accident: however it is
// printed, logged or encoded, only its last four characters come out, as in
// "····abcd". Reveal is the one way to the rest. The zero Secret is none at all.
type Secret struct {
	// A closure, since fmt and other printers look into the private fields of a
	// struct that holds a Secret without asking its methods; they see an address.
	reveal func() string
}

// NewSecret wraps a credential.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{func() string { return text }}
}

// Reveal returns the credential itself, to be sent to the service and nowhere
// else. It is empty for the zero Secret.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// IsZero tells whether there is no credential.
func (s Secret) IsZero() bool { return s.reveal == nil }

// String is what may be shown to people: "····" and the last four characters,
// without those when the secret is short, and nothing for the zero Secret.
func (s Secret) String() string {
	text := s.Reveal()
	switch {
	case text == "":
		return ""
	case len(text) < shortestShown:
		return hidden
	}
	return hidden + text[len(text)-4:]
}

// GoString keeps %#v from showing more than String.
func (s Secret) GoString() string { return s.String() }

// Format keeps every other verb, %x and %q among them, from showing more than String.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue is what a log gets: String.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalJSON is what a JSON document gets: String. Its error is always nil.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// MarshalText is what other encodings get: String. Its error is always nil.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
