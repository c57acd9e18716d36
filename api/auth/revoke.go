package auth

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
)

const opRevoke = "revoke the login"

// Revoke makes tokens void at the issuer, as a logout does: the refresh token
// and then the access token, one also when the other fails. It is no error when
// they were void before, or when the issuer does not revoke access tokens: those
// end within the hour. The error matches ErrRevocationUnsupported when the issuer
// revokes nothing. Source: RFC 7009; Centrapay docs, example OIDC consumer
// (revokeAccessTokenOnSignout).
func (p *Provider) Revoke(ctx context.Context, t Tokens) error {
	found, err := p.discover(ctx)
	if err != nil {
		return err
	}
	if found.document.RevocationEndpoint == "" {
		return &Error{Op: opRevoke, Err: ErrRevocationUnsupported}
	}
	var failures []error
	if token := t.RefreshToken.Reveal(); token != "" {
		failures = append(failures, p.revoke(ctx, found, token, "refresh_token"))
	}
	if token := t.AccessToken.Reveal(); token != "" {
		err := p.revoke(ctx, found, token, "access_token")
		if e, is := errors.AsType[*Error](err); !is || e.Code != "unsupported_token_type" {
			failures = append(failures, err)
		}
	}
	return errors.Join(failures...)
}

func (p *Provider) revoke(ctx context.Context, found *issuer, token, kind string) error {
	form := url.Values{"token": {token}, "token_type_hint": {kind}, "client_id": {p.config.ClientID}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, found.document.RevocationEndpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return &Error{Op: opRevoke, Err: errors.New("the address is no URL")}
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := p.http.Do(req)
	if err != nil {
		return failure(opRevoke, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusOK || resp.StatusCode == http.StatusNoContent {
		return nil
	}
	e := &Error{Op: opRevoke, Status: resp.StatusCode}
	var said struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	// A body that is no JSON leaves the status to tell.
	if body, err := io.ReadAll(resp.Body); err == nil && json.Unmarshal(body, &said) == nil {
		e.Code, e.Description = oauthCode(said.Error), cleaned(said.Description, token)
	}
	return e
}
