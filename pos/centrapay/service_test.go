package centrapay_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/pos/centrapay"
)

const (
	key       = "tk-3d1f0c77a9e24b60-secret"
	requestID = "MhocUmpxxmgdHjr7DgKoKw"
)

// service is a Centrapay that answers every call the same way, and remembers
// the calls.
type service struct {
	mu    sync.Mutex
	calls []string
	body  []byte
}

func (s *service) seen() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

func (s *service) lastBody() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.body
}

// answers starts a service and gives the payments of a client of it.
func answers(t *testing.T, answer http.HandlerFunc) (centrapay.Payments, *service) {
	t.Helper()
	s := &service{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.calls = append(s.calls, r.Method+" "+r.URL.RequestURI())
		s.body = body
		s.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return paymentsAt(t, server.URL), s
}

func paymentsAt(t *testing.T, url string) centrapay.Payments {
	t.Helper()
	client, err := api.New(url, api.WithAPIKey(key),
		api.WithTimeouts(api.Timeouts{Total: 2 * time.Second, ResponseHeader: 300 * time.Millisecond}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return centrapay.New(client)
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func published(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".response.json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
