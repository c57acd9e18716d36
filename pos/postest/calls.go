package postest

import (
	"context"
	"fmt"
	"time"

	"centrapos/pos"
)

// CallKind names a kind of call.
type CallKind string

// The kinds of call, one for each method of pos.Payments.
const (
	CallCreate    CallKind = "create"
	CallGet       CallKind = "get"
	CallShortCode CallKind = "get by short code"
	CallLookUp    CallKind = "look-up"
	CallVoid      CallKind = "void"
	CallDecide    CallKind = "decide"

	CallRefund     CallKind = "refund"
	CallConfirm    CallKind = "confirm"
	CallRelease    CallKind = "release"
	CallActivities CallKind = "activities"
)

// Call is one call as the till made it.
type Call struct {
	Kind CallKind
	// At is when it left and Done when the caller had its answer, by the machine's
	// clock; Done is zero while the call is under way.
	At, Done time.Time
	// Subject is what it was about: a request's id, a short code or a reference.
	Subject string
	Reply   pos.Reply
}

// Calls gives the calls made so far in the order they left: all of them, or
// those of the kinds given.
func (s *Service) Calls(kinds ...CallKind) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Call
	for _, c := range s.calls {
		for _, k := range kinds {
			if c.Kind == k {
				out = append(out, c)
			}
		}
		if len(kinds) == 0 {
			out = append(out, c)
		}
	}
	return out
}

// Create implements pos.Payments.
func (s *Service) Create(ctx context.Context, sale pos.Sale) (pos.Request, pos.Reply) {
	return transport(ctx, s, CallCreate, sale.ExternalRef, func() (pos.Request, pos.Reply) {
		return s.create(sale).view(), done()
	})
}

func (s *Service) create(sale pos.Sale) *request {
	number := len(s.requests) + 1
	id := fmt.Sprintf("pr%04d", number)
	now := s.clock()
	if s.opt.MakesFor.IsKnown() {
		sale.Amount = s.opt.MakesFor
	}
	r := &request{
		Request: pos.Request{
			ID: id, ShortCode: fmt.Sprintf("CP-TST-%03d", number), URL: "https://app.centrapay.com/pay/" + id,
			Value: sale.Amount, Remaining: sale.Amount, Status: pos.StatusNew, ExternalRef: sale.ExternalRef,
			CreatedAt: now, ExpiresAt: now.Add(sale.Expiry), Liveness: "test", MerchantName: "Centrapay Café",
		},
		account: sale.Origin.MerchantAccountID, asked: askedOf(sale), barcode: sale.Barcode != "", preAuth: sale.PreAuth, stamps: s.opt.StampClock, clock: s.clock,
	}
	if sale.PreAuth {
		r.record(pos.Activity{Type: pos.ActivityPreAuthRequest, Value: sale.Amount})
	} else {
		r.record(pos.Activity{Type: pos.ActivityRequest, Value: sale.Amount})
	}
	s.requests = append(s.requests, r)
	machine := now.Add(-s.opt.Skew)
	if s.opt.AutoPay > 0 {
		s.schedule(machine.Add(s.opt.AutoPay), func() {
			if r.over() == "" {
				s.approve(r, r.Value)
			}
		})
	}
	if s.opt.AutoCancel > 0 {
		s.schedule(machine.Add(s.opt.AutoCancel), func() {
			if r.over() == "" {
				r.cancel("CANCELLED_BY_PATRON")
			}
		})
	}
	return r
}

// askedOf is what later readings say of how a request was made.
func askedOf(sale pos.Sale) pos.Asked {
	return pos.Asked{
		ConfigID: sale.Origin.ConfigID, TerminalID: sale.Origin.TerminalID, DeviceID: sale.Origin.DeviceID,
		Barcode: sale.Barcode, Basket: sale.Basket, Lines: sale.Lines, PreAuth: sale.PreAuth, Partial: sale.Partial,
	}
}

// Get implements pos.Payments.
func (s *Service) Get(ctx context.Context, requestID string) (pos.Request, pos.Reply) {
	return transport(ctx, s, CallGet, requestID, func() (pos.Request, pos.Reply) {
		r := s.find(requestID)
		if r == nil {
			return pos.Request{}, refused("FORBIDDEN")
		}
		reading := r.view()
		asked := r.asked
		reading.Asked = &asked
		if s.opt.QuickPay && r.barcode && !r.polled && r.over() == "" {
			s.approve(r, r.Value)
		}
		r.polled = true
		return reading, done()
	})
}

// GetByShortCode implements pos.Payments.
func (s *Service) GetByShortCode(ctx context.Context, shortCode string) (pos.Request, pos.Reply) {
	return transport(ctx, s, CallShortCode, shortCode, func() (pos.Request, pos.Reply) {
		for i := len(s.requests) - 1; i >= 0; i-- {
			if s.requests[i].ShortCode == shortCode {
				return s.requests[i].view(), done()
			}
		}
		return pos.Request{}, refused("FORBIDDEN")
	})
}

// LookUp implements pos.Payments. As in the published example, the requests it
// lists have no short code, and no remaining amount.
func (s *Service) LookUp(ctx context.Context, externalRef string, origin pos.Origin) ([]pos.Request, pos.Reply) {
	return transport(ctx, s, CallLookUp, externalRef, func() ([]pos.Request, pos.Reply) {
		if s.opt.LookUpRefused != "" {
			return nil, refused(s.opt.LookUpRefused)
		}
		var found []pos.Request
		for _, r := range s.requests {
			if r.ExternalRef == externalRef && r.account == origin.MerchantAccountID {
				reading := r.view()
				reading.ShortCode, reading.Remaining, reading.Conditions = "", pos.Money{}, nil
				if asked := r.asked; !s.opt.Abridged {
					reading.Asked = &asked
				}
				found = append(found, reading)
			}
		}
		return found, done()
	})
}

// Void implements pos.Payments.
func (s *Service) Void(ctx context.Context, requestID string) (pos.Reversal, pos.Reply) {
	return transport(ctx, s, CallVoid, requestID, func() (pos.Reversal, pos.Reply) {
		r := s.find(requestID)
		switch {
		case r == nil:
			return pos.Reversal{}, refused("FORBIDDEN")
		case r.Status == pos.StatusNew && !r.Authorized():
			r.cancel("CANCELLED_BY_MERCHANT")
			return pos.Reversal{Reason: r.CancellationReason, ShortCode: r.ShortCode + "-015"}, done()
		case r.returned.IsKnown() && s.opt.VoidedAgainCancelled && r.Status == pos.StatusCancelled:
			return pos.Reversal{}, refused(pos.RefusedRequestCancelled)
		case r.returned.IsKnown():
			return pos.Reversal{}, refused(pos.RefusedAlreadyRefunded)
		case s.opt.PaidVoidRefused != "" && (r.Status == pos.StatusPaid || r.Authorized()):
			return pos.Reversal{}, refused(s.opt.PaidVoidRefused)
		case r.Status == pos.StatusPaid || r.Authorized():
			return s.giveBack(r)
		}
		return pos.Reversal{}, refused(r.over())
	})
}

// voidWindow is how long after its creation a paid request can be voided.
const voidWindow = 24 * time.Hour

func (s *Service) giveBack(r *request) (pos.Reversal, pos.Reply) {
	if s.clock().Sub(r.CreatedAt) > voidWindow {
		return pos.Reversal{}, refused("VOID_WINDOW_EXCEEDED")
	}
	if r.total(func(a pos.Activity) bool { return a.Is(pos.ActivityConfirmation) }).Sign() > 0 {
		return pos.Reversal{}, refused("PRE_AUTH_ALREADY_CONFIRMED")
	}
	if r.total(func(a pos.Activity) bool { return a.Is(pos.ActivityRefund) || a.Is(pos.ActivityRelease) }).Sign() > 0 {
		return pos.Reversal{}, refused(pos.RefusedAlreadyRefunded)
	}
	r.returned = r.PaidTotal()
	r.record(pos.Activity{Type: pos.ActivityRefund, Value: r.returned})
	if !s.opt.VoidedStaysPaid {
		r.cancel("CANCELLED_BY_MERCHANT")
		r.PreAuthStatus = ""
	}
	return pos.Reversal{Returned: r.returned, ShortCode: r.ShortCode + "-015"}, done()
}

// Decide implements pos.Payments.
func (s *Service) Decide(ctx context.Context, requestID, conditionID string, accept bool) pos.Reply {
	_, reply := transport(ctx, s, CallDecide, requestID, func() (struct{}, pos.Reply) {
		r := s.find(requestID)
		if r == nil {
			return struct{}{}, refused("FORBIDDEN")
		}
		if code := r.over(); code != "" {
			return struct{}{}, refused(code)
		}
		for _, c := range r.Conditions {
			if c.ID != conditionID {
				continue
			}
			switch c.Status {
			case pos.ConditionAwaitingMerchant:
				s.answer(r, conditionID, accept, "DECLINED_BY_MERCHANT")
				return struct{}{}, done()
			case pos.ConditionAwaitingPatron:
				return struct{}{}, refused("MERCHANT_NOT_AUTHORIZED")
			default:
				return struct{}{}, refused("CONDITION_ALREADY_SET")
			}
		}
		return struct{}{}, refused("FORBIDDEN")
	})
	return reply
}

func done() pos.Reply { return pos.Reply{Answer: pos.AnswerDone} }

func refused(code string) pos.Reply {
	return pos.Reply{Answer: pos.AnswerRefused, Refusal: pos.Refusal{Code: code, Status: 403}}
}
