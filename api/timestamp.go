package api

import (
	"encoding/json"
	"fmt"
	"time"
)

// timestampLayouts are the forms seen in the documents, the usual one first.
// Fractions of a second are accepted by all forms that end in seconds.
var timestampLayouts = [...]string{
	time.RFC3339,
	"2006-01-02 15:04:05 UTC",
	time.DateOnly,
	"2006-01-02 15:04:05Z07:00",
	"2006-01-02T15:04:05",
	time.DateTime,
}

// timestampWire is the documented form: ISO 8601 in UTC with milliseconds.
const timestampWire = "2006-01-02T15:04:05.000Z"

// Timestamp is a moment in UTC. It decodes from every form the service has
// shown: with and without milliseconds, "2022-03-31 02:56:29 UTC", and a date
// alone, which is its first moment. Text that is no moment is kept as it is and
// never fails a decode; Valid tells. It encodes with milliseconds and a Z, and
// malformed text as it was read. Source: Centrapay docs, data types,
// "Timestamp".
type Timestamp struct {
	t time.Time
	// raw is the text that could not be read as a moment.
	raw string
}

// NewTimestamp returns t in UTC, cut to the milliseconds the wire carries.
func NewTimestamp(t time.Time) Timestamp {
	return Timestamp{t: t.Round(0).UTC().Truncate(time.Millisecond)}
}

// ParseTimestamp reads one of the forms described at Timestamp. The error says
// so when text is none of them.
func ParseTimestamp(text string) (Timestamp, error) {
	for _, layout := range timestampLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return Timestamp{t: t.UTC()}, nil
		}
	}
	return Timestamp{}, fmt.Errorf("parse timestamp %q: not a known form of date and time", clip(text))
}

// Time returns the moment in UTC, the zero time when it is absent or malformed.
func (ts Timestamp) Time() time.Time { return ts.t }

// IsZero reports whether the timestamp is absent; a malformed one is not.
func (ts Timestamp) IsZero() bool { return ts.raw == "" && ts.t.IsZero() }

// Valid reports whether the timestamp is present and really a moment.
func (ts Timestamp) Valid() bool { return ts.raw == "" && !ts.t.IsZero() }

// String returns the documented form, the raw text of a malformed timestamp, or
// "" for an absent one.
func (ts Timestamp) String() string {
	switch {
	case ts.raw != "":
		return ts.raw
	case ts.t.IsZero():
		return ""
	default:
		return ts.t.UTC().Format(timestampWire)
	}
}

// MarshalJSON writes the documented form, or null for an absent timestamp.
func (ts Timestamp) MarshalJSON() ([]byte, error) {
	if ts.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(ts.String())
}

// UnmarshalJSON reads any form and keeps malformed text.
func (ts *Timestamp) UnmarshalJSON(data []byte) error {
	text, err := scalarText(data)
	if err != nil {
		return fmt.Errorf("decode timestamp: %w", err)
	}
	parsed, err := ParseTimestamp(text)
	if err != nil || parsed.t.IsZero() {
		parsed = Timestamp{raw: text}
	}
	*ts = parsed
	return nil
}
