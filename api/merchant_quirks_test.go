package api

import (
	"context"
	"net/http"
	"testing"
)

// TestMerchantQuirks has one test for each numbered oddity of the service and
// its documents that concerns merchants, codes, connections and accounts.
func TestMerchantQuirks(t *testing.T) {
	t.Parallel()
	for number, test := range merchantQuirks {
		t.Run(number, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

// answered makes a call against an answer and fails when it is not taken.
func answered[T any](t *testing.T, body string, call func(context.Context, *Client) (T, Meta, error)) T {
	t.Helper()
	v, _, err := call(t.Context(), newClientOf(t, answering(200, body)))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var merchantQuirks = map[string]func(*testing.T){
	"A8": func(t *testing.T) { // activityNumber as string or number
		equal(t, "string", readResponse[MerchantActivity](t, "merchants-set-onboarding-status").ActivityNumber, "2")
		equal(t, "number", read[MerchantActivity](t, `{"activityNumber":2}`).ActivityNumber, "2")
	},
	"A11": func(t *testing.T) { // coordinates typed as numbers, shown as strings
		for _, wire := range []string{`{"lat":"-36.8483579","lng":"174.7725834"}`, `{"lat":-36.8483579,"lng":174.7725834}`} {
			m := read[Merchant](t, `{"location":`+wire+`}`)
			equal(t, wire, m.Location.Lat+","+m.Location.Lng, "-36.8483579,174.7725834")
		}
		found := readResponse[MerchantSearchPage](t, "merchants-search").Items[0]
		_, _, onTheGlobe := found.Location.Point()
		equal(t, "the example's latitude of 123.45 is read, and no point", found.Location.Lat == "123.45" && !onTheGlobe, true)
	},
	"A12": func(t *testing.T) { // booleans as strings, in answers and in the query
		equal(t, "test", read[Merchant](t, `{"test":"true"}`).Test, true)
		equal(t, "isMember", read[LoyaltyProgram](t, `{"isMember":"false"}`).IsMember, false)
		equal(t, "query", SearchMerchantsParams{Test: new(true)}.query().Get("test"), "true")
	},
	"A13": func(t *testing.T) { // a barcode as a number; leading zeros of a string stay
		equal(t, "number", read[PatronCode](t, `{"barcode":503901342}`).Barcode, "503901342")
		equal(t, "string", read[PatronCode](t, `{"barcode":"000901342"}`).Barcode, "000901342")
		equal(t, "number beyond 2^53", read[PatronCode](t, `{"barcode":9990001234567895}`).Barcode, "9990001234567895")
	},
	"B16": func(t *testing.T) { // changes of a merchant that name another merchant
		for _, name := range []string{"merchants-set-metadata", "merchants-set-onboarding-status"} {
			equal(t, name, readResponse[MerchantActivity](t, name).MerchantID, "MhocUmpxxmgdHjr7DgKoKw")
		}
		// What sets metadata of a patron code is therefore not held to its id.
		answered(t, `{"patronCodeId":"another","metadata":{}}`, func(ctx context.Context, c *Client) (*PatronCodeMetadata, Meta, error) {
			return c.PatronCodes.SetMetadata(ctx, testCode, Metadata{"a": "b"})
		})
	},
	"B17": func(t *testing.T) { // paypal.main was shown paying NZD, its table says USD: nothing is refused by the table
		info, _ := AssetType("paypal.main").Info()
		equal(t, "currencies", len(info.Currencies) == 1 && info.Currencies[0] == "USD", true)
		body := saleOf(func(b *CreatePaymentRequest) { b.Value.Currency = "EUR" })
		equal(t, "a currency of few types", body.validate() == nil, true)
	},
	"C12": func(t *testing.T) { // one config with and without mc_
		for _, id := range []string{"5ee168e8597be5002af7b454", "mc_5ee168e8597be5002af7b454"} {
			c := answered(t, string(readFixture(t, "merchant-configs-get.response.json")), func(ctx context.Context, c *Client) (*MerchantConfig, Meta, error) {
				return c.Merchants.Config(ctx, id)
			})
			equal(t, id, c.ID, testConfig)
		}
	},
	"C14": func(t *testing.T) { // a connection that is active, which connections never are
		r := answered(t, `{"id":"1234","status":"active"}`, func(ctx context.Context, c *Client) (*Connection, Meta, error) {
			return c.Connections.Summary(ctx, "1234")
		})
		equal(t, "status", r.Status, ConnectionActive)
	},
	"C16": func(t *testing.T) { // asset types outside the table
		option := readResponse[[]MerchantConfig](t, "merchant-configs-list")[1].PaymentOptions[0]
		equal(t, "type", option.Type, "test")
		equal(t, "liveness", option.Type.Liveness(), LivenessTest)
		equal(t, "name", option.Type.Name("Play money"), "Play money")
		equal(t, "former name", AssetType("epay.nzd.test").Name("Gift Card"), "EPay gift card (test)")
	},
	"C17": func(t *testing.T) { // a provider that is not among those listed
		r := answered(t, `{"code":"1","provider":"ticketek","displayName":"Ticketek"}`, func(ctx context.Context, c *Client) (*ScannedCode, Meta, error) {
			return c.ScannedCodes.Decode(ctx, DecodeScannedCode{Code: "1", MerchantConfigID: "mc_1"})
		})
		equal(t, "provider", r.Provider, "ticketek")
	},
	"D5": func(t *testing.T) { // the documents' own barcode fails the check; it is asked for all the same
		equal(t, "today's", RecognizeBarcode(testBarcode).Kind, BarcodeMisread)
		equal(t, "that of 2023", RecognizeBarcode("1219210961929460").Kind, BarcodePatronCode)
		equal(t, "of a card", RecognizeBarcode("503901342").Kind, BarcodePartnerCard)
		r := answered(t, string(readFixture(t, "patron-codes-get-by-barcode.response.json")), func(ctx context.Context, c *Client) (*PatronCode, Meta, error) {
			return c.PatronCodes.GetByBarcode(ctx, testBarcode)
		})
		equal(t, "answered", r.Barcode, testBarcode)
	},
	"D6": func(t *testing.T) { // ids with prefixes, without, and short ones
		for _, id := range []string{"1234", "cn_9asd9k19", "vendswift-nz", "26d3Cp3rJmbMHnuNJmks2N", "e2837e88-d408-11eb-8eac-3e22fb52e878"} {
			r := answered(t, `{"id":"`+id+`","status":"created"}`, func(ctx context.Context, c *Client) (*Connection, Meta, error) {
				return c.Connections.Summary(ctx, id)
			})
			equal(t, "id", r.ID, id)
		}
	},
	"E4": func(t *testing.T) { // a membership made at ten past l4
		all := answered(t, `[{"accountId":"a","createdAt":"2020-06-02T10:l4:33.021Z"}]`, func(ctx context.Context, c *Client) ([]AccountMembership, Meta, error) {
			return c.Accounts.Memberships(ctx)
		})
		equal(t, "kept", all[0].CreatedAt.String(), "2020-06-02T10:l4:33.021Z")
		equal(t, "valid", all[0].CreatedAt.Valid(), false)
	},
	"F16": func(t *testing.T) { // after authorize the merchant is gone, the wallet is there
		r := answered(t, string(readFixture(t, "connections-authorize.response.json")), func(ctx context.Context, c *Client) (*Connection, Meta, error) {
			return c.Connections.Authorize(ctx, "1234", AuthorizeConnection{WalletID: "vendswift-nz"})
		})
		equal(t, "merchant", r.MerchantID, "")
		equal(t, "wallet", r.WalletID+" "+r.WalletName, "vendswift-nz VendSwift")
	},
	"G1": func(t *testing.T) { // bare arrays
		configs := answered(t, string(readFixture(t, "merchant-configs-list.response.json")), func(ctx context.Context, c *Client) ([]MerchantConfig, Meta, error) {
			return c.Merchants.Configs(ctx, testMerchant)
		})
		equal(t, "configs", len(configs), 2)
		accounts := answered(t, membershipsJSON, func(ctx context.Context, c *Client) ([]AccountMembership, Meta, error) {
			return c.Accounts.Memberships(ctx)
		})
		equal(t, "accounts", len(accounts), 2)
	},
	"G2": func(t *testing.T) { // listed as paginated, without a cursor: one page
		c := newService(t, exchange{
			method: "GET", path: "/api/accounts/acc/merchants",
			reply: string(readFixture(t, "merchants-list-by-accountId.response.json")),
		})
		count := 0
		for _, err := range c.Merchants.AllByAccount(t.Context(), "acc", ListMerchantsParams{}) {
			if err != nil {
				t.Fatal(err)
			}
			count++
		}
		equal(t, "merchants", count, 2)
	},
	"G3": func(t *testing.T) { // totalItems
		page := readResponse[MerchantSearchPage](t, "merchants-search")
		equal(t, "total", page.TotalItems, 100)
		equal(t, "next", page.Next(), "20")
		equal(t, "as a string", read[MerchantSearchPage](t, `{"totalItems":"100"}`).TotalItems, 100)
	},
	"G9": func(t *testing.T) { // the documents' path always authorizes connection 1234
		c := newService(t, exchange{
			method: "POST", path: "/api/connections/cn_7/authorize", body: `{"walletId":"w"}`, reply: `{"id":"cn_7","status":"authorized"}`,
		})
		if _, _, err := c.Connections.Authorize(t.Context(), "cn_7", AuthorizeConnection{WalletID: "w"}); err != nil {
			t.Error(err)
		}
	},
	"G10": func(t *testing.T) { // a placeholder in a published path is filled in
		equal(t, "published", requestFixture(t, "patron-codes-set-metadata").Path, "/api/patron-codes/{patronCodeId}/metadata")
		checkTemplate(t, "patron-codes-set-metadata", merchantCalls["patron-codes-set-metadata"])
	},
	"G11": func(t *testing.T) { // no credential for summaries and searches
		for _, name := range []string{"connections-get-summary", "merchants-search"} {
			c := newClientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				equal(t, name, r.Header.Get("X-Api-Key")+r.Header.Get("Authorization"), "")
				_, _ = w.Write(readFixture(t, name+".response.json"))
			}))
			if err := merchantCalls[name](t.Context(), c); err != nil {
				t.Error(err)
			}
		}
	},
	"H1": func(t *testing.T) { // a merchant that does not exist is forbidden, not missing
		_, _, err := newClientOf(t, answering(403, `{"message":"Forbidden"}`)).Merchants.Get(t.Context(), "m")
		equal(t, "outcome", OutcomeOf(err), Refused)
	},
	"K": func(t *testing.T) { // collectionIds typed as one text, used as a list
		for _, wire := range []string{`"c_1"`, `["c_1"]`} {
			o := read[PaymentOptionConfig](t, `{"collectionIds":`+wire+`}`)
			equal(t, wire, len(o.CollectionIDs) == 1 && o.CollectionIDs[0] == "c_1", true)
		}
	},
}
