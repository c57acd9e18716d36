package sandbox

import (
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"centrapos/api"
	"centrapos/api/auth"
)

// merchantsSince is when all merchants and their configs were made.
func merchantsSince() time.Time { return time.Date(2021, 11, 12, 1, 17, 46, 499e6, time.UTC) }

// wireMerchant is a merchant as its calls answer it. A merchant becomes active by
// its first payment request.
func (s *Service) wireMerchant(t *tx, m Merchant) api.Merchant {
	by := api.NewCRN(m.AccountID, "api-key", "Centrapay")
	out := api.Merchant{
		ID: m.ID, AccountID: m.AccountID, Name: m.Name, Country: m.country(), Test: m.liveness() == api.LivenessTest,
		Location: m.Location, CategoryCode: api.Text(m.CategoryCode), OnboardingStatus: api.OnboardingApplied,
		CreatedAt: api.NewTimestamp(merchantsSince()), CreatedBy: by, UpdatedAt: api.NewTimestamp(merchantsSince()), UpdatedBy: by,
	}
	if len(t.store.history[m.ID]) > 0 {
		out.OnboardingStatus = api.OnboardingActive
	}
	if m.SettlementBankAccountID != "" {
		out.SettlementConfig = &api.SettlementConfig{BankAccountID: m.SettlementBankAccountID}
	}
	return out
}

func (m Merchant) country() string {
	if m.Country == "" {
		return "NZ"
	}
	return m.Country
}

// merchantFor is the merchant that a call names if the key may do something to
// it.
func (c *call) merchantFor(p auth.Permission) (Merchant, error) {
	m, ok := c.svc.dir.merchant(c.http.PathValue("id"))
	if !ok || !c.key.may(p, m.AccountID) {
		return Merchant{}, forbidden()
	}
	return m, nil
}

func handleMerchant(c *call) (any, error) {
	m, err := c.merchantFor(mayReadMerchants)
	if err != nil {
		return nil, err
	}
	var answer api.Merchant
	err = c.svc.transact(func(t *tx) error {
		answer = c.svc.wireMerchant(t, m)
		return nil
	})
	return answer, err
}

// handleMerchants lists the merchants of an account: that in the path, or the
// caller's.
func handleMerchants(c *call) (any, error) {
	account := c.http.PathValue("account")
	if account == "" {
		account = c.key.AccountID
	}
	if !c.key.may(mayListMerchants, account) {
		return nil, forbidden()
	}
	page := api.Page[api.Merchant]{Items: []api.Merchant{}}
	err := c.svc.transact(func(t *tx) error {
		for _, m := range c.svc.dir.merchants {
			if m.AccountID == account {
				page.Items = append(page.Items, c.svc.wireMerchant(t, m))
			}
		}
		return nil
	})
	return page, err
}

// wireConfig is a merchant's config as its calls answer it, with what the
// providers of its asset types need.
func (s *Service) wireConfig(m Merchant) api.MerchantConfig {
	by := api.NewCRN(m.AccountID, "api-key", "Centrapay")
	out := api.MerchantConfig{
		ID: m.ConfigID, MerchantID: m.ID, PaymentOptions: []api.PaymentOptionConfig{}, AllowedRedirectURLs: m.AllowedRedirectURLs,
		CreatedAt: api.NewTimestamp(merchantsSince()), CreatedBy: by, UpdatedAt: api.NewTimestamp(merchantsSince()), UpdatedBy: by,
	}
	for _, t := range m.AssetTypes {
		option := api.PaymentOptionConfig{Type: t}
		switch t.Base() {
		case "farmlands.nzd":
			option.FarmlandsMerchantNumber = "sandbox-" + api.Text(m.ID)
		case "centrapay.nzd":
			option.WalletID = "sandboxWalletOf" + m.ID
		case "paypal", "venmo":
			option.PayPalMerchantAccountID, option.PayPalStoreID = "sandbox-"+m.AccountID, "sandbox-"+m.ID
		case "epay", "stadius", "quartz.nzd", "payap-debit", "uplinkapi": //nolint:misspell // the provider's name
			option.ExternalMerchantID = "sandbox-" + api.Text(m.ID)
		case "centrapay.token", "centrapay.ledger":
			for _, c := range m.Collections {
				option.CollectionIDs = append(option.CollectionIDs, c.ID)
			}
		}
		out.PaymentOptions = append(out.PaymentOptions, option)
	}
	return out
}

// handleConfig reads one config, by its own path or by the older one below its
// merchant.
func handleConfig(c *call) (any, error) {
	m, ok := c.svc.dir.merchantByConfig(c.http.PathValue("config"))
	if id := c.http.PathValue("id"); !ok || id != "" && id != m.ID || !c.key.may(mayReadConfigs, m.AccountID) {
		return nil, forbidden()
	}
	return c.svc.wireConfig(m), nil
}

func handleConfigs(c *call) (any, error) {
	m, err := c.merchantFor(mayReadConfigs)
	if err != nil {
		return nil, err
	}
	var all []api.MerchantConfig
	for _, one := range m.eachConfig() {
		all = append(all, c.svc.wireConfig(one))
	}
	return all, nil
}

// merchantSearch is what a search asks for.
type merchantSearch struct {
	lat, lng, distanceKM float64
	near                 bool
	asset, product       string
	name, account        string
	category             string
	test, loyalty        string
	from, size           int
}

// handleMerchantSearch finds merchants by where they are and what they take.
// Source: Centrapay docs, merchants, "Search Merchants".
func handleMerchantSearch(c *call) (any, error) {
	search, err := parseMerchantSearch(c.http.URL.Query())
	if err != nil {
		return nil, err
	}
	var found []api.FoundMerchant
	for _, m := range c.svc.dir.merchants {
		if search.fits(m) {
			found = append(found, foundMerchant(m))
		}
	}
	page := api.MerchantSearchPage{TotalItems: api.Int(len(found))}
	page.Items = []api.FoundMerchant{}
	if search.from < len(found) {
		next := min(search.from+search.size, len(found))
		page.Items = found[search.from:next]
		if next < len(found) {
			page.NextPageKey = strconv.Itoa(next)
		}
	}
	return page, nil
}

func parseMerchantSearch(query url.Values) (merchantSearch, error) {
	search := merchantSearch{
		name: strings.ToLower(query.Get("name")), account: query.Get("accountId"), category: query.Get("categoryCode"),
		test: query.Get("test"), loyalty: query.Get("hasLoyaltyProgram"),
	}
	search.asset, search.product, _ = strings.Cut(query.Get("asset"), ",")
	for name, value := range map[string]string{"test": search.test, "hasLoyaltyProgram": search.loyalty} {
		if value != "" && value != "true" && value != "false" {
			return search, malformed("%s must be true or false", name)
		}
	}
	var err error
	if search.size, err = pageSize(query.Get("paginationLimit")); err != nil {
		return search, err
	}
	if key := query.Get("pageKey"); key != "" {
		if search.from, err = strconv.Atoi(key); err != nil || search.from < 0 {
			return search, malformed("pageKey is not one that was given out")
		}
	}
	return search, search.parseOrigin(query.Get("origin"), query.Get("distance"))
}

func (search *merchantSearch) parseOrigin(origin, distance string) error {
	if origin == "" {
		return nil
	}
	lat, lng, _ := strings.Cut(origin, ",")
	var errLat, errLng, errDistance error
	search.lat, errLat = strconv.ParseFloat(lat, 64)
	search.lng, errLng = strconv.ParseFloat(lng, 64)
	search.near, search.distanceKM = true, math.Inf(1)
	if distance != "" {
		search.distanceKM, errDistance = strconv.ParseFloat(distance, 64)
	}
	switch {
	case errLat != nil || errLng != nil:
		return malformed("origin must be a latitude and a longitude with a comma between them")
	case errDistance != nil || search.distanceKM < 0:
		return malformed("distance must be a number of kilometres")
	}
	return nil
}

func (search merchantSearch) fits(m Merchant) bool {
	taken := func(t api.AssetType) bool { return string(t) == search.asset }
	configs := m.eachConfig()
	return strings.Contains(strings.ToLower(m.Name), search.name) &&
		(search.account == "" || search.account == m.AccountID) &&
		(search.category == "" || search.category == m.CategoryCode) &&
		(search.test == "" || search.test == strconv.FormatBool(m.liveness() == api.LivenessTest)) &&
		(search.loyalty == "" || search.loyalty == strconv.FormatBool(len(m.LoyaltyPrograms) > 0)) &&
		(search.asset == "" || slices.ContainsFunc(configs, func(c Merchant) bool {
			return slices.ContainsFunc(c.AssetTypes, taken) && (search.product == "" || !sellsCollections(search.asset) || c.takes(search.product))
		})) &&
		(!search.near || m.within(search.lat, search.lng, search.distanceKM))
}

// sellsCollections tells whether the products of an asset type are token
// collections; those of other types are not known here.
func sellsCollections(asset string) bool {
	base := api.AssetType(asset).Base()
	return base == "centrapay.token" || base == "centrapay.ledger"
}

// within tells whether a merchant is at most so far from a point on the globe.
func (m Merchant) within(lat, lng, distanceKM float64) bool {
	if m.Location == nil {
		return false
	}
	hereLat, errLat := strconv.ParseFloat(m.Location.Lat.String(), 64)
	hereLng, errLng := strconv.ParseFloat(m.Location.Lng.String(), 64)
	if errLat != nil || errLng != nil {
		return false
	}
	const earthRadiusKM, degree = 6371, math.Pi / 180
	across, along := (hereLat-lat)*degree/2, (hereLng-lng)*degree/2
	h := math.Pow(math.Sin(across), 2) + math.Cos(lat*degree)*math.Cos(hereLat*degree)*math.Pow(math.Sin(along), 2)
	return 2*earthRadiusKM*math.Asin(math.Sqrt(min(1, math.Abs(h)))) <= distanceKM
}

func foundMerchant(m Merchant) api.FoundMerchant {
	out := api.FoundMerchant{
		ID: m.ID, AccountID: m.AccountID, Name: m.Name, Location: m.Location, CategoryCode: api.Text(m.CategoryCode),
	}
	seen := map[api.AssetType]bool{}
	for _, config := range m.eachConfig() {
		for _, t := range config.AssetTypes {
			if seen[t] {
				continue
			}
			seen[t] = true
			accepted := api.AcceptedAsset{AssetType: t}
			if t.IsToken() {
				for _, c := range config.Collections {
					accepted.Products = append(accepted.Products, api.AcceptedProduct{ID: c.ID})
				}
			}
			out.AcceptedAssets = append(out.AcceptedAssets, accepted)
		}
	}
	for _, id := range m.LoyaltyPrograms {
		out.LoyaltyPrograms = append(out.LoyaltyPrograms, api.LoyaltyProgram{ID: id})
	}
	return out
}

func merchantRoutes() []route {
	const all, one = "/api/merchants", "/api/merchants/{id}"
	return []route{
		{name: EndpointMerchants, method: http.MethodGet, path: all, handle: handleMerchants},
		{name: EndpointMerchantSearch, method: http.MethodGet, path: all + "/search", open: true, handle: handleMerchantSearch},
		{name: EndpointMerchant, method: http.MethodGet, path: one, handle: handleMerchant},
		{name: EndpointAccountMerchants, method: http.MethodGet, path: "/api/accounts/{account}/merchants", handle: handleMerchants},
		{name: EndpointConfig, method: http.MethodGet, path: "/api/merchant-configs/{config}", handle: handleConfig},
		{name: EndpointConfigs, method: http.MethodGet, path: one + "/configs", handle: handleConfigs},
		{name: EndpointConfig, method: http.MethodGet, path: one + "/configs/{config}", handle: handleConfig},
		{name: EndpointSettlements, method: http.MethodGet, path: one + "/settlements", handle: handleSettlements},
	}
}
