package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"centrapos/api/sandbox"
)

// Of several who renew with one refresh token at the same time, one succeeds.
func TestRefreshTokenIsGoodForOne(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	refresh := r.logIn(owner).Refresh
	var won atomic.Int32
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if r.renew(refresh).Code == http.StatusOK {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d of 16 were given tokens", won.Load())
	}
}

// An API key counts before a user token, and for its own account only.
func TestAPIKeyBesideUserToken(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	token := r.logIn(owner).Access
	for _, c := range []struct {
		key, token, account string
		status              int
	}{
		{sandbox.DemoAPIKey, "nonsense", "", 200},
		{sandbox.DemoAPIKey, "", "someone else's", 200},
		{"wrong", token, "", 401},
	} {
		req := httptest.NewRequestWithContext(t.Context(), get, at(id), nil)
		req.Header.Set("X-Api-Key", c.key)
		req.Header.Set("Authorization", c.token)
		req.Header.Set("X-Centrapay-Account", c.account)
		if w := r.send(req); w.Code != c.status {
			t.Errorf("%+v: %d %s", c, w.Code, w.Body)
		}
	}
}

// adminPaths are those that take forms.
var adminPaths = []string{
	"/api/requests.create", "/api/requests.info", "/api/requests.pay", "/api/requests.cancel", "/payments/api/requests.void",
	"/payments/api/transactions.refund", "/auth/authorize", "/auth/token", "/auth/revoke", "/auth/logout",
}

// FuzzForms sends what it likes as a form and as a query to all that takes forms: no
// answer is a fault of the service, and no page holds what was sent as it is.
func FuzzForms(f *testing.F) {
	f.Add("amount=1020&asset=NZD&merchantId=" + sandbox.DemoMerchantID + "&notifyUrl=http%3A%2F%2F127.0.0.1%3A1%2F")
	f.Add("requestId=x&ledger=centrapay.nzd.test&authorization=y&transactionId=z&amount=1e9")
	f.Add(authorization(nil).Encode() + "&user=mere")
	f.Add(authorization(m{"redirect_uri": "http://[::1%25eth0]:1/", "state": `"><script>`}).Encode())
	f.Add("grant_type=refresh_token&refresh_token=x&client_id=" + sandbox.DemoClientID + "&token=eyJhbGciOiJub25lIn0..")
	f.Add("%zz=;&&==")
	svc, err := sandbox.New(sandbox.WithRateLimit(0), sandbox.WithWebhookTransport(&receiver{}))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(svc.Close)
	f.Fuzz(func(t *testing.T, form string) {
		for _, path := range adminPaths {
			for _, method := range []string{get, post} {
				req := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(form))
				req.URL.RawQuery = form
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				req.Header.Set("X-Api-Key", sandbox.DemoAPIKey)
				w := httptest.NewRecorder()
				svc.ServeHTTP(w, req)
				if w.Code >= http.StatusInternalServerError || strings.Contains(w.Body.String(), "<script") {
					t.Errorf("%s %s with %q: %d %s", method, path, form, w.Code, w.Body)
				}
			}
		}
	})
}
