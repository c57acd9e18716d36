package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// renewHandler makes one more attempt, with another token, where the service
// refused the token: it was revoked, or ended by the service's clock but not by
// ours. It stands inside the retryHandler, whose count of attempts it shares.
type renewHandler struct {
	next   handler
	tokens TokenSource
	// most is how many attempts a call may have.
	most int
}

func (h *renewHandler) do(ctx context.Context, k *call) (reply, error) {
	r, err := h.next.do(ctx, k)
	source, ok := h.tokens.(TokenExpirer)
	e, isError := errors.AsType[*Error](err)
	if !ok || !isError || e.Outcome != Refused || e.Status != http.StatusUnauthorized || !k.used.isSet() {
		return r, err
	}
	refused := k.used.reveal()
	source.Expire(refused)
	if k.options.noRetry || k.attempt >= h.most {
		return r, err
	}
	wait, cancel := context.WithTimeout(ctx, tokenPatience)
	defer cancel()
	token, tokenErr := source.Token(wait)
	switch {
	case errors.Is(tokenErr, ErrLoginRequired):
		needsLogin := *e
		needsLogin.Code = CodeLoginRequired
		needsLogin.Err = fmt.Errorf("renew the user's access token: %w", tokenErr)
		return r, &needsLogin
	case tokenErr != nil, token == refused, ctx.Err() != nil:
		return r, err
	}
	k.attempt++
	return h.next.do(ctx, k)
}
