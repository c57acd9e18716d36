package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// unsaidHold is how long calls are held after a 429 without a Retry-After, and
// strangersHold the most after one without a message of the service: it may be a
// captive portal's, which must not keep a void from trying.
const (
	unsaidHold    = time.Second
	strangersHold = 5 * time.Second
)

// limitHandler makes an attempt wait for its turn and holds all calls when the
// service asks for it.
type limitHandler struct {
	next    handler
	limiter *Limiter
}

func (h *limitHandler) do(ctx context.Context, k *call) (reply, error) {
	if err := h.limiter.Wait(ctx, k.options.urgent); err != nil {
		return reply{}, h.noTurn(k, err)
	}
	r, err := h.next.do(ctx, k)
	if e, ok := errors.AsType[*Error](err); ok {
		if d := holdFor(e); d > 0 {
			h.limiter.hold(d, e)
		}
	}
	return r, err
}

// noTurn is the error of a call that was not sent because it had no turn in time.
// When an answer of the service holds it, it is that answer's status and code.
func (h *limitHandler) noTurn(k *call, err error) *Error {
	e := k.fail(NotSent, reply{}, fmt.Errorf("wait for a turn under the rate limit: %w", inWords(err)))
	e.RetryAfter = h.limiter.Held()
	held := errors.Is(err, errHeldTooLong)
	if held || errors.Is(err, errNoTurn) {
		e.Code = CodeRateLimitExceeded
	}
	if by := h.limiter.heldBy(); held && by != nil {
		e.Status, e.Message, e.Reason, e.RequestID = by.Status, by.Message, by.Reason, by.RequestID
		if by.Code != "" {
			e.Code = by.Code
		}
	}
	return e
}

// holdFor tells how long an answer holds all calls. Beside 429 only a 503 that
// is the service's own does: a portal's 503 must not keep a void from trying.
func holdFor(e *Error) time.Duration {
	switch {
	case e.Status == http.StatusTooManyRequests && e.RetryAfter == 0:
		return unsaidHold
	case e.Status == http.StatusTooManyRequests && e.Message == "":
		return min(e.RetryAfter, strangersHold)
	case e.Status == http.StatusTooManyRequests,
		e.Status == http.StatusServiceUnavailable && e.Message != "":
		return e.RetryAfter
	default:
		return 0
	}
}
