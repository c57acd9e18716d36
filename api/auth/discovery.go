package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	jose "github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"
)

// configurationLasts is how long the issuer's configuration is taken as it was
// read. Its keys are another matter: they rotate without notice.
const configurationLasts = 24 * time.Hour

// issuer is what the issuer's configuration says, in the form it is used in.
type issuer struct {
	document configuration
	oauth    oauth2.Config
	keys     *keySet
	verifier *oidc.IDTokenVerifier
}

// configuration is the document of OpenID Connect Discovery 1.0, section 3, as
// far as it is used.
type configuration struct {
	Issuer                string   `json:"issuer"`
	AuthorizationEndpoint string   `json:"authorization_endpoint"`
	TokenEndpoint         string   `json:"token_endpoint"`
	KeysURI               string   `json:"jwks_uri"`
	RevocationEndpoint    string   `json:"revocation_endpoint"`
	EndSessionEndpoint    string   `json:"end_session_endpoint"`
	Algorithms            []string `json:"id_token_signing_alg_values_supported"`
	// NamesItself says that callbacks carry the issuer's name (RFC 9207).
	NamesItself bool `json:"authorization_response_iss_parameter_supported"`
}

const opDiscover = "read the issuer's configuration"

// discover returns the issuer's configuration, read anew each day. While it
// cannot be read, an older one is used.
func (p *Provider) discover(ctx context.Context) (*issuer, error) {
	found, current := p.lastFound()
	if current {
		return found, nil
	}
	fresh, err := together(ctx, &p.discovery, p.config.Timeout, p.readConfiguration)
	switch {
	case err == nil:
		return fresh, nil
	case found != nil && ctx.Err() == nil:
		return found, nil
	}
	return nil, err
}

func (p *Provider) lastFound() (found *issuer, current bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.found, p.found != nil && time.Since(p.foundAt) < configurationLasts
}

func (p *Provider) readConfiguration(ctx context.Context) (*issuer, error) {
	if found, current := p.lastFound(); current { // by somebody, since the caller looked
		return found, nil
	}
	address := strings.TrimSuffix(p.config.Issuer, "/") + "/.well-known/openid-configuration"
	body, _, err := read(ctx, p.http, opDiscover, address)
	if err != nil {
		return nil, err
	}
	var c configuration
	if err := json.Unmarshal(body, &c); err != nil {
		return nil, &Error{Op: opDiscover, Err: errors.New("the answer is not the JSON it should be; it may be the login page of a network")}
	}
	if err := c.check(p.config.IssuerName); err != nil {
		return nil, &Error{Op: opDiscover, Err: err}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	keys := newKeySet(c.KeysURI, p.http, p.config.Timeout)
	if p.found != nil && p.found.document.KeysURI == c.KeysURI {
		keys = p.found.keys
	}
	p.found, p.foundAt = p.newIssuer(c, keys), time.Now()
	return p.found, nil
}

// check refuses a configuration that is not the issuer's own, or that would send
// secrets or browsers where they must not go.
func (c configuration) check(name string) error {
	if !sameIssuer(c.Issuer, name) {
		return fmt.Errorf("it names the issuer %q, not %q", cleaned(c.Issuer), name)
	}
	needed := map[string]string{
		"authorization_endpoint": c.AuthorizationEndpoint, "token_endpoint": c.TokenEndpoint, "jwks_uri": c.KeysURI,
	}
	for field, address := range map[string]string{
		"revocation_endpoint": c.RevocationEndpoint, "end_session_endpoint": c.EndSessionEndpoint,
	} {
		if address != "" {
			needed[field] = address
		}
	}
	for field, address := range needed {
		if err := checkEndpoint(address); err != nil {
			return fmt.Errorf("its %s %w", field, err)
		}
	}
	return nil
}

func (p *Provider) newIssuer(c configuration, keys *keySet) *issuer {
	return &issuer{
		document: c,
		oauth: oauth2.Config{
			ClientID: p.config.ClientID,
			Scopes:   p.config.Scopes,
			Endpoint: oauth2.Endpoint{
				AuthURL: c.AuthorizationEndpoint, TokenURL: c.TokenEndpoint,
				// Left to find out, the library would send a code twice, and codes work
				// once.
				AuthStyle: oauth2.AuthStyleInParams,
			},
		},
		keys: keys,
		verifier: oidc.NewVerifier(c.Issuer, keys, &oidc.Config{
			ClientID:             p.config.ClientID,
			SupportedSigningAlgs: c.algorithms(),
			// Compared in a way that allows for a slash at the end.
			SkipIssuerCheck: true,
			Now:             func() time.Time { return time.Now().Add(-p.config.Leeway) },
		}),
	}
}

// algorithms are those by which the issuer may sign ID tokens: what it says,
// never without a signature or with a shared secret.
func (c configuration) algorithms() []string {
	var named []string
	for _, a := range c.Algorithms {
		if slices.Contains(signingAlgorithms, jose.SignatureAlgorithm(a)) {
			named = append(named, a)
		}
	}
	if len(named) == 0 {
		return []string{oidc.RS256, oidc.ES256}
	}
	return named
}

// EndSessionURL returns the page that ends the session a browser has with the
// issuer, "" when none is known. Revoke does not reach the browser: on a shared
// machine, open this page too, or the next login may be the same person's without
// a question.
func (p *Provider) EndSessionURL(ctx context.Context) (string, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	if found.document.EndSessionEndpoint != "" {
		return found.document.EndSessionEndpoint, nil
	}
	return p.config.EndSessionURL, nil
}
