package auth

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/singleflight"
)

// maxBody is more than any configuration, key set or answer with tokens takes.
const maxBody = 256 << 10

// boundedClient returns a client with limits on time and size that follows no
// redirect, and a function that closes idle connections when they are its own.
func boundedClient(given *http.Client, timeout time.Duration) (*http.Client, func()) {
	var hc http.Client
	if given != nil {
		hc = *given
	}
	hc.Timeout, hc.Jar = timeout, nil
	// A redirect can only come from something between us and the issuer, such as a
	// captive portal; it must not get a code or a token.
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if hc.Transport != nil {
		hc.Transport = boundedBodies{hc.Transport}
		return &hc, func() {}
	}
	own := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		// Logins and renewals are an hour apart: a kept connection is dead by then.
		IdleConnTimeout:   10 * time.Second,
		ForceAttemptHTTP2: true,
	}
	hc.Transport = boundedBodies{own}
	return &hc, own.CloseIdleConnections
}

// boundedBodies cuts bodies that are longer than maxBody off with an error.
type boundedBodies struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b boundedBodies) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.next.RoundTrip(r)
	if err == nil {
		resp.Body = http.MaxBytesReader(nil, resp.Body, maxBody)
	}
	return resp, err
}

// read gets a public document of the issuer.
func read(ctx context.Context, hc *http.Client, op, address string) ([]byte, http.Header, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, nil, &Error{Op: op, Err: errors.New("the address is no URL")}
	}
	req.Header.Set("Accept", "application/json")
	resp, err := hc.Do(req)
	if err != nil {
		return nil, nil, failure(op, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, nil, &Error{Op: op, Status: resp.StatusCode}
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, nil, &Error{Op: op, Status: resp.StatusCode, Err: err}
	}
	return body, resp.Header, nil
}

// together does something once for all who ask for it at the same time. It is
// bounded by a limit of its own, so that a caller whose context ends leaves
// without ending it for the others.
func together[T any](ctx context.Context, group *singleflight.Group, limit time.Duration, do func(context.Context) (T, error)) (T, error) {
	work := group.DoChan("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
		defer cancel()
		return do(ctx)
	})
	var none T
	select {
	case <-ctx.Done():
		return none, ctx.Err()
	case done := <-work:
		result, ok := done.Val.(T)
		if done.Err != nil || !ok {
			return none, done.Err
		}
		return result, nil
	}
}
