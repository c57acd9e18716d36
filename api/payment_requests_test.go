package api

import (
	"errors"
	"net/url"
	"slices"
	"testing"
)

func TestIdsAndReferencesCannotChangeTheRoute(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := newService(t,
		exchange{method: "GET", path: "/api/payment-requests/a%2Fvoid%3Fx=%23%25", reply: paymentRequestJSON("a/void?x=#%", "new")},
		exchange{
			method: "GET", path: "/api/payment-requests/external-ref/caf%C3%A9%20%2F..%2F", reply: `{"items":[]}`,
			query: url.Values{"merchantAccountId": {"a&b"}, "pageKey": {"A#1|2:3"}, "paginationLimit": {"7"}},
		},
		exchange{method: "POST", path: "/api/payment-requests/x%20y/conditions/1%2F2/accept", reply: `{"type":"accept-condition"}`},
	)
	if _, _, err := c.PaymentRequests.Get(ctx, "a/void?x=#%"); err != nil {
		t.Error(err)
	}
	if _, _, err := c.PaymentRequests.ListByExternalRef(ctx, "café /../",
		ListByExternalRefParams{MerchantAccountID: "a&b", PageKey: "A#1|2:3", PaginationLimit: 7}); err != nil {
		t.Error(err)
	}
	if _, _, err := c.PaymentRequests.AcceptCondition(ctx, "x y", "1/2"); err != nil {
		t.Error(err)
	}
	for _, id := range []string{"", ".", ".."} {
		_, _, err := c.PaymentRequests.Get(ctx, id)
		if OutcomeOf(err) != NotSent {
			t.Errorf("id %q: got %v, want not sent", id, err)
		}
	}
}

func TestPagesAreFollowedUntilTheLastOrARepeatedCursor(t *testing.T) {
	t.Parallel()
	const ref = "sale-1"
	page := func(asked, id, cursor string) exchange {
		x := exchange{
			method: "GET", path: "/api/payment-requests/external-ref/" + ref,
			query: url.Values{"merchantAccountId": {"acc"}},
			reply: `{"items":[` + paymentRequestJSON(id, "new") + `],` + cursor + `}`,
		}
		if asked != "" {
			x.query.Set("pageKey", asked)
		}
		return x
	}
	tests := map[string]struct {
		first string
		pages []exchange
		want  []string
		end   error
	}{
		"pageKey and nextPageKey are the same, an empty one ends": {
			"", []exchange{page("", "a", `"pageKey":"k1"`), page("k1", "b", `"nextPageKey":"k2"`), page("k2", "c", `"nextPageKey":""`)},
			[]string{"a", "b", "c"}, nil,
		},
		"a page that names itself is the last": {
			"k1", []exchange{page("k1", "a", `"pageKey":"k1"`)}, []string{"a"}, ErrCursorRepeated,
		},
		"a circle of two pages ends": {
			"", []exchange{page("", "a", `"pageKey":"k1"`), page("k1", "b", `"pageKey":"k2"`), page("k2", "c", `"pageKey":"k1"`)},
			[]string{"a", "b", "c"}, ErrCursorRepeated,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newService(t, tt.pages...)
			var got []string
			var end error
			params := ListByExternalRefParams{MerchantAccountID: "acc", PageKey: tt.first}
			for r, err := range c.PaymentRequests.AllByExternalRef(t.Context(), ref, params) {
				if end = err; err != nil {
					continue
				}
				got = append(got, r.ID)
			}
			if !slices.Equal(got, tt.want) || !errors.Is(end, tt.end) {
				t.Errorf("got %v, %v, want %v, %v", got, end, tt.want, tt.end)
			}
		})
	}
}

func TestPagingStopsWithTheFirstErrorAndWhenTheReaderStops(t *testing.T) {
	t.Parallel()
	path := "/api/payment-requests/external-ref/r"
	query := url.Values{"merchantAccountId": {"acc"}}
	params := ListByExternalRefParams{MerchantAccountID: "acc"}
	two := `{"items":[` + paymentRequestJSON("a", "new") + `,` + paymentRequestJSON("b", "new") + `],"pageKey":"k"}`

	c := newService(t,
		exchange{method: "GET", path: path, query: query, reply: two},
		exchange{
			method: "GET", path: path, status: 403, reply: `{"message":"Forbidden"}`,
			query: url.Values{"merchantAccountId": {"acc"}, "pageKey": {"k"}},
		},
		exchange{method: "GET", path: path, query: query, reply: two},
	)
	var ids []string
	var last error
	for r, err := range c.PaymentRequests.AllByExternalRef(t.Context(), "r", params) {
		if err != nil {
			last = err
			continue
		}
		ids = append(ids, r.ID)
	}
	if !slices.Equal(ids, []string{"a", "b"}) || OutcomeOf(last) != Refused {
		t.Errorf("got %v then %v, want a, b, then refused", ids, last)
	}
	for r, err := range c.PaymentRequests.AllByExternalRef(t.Context(), "r", params) {
		if err != nil || r.ID != "a" {
			t.Errorf("got %v, %v first", r, err)
		}
		break
	}
}

func TestMetaIsKnownOfSuccessAndFailure(t *testing.T) {
	t.Parallel()
	date := "Tue, 21 Jul 2026 10:11:12 GMT"
	c := newClientOf(t, answering(403, `{"message":"REQUEST_PAID","reason":"paid a minute ago"}`,
		"Date", date, "X-Request-Id", "req-77"))
	_, meta, err := c.PaymentRequests.Void(t.Context(), testID)
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an *Error", err)
	}
	if e.Outcome != Refused || e.Code != CodeRequestPaid || e.Status != 403 || e.Reason != "paid a minute ago" ||
		e.Method != "POST" || e.Path != "/api/payment-requests/"+testID+"/void" || e.RequestID != "req-77" {
		t.Errorf("got %+v", *e)
	}
	if meta.ServerTime.Format("15:04:05") != "10:11:12" || meta.RequestID != "req-77" || meta.Attempts != 1 || meta.Status != 403 {
		t.Errorf("got meta %+v", meta)
	}
	if meta.SentAt.IsZero() || meta.ReceivedAt.Before(meta.SentAt) {
		t.Errorf("got sent %v, received %v", meta.SentAt, meta.ReceivedAt)
	}

	c = newClientOf(t, answering(200, paymentRequestJSON(testID, "paid"), "Date", date))
	r, meta, err := c.PaymentRequests.Get(t.Context(), testID)
	if err != nil || r.Status != StatusPaid {
		t.Fatalf("got %v, %v", r, err)
	}
	if meta.ServerTime.IsZero() || meta.Status != 200 {
		t.Errorf("got meta %+v", meta)
	}
}
