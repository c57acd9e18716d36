package pos_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"centrapos/pos"
)

// mutant is a deliberate break of one rule.
type mutant struct {
	step     func() stepFunc // nil: Step as it is
	lossy    bool            // a loss of power takes the last acknowledged write with it
	hasty    bool            // another sale is begun before the one it replaces is over
	reckless bool            // effects are performed although their facts could not be written
}

func (m mutant) change(w *world) {
	w.till.reckless, w.till.lossy, w.hasty = m.reckless, m.lossy, m.hasty
}

// hears makes Step hear something else than what happened.
func hears(change func(pos.State, pos.Event) pos.Event) func() stepFunc {
	return func() stepFunc {
		return func(s pos.State, at time.Time, e pos.Event) (pos.State, []pos.Effect) {
			if e = change(s, e); e == nil {
				return s, nil
			}
			return pos.Step(s, at, e)
		}
	}
}

// does makes the till do something else than what Step wants.
func does(drop func(pos.State, pos.Effect) bool) func() stepFunc {
	return func() stepFunc {
		return func(s pos.State, at time.Time, e pos.Event) (pos.State, []pos.Effect) {
			next, effects := pos.Step(s, at, e)
			return next, slices.DeleteFunc(effects, func(e pos.Effect) bool { return drop(next, e) })
		}
	}
}

// mutants break a rule each, as tills do that lose money.
func mutants() map[string]mutant {
	return map[string]mutant{
		"no intent before the create": {step: does(func(_ pos.State, e pos.Effect) bool {
			write, ok := e.(pos.Write)
			_, opened := write.Entry.Fact.(pos.Opened)
			return ok && opened
		})},
		"a lost create counts as not sent": {step: hears(func(_ pos.State, e pos.Event) pos.Event {
			if r, ok := e.(pos.CreateReplied); ok && r.Reply.Answer == pos.AnswerUnknown {
				r.Reply.Answer = pos.AnswerNotSent
				return r
			}
			return e
		})},
		"a 502 on a void counts as done": {step: hears(func(_ pos.State, e pos.Event) pos.Event {
			if r, ok := e.(pos.VoidReplied); ok && r.Reply.Answer == pos.AnswerUnknown {
				r.Reply.Answer = pos.AnswerDone
				return r
			}
			return e
		})},
		"a lost void counts as not sent": {step: hears(func(_ pos.State, e pos.Event) pos.Event {
			if r, ok := e.(pos.VoidReplied); ok && r.Reply.Answer == pos.AnswerUnknown {
				r.Reply.Answer = pos.AnswerNotSent
				return r
			}
			return e
		})},
		"a refused poll is the end": {step: hears(func(s pos.State, e pos.Event) pos.Event {
			if r, ok := e.(pos.PollReplied); ok && r.Reply.Answer == pos.AnswerRefused {
				r.Reply.Answer, r.Request = pos.AnswerDone, s.Record.Request
				r.Request.Status = pos.StatusCancelled
				return r
			}
			return e
		})},
		"an unreadable poll is the end": {step: hears(func(s pos.State, e pos.Event) pos.Event {
			if r, ok := e.(pos.PollReplied); ok && r.Reply.Answer == pos.AnswerUnknown {
				r.Reply.Answer, r.Request = pos.AnswerDone, s.Record.Request
				r.Request.Status = pos.StatusExpired
				return r
			}
			return e
		})},
		"an answer about another request is taken": {step: hears(func(_ pos.State, e pos.Event) pos.Event {
			if r, ok := e.(pos.PollReplied); ok && r.Reply.Answer == pos.AnswerDone {
				r.Request.ID = r.RequestID
				return r
			}
			return e
		})},
		"strays are left alone": {step: does(func(s pos.State, e pos.Effect) bool {
			void, ok := e.(pos.Void)
			return ok && void.RequestID != s.Record.Request.ID
		})},
		"a fresh reference for each create": {step: func() stepFunc {
			return func(s pos.State, at time.Time, e pos.Event) (pos.State, []pos.Effect) {
				next, effects := pos.Step(s, at, e)
				for i, effect := range effects {
					if create, ok := effect.(pos.Create); ok && next.Record.Creates > 1 {
						create.Sale.ExternalRef += "-again"
						effects[i] = create
					}
				}
				return next, effects
			}
		}},
		"a barcode request is made again like a QR code": {step: hears(func(_ pos.State, e pos.Event) pos.Event {
			if b, ok := e.(pos.Begun); ok && b.Intent.Sale != nil {
				sale := *b.Intent.Sale
				sale.Barcode = ""
				b.Intent.Sale = &sale
				return b
			}
			return e
		})},
		"nothing is recovered": {step: hears(func(_ pos.State, e pos.Event) pos.Event {
			if _, ok := e.(pos.Resumed); ok {
				return nil
			}
			return e
		})},
		"a void is tried once": {step: hears(func(_ pos.State, e pos.Event) pos.Event {
			if due, ok := e.(pos.TimerDue); ok && due.Timer == pos.TimerVoid {
				return nil
			}
			return e
		})},
		"no deadline": {step: hears(func(_ pos.State, e pos.Event) pos.Event {
			if due, ok := e.(pos.TimerDue); ok && (due.Timer == pos.TimerDeadline || due.Timer == pos.TimerPoll) {
				return nil
			}
			return e
		})},
		"a stop is taken for the end": {step: func() stepFunc {
			return func(s pos.State, at time.Time, e pos.Event) (pos.State, []pos.Effect) {
				next, effects := pos.Step(s, at, e)
				if _, stop := e.(pos.StopAsked); stop && next.Record.Request.ID != "" && next.Record.Outcome == pos.OutcomeOpen {
					return pos.Step(next, at, pos.VoidReplied{RequestID: next.Record.Request.ID, Reply: pos.Reply{Answer: pos.AnswerDone}})
				}
				return next, effects
			}
		}},
		"a code for another amount is shown": {step: hears(func(s pos.State, e pos.Event) pos.Event {
			if r, ok := e.(pos.CreateReplied); ok && r.Reply.Answer == pos.AnswerDone {
				r.Request.Value = s.Record.Sale.Amount
				return r
			}
			return e
		})},
		"a request is ruled out by comparing clocks": {step: hears(func(s pos.State, e pos.Event) pos.Event {
			if r, ok := e.(pos.LookUpReplied); ok {
				r.Requests = slices.DeleteFunc(slices.Clone(r.Requests), func(req pos.Request) bool {
					return s.Live.Skew.Local(req.CreatedAt).Before(s.Record.OpenedAt.Add(-2 * time.Second))
				})
				return r
			}
			return e
		})},
		"a customer's cancelling is taken for our void": {step: hears(func(_ pos.State, e pos.Event) pos.Event {
			if r, ok := e.(pos.PollReplied); ok && r.Request.CancellationReason == "CANCELLED_BY_PATRON" {
				r.Request.CancellationReason = ""
				return r
			}
			return e
		})},
		"a full payment is assumed": {step: hears(func(_ pos.State, e pos.Event) pos.Event {
			if r, ok := e.(pos.PollReplied); ok {
				r.Request.Remaining = pos.Money{}
				return r
			}
			return e
		})},
		"ledger errors are ignored":                                {reckless: true},
		"another sale is begun before the one it replaces is over": {hasty: true},
		"a sale that was replaced is not looked at again": {step: func() stepFunc {
			return func(s pos.State, at time.Time, e pos.Event) (pos.State, []pos.Effect) {
				if due, ok := e.(pos.TimerDue); ok && due.Timer == pos.TimerLookBack && s.Record.Stop == pos.WhyReplaced {
					return s, nil
				}
				return pos.Step(s, at, e)
			}
		}},
	}
}

// TestMutantsAreCaught breaks the rules one by one and holds that the simulation
// notices: a simulation that finds nothing proves nothing by itself.
func TestMutantsAreCaught(t *testing.T) {
	t.Parallel()
	all := mutants()
	maps.Copy(all, actionMutants())
	maps.Copy(all, lateMutants())
	for name, m := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			step := m.step
			if step == nil {
				step = func() stepFunc { return pos.Step }
			}
			const most = 20_000
			seed, caught := violation(1, most, step, m.change, nil)
			if !caught {
				t.Fatalf("not noticed in %d histories", most)
			}
			w := newWorld(seed, step(), nil)
			m.change(w)
			w.run()
			t.Logf("noticed by history %d: %s", seed, w.wrong[0])
		})
	}
}
