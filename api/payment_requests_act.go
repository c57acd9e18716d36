package api

import (
	"context"
	"net/http"
)

// Void cancels a payment request and gives back what was paid. The activity is
// a cancellation when nothing was paid and a refund otherwise. It is possible
// for 24 hours after the request was created, and for a pre-auth until its first
// confirmation; afterwards there is Refund. A void has no key, so that it is
// attempted again only when nothing was sent. Errors of the service:
// VOID_WINDOW_EXCEEDED, REQUEST_EXPIRED, ALREADY_REFUNDED,
// PRE_AUTH_ALREADY_CONFIRMED, REPEAT_REFERENCE, INACTIVE_ASSET and
// REFUND_NOT_SUPPORTED.
func (p *PaymentRequestsClient) Void(ctx context.Context, id string, opts ...CallOption) (*PaymentActivity, Meta, error) {
	return p.act(ctx, id, nil, opts, "void")
}

// Refund gives back what was paid, or part of it, any number of times up to what
// was paid. The service only begins the refund; the money arrives later. The
// service remembers ExternalRef: a repeat with the same amount is answered
// without a second refund, so that the call is attempted again when its outcome
// is Unknown, and the caller may do the same for as long as it takes. For that
// very reason each new refund needs a reference of its own. Errors of the
// service: LINE_ITEMS_SUM_CHECK_FAILED, NOT_PAID, ALREADY_REFUNDED,
// INVALID_AMOUNT (more than is left to give back), REPEAT_REFERENCE (the
// reference was used with another amount), PARTIAL_REFUNDS_NOT_ALLOWED,
// INACTIVE_ASSET, REFUND_NOT_SUPPORTED, REFUND_WINDOW_EXCEEDED, PRE_AUTH_PENDING,
// CONFIRMATION_NOT_FOUND and REFUND_DECLINED.
func (p *PaymentRequestsClient) Refund(ctx context.Context, id string, body RefundPaymentRequest, opts ...CallOption) (*PaymentActivity, Meta, error) {
	return p.act(ctx, id, body, opts, "refund")
}

// Confirm draws on an authorized pre-auth. There can be several confirmations,
// up to the authorized value together. The service remembers IdempotencyKey and
// answers a repeat with its first answer, so that the call is attempted again
// when its outcome is Unknown; the documents ask the caller to go on repeating
// it with the same key and content until it is Done or Refused. Errors of the
// service: INVALID_PAYMENT_REQUEST_TYPE, PRE_AUTH_RELEASED, PRE_AUTH_PENDING,
// REQUEST_CANCELLED, INVALID_AMOUNT (more than is left of what was authorized)
// and IDEMPOTENT_OPERATION_FAILED (the key was used with other content).
func (p *PaymentRequestsClient) Confirm(ctx context.Context, id string, body ConfirmPaymentRequest, opts ...CallOption) (*PaymentActivity, Meta, error) {
	return p.act(ctx, id, body, opts, "confirm")
}

// Release closes a pre-auth and returns to the patron what was not confirmed.
// The activity is a release; for a pre-auth that was never authorized, which is
// cancelled, a cancellation. A release has no key, so that it is attempted again
// only when nothing was sent: when its outcome is Unknown the PreAuthStatus of
// the payment request tells. Errors of the service: INVALID_PAYMENT_REQUEST_TYPE
// and PRE_AUTH_RELEASED, which also says that the pre-auth has run out.
func (p *PaymentRequestsClient) Release(ctx context.Context, id string, opts ...CallOption) (*PaymentActivity, Meta, error) {
	return p.act(ctx, id, nil, opts, "release")
}

// AcceptCondition answers a condition that awaits the merchant with yes. Poll
// afterwards: conditions can add or void one another. An answer has no key, so
// that it is attempted again only when nothing was sent; polling tells what
// became of it. An answer of the service that is another activity, or about another
// condition, leaves the outcome Unknown. Errors of the service: MERCHANT_NOT_AUTHORIZED (the condition
// awaits the patron), PATRON_NOT_AUTHORIZED and CONDITION_ALREADY_SET.
func (p *PaymentRequestsClient) AcceptCondition(ctx context.Context, id string, conditionID Text, opts ...CallOption) (*PaymentActivity, Meta, error) {
	return p.decide(ctx, id, conditionID, "accept", ActivityAcceptCondition, opts)
}

// DeclineCondition answers a condition that awaits the merchant with no, which
// cancels the payment request. It is attempted again as AcceptCondition is, and
// has the same errors of the service: MERCHANT_NOT_AUTHORIZED,
// PATRON_NOT_AUTHORIZED and CONDITION_ALREADY_SET.
func (p *PaymentRequestsClient) DeclineCondition(ctx context.Context, id string, conditionID Text, opts ...CallOption) (*PaymentActivity, Meta, error) {
	return p.decide(ctx, id, conditionID, "decline", ActivityDeclineCondition, opts)
}

// decide posts the answer to a condition.
func (p *PaymentRequestsClient) decide(ctx context.Context, id string, conditionID Text, answer string, want ActivityType, opts []CallOption) (*PaymentActivity, Meta, error) {
	k, err := newCall(http.MethodPost, nil, "api", "payment-requests", id, "conditions", string(conditionID), answer)
	if err != nil {
		return nil, Meta{}, err
	}
	return invoke(ctx, p.c, k, answerTo(id, conditionID, want), opts)
}

// Pay pays a request with an asset, or records a payment made elsewhere. With an
// IdempotencyKey it is attempted again when its outcome is unknown; without one
// it is not. Errors of the service: INVALID_ASSET_TYPE, REQUEST_EXPIRED,
// REQUEST_PAID, REQUEST_CANCELLED, INACTIVE_ASSET, INVALID_MERCHANT_CONFIG,
// QUOTA_EXCEEDED, INSUFFICIENT_ASSET_VALUE, ASSET_REDEMPTION_DENIED,
// PAYMENT_DECLINED, and PAYMENT_UNCONFIRMED, whose outcome is Unknown.
//
// A payment option that gives an address, such as bitcoin, is paid on its own
// ledger first. The documents then say to pay the request with the transaction id
// through the legacy API (Pay of package legacy), and in the same edition that
// TransactionID verifies such a payment here; neither is called the only way.
func (p *PaymentRequestsClient) Pay(ctx context.Context, id string, body PayPaymentRequest, opts ...CallOption) (*PaymentActivity, Meta, error) {
	return p.act(ctx, id, body, opts, "pay")
}

// actBody is the body of an action on a payment request.
type actBody interface {
	validate() *ValidationError
	// replaySafe says that a repeat has no second effect.
	replaySafe() bool
}

// act posts an action on a payment request; body is nil for those without.
func (p *PaymentRequestsClient) act(ctx context.Context, id string, body actBody, opts []CallOption, action ...string) (*PaymentActivity, Meta, error) {
	segments := append([]string{"api", "payment-requests", id}, action...)
	k, err := newCall(http.MethodPost, body, segments...)
	if err != nil {
		return nil, Meta{}, err
	}
	if body != nil {
		if invalid := body.validate(); invalid != nil {
			return nil, Meta{}, k.reject(invalid)
		}
		k.replaySafe = body.replaySafe()
	}
	return invoke(ctx, p.c, k, activityOf(id), opts)
}
