package sandbox_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"centrapos/api/sandbox"
)

const (
	callback = "http://127.0.0.1:53127/callback"
	owner    = "mere@sandbox.example"
	cashier  = "jack@sandbox.example"
)

// verifier is a PKCE code verifier of the tests.
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

// authorization is the query of an authorization request.
func authorization(more m) url.Values {
	q := url.Values{}
	for name, value := range (m{
		"response_type": "code", "scope": "openid", "client_id": sandbox.DemoClientID, "redirect_uri": callback,
		"state": "s-1", "nonce": "n-1",
		"code_challenge": oauth2.S256ChallengeFromVerifier(verifier), "code_challenge_method": "S256",
	}).with(more) {
		q.Set(name, value.(string))
	}
	return q
}

func (r *rig) form(path string, form url.Values) *httptest.ResponseRecorder {
	r.Helper()
	req := httptest.NewRequestWithContext(r.Context(), post, "http://127.0.0.1:4000"+path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r.send(req)
}

// landing is where an answer sends the browser.
func landing(t testing.TB, w *httptest.ResponseRecorder) *url.URL {
	t.Helper()
	u, err := w.Result().Location()
	if err != nil || w.Code != http.StatusSeeOther {
		t.Fatalf("no redirect: %d %v %s", w.Code, err, w.Body)
	}
	return u
}

// code logs a user in on the login page, without the page.
func (r *rig) code(user string, more m) string {
	r.Helper()
	q := authorization(more)
	q.Set("user", user)
	return landing(r, r.form(sandbox.DemoAuthPath+"/authorize", q)).Query().Get("code")
}

func (r *rig) token(more m) *httptest.ResponseRecorder {
	r.Helper()
	form := url.Values{}
	for name, value := range (m{
		"grant_type": "authorization_code", "client_id": sandbox.DemoClientID, "redirect_uri": callback, "code_verifier": verifier,
	}).with(more) {
		form.Set(name, value.(string))
	}
	return r.form(sandbox.DemoAuthPath+"/token", form)
}

// tokens is what the token endpoint gives.
type tokens struct {
	Access  string `json:"access_token"`
	ID      string `json:"id_token"`
	Refresh string `json:"refresh_token"`
	Type    string `json:"token_type"`
	Seconds int    `json:"expires_in"`
}

func granted(t testing.TB, w *httptest.ResponseRecorder) tokens {
	t.Helper()
	var got tokens
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK || got.Access == "" {
		t.Fatalf("no tokens: %d %s", w.Code, w.Body)
	}
	if w.Header().Get("Cache-Control") != "no-store" {
		t.Error("tokens may be cached")
	}
	return got
}

func refusedGrant(t testing.TB, w *httptest.ResponseRecorder, code string) {
	t.Helper()
	var got struct {
		Error string `json:"error"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusBadRequest || got.Error != code {
		t.Errorf("got %d %s, want %s", w.Code, w.Body, code)
	}
}

func (r *rig) logIn(user string) tokens {
	r.Helper()
	return granted(r, r.token(m{"code": r.code(user, nil)}))
}

func (r *rig) renew(refresh string) *httptest.ResponseRecorder {
	r.Helper()
	return r.token(m{"grant_type": "refresh_token", "refresh_token": refresh})
}

// asUser makes a call with a user token, for an account unless that is "".
func (r *rig) asUser(token, account, method, path string, body any) *httptest.ResponseRecorder {
	r.Helper()
	var content string
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			r.Fatal(err)
		}
		content = string(text)
	}
	req := httptest.NewRequestWithContext(r.Context(), method, path, strings.NewReader(content))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", token)
	if account != "" {
		req.Header.Set("X-Centrapay-Account", account)
	}
	return r.send(req)
}

// browser is a browser that shows pages and stops at redirects to other places.
func browser() *http.Client {
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// follow makes a browser's next request, and returns where it is sent to and what
// it is shown.
func follow(t testing.TB, c *http.Client, method, target string, form url.Values) (location *url.URL, page string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if method == post {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	location, err = res.Location()
	if err != nil && !errors.Is(err, http.ErrNoLocation) {
		t.Fatal(err)
	}
	return location, string(text)
}
