package sandbox

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"centrapos/api"
)

// controlRoutes are the calls by which other processes on this machine do what
// the methods of Service do.
func (s *Service) controlRoutes() {
	const one = "/sandbox/requests/{id}"
	for pattern, handle := range map[string]func(*http.Request) (any, error){
		"GET /sandbox/requests": func(*http.Request) (any, error) { return s.listRequests() },
		"GET " + one:            s.controlled(func(*http.Request, string) error { return nil }),
		"POST " + one + "/pay": s.controlled(func(r *http.Request, id string) error {
			var o PayOptions
			if err := decodeOptional(r, &o); err != nil {
				return err
			}
			return s.Pay(id, o)
		}),
		"POST " + one + "/cancel": s.controlled(func(_ *http.Request, id string) error { return s.Cancel(id) }),
		"POST " + one + "/expire": s.controlled(func(_ *http.Request, id string) error { return s.Expire(id) }),
		"POST " + one + "/raise-condition": s.controlled(func(r *http.Request, id string) error {
			var c Condition
			if err := decodeOptional(r, &c); err != nil {
				return err
			}
			return s.RaiseCondition(id, c)
		}),
		"POST " + one + "/conditions/{condition}/accept":   s.controlled(s.answerAs(true)),
		"POST " + one + "/conditions/{condition}/decline":  s.controlled(s.answerAs(false)),
		"GET /sandbox/clock":                               func(*http.Request) (any, error) { return s.Clock() },
		"POST /sandbox/clock":                              s.advance,
		"GET /sandbox/wallets":                             func(*http.Request) (any, error) { return s.listWallets() },
		"POST /sandbox/wallets/{wallet}/top-up":            s.topUp,
		"POST /sandbox/connections/{connection}/authorize": s.authorizeAsCustomer,
		"GET /sandbox/faults":                              func(*http.Request) (any, error) { return s.listFaults(), nil },
		"POST /sandbox/faults":                             s.addFault,
		"DELETE /sandbox/faults": func(*http.Request) (any, error) {
			s.ClearFaults()
			return s.listFaults(), nil
		},
	} {
		s.mux.HandleFunc(pattern, s.local(func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			answer, err := handle(r)
			if err != nil {
				s.refuse(w, err)
				return
			}
			reply(w, http.StatusOK, answer)
		}))
	}
}

func (s *Service) listRequests() (any, error) {
	all, err := s.Requests()
	return api.Page[Snapshot]{Items: all}, err
}

// controlled does something to the request in the path and answers with it.
func (s *Service) controlled(do func(r *http.Request, id string) error) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		id := r.PathValue("id")
		if err := do(r, id); err != nil {
			return nil, err
		}
		return s.Request(id)
	}
}

func (s *Service) answerAs(accept bool) func(*http.Request, string) error {
	return func(r *http.Request, id string) error {
		return s.AnswerCondition(id, r.PathValue("condition"), accept)
	}
}

func (s *Service) listFaults() any { return api.Page[FaultState]{Items: s.Faults()} }

func (s *Service) addFault(r *http.Request) (any, error) {
	var body struct {
		Spec string `json:"spec"`
	}
	if err := decodeBody(r, &body); err != nil {
		return nil, err
	}
	f, err := ParseFault(body.Spec)
	if err != nil {
		return nil, malformed("%s", err)
	}
	s.AddFault(f)
	return s.listFaults(), nil
}

// decodeOptional reads the JSON body of a call that may have none.
func decodeOptional(r *http.Request, into any) error {
	if r.ContentLength == 0 {
		return nil
	}
	return decodeBody(r, into)
}

// local lets only programs and pages of this machine in: the caller's address and
// the name it asked for are both this machine's, and a browser says that the call
// comes from the sandbox's own pages.
func (s *Service) local(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !fromThisMachine(r) || s.origins.Check(r) != nil {
			s.refuse(w, forbidden())
			return
		}
		next(w, r)
	}
}

// fromThisMachine reports whether a call comes from this machine and means it: a
// host name that somebody else's name server points here is not this machine's.
func fromThisMachine(r *http.Request) bool {
	caller, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return true // a connection inside the process, or through a socket file
	}
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	named, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return caller.Addr().Unmap().IsLoopback() && (host == "localhost" || err == nil && named.IsLoopback())
}
