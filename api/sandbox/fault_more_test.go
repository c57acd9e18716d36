package sandbox_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// struckBy are the numbers of the polls that a fault strikes, of n; between them
// other endpoints are called.
func struckBy(t *testing.T, seed uint64, spec string, n, between int) []int {
	t.Helper()
	r := newRig(t, sandbox.WithSeed(seed), sandbox.WithFaults(mustFault(t, spec)))
	id := "none"
	var struck []int
	for i := range n {
		for range between {
			r.call(get, at(id, "summary"), nil)
		}
		if r.call(get, at(id), nil).Code == http.StatusBadGateway {
			struck = append(struck, i+1)
		}
	}
	return struck
}

// A rate strikes about its share of the calls, and with one seed the same ones
// each time, by their number at their endpoint, whatever else is called.
func TestFaultsByRateAreSeeded(t *testing.T) {
	t.Parallel()
	const polls = 2000
	for _, spec := range []string{"get:status=502:20%", "*:status=502:20%"} {
		first := struckBy(t, 1, spec, polls, 0)
		if len(first) < polls*17/100 || len(first) > polls*23/100 {
			t.Errorf("%s struck %d of %d", spec, len(first), polls)
		}
		if again := struckBy(t, 1, spec, polls, 2); !slices.Equal(first, again) {
			t.Errorf("%s struck %v, and with other calls between %v", spec, first, again)
		}
		if other := struckBy(t, 2, spec, polls, 0); slices.Equal(first, other) {
			t.Errorf("%s strikes the same calls with another seed", spec)
		}
	}
	if all := struckBy(t, 1, "get:status=502:100%", 50, 0); len(all) != 50 {
		t.Errorf("100%% struck %d of 50", len(all))
	}
	if rare := struckBy(t, 1, "get:status=502:0.01%", polls, 0); len(rare) > 4 {
		t.Errorf("0.01%% struck %d of %d", len(rare), polls)
	}
}

// What is delivered twice has its effect as often as the service lets it.
func TestDuplicatedDelivery(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	struck := func(spec string) {
		r.svc.ClearFaults()
		r.svc.AddFault(mustFault(t, spec))
	}
	struck("create:duplicate")
	second := r.create(nil)
	all, err := r.svc.Requests()
	if err != nil || len(all) != 2 || all[0].ID != second.ID {
		t.Fatalf("a create that was delivered twice made %d requests, and answered with %s (%v)", len(all), second.ID, err)
	}
	struck("create:duplicate=first")
	if first := r.create(nil); must(r.svc.Requests())(t)[1].ID != first.ID {
		t.Error("the answer is not the first")
	}
	id := second.ID
	struck("pay:duplicate")
	if a := r.pay(id, nil); a.ActivityNumber != "2" {
		t.Errorf("a payment under a key, delivered twice: %+v", a)
	}
	struck("refund:duplicate")
	if a := r.refund(id, back("100", "R-1")); a.Value.Amount != "100" {
		t.Errorf("a refund with a reference, delivered twice: %+v", a)
	}
	r.wantHistory(id, api.ActivityRequest, api.ActivityPayment, api.ActivityPaid, api.ActivityRefund)
	struck("void:duplicate")
	r.refused(403, "REQUEST_CANCELLED", post, at(all[1].ID, "void"), nil) // it was the first that did it
	struck("void:duplicate=first")
	if a := r.void(r.create(nil).ID); a.Type != api.ActivityCancellation {
		t.Errorf("void: %+v", a)
	}
}

// A duplicate, a quirk and a delay go along with one of the other faults.
func TestFaultsGoTogether(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.WithFaults(
		mustFault(t, "create:delay=1ms"), mustFault(t, "create:duplicate"), mustFault(t, "create:quirks=E1"), mustFault(t, "create:truncated:2")))
	first := r.call(post, requests, coffee())
	if first.Code != 200 || strings.Contains(first.Body.String(), ".000Z") {
		t.Errorf("answered %s", first.Body)
	}
	if second := r.call(post, requests, coffee()); second.Code != 200 || second.Body.Len() != first.Body.Len()/2 {
		t.Errorf("answered %s", second.Body)
	}
	if all := must(r.svc.Requests())(t); len(all) != 4 {
		t.Errorf("%d requests", len(all))
	}
}

// The service answers a refund before its histories list it; asked again with the
// same reference it answers the same.
func TestHistoriesThatLag(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.WithFaults(mustFault(t, "activities:lag=30s"), mustFault(t, "merchant-activities:lag=30s")))
	paid, void := r.create(nil).ID, r.create(nil).ID
	r.pay(paid, nil)
	r.pay(void, nil)
	given := r.refund(paid, back("100", "R-1"))
	r.void(void)
	listed := func() (refunds int) {
		t.Helper()
		for _, path := range []string{at(paid, "activities"), at(void, "activities"), "/api/payment-activities?merchantId=" + sandbox.DemoMerchantID} {
			for _, a := range ok[api.Page[api.PaymentActivity]](r, get, path, nil).Items {
				if a.Type == api.ActivityRefund {
					refunds++
				}
			}
		}
		return refunds
	}
	if n := listed(); n != 0 {
		t.Errorf("%d refunds are listed at once", n)
	}
	r.wantStatus(void, api.StatusCancelled, api.CancelledByMerchant)
	if again := r.refund(paid, back("100", "R-1")); again.ActivityNumber != given.ActivityNumber {
		t.Errorf("the refund was made again: %+v", again)
	}
	r.clock.advance(29 * time.Second)
	if n := listed(); n != 0 {
		t.Errorf("%d refunds are listed after 29 s", n)
	}
	r.clock.advance(time.Second)
	if n := listed(); n != 4 {
		t.Errorf("%d refunds are listed after 30 s, want each twice", n)
	}
}

// A wrong Date comes with a true answer; two of them add up.
func TestDateThatIsWrong(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	date := func(w *httptest.ResponseRecorder) time.Duration {
		t.Helper()
		said, err := http.ParseTime(w.Header().Get("Date"))
		if err != nil {
			t.Fatal(err)
		}
		return said.Sub(r.clock.now().Truncate(time.Second))
	}
	for _, c := range []struct {
		specs []string
		want  time.Duration
	}{
		{nil, 0},
		{[]string{"create:skew=10m"}, 10 * time.Minute},
		{[]string{"*:skew=-90s"}, -90 * time.Second},
		{[]string{"create:skew=10m", "*:skew=-90s", "create:status-after=503"}, 510 * time.Second},
		{[]string{"create:skew=3s", "create:empty"}, 3 * time.Second},
	} {
		r.svc.ClearFaults()
		for _, spec := range c.specs {
			r.svc.AddFault(mustFault(t, spec))
		}
		w := r.call(post, requests, coffee())
		if got := date(w); got != c.want {
			t.Errorf("%v: Date is off by %v", c.specs, got)
		}
		var made api.PaymentRequest
		if w.Code == 200 && w.Body.Len() > 0 {
			if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || !made.CreatedAt.Time().Equal(r.clock.now()) {
				t.Errorf("%v: created at %s (%v)", c.specs, made.CreatedAt, err)
			}
		}
	}
}

// tlsClients are what trusts a sandbox, and what trusts nothing.
func tlsClients(t *testing.T, server *sandbox.Server) (trusting, wary *http.Client) {
	t.Helper()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(server.Authority()) {
		t.Fatalf("no certificate in %q", server.Authority())
	}
	client := func(pool *x509.CertPool) *http.Client {
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true}
		t.Cleanup(transport.CloseIdleConnections)
		return &http.Client{Transport: transport}
	}
	return client(roots), client(x509.NewCertPool())
}

func TestSaleOverTLS(t *testing.T) {
	t.Parallel()
	server := listen(t, sandbox.WithTLS())
	trusting, wary := tlsClients(t, server)
	client, err := api.New(server.URL(), api.WithAPIKey(sandbox.DemoAPIKey), api.WithHTTPClient(trusting))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	made := did[*api.PaymentRequest](t)(client.PaymentRequests.Create(t.Context(), order(1250)))
	if !strings.HasPrefix(made.URL, "https://127.0.0.1:") {
		t.Errorf("the page is at %s", made.URL)
	}
	if a := callOver(t, trusting, get, made.URL, ""); a.status != 200 {
		t.Errorf("the page answered %+v", a)
	}
	if a := callOver(t, trusting, get, sandbox.IssuerURL(server.URL())+"/.well-known/openid-configuration", ""); !strings.Contains(a.body, `"issuer":"https://`) {
		t.Errorf("the issuer: %+v", a)
	}
	var unknown x509.UnknownAuthorityError
	if a := callOver(t, wary, get, made.URL, ""); !errors.As(a.err, &unknown) {
		t.Errorf("who trusts nobody met %+v", a)
	}
	if plain := listen(t); plain.Authority() != nil || !strings.HasPrefix(plain.URL(), "http://") {
		t.Errorf("without TLS: %s %s", plain.URL(), plain.Authority())
	}
}

// A handshake that breaks leaves no doubt: nothing was sent. A connection that
// breaks without TLS leaves all of it, and so does one that breaks later.
func TestConnectionsThatAreReset(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		spec string
		opts []sandbox.Option
		want api.Outcome
		made int
	}{
		{"connect:reset", []sandbox.Option{sandbox.WithTLS()}, api.NotSent, 0},
		{"connect:reset", nil, api.Unknown, 0},
		{"create:drop-after", []sandbox.Option{sandbox.WithTLS()}, api.Unknown, 1},
		{"create:drop-before", []sandbox.Option{sandbox.WithTLS()}, api.Unknown, 0},
	} {
		t.Run(fmt.Sprintf("%s/%s", c.spec, c.want), func(t *testing.T) {
			t.Parallel()
			server := listen(t, append(c.opts, sandbox.WithFaults(mustFault(t, c.spec)))...)
			transport := http.DefaultClient
			if server.Authority() != nil {
				transport, _ = tlsClients(t, server)
			}
			client, err := api.New(server.URL(), api.WithAPIKey(sandbox.DemoAPIKey), api.WithHTTPClient(transport))
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			_, _, err = client.PaymentRequests.Create(t.Context(), order(1250), api.WithoutRetry())
			if api.OutcomeOf(err) != c.want || !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("met %v (%v), want %v", err, api.OutcomeOf(err), c.want)
			}
			if all := must(server.Service().Requests())(t); len(all) != c.made {
				t.Errorf("%d requests were made", len(all))
			}
			if f := server.Service().Faults()[0]; f.Hits == 0 {
				t.Errorf("the fault: %+v", f)
			}
		})
	}
}

// Connections that no fault strikes are as ever.
func TestSecondConnectionIsReset(t *testing.T) {
	t.Parallel()
	server := listen(t, sandbox.WithFaults(mustFault(t, "connect:reset:2")))
	var met []bool
	for range 3 {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		met = append(met, isWhole(callOver(t, client, post, server.URL()+requests, createJSON)))
	}
	if !slices.Equal(met, []bool{true, false, true}) {
		t.Errorf("answered %v", met)
	}
}

// The kinds that are listed, as they are listed, say what they do by default.
func TestFaultKindsAreSpecs(t *testing.T) {
	t.Parallel()
	for _, kind := range sandbox.FaultKinds() {
		endpoint := "activities:"
		if kind == "reset" {
			endpoint = "connect:"
		}
		f, err := sandbox.ParseFault(endpoint + kind)
		bare, _, _ := strings.Cut(kind, "=")
		if usual, errBare := sandbox.ParseFault(endpoint + bare); err != nil || errBare != nil || f != usual {
			t.Errorf("%s is %s, and %s is %s (%v, %v)", kind, f, bare, usual, err, errBare)
		}
	}
}

// FuzzParseFault: what is read is written as something that is read as the same, and
// strikes, or does not, without breaking anything.
func FuzzParseFault(f *testing.F) {
	for _, seed := range []string{
		"create:drop-after:1", "*:status=429,30:20%", "get:drip=1s:2-4", "connect:reset:3+", "*:quirks=A1,F1:0.05%", "void:duplicate=first",
		"*:status=429,0", "activities:lag=1s:3", "*:skew=-1h1m:2%", "get:delay=1ns:99999999999999999999", "get:status=500:1e3%", "::", "*:quirks=all:%",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		fault, err := sandbox.ParseFault(spec)
		if err != nil {
			if len(err.Error()) > 1000 {
				t.Errorf("%q: a message of %d characters", spec, len(err.Error()))
			}
			return
		}
		if again, err := sandbox.ParseFault(fault.String()); err != nil || again != fault {
			t.Errorf("%q is written as %q, which is read as %q (%v)", spec, fault, again, err)
		}
	})
}
