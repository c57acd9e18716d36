package sandbox_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// On the network there are the pay pages and the API, and nothing else.
func TestLAN(t *testing.T) {
	t.Parallel()
	server := listen(t, sandbox.WithLAN("127.0.0.1"))
	lan := server.LANURL()
	if lan == "" || lan == server.URL() || server.ControlURL() != server.URL()+"/sandbox/" {
		t.Fatalf("the network is let in at %q, this machine at %s, the trainer at %s", lan, server.URL(), server.ControlURL())
	}
	made, _, err := clientOf(t, server).PaymentRequests.Create(t.Context(), api.CreatePaymentRequest{
		ConfigID: sandbox.DemoConfigID, Value: api.NewMonetary(1250, "NZD"), ExternalRef: "T1-1",
	})
	if err != nil {
		t.Fatal(err)
	}
	if made.URL != lan+"/pay/"+made.ID {
		t.Errorf("the code leads to %s, want it at %s", made.URL, lan)
	}
	connection, _, err := clientOf(t, server).Connections.Create(t.Context(), api.CreateConnection{MerchantID: sandbox.DemoMerchantID})
	if err != nil || connection.URL != lan+"/connect/"+connection.ID {
		t.Errorf("the code of a connection leads to %+v (%v)", connection, err)
	}
	call := func(method, address string, headers ...string) (int, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(url.Values{"do": {"pay"}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for i := 0; i+1 < len(headers); i += 2 {
			req.Header.Set(headers[i], headers[i+1])
			if headers[i] == "Host" {
				req.Host = headers[i+1]
			}
		}
		client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		defer client.CloseIdleConnections()
		answer, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(text)
	}
	page, summary, control := "/pay/"+made.ID, "/api/payment-requests/"+made.ID+"/summary", "/sandbox/"
	for _, c := range []struct {
		method, address string
		headers         []string
		status          int
	}{
		{get, lan + page, nil, 200},
		{get, lan + page + "/version", nil, 200},
		{get, lan + summary, nil, 200},
		{get, lan + "/connect/" + connection.ID, nil, 200},
		{get, lan + control, nil, 404},
		{post, lan + control, nil, 404},
		{get, lan + "/sandbox/requests", nil, 404},
		{post, lan + "/sandbox/requests/" + made.ID + "/cancel", nil, 404},
		{get, lan + "/auth/authorize", nil, 404},
		{get, lan + "/", nil, 404},
		{get, lan + "/pay/../sandbox/", nil, 404},
		{get, lan + "/pay/%2e%2e/sandbox/", nil, 404},
		{post, lan + "/api/requests.create", nil, 404},
		{post, lan + "/payments/api/requests%2Ecreate", nil, 404},
		{get, lan + page, []string{"Host", "evil.example"}, 403},
		{get, lan + summary, []string{"Host", "localhost.evil.example"}, 403},
		{post, lan + page, []string{"Origin", "https://evil.example"}, 403},
		{get, server.URL() + control, nil, 200},
		{get, server.URL() + page, nil, 200},
	} {
		if status, body := call(c.method, c.address, c.headers...); status != c.status {
			t.Errorf("%s %s %v: %d %.200s, want %d", c.method, c.address, c.headers, status, body, c.status)
		}
	}
	if status, _ := call(post, lan+page, "Origin", lan); status != http.StatusSeeOther {
		t.Errorf("a phone pays: %d", status)
	}
	if got, err := server.Service().Request(made.ID); err != nil || got.Status != api.StatusPaid {
		t.Errorf("after a phone paid: %s, %v", got.Status, err)
	}
}

func TestLANAddresses(t *testing.T) {
	t.Parallel()
	for address, complaint := range map[string]string{
		"8.8.8.8": "not for the internet", "2001:db8::1": "not for the internet", "0.0.0.0": "not for the internet", "::": "not for the internet",
		"example.com": "want an IP address", "192.168.1.5:80": "want an IP address",
		"192.168.255.254": "listen on the network", // not of this machine, or of nobody
	} {
		if server, err := sandbox.Listen(t.Context(), "", sandbox.WithLAN(address)); err == nil || !strings.Contains(err.Error(), complaint) {
			t.Errorf("%s: %v", address, err)
			if server != nil {
				t.Error(server.Close())
			}
		}
	}
	server, err := sandbox.Listen(context.WithoutCancel(t.Context()), "", sandbox.WithLAN(""))
	if err != nil {
		if !strings.Contains(err.Error(), "no address on a private network") {
			t.Error(err)
		}
		return
	}
	u, err := url.Parse(server.LANURL())
	if err != nil {
		t.Fatal(err)
	}
	if found, err := netip.ParseAddrPort(u.Host); err != nil || found.Addr().IsLoopback() || !found.Addr().IsPrivate() && !found.Addr().IsLinkLocalUnicast() {
		t.Errorf("found %s", u.Host)
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	req := httptest.NewRequestWithContext(t.Context(), get, server.LANURL()+"/pay/x", nil)
	req.RequestURI = ""
	if answer, err := http.DefaultClient.Do(req); err == nil {
		_ = answer.Body.Close()
		t.Error("the network is still let in after the end")
	}
}
