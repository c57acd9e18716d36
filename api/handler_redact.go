package api

import (
	"context"
	"errors"
)

// redactHandler takes the credential out of errors, in case that whatever
// answered repeated it: debug pages of proxies do.
type redactHandler struct{ next handler }

func (h *redactHandler) do(ctx context.Context, k *call) (reply, error) {
	r, err := h.next.do(ctx, k)
	key := k.used
	if id := requestIDIn(r.header); id != "" {
		r.meta.RequestID = clip(key.scrub(id))
	}
	if e, ok := errors.AsType[*Error](err); ok {
		e.Message = key.scrub(e.Message)
		e.Reason = key.scrub(e.Reason)
		e.RequestID = r.meta.RequestID
		e.Code = Code(key.scrub(string(e.Code)))
		for i := range e.Quotas {
			e.Quotas[i].redact(key)
		}
		e.Err = key.scrubError(e.Err)
	}
	return r, err
}

// requestIDIn finds the whole id: a credential in it is found before it is clipped,
// not after, when it might be cut in two.
func requestIDIn(h map[string][]string) string {
	for _, name := range requestIDHeaders {
		if values := h[name]; len(values) > 0 && values[0] != "" {
			return values[0]
		}
	}
	return ""
}

func (q *Quota) redact(key secret) {
	q.Limit = BigNumber(key.scrub(string(q.Limit)))
	q.Usage = BigNumber(key.scrub(string(q.Usage)))
	q.Interval = key.scrub(q.Interval)
	q.Period = key.scrub(q.Period)
	q.Type = key.scrub(q.Type)
	q.AssetType = AssetType(key.scrub(string(q.AssetType)))
}

// scrubError returns an error that does not show the secret; err itself when it
// never did.
func (s secret) scrubError(err error) error {
	if err == nil || !s.isSet() {
		return err
	}
	text := err.Error()
	clean := s.scrub(text)
	if clean == text {
		return err
	}
	return &scrubbedError{text: clean, is: func(target error) bool { return errors.Is(err, target) }}
}

// scrubbedError stands for an error that showed the secret. It still is what that
// was, for errors.Is, but does not lead back to it.
type scrubbedError struct {
	text string
	is   func(target error) bool
}

// Error is the text without the secret.
func (e *scrubbedError) Error() string { return e.text }

// Is reports what the error was.
func (e *scrubbedError) Is(target error) bool { return e.is(target) }
