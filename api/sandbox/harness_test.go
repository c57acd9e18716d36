package sandbox_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"centrapos/api"
	"centrapos/api/sandbox"
)

func TestMain(m *testing.M) {
	if dir := inChild(); dir != "" {
		createUntilKilled(dir)
		return
	}
	if err := longHistories(); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// clock is a time that only the test moves.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

var start = time.Date(2026, 8, 1, 9, 30, 0, 0, time.UTC)

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// rig is a sandbox without a network and with a clock of its own.
type rig struct {
	testing.TB
	svc   *sandbox.Service
	clock *clock
	key   string
}

func newRig(t testing.TB, opts ...sandbox.Option) *rig {
	t.Helper()
	c := &clock{t: start}
	base := []sandbox.Option{sandbox.WithClock(c.now), sandbox.WithSeed(1), sandbox.WithRateLimit(0)}
	svc, err := sandbox.New(append(base, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(svc.Close)
	return &rig{TB: t, svc: svc, clock: c, key: sandbox.DemoAPIKey}
}

// as is the same sandbox called with another key.
func (r *rig) as(key string) *rig {
	other := *r
	other.key = key
	return &other
}

// send makes a call as it stands.
func (r *rig) send(req *http.Request) *httptest.ResponseRecorder {
	r.Helper()
	w := httptest.NewRecorder()
	r.svc.ServeHTTP(w, req)
	return w
}

// call sends body as JSON, or none when it is nil; text is sent as it is.
func (r *rig) call(method, path string, body any) *httptest.ResponseRecorder {
	r.Helper()
	var content io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			r.Fatal(err)
		}
		content = strings.NewReader(string(text))
	}
	req := httptest.NewRequestWithContext(r.Context(), method, path, content)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.key != "" {
		req.Header.Set("X-Api-Key", r.key)
	}
	return r.send(req)
}

// ok makes a call that must succeed and decodes its answer.
func ok[T any](r *rig, method, path string, body any) T {
	r.Helper()
	w := r.call(method, path, body)
	if w.Code != http.StatusOK {
		r.Fatalf("%s %s: got %d %s", method, path, w.Code, w.Body)
	}
	var out T
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		r.Fatalf("%s %s: %v in %s", method, path, err, w.Body)
	}
	return out
}

// refused makes a call that must be refused with a status and a message.
func (r *rig) refused(status int, message, method, path string, body any) {
	r.Helper()
	w := r.call(method, path, body)
	var got api.ErrorBody
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		r.Fatalf("%s %s: %d with the body %q", method, path, w.Code, w.Body)
	}
	if w.Code != status || got.Message != message || int(got.StatusCode) != status {
		r.Errorf("%s %s: got %d %s, want %d %s", method, path, w.Code, w.Body, status, message)
	}
}

const requests = "/api/payment-requests"

func at(id string, rest ...string) string {
	return requests + "/" + strings.Join(append([]string{id}, rest...), "/")
}

// m is a JSON object.
type m map[string]any

// with is a JSON object with other fields; nil takes one out.
func (o m) with(more m) m {
	out := maps.Clone(o)
	for k, v := range more {
		if v == nil {
			delete(out, k)
			continue
		}
		out[k] = v
	}
	return out
}

// coffee is the body of a create call.
func coffee() m {
	return m{"configId": sandbox.DemoConfigID, "value": nzd("1250"), "externalRef": "T1-0042", "conditionsEnabled": true}
}

// otherMerchant is beside the demonstration one, with a key of its own.
func otherMerchant() sandbox.Merchant {
	other := sandbox.Demo()
	other.ID, other.AccountID, other.ConfigID, other.APIKey = "other", "otherAccount", "mc_other", "other-key"
	other.Configs = nil
	return other
}

func nzd(cents string) m { return m{"amount": cents, "currency": "NZD"} }

func (r *rig) create(more m) api.PaymentRequest {
	r.Helper()
	return ok[api.PaymentRequest](r, http.MethodPost, requests, coffee().with(more))
}

func (r *rig) get(id string) api.PaymentRequest {
	r.Helper()
	return ok[api.PaymentRequest](r, http.MethodGet, at(id), nil)
}

func (r *rig) void(id string) api.PaymentActivity {
	r.Helper()
	return ok[api.PaymentActivity](r, http.MethodPost, at(id, "void"), nil)
}

// payBody pays in full from the first customer's wallet.
func payBody(key string) m {
	return m{
		"assetType": "centrapay.nzd.test", "assetId": sandbox.WalletOf("centrapay.nzd.test"), "idempotencyKey": key,
	}
}

func (r *rig) pay(id string, more m) api.PaymentActivity {
	r.Helper()
	return ok[api.PaymentActivity](r, http.MethodPost, at(id, "pay"), payBody("k1").with(more))
}

// history is the types of a request's activities, oldest first.
func (r *rig) history(id string) []api.ActivityType {
	r.Helper()
	page := ok[api.Page[api.PaymentActivity]](r, http.MethodGet, at(id, "activities"), nil)
	var types []api.ActivityType
	for i, a := range slices.Backward(page.Items) {
		if want := api.BigNumberFromInt(int64(len(page.Items) - i)); a.ActivityNumber != want {
			r.Errorf("activity %s has the number %s, want %s", a.Type, a.ActivityNumber, want)
		}
		types = append(types, a.Type)
	}
	return types
}

func (r *rig) wantHistory(id string, want ...api.ActivityType) {
	r.Helper()
	if got := r.history(id); !slices.Equal(got, want) {
		r.Errorf("history %v, want %v", got, want)
	}
}

func (r *rig) wantStatus(id string, status api.Status, reason api.CancellationReason) {
	r.Helper()
	if got := r.get(id); got.Status != status || got.CancellationReason != reason {
		r.Errorf("status %s %s, want %s %s", got.Status, got.CancellationReason, status, reason)
	}
}

func escape(text string) string { return url.QueryEscape(text) }
