package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// TokenSource gives the user access token for a call, renewed when it has to
// be. It is asked before every attempt, from several goroutines at once, and
// must return when the context ends. An error that wraps ErrLoginRequired says
// that asking again is of no use. Package auth makes token sources.
type TokenSource interface {
	Token(ctx context.Context) (string, error)
}

// TokenExpirer is a TokenSource that can be told that the service refused a token
// before its time, since the login was revoked or the clock is wrong. Expire must
// return at once; the source gives out another token when it is next asked, if it
// can get one. When the service answers 401, the client tells the source and, if
// it then has another token, attempts the call once more with it: such a call was
// turned away at the door. That attempt counts as one of RetryPolicy.MaxAttempts,
// and calls WithoutRetry do not make it.
type TokenExpirer interface {
	TokenSource
	// Expire says that the service no longer takes the token.
	Expire(token string)
}

// ErrLoginRequired is the cause of calls that were not sent, or were answered with
// 401, because the user has to log in again first: the login was revoked, or is
// older than the service allows. Such calls have the code CodeLoginRequired.
var ErrLoginRequired = errors.New("a new login is required")

// WithUserToken authenticates calls with user access tokens, sent bare in the
// Authorization header, as the documents show: without "Bearer". A user acts on
// the account of an organisation only when WithAccount names it. Source:
// Centrapay docs, auth.
func WithUserToken(source TokenSource) Option {
	return func(s *settings) error {
		if source == nil {
			return errors.New("the token source is nil")
		}
		s.tokens = source
		return nil
	}
}

// WithAccount names the account of an organisation that a user acts for, sent
// as X-Centrapay-Account. It goes with WithUserToken only: an API key belongs to
// one account.
func WithAccount(accountID string) Option {
	return func(s *settings) error {
		if !isToken(accountID) {
			return errors.New("the account id is empty or has characters that no id has")
		}
		s.account = accountID
		return nil
	}
}

// credential is what calls are authenticated with: a key, or tokens on behalf
// of an account. The zero credential authenticates nothing.
type credential struct {
	key     secret
	tokens  TokenSource
	account string
}

func (c credential) isSet() bool { return c.key.isSet() || c.tokens != nil }

// check says whether the options that made the credential go together.
func (c credential) check() error {
	switch {
	case c.key.isSet() && c.tokens != nil:
		return errors.New("an API key and user tokens were both given; a client has one credential")
	case c.account != "" && c.tokens == nil:
		return errors.New("an account was named without user tokens; an API key belongs to one account")
	}
	return nil
}

// tokenPatience is the most that the renewal of a token may take.
const tokenPatience = 15 * time.Second

// authenticate puts the credential into the headers of a request and returns
// the secret that it used, for redaction.
func (c credential) authenticate(ctx context.Context, h http.Header) (secret, error) {
	if c.tokens == nil {
		if c.key.isSet() {
			h.Set("X-Api-Key", c.key.reveal())
		}
		return c.key, nil
	}
	ctx, cancel := context.WithTimeout(ctx, tokenPatience)
	defer cancel()
	token, err := c.tokens.Token(ctx)
	if err != nil {
		return secret{}, fmt.Errorf("get the user's access token: %w", err)
	}
	if !isToken(token) {
		return secret{}, errors.New("get the user's access token: it is empty or has characters that no token has")
	}
	h.Set("Authorization", token)
	if c.account != "" {
		h.Set("X-Centrapay-Account", c.account)
	}
	return newSecret(token), nil
}

// isToken reports whether text can stand in a header as one word.
func isToken(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}
