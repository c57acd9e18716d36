package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Limits of metadata. Source: Centrapay docs, patron codes, "Set Metadata".
const (
	// MaxMetadataKeys is the most keys that an object can carry.
	MaxMetadataKeys = 10
	// MaxMetadataValue is the longest value, in characters.
	MaxMetadataValue = 256
)

// metadataKey is what a key may consist of.
var metadataKey = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// Metadata are texts that integrators attach to a patron code or a merchant.
// The service takes strings only; whatever else is read is kept as its JSON
// text. A nil Metadata was absent, an empty one was empty.
type Metadata map[string]string

// UnmarshalJSON reads an object with values of any kind.
func (m *Metadata) UnmarshalJSON(data []byte) error {
	var values map[string]json.RawMessage
	if err := json.Unmarshal(data, &values); err != nil {
		return fmt.Errorf("decode metadata: %w", err)
	}
	if values == nil {
		*m = nil
		return nil
	}
	*m = make(Metadata, len(values))
	for key, value := range values {
		text, err := scalarText(value)
		if err != nil {
			var compact bytes.Buffer
			if err := json.Compact(&compact, value); err != nil {
				return fmt.Errorf("decode metadata: %w", err)
			}
			text = strings.ToValidUTF8(compact.String(), "\uFFFD")
		}
		(*m)[key] = text
	}
	return nil
}

// validate checks what is to be merged into existing metadata. An empty value
// deletes its key, so that only the others count.
func (m Metadata) validate() *ValidationError {
	kept := 0
	for key, value := range m {
		switch {
		case !metadataKey.MatchString(key):
			return invalid("metadata", CodeInvalidRequest, fmt.Sprintf("the key %q is not 1 to 64 letters, digits, - or _", clip(key)))
		case utf8.RuneCountInString(value) > MaxMetadataValue:
			return invalid("metadata."+key, CodeInvalidRequest, fmt.Sprintf("it is longer than %d characters", MaxMetadataValue))
		case value != "":
			kept++
		}
	}
	switch {
	case len(m) == 0:
		return invalid("metadata", CodeInvalidRequest, "it is required")
	case kept > MaxMetadataKeys:
		return invalid("metadata", CodeInvalidRequest, fmt.Sprintf("it has more than %d keys", MaxMetadataKeys))
	}
	return nil
}
