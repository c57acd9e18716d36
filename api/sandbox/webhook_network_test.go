package sandbox_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"centrapos/api/auth"
	"centrapos/api/sandbox"
)

func payloadOf(t testing.TB, token string) []byte {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("no token: %s", token)
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// TestWebhookEndToEnd receives a notification over the network and verifies it with
// the keys that the sandbox publishes, as the guide to webhooks says.
func TestWebhookEndToEnd(t *testing.T) {
	t.Parallel()
	hooks := make(chan received, 10)
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			hooks <- received{url: r.URL.Path, header: r.Header, body: body}
		}
	}))
	defer endpoint.Close()
	server, err := sandbox.Listen(t.Context(), "", sandbox.WithWebhook(endpoint.URL+"/hooks"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}()
	r := &rig{TB: t, svc: server.Service(), key: sandbox.DemoAPIKey}
	p := r.create(nil)
	r.pay(p.ID, nil)
	got := <-hooks

	verifier, err := auth.NewVerifier(auth.VerifierConfig{Audience: endpoint.URL, KeysURL: server.URL() + sandbox.DemoAuthPath + "/api/.well-known/jwks.json"})
	if err != nil {
		t.Fatal(err)
	}
	defer verifier.Close()
	n, err := verifier.Verify(t.Context(), got.header.Get("Authorization"), got.body)
	if err != nil || n.Type != sandbox.NotifyPaid || got.url != "/hooks" {
		t.Errorf("%+v, %v", n, err)
	}
	if _, err := verifier.Verify(t.Context(), got.header.Get("Authorization"), append(got.body, ' ')); err == nil {
		t.Error("a body that was changed is believed")
	}
	var claims struct {
		IssuedAt, Expiry int64
		Audience         string `json:"aud"`
	}
	if err := json.Unmarshal([]byte(strings.NewReplacer(`"iat"`, `"IssuedAt"`, `"exp"`, `"Expiry"`).Replace(string(payloadOf(t, got.header.Get("Authorization"))))), &claims); err != nil {
		t.Fatal(err)
	}
	if claims.Expiry-claims.IssuedAt != 300 || claims.Audience != endpoint.URL {
		t.Errorf("claims %+v", claims)
	}
}

// delivery waits for the first attempt at the only webhook.
func (r *rig) delivery() sandbox.Delivery {
	r.Helper()
	for deadline := time.Now().Add(5 * time.Second); ; <-time.After(time.Millisecond) {
		state, err := r.svc.Webhooks()
		r.must(err)
		if d := state.Deliveries; len(d) == 1 && (d[0].Delivered || d[0].Problem != "") {
			return d[0]
		}
		if time.Now().After(deadline) {
			r.Fatalf("nothing came of %+v", state.Deliveries)
		}
	}
}

// Whoever can create a request cannot make the sandbox call others: unless it is
// told that it may, by the name that the notifyUrl has.
func TestNotifyURLLeadsToThisMachineOnly(t *testing.T) {
	t.Parallel()
	here := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer here.Close()
	unspecified := strings.Replace(here.URL, "127.0.0.1", "0.0.0.0", 1) // this machine, by no loopback address
	const elsewhere = "leads to another machine"
	for _, c := range []struct {
		target, problem string
		opts            []sandbox.Option
	}{
		{here.URL, "", nil},
		{"http://192.0.2.1/", elsewhere, nil},
		{"http://[2001:db8::1]:8080/", elsewhere, nil},
		{unspecified, elsewhere, nil},
		{unspecified, elsewhere, []sandbox.Option{sandbox.WithNotifyHosts("127.0.0.1")}},
		{unspecified, "", []sandbox.Option{sandbox.WithNotifyHosts("shop.example", "0.0.0.0")}},
		{unspecified, "", []sandbox.Option{sandbox.WithNotifyHosts("*")}},
	} {
		r := newRig(t, c.opts...)
		r.pay(r.legacyCreate(todayForm, m{"notifyUrl": c.target}).ID, nil)
		if d := r.delivery(); d.Delivered != (c.problem == "") || !strings.Contains(d.Problem, c.problem) {
			t.Errorf("%s: %+v", c.target, d)
		}
		r.svc.Close()
	}
	r := newRig(t)
	r.pay(r.legacyCreate(todayForm, m{"notifyUrl": "http://user@127.0.0.1/notify"}).ID, nil)
	if state, err := r.svc.Webhooks(); err != nil || len(state.Deliveries) != 0 {
		t.Errorf("with a user in it: %+v, %v", state.Deliveries, err)
	}
}

func TestWebhookControlCalls(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.WithWebhookTransport(&receiver{}))
	control := func(method, body string) *httptest.ResponseRecorder {
		req := httptest.NewRequestWithContext(t.Context(), method, "http://127.0.0.1:4000/sandbox/webhooks", strings.NewReader(body))
		req.RemoteAddr = "127.0.0.1:999"
		req.Header.Set("Content-Type", "application/json")
		return r.send(req)
	}
	state := func(w *httptest.ResponseRecorder) sandbox.WebhookState {
		t.Helper()
		var s sandbox.WebhookState
		if err := json.Unmarshal(w.Body.Bytes(), &s); err != nil || w.Code != 200 || !strings.Contains(s.PublicKey, "BEGIN PUBLIC KEY") {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		return s
	}
	if s := state(control(get, "")); s.Subscription != nil {
		t.Errorf("at first: %+v", s)
	}
	s := state(control(post, `{"url":"http://127.0.0.1:9/x","types":["payment-request:paid"]}`))
	if s.Subscription == nil || s.Subscription.URL != "http://127.0.0.1:9/x" || len(s.Subscription.Types) != 1 {
		t.Errorf("once set: %+v", s)
	}
	for body, want := range map[string]string{
		`{"url":"/relative"}`:                          "want an absolute",
		`{"url":"ftp://x/"}`:                           "want an absolute",
		`{"url":"http://u:p@x/"}`:                      "want an absolute",
		`{"url":"http://x/","types":["payment:paid"]}`: "want one of",
		`{"url":1}`:                                    "wrong type",
	} {
		if w := control(post, body); w.Code != 400 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
	if s := state(control(http.MethodDelete, "")); s.Subscription != nil {
		t.Errorf("once taken out: %+v", s)
	}
	far := httptest.NewRequestWithContext(t.Context(), get, "http://127.0.0.1:4000/sandbox/webhooks", nil)
	far.RemoteAddr = "192.0.2.7:999"
	if w := r.send(far); w.Code != http.StatusForbidden {
		t.Errorf("from another machine: %d", w.Code)
	}
}

func TestWebhookOptionsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]sandbox.Option{
		"no URL":       sandbox.WithWebhook(""),
		"no such type": sandbox.WithWebhook("http://x/", "nothing"),
		"no host":      sandbox.WithNotifyHosts(""),
		"no transport": sandbox.WithWebhookTransport(nil),
	} {
		if _, err := sandbox.New(opt); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
