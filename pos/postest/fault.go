package postest

import (
	"context"
	"time"

	"centrapos/pos"
)

// Fault is what happens to one call on its way. The zero Fault is none.
type Fault struct {
	// Way and Back delay the call on its way there and its answer on its way back.
	// A call whose caller gives up meanwhile arrives all the same.
	Way, Back time.Duration
	// Lost: the call never arrives, and nobody says so.
	Lost bool
	// AnswerLost: the call takes effect; its answer is lost or cannot be read.
	AnswerLost bool
	// Hang: instead of failing at once, a lost call or answer leaves the caller
	// waiting until its context ends.
	Hang bool
	// Twice: the network delivers the call two times.
	Twice bool
	// NotSent: there is no connection, and the caller knows.
	NotSent bool
	// RetryAfter: turned away with 429 and this Retry-After.
	RetryAfter time.Duration
	// Refuse: refused with this message code, without effect.
	Refuse string
	// WrongID: the answer is about some other payment request.
	WrongID bool
}

// The usual faults by name.
var (
	// LostBefore: the call is lost on its way, and has no effect.
	LostBefore = Fault{Lost: true}
	// LostAfter: the call takes effect and its answer is lost, or is a 5xx, or unreadable.
	LostAfter = Fault{AnswerLost: true}
	// HangBefore: the connection hangs and the call has no effect.
	HangBefore = Fault{Lost: true, Hang: true}
	// HangAfter: the call takes effect and the connection hangs.
	HangAfter = Fault{AnswerLost: true, Hang: true}
	// NotSent: there is no connection.
	NotSent = Fault{NotSent: true}
	// WrongID: the answer is about some other payment request.
	WrongID = Fault{WrongID: true}
	// Twice: the network delivers the call two times.
	Twice = Fault{Twice: true}
)

// Slow delays the answer: the effect is prompt.
func Slow(d time.Duration) Fault { return Fault{Back: d} }

// Late delays the call itself: the effect is late, and comes even when the
// caller has given up.
func Late(d time.Duration) Fault { return Fault{Way: d} }

// TooMany turns the call away with 429 and a Retry-After.
func TooMany(retryAfter time.Duration) Fault { return Fault{RetryAfter: retryAfter} }

// Refuse refuses the call with a message code.
func Refuse(code string) Fault { return Fault{Refuse: code} }

// faults are the faults to come.
type faults struct {
	next   map[CallKind][]Fault
	always map[CallKind]Fault
}

func newFaults() faults {
	return faults{next: map[CallKind][]Fault{}, always: map[CallKind]Fault{}}
}

// Next sets what happens to the next calls of a kind, one fault for each. A
// zero Fault lets one pass.
func (s *Service) Next(kind CallKind, list ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.next[kind] = append(s.faults.next[kind], list...)
}

// Always sets what happens to every call of the kinds given, or of every kind
// when none is, that Next says nothing of.
func (s *Service) Always(fault Fault, kinds ...CallKind) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(kinds) == 0 {
		kinds = []CallKind{CallCreate, CallGet, CallShortCode, CallLookUp, CallVoid, CallDecide,
			CallRefund, CallConfirm, CallRelease, CallActivities}
	}
	for _, kind := range kinds {
		s.faults.always[kind] = fault
	}
}

// Heal takes every fault away that is still to come.
func (s *Service) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = newFaults()
}

func (f faults) take(kind CallKind) Fault {
	list := f.next[kind]
	if len(list) == 0 {
		return f.always[kind]
	}
	f.next[kind] = list[1:]
	return list[0]
}

// transport carries one call to the service and back, as the next fault has it.
func transport[T any](ctx context.Context, s *Service, kind CallKind, subject string, effect func() (T, pos.Reply)) (T, pos.Reply) {
	s.mu.Lock()
	s.settle()
	sent := s.opt.Now()
	half := s.opt.Latency / 2
	fault := s.faults.take(kind)
	number := len(s.calls)
	s.calls = append(s.calls, Call{Kind: kind, At: sent, Subject: subject})
	s.mu.Unlock()

	var none T
	result, reply := carry(ctx, s, fault, half, effect)
	s.mu.Lock()
	defer s.mu.Unlock()
	reply.Clock.Sent, reply.Clock.Received = sent, s.opt.Now()
	s.calls[number].Done, s.calls[number].Reply = reply.Clock.Received, reply
	if reply.Answer != pos.AnswerDone {
		return none, reply
	}
	if req, ok := any(&result).(*pos.Request); ok && fault.WrongID {
		req.ID = "another-request"
	}
	return result, reply
}

func carry[T any](ctx context.Context, s *Service, fault Fault, half time.Duration, effect func() (T, pos.Reply)) (T, pos.Reply) {
	var none T
	switch {
	case ctx.Err() != nil || fault.NotSent:
		return none, pos.Reply{Answer: pos.AnswerNotSent, Detail: "no connection"}
	case fault.Lost:
		return none, lost(ctx, fault.Hang)
	case fault.RetryAfter > 0 || fault.Refuse != "":
		if !sleep(ctx, 2*half) {
			return none, unknown("no answer in time")
		}
		if fault.Refuse != "" {
			return none, refused(fault.Refuse)
		}
		return none, pos.Reply{Answer: pos.AnswerNotSent, Detail: "too many requests", RetryAfter: fault.RetryAfter}
	}
	arrives := s.opt.Now().Add(fault.Way + half)
	if !sleep(ctx, fault.Way+half) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.schedule(arrives, func() { effect() })
		return none, unknown("no answer in time")
	}
	result, reply := arrive(s, fault, effect)
	if fault.AnswerLost {
		return none, lost(ctx, fault.Hang)
	}
	if !sleep(ctx, fault.Back+half) {
		return none, unknown("no answer in time")
	}
	return result, reply
}

// arrive lets the call take effect at the service.
func arrive[T any](s *Service, fault Fault, effect func() (T, pos.Reply)) (T, pos.Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	result, reply := effect()
	if fault.Twice {
		effect()
	}
	if !s.opt.NoDate {
		reply.Clock.Server = s.clock().Truncate(time.Second)
	}
	return result, reply
}

func lost(ctx context.Context, hang bool) pos.Reply {
	if !hang {
		return unknown("connection reset")
	}
	<-ctx.Done()
	return unknown("no answer in time")
}

func unknown(detail string) pos.Reply {
	return pos.Reply{Answer: pos.AnswerUnknown, Detail: detail}
}

// sleep waits for a time, and reports whether the context lasted as long.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
