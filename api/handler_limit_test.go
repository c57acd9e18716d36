package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestRetryAfterHoldsAllCallsOfTheCredential(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var calls []time.Time
		c, end := inBubble(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls = append(calls, time.Now())
			if len(calls) == 1 {
				answering(429, `{"message":"RATE_LIMIT_EXCEEDED"}`, "Retry-After", "7")(w, r)
				return
			}
			answering(200, paymentRequestJSON(testID, "new"))(w, r)
		}))
		defer end()
		start := time.Now()

		err := get(c, WithoutRetry(), Urgent())(t.Context())
		var e *Error
		if !errors.As(err, &e) || e.Outcome != NotSent || e.RetryAfter != 7*time.Second || e.Status != 429 {
			t.Fatalf("got %v", err)
		}
		if err := get(c, WithoutRetry(), Urgent())(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := time.Since(start); got != 7*time.Second {
			t.Errorf("the next call went after %s, want 7s", got)
		}
	})
}

func TestA429IsRetriedWhenItsTimeHasCome(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		c, end := inBubble(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls++
			if calls < 3 {
				answering(429, `{"message":"RATE LIMIT EXCEEDED"}`, "Retry-After", "20")(w, r)
				return
			}
			answering(200, paymentRequestJSON("new-one", "new"))(w, r)
		}))
		defer end()
		start := time.Now()
		_, meta, err := c.PaymentRequests.Create(t.Context(), saleOf(func(*CreatePaymentRequest) {}))
		if err != nil || meta.Attempts != 3 || time.Since(start) != 40*time.Second {
			t.Errorf("got %v after %d attempts and %s", err, meta.Attempts, time.Since(start))
		}
	})
}

func TestACallThatWouldWaitTooLongIsNotSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, end := inBubble(t, answering(429, `{"message":"RATE_LIMIT_EXCEEDED"}`, "Retry-After", "60"))
		defer end()
		_ = get(c, WithoutRetry())(t.Context())
		ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
		defer cancel()
		start := time.Now()
		_, meta, err := c.PaymentRequests.Get(ctx, testID)
		var e *Error
		if !errors.As(err, &e) || e.Outcome != NotSent || e.RetryAfter != time.Minute || e.Status != 429 || e.Code != CodeRateLimitExceeded {
			t.Errorf("got %v", err)
		}
		if time.Since(start) != 0 || !meta.SentAt.IsZero() || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waited %s, sent at %v: %v", time.Since(start), meta.SentAt, err)
		}
	})
}

// Whatever holds a call back is what its error says: never only that time ran out.
func TestACallThatHasNoTurnSaysWhy(t *testing.T) {
	t.Parallel()
	const busy = `{"message":"RATE_LIMIT_EXCEEDED","reason":"200 a minute"}`
	for name, tt := range map[string]struct {
		first  http.HandlerFunc // answers the first call
		cancel bool
		status int
		code   Code
		detail string
	}{
		"held by a 429":         {first: answering(429, busy, "Retry-After", "300"), status: 429, code: CodeRateLimitExceeded, detail: "200 a minute"},
		"held by a bare 429":    {first: answering(429, "", "Retry-After", "300"), status: 429, code: CodeRateLimitExceeded},
		"held by a 503":         {first: answering(503, `{"message":"SERVER ERROR"}`, "Retry-After", "300"), status: 503, code: CodeServerError},
		"held, and given up":    {first: answering(429, busy, "Retry-After", "300"), cancel: true},
		"too many of our own":   {first: answering(200, paymentRequestJSON(testID, "new")), code: CodeRateLimitExceeded},
		"our own, and given up": {first: answering(200, paymentRequestJSON(testID, "new")), cancel: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				c, end := inBubble(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					calls++
					tt.first(w, r)
				}), WithLimiter(NewLimiter(2))) // one at once, the next after a minute
				defer end()
				_ = get(c, WithoutRetry())(t.Context())
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				if tt.cancel {
					ctx, cancel = context.WithCancel(t.Context())
					time.AfterFunc(time.Second, cancel)
				}
				_, meta, err := c.PaymentRequests.Refund(ctx, testID, RefundPaymentRequest{
					Value: Monetary{Amount: "100", Currency: "NZD"}, ExternalRef: "r-1"})
				e, ok := errors.AsType[*Error](err)
				if !ok || e.Outcome != NotSent || e.Status != tt.status || e.Code != tt.code || e.Detail() != tt.detail {
					t.Errorf("got %v: %+v", err, e)
				}
				if want := context.DeadlineExceeded; !tt.cancel && !errors.Is(err, want) || tt.cancel && !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
				if calls != 1 || !meta.SentAt.IsZero() {
					t.Errorf("%d calls arrived", calls)
				}
			})
		})
	}
}

// A lost attempt stays lost, though the next one was turned away for long.
func TestALostAttemptBeforeALongHoldIsUnknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		c, end := inBubble(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if calls++; calls == 1 {
				answering(502, "")(w, r)
				return
			}
			answering(429, `{"message":"RATE_LIMIT_EXCEEDED"}`, "Retry-After", "300")(w, r)
		}))
		defer end()
		start := time.Now()
		_, _, err := c.PaymentRequests.Refund(t.Context(), testID, RefundPaymentRequest{
			Value: Monetary{Amount: "100", Currency: "NZD"}, ExternalRef: "r-1"})
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Outcome != Unknown || e.Status != 429 || e.Code != CodeRateLimitExceeded || e.RetryAfter != 300*time.Second {
			t.Errorf("got %v: %+v", err, e)
		}
		if calls != 2 || time.Since(start) > time.Minute {
			t.Errorf("%d calls in %s", calls, time.Since(start))
		}
	})
}

func TestHowLongAnAnswerHoldsAllCalls(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		e    Error
		want time.Duration
	}{
		"429 that says how long":          {Error{Status: 429, RetryAfter: time.Minute, Message: "RATE_LIMIT_EXCEEDED"}, time.Minute},
		"429 of a portal":                 {Error{Status: 429, RetryAfter: time.Minute}, 5 * time.Second},
		"429 that does not":               {Error{Status: 429}, time.Second},
		"503 of the service":              {Error{Status: 503, RetryAfter: time.Minute, Message: "SERVER ERROR"}, time.Minute},
		"503 of a portal":                 {Error{Status: 503, RetryAfter: time.Minute}, 0},
		"403 with a header it should not": {Error{Status: 403, RetryAfter: time.Minute, Message: "Forbidden"}, 0},
		"no answer":                       {Error{}, 0},
	}
	for name, tt := range tests {
		if got := holdFor(&tt.e); got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}

func TestClientsOfOneCredentialShareALimiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shared := NewLimiter(DefaultCallsPerMinute)
		busy, endBusy := inBubble(t, answering(429, "", "Retry-After", "5"), WithLimiter(shared))
		defer endBusy()
		other, endOther := inBubble(t, answering(200, paymentRequestJSON(testID, "new")), WithLimiter(shared))
		defer endOther()
		start := time.Now()
		_ = get(busy, WithoutRetry())(t.Context())
		if err := get(other)(t.Context()); err != nil || time.Since(start) != 5*time.Second {
			t.Errorf("got %v after %s", err, time.Since(start))
		}
	})
}

func TestAnUrgentCallOvertakesWaitingOnes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var served []string
		c, end := inBubble(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			served = append(served, r.Method)
			answering(200, `{"type":"cancellation","items":[]}`)(w, r)
		}), WithLimiter(NewLimiter(10))) // 1 at once, then one in 6.7 s
		defer end()
		var wg sync.WaitGroup
		report := func() {
			wg.Go(func() {
				if _, _, err := c.PaymentRequests.Activities(t.Context(), testID); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		report() // takes the turn that is there
		report()
		report()
		if _, _, err := c.PaymentRequests.Void(t.Context(), testID, Urgent()); err != nil {
			t.Error(err)
		}
		wg.Wait()
		if want := []string{"GET", "POST", "GET", "GET"}; !slices.Equal(served, want) {
			t.Errorf("served %v, want %v", served, want)
		}
	})
}
