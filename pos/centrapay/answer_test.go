package centrapay_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api"
	"centrapos/pos"
	"centrapos/pos/centrapay"
)

var nzd = pos.Currency{Code: "NZD", Decimals: 2}

func cents(n int64) pos.Money { return pos.NewMoney(decimal.NewFromInt(n), nzd) }

func coffee() pos.Sale {
	return pos.Sale{
		Amount: cents(1250), ExternalRef: "T1-0042", Expiry: 120 * time.Second,
		Origin: pos.Origin{ConfigID: "mc_1", MerchantAccountID: "acc1", TerminalID: "till-1"},
	}
}

// calls are all calls, each giving only its reply.
var calls = map[string]func(context.Context, centrapay.Payments) pos.Reply{
	"create": func(ctx context.Context, p centrapay.Payments) pos.Reply {
		_, reply := p.Create(ctx, coffee())
		return reply
	},
	"get": func(ctx context.Context, p centrapay.Payments) pos.Reply {
		_, reply := p.Get(ctx, requestID)
		return reply
	},
	"short code": func(ctx context.Context, p centrapay.Payments) pos.Reply {
		_, reply := p.GetByShortCode(ctx, "CP-C7F-ZS5")
		return reply
	},
	"look up": func(ctx context.Context, p centrapay.Payments) pos.Reply {
		_, reply := p.LookUp(ctx, "T1-0042", coffee().Origin)
		return reply
	},
	"void": func(ctx context.Context, p centrapay.Payments) pos.Reply {
		_, reply := p.Void(ctx, requestID)
		return reply
	},
	"accept": func(ctx context.Context, p centrapay.Payments) pos.Reply {
		return p.Decide(ctx, requestID, "1", true)
	},
	"refund": func(ctx context.Context, p centrapay.Payments) pos.Reply {
		_, reply := p.Refund(ctx, back())
		return reply
	},
	"confirm": func(ctx context.Context, p centrapay.Payments) pos.Reply {
		_, reply := p.Confirm(ctx, draw())
		return reply
	},
	"release": func(ctx context.Context, p centrapay.Payments) pos.Reply {
		_, reply := p.Release(ctx, requestID)
		return reply
	},
	"activities": func(ctx context.Context, p centrapay.Payments) pos.Reply {
		_, reply := p.Activities(ctx, requestID)
		return reply
	},
	"decline": func(ctx context.Context, p centrapay.Payments) pos.Reply {
		return p.Decide(ctx, requestID, "1", false)
	},
}

// TestAnswers holds every kind of ending of a call against the answer it must
// become, for every call, and that each call is attempted exactly once.
func TestAnswers(t *testing.T) {
	t.Parallel()
	const whole = `{"id":"MhocUmpxxmgdHjr7DgKoKw","url":"https://x/pay/1","status":"new","value":{"amount":"1250","currency":"NZD"}}`
	cases := map[string]struct {
		answer http.HandlerFunc
		want   pos.Answer
	}{
		"refused by code":       {says(403, `{"statusCode":403,"error":"Forbidden","message":"REQUEST_PAID"}`), pos.AnswerRefused},
		"refused in free text":  {says(400, `{"message":"amount is required"}`), pos.AnswerRefused},
		"unauthorized":          {says(401, `{"message":"UNAUTHORIZED"}`), pos.AnswerRefused},
		"portal's 403":          {says(403, `<html>log in</html>`), pos.AnswerUnknown},
		"server error":          {says(500, `{"message":"SERVER ERROR"}`), pos.AnswerUnknown},
		"bad gateway":           {says(502, `<html>bad gateway</html>`), pos.AnswerUnknown},
		"gateway timeout":       {says(504, ``), pos.AnswerUnknown},
		"asked too often":       {says(429, `{"message":"RATE LIMIT EXCEEDED"}`), pos.AnswerNotSent},
		"redirect":              {says(302, ``), pos.AnswerUnknown},
		"empty body":            {says(200, ``), pos.AnswerUnknown},
		"HTML body":             {says(200, `<html>welcome</html>`), pos.AnswerUnknown},
		"truncated JSON":        {says(200, whole[:40]), pos.AnswerUnknown},
		"another shape":         {says(200, `{"hello":"world"}`), pos.AnswerUnknown},
		"a list":                {says(200, `[]`), pos.AnswerUnknown},
		"null":                  {says(200, `null`), pos.AnswerUnknown},
		"dropped":               {drop, pos.AnswerUnknown},
		"dropped in the body":   {dropInBody(whole), pos.AnswerUnknown},
		"silence":               {silence, pos.AnswerUnknown},
		"payment not confirmed": {says(403, `{"message":"PAYMENT_UNCONFIRMED"}`), pos.AnswerUnknown},
	}
	for name, c := range cases {
		for callName, call := range calls {
			t.Run(name+"/"+callName, func(t *testing.T) {
				t.Parallel()
				payments, service := answers(t, c.answer)
				reply := call(t.Context(), payments)
				if reply.Answer != c.want {
					t.Errorf("got %v (%s), want %v", reply.Answer, reply.Detail, c.want)
				}
				if n := len(service.seen()); n != 1 {
					t.Errorf("it was attempted %d times; repeating is for the payment rules", n)
				}
				if reply.Detail == "" || strings.Contains(reply.Detail, key) {
					t.Errorf("detail for support: %q", reply.Detail)
				}
				if refused := c.want == pos.AnswerRefused; refused != (reply.Refusal.Code != "") {
					t.Errorf("refusal %+v with answer %v", reply.Refusal, reply.Answer)
				}
			})
		}
	}
}

func TestNotSent(t *testing.T) {
	t.Parallel()
	payments := paymentsAt(t, "http://"+closedAddress(t))
	for name, call := range calls {
		if reply := call(t.Context(), payments); reply.Answer != pos.AnswerNotSent {
			t.Errorf("%s where nobody listens: got %v (%s)", name, reply.Answer, reply.Detail)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, call := range calls {
		if reply := call(ended, payments); reply.Answer != pos.AnswerNotSent {
			t.Errorf("%s after its context ended: got %v (%s)", name, reply.Answer, reply.Detail)
		}
	}
}

func TestCallEndsWithItsContext(t *testing.T) {
	t.Parallel()
	payments, _ := answers(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, reply := payments.Create(ctx, coffee()); reply.Answer != pos.AnswerUnknown {
		t.Errorf("got %v, want unknown: the request had left", reply.Answer)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("the call outlived its context by %v", took)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		status int
		body   string
		want   pos.Refusal
	}{
		"code":        {403, `{"message":"REQUEST_PAID"}`, pos.Refusal{Code: "REQUEST_PAID", Status: 403}},
		"with reason": {403, `{"message":"PAYMENT_DECLINED","reason":"over quota"}`, pos.Refusal{Code: "PAYMENT_DECLINED", Status: 403, Reason: "over quota"}},
		"shared text": {403, `{"message":"Forbidden"}`, pos.Refusal{Code: "FORBIDDEN", Status: 403}},
		"free text":   {400, `{"message":"amount is required"}`, pos.Refusal{Code: "BAD_REQUEST", Status: 400, Reason: "amount is required"}},
		"odd status":  {499, `{"message":"client is slow"}`, pos.Refusal{Code: "REFUSED", Status: 499, Reason: "client is slow"}},
		"echoed key":  {401, `{"message":"UNAUTHORIZED","reason":"no such key ` + key + `"}`, pos.Refusal{Code: "UNAUTHORIZED", Status: 401, Reason: "no such key [redacted]"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			payments, _ := answers(t, says(c.status, c.body))
			_, reply := payments.Void(t.Context(), requestID)
			if reply.Refusal != c.want {
				t.Errorf("got %+v, want %+v", reply.Refusal, c.want)
			}
		})
	}
}

func TestClockAndRetryAfterAlsoOnFailure(t *testing.T) {
	t.Parallel()
	server := time.Date(2026, 8, 1, 9, 30, 0, 0, time.UTC)
	payments, _ := answers(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", server.Format(http.TimeFormat))
		w.Header().Set("Retry-After", "17")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, `{"message":"RATE_LIMIT_EXCEEDED"}`)
	})
	before := time.Now()
	_, reply := payments.Get(t.Context(), requestID)
	if reply.RetryAfter != 17*time.Second {
		t.Errorf("RetryAfter is %v, want 17 s", reply.RetryAfter)
	}
	clock := reply.Clock
	if !clock.Server.Equal(server) || clock.Sent.Before(before) || clock.Received.Before(clock.Sent) {
		t.Errorf("clock %+v", clock)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, reply := payments.Get(ctx, requestID); reply.Answer != pos.AnswerNotSent || reply.RetryAfter <= 0 || reply.Code != string(api.CodeRateLimitExceeded) {
		t.Errorf("while the service asks to be left alone: got %v, RetryAfter %v, code %q", reply.Answer, reply.RetryAfter, reply.Code)
	}
}

func drop(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

func dropInBody(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, out, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		_, _ = out.WriteString("HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\n" + body)
		_ = out.Flush()
		_ = conn.Close()
	}
}

func silence(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func closedAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // closed again at once
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
