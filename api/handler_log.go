package api

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// logHandler writes one line for each attempt: ids and codes, never bodies,
// queries or headers.
type logHandler struct {
	next   handler
	logger *slog.Logger
}

func (h *logHandler) do(ctx context.Context, k *call) (reply, error) {
	start := time.Now()
	r, err := h.next.do(ctx, k)
	outcome := OutcomeOf(err)
	level := slog.LevelWarn
	switch outcome {
	case Done:
		level = slog.LevelDebug
	case Refused:
		level = slog.LevelInfo
	case Unknown, NotSent:
	}
	// A call that never left only waited.
	waited := time.Since(start)
	if !r.meta.SentAt.IsZero() {
		waited = r.meta.SentAt.Sub(start)
	}
	attrs := []slog.Attr{
		slog.String("method", k.method),
		slog.String("path", k.name()),
		slog.Int("attempt", k.attempt),
		slog.Duration("waited", waited),
		slog.Duration("took", time.Since(start)-waited),
		slog.String("outcome", outcome.String()),
	}
	if r.meta.Status != 0 {
		attrs = append(attrs, slog.Int("status", r.meta.Status))
	}
	if r.meta.RequestID != "" {
		attrs = append(attrs, slog.String("requestId", r.meta.RequestID))
	}
	if e, ok := errors.AsType[*Error](err); ok {
		attrs = append(attrs, e.logAttrs()...)
	}
	h.logger.LogAttrs(ctx, level, "centrapay call", attrs...)
	return r, err
}

func (e *Error) logAttrs() []slog.Attr {
	var attrs []slog.Attr
	if e.Code != "" {
		attrs = append(attrs, slog.String("code", string(e.Code)))
	}
	if e.RetryAfter > 0 {
		attrs = append(attrs, slog.Duration("retryAfter", e.RetryAfter))
	}
	if e.Err != nil {
		attrs = append(attrs, slog.String("error", e.Err.Error()))
	}
	return attrs
}
