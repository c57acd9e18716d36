package api

import (
	"io"
	"net/http"
	"testing"
)

func TestWhatIsSent(t *testing.T) {
	t.Parallel()
	c := newClientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if r.ContentLength != int64(len(body)) || len(r.TransferEncoding) != 0 {
			t.Errorf("%s: length %d for %d bytes", r.URL, r.ContentLength, len(body))
		}
		if (r.Header.Get("Content-Type") == "application/json") != (len(body) > 0) {
			t.Errorf("%s: content type %q of %d bytes", r.URL, r.Header.Get("Content-Type"), len(body))
		}
		if r.UserAgent() != defaultUserAgent || r.Header.Get("X-Api-Key") != testKey || r.Header.Get("Authorization") != "" {
			t.Errorf("got headers %v", r.Header)
		}
		answering(200, `{"type":"payment"}`)(w, r)
	}))
	if _, _, err := c.PaymentRequests.Void(t.Context(), testID); err != nil {
		t.Error(err)
	}
	if _, _, err := c.PaymentRequests.Pay(t.Context(), testID, PayPaymentRequest{AssetType: AssetExternalTest}); err != nil {
		t.Error(err)
	}
}

func TestRequestIDOfTheService(t *testing.T) {
	t.Parallel()
	for _, name := range requestIDHeaders {
		h := http.Header{}
		h.Set(name, "id-1")
		if requestID(h) != "id-1" {
			t.Errorf("%s was not found", name)
		}
	}
	if requestID(http.Header{}) != "" {
		t.Error("there is an id in no header")
	}
}

func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	remotes := map[string]bool{}
	c := newClientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		remotes[r.RemoteAddr] = true
		answering(200, paymentRequestJSON(testID, "new"))(w, r)
	}))
	for range 5 {
		if err := get(c)(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(remotes) != 1 {
		t.Errorf("5 polls took %d connections", len(remotes))
	}
}
