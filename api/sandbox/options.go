package sandbox

import (
	crand "crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// DefaultPayURL is where the url of a payment request points unless the sandbox
// is served by Listen, whose own pages it then points to.
const DefaultPayURL = "https://app.centrapay.com/pay"

// DefaultCallsPerMinute is the documented limit of one account.
const DefaultCallsPerMinute = 200

// Option changes how New makes a sandbox.
type Option func(*settings) error

type settings struct {
	merchants   []Merchant
	keys        []Key
	customers   []Customer
	connections []Connection
	patron      Patron
	now         func() time.Time
	seed        [32]byte
	// payURL is "" for that of the listener, or DefaultPayURL.
	payURL    string
	tls       bool
	lan       string
	file      string
	perMinute int
	older     bool
	faults    []Fault
	observe   func(Call)
	// users is nil for those of the merchants.
	users        []User
	loginClients []LoginClient
	// legacyStatusesOf2023 is for the first generation only.
	legacyStatusesOf2023 bool
	// subscription is nil when nobody hears of payments, or when that stays as it
	// was; transport is nil for the network.
	subscription *Subscription
	notifyHosts  []string
	transport    http.RoundTripper
}

func newSettings(opts []Option) (settings, error) {
	s := settings{
		merchants: []Merchant{Demo()}, keys: demoKeys(), customers: Customers(), patron: Manual,
		now: time.Now, perMinute: DefaultCallsPerMinute, observe: func(Call) {},
	}
	if _, err := crand.Read(s.seed[:]); err != nil {
		return s, fmt.Errorf("seed the sandbox: %w", err)
	}
	for _, o := range opts {
		if err := o(&s); err != nil {
			return s, err
		}
	}
	return s, nil
}

// WithMerchants replaces the demonstration merchant.
func WithMerchants(merchants ...Merchant) Option {
	return func(s *settings) error {
		if len(merchants) == 0 {
			return errors.New("a sandbox needs a merchant")
		}
		s.merchants = merchants
		return nil
	}
}

// WithKeys adds API keys beside the one that each merchant has.
func WithKeys(keys ...Key) Option {
	return func(s *settings) error { s.keys = append(s.keys, keys...); return nil }
}

// WithCustomers replaces the built-in customers. The first one scans QR codes.
func WithCustomers(customers ...Customer) Option {
	return func(s *settings) error { s.customers = customers; return nil }
}

// WithConnections adds connections that payment requests can name.
func WithConnections(connections ...Connection) Option {
	return func(s *settings) error { s.connections = append(s.connections, connections...); return nil }
}

// WithPatron says how customers behave; the default is Manual.
func WithPatron(p Patron) Option {
	return func(s *settings) error { s.patron = p; return nil }
}

// WithClock replaces time.Now. The sandbox has no timers of its own besides those
// of faults: everything that time brings is found out when somebody looks.
func WithClock(now func() time.Time) Option {
	return func(s *settings) error {
		if now == nil {
			return errors.New("the clock is nil")
		}
		s.now = now
		return nil
	}
}

// WithSeed makes ids, short codes and the calls that faults with a rate strike
// repeatable. Without it nobody can guess them.
func WithSeed(seed uint64) Option {
	return func(s *settings) error { s.seed = seedOf(seed); return nil }
}

// WithPayURL sets where the url of payment requests points: base, a slash and
// the request's id.
func WithPayURL(base string) Option {
	return func(s *settings) error {
		u, err := url.Parse(base)
		if err != nil || u.Scheme == "" || u.Host == "" {
			return fmt.Errorf("pay URL %q: want an absolute URL", base)
		}
		s.payURL = strings.TrimSuffix(base, "/")
		return nil
	}
}

// WithTLS serves over TLS, and HTTP/1.1, with a certificate that an authority made
// for this Server alone has signed: see Server.Authority. It is for Listen; New has
// nothing to serve on.
func WithTLS() Option {
	return func(s *settings) error { s.tls = true; return nil }
}

// WithFile keeps the payment requests in a file, so that they survive the
// process. Every change is saved durably before it is answered. Processes may
// share the file; each sees what the others did. Each change writes the file anew, so
// that it is for demonstrations and tests of some thousand payment requests: with
// 1,000 a change takes about 3 ms.
func WithFile(path string) Option {
	return func(s *settings) error {
		if path == "" {
			return errors.New("the sandbox file has no name")
		}
		s.file = path
		return nil
	}
}

// WithRateLimit replaces the limit of calls a minute for each account; 0 lifts
// it.
func WithRateLimit(perMinute int) Option {
	return func(s *settings) error {
		if perMinute < 0 {
			return fmt.Errorf("rate limit %d is negative", perMinute)
		}
		s.perMinute = perMinute
		return nil
	}
}

// WithOptionalIdempotencyKey lets pay calls leave out the idempotencyKey, as the
// documents of 2023 do; since 2025 the service requires it.
func WithOptionalIdempotencyKey() Option {
	return func(s *settings) error { s.older = true; return nil }
}

// WithFaults adds faults from the start; see ParseFault.
func WithFaults(faults ...Fault) Option {
	return func(s *settings) error {
		for _, f := range faults {
			if f.kind == "" {
				return errors.New("a fault that was not made by ParseFault")
			}
		}
		s.faults = append(s.faults, faults...)
		return nil
	}
}

// WithObserver calls observe after each call of the API was answered, or was
// dropped by a fault. It must not call the sandbox's handler and may be called
// from several goroutines at once.
func WithObserver(observe func(Call)) Option {
	return func(s *settings) error {
		if observe == nil {
			return errors.New("the observer is nil")
		}
		s.observe = observe
		return nil
	}
}
