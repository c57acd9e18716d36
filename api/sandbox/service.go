package sandbox

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"path"
	"strconv"
	"sync"
	"time"

	"centrapos/api"
)

// Service is a Centrapay service. It is an http.Handler that needs no listener,
// and safe for concurrent use.
type Service struct {
	store        *store
	dir          *directory
	patron       Patron
	clock        func() time.Time
	payBase      string
	older        bool
	legacyOf2023 bool
	limit        rateLimit
	faults       faults
	observe      func(Call)
	routes       []route
	mux          *http.ServeMux
	origins      *http.CrossOriginProtection
	webhooks     webhooks
	// closing ends the waits of faults.
	closing   chan struct{}
	closeOnce sync.Once
}

// Call is one call of the API that the sandbox has dealt with.
type Call struct {
	// At is when it came, by the sandbox's clock.
	At time.Time
	// Endpoint is one of the names that faults use.
	Endpoint string
	Method   string
	// Path is without the query.
	Path string
	// Status is what was answered, 0 when a fault dropped the connection.
	Status int
	// Faults are the specs of the faults that struck it.
	Faults []string
}

// New makes a sandbox: by default with the merchant that Demo returns, the
// customers that Customers returns, and nobody who pays by himself. It fails when
// an option makes no sense, and when the file given by WithFile is damaged.
func New(opts ...Option) (*Service, error) {
	set, err := newSettings(opts)
	if err != nil {
		return nil, err
	}
	return newService(set)
}

func newService(set settings) (*Service, error) {
	dir, err := newDirectory(set)
	if err != nil {
		return nil, err
	}
	s := &Service{
		store: newStore(set.seed), dir: dir, patron: set.patron, clock: set.now,
		payBase: cmp.Or(set.payURL, DefaultPayURL), older: set.older, legacyOf2023: set.legacyStatusesOf2023, observe: set.observe,
		limit:  rateLimit{perMinute: set.perMinute, windows: map[string]window{}},
		faults: faults{seed: set.seed}, origins: http.NewCrossOriginProtection(), closing: make(chan struct{}),
	}
	for _, f := range set.faults {
		s.AddFault(f)
	}
	s.store.settledTo = settlementAccounts(dir.merchants)
	s.store.keepAdmin(adminState{})
	if set.file != "" {
		s.store.file = newFile(set.file)
		if err := s.transact(func(*tx) error { return nil }); err != nil {
			return nil, err
		}
	}
	s.routes, s.mux = apiRoutes(), http.NewServeMux()
	shapes := newPages()
	s.pageRoutes(shapes)
	s.controlRoutes()
	s.issuerRoutes(shapes)
	s.mux.HandleFunc("/", s.notFound)
	if err := s.startWebhooks(set); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Service) payURL(id string) string { return s.payBase + "/" + id }

// Close ends the waits of faults, so that no call is left hanging, and the delivery
// of webhooks. The sandbox answers on afterwards.
func (s *Service) Close() {
	s.closeOnce.Do(func() {
		close(s.closing)
		s.webhooks.close()
	})
}

// ServeHTTP answers the API, the pay pages and the control calls.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", s.now().Format(http.TimeFormat))
	// A path that would have to be cleaned names nothing; redirecting to what it
	// might have meant is not for an API.
	escaped := r.URL.EscapedPath()
	switch {
	case path.Clean(escaped) != escaped && escaped != controlPath:
		s.notFound(w, r)
	case isAPI(escaped):
		s.api(w, r)
	default:
		s.mux.ServeHTTP(w, r)
	}
}

func (s *Service) notFound(w http.ResponseWriter, _ *http.Request) {
	s.refuse(w, &Refusal{Status: http.StatusNotFound, Message: "Not Found"})
}

// serverError is the text that the docs show of a 500.
const serverError = "SERVER ERROR"

// refuse answers an error: a refusal as it is, everything else as a fault of the
// service that says nothing about itself.
func (s *Service) refuse(w http.ResponseWriter, err error) {
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		refusal = &Refusal{Status: http.StatusInternalServerError, Message: serverError}
	}
	if refusal.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(refusal.RetryAfter))
	}
	reply(w, refusal.Status, refusal.body())
}

func reply(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"message":"`+serverError+`"}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

// codeOf is the message code of a refusal, "" for any other error.
func codeOf(err error) api.Code {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return refusal.Code()
	}
	return ""
}
