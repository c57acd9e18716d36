package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// What goes wrong on the network is said in words that a shop can do something
// with; what the words leave out stands in brackets at the end.
func TestNetworkErrorsAreSaidInPlainWords(t *testing.T) {
	t.Parallel()
	secure := httptest.NewUnstartedServer(answering(200, "{}"))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	plain := httptest.NewServer(answering(200, "{}"))
	t.Cleanup(plain.Close)
	free, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = free.Close()
	tests := map[string]struct{ url, says string }{
		"nobody":       {"http://" + free.Addr().String(), "nobody answers there [dial tcp "},
		"a stranger":   {secure.URL, "from nobody whom this machine trusts"},
		"no https":     {strings.Replace(plain.URL, "http:", "https:", 1), "does not speak https"},
		"no such name": {"https://no-such-machine.invalid", "no-such-machine.invalid"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := mustNew(t, tt.url, WithAPIKey(testKey))
			defer c.Close()
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			err := get(c, WithoutRetry())(ctx)
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Fatalf("got %v, want %q", err, tt.says)
			}
			words, _, _ := strings.Cut(err.Error(), " [")
			for _, leak := range []string{"x509", "tls:", "dial tcp", "syscall", "lookup "} {
				if strings.Contains(words, leak) {
					t.Errorf("the words have %q: %s", leak, words)
				}
			}
		})
	}
}

func TestAnswersThatCannotBeReadAreSaidInPlainWords(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		`{"id":7,"status":"new"}`: "its id is a number [",
		`[]`:                      "it is a list [",
		`{"id":`:                  "it ends too early [",
		`<html>`:                  "it is no JSON [",
		``:                        "it ends too early [",
	}
	for body, says := range tests {
		_, _, err := newClientOf(t, answering(200, body)).PaymentRequests.Get(t.Context(), testID, WithoutRetry())
		if err == nil || !strings.Contains(err.Error(), "the answer is not what it should be: "+says) {
			t.Errorf("%s: got %v", body, err)
		}
	}
	var kind *json.UnmarshalTypeError
	_, _, err := newClientOf(t, answering(200, `{"id":7}`)).PaymentRequests.Get(t.Context(), testID, WithoutRetry())
	if !errors.As(err, &kind) {
		t.Errorf("the cause is lost: %v", err)
	}
	_, _, err = newClientOf(t, answering(403, `<html>`)).PaymentRequests.Get(t.Context(), testID, WithoutRetry())
	if err == nil || !strings.Contains(err.Error(), "answer 403 is no error answer of the service: it is no JSON [") {
		t.Errorf("got %v", err)
	}
}

func TestTimesThatRunOutAreSaidInPlainWords(t *testing.T) {
	t.Parallel()
	c := newClientOf(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	err := get(c, WithoutRetry())(ctx)
	if err == nil || !strings.Contains(err.Error(), "no complete answer came in time") || strings.Contains(err.Error(), "context") {
		t.Errorf("got %v", err)
	}
	err = get(c, WithoutRetry())(ctx)
	if err == nil || !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "context") {
		t.Errorf("after its end: %v", err)
	}
}
