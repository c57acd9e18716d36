package api

import "slices"

// AssetCategory is what kind of value an asset type holds.
type AssetCategory string

// The documented categories.
const (
	CategoryMoney  AssetCategory = "Money"
	CategoryToken  AssetCategory = "Token"
	CategoryLedger AssetCategory = "Ledger"
)

// AssetInfo is what the documents say of an asset type. It is for showing and
// explaining: which types a payment request can be paid with is what the service
// answers. Source: Centrapay docs, asset types.
type AssetInfo struct {
	// Type is the name without a liveness.
	Type AssetType
	// FormerNames are names, without a liveness, under which the documents and
	// older answers know the type.
	FormerNames []AssetType
	// Name is a short name for people.
	Name string
	// Category is "" where none is documented.
	Category AssetCategory
	// Currencies are the ISO 4217 codes of the values that it can pay.
	Currencies []string
	// Live and Test say with which liveness the type exists.
	Live, Test bool
	// RefusesRestricted types cannot pay for restricted line items.
	RefusesRestricted bool
	// QuickPay types are charged without further question once their barcode is
	// given.
	QuickPay bool
	// NeedsTaxNumber types need the tax number of the merchant's business.
	NeedsTaxNumber bool
}

// AssetTypes returns what the documents say of each asset type, in their order.
func AssetTypes() []AssetInfo {
	nzd := func() []string { return []string{"NZD"} }
	return []AssetInfo{
		{Type: "bitcoin", Name: "Bitcoin", Currencies: []string{"NZD", "AUD"}, Live: true},
		{Type: "cca.coke", Name: "Coke tokens", Category: CategoryToken, Currencies: nzd(), Live: true, Test: true, RefusesRestricted: true},
		{Type: "centrapay.nzd", Name: "Centrapay NZD", Category: CategoryMoney, Currencies: nzd(), Live: true, Test: true},
		{Type: "centrapay.token", Name: "Centrapay tokens", Category: CategoryToken, Currencies: nzd(), Live: true, Test: true},
		{Type: "epay", FormerNames: []AssetType{"epay.nzd"}, Name: "EPay gift card", Currencies: nzd(), Live: true, Test: true},
		{
			Type: "farmlands.nzd", Name: "Farmlands", Category: CategoryMoney, Currencies: nzd(),
			Live: true, Test: true, QuickPay: true, NeedsTaxNumber: true,
		},
		{Type: "paypal", FormerNames: []AssetType{"paypal.usd"}, Name: "PayPal", Currencies: []string{"USD"}, Live: true, Test: true, QuickPay: true},
		{Type: "centrapay.ledger", Name: "Centrapay ledger", Category: CategoryLedger, Currencies: nzd(), Live: true, Test: true},
		{Type: "quartz.nzd", Name: "BNZ via Payap", Currencies: nzd(), Live: true, Test: true},
		{Type: "quartz-one-off.nzd", Name: "BNZ app", Currencies: nzd(), Live: true, Test: true},
		{Type: "venmo", FormerNames: []AssetType{"venmo.usd"}, Name: "Venmo", Currencies: []string{"USD"}, Live: true, Test: true, QuickPay: true},
		{Type: "uplinkapi", Name: "Uplink", Currencies: nzd(), Test: true},
		{
			Type: "stadius", Name: "Stadius", Live: true, Test: true, //nolint:misspell // the provider's name
			Currencies: []string{"NZD", "AUD", "USD", "CAD", "EUR"},
		},
		{Type: "payap-debit", Name: "Payap debit pass", Currencies: nzd(), Live: true, Test: true},
		{Type: "external", Name: "Outside Centrapay", Currencies: nzd(), Live: true, Test: true},
		{Type: "asb-payap.nzd", Name: "ASB via Payap", Currencies: nzd(), Live: true, Test: true},
		{Type: "asb-payap-one-off.nzd", Name: "ASB app", Currencies: nzd(), Live: true, Test: true},
		{Type: "westpac-payap.nzd", Name: "Westpac via Payap", Currencies: nzd(), Live: true, Test: true},
		{Type: "westpac-payap-one-off.nzd", Name: "Westpac app", Currencies: nzd(), Live: true, Test: true},
	}
}

// Info returns what the documents say of the type, whatever its liveness. It is
// false for types that they do not list: third parties add types at any time.
func (a AssetType) Info() (AssetInfo, bool) {
	base := AssetType(a.Base())
	for _, info := range AssetTypes() {
		if info.Type == base || slices.Contains(info.FormerNames, base) {
			return info, true
		}
	}
	return AssetInfo{}, false
}

// Name returns a short name for people: the documents' for a type that they
// list, otherwise the description that the service sent, otherwise the type
// itself. Test money of a listed type is named as such.
func (a AssetType) Name(description string) string {
	info, known := a.Info()
	switch {
	case known && a.Liveness() == LivenessTest:
		return info.Name + " (test)"
	case known:
		return info.Name
	case description != "":
		return description
	default:
		return string(a)
	}
}
