package pos_test

import (
	"testing"
	"time"

	"centrapos/pos"
)

func TestConditionsAreAskedAnsweredAndPolled(t *testing.T) {
	t.Parallel()
	w := polling(t, aSale()).reads(awaits("1")).gives("write noted", "wake poll +1s")
	if pending := w.s.PendingConditions(); len(pending) != 1 || pending[0].Message != "Please check ID" {
		t.Fatalf("pending %v", pending)
	}
	w.on(pos.ConditionAnswered{ConditionID: "1", Accept: true}).gives("write decided", "decide 1 true")
	if len(w.s.PendingConditions()) != 0 {
		t.Error("still pending")
	}
	w.on(pos.ConditionAnswered{ConditionID: "1", Accept: false}).gives()
	w.on(pos.ConditionAnswered{ConditionID: "9", Accept: true}).gives()
	w.on(pos.DecideReplied{ConditionID: "1", Reply: w.done()}).gives("poll pr1")
	w.reads(func(r *pos.Request) {
		r.Conditions = []pos.Condition{{ID: "1", Status: pos.ConditionAccepted}}
		paid(r)
	})
	w.ends(pos.OutcomePaid)
}

func TestLostDecisionIsRepeated(t *testing.T) {
	t.Parallel()
	for name, reply := range map[string]pos.Reply{"unknown": unknown, "not sent": notSent} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := polling(t, aSale()).reads(awaits("1")).on(pos.ConditionAnswered{ConditionID: "1", Accept: false})
			w.on(pos.DecideReplied{ConditionID: "1", Reply: reply})
			for _, effect := range w.effects() {
				if effect == "poll pr1" || effect == "decide 1 false" {
					t.Error("repeated without a pause: a service in trouble would be hammered")
				}
			}
			w.after(time.Second).on(due(pos.TimerPoll)).gives("poll pr1")
			w.reads(nothingNew).gives("decide 1 false", "wake poll +1s")
			w.after(time.Second).on(due(pos.TimerPoll)).reads(nothingNew).gives("wake poll +1s") // one is under way
		})
	}
}

func TestRefusedDecisionMayBeChosenAgain(t *testing.T) {
	t.Parallel()
	w := polling(t, aSale()).reads(awaits("1")).on(pos.ConditionAnswered{ConditionID: "1", Accept: true})
	w.on(pos.DecideReplied{ConditionID: "1", Reply: refusedWith("MERCHANT_NOT_AUTHORIZED")}).gives("poll pr1")
	w.reads(nothingNew).gives("wake poll +1s")
	if len(w.s.PendingConditions()) != 1 {
		t.Fatal("staff are not asked again")
	}
	w.on(pos.ConditionAnswered{ConditionID: "1", Accept: false}).gives("write decided", "decide 1 false")
	w.on(pos.DecideReplied{ConditionID: "1", Reply: w.done()}).gives("poll pr1").reads(cancelled("DECLINED_BY_MERCHANT"))
	w.ends(pos.OutcomeCancelled).closed(true)
}

func TestConditionsForTheCustomerAreNotAskedOfStaff(t *testing.T) {
	t.Parallel()
	w := polling(t, aSale()).reads(func(r *pos.Request) {
		r.Conditions = []pos.Condition{{ID: "1", Status: pos.ConditionAwaitingPatron}, {ID: "2", Status: pos.ConditionVoid}}
	})
	if len(w.s.PendingConditions()) != 0 {
		t.Error("asked")
	}
	w.on(pos.ConditionAnswered{ConditionID: "1", Accept: true}).gives()
}

func TestPollWantedDuringAPollFollowsAtOnce(t *testing.T) {
	t.Parallel()
	w := polling(t, aSale()).reads(awaits("1")).on(pos.ConditionAnswered{ConditionID: "1", Accept: true})
	w.after(time.Second).on(due(pos.TimerPoll)).gives("poll pr1")
	w.on(pos.DecideReplied{ConditionID: "1", Reply: w.done()}).gives() // what that poll reads may be older
	w.reads(func(r *pos.Request) {
		r.Conditions = []pos.Condition{{ID: "1", Status: pos.ConditionAccepted}}
	}).gives("write noted", "poll pr1")
}

// A condition that was answered already is not asked of staff again.
func TestConditionThatWasSetIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	w := polling(t, aSale()).reads(awaits("1")).on(pos.ConditionAnswered{ConditionID: "1", Accept: true})
	w.on(pos.DecideReplied{ConditionID: "1", Reply: refusedWith(pos.RefusedConditionSet)}).gives("poll pr1")
	if len(w.s.PendingConditions()) != 0 {
		t.Error("asked again")
	}
}
