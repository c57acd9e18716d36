package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centrapos/api"
)

func TestATokenThatTheServiceRefusesIsRenewed(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, i *testIssuer, p *Provider) {
		first := i.goodTokens()
		s := p.Source(first, SourceOptions{})
		s.Expire("another token")
		s.Expire("")
		equal(t, "token", token(t, s), first.AccessToken.Reveal())

		s.Expire(first.AccessToken.Reveal())
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				if got := token(t, s); got == first.AccessToken.Reveal() {
					t.Error("the refused token is given out again")
				}
			})
		}
		all.Wait()
		equal(t, "renewals", i.count("/token"), 1)

		// A service that refuses whatever it is given does not cost a token a call.
		for range 20 {
			s.Expire(token(t, s))
			time.Sleep(time.Second)
		}
		equal(t, "renewals in 20 seconds", i.count("/token"), 1)
		time.Sleep(freshFor)
		s.Expire(token(t, s))
		token(t, s)
		equal(t, "renewals after that", i.count("/token"), 2)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

// Without a renewal the refused token is the best there is, unless the issuer says
// that the login is over.
func TestARefusedTokenThatCannotBeRenewed(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, i *testIssuer, p *Provider) {
		first := i.goodTokens()
		s := p.Source(first, SourceOptions{})
		i.setFault("/token", answering(500, "text/html", "<html>"))
		for range 10 {
			s.Expire(first.AccessToken.Reveal())
			equal(t, "token", token(t, s), first.AccessToken.Reveal())
			time.Sleep(time.Second)
		}
		equal(t, "renewals tried", i.count("/token"), 1)

		i.setFault("/token", answering(400, "application/json", `{"error":"invalid_grant"}`))
		time.Sleep(retryWhileValid)
		s.Expire(first.AccessToken.Reveal())
		for range 3 {
			if _, err := s.Token(t.Context()); !errors.Is(err, api.ErrLoginRequired) {
				t.Errorf("got %v", err)
			}
		}
	})
}

func TestATokenWithoutAnEndIsUsedUntilItIsRefused(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, i *testIssuer, p *Provider) {
		given := i.goodTokens()
		given.Expiry = time.Time{}
		s := p.Source(given, SourceOptions{})
		time.Sleep(3 * time.Hour)
		equal(t, "token", token(t, s), given.AccessToken.Reveal())
		synctest.Wait()
		equal(t, "renewals", i.count("/token"), 0)
		s.Expire(given.AccessToken.Reveal())
		if token(t, s) == given.AccessToken.Reveal() {
			t.Error("the refused token is given out again")
		}

		alone := p.Source(Tokens{AccessToken: given.AccessToken}, SourceOptions{})
		equal(t, "token without a refresh token", token(t, alone), given.AccessToken.Reveal())
	})
}

// The program's functions run on a goroutine of this package, where a panic would
// end the process.
func TestAPanicOfTheProgramsFunctionsIsAnError(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, i *testIssuer, p *Provider) {
		panics := true
		s := p.Source(Tokens{RefreshToken: i.goodTokens().RefreshToken}, SourceOptions{OnRefresh: func(tokens Tokens) error {
			if panics {
				panic("cannot keep " + tokens.RefreshToken.Reveal())
			}
			return nil
		}})
		got := token(t, s)
		err := s.Close()
		if err == nil || strings.Contains(err.Error(), s.Tokens().RefreshToken.Reveal()) {
			t.Errorf("got %v", err)
		}
		panics = false
		if err := s.Close(); err != nil {
			t.Errorf("told again: %v", err)
		}
		equal(t, "token", got, s.Tokens().AccessToken.Reveal())

		i.setFault("/token", answering(http.StatusBadRequest, "application/json", `{"error":"invalid_grant"}`))
		s = p.Source(Tokens{RefreshToken: NewSecret("used-up")}, SourceOptions{Kept: func(context.Context) (Tokens, error) {
			panic(fmt.Errorf("the keyring is gone"))
		}})
		if _, err := s.Token(t.Context()); !errors.Is(err, api.ErrLoginRequired) {
			t.Errorf("got %v", err)
		}
	})
}
