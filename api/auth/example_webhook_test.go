package auth_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"centrapos/api/auth"
)

// webhook is what a shop serves at the address that it told Centrapay. seen
// reports whether a notification came before, and remembers it.
func webhook(verifier *auth.Verifier, seen func(id string) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil {
			http.Error(w, "cannot read the body", http.StatusBadRequest)
			return
		}
		n, err := verifier.Verify(r.Context(), r.Header.Get("Authorization"), body)
		switch {
		case errors.Is(err, auth.ErrNotGenuine):
			http.Error(w, "not from Centrapay", http.StatusForbidden)
			return
		case errors.Is(err, auth.ErrKeysUnavailable):
			http.Error(w, "try again", http.StatusServiceUnavailable) // Centrapay does, for two weeks
			return
		case err != nil:
			http.Error(w, "not understood", http.StatusBadRequest)
			return
		}
		if !seen(n.ID) && n.Type == auth.NotificationPaid && n.Data != nil {
			// Answer quickly, and ask for the payment request afterwards: it tells how
			// things stand, a notification only how they were.
			fmt.Println("paid:", n.Data.PaymentRequestID, n.Data.Value)
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

// Receiving webhooks as an HTTP handler: what is genuine is acted on once, what
// is not is refused.
func ExampleVerifier() {
	network, sign := centrapay()
	verifier, err := auth.NewVerifier(auth.VerifierConfig{
		Audience: "https://shop.example.com/centrapay", HTTPClient: &http.Client{Transport: network},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer verifier.Close()
	known := map[string]bool{}
	handler := webhook(verifier, func(id string) bool {
		was := known[id]
		known[id] = true
		return was
	})

	body := `{"id":"n1","type":"payment-request:paid","data":{"type":"payment",
		"paymentRequestId":"MhocUmpxxmgdHjr7DgKoKw","value":{"amount":"1250","currency":"NZD"}}}`
	token := sign([]byte(body))
	for _, received := range []string{body, body, strings.Replace(body, "1250", "9999", 1)} {
		call := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/centrapay", strings.NewReader(received))
		call.Header.Set("Authorization", token)
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, call)
		fmt.Println(answer.Code)
	}
	// Output:
	// paid: MhocUmpxxmgdHjr7DgKoKw 1250 NZD
	// 204
	// 204
	// 403
}
