package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const testToken = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyIn0.c2lnbmF0dXJl"

// tokenFunc is a token source.
type tokenFunc func(ctx context.Context) (string, error)

func (f tokenFunc) Token(ctx context.Context) (string, error) { return f(ctx) }

func always(token string) TokenSource {
	return tokenFunc(func(context.Context) (string, error) { return token, nil })
}

// newUserClient returns a client of h on behalf of a user.
func newUserClient(t testing.TB, h http.Handler, opts ...Option) *Client {
	t.Helper()
	c := newClientOf(t, h)
	base := c.base.String()
	all := append([]Option{WithRetryPolicy(RetryPolicy{MaxAttempts: 3, MaxDelay: time.Millisecond})}, opts...)
	return mustNew(t, base, all...)
}

func TestCredentialsInHeaders(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		opts []Option
		want map[string]string
	}{
		"API key":                 {[]Option{WithAPIKey(testKey)}, map[string]string{"X-Api-Key": testKey}},
		"user":                    {[]Option{WithUserToken(always(testToken))}, map[string]string{"Authorization": testToken}},
		"user of an organisation": {[]Option{WithUserToken(always(testToken)), WithAccount("Jaim1Cu1Q55uooxSens6yk")}, map[string]string{"Authorization": testToken, "X-Centrapay-Account": "Jaim1Cu1Q55uooxSens6yk"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got http.Header
			c := newUserClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				got = r.Header.Clone()
				answering(200, paymentRequestJSON(testID, "new"))(w, r)
			}), tt.opts...)
			if _, _, err := c.PaymentRequests.Get(t.Context(), testID); err != nil {
				t.Fatal(err)
			}
			for _, header := range []string{"X-Api-Key", "Authorization", "X-Centrapay-Account"} {
				equal(t, header, got.Get(header), tt.want[header])
			}
		})
	}
}

func TestCredentialsThatDoNotGoTogether(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]Option{
		"key and user":          {WithAPIKey(testKey), WithUserToken(always(testToken))},
		"account without user":  {WithAPIKey(testKey), WithAccount("abc")},
		"account alone":         {WithAccount("abc")},
		"empty account":         {WithUserToken(always(testToken)), WithAccount("")},
		"account on two lines":  {WithUserToken(always(testToken)), WithAccount("a\r\nX-Evil: b")},
		"no source":             {WithUserToken(nil)},
		"key with a line break": {WithAPIKey("a\nb")},
	} {
		if _, err := New(DefaultBaseURL, opts...); err == nil {
			t.Errorf("%s: accepted", name)
		} else if strings.Contains(err.Error(), testKey) {
			t.Errorf("%s: %v shows the key", name, err)
		}
	}
}

func TestTokenIsAskedBeforeEveryAttempt(t *testing.T) {
	t.Parallel()
	var asked, seen atomic.Int32
	source := tokenFunc(func(context.Context) (string, error) { return fmt.Sprintf("token-%d", asked.Add(1)), nil })
	c := newUserClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if want := fmt.Sprintf("token-%d", seen.Add(1)); r.Header.Get("Authorization") != want {
			t.Errorf("got %q, want %q", r.Header.Get("Authorization"), want)
		}
		if seen.Load() == 1 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		answering(200, paymentRequestJSON(testID, "new"))(w, r)
	}), WithUserToken(source))
	if _, _, err := c.PaymentRequests.Get(t.Context(), testID); err != nil {
		t.Fatal(err)
	}
	equal(t, "tokens asked for", asked.Load(), 2)
}

func TestWithoutATokenNothingIsSent(t *testing.T) {
	t.Parallel()
	passing := errors.New("the issuer does not answer")
	tests := map[string]struct {
		token    string
		err      error
		code     Code
		attempts int
	}{
		"the login was revoked":       {err: fmt.Errorf("refresh: %w", ErrLoginRequired), code: CodeLoginRequired, attempts: 1},
		"the issuer does not answer":  {err: passing, attempts: 3},
		"an empty token":              {token: "", attempts: 3},
		"a token that splits headers": {token: "a\r\nX-Evil: b", attempts: 3},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newUserClient(t, expectations(t), WithUserToken(tokenFunc(func(context.Context) (string, error) { return tt.token, tt.err })))
			_, meta, err := c.PaymentRequests.Void(t.Context(), testID)
			equal(t, "outcome", OutcomeOf(err), NotSent)
			e, _ := errors.AsType[*Error](err)
			equal(t, "code", e.Code, tt.code)
			equal(t, "attempts", meta.Attempts, tt.attempts)
			if tt.err != nil && !errors.Is(err, tt.err) {
				t.Errorf("%v hides its cause", err)
			}
		})
	}
}

func TestTokenIsRedacted(t *testing.T) {
	t.Parallel()
	c := newUserClient(t, answering(403, `{"message":"no `+testToken+`","reason":"`+testToken+`"}`, "X-Request-Id", testToken),
		WithUserToken(always(testToken)))
	_, meta, err := c.PaymentRequests.Get(t.Context(), testID)
	e, _ := errors.AsType[*Error](err)
	if text := fmt.Sprintf("%v %+v %#v %+v", err, *e, *e, meta); strings.Contains(text, testToken) {
		t.Errorf("the token is in %s", text)
	}
}

func TestAnonymousCallsCarryNoCredential(t *testing.T) {
	t.Parallel()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, header := range []string{"X-Api-Key", "Authorization", "X-Centrapay-Account"} {
			equal(t, header, r.Header.Get(header), "")
		}
		answering(200, `{}`)(w, r)
	})
	for name, opts := range map[string][]Option{"with a key": {WithAPIKey(testKey)}, "without": nil} {
		c := newUserClient(t, handler, opts...)
		call := Call{Method: http.MethodGet, Path: []string{"api", "things", "a/b"}, Anonymous: true}
		if _, err := c.Do(t.Context(), call, func([]byte) error { return nil }); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDo(t *testing.T) {
	t.Parallel()
	type thing struct {
		Name string `json:"name"`
	}
	tests := map[string]struct {
		call Call
		want exchange
		err  bool
	}{
		"JSON": {
			call: Call{Method: http.MethodPost, Path: []string{"api", "things"}, JSON: thing{"a"}},
			want: exchange{method: "POST", path: "/api/things", body: `{"name":"a"}`},
		},
		"query": {
			call: Call{Method: http.MethodPost, Path: []string{"payments", "api", "requests.create"}, Query: url.Values{"asset": {"NZD"}}},
			want: exchange{method: "POST", path: "/payments/api/requests.create", query: url.Values{"asset": {"NZD"}}},
		},
		"segments are escaped": {
			call: Call{Method: http.MethodGet, Path: []string{"api", "a/b c"}},
			want: exchange{method: "GET", path: "/api/a%2Fb%20c"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.want.reply = `{"name":"b"}`
			var body string
			if _, err := newService(t, tt.want).Do(t.Context(), tt.call, func(b []byte) error { body = string(b); return nil }); err != nil {
				t.Fatal(err)
			}
			equal(t, "body", body, tt.want.reply)
		})
	}
}

func TestDoSendsForms(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		c := newClientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body := make([]byte, 100)
			n, _ := r.Body.Read(body)
			equal(t, "form", string(body[:n]), "amount=1020&description=New+bike")
			equal(t, "type", r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
			answering(200, `{}`)(w, r)
		}))
		call := Call{Method: method, Path: []string{"api", "requests.create"}, Form: url.Values{"amount": {"1020"}, "description": {"New bike"}}}
		if _, err := c.Do(t.Context(), call, func([]byte) error { return nil }); err != nil {
			t.Error(err)
		}
	}
}

func TestDoRefusesWhatItCannotSend(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]Call{
		"two bodies":       {Method: http.MethodPost, Path: []string{"api"}, JSON: 1, Form: url.Values{}},
		"dots in the path": {Method: http.MethodGet, Path: []string{"api", ".."}},
		"no JSON":          {Method: http.MethodPost, Path: []string{"api"}, JSON: func() {}},
	} {
		c := newService(t)
		_, err := c.Do(t.Context(), call, func([]byte) error { return nil })
		if err == nil || OutcomeOf(err) != NotSent {
			t.Errorf("%s: got %v", name, err)
		}
	}
	v := &ValidationError{Field: "amount", Code: CodeInvalidAmount, Problem: "it is not above zero"}
	err := Call{Method: http.MethodPost, Path: []string{"api", "requests.create"}}.Reject(v)
	if !errors.Is(err, v) || OutcomeOf(err) != NotSent {
		t.Errorf("got %v", err)
	}
}

func TestDoRepeatsOnlyWhatIsReplaySafe(t *testing.T) {
	t.Parallel()
	for _, safe := range []bool{true, false} {
		var calls atomic.Int32
		c := newClientOf(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			calls.Add(1)
			w.WriteHeader(http.StatusBadGateway)
		}))
		call := Call{Method: http.MethodPost, Path: []string{"api", "things"}, JSON: struct{}{}, ReplaySafe: safe}
		_, err := c.Do(t.Context(), call, func([]byte) error { return nil })
		want := int32(1)
		if safe {
			want = 3
		}
		equal(t, "calls", calls.Load(), want)
		equal(t, "outcome", OutcomeOf(err), Unknown)
	}
}

// A card number that somebody scans is sent, since only the service can judge it,
// and stands in no error and no log.
func TestCardNumbersAreInNoErrorAndNoLog(t *testing.T) {
	t.Parallel()
	const card, patron = "4111111111111111", "1219210961929460"
	for barcode, shown := range map[string]string{card: "1111", patron: patron} {
		var log bytes.Buffer
		var asked string
		c := newUserClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked = r.URL.Path
			answering(403, `{"message":"PATRON_CODE_INVALID"}`)(w, r)
		}), WithAPIKey(testKey), WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
		_, _, err := c.PatronCodes.GetByBarcode(t.Context(), barcode)
		if !strings.HasSuffix(asked, "/"+barcode) {
			t.Errorf("asked for %s", asked)
		}
		text := fmt.Sprintf("%v %+v %s", err, err, log.String())
		if strings.Contains(text, card) || !strings.Contains(text, shown) {
			t.Errorf("%s: %s", barcode, text)
		}
	}
}
