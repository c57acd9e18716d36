package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
)

var hardHats = []LineItem{
	{Name: "Hard Hat", SKU: "GH1234", Qty: "1", Price: "4000", Tax: "15", Discount: "400"},
	{Name: "Tool Belt", SKU: "GH1234", Qty: "1", Price: "6000", Tax: "15", Discount: "600"},
}

// builtRequests makes each published request by the Go call it stands for.
var builtRequests = map[string]func(context.Context, *Client) error{
	"seed-payment-requests-create": func(ctx context.Context, c *Client) error {
		_, _, err := c.PaymentRequests.Create(ctx, CreatePaymentRequest{
			ConfigID: "5efbe2fb96c08357bb2b9242", ExpirySeconds: 120, Value: NewMonetary(1, "NZD"),
		})
		return err
	},
	"payment-requests-create":         createHardHats,
	"openapi-payment-requests-create": createHardHats,
	"payment-requests-get": func(ctx context.Context, c *Client) error {
		_, _, err := c.PaymentRequests.Get(ctx, testID)
		return err
	},
	"payment-requests-get-by-short-code": func(ctx context.Context, c *Client) error {
		_, _, err := c.PaymentRequests.GetByShortCode(ctx, "CP-C7F-ZS5")
		return err
	},
	"payment-requests-list-by-external-ref": func(ctx context.Context, c *Client) error {
		_, _, err := c.PaymentRequests.ListByExternalRef(ctx, "e8df06e2-13a5-48b4-b670-3fd6d815fe0a",
			ListByExternalRefParams{MerchantAccountID: "1mdj7bj95gjo92r0ux6wfy69gj3h77"})
		return err
	},
	"payment-requests-list-payment-activities": func(ctx context.Context, c *Client) error {
		_, _, err := c.PaymentRequests.Activities(ctx, testID)
		return err
	},
	"payment-requests-void": func(ctx context.Context, c *Client) error {
		_, _, err := c.PaymentRequests.Void(ctx, testID)
		return err
	},
	"payment-requests-conditions-accept": func(ctx context.Context, c *Client) error {
		_, _, err := c.PaymentRequests.AcceptCondition(ctx, testID, "1")
		return err
	},
	"payment-requests-conditions-decline": func(ctx context.Context, c *Client) error {
		_, _, err := c.PaymentRequests.DeclineCondition(ctx, testID, "1")
		return err
	},
	"seed-payment-requests-pay": func(ctx context.Context, c *Client) error {
		_, _, err := c.PaymentRequests.Pay(ctx, testID, PayPaymentRequest{
			AssetType: "centrapay.nzd.main", AssetID: "WRhAxxWpTKb5U7pXyxQjjY", Amount: "200", Mode: PayModePartial,
		})
		return err
	},
	"payment-requests-pay": func(ctx context.Context, c *Client) error {
		_, _, err := c.PaymentRequests.Pay(ctx, testID, PayPaymentRequest{
			IdempotencyKey: "b62-11ec-9072-3e22fb52e878",
			AssetType:      "centrapay.nzd.main", AssetID: "WRhAxxWpTKb5U7pXyxQjjY", Amount: "200", Mode: PayModePartial,
			ExternalPaymentRef: "62e4b0d7-551b-4b93-8b62-28265b4457d1",
		})
		return err
	},
}

func createHardHats(ctx context.Context, c *Client) error {
	_, _, err := c.PaymentRequests.Create(ctx, CreatePaymentRequest{
		ConfigID: "mc_5efbe2fb96c08357bb2b9242", ExpirySeconds: 120, Value: NewMonetary(10000, "NZD"),
		LineItems: hardHats, ConnectionID: "cn_9asd9k19", PaymentLinkID: "pl_5srt998b",
	})
	return err
}

func TestEveryPublishedRequestIsBuiltExactly(t *testing.T) {
	t.Parallel()
	for _, name := range fixtureNames(t, ".request.json") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			build := builtRequests[name]
			if build == nil {
				build = builtRequests[strings.TrimPrefix(name, "seed-")]
			}
			if build == nil {
				t.Fatal("nothing builds this request")
			}
			f := requestFixture(t, name)
			x := exchange{
				method: f.Method, path: f.Path, headers: map[string]string{},
				reply: string(readFixture(t, name+".response.json")),
				// Quirk A6: two samples print expirySeconds as a string; the
				// OpenAPI file says integer, which is what is sent.
				body: strings.Replace(string(f.Body), `"expirySeconds": "120"`, `"expirySeconds": 120`, 1),
			}
			for k, v := range f.Headers {
				x.headers[k] = strings.Replace(v, "<TOKEN>", testKey, 1)
			}
			for k, v := range f.Query {
				x.query = url.Values{k: {v}}
			}
			if err := build(t.Context(), newService(t, x)); err != nil {
				t.Error(err)
			}
		})
	}
}

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
	}{
		"pageKey and nextPageKey are the same, an empty one ends": {
			"", []exchange{page("", "a", `"pageKey":"k1"`), page("k1", "b", `"nextPageKey":"k2"`), page("k2", "c", `"nextPageKey":""`)},
			[]string{"a", "b", "c"},
		},
		"a page that names itself is the last": {
			"k1", []exchange{page("k1", "a", `"pageKey":"k1"`)}, []string{"a"},
		},
		"a circle of two pages ends": {
			"", []exchange{page("", "a", `"pageKey":"k1"`), page("k1", "b", `"pageKey":"k2"`), page("k2", "c", `"pageKey":"k1"`)},
			[]string{"a", "b", "c"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newService(t, tt.pages...)
			var got []string
			params := ListByExternalRefParams{MerchantAccountID: "acc", PageKey: tt.first}
			for r, err := range c.PaymentRequests.AllByExternalRef(t.Context(), ref, params) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, r.ID)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
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

func TestBodiesRoundTrip(t *testing.T) {
	t.Parallel()
	// The sandbox reads what the client writes, with the client's types.
	for name := range builtRequests {
		if !strings.HasSuffix(name, "-create") && !strings.HasSuffix(name, "-pay") {
			continue
		}
		body := requestFixture(t, name).Body
		var into any = new(CreatePaymentRequest)
		if strings.HasSuffix(name, "-pay") {
			into = new(PayPaymentRequest)
		}
		if err := json.Unmarshal(body, into); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again, err := json.Marshal(into)
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Replace(string(body), `"120"`, `120`, 1)
		if diff := differences("", generic(t, []byte(want)), generic(t, again)); len(diff) != 0 {
			t.Errorf("%s: %v", name, diff)
		}
	}
}
