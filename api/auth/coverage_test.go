package auth

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"centrapos/api"
)

// endpointRow is a row of the coverage table: one address of the issuer.
type endpointRow struct {
	call, route string
	// asks are the parameters that are sent, answers the members that are read.
	asks, answers []string
	// codes are the OAuth error codes that mean more than a failure, with what
	// the error matches then; nil is no error at all.
	codes map[string]error
	// retry says what happens when no answer comes: no call repeats one by itself.
	retry string
	make  func(*testing.T, *testIssuer, *Provider) error
}

func (e endpointRow) path() string {
	_, path, _ := strings.Cut(e.route, " ")
	return path
}

func logIn(t *testing.T, i *testIssuer, p *Provider) error {
	_, err := login(t, i, p)
	return err
}

var coverageRows = []endpointRow{
	{
		call: "discovery", route: "GET /.well-known/openid-configuration",
		answers: []string{
			"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "revocation_endpoint", "end_session_endpoint",
			"id_token_signing_alg_values_supported",
		},
		retry: "read: the next call reads it again; an answer is kept for a day",
		make: func(t *testing.T, _ *testIssuer, p *Provider) error {
			_, err := p.EndSessionURL(t.Context())
			return err
		},
	},
	{
		call: "authorize", route: "GET /authorize",
		asks: []string{
			"response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method",
		},
		answers: []string{"code", "state", "iss", "error", "error_description"},
		codes:   map[string]error{"access_denied": ErrLoginRefused},
		retry:   "once: a person answers, and may start another login",
		make:    logIn,
	},
	{
		call: "token", route: "POST /token",
		asks:    []string{"grant_type", "code", "redirect_uri", "code_verifier", "client_id"},
		answers: []string{"access_token", "refresh_token", "id_token", "expires_in"},
		retry:   "once: a code works once",
		make:    logIn,
	},
	{
		call: "refresh", route: "POST /token",
		asks:    []string{"grant_type", "refresh_token", "client_id"},
		answers: []string{"access_token", "refresh_token", "id_token", "expires_in"},
		codes:   map[string]error{"invalid_grant": api.ErrLoginRequired},
		retry:   "once: Source tries again with a later call, after a pause",
		make: func(t *testing.T, i *testIssuer, p *Provider) error {
			_, err := p.renew(t.Context(), i.goodTokens())
			return err
		},
	},
	{
		call: "revoke", route: "POST /revoke",
		asks:  []string{"token", "token_type_hint", "client_id"},
		codes: map[string]error{"unsupported_token_type": nil}, // of access tokens, which end within the hour
		retry: "once: the person is told; a repeat does no harm",
		make: func(t *testing.T, i *testIssuer, p *Provider) error {
			return p.Revoke(t.Context(), Tokens{AccessToken: i.goodTokens().AccessToken})
		},
	},
	{
		call: "keys", route: "GET /keys",
		answers: []string{"keys"},
		retry:   "read: the next token reads them again; an answer is kept as long as it allows",
		make:    logIn,
	},
}

// TestCoverageTable prints the table and holds each row against what is sent, how
// often, and what its errors become. No exchange with the issuer is published but
// the names of the claims; testIssuer stands in, by RFC 6749, 7009, 7517 and
// OpenID Connect.
func TestCoverageTable(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	for _, e := range coverageRows {
		fmt.Fprintf(&table, "\nauth: %s\n    %s\n", e.call, e.route)
		fmt.Fprintf(&table, "    request   %s\n", listed(e.asks, "no parameters"))
		fmt.Fprintf(&table, "    response  %s\n", listed(e.answers, "nothing is read"))
		fmt.Fprintf(&table, "    codes     %s\n", listed(slices.Sorted(maps.Keys(e.codes)), "none of its own"))
		fmt.Fprintf(&table, "    retry     %s\n", e.retry)
	}
	t.Log(table.String())
	for _, e := range coverageRows {
		t.Run(e.call, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, e.checkSent)
			for code, is := range e.codes {
				synctest.Test(t, func(t *testing.T) { e.checkCode(t, code, is) })
			}
			if e.call != "authorize" { // a browser that is lost is TestNobodyComesBack
				synctest.Test(t, e.checkLost)
			}
		})
	}
}

func listed(names []string, otherwise string) string {
	if len(names) == 0 {
		return otherwise
	}
	return strings.Join(names, ", ")
}

// checkSent checks that a call succeeds with one request of the parameters.
func (e endpointRow) checkSent(t *testing.T) {
	i := newTestIssuer(t)
	if err := e.make(t, i, newTestProvider(t, i)); err != nil {
		t.Error(err)
	}
	equal(t, "requests", i.count(e.path()), 1)
	got, want := slices.Sorted(maps.Keys(i.form(e.path()))), slices.Sorted(slices.Values(e.asks))
	if !slices.Equal(got, want) {
		t.Errorf("sent %v, the table says %v", got, want)
	}
}

// checkCode checks what a code of the issuer becomes.
func (e endpointRow) checkCode(t *testing.T, code string, is error) {
	i := newTestIssuer(t)
	if e.call == "authorize" {
		i.redirect = func(query url.Values) {
			query.Del("code")
			query.Set("error", code)
		}
	} else {
		i.setFault(e.path(), func(w http.ResponseWriter, _ *http.Request) { refuse(w, code, "") })
	}
	err := e.make(t, i, newTestProvider(t, i))
	if is == nil {
		equal(t, code, err, nil)
		return
	}
	if said, ok := errors.AsType[*Error](err); !ok || said.Code != code || !errors.Is(err, is) {
		t.Errorf("%s: got %v, want %v", code, err, is)
	}
}

// checkLost checks that a call without an answer fails and is not repeated.
func (e endpointRow) checkLost(t *testing.T) {
	i := newTestIssuer(t)
	i.setFault(e.path(), answering(http.StatusServiceUnavailable, "text/html", "<html>"))
	if err := e.make(t, i, newTestProvider(t, i)); err == nil || errors.Is(err, api.ErrLoginRequired) {
		t.Errorf("no answer: got %v", err)
	}
	equal(t, "requests", i.count(e.path()), 1)
}
