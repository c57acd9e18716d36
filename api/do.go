package api

import (
	"context"
	"errors"
	"net/url"
)

// Call is one call of the service in its plainest form, for endpoints that this
// package has no method for. It goes down the same chain as all others: limiter,
// retries, time limits, redaction, the four outcomes.
type Call struct {
	// Method is the HTTP method.
	Method string
	// Path is the path below the base URL in segments, which Do escapes.
	Path []string
	// Query is the query string, encoded by Do.
	Query url.Values
	// JSON is encoded as the body when it is not nil.
	JSON any
	// Form is sent as a form-encoded body when it is not nil, also with GET, as
	// the first generation of the service expects. JSON and Form exclude one
	// another.
	Form url.Values
	// Anonymous calls go out without a credential.
	Anonymous bool
	// ReplaySafe says that a repeat has no second effect, so that the call may be
	// attempted again when its outcome is Unknown. GETs need not say so.
	ReplaySafe bool
	// ErrorCode reads the code of an error answer that says no message, for
	// generations of the service that answered numbers; "" when it says nothing
	// either. It may be nil.
	ErrorCode func(body []byte) Code
}

// Do makes a call. decode is given the body of a success; when it returns an
// error the answer is taken as no answer, and the outcome is Unknown. It must not
// be nil: a call whose answer nobody reads is not sent. Errors are as for every
// call of this package.
func (c *Client) Do(ctx context.Context, call Call, decode func(body []byte) error, opts ...CallOption) (Meta, error) {
	k, err := call.prepare()
	if err != nil {
		return Meta{}, err
	}
	if decode == nil {
		return Meta{}, k.reject(&ValidationError{
			Field: "decode", Code: CodeInvalidRequest, Problem: "it is nil, and nothing would read the answer",
		})
	}
	k.decode = decode
	return c.execute(ctx, k, opts)
}

// Reject returns the error for a call that is not sent because the service
// could only refuse it: an *Error with the outcome NotSent and the cause v.
func (c Call) Reject(v *ValidationError) error {
	k, err := c.prepare()
	if err != nil {
		return err
	}
	return k.reject(v)
}

func (c Call) prepare() (*call, error) {
	k, err := newCall(c.Method, c.JSON, c.Path...)
	if err != nil {
		return k, err
	}
	k.query, k.anonymous, k.replaySafe, k.errorCode = c.Query, c.Anonymous, c.ReplaySafe, c.ErrorCode
	switch {
	case c.Form == nil:
	case c.JSON != nil:
		return k, k.fail(NotSent, reply{}, errors.New("a call has either a form or a JSON body"))
	default:
		k.body, k.contentType = []byte(c.Form.Encode()), "application/x-www-form-urlencoded"
	}
	return k, nil
}
