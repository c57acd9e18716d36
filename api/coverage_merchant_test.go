package api

import "context"

// merchantEndpoints are the rows of the coverage table about codes, merchants,
// connections and accounts.
var merchantEndpoints = []endpoint{
	{
		call: "ScannedCodes.Decode", route: "POST /api/decode",
		fixtures: []string{"scanned-codes-decode"},
		codes:    []Code{CodeUnknownCode, CodeMerchantConfigNotFound, CodeInvalidMerchantConfig},
		retry:    retryOnce, why: "it has no key; the caller may decode again, since nothing is created",
		make: merchantCalls["scanned-codes-decode"],
	},
	{
		call: "PatronCodes.Create", route: "POST /api/patron-codes",
		fixtures: []string{"patron-codes-create"},
		retry:    retryOnce, why: "it has no key; a repeat would make a second code",
		make: merchantCalls["patron-codes-create"],
	},
	{
		call: "PatronCodes.Get", route: "GET /api/patron-codes/{id}",
		fixtures: []string{"patron-codes-get"}, retry: retryRead, make: merchantCalls["patron-codes-get"],
	},
	{
		call: "PatronCodes.GetByBarcode", route: "GET /api/patron-codes/barcode/{barcode}",
		fixtures: []string{"patron-codes-get-by-barcode"}, codes: []Code{CodeChecksumFailed, CodePatronCodeInvalid},
		retry: retryRead, make: merchantCalls["patron-codes-get-by-barcode"],
	},
	{
		call: "PatronCodes.GetByExternalID", route: "GET /api/patron-codes/{namespace}/external-id/{externalId}",
		fixtures: []string{"patron-codes-get-by-externalId"}, codes: []Code{CodePatronCodeInvalid},
		retry: retryRead, make: merchantCalls["patron-codes-get-by-externalId"],
	},
	{
		call: "PatronCodes.SetMetadata", route: "POST /api/patron-codes/{id}/metadata",
		fixtures: []string{"patron-codes-set-metadata"}, codes: []Code{CodePatronCodeInvalid},
		retry: retryOnce, why: "it has no key; a late repeat would undo what was set in between",
		make: merchantCalls["patron-codes-set-metadata"],
	},
	{
		call: "Merchants.Get", route: "GET /api/merchants/{id}",
		fixtures: []string{"merchants-get"}, retry: retryRead, make: merchantCalls["merchants-get"],
	},
	{
		call: "Merchants.ListByAccount", route: "GET /api/accounts/{accountId}/merchants",
		fixtures: []string{"merchants-list-by-accountId"}, retry: retryRead, make: merchantCalls["merchants-list-by-accountId"],
	},
	{
		call: "Merchants.AllByAccount", route: "GET /api/accounts/{accountId}/merchants",
		fixtures: []string{"merchants-list-by-accountId"}, retry: retryRead,
		make: func(ctx context.Context, c *Client) error {
			for _, err := range c.Merchants.AllByAccount(ctx, "acc", ListMerchantsParams{}) {
				if err != nil {
					return err
				}
			}
			return nil
		},
	},
	{
		call: "Merchants.List", route: "GET /api/merchants",
		fixtures: []string{"merchants-list"}, retry: retryRead, make: merchantCalls["merchants-list"],
	},
	{
		call: "Merchants.Search", route: "GET /api/merchants/search",
		fixtures: []string{"merchants-search"}, retry: retryRead, make: merchantCalls["merchants-search"],
	},
	{
		call: "Merchants.SearchAll", route: "GET /api/merchants/search",
		fixtures: []string{"merchants-search"}, retry: retryRead,
		make: func(ctx context.Context, c *Client) error {
			// The published answer names 20 as the next page.
			for _, err := range c.Merchants.SearchAll(ctx, SearchMerchantsParams{PageKey: "20"}) {
				if err != nil {
					return err
				}
			}
			return nil
		},
	},
	{
		call: "Merchants.Config", route: "GET /api/merchant-configs/{configId}",
		fixtures: []string{"merchant-configs-get"}, retry: retryRead, make: merchantCalls["merchant-configs-get"],
	},
	{
		call: "Merchants.ConfigOf", route: "GET /api/merchants/{merchantId}/configs/{configId}",
		fixtures: []string{"legacy-merchant-configs-get"}, retry: retryRead, make: merchantCalls["legacy-merchant-configs-get"],
	},
	{
		call: "Merchants.Configs", route: "GET /api/merchants/{merchantId}/configs",
		fixtures: []string{"merchant-configs-list"}, retry: retryRead, make: merchantCalls["merchant-configs-list"],
	},
	{
		call: "Merchants.Settlements", route: "GET /api/merchants/{merchantId}/settlements",
		fixtures: []string{"settlements-list-by-merchantId"}, retry: retryRead, make: merchantCalls["settlements-list-by-merchantId"],
	},
	{
		call: "Connections.Create", route: "POST /api/connections",
		fixtures: []string{"connections-create"},
		retry:    retryOnce, why: "it has no key; a repeat would make a second connection",
		make: merchantCalls["connections-create"],
	},
	{
		call: "Connections.Authorize", route: "POST /api/connections/{id}/authorize",
		fixtures: []string{"connections-authorize"},
		retry:    retryOnce, why: "it has no key; what a repeat is answered with is not documented",
		make: merchantCalls["connections-authorize"],
	},
	{
		call: "Connections.Summary", route: "GET /api/connections/{id}/summary",
		fixtures: []string{"connections-get-summary"}, retry: retryRead, make: merchantCalls["connections-get-summary"],
	},
	{
		call: "Accounts.Memberships", route: "GET /api/account-memberships",
		fixtures: []string{
			"doc-auth-01-get-api-account-memberships", "doc-auth-02-get-api-account-memberships", "doc-auth-03-get-api-account-memberships",
		},
		retry: retryRead,
		make: func(ctx context.Context, c *Client) error {
			_, _, err := c.Accounts.Memberships(ctx)
			return err
		},
		answer: `[{"accountId":"Jaim1Cu1Q55uooxSens6yk"}]`,
	},
}
