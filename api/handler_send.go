package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// maxBody is the most of an answer that is read, 1 MiB.
const maxBody = 1 << 20

var (
	errBodyTooLarge   = errors.New("the answer is larger than 1 MiB")
	errAttemptTimeout = errors.New("no complete answer in time")
)

// requestIDHeaders are where services like this one put the id of a call; the
// documents name none.
var requestIDHeaders = [...]string{"X-Request-Id", "X-Amzn-Requestid", "Apigw-Requestid", "X-Amzn-Trace-Id"}

// sendHandler is the last link: it makes one HTTP exchange.
type sendHandler struct {
	http *http.Client
	base *url.URL
	credential
	userAgent string
	timeout   time.Duration
}

func (h *sendHandler) do(ctx context.Context, k *call) (reply, error) {
	if err := ctx.Err(); err != nil {
		return reply{}, k.fail(NotSent, reply{}, inWords(err))
	}
	headers, err := h.headers(ctx, k)
	if err != nil {
		return reply{}, k.unauthenticated(err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, h.timeout, errAttemptTimeout)
	defer cancel()
	var wire wireTrace
	req, err := h.request(httptrace.WithClientTrace(ctx, wire.hooks()), k)
	if err != nil {
		return reply{}, k.fail(NotSent, reply{}, err)
	}
	req.Header = headers
	r := reply{meta: Meta{SentAt: time.Now()}}
	resp, err := h.http.Do(req)
	if err != nil {
		outcome := Unknown
		if wire.nothingSent(err) {
			outcome = NotSent
		}
		return r, k.fail(outcome, r, explain(ctx, err))
	}
	defer func() { _ = resp.Body.Close() }()
	r.meta.ReceivedAt = time.Now()
	r.meta.Status = resp.StatusCode
	r.meta.RequestID = requestID(resp.Header)
	r.meta.ServerTime, _ = http.ParseTime(resp.Header.Get("Date"))
	r.header = resp.Header
	r.body, r.bodyErr = readBody(ctx, resp.Body)
	return r, nil
}

func (h *sendHandler) request(ctx context.Context, k *call) (*http.Request, error) {
	target := *h.base
	escaped := strings.TrimSuffix(h.base.EscapedPath(), "/") + k.path
	path, err := url.PathUnescape(escaped)
	if err != nil {
		return nil, fmt.Errorf("build URL: %w", err)
	}
	target.Path, target.RawPath = path, escaped
	target.RawQuery = k.query.Encode()

	var body io.Reader = http.NoBody
	if k.body != nil {
		body = bytes.NewReader(k.body)
	}
	req, err := http.NewRequestWithContext(ctx, k.method, target.String(), body)
	if err != nil {
		return nil, fmt.Errorf("build request: %w", err)
	}
	return req, nil
}

// headers are those of a request, the credential among them. Renewing a token
// is not part of the attempt, so that it has its own time.
func (h *sendHandler) headers(ctx context.Context, k *call) (http.Header, error) {
	header := make(http.Header, 4)
	header.Set("User-Agent", h.userAgent)
	if k.body != nil {
		header.Set("Content-Type", k.contentType)
	}
	if k.anonymous {
		return header, nil
	}
	var err error
	k.used, err = h.authenticate(ctx, header)
	return header, err
}

func readBody(ctx context.Context, body io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(body, maxBody+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("the answer did not come whole: %w", explain(ctx, err))
	case len(data) > maxBody:
		return nil, errBodyTooLarge
	}
	return data, nil
}

// explain strips the URL that net/http puts in front of an error, tells our own
// time limit from the caller's, and puts the rest in plain words.
func explain(ctx context.Context, err error) error {
	if ue, ok := errors.AsType[*url.Error](err); ok {
		err = ue.Err
	}
	if cause := context.Cause(ctx); errors.Is(cause, errAttemptTimeout) {
		return &worded{words: cause.Error(), err: errors.Join(cause, err), whole: true}
	}
	return inWords(err)
}

func requestID(h http.Header) string {
	for _, name := range requestIDHeaders {
		if id := h.Get(name); id != "" {
			return clip(id)
		}
	}
	return ""
}

// wireTrace watches how far a request got. Its hooks run on other goroutines.
type wireTrace struct {
	asked, got atomic.Bool
}

func (w *wireTrace) hooks() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { w.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { w.got.Store(true) },
	}
}

// nothingSent reports whether the failed request certainly never left: the
// transport looked for a connection and got none. A transport that does not
// tell is believed only when it failed to dial.
func (w *wireTrace) nothingSent(err error) bool {
	if w.got.Load() {
		return false
	}
	if w.asked.Load() {
		return true
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return true
	}
	_, isDNS := errors.AsType[*net.DNSError](err)
	return isDNS
}
