package cli

import (
	"strings"

	"centrapos/pos"
	"centrapos/pos/centrapay"
	"centrapos/ui/widget"
)

// ofOlderForm reports whether a service is spoken to over the first generation of the API.
func ofOlderForm(service string) bool {
	return strings.HasPrefix(service, pos.ServiceFamily(service)+"#legacy")
}

// voidCommand is the command that gives the money of a payment request back.
func voidCommand(service, requestID string) string {
	if ofOlderForm(service) {
		return "centrapos legacy void " + widget.Clean(requestID)
	}
	return "centrapos void " + widget.Clean(requestID)
}

// lookCommand is the command that shows what an operation over a service is about. What
// was begun over the first generation of the API is not for "status" to find, and what
// names a transaction alone is in the record alone.
func lookCommand(service, requestID string, op pos.OpID) string {
	_, transaction := centrapay.LegacyTransactionOf(requestID)
	switch {
	case (transaction || requestID == "") && op == "":
		return "centrapos ledger list"
	case transaction || requestID == "":
		return "centrapos ledger show " + string(op)
	case ofOlderForm(service):
		return "centrapos legacy info " + widget.Clean(requestID)
	}
	return "centrapos status " + widget.Clean(requestID)
}

// addDiffers says in a document that another amount moved than was asked for, with both.
func addDiffers(doc *object, rec pos.Record) {
	if !rec.AmountDiffers() {
		return
	}
	doc.add("amountDiffers", true)
	doc.add("amountAsked", rec.Amount())
	doc.add("amountMoved", rec.Answered())
}

// paidAllTheSame says that a sale was paid although staff declined a condition of it;
// "" where none was.
func paidAllTheSame(rec pos.Record) string {
	if rec.Kind != pos.KindSale || !rec.Outcome.Successful() {
		return ""
	}
	for _, d := range rec.Decisions {
		if d.Accept {
			continue
		}
		what := d.ConditionID
		for _, c := range rec.Request.Conditions {
			if c.ID == d.ConditionID && c.Message != "" {
				what = c.Message
			}
		}
		return "It was paid although the check \"" + widget.Clean(what) + "\" was declined here: Centrapay did not take that answer. Refund or void it if it is not to stand."
	}
	return ""
}
