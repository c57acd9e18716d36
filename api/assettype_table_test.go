package api

import (
	"slices"
	"strings"
	"testing"
)

// publishedAssetTypes is the table of the documents: type, category, currencies,
// and then whether it is live, for test, restricted, quick pay, and in need of a
// tax number.
//
//nolint:misspell // a provider's name
const publishedAssetTypes = `
bitcoin                   | -      | NZD AUD             | ✔ - - - -
cca.coke                  | Token  | NZD                 | ✔ ✔ ✔ - -
centrapay.nzd             | Money  | NZD                 | ✔ ✔ - - -
centrapay.token           | Token  | NZD                 | ✔ ✔ - - -
epay                      | -      | NZD                 | ✔ ✔ - - -
farmlands.nzd             | Money  | NZD                 | ✔ ✔ - ✔ ✔
paypal                    | -      | USD                 | ✔ ✔ - ✔ -
centrapay.ledger          | Ledger | NZD                 | ✔ ✔ - - -
quartz.nzd                | -      | NZD                 | ✔ ✔ - - -
quartz-one-off.nzd        | -      | NZD                 | ✔ ✔ - - -
venmo                     | -      | USD                 | ✔ ✔ - ✔ -
uplinkapi                 | -      | NZD                 | - ✔ - - -
stadius                   | -      | NZD AUD USD CAD EUR | ✔ ✔ - - -
payap-debit               | -      | NZD                 | ✔ ✔ - - -
external                  | -      | NZD                 | ✔ ✔ - - -
asb-payap.nzd             | -      | NZD                 | ✔ ✔ - - -
asb-payap-one-off.nzd     | -      | NZD                 | ✔ ✔ - - -
westpac-payap.nzd         | -      | NZD                 | ✔ ✔ - - -
westpac-payap-one-off.nzd | -      | NZD                 | ✔ ✔ - - -
`

func (i AssetInfo) row() []string {
	flag := func(b bool) string {
		if b {
			return "✔"
		}
		return "-"
	}
	category := string(i.Category)
	if category == "" {
		category = "-"
	}
	return []string{
		string(i.Type), category, strings.Join(i.Currencies, " "),
		strings.Join([]string{flag(i.Live), flag(i.Test), flag(i.RefusesRestricted), flag(i.QuickPay), flag(i.NeedsTaxNumber)}, " "),
	}
}

func TestAssetTypesAreThoseOfTheDocuments(t *testing.T) {
	t.Parallel()
	rows := strings.Split(strings.TrimSpace(publishedAssetTypes), "\n")
	all := AssetTypes()
	if len(all) != len(rows) {
		t.Fatalf("got %d types, want %d", len(all), len(rows))
	}
	names := map[string]AssetType{}
	for i, line := range rows {
		want := strings.Split(line, "|")
		for j := range want {
			want[j] = strings.TrimSpace(want[j])
		}
		if got := all[i].row(); !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		if other, ok := names[all[i].Name]; ok || all[i].Name == "" {
			t.Errorf("%s is called %q, as is %q", all[i].Type, all[i].Name, other)
		}
		names[all[i].Name] = all[i].Type
	}
}

func TestAssetTypesAreFoundWithoutTheirLiveness(t *testing.T) {
	t.Parallel()
	tests := map[AssetType]AssetType{
		"farmlands.nzd.main": "farmlands.nzd", "farmlands.nzd.test": "farmlands.nzd", "farmlands.nzd": "farmlands.nzd",
		"quartz.nzd.main": "quartz.nzd", "quartz-one-off.nzd.main": "quartz-one-off.nzd",
		"epay.main": "epay", "epay.nzd.test": "epay", "paypal.usd": "paypal", "venmo.usd.main": "venmo",
		"external.test": "external", "uplinkapi.test": "uplinkapi",
		"test": "", "": "", ".main": "", "kiwi.main": "", "farmlands": "", "farmlands.nzd.main.main": "", "FARMLANDS.NZD.MAIN": "",
	}
	for asked, want := range tests {
		info, ok := asked.Info()
		if info.Type != want || ok != (want != "") {
			t.Errorf("%q: got %q, %v", asked, info.Type, ok)
		}
	}
	changed := AssetTypes()
	changed[0].Currencies[0], changed[0].Name = "XXX", "?"
	equal(t, "unchanged by readers", AssetTypes()[0].Currencies[0]+AssetTypes()[0].Name, "NZDBitcoin")
}

func TestAssetTypesOfThirdPartiesAreShownByTheirDescription(t *testing.T) {
	t.Parallel()
	tests := []struct {
		asked       AssetType
		description string
		want        string
	}{
		{"farmlands.nzd.main", "Farmlands Card", "Farmlands"},
		{"farmlands.nzd.test", "", "Farmlands (test)"},
		{"kiwi-card.main", "Kiwi Card", "Kiwi Card"},
		{"kiwi-card.main", "", "kiwi-card.main"},
		{"test", "", "test"},
	}
	for _, tt := range tests {
		equal(t, string(tt.asked), tt.asked.Name(tt.description), tt.want)
	}
}
