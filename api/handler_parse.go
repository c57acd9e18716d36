package api

import "context"

// parseHandler decodes the body of a success. A body that is not what the call
// is documented to answer says nothing about what the service did: unknown.
type parseHandler struct{ next handler }

func (h *parseHandler) do(ctx context.Context, k *call) (reply, error) {
	r, err := h.next.do(ctx, k)
	if err != nil {
		return r, err
	}
	if err := k.decode(r.body); err != nil {
		return r, k.fail(Unknown, r, unreadable("the answer is not what it should be", err))
	}
	return r, nil
}
