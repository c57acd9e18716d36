package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"
)

// ScannedCodesClient makes the calls about codes that a till has scanned.
// Source: Centrapay docs, scanned codes.
type ScannedCodesClient struct{ c *Client }

// ScannedBy says whose device scanned a code.
type ScannedBy string

// ScannedByMerchant is the one documented value.
const ScannedByMerchant ScannedBy = "merchant"

// Provider names who issued a scanned code. Providers are added; show those not
// known here by the DisplayName of the scanned code.
type Provider string

// The documented providers.
const (
	ProviderCentrapay Provider = "centrapay"
	ProviderFarmlands Provider = "farmlands"
	ProviderPayPal    Provider = "paypal"
	ProviderVenmo     Provider = "venmo"
)

// DecodeScannedCode is the body that asks what a scanned code is. Code and
// MerchantConfigID are required. Source: Centrapay docs, scanned codes, "Decode".
type DecodeScannedCode struct {
	// Code is the text of what was scanned.
	Code Text `json:"code"`
	// ScannedBy is ScannedByMerchant when it is empty.
	ScannedBy ScannedBy `json:"scannedBy"`
	// MerchantConfigID is the config with which the code would be charged.
	MerchantConfigID string `json:"merchantConfigId"`
}

// ScannedCode is what the service says of a scanned code. Source: Centrapay
// docs, scanned codes, "Scanned Code".
type ScannedCode struct {
	// Code, ScannedBy and MerchantConfigID repeat what was asked.
	Code             Text      `json:"code,omitempty"`
	ScannedBy        ScannedBy `json:"scannedBy,omitempty"`
	MerchantConfigID string    `json:"merchantConfigId,omitempty"`
	// Provider decides which discounts can be applied before the charge.
	Provider Provider `json:"provider"`
	// DisplayName is the text to show to staff, such as "Farmlands Card".
	DisplayName string `json:"displayName,omitempty"`
}

// Decode asks what a scanned code is, so that a provider's discounts can be
// applied before a payment request is made from it. It creates nothing, so that
// the caller may repeat it; by itself it is attempted again only when nothing
// was sent. Errors of the service: UNKNOWN_CODE, MERCHANT_CONFIG_NOT_FOUND and
// INVALID_MERCHANT_CONFIG.
func (s *ScannedCodesClient) Decode(ctx context.Context, body DecodeScannedCode, opts ...CallOption) (*ScannedCode, Meta, error) {
	if body.ScannedBy == "" {
		body.ScannedBy = ScannedByMerchant
	}
	k, err := newCall(http.MethodPost, body, "api", "decode")
	if err != nil {
		return nil, Meta{}, err
	}
	if invalid := body.validate(); invalid != nil {
		return nil, Meta{}, k.reject(invalid)
	}
	return invoke(ctx, s.c, k, func(r *ScannedCode) error {
		switch {
		case r.Code != "" && !sameCode(string(body.Code), string(r.Code)):
			return fmt.Errorf("it is about code %q", clip(string(r.Code)))
		case r.Provider == "":
			return errors.New("it has no provider")
		}
		return nil
	}, opts)
}

func (b DecodeScannedCode) validate() *ValidationError {
	switch {
	case strings.TrimSpace(string(b.Code)) == "":
		return invalid("code", CodeInvalidRequest, "it is required")
	case !utf8.ValidString(string(b.Code)):
		return invalid("code", CodeInvalidRequest, "it is not UTF-8 text")
	case b.MerchantConfigID == "":
		return invalid("merchantConfigId", CodeConfigMissing, "it is required")
	}
	return nil
}
