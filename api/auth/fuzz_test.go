package auth

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

func FuzzClaims(f *testing.F) {
	f.Add([]byte(`{"sub":"u1","email":"a@b.nz","email_verified":"true","given_name":"Hana"}`))
	f.Add([]byte(`{"sub":1e3,"phone_number_verified":[true],"preferred_username":"\u001b[2J"}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var first Claims
		if json.Unmarshal(data, &first) != nil {
			return
		}
		if name := first.DisplayName(); strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("%q would move a cursor", name)
		}
		wire, err := json.Marshal(exportedClaims(first))
		if err != nil {
			t.Fatal(err)
		}
		var second Claims
		if err := json.Unmarshal(wire, &second); err != nil || second != first {
			t.Errorf("%#v is read again as %#v, %v", first, second, err)
		}
	})
}

func FuzzImportTokens(f *testing.F) {
	f.Add([]byte(`{"accessToken":"a","refreshToken":"r","idToken":"i","expiry":"2026-08-18T00:00:00Z","claims":{"sub":"u1"}}`))
	f.Add([]byte(`{"accessToken":7}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := ImportTokens(data)
		if err != nil {
			return
		}
		wire, err := first.Export()
		if err != nil { // an expiry of the year 10000 by UTC
			return
		}
		second, err := ImportTokens(wire)
		if err != nil || second.RefreshToken.Reveal() != first.RefreshToken.Reveal() || !second.Expiry.Equal(first.Expiry) || second.Claims != first.Claims {
			t.Errorf("%s is read again as %s, %v", first, second, err)
		}
	})
}

// Whatever a token says, it is not believed without a signature, and reading it
// does not take long.
func FuzzVerifyCall(f *testing.F) {
	i := newTestIssuer(f)
	v := newVerifier(f, i)
	good := callToken(f, i.keys[0], paidBody, map[string]any{"exp": time.Now().Add(24 * time.Hour).Unix()})
	f.Add(good, []byte(paidBody))
	f.Add("eyJhbGciOiJub25lIn0.e30.", []byte{})
	f.Add("a.b.c", []byte("x"))
	f.Fuzz(func(t *testing.T, token string, body []byte) {
		err := v.VerifyCall(t.Context(), token, body)
		if err == nil && (!strings.Contains(token, good) || string(body) != paidBody) {
			t.Errorf("believed %q with %q", token, body)
		}
		if err != nil && !errors.Is(err, ErrNotGenuine) {
			t.Errorf("got %v", err)
		}
	})
}

func FuzzCallClaims(f *testing.F) {
	f.Add([]byte(`{"iat":"1574800000","exp":1574800300.5,"aud":["a"],"request_body_sha256":"00"}`))
	f.Add([]byte(`{"exp":"0x1p100","aud":null}`))
	v := newVerifier(f, newTestIssuer(f))
	f.Fuzz(func(_ *testing.T, data []byte) {
		var claims callClaims
		if json.Unmarshal(data, &claims) == nil {
			_ = claims.check(v, time.Now(), nil) // must not crash
		}
	})
}

func FuzzNotification(f *testing.F) {
	f.Add([]byte(paidBody))
	f.Add([]byte(`{"id":7,"data":[1],"test":"true","createdAt":"x"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var first Notification
		if json.Unmarshal(data, &first) != nil {
			return
		}
		wire, err := json.Marshal(first)
		if err != nil {
			t.Fatalf("read but not written: %v", err)
		}
		var second Notification
		if err := json.Unmarshal(wire, &second); err != nil {
			t.Fatalf("written but not read: %v\n%s", err, wire)
		}
		again, err := json.Marshal(second)
		if err != nil || string(again) != string(wire) {
			t.Errorf("changes when read again:\n%s\n%s", wire, again)
		}
	})
}

func FuzzKeySet(f *testing.F) {
	f.Add([]byte(`{"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","kid":"1","x":"AA","y":"AA"}]}`))
	f.Add([]byte(`{"keys":[{"kty":"oct","k":"AA"},{"kty":"RSA","n":"AA","e":"AQAB"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		keys, err := parseKeys(data)
		for _, key := range keys {
			if err != nil || !key.Valid() || !key.IsPublic() {
				t.Errorf("took %v", key)
			}
		}
	})
}

// Nothing but the answer to this login is taken, and whatever comes is answered.
func FuzzCallback(f *testing.F) {
	f.Add("GET", "/oidc-callback", "code=x&state=s", "127.0.0.1:4711")
	f.Add("GET", "/oidc-callback", "error=%ff&state=s;code=x", "localhost")
	f.Fuzz(func(t *testing.T, method, path, query, host string) {
		c := &callback{answers: make(chan answer, 1), concluded: make(chan page, 1), path: "/oidc-callback", state: "s", hosts: []string{"127.0.0.1:4711"}}
		c.conclude(nil)
		w := httptest.NewRecorder()
		c.ServeHTTP(w, &http.Request{Method: method, Host: host, URL: &url.URL{Path: path, RawQuery: query}})
		taken := len(c.answers) == 1
		if taken != (w.Code == http.StatusOK) || taken && (method != "GET" || host != "127.0.0.1:4711" || !strings.Contains(query, "=s")) {
			t.Errorf("%s %s?%s at %s: taken %v with %d", method, path, query, host, taken, w.Code)
		}
	})
}

func FuzzErrorText(f *testing.F) {
	f.Add("a description", "token-that-is-secret")
	f.Add("\x1b[2Jtoken-\u200bthat-is-secret", "token-that-is-secret")
	f.Fuzz(func(t *testing.T, text, secret string) {
		got := cleaned(text, secret)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) || utf8.RuneCountInString(got) > 161 {
			t.Errorf("%q is cleaned to %q", text, got)
		}
		if len(secret) > len(redacted) && strings.Contains(got, secret) {
			t.Errorf("%q still holds %q", got, secret)
		}
		if got := oauthCode(text); got != "" && (got != text || len(got) > 40) {
			t.Errorf("%q as a code is %q", text, got)
		}
	})
}
