package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// PaymentRequestsClient makes the calls about payment requests. Every call
// returns its Meta also when it fails, and fails with an *Error. The codes named
// at a call are those that its documentation lists; every call can also be
// refused with UNAUTHORIZED, with FORBIDDEN (there is no such thing, or it is not
// for this credential) and, when malformed, with BAD_REQUEST or free text.
// Source: Centrapay docs, payment requests.
type PaymentRequestsClient struct{ c *Client }

// Create makes a new payment request. A body that the service could only refuse
// is not sent. Create has no idempotency key: it is attempted again only when
// nothing was sent, and when its outcome is Unknown the caller has to look the
// request up by its external reference. Errors of the service:
// LINE_ITEMS_SUM_CHECK_FAILED, CHECKSUM_FAILED, REDIRECT_URL_INVALID,
// PATRON_CODE_INVALID, NO_AVAILABLE_PAYMENT_OPTIONS, TOKEN_COLLECTION_NOT_FOUND,
// CONNECTION_NOT_FOUND, CONNECTION_MERCHANT_MISMATCH and
// CONNECTION_CREATED_BY_MISMATCH.
func (p *PaymentRequestsClient) Create(ctx context.Context, body CreatePaymentRequest, opts ...CallOption) (*PaymentRequest, Meta, error) {
	k, err := newCall(http.MethodPost, body, "api", "payment-requests")
	if err != nil {
		return nil, Meta{}, err
	}
	if invalid := body.validate(); invalid != nil {
		return nil, Meta{}, k.reject(invalid)
	}
	return invoke(ctx, p.c, k, func(r *PaymentRequest) error {
		// An answer that went astray must not pass for this one's.
		if body.ExternalRef != "" && r.ExternalRef != "" && r.ExternalRef != body.ExternalRef {
			return fmt.Errorf("it has the reference %q", clip(r.ExternalRef))
		}
		return wholePaymentRequest(r)
	}, opts)
}

// Get returns the payment request with an id. Reading it repeatedly also makes
// the service compute its conditions and, on the first reading, start a quick
// payment. An unknown id is refused with FORBIDDEN. An answer about another
// payment request is taken as no answer.
func (p *PaymentRequestsClient) Get(ctx context.Context, id string, opts ...CallOption) (*PaymentRequest, Meta, error) {
	k, err := newCall(http.MethodGet, nil, "api", "payment-requests", id)
	if err != nil {
		return nil, Meta{}, err
	}
	return invoke(ctx, p.c, k, about(id, wholePaymentRequest), opts)
}

// GetByShortCode returns the newest payment request that carries a short code.
// Short codes are recycled after two years: compare the date or the merchant.
// Their alphabet and check digit are not documented, so that any text is sent;
// the service refuses a mistyped code with CHECKSUM_FAILED.
func (p *PaymentRequestsClient) GetByShortCode(ctx context.Context, shortCode string, opts ...CallOption) (*PaymentRequest, Meta, error) {
	k, err := newCall(http.MethodGet, nil, "api", "payment-requests", "short-code", shortCode)
	if err != nil {
		return nil, Meta{}, err
	}
	return invoke(ctx, p.c, k, func(r *PaymentRequest) error {
		if r.ShortCode != "" && !strings.EqualFold(r.ShortCode, shortCode) {
			return fmt.Errorf("it has the short code %q", clip(r.ShortCode))
		}
		return wholePaymentRequest(r)
	}, opts)
}

// GetByPatronCode returns, for the payer's side, the newest payment request with
// status new that was made for any patron code of the caller's account. The
// request is nil, without an error, when there is none. The documents show the
// call with a user token. They list no errors of its own.
func (p *PaymentRequestsClient) GetByPatronCode(ctx context.Context, opts ...CallOption) (*PaymentRequest, Meta, error) {
	k, err := newCall(http.MethodGet, nil, "api", "me", "patron-code-payment-request")
	if err != nil {
		return nil, Meta{}, err
	}
	found, meta, err := invoke(ctx, p.c, k, (*maybePaymentRequest).check, opts)
	if err != nil {
		return nil, meta, err
	}
	return found.request, meta, nil
}

// GetByConnection returns the newest payment request of a connection. Only the
// account that authorized the connection, which is the wallet's, may ask. The
// documents list no errors of its own.
func (p *PaymentRequestsClient) GetByConnection(ctx context.Context, connectionID string, opts ...CallOption) (*PaymentRequest, Meta, error) {
	k, err := newCall(http.MethodGet, nil, "api", "connections", connectionID, "latest-payment-request")
	if err != nil {
		return nil, Meta{}, err
	}
	return invoke(ctx, p.c, k, wholePaymentRequest, opts)
}

// Summary returns what anyone who holds the id of a payment request may know of
// it: who asks for how much, and how it can be paid. It is sent without a
// credential, and is documented for requests with status new only. It does not
// take the place of Get: references, conditions and who paid are left out. The
// documents list no errors of its own.
func (p *PaymentRequestsClient) Summary(ctx context.Context, id string, opts ...CallOption) (*PaymentRequest, Meta, error) {
	k, err := newCall(http.MethodGet, nil, "api", "payment-requests", id, "summary")
	if err != nil {
		return nil, Meta{}, err
	}
	k.anonymous = true
	return invoke(ctx, p.c, k, about(id, wholePaymentRequest), opts)
}

// maybePaymentRequest is a payment request, or the empty object by which the
// service says that there is none.
type maybePaymentRequest struct{ request *PaymentRequest }

func (m *maybePaymentRequest) UnmarshalJSON(data []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	if fields == nil {
		return errors.New("it is null")
	}
	if len(fields) == 0 {
		m.request = nil
		return nil
	}
	m.request = new(PaymentRequest)
	return json.Unmarshal(data, m.request)
}

func (m *maybePaymentRequest) check() error {
	if m.request == nil {
		return nil
	}
	return wholePaymentRequest(m.request)
}
