package sandbox

import (
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
)

// Merchant is a business that takes payment, with its one merchant config.
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
	for _, a := range m.AssetTypes {
		if a.Liveness() == "" || a.Liveness() != m.liveness() {
			return fmt.Errorf("merchant %q: asset types %v are not of one liveness", m.ID, m.AssetTypes)
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
}

func newDirectory(s settings) (*directory, error) {
	d := &directory{
		merchants: s.merchants, keys: slices.Clone(s.keys),
		customers: s.customers, connections: s.connections,
		users: s.users, loginClients: append([]LoginClient{{ID: DemoClientID}}, s.loginClients...),
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
		if err := once("merchant config", strings.TrimPrefix(m.ConfigID, "mc_")); err != nil {
			return nil, err
		}
		d.keys = append(d.keys, Key{
			Secret: m.APIKey, Name: "Till", AccountID: m.AccountID, AccountName: m.AccountName, Role: RoleMerchantTerminal,
		})
	}
	for _, k := range d.keys {
		if once("API key", k.Secret) != nil {
			return nil, fmt.Errorf("API key %q of account %q is empty or given twice", k.Name, k.AccountID)
		}
		if permissionsOf(k.Role) == nil {
			return nil, fmt.Errorf("API key %q has the unknown role %q", k.Name, k.Role)
		}
	}
	for _, c := range d.customers {
		for _, w := range c.Wallets {
			if err := once("wallet", w.ID); err != nil {
				return nil, err
			}
		}
	}
	return d, nil
}

func (d *directory) key(secret string) (Key, bool) {
	for _, k := range d.keys {
		if sameSecret(k.Secret, secret) {
			return k, true
		}
	}
	return Key{}, false
}

func (d *directory) merchantByConfig(configID string) (Merchant, bool) {
	bare := strings.TrimPrefix(configID, "mc_")
	for _, m := range d.merchants {
		if strings.TrimPrefix(m.ConfigID, "mc_") == bare {
			return m, true
		}
	}
	return Merchant{}, false
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

// wallet returns the wallet with an id and the customer who holds it.
func (d *directory) wallet(id string) (Wallet, Customer, bool) {
	for _, c := range d.customers {
		for _, w := range c.Wallets {
			if w.ID == id {
				return w, c, true
			}
		}
	}
	return Wallet{}, Customer{}, false
}

func (d *directory) knowsAccount(accountID string) bool {
	return slices.ContainsFunc(d.merchants, func(m Merchant) bool { return m.AccountID == accountID })
}
