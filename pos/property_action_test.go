package pos_test

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"centrapos/pos"
)

// inFlight counts the calls of an action that left and were not answered.
type inFlight struct {
	sends, polls, histories int
	lookOnly                bool // a person is about to settle it
}

// TestActionsHoldTheirRulesAgainstAnything feeds Step events in any order, also
// such as cannot happen, and holds what must be true of actions whatever happened.
func TestActionsHoldTheirRulesAgainstAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWalk(rt)
		kind := rapid.SampledFrom(actionKinds).Draw(rt, "kind")
		w.on(pos.Begun{Intent: actionIntent(kind)})
		first := w.last[len(w.last)-1]
		calls := inFlight{}
		calls.check(rt, w, first, pos.State{})
		for range rapid.IntRange(1, 50).Draw(rt, "events") {
			w.after(rapid.SampledFrom([]time.Duration{0, 100 * time.Millisecond, time.Second, 13 * time.Second, time.Hour}).Draw(rt, "wait"))
			e := drawActionEvent(rt, w, kind)
			before := w.s
			calls.answered(e)
			if _, asked := e.(pos.LookOnlyAsked); asked && kind != pos.KindRelease {
				calls.lookOnly = true
			}
			w.on(e)
			calls.check(rt, w, first, before)
			if rapid.IntRange(0, 15).Draw(rt, "crash") == 0 {
				w.s = pos.State{Op: w.s.Op, Record: pos.Replay(w.written)}
				calls = inFlight{}
			}
		}
	})
}

func drawActionEvent(t *rapid.T, w *walk, kind pos.Kind) pos.Event {
	activity := func() pos.Activity {
		a := doneActivity(rapid.SampledFrom([]pos.Kind{kind, kind, kind, pos.KindRelease, pos.KindRefund}).Draw(t, "type"))
		a.Key = rapid.SampledFrom([]string{"", "T1-KEY", "other"}).Draw(t, "name")
		a.ExternalRef, a.Value = a.Key, cents(rapid.Int64Range(0, 1000).Draw(t, "minor"))
		return a
	}
	switch rapid.IntRange(0, 11).Draw(t, "event") {
	case 0:
		return pos.Resumed{}
	case 10:
		return pos.LookOnlyAsked{}
	case 11:
		if kind == pos.KindRelease {
			return pos.LookBackAsked{}
		}
		return said(rapid.SampledFrom(kind.Verdicts()).Draw(t, "verdict"))
	case 1:
		return stop(rapid.SampledFrom([]pos.Why{pos.WhyStaff, pos.WhyShutdown, pos.WhyDeadline}).Draw(t, "why"))
	case 2, 3:
		timers := []pos.Timer{pos.TimerAction, pos.TimerAction, pos.TimerHistory, pos.TimerPoll, pos.TimerDeadline, pos.TimerVoid, pos.TimerCreate, pos.TimerLookUp}
		return due(rapid.SampledFrom(timers).Draw(t, "timer"))
	case 4:
		var list []pos.Activity
		for range rapid.IntRange(0, 3).Draw(t, "listed") {
			list = append(list, activity())
		}
		return pos.HistoryReplied{Reply: drawReply(t, w), Activities: list}
	case 5:
		req := drawRequest(t, w, "pr1")
		req.PreAuthStatus = rapid.SampledFrom([]string{"", "authorized", "released"}).Draw(t, "preAuth")
		return pos.PollReplied{RequestID: "pr1", Reply: drawReply(t, w), Request: req}
	case 6:
		others := []pos.Event{
			pos.CreateReplied{Reply: w.done(), Request: w.made("pr2")}, pos.VoidReplied{RequestID: "pr1", Reply: w.done()},
			pos.LookUpReplied{Reply: w.done(), Requests: []pos.Request{w.made("pr2")}}, pos.Begun{Intent: actionIntent(kind)},
			pos.ConditionAnswered{ConditionID: "1", Accept: true}, pos.DecideReplied{ConditionID: "1", Reply: w.done()},
		}
		return rapid.SampledFrom(others).Draw(t, "of other kinds")
	default:
		return pos.ActionReplied{Reply: drawReply(t, w), Activity: activity()}
	}
}

func (c *inFlight) answered(e pos.Event) {
	switch e.(type) {
	case pos.ActionReplied:
		c.sends = max(0, c.sends-1)
	case pos.PollReplied:
		c.polls = max(0, c.polls-1)
	case pos.HistoryReplied:
		c.histories = max(0, c.histories-1)
	}
}

// check holds the effects of one step against the rules.
func (c *inFlight) check(t *rapid.T, w *walk, first pos.Effect, before pos.State) {
	sentFacts := 0
	for _, effect := range w.last {
		switch effect := effect.(type) {
		case pos.Write:
			if _, sent := effect.Entry.Fact.(pos.ActionSent); sent {
				sentFacts++
			}
		case pos.SendRefund, pos.SendConfirm, pos.SendRelease:
			if c.lookOnly {
				t.Fatal("sent, though a person is about to settle it")
			}
			if c.sends++; c.sends > 1 || sentFacts != 1 {
				t.Fatalf("%d sendings at once, %d of them written down", c.sends, sentFacts)
			}
			if !reflect.DeepEqual(effect, first) {
				t.Fatalf("sent again as %+v, first as %+v", effect, first)
			}
			if rec := before.Record; rec.Outcome != pos.OutcomeOpen || rec.Action.Refusal != nil && rec.Action.Refusal.Code != pos.RefusedForbidden {
				t.Fatalf("sent again after %q, refusal %v", rec.Outcome, rec.Action.Refusal)
			}
		case pos.Poll:
			if c.polls++; c.polls > 1 || w.s.Record.Kind != pos.KindRelease {
				t.Fatalf("%d polls of a %s", c.polls, w.s.Record.Kind)
			}
		case pos.ReadHistory:
			if c.histories++; c.histories > 1 {
				t.Fatal("the history is read twice at once")
			}
		case pos.Wake:
			if effect.At.Before(w.at) {
				t.Fatalf("%s is to wake in the past", effect.Timer)
			}
		default:
			t.Fatalf("a %s does %T", w.s.Record.Kind, effect)
		}
	}
	a := w.s.Record.Action
	static := a.Refusal != nil && (a.Refusal.Code == "LINE_ITEMS_SUM_CHECK_FAILED" || a.Refusal.Code == "REFUND_NOT_SUPPORTED" || a.Refusal.Code == "INVALID_PAYMENT_REQUEST_TYPE")
	if rec := w.s.Record; rec.Outcome == pos.OutcomeRefused && rec.Kind != pos.KindRelease && a.Unsure() && rec.Word == nil && !static {
		t.Fatalf("refused, though a sending may have worked: %+v", a)
	}
	if a.Sent < 0 || a.Unanswered < 0 || a.Unanswered > a.Sent || a.Done && a.Unsure() {
		t.Fatalf("%+v", a)
	}
	if o := w.s.Record.Outcome; o == pos.OutcomeNotMade && a.Unsure() && w.s.Record.Word == nil || o == doneOutcomes[w.s.Record.Kind] && w.s.Record.Kind != pos.KindRelease && !a.Done && w.s.Record.Word == nil {
		t.Fatalf("ended as %q: %+v", o, a)
	}
}
