package sandbox

import (
	"slices"
	"strconv"
	"time"

	"centrapos/api"
)

// PhotoIDCheck is the name of the one condition that the docs show.
const PhotoIDCheck = "photo-id-check"

const photoIDMessage = "Please check ID"

// Condition is a payment condition to raise. Source: Centrapay docs, payment
// conditions.
type Condition struct {
	// Name and Message are by default those of the photo id check.
	Name    string `json:"name,omitempty"`
	Message string `json:"message,omitempty"`
	// AwaitsPatron is one that the customer must answer, not staff.
	AwaitsPatron bool `json:"awaitsPatron,omitempty"`
}

// scenario brings up what the patron code's test scenario asks for, once.
func (r *request) scenario(at time.Time) {
	name := r.Scenario
	r.Scenario = ""
	if name == ScenarioPhotoID && !r.Asked.PatronNotPresent {
		r.raise(at, Condition{})
	}
}

// raise adds a condition. A request that was made without conditionsEnabled is
// cancelled by it; the docs do not name the reason, here it is PAYMENT_DECLINED.
func (r *request) raise(at time.Time, c Condition) {
	if !r.Asked.ConditionsEnabled {
		r.cancel(at, "", api.CancelledPaymentDeclined)
		return
	}
	status := api.ConditionAwaitingMerchant
	if c.AwaitsPatron {
		status = api.ConditionAwaitingPatron
	}
	if c.Name == "" {
		c.Name = PhotoIDCheck
	}
	if c.Message == "" {
		c.Message = photoIDMessage
	}
	r.Conditions = append(r.Conditions, api.PaymentCondition{
		ID: api.Text(strconv.Itoa(len(r.Conditions) + 1)), Name: c.Name, Message: c.Message, Status: status,
	})
	r.UpdatedAt = at
}

// blocked tells whether somebody has to answer before a payment can succeed.
func (r *request) blocked() bool {
	return slices.ContainsFunc(r.Conditions, func(c api.PaymentCondition) bool {
		return c.Status == api.ConditionAwaitingMerchant || c.Status == api.ConditionAwaitingPatron
	})
}

// decision is an answer to a condition.
type decision struct {
	condition api.Text
	accept    bool
	// byPatron says that the customer answers and not staff.
	byPatron bool
	by       api.CRN
	at       time.Time
}

// answer accepts or declines a condition; declining cancels the request.
func (r *request) answer(d decision) (api.PaymentActivity, error) {
	i := slices.IndexFunc(r.Conditions, func(c api.PaymentCondition) bool { return c.ID == d.condition })
	if i < 0 {
		return api.PaymentActivity{}, forbidden()
	}
	switch r.Conditions[i].Status {
	case api.ConditionAwaitingMerchant:
		if d.byPatron {
			return api.PaymentActivity{}, denied(api.CodePatronNotAuthorized)
		}
	case api.ConditionAwaitingPatron:
		if !d.byPatron {
			return api.PaymentActivity{}, denied(api.CodeMerchantNotAuthorized)
		}
	default:
		return api.PaymentActivity{}, denied(api.CodeConditionAlreadySet)
	}
	if err := r.final(); err != nil {
		return api.PaymentActivity{}, err
	}
	if d.accept {
		r.Conditions[i].Status = api.ConditionAccepted
		if !r.blocked() {
			r.ClearedAt = d.at
		}
		return r.record(d.at, d.by, api.PaymentActivity{Type: api.ActivityAcceptCondition, ConditionID: d.condition}), nil
	}
	r.Conditions[i].Status = api.ConditionDeclined
	activity := r.record(d.at, d.by, api.PaymentActivity{Type: api.ActivityDeclineCondition, ConditionID: d.condition})
	reason := api.CancelledDeclinedByMerchant
	if d.byPatron {
		reason = api.CancelledDeclinedByPatron
	}
	r.cancel(d.at, d.by, reason)
	return activity, nil
}
