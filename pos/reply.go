package pos

import (
	"fmt"
	"time"
)

// Answer says how a call to the service ended, in the only terms the payment
// rules know. Treating any of these as another is how tills lose money.
type Answer int

const (
	// AnswerUnknown: no answer, or one that cannot be understood (timeout, reset,
	// 5xx, unreadable body). The call may have taken effect. It is the zero value,
	// so that a forgotten answer is never taken for a definite one.
	AnswerUnknown Answer = iota
	// AnswerDone: the service did it and said so in a body that was understood.
	AnswerDone
	// AnswerRefused: the service understood and said no, by a message code.
	AnswerRefused
	// AnswerNotSent: nothing can have taken effect: no connection, or turned away
	// before being acted on (429).
	AnswerNotSent
)

// String names the answer as logs and the ledger do.
func (a Answer) String() string {
	switch a {
	case AnswerDone:
		return "done"
	case AnswerRefused:
		return "refused"
	case AnswerNotSent:
		return "not sent"
	case AnswerUnknown:
		return "unknown"
	default:
		return fmt.Sprintf("Answer(%d)", int(a))
	}
}

// Refusal is a definite no from the service.
type Refusal struct {
	Code   string `json:"code"`             // the service's message code, such as REQUEST_PAID
	Status int    `json:"status,omitempty"` // HTTP status; alone it decides nothing
	Reason string `json:"reason,omitempty"` // free text for people; may be shown, steers nothing
}

// Message codes that the payment rules act on (Payment Requests, errors of Void,
// Pay, Refund, Confirm and Release).
const (
	RefusedRequestPaid      = "REQUEST_PAID"
	RefusedRequestExpired   = "REQUEST_EXPIRED"
	RefusedRequestCancelled = "REQUEST_CANCELLED"
	RefusedAlreadyRefunded  = "ALREADY_REFUNDED"
	// RefusedPreAuthReleased: a pre-auth was released, or has run out (Release errors).
	RefusedPreAuthReleased = "PRE_AUTH_RELEASED"
	// RefusedInvalidRequestType: what is to be confirmed or released is no pre-auth.
	RefusedInvalidRequestType = "INVALID_PAYMENT_REQUEST_TYPE"
	// RefusedRefundNotSupported: what paid cannot be refunded (Refund errors).
	RefusedRefundNotSupported = "REFUND_NOT_SUPPORTED"
	// RefusedVoidWindowExceeded and RefusedAlreadyConfirmed: what is paid can be
	// refunded, and no longer voided (Void errors).
	RefusedVoidWindowExceeded = "VOID_WINDOW_EXCEEDED"
	RefusedAlreadyConfirmed   = "PRE_AUTH_ALREADY_CONFIRMED"
	// RefusedForbidden and RefusedUnauthorized: whoever asks is not let in, or what is
	// asked about is not there; they say nothing of the call itself (HTTP status codes).
	RefusedForbidden    = "FORBIDDEN"
	RefusedUnauthorized = "UNAUTHORIZED"
	// RefusedConditionSet: a condition was answered before (Accept and Decline errors).
	RefusedConditionSet = "CONDITION_ALREADY_SET"
)

// Reply is the answer to one call, without its payload.
type Reply struct {
	Answer  Answer
	Refusal Refusal // with AnswerRefused
	// Code says why a call was not sent, or what is behind an unknown answer, where
	// that has a code, such as RATE_LIMIT_EXCEEDED or LOGIN_REQUIRED. It is for words:
	// no rule reads it.
	Code string
	// Detail says what went wrong when the answer is unknown or not sent, for
	// support; it never holds a credential.
	Detail string
	// RetryAfter is how long the service asked to be left alone; zero when it did not.
	RetryAfter time.Duration
	// Clock is when the call left, when its answer came, and what the service's
	// clock said in it.
	Clock Clock
}

// Clock compares the till's clock with the service's at one call.
type Clock struct {
	Sent, Received time.Time // by the till's clock
	Server         time.Time // by the service's clock (the Date header, whole seconds); zero when it did not say
}

// Reversal is what a void did (Payment Requests, Void): it cancelled an unpaid
// request, or gave a paid one's money back.
type Reversal struct {
	// Returned is the money given back; the zero Money when nothing had been paid.
	Returned Money `json:"returned"`
	// Unsure: the request is over, but the service does not say whether money was given
	// back.
	Unsure bool `json:"unsure,omitempty"`
	// ShortCode is the reversal's own short code.
	ShortCode string `json:"shortCode,omitempty"`
	// Reason is the cancellation reason the service gave.
	Reason string `json:"reason,omitempty"`
}
