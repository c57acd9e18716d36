package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// DefaultBaseURL is the Centrapay service. Test and live money share it; the
// credential and the merchant config decide.
const DefaultBaseURL = "https://service.centrapay.com"

// defaultUserAgent names this package when the program does not name itself.
const defaultUserAgent = "centrapos-api/1"

// Client makes calls to one Centrapay service with one credential. It is safe
// for concurrent use. Make it with New.
type Client struct {
	// PaymentRequests are the calls about payment requests.
	PaymentRequests *PaymentRequestsClient
	// PaymentActivities lists what happened to a merchant's payment requests.
	PaymentActivities *PaymentActivitiesClient
	// ScannedCodes tells what a scanned code is.
	ScannedCodes *ScannedCodesClient
	// PatronCodes are the codes that a patron's app shows.
	PatronCodes *PatronCodesClient
	// Merchants reads merchants, their configs and their settlements.
	Merchants *MerchantsClient
	// Connections link a patron's wallet to a sales channel.
	Connections *ConnectionsClient
	// Accounts tells which accounts the credential may act on.
	Accounts *AccountsClient
	// BankAccounts are where money comes from and goes to.
	BankAccounts *BankAccountsClient
	// BankAuthorities are the deprecated form of bank accounts.
	BankAuthorities *BankAuthoritiesClient

	base       *url.URL
	credential credential
	chain      handler
	ownIdle    func()
}

// New returns a client of the service at baseURL, which may have a path, under
// which all calls are then made. It makes no call itself. The error says which
// option or part of the URL is unusable.
func New(baseURL string, opts ...Option) (*Client, error) {
	base, err := parseBase(baseURL)
	if err != nil {
		return nil, fmt.Errorf("make Centrapay client: %w", err)
	}
	s := settings{
		userAgent: defaultUserAgent,
		logger:    slog.New(slog.DiscardHandler),
		retry:     DefaultRetryPolicy(),
	}
	for _, opt := range opts {
		if opt == nil {
			return nil, errors.New("make Centrapay client: an option is nil")
		}
		if err := opt(&s); err != nil {
			return nil, fmt.Errorf("make Centrapay client: %w", err)
		}
	}
	if err := errors.Join(s.check(), s.checkPlain(base)); err != nil {
		return nil, fmt.Errorf("make Centrapay client: %w", err)
	}
	if s.limiter == nil {
		s.limiter = NewLimiter(DefaultCallsPerMinute)
	}
	s.timeouts = s.timeouts.withDefaults()
	c := &Client{base: base, credential: s.credential}
	httpClient, ownIdle := s.client()
	c.ownIdle = ownIdle
	c.chain = newChain(c, httpClient, s)
	c.groupCalls()
	return c, nil
}

func (c *Client) groupCalls() {
	c.PaymentRequests = &PaymentRequestsClient{c: c}
	c.PaymentActivities = &PaymentActivitiesClient{c: c}
	c.ScannedCodes = &ScannedCodesClient{c: c}
	c.PatronCodes = &PatronCodesClient{c: c}
	c.Merchants = &MerchantsClient{c: c}
	c.Connections = &ConnectionsClient{c: c}
	c.Accounts = &AccountsClient{c: c}
	c.BankAccounts = &BankAccountsClient{c: c}
	c.BankAuthorities = &BankAuthoritiesClient{c: c}
}

// newChain puts the handlers in order, the outermost first: each attempt waits
// for its turn, is sent, and its answer is judged and logged, before it is
// decided whether there will be another.
func newChain(c *Client, httpClient *http.Client, s settings) handler {
	var h handler = &sendHandler{
		http: httpClient, base: c.base, credential: s.credential,
		userAgent: s.userAgent, timeout: s.timeouts.Total,
	}
	h = &errorHandler{next: h}
	h = &parseHandler{next: h}
	h = &redactHandler{next: h}
	h = &limitHandler{next: h, limiter: s.limiter}
	h = &logHandler{next: h, logger: s.logger}
	h = &renewHandler{next: h, tokens: s.tokens, most: s.retry.MaxAttempts}
	return &retryHandler{next: h, policy: s.retry, jitter: halfJitter}
}

// Close closes connections that are kept open for further calls, unless they
// belong to a client given by WithHTTPClient. The client stays usable.
func (c *Client) Close() {
	if c.ownIdle != nil {
		c.ownIdle()
	}
}

// parseBase reads a base URL. Its errors never repeat the text, which might
// hold a password.
func parseBase(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, errors.New("the base URL is no URL")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("the base URL must begin with https:// or http://")
	case u.Host == "":
		return nil, errors.New("the base URL names no host")
	case u.User != nil:
		return nil, errors.New("the base URL must not contain a user name or password")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("the base URL must not have a query or fragment")
	}
	return u, nil
}

// checkPlain refuses to send a credential in clear to another machine.
func (s settings) checkPlain(base *url.URL) error {
	host := base.Hostname()
	ip := net.ParseIP(host)
	if base.Scheme == "https" || s.allowPlain || !s.isSet() || host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return errors.New("the base URL would send the credential in clear: use https://, or WithPlainHTTP where every machine on the way is trusted")
}

// client returns the HTTP client to use, and a function that closes idle
// connections when they are this package's own.
func (s settings) client() (*http.Client, func()) {
	var hc http.Client
	if s.httpClient != nil {
		hc = *s.httpClient
	}
	// A redirect can only come from something between us and the service, such
	// as a captive portal; it must not get the key.
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if hc.Transport == nil {
		own := s.timeouts.transport()
		hc.Transport = own
		return &hc, own.CloseIdleConnections
	}
	if given, ok := hc.Transport.(*http.Transport); ok {
		copied := onceOnly(given.Clone())
		hc.Transport = copied
		return &hc, copied.CloseIdleConnections
	}
	return &hc, nil
}

// onceOnly keeps a transport from sending a request more than once by itself. Over
// HTTP/2, net/http repeats a POST whenever the server says that it was not
// processed (GOAWAY, REFUSED_STREAM), without bound and past the limiter; whether
// a call that moves money is repeated is for this package to decide. Over
// HTTP/1.1 it repeats one only when not a byte of it was written.
func onceOnly(t *http.Transport) *http.Transport {
	t.Protocols = new(http.Protocols)
	t.Protocols.SetHTTP1(true)
	t.ForceAttemptHTTP2, t.HTTP2, t.TLSNextProto = false, nil, nil
	if t.TLSClientConfig != nil {
		t.TLSClientConfig.NextProtos = []string{"http/1.1"}
	}
	return t
}

func (t Timeouts) transport() *http.Transport {
	return onceOnly(&http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: t.Dial, KeepAlive: 15 * time.Second}).DialContext,
		TLSHandshakeTimeout:    t.TLS,
		ResponseHeaderTimeout:  t.ResponseHeader,
		MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConnsPerHost:    8,
		IdleConnTimeout:        90 * time.Second,
	})
}

// String names the service, without the credential.
func (c Client) String() string {
	if c.base == nil {
		return "Centrapay client"
	}
	return "Centrapay client of " + c.base.String()
}

// GoString is String, so that %#v prints no credential either.
func (c Client) GoString() string { return c.String() }

// Format prints String for every verb.
func (c Client) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// LogValue is String, for log/slog.
func (c Client) LogValue() slog.Value { return slog.StringValue(c.String()) }

// execute sends a call down the chain.
func (c *Client) execute(ctx context.Context, k *call, opts []CallOption) (Meta, error) {
	for _, opt := range opts {
		if opt != nil {
			opt(&k.options)
		}
	}
	if !k.anonymous && !c.credential.isSet() {
		return Meta{}, k.reject(&ValidationError{
			Field: "X-Api-Key", Code: CodeCredentialMissing, Problem: "neither an API key nor a user's login was given",
		})
	}
	r, err := c.chain.do(ctx, k)
	return r.meta, err
}

// pathOf joins segments into an escaped path. A segment that could change which
// route is called is refused.
func pathOf(segments ...string) (string, *ValidationError) {
	var b strings.Builder
	for _, s := range segments {
		if s == "" || s == "." || s == ".." {
			return b.String(), &ValidationError{
				Field: "path", Code: CodeInvalidRequest, Problem: fmt.Sprintf("%q cannot stand for an id", s),
			}
		}
		b.WriteString("/" + url.PathEscape(s))
	}
	return b.String(), nil
}
