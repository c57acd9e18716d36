package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Meta is what is known of how a call went, also when it failed. Fields that
// are not known are zero.
type Meta struct {
	// SentAt is the local time at which the last attempt was sent, ReceivedAt
	// that at which its answer began to arrive.
	SentAt, ReceivedAt time.Time
	// ServerTime is the service's clock at the answer, from its Date header, in
	// whole seconds. With the local times it tells how far the clocks differ.
	ServerTime time.Time
	// Status is the HTTP status of the last answer.
	Status int
	// RequestID is the service's id of the call for its support, if it gave one.
	RequestID string
	// Attempts is how many attempts were made, those that waited in vain for
	// their turn included.
	Attempts int
}

// now is the time of the answer by the service's clock where it is known: a
// till's clock can be minutes off.
func (m Meta) now() time.Time {
	if m.ServerTime.IsZero() {
		return m.ReceivedAt
	}
	return m.ServerTime
}

// handler is one link of the chain that a call goes down. The reply holds what
// is known of the call also when there is an error; every error is an *Error.
type handler interface {
	do(ctx context.Context, k *call) (reply, error)
}

// call is one request on its way down the chain.
type call struct {
	method string
	// path is escaped and stands below the base URL.
	path string
	// shown stands for path in errors and logs where the path itself may hold what
	// must not be there; "" is path.
	shown string
	query url.Values
	// body is sent as contentType; nil sends none.
	body        []byte
	contentType string
	// anonymous calls carry no credential, since the endpoint asks for none.
	anonymous bool
	// used is the secret that the last attempt was made with.
	used secret
	// replaySafe says that a repeat has no second effect, because the body
	// carries a key that the service remembers.
	replaySafe bool
	options    callOptions
	// decode takes the body of a success; an error means that it has the wrong
	// shape.
	decode func(body []byte) error
	// errorCode reads the code of an error answer without a message; nil reads none.
	errorCode func(body []byte) Code
	// attempt counts from 1.
	attempt int
}

// reply is an answer, or what there is of one.
type reply struct {
	meta   Meta
	header http.Header
	body   []byte
	// bodyErr says why the body could not be read to its end.
	bodyErr error
}

// name is the path as errors and logs show it.
func (k *call) name() string {
	if k.shown != "" {
		return k.shown
	}
	return k.path
}

// reject returns the error for a call that is not sent.
func (k *call) reject(v *ValidationError) error {
	return &Error{Outcome: NotSent, Method: k.method, Path: k.name(), Code: v.Code, Err: v}
}

// fail returns the error for a call that got no usable answer.
func (k *call) fail(o Outcome, r reply, cause error) *Error {
	return &Error{
		Outcome: o, Method: k.method, Path: k.name(),
		Status: r.meta.Status, RequestID: r.meta.RequestID, Err: cause,
	}
}

// unauthenticated returns the error for a call that found no credential to go
// out with.
func (k *call) unauthenticated(cause error) *Error {
	e := k.fail(NotSent, reply{}, cause)
	if errors.Is(cause, ErrLoginRequired) {
		e.Code = CodeLoginRequired
	}
	return e
}

// newCall returns a call of the path made of segments, with body as JSON when
// it is not nil.
func newCall(method string, body any, segments ...string) (*call, error) {
	k := &call{method: method}
	var invalid *ValidationError
	if k.path, invalid = pathOf(segments...); invalid != nil {
		return k, k.reject(invalid)
	}
	if body == nil {
		return k, nil
	}
	data, err := json.Marshal(body)
	if err != nil {
		return k, k.fail(NotSent, reply{}, fmt.Errorf("encode body: %w", err))
	}
	k.body, k.contentType = data, "application/json"
	return k, nil
}

// invoke makes the call and decodes its answer; check says whether the answer
// has the shape that its reader relies on.
func invoke[T any](ctx context.Context, c *Client, k *call, check func(*T) error, opts []CallOption) (*T, Meta, error) {
	var result *T
	k.decode = func(body []byte) error {
		v := new(T)
		if err := json.Unmarshal(body, v); err != nil {
			return err
		}
		if err := check(v); err != nil {
			return err
		}
		result = v
		return nil
	}
	meta, err := c.execute(ctx, k, opts)
	if err != nil {
		return nil, meta, err
	}
	return result, meta, nil
}
