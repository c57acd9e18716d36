package api

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestRetryAfterIsSecondsOrADate(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 21, 10, 0, 0, 0, time.UTC)
	tests := map[string]time.Duration{
		"":                                  0,
		"7":                                 7 * time.Second,
		" 7 ":                               7 * time.Second,
		"0":                                 0,
		"-5":                                0,
		"9223372036854775807":               9223372036 * time.Second, // as much as a duration holds
		"99999999999999999999":              0,
		"soon":                              0,
		"1.5":                               0,
		"Tue, 21 Jul 2026 10:00:42 GMT":     42 * time.Second,
		"Tuesday, 21-Jul-26 10:00:42 GMT":   42 * time.Second,
		"Tue, 21 Jul 2026 09:59:00 GMT":     0,
		"Tue, 21 Jul 2026 10:00:42 GMT nah": 0,
	}
	for header, want := range tests {
		if got := retryAfter(header, now); got != want {
			t.Errorf("%q: got %s, want %s", header, got, want)
		}
	}
}

func TestARetryAfterDateIsReadByTheServicesClock(t *testing.T) {
	t.Parallel()
	// The till's clock is years off; the service means half a minute.
	c := newClientOf(t, answering(429, "", "Date", "Tue, 21 Jul 2015 10:00:00 GMT", "Retry-After", "Tue, 21 Jul 2015 10:00:30 GMT"))
	err := get(c, WithoutRetry())(t.Context())
	var e *Error
	if !errors.As(err, &e) || e.RetryAfter != 30*time.Second {
		t.Errorf("got %v, retry after %s", err, e.RetryAfter)
	}
}

func TestErrorTellsWhatWasAttempted(t *testing.T) {
	t.Parallel()
	tests := map[string]*Error{
		"POST /x: 403 REQUEST_PAID (paid at the till next door)": {
			Outcome: Refused, Status: 403, Message: "REQUEST_PAID", Reason: "paid at the till next door",
		},
		"POST /x: 403 Forbidden":               {Outcome: Refused, Status: 403, Message: "Forbidden"},
		"POST /x: answer 502: no message":      {Status: 502, Err: errors.New("no message")},
		"POST /x: not sent: connect: refused":  {Outcome: NotSent, Err: errors.New("connect: refused")},
		"POST /x: unknown: connection reset":   {Err: errors.New("connection reset")},
		"POST /x: not sent: value.amount: bad": {Outcome: NotSent, Err: &ValidationError{Field: "value.amount", Problem: "bad"}},
	}
	for want, e := range tests {
		e.Method, e.Path = "POST", "/x"
		if e.Error() != want {
			t.Errorf("got  %s\nwant %s", e, want)
		}
	}
}

func TestCodesAreToldFromFreeText(t *testing.T) {
	t.Parallel()
	tests := map[string]Code{
		"REQUEST_PAID":           CodeRequestPaid,
		" REQUEST_PAID\n":        CodeRequestPaid,
		"SOMETHING_NEW_2":        "SOMETHING_NEW_2",
		"Forbidden":              CodeForbidden,
		"FORBIDDEN":              CodeForbidden,
		"Not Found":              CodeNotFound,
		"NOT FOUND":              CodeNotFound,
		"RATE LIMIT EXCEEDED":    CodeRateLimitExceeded,
		"RATE_LIMIT_EXCEEDED":    CodeRateLimitExceeded,
		"BAD REQUEST":            CodeBadRequest,
		"SERVER ERROR":           CodeServerError,
		"Missing authentication": CodeUnauthorized,
		"amount is required":     "",
		"request_paid":           "",
		"":                       "",
		"CONFLICT":               CodeConflict,
		"Conflict":               CodeConflict,
		"404":                    "",
		"_":                      "",
		"2ND_TRY":                "",
		strings.Repeat("A", 65):  "",
	}
	for message, want := range tests {
		if got := CodeOf(message); got != want {
			t.Errorf("%q: got %q, want %q", message, got, want)
		}
	}
}

// The same answer has the same code and the same words wherever it is read: a code
// is a code, and free text has the code of its status and is kept.
func TestRefusalsHaveACodeAndKeepTheirText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		status int
		body   string
		code   Code
		detail string
	}{
		{403, `{"message":"REQUEST_PAID"}`, CodeRequestPaid, ""},
		{403, `{"message":"PAYMENT_DECLINED","reason":"over quota"}`, CodePaymentDeclined, "over quota"},
		{403, `{"message":"Forbidden"}`, CodeForbidden, ""},
		{403, `{"message":"This key is not for tills"}`, CodeForbidden, "This key is not for tills"},
		{400, `{"message":"amount is required"}`, CodeBadRequest, "amount is required"},
		{400, `{"message":"amount is required","reason":"it was empty"}`, CodeBadRequest, "amount is required: it was empty"},
		{400, `{"message":"the same","reason":"the same"}`, CodeBadRequest, "the same"},
		{401, `{"message":"Missing authentication"}`, CodeUnauthorized, ""},
		{409, `{"message":"CONFLICT"}`, CodeConflict, ""},
		{409, `{"message":"already there"}`, CodeConflict, "already there"},
		{422, `{"message":"not today"}`, "UNPROCESSABLE_ENTITY", "not today"},
		{418, `{"message":"no coffee"}`, "IM_A_TEAPOT", "no coffee"},
		{499, `{"message":"client is slow"}`, CodeRefused, "client is slow"},
		{429, `{"message":"slow down"}`, CodeRateLimitExceeded, "slow down"},
		{429, `<html>`, CodeRateLimitExceeded, ""},
		{403, `<html>`, "", ""}, // nobody knows who said it
		{500, `{"message":"oops"}`, "", "oops"},
	}
	for _, tt := range tests {
		_, _, err := newClientOf(t, answering(tt.status, tt.body)).PaymentRequests.Void(t.Context(), testID, WithoutRetry())
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Code != tt.code || e.Detail() != tt.detail {
			t.Errorf("%d %s: got code %q, detail %q", tt.status, tt.body, e.Code, e.Detail())
		}
	}
}

func TestQuotasComeWithTheirCode(t *testing.T) {
	t.Parallel()
	c := newClientOf(t, answering(403, string(readFixture(t, "doc-quotas-01.example.json"))))
	_, _, err := c.PaymentRequests.Pay(t.Context(), testID, PayPaymentRequest{AssetType: AssetExternalTest})
	var e *Error
	if !errors.As(err, &e) || e.Code != CodeQuotaExceeded || len(e.Quotas) != 1 || e.Quotas[0].Limit != "9999" {
		t.Errorf("got %+v", e)
	}
}
