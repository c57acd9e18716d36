package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

func TestParseFault(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string]string{
		"create:drop-after:1":                 "create:drop-after:1",
		"get:delay":                           "get:delay=5s:*",
		"get:delay-after=250ms:3+":            "get:delay-after=250ms:3+",
		"*:status=502:2-4":                    "*:status=502:2-4",
		"void:status-after=504:*":             "void:status-after=504:*",
		"get:status=429":                      "get:status=429,1:*",
		"get:status=429,30:1":                 "get:status=429,30:1",
		"get:status=503,5":                    "get:status=503,5:*",
		"pay:hang-after=2m:1":                 "pay:hang-after=2m0s:1",
		"accept:html=403":                     "accept:html=403:*",
		"decline:redirect=307":                "decline:redirect=307:*",
		"short-code:empty-before":             "short-code:empty-before:*",
		"external-ref:wrong-shape":            "external-ref:wrong-shape:*",
		"activities:truncated":                "activities:truncated:*",
		"summary:cut-after:2-2":               "summary:cut:2",
		"get:drip=1s":                         "get:drip=1s:*",
		"get:drop-before:1-3":                 "get:drop-before:1-3",
		"get:drop-after:20%":                  "get:drop-after:20%",
		"*:status=500:0.05%":                  "*:status=500:0.05%",
		"*:delay=1s:100.00%":                  "*:delay=1s:100%",
		"void:duplicate":                      "void:duplicate=second:*",
		"void:duplicate=first:1":              "void:duplicate=first:1",
		"*:quirks":                            "*:quirks=all:*",
		"get:quirks=F1,A1,E1:3+":              "get:quirks=A1,E1,F1:3+",
		"pay:quirks=B1:20%":                   "pay:quirks=B1:20%",
		"connect:reset:2":                     "connect:reset:2",
		"activities:lag":                      "activities:lag=10s:*",
		"merchant-activities:lag-after=1m:2+": "merchant-activities:lag=1m0s:2+",
		"*:skew":                              "*:skew=5m0s:*",
		"get:skew=-90s:50%":                   "get:skew=-1m30s:50%",
	} {
		f, err := sandbox.ParseFault(spec)
		if err != nil || f.String() != want {
			t.Errorf("%s: %q, %v, want %q", spec, f, err, want)
			continue
		}
		if again, err := sandbox.ParseFault(f.String()); err != nil || again != f {
			t.Errorf("%s is read as %q, %v", f, again, err)
		}
	}
}

func TestParseFaultRefuses(t *testing.T) {
	t.Parallel()
	for _, spec := range []string{
		"", "create", "create:", "nowhere:drop-after", "create:drop", "create:fly", "create:truncated-before",
		"create:delay=soon", "create:delay=-1s", "create:delay=0s", "create:status=99", "create:status=302", "create:redirect=200",
		"create:status=500,3", "create:status=429,x", "create:empty=1", "create:drop-after:0", "create:drop-after:x",
		"create:drop-after:4-2", "create:drop-after:-1", "create:drop-after:1:2", "create:drop-after:+", strings.Repeat("x", 1000),
		"get:drop-after:0%", "get:drop-after:101%", "get:drop-after:0.001%", "get:drop-after:%", "get:drop-after:-1%", "get:drop-after:20%%",
		"create:reset", "connect:drop-before", "connect:delay", "*:reset", "create:duplicate=third", "create:duplicate-before",
		"get:lag", "*:lag", "activities:lag=-1s", "activities:lag-before", "connect:skew", "get:skew=0s", "get:skew=late", "get:skew-before",
		"create:quirks=Z9", "create:quirks=", "create:quirks=A1,,E1", "create:quirks-before",
	} {
		f, err := sandbox.ParseFault(spec)
		if err == nil {
			t.Errorf("%q is read as %q", spec, f)
		} else if !strings.Contains(err.Error(), "create:drop-after:1") || len(err.Error()) > 600 {
			t.Errorf("%q: the error shows no example, or is too long: %v", spec, err)
		}
	}
}

func mustFault(t testing.TB, spec string) sandbox.Fault {
	t.Helper()
	f, err := sandbox.ParseFault(spec)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// pipeListener is a network inside the test, for virtual time.
type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error   { l.once.Do(func() { close(l.done) }); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.IPAddr{IP: net.IPv4(127, 0, 0, 1)} }

func (l *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	c, s := net.Pipe()
	select {
	case l.conns <- s:
		return c, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// inBubble runs do in virtual time with a sandbox and an HTTP client of it that
// gives up after patience.
func inBubble(t *testing.T, patience time.Duration, spec string, do func(r *rig, client *http.Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		svc, err := sandbox.New()
		if err != nil {
			t.Fatal(err)
		}
		l := &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
		server := &http.Server{Handler: svc}
		go func() { _ = server.Serve(l) }()
		transport := &http.Transport{DialContext: l.dial, DisableKeepAlives: true}
		defer func() {
			transport.CloseIdleConnections()
			svc.Close()
			_ = server.Close()
			synctest.Wait()
		}()
		svc.AddFault(mustFault(t, spec))
		do(&rig{TB: t, svc: svc, key: sandbox.DemoAPIKey}, &http.Client{
			Transport: transport, Timeout: patience,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		})
	})
}

// answer is what came of a call over HTTP.
type answer struct {
	status int
	header http.Header
	body   string
	err    error
	took   time.Duration
}

func callOver(t testing.TB, client *http.Client, method, url, body string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Api-Key", sandbox.DemoAPIKey)
	req.Header.Set("Content-Type", "application/json")
	began := time.Now()
	resp, err := client.Do(req)
	if err != nil {
		return answer{err: err, took: time.Since(began)}
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	return answer{status: resp.StatusCode, header: resp.Header, body: string(text), err: err, took: time.Since(began)}
}

const createJSON = `{"configId":"` + sandbox.DemoConfigID + `","value":{"amount":"1250","currency":"NZD"},"externalRef":"T1-0042"}`

func isWhole(a answer) bool {
	var p api.PaymentRequest
	return a.err == nil && a.status == 200 && json.Unmarshal([]byte(a.body), &p) == nil && p.ID != "" && p.URL != ""
}

// TestEachFault strikes a create with every kind of fault: what the caller meets
// and whether the payment request was made.
func TestEachFault(t *testing.T) {
	t.Parallel()
	status := func(n int, part string) func(answer) bool {
		return func(a answer) bool { return a.err == nil && a.status == n && strings.Contains(a.body, part) }
	}
	broken := func(a answer) bool { return a.err != nil && a.status == 0 && a.took == 0 }
	gaveUp := func(a answer) bool { return a.err != nil && a.took == 8*time.Second }
	late := func(a answer) bool { return isWhole(a) && a.took == 5*time.Second }
	for spec, c := range map[string]struct {
		meets  func(answer) bool
		effect bool
	}{
		"create:delay":            {late, true},
		"create:delay-after":      {late, true},
		"create:delay=20s":        {gaveUp, false},
		"create:delay-after=20s":  {gaveUp, true},
		"create:hang":             {gaveUp, false},
		"create:hang-after":       {gaveUp, true},
		"create:hang=3s":          {func(a answer) bool { return a.err != nil && a.took == 3*time.Second }, false},
		"create:drop-before":      {broken, false},
		"create:drop-after":       {broken, true},
		"create:status":           {status(500, `{"statusCode":500,"error":"Internal Server Error","message":"SERVER ERROR"}`), false},
		"create:status=502":       {status(502, "<html>"), false},
		"create:status=503":       {status(503, "<html>"), false},
		"create:status-after=504": {status(504, "<html>"), true},
		"create:status=429,7": {func(a answer) bool {
			return status(429, "RATE_LIMIT_EXCEEDED")(a) && a.header.Get("Retry-After") == "7"
		}, false},
		"create:html":           {status(200, "Free Wi-Fi"), false},
		"create:html-after=403": {status(403, "Free Wi-Fi"), true},
		"create:redirect":       {func(a answer) bool { return a.status == 302 && a.header.Get("Location") != "" }, false},
		"create:empty":          {func(a answer) bool { return a.err == nil && a.status == 200 && a.body == "" }, true},
		"create:empty-before":   {func(a answer) bool { return a.err == nil && a.status == 200 && a.body == "" }, false},
		"create:wrong-shape":    {status(200, `"hello"`), true},
		"create:truncated":      {func(a answer) bool { return a.err == nil && a.status == 200 && !json.Valid([]byte(a.body)) }, true},
		"create:cut": {func(a answer) bool {
			return errors.Is(a.err, io.ErrUnexpectedEOF) && a.status == 200 && len(a.body) > 50
		}, true},
		"create:drip=4s":  {func(a answer) bool { return isWhole(a) && a.took == 4*time.Second }, true},
		"create:drip=1m":  {func(a answer) bool { return a.err != nil && a.status == 200 && a.took == 8*time.Second }, true},
		"get:status":      {isWhole, true},
		"create:status:2": {isWhole, true},
	} {
		t.Run(spec, func(t *testing.T) {
			t.Parallel()
			inBubble(t, 8*time.Second, spec, func(r *rig, client *http.Client) {
				got := callOver(r, client, post, "http://sandbox"+requests, createJSON)
				if !c.meets(got) {
					t.Errorf("the caller met %d %q, %v, after %v", got.status, got.body, got.err, got.took)
				}
				all, err := r.svc.Requests()
				if err != nil || len(all) != map[bool]int{true: 1}[c.effect] {
					t.Errorf("%d payment requests were made (%v)", len(all), err)
				}
			})
		})
	}
}

// A slow service does what it was asked also for a caller who has gone.
func TestDelayedEffectComesAfterTheCallerHasGone(t *testing.T) {
	t.Parallel()
	inBubble(t, 8*time.Second, "create:delay=20s", func(r *rig, client *http.Client) {
		if got := callOver(r, client, post, "http://sandbox"+requests, createJSON); got.err == nil {
			t.Errorf("got %+v", got)
		}
		time.Sleep(15 * time.Second)
		synctest.Wait()
		if all, err := r.svc.Requests(); err != nil || len(all) != 1 {
			t.Errorf("%d payment requests (%v)", len(all), err)
		}
	})
}

func TestFaultsCountCallsOfTheirEndpoint(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.WithFaults(
		mustFault(t, "get:status=502:2"), mustFault(t, "get:status=503:4-5"), mustFault(t, "get:status=504:7+"), mustFault(t, "*:status=500:9")))
	id := r.create(nil).ID // the first call of *
	var got []int
	for range 9 {
		got = append(got, r.call(get, at(id), nil).Code)
		if w := r.call(get, at(id, "summary"), nil); w.Code != 200 && len(got) != 4 {
			t.Errorf("the summary answered %d", w.Code)
		}
	}
	want := []int{200, 502, 200, 503, 503, 200, 504, 504, 504}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("polls answered %v, want %v", got, want)
		}
	}
	states := r.svc.Faults()
	if len(states) != 4 || states[2].Spec != "get:status=504:7+" || states[2].Calls != 9 || states[2].Hits != 3 {
		t.Errorf("faults %+v", states)
	}
}

func TestDelaysAddToOtherFaults(t *testing.T) {
	t.Parallel()
	inBubble(t, 30*time.Second, "create:delay=2s", func(r *rig, client *http.Client) {
		for _, spec := range []string{"create:drop-after", "create:delay-after=3s", "create:status=500"} {
			r.svc.AddFault(mustFault(t, spec))
		}
		if got := callOver(r, client, post, "http://sandbox"+requests, createJSON); got.err == nil || got.took != 5*time.Second {
			t.Errorf("met %+v", got)
		}
	})
}

// On a real connection a drop is a reset.
func TestDropResetsTheConnection(t *testing.T) {
	t.Parallel()
	server := listen(t, sandbox.WithFaults(mustFault(t, "create:drop-after:1")))
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	got := callOver(t, client, post, server.URL()+requests, createJSON)
	if !errors.Is(got.err, syscall.ECONNRESET) {
		t.Errorf("met %v", got.err)
	}
	if all, err := server.Service().Requests(); err != nil || len(all) != 1 {
		t.Errorf("%d payment requests (%v)", len(all), err)
	}
}

// Where there is no connection to reset, the handler is aborted.
func TestDropWithoutAConnectionAborts(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.WithFaults(mustFault(t, "create:drop-before")))
	defer func() {
		if got := recover(); got != http.ErrAbortHandler { //nolint:errorlint // the value panicked with is this very one
			t.Errorf("recovered %v", got)
		}
	}()
	r.call(post, requests, coffee())
}

func TestFaultsStrikeBeforeCredentials(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.WithFaults(mustFault(t, "*:status=502"))).as("wrong")
	if w := r.call(get, at("x"), nil); w.Code != http.StatusBadGateway {
		t.Errorf("answered %d", w.Code)
	}
	if w := r.send(httptest.NewRequestWithContext(t.Context(), get, "/pay/x", nil)); w.Code != http.StatusNotFound {
		t.Errorf("the pay page was struck: %d", w.Code)
	}
}

func TestObserverSeesEachCall(t *testing.T) {
	t.Parallel()
	var seen []sandbox.Call
	r := newRig(t, sandbox.WithObserver(func(c sandbox.Call) { seen = append(seen, c) }),
		sandbox.WithFaults(mustFault(t, "void:status=502:1")))
	id := r.create(nil).ID
	r.clock.advance(time.Second)
	r.call(post, at(id, "void"), nil)
	r.as("wrong").call(get, at(id), nil)
	r.call(get, "/api/nothing", nil)
	if len(seen) != 3 {
		t.Fatalf("saw %+v", seen)
	}
	if c := seen[1]; c.Endpoint != "void" || c.Status != 502 || c.Path != at(id, "void") || len(c.Faults) != 1 || c.At != start.Add(time.Second) {
		t.Errorf("saw %+v", c)
	}
	if c := seen[2]; c.Endpoint != "get" || c.Status != 401 {
		t.Errorf("saw %+v", c)
	}
}
