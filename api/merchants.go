package api

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
)

// MerchantsClient makes the calls that read merchants, their configs and their
// settlements. Merchants can be read by account owners and cashiers, not by
// merchant terminals, which are told their config id out of band. Source:
// Centrapay docs, merchants, merchant configs, settlements.
type MerchantsClient struct{ c *Client }

// Get returns the merchant with an id. An answer about another one is taken as
// no answer.
func (m *MerchantsClient) Get(ctx context.Context, id string, opts ...CallOption) (*Merchant, Meta, error) {
	k, err := newCall(http.MethodGet, nil, "api", "merchants", id)
	if err != nil {
		return nil, Meta{}, err
	}
	return invoke(ctx, m.c, k, func(r *Merchant) error {
		if r.ID != id && r.ID != "" {
			return fmt.Errorf("it is about merchant %q", clip(r.ID))
		}
		return wholeMerchant(r)
	}, opts)
}

// ListMerchantsParams choose what ListByAccount and List return.
type ListMerchantsParams struct {
	// PageKey is the cursor of an earlier page, "" for the first.
	PageKey string
}

// ListByAccount returns one page of the merchants of an account, in no
// documented order.
func (m *MerchantsClient) ListByAccount(ctx context.Context, accountID string, params ListMerchantsParams, opts ...CallOption) (*Page[Merchant], Meta, error) {
	return m.list(ctx, params, opts, "api", "accounts", accountID, "merchants")
}

// AllByAccount goes through all pages of ListByAccount. It ends after the first
// error, and when the service repeats a cursor.
func (m *MerchantsClient) AllByAccount(ctx context.Context, accountID string, params ListMerchantsParams, opts ...CallOption) iter.Seq2[*Merchant, error] {
	return allPages(params.PageKey, func(pageKey string) (*Page[Merchant], error) {
		page, _, err := m.ListByAccount(ctx, accountID, ListMerchantsParams{PageKey: pageKey}, opts...)
		return page, err
	})
}

// List returns one page of the merchants of the caller.
//
// Deprecated: the documents tell to use ListByAccount.
func (m *MerchantsClient) List(ctx context.Context, params ListMerchantsParams, opts ...CallOption) (*Page[Merchant], Meta, error) {
	return m.list(ctx, params, opts, "api", "merchants")
}

func (m *MerchantsClient) list(ctx context.Context, params ListMerchantsParams, opts []CallOption, segments ...string) (*Page[Merchant], Meta, error) {
	k, err := newCall(http.MethodGet, nil, segments...)
	if err != nil {
		return nil, Meta{}, err
	}
	if params.PageKey != "" {
		k.query = url.Values{"pageKey": {params.PageKey}}
	}
	return invoke(ctx, m.c, k, wholePage(wholeMerchant), opts)
}

// Search returns one page of the merchants that a patron could go to. It goes
// out without a credential, which it does not need.
func (m *MerchantsClient) Search(ctx context.Context, params SearchMerchantsParams, opts ...CallOption) (*MerchantSearchPage, Meta, error) {
	k, err := newCall(http.MethodGet, nil, "api", "merchants", "search")
	if err != nil {
		return nil, Meta{}, err
	}
	if invalid := params.validate(); invalid != nil {
		return nil, Meta{}, k.reject(invalid)
	}
	k.anonymous, k.query = true, params.query()
	return invoke(ctx, m.c, k, func(r *MerchantSearchPage) error {
		return wholePage(foundMerchant)(&r.Page)
	}, opts)
}

// SearchAll goes through all pages of Search. It ends after the first error, and
// when the service repeats a cursor.
func (m *MerchantsClient) SearchAll(ctx context.Context, params SearchMerchantsParams, opts ...CallOption) iter.Seq2[*FoundMerchant, error] {
	return allPages(params.PageKey, func(pageKey string) (*Page[FoundMerchant], error) {
		params.PageKey = pageKey
		page, _, err := m.Search(ctx, params, opts...)
		if err != nil {
			return nil, err
		}
		return &page.Page, nil
	})
}

// Config returns the merchant config with an id. An answer about another one is
// taken as no answer.
func (m *MerchantsClient) Config(ctx context.Context, configID string, opts ...CallOption) (*MerchantConfig, Meta, error) {
	return m.config(ctx, configID, opts, "api", "merchant-configs", configID)
}

// ConfigOf returns a config of a merchant.
//
// Deprecated: the documents tell to use Config.
func (m *MerchantsClient) ConfigOf(ctx context.Context, merchantID, configID string, opts ...CallOption) (*MerchantConfig, Meta, error) {
	return m.config(ctx, configID, opts, "api", "merchants", merchantID, "configs", configID)
}

func (m *MerchantsClient) config(ctx context.Context, configID string, opts []CallOption, segments ...string) (*MerchantConfig, Meta, error) {
	k, err := newCall(http.MethodGet, nil, segments...)
	if err != nil {
		return nil, Meta{}, err
	}
	return invoke(ctx, m.c, k, merchantConfigOf(configID), opts)
}

// Configs returns all configs of a merchant.
func (m *MerchantsClient) Configs(ctx context.Context, merchantID string, opts ...CallOption) ([]MerchantConfig, Meta, error) {
	k, err := newCall(http.MethodGet, nil, "api", "merchants", merchantID, "configs")
	if err != nil {
		return nil, Meta{}, err
	}
	return invokeArray(ctx, m.c, k, wholeMerchantConfig, opts)
}

// Settlements returns the settlements of a merchant. The documents tell neither
// their order nor how to ask for more than the first page.
func (m *MerchantsClient) Settlements(ctx context.Context, merchantID string, opts ...CallOption) (*Page[Settlement], Meta, error) {
	k, err := newCall(http.MethodGet, nil, "api", "merchants", merchantID, "settlements")
	if err != nil {
		return nil, Meta{}, err
	}
	return invoke(ctx, m.c, k, wholePage(wholeSettlement), opts)
}

// invokeArray makes a call whose answer is a bare array. An answer without one
// must not pass for an empty one.
func invokeArray[T any](ctx context.Context, c *Client, k *call, item func(*T) error, opts []CallOption) ([]T, Meta, error) {
	all, meta, err := invoke(ctx, c, k, func(items *[]T) error {
		if *items == nil {
			return errors.New("it is no array")
		}
		for i := range *items {
			if err := item(&(*items)[i]); err != nil {
				return fmt.Errorf("item %d: %w", i, err)
			}
		}
		return nil
	}, opts)
	if err != nil {
		return nil, meta, err
	}
	return *all, meta, nil
}
