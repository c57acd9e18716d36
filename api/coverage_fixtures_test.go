package api

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// noModel are the published examples that no model of this module reads, with
// the reason.
var noModel = map[string]string{
	"doc-ticketek-ticket-01.example.json": "a record of a batch import of tickets, which no call sends and none answers",
}

// testdata/fixtures.txt lists every exchange and example that is published. Each
// is here or in package legacy, and is read by a test that goes through all of
// its kind.
func TestEveryPublishedFixtureIsRead(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("testdata", "fixtures.txt"))
	if err != nil {
		t.Fatal(err)
	}
	published := strings.Fields(string(data))
	here := filesOf(t, filepath.Join("testdata", "fixtures"))
	legacy := filesOf(t, filepath.Join("legacy", "testdata", "fixtures"))
	kept := slices.Sorted(slices.Values(slices.Concat(here, legacy)))
	for _, name := range published {
		if !slices.Contains(kept, name) {
			t.Errorf("%s is published, but not kept", name)
		}
	}
	for i, name := range kept {
		if !slices.Contains(published, name) || i > 0 && kept[i-1] == name {
			t.Errorf("%s is kept, but is not on the list once", name)
		}
	}
	for _, name := range here {
		readHere(t, name)
	}
	for name := range noModel {
		if !slices.Contains(here, name) {
			t.Errorf("%s has a reason not to be read, but is not kept", name)
		}
	}
}

// readHere checks that a fixture is of a kind that a test of this package goes
// through: requests are built, answers and errors are decoded and encoded.
func readHere(t *testing.T, name string) {
	t.Helper()
	switch base, kind, _ := strings.Cut(name, "."); kind {
	case "request.json":
		credential := strings.HasPrefix(base, "doc-auth-") // TestEveryPublishedRequestForMembershipsIsBuiltExactly
		if !isPaymentFixture(base) && !isMerchantFixture(base) && !isBankFixture(base) && !credential {
			t.Errorf("%s is built by no test", name)
		}
	case "response.json", "example.json":
	default:
		t.Errorf("%s is no request, response or example", name)
	}
}

func filesOf(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// administrationCalls make the published calls that this package has no method
// for, by Do and the models.
var administrationCalls = map[string]published{
	"merchants-create": administer[Merchant](http.MethodPost, map[string]any{
		"accountId": "C4QnjXvj8At6SMsEN4LRi9", "name": "Centrapay Cafe Auckland", "country": "NZ", "test": false,
	}, "merchants"),
	"merchants-update": administer[Merchant](http.MethodPut, map[string]any{
		"name":             "Centrapay Café",
		"location":         Location{Lat: "-36.8483579", Lng: "174.7725834", City: "Auckland", PostCode: "1010", Country: "NZ"},
		"settlementConfig": SettlementConfig{BankAccountID: "WRhAxxWpTKb5U7pXyxQjjY"},
	}, "merchants", testMerchant),
	"merchants-set-metadata": administer[MerchantActivity](http.MethodPost, map[string]any{
		"metadata": Metadata{"deviceId": "device-001"},
	}, "merchants", testMerchant, "metadata"),
	"merchants-set-onboarding-status": administer[MerchantActivity](http.MethodPost, map[string]any{
		"onboardingStatus": OnboardingDeactivated, "onboardingStatusReason": ReasonChangeOfOwnership,
	}, "merchants", testMerchant, "set-onboarding-status"),
	"merchant-configs-create": administer[MerchantConfig](http.MethodPost, MerchantConfig{PaymentOptions: []PaymentOptionConfig{
		{Type: "centrapay.nzd.main", WalletID: "1234c486308f3f0a23f0f92b"},
		{Type: "epay.main", ExternalMerchantID: "11000021"},
		{Type: "farmlands.nzd.main", FarmlandsMerchantNumber: "DbgY2SyD5M85zkePJjsQEf"},
		{Type: "quartz.nzd.main", ExternalMerchantID: "0012399012"},
	}}, "merchants", testMerchant, "configs"),
	"merchant-configs-update": administer[MerchantConfig](http.MethodPut, MerchantConfig{PaymentOptions: []PaymentOptionConfig{
		{Type: "bitcoin.main"},
		{Type: "centrapay.nzd.test", WalletID: "1234c486308f3f0a23f0f92b"},
		{Type: "farmlands.nzd.main", FarmlandsMerchantNumber: "DbgY2SyD5M85zkePJjsQEf"},
	}}, "merchants", testMerchant, "configs", "mc_5ee168e8597be5002af7baed"),
}

// administer returns a call by Do whose answer is a T.
func administer[T any](method string, body any, path ...string) published {
	return func(ctx context.Context, c *Client) error {
		call := Call{Method: method, Path: append([]string{"api"}, path...), JSON: body}
		_, err := c.Do(ctx, call, func(answer []byte) error { return json.Unmarshal(answer, new(T)) })
		return err
	}
}
