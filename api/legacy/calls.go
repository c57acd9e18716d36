package legacy

import (
	"context"
	"net/http"
	"net/url"

	"centrapos/api"
)

// Create makes a new payment request. A body that the service could only refuse
// is not sent. A create has no idempotency key, and this generation has no
// look-up by reference: one whose outcome is Unknown is not attempted again and
// cannot be asked about; the request, if there is one, expires, by default after
// two minutes. Errors of the service: CHECKSUM_FAILED, PATRON_CODE_INVALID,
// MERCHANT_CONFIGURATION_NOT_FOUND and NO_AVAILABLE_PAYMENT_OPTIONS. Source:
// Centrapay docs, legacy payment requests, "Create"; first publication,
// "requests.create".
func (c *Client) Create(ctx context.Context, body CreateRequest, opts ...api.CallOption) (*Request, api.Meta, error) {
	call := c.form.call(http.MethodPost, "requests.create", body.values())
	if invalid := body.validate(c.form); invalid != nil {
		return nil, api.Meta{}, call.Reject(invalid)
	}
	return invoke(ctx, c, call, wholeRequest, opts)
}

// Info returns the payment request with an id. It reads only, so that it is
// attempted again, in the first form too, where it is a GET with a body. An
// answer about another request is taken as no answer. Errors of the service:
// REQUEST_NOT_FOUND. Source: Centrapay docs, legacy payment requests, "Info";
// first publication, "requests.info".
func (c *Client) Info(ctx context.Context, requestID string, opts ...api.CallOption) (*Request, api.Meta, error) {
	call, err := c.about(http.MethodGet, "requests.info", requestID)
	if err != nil {
		return nil, api.Meta{}, err
	}
	return invoke(ctx, c, call, requestOf(requestID), opts)
}

// Pay pays a request from a ledger and returns a request that is paid (first
// form) or a receipt of success (today's). Any other status in the answer makes
// the outcome Unknown: it neither shows that money moved nor that it did not.
//
// Pay has no idempotency key, so that it is attempted again only when nothing
// was sent; look an Unknown one up with Info. TRANSACTION_ALREADY_EXISTS, to
// which the documents give the status 200, is Unknown as well: the service knows
// the transaction, but does not say whether it paid this request. Errors of the
// service: REQUEST_EXPIRED, REQUEST_PAID, REQUEST_CANCELLED, INVALID_ASSET_TYPE,
// INACTIVE_ASSET, INVALID_MERCHANT_CONFIG, QUOTA_EXCEEDED,
// INSUFFICIENT_ASSET_VALUE and ASSET_REDEMPTION_DENIED. Source: Centrapay docs,
// legacy payment requests, "Pay"; first publication, "requests.pay".
func (c *Client) Pay(ctx context.Context, requestID string, body PayRequest, opts ...api.CallOption) (*PayResult, api.Meta, error) {
	call, err := c.about(http.MethodPost, "requests.pay", requestID)
	if err != nil {
		return nil, api.Meta{}, err
	}
	if invalid := body.validate(c.form); invalid != nil {
		return nil, api.Meta{}, call.Reject(invalid)
	}
	body.addTo(call, c.form)
	return invoke(ctx, c, call, paymentOf(requestID), opts)
}

// Cancel cancels a request that waits for payment and returns it, abridged,
// with its status cancelled; any other status makes the outcome Unknown. A
// cancel is attempted again only when nothing was sent. Errors of the service:
// REQUEST_NOT_FOUND, REQUEST_EXPIRED, and REQUEST_PAID, after which the sale is
// either shown as paid or voided. Source: Centrapay docs, legacy payment
// requests, "Cancel"; first publication, "requests.cancel".
func (c *Client) Cancel(ctx context.Context, requestID string, opts ...api.CallOption) (*Request, api.Meta, error) {
	call, err := c.about(http.MethodPost, "requests.cancel", requestID)
	if err != nil {
		return nil, api.Meta{}, err
	}
	return invoke(ctx, c, call, cancelledRequest(requestID), opts)
}

// Void cancels a request that waits for payment and gives back what was paid
// for one that is paid, until 24 hours after its creation. It is attempted again
// only when nothing was sent. A status other than success makes the outcome
// Unknown. The first form has no void. Errors of the service: those of Cancel and
// Refund, and VOID_WINDOW_EXCEEDED. Source: Centrapay docs, legacy payment
// requests, "Void".
func (c *Client) Void(ctx context.Context, requestID string, opts ...api.CallOption) (*VoidResult, api.Meta, error) {
	call, err := c.about(http.MethodPost, "requests.void", requestID)
	if err != nil {
		return nil, api.Meta{}, err
	}
	if c.form.first {
		return nil, api.Meta{}, call.Reject(notInFirstForm("requests.void", "call"))
	}
	return invoke(ctx, c, call, wholeVoid, opts)
}

// Refund gives back all or part of a payment. transactionID is the
// PaidBy.TransactionID of the paid request, or that of its notification. With
// an ExternalReference the service gives the same amount back no second time,
// so that the call is attempted again when its outcome is Unknown; without one
// only a single refund is possible and the call is not attempted again. A
// receipt that is no success makes the outcome Unknown. The first form has no
// refund. Errors of the service: TRANSACTION_NOT_FOUND, ALREADY_REFUNDED,
// INVALID_AMOUNT, REPEAT_REFERENCE, PARTIAL_REFUNDS_NOT_ALLOWED, INACTIVE_ASSET,
// REFUND_NOT_SUPPORTED, REFUND_WINDOW_EXCEEDED and REFUND_DECLINED. Source:
// Centrapay docs, legacy payment requests, "Refund".
func (c *Client) Refund(ctx context.Context, transactionID string, body RefundRequest, opts ...api.CallOption) (*Receipt, api.Meta, error) {
	call := c.form.call(http.MethodPost, "transactions.refund", body.values(transactionID))
	if c.form.first {
		return nil, api.Meta{}, call.Reject(notInFirstForm("transactions.refund", "call"))
	}
	if invalid := body.validate(transactionID); invalid != nil {
		return nil, api.Meta{}, call.Reject(invalid)
	}
	call.ReplaySafe = body.ExternalReference != ""
	return invoke(ctx, c, call, wholeReceipt, opts)
}

// about returns a call about one payment request.
func (c *Client) about(method, name, requestID string) (api.Call, error) {
	call := c.form.call(method, name, url.Values{"requestId": {requestID}})
	if requestID == "" {
		return call, call.Reject(invalid("requestId", CodeInvalidRequestID, "it is required"))
	}
	return call, nil
}
