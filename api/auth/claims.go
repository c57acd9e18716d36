package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode"

	"centrapos/api"
)

// Claims are what the ID token says of the person who logged in. Subject is
// always there, and at least one of Email and PhoneNumber. Source: Centrapay
// docs, auth, the table of claims.
type Claims struct {
	// Subject is the Centrapay user id.
	Subject string `json:"sub"`
	// Email and PhoneNumber are how to reach the person; either can be empty.
	Email       string `json:"email,omitempty"`
	PhoneNumber string `json:"phone_number,omitempty"`
	// GivenName and FamilyName can be several names each, or empty.
	GivenName  string `json:"given_name,omitempty"`
	FamilyName string `json:"family_name,omitempty"`
	// PreferredUsername is the Centrapay user handle.
	PreferredUsername string `json:"preferred_username,omitempty"`
	// EmailVerified and PhoneNumberVerified say what an account can be recovered
	// with.
	EmailVerified bool `json:"email_verified,omitempty"`
	// PhoneNumberVerified is the same of the phone number.
	PhoneNumberVerified bool `json:"phone_number_verified,omitempty"`
}

// UnmarshalJSON reads the claims of an ID token. A claim of another type than
// documented never fails it: a yes or no may be text, text may be a number, and
// what is neither is taken as absent.
func (c *Claims) UnmarshalJSON(data []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return errors.New("decode claims: want a JSON object")
	}
	*c = Claims{
		Subject:             textClaim(raw["sub"]),
		Email:               textClaim(raw["email"]),
		PhoneNumber:         textClaim(raw["phone_number"]),
		GivenName:           textClaim(raw["given_name"]),
		FamilyName:          textClaim(raw["family_name"]),
		PreferredUsername:   textClaim(raw["preferred_username"]),
		EmailVerified:       boolClaim(raw["email_verified"]),
		PhoneNumberVerified: boolClaim(raw["phone_number_verified"]),
	}
	return nil
}

func textClaim(data json.RawMessage) string {
	var t api.Text
	if t.UnmarshalJSON(data) != nil {
		return ""
	}
	return string(t)
}

// boolClaim takes only a clear yes as yes.
func boolClaim(data json.RawMessage) bool {
	var b api.Bool
	return b.UnmarshalJSON(data) == nil && bool(b)
}

// DisplayName is how to call the person on a screen: the name, else the handle,
// the e-mail address, the phone number, and at last the user id. It is one line
// without control characters.
func (c Claims) DisplayName() string {
	for _, name := range []string{c.GivenName + " " + c.FamilyName, c.PreferredUsername, c.Email, c.PhoneNumber} {
		if name = oneLine(name); name != "" {
			return name
		}
	}
	return oneLine("user " + c.Subject)
}

// String names the person, so that a log line does not hold all that is known
// of them.
func (c Claims) String() string { return oneLine("user " + c.Subject) }

// GoString answers %#v.
func (c Claims) GoString() string { return fmt.Sprintf("auth.Claims{Subject: %q}", c.Subject) }

// Format prints String for every verb, GoString for %#v.
func (c Claims) Format(f fmt.State, verb rune) {
	text := c.String()
	if verb == 'v' && f.Flag('#') {
		text = c.GoString()
	}
	_, _ = io.WriteString(f, text)
}

// LogValue is String, for log/slog.
func (c Claims) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON writes the user id alone, since loggers encode what they are given;
// Tokens.Export keeps all claims.
func (c Claims) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"sub": c.Subject})
}

// oneLine drops what could move a terminal's cursor, and doubled spaces.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}
