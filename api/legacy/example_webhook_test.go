package legacy_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	jose "github.com/go-jose/go-jose/v4"

	"centrapos/api/legacy"
)

// notifyURL is what a shop serves at the NotifyURL of its requests.
func notifyURL(verifier *legacy.WebhookVerifier) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		notification, err := verifier.Read(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		switch event := notification.Transaction; event.TransactionType {
		case legacy.TransactionPurchase:
			fmt.Println("paid:", event.Request.ID, "refund it by", event.ID)
		case legacy.TransactionRefund:
			fmt.Println("money went back:", event.Request.ID)
		default: // cancelled or expired, and what is added with time
			fmt.Println("look at", event.Request.ID)
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

// Receiving a webhook as an HTTP handler. A key of the example's own stands in
// for Centrapay's; give NewWebhookVerifier none to trust the published one.
func ExampleWebhookVerifier_Read() {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		fmt.Println(err)
		return
	}
	token, err := signed(private, `{"transaction":{"transactionId":"E6ctbmgmkgZ3xnPk3BkGvb","transactionType":"PURCHASE",
		"request":{"requestId":"TyqV56mEkNLUeiY2QskHNR","denomination":{"asset":"NZD","amount":1250}}}}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	verifier, err := legacy.NewWebhookVerifier(&private.PublicKey)
	if err != nil {
		fmt.Println(err)
		return
	}
	call := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/notify", strings.NewReader(`{"token":"`+token+`"}`))
	answer := httptest.NewRecorder()
	notifyURL(verifier).ServeHTTP(answer, call)
	fmt.Println(answer.Code)
	// Output:
	// paid: TyqV56mEkNLUeiY2QskHNR refund it by E6ctbmgmkgZ3xnPk3BkGvb
	// 204
}

func signed(key *ecdsa.PrivateKey, claims string) (string, error) {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, nil)
	if err != nil {
		return "", err
	}
	signature, err := signer.Sign([]byte(claims))
	if err != nil {
		return "", err
	}
	return signature.CompactSerialize()
}
