package centrapay

import (
	"context"
	"fmt"
	"strings"
	"time"

	"centrapos/api"
	"centrapos/api/legacy"
	"centrapos/pos"
)

// LegacyForm is how the first generation of the API is spoken to, and what a
// void means there.
type LegacyForm int

const (
	// LegacyToday is the form that is documented today. A void cancels what is
	// unpaid and gives back what is paid.
	LegacyToday LegacyForm = iota
	// LegacyCancel is LegacyToday, but a void is a cancel: what is paid is refused.
	LegacyCancel
	// LegacyFirst is the form first published, in 2018. A void is a cancel, and
	// there is no refund.
	LegacyFirst
)

// LegacySale is what payment requests of the first generation are made with
// beside what a pos.Sale says. Nothing but Create needs it, and recovery creates
// nothing.
type LegacySale struct {
	MerchantID  string // required
	Description string
	// NotifyURL receives webhooks; it may be relative.
	NotifyURL string
}

// LegacyPayments carries out the payment rules' calls over the first generation
// of the API, requests.*. It is safe for concurrent use.
//
// What that generation does not have is refused with NOT_IN_FORM, and nothing is
// sent: look-ups by reference and short code, conditions, pre-auths, histories, and
// sales in parts, with lines or without the customer. A refund asks for the
// transaction that paid first, and for money back only when it knows that.
type LegacyPayments struct {
	client *legacy.Client
	form   LegacyForm
	sale   LegacySale
}

var _ pos.Payments = LegacyPayments{}

// NewLegacy gives the Payments of a client's service in one form of the first
// generation.
func NewLegacy(client *api.Client, form LegacyForm, sale LegacySale) LegacyPayments {
	var opts []legacy.Option
	if form == LegacyFirst {
		opts = append(opts, legacy.AsFirstPublished())
	}
	return LegacyPayments{client: legacy.New(client, opts...), form: form, sale: sale}
}

// Create makes a payment request for a sale (Legacy payment requests, Create).
// What the form cannot say is not left out but refused, as the customer would be
// asked for something else. The first form has no terminals and devices either,
// which only inform. An answer about another amount, currency or merchant is given as
// that of Payments.Create.
func (p LegacyPayments) Create(ctx context.Context, sale pos.Sale) (pos.Request, pos.Reply) {
	if what := p.lacks(sale); what != "" {
		return pos.Request{}, notInForm(what)
	}
	got, meta, err := p.client.Create(ctx, p.createBody(sale), urgently()...)
	if err != nil {
		return pos.Request{}, replyOf(meta, err)
	}
	req, err := legacyRequestOf(got)
	if err != nil {
		req = pos.Request{ID: got.ID, ShortCode: got.ShortCode, Differs: err.Error()}
	}
	if req.Differs == "" && p.sale.MerchantID != "" && got.MerchantID != "" && p.sale.MerchantID != got.MerchantID {
		req.Differs = "it is for the merchant " + got.MerchantID + " and not for " + p.sale.MerchantID
	}
	return req, replyOf(meta, nil)
}

// lacks names what a sale asks for that the form cannot say.
func (p LegacyPayments) lacks(sale pos.Sale) string {
	switch {
	case sale.PreAuth:
		return "pre-auths"
	case sale.Partial:
		return "payments in part"
	case sale.PatronNotPresent:
		return "payments without the customer"
	case len(sale.Lines) > 0:
		return "line items"
	case p.form == LegacyFirst && sale.Barcode != "":
		return "patron codes"
	case p.form == LegacyFirst && sale.Expiry != pos.DefaultExpiry:
		return "expiry of the merchant's choice"
	}
	return ""
}

func (p LegacyPayments) createBody(sale pos.Sale) legacy.CreateRequest {
	body := legacy.CreateRequest{
		MerchantID: p.sale.MerchantID, ClientID: sale.Origin.ConfigID,
		Asset: sale.Amount.Currency().Code, Amount: api.NewBigNumber(sale.Amount.Minor()),
		Description: p.sale.Description, ExternalReference: sale.ExternalRef, NotifyURL: p.sale.NotifyURL,
	}
	if p.form == LegacyFirst {
		return body
	}
	body.PatronCode, body.PaymentExpirySeconds = sale.Barcode, int(sale.Expiry/time.Second)
	body.TerminalID, body.DeviceID = sale.Origin.TerminalID, sale.Origin.DeviceID
	return body
}

// Get reads a payment request (Legacy payment requests, Info).
func (p LegacyPayments) Get(ctx context.Context, requestID string) (pos.Request, pos.Reply) {
	got, meta, err := p.client.Info(ctx, requestID, asUrgent(ctx)...)
	if err != nil {
		return pos.Request{}, replyOf(meta, err)
	}
	req, err := legacyRequestOf(got)
	return readAs(req, meta, err)
}

// Void ends a payment request (Legacy payment requests, Void; Cancel). The answer of
// a void does not say what was given back, and the one type that is documented need not
// be for unpaid requests alone: the request is read. Where that tells nothing, a void
// that says it cancelled is done, with what it gave back not known, and any other
// counts as unanswered.
func (p LegacyPayments) Void(ctx context.Context, requestID string) (pos.Reversal, pos.Reply) {
	if p.form != LegacyToday {
		got, meta, err := p.client.Cancel(ctx, requestID, urgently()...)
		if err != nil {
			return pos.Reversal{}, replyOf(meta, err)
		}
		return pos.Reversal{Reason: string(got.CancellationReason), Unsure: mayHavePaid(got)}, replyOf(meta, nil)
	}
	got, meta, err := p.client.Void(ctx, requestID, urgently()...)
	if err != nil {
		return pos.Reversal{}, replyOf(meta, err)
	}
	cancelled := strings.EqualFold(got.Type, legacy.VoidCancel)
	after, _, err := p.client.Info(ctx, requestID, urgently()...)
	switch {
	case err != nil && cancelled:
		return pos.Reversal{Unsure: true}, replyOf(meta, nil)
	case err != nil:
		return pos.Reversal{}, unreadable(meta, fmt.Errorf("whether money was given back: %w", err))
	}
	reversal, err := legacyReversalOf(after)
	if err != nil && cancelled && after.Status == legacy.StatusCancelled {
		return pos.Reversal{Unsure: true}, replyOf(meta, nil)
	}
	reversal.Unsure = !cancelled && !reversal.Returned.IsKnown()
	return readAs(reversal, meta, err)
}

// transactionPrefix stands before the id of a transaction that takes the place of
// a payment request's.
const transactionPrefix = "transaction:"

// LegacyTransaction is the target of a refund of which only the transaction that
// paid is known. It is for this adapter alone.
func LegacyTransaction(id string) pos.Target { return pos.Target{RequestID: transactionPrefix + id} }

// LegacyTransactionOf gives the transaction back that the RequestID of such a target
// names; false for that of a payment request.
func LegacyTransactionOf(requestID string) (id string, ok bool) {
	return strings.CutPrefix(requestID, transactionPrefix)
}

// Refund gives money back (Legacy payment requests, Refund). A refund that was not
// asked for, since the transaction is not known, was not sent, however that came
// about. The answer is read as that of Payments.Refund.
func (p LegacyPayments) Refund(ctx context.Context, refund pos.Refund) (pos.Activity, pos.Reply) {
	switch {
	case p.form == LegacyFirst:
		return pos.Activity{}, notInForm("refunds")
	case refund.ConfirmationKey != "":
		return pos.Activity{}, notInForm("confirmations")
	case len(refund.Lines) > 0:
		return pos.Activity{}, notInForm("line items")
	}
	transaction, reply := p.transactionOf(ctx, refund)
	if transaction == "" {
		return pos.Activity{}, reply
	}
	got, meta, err := p.client.Refund(ctx, transaction, legacy.RefundRequest{
		Amount: api.NewBigNumber(refund.Value.Minor()), ExternalReference: refund.ExternalRef,
	}, urgently()...)
	if err != nil {
		return pos.Activity{}, replyOf(meta, err)
	}
	activity, err := legacyRefundOf(got, refund.Value.Currency())
	return readAs(activity, meta, err)
}

// transactionOf finds the transaction that is to be refunded; the reply says why
// there is none. A refund says no currency, so the request's must be the right one.
func (p LegacyPayments) transactionOf(ctx context.Context, refund pos.Refund) (string, pos.Reply) {
	if id, given := LegacyTransactionOf(refund.Target.RequestID); given {
		return id, pos.Reply{}
	}
	got, meta, err := p.client.Info(ctx, refund.Target.RequestID, urgently()...)
	reply := replyOf(meta, err)
	asked := refund.Value.Currency().Code
	switch {
	case reply.Answer == pos.AnswerRefused:
		return "", reply
	case err != nil:
		reply.Answer, reply.Detail = pos.AnswerNotSent, "the transaction to refund is not known: "+reply.Detail
		return "", reply
	case !strings.EqualFold(got.Denomination.Asset, asked):
		return "", refusedHere(reply, pos.CodeInvalidCurrency, "the payment was in "+got.Denomination.Asset+" and not in "+asked)
	case !mayHavePaid(got):
		return "", refusedHere(reply, string(api.CodeNotPaid), "the payment request is "+string(got.Status))
	case got.PaidBy.TransactionID == "":
		return "", refusedHere(reply, string(legacy.CodeTransactionNotFound), "the service does not say which transaction paid")
	}
	return got.PaidBy.TransactionID, reply
}

// GetByShortCode is refused: this generation reads requests by their ids alone.
func (p LegacyPayments) GetByShortCode(context.Context, string) (pos.Request, pos.Reply) {
	return pos.Request{}, notInForm("look-up by short code")
}

// LookUp is refused: this generation has none.
func (p LegacyPayments) LookUp(context.Context, string, pos.Origin) ([]pos.Request, pos.Reply) {
	return nil, notInForm("look-up by reference")
}

// Decide is refused: this generation has no conditions.
func (p LegacyPayments) Decide(context.Context, string, string, bool) pos.Reply {
	return notInForm("conditions")
}

// Confirm is refused: this generation has no pre-auths.
func (p LegacyPayments) Confirm(context.Context, pos.Confirm) (pos.Activity, pos.Reply) {
	return pos.Activity{}, notInForm("pre-auths")
}

// Release is refused: this generation has no pre-auths.
func (p LegacyPayments) Release(context.Context, string) (pos.Activity, pos.Reply) {
	return pos.Activity{}, notInForm("pre-auths")
}

// Activities is refused: what this generation says of a request leaves its refunds
// out, and a history that lacks something is worse than none.
func (p LegacyPayments) Activities(context.Context, string) ([]pos.Activity, pos.Reply) {
	return nil, notInForm("histories")
}

// notInForm refuses what cannot be asked for.
func notInForm(what string) pos.Reply {
	return refusedHere(pos.Reply{}, string(legacy.CodeNotInForm), "the first generation of the API, in this form, has no "+what)
}

// refusedHere is a reply that refuses what was not asked of the service.
func refusedHere(reply pos.Reply, code, reason string) pos.Reply {
	reply.Answer, reply.Detail = pos.AnswerRefused, reason
	reply.Refusal = pos.Refusal{Code: code, Reason: reason}
	return reply
}
