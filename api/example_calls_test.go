package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"centrapos/api"
	"centrapos/api/auth"
)

// conditional stands in for Centrapay: the customer is to show a photo id, and
// the payment goes through once staff have said that they did.
func conditional() *httptest.Server {
	const request = `{"id":"MhocUmpxxmgdHjr7DgKoKw","url":"https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw",
		"value":{"amount":"8900","currency":"NZD"},"status":%q,
		"merchantConditions":[{"id":"1","name":"photo-id-check","message":"Please check ID","status":%q}]}`
	status, condition := "new", "awaiting-merchant"
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/conditions/1/accept") {
			status, condition = "paid", "accepted"
			_, _ = io.WriteString(w, `{"type":"accept-condition","conditionId":"1"}`)
			return
		}
		fmt.Fprintf(w, request, status, condition)
	}))
}

// A sale whose payment is subject to a condition: poll once a second, ask staff
// what the service asks them, and poll on. A real loop also ends: it voids the
// request some seconds after its ExpiresAt, see package pos.
func ExamplePaymentRequestsClient_Create() {
	server := conditional()
	defer server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	client, err := api.New(server.URL, api.WithAPIKey("an-api-key"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	request, _, err := client.PaymentRequests.Create(ctx, api.CreatePaymentRequest{
		ConfigID:          "mc_5efbe2fb96c08357bb2b9242",
		Value:             api.NewMonetary(8900, "NZD"),
		Barcode:           "424242424", // as it was scanned
		ConditionsEnabled: true,        // without it the condition would cancel the request
		ExternalRef:       "sale-0002",
		TerminalID:        "till-1",
		DeviceID:          "SN-104",
	})
	if err != nil {
		fmt.Println(api.OutcomeOf(err), err)
		return
	}
	every := time.NewTicker(10 * time.Millisecond) // time.Second at a till
	defer every.Stop()
	for !request.Status.IsFinal() {
		select {
		case <-ctx.Done():
			fmt.Println("not known; void it:", ctx.Err())
			return
		case <-every.C:
		}
		polled, _, err := client.PaymentRequests.Get(ctx, request.ID, api.Urgent())
		if err != nil {
			fmt.Println("not known now, perhaps at the next poll:", err)
			continue
		}
		request = polled
		for _, condition := range request.MerchantConditions {
			if condition.Status != api.ConditionAwaitingMerchant {
				continue // of the others staff are only told
			}
			fmt.Println(condition.Message)
			if _, _, err := client.PaymentRequests.AcceptCondition(ctx, request.ID, condition.ID); err != nil {
				fmt.Println("the next poll tells what became of it:", err)
			}
		}
	}
	fmt.Println(request.Status, request.Value)
	// Output:
	// Please check ID
	// paid 8900 NZD
}

// Recording that the rest of a sale was paid in cash. With the same
// IdempotencyKey, kept by the caller before the call, it counts once however
// often it is attempted.
func ExamplePaymentRequestsClient_Pay() {
	server := dropsFirst(`{"type":"payment","assetType":"external.main","external":true,"value":{"amount":"350","currency":"NZD"}}`)
	defer server.Close()
	client, err := api.New(server.URL, api.WithAPIKey("an-api-key"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	activity, meta, err := client.PaymentRequests.Pay(context.Background(), "MhocUmpxxmgdHjr7DgKoKw", api.PayPaymentRequest{
		IdempotencyKey: "sale-0001-cash",
		AssetType:      api.AssetExternalMain,
		Amount:         "350",
	})
	switch api.OutcomeOf(err) {
	case api.Done:
		fmt.Printf("%s of %s by %s (attempts: %d)\n", activity.Type, activity.Value, activity.AssetType, meta.Attempts)
	case api.Refused:
		fmt.Println("not recorded:", err)
	case api.NotSent, api.Unknown:
		fmt.Println("ask again with the same key:", err)
	}
	// Output: payment of 350 NZD by external.main (attempts: 2)
}

// issuing stands in for Centrapay and its login service, which gives a new access
// token for a refresh token.
func issuing() *httptest.Server {
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]string{
			"issuer": server.URL, "jwks_uri": server.URL + "/keys",
			"authorization_endpoint": server.URL + "/authorize", "token_endpoint": server.URL + "/token",
		})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"access_token":"an-access-token","token_type":"Bearer","expires_in":3600}`)
	})
	mux.HandleFunc("GET /api/account-memberships", func(w http.ResponseWriter, r *http.Request) {
		fmt.Println(r.Header.Get("Authorization"), "for", r.Header.Get("X-Centrapay-Account"))
		_, _ = io.WriteString(w, `[{"accountId":"Jaim1Cu1Q55uooxSens6yk","accountName":"Bob's Burgers","role":"account-owner"}]`)
	})
	return server
}

// Calls as a person who logged in before: the refresh token that was kept gets an
// access token when the first call needs one, and another before that ends.
func ExampleWithUserToken() {
	server := issuing()
	defer server.Close()
	provider, err := auth.NewProvider(auth.Config{Issuer: server.URL, ClientID: "7mapl0nqonkgl5vfeb3cf86miu"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer provider.Close()
	kept := auth.Tokens{RefreshToken: auth.NewSecret("a-refresh-token")} // from the keyring, see auth.ImportTokens
	source := provider.Source(kept, auth.SourceOptions{})                // OnRefresh keeps what is new
	defer func() { _ = source.Close() }()

	client, err := api.New(server.URL, api.WithUserToken(source), api.WithAccount("Jaim1Cu1Q55uooxSens6yk"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	accounts, _, err := client.Accounts.Memberships(context.Background())
	if err != nil {
		fmt.Println(api.OutcomeOf(err), err)
		return
	}
	for _, account := range accounts {
		fmt.Println(account.AccountName, account.Role)
	}
	// Output:
	// an-access-token for Jaim1Cu1Q55uooxSens6yk
	// Bob's Burgers account-owner
}

// A call that the package has no method for. It has the same retries, limits and
// outcomes; what the answer must hold to count as one is for decode to say.
func ExampleClient_Do() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Println(r.Method, r.URL, string(body))
		_, _ = io.WriteString(w, `{"merchantId":"5ee0c486308f590260d9a07f","metadata":{"deviceId":"device-001"},"activityNumber":"2"}`)
	}))
	defer server.Close()
	client, err := api.New(server.URL, api.WithAPIKey("an-api-key"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	call := api.Call{
		Method:     http.MethodPost,
		Path:       []string{"api", "merchants", "5ee0c486308f590260d9a07f", "metadata"},
		JSON:       map[string]api.Metadata{"metadata": {"deviceId": "device-001"}},
		ReplaySafe: true, // setting the same twice changes nothing
	}
	var activity api.MerchantActivity
	meta, err := client.Do(context.Background(), call, func(body []byte) error {
		return json.Unmarshal(body, &activity)
	})
	if err != nil {
		fmt.Println(api.OutcomeOf(err), err)
		return
	}
	fmt.Println(meta.Status, activity.ActivityNumber, activity.Metadata["deviceId"])
	// Output:
	// POST /api/merchants/5ee0c486308f590260d9a07f/metadata {"metadata":{"deviceId":"device-001"}}
	// 200 2 device-001
}

// twoPages stands in for Centrapay: a reference that two requests carry, on two
// pages.
func twoPages() *httptest.Server {
	const request = `{"items":[{"id":%q,"value":{"amount":"1250","currency":"NZD"},"status":%q}],"pageKey":%q}`
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("pageKey") == "" {
			fmt.Fprintf(w, request, "GtnAYVyxfxM9aCmXTVZqt1", "new", "page-2")
			return
		}
		fmt.Fprintf(w, request, "MhocUmpxxmgdHjr7DgKoKw", "cancelled", "")
	}))
}

// After a Create whose answer was lost: go through all requests with its
// reference, to the last page. Only the end without an error says that there are
// no more.
func ExamplePaymentRequestsClient_AllByExternalRef() {
	server := twoPages()
	defer server.Close()
	client, err := api.New(server.URL, api.WithAPIKey("an-api-key"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	params := api.ListByExternalRefParams{MerchantAccountID: "Jaim1Cu1Q55uooxSens6yk"}
	for request, err := range client.PaymentRequests.AllByExternalRef(context.Background(), "sale-0001", params) {
		if err != nil {
			fmt.Println("there may be more:", err)
			return
		}
		fmt.Println(request.ID, request.Status)
	}

	// The same a page at a time.
	for {
		page, _, err := client.PaymentRequests.ListByExternalRef(context.Background(), "sale-0001", params)
		if err != nil {
			fmt.Println(api.OutcomeOf(err), err)
			return
		}
		fmt.Println(len(page.Items), "on the page")
		if params.PageKey = page.Next(); params.PageKey == "" {
			break
		}
	}
	// Output:
	// GtnAYVyxfxM9aCmXTVZqt1 new
	// MhocUmpxxmgdHjr7DgKoKw cancelled
	// 1 on the page
	// 1 on the page
}
