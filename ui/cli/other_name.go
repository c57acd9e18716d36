package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"centrapos/pos"
	"centrapos/pos/centrapay"
	"centrapos/pos/ledger"
	"centrapos/ui/widget"
)

// This file sees to payments that have two names. A refund over the first generation of
// the API can name the transaction that paid in place of the payment request. The till
// guards a payment request by its id alone, and the service takes what is asked for
// under one name and under the other for two things.

// wish is what is to be done with a payment.
type wish struct {
	kind   pos.Kind
	target pos.Target
	req    pos.Request // as it was read; without an id where it was not
	amount pos.Money   // of a refund
	ref    string      // of a refund; "" where one is made for it
}

// underOtherName gives what the payment is to be named by, so that the till sees what was
// done with it under its other name: a refund with a reference goes on under the name
// that it was begun by. The error is that of something which is not finished under the
// other name, and may be of the same payment.
func (s *session) underOtherName(ctx context.Context, w wish) (pos.Target, error) {
	rows, err := s.otherNames(ctx, w)
	if err != nil {
		return w.target, err
	}
	for _, row := range rows {
		same, known := s.samePayment(ctx, w, row)
		twin := w.twin(row)
		switch {
		case known && !same:
			continue
		case twin && known:
			return pos.Target{RequestID: row.RequestID, ShortCode: row.ShortCode}, nil
		case twin && row.Outcome != pos.OutcomeOpen:
			return w.target, &pos.InputError{Code: pos.CodeRepeatReference,
				Problem: fmt.Sprintf("a refund of %s with the reference %s was made of %s, and whether that is the same payment cannot be told now",
					row.Amount.Format(), widget.Clean(row.ExternalRef), widget.Clean(row.RequestID)),
				Remedy: "nothing was sent; try again once Centrapay can be reached, or give one that is really another a --ref of its own"}
		case row.Outcome == pos.OutcomeOpen && (twin || s.inTheWay(ctx, w, row)):
			return w.target, besides(row, w.kind)
		}
	}
	return w.target, nil
}

// otherNames are the record's lines that name their payment in the other way than it is
// named now: what is not finished, and what has the reference.
func (s *session) otherNames(ctx context.Context, w wish) ([]ledger.Row, error) {
	rows, err := s.ledger.Unfinished(ctx)
	if err != nil {
		return nil, err
	}
	if w.ref != "" {
		named, err := s.ledger.Find(ctx, w.ref)
		if err != nil {
			return nil, err
		}
		rows = append(named, rows...)
	}
	_, mine := centrapay.LegacyTransactionOf(w.target.RequestID)
	family := pos.ServiceFamily(s.service)
	return slices.DeleteFunc(rows, func(row ledger.Row) bool {
		_, theirs := centrapay.LegacyTransactionOf(row.RequestID)
		return row.RequestID == "" || mine == theirs || pos.ServiceFamily(row.Service) != family
	}), nil
}

// twin reports whether a line of the record is the refund that is wanted, by its
// reference and amount. One that was refused or not made does not count.
func (w wish) twin(row ledger.Row) bool {
	counts := row.Outcome != pos.OutcomeRefused && row.Outcome != pos.OutcomeNotMade
	return w.kind == pos.KindRefund && row.Kind == pos.KindRefund && counts &&
		w.ref != "" && row.ExternalRef == w.ref && row.Amount.Equal(w.amount)
}

// inTheWay reports whether what is wanted could be too much beside an operation that is
// not finished, should both be of one payment.
func (s *session) inTheWay(ctx context.Context, w wish, row ledger.Row) bool {
	switch row.Kind {
	case pos.KindSale:
		entries, err := s.ledger.Entries(ctx, row.Op)
		return err != nil || pos.Replay(entries).VoidOf(row.RequestID).Unsure()
	case pos.KindVoid, pos.KindRelease:
		return true
	case pos.KindRefund:
		return w.kind != pos.KindRefund || w.ref == "" && row.Amount.Equal(w.amount)
	case pos.KindConfirm:
	}
	return false // a pre-auth, of which the first generation has none
}

// samePayment reports whether a line of the record is about the payment that is meant,
// as far as that is known: by the transaction that the service says has paid the request.
func (s *session) samePayment(ctx context.Context, w wish, row ledger.Row) (same, known bool) {
	req := w.req
	transaction, theirs := centrapay.LegacyTransactionOf(row.RequestID)
	if !theirs {
		transaction, _ = centrapay.LegacyTransactionOf(w.target.RequestID)
		var reply pos.Reply
		if req, reply = find(ctx, s.payments, row.RequestID); reply.Answer != pos.AnswerDone {
			return false, false
		}
	}
	switch paid := transactionOf(req); {
	case paid != "":
		return paid == transaction, true
	case req.ID != "" && req.Status == pos.StatusNew:
		return false, true // nothing has paid it
	}
	return false, false
}

// transactionOf is the transaction that paid a request, where the service says it.
func transactionOf(req pos.Request) string {
	var doc struct {
		PaidBy struct {
			TransactionID string `json:"transactionId"`
		} `json:"paidBy"`
	}
	if len(req.Document) == 0 || json.Unmarshal(req.Document, &doc) != nil {
		return ""
	}
	return doc.PaidBy.TransactionID
}

// besides says why nothing is begun beside an operation that is not finished.
func besides(row ledger.Row, kind pos.Kind) error {
	problem := fmt.Sprintf("an earlier %s, of %s, is not finished, and may be of the same payment", row.Kind, widget.Clean(row.RequestID))
	if row.Kind == pos.KindRefund && row.Amount.IsKnown() {
		problem = fmt.Sprintf("an earlier refund of %s, of %s, is not finished, and may be of the same payment", row.Amount.Format(), widget.Clean(row.RequestID))
	}
	remedy := "nothing was sent; let it finish first (\"centrapos recover\")"
	if row.Kind == pos.KindRefund && kind == pos.KindRefund {
		remedy = "nothing was sent; let it finish (\"centrapos recover\"), or give this one a --ref of its own"
	}
	return &pos.InputError{Code: pos.CodeOutcomeUnknown, Problem: problem, Remedy: remedy}
}
