package pos

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Status is what the service says of a payment request (Payment Requests, statuses).
type Status string

// The published statuses. The service may send others; they are kept and shown,
// and never taken for a final one.
const (
	StatusNew       Status = "new"
	StatusPaid      Status = "paid"
	StatusCancelled Status = "cancelled"
	StatusExpired   Status = "expired"
)

// Final reports whether nothing more can happen to a request with this status
// than a refund: paid, cancelled and expired.
func (s Status) Final() bool {
	return s == StatusPaid || s == StatusCancelled || s == StatusExpired
}

// The published values of preAuthStatus (Payment Requests, preAuthStatus).
const (
	// PreAuthAuthorized: the pre-auth was approved and can be drawn down.
	PreAuthAuthorized = "authorized"
	// PreAuthReleased: it was released, or has run out, and holds nothing any more.
	PreAuthReleased = "released"
)

// Request is a payment request as the service last described it.
type Request struct {
	ID        string `json:"id"`
	ShortCode string `json:"shortCode,omitempty"`
	// URL is what the QR code says (checklist 202.3: the field itself, never built).
	URL string `json:"url,omitempty"`
	// Value is the canonical amount the service asks the customer for.
	Value              Money     `json:"value"`
	Status             Status    `json:"status"`
	CancellationReason string    `json:"cancellationReason,omitempty"`
	ExternalRef        string    `json:"externalRef,omitempty"`
	CreatedAt          time.Time `json:"createdAt,omitzero"`
	ExpiresAt          time.Time `json:"expiresAt,omitzero"`
	// Remaining is what is still unpaid; the zero Money when the service does not say.
	Remaining     Money       `json:"remaining"`
	Conditions    []Condition `json:"conditions,omitempty"`
	PaidBy        []Tender    `json:"paidBy,omitempty"`
	PreAuthStatus string      `json:"preAuthStatus,omitempty"`
	// Liveness is main or test, by the payment options.
	Liveness     string `json:"liveness,omitempty"`
	MerchantName string `json:"merchantName,omitempty"`
	// Differs says in what else than its amount the request that was made is not the one
	// asked for, such as its merchant, or that its amount cannot be read; empty where
	// nothing differs. Only the answer to a create says so.
	Differs string `json:"differs,omitempty"`
	// Asked is what it was made with. Only readings and look-ups give it.
	Asked *Asked `json:"-"`
	// Document is the service's own object, for --json and for support. No rule reads it.
	Document json.RawMessage `json:"document,omitempty"`
}

// Tender is one asset that paid towards a request (Payment Requests, Asset Totals).
type Tender struct {
	AssetType string `json:"assetType"`
	// Description is what the customer must be shown (checklist 101.2).
	Description string `json:"description,omitempty"`
	Total       Money  `json:"total"`
	// Lines are the line items this asset paid for, when the service says.
	Lines []LineItem `json:"lineItems,omitempty"`
}

// ConditionStatus is where a payment condition stands (Payment Requests, Payment Condition).
type ConditionStatus string

// The published condition statuses; awaiting-patron stands only in the guides.
const (
	ConditionAwaitingMerchant ConditionStatus = "awaiting-merchant"
	ConditionAwaitingPatron   ConditionStatus = "awaiting-patron"
	ConditionAccepted         ConditionStatus = "accepted"
	ConditionDeclined         ConditionStatus = "declined"
	ConditionVoid             ConditionStatus = "void"
)

// Condition is something the service wants confirmed before it takes the
// payment, such as an ID check. Its ID counts inside its request only.
type Condition struct {
	ID      string          `json:"id"`
	Name    string          `json:"name,omitempty"`
	Message string          `json:"message,omitempty"` // the text to show, as it is
	Status  ConditionStatus `json:"status"`
}

// Awaiting gives the conditions with one status, in the service's order.
func (r Request) Awaiting(status ConditionStatus) []Condition {
	var out []Condition
	for _, c := range r.Conditions {
		if c.Status == status {
			out = append(out, c)
		}
	}
	return out
}

// Authorized reports whether the request is a pre-auth that holds the money.
// One published example prints the status "new" beside it.
func (r Request) Authorized() bool {
	return strings.EqualFold(r.PreAuthStatus, PreAuthAuthorized)
}

// Released reports whether the request is a pre-auth that holds nothing any more.
func (r Request) Released() bool {
	return strings.EqualFold(r.PreAuthStatus, PreAuthReleased)
}

// moneyMoved reports whether the customer's money was taken or is held.
func (r Request) moneyMoved() bool { return r.Status == StatusPaid || r.Authorized() }

// wasGivenBack reports whether the request was paid and cancelled afterwards.
func (r Request) wasGivenBack() bool {
	return r.Status == StatusCancelled && r.PaidTotal().Sign() > 0
}

// cancelledByMerchant reports whether a void explains a cancelled request; a
// request whose reason is not given may have been voided.
func (r Request) cancelledByMerchant() bool {
	return r.CancellationReason == "" || r.CancellationReason == "CANCELLED_BY_MERCHANT"
}

// PaidTotal adds up what the assets paid; the zero Money when the service lists none.
func (r Request) PaidTotal() Money {
	var total Money
	for _, t := range r.PaidBy {
		if t.Total.IsKnown() && (!total.IsKnown() || total.Currency() == t.Total.Currency()) {
			total = total.Add(t.Total)
		}
	}
	return total
}

// saysSameAs reports whether two readings of one request differ in nothing that
// the till records: polls that say the same again are not written down.
func (r Request) saysSameAs(o Request) bool {
	return r.ID == o.ID && r.ShortCode == o.ShortCode && r.URL == o.URL &&
		r.Status == o.Status && r.CancellationReason == o.CancellationReason &&
		r.PreAuthStatus == o.PreAuthStatus && r.Value.Equal(o.Value) && r.Remaining.Equal(o.Remaining) &&
		r.ExpiresAt.Equal(o.ExpiresAt) && slices.Equal(r.Conditions, o.Conditions) &&
		slices.EqualFunc(r.PaidBy, o.PaidBy, func(a, b Tender) bool {
			return a.AssetType == b.AssetType && a.Description == b.Description && a.Total.Equal(b.Total) &&
				len(a.Lines) == len(b.Lines)
		})
}

// filledFrom keeps what an abridged reading leaves out (look-ups by reference
// and some polls omit the short code, the URL and the dates).
func (r Request) filledFrom(earlier Request) Request {
	keep := func(now *string, before string) {
		if *now == "" {
			*now = before
		}
	}
	keep(&r.ShortCode, earlier.ShortCode)
	keep(&r.URL, earlier.URL)
	keep(&r.ExternalRef, earlier.ExternalRef)
	keep(&r.Liveness, earlier.Liveness)
	keep(&r.MerchantName, earlier.MerchantName)
	keep(&r.Differs, earlier.Differs)
	if r.CreatedAt.IsZero() {
		r.CreatedAt = earlier.CreatedAt
	}
	if r.ExpiresAt.IsZero() {
		r.ExpiresAt = earlier.ExpiresAt
	}
	if !r.Value.IsKnown() {
		r.Value = earlier.Value
	}
	if len(r.PaidBy) == 0 {
		r.PaidBy = earlier.PaidBy // what was paid stays true, though it be given back
	}
	return r
}
