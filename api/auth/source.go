package auth

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"centrapos/api"
)

const (
	// renewAhead is how long before its end an access token is renewed.
	renewAhead = 2 * time.Minute
	// endingAhead is how long before its end an access token is no longer relied
	// on alone, since a call takes time to arrive, and endingPatience how long the
	// next is waited for while it still opens the service.
	endingAhead    = 10 * time.Second
	endingPatience = 3 * time.Second
	// retryWhileValid and retryWhenExpired are how long renewals pause after one
	// that failed.
	retryWhileValid  = 15 * time.Second
	retryWhenExpired = time.Second
	// freshFor is how long a renewed token is not renewed again though the service
	// refuses it: then the fault is not the token's, and every call would cost a
	// refresh token.
	freshFor = 30 * time.Second
)

var errSourceClosed = errors.New("the token source is closed")

// SourceOptions change a Source.
type SourceOptions struct {
	// OnRefresh is told renewed tokens before any of them is used, so that they can
	// be kept: the refresh token before them may be void by then. When it returns
	// an error the tokens are used all the same, since there are no others, and it
	// is told them again later. It is called by one goroutine at a time and must
	// return in bounded time; a panic is taken as an error. It may be nil.
	OnRefresh func(Tokens) error
	// Kept returns the tokens as they are kept now. It is asked when the issuer
	// refuses the refresh token: another process with the same login may have used
	// it up and kept what it got. A panic is
	// taken as an error. It may be nil.
	Kept func(context.Context) (Tokens, error)
}

// Source gives the access token of one login and renews it two minutes ahead of
// its end, or once the service refused it. It implements api.TokenExpirer and is
// safe for concurrent use: however
// many ask, one renewal is under way at a time. Issuers may make each refresh token
// void at its first use, so processes that share a login need OnRefresh and Kept.
// Make it with Provider.Source.
type Source struct {
	provider  *Provider
	onRefresh func(Tokens) error
	kept      func(context.Context) (Tokens, error)
	work      singleflight.Group

	mu     sync.Mutex
	tokens Tokens
	// lifetime is how long the access tokens of this issuer last: documented, then
	// learned.
	lifetime time.Duration
	// refused is set once the issuer has refused the refresh token.
	refused error
	// failed is how the last renewal failed, and notBefore when the next may be.
	failed    error
	notBefore time.Time
	// rejected is an access token that the service no longer takes, and renewed
	// when tokens were last got.
	rejected Secret
	renewed  time.Time
	// unsaved is why OnRefresh did not take the present tokens.
	unsaved error
	closed  bool
}

var _ api.TokenExpirer = (*Source)(nil)

// Source returns a source that goes on from tokens.
func (p *Provider) Source(tokens Tokens, opts SourceOptions) *Source {
	return &Source{provider: p, onRefresh: opts.OnRefresh, kept: opts.Kept, tokens: tokens, lifetime: AccessTokenLifetime}
}

// Token returns an access token that is good for a call made now. A token near
// its end is renewed behind the caller's back; only an ended one is waited for.
// While renewals fail for a passing reason, such as an issuer that is down, the
// token is given out to its very end. The error matches api.ErrLoginRequired when
// the person has to log in again, and the context's own when that ends first.
func (s *Source) Token(ctx context.Context) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	token, state := s.look()
	switch state {
	case usable:
		return token, nil
	case aging:
		s.startRenewal(ctx)
		return token, nil
	case ending:
		// Worth a short wait, and no more: it still opens the service.
		wait, cancel := context.WithTimeout(ctx, endingPatience)
		defer cancel()
		_, _ = together(wait, &s.work, s.limit(), s.renew) // what came of it is seen below
		if token, valid := s.current(); valid {
			return token, nil
		}
	case ended:
	}
	return s.awaitRenewal(ctx)
}

// awaitRenewal waits for new tokens, or for the reason why there are none.
func (s *Source) awaitRenewal(ctx context.Context) (string, error) {
	// What is under way may have been no renewal, so look twice.
	for range 2 {
		_, err := together(ctx, &s.work, s.limit(), s.renew)
		if token, valid := s.current(); valid {
			return token, nil
		}
		if err != nil && ctx.Err() != nil {
			err = fmt.Errorf("%s: %w", opRenew, err)
		}
		if err != nil {
			return "", err
		}
	}
	return "", &Error{Op: opRenew, Err: errors.New("the issuer gives out tokens that have ended already")}
}

// limit bounds a renewal, for which the issuer's configuration may have to be
// read first.
func (s *Source) limit() time.Duration { return 2 * s.provider.config.Timeout }

// startRenewal renews behind the caller's back; the next caller sees what came
// of it.
func (s *Source) startRenewal(ctx context.Context) {
	s.work.DoChan("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.limit())
		defer cancel()
		return s.renew(ctx)
	})
}

// Expire says that the service no longer takes an access token. When it is the
// present one it is renewed before the next is given out, but not when it was
// itself renewed less than half a minute ago. It implements api.TokenExpirer.
func (s *Source) Expire(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh := !s.renewed.IsZero() && time.Since(s.renewed) < freshFor
	if token != "" && token == s.tokens.AccessToken.Reveal() && !fresh {
		s.rejected = s.tokens.AccessToken
	}
}

// isRejected reports whether the service refused the present access token.
func (s *Source) isRejected() bool {
	return !s.rejected.IsZero() && s.rejected.Reveal() == s.tokens.AccessToken.Reveal()
}

// Tokens returns the tokens as they are now, to log out with.
func (s *Source) Tokens() Tokens {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens
}

// Close waits for a renewal that is under way, so that its tokens are not lost,
// and starts no further one. Its error is that of OnRefresh, when the last
// renewed tokens could not be kept even now: then the person will have to log in
// again.
func (s *Source) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	_, _, joined := s.work.Do("", s.saveLast)
	if joined { // a renewal that was under way; what it left is seen to now
		_, _, _ = s.work.Do("", s.saveLast)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.unsaved
}

func (s *Source) saveLast() (any, error) {
	s.mu.Lock()
	tokens, unsaved := s.tokens, s.unsaved
	s.mu.Unlock()
	if unsaved != nil {
		s.save(tokens)
	}
	return nil, nil
}

// state is what can be done with the access token at hand.
type state int

const (
	// usable is good for a call, and nothing is to be done.
	usable state = iota
	// aging is good for a call, and something is to be done beside it.
	aging
	// ending is good for a call that arrives soon.
	ending
	// ended is good for nothing.
	ended
)

func (s *Source) look() (string, state) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	left := s.left(now)
	canRenew := s.refused == nil && !s.tokens.RefreshToken.IsZero() && !s.closed
	switch {
	case s.tokens.AccessToken.IsZero() || left <= 0:
		return "", ended
	case s.isRejected() && s.refused != nil:
		return "", ended
	case canRenew && left <= min(endingAhead, s.lifetime/10),
		canRenew && s.isRejected() && !now.Before(s.notBefore):
		return "", ending
	case now.Before(s.notBefore):
	case canRenew && s.isDue(left), s.unsaved != nil && !s.closed:
		return s.tokens.AccessToken.Reveal(), aging
	}
	return s.tokens.AccessToken.Reveal(), usable
}

// current returns the access token while the service may still take it.
func (s *Source) current() (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := s.tokens.AccessToken
	hopeless := s.isRejected() && s.refused != nil
	return token.Reveal(), !token.IsZero() && !hopeless && s.left(time.Now()) > 0
}

// left is how long the access token has still, by the wall clock, which runs on
// while the machine sleeps. One whose end is not known has all its time.
func (s *Source) left(now time.Time) time.Duration {
	if s.tokens.Expiry.IsZero() && !s.tokens.AccessToken.IsZero() {
		return s.lifetime
	}
	return s.tokens.Expiry.Round(0).Sub(now.Round(0))
}

// StaticToken returns a source of one access token that is not renewed, such as
// one that a person pasted in.
func StaticToken(token Secret) api.TokenSource { return staticToken{token} }

type staticToken struct{ token Secret }

// Token implements api.TokenSource.
func (s staticToken) Token(context.Context) (string, error) {
	if s.token.IsZero() {
		return "", fmt.Errorf("there is no access token: %w", api.ErrLoginRequired)
	}
	return s.token.Reveal(), nil
}
