package cli

import (
	"fmt"

	"centrapos/pos"
	"centrapos/ui/widget"
)

// outcomeLines say how an operation ended: what happened, whether money moved,
// and what to do next.
func outcomeLines(rec pos.Record) []string {
	lines := outcomeWords(rec)
	if w := rec.Word; w != nil {
		lines = append(lines, "By the word of "+widget.Clean(w.By)+", "+clock(rec.WordAt)+": "+widget.Clean(w.Note))
	}
	if rec.PaidTwice() {
		lines = append(lines, "PAID TWICE - give one back: \"centrapos refund "+widget.Clean(rec.Late[0].ID)+"\"")
	}
	return lines
}

// outcomeWords are outcomeLines for the outcome alone.
func outcomeWords(rec pos.Record) []string {
	switch rec.Outcome {
	case pos.OutcomePaidLate:
		late, _ := rec.LateRequest()
		return []string{"PAID AFTER YOU GAVE UP - " + amountText(late.Value) + " came in when the sale had ended",
			"Give it back with \"centrapos void " + widget.Clean(late.ID) + "\", or hand over the goods."}
	case pos.OutcomePaid:
		return append([]string{"PAID " + paidAmount(rec).Format()}, tenderLines(rec)...)
	case pos.OutcomePartlyPaid:
		lines := append([]string{"PAID IN PART"}, tenderLines(rec)...)
		return append(lines, "Still to pay: "+rec.Request.Remaining.Format()+" - take it another way, or void the request")
	case pos.OutcomeAuthorized:
		return append([]string{"AUTHORIZED " + paidAmount(rec).Format() + " - held, not taken yet"}, tenderLines(rec)...)
	case pos.OutcomeCancelled:
		return []string{"CANCELLED" + because(rec.Request.CancellationReason), returned(rec)}
	case pos.OutcomeExpired:
		return []string{"EXPIRED - the time ran out", returned(rec)}
	case pos.OutcomeVoided:
		return []string{"VOIDED" + voidedBecause(rec), returned(rec)}
	case pos.OutcomeRefunded:
		return refundedLines(rec)
	case pos.OutcomeConfirmed:
		return []string{"CONFIRMED " + amountText(rec.Amount()) + " - drawn from what was held"}
	case pos.OutcomeReleased:
		if rec.Returned.Sign() > 0 {
			return []string{"RELEASED " + rec.Returned.Format() + " - it goes back to the customer"}
		}
		return []string{"RELEASED - what was still held goes back to the customer"}
	case pos.OutcomeRefused:
		return []string{"REFUSED by Centrapay" + because(refusalText(rec)), "No money moved."}
	case pos.OutcomeNotMade:
		return []string{"NOT MADE - Centrapay could not be asked; no money moved", widget.Clean(rec.Detail)}
	case pos.OutcomeOpen:
	}
	return []string{"NOT KNOWN YET - do not charge again"}
}

// paidAmount is what the customer paid: what the assets add up to, where the
// service lists them all in one currency, else the request's value.
func paidAmount(rec pos.Record) pos.Money {
	total := rec.Request.PaidTotal()
	if total.IsKnown() && total.Currency() == rec.Amount().Currency() {
		return total
	}
	if rec.Request.Value.IsKnown() {
		return rec.Request.Value
	}
	return rec.Amount()
}

// tenderLines are the assets that paid, by the description that the service
// gives for people.
func tenderLines(rec pos.Record) []string {
	var lines []string
	for _, t := range rec.Request.PaidBy {
		name := widget.Clean(t.Description)
		if name == "" {
			name = widget.Clean(t.AssetType)
		}
		amount := ""
		if t.Total.IsKnown() {
			amount = t.Total.Format()
		}
		lines = append(lines, fmt.Sprintf("  %-30s %s", name, amount))
	}
	return lines
}

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return " - " + widget.Clean(reason)
}

func refusalText(rec pos.Record) string {
	switch {
	case rec.Refusal == nil:
		return ""
	case rec.Refusal.Reason != "":
		return rec.Refusal.Reason + " (" + rec.Refusal.Code + ")"
	}
	return rec.Refusal.Code
}

func voidedBecause(rec pos.Record) string {
	switch rec.Stop {
	case pos.WhyReplaced:
		return " - another sale takes its place"
	case pos.WhyDeadline:
		return " - no final answer came in time"
	case pos.WhyRecovery:
		return " - nobody was watching it any more"
	case pos.WhyNone, pos.WhyStaff, pos.WhyShutdown:
	}
	return ""
}

// returned says what became of the customer's money when nothing was sold.
func returned(rec pos.Record) string {
	switch {
	case rec.Returned.Sign() > 0:
		return rec.Returned.Format() + " was given back to the customer."
	case len(rec.Request.PaidBy) > 0:
		return "Centrapay lists payments towards it: look at \"centrapos status " + widget.Clean(rec.Request.ID) + "\"."
	}
	return "No money moved."
}
