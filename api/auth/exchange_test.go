package auth

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"centrapos/api"
)

// Each ID token has one thing wrong with it, or is merely odd.
func TestIDTokens(t *testing.T) {
	t.Parallel()
	claim := func(name string, value any) func(*testing.T, *testIssuer) {
		return func(_ *testing.T, i *testIssuer) { i.claims = func(c map[string]any) { c[name] = value } }
	}
	from := func(age time.Duration) func(*testing.T, *testIssuer) {
		return func(_ *testing.T, i *testIssuer) {
			i.claims = func(c map[string]any) { c["exp"] = time.Now().Add(-age).Unix() }
		}
	}
	for name, tt := range map[string]struct {
		change func(*testing.T, *testIssuer)
		want   string // part of the error; "" is a login
	}{
		"wrong nonce":             {claim("nonce", "another"), "does not answer this login"},
		"no nonce":                {claim("nonce", nil), "does not answer this login"},
		"wrong audience":          {claim("aud", "another-program"), "expected audience"},
		"no audience":             {claim("aud", nil), "expected audience"},
		"two audiences":           {claim("aud", []string{testClientID, "another"}), "for another program"},
		"another issuer":          {claim("iss", "https://evil.test"), "from the issuer"},
		"no user":                 {claim("sub", ""), "names no user"},
		"user of another type":    {claim("sub", []int{1}), "unmarshal claims"},
		"expired":                 {from(2*time.Minute + 2*time.Second), "clock of this machine"},
		"not yet valid":           {claim("nbf", time.Now().AddDate(100, 0, 0).Unix()), "not before"},
		"wrong access token hash": {claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), "another access token"},
		"unsigned":                {unsigned, "malformed jwt"},
		"signed with public key":  {signedWithPublicKey, "malformed jwt"},
		"signed by a stranger":    {signedByStranger("key-1"), "signature is wrong"},
		"signed by unknown key":   {signedByStranger("key-2"), "a key that the issuer does not have"},
		"no ID token":             {func(_ *testing.T, i *testIssuer) { i.withoutID = true }, "no ID token"},
		"ID token of a number":    {answerOf("id_token", 7), "no ID token"},
		"rubbish":                 {answerOf("id_token", "rubbish"), "malformed jwt"},
		"no access token":         {answerOf("access_token", ""), "missing access_token"},
		"access token of lines":   {answerOf("access_token", "a\r\nX-Evil: b"), "could stand in a header"},

		"expired within the leeway":     {from(time.Minute), ""},
		"issuer without the slash":      {claim("iss", issuerURL), ""},
		"times as strings (A14)":        {stringTimes, ""},
		"several audiences, but for us": {azp, ""},
		"access token hash":             {hashed, ""},
		"no key named":                  {withoutKeyID, ""},
		"odd claims":                    {claim("email_verified", []string{"yes"}), ""},
		"no expiry of the access token": {answerOf("expires_in", nil), ""},
		"expiry as a string":            {answerOf("expires_in", "3600"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				i := newTestIssuer(t)
				tt.change(t, i)
				tokens, err := login(t, i, newTestProvider(t, i))
				if tt.want == "" {
					if err != nil {
						t.Fatal(err)
					}
					equal(t, "user", tokens.Claims.Subject, testSubject)
					equal(t, "lifetime", time.Until(tokens.Expiry).Round(time.Second), time.Hour)
					return
				}
				if err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Fatalf("got %v, want %q", err, tt.want)
				}
				if strings.Contains(err.Error(), "eyJ") {
					t.Errorf("%v holds a token", err)
				}
				if !tokens.AccessToken.IsZero() {
					t.Error("tokens were given out all the same")
				}
			})
		})
	}
}

func answerOf(name string, value any) func(*testing.T, *testIssuer) {
	return func(_ *testing.T, i *testIssuer) { i.answer = func(a map[string]any) { a[name] = value } }
}

func unsigned(_ *testing.T, i *testIssuer) {
	encode := base64.RawURLEncoding.EncodeToString
	i.signAs = func(payload []byte) string { return encode([]byte(`{"alg":"none"}`)) + "." + encode(payload) + "." }
}

// signedWithPublicKey takes the published key as a shared secret, which works on
// verifiers that believe what a token says of its own signature.
func signedWithPublicKey(t *testing.T, i *testIssuer) {
	public, err := json.Marshal(i.keys[0].Public())
	if err != nil {
		t.Fatal(err)
	}
	i.signAs = func(payload []byte) string {
		token, err := sign(jose.JSONWebKey{Key: public, KeyID: "key-1", Algorithm: "HS256"}, payload)
		if err != nil {
			t.Error(err)
		}
		return token
	}
}

func signedByStranger(id string) func(*testing.T, *testIssuer) {
	return func(t *testing.T, i *testIssuer) {
		key := newKey(t, id)
		i.signAs = func(payload []byte) string {
			token, err := sign(key, payload)
			if err != nil {
				t.Error(err)
			}
			return token
		}
	}
}

func withoutKeyID(t *testing.T, i *testIssuer) {
	key := i.keys[0]
	key.KeyID = ""
	i.signAs = func(payload []byte) string {
		token, err := sign(key, payload)
		if err != nil {
			t.Error(err)
		}
		return token
	}
}

func stringTimes(_ *testing.T, i *testIssuer) {
	i.claims = func(c map[string]any) {
		c["iat"], c["exp"] = fmt.Sprint(c["iat"]), fmt.Sprint(c["exp"])
	}
}

func azp(_ *testing.T, i *testIssuer) {
	i.claims = func(c map[string]any) {
		c["aud"], c["azp"] = []string{"another", testClientID}, testClientID
	}
}

func hashed(_ *testing.T, i *testIssuer) {
	const access = "the-access-token"
	sum := sha256.Sum256([]byte(access))
	i.claims = func(c map[string]any) { c["at_hash"] = base64.RawURLEncoding.EncodeToString(sum[:16]) }
	i.answer = func(a map[string]any) { a["access_token"] = access }
}

// A page that asks for the login with a challenge of its own gets a code that is
// of no use without the verifier.
func TestWrongVerifier(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		i := newTestIssuer(t)
		p := newTestProvider(t, i)
		b := newTestBrowser(i, p)
		_, err := p.Login(t.Context(), LoginOptions{Open: func(address string) error {
			u, _ := url.Parse(address)
			query := u.Query()
			query.Set("code_challenge", "somebody-elses")
			u.RawQuery = query.Encode()
			return b.open(u.String())
		}})
		e, is := errors.AsType[*Error](err)
		if !is || e.Code != "invalid_grant" || e.Status != http.StatusBadRequest {
			t.Fatalf("got %v", err)
		}
		equal(t, "error", e.Error(), "exchange the login for tokens: the issuer answered invalid_grant (the code or its verifier is wrong)")
		equal(t, "exchanges", i.count("/token"), 1)
	})
}

// The issuer, or what answers in its place, fails in every way at every step.
// None is taken for an answer, none takes longer than its time, and what was
// secret is in no error.
func TestIssuerInTrouble(t *testing.T) {
	t.Parallel()
	const secret = "c2VjcmV0LWNvZGUtb3ItdG9rZW4tb2YtdGhlLXVzZXI"
	echo := func(format string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			answering(http.StatusBadRequest, "application/json", fmt.Sprintf(format, r.Form.Get("code")))(w, r)
		}
	}
	faults := map[string]http.HandlerFunc{
		"hung":       hanging,
		"500":        answering(500, "text/html", "<html>"+secret),
		"503 JSON":   answering(503, "application/json", `{"error":"temporarily_unavailable","error_description":"`+secret+`"}`),
		"page":       answering(200, "text/html", "<html>Log in to the Wi-Fi "+secret),
		"plain text": answering(200, "text/plain", secret),
		"array":      answering(200, "application/json", `["`+secret+`"]`),
		"nothing":    answering(200, "application/json", ""),
		"null":       answering(200, "application/json", "null"),
		"huge":       answering(200, "application/json", `{"keys":[],"x":"`+strings.Repeat("x", maxBody)+`"}`),
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://evil.test/", http.StatusTemporaryRedirect)
		},
		"odd numbers":    answering(200, "application/json", `{"access_token":"a","expires_in":"`+secret+`"}`),
		"echoed code":    echo(`{"error":"invalid_request","error_description":"bad code %s"}`),
		"echoed as code": echo(`{"error":"%s"}`),
	}
	for _, path := range []string{"/.well-known/openid-configuration", "/token", "/keys"} {
		for name, fault := range faults {
			t.Run(path+" "+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					i := newTestIssuer(t)
					i.setFault(path, fault)
					start := time.Now()
					_, err := login(t, i, newTestProvider(t, i))
					if err == nil {
						t.Fatal("logged in")
					}
					if took := time.Since(start); took > 11*time.Second {
						t.Errorf("it took %s", took)
					}
					code := i.form("/token").Get("code")
					for _, kept := range []string{secret, code, i.form("/token").Get("code_verifier")} {
						if kept != "" && strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), kept) {
							t.Errorf("%v holds what is secret", err)
						}
					}
					if len(err.Error()) > 400 {
						t.Errorf("the error has %d characters", len(err.Error()))
					}
				})
			})
		}
	}
}

// endless answers with a body that has no end.
type endless struct{}

func (endless) RoundTrip(r *http.Request) (*http.Response, error) {
	body := struct {
		io.Reader
		io.Closer
	}{zeros{}, http.NoBody}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: body, Request: r}, nil
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestEndlessBodyIsCutOff(t *testing.T) {
	t.Parallel()
	p := newTestProvider(t, nil, func(c *Config) { c.HTTPClient = &http.Client{Transport: endless{}} })
	_, err := p.discover(t.Context())
	if tooLarge, is := errors.AsType[*http.MaxBytesError](err); !is || tooLarge.Limit != maxBody {
		t.Errorf("got %v", err)
	}
}

// After this issuer's refusal the person has to log in; after all others a
// renewal may still succeed.
func TestWhenALoginIsRequired(t *testing.T) {
	t.Parallel()
	for body, tt := range map[string]struct {
		status int
		want   bool
	}{
		`{"error":"invalid_grant"}`:              {400, true},
		`{"error":"invalid_grant","x":1}`:        {401, true},
		`{"error":"invalid_grant","y":1}`:        {200, true},
		`{"error":"invalid_grant","z":1}`:        {500, false},
		`{"error":"invalid_client"}`:             {401, false},
		`{"error":"invalid_request"}`:            {400, false},
		`{"error":"temporarily_unavailable"}`:    {503, false},
		`{"message":"invalid_grant"}`:            {400, false},
		`<html>invalid_grant</html>`:             {400, false},
		`{"statusCode":429,"message":"slow it"}`: {429, false},
	} {
		i := newTestIssuer(t)
		i.setFault("/token", answering(tt.status, "application/json", body))
		_, err := newTestProvider(t, i).renew(t.Context(), i.goodTokens())
		if err == nil {
			t.Errorf("%d %s renewed", tt.status, body)
		}
		if got := errors.Is(err, api.ErrLoginRequired); got != tt.want {
			t.Errorf("%d %s: login required %v, want %v", tt.status, body, got, tt.want)
		}
	}
}
