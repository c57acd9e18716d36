package sandbox

import (
	"centrapos/api"
)

// void voids a request unless one of the wallets that paid cannot be refunded.
func (t *tx) void(r *request, by api.CRN) (api.PaymentActivity, error) {
	if r.Status == api.StatusPaid && !r.returned() && len(r.Confirmations) == 0 && !t.now.After(r.CreatedAt.Add(voidWindow)) {
		if err := t.refundRefusal(r, r.loose()); err != nil {
			return api.PaymentActivity{}, err
		}
	}
	return t.kept(r)(r.void(t.now, by))
}

func (t *tx) confirm(r *request, key Key, body api.ConfirmPaymentRequest) (api.PaymentActivity, error) {
	return t.kept(r)(r.confirm(t.now, key, body))
}

func (t *tx) release(r *request, by api.CRN) (api.PaymentActivity, error) {
	return t.kept(r)(r.release(t.now, by))
}

// decide answers a condition.
func (t *tx) decide(r *request, d decision) (api.PaymentActivity, error) {
	return t.kept(r)(r.answer(d))
}

// kept passes on what a transition of a request returned, and says that the
// request is different when there was no refusal.
func (t *tx) kept(r *request) func(api.PaymentActivity, error) (api.PaymentActivity, error) {
	return func(activity api.PaymentActivity, err error) (api.PaymentActivity, error) {
		if err == nil {
			t.change(r)
		}
		return activity, err
	}
}
