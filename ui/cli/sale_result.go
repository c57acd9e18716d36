package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"centrapos/pos"
)

// Outcomes of documents that are not those of an operation.
const (
	outcomeCreated    = "created"
	outcomeUnresolved = "unresolved"
)

// resultOf is the result of a sale whose outcome is known. The truth wins over
// an interrupt: what is paid is reported as paid.
func (p *program) resultOf(rec pos.Record, op *pos.Operation) *result {
	r := &result{document: saleDocument(rec, op.ID(), string(rec.Outcome)), exit: saleExit(rec.Outcome)}
	interrupted := p.interrupts.wasAsked() && !rec.Outcome.Successful()
	switch rec.Outcome {
	case pos.OutcomeRefused:
		r.document = errorDocument(refusedOperation(rec), op.ID())
	case pos.OutcomeNotMade:
		r.document = errorDocument(heldBack(op.State(), notMade(rec, interrupted)), op.ID())
	case pos.OutcomeOpen, pos.OutcomePaid, pos.OutcomePartlyPaid, pos.OutcomeAuthorized,
		pos.OutcomeCancelled, pos.OutcomeExpired, pos.OutcomeVoided,
		pos.OutcomeRefunded, pos.OutcomeConfirmed, pos.OutcomeReleased, pos.OutcomePaidLate:
	}
	if interrupted {
		r.exit = exitInterrupt
	}
	return r
}

// saleExit is the exit code of a sale's outcome.
func saleExit(o pos.Outcome) int {
	switch o {
	case pos.OutcomePaid, pos.OutcomeAuthorized, pos.OutcomeRefunded, pos.OutcomeConfirmed, pos.OutcomeReleased:
		return exitDone
	case pos.OutcomePartlyPaid:
		return exitPartlyPaid
	case pos.OutcomeCancelled:
		return exitCancelled
	case pos.OutcomeExpired:
		return exitExpired
	case pos.OutcomeVoided, pos.OutcomePaidLate:
		return exitVoided
	case pos.OutcomeRefused, pos.OutcomeNotMade:
		return exitRefused
	case pos.OutcomeOpen:
		return exitUnresolved
	}
	return exitInternal
}

// unresolved is the result of an operation that is left to recovery.
func (p *program) unresolved(rec pos.Record, op *pos.Operation, exit int) *result {
	doc := saleDocument(rec, op.ID(), outcomeUnresolved)
	doc.add("error", p.notKnown(rec, op))
	return &result{document: doc, exit: exit}
}

// notKnown is the error of an operation whose end is not known: what must not be
// done, what finishes it, and where to look.
func (p *program) notKnown(rec pos.Record, op *pos.Operation) *failure {
	f := &failure{Code: pos.CodeOutcomeUnknown, Reason: rec.Detail}
	if trouble := op.LedgerTrouble(); trouble != nil {
		f.Reason = trouble.Error()
	}
	switch rec.Kind {
	case pos.KindSale:
		f.Message = "the outcome is not known yet: do not charge again; run \"centrapos recover\""
	case pos.KindVoid, pos.KindRefund, pos.KindConfirm, pos.KindRelease:
		f.Message = fmt.Sprintf("it is not known whether Centrapay carried the %s out: do not repeat it; run \"centrapos recover\"", kindWord(rec.Kind))
	}
	f.Message += ", or look with \"" + lookCommand(rec.Service, rec.Request.ID, op.ID()) + "\""
	if key := keyTurnedAway(op.State()); key != "" {
		f.Message += ". " + key
	}
	return f
}

// saleDocument is the request as the service has it, with what is ours to say.
func saleDocument(rec pos.Record, op pos.OpID, outcome string) *object {
	doc := requestObject(rec)
	doc.add("outcome", outcome)
	doc.add("ledgerId", op)
	if rec.Outcome == pos.OutcomeCancelled && rec.Request.CancellationReason == "" && rec.VoidOf(rec.Request.ID).Done {
		doc.add("cancellationReason", "CANCELLED_BY_MERCHANT") // our own void, not read back
	}
	if rec.Word != nil {
		doc.add("word", rec.Word)
	}
	back := rec.Returned
	for _, stray := range rec.StraysGivenBack() { // paid besides, for the same sale
		if sum := rec.VoidOf(stray.ID).Returned; sum.IsKnown() && (!back.IsKnown() || back.Currency() == sum.Currency()) {
			back = back.Add(sum)
		}
	}
	if back.IsKnown() {
		doc.add("returned", back)
	}
	addDiffers(doc, rec)
	return doc
}

// requestObject is the service's own object of a record's request, or as much
// of it as is known.
func requestObject(rec pos.Record) *object {
	if len(rec.Request.Document) > 0 && json.Valid(rec.Request.Document) {
		return &object{own: rec.Request.Document}
	}
	doc := &object{}
	known := func(name, value string) {
		if value != "" {
			doc.add(name, value)
		}
	}
	known("id", rec.Request.ID)
	known("shortCode", rec.Request.ShortCode)
	known("url", rec.Request.URL)
	known("status", string(rec.Request.Status))
	known("externalRef", rec.Sale.ExternalRef)
	if amount := rec.Amount(); amount.IsKnown() {
		doc.add("value", amount)
	}
	return doc
}

// errorDocument is the document of an operation that did nothing.
func errorDocument(f *failure, op pos.OpID) *object {
	doc := &object{}
	doc.add("error", f)
	doc.add("ledgerId", op)
	return doc
}

func notMade(rec pos.Record, interrupted bool) *failure {
	if interrupted {
		f := failureOf(errInterrupted)
		f.Reason = rec.Detail
		return f
	}
	what := "nothing was made and no money moved"
	if !rec.NothingMoved() {
		what = "nothing came of it. " + strings.TrimSuffix(whetherMoved(rec), ".")
	}
	return unanswered(what, pos.Reply{Detail: rec.Detail})
}
