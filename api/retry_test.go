package api

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestRetryTable(t *testing.T) {
	t.Parallel()
	policy := RetryPolicy{MaxAttempts: 4, MinDelay: time.Second, MaxDelay: 3 * time.Second}
	unknown := func(status int) *Error { return &Error{Outcome: Unknown, Status: status} }
	invalid := &Error{Outcome: NotSent, Err: &ValidationError{}}
	untrusted := &Error{Outcome: NotSent, Err: &tls.CertificateVerificationError{}}
	const (
		GET  = http.MethodGet
		POST = http.MethodPost
	)
	tests := []struct {
		name   string
		a      attempted
		again  bool
		wait   time.Duration
		reason string
	}{
		{"done", attempted{GET, false, 1, false, nil}, false, 0, "done"},
		{"refused", attempted{GET, false, 1, false, &Error{Outcome: Refused, Status: 403}}, false, 0, "said no"},
		{"refused, with a key", attempted{POST, true, 1, false, &Error{Outcome: Refused, Status: 403}}, false, 0, "said no"},
		{"not our error", attempted{GET, false, 1, false, errors.New("?")}, false, 0, "did not come from"},
		{"caller has gone", attempted{GET, false, 1, true, unknown(0)}, false, 0, "no longer waits"},
		{"caller has gone, nothing sent", attempted{POST, false, 1, true, &Error{Outcome: NotSent}}, false, 0, "no longer waits"},
		{"last attempt", attempted{GET, false, 4, false, unknown(500)}, false, 0, "often enough"},

		{"GET, no answer", attempted{GET, false, 1, false, unknown(0)}, true, 0, "reading changes nothing"},
		{"GET, again no answer", attempted{GET, false, 2, false, unknown(0)}, true, time.Second, "reading changes nothing"},
		{"GET, once more", attempted{GET, false, 3, false, unknown(0)}, true, 2 * time.Second, "reading changes nothing"},
		{"GET, 500", attempted{GET, false, 1, false, unknown(500)}, true, 0, "reading changes nothing"},
		{"GET, 502", attempted{GET, false, 1, false, unknown(502)}, true, 0, "reading changes nothing"},
		{"GET, 408", attempted{GET, false, 1, false, unknown(408)}, true, 0, "reading changes nothing"},
		{"GET, wrong shape", attempted{GET, false, 1, false, unknown(200)}, true, 0, "reading changes nothing"},
		{"GET, 503 with Retry-After", attempted{GET, false, 1, false, &Error{Status: 503, RetryAfter: 7 * time.Second}}, true, 7 * time.Second, "reading changes nothing"},

		{"POST, no answer", attempted{POST, false, 1, false, unknown(0)}, false, 0, "may have been carried out"},
		{"POST, 500", attempted{POST, false, 1, false, unknown(500)}, false, 0, "may have been carried out"},
		{"POST, 502", attempted{POST, false, 1, false, unknown(502)}, false, 0, "may have been carried out"},
		{"POST, 503 with Retry-After", attempted{POST, false, 1, false, &Error{Status: 503, RetryAfter: time.Second}}, false, 0, "may have been carried out"},
		{"POST, wrong shape", attempted{POST, false, 1, false, unknown(200)}, false, 0, "may have been carried out"},
		{"POST with a key, no answer", attempted{POST, true, 1, false, unknown(0)}, true, time.Second, "remembers its key"},
		{"POST with a key, 500", attempted{POST, true, 2, false, unknown(500)}, true, 2 * time.Second, "remembers its key"},
		{"POST with a key, most delay", attempted{POST, true, 3, false, unknown(500)}, true, 3 * time.Second, "remembers its key"},
		{"POST, nothing sent", attempted{POST, false, 1, false, &Error{Outcome: NotSent}}, true, 0, "nothing was sent"},
		{"POST, again nothing sent", attempted{POST, false, 2, false, &Error{Outcome: NotSent}}, true, time.Second, "nothing was sent"},
		{"GET, nothing sent", attempted{GET, false, 1, false, &Error{Outcome: NotSent}}, true, 0, "nothing was sent"},

		{"GET, 429", attempted{GET, false, 1, false, &Error{Outcome: NotSent, Status: 429, RetryAfter: time.Minute}}, true, 0, "the limiter holds it"},
		{"POST, 429", attempted{POST, false, 1, false, &Error{Outcome: NotSent, Status: 429}}, true, 0, "the limiter holds it"},
		{"429 for an hour", attempted{GET, false, 1, false, &Error{Outcome: NotSent, Status: 429, RetryAfter: time.Hour}}, false, 0, "longer wait"},

		{"redirected", attempted{GET, false, 1, false, unknown(302)}, false, 0, "redirected again"},
		{"too large", attempted{GET, false, 1, false, &Error{Status: 200, Err: errBodyTooLarge}}, false, 0, "too large again"},
		{"wrong certificate", attempted{POST, true, 1, false, untrusted}, false, 0, "not the service"},
		{"held too long", attempted{GET, false, 1, false, &Error{Outcome: NotSent, Err: errHeldTooLong}}, false, 0, "held again"},
		{"invalid", attempted{GET, false, 1, false, invalid}, false, 0, "invalid"},
		{"unconfirmed", attempted{POST, true, 1, false, &Error{Status: 403, Code: CodePaymentUnconfirmed}}, false, 0, "the service answered"},
	}
	for _, tt := range tests {
		v := policy.decide(tt.a)
		if v.again != tt.again || v.wait != tt.wait || !strings.Contains(v.reason, tt.reason) {
			t.Errorf("%s: got %+v", tt.name, v)
		}
	}
}

func TestACreateIsNeverSentTwice(t *testing.T) {
	t.Parallel()
	lost := []http.HandlerFunc{
		reset, answering(500, `{"message":"SERVER ERROR"}`), answering(502, "<html>"), answering(504, ""),
		answering(200, "<html>"), answering(200, "{}"), answering(408, `{"message":"Request Timeout"}`),
	}
	for i, handle := range lost {
		var calls atomic.Int32
		c := newClientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls.Add(1)
			handle(w, r)
		}))
		_, meta, err := c.PaymentRequests.Create(t.Context(), saleOf(func(*CreatePaymentRequest) {}))
		if OutcomeOf(err) != Unknown || calls.Load() != 1 || meta.Attempts != 1 {
			t.Errorf("%d: create got %s after %d calls: %v", i, OutcomeOf(err), calls.Load(), err)
		}
		if _, _, err := c.PaymentRequests.Void(t.Context(), testID); OutcomeOf(err) != Unknown || calls.Load() != 2 {
			t.Errorf("%d: void got %s after %d calls", i, OutcomeOf(err), calls.Load()-1)
		}
	}
}

func TestZeroDelaysAreTheDefault(t *testing.T) {
	t.Parallel()
	def := DefaultRetryPolicy()
	for _, tt := range []struct{ given, want RetryPolicy }{
		{RetryPolicy{MaxAttempts: 15}, RetryPolicy{15, def.MinDelay, def.MaxDelay}},
		{RetryPolicy{MaxAttempts: 2, MinDelay: time.Minute}, RetryPolicy{2, time.Minute, time.Minute}},
		{RetryPolicy{MaxAttempts: 2, MinDelay: time.Second}, RetryPolicy{2, time.Second, def.MaxDelay}},
		{RetryPolicy{MaxAttempts: 2, MaxDelay: time.Millisecond}, RetryPolicy{2, time.Millisecond, time.Millisecond}},
		{def, def},
	} {
		equal(t, fmt.Sprintf("%+v", tt.given), tt.given.withDefaults(), tt.want)
	}
}
