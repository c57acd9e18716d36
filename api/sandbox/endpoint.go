package sandbox

import (
	"slices"

	"centrapos/api"
	"centrapos/api/auth"
)

func handleCreate(c *call) (any, error) {
	var body createBody
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	var answer api.PaymentRequest
	err := c.svc.transact(func(t *tx) error {
		r, err := t.create(c.key, body)
		if err == nil {
			answer = c.svc.wire(r)
		}
		return err
	})
	return answer, err
}

func handleGet(c *call) (any, error) {
	return c.request(func(t *tx) (*request, error) {
		r, err := t.open(c.http.PathValue("id"), c.key, mayRead)
		if err == nil {
			t.poll(r)
		}
		return r, err
	}, c.svc.wire)
}

// handleShortCode is no poll: the docs tie conditions and Quick Pay to Get.
func handleShortCode(c *call) (any, error) {
	code, ok := requestShortCode(c.http.PathValue("code"))
	if !ok {
		return nil, malformed("%s", api.CodeChecksumFailed)
	}
	return c.request(func(t *tx) (*request, error) {
		return t.open(t.store.byCode[code], c.key, mayReadByShortCode)
	}, c.svc.wire)
}

func handleSummary(c *call) (any, error) {
	return c.request(func(t *tx) (*request, error) {
		r, ok := t.find(c.http.PathValue("id"))
		if !ok {
			return nil, forbidden()
		}
		return r, nil
	}, c.svc.summary)
}

// request answers one payment request in a form.
func (c *call) request(find func(*tx) (*request, error), form func(*request) api.PaymentRequest) (any, error) {
	var answer api.PaymentRequest
	err := c.svc.transact(func(t *tx) error {
		r, err := find(t)
		if err == nil {
			answer = form(r)
		}
		return err
	})
	return answer, err
}

func handleActivities(c *call) (any, error) {
	var page api.Page[api.PaymentActivity]
	err := c.svc.transact(func(t *tx) error {
		r, err := t.open(c.http.PathValue("id"), c.key, mayReadActivities)
		if err == nil {
			page = r.activityPage()
			page.Items = slices.DeleteFunc(page.Items, c.lagging(t.now))
		}
		return err
	})
	return page, err
}

// act does something to a payment request that makes an activity.
func (c *call) act(p auth.Permission, do func(*tx, *request) (api.PaymentActivity, error)) (any, error) {
	var activity api.PaymentActivity
	err := c.svc.transact(func(t *tx) error {
		r, err := t.open(c.http.PathValue("id"), c.key, p)
		if err == nil {
			activity, err = do(t, r)
		}
		return err
	})
	return activity, err
}

func handlePay(c *call) (any, error) {
	var body api.PayPaymentRequest
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	if err := validatePay(body, c.svc.older || quirk(c.http, "F24")); err != nil {
		return nil, err
	}
	return c.act(mayPay, func(t *tx, r *request) (api.PaymentActivity, error) {
		return t.pay(r, payOrder{body: body, by: c.key.crn(), at: t.now})
	})
}

func handleVoid(c *call) (any, error) {
	return c.act(mayVoid, func(t *tx, r *request) (api.PaymentActivity, error) {
		return t.void(r, c.key.crn())
	})
}

func handleRefund(c *call) (any, error) {
	var body api.RefundPaymentRequest
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	if err := validateRefund(body); err != nil {
		return nil, err
	}
	if _, known := c.svc.dir.merchantByConfig(body.MerchantConfigID); body.MerchantConfigID != "" && !known {
		return nil, forbidden()
	}
	return c.act(mayRefund, func(t *tx, r *request) (api.PaymentActivity, error) {
		return t.refund(r, body, c.key.crn())
	})
}

func handleConfirm(c *call) (any, error) {
	var body api.ConfirmPaymentRequest
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	if err := validateConfirm(body); err != nil {
		return nil, err
	}
	return c.act(mayConfirm, func(t *tx, r *request) (api.PaymentActivity, error) {
		return t.confirm(r, c.key, body)
	})
}

func handleRelease(c *call) (any, error) {
	return c.act(mayRelease, func(t *tx, r *request) (api.PaymentActivity, error) {
		return t.release(r, c.key.crn())
	})
}

func handleAnswer(accept bool) func(*call) (any, error) {
	return func(c *call) (any, error) {
		var activity api.PaymentActivity
		err := c.svc.transact(func(t *tx) error {
			r, byPatron, err := t.answerable(c.http.PathValue("id"), c.key)
			if err == nil {
				activity, err = t.decide(r, decision{
					condition: api.Text(c.http.PathValue("condition")), accept: accept, byPatron: byPatron, by: c.key.crn(), at: t.now,
				})
			}
			return err
		})
		return activity, err
	}
}

// answerable returns the request with an id if the key may answer its conditions:
// for the merchant, or as the customer whose request it is.
func (t *tx) answerable(id string, key Key) (r *request, byPatron bool, err error) {
	r, ok := t.find(id)
	switch {
	case ok && key.may(mayApproveConditions, r.MerchantAccountID, r.CreatedByAccount):
		return r, false, nil
	case ok && key.may(mayApproveConditions, t.svc.customerFor(r).AccountID):
		return r, true, nil
	}
	return nil, false, forbidden()
}
