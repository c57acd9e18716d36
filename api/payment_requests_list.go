package api

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
)

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

// Activities returns the history of a payment request, newest first, on one page.
// An activity whose Type is "", or whose Value is no amount, is given as the service
// wrote it. The documents list no errors of its own.
func (p *PaymentRequestsClient) Activities(ctx context.Context, id string, opts ...CallOption) (*Page[PaymentActivity], Meta, error) {
	k, err := newCall(http.MethodGet, nil, "api", "payment-requests", id, "activities")
	if err != nil {
		return nil, Meta{}, err
	}
	return invoke(ctx, p.c, k, wholePage(listedActivity(id)), opts)
}
