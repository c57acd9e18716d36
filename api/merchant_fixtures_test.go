package api

import (
	"context"
	"net/http"
	"strings"
	"testing"
)

// merchantModel returns the model that an answer of the named endpoint decodes
// into, for merchants, codes, connections and accounts; nil for others. Answers
// of the calls that this package does not make are read too.
func merchantModel(name string) any {
	switch {
	case name == "scanned-codes-decode":
		return new(ScannedCode)
	case name == "patron-codes-set-metadata":
		return new(PatronCodeMetadata)
	case strings.HasPrefix(name, "patron-codes-"):
		return new(PatronCode)
	case name == "merchants-search":
		return new(MerchantSearchPage)
	case strings.HasPrefix(name, "merchants-list"):
		return new(Page[Merchant])
	case strings.HasPrefix(name, "merchants-set-"):
		return new(MerchantActivity)
	case strings.HasPrefix(name, "merchants-"):
		return new(Merchant)
	case name == "merchant-configs-list":
		return new([]MerchantConfig)
	case strings.HasPrefix(strings.TrimPrefix(name, "legacy-"), "merchant-configs-"):
		return new(MerchantConfig)
	case strings.HasPrefix(name, "settlements-"):
		return new(Page[Settlement])
	case strings.HasPrefix(name, "connections-"):
		return new(Connection)
	}
	return nil
}

const (
	testMerchant = "5ee0c486308f590260d9a07f"
	testConfig   = "mc_5ee168e8597be5002af7b454"
	testCode     = "V17FByEP9gm1shSG6a1Zzx"
	testBarcode  = "9990001234567895"
)

// merchantCalls make the published requests about merchants, codes and
// connections.
var merchantCalls = map[string]published{
	"scanned-codes-decode": func(ctx context.Context, c *Client) error {
		_, _, err := c.ScannedCodes.Decode(ctx, DecodeScannedCode{Code: "123456789", MerchantConfigID: "P9gm1s1Cu1Q5uooxs"})
		return err
	},
	"patron-codes-create": func(ctx context.Context, c *Client) error {
		_, _, err := c.PatronCodes.Create(ctx)
		return err
	},
	"patron-codes-get": func(ctx context.Context, c *Client) error {
		_, _, err := c.PatronCodes.Get(ctx, testCode)
		return err
	},
	"patron-codes-get-by-barcode": func(ctx context.Context, c *Client) error {
		_, _, err := c.PatronCodes.GetByBarcode(ctx, testBarcode)
		return err
	},
	"patron-codes-get-by-externalId": func(ctx context.Context, c *Client) error {
		_, _, err := c.PatronCodes.GetByExternalID(ctx, "namespace-test", "3e9003bbff48d")
		return err
	},
	"patron-codes-set-metadata": func(ctx context.Context, c *Client) error {
		_, _, err := c.PatronCodes.SetMetadata(ctx, testCode, Metadata{"deviceId": "device-001"})
		return err
	},
	"merchants-get": func(ctx context.Context, c *Client) error {
		_, _, err := c.Merchants.Get(ctx, testMerchant)
		return err
	},
	"merchants-list": func(ctx context.Context, c *Client) error {
		_, _, err := c.Merchants.List(ctx, ListMerchantsParams{})
		return err
	},
	"merchants-list-by-accountId": func(ctx context.Context, c *Client) error {
		_, _, err := c.Merchants.ListByAccount(ctx, "Jaim1Cu1Q55uooxSens6yk", ListMerchantsParams{})
		return err
	},
	"merchants-search": func(ctx context.Context, c *Client) error {
		_, _, err := c.Merchants.Search(ctx, SearchMerchantsParams{
			Lat: "123.42", Lng: "32.22", DistanceKM: "100", AssetType: "epay.main", ProductID: "37873",
			PageKey: "10", PaginationLimit: 10, CategoryCode: "1740", Test: new(true), HasLoyaltyProgram: new(true),
		})
		return err
	},
	"merchant-configs-get": func(ctx context.Context, c *Client) error {
		_, _, err := c.Merchants.Config(ctx, testConfig)
		return err
	},
	"merchant-configs-list": func(ctx context.Context, c *Client) error {
		_, _, err := c.Merchants.Configs(ctx, testMerchant)
		return err
	},
	"legacy-merchant-configs-get": func(ctx context.Context, c *Client) error {
		_, _, err := c.Merchants.ConfigOf(ctx, testMerchant, "5ee168e8597be5002af7b454")
		return err
	},
	"settlements-list-by-merchantId": func(ctx context.Context, c *Client) error {
		_, _, err := c.Merchants.Settlements(ctx, testMerchant)
		return err
	},
	"connections-create": func(ctx context.Context, c *Client) error {
		_, _, err := c.Connections.Create(ctx, CreateConnection{MerchantID: "abcde"})
		return err
	},
	"connections-authorize": func(ctx context.Context, c *Client) error {
		_, _, err := c.Connections.Authorize(ctx, "1234", AuthorizeConnection{WalletID: "vendswift-nz"})
		return err
	},
	"connections-get-summary": func(ctx context.Context, c *Client) error {
		_, _, err := c.Connections.Summary(ctx, "1234")
		return err
	},
}

// isMerchantFixture tells the fixtures about merchants, codes and connections
// from those about other things.
func isMerchantFixture(name string) bool { return merchantModel(name) != nil }

func TestEveryPublishedRequestAboutMerchantsIsBuiltExactly(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, name := range fixtureNames(t, ".request.json") {
		if !isMerchantFixture(name) {
			continue
		}
		seen++
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			call := merchantCalls[name]
			if call == nil {
				call = administrationCalls[name]
			}
			if call == nil {
				t.Fatal("nothing builds this request")
			}
			if name == "patron-codes-set-metadata" {
				checkTemplate(t, name, call)
				return
			}
			checkPublished(t, name, call)
		})
	}
	if calls := len(merchantCalls) + len(administrationCalls); seen != calls {
		t.Errorf("%d calls, %d published requests", calls, seen)
	}
}

// checkTemplate is checkPublished for a request whose path is printed with its
// placeholder, quirk G10.
func checkTemplate(t *testing.T, name string, call published) {
	t.Helper()
	f := requestFixture(t, name)
	f.Path = strings.Replace(f.Path, "{patronCodeId}", testCode, 1)
	c := newClientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.check(t, name, r)
		_, _ = w.Write(readFixture(t, name+".response.json"))
	}))
	if err := call(t.Context(), c); err != nil {
		t.Error(err)
	}
}
