package api

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
)

// PaymentRequestsClient makes the calls about payment requests. Every call
// returns its Meta also when it fails, and fails with an *Error. Source:
// Centrapay docs, payment requests.
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
	return invoke(ctx, p.c, k, wholePaymentRequest, opts)
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
	return invoke(ctx, p.c, k, func(r *PaymentRequest) error {
		if r.ID != id && r.ID != "" {
			return fmt.Errorf("it is about payment request %q", clip(r.ID))
		}
		return wholePaymentRequest(r)
	}, opts)
}

// GetByShortCode returns the newest payment request that carries a short code.
// Short codes are recycled after two years, and only the service can judge
// their check digit: it refuses with CHECKSUM_FAILED.
func (p *PaymentRequestsClient) GetByShortCode(ctx context.Context, shortCode string, opts ...CallOption) (*PaymentRequest, Meta, error) {
	k, err := newCall(http.MethodGet, nil, "api", "payment-requests", "short-code", shortCode)
	if err != nil {
		return nil, Meta{}, err
	}
	return invoke(ctx, p.c, k, wholePaymentRequest, opts)
}

// ListByExternalRefParams choose what ListByExternalRef returns.
type ListByExternalRefParams struct {
	// MerchantAccountID is the account of the merchant that the requests were
	// made for. Required.
	MerchantAccountID string
	// PageKey is the cursor of an earlier page, "" for the first.
	PageKey string
	// PaginationLimit is the most items of a page, 0 for the service's choice.
	PaginationLimit int
}

// ListByExternalRef returns one page of the payment requests that carry the
// merchant's own reference, in no documented order. The items are abridged. A
// page without items says that there is no such request.
func (p *PaymentRequestsClient) ListByExternalRef(ctx context.Context, externalRef string, params ListByExternalRefParams, opts ...CallOption) (*Page[PaymentRequest], Meta, error) {
	k, err := newCall(http.MethodGet, nil, "api", "payment-requests", "external-ref", externalRef)
	if err != nil {
		return nil, Meta{}, err
	}
	if invalid := params.validate(); invalid != nil {
		return nil, Meta{}, k.reject(invalid)
	}
	k.query = url.Values{"merchantAccountId": {params.MerchantAccountID}}
	if params.PageKey != "" {
		k.query.Set("pageKey", params.PageKey)
	}
	if params.PaginationLimit > 0 {
		k.query.Set("paginationLimit", strconv.Itoa(params.PaginationLimit))
	}
	return invoke(ctx, p.c, k, wholePage(abridgedPaymentRequest), opts)
}

// AllByExternalRef goes through all pages of ListByExternalRef. It ends after
// the first error, and when the service repeats a cursor.
func (p *PaymentRequestsClient) AllByExternalRef(ctx context.Context, externalRef string, params ListByExternalRefParams, opts ...CallOption) iter.Seq2[*PaymentRequest, error] {
	return allPages(params.PageKey, func(pageKey string) (*Page[PaymentRequest], error) {
		params.PageKey = pageKey
		page, _, err := p.ListByExternalRef(ctx, externalRef, params, opts...)
		return page, err
	})
}

// Void cancels a payment request and gives back what was paid. The activity is
// a cancellation when nothing was paid and a refund otherwise. It is possible
// for 24 hours after the request was created. A void has no key, so that it is
// attempted again only when nothing was sent. Errors of the service:
// VOID_WINDOW_EXCEEDED, REQUEST_EXPIRED, ALREADY_REFUNDED,
// PRE_AUTH_ALREADY_CONFIRMED, REPEAT_REFERENCE, INACTIVE_ASSET and
// REFUND_NOT_SUPPORTED.
func (p *PaymentRequestsClient) Void(ctx context.Context, id string, opts ...CallOption) (*PaymentActivity, Meta, error) {
	return p.act(ctx, id, nil, opts, "void")
}

// AcceptCondition answers a condition that awaits the merchant with yes. Poll
// afterwards: conditions can add or void one another. Errors of the service:
// MERCHANT_NOT_AUTHORIZED, PATRON_NOT_AUTHORIZED and CONDITION_ALREADY_SET.
func (p *PaymentRequestsClient) AcceptCondition(ctx context.Context, id string, conditionID Text, opts ...CallOption) (*PaymentActivity, Meta, error) {
	return p.act(ctx, id, nil, opts, "conditions", string(conditionID), "accept")
}

// DeclineCondition answers a condition that awaits the merchant with no, which
// cancels the payment request. Errors as for AcceptCondition.
func (p *PaymentRequestsClient) DeclineCondition(ctx context.Context, id string, conditionID Text, opts ...CallOption) (*PaymentActivity, Meta, error) {
	return p.act(ctx, id, nil, opts, "conditions", string(conditionID), "decline")
}

// Pay pays a request with an asset, or records a payment made elsewhere. With an
// IdempotencyKey it is attempted again when its outcome is unknown; without one
// it is not. Errors of the service: INVALID_ASSET_TYPE, REQUEST_EXPIRED,
// REQUEST_PAID, REQUEST_CANCELLED, INACTIVE_ASSET, INVALID_MERCHANT_CONFIG,
// QUOTA_EXCEEDED, INSUFFICIENT_ASSET_VALUE, ASSET_REDEMPTION_DENIED,
// PAYMENT_DECLINED, and PAYMENT_UNCONFIRMED, whose outcome is Unknown.
func (p *PaymentRequestsClient) Pay(ctx context.Context, id string, body PayPaymentRequest, opts ...CallOption) (*PaymentActivity, Meta, error) {
	return p.act(ctx, id, body, opts, "pay")
}

// Activities returns the history of a payment request, newest first.
func (p *PaymentRequestsClient) Activities(ctx context.Context, id string, opts ...CallOption) (*Page[PaymentActivity], Meta, error) {
	k, err := newCall(http.MethodGet, nil, "api", "payment-requests", id, "activities")
	if err != nil {
		return nil, Meta{}, err
	}
	return invoke(ctx, p.c, k, wholePage(activityOf(id)), opts)
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

// allPages goes through the pages that next returns, from the cursor first on.
func allPages[T any](first string, next func(pageKey string) (*Page[T], error)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		seen := map[string]bool{first: true}
		for key := first; ; {
			page, err := next(key)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range page.Items {
				if !yield(&page.Items[i], nil) {
					return
				}
			}
			key = page.Next()
			if key == "" || seen[key] {
				return
			}
			seen[key] = true
		}
	}
}

// wholePaymentRequest says whether an answer is a payment request as create and
// get return it.
func wholePaymentRequest(r *PaymentRequest) error {
	if err := abridgedPaymentRequest(r); err != nil {
		return err
	}
	if r.URL == "" {
		return errors.New("it has no url")
	}
	return nil
}

// abridgedPaymentRequest checks what also the short forms in listings have.
// Money that is no number would be taken for zero further on.
func abridgedPaymentRequest(r *PaymentRequest) error {
	switch {
	case r.ID == "":
		return errors.New("it has no id")
	case r.Status == "":
		return errors.New("it has no status")
	case !r.Value.Amount.Valid() || r.Value.Currency == "":
		return errors.New("its value is no amount of money")
	case r.RemainingAmount.IsSet() && !r.RemainingAmount.Valid():
		return errors.New("its remainingAmount is no number")
	case r.BasketAmount.IsSet() && !r.BasketAmount.Valid():
		return errors.New("its basketAmount is no number")
	}
	return nil
}

// activityOf checks that an answer is an activity, and not one of another
// payment request.
func activityOf(id string) func(*PaymentActivity) error {
	return func(a *PaymentActivity) error {
		switch {
		case a.Type == "":
			return errors.New("it has no type")
		case a.PaymentRequestID != "" && a.PaymentRequestID != id:
			return fmt.Errorf("it is about payment request %q", clip(a.PaymentRequestID))
		case a.Value.Amount.IsSet() && !a.Value.Amount.Valid():
			return errors.New("its value is no amount of money")
		}
		return nil
	}
}

// wholePage checks that an answer is a page and each item what it should be. A
// page that lost its items must not pass for an empty one.
func wholePage[T any](item func(*T) error) func(*Page[T]) error {
	return func(p *Page[T]) error {
		if p.Items == nil {
			return errors.New("it has no items")
		}
		for i := range p.Items {
			if err := item(&p.Items[i]); err != nil {
				return fmt.Errorf("item %d: %w", i, err)
			}
		}
		return nil
	}
}
