package cli

import (
	"strings"
	"time"

	"centrapos/api"
	"centrapos/pos"
)

// This file gives up what the service asks to wait for longer than anybody would, as
// long as nothing of it can have had an effect.

// unlessHeld tells of an operation, and stops it once the service asks to be left
// alone for longer than most and nothing that was sent can have worked.
func (p *program) unlessHeld(op *pos.Operation, most time.Duration, tell func(pos.State)) func(pos.State) {
	stopped := false
	return func(st pos.State) {
		tell(st)
		if stopped || !heldTooLong(st, most) {
			return
		}
		stopped = true
		p.warn("Centrapay asks to be left alone for %s, and has done nothing of this; it is given up.",
			time.Until(st.Live.HoldUntil).Round(time.Second))
		op.Stop(pos.WhyStaff)
	}
}

func heldTooLong(st pos.State, most time.Duration) bool {
	rec := st.Record
	if rec.Outcome != pos.OutcomeOpen || time.Until(st.Live.HoldUntil) <= most {
		return false
	}
	switch rec.Kind {
	case pos.KindSale:
		return rec.Request.ID == "" && rec.Unaccounted == 0
	case pos.KindRefund, pos.KindConfirm, pos.KindRelease:
		return rec.Action.Unanswered == 0 && !rec.Action.Unsure()
	case pos.KindVoid:
		return rec.VoidOf(rec.Request.ID).Sent == 0
	}
	return false
}

// heldBack says of an operation that was not made that the service turned it away for
// a while, where it did.
func heldBack(st pos.State, f *failure) *failure {
	left := time.Until(st.Live.HoldUntil)
	if f.Code != pos.CodeNetwork || left <= 0 || !strings.Contains(f.Reason, string(api.CodeRateLimitExceeded)) {
		return f
	}
	f.Code = string(api.CodeRateLimitExceeded)
	f.Message = "nothing was made and no money moved: " + tooManyCalls(left)
	return f
}
