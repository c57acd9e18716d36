package api

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Error is the failure of one call; errors.As finds it in every error that a
// call returns. Outcome says what is known of the call, Status and Code what
// the service answered, if it did. It never contains a credential.
type Error struct {
	// Outcome is Refused, NotSent or Unknown.
	Outcome Outcome
	// Method and Path are what was asked, without the base URL and the query.
	Method string
	Path   string
	// Status is the HTTP status of the answer, 0 when there was none. A call that was
	// not sent because an earlier answer, such as a 429, holds it back has that
	// answer's Status, Code, Message and RequestID.
	Status int
	// Code is the service's message code; where the message of a refusal is free
	// text, the code of its status, such as CONFLICT for 409; or one raised here
	// before sending. It is "" when there was no answer of the service.
	Code Code
	// Message is the message as the service wrote it, whole, without the credential.
	Message string
	// Reason is text for people that the service may add; no logic may use it.
	Reason string
	// RequestID is the service's id of the call for its support, if it gave one.
	RequestID string
	// RetryAfter is how long the service asks to wait before the next call, 0
	// when it did not.
	RetryAfter time.Duration
	// Quotas are given with CodeQuotaExceeded.
	Quotas []Quota
	// Err is the cause when it was not an answer: a *ValidationError, a network
	// error, an unreadable body.
	Err error
}

// Error says what was attempted and what came of it, in one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Method + " " + e.Path + ": ")
	switch {
	case e.Status != 0 && e.Message != "":
		b.WriteString(strconv.Itoa(e.Status) + " " + clip(e.Message))
		if e.Reason != "" {
			b.WriteString(" (" + clip(e.Reason) + ")")
		}
	case e.Status != 0:
		b.WriteString("answer " + strconv.Itoa(e.Status))
	default:
		b.WriteString(e.Outcome.String())
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Detail is what the service said for people, beside the code: its message where
// that is free text, and its reason; "" when it said no more than the code.
func (e *Error) Detail() string {
	message := e.Message
	if CodeOf(message) != "" {
		message = ""
	}
	switch {
	case message == "" || message == e.Reason:
		return e.Reason
	case e.Reason == "":
		return message
	}
	return message + ": " + e.Reason
}

// Unwrap returns the cause, so that errors.Is finds context.Canceled and the
// like.
func (e *Error) Unwrap() error { return e.Err }

// ValidationError is a call that was not sent because the service could only
// have refused it.
type ValidationError struct {
	// Field is the JSON name of the field at fault, such as "value.amount".
	Field string
	// Code is the code the service would have answered, or one of this package.
	Code Code
	// Problem says what is wrong with the field.
	Problem string
	// Difference is, for CodeLineItemsSumCheckFailed, how much the prices of the
	// line items sum to above (or, negative, below) the value, in smallest units.
	Difference decimal.Decimal
}

// Error names the field and the problem.
func (e *ValidationError) Error() string { return fmt.Sprintf("%s: %s", e.Field, e.Problem) }

// ErrorBody is the wire form of an error answer. Only Message can be relied on.
// Source: Centrapay docs, HTTP status codes.
type ErrorBody struct {
	StatusCode Int    `json:"statusCode,omitempty"`
	Error      string `json:"error,omitempty"`
	Message    string `json:"message"`
	Reason     string `json:"reason,omitempty"`
	// Quotas are given with CodeQuotaExceeded.
	Quotas []Quota `json:"quotas,omitempty"`
}

// Quota is a limit on what an account may spend or top up. Source: Centrapay
// docs, quotas.
type Quota struct {
	Limit     BigNumber `json:"limit,omitempty"`
	Usage     BigNumber `json:"usage,omitempty"`
	Interval  string    `json:"interval,omitempty"`
	Period    string    `json:"period,omitempty"`
	Type      string    `json:"type,omitempty"`
	AssetType AssetType `json:"assetType,omitempty"`
}
