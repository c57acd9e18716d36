package sandbox

import (
	"slices"
	"strconv"

	"centrapos/api"
)

// Snapshot is a payment request as the service would answer it, with its
// history.
type Snapshot struct {
	api.PaymentRequest
	// Activities are what happened, newest first.
	Activities []api.PaymentActivity `json:"activities"`
}

// PayOptions say how a customer pays.
type PayOptions struct {
	// Amount is what to pay in smallest units, "" for all that remains. Less than
	// that settles a request that allows partial payment.
	Amount api.BigNumber `json:"amount,omitempty"`
	// AssetID is the wallet; by default the customer's first one that fits.
	AssetID string `json:"assetId,omitempty"`
	// Mode is by default PayModePartial when there is an Amount;
	// PayModeMultiAsset leaves the request open for more payments.
	Mode api.PayMode `json:"mode,omitempty"`
}

// Requests lists all payment requests, newest first. It fails only when the file
// of WithFile cannot be read or written.
func (s *Service) Requests() ([]Snapshot, error) {
	all := []Snapshot{}
	err := s.transact(func(t *tx) error {
		for _, id := range slices.Backward(t.store.order) {
			if r, ok := t.find(id); ok {
				all = append(all, s.snapshot(r))
			}
		}
		return nil
	})
	return all, err
}

// Request returns one payment request. An id that is not known is refused with
// Forbidden, as over HTTP. Looking is no poll: it brings up no condition and
// starts no Quick Pay.
func (s *Service) Request(id string) (Snapshot, error) {
	var snapshot Snapshot
	err := s.with(id, func(_ *tx, r *request) error {
		snapshot = s.snapshot(r)
		return nil
	})
	return snapshot, err
}

// Pay pays a request as its customer would. The error is a *Refusal with the
// codes of the pay endpoint.
func (s *Service) Pay(id string, o PayOptions) error {
	return s.with(id, func(t *tx, r *request) error { return t.payAs(r, o) })
}

// Cancel cancels a request as its customer would: CANCELLED_BY_PATRON. The error
// is a *Refusal when the request is final.
func (s *Service) Cancel(id string) error {
	return s.with(id, func(t *tx, r *request) error {
		if err := r.final(); err != nil {
			return err
		}
		r.cancel(t.now, s.customerFor(r).crn(), api.CancelledByPatron)
		t.change(r)
		return nil
	})
}

// Expire lets the time of a request run out now. The error is a *Refusal when the
// request is final.
func (s *Service) Expire(id string) error {
	return s.with(id, func(t *tx, r *request) error {
		if err := r.final(); err != nil {
			return err
		}
		r.ExpiresAt = t.now
		r.expire(t.now)
		t.change(r)
		return nil
	})
}

// RaiseCondition adds a payment condition, which the next poll shows. It cancels
// a request that was made without conditionsEnabled. A photo id check is refused
// for a customer who is not present. The error is a *Refusal.
func (s *Service) RaiseCondition(id string, c Condition) error {
	return s.with(id, func(t *tx, r *request) error {
		if err := r.final(); err != nil {
			return err
		}
		if r.Asked.PatronNotPresent && (c.Name == "" || c.Name == PhotoIDCheck) {
			return malformed("a customer who is not present cannot show photo id")
		}
		r.raise(t.now, c)
		t.change(r)
		return nil
	})
}

// AnswerCondition answers a condition as the customer. The error is a *Refusal
// with the codes of the accept and decline endpoints; PATRON_NOT_AUTHORIZED says
// that staff have to answer.
func (s *Service) AnswerCondition(id, conditionID string, accept bool) error {
	return s.with(id, func(t *tx, r *request) error {
		_, err := t.decide(r, decision{
			condition: api.Text(conditionID), accept: accept, byPatron: true, by: s.customerFor(r).crn(), at: t.now,
		})
		return err
	})
}

// with runs do on one request in a transaction.
func (s *Service) with(id string, do func(*tx, *request) error) error {
	return s.transact(func(t *tx) error {
		r, ok := t.find(id)
		if !ok {
			return forbidden()
		}
		return do(t, r)
	})
}

func (s *Service) snapshot(r *request) Snapshot {
	return Snapshot{PaymentRequest: s.wire(r), Activities: r.activityPage().Items}
}

// payAs pays as the customer of a request.
func (t *tx) payAs(r *request, o PayOptions) error {
	if err := r.final(); err != nil {
		return err
	}
	customer := t.svc.customerFor(r)
	wallet, ok := customer.walletFor(r.Options)
	if o.AssetID != "" {
		wallet, customer, ok = t.svc.dir.wallet(o.AssetID)
	}
	if !ok {
		return forbidden()
	}
	if o.Amount.IsSet() && o.Mode == "" {
		o.Mode = api.PayModePartial
	}
	_, err := t.pay(r, payOrder{
		body: api.PayPaymentRequest{
			AssetType: wallet.AssetType, AssetID: wallet.ID, Amount: o.Amount, Mode: o.Mode,
			IdempotencyKey: "customer-" + strconv.Itoa(len(r.Payments)+1),
		},
		by: customer.crn(), at: t.now,
	})
	return err
}
