package sandbox

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// refund is money that a merchant gave back under a reference.
type refund struct {
	Ref    string          `json:"ref"`
	Amount decimal.Decimal `json:"amount"`
	// Activity is the number of the activity that records it.
	Activity int `json:"activity"`
}

// refundWindow ends the time for a refund, counted from the payment or the
// confirmation. The docs gave a month until 2022 and no figure since.
func refundWindow(paidAt time.Time) time.Time { return paidAt.AddDate(0, 1, 0) }

// refundSource is where a refund takes its money from.
type refundSource struct {
	parts []part
	since time.Time
	// confirmation is the index of the one that is refunded, -1 for none.
	confirmation int
	// given tells whether anything of it went back before.
	given bool
}

// refund gives money back, or says by a documented code why not. A repeat with
// the same reference and amount is answered with the first refund, whatever
// happened since. Source: Centrapay docs, payment requests, "Refund a Payment
// Request".
func (t *tx) refund(r *request, body api.RefundPaymentRequest, by api.CRN) (api.PaymentActivity, error) {
	amount := body.Value.Amount.Decimal()
	if body.Value.Currency != r.Asked.Value.Currency {
		return api.PaymentActivity{}, otherCurrency(r)
	}
	if i := slices.IndexFunc(r.Refunds, func(f refund) bool { return f.Ref == body.ExternalRef }); i >= 0 {
		if !r.Refunds[i].Amount.Equal(amount) {
			return api.PaymentActivity{}, denied(api.CodeRepeatReference)
		}
		return r.Activities[r.Refunds[i].Activity-1], nil
	}
	parts, from, err := t.refundable(r, body.ConfirmationIdempotencyKey, amount)
	if err != nil {
		return api.PaymentActivity{}, err
	}
	t.change(r)
	if from.confirmation >= 0 {
		c := &r.Confirmations[from.confirmation]
		c.Back = c.Back.Add(amount)
	}
	r.Refunds = append(r.Refunds, refund{Ref: body.ExternalRef, Amount: amount, Activity: len(r.Activities) + 1})
	activity := api.PaymentActivity{
		Type: api.ActivityRefund, InvoiceRef: body.InvoiceRef, LineItems: body.LineItems,
		ConfirmationIdempotencyKey: body.ConfirmationIdempotencyKey,
	}
	if activity.InvoiceRef == "" {
		activity.InvoiceRef = r.Asked.InvoiceRef
	}
	return r.giveBack(t.now, by, parts, activity), nil
}

// refundable is what a refund of an amount would give back, and of what; or why
// there can be none.
func (t *tx) refundable(r *request, confirmationKey string, amount decimal.Decimal) ([]part, refundSource, error) {
	from, err := r.refundSource(confirmationKey)
	if err != nil {
		return nil, from, err
	}
	left := total(from.parts)
	switch {
	case left.IsZero() && from.given:
		return nil, from, denied(api.CodeAlreadyRefunded)
	case t.now.After(refundWindow(from.since)):
		return nil, from, denied(api.CodeRefundWindowExceeded)
	case amount.GreaterThan(left):
		return nil, from, denied(api.CodeInvalidAmount)
	}
	parts := take(amount, from.parts)
	return parts, from, t.refundRefusal(r, parts)
}

// refundSource finds what can be refunded: a confirmation by its key, otherwise
// what is not spoken for.
func (r *request) refundSource(confirmationKey string) (refundSource, error) {
	from := refundSource{confirmation: -1, given: r.returned()}
	switch {
	case r.Asked.PreAuth && r.Status == api.StatusNew:
		return from, denied(api.CodePreAuthPending)
	case r.Status != api.StatusPaid && from.given:
		return from, denied(api.CodeAlreadyRefunded)
	case r.Status != api.StatusPaid:
		return from, denied(api.CodeNotPaid)
	case confirmationKey == "":
		from.parts, from.since = r.loose(), r.Payments[len(r.Payments)-1].At
		return from, nil
	}
	i, found := r.confirmationByKey(confirmationKey)
	if !found {
		return from, denied(api.CodeConfirmationNotFound)
	}
	c := r.Confirmations[i]
	from.confirmation, from.since, from.given = i, c.At, c.Back.IsPositive()
	from.parts = take(c.kept(), []part{{0, c.kept()}})
	return from, nil
}

// refundRefusal says which of the wallets that paid cannot be refunded so, if any
// cannot.
func (t *tx) refundRefusal(r *request, parts []part) error {
	for _, p := range parts {
		paid := r.Payments[p.payment]
		w, _, _ := t.svc.dir.wallet(paid.Asked.AssetID)
		whole := p.amount.Equal(paid.Amount)
		switch {
		case paid.CollectionID != "" && !whole: // half a token there is not
			return denied(api.CodePartialRefundsNotAllowed)
		case w.RefundRefusal == api.CodePartialRefundsNotAllowed && whole:
		case w.RefundRefusal != "":
			return denied(w.RefundRefusal)
		}
	}
	return nil
}
