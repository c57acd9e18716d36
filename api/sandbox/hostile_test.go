package sandbox_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

func TestBadBodies(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, body := range map[string]string{
		"not JSON":       "configId=mc_1",
		"broken":         `{"configId":`,
		"two objects":    createJSON + createJSON,
		"trailing text":  createJSON + " and more",
		"a list":         "[" + createJSON + "]",
		"null":           "null",
		"a string":       `"create"`,
		"empty":          " ",
		"deeply nested":  strings.Repeat("[", 200_000),
		"nested object":  strings.Repeat(`{"a":`, 200_000),
		"NUL":            "\x00",
		"number too big": `{"configId":"x","value":{"amount":1e999999999,"currency":"NZD"}}`,
		"HTML":           "<html></html>",
	} {
		w := r.call(post, requests, body)
		var got api.ErrorBody
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != 400 || got.Message == "" || len(got.Message) > 200 {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	if all, err := r.svc.Requests(); err != nil || len(all) != 0 {
		t.Errorf("bad bodies made %d requests (%v)", len(all), err)
	}
}

// No endpoint that takes a body breaks by one, or does anything.
func TestBadBodiesEverywhere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	paid, held := r.create(nil).ID, authorizedBy(r, sandbox.WalletLowFunds)
	r.pay(paid, nil)
	code, link := r.patronCode(nil), r.connect()
	before := asJSON(t, must(r.svc.Requests())(t))
	for _, path := range []string{
		at(paid, "refund"), at(held, "confirm"), patronCodes, patronCodes + "/" + code.ID + "/metadata",
		connections, connections + "/" + link.ID + "/authorize", "/api/decode",
	} {
		for _, body := range []string{
			"", "null", "[]", `"x"`, `{"value":`, "\x00", strings.Repeat(`{"value":`, 100_000), `{"value":{"amount":1e999999999,"currency":"NZD"}}`,
			`{"value":{"amount":{},"currency":[]},"externalRef":{},"metadata":[],"walletId":0,"merchantId":{},"code":[]}`,
			`{"value":{"amount":"1","currency":"NZD"},"externalRef":"R","idempotencyKey":"k","invoiceRef":"i","lineItems":[{"name":"x","qty":"1","price":"1e400000000"}]}`,
			`{"value":{"amount":"1","currency":"NZD"},"externalRef":"R","idempotencyKey":"k","invoiceRef":"i","lineItems":[{"name":"x","qty":"1","price":"1","discount":"NaN"}]}`,
			`{"metadata":{"a":{"b":"c"}},"assetId":["x"]}`,
		} {
			for _, key := range []string{sandbox.DemoAPIKey, sandbox.DemoPatronKey} {
				if path == patronCodes && !strings.Contains(body, "metadata") {
					continue // what it does not know it does not read
				}
				w := r.as(key).call(post, path, body)
				if w.Code != 400 && w.Code != 403 || len(w.Body.String()) > 300 {
					t.Errorf("%s with %.80s: %d %.300s", path, body, w.Code, w.Body)
				}
			}
		}
	}
	if after := asJSON(t, must(r.svc.Requests())(t)); after != before {
		t.Errorf("bad bodies changed %s to %s", before, after)
	}
}

// must passes on what cannot fail here.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestHugeBody(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	huge := `{"configId":"` + strings.Repeat("x", 2<<20) + `"}`
	r.refused(400, "Payload content length greater than maximum allowed: 1048576", post, requests, huge)
	r.svc.AddFault(mustFault(t, "create:drop-after"))
	r.refused(400, "Payload content length greater than maximum allowed: 1048576", post, requests, huge)
}

func TestContentTypes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for kind, want := range map[string]int{
		"application/json": 200, "application/json; charset=utf-8": 200, "Application/JSON": 200,
		"": 400, "text/plain": 400, "application/x-www-form-urlencoded": 400, "application/jsonx": 400, "nonsense;;": 400,
	} {
		req := httptest.NewRequestWithContext(t.Context(), post, requests, strings.NewReader(createJSON))
		req.Header.Set("X-Api-Key", r.key)
		if kind != "" {
			req.Header.Set("Content-Type", kind)
		}
		if w := r.send(req); w.Code != want {
			t.Errorf("%q: %d %s, want %d", kind, w.Code, w.Body, want)
		}
	}
}

func TestRoutesThatDoNotExist(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	for _, c := range [][2]string{
		{get, "/"}, {get, "/api"}, {get, "/api/"}, {get, "/api/nothing"}, {get, requests}, {http.MethodPut, requests},
		{http.MethodDelete, at(id)}, {http.MethodPatch, at(id)}, {post, at(id)}, {get, at(id, "void")}, {get, at(id, "pay")},
		{http.MethodPut, at(id, "void")}, {post, at(id, "cancel")}, {post, at(id, "void", "again")}, {post, requests + "/"},
		{get, at(id) + "/"}, {post, at(id, "void") + "/"}, {get, "//api/payment-requests/" + id}, {get, requests + "//" + id},
		{get, requests + "/../payment-requests/" + id}, {get, requests + "/./" + id}, {get, "/api/../sandbox/requests"},
		{http.MethodOptions, requests}, {post, at(id, "conditions", "1", "maybe")}, {get, "/sandboxes"}, {get, "/pay"}, {http.MethodTrace, at(id)},
	} {
		r.refused(404, "Not Found", c[0], c[1], nil)
	}
	r.wantStatus(id, api.StatusNew, "")
}

// Whoever calls with nonsense, ten thousand times, leaves nothing behind in memory: no
// path, key, body or form that was never good is remembered.
func TestHostileCallsAreNotRemembered(t *testing.T) {
	r := newRig(t, sandbox.WithRateLimit(0))
	id := r.create(nil).ID
	huge := `{"configId":"` + strings.Repeat("x", 2<<20) + `"}`
	deep := strings.Repeat(`{"a":`, 50_000)
	round := func(n int) {
		odd := fmt.Sprintf("%04d-%s", n, strings.Repeat("é", 50))
		for _, c := range [][3]string{
			{get, at(escapePath(odd)), ""}, {get, "/" + escapePath(odd), ""}, {get, at("short-code", escapePath(odd)), ""},
			{get, at("external-ref", escapePath(odd)) + "?merchantAccountId=" + escapePath(odd), ""}, {get, "/pay/" + escapePath(odd), ""},
			{get, "/connect/" + escapePath(odd) + "/version", ""}, {get, "/auth/authorize?client_id=" + escapePath(odd), ""},
			{post, requests, `{"configId":"` + odd}, {post, requests, odd}, {post, requests, `{"configId":"` + odd + `"}`},
			{post, at(id, "pay"), `{"assetType":"` + odd + `","idempotencyKey":"` + odd + `"}`}, {post, at(id, "conditions", escapePath(odd), "accept"), ""},
			{post, "/api/requests.create?merchantId=" + escapePath(odd), ""}, {post, "/sandbox/faults", `{"spec":"` + odd + `"}`},
			{post, "/api/decode", `{"code":"` + odd + `"}`}, {"BREW", "/api/" + escapePath(odd), odd},
		} {
			if w := r.call(c[0], c[1], c[2]); w.Code < 400 || w.Code > 404 {
				t.Fatalf("%s %s: %d %s", c[0], c[1], w.Code, w.Body)
			}
		}
		r.as(odd).refused(401, "Missing authentication", get, at(id), nil)
		if n%50 == 0 {
			r.call(post, requests, huge)
			r.call(post, requests, deep)
		}
	}
	round(0) // what is made once, such as the pages' templates
	before := heapInUse()
	const rounds = 600
	for n := range rounds {
		round(n + 1)
	}
	if more := heapInUse() - before; more > 512<<10 {
		t.Errorf("%d KiB are kept of nonsense", more>>10)
	}
}

// Values in a path are values, whatever they look like.
func TestOddPathValues(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, id := range []string{"..%2F..%2Fetc%2Fpasswd", "%00", "%2e%2e", "short-code", "a%20b", strings.Repeat("x", 10_000), "%E2%98%95", "'%20OR%201=1"} {
		r.refused(403, "Forbidden", get, at(id), nil)
		r.refused(403, "Forbidden", post, at(id, "void"), nil)
	}
	for _, ref := range []string{"a/b", "../x", "Café №5", "50%", "a?b#c", ".."} {
		p := r.create(m{"externalRef": ref})
		if page := r.listed(escapePath(ref), ""); len(page.Items) != 1 || page.Items[0].ID != p.ID {
			t.Errorf("reference %q lists %+v", ref, page.Items)
		}
	}
}

func escapePath(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		_, _ = fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

func TestNumbersComeInBothForms(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, body := range []string{
		`{"configId":"sandboxConfigCafe","value":{"amount":1250,"currency":"NZD"},"expirySeconds":90,"barcode":424242424}`,
		`{"configId":"mc_sandboxConfigCafe","value":{"amount":"1250","currency":"NZD"},"expirySeconds":"90","brandNew":{"a":[1]}}`,
	} {
		p := ok[api.PaymentRequest](r, post, requests, body)
		if p.Value.Amount != "1250" || p.ExpirySeconds != 90 || p.ExpiresAt.Time() != start.Add(90*time.Second) {
			t.Errorf("%s made %+v", body, p)
		}
	}
}

// A client that sends its call byte by byte, or never ends it, keeps nobody else
// waiting.
func TestSlowClientsBlockNobody(t *testing.T) {
	t.Parallel()
	server := listen(t)
	const slow = 50
	for range slow {
		in, out := io.Pipe()
		req, err := http.NewRequestWithContext(t.Context(), post, server.URL()+requests, in)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Api-Key", sandbox.DemoAPIKey)
		req.Header.Set("Content-Type", "application/json")
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			if resp, err := client.Do(req); err == nil {
				_ = resp.Body.Close()
			}
		}()
		if _, err := out.Write([]byte(`{"configId":"`)); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = out.CloseWithError(io.ErrUnexpectedEOF)
			<-ended
		})
	}
	began := time.Now()
	if a := callOver(t, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, post, server.URL()+requests, createJSON); !isWhole(a) {
		t.Errorf("answered %+v", a)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("a call behind %d slow ones took %v", slow, took)
	}
}

func FuzzCreate(f *testing.F) {
	seeds, err := filepath.Glob(filepath.Join("testdata", "fixtures", "*-create.request.json"))
	if err != nil || len(seeds) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range seeds {
		content, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		var fixture struct{ Body json.RawMessage }
		if err := json.Unmarshal(content, &fixture); err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(fixture.Body))
	}
	for _, seed := range []string{
		createJSON, `{}`, `{"value":{"amount":"1.2.3"}}`, `{"expirySeconds":"1e3","value":{"amount":"-0","currency":"NZD"},"configId":"sandboxConfigCafe"}`,
		`{"configId":"sandboxConfigCafe","value":{"amount":"5","currency":"NZD"},"lineItems":[{"name":"a","qty":".","price":"5."}]}`,
		`{"configId":"sandboxConfigCafe","value":{"amount":"5","currency":"NZD"},"barcode":9990001234567895,"partialAllowed":true,"basketAmount":5}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r := newRig(t, sandbox.WithPatron(sandbox.Automatic(time.Second)))
		w := r.call(post, requests, string(body))
		if w.Code != 200 {
			var refusal api.ErrorBody
			if err := json.Unmarshal(w.Body.Bytes(), &refusal); err != nil || refusal.Message == "" || w.Code != 400 && w.Code != 403 {
				t.Fatalf("refused with %d %s", w.Code, w.Body)
			}
			return
		}
		var p api.PaymentRequest
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		amount := p.Value.Amount.Decimal()
		if !amount.IsInteger() || !amount.IsPositive() || p.Value.Amount.String() != amount.String() || p.Status != api.StatusNew || p.ID == "" {
			t.Errorf("%s made %+v", body, p)
		}
		r.get(p.ID)
		r.clock.advance(25 * time.Hour)
		if got := r.get(p.ID); !got.Status.IsFinal() {
			t.Errorf("%s is %s after a day", body, got.Status)
		}
	})
}
