package sandbox

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxBody is the most that a call may send.
const maxBody = 1 << 20

// route is one endpoint of the API.
type route struct {
	name   string
	method string
	// path stands below /api or /payments/api; a segment in braces takes any value.
	path string
	// open endpoints need no credential.
	open bool
	// credential finds the key of a call; nil for X-Api-Key and user tokens.
	credential func(*Service, *http.Request) (Key, error)
	handle     func(*call) (any, error)
	// segments are those of path.
	segments []segment
}

// segment is a part of a path: a text, or the name of a value.
type segment struct {
	text    string
	isValue bool
}

// apiRoutes are the endpoints. The first that matches is it, so that fixed names
// stand before ids.
func apiRoutes() []route {
	all := slices.Concat(paymentRoutes(), patronCodeRoutes(), connectionRoutes(), merchantRoutes(), accountRoutes(),
		bankRoutes(), legacyRoutes())
	for i := range all {
		for text := range strings.SplitSeq(all[i].path, "/") {
			name, isValue := strings.CutPrefix(text, "{")
			all[i].segments = append(all[i].segments, segment{strings.TrimSuffix(name, "}"), isValue})
		}
	}
	return all
}

// isAPI tells the paths of the endpoints from those of pages and control calls.
func isAPI(path string) bool {
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/payments/api/")
}

// paymentRoutes are the endpoints of payment requests.
func paymentRoutes() []route {
	const all, one = "/api/payment-requests", "/api/payment-requests/{id}"
	return []route{
		{name: EndpointCreate, method: http.MethodPost, path: all, handle: handleCreate},
		{name: EndpointShortCode, method: http.MethodGet, path: all + "/short-code/{code}", handle: handleShortCode},
		{name: EndpointExternalRef, method: http.MethodGet, path: all + "/external-ref/{ref}", handle: handleExternalRef},
		{name: EndpointGet, method: http.MethodGet, path: one, handle: handleGet},
		{name: EndpointSummary, method: http.MethodGet, path: one + "/summary", open: true, handle: handleSummary},
		{name: EndpointActivities, method: http.MethodGet, path: one + "/activities", handle: handleActivities},
		{name: EndpointPay, method: http.MethodPost, path: one + "/pay", handle: handlePay},
		{name: EndpointRefund, method: http.MethodPost, path: one + "/refund", handle: handleRefund},
		{name: EndpointConfirm, method: http.MethodPost, path: one + "/confirm", handle: handleConfirm},
		{name: EndpointRelease, method: http.MethodPost, path: one + "/release", handle: handleRelease},
		{name: EndpointVoid, method: http.MethodPost, path: one + "/void", handle: handleVoid},
		{name: EndpointAccept, method: http.MethodPost, path: one + "/conditions/{condition}/accept", handle: handleAnswer(true)},
		{name: EndpointDecline, method: http.MethodPost, path: one + "/conditions/{condition}/decline", handle: handleAnswer(false)},
	}
}

// accountRoutes are the endpoints about what a key or a merchant sees of itself.
func accountRoutes() []route {
	return []route{
		{name: EndpointMerchantActivities, method: http.MethodGet, path: "/api/payment-activities", handle: handleMerchantActivities},
		{name: EndpointDecode, method: http.MethodPost, path: "/api/decode", handle: handleDecode},
		{name: EndpointMemberships, method: http.MethodGet, path: "/api/account-memberships", handle: handleMemberships},
	}
}

// match tells whether a call with a method and the segments of an escaped path is
// for the route, and returns the values of the path by their names. A value may hold
// an escaped slash.
func (rt route) match(method string, path []string) (values map[string]string, ok bool) {
	if method != rt.method || len(path) != len(rt.segments) {
		return nil, false
	}
	for i, want := range rt.segments {
		got, err := url.PathUnescape(path[i])
		switch {
		case err != nil || got == "" && want.isValue:
			return nil, false
		case want.isValue:
			if values == nil {
				values = map[string]string{}
			}
			values[want.text] = got
		case want.text != got:
			return nil, false
		}
	}
	return values, true
}

// call is one call of an endpoint on its way through the service.
type call struct {
	svc  *Service
	http *http.Request
	key  Key
}

// api finds the endpoint of a call; a route that does not exist and a method that
// it does not have are answered alike, as documented.
func (s *Service) api(w http.ResponseWriter, r *http.Request) {
	path := strings.Split(r.URL.EscapedPath(), "/")
	for _, rt := range s.routes {
		if values, ok := rt.match(r.Method, path); ok {
			for name, value := range values {
				r.SetPathValue(name, value)
			}
			s.endpoint(w, r, rt)
			return
		}
	}
	s.notFound(w, r)
}

// endpoint serves one call of the API.
func (s *Service) endpoint(w http.ResponseWriter, r *http.Request, rt route) {
	s.watched(w, r, rt.name, func(w http.ResponseWriter, r *http.Request) {
		answer, err := s.answer(r, rt)
		if err != nil {
			s.refuse(w, err)
			return
		}
		reply(w, http.StatusOK, answer)
	})
}

// watched serves one call of an endpoint, with the faults that strike it, and tells
// the observer.
func (s *Service) watched(w http.ResponseWriter, r *http.Request, name string, serve http.HandlerFunc) {
	seen := Call{At: s.now(), Endpoint: name, Method: r.Method, Path: r.URL.Path}
	watched := &statusWriter{ResponseWriter: w}
	struck := s.faults.strike(name)
	for _, f := range struck {
		seen.Faults = append(seen.Faults, f.String())
	}
	defer func() {
		seen.Status = watched.status
		s.observe(seen)
	}()
	if len(struck) > 0 {
		s.inject(watched, r, name, sorted(struck), serve)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	serve(watched, r)
}

func (s *Service) answer(r *http.Request, rt route) (any, error) {
	c := &call{svc: s, http: r}
	if !rt.open {
		credential := rt.credential
		if credential == nil {
			credential = (*Service).authenticate
		}
		key, err := credential(s, r)
		if err != nil {
			return nil, err
		}
		if err := s.limit.allow(key.limited(), s.now()); err != nil {
			return nil, err
		}
		c.key = key
	}
	return rt.handle(c)
}

// statusWriter remembers what was answered.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// decode reads the JSON object that a call carries.
func (c *call) decode(into any) error { return decodeBody(c.http, into) }

func decodeBody(r *http.Request, into any) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return malformed("Invalid request payload: set content-type to application/json")
	}
	in := json.NewDecoder(r.Body)
	var object json.RawMessage
	if err := in.Decode(&object); err != nil {
		return unreadableBody(err)
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return unreadableBody(err)
	}
	if len(object) == 0 || object[0] != '{' {
		return malformed("Invalid request payload: want a JSON object")
	}
	if err := json.Unmarshal(object, into); err != nil {
		return unreadableBody(err)
	}
	return nil
}

// unreadableBody refuses a body, naming the field at fault where it is known.
func unreadableBody(err error) *Refusal {
	var tooLarge *http.MaxBytesError
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &tooLarge):
		return malformed("Payload content length greater than maximum allowed: %d", maxBody)
	case errors.As(err, &wrongType) && wrongType.Field != "":
		// The package of the body names the struct that it embeds; callers do not.
		return malformed("%s has the wrong type", clip(strings.TrimPrefix(wrongType.Field, "CreatePaymentRequest.")))
	default:
		return malformed("Invalid request payload JSON format")
	}
}
