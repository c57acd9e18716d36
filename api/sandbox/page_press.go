package sandbox

import (
	"crypto/rand"
	"net/http"
	"net/url"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// pressed does what a button of the pay page says.
func (s *Service) pressed(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return unreadableBody(err)
	}
	return s.with(r.PathValue("id"), func(t *tx, p *request) error {
		return t.press(p, r.PostForm, r.URL.Query())
	})
}

func (t *tx) press(r *request, form, query url.Values) error {
	by := t.svc.customerFor(r)
	if payers := t.svc.payers(r); len(payers) > 0 {
		by = payers[payerIndex(query, len(payers))]
	}
	switch do := form.Get("do"); do {
	case "pay", "part", "token":
		return t.payByForm(r, by, form)
	case "cancel":
		if r.Status == api.StatusCancelled {
			return nil // pressed twice
		}
		if err := r.final(); err != nil {
			return err
		}
		r.cancel(t.now, by.crn(), api.CancelledByPatron)
		t.change(r)
		return nil
	case "accept", "decline":
		_, err := t.decide(r, decision{
			condition: api.Text(form.Get("condition")), accept: do == "accept", byPatron: true, by: by.crn(), at: t.now,
		})
		return err
	default:
		return malformed("the form has no such button")
	}
}

// payByForm pays what the form says, if that is still what the customer saw. A
// form that is sent again pays nothing more.
func (t *tx) payByForm(r *request, by Customer, form url.Values) error {
	key := "page-" + form.Get("once")
	if form.Get("once") == "" {
		key += rand.Text()
	}
	if _, sent := r.paymentByKey(key); sent {
		return nil
	}
	if err := r.final(); err != nil {
		return err
	}
	wallet, ok := t.walletOnPage(r, by, form.Get("wallet"))
	if !ok {
		return notice("Choose what to pay with. Nothing was charged.")
	}
	if left := form.Get("left"); left != "" && left != r.remaining().String() {
		return notice("What is left to pay has changed to " + money(r.remaining(), r.Asked.Value.Currency) + ". Nothing was charged. Look again, then pay.")
	}
	body := api.PayPaymentRequest{AssetType: wallet.AssetType, AssetID: wallet.ID, IdempotencyKey: key}
	switch form.Get("do") {
	case "token":
		body.Mode = api.PayModeMultiAsset
	case "part":
		part, err := partOf(r, form)
		if err != nil {
			return err
		}
		body.Amount, body.Mode = api.NewBigNumber(part), api.PayModeMultiAsset
		if form.Get("rest") == "counter" {
			body.Mode = api.PayModePartial
		}
	}
	_, err := t.pay(r, payOrder{body: body, by: by.crn(), at: t.now})
	return err
}

// walletOnPage is a wallet that the payer chose: one of the payer's own, and if the
// form names none the first one that fits.
func (t *tx) walletOnPage(r *request, by Customer, id string) (Wallet, bool) {
	if id == "" {
		return by.walletFor(r.Options)
	}
	for _, w := range by.Wallets {
		if w.ID == id && (by.BoundWallet == "" || by.BoundWallet == id) {
			return w, true
		}
	}
	return Wallet{}, false
}

// partOf is the part that the customer typed.
func partOf(r *request, form url.Values) (decimal.Decimal, error) {
	most := money(r.remaining(), r.Asked.Value.Currency)
	part, ok := typedAmount(form.Get("amount"))
	switch {
	case !ok || !part.IsPositive():
		return part, notice("Type an amount in dollars and cents, such as 12.50. Nothing was charged.")
	case part.GreaterThan(r.remaining()):
		return part, notice("That is more than the " + most + " that is left. Nothing was charged.")
	}
	return part, nil
}
