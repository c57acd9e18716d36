package sandbox

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"centrapos/api"
)

// FaultState is a fault that is in force.
type FaultState struct {
	// Spec is what ParseFault reads.
	Spec string `json:"spec"`
	// Calls is how many calls its endpoint has had since it was added, Hits how
	// many of them it struck.
	Calls int `json:"calls"`
	Hits  int `json:"hits"`
}

// faults are the faults in force, oldest first.
type faults struct {
	// seed chooses the calls that faults with a rate strike.
	seed [32]byte
	mu   sync.Mutex
	all  []*armed
}

// armed is a fault in force.
type armed struct {
	fault       Fault
	calls, hits int
	// each counts the calls of each endpoint.
	each map[string]int
}

// AddFault brings a fault into force; its calls are counted from now.
func (s *Service) AddFault(f Fault) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.all = append(s.faults.all, &armed{fault: f, each: map[string]int{}})
}

// ClearFaults ends all faults. Calls that are being delayed stay so.
func (s *Service) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.all = nil
}

// Faults lists the faults in force, oldest first.
func (s *Service) Faults() []FaultState {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	states := make([]FaultState, 0, len(s.faults.all))
	for _, a := range s.faults.all {
		states = append(states, FaultState{Spec: a.fault.String(), Calls: a.calls, Hits: a.hits})
	}
	return states
}

// strike counts a call and returns the faults that strike it.
func (f *faults) strike(endpoint string) []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	var struck []Fault
	for _, a := range f.all {
		if a.fault.endpoint != endpoint && (a.fault.endpoint != EndpointAny || endpoint == EndpointConnect) {
			continue
		}
		a.calls++
		a.each[endpoint]++
		if a.fault.strikes(a.calls) && a.fault.chooses(f.seed, endpoint, a.each[endpoint]) {
			a.hits++
			struck = append(struck, a.fault)
		}
	}
	return struck
}

// strikes tells whether the nth call since it came into force is one of those that
// it counts.
func (f Fault) strikes(n int) bool { return n >= f.first && (f.last == 0 || n <= f.last) }

// chooses tells whether its rate strikes the nth call of an endpoint: the same one
// each time with the same seed, whatever else was called.
func (f Fault) chooses(seed [32]byte, endpoint string, n int) bool {
	if f.rate == 0 {
		return true
	}
	sum := sha256.Sum256(fmt.Appendf(seed[:len(seed):len(seed)], "%s|%s|%d", f, endpoint, n))
	return binary.LittleEndian.Uint64(sum[:])%wholeRate < uint64(f.rate)
}

// strokes are the faults that strike one call, by what they do to it.
type strokes struct {
	delays []Fault
	// quirks are those of the answer.
	quirks quirks
	// lag is how young a refund has to be for a history to lack it, skew what is
	// added to the Date of the answer.
	lag, skew time.Duration
	// again delivers the call once more; main is the first of the other faults.
	again, main *Fault
}

func sorted(struck []Fault) strokes {
	var s strokes
	for _, f := range struck {
		switch {
		case f.kind == "delay":
			s.delays = append(s.delays, f)
		case f.kind == kindQuirks:
			s.quirks = s.quirks.with(f.quirks)
		case f.kind == kindLag:
			s.lag = max(s.lag, f.wait)
		case f.kind == kindSkew:
			s.skew += f.wait
		case f.kind == "duplicate" && s.again == nil:
			s.again = &f
		case f.kind != "duplicate" && s.main == nil:
			s.main = &f
		}
	}
	return s
}

// lagKey is under what a call's context holds the lag of a history.
type lagKey struct{}

func lagInto(ctx context.Context, lag time.Duration) context.Context {
	if lag == 0 {
		return ctx
	}
	return context.WithValue(ctx, lagKey{}, lag)
}

// lagging tells whether a history that is asked for now does not list an activity
// yet: a refund, which the service completes some time after it has answered it.
func (c *call) lagging(now time.Time) func(api.PaymentActivity) bool {
	lag, _ := c.http.Context().Value(lagKey{}).(time.Duration)
	return func(a api.PaymentActivity) bool {
		return lag > 0 && a.Type == api.ActivityRefund && a.CreatedAt.Time().After(now.Add(-lag))
	}
}

// delay waits as the delays of one phase want it; false when the sandbox closes.
func (s *Service) delay(delays []Fault, after bool) bool {
	for _, f := range delays {
		if f.after == after && !s.wait(f.wait, nil) {
			return false
		}
	}
	return true
}

// inject serves a call of an endpoint with the faults that strike it.
func (s *Service) inject(w http.ResponseWriter, r *http.Request, endpoint string, struck strokes, serve http.HandlerFunc) {
	if struck.skew != 0 {
		w.Header().Set("Date", s.now().Add(struck.skew).Format(http.TimeFormat))
	}
	// A slow service has read the call before the caller gives up on it.
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		s.refuse(w, unreadableBody(err))
		return
	}
	if !s.delay(struck.delays, false) {
		abort(w)
		return
	}
	if struck.main != nil && !struck.main.after {
		s.break_(w, r, *struck.main, nil)
		return
	}
	r = r.WithContext(lagInto(struck.quirks.into(r.Context()), struck.lag))
	deliver := func() *recorder {
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer := &recorder{header: w.Header().Clone()}
		serve(answer, r)
		return answer
	}
	answer := deliver()
	if struck.again != nil {
		if second := deliver(); !struck.again.earlier {
			answer = second
		}
	}
	struck.quirks.spoil(endpoint, r, answer)
	if !s.delay(struck.delays, true) {
		abort(w)
		return
	}
	if struck.main != nil {
		s.break_(w, r, *struck.main, answer)
		return
	}
	answer.send(w, answer.body.Bytes())
}

// wait lets time pass; false when the sandbox was closed or done came first.
func (s *Service) wait(d time.Duration, done <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-done:
		return false
	case <-s.closing:
		return false
	}
}

// break_ answers a call as a fault wants it; answer is the true one, nil when the
// call had no effect.
func (s *Service) break_(w http.ResponseWriter, r *http.Request, f Fault, answer *recorder) {
	switch f.kind {
	case "drop":
		abort(w)
	case "hang":
		s.wait(f.wait, r.Context().Done())
		abort(w)
	case "status":
		brokenStatus(w, f)
	case "html":
		plain(w, f.status, "text/html; charset=utf-8", portalPage)
	case "redirect":
		w.Header().Set("Location", "http://portal.invalid/login")
		plain(w, f.status, "text/html; charset=utf-8", portalPage)
	case "empty":
		plain(w, http.StatusOK, "application/json; charset=utf-8", "")
	case "wrong-shape":
		plain(w, http.StatusOK, "application/json; charset=utf-8", `{"hello":"world","items":"none"}`)
	case "truncated":
		answer.send(w, answer.body.Bytes()[:answer.body.Len()/2])
	case "cut":
		answer.header.Set("Content-Length", strconv.Itoa(answer.body.Len()))
		answer.send(w, answer.body.Bytes()[:answer.body.Len()/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case "drip":
		s.drip(w, r, f.wait, answer)
	}
}

// drip sends an answer in small pieces over a time.
func (s *Service) drip(w http.ResponseWriter, r *http.Request, over time.Duration, answer *recorder) {
	const pieces = 20
	body := answer.body.Bytes()
	answer.header.Set("Content-Length", strconv.Itoa(len(body)))
	answer.send(w, nil)
	control := http.NewResponseController(w)
	for i := range pieces {
		if !s.wait(over/pieces, r.Context().Done()) {
			panic(http.ErrAbortHandler)
		}
		_, _ = w.Write(body[len(body)*i/pieces : len(body)*(i+1)/pieces])
		_ = control.Flush()
	}
}

const portalPage = "<!doctype html><title>Welcome</title><h1>Free Wi-Fi</h1><p>Please log in to use the internet.</p>\n"

// brokenStatus answers as the service does, or as a gateway before it does.
func brokenStatus(w http.ResponseWriter, f Fault) {
	if f.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(f.retryAfter))
	}
	switch f.status {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		text := http.StatusText(f.status)
		plain(w, f.status, "text/html; charset=utf-8", fmt.Sprintf("<html><head><title>%d %s</title></head><body>%s</body></html>\n", f.status, text, text))
	case http.StatusTooManyRequests:
		reply(w, f.status, rateLimited(f.retryAfter).body())
	default:
		message := http.StatusText(f.status)
		if f.status == http.StatusInternalServerError {
			message = serverError
		}
		reply(w, f.status, (&Refusal{Status: f.status, Message: message}).body())
	}
}

func plain(w http.ResponseWriter, status int, kind, body string) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// abort ends the connection without an answer, as a reset where that is possible.
func abort(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	resetConn(conn)
}

// resetConn ends a connection as a reset where that is possible. Below TLS it
// goes without a word of goodbye.
func resetConn(conn net.Conn) {
	for {
		layer, ok := conn.(interface{ NetConn() net.Conn })
		if !ok {
			break
		}
		conn = layer.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// recorder keeps an answer back.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *recorder) Header() http.Header { return a.header }

func (a *recorder) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *recorder) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

// send gives the recorded status and headers out, with a body.
func (a *recorder) send(w http.ResponseWriter, body []byte) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(body)
}
