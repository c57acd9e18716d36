package sandbox_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// replayAt sends a published request to another path than the published one, which
// names things by ids that the sandbox has not given them.
func replayAt(r *rig, name, path string) any {
	r.Helper()
	var p published
	if err := json.Unmarshal(fixture(r, name+".request"), &p); err != nil {
		r.Fatal(err)
	}
	if want, got := strings.Count(p.Path, "/"), strings.Count(strings.SplitN(path, "?", 2)[0], "/"); want != got {
		r.Fatalf("%s is not %s with other ids", path, p.Path)
	}
	if p.Body == nil {
		return ok[any](r, p.Method, path, nil)
	}
	return ok[any](r, p.Method, path, string(p.Body))
}

// asPublished sends a published request as it is.
func asPublished(r *rig, name string) any {
	r.Helper()
	var p published
	if err := json.Unmarshal(fixture(r, name+".request"), &p); err != nil {
		r.Fatal(err)
	}
	query := url.Values{}
	for k, v := range p.Query {
		query.Set(k, v)
	}
	path := p.Path
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return replayAt(r, name, path)
}

const docsKey = "docs-owner-key"

// ownerOf is an account-owner key of an account.
func ownerOf(accountID string) sandbox.Option {
	return sandbox.WithKeys(sandbox.Key{Secret: docsKey, Name: "MyApiKey", AccountID: accountID, AccountName: "Salespoint", Role: sandbox.RoleAccountOwner})
}

const codeAccount, codeWallet, docsBarcode = "Jaim1Cu1Q55uooxSens6yk", "WRhAxxWpTKb5U7pXyxQjjY", "9990001234567895"

// patronCodeOf replays about a patron code that was made like that of the example.
// Its barcode is as random as the published one, and as long.
func patronCodeOf(body any, path func(api.PatronCode) string) fixtureCase {
	return fixtureCase{
		opts: []sandbox.Option{ownerOf(codeAccount), sandbox.WithCustomers(sandbox.Customer{
			AccountID: codeAccount, Wallets: []sandbox.Wallet{{ID: codeWallet, AssetType: "centrapay.nzd.test"}},
		})},
		run: func(r *rig, name string) any {
			r.key = docsKey
			var got any
			if path == nil {
				got = asPublished(r, name)
			} else {
				got = replayAt(r, name, path(ok[api.PatronCode](r, post, patronCodes, body)))
			}
			answer, isObject := got.(map[string]any)
			if !isObject {
				r.Fatalf("answered %v", got)
			}
			if barcode, given := answer["barcode"].(string); given {
				if len(barcode) != len(docsBarcode) || strings.Trim(barcode, "0123456789") != "" || barcode[:6] != docsBarcode[:6] {
					r.Errorf("barcode %q", barcode)
				}
				answer["barcode"] = docsBarcode
			}
			return answer
		},
	}
}

// salespoint is the sales channel of the connection examples, and a wallet.
func salespoint(path func(api.Connection) string, key string) fixtureCase {
	merchant := sandbox.Merchant{
		ID: "abcde", Name: "Shop", AccountID: "1234abc", AccountName: "Salespoint", ConfigID: "mc_1", APIKey: sandbox.DemoAPIKey,
		AssetTypes: []api.AssetType{"centrapay.nzd.test"},
	}
	return fixtureCase{
		opts: []sandbox.Option{sandbox.WithMerchants(merchant), ownerOf("vend"), sandbox.WithCustomers(sandbox.Customer{
			AccountID: "vend", Wallets: []sandbox.Wallet{{ID: "vendswift-nz", Name: "VendSwift", AssetType: "centrapay.nzd.test"}},
		})},
		run: func(r *rig, name string) any {
			if path == nil {
				return asPublished(r, name)
			}
			made := ok[api.Connection](r, post, connections, m{"merchantId": "abcde"})
			return replayAt(r.as(key), name, path(made))
		},
	}
}

// patronSees is the request of byShortCode as its customer finds it.
func patronSees(connected bool, status api.ConnectionStatus, path string) fixtureCase {
	createdBy := map[string]string{".createdByAccountId: added": whole, ".remainingAmount: added": whole}
	c := byShortCode(connected, createdBy)
	const payer = "Bn8Wawd21Y2yoGb2KuSdK2"
	c.opts = []sandbox.Option{café(cafeID, cafeConfig, "centrapay.nzd.test"), plainCustomer(), ownerOf(payer), sandbox.WithConnections(sandbox.Connection{
		ID: "cn_9asd9k19", MerchantID: cafeID, CreatedByAccountID: cafeAccount, Status: status, WalletAccountID: payer,
	})}
	asked := c.run
	c.run = func(r *rig, name string) any {
		asked(r, name)
		return replayAt(r.as(docsKey), name, path)
	}
	return c
}

// listedMerchants are those of the merchant examples.
func listedMerchants(account string, countries ...string) fixtureCase {
	names := []string{"Adams, Runolfsdottir and Botsford", "Vandervort Inc", "West, O'Reilly and Huels"}
	var all []sandbox.Merchant
	for i, country := range countries {
		asset := api.AssetType("centrapay.nzd.test")
		if i == 1 {
			asset = "centrapay.nzd.main"
		}
		id := string(rune('2' + i))
		all = append(all, sandbox.Merchant{
			ID: "5f6bf6ff81552101f8ff612" + id, Name: names[i], AccountID: account, AccountName: "x", Country: country,
			ConfigID: "mc_" + id, APIKey: "key" + id, AssetTypes: []api.AssetType{asset},
		})
	}
	return fixtureCase{
		opts: []sandbox.Option{sandbox.WithMerchants(all...), ownerOf(account)},
		run:  func(r *rig, name string) any { return asPublished(r.as(docsKey), name) },
	}
}

// farmlandsMerchant is the one of the config examples.
func farmlandsMerchant(differs map[string]string) fixtureCase {
	return fixtureCase{
		opts: []sandbox.Option{ownerOf("yqwyya0rzz3vvshqw0474u89xtj5fn"), sandbox.WithMerchants(sandbox.Merchant{
			ID: olderCafeID, Name: "Parisian - Brown", AccountID: "yqwyya0rzz3vvshqw0474u89xtj5fn", AccountName: "x", Country: "AD",
			ConfigID: "mc_5ee168e8597be5002af7b454", APIKey: "x", AssetTypes: []api.AssetType{"farmlands.nzd.main"},
			Configs: []sandbox.Config{{ID: "mc_5ee168e8597be5002af7baed", AssetTypes: []api.AssetType{"external.test"}}},
		})},
		run:     func(r *rig, name string) any { return asPublished(r.as(docsKey), name) },
		differs: differs,
	}
}

// settled is a merchant whose first day's takings have been paid out.
func settled() fixtureCase {
	const account = "67e0c486308f590260d9a139"
	return fixtureCase{
		opts: []sandbox.Option{plainCustomer(), ownerOf(cafeAccount), sandbox.WithMerchants(sandbox.Merchant{
			ID: olderCafeID, Name: "Centrapay Café", AccountID: cafeAccount, ConfigID: olderCafeConf, APIKey: sandbox.DemoAPIKey,
			AssetTypes: []api.AssetType{"centrapay.nzd.main"}, SettlementBankAccountID: account,
		})},
		run: func(r *rig, name string) any {
			liveRequest(r, liveBody("2500"))
			r.clock.advance(24 * time.Hour)
			liveRequest(r, liveBody("2200"))
			r.clock.advance(24 * time.Hour)
			return asPublished(r.as(docsKey), name)
		},
	}
}

// found is the one merchant of the search example. Its request asks for test
// merchants, its answer has one of real money.
func found() fixtureCase {
	return fixtureCase{
		opts: []sandbox.Option{sandbox.WithMerchants(sandbox.Merchant{
			ID: "M001", Name: "Store 1", AccountID: codeAccount, AccountName: "x", ConfigID: "mc_1", APIKey: "x", CategoryCode: "1740",
			AssetTypes:      []api.AssetType{"centrapay.nzd.main", "epay.main", "centrapay.token.main"},
			Collections:     []sandbox.Collection{{ID: "Xv990BzkgfoDS7bBls50pd"}},
			LoyaltyPrograms: []string{"5f6bf6ff81552101f8ff6122", "5f6bf6ff81552101f8ff6122"},
			Location: &api.Location{
				Lat: "123.45", Lng: "32.21", City: "Auckland", Country: "NZ", PostCode: "1234", State: "Auckland",
				Street: "2 Street Street", Suburb: "Place",
			},
		})},
		run: func(r *rig, name string) any {
			const query = "?origin=123.42,32.22&distance=100&asset=epay.main,37873&paginationLimit=10&categoryCode=1740&test=false&hasLoyaltyProgram=true"
			return replayAt(r.as(""), name, merchants+"/search"+query)
		},
		differs: map[string]string{
			".totalItems: 1, docs 100":                                "the docs show the second of ten pages; here there is one merchant",
			".nextPageKey: lacking":                                   lastPage,
			".items[0].loyaltyPrograms[0].isMember: false, docs true": "the call carries no credential, so that nobody is a member",
		},
	}
}

func aroundFixtureCases() map[string]fixtureCase {
	device := m{"assetId": codeWallet, "metadata": m{"deviceId": "device-001"}}
	id := func(p api.PatronCode) string { return patronCodes + "/" + p.ID }
	decoded := fixtureCase{
		opts: []sandbox.Option{café(cafeID, "P9gm1s1Cu1Q5uooxs", "farmlands.nzd.main"), sandbox.WithCustomers(sandbox.Customer{
			Barcode: "123456789", BoundWallet: "card", Wallets: []sandbox.Wallet{{ID: "card", AssetType: "farmlands.nzd.main"}},
		})},
		run: asPublished,
	}
	const number = ".paymentOptions[0].farmlandsMerchantNumber: sandbox-5ee0c486308f590260d9a07f, docs DbgY2SyD5M85zkePJjsQEf"
	const numbers = "[0]" + number
	const ownNumber = "the sandbox numbers merchants with Farmlands in its own way"
	return map[string]fixtureCase{
		"payment-requests-get-by-patron-code":      patronSees(true, api.ConnectionActive, "/api/me/patron-code-payment-request"),
		"seed-payment-requests-get-by-patron-code": patronSees(false, "", "/api/me/patron-code-payment-request"),
		"payment-requests-get-by-connectionId":     patronSees(true, api.ConnectionAuthorized, connections+"/cn_9asd9k19/latest-payment-request"),
		"patron-codes-create":                      patronCodeOf(nil, nil),
		"patron-codes-get":                         patronCodeOf(device, id),
		"patron-codes-get-by-barcode": patronCodeOf(device, func(p api.PatronCode) string {
			return patronCodes + "/barcode/" + p.Barcode.String()
		}),
		"patron-codes-get-by-externalId": patronCodeOf(device.with(m{"namespace": "namespace-test", "externalId": "3e9003bbff48d"}),
			func(api.PatronCode) string { return patronCodes + "/namespace-test/external-id/3e9003bbff48d" }),
		"patron-codes-set-metadata":   patronCodeOf(nil, func(p api.PatronCode) string { return id(p) + "/metadata" }),
		"connections-create":          salespoint(nil, ""),
		"connections-authorize":       salespoint(func(c api.Connection) string { return connections + "/" + c.ID + "/authorize" }, docsKey),
		"connections-get-summary":     salespoint(func(c api.Connection) string { return connections + "/" + c.ID + "/summary" }, ""),
		"scanned-codes-decode":        decoded,
		"merchants-list":              listedMerchants("3xsjxxwmnpkunjbcpekyekc84rzxr4", "BT", "GM", "MZ"),
		"merchants-list-by-accountId": listedMerchants(codeAccount, "BT", "GM"),
		"merchants-get":               farmlandsMerchant(nil),
		"merchants-search":            found(),
		"merchant-configs-get":        farmlandsMerchant(map[string]string{number: ownNumber}),
		"legacy-merchant-configs-get": farmlandsMerchant(map[string]string{number: ownNumber}),
		"merchant-configs-list": farmlandsMerchant(map[string]string{
			numbers: ownNumber,
			"[1].paymentOptions[0].type: external.test, docs test": "the docs' asset type stands in no table (quirk C16)",
		}),
		"settlements-list-by-merchantId": settled(),
	}
}

// TestPublishedCredentialCheck makes the published calls that list the caller's
// accounts; the docs print no answer to them.
func TestPublishedCredentialCheck(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var p published
	if err := json.Unmarshal(fixture(t, "doc-auth-01-get-api-account-memberships.request"), &p); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		sandbox.DemoAPIKey:    `[{"accountId":"sandboxAccountCafe","accountName":"Sandbox Merchant","accountType":"org","role":"merchant-terminal"}]`,
		sandbox.DemoOwnerKey:  `[{"accountId":"sandboxAccountCafe","accountName":"Sandbox Merchant","accountType":"org","role":"account-owner"}]`,
		sandbox.DemoPatronKey: `[{"accountId":"sandboxAccountAroha","accountName":"Aroha","accountType":"individual","role":"account-owner"}]`,
	} {
		if got := r.as(key).call(p.Method, p.Path, nil).Body.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
