package api

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestNewRefusesWhatCannotWork(t *testing.T) {
	t.Parallel()
	const fine = "https://service.centrapay.com"
	tests := map[string]struct {
		url  string
		opts []Option
	}{
		"no URL":             {"", nil},
		"broken URL":         {"https://a b\x7f", nil},
		"other scheme":       {"ftp://service.centrapay.com", nil},
		"no host":            {"https:///api", nil},
		"password":           {"https://me:hunter2hunter2@service.centrapay.com", nil},
		"query":              {fine + "?a=b", nil},
		"fragment":           {fine + "#x", nil},
		"empty key":          {fine, []Option{WithAPIKey(" \n")}},
		"key with newline":   {fine, []Option{WithAPIKey("hunter2hunter2\nX-Evil: 1")}},
		"key with accents":   {fine, []Option{WithAPIKey("hunter2hunter2é")}},
		"nil HTTP client":    {fine, []Option{WithHTTPClient(nil)}},
		"nil limiter":        {fine, []Option{WithLimiter(nil)}},
		"nil logger":         {fine, []Option{WithLogger(nil)}},
		"empty agent":        {fine, []Option{WithUserAgent("")}},
		"no attempts":        {fine, []Option{WithRetryPolicy(RetryPolicy{})}},
		"delays in disorder": {fine, []Option{WithRetryPolicy(RetryPolicy{MaxAttempts: 1, MinDelay: time.Second, MaxDelay: time.Millisecond})}},
		"nil option":         {fine, []Option{nil}},
		"negative timeout":   {fine, []Option{WithTimeouts(Timeouts{Total: -1})}},
	}
	for name, tt := range tests {
		c, err := New(tt.url, tt.opts...)
		if err == nil || c != nil {
			t.Errorf("%s: was accepted", name)
			continue
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: error shows a secret: %v", name, err)
		}
	}
}

func TestBaseURLMayEndInASlash(t *testing.T) {
	t.Parallel()
	for _, suffix := range []string{"", "/"} {
		c := mustNew(t, "http://localhost/a%2Fb"+suffix, WithAPIKey(" "+testKey+"\n"), WithHTTPClient(&http.Client{
			Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				if got := r.URL.String(); got != "http://localhost/a%2Fb/api/payment-requests/"+testID {
					t.Errorf("got %s", got)
				}
				if r.Header.Get("X-Api-Key") != testKey {
					t.Error("the key was not trimmed")
				}
				return answer(200, paymentRequestJSON(testID, "new")), nil
			}),
		}))
		if _, _, err := c.PaymentRequests.Get(t.Context(), testID); err != nil {
			t.Error(err)
		}
	}
}

func TestTheGivenHTTPClientIsNotChanged(t *testing.T) {
	t.Parallel()
	given := &http.Client{Timeout: time.Minute}
	c := mustNew(t, "http://127.0.0.1:1", WithAPIKey(testKey), WithHTTPClient(given))
	if given.CheckRedirect != nil || given.Transport != nil || given.Timeout != time.Minute {
		t.Errorf("given client became %+v", given)
	}
	if _, _, err := c.PaymentRequests.Get(t.Context(), testID, WithoutRetry()); OutcomeOf(err) != NotSent {
		t.Errorf("got %v", err)
	}
}

func TestOptionsReachTheWire(t *testing.T) {
	t.Parallel()
	c := newClientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.UserAgent() != "centrapos/1.2.3" {
			t.Errorf("got user agent %q", r.UserAgent())
		}
		answering(200, paymentRequestJSON(testID, "new"))(w, r)
	}), WithUserAgent("centrapos/1.2.3"), WithLogger(slog.New(slog.DiscardHandler)))
	if _, _, err := c.PaymentRequests.Get(t.Context(), testID); err != nil {
		t.Error(err)
	}
}

func TestTheOwnTransportIsBounded(t *testing.T) {
	t.Parallel()
	want := Timeouts{Dial: 3 * time.Second, TLS: 2 * time.Second, ResponseHeader: 7 * time.Second, Total: 8 * time.Second}
	got := Timeouts{TLS: 2 * time.Second}.withDefaults()
	if got != want {
		t.Errorf("got %+v", got)
	}
	tr := got.transport()
	if tr.TLSHandshakeTimeout != want.TLS || tr.ResponseHeaderTimeout != want.ResponseHeader || tr.DialContext == nil {
		t.Errorf("got %+v", tr)
	}
}

func TestNilCallOptionsChangeNothing(t *testing.T) {
	t.Parallel()
	c := newClientOf(t, answering(200, paymentRequestJSON(testID, "new")))
	if err := get(c, nil, WithoutRetry(), nil)(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAPatientHeaderMakesAPatientAttempt(t *testing.T) {
	t.Parallel()
	for given, want := range map[Timeouts]time.Duration{
		{}:                            8 * time.Second,
		{ResponseHeader: time.Second}: 8 * time.Second,
		{ResponseHeader: time.Minute}: 61 * time.Second,
		{ResponseHeader: time.Minute, Total: time.Second}: time.Second,
	} {
		equal(t, "total", given.withDefaults().Total, want)
	}
}
