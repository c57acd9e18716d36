package postest

import (
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"centrapos/pos"
)

// Pay lets the customer pay a request in full, or authorize a pre-auth. While
// conditions are open the payment waits for them. It fails, with the service's
// message code, when the request cannot be paid any more.
func (s *Service) Pay(id string) error {
	return s.act(id, func(r *request) { s.approve(r, r.Value) })
}

// Land lets a payment land that was in flight while its request was cancelled or ran
// out: whether the service lets it is not documented. It fails where there is
// nothing to land on: paid already, given back, or cancelled by the customer or the
// service.
func (s *Service) Land(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	r := s.find(id)
	byOthers := r != nil && r.CancellationReason != "" && r.CancellationReason != "CANCELLED_BY_MERCHANT"
	if r == nil || byOthers || r.Status == pos.StatusPaid || r.Authorized() || r.returned.IsKnown() || r.Released() {
		return fmt.Errorf("no payment can land on %q", id)
	}
	for i := range r.Conditions {
		r.Conditions[i].Status = pos.ConditionAccepted
	}
	r.CancellationReason = ""
	s.approve(r, r.Value)
	return nil
}

// PayPart lets the customer pay a part of a request that allows it.
func (s *Service) PayPart(id string, amount pos.Money) error {
	return s.act(id, func(r *request) { s.approve(r, amount) })
}

// Cancel lets the customer cancel a request.
func (s *Service) Cancel(id string) error {
	return s.act(id, func(r *request) { r.cancel("CANCELLED_BY_PATRON") })
}

// Fail lets the service cancel a request for a reason of its own, such as PAYMENT_DECLINED.
func (s *Service) Fail(id, reason string) error {
	return s.act(id, func(r *request) { r.cancel(reason) })
}

// RaiseCondition adds a condition to a request; one that has its id already is replaced.
func (s *Service) RaiseCondition(id string, c pos.Condition) error {
	return s.act(id, func(r *request) {
		for i := range r.Conditions {
			if r.Conditions[i].ID == c.ID {
				r.Conditions[i] = c
				return
			}
		}
		r.Conditions = append(r.Conditions, c)
	})
}

// PatronAnswers lets the customer answer a condition that awaits him.
func (s *Service) PatronAnswers(id, conditionID string, accept bool) error {
	return s.act(id, func(r *request) { s.answer(r, conditionID, accept, "DECLINED_BY_PATRON") })
}

// ChangeValue lets the service ask the customer for another amount than it was asked for.
func (s *Service) ChangeValue(id string, value pos.Money) error {
	return s.act(id, func(r *request) { r.Value, r.Remaining = value, value })
}

// act changes a request that is new.
func (s *Service) act(id string, change func(*request)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	r := s.find(id)
	if r == nil {
		return fmt.Errorf("there is no payment request %q", id)
	}
	if code := r.over(); code != "" {
		return errors.New(code)
	}
	change(r)
	return nil
}

// over is the message code for a request that nobody can pay; empty while somebody can.
func (r *request) over() string {
	switch {
	case r.Status == pos.StatusPaid || r.Authorized():
		return pos.RefusedRequestPaid
	case r.Status == pos.StatusCancelled:
		return pos.RefusedRequestCancelled
	case r.Status == pos.StatusExpired:
		return pos.RefusedRequestExpired
	}
	return ""
}

func (s *Service) approve(r *request, amount pos.Money) {
	for _, c := range r.Conditions {
		if c.Status == pos.ConditionAwaitingMerchant || c.Status == pos.ConditionAwaitingPatron {
			r.wanted = amount
			return
		}
	}
	r.wanted = pos.Money{}
	r.Remaining = r.Value.Sub(amount)
	r.Status = pos.StatusPaid
	if r.preAuth {
		r.PreAuthStatus = pos.PreAuthAuthorized
		r.record(pos.Activity{Type: "Authorization", Value: amount}) // spelt as in the published list
	} else {
		r.record(pos.Activity{Type: pos.ActivityPayment, Value: amount, AssetType: "centrapay.nzd.test"})
	}
	r.record(pos.Activity{Type: pos.ActivityPaid, Value: amount})
	r.PaidBy = []pos.Tender{{AssetType: "centrapay.nzd.test", Description: "Centrapay NZD", Total: amount}}
}

func (r *request) cancel(reason string) {
	r.Status, r.CancellationReason = pos.StatusCancelled, reason
	r.record(pos.Activity{Type: pos.ActivityCancellation, Value: r.Value, CancellationReason: reason})
}

// answer sets a condition; accepting the last one lets a waiting payment through.
func (s *Service) answer(r *request, conditionID string, accept bool, declined string) {
	for i := range r.Conditions {
		if r.Conditions[i].ID != conditionID {
			continue
		}
		if !accept {
			r.Conditions[i].Status = pos.ConditionDeclined
			r.cancel(declined)
			return
		}
		r.Conditions[i].Status = pos.ConditionAccepted
	}
	if r.wanted.IsKnown() {
		s.approve(r, r.wanted)
	}
}

// NZD gives an amount in cents: NZD(1250) is 12.50.
func NZD(cents int64) pos.Money {
	return pos.NewMoney(decimal.NewFromInt(cents), pos.Currency{Code: "NZD", Decimals: 2})
}
