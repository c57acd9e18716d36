package pos_test

import (
	"slices"
	"time"

	"centrapos/pos"
)

// lateMutants break the rules for what comes late, twice or from a person.
func lateMutants() map[string]mutant {
	lookFailed := func(s pos.State, r pos.Reply) bool { return s.Record.Closed() && r.Answer != pos.AnswerDone }
	return map[string]mutant{
		"an ended sale is not looked at again": {step: hears(func(_ pos.State, e pos.Event) pos.Event {
			if due, ok := e.(pos.TimerDue); ok && due.Timer == pos.TimerLookBack {
				return nil
			}
			return e
		})},
		"a look back that told nothing counts as made": {step: hears(func(s pos.State, e pos.Event) pos.Event {
			switch r := e.(type) {
			case pos.LookUpReplied:
				if lookFailed(s, r.Reply) {
					r.Reply.Answer = pos.AnswerDone
				}
				return r
			case pos.PollReplied:
				if lookFailed(s, r.Reply) {
					r.Reply.Answer, r.Request = pos.AnswerDone, s.Record.Request
				}
				return r
			}
			return e
		})},
		"what was voided or ran out is certain": {step: func() stepFunc {
			return func(s pos.State, at time.Time, e pos.Event) (pos.State, []pos.Effect) {
				next, effects := pos.Step(s, at, e)
				for i, effect := range effects {
					write, _ := effect.(pos.Write)
					if ended, ok := write.Entry.Fact.(pos.Ended); ok {
						ended.Doubtful, next.Record.Watched = false, false
						write.Entry.Fact = ended
						effects[i] = write
					}
				}
				return next, effects
			}
		}},
		"nobody looks for the twin of a barcode request": {step: hears(func(s pos.State, e pos.Event) pos.Event {
			if r, ok := e.(pos.LookUpReplied); ok && s.Record.Request.ID != "" {
				r.Requests = slices.DeleteFunc(slices.Clone(r.Requests), func(req pos.Request) bool { return req.ID != s.Record.Request.ID })
				return r
			}
			return e
		})},
		"a void that was turned away counts as done": {step: hears(func(_ pos.State, e pos.Event) pos.Event {
			if r, ok := e.(pos.VoidReplied); ok && r.Reply.Refusal.Code == pos.RefusedForbidden {
				r.Reply.Answer = pos.AnswerDone
				return r
			}
			return e
		})},
		"a person is believed although the till can find out": {step: func() stepFunc {
			return func(s pos.State, at time.Time, e pos.Event) (pos.State, []pos.Effect) {
				said, ok := e.(pos.PersonSaid)
				if !ok || s.Record.Outcome != pos.OutcomeOpen || s.Record.Kind != pos.KindSale {
					return pos.Step(s, at, e)
				}
				entries := []pos.Entry{{At: at, Fact: pos.WordGiven{Word: said.Word}}, {At: at, Fact: pos.LostWrittenOff{Why: "said"}},
					{At: at, Fact: pos.Ended{Outcome: pos.OutcomeNotMade}}}
				return pos.State{Op: s.Op, Record: appended(s, entries), Live: s.Live}, writes(entries)
			}
		}},
		"recovery carries a void out that had never left": {step: func() stepFunc {
			return func(s pos.State, at time.Time, e pos.Event) (pos.State, []pos.Effect) {
				if _, resumed := e.(pos.Resumed); resumed && s.Record.Kind == pos.KindVoid && s.Record.Outcome == pos.OutcomeOpen && len(s.Record.Voids) == 0 {
					s.Record.Voids = []pos.Voiding{{RequestID: s.Record.Request.ID, Sent: 1, Unanswered: 1}}
				}
				return pos.Step(s, at, e)
			}
		}},
		"what came late is not told": {step: does(func(_ pos.State, e pos.Effect) bool {
			write, _ := e.(pos.Write)
			_, late := write.Entry.Fact.(pos.PaidLate)
			return late
		})},
		"whatever carries a chosen reference is ours": {step: hears(func(_ pos.State, e pos.Event) pos.Event {
			if b, ok := e.(pos.Begun); ok && b.Intent.Sale != nil {
				sale := *b.Intent.Sale
				sale.RefGiven = false
				b.Intent.Sale = &sale
				return b
			}
			return e
		})},
		"a request of the same amount is ours, whichever till's": {step: hears(func(s pos.State, e pos.Event) pos.Event {
			if r, ok := e.(pos.LookUpReplied); ok {
				r.Requests = slices.Clone(r.Requests)
				for i := range r.Requests {
					r.Requests[i].Asked = &pos.Asked{TerminalID: s.Record.Sale.Origin.TerminalID, DeviceID: s.Record.Sale.Origin.DeviceID}
				}
				return r
			}
			return e
		})},
		"a request of the same till is ours, whatever its amount": {step: hears(func(s pos.State, e pos.Event) pos.Event {
			if r, ok := e.(pos.LookUpReplied); ok {
				r.Requests = slices.Clone(r.Requests)
				for i := range r.Requests {
					r.Requests[i].Value = s.Record.Sale.Amount
				}
				return r
			}
			return e
		})},
		"acknowledged writes are lost with the power": {lossy: true},
	}
}

// appended is the record with more facts.
func appended(s pos.State, entries []pos.Entry) pos.Record {
	opened := pos.Entry{At: s.Record.OpenedAt, Fact: pos.Opened{Kind: s.Record.Kind, Service: s.Record.Service, Sale: &s.Record.Sale}}
	return pos.Replay(append([]pos.Entry{opened}, entries...))
}

func writes(entries []pos.Entry) []pos.Effect {
	effects := make([]pos.Effect, 0, len(entries))
	for _, e := range entries {
		effects = append(effects, pos.Write{Entry: e})
	}
	return effects
}
