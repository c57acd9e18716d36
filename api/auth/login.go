package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const (
	opLogin    = "log in"
	opExchange = "exchange the login for tokens"
)

// LoginOptions change one login.
type LoginOptions struct {
	// RedirectURL is where the browser comes back to: an address of this machine,
	// with http, one that the issuer allows for the client id. Port 0 takes any
	// free port. "" is DefaultRedirectURL.
	RedirectURL string
	// PhoneHint fills in the login page with a phone number in E.123 form, such as
	// "+64 21 123 4567". It may be empty.
	PhoneHint string
	// Open shows the login page to the person; nil is OpenBrowser. It runs beside
	// the login and may block for as long as the browser runs.
	Open func(address string) error
	// Show is told the address of the login page before it is opened, for people
	// to copy where no browser opens. It may be nil; then a browser that cannot be
	// opened fails the login. The address is of use to no one else.
	Show func(address string)
	// Timeout is how long the person may take; 0 is five minutes.
	Timeout time.Duration
}

// attempt is what ties the answers of one login to its questions.
type attempt struct {
	// state comes back with the browser, nonce inside the ID token; verifier proves
	// at the exchange that whoever brings the code asked for it (PKCE).
	state, nonce, verifier string
}

func newAttempt() attempt {
	return attempt{state: rand.Text(), nonce: rand.Text(), verifier: oauth2.GenerateVerifier()}
}

// Login logs a person in with the system's browser, by the authorization code
// flow with PKCE: it opens the issuer's login page, waits until the browser comes
// back to this machine, and exchanges the code it brings for tokens, whose ID
// token is verified. The error matches ErrLoginRefused when the person refused,
// context.DeadlineExceeded when nobody came back in time, and is an *Error when
// the issuer was at fault. Source: Centrapay docs, auth, "User Access Tokens",
// and the example OIDC consumer.
func (p *Provider) Login(ctx context.Context, opts LoginOptions) (Tokens, error) {
	opts, redirect, err := opts.withDefaults()
	if err != nil {
		return Tokens{}, fmt.Errorf("%s: %w", opLogin, err)
	}
	found, err := p.discover(ctx)
	if err != nil {
		return Tokens{}, fmt.Errorf("%s: %w", opLogin, err)
	}
	a := newAttempt()
	back, err := startCallback(ctx, p.listen, redirect, a.state)
	if err != nil {
		return Tokens{}, fmt.Errorf("%s: %w", opLogin, err)
	}
	defer back.stop(ctx)

	client := found.oauth
	client.RedirectURL = back.url
	params := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(a.verifier), oidc.Nonce(a.nonce)}
	if opts.PhoneHint != "" {
		params = append(params, oauth2.SetAuthURLParam("u", opts.PhoneHint))
	}
	answer, err := await(ctx, opts, client.AuthCodeURL(a.state, params...), back.answers)
	if err != nil {
		return Tokens{}, err
	}
	tokens, err := p.complete(ctx, found, &client, answer, a)
	back.conclude(err)
	return tokens, err
}

// complete makes tokens of what the browser brought.
func (p *Provider) complete(ctx context.Context, found *issuer, client *oauth2.Config, brought answer, a attempt) (Tokens, error) {
	if err := found.judge(brought); err != nil {
		return Tokens{}, err
	}
	return p.exchange(ctx, found, client, brought.code, a)
}

func (o LoginOptions) withDefaults() (LoginOptions, redirect, error) {
	if o.RedirectURL == "" {
		o.RedirectURL = DefaultRedirectURL
	}
	if o.Open == nil {
		o.Open = OpenBrowser
	}
	if o.Timeout == 0 {
		o.Timeout = 5 * time.Minute
	}
	r, err := parseRedirect(o.RedirectURL)
	return o, r, err
}

// await shows the login page and waits for the browser to come back.
func await(ctx context.Context, opts LoginOptions, page string, answers <-chan answer) (answer, error) {
	if opts.Show != nil {
		opts.Show(page)
	}
	ctx, cancel := context.WithTimeout(ctx, opts.Timeout)
	defer cancel()
	opened := make(chan error, 1)
	go func() { opened <- opts.Open(page) }()
	for {
		select {
		case a := <-answers:
			return a, nil
		case err := <-opened:
			if err != nil && opts.Show == nil {
				return answer{}, fmt.Errorf("%s: open the browser: %w", opLogin, err)
			}
			opened = nil
		case <-ctx.Done():
			return answer{}, fmt.Errorf("%s: nobody came back from the browser: %w", opLogin, ctx.Err())
		}
	}
}

// judge says what is wrong with what the browser brought.
func (i *issuer) judge(a answer) error {
	switch {
	// A login page of one issuer must not pass off its answer as another's (RFC
	// 9207).
	case a.issuer != "" && !sameIssuer(a.issuer, i.document.Issuer), a.issuer == "" && i.document.NamesItself:
		return &Error{Op: opLogin, Err: errors.New("the answer is not from the issuer that was asked")}
	case a.code != "":
		return nil
	}
	e := &Error{Op: opLogin, Code: oauthCode(a.errorCode), Description: cleaned(a.description)}
	if e.Code == "access_denied" {
		e.Err = ErrLoginRefused
	}
	return e
}

// exchange gets tokens for a code, and believes them when their ID token is
// genuine and answers this attempt.
func (p *Provider) exchange(ctx context.Context, found *issuer, client *oauth2.Config, code string, a attempt) (Tokens, error) {
	answered, err := client.Exchange(oidc.ClientContext(ctx, p.http), code, oauth2.VerifierOption(a.verifier))
	if err != nil {
		return Tokens{}, failure(opExchange, err, code, a.verifier)
	}
	tokens, idToken, err := readTokens(opExchange, answered)
	if err != nil {
		return Tokens{}, err
	}
	if idToken == "" {
		return Tokens{}, &Error{Op: opExchange, Err: errors.New("the answer has no ID token")}
	}
	claims, err := found.verify(ctx, idToken, a.nonce, answered.AccessToken)
	if err != nil {
		return Tokens{}, fmt.Errorf("%s: check the ID token: %w", opExchange, err)
	}
	tokens.IDToken, tokens.Claims = NewSecret(idToken), claims
	return tokens, nil
}
