package centrapay

import (
	"context"
	"errors"

	"centrapos/api"
	"centrapos/pos"
)

// Payments carries out the payment rules' calls at one Centrapay service with
// one credential. It is safe for concurrent use.
type Payments struct {
	requests *api.PaymentRequestsClient
}

var _ pos.Payments = Payments{}

// New gives the Payments of a client's service.
func New(client *api.Client) Payments {
	return Payments{requests: client.PaymentRequests}
}

// urgently is how calls are made that a customer is waiting for.
func urgently() []api.CallOption { return []api.CallOption{api.WithoutRetry(), api.Urgent()} }

// asUrgent is how readings are made that a customer may be waiting for, or not.
func asUrgent(ctx context.Context) []api.CallOption {
	if pos.Unhurried(ctx) {
		return []api.CallOption{api.WithoutRetry()}
	}
	return urgently()
}

// Create makes a payment request for a sale (Payment Requests, Create). An answer about
// another amount or currency than was asked for, or whose amount cannot be read, is still
// one: the request was made, and the rules have to void it. That it names another merchant
// config says nothing: published answers do (quirk B9), and a till that called those off
// would take no payment at all.
func (p Payments) Create(ctx context.Context, sale pos.Sale) (pos.Request, pos.Reply) {
	got, meta, err := p.requests.Create(ctx, createBody(sale), urgently()...)
	if err != nil {
		return pos.Request{}, replyOf(meta, err)
	}
	req, err := requestOf(got)
	if err != nil {
		req = pos.Request{ID: got.ID, ShortCode: got.ShortCode, Differs: err.Error()}
	}
	return req, replyOf(meta, nil)
}

// Get reads a payment request (Payment Requests, Get).
func (p Payments) Get(ctx context.Context, requestID string) (pos.Request, pos.Reply) {
	got, meta, err := p.requests.Get(ctx, requestID, asUrgent(ctx)...)
	if err != nil {
		return pos.Request{}, replyOf(meta, err)
	}
	req, err := requestOf(got)
	if err == nil {
		req.Asked = askedOf(got, req.Value.Currency())
	}
	return readAs(req, meta, err)
}

// GetByShortCode reads the newest payment request with a short code (Payment
// Requests, Get by short code). No customer waits for it.
func (p Payments) GetByShortCode(ctx context.Context, shortCode string) (pos.Request, pos.Reply) {
	got, meta, err := p.requests.GetByShortCode(ctx, shortCode, api.WithoutRetry())
	if err != nil {
		return pos.Request{}, replyOf(meta, err)
	}
	req, err := requestOf(got)
	return readAs(req, meta, err)
}

// Bounds of a look-up. A reference belongs to one sale, so that even one full
// page is more than there can be.
const (
	lookUpPageSize = 100
	lookUpMaxPages = 10
)

// LookUp lists every payment request that carries an external reference (Payment
// Requests, List by external reference), through all its pages. A list that
// cannot be read to its end is no answer, since what is missing may be what was
// looked for. Without the merchant's account nothing is sent.
func (p Payments) LookUp(ctx context.Context, externalRef string, origin pos.Origin) ([]pos.Request, pos.Reply) {
	params := api.ListByExternalRefParams{
		MerchantAccountID: origin.MerchantAccountID,
		PaginationLimit:   lookUpPageSize,
	}
	var found []pos.Request
	asked := map[string]bool{}
	for {
		page, meta, err := p.requests.ListByExternalRef(ctx, externalRef, params, asUrgent(ctx)...)
		if err != nil {
			return nil, lookUpFailed(replyOf(meta, err), len(asked))
		}
		for i := range page.Items {
			req, err := requestOf(&page.Items[i])
			if err != nil {
				return nil, unreadable(meta, err)
			}
			req.Asked = askedOf(&page.Items[i], req.Value.Currency())
			found = append(found, req)
		}
		asked[params.PageKey] = true
		params.PageKey = page.Next()
		switch {
		case params.PageKey == "", asked[params.PageKey]: // the service has repeated a cursor in its own example
			return found, pos.Reply{Answer: pos.AnswerDone, Clock: clockOf(meta)}
		case len(asked) == lookUpMaxPages:
			return nil, unreadable(meta, errors.New("the list of payment requests does not end"))
		}
	}
}

// lookUpFailed is the reply of a look-up that broke off: once a page has been
// read, "not sent" and "refused" are true of one page only.
func lookUpFailed(reply pos.Reply, pagesRead int) pos.Reply {
	if pagesRead == 0 {
		return reply
	}
	if reply.Answer == pos.AnswerRefused {
		reply.Detail = "a further page was refused: " + reply.Refusal.Code
	}
	reply.Answer, reply.Refusal = pos.AnswerUnknown, pos.Refusal{}
	return reply
}

// Void cancels a payment request or gives a paid one's money back (Payment
// Requests, Void). An answer that does not tell which is taken as no answer.
func (p Payments) Void(ctx context.Context, requestID string) (pos.Reversal, pos.Reply) {
	got, meta, err := p.requests.Void(ctx, requestID, urgently()...)
	if err != nil {
		return pos.Reversal{}, replyOf(meta, err)
	}
	reversal, err := reversalOf(got)
	return readAs(reversal, meta, err)
}

// Decide answers a payment condition (Payment Requests, Accept and Decline a
// payment condition).
func (p Payments) Decide(ctx context.Context, requestID, conditionID string, accept bool) pos.Reply {
	answer := p.requests.DeclineCondition
	if accept {
		answer = p.requests.AcceptCondition
	}
	_, meta, err := answer(ctx, requestID, api.Text(conditionID), urgently()...)
	return replyOf(meta, err)
}

// Refund begins to give money back (Payment Requests, Refund). An answer whose
// amount is not in the refund's currency, or no number, is taken as no answer; one
// that says another amount is given as it is.
func (p Payments) Refund(ctx context.Context, refund pos.Refund) (pos.Activity, pos.Reply) {
	got, meta, err := p.requests.Refund(ctx, refund.Target.RequestID, refundBody(refund), urgently()...)
	return answered(got, meta, err, refund.Value.Currency())
}

// Confirm draws on a pre-auth (Payment Requests, Confirm). Its answer is read as
// that of Refund.
func (p Payments) Confirm(ctx context.Context, confirm pos.Confirm) (pos.Activity, pos.Reply) {
	got, meta, err := p.requests.Confirm(ctx, confirm.Target.RequestID, confirmBody(confirm), urgently()...)
	return answered(got, meta, err, confirm.Value.Currency())
}

// Release ends a pre-auth (Payment Requests, Release).
func (p Payments) Release(ctx context.Context, requestID string) (pos.Activity, pos.Reply) {
	got, meta, err := p.requests.Release(ctx, requestID, urgently()...)
	return answered(got, meta, err, pos.Currency{})
}

// Activities gives the history of a payment request, newest first (Payment
// Requests, List activities of a payment request). The documents know no second
// page of it: where the service announces one, what it gave is not the whole.
func (p Payments) Activities(ctx context.Context, requestID string) ([]pos.Activity, pos.Reply) {
	page, meta, err := p.requests.Activities(ctx, requestID, api.WithoutRetry())
	if err != nil {
		return nil, replyOf(meta, err)
	}
	if page.Next() != "" {
		return nil, unreadable(meta, errors.New("the history has more entries than it gives"))
	}
	history := make([]pos.Activity, 0, len(page.Items))
	for i := range page.Items {
		activity, err := activityOf(&page.Items[i])
		if err != nil {
			return nil, unreadable(meta, err)
		}
		history = append(history, activity)
	}
	return history, replyOf(meta, nil)
}

// readAs is the end of a call that succeeded: its result, unless that could not
// be read.
func readAs[T any](result T, meta api.Meta, err error) (T, pos.Reply) {
	if err != nil {
		var none T
		return none, unreadable(meta, err)
	}
	return result, replyOf(meta, nil)
}
