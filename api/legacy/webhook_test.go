package legacy

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"
)

func newKey(t testing.TB, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// sign returns a token with claims, signed as opts say.
func sign(t testing.TB, alg jose.SignatureAlgorithm, key any, claims string, opts *jose.SignerOptions) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, opts)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign([]byte(claims))
	if err != nil {
		t.Fatal(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func verifierOf(t testing.TB, keys ...*ecdsa.PublicKey) *WebhookVerifier {
	t.Helper()
	v, err := NewWebhookVerifier(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const purchase = `{"transaction":{"transactionType":"PURCHASE","amount":2000,"request":{"requestId":"r","denomination":{"asset":"NZD","amount":"2000"}}}}`

func TestSignedWebhooksAreRead(t *testing.T) {
	t.Parallel()
	key := newKey(t, elliptic.P256())
	v := verifierOf(t, &key.PublicKey)
	for name, want := range map[string]TransactionType{
		"doc-legacy-payment-requests-02": TransactionRefund,
		"doc-legacy-payment-requests-03": TransactionPurchase,
		"doc-legacy-payment-requests-04": TransactionCancelled,
	} {
		token := sign(t, jose.ES256, key, string(readFixture(t, name+".example.json")), nil)
		// The published body, its placeholder filled in.
		body := strings.Replace(string(readFixture(t, "doc-legacy-payment-requests-01.example.json")), "${JWT}", token, 1)
		n, err := v.Read(strings.NewReader(body))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		equal(t, name, n.Transaction.TransactionType, want)
		equal(t, name+" amount", n.Transaction.Request.Denomination.Amount.Valid(), true)
	}
	for spelling, want := range map[string]TransactionType{"Canceled": TransactionCancelled, "expired": TransactionExpired, "CHARGEBACK": "CHARGEBACK"} {
		n, err := v.Verify(sign(t, jose.ES256, key, strings.Replace(purchase, "PURCHASE", spelling, 1), nil))
		equal(t, spelling, err == nil && n.Transaction.TransactionType == want, true)
	}
}

func TestForgedWebhooksAreNotBelieved(t *testing.T) {
	t.Parallel()
	ours, theirs := newKey(t, elliptic.P256()), newKey(t, elliptic.P256())
	v := verifierOf(t, &ours.PublicKey)
	der, err := x509.MarshalPKIXPublicKey(&ours.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	good := sign(t, jose.ES256, ours, purchase, nil)
	pieces := strings.Split(good, ".")
	inJSON, err := json.Marshal(map[string]string{"protected": pieces[0], "payload": pieces[1], "signature": pieces[2]})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Verify(good); err != nil {
		t.Fatal(err)
	}
	forged := map[string]string{
		"no algorithm":                     part(`{"alg":"none"}`) + "." + part(purchase) + ".",
		"no algorithm, signed":             part(`{"alg":"none"}`) + "." + pieces[1] + "." + pieces[2],
		"no algorithm named":               part(`{}`) + "." + pieces[1] + "." + pieces[2],
		"the public key as a password":     sign(t, jose.HS256, public, purchase, nil),
		"the public key's bytes as one":    sign(t, jose.HS256, der, purchase, nil),
		"another key":                      sign(t, jose.ES256, theirs, purchase, nil),
		"another key that it brings":       sign(t, jose.ES256, theirs, purchase, &jose.SignerOptions{EmbedJWK: true}),
		"another key under the known name": sign(t, jose.ES256, theirs, purchase, (&jose.SignerOptions{}).WithHeader("kid", "20191127-07baec395")),
		"another key at an address":        sign(t, jose.ES256, theirs, purchase, (&jose.SignerOptions{}).WithHeader("jku", "https://evil.test/jwks.json")),
		"another curve":                    sign(t, jose.ES384, newKey(t, elliptic.P384()), purchase, nil),
		"another algorithm":                sign(t, jose.EdDSA, ed, purchase, nil),
		"other claims":                     pieces[0] + "." + part(strings.Replace(purchase, "2000", "9000", 1)) + "." + pieces[2],
		"another header":                   part(`{"alg":"ES256","typ":"JWT"}`) + "." + pieces[1] + "." + pieces[2],
		"no signature":                     pieces[0] + "." + pieces[1] + ".",
		"a signature of zeros":             pieces[0] + "." + pieces[1] + "." + part(strings.Repeat("\x00", 64)),
		"a cut signature":                  good[:len(good)-9],
		"two parts":                        pieces[0] + "." + pieces[1],
		"four parts":                       good + "." + pieces[2],
		"a part that must be understood":   sign(t, jose.ES256, ours, purchase, (&jose.SignerOptions{}).WithHeader("crit", []string{"exp"})),
		"not compact":                      string(inJSON),
		"spaces":                           " " + good,
		"nothing":                          "",
		"words":                            "${JWT}",
	}
	for name, token := range forged {
		n, err := v.Verify(token)
		if n != nil || err != ErrWebhookSignature { //nolint:errorlint // constant errors leak nothing; a wrapped one could
			t.Errorf("%s: got %v, %v", name, n, err)
		}
	}
}

func TestAKeyIsReplacedByGivingBoth(t *testing.T) {
	t.Parallel()
	old, next := newKey(t, elliptic.P256()), newKey(t, elliptic.P256())
	both, one := verifierOf(t, &old.PublicKey, &next.PublicKey), verifierOf(t, &next.PublicKey)
	published := verifierOf(t)
	for name, key := range map[string]*ecdsa.PrivateKey{"old": old, "next": next} {
		token := sign(t, jose.ES256, key, purchase, nil)
		if _, err := both.Verify(token); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		_, err := one.Verify(token)
		equal(t, name+" after", err == nil, name == "next")
		_, err = published.Verify(token)
		equal(t, name+" under the published key", errors.Is(err, ErrWebhookSignature), true)
	}
}

func TestThePublishedKeyIsTheOneOfTheDocuments(t *testing.T) {
	t.Parallel()
	key, err := ParseWebhookKey([]byte(PublishedWebhookKey))
	if err != nil {
		t.Fatal(err)
	}
	point, err := key.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	// The last 64 bytes of the published DER are the point.
	der, err := base64.StdEncoding.DecodeString("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEt+vW2fE0mLLmdzJtYrz7J9q/yEXl" +
		"gmIjCXdv3VNvYfTsaBO5PJNiaD3l9lD8PzEQu31ePsOG81mDVuo40+dgLg==")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "point", string(point[1:]), string(der[len(der)-64:]))
	equal(t, "curve", key.Curve == elliptic.P256(), true)
}

func TestOnlyKeysOnP256AreTrusted(t *testing.T) {
	t.Parallel()
	other := newKey(t, elliptic.P384())
	der, err := x509.MarshalPKIXPublicKey(&other.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	public, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	edDER, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]*ecdsa.PublicKey{"none": nil, "another curve": &other.PublicKey, "no point": {Curve: elliptic.P256()}} {
		if v, err := NewWebhookVerifier(key); err == nil || v != nil {
			t.Errorf("%s: trusted", name)
		}
	}
	for name, block := range map[string][]byte{
		"another curve":     pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}),
		"another algorithm": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: edDER}),
		"no key":            pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: []byte("x")}),
		"no block":          []byte("MFkwEwYHKoZI"),
	} {
		if key, err := ParseWebhookKey(block); err == nil || key != nil {
			t.Errorf("%s: read", name)
		}
	}
}

func TestATokenIsValidForItsLife(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // it is 2000-01-01T00:00:00Z, second 946684800
		key := newKey(t, elliptic.P256())
		v := verifierOf(t, &key.PublicKey)
		tests := []struct {
			name, claims string
			valid        bool
		}{
			{"no bounds, as the samples", ``, true},
			{"issued now", `"iat":946684800,`, true},
			{"issued as text, for five minutes", `"iat":"946684800","exp":"946685100",`, true},
			{"issued a minute ahead", `"iat":946684860,`, true},
			{"issued two minutes ahead", `"iat":946684920,`, false},
			{"not before the next hour", `"nbf":946688400,`, false},
			{"issued long ago, no end", `"iat":1,`, true},
			{"ended half a minute ago", `"exp":946684770,`, true},
			{"ended a minute ago", `"exp":946684740,`, false},
			{"ended long ago", `"iat":"1523003","exp":"1523304",`, false},
			{"with fractions", `"exp":946685100.75,`, true},
			{"ends in words", `"exp":"tomorrow",`, false},
			{"ends never", `"exp":1e400,`, false},
			{"ends nowhere", `"exp":null,`, true},
			{"begins in words", `"iat":"now",`, false},
		}
		for _, tt := range tests {
			n, err := v.Verify(sign(t, jose.ES256, key, "{"+tt.claims+purchase[1:], nil))
			if (err == nil) != tt.valid || !tt.valid && (n != nil || !errors.Is(err, ErrWebhookTime)) {
				t.Errorf("%s: got %v", tt.name, err)
			}
		}
		token := sign(t, jose.ES256, key, `{"iat":946684800,"exp":946685100,`+purchase[1:], nil)
		time.Sleep(6*time.Minute - time.Second)
		_, err := v.Verify(token)
		equal(t, "before the end and the leeway", err, nil)
		time.Sleep(time.Second)
		_, err = v.Verify(token)
		equal(t, "after them", err, ErrWebhookTime)
	})
}

func TestSignedTokensThatAreNoNotifications(t *testing.T) {
	t.Parallel()
	key := newKey(t, elliptic.P256())
	v := verifierOf(t, &key.PublicKey)
	for _, claims := range []string{
		``, `null`, `[]`, `{}`, `text`, `{"transaction":[]}`, `{"transaction":{"transactionType":"PURCHASE"}}`,
		`{"transaction":{"request":{"requestId":"r"}}}`, purchase + "x",
		strings.Replace(purchase, `2000`, `"much"`, 1), strings.Replace(purchase, `"2000"`, `"much"`, 1),
	} {
		if n, err := v.Verify(sign(t, jose.ES256, key, claims, nil)); n != nil || !errors.Is(err, ErrWebhookContent) {
			t.Errorf("%s: got %v, %v", claims, n, err)
		}
	}
}

func TestBodiesThatAreNoWebhooks(t *testing.T) {
	t.Parallel()
	v := verifierOf(t)
	long := `{"token":"` + strings.Repeat("x", MaxWebhook) + `"}`
	for name, body := range map[string]io.Reader{
		"nothing": strings.NewReader(""), "a form": strings.NewReader("token=x"), "no token": strings.NewReader("{}"),
		"a number": strings.NewReader(`{"token":1}`), "an empty token": strings.NewReader(`{"token":""}`),
		"two": strings.NewReader(`{"token":"a"}{"token":"b"}`), "a list": strings.NewReader(`["a"]`),
		"too long": strings.NewReader(long), "endless": endless{}, "broken": iotest.ErrReader(errors.New("broken by " + testKey)),
	} {
		if n, err := v.Read(body); n != nil || err != ErrWebhookBody { //nolint:errorlint // constant errors leak nothing; a wrapped one could
			t.Errorf("%s: got %v, %v", name, n, err)
		}
	}
	_, err := v.Verify(strings.Repeat("x", MaxWebhook+1))
	equal(t, "a long token", err, ErrWebhookBody)
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}
