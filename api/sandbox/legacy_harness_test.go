package sandbox_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"centrapos/api"
	"centrapos/api/legacy"
	"centrapos/api/sandbox"
)

// form says how the calls of one edition are sent.
type form struct {
	base  string
	query bool
}

var (
	firstForm = form{base: "/api/"}
	todayForm = form{base: "/payments/api/", query: true}
)

// legacyCall sends a call of the first generation.
func (r *rig) legacyCall(f form, method, name string, params m) *httptest.ResponseRecorder {
	r.Helper()
	values := url.Values{}
	for k, v := range params {
		values.Set(k, v.(string))
	}
	target, body := f.base+name, values.Encode()
	if f.query {
		target, body = target+"?"+body, ""
	}
	req := httptest.NewRequestWithContext(r.Context(), method, target, strings.NewReader(body))
	if !f.query {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if r.key != "" {
		req.Header.Set("X-Api-Key", r.key)
	}
	return r.send(req)
}

func legacyOK[T any](r *rig, f form, method, name string, params m) T {
	r.Helper()
	w := r.legacyCall(f, method, name, params)
	var out T
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusOK {
		r.Fatalf("%s%s: %v %d %s", f.base, name, err, w.Code, w.Body)
	}
	return out
}

func (r *rig) legacyRefused(f form, status int, message, method, name string, params m) {
	r.Helper()
	w := r.legacyCall(f, method, name, params)
	var got api.ErrorBody
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != status || got.Message != message {
		r.Errorf("%s%s %v: got %d %s, want %d %s", f.base, name, params, w.Code, w.Body, status, message)
	}
}

func bike(more m) m {
	return m{"asset": "NZD", "amount": "1020", "merchantId": sandbox.DemoMerchantID}.with(more)
}

func (r *rig) legacyCreate(f form, more m) legacy.Request {
	r.Helper()
	return legacyOK[legacy.Request](r, f, post, "requests.create", bike(more))
}

func (r *rig) info(id string) legacy.Request {
	r.Helper()
	return legacyOK[legacy.Request](r, todayForm, get, "requests.info", m{"requestId": id})
}

// paidLegacy is a request that its customer has paid, and the transaction.
func (r *rig) paidLegacy(more m) (id, transaction string) {
	r.Helper()
	id = r.legacyCreate(todayForm, more).ID
	r.must(r.svc.Pay(id, sandbox.PayOptions{}))
	return id, r.info(id).PaidBy.TransactionID
}

func about(id string) m { return m{"requestId": id} }

func (r *rig) refundLegacy(transaction, amount string, more m) *httptest.ResponseRecorder {
	r.Helper()
	return r.legacyCall(todayForm, post, "transactions.refund", m{"transactionId": transaction, "amount": amount}.with(more))
}

func testWallet() string { return sandbox.WalletOf("centrapay.nzd.test") }

// legacyClient is a client of an edition against a sandbox on the network.
func legacyClient(t testing.TB, base string, opts []api.Option, edition ...legacy.Option) *legacy.Client {
	t.Helper()
	client, err := api.New(base, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return legacy.New(client, edition...)
}
