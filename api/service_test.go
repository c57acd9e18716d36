package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	testKey    = "tk-9f2c71d04be84a53-secret"
	testPrefix = "/some/where"
	testID     = "MhocUmpxxmgdHjr7DgKoKw"
)

// exchange is one request that the service expects, and its answer.
type exchange struct {
	method, path string
	query        url.Values
	// body is the JSON body expected; "" expects none.
	body string
	// headers are expected beside the key; those not named here must be ones
	// that any HTTP client sends.
	headers map[string]string

	status int // 200 when 0
	header http.Header
	reply  string
	// handle answers instead of reply.
	handle http.HandlerFunc
}

// transportHeaders are added by net/http and say nothing about the call.
var transportHeaders = []string{"User-Agent", "Accept-Encoding", "Content-Length"}

func (x exchange) check(t testing.TB, r *http.Request) {
	t.Helper()
	if got, want := r.Method+" "+r.URL.EscapedPath(), x.method+" "+testPrefix+x.path; got != want {
		t.Errorf("got request %s, want %s", got, want)
	}
	if got := r.URL.Query(); !(len(got) == 0 && len(x.query) == 0) && !reflect.DeepEqual(got, x.query) {
		t.Errorf("%s: got query %v, want %v", x.path, got, x.query)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Errorf("%s: %v", x.path, err)
	}
	if (x.body == "") != (len(body) == 0) {
		t.Errorf("%s: got body %q, want %q", x.path, body, x.body)
	} else if x.body != "" {
		if diff := differences("", generic(t, []byte(x.body)), generic(t, body)); len(diff) != 0 {
			t.Errorf("%s: body differs: %s", x.path, strings.Join(diff, "\n"))
		}
	}
	x.checkHeaders(t, r.Header)
}

func (x exchange) checkHeaders(t testing.TB, got http.Header) {
	t.Helper()
	want := map[string]string{"X-Api-Key": testKey}
	if x.body != "" {
		want["Content-Type"] = "application/json"
	}
	for k, v := range x.headers {
		want[http.CanonicalHeaderKey(k)] = v
	}
	for k, v := range want {
		if got.Get(k) != v {
			t.Errorf("%s: got header %s: %q, want %q", x.path, k, got.Get(k), v)
		}
	}
	for k := range maps.Keys(got) {
		if _, ok := want[k]; !ok && !slices.Contains(transportHeaders, k) {
			t.Errorf("%s: got header %s: %q, want none", x.path, k, got.Get(k))
		}
	}
}

func (x exchange) answer(w http.ResponseWriter, r *http.Request) {
	if x.handle != nil {
		x.handle(w, r)
		return
	}
	maps.Copy(w.Header(), x.header)
	if x.status != 0 {
		w.WriteHeader(x.status)
	}
	_, _ = io.WriteString(w, x.reply)
}

// expectations answers the expected exchanges in their order. A request that is
// not expected fails the test, and so does an expected one that never came.
func expectations(t testing.TB, exchanges ...exchange) http.Handler {
	t.Helper()
	var mu sync.Mutex
	next := 0
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		for _, x := range exchanges[next:] {
			t.Errorf("request %s %s never came", x.method, x.path)
		}
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		if next == len(exchanges) {
			mu.Unlock()
			t.Errorf("unexpected request %s %s", r.Method, r.URL)
			w.WriteHeader(http.StatusTeapot)
			return
		}
		x := exchanges[next]
		next++
		mu.Unlock()
		x.check(t, r)
		x.answer(w, r)
	})
}

// newService returns a client of a service that expects the exchanges.
func newService(t testing.TB, exchanges ...exchange) *Client {
	t.Helper()
	return newClientOf(t, expectations(t, exchanges...))
}

// newClientOf returns a client of h over real HTTP, below a path. Its retries
// do not wait.
func newClientOf(t testing.TB, h http.Handler, opts ...Option) *Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	base := []Option{
		WithAPIKey(testKey),
		WithRetryPolicy(RetryPolicy{MaxAttempts: 3, MaxDelay: time.Millisecond}),
	}
	return mustNew(t, server.URL+testPrefix, append(base, opts...)...)
}

func mustNew(t testing.TB, baseURL string, opts ...Option) *Client {
	t.Helper()
	c, err := New(baseURL, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// memListener is a network inside the test, for virtual time.
type memListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (l *memListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *memListener) Close() error   { l.once.Do(func() { close(l.done) }); return nil }
func (l *memListener) Addr() net.Addr { return &net.IPAddr{IP: net.IPv4(127, 0, 0, 1)} }

func (l *memListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	c, s := net.Pipe()
	select {
	case l.conns <- s:
		return c, nil
	case <-l.done:
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// inBubble returns a client of h that lives wholly inside a synctest bubble, and
// a function that ends both.
func inBubble(t testing.TB, h http.Handler, opts ...Option) (*Client, func()) {
	t.Helper()
	l := &memListener{conns: make(chan net.Conn), done: make(chan struct{})}
	server := &http.Server{Handler: h}
	go func() { _ = server.Serve(l) }()
	tr := &http.Transport{DialContext: l.dial}
	base := []Option{WithAPIKey(testKey), WithHTTPClient(&http.Client{Transport: tr})}
	c, err := New("http://localhost"+testPrefix, append(base, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c, func() {
		c.Close()
		_ = server.Close()
	}
}

func answering(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// paymentRequestJSON is a payment request as get returns it.
func paymentRequestJSON(id, status string) string {
	body, err := json.Marshal(PaymentRequest{
		ID: id, URL: "https://app.centrapay.com/pay/" + id, Status: Status(status),
		Value: NewMonetary(1250, "NZD"),
	})
	if err != nil {
		panic(err)
	}
	return string(bytes.TrimSpace(body))
}
