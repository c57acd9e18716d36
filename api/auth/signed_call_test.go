package auth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	jose "github.com/go-jose/go-jose/v4"
)

const endpointURL = "https://shop.example.com/centrapay"

// paidBody is a notification in the form of the documents.
const paidBody = `{"id":"ntf_1","type":"payment-request:paid","accountId":"Jaim1Cu1Q55uooxSens6yk","test":true,
	"createdAt":"2022-08-03T22:56:50.000Z","data":{"type":"payment","value":{"amount":"1250","currency":"NZD"},
	"paymentRequestId":"MhocUmpxxmgdHjr7DgKoKw","assetType":"centrapay.nzd.test"}}`

// newVerifier returns a verifier of calls that the issuer's keys sign.
func newVerifier(t testing.TB, i *testIssuer) *Verifier {
	t.Helper()
	v, err := NewVerifier(VerifierConfig{
		Audience: endpointURL, KeysURL: issuerURL + "/keys", HTTPClient: &http.Client{Transport: direct{i}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	return v
}

// callToken signs a call with a body as the documents say, with claims changed.
func callToken(t testing.TB, key jose.JSONWebKey, body string, changes map[string]any) string {
	t.Helper()
	now := time.Now()
	claims := map[string]any{"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(), "aud": endpointURL}
	if body != "" {
		claims["request_body_sha256"] = hashOf(body)
	}
	maps.Copy(claims, changes)
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	token, err := sign(key, payload)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func hashOf(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

func TestVerify(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		i := newTestIssuer(t)
		v := newVerifier(t, i)
		n, err := v.Verify(t.Context(), callToken(t, i.keys[0], paidBody, nil), []byte(paidBody))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "id", n.ID, "ntf_1")
		equal(t, "type", n.Type, NotificationPaid)
		equal(t, "account", n.AccountID, "Jaim1Cu1Q55uooxSens6yk")
		equal(t, "test", n.Test, true)
		equal(t, "created", n.CreatedAt.String(), "2022-08-03T22:56:50.000Z")
		if n.Data == nil {
			t.Fatal("no activity")
		}
		equal(t, "request", n.Data.PaymentRequestID, "MhocUmpxxmgdHjr7DgKoKw")
		equal(t, "amount", n.Data.Value.String(), "1250 NZD")
	})
}

func TestCallsThatAreGenuineOrNot(t *testing.T) {
	t.Parallel()
	const zero = "0000000000000000000000000000000000000000000000000000000000000000"
	now := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
	for name, tt := range map[string]struct {
		changes func() map[string]any
		signed  string // the body that was signed
		body    string // the body that came
		want    bool
	}{
		"as documented": {nil, paidBody, paidBody, true},
		"times as strings (A14)": {func() map[string]any {
			return map[string]any{"iat": strconv.FormatInt(now(0), 10), "exp": strconv.FormatInt(now(time.Minute), 10)}
		}, paidBody, paidBody, true},
		"times in parts":          {func() map[string]any { return map[string]any{"exp": float64(now(time.Minute)) + 0.5} }, paidBody, paidBody, true},
		"hash in capitals":        {func() map[string]any { return map[string]any{"request_body_sha256": strings.ToUpper(hashOf(paidBody))} }, paidBody, paidBody, true},
		"audience with a slash":   {func() map[string]any { return map[string]any{"aud": endpointURL + "/"} }, paidBody, paidBody, true},
		"several audiences":       {func() map[string]any { return map[string]any{"aud": []string{"https://other", endpointURL}} }, paidBody, paidBody, true},
		"ended within the leeway": {func() map[string]any { return map[string]any{"exp": now(-time.Minute)} }, paidBody, paidBody, true},
		"clock behind":            {func() map[string]any { return map[string]any{"iat": now(time.Minute)} }, paidBody, paidBody, true},
		"no time of issue":        {func() map[string]any { return map[string]any{"iat": nil} }, paidBody, paidBody, true},
		"no body":                 {nil, "", "", true},
		"no body, hashed":         {func() map[string]any { return map[string]any{"request_body_sha256": hashOf("")} }, "", "", true},

		"another body":         {nil, paidBody, strings.Replace(paidBody, "1250", "9250", 1), false},
		"body with a newline":  {nil, paidBody, paidBody + "\n", false},
		"body lost":            {nil, paidBody, "", false},
		"body added":           {nil, "", paidBody, false},
		"no hash":              {func() map[string]any { return map[string]any{"request_body_sha256": nil} }, paidBody, paidBody, false},
		"half a hash":          {func() map[string]any { return map[string]any{"request_body_sha256": hashOf(paidBody)[:32]} }, paidBody, paidBody, false},
		"wrong hash":           {func() map[string]any { return map[string]any{"request_body_sha256": zero} }, paidBody, paidBody, false},
		"hash of another type": {func() map[string]any { return map[string]any{"request_body_sha256": []int{1}} }, paidBody, paidBody, false},
		"ended":                {func() map[string]any { return map[string]any{"exp": now(-3 * time.Minute)} }, paidBody, paidBody, false},
		"without end":          {func() map[string]any { return map[string]any{"exp": nil} }, paidBody, paidBody, false},
		"end of another type":  {func() map[string]any { return map[string]any{"exp": "never"} }, paidBody, paidBody, false},
		"end at no time":       {func() map[string]any { return map[string]any{"exp": 1e300} }, paidBody, paidBody, false},
		"end before 1970":      {func() map[string]any { return map[string]any{"exp": -5} }, paidBody, paidBody, false},
		"of the future":        {func() map[string]any { return map[string]any{"iat": now(time.Hour), "exp": now(2 * time.Hour)} }, paidBody, paidBody, false},
		"for another":          {func() map[string]any { return map[string]any{"aud": "https://other.example.com"} }, paidBody, paidBody, false},
		"for a part of us":     {func() map[string]any { return map[string]any{"aud": endpointURL[:len(endpointURL)-3]} }, paidBody, paidBody, false},
		"for nobody":           {func() map[string]any { return map[string]any{"aud": nil} }, paidBody, paidBody, false},
		"for an empty name":    {func() map[string]any { return map[string]any{"aud": ""} }, paidBody, paidBody, false},
		"for a number":         {func() map[string]any { return map[string]any{"aud": 7} }, paidBody, paidBody, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				i := newTestIssuer(t)
				var changes map[string]any
				if tt.changes != nil {
					changes = tt.changes()
				}
				err := newVerifier(t, i).VerifyCall(t.Context(), callToken(t, i.keys[0], tt.signed, changes), []byte(tt.body))
				if (err == nil) != tt.want || err != nil && !errors.Is(err, ErrNotGenuine) {
					t.Errorf("got %v, want genuine: %v", err, tt.want)
				}
			})
		})
	}
}

func TestSignaturesThatAreNotCentrapays(t *testing.T) {
	t.Parallel()
	i := newTestIssuer(t)
	v := newVerifier(t, i)
	good := callToken(t, i.keys[0], paidBody, nil)
	parts := strings.Split(good, ".")
	encode := base64.RawURLEncoding.EncodeToString
	public, err := json.Marshal(i.keys[0].Public())
	if err != nil {
		t.Fatal(err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	// A key that the service has, for something else.
	other := jose.JSONWebKey{Key: p384, KeyID: "key-2", Algorithm: "ES384"}
	i.set(func(i *testIssuer) { i.keys = append(i.keys, other) })
	unnamed := i.keys[0]
	unnamed.KeyID = ""
	printed, err := sign(i.keys[0], []byte(`{"iat":"1","exp":"99999999999","aud":"`+endpointURL+`",}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{
		"as printed, with a comma too many (I6)": printed,
		"none":                                   encode([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".",
		"none, signed":                           encode([]byte(`{"alg":"none","kid":"key-1"}`)) + "." + parts[1] + "." + parts[2],
		"with the public key":                    callToken(t, jose.JSONWebKey{Key: public, KeyID: "key-1", Algorithm: "HS256"}, paidBody, nil),
		"by another algorithm":                   callToken(t, other, paidBody, nil),
		"by a stranger":                          callToken(t, newKey(t, "key-1"), paidBody, nil),
		"by an unknown key":                      callToken(t, newKey(t, "key-7"), paidBody, nil),
		"by a key without name":                  callToken(t, unnamed, paidBody, nil),
		"of other claims":                        parts[0] + "." + encode([]byte(`{"exp":99999999999}`)) + "." + parts[2],
		"missing":                                parts[0] + "." + parts[1] + ".",
		"cut":                                    good[:len(good)-4],
		"of nothing":                             "",
		"of rubbish":                             "rubbish",
		"as JSON":                                `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`,
		"basic":                                  "Basic " + good,
		"endless":                                strings.Repeat("a", maxToken+1),
	} {
		if err := v.VerifyCall(t.Context(), token, []byte(paidBody)); !errors.Is(err, ErrNotGenuine) {
			t.Errorf("%s: got %v", name, err)
		} else if len(token) > 20 && strings.Contains(err.Error(), parts[2]) {
			t.Errorf("%s: %v holds the signature", name, err)
		}
	}
	for _, token := range []string{good, " " + good + "\n", "Bearer " + good, "bearer  " + good} {
		if err := v.VerifyCall(t.Context(), token, []byte(paidBody)); err != nil {
			t.Errorf("%.9q…: %v", token, err)
		}
	}
}

// Whether a call is genuine is not known while the keys cannot be read; then it
// must not be forgotten.
func TestCallsWhileKeysCannotBeRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		i := newTestIssuer(t)
		v := newVerifier(t, i)
		token := callToken(t, i.keys[0], paidBody, nil)
		i.setFault("/keys", hanging)
		_, err := v.Verify(t.Context(), token, []byte(paidBody))
		if !errors.Is(err, ErrKeysUnavailable) || errors.Is(err, ErrNotGenuine) {
			t.Errorf("got %v", err)
		}
		i.setFault("/keys", nil)
		if _, err := v.Verify(t.Context(), token, []byte(paidBody)); err != nil {
			t.Errorf("when they can: %v", err)
		}
		// The key rotates, and the next call is signed with the new one.
		time.Sleep(time.Minute)
		i.rotate(t, "key-2")
		if _, err := v.Verify(t.Context(), callToken(t, i.keys[0], paidBody, nil), []byte(paidBody)); err != nil {
			t.Errorf("after a rotation: %v", err)
		}
	})
}

// The documents print a hash beside a payload that it is not of (quirk I13): it
// is that of the text 2.
func TestPublishedHashIsOfNoUse(t *testing.T) {
	t.Parallel()
	equal(t, "hash of the text 2", hashOf("2"), "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35")
	i := newTestIssuer(t)
	token := callToken(t, i.keys[0], "2", nil)
	if err := newVerifier(t, i).VerifyCall(t.Context(), token, []byte(paidBody)); !errors.Is(err, ErrNotGenuine) {
		t.Errorf("got %v", err)
	}
}

func TestNotifications(t *testing.T) {
	t.Parallel()
	i := newTestIssuer(t)
	v := newVerifier(t, i)
	for body, tt := range map[string]struct {
		id       string
		activity bool
		ok       bool
	}{
		`{"id":"n1","type":"payment-request:refund-completed","data":{"type":"refund"}}`:     {"n1", true, true},
		`{"id":"n1","type":"merchant:renamed","data":{"name":"Cafe"},"new":[1]}`:             {"n1", false, true},
		`{"id":"n1","type":"merchant:renamed","data":["a","b"]}`:                             {"n1", false, true},
		`{"id":"n1","type":"payment-request:paid"}`:                                          {"n1", false, true},
		`{"id":7,"type":"payment-request:paid","data":null,"test":"true","createdAt":"now"}`: {"7", false, true},
		`{"type":"payment-request:paid","data":{"type":"payment"}}`:                          {"", false, false},
		`{"id":["n1"]}`: {"", false, false},
		`[]`:            {"", false, false},
		`not JSON`:      {"", false, false},
	} {
		n, err := v.Verify(t.Context(), callToken(t, i.keys[0], body, nil), []byte(body))
		if (err == nil) != tt.ok || errors.Is(err, ErrNotGenuine) {
			t.Errorf("%s: got %v", body, err)
		}
		if err == nil && (n.ID != tt.id || (n.Data != nil) != tt.activity) {
			t.Errorf("%s: got %+v", body, n)
		}
	}
}

// A service built from this package sends notifications as they are read.
func TestNotificationIsWrittenAsItIsRead(t *testing.T) {
	t.Parallel()
	var first, second Notification
	if err := json.Unmarshal([]byte(paidBody), &first); err != nil {
		t.Fatal(err)
	}
	first.RawData = nil // made here, not received
	wire, err := json.Marshal(first)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(wire, &second); err != nil {
		t.Fatal(err)
	}
	equal(t, "id", second.ID, "ntf_1")
	equal(t, "created", second.CreatedAt.String(), first.CreatedAt.String())
	if second.Data == nil || !second.Test {
		t.Fatalf("got %s", wire)
	}
	equal(t, "request", second.Data.PaymentRequestID, first.Data.PaymentRequestID)
}

func TestVerifierThatCannotBe(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]VerifierConfig{
		"no audience":       {},
		"audience no URL":   {Audience: "/"},
		"keys in the clear": {Audience: endpointURL, KeysURL: "http://auth.centrapay.com/jwks.json"},
		"negative leeway":   {Audience: endpointURL, Leeway: -1},
	} {
		if _, err := NewVerifier(config); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	v, err := NewVerifier(VerifierConfig{Audience: endpointURL})
	if err != nil {
		t.Fatal(err)
	}
	v.Close()
	equal(t, "keys", v.keys.address, "https://auth.centrapay.com/api/.well-known/jwks.json")
}
