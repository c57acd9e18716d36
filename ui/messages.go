package ui

import (
	"errors"
	"fmt"
	"strings"

	"centrapos/pos"
)

// This file holds what the till says of money: what happened, whether money
// moved, and what to do next, in that order.

// verdict is how a payment ended, in words.
type verdict struct {
	word     string // the one big word
	tone     verdictTone
	happened string
	moved    string // whether money moved
	next     string // what to do now
	code     string // small, for support
}

type verdictTone int

const (
	verdictNeutral verdictTone = iota
	verdictPaid
	verdictWarn
	verdictDanger
)

const (
	noMoney     = "No money moved."
	chargeAgain = "Charge again if the customer still wants it."
)

// verdictOf says how an operation ended.
func verdictOf(s pos.State) verdict {
	rec := s.Record
	if rec.Kind != pos.KindSale && rec.Kind != "" {
		return actionVerdict(s)
	}
	v := verdict{code: supportCode(rec)}
	switch rec.Outcome {
	case pos.OutcomePaid:
		v.word, v.tone = "PAID", verdictPaid
		v.happened, v.next = "Centrapay has the money for you.", "Hand over the goods."
	case pos.OutcomePaidLate:
		v.word, v.tone = "PAID LATE", verdictWarn
		v.happened = "The customer's money came in after the till had given up."
		v.next = "Hand over the goods, or give the money back."
	case pos.OutcomePartlyPaid:
		v.word, v.tone = "PART PAID", verdictWarn
		v.happened = "Centrapay has a part of the money for you; the rest is still owed."
		v.next = "Take the rest another way, or give back what was paid."
	case pos.OutcomeAuthorized:
		v.word, v.tone = "HELD", verdictPaid
		v.happened, v.next = "The money is held for you; it is not taken yet.", "Draw it down when the goods leave."
	case pos.OutcomeCancelled:
		v.word, v.happened, v.moved, v.next = "CANCELLED", cancelled(rec), returned(rec), chargeAgain
	case pos.OutcomeExpired:
		v.word, v.happened, v.moved, v.next = "EXPIRED", "Time ran out before the customer paid.", returned(rec), chargeAgain
	case pos.OutcomeVoided:
		v.word, v.tone, v.moved, v.next = "VOIDED", verdictWarn, returned(rec), chargeAgain
		v.happened = voided(rec)
	case pos.OutcomeRefunded:
		v.word, v.happened = "REFUNDED", "Centrapay gives "+rec.Returned.Format()+" back to the customer."
	case pos.OutcomeConfirmed:
		v.word, v.happened = "CONFIRMED", "Centrapay has drawn "+rec.Amount().Format()+" from what was held for you."
	case pos.OutcomeReleased:
		v.word, v.happened = "RELEASED", "The money that was held goes back to the customer."
	case pos.OutcomeRefused:
		v.word, v.tone, v.moved = "REFUSED", verdictDanger, noMoney
		v.happened, v.next = refusal(rec.Refusal)
	case pos.OutcomeNotMade:
		v.word, v.tone, v.moved = "NOT MADE", verdictWarn, noMoney
		v.happened, v.next = notMade(rec)
	case pos.OutcomeOpen:
		v.word, v.tone, v.happened = "NOT KNOWN YET", verdictDanger, "Nobody knows yet whether this was paid."
		v.next = "Do not charge again. The till goes on asking."
	default:
		v.word, v.tone = strings.ToUpper(string(rec.Outcome)), verdictWarn
		v.happened, v.next = "The payment ended in a way this till does not know.", "Ask Centrapay support before you charge again."
	}
	return v
}

// voided says why the till called a payment off.
func voided(rec pos.Record) string {
	switch rec.Stop {
	case pos.WhyDeadline:
		return "Centrapay could not say in time whether it was paid, so the till called it off."
	case pos.WhyRecovery:
		return "The till had stopped while the payment was open, so it called it off."
	case pos.WhyDiffers:
		return "Centrapay asked the customer for something else than the till, so the till called it off."
	case pos.WhyNone, pos.WhyStaff, pos.WhyShutdown, pos.WhyReplaced:
	}
	return "The till called the payment off."
}

// returned says whether money moved in a payment that came to nothing.
func returned(rec pos.Record) string {
	paid := rec.Request.PaidTotal()
	switch {
	case rec.Returned.Sign() > 0:
		return "The customer had paid: " + rec.Returned.Format() + " has been given back."
	case paid.Sign() > 0:
		return "The customer had paid " + paid.Format() + "; Centrapay has given it back."
	case rec.ReturnUnknown(), rec.VoidOf(rec.Request.ID).Unsure():
		return "If anything was paid, Centrapay has given it back."
	}
	return noMoney
}

// cancelled says who or what cancelled a payment, by the service's reason
// (Payment Requests, cancellation reasons).
func cancelled(rec pos.Record) string {
	reason := rec.Request.CancellationReason
	words, known := cancellations[reason]
	switch {
	case rec.Stop == pos.WhyStaff && (reason == "" || reason == "CANCELLED_BY_MERCHANT"):
		return "You stopped this payment."
	case rec.Stop == pos.WhyShutdown && (reason == "" || reason == "CANCELLED_BY_MERCHANT"):
		return "The till was closed while the payment was open."
	case known:
		return words
	case reason == "":
		return "The payment was cancelled."
	}
	return "The payment was cancelled: " + reason + "."
}

var cancellations = map[string]string{
	"CANCELLED_BY_MERCHANT":        "The payment was cancelled from your side.",
	"CANCELLED_BY_PATRON":          "The customer cancelled the payment.",
	"DECLINED_BY_MERCHANT":         "You declined what Centrapay asked you to check.",
	"DECLINED_BY_PATRON":           "The customer declined the payment.",
	"PATRON_CODE_INVALID":          "The customer's code is not one Centrapay knows.",
	"PATRON_CODE_EXPIRED":          "The customer's code is too old. Ask for a fresh one.",
	"PAYMENT_FAILED":               "The payment failed; Centrapay does not say why.",
	"PAYMENT_DECLINED":             "The customer's payment was declined.",
	"PAYMENT_REQUEST_EXPIRED":      "Time ran out before the customer paid.",
	"NO_AVAILABLE_PAYMENT_OPTIONS": "The customer has nothing that can pay for this here.",
	"INACTIVE_ASSET":               "What the customer wanted to pay with is not active.",
	"INSUFFICIENT_ASSET_VALUE":     "The customer's balance is too small.",
	"FAILED_TO_GET_PAYMENT_STATUS": "Centrapay could not find out how the payment went.",
	"LINE_ITEMS_INVALID":           "Centrapay could not read the lines of the sale.",
}

// refusal says what the service refused, and what to do about it.
func refusal(r *pos.Refusal) (happened, next string) {
	if r == nil {
		return "Centrapay refused the payment.", "Try again. If it happens again, ask Centrapay support."
	}
	words, known := refusals[r.Code]
	if !known {
		words = [2]string{"Centrapay refused the payment.", "Try again. If it happens again, give Centrapay support the code below."}
	}
	happened = words[0]
	if r.Reason != "" {
		happened += " It says: " + sentence(r.Reason)
	}
	return happened, words[1]
}

const askOwner = "Tell whoever set this till up; they can run: centrapos doctor"

var refusals = map[string][2]string{
	"UNAUTHORIZED":                 {"Centrapay does not accept this till's key.", askOwner},
	"FORBIDDEN":                    {"This till is not allowed to ask for payment, or its settings name something Centrapay does not have.", askOwner},
	"BAD_REQUEST":                  {"Centrapay did not accept what the till sent.", "Try again. If it happens again, give Centrapay support the code below."},
	"NO_AVAILABLE_PAYMENT_OPTIONS": {"Nothing that this shop takes fits this payment.", askOwner},
	"PATRON_CODE_INVALID":          {"The customer's code is wrong or too old.", "Ask for a fresh one and scan it again."},
	"CHECKSUM_FAILED":              {"The customer's code was misread.", "Scan it again."},
	"LINE_ITEMS_SUM_CHECK_FAILED":  {"The lines do not add up to the amount.", "Check the basket, then try again."},
	"INVALID_MERCHANT_CONFIG":      {"Centrapay cannot use this till's settings.", askOwner},
	"RATE_LIMIT_EXCEEDED":          {"Centrapay is being asked too often.", "Wait a minute, then try again."},
}

func notMade(rec pos.Record) (happened, next string) {
	if rec.Stop != pos.WhyNone {
		return "The payment was stopped before there was a code to pay.", chargeAgain
	}
	return "Centrapay could not be reached, so no payment was asked for.", "Check the network, then try again."
}

// supportCode is what Centrapay support asks for, small at the end.
func supportCode(rec pos.Record) string {
	var parts []string
	if r := rec.Refusal; r != nil {
		parts = append(parts, "code "+r.Code)
		if r.Status != 0 {
			parts = append(parts, fmt.Sprintf("status %d", r.Status))
		}
	}
	if reason := rec.Request.CancellationReason; reason != "" && rec.Outcome == pos.OutcomeCancelled {
		parts = append(parts, "code "+reason)
	}
	if rec.Outcome == pos.OutcomeNotMade && rec.Detail != "" {
		parts = append(parts, rec.Detail)
	}
	return strings.Join(parts, " · ")
}

// notBegun says why a payment was not begun. Nothing was sent then.
func notBegun(err error) verdict {
	v := verdict{word: "NOT STARTED", tone: verdictWarn, moved: "Nothing was sent and no money moved."}
	var input *pos.InputError
	var ledger *pos.LedgerError
	switch {
	case errors.As(err, &input):
		v.happened, v.next, v.code = sentence(input.Problem), sentence(input.Remedy), "code "+input.Code
	case errors.As(err, &ledger):
		v.happened = "The till could not write the payment down, so it did not ask for it."
		v.next = "Check that the disk is not full, then try again."
		v.code = "code " + pos.CodeLedger + " · " + ledger.Err.Error()
	case errors.Is(err, pos.ErrTillClosed):
		v.happened, v.next = "The till is closing.", "Start it again to take payment."
	default:
		v.happened, v.next, v.code = "The payment could not be started.", "Try again.", err.Error()
	}
	return v
}

// status is what a payment under way is doing, in words.
type status struct {
	word   string // what the money is doing
	tone   tone
	busy   bool // a spinner stands before it
	advice string
}

const notKnown = "NOT KNOWN YET - do not charge again"

// recordTrouble is what staff read while the till's own record cannot be written.
const recordTrouble = "The till's own record cannot be written. It keeps asking Centrapay how the payment stands, " +
	"but sends nothing new until it can. Check that the disk is not full."

// statusOf says what a payment is doing.
func statusOf(now snapshot, begun, stopWanted bool) status {
	s := now.state
	switch {
	case !begun && stopWanted:
		return status{word: "Stopping…", busy: true, advice: "Nothing has been sent yet."}
	case !begun:
		return status{word: "Writing it down", busy: true, advice: "The till notes the payment before it asks for it."}
	}
	switch s.Phase() {
	case pos.PhaseAsking:
		return statusAsking(s)
	case pos.PhaseSearching:
		return status{word: notKnown, tone: toneDanger, busy: true,
			advice: "Centrapay's answer was lost. The till is finding out what became of the payment."}
	case pos.PhaseWaiting:
		return statusWaiting(s)
	case pos.PhaseStopping:
		return statusStopping(s)
	case pos.PhaseEnded:
		return status{word: verdictOf(s).word}
	}
	return status{word: notKnown, tone: toneDanger}
}

func statusAsking(s pos.State) status {
	if s.Reconnecting() {
		return status{word: "Reconnecting…", tone: toneWarn, busy: true,
			advice: "Centrapay cannot be reached. Nothing has been charged; the till is trying again."}
	}
	return status{word: "Asking for a code", busy: true, advice: "Centrapay is making the payment code."}
}

func statusWaiting(s pos.State) status {
	if pending := s.PendingConditions(); len(pending) > 0 {
		return status{word: "Check: " + pending[0].Message, tone: toneWarn, advice: "Centrapay waits for your answer."}
	}
	if waiting := s.Record.Request.Awaiting(pos.ConditionAwaitingPatron); len(waiting) > 0 {
		return status{word: "Check: " + waiting[0].Message, tone: toneWarn, busy: true,
			advice: "The customer must answer this on their phone. There is nothing for you to do."}
	}
	if s.Reconnecting() {
		return status{word: "Reconnecting…", tone: toneWarn, busy: true,
			advice: "The line is down; the customer may still be paying. The till keeps asking. Do not charge again."}
	}
	if answered := s.Record.Request.Awaiting(pos.ConditionAwaitingMerchant); len(answered) > 0 {
		return status{word: "Telling Centrapay your answer", busy: true, advice: "The payment goes on after that."}
	}
	return status{word: "Waiting for the customer", busy: true,
		advice: "Scan with Payap, a Centrapay app or the phone's camera"}
}

func statusStopping(s pos.State) status {
	if s.Unresolved() {
		return status{word: notKnown, tone: toneDanger, busy: true,
			advice: "The till has asked Centrapay to stop this payment and has no sure answer. It keeps asking until it has."}
	}
	return status{word: "Stopping…", tone: toneWarn, busy: true,
		advice: "Centrapay is being told. If the customer has just paid, that is what you will see."}
}
