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

// bubble runs a test in virtual time with an issuer and a provider.
func bubble(t *testing.T, test func(t *testing.T, i *testIssuer, p *Provider)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		i := newTestIssuer(t)
		test(t, i, newTestProvider(t, i))
	})
}

// token asks for a token that there must be.
func token(t *testing.T, s *Source) string {
	t.Helper()
	got, err := s.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestTokenIsRenewedAheadOfItsEnd(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, i *testIssuer, p *Provider) {
		first := i.goodTokens()
		var kept []Tokens
		s := p.Source(first, SourceOptions{OnRefresh: func(renewed Tokens) error { kept = append(kept, renewed); return nil }})

		time.Sleep(58*time.Minute - time.Second)
		equal(t, "token", token(t, s), first.AccessToken.Reveal())
		synctest.Wait()
		equal(t, "renewals more than two minutes ahead", i.count("/token"), 0)

		time.Sleep(time.Second)
		equal(t, "token while it is renewed", token(t, s), first.AccessToken.Reveal())
		synctest.Wait()
		equal(t, "renewals two minutes ahead", i.count("/token"), 1)
		equal(t, "kept", len(kept), 1)
		equal(t, "token after that", token(t, s), kept[0].AccessToken.Reveal())
		equal(t, "lifetime", time.Until(kept[0].Expiry).Round(time.Second), time.Hour)
		equal(t, "user", kept[0].Claims.GivenName, "Hana")

		form := i.form("/token")
		equal(t, "grant type", form.Get("grant_type"), "refresh_token")
		equal(t, "client", form.Get("client_id"), testClientID)
		equal(t, "refresh token", form.Get("refresh_token"), first.RefreshToken.Reveal())

		time.Sleep(time.Hour)
		equal(t, "token after an hour of silence", token(t, s), s.Tokens().AccessToken.Reveal())
		equal(t, "renewals", i.count("/token"), 2)
		equal(t, "refresh token of the second", i.form("/token").Get("refresh_token"), kept[0].RefreshToken.Reveal())
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestRefreshTokenThatStays(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, i *testIssuer, p *Provider) {
		i.keepKeys, i.withoutID = true, true
		first := i.goodTokens()
		s := p.Source(first, SourceOptions{})
		time.Sleep(2 * time.Hour)
		token(t, s)
		equal(t, "refresh token", s.Tokens().RefreshToken.Reveal(), first.RefreshToken.Reveal())
		equal(t, "user", s.Tokens().Claims, first.Claims)
	})
}

func TestManyAskAndOneRenews(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, i *testIssuer, p *Provider) {
		i.setFault("/token", func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(time.Second)
			i.mu.Lock()
			defer i.mu.Unlock()
			i.token(w, r)
		})
		s := p.Source(Tokens{RefreshToken: i.goodTokens().RefreshToken}, SourceOptions{})
		var all sync.WaitGroup
		var mu sync.Mutex
		got := map[string]int{}
		for range 200 {
			all.Go(func() {
				text, err := s.Token(t.Context())
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				got[text]++
			})
		}
		all.Go(func() { // one who does not wait
			ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			defer cancel()
			start := time.Now()
			if _, err := s.Token(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the one who left: %v", err)
			}
			equal(t, "the one who left waited", time.Since(start), time.Millisecond)
		})
		all.Wait()
		equal(t, "renewals", i.count("/token"), 1)
		equal(t, "different tokens", len(got), 1)
	})
}

func TestEndedContextGetsNoToken(t *testing.T) {
	t.Parallel()
	i := newTestIssuer(t)
	s := newTestProvider(t, i).Source(i.goodTokens(), SourceOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Token(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// An issuer in trouble does not slow a call down while the token is good, and is
// no reason to log in again.
func TestTokenServesWhileTheIssuerIsInTrouble(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]http.HandlerFunc{
		"hung": hanging, "500": answering(500, "text/html", "<html>"), "page": answering(200, "text/html", "<html>"),
		"429": answering(429, "application/json", `{"error":"slow_down"}`), "bad client": answering(401, "application/json", `{"error":"invalid_client"}`),
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://evil.test/", http.StatusFound)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, i *testIssuer, p *Provider) {
				first := i.goodTokens()
				s := p.Source(first, SourceOptions{})
				i.setFault("/token", fault)
				time.Sleep(58 * time.Minute)
				for time.Until(first.Expiry) > 0 {
					start := time.Now()
					equal(t, "token", token(t, s), first.AccessToken.Reveal())
					patience := time.Duration(0)
					if first.Expiry.Sub(start) <= endingAhead {
						patience = endingPatience
					}
					if took := time.Since(start); took > patience {
						t.Fatalf("it took %s, %s before the token's end", took, first.Expiry.Sub(start))
					}
					time.Sleep(time.Second)
				}
				if n := i.count("/token"); n < 2 || n > 30 {
					t.Errorf("%d renewals were tried in two minutes", n)
				}
				start := time.Now()
				if _, err := s.Token(t.Context()); err == nil || errors.Is(err, api.ErrLoginRequired) {
					t.Errorf("after its end: %v", err)
				}
				if took := time.Since(start); took > 11*time.Second {
					t.Errorf("it took %s to fail", took)
				}
				i.setFault("/token", nil)
				time.Sleep(retryWhenExpired)
				if got := token(t, s); got == first.AccessToken.Reveal() {
					t.Error("the ended token is given out")
				}
			})
		})
	}
}

func TestRenewalsThatFailAreNotRepeatedAtOnce(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, i *testIssuer, p *Provider) {
		s := p.Source(Tokens{RefreshToken: i.goodTokens().RefreshToken}, SourceOptions{})
		i.setFault("/token", answering(500, "text/html", "<html>"))
		for range 100 {
			if _, err := s.Token(t.Context()); err == nil {
				t.Fatal("a token out of nothing")
			}
			time.Sleep(100 * time.Millisecond)
		}
		equal(t, "renewals tried in ten seconds", i.count("/token"), 10)
	})
}

func TestRefusedRefreshTokenNeedsALogin(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, i *testIssuer, p *Provider) {
		first := i.goodTokens()
		s := p.Source(first, SourceOptions{})
		i.set(func(i *testIssuer) { clear(i.refresh) })
		time.Sleep(59 * time.Minute)
		for range 50 { // it still opens the service
			equal(t, "token", token(t, s), first.AccessToken.Reveal())
			time.Sleep(time.Second)
		}
		time.Sleep(10 * time.Second)
		for range 5 {
			_, err := s.Token(t.Context())
			if !errors.Is(err, api.ErrLoginRequired) {
				t.Fatalf("got %v", err)
			}
			equal(t, "error", err.Error(), "renew the access token: the issuer answered invalid_grant (Refresh Token has been revoked): a new login is required")
			time.Sleep(time.Minute)
		}
		equal(t, "renewals tried", i.count("/token"), 1)
	})
}

// Processes that share a login use up one another's refresh tokens; the one that
// comes too late takes over what the other kept.
func TestProcessesThatShareALogin(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		pause    time.Duration // after the other renewed
		change   func(*Tokens) // of what it kept
		err      error         // of asking for that
		renewals int
		ok       bool
	}{
		"a moment later":      {time.Second, nil, nil, 2, true},
		"two hours later":     {2 * time.Hour, nil, nil, 3, true},
		"and nothing is kept": {time.Second, func(kept *Tokens) { *kept = Tokens{} }, nil, 2, false},
		"of different people": {time.Second, func(kept *Tokens) { kept.Claims.Subject = "another" }, nil, 2, false},
		"and a lost keyring":  {time.Second, nil, errors.New("locked"), 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, i *testIssuer, p *Provider) {
				kept := i.goodTokens()
				opts := SourceOptions{
					OnRefresh: func(renewed Tokens) error { kept = renewed; return nil },
					Kept:      func(context.Context) (Tokens, error) { return kept, tt.err },
				}
				first, second := p.Source(kept, opts), p.Source(kept, opts)
				time.Sleep(time.Hour)
				token(t, first)
				time.Sleep(tt.pause)
				if tt.change != nil {
					tt.change(&kept)
				}
				got, err := second.Token(t.Context())
				if (err == nil) != tt.ok || !tt.ok && !errors.Is(err, api.ErrLoginRequired) {
					t.Errorf("the second: %v", err)
				}
				if tt.ok {
					equal(t, "token", got, kept.AccessToken.Reveal())
				}
				equal(t, "renewals tried", i.count("/token"), tt.renewals)
			})
		})
	}
}

func TestNothingToRenewWith(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, i *testIssuer, p *Provider) {
		tokens := i.goodTokens()
		tokens.RefreshToken = Secret{}
		s := p.Source(tokens, SourceOptions{})
		time.Sleep(time.Hour - time.Second)
		equal(t, "token", token(t, s), tokens.AccessToken.Reveal())
		time.Sleep(time.Second)
		if _, err := s.Token(t.Context()); !errors.Is(err, api.ErrLoginRequired) {
			t.Errorf("got %v", err)
		}
		if _, err := p.Source(Tokens{}, SourceOptions{}).Token(t.Context()); !errors.Is(err, api.ErrLoginRequired) {
			t.Errorf("of no tokens: got %v", err)
		}
		equal(t, "requests", i.count("/token"), 0)
	})
}

// The tokens are kept before anybody has them; when they cannot be kept, calls go
// on, and keeping is tried again.
func TestKeepingRenewedTokens(t *testing.T) {
	t.Parallel()
	full := errors.New("the keyring is locked")
	bubble(t, func(t *testing.T, i *testIssuer, p *Provider) {
		var told []string
		locked := true
		var s *Source
		s = p.Source(Tokens{RefreshToken: i.goodTokens().RefreshToken}, SourceOptions{OnRefresh: func(renewed Tokens) error {
			if len(told) == 0 && !s.Tokens().AccessToken.IsZero() {
				t.Error("the tokens are in use before they are kept")
			}
			told = append(told, renewed.RefreshToken.Reveal())
			if locked {
				return full
			}
			return nil
		}})
		for range 31 {
			token(t, s)
			time.Sleep(time.Second)
		}
		synctest.Wait()
		equal(t, "times told in 31 s", len(told), 3)
		equal(t, "renewals", i.count("/token"), 1)
		if err := s.Close(); !errors.Is(err, full) {
			t.Errorf("closed with %v", err)
		}
		locked = false
		if err := s.Close(); err != nil {
			t.Errorf("closed again with %v", err)
		}
		equal(t, "times told", len(told), 5)
		for _, refresh := range told {
			equal(t, "told", refresh, s.Tokens().RefreshToken.Reveal())
		}
	})
}

func TestCloseWaitsForARenewal(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, i *testIssuer, p *Provider) {
		i.setFault("/token", func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(5 * time.Second)
			i.mu.Lock()
			defer i.mu.Unlock()
			i.token(w, r)
		})
		first := i.goodTokens()
		kept := 0
		s := p.Source(first, SourceOptions{OnRefresh: func(Tokens) error { kept++; return nil }})
		time.Sleep(59 * time.Minute)
		token(t, s)
		time.Sleep(time.Millisecond)
		start := time.Now()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		equal(t, "waited", time.Since(start).Round(time.Second), 5*time.Second)
		equal(t, "kept", kept, 1)
		if token(t, s) == first.AccessToken.Reveal() {
			t.Error("the renewal is lost")
		}
		time.Sleep(2 * time.Hour)
		if _, err := s.Token(t.Context()); !errors.Is(err, errSourceClosed) {
			t.Errorf("closed, and past the token's end: %v", err)
		}
		equal(t, "renewals", i.count("/token"), 1)
	})
}

// Whatever the lifetime of tokens, a till that asks each second renews them once
// in it and never waits.
func TestTokensOfAnyLifetime(t *testing.T) {
	t.Parallel()
	for _, lifetime := range []time.Duration{20 * time.Second, time.Minute, 5 * time.Minute, time.Hour, 24 * time.Hour} {
		t.Run(lifetime.String(), func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, i *testIssuer, p *Provider) {
				i.lifetime = lifetime
				s := p.Source(Tokens{RefreshToken: i.goodTokens().RefreshToken}, SourceOptions{})
				token(t, s)
				start := time.Now()
				step := max(lifetime/100, time.Second)
				for time.Since(start) < 10*lifetime {
					before := time.Now()
					token(t, s)
					if time.Since(before) > 0 {
						t.Fatal("a call waited")
					}
					time.Sleep(step)
				}
				if n := i.count("/token"); n < 10 || n > 15 {
					t.Errorf("%d renewals in ten lifetimes", n)
				}
			})
		})
	}
}

// A till whose clock was a day ahead at the renewal believes its token to last a
// day too long, once the clock is put right.
func TestClockPutRight(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, i *testIssuer, p *Provider) {
		tokens := i.goodTokens()
		tokens.Expiry = time.Now().Add(25 * time.Hour)
		s := p.Source(tokens, SourceOptions{})
		token(t, s)
		synctest.Wait()
		equal(t, "renewals", i.count("/token"), 1)
		equal(t, "lifetime", time.Until(s.Tokens().Expiry).Round(time.Second), time.Hour)
	})
}

func TestIDTokenOfARenewal(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		claims map[string]any
		fault  bool // of the keys
		name   string
		ok     bool
	}{
		"of the same user":      {map[string]any{"given_name": "Hana-Mei"}, false, "Hana-Mei", true},
		"of another":            {map[string]any{"sub": "another"}, false, "", false},
		"that is not for us":    {map[string]any{"aud": "another", "given_name": "Eve"}, false, "", true},
		"that nobody can check": {map[string]any{"given_name": "Eve"}, true, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, i *testIssuer, p *Provider) {
				first := i.goodTokens()
				i.claims = func(c map[string]any) {
					for key, value := range tt.claims {
						c[key] = value
					}
				}
				if tt.fault {
					i.setFault("/keys", hanging)
				}
				s := p.Source(Tokens{RefreshToken: first.RefreshToken, Claims: first.Claims}, SourceOptions{})
				_, err := s.Token(t.Context())
				if (err == nil) != tt.ok || !tt.ok && !errors.Is(err, api.ErrLoginRequired) {
					t.Errorf("got %v", err)
				}
				equal(t, "name", s.Tokens().Claims.GivenName, tt.name)
				equal(t, "user", s.Tokens().Claims.Subject, testSubject)
			})
		})
	}
}

// An issuer that repeats the refresh token in each part of its answer does not
// get it into an error.
func TestErrorsOfRenewalsHoldNoToken(t *testing.T) {
	t.Parallel()
	for _, format := range []string{
		`{"error":"invalid_grant","error_description":"no such token: %s"}`, `{"error":"%s"}`, `{"error":"x","error_uri":"%s"}`,
		`{"access_token":"a","expires_in":"%s"}`, `<html>%s`, `%s`, `"%s"`, `{"%s"`,
	} {
		for _, secret := range []string{"short", "refresh-token-of-a-considerable-length.with.dots"} {
			i := newTestIssuer(t)
			i.setFault("/token", answering(http.StatusBadRequest, "application/json", fmt.Sprintf(format, secret)))
			s := newTestProvider(t, i).Source(Tokens{RefreshToken: NewSecret(secret)}, SourceOptions{})
			_, err := s.Token(t.Context())
			if err == nil {
				t.Fatalf("%s: a token", format)
			}
			for _, text := range []string{fmt.Sprintf("%v %+v %#v %q", err, err, err, err), fmt.Sprintf("%+v %#v", s, s)} {
				if strings.Contains(text, secret) && !(secret == "short" && format == `{"error":"%s"}`) {
					t.Errorf("%s: %s", format, text)
				}
			}
		}
	}
}

func TestStaticToken(t *testing.T) {
	t.Parallel()
	got, err := StaticToken(NewSecret("a-token")).Token(t.Context())
	if got != "a-token" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := StaticToken(Secret{}).Token(t.Context()); !errors.Is(err, api.ErrLoginRequired) {
		t.Errorf("of no token: got %v", err)
	}
}
