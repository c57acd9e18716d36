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
	var turnedAway error // by the service's own 429
	for k.attempt = 1; ; k.attempt++ {
		r, err := h.next.do(ctx, k)
		r.meta.Attempts = k.attempt
		err = turnedAwayRather(err, &turnedAway)
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
		ended.Err = fmt.Errorf("%w, while waiting to try again after: %w", inWords(ctx.Err()), last)
		return &ended
	}
}

// turnedAwayRather keeps a 429 from being hidden by the wait that it causes: a call
// that ends while it waits for its next turn ends with the answer it had.
func turnedAwayRather(err error, turnedAway *error) error {
	e, ok := errors.AsType[*Error](err)
	switch {
	case ok && e.Outcome == NotSent && *turnedAway != nil && (e.Status == 0 || errors.Is(err, errHeldTooLong)):
		return *turnedAway
	case ok && e.Status == http.StatusTooManyRequests:
		*turnedAway = err
	}
	return err
}

// settle keeps the outcome of a call honest over its attempts. When an earlier one
// may have been carried out, a later one that was not sent changes nothing; nor does
// one that was refused, unless the service would have refused the earlier one for
// the same reason.
func settle(err error, lost bool) error {
	e, ok := errors.AsType[*Error](err)
	if !lost || !ok || e.Outcome == Unknown || e.Outcome == Refused && e.refusedEveryTime() {
		return err
	}
	settled := *e
	settled.Outcome = Unknown
	settled.Err = fmt.Errorf("an earlier attempt may have been carried out; the last one: %w", err)
	return &settled
}

// refusedEveryTime reports whether the service says the same to every sending of
// the call: what it says rests on what was sent, or on what the thing is for good,
// and not on what an earlier sending may have changed. REQUEST_PAID and
// ALREADY_REFUNDED are what a call of ours that was carried out leads to; a missing
// permission comes before the service looks for the key. Free text says no such
// thing, whatever code stands for it.
func (e *Error) refusedEveryTime() bool {
	if e.Message != "" && CodeOf(e.Message) == "" {
		return false
	}
	switch e.Code {
	case CodeLineItemsSumCheckFailed, CodeChecksumFailed, CodeInvalidAssetType, CodeInvalidPaymentRequestType,
		CodePartialRefundsNotAllowed, CodeRefundNotSupported, CodeBadRequest, CodeNotFound:
		return true
	default:
		return false
	}
}
