package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"centrapos/api"
)

// connection links a customer's wallet to a merchant, for payment requests that
// name it.
type connection struct {
	ID                   string               `json:"id"`
	MerchantID           string               `json:"merchantId"`
	Status               api.ConnectionStatus `json:"status"`
	CreatedAt            time.Time            `json:"createdAt,omitzero"`
	CreatedBy            api.CRN              `json:"createdBy,omitempty"`
	CreatedByAccountID   string               `json:"createdByAccountId"`
	CreatedByAccountName string               `json:"createdByAccountName,omitempty"`
	WalletID             string               `json:"walletId,omitempty"`
	WalletName           string               `json:"walletName,omitempty"`
	// WalletAccountID is the account that authorized it.
	WalletAccountID string    `json:"walletAccountId,omitempty"`
	UpdatedAt       time.Time `json:"updatedAt,omitzero"`
	UpdatedBy       api.CRN   `json:"updatedBy,omitempty"`
}

func (s *Service) connectURL(id string) string {
	return strings.TrimSuffix(s.payBase, "/pay") + "/connect/" + id
}

// wireConnection is a connection as its calls answer it: without the merchant
// once it is authorized, as the docs print it.
func (s *Service) wireConnection(c connection) api.Connection {
	out := api.Connection{
		ID: c.ID, Status: c.Status, URL: s.connectURL(c.ID), MerchantID: c.MerchantID,
		CreatedBy: c.CreatedBy, CreatedByAccountName: c.CreatedByAccountName,
		WalletID: c.WalletID, WalletName: c.WalletName, UpdatedBy: c.UpdatedBy,
	}
	if !c.CreatedAt.IsZero() {
		out.CreatedAt = api.NewTimestamp(c.CreatedAt)
	}
	if !c.UpdatedAt.IsZero() {
		out.MerchantID, out.UpdatedAt = "", api.NewTimestamp(c.UpdatedAt)
	}
	return out
}

// connection finds a connection: one that was made or authorized by a call, or one
// of the sandbox's own.
func (t *tx) connection(id string) (connection, bool) {
	made := t.shop().Connections
	if i := slices.IndexFunc(made, func(c connection) bool { return c.ID == id }); i >= 0 {
		return made[i], true
	}
	c, ok := t.svc.dir.connection(id)
	return connection{
		ID: c.ID, MerchantID: c.MerchantID, Status: c.Status, CreatedByAccountID: c.CreatedByAccountID,
		WalletAccountID: c.WalletAccountID,
	}, ok
}

func (t *tx) keepConnection(c connection) {
	shop := t.changeShop()
	i := slices.IndexFunc(shop.Connections, func(old connection) bool { return old.ID == c.ID })
	if i < 0 {
		shop.Connections = append(shop.Connections, c)
		return
	}
	shop.Connections[i] = c
}

// handleCreateConnection makes a connection of a merchant, to be authorized by
// whoever scans its URL. Source: Centrapay docs, connections.
func handleCreateConnection(c *call) (any, error) {
	var body struct {
		MerchantID string `json:"merchantId"`
	}
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	if body.MerchantID == "" {
		return nil, required("merchantId")
	}
	merchant, ok := c.svc.dir.merchant(body.MerchantID)
	if !ok {
		return nil, forbidden()
	}
	var made connection
	err := c.svc.transact(func(t *tx) error {
		made = connection{
			ID: "cn_" + t.store.ids.requestID(), MerchantID: merchant.ID, Status: api.ConnectionCreated,
			CreatedAt: t.now, CreatedBy: c.key.crn(), CreatedByAccountID: c.key.AccountID, CreatedByAccountName: c.key.AccountName,
		}
		t.keepConnection(made)
		return nil
	})
	return c.svc.wireConnection(made), err
}

// handleAuthorizeConnection links a wallet of the caller to a connection.
func handleAuthorizeConnection(c *call) (any, error) {
	var body struct {
		WalletID string `json:"walletId"`
	}
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	if body.WalletID == "" {
		return nil, required("walletId")
	}
	wallet, holder, ok := c.svc.dir.wallet(body.WalletID)
	if !ok || !c.key.may(mayAuthorizeConnections, holder.AccountID) {
		return nil, forbidden()
	}
	var linked connection
	err := c.svc.transact(func(t *tx) (err error) {
		linked, err = t.authorize(c.http.PathValue("id"), wallet, holder.AccountID, c.key.crn())
		return err
	})
	return c.svc.wireConnection(linked), err
}

// authorize links a wallet to a connection. Doing so again changes nothing; the
// docs do not say that another wallet can take its place, so here it cannot.
func (t *tx) authorize(id string, w Wallet, accountID string, by api.CRN) (connection, error) {
	c, ok := t.connection(id)
	switch {
	case !ok || c.WalletAccountID != "" && c.WalletAccountID != accountID:
		return connection{}, forbidden()
	case c.WalletID == w.ID:
		return c, nil
	case c.WalletID != "":
		return connection{}, forbidden()
	}
	c.Status, c.WalletID, c.WalletName, c.WalletAccountID = api.ConnectionAuthorized, w.ID, w.name(), accountID
	c.UpdatedAt, c.UpdatedBy = t.now, by
	t.keepConnection(c)
	for _, requestID := range t.store.byConnection[id] {
		if r, ok := t.find(requestID); ok {
			r.ConnectionStatus = c.Status
			t.change(r)
		}
	}
	return c, nil
}

// AuthorizeConnection links a wallet to a connection as its customer would:
// the first customer's first wallet that pays, when walletID is "". The error is a
// *Refusal.
func (s *Service) AuthorizeConnection(id, walletID string) (api.Connection, error) {
	var linked connection
	err := s.transact(func(t *tx) (err error) {
		wallet, holder, ok := s.dir.wallet(walletID)
		if walletID == "" {
			wallet, holder, ok = s.dir.firstWallet()
		}
		if !ok {
			return forbidden()
		}
		linked, err = t.authorize(id, wallet, holder.AccountID, holder.crn())
		return err
	})
	return s.wireConnection(linked), err
}

// firstWallet is the first customer's first wallet that pays.
func (d *directory) firstWallet() (Wallet, Customer, bool) {
	if len(d.customers) == 0 {
		return Wallet{}, Customer{}, false
	}
	first := d.customers[0]
	i := slices.IndexFunc(first.Wallets, func(w Wallet) bool { return !w.awkward() })
	if i < 0 {
		return Wallet{}, Customer{}, false
	}
	return first.Wallets[i], first, true
}

func (s *Service) authorizeAsCustomer(r *http.Request) (any, error) {
	var body struct {
		WalletID string `json:"walletId"`
	}
	if err := decodeOptional(r, &body); err != nil {
		return nil, err
	}
	return s.AuthorizeConnection(r.PathValue("connection"), body.WalletID)
}

// handleConnectionSummary is what anybody who has the link may know.
func handleConnectionSummary(c *call) (any, error) {
	var answer api.Connection
	err := c.svc.transact(func(t *tx) error {
		found, ok := t.connection(c.http.PathValue("id"))
		if !ok {
			return forbidden()
		}
		whole := c.svc.wireConnection(found)
		answer = api.Connection{
			ID: whole.ID, Status: whole.Status, URL: whole.URL, MerchantID: found.MerchantID,
			CreatedByAccountName: whole.CreatedByAccountName, CreatedAt: whole.CreatedAt,
		}
		return nil
	})
	return answer, err
}

// handleByConnection finds the newest request of a connection, for the account
// that authorized it alone. Source: Centrapay docs, payment requests, "Get a
// Payment Request by Connection".
func handleByConnection(c *call) (any, error) {
	id := c.http.PathValue("id")
	return c.request(func(t *tx) (*request, error) {
		found, ok := t.connection(id)
		all := t.store.byConnection[id]
		if !ok || found.WalletAccountID == "" || found.WalletAccountID != c.key.AccountID || len(all) == 0 {
			return nil, forbidden()
		}
		return t.open(all[len(all)-1], c.key, mayRead)
	}, c.svc.wire)
}

func connectionRoutes() []route {
	const all, one = "/api/connections", "/api/connections/{id}"
	return []route{
		{name: EndpointConnectionCreate, method: http.MethodPost, path: all, handle: handleCreateConnection},
		{name: EndpointConnectAuthorize, method: http.MethodPost, path: one + "/authorize", handle: handleAuthorizeConnection},
		{name: EndpointConnectionSummary, method: http.MethodGet, path: one + "/summary", open: true, handle: handleConnectionSummary},
		{name: EndpointByConnection, method: http.MethodGet, path: one + "/latest-payment-request", handle: handleByConnection},
	}
}
