package api

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// script answers each attempt with the next error, nil for success.
type script struct {
	errs  []error
	calls []time.Time
}

func (s *script) do(_ context.Context, _ *call) (reply, error) {
	s.calls = append(s.calls, time.Now())
	err := s.errs[min(len(s.calls), len(s.errs))-1]
	return reply{}, err
}

func noJitter(d time.Duration) time.Duration { return d }

func TestRetriesAreSpaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{errs: []error{&Error{}, &Error{}, &Error{}, nil}}
		h := &retryHandler{next: s, jitter: noJitter, policy: RetryPolicy{MaxAttempts: 5, MinDelay: time.Second, MaxDelay: time.Minute}}
		r, err := h.do(t.Context(), &call{method: http.MethodGet})
		if err != nil || r.meta.Attempts != 4 {
			t.Fatalf("got %v after %d attempts", err, r.meta.Attempts)
		}
		for i, want := range []time.Duration{0, time.Second, 2 * time.Second} {
			if got := s.calls[i+1].Sub(s.calls[i]); got != want {
				t.Errorf("waited %s before attempt %d, want %s", got, i+2, want)
			}
		}
	})
}

func TestARetryThatCouldOnlyComeTooLateIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{errs: []error{&Error{Status: 503, RetryAfter: time.Minute}}}
		h := &retryHandler{next: s, jitter: noJitter, policy: DefaultRetryPolicy()}
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		start := time.Now()
		_, err := h.do(ctx, &call{method: http.MethodGet})
		if OutcomeOf(err) != Unknown || time.Since(start) != 0 || len(s.calls) != 1 {
			t.Errorf("got %v after %s", err, time.Since(start))
		}
	})
}

func TestACallCancelledBetweenAttempts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{errs: []error{&Error{Status: 503, RetryAfter: time.Minute}}}
		h := &retryHandler{next: s, jitter: halfJitter, policy: DefaultRetryPolicy()}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		_, err := h.do(ctx, &call{method: http.MethodGet})
		var e *Error
		if !errors.As(err, &e) || !errors.Is(err, context.Canceled) || e.Status != 503 || time.Since(start) != time.Second {
			t.Errorf("got %v after %s", err, time.Since(start))
		}
	})
}

func TestAnAttemptThatMayHaveWorkedIsNotForgotten(t *testing.T) {
	t.Parallel()
	unknown, notSent, refused := &Error{Outcome: Unknown}, &Error{Outcome: NotSent, Err: errors.New("refused")}, &Error{Outcome: Refused}
	tests := []struct {
		name   string
		method string
		errs   []error
		want   Outcome
	}{
		{"lost, then not sent", http.MethodPost, []error{unknown, notSent, notSent}, Unknown},
		{"not sent", http.MethodPost, []error{notSent, notSent, notSent}, NotSent},
		{"lost, then refused for good", http.MethodPost, []error{unknown, &Error{Outcome: Refused, Status: 403, Code: CodeRefundNotSupported}}, Refused},
		{"lost, then refused", http.MethodPost, []error{unknown, refused}, Unknown},
		{"lost, then paid already", http.MethodPost, []error{unknown, &Error{Outcome: Refused, Status: 403, Code: CodeRequestPaid}}, Unknown},
		{"lost, then refunded already", http.MethodPost, []error{unknown, &Error{Outcome: Refused, Status: 403, Code: CodeAlreadyRefunded}}, Unknown},
		{"a reading that was lost, then refused", http.MethodGet, []error{unknown, refused}, Refused},
		{"lost, then turned away at the door", http.MethodPost, []error{unknown, &Error{Outcome: Refused, Status: 401}}, Unknown},
		{"lost, then forbidden", http.MethodPost, []error{unknown, &Error{Outcome: Refused, Status: 403, Code: CodeForbidden}}, Unknown},
		{"turned away at the door", http.MethodPost, []error{&Error{Outcome: Refused, Status: 401, Code: CodeUnauthorized}}, Refused},
		{"lost, then done", http.MethodPost, []error{unknown, nil}, Done},
		{"a reading that was lost, then not sent", http.MethodGet, []error{unknown, notSent, notSent}, NotSent},
	}
	for _, tt := range tests {
		h := &retryHandler{next: &script{errs: tt.errs}, jitter: noJitter, policy: RetryPolicy{MaxAttempts: 3}}
		_, err := h.do(t.Context(), &call{method: tt.method, replaySafe: true})
		if OutcomeOf(err) != tt.want {
			t.Errorf("%s: got %s: %v", tt.name, OutcomeOf(err), err)
		}
	}
}

func TestWithoutRetryMakesOneAttempt(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := newClientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		answering(500, "")(w, r)
	}))
	if err := get(c, WithoutRetry())(t.Context()); err == nil || calls.Load() != 1 {
		t.Errorf("got %v after %d calls", err, calls.Load())
	}
	if err := get(c)(t.Context()); err == nil || calls.Load() != 4 {
		t.Errorf("got %v after %d calls in all", err, calls.Load())
	}
}

func TestAPaymentWithAKeyIsRepeatedWithTheSameBody(t *testing.T) {
	t.Parallel()
	body := `{"assetType":"centrapay.nzd.main","assetId":"a","idempotencyKey":"k"}`
	path := "/api/payment-requests/" + testID + "/pay"
	c := newService(t,
		exchange{method: "POST", path: path, body: body, handle: reset},
		exchange{method: "POST", path: path, body: body, status: 500},
		exchange{method: "POST", path: path, body: body, reply: `{"type":"payment"}`},
	)
	_, meta, err := c.PaymentRequests.Pay(t.Context(), testID,
		PayPaymentRequest{AssetType: "centrapay.nzd.main", AssetID: "a", IdempotencyKey: "k"})
	if err != nil || meta.Attempts != 3 {
		t.Errorf("got %v after %d attempts", err, meta.Attempts)
	}
}

func TestJitterKeepsAtLeastHalf(t *testing.T) {
	t.Parallel()
	for range 1000 {
		if d := halfJitter(time.Second); d < time.Second/2 || d > time.Second {
			t.Fatalf("got %s", d)
		}
	}
	if halfJitter(0) != 0 || halfJitter(1) != 1 {
		t.Error("no delay became one")
	}
}
