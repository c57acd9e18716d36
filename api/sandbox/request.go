package sandbox

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// request is a payment request as the sandbox keeps it. Its methods are the
// transitions of its life: they know no HTTP, no clock and no store, and change
// nothing but the request. Source: Centrapay docs, payment requests.
type request struct {
	ID        string `json:"id"`
	ShortCode string `json:"shortCode"`
	// Asked is the body it was created with, with the defaults filled in.
	Asked             api.CreatePaymentRequest `json:"asked"`
	MerchantID        string                   `json:"merchantId"`
	MerchantName      string                   `json:"merchantName"`
	MerchantAccountID string                   `json:"merchantAccountId"`
	TaxNumber         *api.TaxNumber           `json:"taxNumber,omitempty"`
	Liveness          api.Liveness             `json:"liveness"`
	Options           []api.PaymentOption      `json:"options"`
	CreatedBy         api.CRN                  `json:"createdBy"`
	CreatedByAccount  string                   `json:"createdByAccount"`
	ConnectionStatus  api.ConnectionStatus     `json:"connectionStatus,omitempty"`

	// Barcode is that of the customer the request belongs to, "" when anybody
	// can scan it.
	Barcode      string `json:"barcode,omitempty"`
	PatronCodeID string `json:"patronCodeId,omitempty"`
	// PatronAccountID and BoundWallet are that customer's account and the wallet that
	// the barcode stands for; CodeExpiresAt is when it can no longer be charged, zero
	// for never.
	PatronAccountID string    `json:"patronAccountId,omitempty"`
	BoundWallet     string    `json:"boundWallet,omitempty"`
	CodeExpiresAt   time.Time `json:"codeExpiresAt,omitzero"`
	// Scenario is a test scenario that has not come up yet.
	Scenario string `json:"scenario,omitempty"`
	// QuickPay requests are charged by themselves once they were polled.
	QuickPay bool `json:"quickPay,omitempty"`
	// VisitAt is when an automatic customer comes to pay, zero when none does.
	VisitAt time.Time `json:"visitAt,omitzero"`

	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
	ExpiresAt time.Time `json:"expiresAt"`
	// PolledAt is the first poll, ClearedAt the moment the last open condition
	// was accepted.
	PolledAt  time.Time `json:"polledAt,omitzero"`
	ClearedAt time.Time `json:"clearedAt,omitzero"`

	Status           api.Status             `json:"status"`
	Reason           api.CancellationReason `json:"reason,omitempty"`
	PreAuthStatus    api.PreAuthStatus      `json:"preAuthStatus,omitempty"`
	PreAuthExpiresAt time.Time              `json:"preAuthExpiresAt,omitzero"`
	Payments         []payment              `json:"payments,omitempty"`
	Confirmations    []confirmation         `json:"confirmations,omitempty"`
	Refunds          []refund               `json:"refunds,omitempty"`
	Conditions       []api.PaymentCondition `json:"conditions,omitempty"`
	// Activities are what happened, oldest first.
	Activities []api.PaymentActivity `json:"activities"`

	// Legacy is what only the first generation of the API asks for, nil for a
	// request that was made by the second; it does not change.
	Legacy *legacyAsked `json:"legacy,omitempty"`

	// order counts the requests of the store, as they were made.
	order int
	// raw is the request as it stands in the file.
	raw []byte
}

// clone is a copy that can be changed while the original stays as it is. Activities
// are only ever added, by record, so that both can have the same.
func (r *request) clone() *request {
	c := *r
	c.Payments = slices.Clone(r.Payments)
	c.Confirmations = slices.Clone(r.Confirmations)
	c.Refunds = slices.Clone(r.Refunds)
	c.Conditions = slices.Clone(r.Conditions)
	c.raw = nil
	return &c
}

func (r *request) value() decimal.Decimal { return r.Asked.Value.Amount.Decimal() }

func (r *request) money(d decimal.Decimal) api.Monetary {
	return api.Monetary{Amount: api.NewBigNumber(d), Currency: r.Asked.Value.Currency}
}

// record appends an activity: the next number, the request's facts.
func (r *request) record(at time.Time, by api.CRN, a api.PaymentActivity) api.PaymentActivity {
	number := len(r.Activities) + 1
	a.PaymentRequestID = r.ID
	a.ActivityNumber = api.BigNumberFromInt(int64(number))
	a.MerchantID, a.MerchantName = r.MerchantID, r.MerchantName
	a.MerchantAccountID, a.MerchantConfigID = r.MerchantAccountID, r.Asked.ConfigID
	a.CreatedAt, a.CreatedBy = api.NewTimestamp(at), by
	a.PaymentRequestCreatedBy = r.CreatedBy
	a.PreAuth = api.Bool(r.Asked.PreAuth)
	if !a.Value.Amount.IsSet() {
		a.Value = r.Asked.Value
	}
	switch a.Type {
	case api.ActivityAcceptCondition, api.ActivityDeclineCondition:
		// The docs show these without a short code.
	case api.ActivityPayment:
		a.ID = activityID(r.ID, number)
		a.ShortCode = activityShortCode(r.ShortCode, number)
	default:
		a.ShortCode = activityShortCode(r.ShortCode, number)
	}
	// There are few, and most requests have had their last: room for more is a waste.
	r.Activities = append(make([]api.PaymentActivity, 0, number), r.Activities...)
	r.Activities = append(r.Activities, a)
	r.UpdatedAt = at
	return a
}

// final is the refusal of whatever needs a request that is still new, nil for
// one that is.
func (r *request) final() error {
	switch r.Status {
	case api.StatusPaid:
		return denied(api.CodeRequestPaid)
	case api.StatusCancelled:
		return denied(api.CodeRequestCancelled)
	case api.StatusExpired:
		return denied(api.CodeRequestExpired)
	case api.StatusNew:
	}
	return nil
}

// accept takes a payment. A payment in full, or one in part that settles the
// request, makes it paid; a pre-auth becomes authorized. The caller has checked
// that all of it may happen.
func (r *request) accept(p payment, by api.CRN, external bool) api.PaymentActivity {
	p.Activity = len(r.Activities) + 1
	r.Payments = append(r.Payments, p)
	if r.Asked.PreAuth {
		r.Status, r.PreAuthStatus = api.StatusPaid, api.PreAuthAuthorized
		if a, ok := assetOf(p.Asked.AssetType); ok && a.preAuthHold != nil {
			r.PreAuthExpiresAt = a.preAuthHold(r.CreatedAt, p.At)
		}
		return r.record(p.At, by, api.PaymentActivity{
			Type: api.ActivityAuthorization, Value: r.money(p.Amount), IdempotencyKey: p.Asked.IdempotencyKey,
		})
	}
	activity := r.record(p.At, by, api.PaymentActivity{
		Type: api.ActivityPayment, Value: r.money(p.Amount), AssetType: p.Asked.AssetType,
		External: api.Bool(external), IdempotencyKey: p.Asked.IdempotencyKey,
		Mode: p.Asked.Mode, ExternalPaymentRef: p.Asked.ExternalPaymentRef, LineItems: p.Lines,
	})
	if r.remaining().IsZero() || p.Asked.Mode == api.PayModePartial {
		r.Status = api.StatusPaid
		r.record(p.At, by, api.PaymentActivity{Type: api.ActivityPaid, Value: r.money(r.paid()), PaidBy: r.paidBy()})
	}
	return activity
}

// cancel ends a request that is new and gives back what was paid in part. The
// activity is the refund when there was one.
func (r *request) cancel(at time.Time, by api.CRN, reason api.CancellationReason) api.PaymentActivity {
	refund, gaveBack := r.giveAllBack(at, by, api.ActivityRefund)
	r.Status, r.Reason = api.StatusCancelled, reason
	cancellation := r.record(at, by, api.PaymentActivity{Type: api.ActivityCancellation, CancellationReason: reason})
	if gaveBack {
		return refund
	}
	return cancellation
}

// expire ends a request whose time has passed. Nobody did it.
func (r *request) expire(at time.Time) {
	r.giveAllBack(at, "", api.ActivityRefund)
	r.Status = api.StatusExpired
	r.record(at, "", api.PaymentActivity{Type: api.ActivityExpiry})
}

// voidWindow is how long after its creation a paid request can be voided.
const voidWindow = 24 * time.Hour

// void cancels a request, or gives back what it was paid. The docs leave open
// what a void of a cancelled request answers: here ALREADY_REFUNDED when money
// went back, and REQUEST_CANCELLED when there never was any. They list
// REPEAT_REFERENCE for a call that has no reference: here the refund of a void
// goes by the id of the request, which a refund before may have used.
func (r *request) void(at time.Time, by api.CRN) (api.PaymentActivity, error) {
	switch {
	case r.Status == api.StatusNew:
		return r.cancel(at, by, api.CancelledByMerchant), nil
	case r.Status == api.StatusExpired:
		return api.PaymentActivity{}, denied(api.CodeRequestExpired)
	case len(r.Confirmations) > 0:
		return api.PaymentActivity{}, denied(api.CodePreAuthAlreadyConfirmed)
	case slices.ContainsFunc(r.Refunds, func(f refund) bool { return f.Ref == r.ID }):
		return api.PaymentActivity{}, denied(api.CodeRepeatReference)
	case r.returned():
		return api.PaymentActivity{}, denied(api.CodeAlreadyRefunded)
	case r.Status == api.StatusCancelled:
		return api.PaymentActivity{}, denied(api.CodeRequestCancelled)
	case at.After(r.CreatedAt.Add(voidWindow)):
		return api.PaymentActivity{}, denied(api.CodeVoidWindowExceeded)
	}
	refund, _ := r.giveAllBack(at, by, api.ActivityRefund)
	r.Status, r.Reason, r.PreAuthStatus = api.StatusCancelled, api.CancelledByMerchant, ""
	return refund, nil
}
