package postest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"centrapos/pos"
)

// Refund implements pos.Payments.
func (s *Service) Refund(ctx context.Context, refund pos.Refund) (pos.Activity, pos.Reply) {
	return transport(ctx, s, CallRefund, refund.ExternalRef, func() (pos.Activity, pos.Reply) {
		r := s.find(refund.Target.RequestID)
		if r == nil {
			return pos.Activity{}, refused("FORBIDDEN")
		}
		return s.refund(r, refund)
	})
}

// refund gives money back once for each reference (Payment Requests, Refund).
func (s *Service) refund(r *request, refund pos.Refund) (pos.Activity, pos.Reply) {
	repeated := slices.IndexFunc(r.history, func(a pos.Activity) bool {
		return a.Is(pos.ActivityRefund) && a.ExternalRef == refund.ExternalRef && refund.ExternalRef != ""
	})
	if repeated >= 0 && !s.opt.RepeatsJudgedLast {
		return s.repeatRefund(r.history[repeated], refund)
	}
	left, code := r.refundable(refund.ConfirmationKey)
	switch {
	case code != "":
		return pos.Activity{}, refused(code)
	case s.opt.ActionRefused != "":
		return pos.Activity{}, refused(s.opt.ActionRefused)
	case left.Sign() == 0:
		return pos.Activity{}, refused(pos.RefusedAlreadyRefunded)
	case refund.Value.Currency() != left.Currency() || refund.Value.Cmp(left) > 0:
		return pos.Activity{}, refused("INVALID_AMOUNT")
	case repeated >= 0:
		return s.repeatRefund(r.history[repeated], refund)
	}
	return s.shown(r.record(pos.Activity{
		Type: pos.ActivityRefund, Value: refund.Value, ExternalRef: refund.ExternalRef, InvoiceRef: refund.InvoiceRef,
		ConfirmationKey: refund.ConfirmationKey, AssetType: "centrapay.nzd.test",
	})), done()
}

func (s *Service) repeatRefund(first pos.Activity, refund pos.Refund) (pos.Activity, pos.Reply) {
	if !first.Value.Equal(refund.Value) {
		return pos.Activity{}, refused("REPEAT_REFERENCE")
	}
	return s.shown(first), done()
}

// refundable is what a refund could give back: of a confirmation by its key,
// otherwise of what no confirmation drew; or the code by which there can be none.
func (r *request) refundable(confirmationKey string) (left pos.Money, code string) {
	switch {
	case r.preAuth && r.Status == pos.StatusNew && !r.Authorized():
		return left, "PRE_AUTH_PENDING"
	case r.returned.IsKnown():
		return left, pos.RefusedAlreadyRefunded
	case r.Status != pos.StatusPaid && !r.Authorized():
		return left, "NOT_PAID"
	}
	left = r.total(func(a pos.Activity) bool { return a.Is(pos.ActivityPayment) || a.Is(pos.ActivityAuthorization) })
	gone := r.total(func(a pos.Activity) bool {
		return a.Is(pos.ActivityConfirmation) || a.Is(pos.ActivityRelease) || a.Is(pos.ActivityRefund) && a.ConfirmationKey == ""
	})
	if confirmationKey != "" {
		left = r.total(func(a pos.Activity) bool { return a.Is(pos.ActivityConfirmation) && a.Key == confirmationKey })
		gone = r.total(func(a pos.Activity) bool { return a.Is(pos.ActivityRefund) && a.ConfirmationKey == confirmationKey })
		if left.Sign() == 0 {
			return left, "CONFIRMATION_NOT_FOUND"
		}
	}
	return left.Sub(gone), ""
}

// Confirm implements pos.Payments.
func (s *Service) Confirm(ctx context.Context, confirm pos.Confirm) (pos.Activity, pos.Reply) {
	return transport(ctx, s, CallConfirm, confirm.Key, func() (pos.Activity, pos.Reply) {
		r := s.find(confirm.Target.RequestID)
		if r == nil {
			return pos.Activity{}, refused("FORBIDDEN")
		}
		return s.confirm(r, confirm)
	})
}

// confirm draws on a pre-auth once for each key (Payment Requests, Confirm).
func (s *Service) confirm(r *request, confirm pos.Confirm) (pos.Activity, pos.Reply) {
	repeated := slices.IndexFunc(r.history, func(a pos.Activity) bool {
		return a.Is(pos.ActivityConfirmation) && a.Key == confirm.Key
	})
	if repeated >= 0 && !s.opt.RepeatsJudgedLast {
		return s.repeatConfirm(r.history[repeated], confirm)
	}
	left, _ := r.refundable("")
	switch {
	case !r.preAuth:
		return pos.Activity{}, refused(pos.RefusedInvalidRequestType)
	case r.Status == pos.StatusCancelled:
		return pos.Activity{}, refused(pos.RefusedRequestCancelled)
	case r.Status == pos.StatusExpired || r.Released():
		return pos.Activity{}, refused(pos.RefusedPreAuthReleased)
	case !r.Authorized():
		return pos.Activity{}, refused("PRE_AUTH_PENDING")
	case s.opt.ActionRefused != "":
		return pos.Activity{}, refused(s.opt.ActionRefused)
	case confirm.Value.Currency() != left.Currency() || confirm.Value.Cmp(left) > 0:
		return pos.Activity{}, refused("INVALID_AMOUNT")
	case repeated >= 0:
		return s.repeatConfirm(r.history[repeated], confirm)
	}
	return s.shown(r.record(pos.Activity{
		Type: pos.ActivityConfirmation, Value: confirm.Value, Key: confirm.Key, InvoiceRef: confirm.InvoiceRef, Document: content(confirm),
	})), done()
}

func (s *Service) repeatConfirm(first pos.Activity, confirm pos.Confirm) (pos.Activity, pos.Reply) {
	if string(first.Document) != string(content(confirm)) {
		return pos.Activity{}, refused("IDEMPOTENT_OPERATION_FAILED")
	}
	return s.shown(first), done()
}

// content is all that a confirmation asks for, to be compared.
func content(c pos.Confirm) json.RawMessage {
	data, err := json.Marshal([]any{c.Value, c.InvoiceRef, c.Lines})
	if err != nil {
		panic(err) // a test with a confirmation that cannot be written is wrong
	}
	return data
}

// Release implements pos.Payments.
func (s *Service) Release(ctx context.Context, requestID string) (pos.Activity, pos.Reply) {
	return transport(ctx, s, CallRelease, requestID, func() (pos.Activity, pos.Reply) {
		r := s.find(requestID)
		switch {
		case r == nil:
			return pos.Activity{}, refused("FORBIDDEN")
		case !r.preAuth:
			return pos.Activity{}, refused(pos.RefusedInvalidRequestType)
		case r.Released():
			return pos.Activity{}, refused(pos.RefusedPreAuthReleased)
		case s.opt.ActionRefused != "":
			return pos.Activity{}, refused(s.opt.ActionRefused)
		case r.Status == pos.StatusNew && !r.Authorized():
			r.cancel("CANCELLED_BY_MERCHANT")
			return s.shown(r.history[len(r.history)-1]), done()
		case !r.Authorized():
			return pos.Activity{}, refused(r.over())
		}
		return s.shown(r.release()), done()
	})
}

// release gives back what a pre-auth holds and no confirmation drew.
func (r *request) release() pos.Activity {
	left, _ := r.refundable("")
	r.PreAuthStatus = pos.PreAuthReleased
	return r.record(pos.Activity{Type: pos.ActivityRelease, Value: left})
}

// Lapse lets the time of an authorized pre-auth run out.
func (s *Service) Lapse(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	if r := s.find(id); r != nil && r.Authorized() {
		r.release()
	}
}

// Activities implements pos.Payments. As in the published examples, refunds do not
// show their reference, unless the options say so.
func (s *Service) Activities(ctx context.Context, requestID string) ([]pos.Activity, pos.Reply) {
	return transport(ctx, s, CallActivities, requestID, func() ([]pos.Activity, pos.Reply) {
		r := s.find(requestID)
		if s.opt.HistoryRefused != "" {
			return nil, refused(s.opt.HistoryRefused)
		}
		if r == nil {
			return nil, refused("FORBIDDEN")
		}
		var list []pos.Activity
		for _, a := range slices.Backward(r.history) {
			made := a.Is(pos.ActivityRefund) || a.Is(pos.ActivityConfirmation) || a.Is(pos.ActivityRelease)
			if made && a.CreatedAt.Add(s.opt.HistoryLag).After(s.clock()) {
				continue
			}
			shown := s.shown(a)
			shown.CreatedAt = shown.CreatedAt.Add(s.opt.HistoryClock)
			list = append(list, shown)
		}
		return list, done()
	})
}

// shown is an activity as answers carry it.
func (s *Service) shown(a pos.Activity) pos.Activity {
	if !s.opt.HistoryShowsRefs {
		a.ExternalRef = ""
	}
	if a.Is(pos.ActivityRefund) && s.opt.SaysRefunded.IsKnown() {
		a.Value = s.opt.SaysRefunded
	}
	a.Document = nil
	return a
}

// History gives all that happened to a request, oldest first, with the references
// of refunds.
func (s *Service) History(id string) []pos.Activity {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	if r := s.find(id); r != nil {
		return slices.Clone(r.history)
	}
	return nil
}

// record writes one more activity down.
func (r *request) record(a pos.Activity) pos.Activity {
	number := len(r.history) + 1
	a.ShortCode = fmt.Sprintf("%s-%03d", r.ShortCode, 10*number+2)
	a.CreatedAt = r.clock()
	r.history = append(r.history, a)
	return a
}

// total adds up the activities that are chosen.
func (r *request) total(chosen func(pos.Activity) bool) pos.Money {
	sum := r.Value.Sub(r.Value)
	for _, a := range r.history {
		if chosen(a) {
			sum = sum.Add(a.Value)
		}
	}
	return sum
}
