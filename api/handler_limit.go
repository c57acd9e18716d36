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
		e := k.fail(NotSent, reply{}, fmt.Errorf("wait for a turn under the rate limit: %w", err))
		e.RetryAfter = h.limiter.Held()
		return reply{}, e
	}
	r, err := h.next.do(ctx, k)
	if e, ok := errors.AsType[*Error](err); ok {
		if d := holdFor(e); d > 0 {
			h.limiter.Hold(d)
		}
	}
	return r, err
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
