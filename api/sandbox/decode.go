package sandbox

import (
	"slices"

	"centrapos/api"
)

// handleDecode says what a scanned code is. It makes nothing. Source: Centrapay
// docs, scanned codes, "Decode".
func handleDecode(c *call) (any, error) {
	var body api.DecodeScannedCode
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	if err := validateDecode(body); err != nil {
		return nil, err
	}
	if !c.key.may(mayDecode, c.key.AccountID) {
		return nil, forbidden()
	}
	merchant, ok := c.svc.dir.merchantByConfig(body.MerchantConfigID)
	if !ok {
		return nil, denied(api.CodeMerchantConfigNotFound)
	}
	var holder Customer
	err := c.svc.transact(func(t *tx) (err error) {
		holder, _, err = t.customerOf(body.Code.String(), "")
		return err
	})
	if wallet, bound := holder.bound(); codeOf(err) != "" || bound && wallet.PayRefusal == api.CodeInactiveAsset {
		return nil, denied(api.CodeUnknownCode)
	}
	if err != nil {
		return nil, err
	}
	if !merchant.serves(holder) {
		return nil, denied(api.CodeInvalidMerchantConfig)
	}
	provider, name := holder.provider()
	return api.ScannedCode{
		Code: body.Code, ScannedBy: body.ScannedBy, MerchantConfigID: body.MerchantConfigID,
		Provider: provider, DisplayName: name,
	}, nil
}

func validateDecode(b api.DecodeScannedCode) error {
	switch {
	case b.Code == "":
		return required("code")
	case b.ScannedBy == "":
		return required("scannedBy")
	case b.ScannedBy != api.ScannedByMerchant:
		return malformed("scannedBy must be %s", api.ScannedByMerchant)
	case b.MerchantConfigID == "":
		return required("merchantConfigId")
	}
	return nil
}

// provider is who issued a customer's code, and what it is called.
func (c Customer) provider() (api.Provider, string) {
	wallet, _ := c.bound()
	switch wallet.AssetType.Base() {
	case "farmlands.nzd":
		return api.ProviderFarmlands, "Farmlands Card"
	case "paypal":
		return api.ProviderPayPal, "PayPal"
	case "venmo":
		return api.ProviderVenmo, "Venmo"
	default:
		return api.ProviderCentrapay, "Centrapay"
	}
}

// serves tells whether a merchant's config takes anything that a code can pay
// with.
func (m Merchant) serves(c Customer) bool {
	wallet, bound := c.bound()
	if bound {
		return slices.Contains(m.AssetTypes, wallet.AssetType)
	}
	return slices.ContainsFunc(c.Wallets, func(w Wallet) bool { return slices.Contains(m.AssetTypes, w.AssetType) })
}
