package ui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"centrapos/pos"
	"centrapos/ui/widget"
	"centrapos/ui/words"
)

// This file says what is on record, and what Centrapay lists, in plain words.

// eventLines draws what happened at a time, in lines of width columns.
func eventLines(when, what lipgloss.Style, width int, clock, text string) []string {
	const clockWidth = 8
	var out []string
	for i, line := range widget.Wrap(text, width-clockWidth-1) {
		if i > 0 {
			clock = ""
		}
		out = append(out, when.Render(widget.Fit(clock, clockWidth, widget.Start))+" "+what.Render(line))
	}
	return out
}

// factWords says a fact of the till's record; empty for what tells staff nothing.
func factWords(rec pos.Record, fact pos.Fact) string {
	switch f := fact.(type) {
	case pos.Opened:
		return openedWords(f)
	case pos.CreateSent:
		return "Asked for it again."
	case pos.CreateNotSent:
		return "Centrapay could not be reached; nothing was sent."
	case pos.CreateRefused:
		return "Refused: " + refusedWords(words.Create, f.Refusal)
	case pos.NoAnswer:
		return "No answer came; the till goes on finding out."
	case pos.Adopted:
		return "Centrapay made the request " + f.Request.ShortCode + "."
	case pos.Noted:
		return requestWords(f.Request)
	case pos.StrayFound:
		return "A second request turned up: " + f.Request.ShortCode + ". It is being voided."
	case pos.Decided:
		return decidedWords(f)
	case pos.StopWanted:
		return stopWords(f.Why)
	case pos.PaidLate:
		return "PAID after the till had given up: " + f.Request.Value.Format() + "."
	case pos.WordGiven:
		return fmt.Sprintf("%s says it is %s: %s", f.By, f.Verdict, f.Note)
	case pos.Ended:
		return endedWords(rec, f)
	}
	return voidWords(rec, fact)
}

func openedWords(f pos.Opened) string {
	rec := pos.Replay([]pos.Entry{{Fact: f}})
	if sum := rec.Amount(); sum.IsKnown() {
		return kindWord(f.Kind) + " of " + sum.Format() + " begun."
	}
	return kindWord(f.Kind) + " begun."
}

func decidedWords(f pos.Decided) string {
	if f.Accept {
		return "Staff accepted what Centrapay asked to check."
	}
	return "Staff declined what Centrapay asked to check."
}

func stopWords(why pos.Why) string {
	switch why {
	case pos.WhyStaff:
		return "Staff stopped it."
	case pos.WhyShutdown:
		return "The till was closed."
	case pos.WhyDeadline:
		return "Time was up; the till called it off."
	case pos.WhyReplaced:
		return "Another payment was asked for in its place."
	case pos.WhyRecovery:
		return "Found open after a restart; the till called it off."
	case pos.WhyDiffers:
		return "Centrapay asked the customer for something else than the till; the till called it off."
	case pos.WhyNone:
	}
	return "Stopped."
}

func endedWords(rec pos.Record, f pos.Ended) string {
	if f.Refusal != nil && f.Outcome == pos.OutcomeRefused {
		return "REFUSED: " + refusedWords(callOf(rec.Kind), *f.Refusal)
	}
	return verdictOf(pos.State{Record: pos.Record{Kind: rec.Kind, Outcome: f.Outcome}}).word + "."
}

// voidWords says a fact about voids, refunds, confirmations and releases.
func voidWords(rec pos.Record, fact pos.Fact) string {
	switch f := fact.(type) {
	case pos.VoidSent:
		return "Void sent."
	case pos.VoidNotSent:
		return "The void could not be sent."
	case pos.VoidDone:
		if f.Reversal.Returned.IsKnown() {
			return "Voided: " + f.Reversal.Returned.Format() + " given back."
		}
		return "Voided."
	case pos.VoidRefused:
		return "Void refused: " + refusedWords(words.Void, f.Refusal)
	case pos.ActionSent:
		return kindWord(rec.Kind) + " sent."
	case pos.ActionNotSent:
		return kindWord(rec.Kind) + " could not be sent."
	case pos.ActionRefused:
		return "Refused: " + refusedWords(callOf(rec.Kind), f.Refusal)
	case pos.ActionDone:
		return doneWords(rec, f.Activity)
	case pos.ActionFound:
		return "Found in Centrapay's history: " + doneWords(rec, f.Activity)
	}
	return ""
}

func doneWords(rec pos.Record, a pos.Activity) string {
	text := "Centrapay took the " + strings.ToLower(kindWord(rec.Kind))
	if a.Value.IsKnown() {
		text += " of " + a.Value.Format()
	}
	if a.ShortCode != "" {
		text += ", " + a.ShortCode
	}
	return text + "."
}

// requestWords says how a payment request stands.
func requestWords(r pos.Request) string {
	switch {
	case r.Released():
		return "Nothing is held any more."
	case r.Authorized():
		return "HELD " + r.Value.Format() + "."
	}
	switch r.Status {
	case pos.StatusNew:
		if pending := r.Awaiting(pos.ConditionAwaitingMerchant); len(pending) > 0 {
			return "Centrapay asks: " + pending[0].Message
		}
		return "Not paid yet."
	case pos.StatusPaid:
		return "PAID " + r.Value.Format() + "."
	case pos.StatusCancelled:
		if said, known := cancellations[r.CancellationReason]; known {
			return "CANCELLED. " + said
		}
		return strings.TrimSpace("CANCELLED. " + r.CancellationReason)
	case pos.StatusExpired:
		return "EXPIRED unpaid."
	}
	return "Status: " + string(r.Status) + "."
}

// activityWords says an entry of Centrapay's history.
func activityWords(a pos.Activity) string {
	word := ""
	for _, each := range []struct {
		kind pos.ActivityType
		word string
	}{
		{pos.ActivityRequest, "Asked for"}, {pos.ActivityPreAuthRequest, "Pre-auth asked for"}, {pos.ActivityPayment, "Payment"},
		{pos.ActivityPaid, "Paid in full"}, {pos.ActivityRefund, "Given back"}, {pos.ActivityCancellation, "Cancelled"},
		{pos.ActivityExpiry, "Expired"}, {pos.ActivityAuthorization, "Held"}, {pos.ActivityConfirmation, "Drawn"},
		{pos.ActivityRelease, "Released"}, {pos.ActivityAcceptCondition, "Check accepted"}, {pos.ActivityDeclineCondition, "Check declined"},
	} {
		if a.Is(each.kind) {
			word = each.word
		}
	}
	if word == "" {
		word = string(a.Type)
	}
	if a.Value.IsKnown() {
		word += " " + a.Value.Format()
	}
	for _, more := range []string{a.ShortCode, a.ExternalRef, a.CancellationReason} {
		if more != "" {
			word += " · " + more
		}
	}
	return word
}

// callOf is the call that an operation of a kind makes.
func callOf(kind pos.Kind) words.Call {
	switch kind {
	case pos.KindVoid:
		return words.Void
	case pos.KindRefund:
		return words.Refund
	case pos.KindConfirm:
		return words.Confirm
	case pos.KindRelease:
		return words.Release
	case pos.KindSale:
	}
	return words.Create
}

// refusedWords says what the service refused, its code small at the end.
func refusedWords(call words.Call, r pos.Refusal) string {
	text := ""
	if meaning, known := words.Of(call, r.Code); known {
		text = sentence(meaning.Says)
	} else if r.Reason != "" {
		text = sentence(r.Reason)
	}
	return strings.TrimSpace(text + " (" + r.Code + ")")
}

// readingWords says why something could not be read from Centrapay. Nothing was
// changed by that.
func readingWords(r pos.Reply) string {
	if r.Answer == pos.AnswerRefused {
		return "Centrapay does not show it: " + refusedWords(words.Read, r.Refusal)
	}
	return "Centrapay could not be reached. Check the network, then try again."
}
