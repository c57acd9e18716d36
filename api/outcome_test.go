package api

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func get(c *Client, opts ...CallOption) func(context.Context) error {
	return func(ctx context.Context) error {
		_, _, err := c.PaymentRequests.Get(ctx, testID, opts...)
		return err
	}
}

func TestOutcomeOfErrorsFromElsewhere(t *testing.T) {
	t.Parallel()
	refused := &Error{Outcome: Refused}
	tests := []struct {
		err  error
		want Outcome
		text string
	}{
		{nil, Done, "done"},
		{context.Canceled, Unknown, "unknown"},
		{errors.New("?"), Unknown, "unknown"},
		{refused, Refused, "refused"},
		{fmt.Errorf("sale 7: %w", refused), Refused, "refused"},
		{&Error{Outcome: NotSent}, NotSent, "not sent"},
		{&Error{}, Unknown, "unknown"},
	}
	for _, tt := range tests {
		if got := OutcomeOf(tt.err); got != tt.want || got.String() != tt.text {
			t.Errorf("%v: got %s", tt.err, got)
		}
	}
	if Outcome(99).String() != "unknown" {
		t.Error("an outcome that does not exist is not unknown")
	}
}

func TestOutcomeByAnswer(t *testing.T) {
	t.Parallel()
	portal := "<html><body>Welcome to Café WiFi, please log in</body></html>"
	fine := paymentRequestJSON(testID, "new")
	tests := []struct {
		name   string
		status int
		body   string
		want   Outcome
	}{
		{"a payment request", 200, fine, Done},
		{"one with other fields", 200, strings.Replace(fine, `{`, `{"brandNew":{"a":[1]},"liveness":"sandbox",`, 1), Done},
		{"one with an unknown status", 200, paymentRequestJSON(testID, "on-hold"), Done},
		{"created", 201, fine, Done},
		{"a login page", 200, portal, Unknown},
		{"nothing", 200, "", Unknown},
		{"blanks", 200, " \n", Unknown},
		{"no content", 204, "", Unknown},
		{"half a body", 200, fine[:len(fine)/2], Unknown},
		{"two bodies", 200, fine + fine, Unknown},
		{"an array", 200, "[]", Unknown},
		{"an empty object", 200, "{}", Unknown},
		{"null", 200, "null", Unknown},
		{"a string", 200, `"paid"`, Unknown},
		{"an error with status 200", 200, `{"message":"Forbidden"}`, Unknown},
		{"no status", 200, strings.Replace(fine, `"status"`, `"state"`, 1), Unknown},
		{"an empty status", 200, paymentRequestJSON(testID, ""), Unknown},
		{"no url", 200, strings.Replace(fine, `"url"`, `"link"`, 1), Unknown},
		{"no value", 200, strings.Replace(fine, `"value"`, `"worth"`, 1), Unknown},
		{"a value that is no number", 200, strings.Replace(fine, `"1250"`, `"lots"`, 1), Unknown},
		{"no currency", 200, strings.Replace(fine, `"NZD"`, `""`, 1), Unknown},
		{"a remainder that is no number", 200, strings.Replace(fine, `{`, `{"remainingAmount":"some",`, 1), Unknown},
		{"a basket that is no number", 200, strings.Replace(fine, `{`, `{"basketAmount":"some",`, 1), Unknown},
		{"another payment request", 200, paymentRequestJSON("AnotherId", "paid"), Unknown},

		{"refused", 403, `{"statusCode":403,"error":"Forbidden","message":"REQUEST_PAID"}`, Refused},
		{"refused with a message only", 400, `{"message":"amount is required"}`, Refused},
		{"no such route", 404, `{"message":"Not Found"}`, Refused},
		{"wrong key", 401, `{"message":"Missing authentication"}`, Refused},
		{"a 4xx nobody knows", 418, `{"message":"TEAPOT"}`, Refused},
		{"a login page with 403", 403, portal, Unknown},
		{"an empty 403", 403, "", Unknown},
		{"a 403 without a message", 403, `{"error":"Forbidden"}`, Unknown},
		{"a blank message", 403, `{"message":" "}`, Unknown},
		{"a message that is no text", 403, `{"message":{"code":1}}`, Unknown},
		{"an array with 403", 403, `["Forbidden"]`, Unknown},
		{"a payment nobody confirmed", 403, `{"message":"PAYMENT_UNCONFIRMED"}`, Unknown},

		{"too many", 429, `{"message":"RATE_LIMIT_EXCEEDED"}`, NotSent},
		{"too many, in HTML", 429, portal, NotSent},
		{"too many, silently", 429, "", NotSent},
		{"gave up waiting", 408, `{"message":"Request Timeout"}`, Unknown},
		{"too early", 425, `{"message":"Too Early"}`, Unknown},
		{"broken", 500, `{"message":"SERVER ERROR"}`, Unknown},
		{"bad gateway", 502, portal, Unknown},
		{"unavailable", 503, `{"message":"REQUEST_PAID"}`, Unknown},
		{"gateway timeout", 504, "", Unknown},
		{"not modified", 304, "", Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newClientOf(t, answering(tt.status, tt.body))
			_, meta, err := c.PaymentRequests.Get(t.Context(), testID, WithoutRetry())
			if got := OutcomeOf(err); got != tt.want {
				t.Errorf("got %s: %v", got, err)
			}
			if meta.Status != tt.status || meta.Attempts != 1 {
				t.Errorf("got meta %+v", meta)
			}
		})
	}
}

func TestARedirectIsNeverFollowed(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the portal got a request with key %q", r.Header.Get("X-Api-Key"))
	}))
	t.Cleanup(elsewhere.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		c := newClientOf(t, answering(status, `{"message":"Moved"}`, "Location", elsewhere.URL+"/login"))
		_, meta, err := c.PaymentRequests.Get(t.Context(), testID)
		if OutcomeOf(err) != Unknown || meta.Attempts != 1 || !errors.Is(err, errRedirect) {
			t.Errorf("%d: got %v after %d attempts", status, err, meta.Attempts)
		}
	}
}

func TestAnswersOfOtherModels(t *testing.T) {
	t.Parallel()
	void := func(c *Client) error { _, _, err := c.PaymentRequests.Void(t.Context(), testID); return err }
	list := func(c *Client) error {
		_, _, err := c.PaymentRequests.ListByExternalRef(t.Context(), "r", ListByExternalRefParams{MerchantAccountID: "a"}, WithoutRetry())
		return err
	}
	activities := func(c *Client) error {
		_, _, err := c.PaymentRequests.Activities(t.Context(), testID, WithoutRetry())
		return err
	}
	abridged := `{"id":"x","status":"new","value":{"amount":"1","currency":"NZD"}}`
	tests := []struct {
		name string
		call func(*Client) error
		body string
		want Outcome
	}{
		{"void of nothing", void, `{}`, Unknown},
		{"void of an array", void, `[]`, Unknown},
		{"void of a payment request", void, paymentRequestJSON(testID, "cancelled"), Unknown},
		{"void of another request", void, `{"type":"refund","paymentRequestId":"AnotherId"}`, Unknown},
		{"void of no money", void, `{"type":"refund","value":{"amount":"lots","currency":"NZD"}}`, Unknown},
		{"void without its request", void, `{"type":"refund"}`, Done},
		{"void", void, `{"type":"cancellation","paymentRequestId":"` + testID + `"}`, Done},
		{"list without items", list, `{}`, Unknown},
		{"list with items null", list, `{"items":null}`, Unknown},
		{"list with items an object", list, `{"items":{}}`, Unknown},
		{"list of nothing", list, `{"items":[]}`, Done},
		{"list of an abridged request", list, `{"items":[` + abridged + `]}`, Done},
		{"list with a broken item", list, `{"items":[` + abridged + `,{"id":"y"}]}`, Unknown},
		{"activities as an array", activities, `[]`, Unknown},
		{"activities", activities, `{"items":[{"type":"request","paymentRequestId":"` + testID + `"}]}`, Done},
		{"activities of another request", activities, `{"items":[{"type":"payment","paymentRequestId":"AnotherId"}]}`, Unknown},
		{"activity without type", activities, `{"items":[{"paymentRequestId":"` + testID + `"}]}`, Done},
		{"activity that is none", activities, `{"items":[{"merchantName":"Café"}]}`, Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if err := tt.call(newClientOf(t, answering(200, tt.body))); OutcomeOf(err) != tt.want {
				t.Errorf("got %s: %v", OutcomeOf(err), err)
			}
		})
	}
}

func TestBrokenBodies(t *testing.T) {
	t.Parallel()
	fine := paymentRequestJSON(testID, "paid")
	tests := map[string]struct {
		handle http.HandlerFunc
		cause  error
	}{
		"ten megabytes": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Replace(fine, `{`, `{"filler":"`+strings.Repeat("x", 10<<20)+`",`, 1))
		}, errBodyTooLarge},
		"endless": {func(w http.ResponseWriter, _ *http.Request) {
			block := []byte(strings.Repeat(" ", 32<<10))
			for {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		}, errBodyTooLarge},
		"cut short": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100000")
			_, _ = io.WriteString(w, fine)
		}, io.ErrUnexpectedEOF},
		"reset mid-body": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "100000")
			_, _ = io.WriteString(w, fine)
			_ = http.NewResponseController(w).Flush()
			reset(w, r)
		}, nil},
		"reset before the answer": {reset, nil},
		"garbage as gzip": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, fine)
		}, gzip.ErrHeader},
		"a gzip bomb": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = z.Write(make([]byte, 10<<20))
			_ = z.Close()
		}, errBodyTooLarge},
		"endless 403": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			block := []byte(`{"message":"REQUEST_PAID"}` + strings.Repeat(" ", 32<<10))
			for {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		}, errBodyTooLarge},
		"no HTTP": {func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, "SSH-2.0-OpenSSH_9.2\r\n")
			_ = conn.Close()
		}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClientOf(t, tt.handle)
			err := get(c, WithoutRetry())(t.Context())
			if OutcomeOf(err) != Unknown {
				t.Errorf("got %s: %v", OutcomeOf(err), err)
			}
			if tt.cause != nil && !errors.Is(err, tt.cause) {
				t.Errorf("got %v, want %v", err, tt.cause)
			}
		})
	}
}

func reset(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

func TestASlowAnswerEndsWithTheAttempt(t *testing.T) {
	t.Parallel()
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	drip := func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, " "); err != nil {
				return
			}
			_ = http.NewResponseController(w).Flush()
			select {
			case <-time.After(time.Second):
			case <-r.Context().Done():
			}
		}
	}
	for name, handle := range map[string]http.HandlerFunc{"hangs": hang, "drips": drip} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, end := inBubble(t, handle)
				defer end()
				start := time.Now()
				err := get(c, WithoutRetry())(t.Context())
				if OutcomeOf(err) != Unknown || !errors.Is(err, errAttemptTimeout) {
					t.Errorf("got %s: %v", OutcomeOf(err), err)
				}
				if took := time.Since(start); took != 8*time.Second {
					t.Errorf("took %s, want 8s", took)
				}
			})
		})
	}
}

func TestACancelledCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, end := inBubble(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
		defer end()

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := get(c)(ctx); OutcomeOf(err) != NotSent || !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled before: got %s: %v", OutcomeOf(err), err)
		}

		ctx, cancel = context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		start := time.Now()
		_, meta, err := c.PaymentRequests.Get(ctx, testID)
		if OutcomeOf(err) != Unknown || !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errAttemptTimeout) {
			t.Errorf("cancelled while waiting for the answer: got %s: %v", OutcomeOf(err), err)
		}
		if time.Since(start) != 2*time.Second || meta.Attempts != 1 {
			t.Errorf("took %s and %d attempts", time.Since(start), meta.Attempts)
		}
	})
}

func TestWhatCannotHaveBeenSent(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	secure := httptest.NewUnstartedServer(never(t))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	mute, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mute.Close() })

	tests := map[string]string{
		"connection refused":         closed.URL,
		"no such host":               "http://no-such-host.invalid",
		"unknown certificate":        secure.URL,
		"no TLS at all":              strings.Replace(plain.URL, "http:", "https:", 1),
		"TLS handshake never begins": "https://" + mute.Addr().String(),
	}
	for name, base := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := Timeouts{TLS: 100 * time.Millisecond}.withDefaults().transport()
			tr.Proxy = nil // whatever the machine has, it is not asked about names
			c := mustNew(t, base, WithAPIKey(testKey), WithPlainHTTP(), WithHTTPClient(&http.Client{Transport: tr}))
			if err := get(c, WithoutRetry())(t.Context()); OutcomeOf(err) != NotSent {
				t.Errorf("got %s: %v", OutcomeOf(err), err)
			}
		})
	}
}

func TestDialThatNeverEndsIsNotSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// The transport dials for any call that may come, so that the dial
		// outlives the call.
		tr := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			time.Sleep(time.Minute)
			return nil, errors.New("no answer")
		}}
		c, err := New("http://localhost", WithAPIKey(testKey), WithHTTPClient(&http.Client{Transport: tr}))
		if err != nil {
			t.Fatal(err)
		}
		if err := get(c, WithoutRetry())(t.Context()); OutcomeOf(err) != NotSent || !errors.Is(err, errAttemptTimeout) {
			t.Errorf("got %s: %v", OutcomeOf(err), err)
		}
		time.Sleep(time.Minute) // virtual; the bubble may not end before the dial
	})
}

// roundTrip is a transport that tells nothing about its connections.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answer(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)),
	}
}

func TestATransportThatTellsNothingIsNotTrusted(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  error
		want Outcome
	}{
		"some error": {errors.New("broken"), Unknown},
		"reading":    {&net.OpError{Op: "read", Err: io.EOF}, Unknown},
		"dialling":   {&net.OpError{Op: "dial", Err: errors.New("no route to host")}, NotSent},
		"no name":    {&net.DNSError{Err: "no such host"}, NotSent},
	}
	for name, tt := range tests {
		c := mustNew(t, "http://localhost", WithAPIKey(testKey), WithHTTPClient(&http.Client{
			Transport: roundTrip(func(*http.Request) (*http.Response, error) { return nil, tt.err }),
		}))
		if err := get(c, WithoutRetry())(t.Context()); OutcomeOf(err) != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: got %s: %v", name, OutcomeOf(err), err)
		}
	}
}

func TestCallsGoOverHTTP1(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 1 {
			t.Errorf("got %s", r.Proto)
		}
		calls.Add(1)
		if r.Method == http.MethodPost {
			panic(http.ErrAbortHandler)
		}
		answering(200, paymentRequestJSON(testID, "new"))(w, r)
	}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	given := server.Client()
	c := mustNew(t, server.URL+testPrefix, WithAPIKey(testKey), WithHTTPClient(given))
	if err := get(c)(t.Context()); err != nil {
		t.Fatal(err)
	}
	// The connection is there already; it breaks.
	if _, _, err := c.PaymentRequests.Void(t.Context(), testID); OutcomeOf(err) != Unknown || calls.Load() != 2 {
		t.Errorf("got %s after %d calls: %v", OutcomeOf(err), calls.Load(), err)
	}
	own := Timeouts{}.withDefaults().transport()
	if own.Protocols.HTTP2() || own.Protocols.UnencryptedHTTP2() || own.ForceAttemptHTTP2 {
		t.Error("the package's own transport would speak HTTP/2")
	}
	if transport, ok := given.Transport.(*http.Transport); !ok || !transport.ForceAttemptHTTP2 {
		t.Error("the caller's own transport was changed")
	}
}

func TestAConnectionTheServiceClosedMeanwhile(t *testing.T) {
	t.Parallel()
	// net/http repeats what it has not written yet on a new connection; what it
	// has written it does not repeat for a POST. Either way nothing is sent twice.
	var posts atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			posts.Add(1)
			reset(w, r)
			return
		}
		answering(200, paymentRequestJSON(testID, "new"))(w, r)
	}))
	t.Cleanup(server.Close)
	c := mustNew(t, server.URL+testPrefix, WithAPIKey(testKey))
	for round := range int32(10) {
		if err := get(c)(t.Context()); err != nil {
			t.Fatal(err)
		}
		if round%2 == 1 {
			server.CloseClientConnections()
		}
		before := posts.Load()
		_, _, err := c.PaymentRequests.Create(t.Context(), saleOf(func(*CreatePaymentRequest) {}))
		if OutcomeOf(err) == Done || posts.Load()-before > 1 {
			t.Errorf("got %v after %d posts", err, posts.Load()-before)
		}
		if OutcomeOf(err) == NotSent && posts.Load() != before {
			t.Errorf("a create that was sent is not sent: %v", err)
		}
	}
}
