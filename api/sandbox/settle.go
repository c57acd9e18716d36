package sandbox

import (
	"time"

	"centrapos/api"
)

// quickPayTakes is how long an automatic charge takes when nobody polls again.
const quickPayTakes = time.Second

// settle lets everything happen to a request that was due by the transaction's
// moment, in the order in which it was due. It tells whether anything did.
func (t *tx) settle(r *request) bool {
	happened := false
	for {
		due, happen := t.next(r)
		if happen == nil || due.After(t.now) {
			return happened
		}
		happen(due)
		happened = true
	}
}

// next is what will happen to a request by itself, and when.
func (t *tx) next(r *request) (due time.Time, happen func(time.Time)) {
	switch {
	case r.Status == api.StatusPaid && r.PreAuthStatus == api.PreAuthAuthorized:
		return r.PreAuthExpiresAt, r.lapse
	case r.Status != api.StatusNew:
		return time.Time{}, nil
	}
	due, happen = r.ExpiresAt, r.expire
	if r.blocked() {
		return due, happen
	}
	if charge := latest(r.PolledAt.Add(quickPayTakes), r.ClearedAt); r.QuickPay && !r.PolledAt.IsZero() && charge.Before(due) {
		return charge, func(at time.Time) { t.charge(r, at) }
	}
	if visit := latest(r.VisitAt, r.ClearedAt); !r.VisitAt.IsZero() && visit.Before(due) {
		return visit, func(at time.Time) { t.visit(r, at) }
	}
	return due, happen
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// poll is what a merchant's reading does to a request beyond letting time pass:
// it brings conditions up, starts a quick payment, and finds a started one done.
func (t *tx) poll(r *request) {
	if r.Status != api.StatusNew {
		return
	}
	if r.Scenario != "" {
		r.scenario(t.now)
		t.change(r)
	}
	if !r.QuickPay || r.Status != api.StatusNew {
		return
	}
	switch {
	case r.PolledAt.IsZero():
		r.PolledAt = t.now
		t.change(r)
	case !r.blocked():
		t.charge(r, t.now)
		t.change(r)
	}
}

// charge takes the payment from the wallet that the barcode is bound to. A charge
// that fails cancels the request.
func (t *tx) charge(r *request, at time.Time) {
	customer := t.svc.customerFor(r)
	wallet, bound := customer.bound()
	switch {
	case !bound:
		r.cancel(at, "", api.CancelledPatronCodeInvalid)
		return
	case !r.CodeExpiresAt.IsZero() && !at.Before(r.CodeExpiresAt):
		r.cancel(at, "", api.CancelledPatronCodeExpired)
		return
	}
	_, err := t.pay(r, payOrder{
		body: api.PayPaymentRequest{AssetType: wallet.AssetType, AssetID: wallet.ID, IdempotencyKey: "quick-pay"},
		by:   customer.crn(), at: at,
	})
	if err != nil && r.Status == api.StatusNew && !r.blocked() {
		r.cancel(at, "", reasonOf(err))
	}
}

// reasonOf is the cancellation reason of a charge that was refused. The docs say
// of PAYMENT_DECLINED that it stands for overdrawn assets, quotas and
// restrictions.
func reasonOf(err error) api.CancellationReason {
	switch codeOf(err) {
	case api.CodeInactiveAsset:
		return api.CancelledInactiveAsset
	case api.CodeInsufficientAssetValue, api.CodeQuotaExceeded, api.CodeAssetRedemptionDenied, api.CodePaymentDeclined:
		return api.CancelledPaymentDeclined
	default:
		return api.CancelledPaymentFailed
	}
}

// visit is an automatic customer: pays, or cancels when that is not possible.
func (t *tx) visit(r *request, at time.Time) {
	customer := t.svc.customerFor(r)
	wallet, ok := customer.walletFor(r.Options)
	if ok {
		_, err := t.pay(r, payOrder{
			body: api.PayPaymentRequest{AssetType: wallet.AssetType, AssetID: wallet.ID, IdempotencyKey: "automatic"},
			by:   customer.crn(), at: at,
		})
		ok = err == nil
	}
	if !ok && r.Status == api.StatusNew && !r.blocked() {
		r.cancel(at, customer.crn(), api.CancelledByPatron)
	}
}
