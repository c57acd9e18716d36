package pos_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"centrapos/pos"
)

// open counts the calls that left and were not answered, as the service would see them.
type open struct {
	creates, polls, lookUps int
	voids, decides          map[string]int
}

// TestStepHoldsItsRulesAgainstAnything feeds Step events in any order, also
// such as cannot happen, and holds what must be true whatever happened.
func TestStepHoldsItsRulesAgainstAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWalk(rt)
		intent := drawIntent(rt)
		o := open{voids: map[string]int{}, decides: map[string]int{}}
		for i := range rapid.IntRange(1, 60).Draw(rt, "events") {
			w.after(rapid.SampledFrom([]time.Duration{0, 100 * time.Millisecond, time.Second, 9 * time.Second, 3 * time.Minute}).Draw(rt, "wait"))
			e := o.drawAnswer(rt, w)
			if e == nil {
				e = drawEvent(rt, w, intent, i)
			}
			before := w.s
			o.answered(e)
			w.on(e)
			o.check(rt, w, before, e)
			if rapid.IntRange(0, 15).Draw(rt, "crash") == 0 {
				w.s = pos.State{Op: w.s.Op, Record: pos.Replay(w.written)}
				o = open{voids: map[string]int{}, decides: map[string]int{}}
			}
		}
	})
}

func drawIntent(t *rapid.T) pos.Opened {
	if rapid.IntRange(0, 3).Draw(t, "kind") == 0 {
		return pos.Opened{Kind: pos.KindVoid, Service: "s", Void: &pos.Target{RequestID: "pr1", Value: cents(1250)}}
	}
	sale := aSale()
	if rapid.Bool().Draw(t, "barcode") {
		sale = barcodeSale()
	}
	if rapid.Bool().Draw(t, "blind") {
		sale = blind(sale)
	}
	return pos.Opened{Kind: pos.KindSale, Service: "s", Sale: &sale}
}

func drawEvent(t *rapid.T, w *walk, intent pos.Opened, i int) pos.Event {
	if i == 0 && rapid.IntRange(0, 9).Draw(t, "early") != 0 {
		return pos.Begun{Intent: intent}
	}
	id := rapid.SampledFrom([]string{"pr1", "pr1", "pr1", "pr2", "pr3", ""})
	switch rapid.IntRange(0, 14).Draw(t, "event") {
	case 0:
		return pos.Begun{Intent: intent}
	case 1:
		return pos.Resumed{}
	case 2, 3:
		if rapid.IntRange(0, 2).Draw(t, "poll") > 0 {
			return due(pos.TimerPoll)
		}
		return due(rapid.SampledFrom([]pos.Timer{pos.TimerPoll, pos.TimerDeadline, pos.TimerCreate, pos.TimerLookUp, pos.TimerVoid, pos.TimerLookBack, "x"}).Draw(t, "timer"))
	case 4:
		return stop(rapid.SampledFrom([]pos.Why{pos.WhyStaff, pos.WhyShutdown, pos.WhyDeadline}).Draw(t, "why"))
	case 5:
		return pos.ConditionAnswered{ConditionID: "1", Accept: rapid.Bool().Draw(t, "accept")}
	case 6, 7:
		return pos.CreateReplied{Reply: drawReply(t, w), Request: drawRequest(t, w, id.Draw(t, "made"))}
	case 8:
		return pos.PollReplied{RequestID: id.Draw(t, "asked"), Reply: drawReply(t, w), Request: drawRequest(t, w, id.Draw(t, "read"))}
	case 9:
		var list []pos.Request
		for range rapid.IntRange(0, 3).Draw(t, "listed") {
			list = append(list, drawRequest(t, w, id.Draw(t, "found")))
		}
		return pos.LookUpReplied{Reply: drawReply(t, w), Requests: list}
	case 10, 11:
		return pos.VoidReplied{RequestID: id.Draw(t, "voided"), Reply: drawReply(t, w), Reversal: pos.Reversal{Returned: cents(5)}}
	case 12:
		return pos.LookBackAsked{}
	case 13:
		return pos.PersonSaid{Word: pos.Word{Verdict: rapid.SampledFrom([]pos.Verdict{pos.VerdictPaid, pos.VerdictUnpaid, pos.VerdictRefunded}).Draw(t, "verdict"), By: "Mia", Note: "asked"}}
	default:
		return pos.DecideReplied{ConditionID: "1", Reply: drawReply(t, w)}
	}
}

// drawAnswer answers one of the calls under way, mostly; nil leaves it to drawEvent.
func (o *open) drawAnswer(t *rapid.T, w *walk) pos.Event {
	req := w.s.Record.Request
	var likely []pos.Event
	if o.creates > 0 {
		likely = append(likely, pos.CreateReplied{Reply: drawReply(t, w), Request: drawRequest(t, w, "pr1")})
	}
	if o.polls > 0 {
		reading := drawRequest(t, w, req.ID)
		likely = append(likely, pos.PollReplied{RequestID: req.ID, Reply: drawReply(t, w), Request: reading})
	}
	if o.lookUps > 0 {
		list := []pos.Request{drawRequest(t, w, "pr2"), drawRequest(t, w, "pr3")}
		likely = append(likely, pos.LookUpReplied{Reply: drawReply(t, w), Requests: list[:rapid.IntRange(0, 2).Draw(t, "listed")]})
	}
	for id, n := range o.voids {
		if n > 0 && id == req.ID {
			likely = append(likely, pos.VoidReplied{RequestID: id, Reply: drawReply(t, w), Reversal: pos.Reversal{Returned: cents(5)}})
		}
	}
	if len(w.s.PendingConditions()) > 0 {
		likely = append(likely, pos.ConditionAnswered{ConditionID: "1", Accept: true})
	}
	if o.decides["1"] > 0 {
		likely = append(likely, pos.DecideReplied{ConditionID: "1", Reply: drawReply(t, w)})
	}
	if len(likely) == 0 || rapid.IntRange(0, 3).Draw(t, "unlikely") == 0 {
		return nil
	}
	return rapid.SampledFrom(likely).Draw(t, "answer")
}

func drawReply(t *rapid.T, w *walk) pos.Reply {
	codes := []string{"REQUEST_PAID", "REQUEST_EXPIRED", "REQUEST_CANCELLED", "ALREADY_REFUNDED", "FORBIDDEN", ""}
	reply := pos.Reply{
		Answer:  pos.Answer(rapid.SampledFrom([]int{1, 1, 1, 0, 0, 2, 3, -1, 4}).Draw(t, "answer")),
		Refusal: pos.Refusal{Code: rapid.SampledFrom(codes).Draw(t, "code")},
		Clock:   w.clock(),
	}
	if rapid.IntRange(0, 4).Draw(t, "busy") == 0 {
		reply.RetryAfter = 20 * time.Second
	}
	return reply
}

func drawRequest(t *rapid.T, w *walk, id string) pos.Request {
	r := w.made(id)
	r.Status = rapid.SampledFrom([]pos.Status{"new", "new", "new", "new", "paid", "cancelled", "expired", "", "else"}).Draw(t, "status")
	if rapid.Bool().Draw(t, "condition") {
		awaits("1")(&r)
	}
	if r.Status == pos.StatusPaid {
		paid(&r)
	}
	return r
}

// answered takes an answer as the end of a call, where one is under way.
func (o *open) answered(e pos.Event) {
	switch e := e.(type) {
	case pos.CreateReplied:
		o.creates = max(0, o.creates-1)
	case pos.LookUpReplied:
		o.lookUps = max(0, o.lookUps-1)
	case pos.PollReplied:
		o.polls = max(0, o.polls-1)
	case pos.VoidReplied:
		o.voids[e.RequestID] = max(0, o.voids[e.RequestID]-1)
	case pos.DecideReplied:
		o.decides[e.ConditionID] = max(0, o.decides[e.ConditionID]-1)
	}
}

// check holds the effects of one step against the rules.
func (o *open) check(t *rapid.T, w *walk, before pos.State, e pos.Event) {
	written := map[string]int{}
	for _, effect := range w.last {
		_, isWrite := effect.(pos.Write)
		_, isWake := effect.(pos.Wake)
		if w.s.Record.Kind == "" && !isWrite && !isWake {
			t.Fatalf("%T of an operation that never began", effect)
		}
		switch effect := effect.(type) {
		case pos.Write:
			written[effect.Entry.Fact.FactName()]++
			o.checkFact(t, w, effect.Entry.Fact)
		case pos.Create:
			if o.creates++; o.creates > 1 {
				t.Fatal("two creates at once")
			}
			if written["opened"]+written["create-sent"] != 1 {
				t.Fatal("a create that is not written down")
			}
			if effect.Sale.ExternalRef != w.s.Record.Sale.ExternalRef {
				t.Fatal("a create with another reference")
			}
			if _, first := e.(pos.Begun); !first && effect.Sale.Barcode != "" && before.Record.Unaccounted > 0 && w.s.Record.Unaccounted > 1 {
				t.Fatal("a barcode request made again while an earlier one is unaccounted for")
			}
			if before.Record.Outcome != pos.OutcomeOpen || before.Record.Stop != pos.WhyNone {
				t.Fatal("a create for a sale that is over")
			}
		case pos.Void:
			if o.voids[effect.RequestID]++; o.voids[effect.RequestID] > 1 {
				t.Fatal("two voids of one request at once")
			}
			if written["void-sent"] == 0 {
				t.Fatal("a void that is not written down")
			}
			written["void-sent"]--
		case pos.Decide:
			if o.decides[effect.ConditionID]++; o.decides[effect.ConditionID] > 1 {
				t.Fatal("two answers to one condition at once")
			}
			o.checkDecided(t, w, effect)
		case pos.Poll:
			if o.polls++; o.polls > 1 || w.s.Record.Request.ID == "" {
				t.Fatalf("%d polls at once of %q", o.polls, w.s.Record.Request.ID)
			}
		case pos.LookUp:
			if o.lookUps++; o.lookUps > 1 {
				t.Fatal("two look-ups at once")
			}
		case pos.Wake:
			if effect.At.Before(w.at) {
				t.Fatalf("%s is to wake in the past", effect.Timer)
			}
		}
	}
	b, a := before.Record, w.s.Record
	// One thing may still be found of a sale that was given up: that it was paid, by
	// its own request or by another that was made for it.
	late := a.Outcome == pos.OutcomePaidLate && !b.Outcome.Successful() && len(a.Late) > len(b.Late)
	if b.Outcome != pos.OutcomeOpen &&
		(b.Outcome != a.Outcome && !late || b.Detail != a.Detail || b.EndedAt != a.EndedAt || fmt.Sprint(b.Refusal) != fmt.Sprint(a.Refusal)) {
		t.Fatalf("what had ended changed: %s %q %v, %s %q %v", b.Outcome, b.Detail, b.Refusal, a.Outcome, a.Detail, a.Refusal)
	}
	if w.s.Record.Unaccounted < 0 || w.s.Record.Unaccounted > w.s.Record.Creates {
		t.Fatalf("%d of %d creates unaccounted for", w.s.Record.Unaccounted, w.s.Record.Creates)
	}
	for _, v := range w.s.Record.Voids {
		if v.Sent < 0 || v.Unanswered < 0 || v.Unanswered > v.Sent {
			t.Fatalf("%+v", v)
		}
	}
}

// checkFact: the intent comes first, once, and the end comes once.
func (o *open) checkFact(t *rapid.T, w *walk, f pos.Fact) {
	opened, ended := 0, 0
	for _, entry := range w.written {
		switch entry.Fact.(type) {
		case pos.Opened:
			opened++
		case pos.Ended:
			ended++
		}
	}
	if _, first := w.written[0].Fact.(pos.Opened); !first || opened != 1 || ended > 1 {
		t.Fatalf("%s: %d intents, %d ends", f.FactName(), opened, ended)
	}
}

func (o *open) checkDecided(t *rapid.T, w *walk, effect pos.Decide) {
	for _, d := range w.s.Record.Decisions {
		if d.ConditionID == effect.ConditionID && d.Accept == effect.Accept {
			return
		}
	}
	t.Fatal("an answer to a condition that nobody decided, or that is not written down")
}
