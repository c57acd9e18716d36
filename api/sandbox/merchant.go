package sandbox

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"centrapos/api"
)

// The demonstration merchant, as [Demo] returns it. Its key is printed here for
// everybody: it opens nothing but a sandbox.
const (
	DemoAPIKey            = "sandbox-merchant-terminal-key"
	DemoMerchantID        = "sandboxMerchantCafe"
	DemoMerchantAccountID = "sandboxAccountCafe"
	DemoConfigID          = "mc_sandboxConfigCafe"
	DemoMerchantName      = "Centrapay Café"
	// DemoOwnerKey is an account-owner key of the demonstration merchant's account,
	// and DemoPatronKey one of the first customer's.
	DemoOwnerKey  = "sandbox-account-owner-key"
	DemoPatronKey = "sandbox-patron-owner-key"
	// DemoTokenConfigID is the second config of the demonstration merchant: it takes
	// Centrapay money and the tokens of DemoCollectionID, each worth a line with the
	// SKU DemoTokenSKU.
	DemoTokenConfigID = "mc_sandboxConfigTokens"
	DemoCollectionID  = "c_sandboxCoffees"
	DemoTokenSKU      = "COFFEE"
	// DemoBankAccountID is where the demonstration merchant is settled to.
	DemoBankAccountID = "sandboxBankAccountCafe"
)

// Merchant is a business that takes payment, with its merchant config.
// Source: Centrapay docs, merchants and merchant configs.
type Merchant struct {
	ID   string
	Name string
	// AccountID and AccountName are the org account that owns the merchant.
	AccountID   string
	AccountName string
	// ConfigID is asked for with and without its "mc_".
	ConfigID string
	// APIKey is a merchant-terminal key of the account; further keys are given
	// with WithKeys.
	APIKey string
	// TaxNumber is what some asset types require of the merchant.
	TaxNumber *api.TaxNumber
	// AssetTypes are the payment options of the config, all of one liveness.
	AssetTypes []api.AssetType
	// AllowedRedirectURLs are the beginnings that redirect URLs may have.
	AllowedRedirectURLs []string
	// Collections are the token collections that the config takes.
	Collections []Collection
	// Blocked is a config that cannot be used: payments are refused with
	// INVALID_MERCHANT_CONFIG.
	Blocked bool
	// Configs are further configs, beside the one above.
	Configs []Config

	// Country is NZ when it is "". The rest may be empty, and is then not answered.
	Country         string
	Location        *api.Location
	CategoryCode    string
	LoyaltyPrograms []string
	// SettlementBankAccountID is where takings go; without it there are no
	// settlements.
	SettlementBankAccountID string
}

// Config is a further merchant config; its fields are those of Merchant.
type Config struct {
	ID                  string
	AssetTypes          []api.AssetType
	AllowedRedirectURLs []string
	Collections         []Collection
	Blocked             bool
}

// with is the merchant with another of its configs in the place of the first.
func (m Merchant) with(c Config) Merchant {
	m.ConfigID, m.AssetTypes, m.AllowedRedirectURLs = c.ID, c.AssetTypes, c.AllowedRedirectURLs
	m.Collections, m.Blocked = c.Collections, c.Blocked
	return m
}

// eachConfig is the merchant once with each of its configs.
func (m Merchant) eachConfig() []Merchant {
	all := []Merchant{m}
	for _, c := range m.Configs {
		all = append(all, m.with(c))
	}
	return all
}

// Collection is a token collection, with the products its tokens can buy.
type Collection struct {
	ID   string
	SKUs []string
}

// Demo returns the merchant that a sandbox has unless it is given others: a café
// with the asset types of the documented test merchant.
func Demo() Merchant {
	return Merchant{
		ID: DemoMerchantID, Name: DemoMerchantName,
		AccountID: DemoMerchantAccountID, AccountName: "Sandbox Merchant",
		ConfigID: DemoConfigID, APIKey: DemoAPIKey,
		TaxNumber: &api.TaxNumber{Value: "123-456-789", Type: "nz-gst"},
		AssetTypes: []api.AssetType{
			"centrapay.nzd.test", "cca.coke.test", "farmlands.nzd.test",
			"quartz.nzd.test", "uplinkapi.test", "epay.test",
		},
		Configs: []Config{{
			ID: DemoTokenConfigID, AssetTypes: []api.AssetType{"centrapay.nzd.test", "centrapay.token.test"},
			Collections: []Collection{{ID: DemoCollectionID, SKUs: []string{DemoTokenSKU}}},
		}},
		Location: &api.Location{
			Lat: "-36.8443", Lng: "174.7662", Street: "1 Queen Street", City: "Auckland", PostCode: "1010", Country: "NZ",
		},
		CategoryCode: "5814", SettlementBankAccountID: DemoBankAccountID,
	}
}

// demoKeys are the account-owner keys that every sandbox has beside those of its
// merchants.
func demoKeys() []Key {
	return []Key{
		{Secret: DemoOwnerKey, Name: "Owner", AccountID: DemoMerchantAccountID, AccountName: "Sandbox Merchant", Role: RoleAccountOwner},
		{Secret: DemoPatronKey, Name: "Patron", AccountID: demoPatronAccountID, AccountName: "Aroha", Role: RoleAccountOwner},
	}
}

// Connection links a customer's wallet to a merchant, for payment requests that
// name it.
type Connection struct {
	ID         string
	MerchantID string
	// CreatedByAccountID is the account whose key made it.
	CreatedByAccountID string
	Status             api.ConnectionStatus
	// WalletAccountID is the account that authorized it, "" when none did.
	WalletAccountID string
}

func (m Merchant) liveness() api.Liveness {
	if len(m.AssetTypes) == 0 {
		return api.LivenessTest
	}
	return m.AssetTypes[0].Liveness()
}

func (m Merchant) validate() error {
	for field, value := range map[string]string{
		"ID": m.ID, "Name": m.Name, "AccountID": m.AccountID, "ConfigID": m.ConfigID, "APIKey": m.APIKey,
	} {
		if value == "" {
			return fmt.Errorf("merchant %q has no %s", m.ID, field)
		}
	}
	for _, c := range m.eachConfig() {
		for _, a := range c.AssetTypes {
			if a.Liveness() == "" || a.Liveness() != c.liveness() {
				return fmt.Errorf("merchant %q: asset types %v are not of one liveness", m.ID, c.AssetTypes)
			}
		}
	}
	return nil
}

// directory is who there is: it does not change once the sandbox is made.
type directory struct {
	merchants    []Merchant
	keys         []Key
	customers    []Customer
	connections  []Connection
	users        []User
	loginClients []LoginClient

	// byKey finds keys by the SHA-256 sum of their secret: how long that takes tells
	// nothing of a secret.
	byKey map[[sha256.Size]byte]Key
	// byConfig finds merchants by their config ids, without mc_; byWallet who holds a
	// wallet.
	byConfig map[string]Merchant
	byWallet map[string]held
}

// held is a wallet and the customer who holds it.
type held struct {
	wallet Wallet
	holder Customer
}

func newDirectory(s settings) (*directory, error) {
	d := &directory{
		merchants: s.merchants, keys: slices.Clone(s.keys),
		customers: s.customers, connections: s.connections,
		users: s.users, loginClients: append([]LoginClient{{ID: DemoClientID}}, s.loginClients...),
		byKey: map[[sha256.Size]byte]Key{}, byConfig: map[string]Merchant{}, byWallet: map[string]held{},
	}
	if d.users == nil {
		d.users = usersOf(d.merchants)
	}
	seen := map[string]string{}
	once := func(kind, id string) error {
		if id == "" || seen[kind+id] != "" {
			return fmt.Errorf("%s %q is empty or given twice", kind, id)
		}
		seen[kind+id] = id
		return nil
	}
	for _, m := range d.merchants {
		if err := m.validate(); err != nil {
			return nil, err
		}
		for _, c := range m.eachConfig() {
			if err := once("merchant config", strings.TrimPrefix(c.ConfigID, "mc_")); err != nil {
				return nil, err
			}
			d.byConfig[strings.TrimPrefix(c.ConfigID, "mc_")] = c
		}
		d.keys = append(d.keys, Key{
			Secret: m.APIKey, Name: "Till", AccountID: m.AccountID, AccountName: m.AccountName, Role: RoleMerchantTerminal,
		})
	}
	for _, k := range d.keys {
		if once("API key", k.Secret) != nil {
			return nil, fmt.Errorf("API key %q of account %q is empty or given twice", k.Name, k.AccountID)
		}
		if !k.Role.known() {
			return nil, fmt.Errorf("API key %q has the unknown role %q", k.Name, k.Role)
		}
		d.byKey[sha256.Sum256([]byte(k.Secret))] = k
	}
	for _, c := range d.customers {
		for _, w := range c.Wallets {
			if err := once("wallet", w.ID); err != nil {
				return nil, err
			}
			d.byWallet[w.ID] = held{w, c}
		}
	}
	return d, nil
}

func (d *directory) key(secret string) (Key, bool) {
	k, ok := d.byKey[sha256.Sum256([]byte(secret))]
	return k, ok
}

func (d *directory) merchantByConfig(configID string) (Merchant, bool) {
	m, ok := d.byConfig[strings.TrimPrefix(configID, "mc_")]
	return m, ok
}

func (d *directory) merchant(id string) (Merchant, bool) {
	i := slices.IndexFunc(d.merchants, func(m Merchant) bool { return m.ID == id })
	if i < 0 {
		return Merchant{}, false
	}
	return d.merchants[i], true
}

func (d *directory) connection(id string) (Connection, bool) {
	for _, c := range d.connections {
		if c.ID == id {
			return c, true
		}
	}
	return Connection{}, false
}

func (d *directory) customerByBarcode(barcode string) (Customer, bool) {
	for _, c := range d.customers {
		if c.Barcode != "" && c.Barcode == barcode {
			return c, true
		}
	}
	return Customer{}, false
}

// customerByAccount returns the customer whose account it is.
func (d *directory) customerByAccount(accountID string) (Customer, bool) {
	i := slices.IndexFunc(d.customers, func(c Customer) bool { return accountID != "" && c.AccountID == accountID })
	if i < 0 {
		return Customer{}, false
	}
	return d.customers[i], true
}

// wallet returns the wallet with an id and the customer who holds it.
func (d *directory) wallet(id string) (Wallet, Customer, bool) {
	h, ok := d.byWallet[id]
	return h.wallet, h.holder, ok
}

func (d *directory) knowsAccount(accountID string) bool {
	return slices.ContainsFunc(d.merchants, func(m Merchant) bool { return m.AccountID == accountID })
}
