package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"slices"
	"time"
)

// Lifetimes of what a login gives. Those of the access and the refresh token are
// documented; an id token is taken to live as long as the access token. A new
// refresh token ends when the one it replaces would have.
const (
	codeLifetime    = time.Minute
	accessLifetime  = time.Hour
	refreshLifetime = 60 * 24 * time.Hour
)

// loginCode is an authorization code that can be exchanged once.
type loginCode struct {
	// Digest is that of the code, as with all secrets that are kept.
	Digest      string `json:"digest"`
	ClientID    string `json:"clientId"`
	RedirectURI string `json:"redirectUri"`
	// Challenge is the S256 code challenge.
	Challenge string    `json:"challenge"`
	Nonce     string    `json:"nonce,omitempty"`
	UserID    string    `json:"userId"`
	At        time.Time `json:"at"`
}

// login is a user logged in to a program, until it ends or is revoked.
type login struct {
	ID       string `json:"id"`
	UserID   string `json:"userId"`
	ClientID string `json:"clientId"`
	Nonce    string `json:"nonce,omitempty"`
	// Code is the digest of the code that it came from.
	Code string    `json:"code"`
	At   time.Time `json:"at"`
	Ends time.Time `json:"ends"`
	// Refresh is the digest of the one refresh token that is good.
	Refresh string `json:"refresh"`
}

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// proves tells whether a code verifier belongs to the challenge. Source: RFC 7636,
// section 4.6, which also gives the lengths.
func (c loginCode) proves(verifier string) bool {
	const shortest, longest = 43, 128
	fits := len(verifier) >= shortest && len(verifier) <= longest
	return fits && subtle.ConstantTimeCompare([]byte(digest(verifier)), []byte(c.Challenge)) == 1
}

// forget takes out what has ended by now.
func (a *adminState) forget(now time.Time) {
	a.Codes = slices.DeleteFunc(a.Codes, func(c loginCode) bool { return now.After(c.At.Add(codeLifetime)) })
	a.Logins = slices.DeleteFunc(a.Logins, func(l login) bool { return !now.Before(l.Ends) })
}

// takeCode returns a code and makes it worthless. A code that was used before ends
// the login that it gave, since somebody else has it too. Source: RFC 6749,
// section 4.1.2.
func (a *adminState) takeCode(code string) (loginCode, bool) {
	d := digest(code)
	i := slices.IndexFunc(a.Codes, func(c loginCode) bool { return c.Digest == d })
	if i < 0 {
		a.Logins = slices.DeleteFunc(a.Logins, func(l login) bool { return l.Code == d })
		return loginCode{}, false
	}
	taken := a.Codes[i]
	a.Codes = slices.Delete(a.Codes, i, i+1)
	return taken, true
}

// find returns the place of a login that has not ended, -1 for none.
func (a *adminState) find(now time.Time, is func(login) bool) int {
	return slices.IndexFunc(a.Logins, func(l login) bool { return now.Before(l.Ends) && is(l) })
}

func withID(id string) func(login) bool { return func(l login) bool { return l.ID == id } }

func withRefresh(token string) func(login) bool {
	d := digest(token)
	return func(l login) bool { return l.Refresh == d }
}
