package sandbox

import (
	"centrapos/api"
)

// void voids a request unless one of the wallets that paid cannot be refunded.
func (t *tx) void(r *request, by api.CRN) (api.PaymentActivity, error) {
	if r.Status == api.StatusPaid && !r.returned() {
		for _, p := range r.Payments {
			w, _, _ := t.svc.dir.wallet(p.Asked.AssetID)
			if w.RefundRefusal != "" && !t.now.After(r.CreatedAt.Add(voidWindow)) {
				return api.PaymentActivity{}, denied(w.RefundRefusal)
			}
		}
	}
	activity, err := r.void(t.now, by)
	if err == nil {
		t.change(r)
	}
	return activity, err
}

// decide answers a condition.
func (t *tx) decide(r *request, d decision) (api.PaymentActivity, error) {
	activity, err := r.answer(d)
	if err == nil {
		t.change(r)
	}
	return activity, err
}
