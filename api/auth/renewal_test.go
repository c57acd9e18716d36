package auth

import (
	"errors"
	"net"
	"net/http"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// A connection that broke is no reason to fail a call: the renewal is tried once
// more, at once, and no more than that.
func TestARenewalWhoseConnectionBreaksIsTriedOnceMore(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		breaks int
		err    error
		tried  int
		ok     bool
	}{
		"once":         {1, syscall.ECONNRESET, 2, true},
		"twice":        {2, syscall.ECONNRESET, 2, false},
		"out of time":  {1, os.ErrDeadlineExceeded, 1, false},
		"never opened": {1, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				i := newTestIssuer(t)
				tried := 0
				p := newTestProvider(t, i, func(c *Config) {
					c.HTTPClient = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
						if r.URL.Path == "/token" {
							if tried++; tried <= tt.breaks {
								return nil, tt.err
							}
						}
						return direct{i}.RoundTrip(r)
					})}
				})
				s := p.Source(Tokens{RefreshToken: i.goodTokens().RefreshToken}, SourceOptions{})
				start := time.Now()
				_, err := s.Token(t.Context())
				equal(t, "renewed", err == nil, tt.ok)
				equal(t, "tried", tried, tt.tried)
				equal(t, "took", time.Since(start), 0)
				if err != nil && !errors.Is(err, tt.err) {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

// transport is a round trip as a function.
type transport func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }
