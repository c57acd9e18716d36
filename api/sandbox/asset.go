package sandbox

import (
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// asset is what the docs say of an asset type, liveness apart. Source: Centrapay
// docs, asset types. Which types can pre-authorize is not documented; Farmlands
// is shown doing it, and the Centrapay wallet does it here so that it can be
// tried without a card.
type asset struct {
	base        string
	description string
	currencies  []string
	// quickPay types are charged by themselves once a barcode is bound to them.
	quickPay bool
	// refusesRestricted types cannot pay for restricted line items.
	refusesRestricted bool
	needsTaxNumber    bool
	// preAuthHold is how long the type holds an authorization; 0 cannot hold.
	preAuthHold func(createdAt, now time.Time) time.Time
	// productCodes stood beside the type until 2024.
	productCodes []string
	// external types record a payment made elsewhere; they are never offered.
	external bool
	// onRequest types need more than a wallet: tokens of a collection, a
	// transaction on a chain.
	onRequest bool
}

func threeMonths(createdAt, _ time.Time) time.Time { return createdAt.AddDate(0, 3, 0) }
func thirtyOneDays(_, now time.Time) time.Time     { return now.AddDate(0, 0, 31) }

// assets is the documented table.
var assets = [...]asset{
	{base: "centrapay.nzd", description: "Centrapay NZD", currencies: []string{"NZD"}, preAuthHold: threeMonths},
	{base: "cca.coke", description: "Coke Tokens", currencies: []string{"NZD"}, refusesRestricted: true},
	{base: "farmlands.nzd", description: "Farmlands", currencies: []string{"NZD"}, quickPay: true, needsTaxNumber: true, preAuthHold: thirtyOneDays},
	{base: "quartz.nzd", description: "BNZ", currencies: []string{"NZD"}},
	{base: "quartz-one-off.nzd", description: "BNZ", currencies: []string{"NZD"}},
	{base: "asb-payap.nzd", description: "ASB", currencies: []string{"NZD"}},
	{base: "asb-payap-one-off.nzd", description: "ASB", currencies: []string{"NZD"}},
	{base: "westpac-payap.nzd", description: "Westpac", currencies: []string{"NZD"}},
	{base: "westpac-payap-one-off.nzd", description: "Westpac", currencies: []string{"NZD"}},
	{base: "payap-debit", description: "Payap", currencies: []string{"NZD"}},
	{base: "uplinkapi", description: "Uplink", currencies: []string{"NZD"}},
	{base: "epay", description: "Gift Card", currencies: []string{"NZD"}},
	{base: "epay.nzd", description: "Gift Card", currencies: []string{"NZD"}, productCodes: []string{"23403"}},
	{base: "stadius", description: "Stadius", currencies: []string{"NZD", "AUD", "USD", "CAD", "EUR"}}, //nolint:misspell // the provider's name
	{base: "paypal", description: "PayPal", currencies: []string{"USD"}, quickPay: true},
	{base: "venmo", description: "Venmo", currencies: []string{"USD"}, quickPay: true},
	{base: "centrapay.ledger", description: "Ledger", currencies: []string{"NZD"}, onRequest: true},
	{base: "centrapay.token", description: "Token", currencies: []string{"NZD"}, onRequest: true},
	{base: "bitcoin", description: "Bitcoin", currencies: []string{"NZD", "AUD"}, onRequest: true},
	{base: "external", description: "External", currencies: []string{"NZD"}, external: true},
}

func assetOf(t api.AssetType) (asset, bool) {
	base := t.Base()
	for i := range assets {
		if assets[i].base == base {
			return assets[i], true
		}
	}
	return asset{}, false
}

// describe is the text for the customer, as the docs print it: "Centrapay NZD",
// with " Test" behind it for test money.
func describe(t api.AssetType) string {
	text := t.Base()
	if a, ok := assetOf(t); ok {
		text = a.description
	}
	if t.Liveness() == api.LivenessTest {
		text += " Test"
	}
	return text
}

// optionsFor are the ways in which a request can be paid: what the merchant
// takes, less what does not fit the currency, the pre-auth, the tax number or
// the asset that the barcode is bound to.
func optionsFor(m Merchant, asked api.CreatePaymentRequest, bound api.AssetType) []api.PaymentOption {
	options := make([]api.PaymentOption, 0, len(m.AssetTypes))
	for _, t := range m.AssetTypes {
		a, known := assetOf(t)
		fits := known && !a.external && slices.Contains(a.currencies, asked.Value.Currency) &&
			(!asked.PreAuth || a.preAuthHold != nil) &&
			(!a.needsTaxNumber || m.TaxNumber != nil) &&
			(bound == "" || bound == t)
		if !fits {
			continue
		}
		option := api.PaymentOption{AssetType: t, Amount: asked.Value.Amount, ProductCodes: a.productCodes}
		if t.IsToken() && !tokenOption(&option, m.Collections, asked) || a.onRequest && !t.IsToken() {
			continue
		}
		options = append(options, option)
	}
	return options
}

// tokenOption fills in what tokens can pay for; false when that is nothing.
func tokenOption(option *api.PaymentOption, collections []Collection, asked api.CreatePaymentRequest) bool {
	total := decimal.Zero
	for _, c := range collections {
		if asked.CollectionID != "" && asked.CollectionID != c.ID {
			continue
		}
		accepted := api.AcceptedCollection{ID: c.ID}
		for _, line := range asked.LineItems {
			if line.SKU != "" && slices.Contains(c.SKUs, line.SKU) {
				accepted.LineItems = append(accepted.LineItems, line)
				total = total.Add(line.Price.Decimal())
			}
		}
		if len(accepted.LineItems) > 0 {
			option.AcceptedCollections = append(option.AcceptedCollections, accepted)
		}
	}
	option.Amount = api.NewBigNumber(total)
	return len(option.AcceptedCollections) > 0
}

func hasRestricted(lines []api.LineItem) bool {
	return slices.ContainsFunc(lines, func(l api.LineItem) bool { return bool(l.Restricted) })
}

func allowedRedirect(m Merchant, target string) bool {
	return target == "" || slices.ContainsFunc(m.AllowedRedirectURLs, func(prefix string) bool {
		return prefix != "" && strings.HasPrefix(target, prefix)
	})
}
