package api

import (
	"context"
	"errors"
	"strings"
)

// redactHandler takes the credential out of errors, in case that whatever
// answered repeated it: debug pages of proxies do.
type redactHandler struct {
	next handler
	key  secret
}

func (h *redactHandler) do(ctx context.Context, k *call) (reply, error) {
	r, err := h.next.do(ctx, k)
	if e, ok := errors.AsType[*Error](err); ok {
		e.Message = h.key.scrub(e.Message)
		e.Reason = h.key.scrub(e.Reason)
		e.RequestID = h.key.scrub(e.RequestID)
		e.Code = Code(h.key.scrub(string(e.Code)))
		if e.Err != nil && h.key.isSet() && strings.Contains(e.Err.Error(), h.key.reveal()) {
			e.Err = errors.New(h.key.scrub(e.Err.Error()))
		}
	}
	r.meta.RequestID = h.key.scrub(r.meta.RequestID)
	return r, err
}
