package pos

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// This file is what stands between a person who asks again and money that goes back, or
// is drawn, once too often: while it is not known what became of an operation on a
// payment request, nothing else is begun on it that would be too much if that one has
// worked. All forms of the API that see the request count (ServiceFamily).

// RefusedNotInForm: the form of the API that is spoken does not have what was asked
// for; nothing was sent.
const RefusedNotInForm = "NOT_IN_FORM"

// earlier is an operation on a payment request as the ledger has it.
type earlier struct {
	id  OpID
	rec Record
}

// earlierOn reads the operations that were seen on a payment request, and those sales
// of it that are being voided.
func (t *Till) earlierOn(ctx context.Context, seen []OpID, requestID string) ([]earlier, error) {
	sale, err := t.ledger.SaleOf(ctx, requestID)
	if err != nil {
		return nil, &LedgerError{Err: err}
	}
	ids := seen
	if sale != "" {
		ids = append(ids[:len(ids):len(ids)], sale)
	}
	list := make([]earlier, 0, len(ids))
	for _, id := range ids {
		entries, err := t.ledger.Entries(ctx, id)
		if err != nil {
			return nil, &LedgerError{Err: err}
		}
		if rec := Replay(entries); rec.Kind != KindSale || !rec.Closed() && rec.VoidOf(requestID).Unsure() {
			list = append(list, earlier{id: id, rec: rec})
		}
	}
	return list, nil
}

// mayBegin says why an operation is not begun beside the earlier ones on its request;
// nil where it may. It reads the service only where one of those is open.
func (t *Till) mayBegin(ctx context.Context, all []earlier, wanted Record, fresh bool) error {
	var unknown []Record
	for _, e := range all {
		if wanted.Kind == KindVoid && e.rec.Kind == KindSale {
			continue // its own void; one more does nothing twice
		}
		switch counts, err := t.mayStillHappen(ctx, e); {
		case err != nil:
			return err
		case counts && e.rec.touches(wanted):
			unknown = append(unknown, e.rec)
		}
	}
	for _, rec := range unknown {
		switch {
		case wanted.takesAll() || rec.takesAll():
			return unfinished(rec, wanted)
		case fresh && rec.Kind == wanted.Kind && rec.Amount().Equal(wanted.Amount()):
			return unfinished(rec, wanted)
		}
	}
	if len(unknown) > 0 && !t.stillFits(ctx, all, unknown, wanted) {
		return unfinished(unknown[0], wanted)
	}
	return nil
}

// mayStillHappen reports whether it is not known what became of an operation. One that
// never left, and whose process has ended, is over.
func (t *Till) mayStillHappen(ctx context.Context, e earlier) (bool, error) {
	switch {
	case e.rec.Kind == KindSale:
		return true, nil
	case e.rec.Outcome != OutcomeOpen:
		return false, nil
	case e.rec.Action.Sent > 0 || len(e.rec.Voids) > 0 || t.runningOp(e.id) != nil:
		return true, nil
	}
	mine, err := t.ledger.Claim(ctx, e.id)
	if err != nil {
		return false, &LedgerError{Err: err}
	}
	if mine {
		_, err = t.recover(ctx, e.id, Resumed{})
	}
	return !mine, err
}

// takesAll reports whether an operation is about all that a payment request holds: a
// void, also of a sale, and a release.
func (r Record) takesAll() bool { return r.Kind != KindRefund && r.Kind != KindConfirm }

// touches reports whether two operations can be about the same money of their payment
// request. Refunds of different confirmations are not, nor is the refund of one with
// another drawing.
func (r Record) touches(o Record) bool {
	if r.takesAll() || o.takesAll() {
		return true
	}
	one, other := r.pool(), o.pool()
	switch {
	case r.Kind == KindConfirm && o.Kind == KindConfirm:
		return true
	case r.Kind == KindConfirm || o.Kind == KindConfirm:
		return one == other || r.Kind == KindRefund && one == "" || o.Kind == KindRefund && other == ""
	}
	return one == "" || other == "" || one == other
}

// pool names the confirmation whose money an operation is about; empty for a refund of
// none in particular.
func (r Record) pool() string {
	if r.Kind == KindConfirm {
		return r.Confirm.Key
	}
	return r.Refund.ConfirmationKey
}

// stillFits reports whether an amount certainly fits beside the unknown ones, as if
// they had all worked: by what the service lists, less what it does not list yet.
func (t *Till) stillFits(ctx context.Context, all []earlier, unknown []Record, wanted Record) bool {
	left, history, known := t.leftFor(ctx, wanted)
	if !known {
		return false
	}
	listed := listing{history: history}
	for _, rec := range slices.Concat(didOf(all, wanted), unknown) {
		gone := rec.moved()
		switch {
		case listed.has(rec):
		case gone.Currency() != left.Currency():
			return false
		default:
			left = left.Sub(gone)
		}
	}
	return wanted.Amount().Currency() == left.Currency() && wanted.Amount().Cmp(left) <= 0
}

// didOf are the earlier ones that took of the same money and are known to have worked.
func didOf(all []earlier, wanted Record) []Record {
	var did []Record
	for _, e := range all {
		if e.rec.Outcome == doneAs(e.rec.Kind) && e.rec.touches(wanted) {
			did = append(did, e.rec)
		}
	}
	return did
}

// leftFor gives what the service says is left for a refund or a confirmation, and the
// history by which it does.
func (t *Till) leftFor(ctx context.Context, wanted Record) (left Money, history []Activity, known bool) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	req, reply := t.payments.Get(ctx, wanted.Target.RequestID)
	if reply.Answer != AnswerDone || req.ID != wanted.Target.RequestID {
		return Money{}, nil, false
	}
	history, reply = t.payments.Activities(ctx, req.ID)
	switch {
	case reply.Answer == AnswerRefused && reply.Refusal.Code == RefusedNotInForm:
		left, known = leftWithoutHistory(req, wanted)
		return left, nil, known
	case reply.Answer != AnswerDone:
		return Money{}, nil, false
	case wanted.Kind == KindConfirm:
		left, known = LeftToConfirm(req, history)
	default:
		left, known = LeftToRefund(req, history, wanted.Refund.ConfirmationKey)
	}
	return left, history, known
}

// doneAs is the outcome by which a refund or a confirmation took its amount.
func doneAs(kind Kind) Outcome {
	if kind == KindConfirm {
		return OutcomeConfirmed
	}
	return OutcomeRefunded
}

// listing finds operations in a history, each entry for one of them.
type listing struct {
	history []Activity
	taken   []int
}

// has reports whether the history lists an operation: the very entry that the service
// answered with, one under its name, or one without a name of the same amount. Should
// that one be another's, the service itself refuses what is too much.
func (l *listing) has(rec Record) bool {
	said := rec.Action.Activity
	for _, fits := range []func(Activity) bool{
		func(a Activity) bool {
			return rec.Action.Done && (said.ID != "" && a.ID == said.ID || said.ShortCode != "" && a.ShortCode == said.ShortCode)
		},
		func(a Activity) bool { return rec.inHistory([]Activity{a}) != nil },
		func(a Activity) bool { return a.ExternalRef == "" && a.Key == "" && a.Value.Equal(rec.moved()) },
	} {
		for i, a := range l.history {
			if a.answers(rec.Kind) && !slices.Contains(l.taken, i) && fits(a) {
				l.taken = append(l.taken, i)
				return true
			}
		}
	}
	return false
}

// leftWithoutHistory is what was paid, at a service that lists nothing: what is left of
// it is known by this ledger's refunds alone.
func leftWithoutHistory(req Request, wanted Record) (Money, bool) {
	if wanted.Kind != KindRefund || req.Status != StatusPaid {
		return Money{}, false
	}
	if paid := req.PaidTotal(); paid.IsKnown() {
		return paid, true
	}
	return req.Value, req.Value.IsKnown()
}

// unfinished says why an operation is not begun while it is not known what became of an
// earlier one.
func unfinished(rec, wanted Record) error {
	if rec.Kind == KindSale {
		return &InputError{Code: CodeOutcomeUnknown,
			Problem: "the void of the sale's payment has no answer yet, so that nothing else may be done with it",
			Remedy:  "let it finish"}
	}
	what := map[Kind]string{KindVoid: "void", KindRefund: "refund", KindConfirm: "confirmation", KindRelease: "release"}[rec.Kind]
	if !rec.takesAll() && rec.Amount().IsKnown() {
		what += " of " + rec.Amount().Format()
	}
	problem := fmt.Sprintf("an earlier %s, begun %s, is not finished, so that another could be one too many", what, rec.OpenedAt.Format(time.DateTime))
	name := map[Kind]string{KindRefund: "reference", KindConfirm: "key"}[rec.Kind]
	switch {
	case name == "":
		return &InputError{Code: CodeOutcomeUnknown, Problem: problem, Remedy: "let it finish first"}
	case wanted.Kind != rec.Kind:
		return &InputError{Code: CodeOutcomeUnknown, Problem: problem, Remedy: fmt.Sprintf("let it finish first; its %s is %s", name, rec.Reference())}
	}
	return &InputError{Code: CodeOutcomeUnknown, Problem: problem,
		Remedy: fmt.Sprintf("let it finish, or go on with it by its %s %s; one that is really another, and certainly fits beside it, needs a %s of its own",
			name, rec.Reference(), name)}
}
