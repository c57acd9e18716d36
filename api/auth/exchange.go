package auth

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"centrapos/api"
)

const opRenew = "renew the access token"

// readTokens takes over what the token endpoint answered; the ID token, which is
// yet to be verified, is given apart.
func readTokens(op string, t *oauth2.Token) (tokens Tokens, idToken string, err error) {
	if !isWord(t.AccessToken) {
		return Tokens{}, "", &Error{Op: op, Err: errors.New("the answer has no access token that could stand in a header")}
	}
	expiry := t.Expiry
	if expiry.IsZero() {
		expiry = time.Now().Add(AccessTokenLifetime)
	}
	idToken, _ = t.Extra("id_token").(string)
	return Tokens{
		AccessToken:  NewSecret(t.AccessToken),
		RefreshToken: NewSecret(t.RefreshToken),
		// The wall clock alone: others do not run while the machine sleeps.
		Expiry: expiry.Round(0).UTC(),
	}, idToken, nil
}

// verify checks an ID token: signature, issuer, audience, expiry, and where they
// apply the nonce and the hash of the access token (OpenID Connect Core 1.0,
// section 3.1.3.7). nonce is "" for a token that came with a renewal.
func (i *issuer) verify(ctx context.Context, idToken, nonce, accessToken string) (Claims, error) {
	token, err := i.verifier.Verify(ctx, idToken)
	if expired, is := errors.AsType[*oidc.TokenExpiredError](err); is {
		return Claims{}, fmt.Errorf("it expired at %s and the clock of this machine says %s, so that one may be wrong",
			expired.Expiry.UTC().Format(time.RFC3339), time.Now().UTC().Format(time.RFC3339))
	}
	if err != nil {
		return Claims{}, errors.New(cleaned(err.Error(), idToken))
	}
	var claims Claims
	var party struct {
		AuthorizedParty string `json:"azp"`
	}
	if err := errors.Join(token.Claims(&claims), token.Claims(&party)); err != nil {
		return Claims{}, errors.New("its claims cannot be read")
	}
	switch {
	case !sameIssuer(token.Issuer, i.document.Issuer):
		return Claims{}, fmt.Errorf("it is from the issuer %q", cleaned(token.Issuer))
	case len(token.Audience) > 1 && party.AuthorizedParty != i.oauth.ClientID:
		return Claims{}, errors.New("it is for another program beside this one")
	case claims.Subject == "":
		return Claims{}, errors.New("it names no user")
	case nonce != "" && subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(nonce)) != 1:
		return Claims{}, errors.New("it does not answer this login")
	case token.AccessTokenHash != "" && token.VerifyAccessToken(accessToken) != nil:
		return Claims{}, errors.New("it belongs to another access token")
	}
	return claims, nil
}

// renew exchanges the refresh token for new tokens. What the issuer does not
// give anew stays: a refresh token that may be used again, the claims. The error
// matches api.ErrLoginRequired when the issuer refuses the refresh token.
func (p *Provider) renew(ctx context.Context, old Tokens) (Tokens, error) {
	if old.RefreshToken.IsZero() {
		return Tokens{}, &Error{Op: opRenew, Err: fmt.Errorf("there is no refresh token: %w", api.ErrLoginRequired)}
	}
	found, err := p.discover(ctx)
	if err != nil {
		return Tokens{}, fmt.Errorf("%s: %w", opRenew, err)
	}
	answered, err := p.refresh(ctx, found, old.RefreshToken.Reveal())
	if err != nil {
		return Tokens{}, err
	}
	renewed, idToken, err := readTokens(opRenew, answered)
	if err != nil {
		return Tokens{}, err
	}
	renewed.IDToken, renewed.Claims = old.IDToken, old.Claims
	if idToken == "" {
		return renewed, nil
	}
	// One that cannot be verified changes nothing: the access token came over the
	// same safe way and opens what it opens, and the user stays who logged in.
	if claims, err := found.verify(ctx, idToken, "", answered.AccessToken); err == nil {
		if old.Claims.Subject != "" && claims.Subject != old.Claims.Subject {
			return Tokens{}, &Error{Op: opRenew, Err: fmt.Errorf("the answer is for another user: %w", api.ErrLoginRequired)}
		}
		renewed.IDToken, renewed.Claims = NewSecret(idToken), claims
	}
	return renewed, nil
}

// refresh makes the exchange, and once more at once when the connection broke: a
// kept one may have been closed meanwhile. Where the first did arrive, its answer is
// lost either way. Time that ran out is not spent twice.
func (p *Provider) refresh(ctx context.Context, found *issuer, refresh string) (*oauth2.Token, error) {
	exchange := func() (*oauth2.Token, error) {
		return found.oauth.TokenSource(oidc.ClientContext(ctx, p.http), &oauth2.Token{RefreshToken: refresh}).Token()
	}
	answered, err := exchange()
	var network net.Error
	if errors.As(err, &network) && !network.Timeout() && ctx.Err() == nil {
		answered, err = exchange()
	}
	if err != nil {
		return nil, renewalFailure(failure(opRenew, err, refresh))
	}
	return answered, nil
}

// renewalFailure marks the one answer after which asking again is of no use.
func renewalFailure(err error) error {
	if e, is := errors.AsType[*Error](err); is && e.Code == "invalid_grant" && e.Status < http.StatusInternalServerError {
		e.Err = api.ErrLoginRequired
	}
	return err
}
