package api

import (
	"context"
	"errors"
	"net/http"
)

// ConnectionsClient makes the calls about connections, which link a patron's
// wallet to a sales channel. The documents name no errors of these calls. Source:
// Centrapay docs, connections.
type ConnectionsClient struct{ c *Client }

// CreateConnection is the body of a new connection. MerchantID is required.
// Source: Centrapay docs, connections, "Create Connection".
type CreateConnection struct {
	// MerchantID is the merchant that will make payment requests with it; those of
	// another are refused with CONNECTION_MERCHANT_MISMATCH.
	MerchantID string `json:"merchantId"`
}

// AuthorizeConnection is the body by which a wallet joins a connection. WalletID
// is required. Source: Centrapay docs, connections, "Authorize Connection".
type AuthorizeConnection struct {
	// WalletID is a wallet of the caller's account.
	WalletID string `json:"walletId"`
}

// Create makes a new connection, to be shown to a patron as a QR code of its
// URL. It has no key: it is attempted again only when nothing was sent, and a
// connection that was made unnoticed is authorized by nobody. The documents call
// it experimental.
func (n *ConnectionsClient) Create(ctx context.Context, body CreateConnection, opts ...CallOption) (*Connection, Meta, error) {
	k, err := newCall(http.MethodPost, body, "api", "connections")
	if err != nil {
		return nil, Meta{}, err
	}
	if body.MerchantID == "" {
		return nil, Meta{}, k.reject(invalid("merchantId", CodeInvalidRequest, "it is required"))
	}
	return invoke(ctx, n.c, k, func(r *Connection) error {
		if r.URL == "" {
			return errors.New("it has no url")
		}
		return connectionOf(r.ID)(r)
	}, opts)
}

// Authorize joins a wallet to a connection, on behalf of the wallet's owner. It
// is attempted again only when nothing was sent. The documents call it
// experimental.
func (n *ConnectionsClient) Authorize(ctx context.Context, id string, body AuthorizeConnection, opts ...CallOption) (*Connection, Meta, error) {
	k, err := newCall(http.MethodPost, body, "api", "connections", id, "authorize")
	if err != nil {
		return nil, Meta{}, err
	}
	if body.WalletID == "" {
		return nil, Meta{}, k.reject(invalid("walletId", CodeInvalidRequest, "it is required"))
	}
	return invoke(ctx, n.c, k, connectionOf(id), opts)
}

// Summary returns what anybody may know of a connection; polling it tells when
// it is authorized. It goes out without a credential, which it does not need.
func (n *ConnectionsClient) Summary(ctx context.Context, id string, opts ...CallOption) (*Connection, Meta, error) {
	k, err := newCall(http.MethodGet, nil, "api", "connections", id, "summary")
	if err != nil {
		return nil, Meta{}, err
	}
	k.anonymous = true
	return invoke(ctx, n.c, k, connectionOf(id), opts)
}
