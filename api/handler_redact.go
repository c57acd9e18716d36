package api

import (
	"context"
	"errors"
	"strings"
)

// redactHandler takes the credential out of errors, in case that whatever
// answered repeated it: debug pages of proxies do.
type redactHandler struct{ next handler }

func (h *redactHandler) do(ctx context.Context, k *call) (reply, error) {
	r, err := h.next.do(ctx, k)
	key := k.used
	if e, ok := errors.AsType[*Error](err); ok {
		e.Message = key.scrub(e.Message)
		e.Reason = key.scrub(e.Reason)
		e.RequestID = key.scrub(e.RequestID)
		e.Code = Code(key.scrub(string(e.Code)))
		if e.Err != nil && key.isSet() && strings.Contains(e.Err.Error(), key.reveal()) {
			e.Err = errors.New(key.scrub(e.Err.Error()))
		}
	}
	r.meta.RequestID = key.scrub(r.meta.RequestID)
	return r, err
}
