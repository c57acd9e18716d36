package cli

import (
	"fmt"

	"centrapos/pos"
	"centrapos/ui/widget"
	"centrapos/ui/words"
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
	for i, late := range rec.Late {
		if i > 0 { // the first is told with the outcome
			lines = append(lines, "One more payment of "+amountText(late.Value)+" came in for the same sale: give it back with \""+voidCommand(rec.Service, late.ID)+"\"")
		}
	}
	return lines
}

// outcomeWords are outcomeLines for the outcome alone.
func outcomeWords(rec pos.Record) []string {
	switch rec.Outcome {
	case pos.OutcomePaidLate:
		late, _ := rec.LateRequest()
		return []string{"PAID AFTER YOU GAVE UP - " + amountText(late.Value) + " came in when the sale had ended",
			"Give it back with \"" + voidCommand(rec.Service, late.ID) + "\", or hand over the goods."}
	case pos.OutcomePaid:
		return append(said(rec, "PAID", ""), tenderLines(rec)...)
	case pos.OutcomePartlyPaid:
		lines := append(said(rec, "PAID IN PART", ""), tenderLines(rec)...)
		return append(lines, "Still to pay: "+amountText(rec.Request.Remaining)+" - take it another way, or void the request")
	case pos.OutcomeAuthorized:
		return append(said(rec, "AUTHORIZED", " - held, not taken yet"), tenderLines(rec)...)
	case pos.OutcomeCancelled:
		if rec.Kind == pos.KindRelease {
			return []string{"CANCELLED - it had never been authorized", "No money moved."}
		}
		return []string{"CANCELLED" + because(rec.Request.CancellationReason), returned(rec)}
	case pos.OutcomeExpired:
		return []string{"EXPIRED - the time ran out", returned(rec)}
	case pos.OutcomeVoided:
		return []string{"VOIDED" + voidedBecause(rec), returned(rec)}
	case pos.OutcomeRefunded:
		return refundedLines(rec)
	case pos.OutcomeConfirmed:
		return confirmedLines(rec)
	case pos.OutcomeReleased:
		return releasedLines(rec)
	case pos.OutcomeRefused:
		return refusedLines(rec)
	case pos.OutcomeNotMade:
		switch {
		case rec.WrittenOff && !rec.NothingMoved():
			return append(lostLines(rec), whetherMoved(rec))
		case rec.WrittenOff:
			return lostLines(rec)
		}
		return []string{"NOT MADE - Centrapay could not be asked", whetherMoved(rec), widget.Clean(rec.Detail)}
	case pos.OutcomeOpen:
	}
	if rec.Kind == pos.KindSale {
		return []string{"NOT KNOWN YET - do not charge again"}
	}
	return []string{"NOT KNOWN YET - do not repeat it"}
}

// lostLines say of a sale whose request was lost what is known, and no more: it may
// have been made, unseen.
func lostLines(rec pos.Record) []string {
	if rec.Sale.Barcode != "" {
		return []string{"NOT MADE, as far as this till can know - it may have been made, and its time is over",
			"Ask the customer whether they were charged before goods are handed over.", widget.Clean(rec.Detail)}
	}
	return []string{"NOT MADE, as far as this till can know",
		"The answer to the request was lost. If Centrapay made it, nobody has seen its code, and its time is over: nobody paid it, and nobody can."}
}

// headline is the one big word with the amount that Centrapay says, and with the one
// that it was asked for where that is another.
func headline(word string, said, asked pos.Money) string {
	switch {
	case !said.IsKnown() && !asked.IsKnown():
		return word
	case !said.IsKnown():
		return word + " " + amountText(asked)
	case asked.IsKnown() && !said.Equal(asked):
		return word + " " + amountText(said) + ", asked for " + amountText(asked)
	}
	return word + " " + amountText(said)
}

// said is the headline of an operation that was done and, where Centrapay says another
// amount than it was asked for, that somebody has to compare.
func said(rec pos.Record, word, behind string) []string {
	lines := []string{headline(word, rec.Answered(), rec.Amount()) + behind}
	if rec.AmountDiffers() {
		lines = append(lines, "Centrapay says another amount than it was asked for: compare the two before anything else is done.")
	}
	return lines
}

func confirmedLines(rec pos.Record) []string {
	lines := said(rec, "CONFIRMED", " - drawn from what was held")
	if code := rec.Action.Activity.ShortCode; code != "" {
		lines = append(lines, "Confirmation  "+widget.Clean(code))
	}
	return append(lines, "Key           "+widget.Clean(rec.Confirm.Key))
}

func releasedLines(rec pos.Record) []string {
	switch rec.Returned.Sign() {
	case 1:
		return []string{"RELEASED " + amountText(rec.Returned) + " - it goes back to the customer"}
	default:
		if rec.Returned.IsKnown() {
			return []string{"RELEASED - all of it had been confirmed, so nothing goes back"}
		}
		return []string{"RELEASED - what was still held goes back to the customer",
			"How much that is: \"centrapos status " + widget.Clean(rec.Request.ID) + "\"."}
	}
}

// refusedLines say what the service's no means, and what to do.
func refusedLines(rec pos.Record) []string {
	var r pos.Refusal
	if rec.Refusal != nil {
		r = *rec.Refusal
	}
	says, next := refusedCode(callOf(rec.Kind), r, rec.Request.ID)
	lines := []string{"REFUSED by Centrapay - " + says}
	if r.Code == pos.CodeNotAsAsked {
		lines[0] = "CALLED OFF - " + says
	}
	if r.Reason != "" {
		lines = append(lines, "Centrapay says: "+widget.Clean(r.Reason))
	}
	lines = append(lines, whetherMoved(rec))
	if next != "" {
		lines = append(lines, next)
	}
	return lines
}

// kindWord names a kind of operation as people do.
func kindWord(kind pos.Kind) string {
	if kind == pos.KindConfirm {
		return "confirmation"
	}
	return widget.Clean(string(kind))
}

// countOf is a number of things: "1 payment", "2 payments".
func countOf(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
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
			amount = amountText(t.Total)
		}
		lines = append(lines, fmt.Sprintf("  %-30s %s", name, amount))
	}
	return lines
}

// because is why something was cancelled, the service's own name of it behind.
func because(reason string) string {
	if reason == "" {
		return ""
	}
	if says, known := words.Cancelled(reason); known {
		return " - " + says + " (" + reason + ")"
	}
	return " - " + widget.Clean(reason)
}

func voidedBecause(rec pos.Record) string {
	switch rec.Stop {
	case pos.WhyReplaced:
		return " - another sale takes its place"
	case pos.WhyDeadline:
		return " - no final answer came in time"
	case pos.WhyRecovery:
		return " - nobody was watching it any more"
	case pos.WhyDiffers:
		return " - it was not the one that was asked for"
	case pos.WhyNone, pos.WhyStaff, pos.WhyShutdown:
	}
	return ""
}

// returned says what became of the customer's money when nothing was sold.
func returned(rec pos.Record) string {
	switch {
	case rec.ReturnUnknown():
		return "Whether money went back to the customer is not known: look at \"centrapos status " + widget.Clean(rec.Request.ID) + "\"."
	case rec.Returned.Sign() > 0:
		return amountText(rec.Returned) + " was given back to the customer."
	case len(rec.Request.PaidBy) > 0:
		return "Centrapay lists payments towards it: look at \"centrapos status " + widget.Clean(rec.Request.ID) + "\"."
	}
	for _, stray := range rec.Strays {
		if back := rec.VoidOf(stray.ID).Returned; back.Sign() > 0 {
			return amountText(back) + " had been paid on another request made for it, and was given back to the customer."
		}
	}
	return "No money moved."
}
