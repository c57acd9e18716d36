package api

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
)

// judged is a decision on another attempt, and part of its reason.
type judged struct {
	again  bool
	reason string
}

// network answers one attempt; fine is a success of the endpoint.
type network func(r *http.Request, fine string) (*http.Response, error)

// happening is one way in which an attempt can end.
type happening struct {
	name    string
	answer  network
	outcome Outcome
	// read, keyed and once are what is then done with a call of that class.
	read, keyed, once judged
}

// alike is for what is decided without regard to the class.
func alike(name string, outcome Outcome, v judged, answer network) happening {
	return happening{name: name, answer: answer, outcome: outcome, read: v, keyed: v, once: v}
}

// lost is for answers that leave open whether the call was carried out.
func lost(name string, answer network) happening {
	return happening{
		name: name, answer: answer, outcome: Unknown,
		read:  judged{true, "reading changes nothing"},
		keyed: judged{true, "the service remembers its key"},
		once:  judged{false, "it may have been carried out, and a repeat would do it again"},
	}
}

func says(status int, body string, headers ...string) network {
	return func(*http.Request, string) (*http.Response, error) {
		resp := answer(status, body)
		for i := 0; i+1 < len(headers); i += 2 {
			resp.Header.Set(headers[i], headers[i+1])
		}
		return resp, nil
	}
}

func breaks(err error) network {
	return func(*http.Request, string) (*http.Response, error) { return nil, err }
}

const portal = "<html>Please log in to the shop's network</html>"

var (
	saidNo      = judged{false, "the service understood and said no"}
	turnedAway  = judged{true, "turned away before it was acted on"}
	nothingSent = judged{true, "nothing was sent"}
)

var happenings = []happening{
	alike("done", Done, judged{false, "it is done"},
		func(_ *http.Request, fine string) (*http.Response, error) { return answer(200, fine), nil }),
	alike("refused", Refused, saidNo, says(403, `{"message":"REQUEST_PAID"}`)),
	alike("malformed", Refused, saidNo, says(400, `{"message":"amount is required"}`)),
	alike("wrong credential", Refused, saidNo, says(401, `{"message":"Missing authentication"}`)),
	alike("no such route", Refused, saidNo, says(404, `{"message":"Not Found"}`)),
	alike("rate limit", NotSent, turnedAway, says(429, `{"message":"RATE_LIMIT_EXCEEDED"}`, "Retry-After", "2")),
	alike("rate limit of a portal", NotSent, turnedAway, says(429, portal)),
	alike("rate limit for an hour", NotSent, judged{false, "longer wait"},
		says(429, `{"message":"RATE_LIMIT_EXCEEDED"}`, "Retry-After", "3600")),
	alike("no connection", NotSent, nothingSent, breaks(&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED})),
	alike("no such host", NotSent, nothingSent, breaks(&net.DNSError{Err: "no such host"})),
	alike("wrong certificate", NotSent, judged{false, "whatever answers is not the service"},
		breaks(&net.OpError{Op: "dial", Err: &tls.CertificateVerificationError{Err: errors.New("unknown authority")}})),

	lost("connection reset", breaks(&net.OpError{Op: "read", Err: syscall.ECONNRESET})),
	lost("no answer in time", func(r *http.Request, _ string) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}),
	lost("answer cut short", func(_ *http.Request, fine string) (*http.Response, error) {
		resp := answer(200, "")
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(fine), failing{io.ErrUnexpectedEOF}))
		return resp, nil
	}),
	lost("request timed out", says(408, `{"message":"Request Timeout"}`)),
	lost("server error", says(500, `{"message":"SERVER ERROR"}`)),
	lost("bad gateway", says(502, "<html>Bad Gateway</html>")),
	lost("overloaded", says(503, `{"message":"SERVER ERROR"}`, "Retry-After", "2")),
	lost("gateway timed out", says(504, "")),
	lost("portal that says yes", says(200, portal)),
	lost("portal that says no", says(403, portal)),
	lost("another shape", says(200, `"yes"`)),
	lost("nothing", says(200, "")),

	alike("redirect", Unknown, judged{false, "redirected again"}, says(302, "", "Location", "https://elsewhere.test/")),
	alike("too large", Unknown, judged{false, "too large again"}, says(200, strings.Repeat(" ", maxBody+1))),
	alike("unconfirmed", Unknown, judged{false, "the payment request tells"}, says(403, `{"message":"PAYMENT_UNCONFIRMED"}`)),
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func (h happening) judge(class retryClass) judged {
	switch class {
	case retryRead:
		return h.read
	case retryKeyed:
		return h.keyed
	default:
		return h.once
	}
}

// Every endpoint, for everything that can happen to it: how often it is sent,
// and why. Why a class fits an endpoint stands in the coverage table.
func TestEveryEndpointIsRepeatedOnlyWhereThatIsHarmless(t *testing.T) {
	t.Parallel()
	for _, e := range coverage() {
		t.Run(e.name(), func(t *testing.T) {
			t.Parallel()
			for _, h := range happenings {
				synctest.Test(t, func(t *testing.T) { e.meets(t, h) })
			}
		})
	}
}

func (e endpoint) meets(t *testing.T, h happening) {
	t.Helper()
	policy, sent, fine := DefaultRetryPolicy(), 0, e.fine(t)
	c := mustNew(t, "http://localhost", WithAPIKey(testKey), WithHTTPClient(&http.Client{
		Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if sent++; sent > 2*policy.MaxAttempts {
				t.Fatalf("%s: is sent without end", h.name)
			}
			e.checkRoute(t, r)
			return h.answer(r, fine)
		}),
	}))
	err := e.make(t.Context(), c)
	if errors.Is(err, ErrCursorRepeated) { // the documents' pages name themselves (quirk B15)
		err = nil
	}
	if OutcomeOf(err) != h.outcome {
		t.Errorf("%s: got %s: %v", h.name, OutcomeOf(err), err)
	}
	want, times := h.judge(e.retry), 1
	if want.again {
		times = policy.MaxAttempts
	}
	if sent != times {
		t.Errorf("%s: sent %d times, want %d", h.name, sent, times)
	}
	method, _, _ := strings.Cut(e.route, " ")
	v := policy.decide(attempted{method: method, replaySafe: e.retry == retryKeyed, number: 1, err: err})
	if v.again != want.again || !strings.Contains(v.reason, want.reason) {
		t.Errorf("%s: got %+v, want %+v", h.name, v, want)
	}
}

// checkRoute checks that a request goes where the table says.
func (e endpoint) checkRoute(t *testing.T, r *http.Request) {
	t.Helper()
	method, path, _ := strings.Cut(e.route, " ")
	want, got := strings.Split(path, "/"), strings.Split(r.URL.EscapedPath(), "/")
	fits := r.Method == method && len(got) == len(want)
	for i := 0; fits && i < len(want); i++ {
		fits = want[i] == got[i] || strings.HasPrefix(want[i], "{") && got[i] != ""
	}
	if !fits {
		t.Errorf("%s: got %s %s, want %s", e.name(), r.Method, r.URL.EscapedPath(), e.route)
	}
}
