package auth

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestRevoke(t *testing.T) {
	t.Parallel()
	i := newTestIssuer(t)
	p := newTestProvider(t, i)
	tokens := i.goodTokens()
	if err := p.Revoke(t.Context(), tokens); err != nil {
		t.Fatal(err)
	}
	equal(t, "revoked", strings.Join(i.revoked, " "), "refresh_token access_token")
	form := i.form("/revoke")
	equal(t, "client", form.Get("client_id"), testClientID)
	equal(t, "token", form.Get("token"), tokens.AccessToken.Reveal())
	equal(t, "parameters", len(form), 3)
	if _, err := p.renew(t.Context(), tokens); err == nil {
		t.Error("the refresh token still works")
	}
	if err := p.Revoke(t.Context(), Tokens{}); err != nil {
		t.Errorf("nothing to revoke: %v", err)
	}
	equal(t, "requests", i.count("/revoke"), 2)
}

func TestRevokeThatFails(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault http.HandlerFunc
		want  []string // of each token, "" is done
	}{
		"of access tokens unsupported": {func(w http.ResponseWriter, r *http.Request) {
			if r.Form.Get("token_type_hint") == "access_token" {
				refuse(w, "unsupported_token_type", "")
			}
		}, nil},
		"with no content": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }, nil},
		"of both":         {answering(503, "text/html", "<html>"), []string{"revoke the login: the issuer answered 503", "revoke the login: the issuer answered 503"}},
		"with an echo":    {func(w http.ResponseWriter, r *http.Request) { refuse(w, "invalid_client", r.Form.Get("token")) }, []string{"revoke the login: the issuer answered invalid_client ([redacted])", "revoke the login: the issuer answered invalid_client ([redacted])"}},
		"with a redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://evil.test", http.StatusFound)
		}, []string{"revoke the login: the issuer answered 302", "revoke the login: the issuer answered 302"}},
		"of the first one": {func(w http.ResponseWriter, r *http.Request) {
			if r.Form.Get("token_type_hint") == "refresh_token" {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}, []string{"revoke the login: the issuer answered 500"}},
	} {
		i := newTestIssuer(t)
		i.setFault("/revoke", tt.fault)
		err := newTestProvider(t, i).Revoke(t.Context(), i.goodTokens())
		var got []string
		if err != nil {
			got = strings.Split(err.Error(), "\n")
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
		equal(t, name+": requests", i.count("/revoke"), 2)
	}
}

func TestRevokeWhereThereIsNone(t *testing.T) {
	t.Parallel()
	i := newTestIssuer(t)
	i.document = func(c map[string]any) { delete(c, "revocation_endpoint") }
	if err := newTestProvider(t, i).Revoke(t.Context(), i.goodTokens()); !errors.Is(err, ErrRevocationUnsupported) {
		t.Errorf("got %v", err)
	}
}
