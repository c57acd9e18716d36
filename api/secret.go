package api

import (
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strconv"
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

// replace takes the secret out of a text where it stands as a whole, also as Go
// or a URL quotes it.
func (s secret) replace(text string) string {
	if len(s.reveal()) < leastSecret {
		return text
	}
	quoted := strconv.Quote(s.reveal())
	return strings.NewReplacer(
		s.reveal(), redacted,
		quoted[1:len(quoted)-1], redacted,
		url.QueryEscape(s.reveal()), redacted,
		url.PathEscape(s.reveal()), redacted,
	).Replace(text)
}

const (
	// leastSecret is how long a text has to be to be looked for: a shorter one is no
	// credential, and would be found in ordinary words.
	leastSecret = 8
	// leastPiece is how much of a secret, in whatever case, is taken for a part of
	// it and not for a word that both have in common.
	leastPiece = 12
	// leastStump is the same for the beginning of a secret at the end of a text
	// that was cut off there.
	leastStump = 3
	// cutMark is what clip leaves where it cuts.
	cutMark = "…"
)

// scrub takes the secret out of a text for people: as a whole, pieces of it, and
// the stump that clip leaves of it. Errors of decoding are clipped where they are
// made, before they come to be scrubbed.
func (s secret) scrub(text string) string {
	if len(s.reveal()) < leastSecret {
		return text
	}
	return s.scrubPieces(s.scrubStumps(s.replace(text)))
}

func (s secret) scrubPieces(text string) string {
	whole := lowerASCII(s.reveal())
	if len(whole) < leastPiece || len(text) < leastPiece {
		return text
	}
	var out strings.Builder
	for rest, low := text, lowerASCII(text); rest != ""; {
		n := leastPiece
		if len(low) < n || !strings.Contains(whole, low[:n]) {
			out.WriteByte(rest[0])
			rest, low = rest[1:], low[1:]
			continue
		}
		for n < len(low) && strings.Contains(whole, low[:n+1]) {
			n++
		}
		out.WriteString(redacted)
		rest, low = rest[n:], low[n:]
	}
	return out.String()
}

func (s secret) scrubStumps(text string) string {
	parts := strings.Split(text, cutMark)
	for i, part := range parts[:len(parts)-1] {
		for n := min(len(part), len(s.reveal())); n >= leastStump; n-- {
			if strings.HasSuffix(part, s.reveal()[:n]) {
				parts[i] = part[:len(part)-n] + redacted
				break
			}
		}
	}
	return strings.Join(parts, cutMark)
}

// lowerASCII keeps the length of a text, as strings.ToLower does not.
func lowerASCII(text string) string {
	low := []byte(text)
	for i, c := range low {
		if c >= 'A' && c <= 'Z' {
			low[i] = c + 'a' - 'A'
		}
	}
	return string(low)
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
