//go:build unix

package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"

	"centrapos/api/sandbox"
)

// gate stands in front of a sandbox, and kills a program at one of its calls.
type gate struct {
	service http.Handler

	mu     sync.Mutex
	moment crashMoment
	counts map[string]int
	kill   func()    // ends the program; it is dead when that returns
	first  time.Time // when the first call came since the gate was armed
	log    []string
	struck string // the call at which the program was killed first, and where in it

	late sync.WaitGroup // calls that have their effect later
}

// arm begins to count calls anew, and kills at the moment if it is a call's.
func (g *gate) arm(m crashMoment, kill func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.moment, g.kill, g.counts, g.first = m, kill, map[string]int{}, time.Time{}
}

func (g *gate) disarm() { g.arm(crashMoment{}, nil) }

// count is how many calls of an endpoint there were since the gate was armed.
func (g *gate) count(endpoint string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.counts[endpoint]
}

// firstCall is when the first call came since the gate was armed.
func (g *gate) firstCall() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.first
}

// struckAt is the call at which the program was killed first, "" where it was at none.
func (g *gate) struckAt() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.struck
}

// note adds to the history of the case.
func (g *gate) note(format string, args ...any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.log = append(g.log, time.Now().Format("15:04:05.000")+"  "+fmt.Sprintf(format, args...))
}

// came counts a call, and gives the moment and the killing if this is the one.
func (g *gate) came(endpoint string) (crashMoment, func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.counts == nil {
		return crashMoment{}, nil
	}
	if g.first.IsZero() {
		g.first = time.Now()
	}
	g.counts[endpoint]++
	g.counts[sandbox.EndpointAny]++
	kill := g.kill
	if kill == nil || g.moment.call == 0 || g.moment.endpoint != endpoint && g.moment.endpoint != sandbox.EndpointAny ||
		g.counts[g.moment.endpoint] != g.moment.call {
		return crashMoment{}, nil
	}
	g.kill = nil
	if g.struck == "" {
		g.struck = string(g.moment.stage) + " " + endpoint
	}
	return g.moment, kill
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	endpoint := endpointOf(r)
	m, kill := g.came(endpoint)
	if kill == nil {
		g.service.ServeHTTP(w, r)
		return
	}
	// The caller will be gone, and what it has sent arrives nevertheless.
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r = r.WithContext(context.WithoutCancel(r.Context()))
	r.Body = io.NopCloser(bytes.NewReader(body))
	switch m.stage {
	case stageBefore:
		g.note("--- killed as %s came in, which is lost", endpoint)
		kill()
	case stageLate:
		g.late.Add(1)
		defer g.late.Done()
		g.note("--- killed as %s came in, which goes on", endpoint)
		kill()
		time.Sleep(m.wait) // the call is on its way so long
		g.note("--- now %s arrives", endpoint)
		g.effect(r)
	case stageAfter:
		g.effect(r)
		g.note("--- killed before the answer to %s left", endpoint)
		kill()
	case stageAnswered:
		g.answer(w, r, m.wait)
		g.note("--- killed when %s was answered", endpoint)
		kill()
		return
	}
	panic(http.ErrAbortHandler)
}

// effect gives a call its effect, and the answer that nobody hears; false where a
// fault broke it off.
func (g *gate) effect(r *http.Request) (answer *httptest.ResponseRecorder, whole bool) {
	answer = httptest.NewRecorder()
	defer func() { _ = recover() }() // it is how a fault drops a connection
	g.service.ServeHTTP(answer, r)
	return answer, true
}

// answer answers a call, and sees the answer on its way.
func (g *gate) answer(w http.ResponseWriter, r *http.Request, wait time.Duration) {
	answer, whole := g.effect(r)
	if !whole {
		return
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(answer.Body.Len()))
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
	_ = http.NewResponseController(w).Flush()
	time.Sleep(wait) // the program reads it meanwhile
}

// endpointOf names the endpoint of a call as the sandbox does.
func endpointOf(r *http.Request) string {
	path, below := strings.CutPrefix(r.URL.Path, "/api/payment-requests")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	switch last := parts[len(parts)-1]; {
	case !below:
		return "other"
	case parts[0] == "":
		return sandbox.EndpointCreate
	case parts[0] == sandbox.EndpointExternalRef, parts[0] == sandbox.EndpointShortCode:
		return parts[0]
	case len(parts) == 1:
		return sandbox.EndpointGet
	default: // void, refund, confirm, release, activities, accept or decline
		return last
	}
}
