package api

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// What an outsider found when he attacked the client.

func TestACredentialGoesInClearOnlyWhereThatIsSaid(t *testing.T) {
	t.Parallel()
	key, user := WithAPIKey(testKey), WithUserToken(always(testToken))
	tests := map[string]struct {
		url  string
		opts []Option
		ok   bool
	}{
		"https":                    {"https://service.example", []Option{key}, true},
		"this machine":             {"http://127.0.0.1:8080", []Option{key}, true},
		"this machine by IPv6":     {"http://[::1]:8080", []Option{key}, true},
		"this machine by name":     {"http://localhost:8080", []Option{user}, true},
		"elsewhere":                {"http://service.example", []Option{key}, false},
		"elsewhere, a user":        {"http://service.example", []Option{user}, false},
		"a name like ours":         {"http://localhost.example", []Option{key}, false},
		"elsewhere, said so":       {"http://service.example", []Option{key, WithPlainHTTP()}, true},
		"elsewhere, no credential": {"http://service.example", nil, true},
	}
	for name, tt := range tests {
		if _, err := New(tt.url, tt.opts...); (err == nil) != tt.ok {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// Only the message of an error answer can be relied on, whatever stands beside it.
func TestARefusalIsOneWhateverStandsBesideItsMessage(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"statusCode":"Forbidden","message":"REQUEST_PAID"}`,
		`{"error":{"code":1},"message":"REQUEST_PAID"}`,
		`{"quotas":{"a":1},"message":"REQUEST_PAID"}`,
		`{"reason":["a"],"message":"REQUEST_PAID"}`,
		`{"message":" REQUEST_PAID ","reason":null}`,
	} {
		_, _, err := newClientOf(t, answering(403, body)).PaymentRequests.Void(t.Context(), testID)
		e, _ := errors.AsType[*Error](err)
		if e == nil || e.Outcome != Refused || e.Code != CodeRequestPaid {
			t.Errorf("%s: got %v", body, err)
		}
	}
}

// An answer to somebody else's create is no answer.
func TestACreateIsNotAnsweredByAnother(t *testing.T) {
	t.Parallel()
	for ref, want := range map[string]Outcome{"mine": Done, "": Done, "another": Unknown} {
		body := `{"id":"` + testID + `","url":"https://x/y","status":"new","value":{"amount":"1250","currency":"NZD"},"externalRef":"` + ref + `"}`
		_, _, err := newClientOf(t, answering(200, body)).PaymentRequests.Create(t.Context(), saleOf(func(b *CreatePaymentRequest) { b.ExternalRef = "mine" }))
		equal(t, ref, OutcomeOf(err), want)
	}
}

// A captive portal that answers 429 keeps nobody waiting for long, and its answer is
// not hidden behind the wait that it causes.
func TestAPortalsTooManyRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		portal := true
		c, end := inBubble(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if portal {
				answering(429, "<html>", "Retry-After", "300")(w, r)
				return
			}
			answering(200, `{"type":"cancellation","paymentRequestId":"`+testID+`"}`)(w, r)
		}))
		defer end()
		err := get(c, WithoutRetry())(t.Context())
		e, _ := errors.AsType[*Error](err)
		if e.Status != 429 || e.Outcome != NotSent {
			t.Fatalf("got %v", err)
		}
		portal = false
		start := time.Now()
		if _, _, err := c.PaymentRequests.Void(t.Context(), testID, Urgent()); err != nil || time.Since(start) > 5*time.Second {
			t.Errorf("the void ended after %s: %v", time.Since(start), err)
		}
	})
}

func TestTheServicesTooManyRequestsIsNotHidden(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, end := inBubble(t, answering(429, `{"message":"RATE_LIMIT_EXCEEDED"}`, "Retry-After", "60"))
		defer end()
		ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
		defer cancel()
		err := get(c)(ctx)
		e, _ := errors.AsType[*Error](err)
		if e.Status != 429 || e.Code != CodeRateLimitExceeded || e.RetryAfter != time.Minute {
			t.Errorf("got %v", err)
		}
	})
}

// A stale answer about another payment must not be refunded instead.
func TestALookUpIsNotAnsweredByAnother(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]Outcome{"CP-C7F-ZS5": Done, "cp-c7f-zs5": Done, "CP-X4V-6N": Unknown} {
		body := `{"id":"` + testID + `","url":"https://x/y","status":"paid","value":{"amount":"9900","currency":"NZD"},"shortCode":"` + code + `"}`
		_, _, err := newClientOf(t, answering(200, body)).PaymentRequests.GetByShortCode(t.Context(), "CP-C7F-ZS5")
		equal(t, code, OutcomeOf(err), want)
	}
}
