package sandbox

import (
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// defaultExpiry is how long a request lives that does not say.
const defaultExpiry = 120

// createBody is the body of a create call; it tells an expiry of 0 from none.
type createBody struct {
	api.CreatePaymentRequest
	ExpirySeconds *api.Int `json:"expirySeconds"`
}

// create makes a payment request, or says why not. Source: Centrapay docs,
// payment requests, "Create a Payment Request".
func (t *tx) create(key Key, body createBody) (*request, error) {
	asked := body.CreatePaymentRequest
	asked.ExpirySeconds = defaultExpiry
	if body.ExpirySeconds != nil {
		asked.ExpirySeconds = *body.ExpirySeconds
	}
	if err := validateCreate(asked); err != nil {
		return nil, err
	}
	asked.Value.Amount = api.NewBigNumber(asked.Value.Amount.Decimal())
	if asked.BasketAmount.IsSet() {
		asked.BasketAmount = api.NewBigNumber(asked.BasketAmount.Decimal())
	}
	merchant, ok := t.svc.dir.merchantByConfig(asked.ConfigID)
	if !ok || !key.may(mayCreate, merchant.AccountID) {
		return nil, forbidden()
	}
	if !allowedRedirect(merchant, asked.RedirectURL) || !allowedRedirect(merchant, asked.RedirectPaidURL) ||
		!allowedRedirect(merchant, asked.RedirectCancelURL) {
		return nil, denied(api.CodeRedirectURLInvalid)
	}
	connection, err := t.connectionOf(asked.ConnectionID, merchant, key)
	if err != nil {
		return nil, err
	}
	if asked.CollectionID != "" && !merchant.takes(asked.CollectionID) {
		return nil, denied(api.CodeTokenCollectionNotFound)
	}
	customer, codeExpiresAt, err := t.customerOf(asked.Barcode.String(), asked.BarcodeType)
	if err != nil {
		return nil, err
	}
	options, err := offer(merchant, asked, customer)
	if err != nil {
		return nil, err
	}
	r := t.newRequest(asked, merchant, key)
	r.Options, r.ConnectionStatus = options, connection.Status
	r.Barcode, r.PatronCodeID, r.Scenario = customer.Barcode, customer.PatronCodeID, customer.Scenario
	r.PatronAccountID, r.BoundWallet, r.CodeExpiresAt = customer.AccountID, customer.BoundWallet, codeExpiresAt
	r.QuickPay = customer.quickPays()
	if after, automatic := t.svc.patron.automatic(); automatic && !r.QuickPay {
		r.VisitAt = t.now.Add(after)
	}
	kind := api.ActivityRequest
	if asked.PreAuth {
		kind = api.ActivityPreAuthRequest
	}
	r.record(t.now, r.CreatedBy, api.PaymentActivity{Type: kind})
	t.change(r)
	return r, nil
}

func (t *tx) newRequest(asked api.CreatePaymentRequest, m Merchant, key Key) *request {
	if asked.CreatedByAccountName == "" {
		asked.CreatedByAccountName = key.AccountName
	}
	id, code := t.mint()
	return &request{
		ID: id, ShortCode: code, Asked: asked,
		MerchantID: m.ID, MerchantName: m.Name, MerchantAccountID: m.AccountID,
		TaxNumber: m.TaxNumber, Liveness: m.liveness(),
		CreatedBy: key.crn(), CreatedByAccount: key.AccountID,
		CreatedAt: t.now, UpdatedAt: t.now,
		ExpiresAt: t.now.Add(time.Duration(asked.ExpirySeconds) * time.Second),
		Status:    api.StatusNew,
	}
}

// offer are the payment options of a request for a customer, nobody for a QR
// code. A test scenario needs the Centrapay test wallet among them.
func offer(m Merchant, asked api.CreatePaymentRequest, customer Customer) ([]api.PaymentOption, error) {
	wallet, _ := customer.bound()
	options := optionsFor(m, asked, wallet.AssetType)
	scenarioFits := customer.Scenario == ""
	for _, o := range options {
		scenarioFits = scenarioFits || o.AssetType == "centrapay.nzd.test"
	}
	if len(options) == 0 || !scenarioFits {
		return nil, denied(api.CodeNoAvailablePaymentOptions)
	}
	return options, nil
}

func (c Customer) quickPays() bool {
	w, bound := c.bound()
	if !bound {
		return false
	}
	kind, ok := assetOf(w.AssetType)
	return ok && kind.quickPay
}

func (t *tx) connectionOf(id string, m Merchant, key Key) (connection, error) {
	if id == "" {
		return connection{}, nil
	}
	c, ok := t.connection(id)
	switch {
	case !ok:
		return connection{}, denied(api.CodeConnectionNotFound)
	case c.MerchantID != m.ID:
		return connection{}, denied(api.CodeConnectionMerchantMismatch)
	case c.CreatedByAccountID != key.AccountID:
		return connection{}, denied(api.CodeConnectionCreatedByMismatch)
	}
	return c, nil
}

func (m Merchant) takes(collectionID string) bool {
	for _, c := range m.Collections {
		if c.ID == collectionID {
			return true
		}
	}
	return false
}

// sumOf is what the prices of line items come to.
func sumOf(lines []api.LineItem) decimal.Decimal {
	sum := decimal.Zero
	for _, l := range lines {
		sum = sum.Add(l.Price.Decimal())
	}
	return sum
}
