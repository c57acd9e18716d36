package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// Option changes how a Client is made. An option with an unusable value makes
// New fail.
type Option func(*settings) error

// settings are what the options of New collect.
type settings struct {
	credential
	httpClient *http.Client
	userAgent  string
	limiter    *Limiter
	logger     *slog.Logger
	retry      RetryPolicy
	timeouts   Timeouts
	allowPlain bool
}

// Timeouts bound one attempt of a call. A zero field keeps its default.
type Timeouts struct {
	// Dial bounds the TCP connection; default 3 s.
	Dial time.Duration
	// TLS bounds the TLS handshake; default 3 s.
	TLS time.Duration
	// ResponseHeader bounds the wait for the first byte of the answer; default
	// 7 s.
	ResponseHeader time.Duration
	// Total bounds the attempt from dialling to the last byte of the answer;
	// default 8 s, or a second more than ResponseHeader where that is longer. Waiting
	// for a turn under the rate limit does not count.
	Total time.Duration
}

func (t Timeouts) withDefaults() Timeouts {
	fill := func(d *time.Duration, def time.Duration) {
		if *d == 0 {
			*d = def
		}
	}
	fill(&t.Dial, 3*time.Second)
	fill(&t.TLS, 3*time.Second)
	fill(&t.ResponseHeader, 7*time.Second)
	// A longer wait for the first byte asks for a longer attempt.
	fill(&t.Total, max(8*time.Second, t.ResponseHeader+time.Second))
	return t
}

// WithAPIKey authenticates calls with an API key, sent as X-Api-Key. White
// space around the key is dropped. Source: Centrapay docs, auth.
func WithAPIKey(key string) Option {
	return func(s *settings) error {
		key = strings.TrimSpace(key)
		if key == "" {
			return errors.New("the API key is empty")
		}
		if !isToken(key) {
			return errors.New("the API key has characters that no key has")
		}
		s.key = newSecret(key)
		return nil
	}
}

// WithPlainHTTP lets the credential go over http:// to another machine. Without it
// New refuses such a base URL; this machine's own addresses need no option.
func WithPlainHTTP() Option {
	return func(s *settings) error {
		s.allowPlain = true
		return nil
	}
}

// WithHTTPClient makes calls through a copy of client; client itself is not
// changed. Redirects are never followed, whatever client says. An *http.Transport
// that client brings is copied too, keeps its own dial, TLS and header timeouts, and
// speaks HTTP/1.1 only: over HTTP/2 it would repeat calls by itself. A transport of
// another type must not repeat requests.
func WithHTTPClient(client *http.Client) Option {
	return func(s *settings) error {
		if client == nil {
			return errors.New("the HTTP client is nil")
		}
		s.httpClient = client
		return nil
	}
}

// WithUserAgent names the program that makes the calls.
func WithUserAgent(agent string) Option {
	return func(s *settings) error {
		if agent == "" || strings.ContainsFunc(agent, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return errors.New("the user agent is empty or has characters that a header cannot hold")
		}
		s.userAgent = agent
		return nil
	}
}

// WithLimiter shares l with other clients of the same credential, since the
// service counts calls by the account of the credential. Without this option a
// client has a limiter of its own, NewLimiter(DefaultCallsPerMinute).
func WithLimiter(l *Limiter) Option {
	return func(s *settings) error {
		if l == nil {
			return errors.New("the limiter is nil")
		}
		s.limiter = l
		return nil
	}
}

// WithLogger logs one line for each attempt of a call: debug when done, info
// when refused, warn otherwise. Lines carry method, path, status, outcome and
// code; never bodies, queries or credentials.
func WithLogger(logger *slog.Logger) Option {
	return func(s *settings) error {
		if logger == nil {
			return errors.New("the logger is nil")
		}
		s.logger = logger
		return nil
	}
}

// WithRetryPolicy replaces DefaultRetryPolicy.
func WithRetryPolicy(p RetryPolicy) Option {
	return func(s *settings) error {
		p = p.withDefaults()
		if p.MaxAttempts < 1 || p.MinDelay < 0 || p.MaxDelay < p.MinDelay {
			return fmt.Errorf("retry policy %+v: want at least one attempt and delays in order", p)
		}
		s.retry = p
		return nil
	}
}

// WithTimeouts replaces the default bounds of an attempt.
func WithTimeouts(t Timeouts) Option {
	return func(s *settings) error {
		if t.Dial < 0 || t.TLS < 0 || t.ResponseHeader < 0 || t.Total < 0 {
			return fmt.Errorf("timeouts %+v: none may be negative", t)
		}
		s.timeouts = t
		return nil
	}
}

// CallOption changes one call.
type CallOption func(*callOptions)

type callOptions struct {
	noRetry bool
	urgent  bool
}

// WithoutRetry makes exactly one attempt, for callers that have retry rules of
// their own. The limiter still applies.
func WithoutRetry() CallOption { return func(o *callOptions) { o.noRetry = true } }

// Urgent serves the call before all that are not urgent when calls wait for
// their turn under the rate limit: the customer in front comes first.
func Urgent() CallOption { return func(o *callOptions) { o.urgent = true } }
