package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// errorHandler judges the status of an answer and turns all but successes into
// an *Error with its outcome.
type errorHandler struct{ next handler }

func (h *errorHandler) do(ctx context.Context, k *call) (reply, error) {
	r, err := h.next.do(ctx, k)
	if err != nil {
		return r, err
	}
	status := r.meta.Status
	if status >= 200 && status < 300 {
		if r.bodyErr != nil {
			return r, k.fail(Unknown, r, r.bodyErr)
		}
		return r, nil
	}
	e := k.fail(Unknown, r, r.bodyErr)
	e.RetryAfter = retryAfter(r.header.Get("Retry-After"), r.meta.now())
	if r.bodyErr == nil {
		e.Err = readErrorBody(e, r.body)
		k.nameError(e, r.body)
	}
	e.Outcome = outcomeOfStatus(status, e)
	if e.Code == "" && (e.Outcome == Refused || e.Outcome == NotSent) {
		e.Code = codeOfStatus(status)
	}
	if e.Err == nil && e.Message == "" {
		e.Err = fmt.Errorf("%d %s without a message of the service", status, http.StatusText(status))
	}
	return r, e
}

var errRedirect = errors.New("a redirect, which is not followed, since the service makes none")

// readErrorBody takes message and reason from an error answer. What is no error
// answer of the service leaves the message empty.
func readErrorBody(e *Error, body []byte) error {
	if e.Status < 400 {
		return errRedirect
	}
	// Only the message can be relied on; the rest is read as far as it can be.
	var wire struct {
		Message Text            `json:"message"`
		Reason  json.RawMessage `json:"reason"`
		Quotas  json.RawMessage `json:"quotas"`
	}
	if err := json.Unmarshal(body, &wire); err != nil {
		return unreadable(fmt.Sprintf("answer %d is no error answer of the service", e.Status), err)
	}
	e.Message = strings.TrimSpace(wire.Message.String())
	if json.Unmarshal(wire.Reason, &e.Reason) != nil {
		e.Reason = ""
	}
	if json.Unmarshal(wire.Quotas, &e.Quotas) != nil {
		e.Quotas = nil
	}
	e.Code = CodeOf(e.Message)
	return nil
}

// nameError gives an error answer without a message the code that the call's
// maker can read in it.
func (k *call) nameError(e *Error, body []byte) {
	if k.errorCode == nil || e.Message != "" || e.Status < 400 {
		return
	}
	if code := k.errorCode(body); code != "" {
		e.Code, e.Message, e.Err = code, string(code), nil
	}
}

// outcomeOfStatus tells what is known of a call that was answered with an error
// status; e holds what could be read of the answer.
func outcomeOfStatus(status int, e *Error) Outcome {
	switch {
	case status == http.StatusTooManyRequests:
		return NotSent // turned away before anything was done, whatever the body
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly:
		return Unknown // something between us and the service gave up waiting
	case e.Code == CodePaymentUnconfirmed:
		return Unknown // the asset's provider never said
	case status >= 400 && status < 500 && e.Message != "":
		return Refused
	default:
		return Unknown
	}
}

// retryAfter reads a Retry-After header, which is seconds or a date, as the time
// to wait from now on, which is the service's now; 0 when it is absent, unreadable or past.
func retryAfter(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if seconds, err := strconv.ParseInt(header, 10, 64); err == nil {
		const most = int64(time.Duration(1<<63-1) / time.Second)
		return time.Duration(min(max(seconds, 0), most)) * time.Second
	}
	at, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	return max(at.Sub(now), 0)
}
