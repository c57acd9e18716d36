package api

import (
	"context"
	"iter"
	"net/http"
	"net/url"
)

// PaymentActivitiesClient makes the calls about the payment activities of a
// merchant. Source: Centrapay docs, payment requests, "List Payment Activities".
type PaymentActivitiesClient struct{ c *Client }

// ListPaymentActivitiesParams choose what List returns.
type ListPaymentActivitiesParams struct {
	// MerchantID is the merchant whose activities are listed. Required.
	MerchantID string
	// PageKey is the cursor of an earlier page, "" for the first.
	PageKey string
}

// List returns one page of what happened to a merchant's payment requests,
// newest first. How many activities make a page is for the service to say. An
// activity whose Type is "", or whose Value is no amount, is given as the service
// wrote it. The documents list no errors of its own.
func (p *PaymentActivitiesClient) List(ctx context.Context, params ListPaymentActivitiesParams, opts ...CallOption) (*Page[PaymentActivity], Meta, error) {
	k, err := newCall(http.MethodGet, nil, "api", "payment-activities")
	if err != nil {
		return nil, Meta{}, err
	}
	if invalid := require("merchantId", params.MerchantID); invalid != nil {
		return nil, Meta{}, k.reject(invalid)
	}
	k.query = url.Values{"merchantId": {params.MerchantID}}
	if params.PageKey != "" {
		k.query.Set("pageKey", params.PageKey)
	}
	return invoke(ctx, p.c, k, wholePage(listedActivity("")), opts)
}

// All goes through all pages of List, newest activity first. It ends after the
// first error; that is ErrCursorRepeated, after all items, when the service
// repeats a cursor, as the documents' own example does, and ErrOnlyEmptyPages when
// it names empty pages without end.
func (p *PaymentActivitiesClient) All(ctx context.Context, params ListPaymentActivitiesParams, opts ...CallOption) iter.Seq2[*PaymentActivity, error] {
	return allPages(params.PageKey, func(pageKey string) (*Page[PaymentActivity], error) {
		params.PageKey = pageKey
		page, _, err := p.List(ctx, params, opts...)
		return page, err
	})
}
