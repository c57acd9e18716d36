package pos_test

import (
	"slices"
	"time"

	"centrapos/pos"
)

// answersAs makes a lost refund, confirmation or release look like something else.
func answersAs(answer pos.Answer, code string) func() stepFunc {
	return hears(func(s pos.State, e pos.Event) pos.Event {
		if r, ok := e.(pos.ActionReplied); ok && r.Reply.Answer == pos.AnswerUnknown {
			r.Reply.Answer, r.Reply.Refusal.Code, r.Activity = answer, code, doneActivity(s.Record.Kind)
			return r
		}
		return e
	})
}

// reads makes the till read another history than the service gave.
func reads(change func(pos.State, pos.HistoryReplied) pos.HistoryReplied) func() stepFunc {
	return hears(func(s pos.State, e pos.Event) pos.Event {
		if r, ok := e.(pos.HistoryReplied); ok {
			return change(s, r)
		}
		return e
	})
}

// sendsAs changes what is sent again.
func sendsAs(change func(pos.State, pos.Effect) pos.Effect) func() stepFunc {
	return func() stepFunc {
		return func(s pos.State, at time.Time, e pos.Event) (pos.State, []pos.Effect) {
			next, effects := pos.Step(s, at, e)
			for i := range effects {
				effects[i] = change(next, effects[i])
			}
			return next, effects
		}
	}
}

// actionMutants break the rules for refunds, confirmations and releases.
func actionMutants() map[string]mutant {
	return map[string]mutant{
		"a fresh reference for each sending of a refund": {step: sendsAs(func(s pos.State, e pos.Effect) pos.Effect {
			if send, ok := e.(pos.SendRefund); ok && s.Record.Action.Sent > 1 {
				send.Refund.ExternalRef += "-again"
				return send
			}
			return e
		})},
		"a fresh key for each sending of a confirmation": {step: sendsAs(func(s pos.State, e pos.Effect) pos.Effect {
			if send, ok := e.(pos.SendConfirm); ok && s.Record.Action.Sent > 1 {
				send.Confirm.Key += "-again"
				return send
			}
			return e
		})},
		"another amount is sent again": {step: sendsAs(func(s pos.State, e pos.Effect) pos.Effect {
			if send, ok := e.(pos.SendRefund); ok && s.Record.Action.Sent > 1 {
				send.Refund.Value = cents(100)
				return send
			}
			return e
		})},
		"a refund is not written down before it leaves": {step: does(func(_ pos.State, e pos.Effect) bool {
			write, ok := e.(pos.Write)
			_, sent := write.Entry.Fact.(pos.ActionSent)
			return ok && sent
		})},
		"a lost refund counts as refused":  {step: answersAs(pos.AnswerRefused, "REFUND_DECLINED")},
		"a lost refund counts as not sent": {step: answersAs(pos.AnswerNotSent, "")},
		"a lost refund counts as done":     {step: answersAs(pos.AnswerDone, "")},
		"an answer about something else is taken": {step: hears(func(s pos.State, e pos.Event) pos.Event {
			if r, ok := e.(pos.ActionReplied); ok && r.Reply.Answer == pos.AnswerDone {
				r.Activity.Type = doneActivity(s.Record.Kind).Type
				return r
			}
			return e
		})},
		"a refusal after a lost sending is the end": {step: refusesWhen(func(_ pos.State, _ time.Time, e pos.Event) bool {
			r, ok := e.(pos.ActionReplied)
			return ok && r.Reply.Answer == pos.AnswerRefused
		})},
		// What the till did until somebody's clock was 3 s ahead of the service's.
		"an entry is ruled out by comparing clocks": {step: refusesWhen(func(s pos.State, at time.Time, e pos.Event) bool {
			r, ok := e.(pos.HistoryReplied)
			outruled, candidates := pos.Activity{}, 0
			for _, a := range r.Activities {
				switch {
				case !a.Is(pos.ActivityRefund) || a.ExternalRef != "" && a.ExternalRef != s.Record.Reference():
				case a.ExternalRef == "" && s.Live.Skew.Local(a.CreatedAt).Before(s.Record.OpenedAt.Add(-2*time.Second)):
					outruled = a
				default:
					candidates++
				}
			}
			return ok && outruled.Is(pos.ActivityRefund) && candidates == 0 && at.After(s.Record.Action.LastSent.Add(12*time.Second))
		})},
		// What the till did until a service listed a refund later than it made it.
		"a history that lists nothing yet is believed": {step: refusesWhen(func(s pos.State, at time.Time, e pos.Event) bool {
			r, ok := e.(pos.HistoryReplied)
			listed := slices.ContainsFunc(r.Activities, func(a pos.Activity) bool { return a.Is(doneActivity(s.Record.Kind).Type) })
			return ok && r.Reply.Answer == pos.AnswerDone && !listed && at.After(s.Record.Action.LastSent.Add(12*time.Second))
		})},
		"a history is not looked through": {step: reads(func(_ pos.State, r pos.HistoryReplied) pos.HistoryReplied {
			r.Activities = nil
			return r
		})},
		"a history that cannot be read says refused": {step: refusesWhen(func(_ pos.State, _ time.Time, e pos.Event) bool {
			r, ok := e.(pos.HistoryReplied)
			return ok && r.Reply.Answer == pos.AnswerRefused
		})},
		"what a person is about to settle is sent again": {step: hears(func(_ pos.State, e pos.Event) pos.Event {
			if _, ok := e.(pos.LookOnlyAsked); ok {
				return nil
			}
			return e
		})},
		"an entry without a name is taken for ours": {step: reads(func(s pos.State, r pos.HistoryReplied) pos.HistoryReplied {
			r.Activities = slices.Clone(r.Activities)
			for i := range r.Activities {
				if a := &r.Activities[i]; a.ExternalRef == "" && a.Is(pos.ActivityRefund) {
					a.ExternalRef = s.Record.Reference()
				}
			}
			return r
		})},
		"recovery sends what had never left": {step: func() stepFunc {
			return func(s pos.State, at time.Time, e pos.Event) (pos.State, []pos.Effect) {
				if _, resumed := e.(pos.Resumed); resumed && s.Record.Kind == pos.KindRefund && !s.Record.Action.Unsure() {
					s.Record.Action.Unanswered = 1
				}
				return pos.Step(s, at, e)
			}
		}},
		"a refund is tried once": {step: hears(func(_ pos.State, e pos.Event) pos.Event {
			if due, ok := e.(pos.TimerDue); ok && due.Timer == pos.TimerAction {
				return nil
			}
			return e
		})},
		"a stop calls a refund off that has left": {step: func() stepFunc {
			return func(s pos.State, at time.Time, e pos.Event) (pos.State, []pos.Effect) {
				next, effects := pos.Step(s, at, e)
				if _, stop := e.(pos.StopAsked); stop && next.Record.Outcome == pos.OutcomeOpen {
					after, more := pos.Step(next, at, pos.ActionReplied{Reply: notSent})
					return after, append(effects, more...)
				}
				return next, effects
			}
		}},
		"a release is believed to have worked": {step: hears(func(s pos.State, e pos.Event) pos.Event {
			if r, ok := e.(pos.PollReplied); ok && s.Record.Kind == pos.KindRelease {
				r.Request.PreAuthStatus = pos.PreAuthReleased
				return r
			}
			return e
		})},
	}
}

// refusesWhen ends an action as refused where the rules would not, though a sending
// may have worked.
func refusesWhen(when func(pos.State, time.Time, pos.Event) bool) func() stepFunc {
	return func() stepFunc {
		return func(s pos.State, at time.Time, e pos.Event) (pos.State, []pos.Effect) {
			next, effects := pos.Step(s, at, e)
			rec := next.Record
			if rec.Kind == pos.KindSale || rec.Kind == pos.KindVoid || rec.Outcome != pos.OutcomeOpen || rec.Action.Refusal == nil || !when(s, at, e) {
				return next, effects
			}
			ended := pos.Entry{At: at, Fact: pos.Ended{Outcome: pos.OutcomeRefused, Refusal: rec.Action.Refusal}}
			next.Record.Outcome, next.Record.Refusal, next.Record.EndedAt, next.Record.Detail = pos.OutcomeRefused, rec.Action.Refusal, at, ""
			return next, append(slices.DeleteFunc(effects, isNoWrite), pos.Write{Entry: ended})
		}
	}
}

func isNoWrite(e pos.Effect) bool {
	_, write := e.(pos.Write)
	return !write
}
