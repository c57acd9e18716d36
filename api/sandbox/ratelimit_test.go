package sandbox_test

import (
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

func TestRateLimitOf200AMinuteForEachAccount(t *testing.T) {
	t.Parallel()
	other := otherMerchant()
	r := newRig(t, sandbox.WithRateLimit(sandbox.DefaultCallsPerMinute), sandbox.WithMerchants(sandbox.Demo(), other),
		sandbox.WithKeys(sandbox.Key{Secret: "second", Name: "Second", AccountID: sandbox.DemoMerchantAccountID, Role: sandbox.RoleMerchantTerminal}))
	id := r.create(nil).ID
	for range 150 {
		r.get(id)
	}
	r.clock.advance(20 * time.Second)
	for range 49 {
		r.as("second").get(id) // one account, whichever its key
	}
	r.clock.advance(17500 * time.Millisecond)
	w := r.call(get, at(id), nil)
	if w.Code != 429 || w.Header().Get("Retry-After") != "23" {
		t.Errorf("the call after 200: %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	r.as("other-key").get(id)
	ok[api.PaymentRequest](r.as(""), get, at(id, "summary"), nil)
	r.clock.advance(22 * time.Second)
	if w := r.call(get, at(id), nil); w.Code != 429 || w.Header().Get("Retry-After") != "1" {
		t.Errorf("a little before the end: %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	r.clock.advance(time.Second)
	r.get(id)
}

// A refused call has no effect.
func TestRateLimitedVoidVoidsNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.WithRateLimit(1))
	id := r.create(nil).ID
	if w := r.call(post, at(id, "void"), nil); w.Code != 429 {
		t.Errorf("void answered %d", w.Code)
	}
	r.clock.advance(time.Minute)
	r.wantStatus(id, api.StatusNew, "")
}
