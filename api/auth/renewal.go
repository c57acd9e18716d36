package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"centrapos/api"
)

// isDue reports whether tokens are to be renewed: there is no access token, the
// service refused it, it is near its end, or it claims more time than tokens get, since the clock was put
// right after it was issued.
func (s *Source) isDue(left time.Duration) bool {
	return s.tokens.AccessToken.IsZero() || s.isRejected() || left <= min(renewAhead, s.lifetime/5) || left > s.lifetime+time.Minute
}

// renew does what is to be done: it renews the tokens, or has OnRefresh keep the
// ones that it did not. One goroutine runs it at a time.
func (s *Source) renew(ctx context.Context) (any, error) {
	old, err := s.beginRenewal(time.Now())
	if err != nil || old == nil {
		return nil, err
	}
	renewed, kept, err := s.exchange(ctx, *old)
	if err != nil {
		s.noteFailure(err)
		return nil, err
	}
	if !kept {
		s.save(renewed)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens, s.failed, s.rejected, s.renewed = renewed, nil, Secret{}, time.Now()
	s.lifetime = max(renewed.Expiry.Sub(time.Now().Round(0)), time.Second)
	return nil, nil
}

// exchange gets new tokens for old: from the issuer, or when that refuses, what
// another process got before; kept says that these need no keeping.
func (s *Source) exchange(ctx context.Context, old Tokens) (renewed Tokens, kept bool, err error) {
	renewed, err = s.provider.renew(ctx, old)
	if s.kept == nil || !errors.Is(err, api.ErrLoginRequired) {
		return renewed, false, err
	}
	others, keptErr := s.askKept(ctx)
	switch {
	case keptErr != nil, others.RefreshToken.IsZero(), others.RefreshToken.Reveal() == old.RefreshToken.Reveal(),
		others.Claims.Subject != old.Claims.Subject:
		return Tokens{}, false, err
	case !others.AccessToken.IsZero() && others.Expiry.Round(0).Sub(time.Now().Round(0)) > endingAhead:
		return others, true, nil
	}
	renewed, err = s.provider.renew(ctx, others)
	return renewed, false, err
}

// beginRenewal returns the tokens to renew, nil when there is nothing to renew,
// or why there cannot be a renewal now.
func (s *Source) beginRenewal(now time.Time) (*Tokens, error) {
	s.mu.Lock()
	old, unsaved, left := s.tokens, s.unsaved, s.left(now)
	due := s.isDue(left)
	refused, failed, early, closed := s.refused, s.failed, now.Before(s.notBefore), s.closed
	s.mu.Unlock()
	switch {
	case !due && unsaved != nil && !early && !closed:
		s.save(old)
		return nil, nil
	case !due:
		return nil, nil
	case refused != nil:
		return nil, refused
	case closed:
		return nil, errSourceClosed
	case early && failed != nil:
		return nil, failed
	}
	return &old, nil
}

func (s *Source) noteFailure(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.failed, s.notBefore = err, now.Add(max(min(retryWhileValid, s.left(now)), retryWhenExpired))
	if errors.Is(err, api.ErrLoginRequired) {
		s.refused = err
	}
}

// save hands tokens to OnRefresh.
func (s *Source) save(t Tokens) {
	if s.onRefresh == nil {
		return
	}
	err := s.tellRenewed(t)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.unsaved = err; err != nil {
		s.notBefore = time.Now().Add(retryWhileValid)
	}
}

// tellRenewed and askKept call the program's own functions. A panic in them would
// end the process, since renewals run on a goroutine of their own. What was panicked
// with is not told: it may hold a token.
func (s *Source) tellRenewed(t Tokens) (err error) {
	defer recoverInto(&err, "SourceOptions.OnRefresh")
	return s.onRefresh(t)
}

func (s *Source) askKept(ctx context.Context) (t Tokens, err error) {
	defer recoverInto(&err, "SourceOptions.Kept")
	return s.kept(ctx)
}

func recoverInto(err *error, what string) {
	if fault := recover(); fault != nil {
		*err = fmt.Errorf("%s panicked with a %T", what, fault)
	}
}
