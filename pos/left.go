package pos

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// This file works out, from a payment request and its history, how much of it can
// still be refunded or confirmed. The service's documents contradict themselves
// about amounts, so nothing is worked out that two sources do not agree on, or
// where something is missing or odd: the amount is then not known, and somebody
// has to give it. The service has the last word in any case.

// LeftToRefund is how much of a payment request can still be given back: what was
// paid less what was refunded, a void included. Of a pre-auth that was confirmed it
// is what is left of the confirmation with a key; without a key, of a pre-auth that
// was not confirmed, what it holds. The history is the whole of it. The amount is
// not known where the history cannot be relied on.
func LeftToRefund(req Request, history []Activity, confirmationKey string) (left Money, known bool) {
	c, ok := tallyOf(req, history)
	switch {
	case !ok:
		return Money{}, false
	case !c.preAuth:
		return c.leftOfPayments(req, confirmationKey)
	case confirmationKey != "":
		return c.leftOfConfirmation(confirmationKey)
	case len(c.confirmations) > 0: // whose money it is has to be said
		return Money{}, false
	case c.authorizations == 0:
		return c.nothing(!req.moneyMoved())
	case c.released || req.Released() || c.authorizations > 1:
		return Money{}, false
	case !req.moneyMoved() && !c.authorized.Equal(c.refunded): // what became of the hold is not told
		return Money{}, false
	}
	return difference(c.authorized, c.refunded)
}

// LeftToConfirm is how much of a pre-auth can still be confirmed: what was
// authorized less what was confirmed, and what was refunded of the rest; nothing
// once it was released, or before it is authorized. It is not known where the
// history cannot be relied on.
func LeftToConfirm(req Request, history []Activity) (left Money, known bool) {
	c, ok := tallyOf(req, history)
	switch {
	case !ok:
		return Money{}, false
	case !c.preAuth:
		return c.nothing(c.payments > 0 || !req.moneyMoved())
	case c.released || req.Released() || req.Status == StatusCancelled || req.Status == StatusExpired:
		return c.nothing(true)
	case c.authorizations == 0:
		return c.nothing(!req.moneyMoved() && len(c.confirmations) == 0)
	case c.authorizations > 1:
		return Money{}, false
	}
	confirmed := c.refunded
	for _, confirmation := range c.confirmations {
		confirmed = confirmed.Add(confirmation.Value)
	}
	return difference(c.authorized, confirmed)
}

// Confirmation is a drawing on a pre-auth, as its history tells.
type Confirmation struct {
	// Key is its idempotency key, by which it is refunded; empty when the service
	// does not say.
	Key        string
	Value      Money
	InvoiceRef string
	ShortCode  string
	CreatedAt  time.Time
	// Refunded is what was given back of it, as far as refunds name it.
	Refunded Money
}

// Confirmations lists the confirmations in a payment request's history, oldest
// first. An amount that the service does not say is the zero Money.
func Confirmations(history []Activity) []Confirmation {
	var list []Confirmation
	for _, a := range slices.Backward(once(history)) {
		if a.Is(ActivityConfirmation) {
			list = append(list, Confirmation{Key: a.Key, Value: a.Value, InvoiceRef: a.InvoiceRef, ShortCode: a.ShortCode, CreatedAt: a.CreatedAt})
		}
	}
	for _, a := range once(history) {
		i := slices.IndexFunc(list, func(c Confirmation) bool { return c.Key == a.ConfirmationKey })
		sameMoney := i >= 0 && (!list[i].Refunded.IsKnown() || list[i].Refunded.Currency() == a.Value.Currency())
		if a.Is(ActivityRefund) && a.ConfirmationKey != "" && sameMoney && a.Value.IsKnown() {
			list[i].Refunded = list[i].Refunded.Add(a.Value)
		}
	}
	return list
}

// tally is what a history adds up to, in the request's currency.
type tally struct {
	zero                     Money
	payments, authorizations int
	paid, authorized         Money
	refunded                 Money            // of no confirmation in particular
	refundedOf               map[string]Money // of confirmations, by their keys
	confirmations            []Confirmation
	preAuth, released        bool
}

// tallyOf adds a history up; false where it cannot be relied on.
func tallyOf(req Request, history []Activity) (tally, bool) {
	if !req.Value.IsKnown() {
		return tally{}, false
	}
	zero := NewMoney(decimal.Zero, req.Value.Currency())
	c := tally{zero: zero, paid: zero, authorized: zero, refunded: zero, refundedOf: map[string]Money{}, preAuth: req.PreAuthStatus != ""}
	for _, a := range once(history) {
		if !c.add(a) {
			return tally{}, false
		}
	}
	c.confirmations = Confirmations(history)
	return c, !c.preAuth || c.payments == 0
}

// add counts one activity in; false for one that cannot be made sense of.
func (c *tally) add(a Activity) bool {
	money := a.Is(ActivityPayment) || a.Is(ActivityRefund) || a.Is(ActivityAuthorization) || a.Is(ActivityConfirmation)
	if money && (a.Value.CheckPayable() != nil || a.Value.Currency() != c.zero.Currency()) {
		return false
	}
	switch {
	case a.Is(ActivityPayment):
		c.payments++
		c.paid = c.paid.Add(a.Value)
		return !a.External // what was taken outside Centrapay is not given back through it
	case a.Is(ActivityRefund) && a.ConfirmationKey != "":
		c.refundedOf[a.ConfirmationKey] = c.refundedOf[a.ConfirmationKey].Add(a.Value)
	case a.Is(ActivityRefund):
		c.refunded = c.refunded.Add(a.Value)
	case a.Is(ActivityAuthorization):
		c.authorizations++
		c.authorized = c.authorized.Add(a.Value)
	case a.Is(ActivityRelease):
		c.released = true
	}
	c.preAuth = c.preAuth || a.Is(ActivityAuthorization) || a.Is(ActivityConfirmation) || a.Is(ActivityRelease) || a.Is(ActivityPreAuthRequest)
	return money || a.isPublished()
}

// isPublished reports whether the documents have this type; one they do not have
// may be about money.
func (a Activity) isPublished() bool {
	return slices.ContainsFunc([]ActivityType{
		ActivityRequest, ActivityPreAuthRequest, ActivityPaid, ActivityCancellation, ActivityExpiry, ActivityRelease,
		ActivityAcceptCondition, ActivityDeclineCondition,
	}, a.Is)
}

// leftOfPayments is what is left of a request that is no pre-auth.
func (c tally) leftOfPayments(req Request, confirmationKey string) (Money, bool) {
	said := req.PaidTotal()
	switch {
	case confirmationKey != "" || len(c.refundedOf) > 0: // there is nothing that these could be of
		return Money{}, false
	case c.payments == 0: // where money moved, a history without payments is not the whole
		return c.nothing(!req.moneyMoved() && c.refunded.Sign() == 0 && said.Sign() == 0)
	case said.IsKnown() && !said.Equal(c.paid):
		return Money{}, false
	case req.Status != StatusPaid && !c.paid.Equal(c.refunded): // what became of the money is not told
		return Money{}, false
	}
	return difference(c.paid, c.refunded)
}

// leftOfConfirmation is what is left of the one confirmation that has a key.
// Refunds that name no confirmation may be of it.
func (c tally) leftOfConfirmation(key string) (Money, bool) {
	var found []Confirmation
	for _, confirmation := range c.confirmations {
		if confirmation.Key == key {
			found = append(found, confirmation)
		}
	}
	if len(found) != 1 || c.refunded.Sign() > 0 {
		return Money{}, false
	}
	return difference(found[0].Value, c.refundedOf[key])
}

// nothing is what is left where nothing is, which is not known unless something
// else says the same.
func (c tally) nothing(known bool) (Money, bool) {
	if !known {
		return Money{}, false
	}
	return c.zero, true
}

// difference is what is left of an amount; not known where more went than there was.
func difference(of, gone Money) (Money, bool) {
	left := of.Sub(gone)
	if left.Sign() < 0 {
		return Money{}, false
	}
	return left, true
}

// once leaves out what a history lists twice.
func once(history []Activity) []Activity {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(history), func(a Activity) bool {
		twice := a.ID != "" && seen[a.ID]
		seen[a.ID] = true
		return twice
	})
}
