package centrapay_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/pos"
	"centrapos/pos/centrapay"
)

// legacyID is the request of the first generation's own samples.
const legacyID = "64b023fc-f17f-4f3d-afb6-0401306cd550"

var legacyForms = map[string]centrapay.LegacyForm{
	"today": centrapay.LegacyToday, "cancel": centrapay.LegacyCancel, "first": centrapay.LegacyFirst,
}

var everything = centrapay.LegacySale{MerchantID: "m1", Description: "Two coffees", NotifyURL: "/api/service.notify"}

// legacyAnswers starts a service and gives the payments of a client of it.
func legacyAnswers(t *testing.T, form centrapay.LegacyForm, answer http.HandlerFunc) (centrapay.LegacyPayments, *service) {
	t.Helper()
	s := &service{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.calls = append(s.calls, r.Method+" "+r.URL.RequestURI())
		s.body = body
		s.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return legacyAt(t, server.URL, form), s
}

func legacyAt(t *testing.T, url string, form centrapay.LegacyForm) centrapay.LegacyPayments {
	t.Helper()
	client, err := api.New(url, api.WithAPIKey(key),
		api.WithTimeouts(api.Timeouts{Total: 2 * time.Second, ResponseHeader: 300 * time.Millisecond}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return centrapay.NewLegacy(client, form, everything)
}

// bycall answers each call by its name, such as "requests.info".
func bycall(answers map[string]http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		answer, ok := answers[name]
		if !ok {
			answer = says(500, "nobody asked for "+name)
		}
		answer(w, r)
	}
}

func legacyJSON(status, more string) string {
	if more != "" {
		more = "," + more
	}
	return `{"requestId":"` + legacyID + `","status":"` + status + `","denomination":{"amount":1250,"asset":"NZD"}` + more + `}`
}

func giveBack(n int64) pos.Refund {
	return pos.Refund{Target: pos.Target{RequestID: legacyID}, Value: cents(n), ExternalRef: "T1-0042-R1"}
}

// legacyCalls are the calls that reach the service, each in one exchange.
var legacyCalls = map[string]func(context.Context, centrapay.LegacyPayments) pos.Reply{
	"create": func(ctx context.Context, p centrapay.LegacyPayments) pos.Reply {
		_, reply := p.Create(ctx, coffee())
		return reply
	},
	"get": func(ctx context.Context, p centrapay.LegacyPayments) pos.Reply {
		_, reply := p.Get(ctx, legacyID)
		return reply
	},
	"void": func(ctx context.Context, p centrapay.LegacyPayments) pos.Reply {
		_, reply := p.Void(ctx, legacyID)
		return reply
	},
	"refund": func(ctx context.Context, p centrapay.LegacyPayments) pos.Reply {
		refund := giveBack(500)
		refund.Target = centrapay.LegacyTransaction("tx1")
		_, reply := p.Refund(ctx, refund)
		return reply
	},
}

// eachLegacyCall runs a test for every call that a form has.
func eachLegacyCall(t *testing.T, name string, test func(*testing.T, centrapay.LegacyForm, func(context.Context, centrapay.LegacyPayments) pos.Reply)) {
	t.Helper()
	for formName, form := range legacyForms {
		for callName, call := range legacyCalls {
			if form == centrapay.LegacyFirst && callName == "refund" {
				continue
			}
			t.Run(name+"/"+formName+"/"+callName, func(t *testing.T) {
				t.Parallel()
				test(t, form, call)
			})
		}
	}
}

// TestLegacyAnswers holds every kind of ending of a call against the answer it must
// become, in all forms. H3: the status of a refusal says nothing.
func TestLegacyAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   pos.Answer
	}{
		"refused, 404":         {says(404, `{"message":"REQUEST_PAID"}`), pos.AnswerRefused},
		"refused, 400":         {says(400, `{"message":"REQUEST_PAID"}`), pos.AnswerRefused},
		"refused by number":    {says(400, `{"message":"18","code":18}`), pos.AnswerRefused},
		"refused in free text": {says(400, `{"message":"amount is required"}`), pos.AnswerRefused},
		"portal's 403":         {says(403, `<html>log in</html>`), pos.AnswerUnknown},
		"server error":         {says(500, `{"message":"INTERNAL_ERROR"}`), pos.AnswerUnknown},
		"bad gateway":          {says(502, `<html>bad gateway</html>`), pos.AnswerUnknown},
		"asked too often":      {says(429, `{"message":"RATE LIMIT EXCEEDED"}`), pos.AnswerNotSent},
		"redirect":             {says(302, ``), pos.AnswerUnknown},
		"empty body":           {says(200, ``), pos.AnswerUnknown},
		"HTML body":            {says(200, `<html>welcome</html>`), pos.AnswerUnknown},
		"truncated JSON":       {says(200, legacyJSON("new", "")[:40]), pos.AnswerUnknown},
		"another shape":        {says(200, `{"hello":"world"}`), pos.AnswerUnknown},
		"null":                 {says(200, `null`), pos.AnswerUnknown},
		"an error with 200":    {says(200, `{"message":"REQUEST_EXPIRED"}`), pos.AnswerUnknown},
		"no success":           {says(200, `{"status":"Pending"}`), pos.AnswerUnknown},
		"dropped":              {drop, pos.AnswerUnknown},
		"dropped in the body":  {dropInBody(legacyJSON("new", "")), pos.AnswerUnknown},
		"silence":              {silence, pos.AnswerUnknown},
	} {
		eachLegacyCall(t, name, func(t *testing.T, form centrapay.LegacyForm, call func(context.Context, centrapay.LegacyPayments) pos.Reply) {
			payments, service := legacyAnswers(t, form, c.answer)
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

func TestLegacyNotSent(t *testing.T) {
	t.Parallel()
	address := "http://" + closedAddress(t)
	eachLegacyCall(t, "nobody listens", func(t *testing.T, form centrapay.LegacyForm, call func(context.Context, centrapay.LegacyPayments) pos.Reply) {
		if reply := call(t.Context(), legacyAt(t, address, form)); reply.Answer != pos.AnswerNotSent {
			t.Errorf("got %v (%s)", reply.Answer, reply.Detail)
		}
	})
}

// TestLegacyCreateSends, G4 and G5: parameters go where the form puts them, and the
// first form sends none that it does not have.
func TestLegacyCreateSends(t *testing.T) {
	t.Parallel()
	full := coffee()
	full.Barcode, full.Expiry, full.Origin.DeviceID, full.Origin.OperatorID = "0219210961929460", 90*time.Second, "SN-1", "Mia"
	common := url.Values{
		"merchantId": {"m1"}, "clientId": {"mc_1"}, "asset": {"NZD"}, "amount": {"1250"}, "externalReference": {"T1-0042"},
		"description": {"Two coffees"}, "notifyUrl": {"/api/service.notify"},
	}
	more := url.Values{"patronCode": {"0219210961929460"}, "paymentExpirySeconds": {"90"}, "terminalId": {"till-1"}, "deviceId": {"SN-1"}}
	for name, value := range common {
		more[name] = value
	}
	for name, c := range map[string]struct {
		form centrapay.LegacyForm
		sale pos.Sale
		path string
		want url.Values
	}{
		"today": {centrapay.LegacyToday, full, "/payments/api/requests.create", more},
		"first": {centrapay.LegacyFirst, coffee(), "/api/requests.create", common},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			payments, service := legacyAnswers(t, c.form, says(200, legacyJSON("new", "")))
			if _, reply := payments.Create(t.Context(), c.sale); reply.Answer != pos.AnswerDone {
				t.Fatalf("got %v: %s", reply.Answer, reply.Detail)
			}
			method, target, _ := strings.Cut(service.seen()[0], " ")
			asked, err := url.Parse(target)
			if err != nil {
				t.Fatal(err)
			}
			got, unwanted := asked.RawQuery, string(service.lastBody())
			if c.form == centrapay.LegacyFirst {
				got, unwanted = unwanted, got
			}
			if method != http.MethodPost || asked.Path != c.path || unwanted != "" || got != c.want.Encode() {
				t.Errorf("%s %s with %q:\ngot  %s\nwant %s", method, asked.Path, unwanted, got, c.want.Encode())
			}
		})
	}
}

// TestLegacyLacks: what cannot be said is refused before anything is sent, rather
// than sent without it.
func TestLegacyLacks(t *testing.T) {
	t.Parallel()
	with := func(change func(*pos.Sale)) func(context.Context, centrapay.LegacyPayments) pos.Reply {
		sale := coffee()
		change(&sale)
		return func(ctx context.Context, p centrapay.LegacyPayments) pos.Reply {
			_, reply := p.Create(ctx, sale)
			return reply
		}
	}
	refund := func(change func(*pos.Refund)) func(context.Context, centrapay.LegacyPayments) pos.Reply {
		r := giveBack(500)
		change(&r)
		return func(ctx context.Context, p centrapay.LegacyPayments) pos.Reply {
			_, reply := p.Refund(ctx, r)
			return reply
		}
	}
	lines := []pos.LineItem{{Name: "Mug"}}
	all := map[string]func(context.Context, centrapay.LegacyPayments) pos.Reply{
		"pre-auth":         with(func(s *pos.Sale) { s.PreAuth = true }),
		"in part":          with(func(s *pos.Sale) { s.Partial, s.Basket = true, cents(2000) }),
		"without customer": with(func(s *pos.Sale) { s.PatronNotPresent = true }),
		"lines":            with(func(s *pos.Sale) { s.Lines = lines }),
		"of a confirmation": refund(func(r *pos.Refund) {
			r.ConfirmationKey = "key"
		}),
		"refund of lines": refund(func(r *pos.Refund) { r.Lines = lines }),
		"short code": func(ctx context.Context, p centrapay.LegacyPayments) pos.Reply {
			_, reply := p.GetByShortCode(ctx, "CP-C7F-ZS5")
			return reply
		},
		"look-up": func(ctx context.Context, p centrapay.LegacyPayments) pos.Reply {
			_, reply := p.LookUp(ctx, "T1-0042", coffee().Origin)
			return reply
		},
		"condition": func(ctx context.Context, p centrapay.LegacyPayments) pos.Reply {
			return p.Decide(ctx, legacyID, "1", true)
		},
		"confirm": func(ctx context.Context, p centrapay.LegacyPayments) pos.Reply {
			_, reply := p.Confirm(ctx, pos.Confirm{Target: pos.Target{RequestID: legacyID}})
			return reply
		},
		"release": func(ctx context.Context, p centrapay.LegacyPayments) pos.Reply {
			_, reply := p.Release(ctx, legacyID)
			return reply
		},
		"history": func(ctx context.Context, p centrapay.LegacyPayments) pos.Reply {
			_, reply := p.Activities(ctx, legacyID)
			return reply
		},
	}
	onlyFirst := map[string]func(context.Context, centrapay.LegacyPayments) pos.Reply{
		"patron code": with(func(s *pos.Sale) { s.Barcode = "0219210961929460" }),
		"expiry":      with(func(s *pos.Sale) { s.Expiry = time.Minute }),
		"refund":      refund(func(*pos.Refund) {}),
	}
	for formName, form := range legacyForms {
		payments, service := legacyAnswers(t, form, says(200, legacyJSON("new", "")))
		check := func(name string, call func(context.Context, centrapay.LegacyPayments) pos.Reply) {
			reply := call(t.Context(), payments)
			if reply.Answer != pos.AnswerRefused || reply.Refusal.Code != "NOT_IN_FORM" || reply.Refusal.Reason == "" {
				t.Errorf("%s, %s: got %v %+v", formName, name, reply.Answer, reply.Refusal)
			}
		}
		for name, call := range all {
			check(name, call)
		}
		if form == centrapay.LegacyFirst {
			for name, call := range onlyFirst {
				check(name, call)
			}
		}
		if calls := service.seen(); len(calls) != 0 {
			t.Errorf("%s: sent %v", formName, calls)
		}
	}
}

// TestLegacyClock: the clocks are told also when the call failed.
func TestLegacyClock(t *testing.T) {
	t.Parallel()
	server := time.Date(2026, 8, 1, 9, 30, 0, 0, time.UTC)
	payments, _ := legacyAnswers(t, centrapay.LegacyToday, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", server.Format(http.TimeFormat))
		w.Header().Set("Retry-After", "17")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, `{"message":"RATE_LIMIT_EXCEEDED"}`)
	})
	if _, reply := payments.Refund(t.Context(), giveBack(500)); reply.RetryAfter != 17*time.Second || !reply.Clock.Server.Equal(server) {
		t.Errorf("RetryAfter %v, clock %+v", reply.RetryAfter, reply.Clock)
	}
}
