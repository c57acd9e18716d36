package api

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

const redacted = "[redacted]"

// secret is text that no verb, logger or encoder prints. The text stands behind
// a pointer, since fmt prints the unexported fields of a struct by reflection,
// past all methods, but stops at pointers.
type secret struct{ text *string }

func newSecret(text string) secret { return secret{text: &text} }

func (s secret) reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

func (s secret) isSet() bool { return s.reveal() != "" }

// scrub replaces the secret where a foreign text repeats it.
func (s secret) scrub(text string) string {
	if !s.isSet() {
		return text
	}
	return strings.ReplaceAll(text, s.reveal(), redacted)
}

// String, like all the methods below, shows that there is a secret and no more.
func (s secret) String() string { return redacted }

// GoString answers %#v.
func (s secret) GoString() string { return redacted }

// Format answers every verb, %x too.
func (s secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue answers log/slog.
func (s secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText answers encoders.
func (s secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
