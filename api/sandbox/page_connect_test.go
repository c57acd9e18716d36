package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// A customer scans the code of a connection, links a wallet and is led to what the
// shop asks for by it.
func TestConnectPage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.connect()
	tab := r.open("/connect/" + c.ID)
	tab.shows(200, "Centrapay Café", "wants to connect to your wallet", "Paying as Aroha", "Centrapay NZD Test", "Gift Card Test", "No real money")
	tab.hides("Declines every payment", "A coffee", "PayPal", "Farmlands card")
	if note := tab.page.byID("who").words(); !strings.Contains(note, "Ben") || !strings.Contains(note, "wallet") {
		t.Errorf("who one can be: %s", note)
	}
}

func TestConnectPageLinksAWallet(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.connect()
	tab := r.open("/connect/" + c.ID + "?as=3")
	tab.shows(200, "Paying as Sam", "$20.00 in it")
	late := r.open("/connect/" + c.ID)
	tab.press("Connect this wallet")
	tab.shows(200, "Connected", "Centrapay NZD Test of Sam is connected to Centrapay Café.", "Nothing has to be paid yet")
	if len(tab.page.named("button")) > 0 {
		t.Error("what is connected can be connected again")
	}
	late.press("Connect this wallet")
	late.shows(403, "Another wallet is connected already. Nothing was changed.")
	if s := ok[api.Connection](r.as(""), get, connections+"/"+c.ID+"/summary", nil); s.Status != api.ConnectionAuthorized {
		t.Errorf("the connection is %s", s.Status)
	}
	asked := r.create(m{"connectionId": c.ID})
	if asked.ConnectionStatus != api.ConnectionAuthorized {
		t.Errorf("a request by it says %s", asked.ConnectionStatus)
	}
	tab = r.open("/connect/" + c.ID)
	tab.follow("next")
	tab.shows(200, "Paying as Sam", "Pay $12.50")
	tab.press("Pay $12.50")
	tab.shows(200, "Paid $12.50")
	r.open("/connect/"+c.ID).shows(200, "Connected", "Nothing has to be paid yet")
}

func TestConnectPageRefuses(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.connect()
	r.open("/connect/nothing").shows(404, "Nothing to connect to here")
	if w := r.call(get, "/connect/nothing/version", nil); w.Code != 403 {
		t.Errorf("version of nothing: %d", w.Code)
	}
	connect := do("connect")
	for name, form := range map[string]string{"nobody's": "none", "another customer's": "sandboxWalletSam", "none": ""} {
		connect.Set("wallet", form)
		if w := r.postForm("/connect/"+c.ID, connect); w.Code != 403 || !strings.Contains(w.Body.String(), "Choose a wallet.") {
			t.Errorf("%s wallet: %d %s", name, w.Code, w.Body)
		}
	}
	connect.Set("wallet", sandbox.WalletOf("centrapay.nzd.test"))
	if w := r.postForm("/connect/"+c.ID, connect, "Sec-Fetch-Site", "cross-site"); w.Code != http.StatusForbidden {
		t.Errorf("a page from elsewhere connects: %d", w.Code)
	}
	if w := r.postForm("/connect/nothing", connect); w.Code != 404 {
		t.Errorf("connecting to nothing: %d", w.Code)
	}
	if s := ok[api.Connection](r.as(""), get, connections+"/"+c.ID+"/summary", nil); s.Status != api.ConnectionCreated {
		t.Errorf("after refusals only, the connection is %s", s.Status)
	}
}
