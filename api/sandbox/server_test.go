package sandbox_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

func listen(t testing.TB, opts ...sandbox.Option) *sandbox.Server {
	t.Helper()
	server, err := sandbox.Listen(t.Context(), "", opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

func clientOf(t testing.TB, server *sandbox.Server) *api.Client {
	t.Helper()
	client, err := api.New(server.URL(), api.WithAPIKey(sandbox.DemoAPIKey))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// The client of this module and the sandbox understand one another, over HTTP.
func TestClientAgainstTheSandbox(t *testing.T) {
	t.Parallel()
	server := listen(t)
	payments := clientOf(t, server).PaymentRequests
	ctx := t.Context()
	made, meta, err := payments.Create(ctx, api.CreatePaymentRequest{
		ConfigID: sandbox.DemoConfigID, Value: api.NewMonetary(3440, "NZD"), ExternalRef: "T1-0042", ConditionsEnabled: true,
		LineItems: []api.LineItem{{Name: "Flat white", Qty: "2", Price: "1100"}, {Name: "Coffee grounds", Qty: "0.250", Price: "2340"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if made.URL != server.URL()+"/pay/"+made.ID || meta.ServerTime.IsZero() {
		t.Errorf("url %s, service's clock %s", made.URL, meta.ServerTime)
	}
	byCode, _, err := payments.GetByShortCode(ctx, made.ShortCode)
	if err != nil || byCode.ID != made.ID {
		t.Errorf("by short code: %+v, %v", byCode, err)
	}
	var listed int
	for p, err := range payments.AllByExternalRef(ctx, "T1-0042", api.ListByExternalRefParams{MerchantAccountID: sandbox.DemoMerchantAccountID}) {
		if err != nil || p.ID != made.ID {
			t.Errorf("listed %+v, %v", p, err)
		}
		listed++
	}
	if listed != 1 {
		t.Errorf("listed %d", listed)
	}
	if err := server.Service().Pay(made.ID, sandbox.PayOptions{}); err != nil {
		t.Fatal(err)
	}
	if got, _, err := payments.Get(ctx, made.ID); err != nil || got.Status != api.StatusPaid {
		t.Errorf("got %+v, %v", got, err)
	}
	if a, _, err := payments.Void(ctx, made.ID); err != nil || a.Type != api.ActivityRefund {
		t.Errorf("void %+v, %v", a, err)
	}
	_, _, err = payments.Void(ctx, made.ID)
	if api.OutcomeOf(err) != api.Refused || !strings.Contains(err.Error(), "ALREADY_REFUNDED") {
		t.Errorf("second void: %v", err)
	}
	if page, _, err := payments.Activities(ctx, made.ID); err != nil || len(page.Items) != 4 {
		t.Errorf("activities %+v, %v", page, err)
	}
}

func TestListenRefusesOtherAddresses(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{":8080", "0.0.0.0:0", "192.0.2.1:80", "[::]:0", "example.com:80", "nonsense"} {
		if server, err := sandbox.Listen(t.Context(), addr); err == nil {
			t.Errorf("%s: listens on %s", addr, server.Addr())
			_ = server.Close()
		}
	}
	server, err := sandbox.Listen(t.Context(), "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	if _, err := sandbox.Listen(t.Context(), "", sandbox.WithPayURL("no URL")); err == nil {
		t.Error("an option that makes no sense is accepted")
	}
}

func TestServerEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	server, err := sandbox.Listen(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	select {
	case <-server.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("it serves on")
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
}

// Close does not wait for a call that a fault keeps hanging.
func TestCloseEndsHangingCalls(t *testing.T) {
	t.Parallel()
	struck := make(chan struct{})
	server := listen(t, sandbox.WithFaults(mustFault(t, "get:delay=1h"), mustFault(t, "void:hang=1h")))
	answers := make(chan answer)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	go func() { answers <- callOver(t, client, get, server.URL()+at("x"), "") }()
	go func() { answers <- callOver(t, client, post, server.URL()+at("x", "void"), "") }()
	go func() {
		defer close(struck)
		for hits := 0; hits < 2; time.Sleep(time.Millisecond) {
			hits = 0
			for _, f := range server.Service().Faults() {
				hits += f.Hits
			}
		}
	}()
	<-struck
	began := time.Now()
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 1900*time.Millisecond { // graceful closing would wait for two seconds
		t.Errorf("closing took %v", took)
	}
	for range 2 {
		if a := <-answers; a.err == nil {
			t.Errorf("answered %d %s", a.status, a.body)
		}
	}
}

// Calls that come at once are kept apart, over real connections.
func TestManyClientsAtOnce(t *testing.T) {
	t.Parallel()
	server := listen(t, sandbox.WithRateLimit(0), sandbox.WithPatron(sandbox.Automatic(0)))
	const clients = 20
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	defer client.CloseIdleConnections()
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for range 10 {
				if a := callOver(t, client, post, server.URL()+requests, createJSON); !isWhole(a) {
					t.Errorf("answered %d %s, %v", a.status, a.body, a.err)
				}
			}
		})
	}
	wg.Wait()
	all, err := server.Service().Requests()
	if err != nil || len(all) != 10*clients {
		t.Fatalf("%d requests, %v", len(all), err)
	}
	codes := map[string]bool{}
	for _, p := range all {
		codes[p.ShortCode] = true
		if p.Status != api.StatusPaid {
			t.Errorf("%s is %s", p.ID, p.Status)
		}
	}
	if len(codes) != len(all) {
		t.Errorf("%d short codes for %d requests", len(codes), len(all))
	}
}
