package api

import (
	"net/http"
	"testing"
)

// A till creates a connection, shows its URL, and polls until a wallet has
// authorized it.
func TestAConnectionFromItsCreationToItsWallet(t *testing.T) {
	t.Parallel()
	const created = `{"id":"cn_1","status":"created","url":"https://app.centrapay.com/connect/cn_1","merchantId":"m"}`
	c := newService(t,
		exchange{method: "POST", path: "/api/connections", body: `{"merchantId":"m"}`, reply: created},
		exchange{method: "GET", path: "/api/connections/cn_1/summary", headers: map[string]string{"X-Api-Key": ""}, reply: created},
		exchange{
			method: "POST", path: "/api/connections/cn_1/authorize", body: `{"walletId":"w"}`,
			reply: `{"id":"cn_1","status":"authorized","walletId":"w","walletName":"Sam's"}`,
		},
		exchange{
			method: "GET", path: "/api/connections/cn_1/summary", headers: map[string]string{"X-Api-Key": ""},
			reply: `{"id":"cn_1","status":"authorized"}`,
		},
	)
	ctx := t.Context()
	made, _, err := c.Connections.Create(ctx, CreateConnection{MerchantID: "m"})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "URL", made.URL, "https://app.centrapay.com/connect/cn_1")
	polled, _, err := c.Connections.Summary(ctx, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "status", polled.Status, ConnectionCreated)
	joined, _, err := c.Connections.Authorize(ctx, made.ID, AuthorizeConnection{WalletID: "w"})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "wallet", joined.WalletName, "Sam's")
	polled, _, err = c.Connections.Summary(ctx, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "status", polled.Status, ConnectionAuthorized)
}

func TestConnectionsThatAreNoneAreUnknown(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"another one": `{"id":"cn_2","status":"created","url":"https://app.centrapay.com/connect/cn_2"}`,
		"no id":       `{"status":"created","url":"u"}`,
		"no status":   `{"id":"cn_1","url":"u"}`,
	}
	for name, body := range tests {
		c := newClientOf(t, answering(200, body))
		if _, _, err := c.Connections.Summary(t.Context(), "cn_1", WithoutRetry()); OutcomeOf(err) != Unknown {
			t.Errorf("%s: got %v", name, err)
		}
		if _, _, err := c.Connections.Authorize(t.Context(), "cn_1", AuthorizeConnection{WalletID: "w"}); OutcomeOf(err) != Unknown {
			t.Errorf("%s: got %v", name, err)
		}
	}
	// Nothing to show to the patron.
	c := newClientOf(t, answering(200, `{"id":"cn_1","status":"created"}`))
	if _, _, err := c.Connections.Create(t.Context(), CreateConnection{MerchantID: "m"}); OutcomeOf(err) != Unknown {
		t.Errorf("no url: got %v", err)
	}
}

func TestASummaryOfAConnectionNeedsNoCredential(t *testing.T) {
	t.Parallel()
	c := newUserClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		equal(t, "key", r.Header.Get("X-Api-Key")+r.Header.Get("Authorization"), "")
		answering(200, `{"id":"cn_1","status":"created"}`)(w, r)
	}))
	if _, _, err := c.Connections.Summary(t.Context(), "cn_1"); err != nil {
		t.Error(err)
	}
	if _, _, err := c.Connections.Create(t.Context(), CreateConnection{MerchantID: "m"}); OutcomeOf(err) != NotSent {
		t.Errorf("created by nobody: %v", err)
	}
}
