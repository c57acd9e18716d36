package sandbox

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// confirmation is a drawdown on a pre-auth.
type confirmation struct {
	Asked  api.ConfirmPaymentRequest `json:"asked"`
	Amount decimal.Decimal           `json:"amount"`
	At     time.Time                 `json:"at"`
	// Activity is the number of the activity that records it.
	Activity int `json:"activity"`
	// Back is what of it was refunded.
	Back decimal.Decimal `json:"back,omitzero"`
}

// kept is what of a confirmation was not refunded.
func (c confirmation) kept() decimal.Decimal { return c.Amount.Sub(c.Back) }

// confirmed is what confirmations drew and refunds did not return.
func (r *request) confirmed() decimal.Decimal {
	sum := decimal.Zero
	for _, c := range r.Confirmations {
		sum = sum.Add(c.kept())
	}
	return sum
}

func (r *request) confirmationByKey(key string) (index int, found bool) {
	i := slices.IndexFunc(r.Confirmations, func(c confirmation) bool { return c.Asked.IdempotencyKey == key })
	return i, i >= 0
}

// confirm draws on a pre-auth, or says by a documented code why not. A repeat
// with the same key and content is answered with the first confirmation, whatever
// happened since. Source: Centrapay docs, payment requests, "Confirm a Pre Auth
// Payment Request".
func (r *request) confirm(at time.Time, key Key, body api.ConfirmPaymentRequest) (api.PaymentActivity, error) {
	if !r.Asked.PreAuth {
		return api.PaymentActivity{}, denied(api.CodeInvalidPaymentRequestType)
	}
	if i, found := r.confirmationByKey(body.IdempotencyKey); found {
		first := r.Confirmations[i]
		if !sameJSON(first.Asked, body) {
			return api.PaymentActivity{}, denied(api.CodeIdempotentOperationFailed)
		}
		return r.Activities[first.Activity-1], nil
	}
	if err := r.authorized(); err != nil {
		return api.PaymentActivity{}, err
	}
	if body.Value.Currency != "" && body.Value.Currency != r.Asked.Value.Currency {
		return api.PaymentActivity{}, otherCurrency(r)
	}
	amount := sumOf(body.LineItems)
	if body.Value.Amount.IsSet() {
		amount = body.Value.Amount.Decimal()
	}
	if amount.GreaterThan(total(r.loose())) {
		return api.PaymentActivity{}, denied(api.CodeInvalidAmount)
	}
	r.Confirmations = append(r.Confirmations, confirmation{Asked: body, Amount: amount, At: at, Activity: len(r.Activities) + 1})
	return r.record(at, key.crn(), api.PaymentActivity{
		Type: api.ActivityConfirmation, Value: r.money(amount), IdempotencyKey: body.IdempotencyKey,
		InvoiceRef: body.InvoiceRef, LineItems: body.LineItems, UpdatedAt: api.NewTimestamp(at),
		CreatedByAccountID: key.AccountID, CreatedByAccountName: key.AccountName,
	}), nil
}

// authorized is the refusal of what needs an authorized pre-auth, nil for one.
func (r *request) authorized() error {
	switch {
	case r.Status == api.StatusNew:
		return denied(api.CodePreAuthPending)
	case r.Status != api.StatusPaid:
		return r.final()
	case r.PreAuthStatus == api.PreAuthReleased:
		return denied(api.CodePreAuthReleased)
	}
	return nil
}

// release closes a pre-auth: what was not confirmed goes back. One that nobody
// has authorized yet is cancelled. Source: Centrapay docs, payment requests,
// "Release a Pre Auth Payment Request".
func (r *request) release(at time.Time, by api.CRN) (api.PaymentActivity, error) {
	if !r.Asked.PreAuth {
		return api.PaymentActivity{}, denied(api.CodeInvalidPaymentRequestType)
	}
	if r.Status == api.StatusNew {
		return r.cancel(at, by, api.CancelledByMerchant), nil
	}
	if err := r.authorized(); err != nil {
		return api.PaymentActivity{}, err
	}
	activity, some := r.giveAllBack(at, by, api.ActivityRelease)
	if !some {
		return api.PaymentActivity{}, deniedBecause(api.CodeInvalidAmount, "Nothing is left to release.")
	}
	r.PreAuthStatus = api.PreAuthReleased
	return activity, nil
}

// lapse ends an authorization whose time has passed: what was not confirmed goes
// back. Nobody did it.
func (r *request) lapse(at time.Time) {
	r.giveAllBack(at, "", api.ActivityRelease)
	r.PreAuthStatus = api.PreAuthReleased
	r.UpdatedAt = at
}

// sameJSON compares two bodies by what they say.
func sameJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

func otherCurrency(r *request) *Refusal {
	return malformed("value.currency must be %s", r.Asked.Value.Currency)
}
