package auth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	issuerURL    = "https://issuer.test"
	testClientID = "7mapl0nqonkgl5vfeb3cf86miu"
	testSubject  = "5ee17ff4-ec04-45d6-92d4-0d4cb1c30d3f"
)

// testIssuer is an issuer that follows the specifications: it checks the proof
// of each code, uses codes and refresh tokens once, and signs with ES256.
type testIssuer struct {
	mu       sync.Mutex
	keys     []jose.JSONWebKey // private; the last one signs
	grants   map[string]grant  // by code
	refresh  map[string]bool   // refresh tokens that are good
	revoked  []string
	requests map[string]int        // by path
	forms    map[string]url.Values // the last form, by path
	issued   int

	// What may be other than it should be.
	name      string                      // in configuration and tokens
	document  func(map[string]any)        // changes the configuration
	claims    func(map[string]any)        // changes each ID token
	answer    func(map[string]any)        // changes each answer with tokens
	redirect  func(url.Values)            // changes each answer by the browser
	fault     map[string]http.HandlerFunc // by path
	lifetime  time.Duration               // of access tokens
	cache     string                      // of keys
	keepKeys  bool                        // a renewal leaves the refresh token as it is
	signAs    func(payload []byte) string // signs ID tokens in its place
	withoutID bool                        // gives out no ID tokens
}

type grant struct{ challenge, nonce, redirect, client string }

func newTestIssuer(t testing.TB) *testIssuer {
	t.Helper()
	i := &testIssuer{
		grants: map[string]grant{}, refresh: map[string]bool{}, requests: map[string]int{}, forms: map[string]url.Values{},
		fault: map[string]http.HandlerFunc{}, name: issuerURL + "/", lifetime: time.Hour,
	}
	i.rotate(t, "key-1")
	return i
}

func newKey(t testing.TB, id string) jose.JSONWebKey {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return jose.JSONWebKey{Key: private, KeyID: id, Algorithm: "ES256", Use: "sig"}
}

// rotate puts a new key in place of the others.
func (i *testIssuer) rotate(t testing.TB, id string) {
	t.Helper()
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = []jose.JSONWebKey{newKey(t, id)}
}

// sign makes a token in compact form.
func sign(key jose.JSONWebKey, payload []byte) (string, error) {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(key.Algorithm), Key: key}, nil)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// ServeHTTP implements http.Handler.
func (i *testIssuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	i.mu.Lock()
	i.requests[r.URL.Path]++
	i.forms[r.URL.Path] = maps.Clone(r.Form)
	fault := i.fault[r.URL.Path]
	i.mu.Unlock()
	if fault != nil {
		fault(w, r)
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	switch r.Method + " " + r.URL.Path {
	case "GET /.well-known/openid-configuration":
		i.configuration(w)
	case "GET /keys":
		i.publishKeys(w)
	case "GET /authorize":
		i.authorize(w, r)
	case "POST /token":
		i.token(w, r)
	case "POST /revoke":
		i.revoked = append(i.revoked, r.Form.Get("token_type_hint"))
		delete(i.refresh, r.Form.Get("token"))
	default:
		http.NotFound(w, r)
	}
}

func (i *testIssuer) configuration(w http.ResponseWriter) {
	c := map[string]any{
		"issuer":                                i.name,
		"authorization_endpoint":                issuerURL + "/authorize",
		"token_endpoint":                        issuerURL + "/token",
		"jwks_uri":                              issuerURL + "/keys",
		"revocation_endpoint":                   issuerURL + "/revoke",
		"id_token_signing_alg_values_supported": []string{"ES256", "HS256", "none"},
	}
	if i.document != nil {
		i.document(c)
	}
	reply(w, http.StatusOK, c)
}

func (i *testIssuer) publishKeys(w http.ResponseWriter) {
	var public jose.JSONWebKeySet
	for _, key := range i.keys {
		public.Keys = append(public.Keys, key.Public())
	}
	if i.cache != "" {
		w.Header().Set("Cache-Control", i.cache)
	}
	reply(w, http.StatusOK, public)
}

// authorize stands for the login page, where the person logs in at once.
func (i *testIssuer) authorize(w http.ResponseWriter, r *http.Request) {
	code := rand.Text()
	i.grants[code] = grant{
		challenge: r.Form.Get("code_challenge"), nonce: r.Form.Get("nonce"),
		redirect: r.Form.Get("redirect_uri"), client: r.Form.Get("client_id"),
	}
	query := url.Values{"code": {code}, "state": r.Form["state"]}
	if i.redirect != nil {
		i.redirect(query)
	}
	http.Redirect(w, r, r.Form.Get("redirect_uri")+"?"+query.Encode(), http.StatusFound)
}

func (i *testIssuer) token(w http.ResponseWriter, r *http.Request) {
	var nonce string
	refresh := r.Form.Get("refresh_token")
	switch r.Form.Get("grant_type") {
	case "authorization_code":
		g, known := i.grants[r.Form.Get("code")]
		delete(i.grants, r.Form.Get("code"))
		proof := sha256.Sum256([]byte(r.Form.Get("code_verifier")))
		if !known || base64.RawURLEncoding.EncodeToString(proof[:]) != g.challenge ||
			r.Form.Get("client_id") != g.client || r.Form.Get("redirect_uri") != g.redirect {
			refuse(w, "invalid_grant", "the code or its verifier is wrong")
			return
		}
		nonce = g.nonce
	case "refresh_token":
		if !i.refresh[refresh] {
			refuse(w, "invalid_grant", "Refresh Token has been revoked")
			return
		}
	default:
		refuse(w, "unsupported_grant_type", "")
		return
	}
	reply(w, http.StatusOK, i.tokens(nonce, refresh))
}

// tokens makes an answer with tokens, in exchange for a refresh token if there
// was one.
func (i *testIssuer) tokens(nonce, old string) map[string]any {
	i.issued++
	answer := map[string]any{
		"access_token": fmt.Sprintf("access-%d-%s", i.issued, rand.Text()),
		"token_type":   "Bearer",
		"expires_in":   int(i.lifetime.Seconds()),
	}
	if old == "" || !i.keepKeys {
		delete(i.refresh, old)
		fresh := fmt.Sprintf("refresh-%d-%s", i.issued, rand.Text())
		i.refresh[fresh] = true
		answer["refresh_token"] = fresh
	}
	if !i.withoutID {
		answer["id_token"] = i.idToken(nonce)
	}
	if i.answer != nil {
		i.answer(answer)
	}
	return answer
}

func (i *testIssuer) idToken(nonce string) string {
	now := time.Now()
	claims := map[string]any{
		"iss": i.name, "sub": testSubject, "aud": testClientID,
		"iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		"email": "hana@example.com", "email_verified": "true", "given_name": "Hana", "family_name": "Walker",
		"phone_number": "+64211234567", "phone_number_verified": false, "preferred_username": "hana",
	}
	if nonce != "" {
		claims["nonce"] = nonce
	}
	if i.claims != nil {
		i.claims(claims)
	}
	payload, _ := json.Marshal(claims)
	if i.signAs != nil {
		return i.signAs(payload)
	}
	signed, err := sign(i.keys[len(i.keys)-1], payload)
	if err != nil {
		panic(err) // a key of our own making signs
	}
	return signed
}

func (i *testIssuer) count(path string) int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.requests[path]
}

// form is what was last sent to path.
func (i *testIssuer) form(path string) url.Values {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.forms[path]
}

func (i *testIssuer) set(change func(*testIssuer)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	change(i)
}

// setFault answers path in the issuer's place; nil ends that.
func (i *testIssuer) setFault(path string, h http.HandlerFunc) {
	i.set(func(i *testIssuer) { i.fault[path] = h })
}

// goodTokens are tokens of a login a moment ago.
func (i *testIssuer) goodTokens() Tokens {
	i.mu.Lock()
	defer i.mu.Unlock()
	a := i.tokens("", "")
	access, _ := a["access_token"].(string)
	refresh, _ := a["refresh_token"].(string)
	return Tokens{
		AccessToken: NewSecret(access), RefreshToken: NewSecret(refresh),
		Expiry: time.Now().Add(i.lifetime), Claims: Claims{Subject: testSubject},
	}
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func refuse(w http.ResponseWriter, code, description string) {
	reply(w, http.StatusBadRequest, map[string]string{"error": code, "error_description": description})
}

// answering answers every request alike.
func answering(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// hanging never answers.
func hanging(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// direct is a transport without a network, so that time can be virtual.
type direct struct{ handler http.Handler }

// RoundTrip implements http.RoundTripper.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	done := make(chan struct{})
	arrived := r.Clone(r.Context())
	go func() {
		defer close(done)
		d.handler.ServeHTTP(recorder, arrived)
	}()
	select {
	case <-done:
		resp := recorder.Result()
		resp.Request = r
		return resp, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// newTestProvider returns a provider that logs in at i.
func newTestProvider(t testing.TB, i *testIssuer, changes ...func(*Config)) *Provider {
	t.Helper()
	config := Config{Issuer: issuerURL, ClientID: testClientID, HTTPClient: &http.Client{Transport: direct{i}}}
	for _, change := range changes {
		change(&config)
	}
	p, err := NewProvider(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}
