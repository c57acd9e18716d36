package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"
)

// How long tokens last. Source: Centrapay docs, auth, "User Access Tokens".
const (
	AccessTokenLifetime  = time.Hour
	RefreshTokenLifetime = 60 * 24 * time.Hour
)

// Tokens are what a login leaves: any of them may be missing. No verb, logger or
// encoder prints them, nor more of the person than the user id; Export is the one way to keep them, and Secret.Reveal the
// one way to a single one.
type Tokens struct {
	// AccessToken authenticates calls of the service until Expiry.
	AccessToken Secret
	// RefreshToken is exchanged for the next access token, for 60 days or until
	// it is revoked.
	RefreshToken Secret
	// IDToken is the token that Claims were read from.
	IDToken Secret
	// Expiry is when the access token ends, by the clock of this machine; zero
	// when that is not known: it is then used until the service refuses it.
	Expiry time.Time
	// Claims say who logged in.
	Claims Claims
}

// String says whose tokens these are and until when, and no token.
func (t Tokens) String() string {
	text := "tokens of " + t.Claims.String()
	if !t.Expiry.IsZero() {
		text += " until " + t.Expiry.UTC().Format(time.RFC3339)
	}
	return text
}

// GoString is String, so that %#v prints no token either.
func (t Tokens) GoString() string { return t.String() }

// Format prints String for every verb.
func (t Tokens) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, t.String()) }

// LogValue is String, for log/slog.
func (t Tokens) LogValue() slog.Value { return slog.StringValue(t.String()) }

// exportedClaims are claims that encode as a whole.
type exportedClaims Claims

// exported is the form in which tokens are kept.
type exported struct {
	AccessToken  string         `json:"accessToken,omitempty"`
	RefreshToken string         `json:"refreshToken,omitempty"`
	IDToken      string         `json:"idToken,omitempty"`
	Expiry       time.Time      `json:"expiry,omitzero"`
	Claims       exportedClaims `json:"claims,omitzero"`
}

// Export writes the tokens out in plain text, as JSON, to be kept where secrets
// are: whoever reads them is the user. Tokens of one to two thousand characters
// each are usual, while some keyrings take 2,500 bytes; a refresh token by itself
// is enough to go on from, so clear the others where space is short.
func (t Tokens) Export() ([]byte, error) {
	return json.Marshal(exported{
		AccessToken: t.AccessToken.Reveal(), RefreshToken: t.RefreshToken.Reveal(), IDToken: t.IDToken.Reveal(),
		Expiry: t.Expiry.UTC(), Claims: exportedClaims(t.Claims),
	})
}

// ImportTokens reads what Export wrote. Its error never repeats the text.
func ImportTokens(data []byte) (Tokens, error) {
	var e exported
	if err := json.Unmarshal(data, &e); err != nil {
		return Tokens{}, errors.New("import tokens: this is not what was exported")
	}
	return Tokens{
		AccessToken: NewSecret(e.AccessToken), RefreshToken: NewSecret(e.RefreshToken), IDToken: NewSecret(e.IDToken),
		Expiry: e.Expiry, Claims: Claims(e.Claims),
	}, nil
}
