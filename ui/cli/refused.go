package cli

import (
	"strings"

	"centrapos/api"
	"centrapos/pos"
	"centrapos/ui/widget"
	"centrapos/ui/words"
)

// This file says a definite no of the service in plain words: what it means, whether
// money moved, and what to do next.

// callOf is the call that an operation of a kind makes.
func callOf(kind pos.Kind) words.Call {
	switch kind {
	case pos.KindSale:
		return words.Create
	case pos.KindVoid:
		return words.Void
	case pos.KindRefund:
		return words.Refund
	case pos.KindConfirm:
		return words.Confirm
	case pos.KindRelease:
		return words.Release
	}
	return words.Read
}

// callWord names what was refused.
func callWord(call words.Call) string {
	switch call {
	case words.Create:
		return "the payment request"
	case words.Void:
		return "the void"
	case words.Refund:
		return "the refund"
	case words.Confirm:
		return "the confirmation"
	case words.Release:
		return "the release"
	case words.Condition:
		return "the answer to the condition"
	case words.Read:
	}
	return "this"
}

// refusedCode says what a code of the service means for a call, the code itself
// behind it for support; and what to do next.
func refusedCode(call words.Call, r pos.Refusal, requestID string) (says, next string) {
	m, known := words.Of(call, r.Code)
	if !known {
		m.Says, m.Next = "for a reason that this till has no words for", "Ask Centrapay support what it means."
	}
	says = m.Says + " (" + widget.Clean(r.Code) + ")"
	if hint := commandAfter(call, api.Code(r.Code), widget.Clean(requestID)); hint != "" {
		m.Next = strings.TrimSpace(m.Next + runAdvice(hint))
	}
	return says, m.Next
}

// runAdvice is the sentence that advises a command, with the blank before it.
func runAdvice(command string) string { return " Run \"" + command + "\"." }

// whoamiCommandLine is the command that tells what the credential may do.
const whoamiCommandLine = "centrapos whoami"

// commandAfter is the command that goes on where a call was refused; "" for none.
func commandAfter(call words.Call, code api.Code, id string) string {
	switch code { //nolint:exhaustive // the others have no command of their own
	case api.CodeUnauthorized, api.CodeForbidden:
		return whoamiCommandLine
	}
	if id == "" || call == words.Create || call == words.Read {
		return ""
	}
	switch {
	case code == api.CodeRequestPaid, code == api.CodeVoidWindowExceeded:
		return "centrapos refund " + id
	case code == api.CodeNotPaid:
		return "centrapos void " + id
	case code == api.CodePreAuthPending && call == words.Refund:
		return "centrapos release " + id
	}
	return "centrapos status " + id
}

// refusedOperation is the failure of an operation that the service refused.
func refusedOperation(rec pos.Record) *failure {
	var r pos.Refusal
	if rec.Refusal != nil {
		r = *rec.Refusal
	}
	call := callOf(rec.Kind)
	says, next := refusedCode(call, r, rec.Request.ID)
	f := refusal("", r)
	happened := "Centrapay refused " + callWord(call)
	if r.Code == pos.CodeNotAsAsked {
		happened = "The payment request was called off"
	}
	f.Message = strings.TrimSpace(happened + ": " + says + ". " + whetherMoved(rec) + " " + next)
	return f
}

// whetherMoved says of an operation that came to nothing whether money moved: also a
// sale that was refused may have given back what a customer had paid towards it.
func whetherMoved(rec pos.Record) string {
	if rec.NothingMoved() {
		return "No money moved."
	}
	return returned(rec)
}

// refusedCondition is the failure of an answer to a condition that was refused.
func refusedCondition(requestID, conditionID string, r pos.Refusal) *failure {
	says, next := refusedCode(words.Condition, r, requestID)
	f := refusal("", r)
	f.Message = strings.TrimSpace("condition " + widget.Clean(conditionID) + ": " + says + ". Nothing was changed by this answer. " + next)
	return f
}

// refusedReading is the failure of a call that changes nothing.
func refusedReading(what string, r pos.Refusal) *failure {
	says, next := refusedCode(words.Read, r, "")
	f := refusal("", r)
	f.Message = strings.TrimSpace(what + ": " + says + ". Nothing was changed. " + next)
	return f
}

// keyTurnedAway says that the till's key was turned away in the middle of an
// operation whose end is not known, which a person has to see to; "" where it was not.
func keyTurnedAway(st pos.State) string {
	rec, codes := st.Record, []string{st.Live.Trouble}
	for _, r := range []*pos.Refusal{rec.Refusal, rec.Action.Refusal, rec.VoidOf(rec.Request.ID).Refusal} {
		if r != nil {
			codes = append(codes, r.Code)
		}
	}
	for _, code := range codes {
		switch code {
		case pos.RefusedUnauthorized:
			return "Centrapay no longer takes this till's key (UNAUTHORIZED), so it cannot find out: put a key in that works, then run \"centrapos recover\"."
		case pos.RefusedForbidden:
			return "Centrapay does not let this till's key do or see this (FORBIDDEN), so it cannot find out: see \"centrapos whoami\", give the key what it lacks, then run \"centrapos recover\"."
		}
	}
	return ""
}
