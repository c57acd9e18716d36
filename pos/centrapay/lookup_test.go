package centrapay_test

import (
	"fmt"
	"io"
	"net/http"
	"testing"

	"centrapos/pos"
)

// pages answers a look-up with numbered pages of one request each; next gives
// the cursor that page n ends with.
func pages(next func(n int) string) http.HandlerFunc {
	n := 0
	return func(w http.ResponseWriter, _ *http.Request) {
		n++
		cursor := ""
		if key := next(n); key != "" {
			cursor = fmt.Sprintf(`,"pageKey":%q`, key)
		}
		_, _ = fmt.Fprintf(w, `{"items":[{"id":"id%d","status":"new","value":{"amount":"1250","currency":"NZD"}}]%s}`, n, cursor)
	}
}

func TestLookUpFollowsPages(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		next  func(int) string
		want  pos.Answer
		items int
		calls int
	}{
		"one page":            {func(int) string { return "" }, pos.AnswerDone, 1, 1},
		"three pages":         {func(n int) string { return []string{"", "a", "b", ""}[n] }, pos.AnswerDone, 3, 3},
		"the cursor repeated": {func(int) string { return "12312312" }, pos.AnswerDone, 2, 2},
		"two cursors in turn": {func(n int) string { return []string{"b", "a"}[n%2] }, pos.AnswerDone, 3, 3},
		"never ends":          {func(n int) string { return fmt.Sprint("page", n) }, pos.AnswerUnknown, 0, 10},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			payments, service := answers(t, pages(c.next))
			got, reply := payments.LookUp(t.Context(), "T1 0042/a", coffee().Origin)
			if reply.Answer != c.want || len(got) != c.items || len(service.seen()) != c.calls {
				t.Errorf("got %v (%s), %d items in %d calls; want %v, %d in %d",
					reply.Answer, reply.Detail, len(got), len(service.seen()), c.want, c.items, c.calls)
			}
			const first = "GET /api/payment-requests/external-ref/T1%200042%2Fa?merchantAccountId=acc1&paginationLimit=100"
			if service.seen()[0] != first {
				t.Errorf("asked %s\nwant  %s", service.seen()[0], first)
			}
		})
	}
}

func TestLookUpReadsPublishedList(t *testing.T) {
	t.Parallel()
	payments, _ := answers(t, says(200, published(t, "payment-requests-list-by-external-ref")))
	got, reply := payments.LookUp(t.Context(), "T1-0042", coffee().Origin)
	if reply.Answer != pos.AnswerDone || len(got) == 0 || got[0].ID != requestID || !got[0].Value.Equal(cents(8991)) {
		t.Errorf("got %+v, %v (%s)", got, reply.Answer, reply.Detail)
	}
}

func TestLookUpOfNothing(t *testing.T) {
	t.Parallel()
	payments, _ := answers(t, says(200, `{"items":[]}`))
	if got, reply := payments.LookUp(t.Context(), "T1-0042", coffee().Origin); reply.Answer != pos.AnswerDone || len(got) != 0 {
		t.Errorf("got %+v, %v (%s)", got, reply.Answer, reply.Detail)
	}
}

func TestLookUpWithoutAccountIsNotSent(t *testing.T) {
	t.Parallel()
	payments, service := answers(t, says(200, `{"items":[]}`))
	_, reply := payments.LookUp(t.Context(), "T1-0042", pos.Origin{})
	if reply.Answer != pos.AnswerNotSent || len(service.seen()) != 0 {
		t.Errorf("got %v after %d calls", reply.Answer, len(service.seen()))
	}
}

// TestLookUpBreaksOff: half a list is no answer, whatever ended it.
func TestLookUpBreaksOff(t *testing.T) {
	t.Parallel()
	ends := map[string]http.HandlerFunc{
		"server error": says(500, `{"message":"SERVER_ERROR"}`),
		"refused":      says(403, `{"message":"FORBIDDEN"}`),
		"too often":    says(429, `{"message":"RATE_LIMIT_EXCEEDED"}`),
		"HTML":         says(200, `<html></html>`),
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := pages(func(int) string { return "more" })
			payments, _ := answers(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Get("pageKey") == "" {
					first(w, r)
					return
				}
				end(w, r)
			})
			got, reply := payments.LookUp(t.Context(), "T1-0042", coffee().Origin)
			if reply.Answer != pos.AnswerUnknown || got != nil || reply.Refusal.Code != "" || reply.Detail == "" {
				t.Errorf("got %+v, %+v", got, reply)
			}
		})
	}
}

func TestShortCodeIsEscaped(t *testing.T) {
	t.Parallel()
	payments, service := answers(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, requestJSON("1250", "NZD", ""))
	})
	if _, reply := payments.GetByShortCode(t.Context(), "CP-X/../1"); reply.Answer != pos.AnswerDone {
		t.Errorf("got %v (%s)", reply.Answer, reply.Detail)
	}
	if got := service.seen()[0]; got != "GET /api/payment-requests/short-code/CP-X%2F..%2F1" {
		t.Errorf("asked %s", got)
	}
}
