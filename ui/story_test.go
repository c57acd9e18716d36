package ui

import (
	"time"

	"centrapos/pos"
)

// story is the life of an operation told event by event through the payment
// rules themselves, so that a test's states are ones that can be.
type story struct {
	at    time.Time
	state pos.State
}

const storyID = pos.OpID("op1")

// begin begins a sale of the basket on the desk.
func tell(at time.Time, amount pos.Money) *story {
	s := &story{at: at, state: pos.State{Op: storyID}}
	return s.event(0, pos.Begun{Intent: pos.Opened{Kind: pos.KindSale, Service: "test", Sale: &pos.Sale{
		Amount: amount, ExternalRef: "TILL1-7KQ3-X2MN-PD4T", Expiry: 2 * time.Minute,
	}}})
}

// event lets something happen after a while.
func (s *story) event(later time.Duration, e pos.Event) *story {
	s.at = s.at.Add(later)
	s.state, _ = pos.Step(s.state, s.at, e)
	return s
}

// request is the payment request of the story as the service first gives it.
func (s *story) request() pos.Request {
	return pos.Request{
		ID: "5ee0c486308f590260d9a07f", ShortCode: "CP-X4V-6N", URL: storyURL, Status: pos.StatusNew,
		Value: s.state.Record.Sale.Amount, ExternalRef: s.state.Record.Sale.ExternalRef,
		CreatedAt: s.at, ExpiresAt: s.at.Add(2 * time.Minute), Liveness: "test",
	}
}

const storyURL = "https://app.centrapay.com/pay/5ee0c486308f590260d9a07f"

var done = pos.Reply{Answer: pos.AnswerDone}

func (s *story) created() *story {
	return s.event(200*time.Millisecond, pos.CreateReplied{Reply: done, Request: s.request()})
}

// polled lets a poll be due and answered, with a change to the request.
func (s *story) polled(change func(*pos.Request)) *story {
	s.event(time.Second, pos.TimerDue{Timer: pos.TimerPoll})
	req := s.state.Record.Request
	if change != nil {
		change(&req)
	}
	return s.event(100*time.Millisecond, pos.PollReplied{RequestID: req.ID, Reply: done, Request: req})
}

// lost lets a poll be due and its answer be lost.
func (s *story) lost() *story {
	s.event(time.Second, pos.TimerDue{Timer: pos.TimerPoll})
	return s.event(100*time.Millisecond, pos.PollReplied{RequestID: s.state.Record.Request.ID,
		Reply: pos.Reply{Answer: pos.AnswerUnknown, Detail: "connection reset"}})
}

func (s *story) paid() *story {
	return s.polled(func(r *pos.Request) {
		r.Status, r.Remaining = pos.StatusPaid, cents(0)
		r.PaidBy = []pos.Tender{{AssetType: "centrapay.nzd.main", Description: "Centrapay NZD", Total: r.Value}}
	})
}

func (s *story) condition(status pos.ConditionStatus) *story {
	return s.polled(func(r *pos.Request) {
		r.Conditions = []pos.Condition{{ID: "1", Name: "id-check", Message: "Please check the customer is over 18", Status: status}}
	})
}

func (s *story) snapshot() snapshot { return snapshot{id: storyID, state: s.state} }
