package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// MerchantConfig says how a merchant can be paid. Its id is the configId of a
// payment request. Source: Centrapay docs, merchant configs, "Merchant Config";
// ID and MerchantID stand in the examples only.
type MerchantConfig struct {
	// ID occurs with and without its prefix mc_ for the same config.
	ID string `json:"id,omitempty"`
	// MerchantID is the merchant that the config belongs to.
	MerchantID string `json:"merchantId,omitempty"`
	// PaymentOptions are all of one liveness.
	PaymentOptions []PaymentOptionConfig `json:"paymentOptions"`
	// AllowedRedirectURLs are the beginnings that the redirect URLs of payment
	// requests may have.
	AllowedRedirectURLs []string `json:"allowedRedirectUrls,omitzero"`
	// CreatedAt, CreatedBy, UpdatedAt and UpdatedBy are when and by whom the
	// config was made and last changed.
	CreatedAt Timestamp `json:"createdAt,omitzero"`
	CreatedBy CRN       `json:"createdBy,omitempty"`
	UpdatedAt Timestamp `json:"updatedAt,omitzero"`
	UpdatedBy CRN       `json:"updatedBy,omitempty"`
}

// PaymentOptionConfig is one asset type that a config takes, with what its
// provider needs. Source: Centrapay docs, merchant configs, "Payment Option
// Config".
type PaymentOptionConfig struct {
	// Type is an asset type with its liveness.
	Type AssetType `json:"type"`
	// WalletID is the settlement wallet, for centrapay.nzd.
	WalletID string `json:"walletId,omitempty"`
	// PayPalMerchantAccountID and PayPalStoreID are for paypal and venmo.
	PayPalMerchantAccountID string `json:"paypalMerchantAccountId,omitempty"`
	PayPalStoreID           string `json:"paypalStoreId,omitempty"`
	// FarmlandsMerchantNumber is for farmlands.nzd.
	FarmlandsMerchantNumber Text `json:"farmlandsMerchantNumber,omitempty"`
	// ExternalMerchantID is for epay, quartz, payap-debit and other third parties.
	ExternalMerchantID Text `json:"externalMerchantId,omitempty"`
	// CollectionIDs are the token collections of centrapay.ledger.
	CollectionIDs CollectionIDs `json:"collectionIds,omitzero"`
}

// CollectionIDs are ids of token collections. The documents type them as one
// text and use them as a list; both are read, a list is written.
type CollectionIDs []string

// UnmarshalJSON reads a list of texts, or one text as a list of itself.
func (c *CollectionIDs) UnmarshalJSON(data []byte) error {
	if !bytes.HasPrefix(bytes.TrimSpace(data), []byte(`"`)) {
		if err := json.Unmarshal(data, (*[]string)(c)); err != nil {
			return fmt.Errorf("decode collection ids: %w", err)
		}
		return nil
	}
	id, err := scalarText(data)
	if err != nil {
		return fmt.Errorf("decode collection ids: %w", err)
	}
	*c = CollectionIDs{id}
	return nil
}

// Liveness tells whether payment requests with this config are of real or of
// test money, "" when its options do not agree or there are none.
func (c MerchantConfig) Liveness() Liveness {
	var live Liveness
	for i, o := range c.PaymentOptions {
		if l := o.Type.Liveness(); i == 0 {
			live = l
		} else if l != live {
			return ""
		}
	}
	return live
}

// Accepts reports whether the config takes an asset type, liveness included.
func (c MerchantConfig) Accepts(t AssetType) bool {
	return slices.ContainsFunc(c.PaymentOptions, func(o PaymentOptionConfig) bool { return o.Type == t })
}

// wholeMerchantConfig checks that an answer is a config: it lists what can be
// paid with, which may be nothing.
func wholeMerchantConfig(r *MerchantConfig) error {
	if r.PaymentOptions == nil {
		return errors.New("it has no paymentOptions")
	}
	for i, o := range r.PaymentOptions {
		if o.Type == "" {
			return fmt.Errorf("payment option %d has no type", i)
		}
	}
	return nil
}

// merchantConfigOf checks moreover that the config is the one asked for.
func merchantConfigOf(id string) func(*MerchantConfig) error {
	return func(r *MerchantConfig) error {
		const prefix = "mc_"
		if r.ID != "" && strings.TrimPrefix(r.ID, prefix) != strings.TrimPrefix(id, prefix) {
			return fmt.Errorf("it is about merchant config %q", clip(r.ID))
		}
		return wholeMerchantConfig(r)
	}
}
