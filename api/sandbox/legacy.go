package sandbox

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"

	"centrapos/api"
	"centrapos/api/auth"
)

// Endpoint names of the first generation, in both editions.
const (
	EndpointLegacyCreate = "legacy-create"
	EndpointLegacyInfo   = "legacy-info"
	EndpointLegacyPay    = "legacy-pay"
	EndpointLegacyCancel = "legacy-cancel"
	EndpointLegacyVoid   = "legacy-void"
	EndpointLegacyRefund = "legacy-refund"
)

// edition is one of the two forms in which the first generation was published.
type edition struct {
	// first is that of 2018: below /api, without a credential, with forms. The
	// other is today's: below /payments/api, with a key, by query strings. Both
	// take parameters either way here.
	first bool
}

// legacyAsked is what a request of the first generation was created with beyond
// what the second knows.
type legacyAsked struct {
	// NotifyURL receives webhooks; a relative one, as the first edition has it,
	// leads nowhere.
	NotifyURL   string `json:"notifyUrl,omitempty"`
	Description string `json:"description,omitempty"`
}

// WithLegacyStatusesOf2023 answers cancel and void of the first generation with
// the statuses of the documents of 2023: 404 for REQUEST_NOT_FOUND and 400 for
// REQUEST_PAID. Today's documents have the two the other way round (quirk H3).
func WithLegacyStatusesOf2023() Option {
	return func(s *settings) error { s.legacyStatusesOf2023 = true; return nil }
}

// legacyRoutes are the endpoints of the first generation, requests.*.
func legacyRoutes() []route {
	var routes []route
	for _, e := range []struct {
		edition
		path string
	}{{edition{first: true}, "/api/"}, {edition{}, "/payments/api/"}} {
		add := func(name, method, call string, do func(*tx, legacyCall) (any, error)) {
			rt := route{name: name, method: method, path: e.path + call, handle: e.handle(do)}
			if e.first {
				rt.credential = legacyCredential
			}
			routes = append(routes, rt)
		}
		add(EndpointLegacyCreate, http.MethodPost, "requests.create", legacyCreate)
		add(EndpointLegacyInfo, http.MethodGet, "requests.info", legacyInfo)
		add(EndpointLegacyPay, http.MethodPost, "requests.pay", legacyPay)
		add(EndpointLegacyCancel, http.MethodPost, "requests.cancel", legacyCancel)
		if !e.first {
			add(EndpointLegacyVoid, http.MethodPost, "requests.void", legacyVoid)
			add(EndpointLegacyRefund, http.MethodPost, "transactions.refund", legacyRefund)
		}
	}
	return routes
}

// legacyCredential is that of a call that needs none, and may have one.
func legacyCredential(s *Service, r *http.Request) (Key, error) {
	if r.Header.Get("X-Api-Key") == "" && r.Header.Get("Authorization") == "" {
		return Key{}, nil
	}
	return s.authenticate(r)
}

// legacyCall is a call of the first generation with its parameters.
type legacyCall struct {
	edition
	params url.Values
	key    Key
	// of2023 answers with the statuses of 2023.
	of2023 bool
}

// handle makes a handler of what is done in one transaction; the parameters are
// read before the store is locked.
func (e edition) handle(do func(*tx, legacyCall) (any, error)) func(*call) (any, error) {
	return func(c *call) (any, error) {
		params, err := legacyParams(c.http)
		if err != nil {
			return nil, err
		}
		l := legacyCall{edition: e, params: params, key: c.key, of2023: c.svc.legacyOf2023 || quirk(c.http, "H3")}
		return withoutBody(func(t *tx, _ *call) (any, error) { return do(t, l) })(c)
	}
}

// legacyParams are the parameters of a call, from its form and its query. A form
// counts in a GET too: the first edition shows it so.
func legacyParams(r *http.Request) (url.Values, error) {
	params := r.URL.Query()
	if !isForm(r) {
		return params, nil
	}
	text, err := io.ReadAll(r.Body)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, unreadableBody(err)
	case err != nil:
		return nil, malformed("Invalid request payload: the form breaks off")
	}
	form, err := url.ParseQuery(string(text))
	if err != nil {
		return nil, malformed("Invalid request payload: want a form")
	}
	for name, values := range form {
		params[name] = values
	}
	return params, nil
}

func isForm(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "application/x-www-form-urlencoded"
}

// keyFor is the key that a call acts with for an account: without a credential
// that of the account's own till.
func (l legacyCall) keyFor(accountID, accountName string) Key {
	if l.key.Role != "" {
		return l.key
	}
	return Key{Name: "requests", AccountID: accountID, AccountName: accountName, Role: RoleMerchantTerminal}
}

// openLegacy finds the request that a call is about and the key that it acts
// with.
func (t *tx) openLegacy(l legacyCall, name string, p auth.Permission) (*request, Key, error) {
	id := l.params.Get("requestId")
	if id == "" {
		return nil, Key{}, malformed("INVALID_REQUEST_ID")
	}
	r, ok := t.find(id)
	if !ok {
		return nil, Key{}, l.refusal(name, denied(codeRequestNotFound))
	}
	key := l.keyFor(r.MerchantAccountID, r.MerchantName)
	if !key.may(p, r.MerchantAccountID, r.CreatedByAccount) {
		return nil, Key{}, forbidden()
	}
	return r, key, nil
}

// Codes that only the first generation has.
const (
	codeRequestNotFound               api.Code = "REQUEST_NOT_FOUND"
	codeTransactionNotFound           api.Code = "TRANSACTION_NOT_FOUND"
	codeMerchantConfigurationNotFound api.Code = "MERCHANT_CONFIGURATION_NOT_FOUND"
)

// refusal gives a refusal the status that this generation answers it with.
// Everything that is not listed stays as the second generation has it. Source:
// Centrapay docs, legacy payment requests, errors; edition of 2023.
func (l legacyCall) refusal(name string, err error) error {
	refused := &Refusal{}
	if !errors.As(err, &refused) {
		return err
	}
	status := refused.Status
	switch code := refused.Code(); name {
	case EndpointLegacyInfo, EndpointLegacyPay:
		if code == codeRequestNotFound {
			status = http.StatusNotFound
		}
	case EndpointLegacyCancel, EndpointLegacyVoid:
		older := l.first || l.of2023
		switch {
		case code == codeRequestNotFound && older, code == api.CodeRequestPaid && !older:
			status = http.StatusNotFound
		case code == codeRequestNotFound, code == api.CodeRequestPaid, code == api.CodeRequestExpired,
			code == api.CodeRequestCancelled, isRefundBadRequest(code):
			status = http.StatusBadRequest
		}
	case EndpointLegacyRefund:
		switch {
		case code == codeTransactionNotFound:
			status = http.StatusNotFound
		case isRefundBadRequest(code):
			status = http.StatusBadRequest
		}
	}
	out := *refused
	out.Status = status
	return &out
}

// isRefundBadRequest names the refusals of refunds that this generation answers
// with a 400.
func isRefundBadRequest(code api.Code) bool {
	return code == api.CodeAlreadyRefunded || code == api.CodeInvalidAmount || code == api.CodeRepeatReference
}
