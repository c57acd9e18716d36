package api

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestNoRequestForAPatronCodeIsNoError(t *testing.T) {
	t.Parallel()
	whole := paymentRequestJSON(testID, "new")
	tests := map[string]struct {
		body string
		want Outcome
		id   string
	}{
		"none":                  {`{}`, Done, ""},
		"none, spaced out":      {" {\n} ", Done, ""},
		"one":                   {whole, Done, testID},
		"one that lost its id":  {`{"status":"new","url":"u","value":{"amount":"1","currency":"NZD"}}`, Unknown, ""},
		"one unlike a request":  {`{"ok":true}`, Unknown, ""},
		"null":                  {`null`, Unknown, ""},
		"a list":                {`[]`, Unknown, ""},
		"nothing at all":        {``, Unknown, ""},
		"a portal's login page": {`<html>`, Unknown, ""},
		"something after it":    {`{}{}`, Unknown, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, meta, err := newClientOf(t, answering(200, tt.body)).PaymentRequests.GetByPatronCode(t.Context(), WithoutRetry())
			if OutcomeOf(err) != tt.want || meta.Status != 200 {
				t.Fatalf("got %s: %v", OutcomeOf(err), err)
			}
			if (tt.id == "") != (r == nil) || r != nil && r.ID != tt.id {
				t.Errorf("got %+v, want id %q", r, tt.id)
			}
		})
	}
}

func TestASummaryIsAskedForByNobody(t *testing.T) {
	t.Parallel()
	handle := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, header := range []string{"X-Api-Key", "Authorization", "X-Centrapay-Account"} {
			equal(t, header, r.Header.Get(header), "")
		}
		answering(200, paymentRequestJSON(testID, "new"))(w, r)
	})
	clients := map[string]*Client{
		"key":        newClientOf(t, handle),
		"user":       newUserClient(t, handle, WithUserToken(always(testToken)), WithAccount("acc")),
		"credential": newUserClient(t, handle), // of nobody: none was given
	}
	for name, c := range clients {
		if r, _, err := c.PaymentRequests.Summary(t.Context(), testID); err != nil || r.ID != testID {
			t.Errorf("%s: got %v, %v", name, r, err)
		}
	}
}

func TestAnAnswerAboutAnotherRequestIsNoAnswer(t *testing.T) {
	t.Parallel()
	c := newClientOf(t, answering(200, paymentRequestJSON("AnotherId", "paid")))
	if _, _, err := c.PaymentRequests.Summary(t.Context(), testID, WithoutRetry()); OutcomeOf(err) != Unknown {
		t.Errorf("summary: got %v", err)
	}
	c = newClientOf(t, answering(200, `{"type":"refund","paymentRequestId":"AnotherId"}`))
	for name, call := range map[string]published{
		"refund":  paymentCalls["payment-requests-refund"],
		"confirm": paymentCalls["payment-requests-confirm"],
		"release": paymentCalls["payment-requests-release"],
	} {
		if err := call(t.Context(), c); OutcomeOf(err) != Unknown || !strings.Contains(err.Error(), "AnotherId") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestWhatAReleaseBecame(t *testing.T) {
	t.Parallel()
	for wire, want := range map[string]ActivityType{
		string(readFixture(t, "payment-requests-release.response.json")):                                           ActivityRelease,
		`{"type":"cancellation","cancellationReason":"CANCELLED_BY_MERCHANT","paymentRequestId":"` + testID + `"}`: ActivityCancellation,
	} {
		a, _, err := newClientOf(t, answering(200, wire)).PaymentRequests.Release(t.Context(), testID)
		if err != nil || !a.Type.Is(want) {
			t.Errorf("got %v, %v, want %s", a, err, want)
		}
	}
}

func TestActivitiesOfAMerchantPageByPage(t *testing.T) {
	t.Parallel()
	page := func(asked, cursor string, requests ...string) exchange {
		x := exchange{method: "GET", path: "/api/payment-activities", query: url.Values{"merchantId": {"m&n"}}}
		if asked != "" {
			x.query.Set("pageKey", asked)
		}
		for i, id := range requests {
			requests[i] = `{"type":"payment","paymentRequestId":"` + id + `"}`
		}
		x.reply = `{"items":[` + strings.Join(requests, ",") + `],"nextPageKey":` + strconv.Quote(cursor) + `}`
		return x
	}
	tests := map[string]struct {
		first string
		pages []exchange
		want  []string
		end   error
	}{
		"to the last": {"", []exchange{page("", "A#1|2:3", "a", "b"), page("A#1|2:3", "k2"), page("k2", "", "c")}, []string{"a", "b", "c"}, nil},
		"from a page": {"k1", []exchange{page("k1", "", "a")}, []string{"a"}, nil},
		// Quirk B15.
		"a page that names itself": {"k1", []exchange{page("k1", "k1", "a")}, []string{"a"}, ErrCursorRepeated},
		"a circle":                 {"", []exchange{page("", "k1", "a"), page("k1", "k2", "b"), page("k2", "k1", "c")}, []string{"a", "b", "c"}, ErrCursorRepeated},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newService(t, tt.pages...)
			var got []string
			var end error
			for a, err := range c.PaymentActivities.All(t.Context(), ListPaymentActivitiesParams{MerchantID: "m&n", PageKey: tt.first}) {
				if end = err; err != nil {
					continue
				}
				got = append(got, a.PaymentRequestID)
			}
			if !slices.Equal(got, tt.want) || !errors.Is(end, tt.end) {
				t.Errorf("got %v, %v, want %v, %v", got, end, tt.want, tt.end)
			}
		})
	}
}

func TestActivitiesOfAMerchantCanBeGoneThroughTwice(t *testing.T) {
	t.Parallel()
	c := newClientOf(t, answering(200, `{"items":[{"type":"payment"},{"type":"request"}]}`))
	all := c.PaymentActivities.All(t.Context(), ListPaymentActivitiesParams{MerchantID: "m"})
	for range 2 {
		count := 0
		for _, err := range all {
			if err != nil {
				t.Fatal(err)
			}
			count++
		}
		equal(t, "activities", count, 2)
	}
}

func TestAListingThatFailsEndsWithItsError(t *testing.T) {
	t.Parallel()
	query := url.Values{"merchantId": {"m"}}
	c := newService(t,
		exchange{method: "GET", path: "/api/payment-activities", query: query, reply: `{"items":[{"type":"payment"}],"nextPageKey":"k"}`},
		exchange{
			method: "GET", path: "/api/payment-activities", query: url.Values{"merchantId": {"m"}, "pageKey": {"k"}},
			status: 403, reply: `{"message":"Forbidden"}`,
		},
	)
	count, last := 0, error(nil)
	for _, err := range c.PaymentActivities.All(t.Context(), ListPaymentActivitiesParams{MerchantID: "m"}) {
		count++
		last = err
	}
	var e *Error
	if count != 2 || !errors.As(last, &e) || e.Code != CodeForbidden {
		t.Errorf("got %d entries, the last with %v", count, last)
	}
}

func TestAListOfSomethingElseIsNoHistory(t *testing.T) {
	t.Parallel()
	for wire, want := range map[string]Outcome{
		`{"items":[]}`:                       Done,
		`{"items":[{"type":"brand-new"}]}`:   Done,
		`{"items":[{"merchantId":"m"}]}`:     Unknown,
		`{"items":[{"activityNumber":"3"}]}`: Done,
		`{"items":[null]}`:                   Unknown,
		`{"nextPageKey":"k"}`:                Unknown,
	} {
		c := newClientOf(t, answering(200, wire))
		_, _, err := c.PaymentActivities.List(t.Context(), ListPaymentActivitiesParams{MerchantID: "m"}, WithoutRetry())
		if OutcomeOf(err) != want {
			t.Errorf("%s: got %v, want %s", wire, err, want)
		}
	}
}

// coded reports whether a call failed with a code.
func coded(err error, code Code) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}

// An empty id would call another route: the list, or nothing at all.
func TestACallAboutNothingIsNotSent(t *testing.T) {
	t.Parallel()
	c, ctx := newClientOf(t, never(t)), t.Context()
	for name, call := range map[string]func() (Meta, error){
		"short code": func() (Meta, error) { _, m, err := c.PaymentRequests.GetByShortCode(ctx, ""); return m, err },
		"connection": func() (Meta, error) { _, m, err := c.PaymentRequests.GetByConnection(ctx, ".."); return m, err },
		"summary":    func() (Meta, error) { _, m, err := c.PaymentRequests.Summary(ctx, ""); return m, err },
		"activities": func() (Meta, error) { _, m, err := c.PaymentRequests.Activities(ctx, ""); return m, err },
		"void":       func() (Meta, error) { _, m, err := c.PaymentRequests.Void(ctx, ""); return m, err },
		"release":    func() (Meta, error) { _, m, err := c.PaymentRequests.Release(ctx, "."); return m, err },
		"condition":  func() (Meta, error) { _, m, err := c.PaymentRequests.AcceptCondition(ctx, testID, ""); return m, err },
		"confirmation": func() (Meta, error) {
			_, m, err := c.PaymentRequests.Confirm(ctx, "", publishedConfirmation())
			return m, err
		},
		"external reference": func() (Meta, error) {
			_, m, err := c.PaymentRequests.ListByExternalRef(ctx, "", ListByExternalRefParams{MerchantAccountID: "a"})
			return m, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			meta, err := call()
			notSent(t, meta, err, "path", CodeInvalidRequest)
		})
	}
}

// The answer to a condition has to be one, to that condition: whoever said
// something else may not have taken it.
func TestAnAnswerToAConditionIsChecked(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body            string
		accept, decline Outcome
	}{
		"accepted":                {`{"type":"accept-condition","conditionId":"1"}`, Done, Unknown},
		"declined":                {`{"type":"decline-condition","conditionId":"1"}`, Unknown, Done},
		"as a number":             {`{"type":"ACCEPT-condition","conditionId":1}`, Done, Unknown},
		"without the condition":   {`{"type":"accept-condition"}`, Done, Unknown},
		"another condition":       {`{"type":"accept-condition","conditionId":"2"}`, Unknown, Unknown},
		"another payment request": {`{"type":"accept-condition","conditionId":"1","paymentRequestId":"other"}`, Unknown, Unknown},
		"another activity":        {`{"type":"cancellation","conditionId":"1"}`, Unknown, Unknown},
		"no activity":             {`{"conditionId":"1"}`, Unknown, Unknown},
	}
	for name, tt := range tests {
		c := newClientOf(t, answering(200, tt.body)).PaymentRequests
		if _, _, err := c.AcceptCondition(t.Context(), testID, "1", WithoutRetry()); OutcomeOf(err) != tt.accept {
			t.Errorf("%s, to a yes: got %v", name, err)
		}
		if _, _, err := c.DeclineCondition(t.Context(), testID, "1", WithoutRetry()); OutcomeOf(err) != tt.decline {
			t.Errorf("%s, to a no: got %v", name, err)
		}
	}
}

// One entry that is not what it should be does not hide the others.
func TestAHistoryKeepsEntriesThatSayLess(t *testing.T) {
	t.Parallel()
	const body = `{"items":[{"type":"payment","value":{"amount":"5","currency":"NZD"}},{"value":{"amount":"7","currency":"NZD"}},
		{"type":"something-new"},{"type":"refund","value":{"amount":"all","currency":"NZD"}}]}`
	c := newClientOf(t, answering(200, body))
	ofOne, _, err := c.PaymentRequests.Activities(t.Context(), testID)
	if err != nil || len(ofOne.Items) != 4 || ofOne.Items[1].Type != "" || ofOne.Items[1].Value.Amount != "7" || ofOne.Items[3].Value.Amount != "all" {
		t.Errorf("of one request: %+v, %v", ofOne, err)
	}
	ofAll, _, err := c.PaymentActivities.List(t.Context(), ListPaymentActivitiesParams{MerchantID: "m"})
	if err != nil || len(ofAll.Items) != 4 || ofAll.Items[2].Type != "something-new" {
		t.Errorf("of the merchant: %+v, %v", ofAll, err)
	}
}
