package legacy

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"centrapos/api"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	testKey    = "tk-9f2c71d04be84a53-secret"
	testPrefix = "/some/where"
	testID     = "64b023fc-f17f-4f3d-afb6-0401306cd550"
)

// asked is a request as the service got it.
type asked struct {
	Method, Path string
	Query, Form  url.Values
	Body         string
	Header       http.Header
}

// transportHeaders are added by net/http and say nothing about the call.
var transportHeaders = []string{"User-Agent", "Accept-Encoding", "Content-Length"}

func askedOf(t testing.TB, r *http.Request) asked {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	a := asked{
		Method: r.Method, Path: strings.TrimPrefix(r.URL.EscapedPath(), testPrefix),
		Query: r.URL.Query(), Body: string(body), Header: r.Header.Clone(),
	}
	maps.DeleteFunc(a.Header, func(name string, _ []string) bool { return slices.Contains(transportHeaders, name) })
	if a.Form, err = url.ParseQuery(a.Body); err != nil {
		t.Error(err)
	}
	return a
}

func answering(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// reset breaks the connection in place of an answer.
func reset(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// recording keeps the last request and how many there were.
type recording struct {
	t     testing.TB
	next  http.HandlerFunc
	last  atomic.Pointer[asked]
	calls atomic.Int32
}

func (s *recording) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := askedOf(s.t, r)
	s.last.Store(&a)
	s.calls.Add(1)
	s.next(w, r)
}

// serve returns a client of a service that answers with next, over real HTTP
// and below a path; its retries do not wait. A nil credential is none.
func serve(t testing.TB, next http.HandlerFunc, credential api.Option, opts ...Option) (*Client, *recording) {
	t.Helper()
	s := &recording{t: t, next: next}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	options := []api.Option{api.WithRetryPolicy(api.RetryPolicy{MaxAttempts: 3, MaxDelay: time.Millisecond})}
	if credential != nil {
		options = append(options, credential)
	}
	c, err := api.New(server.URL+testPrefix, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return New(c, opts...), s
}

// today and first return clients of the two forms.
func today(t testing.TB, next http.HandlerFunc) (*Client, *recording) {
	t.Helper()
	return serve(t, next, api.WithAPIKey(testKey))
}

func first(t testing.TB, next http.HandlerFunc) (*Client, *recording) {
	t.Helper()
	return serve(t, next, nil, AsFirstPublished())
}

func readFixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "fixtures", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func fixtureNames(t testing.TB, suffix string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "fixtures", "*"+suffix))
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures *%s: %v", suffix, err)
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(filepath.Base(f), suffix)
	}
	return files
}

func response(t testing.TB, name string) string {
	t.Helper()
	return string(readFixture(t, name+".response.json"))
}

func read[T any](t testing.TB, wire string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(wire), &v); err != nil {
		t.Fatalf("%v in %s", err, wire)
	}
	return v
}

func write(t testing.TB, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
