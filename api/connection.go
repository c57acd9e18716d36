package api

import (
	"errors"
	"fmt"
)

// Connection links a patron's wallet to a sales channel, so that a payment
// request can be sent to the wallet without a code. Source: Centrapay docs,
// connections, "Connection".
type Connection struct {
	// ID is the connectionId to create payment requests with.
	ID string `json:"id"`
	// Status is created until a wallet authorizes the connection.
	Status ConnectionStatus `json:"status"`
	// URL is what to show as a QR code to the patron, who opens and authorizes it.
	URL string `json:"url,omitempty"`
	// MerchantID is absent from the answer to Authorize.
	MerchantID string `json:"merchantId,omitempty"`
	// CreatedAt, CreatedBy and CreatedByAccountName are when and by whom it was
	// made.
	CreatedAt            Timestamp `json:"createdAt,omitzero"`
	CreatedBy            CRN       `json:"createdBy,omitempty"`
	CreatedByAccountName string    `json:"createdByAccountName,omitempty"`
	// WalletID and WalletName are given once a wallet has authorized it.
	WalletID   string `json:"walletId,omitempty"`
	WalletName string `json:"walletName,omitempty"`
	// UpdatedAt and UpdatedBy are when and by whom it was last changed.
	UpdatedAt Timestamp `json:"updatedAt,omitzero"`
	UpdatedBy CRN       `json:"updatedBy,omitempty"`
}

// connectionOf checks that an answer is a connection, and not another than the
// one asked about.
func connectionOf(id string) func(*Connection) error {
	return func(r *Connection) error {
		switch {
		case r.ID == "":
			return errors.New("it has no id")
		case r.ID != id:
			return fmt.Errorf("it is about connection %q", clip(r.ID))
		case r.Status == "":
			return errors.New("it has no status")
		}
		return nil
	}
}
