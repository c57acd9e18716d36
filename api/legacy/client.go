package legacy

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"

	"centrapos/api"
)

// FirstBaseURL is the service that the first publication names; a client of
// AsFirstPublished is made with it. Today's form is served at
// api.DefaultBaseURL.
const FirstBaseURL = "https://centrapay.com"

// Client makes the calls of the first generation through an api.Client, whose
// credential, limiter, retries and time limits it shares. It is safe for
// concurrent use. Make it with New.
type Client struct {
	api  *api.Client
	form form
}

// form is one published way to send a call.
type form struct {
	// first is the form of 2018: below /api, parameters as a form, also with GET.
	first bool
	// authority is the parameter of pay that carries the authority.
	authority string
}

// Option chooses how a Client speaks.
type Option func(*Client)

// AsFirstPublished speaks the form of the first publication (2018) instead of
// today's: calls go to /api/requests.* with their parameters as a form-encoded
// body, also those that are GETs, and pay answers a request. Requests have no
// patron code, expiry, terminal or device, and there is no void and no refund.
// The publication shows no authentication: a credential is sent where the client
// has one, and none where it has not.
//
// The publication gives the authority of pay two names: paymentAuthorization in
// its sample, authorization in its table. This form sends the sample's, since a
// sample may have been run and a table never was; AsFirstTabled sends the
// table's.
func AsFirstPublished() Option {
	return func(c *Client) { c.form = form{first: true, authority: "paymentAuthorization"} }
}

// AsFirstTabled is AsFirstPublished with the one name that the publication's
// table gives differently from its sample: pay sends the authority as
// authorization.
func AsFirstTabled() Option {
	return func(c *Client) { c.form = form{first: true, authority: "authorization"} }
}

// New returns a client that makes its calls through client, in the form in which
// the service documents them today unless an option chooses another; options
// that are nil choose nothing. It panics when client is nil, which no call could
// be made through.
func New(client *api.Client, opts ...Option) *Client {
	if client == nil {
		panic("legacy.New: the api.Client is nil; make one with api.New")
	}
	c := &Client{api: client, form: form{authority: "authorization"}}
	for _, opt := range opts {
		if opt != nil {
			opt(c)
		}
	}
	return c
}

// call returns a call with its parameters where the form puts them: in a form
// body below /api, or in the query below /payments/api.
func (f form) call(method, name string, params url.Values) api.Call {
	if f.first {
		return api.Call{Method: method, Path: []string{"api", name}, Form: params}
	}
	return api.Call{Method: method, Path: []string{"payments", "api", name}, Query: params}
}

// invoke makes a call and decodes its answer; check says whether the answer
// tells what its caller will rely on. An answer that does not is Unknown.
func invoke[T any](ctx context.Context, c *Client, call api.Call, check func(*T) error, opts []api.CallOption) (*T, api.Meta, error) {
	var result *T
	decode := func(body []byte) error {
		v := new(T)
		err := json.Unmarshal(body, v)
		if err == nil {
			err = check(v)
		}
		if err != nil {
			return explain(err, body)
		}
		result = v
		return nil
	}
	call.ErrorCode = func(body []byte) api.Code {
		code, _ := errorIn(body)
		return code.Code
	}
	meta, err := c.api.Do(ctx, call, decode, opts...)
	if c.form.first && hasCode(err, api.CodeCredentialMissing) {
		// Nothing was sent: there is no credential, and this form asks for none.
		call.Anonymous = true
		meta, err = c.api.Do(ctx, call, decode, opts...)
	}
	if err != nil {
		return nil, meta, named(err)
	}
	return result, meta, nil
}

func hasCode(err error, code api.Code) bool {
	e, ok := errors.AsType[*api.Error](err)
	return ok && e.Code == code
}
