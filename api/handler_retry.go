package api

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"
)

// retryHandler attempts a call again where that can do no harm.
type retryHandler struct {
	next   handler
	policy RetryPolicy
	// jitter keeps many tills from knocking at the same moment after an outage.
	jitter func(time.Duration) time.Duration
}

// halfJitter returns between half of d and d.
func halfJitter(d time.Duration) time.Duration {
	if d <= 1 {
		return d
	}
	return d/2 + rand.N(d/2)
}

func (h *retryHandler) do(ctx context.Context, k *call) (reply, error) {
	policy := h.policy
	if k.options.noRetry {
		policy.MaxAttempts = 1
	}
	lost := false
	for k.attempt = 1; ; k.attempt++ {
		r, err := h.next.do(ctx, k)
		r.meta.Attempts = k.attempt
		v := policy.decide(attempted{
			method: k.method, replaySafe: k.replaySafe,
			number: k.attempt, ended: ctx.Err() != nil, err: err,
		})
		lost = lost || OutcomeOf(err) == Unknown && k.method != http.MethodGet
		if !v.again {
			return r, settle(err, lost)
		}
		if gaveUp := h.pause(ctx, v.wait, err); gaveUp != nil {
			return r, settle(gaveUp, lost)
		}
	}
}

// pause waits before the next attempt. It returns the last attempt's error when
// the caller's time ends first, at once when it certainly will.
func (h *retryHandler) pause(ctx context.Context, wait time.Duration, last error) error {
	e, ok := errors.AsType[*Error](last)
	if wait <= 0 || !ok {
		return nil
	}
	wait = max(h.jitter(wait), min(e.RetryAfter, wait))
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
		return last
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		ended := *e
		ended.Err = fmt.Errorf("%w, while waiting to try again after: %w", ctx.Err(), last)
		return &ended
	}
}

// settle keeps the outcome of a call honest over its attempts: when an earlier
// one may have been carried out, a later one that was not sent, or was turned away
// at the door, changes nothing.
func settle(err error, lost bool) error {
	e, ok := errors.AsType[*Error](err)
	if !lost || !ok || e.Outcome != NotSent && !e.atTheDoor() {
		return err
	}
	settled := *e
	settled.Outcome = Unknown
	settled.Err = fmt.Errorf("an earlier attempt may have been carried out; the last one: %w", err)
	return &settled
}

// atTheDoor reports whether a refusal came before the service looked at the call
// itself, so that it says nothing of an earlier attempt with the same key.
func (e *Error) atTheDoor() bool {
	return e.Outcome == Refused && (e.Code == CodeUnauthorized || e.Code == CodeForbidden || e.Status == http.StatusUnauthorized)
}
