package auth_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"centrapos/api"
	"centrapos/api/auth"
	"centrapos/api/sandbox"
)

// Log a person in, make calls for the organisation that they work at, and log
// out. The sandbox of this module stands in for Centrapay, and a function for the
// browser and the person; leave Issuer, Open and the URL of the client out for the
// real ones.
func Example() {
	ctx := context.Background()
	centrapay, err := sandbox.Listen(ctx, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = centrapay.Close() }()

	provider, err := auth.NewProvider(auth.Config{Issuer: sandbox.IssuerURL(centrapay.URL()), ClientID: sandbox.DemoClientID})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer provider.Close()
	tokens, err := provider.Login(ctx, auth.LoginOptions{
		RedirectURL: "http://127.0.0.1:0/oidc-callback", // as Centrapay was told
		Show:        func(string) { fmt.Println("Log in at the page that opens, or copy its address.") },
		Open:        logInAs("user", "mere@sandbox.example"),
	})
	switch {
	case errors.Is(err, auth.ErrLoginRefused):
		fmt.Println("You did not log in.")
		return
	case err != nil:
		fmt.Println(err)
		return
	}
	fmt.Println("Hello,", tokens.Claims.DisplayName())

	source := provider.Source(tokens, auth.SourceOptions{OnRefresh: func(renewed auth.Tokens) error {
		secret, err := renewed.Export()
		if err != nil {
			return err
		}
		return putIntoKeyring(secret)
	}})
	client, err := api.New(centrapay.URL(), api.WithUserToken(source), api.WithAccount(sandbox.DemoMerchantAccountID))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	request, _, err := client.PaymentRequests.Create(ctx, api.CreatePaymentRequest{
		ConfigID: sandbox.DemoConfigID, Value: api.NewMonetary(1250, "NZD"),
	})
	switch {
	case errors.Is(err, api.ErrLoginRequired):
		fmt.Println("Please log in again.")
		return
	case err != nil:
		fmt.Println(err)
		return
	}
	fmt.Println("A payment request of", request.Value)

	if err := errors.Join(source.Close(), provider.Revoke(ctx, source.Tokens())); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Log in at the page that opens, or copy its address.
	// Hello, Mere Ngata
	// A payment request of 1250 NZD
}

func putIntoKeyring([]byte) error { return nil }

// Why a till's key is refused something, and who is not.
func ExampleMay() {
	for _, p := range []auth.Permission{"payment-requests:refund", "merchants:read"} {
		verdict := auth.May(auth.MerchantTerminal, p, auth.Target{Flags: auth.Organisation})
		fmt.Println(verdict.Allowed, verdict.Reason)
	}
	// Output:
	// true A merchant terminal has payment-requests:refund for what belongs to its own account.
	// false A merchant terminal does not have merchants:read; an account owner and a cashier do.
}

// The same by the name of a call.
func ExampleMayCall() {
	for _, call := range []string{"PaymentRequests.Create", "BankAccounts.Get", "Merchants.Configs"} {
		fmt.Println(call+":", auth.MayCall(auth.MerchantTerminal, call).Reason)
	}
	// Output:
	// PaymentRequests.Create: A merchant terminal has payment-requests:create for what belongs to any account; it needs the account that owns the resource to be of type org.
	// BankAccounts.Get: A merchant terminal does not have bank-accounts:read; an account owner does.
	// Merchants.Configs: The documents name no permission for merchant configs; only the service can tell.
}

// How the current table differs from that of the founding documents.
func ExampleEdition() {
	for _, edition := range []auth.Edition{auth.Founding, auth.Current} {
		fmt.Println(len(edition.Permissions()), edition.May(auth.MerchantTerminal, "payment-activities:read").Allowed)
	}
	// Output:
	// 43 false
	// 63 true
}

// Verify a webhook. Here the network is a function, so that the example runs
// anywhere; leave HTTPClient and KeysURL out to believe Centrapay.
func ExampleVerifier_Verify() {
	network, sign := centrapay()
	verifier, err := auth.NewVerifier(auth.VerifierConfig{
		Audience: "https://shop.example.com/centrapay", HTTPClient: &http.Client{Transport: network},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer verifier.Close()

	body := []byte(`{"id":"n1","type":"payment-request:paid","data":{"type":"payment","value":{"amount":"1250","currency":"NZD"}}}`)
	header := sign(body)
	n, err := verifier.Verify(context.Background(), header, body)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(n.ID, n.Type, n.Data.Value)

	forged := strings.Replace(string(body), "1250", "9999", 1)
	_, err = verifier.Verify(context.Background(), header, []byte(forged))
	fmt.Println(errors.Is(err, auth.ErrNotGenuine))
	// Output:
	// n1 payment-request:paid 1250 NZD
	// true
}

type network func(*http.Request) (*http.Response, error)

func (n network) RoundTrip(r *http.Request) (*http.Response, error) { return n(r) }

// centrapay stands in for Centrapay: the network that its keys are read from,
// and what signs its calls.
func centrapay() (network, func(body []byte) string) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	key := jose.JSONWebKey{Key: private, KeyID: "key-1", Algorithm: "ES256"}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, nil)
	if err != nil {
		panic(err)
	}
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key.Public()}})
	if err != nil {
		panic(err)
	}
	answer := func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(set))), Request: r}, nil
	}
	return answer, func(body []byte) string {
		sum := sha256.Sum256(body)
		claims, err := json.Marshal(map[string]any{
			"aud": "https://shop.example.com/centrapay", "iat": time.Now().Unix(), "exp": time.Now().Add(5 * time.Minute).Unix(),
			"request_body_sha256": hex.EncodeToString(sum[:]),
		})
		if err != nil {
			panic(err)
		}
		signed, err := signer.Sign(claims)
		if err != nil {
			panic(err)
		}
		token, err := signed.CompactSerialize()
		if err != nil {
			panic(err)
		}
		return token
	}
}
