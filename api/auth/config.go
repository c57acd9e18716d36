package auth

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/sync/singleflight"
)

// Centrapay's own issuer. Source: Centrapay docs, auth and the example OIDC
// consumer.
const (
	// DefaultIssuer is where users of Centrapay log in.
	DefaultIssuer = "https://auth.centrapay.com/"
	// DefaultEndSessionURL ends the session that a browser has there. The docs
	// give it apart from the issuer's configuration.
	DefaultEndSessionURL = "https://auth.centrapay.com/logout"
)

// Config says where users log in, and as what program.
type Config struct {
	// Issuer is where the issuer's configuration is found, below
	// /.well-known/openid-configuration. It must be https, or http on this machine;
	// "" is DefaultIssuer. A trailing slash makes no difference.
	Issuer string
	// IssuerName is the name that the issuer goes by in its configuration and in
	// its tokens, for one that names itself other than by its address; "" is
	// Issuer. A trailing slash makes no difference.
	IssuerName string
	// ClientID names the program. Centrapay gives it out on request, together with
	// the redirect URLs it allows; it is not secret.
	ClientID string
	// Scopes are asked for beside openid, which always is.
	Scopes []string
	// EndSessionURL stands in for one that the issuer's configuration does not
	// name; "" is DefaultEndSessionURL with the DefaultIssuer, else none.
	EndSessionURL string
	// HTTPClient sends the requests; nil is one of the package's own. It is copied,
	// and follows no redirect, keeps no cookies and has the time limit below.
	HTTPClient *http.Client
	// Timeout bounds each request to the issuer, the reading of its answer
	// included; 0 is 10 seconds.
	Timeout time.Duration
	// Leeway is how far the clocks of this machine and the issuer may differ; 0 is
	// two minutes.
	Leeway time.Duration
}

// Provider logs users in at one issuer, for one program. It is safe for
// concurrent use. Make it with NewProvider.
type Provider struct {
	config Config
	http   *http.Client
	close  func()
	listen listenFunc

	discovery singleflight.Group
	mu        sync.Mutex
	found     *issuer   // what discovery found last
	foundAt   time.Time // when
}

// NewProvider checks the config. It makes no request: the issuer's configuration
// is read when it is first needed.
func NewProvider(config Config) (*Provider, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("make login provider: %w", err)
	}
	p := &Provider{config: config, listen: listenLoopback}
	p.http, p.close = boundedClient(config.HTTPClient, config.Timeout)
	return p, nil
}

// Close closes connections that are kept open for further requests, unless they
// belong to Config.HTTPClient. The provider stays usable.
func (p *Provider) Close() { p.close() }

func (c Config) withDefaults() (Config, error) {
	if c.Issuer == "" {
		c.Issuer = DefaultIssuer
	}
	if c.EndSessionURL == "" && sameIssuer(c.Issuer, DefaultIssuer) {
		c.EndSessionURL = DefaultEndSessionURL
	}
	if c.IssuerName == "" {
		c.IssuerName = c.Issuer
	}
	if c.Timeout == 0 {
		c.Timeout = 10 * time.Second
	}
	if c.Leeway == 0 {
		c.Leeway = 2 * time.Minute
	}
	c.Scopes = slices.Clone(c.Scopes)
	if !slices.Contains(c.Scopes, oidc.ScopeOpenID) {
		c.Scopes = append([]string{oidc.ScopeOpenID}, c.Scopes...)
	}
	switch {
	case c.ClientID == "":
		return c, errors.New("the client id is missing; Centrapay gives one out on request")
	case !isWord(c.ClientID):
		return c, errors.New("the client id has characters that no id has")
	case c.Timeout < 0 || c.Leeway < 0:
		return c, errors.New("a time limit is negative")
	}
	if err := checkEndpoint(c.Issuer); err != nil {
		return c, fmt.Errorf("the issuer %w", err)
	}
	return c, nil
}

// sameIssuer compares the names of issuers. The docs write Centrapay's with a
// trailing slash, and issuers are known to spell themselves differently in their
// configuration and in their tokens.
func sameIssuer(a, b string) bool {
	return strings.TrimSuffix(a, "/") == strings.TrimSuffix(b, "/")
}

// checkEndpoint says what is wrong with an address that secrets are sent to, or
// that a browser is sent to.
func checkEndpoint(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "":
		return errors.New("is no URL")
	case u.User != nil:
		return errors.New("must not contain a user name or password")
	case u.Fragment != "":
		return errors.New("must not have a fragment")
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
		return nil
	}
	return errors.New("must begin with https://, or with http:// on this machine")
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// isWord reports whether text can stand as one word in a header or a URL.
func isWord(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}
