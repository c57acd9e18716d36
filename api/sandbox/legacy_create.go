package sandbox

import (
	"strconv"
	"strings"

	"centrapos/api"
)

// legacyMaxExpiry bounds paymentExpirySeconds from above, in seconds.
const legacyMaxExpiry = 86400

// legacyCreate makes a payment request like any other. Source: Centrapay docs,
// legacy payment requests, "Create"; first publication, "requests.create".
func legacyCreate(t *tx, l legacyCall) (any, error) {
	expiry, err := l.validateCreate()
	if err != nil {
		return nil, err
	}
	merchant, err := t.legacyMerchant(l)
	if err != nil {
		return nil, err
	}
	p := l.params.Get
	asked := api.CreatePaymentRequest{
		ConfigID:    merchant.ConfigID,
		Value:       api.Monetary{Amount: api.BigNumber(p("amount")), Currency: p("asset")},
		ExternalRef: p("externalReference"), Barcode: api.Text(p("patronCode")),
		TerminalID: p("terminalId"), DeviceID: p("deviceId"),
	}
	r, err := t.create(l.keyFor(merchant.AccountID, merchant.AccountName), createBody{CreatePaymentRequest: asked, ExpirySeconds: expiry})
	if err != nil {
		return nil, err
	}
	r.Legacy = &legacyAsked{NotifyURL: p("notifyUrl"), Description: p("description")}
	if l.first {
		return t.svc.firstCreated(r), nil
	}
	return t.svc.legacyWire(r), nil
}

// validateCreate refuses parameters that are not as documented, with the codes of
// the table of 2020.
func (l legacyCall) validateCreate() (expiry *api.Int, err error) {
	p := l.params
	for name, code := range map[string]string{
		"clientId": "INVALID_CLIENT_ID", "patronCode": "INVALID_PATRON_CODE", "description": "INVALID_DESCRIPTION",
		"externalReference": "INVALID_REFERENCE", "notifyUrl": "INVALID_NOTIFY_URL",
	} {
		if p.Has(name) && p.Get(name) == "" {
			return nil, malformed("%s", code)
		}
	}
	amount := api.BigNumber(p.Get("amount"))
	asset := p.Get("asset")
	switch {
	case p.Get("merchantId") == "":
		return nil, malformed("INVALID_MERCHANT_ID")
	case !wholeAmount(amount) || validateAmount("amount", amount) != nil:
		return nil, malformed("%s", api.CodeInvalidAmount)
	case len(asset) != 3 || strings.Trim(asset, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "":
		return nil, malformed("INVALID_ASSET")
	case !p.Has("paymentExpirySeconds"):
		return nil, nil
	}
	seconds, err := strconv.Atoi(p.Get("paymentExpirySeconds"))
	if err != nil || seconds < 1 || seconds >= legacyMaxExpiry {
		return nil, malformed("INVALID_PAYMENT_EXPIRY_SECONDS")
	}
	given := api.Int(seconds)
	return &given, nil
}

// legacyMerchant finds the merchant of a call, with the config that clientId
// names; without one it is the merchant's first.
func (t *tx) legacyMerchant(l legacyCall) (Merchant, error) {
	merchant, ok := t.svc.dir.merchant(l.params.Get("merchantId"))
	if clientID := l.params.Get("clientId"); ok && clientID != "" {
		var config Merchant
		config, ok = t.svc.dir.merchantByConfig(clientID)
		if ok = ok && config.ID == merchant.ID; ok {
			merchant = config
			merchant.ConfigID = clientID // answered as it was asked for
		}
	}
	if !ok {
		return Merchant{}, denied(codeMerchantConfigurationNotFound)
	}
	return merchant, nil
}
