package auth

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/oauth2"
)

// ErrLoginRefused is the cause of a login that the person, or the issuer on its
// page, refused.
var ErrLoginRefused = errors.New("the login was refused in the browser")

// ErrRevocationUnsupported is the cause when an issuer names no place to revoke
// tokens at; they end by themselves.
var ErrRevocationUnsupported = errors.New("the issuer offers no revocation of tokens")

// Error is what an issuer, or the way to it, failed in; errors.As finds it. It
// never contains a token, a code or a body.
type Error struct {
	// Op is what was attempted, such as "renew the access token".
	Op string
	// Status is the HTTP status of the answer, 0 when there was none.
	Status int
	// Code is the issuer's OAuth error code, such as invalid_grant, if it gave one.
	Code string
	// Description is what the issuer said of it for people, in one line, cleaned
	// of all that looks like a token.
	Description string
	// Err is the cause beside the answer: api.ErrLoginRequired, ErrLoginRefused, a
	// network error.
	Err error
}

// Error says what was attempted and what came of it, in one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	switch {
	case e.Code != "":
		b.WriteString(": the issuer answered " + e.Code)
	case e.Status != 0:
		b.WriteString(": the issuer answered " + strconv.Itoa(e.Status))
	}
	if e.Description != "" {
		b.WriteString(" (" + e.Description + ")")
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause, so that errors.Is finds api.ErrLoginRequired and the
// like.
func (e *Error) Unwrap() error { return e.Err }

// failure makes an *Error of what the OAuth library or the network returned on a
// request that held the secrets. The library's errors print the whole body, so
// none of them is kept.
func failure(op string, err error, secrets ...string) *Error {
	var answered *oauth2.RetrieveError
	var network *url.Error
	switch {
	case errors.As(err, &answered):
		e := &Error{Op: op, Code: oauthCode(answered.ErrorCode), Description: cleaned(answered.ErrorDescription, secrets...)}
		if answered.Response != nil {
			e.Status = answered.Response.StatusCode
		}
		return e
	case errors.As(err, &network):
		return &Error{Op: op, Err: &unreachedError{network}}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &Error{Op: op, Err: err}
	default:
		return &Error{Op: op, Err: errors.New("the answer cannot be used: " + cleaned(err.Error(), secrets...))}
	}
}

// unreachedError says in plain words that there was no answer.
type unreachedError struct{ err *url.Error }

// Error says so, and behind it why.
func (e *unreachedError) Error() string {
	if e.err.Timeout() {
		return "the issuer did not answer in time"
	}
	return "the issuer could not be reached [" + e.err.Err.Error() + "]"
}

// Unwrap returns the cause.
func (e *unreachedError) Unwrap() error { return e.err }

// oauthCode lets through what has the form of an error code.
func oauthCode(text string) string {
	const longest = 40
	plain := func(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' }
	if len(text) > longest || strings.ContainsFunc(text, func(r rune) bool { return !plain(r) }) {
		return ""
	}
	return text
}

// tokenLike matches what could be a token, a code or a good part of one. No
// word of an explanation is that long.
var tokenLike = regexp.MustCompile(`[A-Za-z0-9._~+/=%-]{24,}`)

// cleaned makes a foreign text fit for an error: one short line with neither the
// secrets nor anything that looks like one.
func cleaned(text string, secrets ...string) string {
	const longest = 160
	text = oneLine(text)
	for _, s := range secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s, redacted)
		}
	}
	text = tokenLike.ReplaceAllString(strings.ToValidUTF8(text, ""), redacted)
	if r := []rune(text); len(r) > longest {
		text = string(r[:longest]) + "…"
	}
	return text
}
