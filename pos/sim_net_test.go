package pos_test

import (
	"time"

	"centrapos/pos"
)

// fate is what happens to one call on its way.
type fate struct {
	way, back time.Duration
	answer    pos.Answer // unsent or refused without effect; done for what arrives
	lost      bool       // never arrives
	deaf      bool       // arrives, and its answer is lost
	hang      bool       // nothing is heard until the caller gives up
	twice     bool
	retry     time.Duration
	stranger  bool // the answer is about another request
}

func (w *world) fate(kind string) fate {
	f := fate{way: 20*time.Millisecond + w.draw.upTo(150*time.Millisecond), back: w.draw.upTo(150 * time.Millisecond), answer: pos.AnswerDone}
	if w.healed() || !w.draw.chance(w.netTrouble) {
		return f
	}
	late := time.Minute
	action := kind == "refund" || kind == "confirm" || kind == "release"
	if action {
		late = 11 * time.Second // what the till allows for what is still on its way
	}
	what := w.draw.IntN(11)
	if action && what == 7 {
		what = 6 // to arrive late is the worst that can happen to what has no other way back
	}
	switch what {
	case 0:
		f.answer = pos.AnswerNotSent
	case 1:
		f.answer, f.retry = pos.AnswerNotSent, time.Second+w.draw.upTo(15*time.Second)
	case 2:
		f.lost = true
	case 3:
		f.lost, f.hang = true, true
	case 4:
		f.deaf = true
	case 5:
		f.deaf, f.hang = true, true
	case 6:
		f.way = w.draw.upTo(late)
		if action {
			f.way = late - w.draw.upTo(4*time.Second) // about when its caller gives up
		}
	case 7:
		f.back = w.draw.upTo(12 * time.Second)
	case 8:
		// Where nothing can be looked up, no rule of the till can know of a create's twin.
		f.twice = kind != "create" || w.canLookUp() || !w.barcode()
	case 9:
		f.stranger = kind == "get" || action && w.draw.chance(0.3)
		if action && !f.stranger {
			f.answer = pos.AnswerRefused
		}
	case 10:
		f.answer = pos.AnswerRefused
	}
	return f
}

// call carries one call to the service and its answer back to the process that made it.
func call[T any](p *simTill, kind string, patience time.Duration, effect func() (T, pos.Reply), event func(T, pos.Reply) pos.Event) {
	w := p.w
	f := w.fate(kind)
	sent := w.now
	var none T
	w.calls = append(w.calls, sent)
	w.logf("    -> %s %+v", kind, f)
	answer := func(wait time.Duration, result T, reply pos.Reply) {
		p.later(wait, func() {
			reply.Clock.Sent, reply.Clock.Received = sent.Add(p.off), p.clock()
			p.deliver(event(result, reply))
		})
	}
	lost := func(after time.Duration) {
		if f.hang {
			after = patience
		}
		answer(min(after, patience)-w.now.Sub(sent), none, unknown)
	}
	switch {
	case f.answer == pos.AnswerNotSent:
		answer(f.back, none, pos.Reply{Answer: pos.AnswerNotSent, Detail: "no connection", RetryAfter: f.retry})
		return
	case f.answer == pos.AnswerRefused:
		code := pick(w.draw, pos.RefusedForbidden, pos.RefusedUnauthorized)
		if kind == "refund" {
			code = pick(w.draw, pos.RefusedForbidden, "REFUND_DECLINED")
		}
		answer(f.back, none, refusedWith(code))
		return
	case f.lost:
		lost(f.way)
		return
	}
	if f.way > patience {
		answer(patience, none, unknown)
	}
	w.at(f.way, func() {
		result, reply := effect()
		w.logf("    at the service: %s %s %s", kind, reply.Answer, reply.Refusal.Code)
		if f.twice {
			effect()
		}
		switch {
		case f.way > patience: // the caller has given up
		case f.deaf:
			lost(f.way)
		case f.way+f.back > patience:
			answer(patience-f.way, none, unknown)
		default:
			switch result := any(&result).(type) {
			case *pos.Request:
				if f.stranger {
					result.ID, result.Status = "another", pos.StatusPaid
				}
			case *pos.Activity:
				if f.stranger {
					result.Type = pos.ActivityPayment
				}
			}
			answer(f.back, result, reply)
		}
	})
}
