package cli

import (
	"time"

	"centrapos/pos"
)

// ending is how the watching of an operation ended.
type ending int

const (
	// endingDone: the outcome is known.
	endingDone ending = iota
	// endingReached: what was to be waited for has come about.
	endingReached
	// endingUnresolved: patience ran out; the outcome is not known yet.
	endingUnresolved
	// endingLeft: interrupted twice; the outcome is not known.
	endingLeft
)

// lookEvery is how often a follower looks at the clock.
const lookEvery = 200 * time.Millisecond

// follower watches an operation to its end, and passes on what people want.
type follower struct {
	op         *pos.Operation
	interrupts *interrupts
	// tell is called with every change of the state, and now and then besides.
	tell func(pos.State)
	// answer deals with the conditions that await staff; nil where none can.
	answer *answerer
	// until ends the watching before the outcome; nil for never.
	until func(pos.State) bool
	// patience is how long the operation may stay as it is; false while it may
	// stay so for ever.
	patience func(pos.State) (time.Duration, bool)
	// stop is what the first interrupt does; nil where it ends the watching, since
	// what is watched can be taken up again.
	stop func()

	overdue time.Time // since when patience is wearing out; zero while it is not
}

// follow watches the operation. It gives the state it stopped watching at.
func (f *follower) follow() (pos.State, ending) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	asked, closed := f.interrupts.asked, f.op.Closed()
	for {
		s := f.op.State()
		f.tell(s)
		switch {
		case s.Record.Outcome != pos.OutcomeOpen:
			return s, endingDone
		case f.until != nil && f.until(s):
			return s, endingReached
		case closed == nil, f.outOfPatience(s):
			return s, endingUnresolved
		}
		f.answer.see(f.op, s)
		select {
		case <-f.op.Changed():
		case <-tick.C:
		case <-closed:
			closed = nil // look once more: it may have closed with its outcome
		case line, more := <-f.answer.lines():
			f.answer.typed(f.op, line, more)
		case <-asked:
			if f.stop == nil {
				return f.op.State(), endingLeft
			}
			asked = nil
			f.stop()
		case <-f.interrupts.pressed:
			return f.op.State(), endingLeft
		}
	}
}

func (f *follower) outOfPatience(s pos.State) bool {
	limit, wearing := f.patience(s)
	switch {
	case !wearing:
		f.overdue = time.Time{}
	case f.overdue.IsZero():
		f.overdue = time.Now()
	}
	return wearing && time.Since(f.overdue) >= limit
}

// saleMayTake is the patience for a sale: none is lost while a customer may
// still pay, some once the sale is being stopped or its request is lost.
func (t times) saleMayTake(s pos.State) (time.Duration, bool) {
	switch {
	case s.NeedsPerson(time.Now()):
		return 0, true
	case s.Record.Stop != pos.WhyNone:
		return t.patience, true
	case s.Unresolved():
		return t.searching, true
	}
	return 0, false
}

// settle waits for what is left to do after the outcome, such as voiding
// requests that lost answers made. It reports whether nothing is left.
func (f *follower) settle(limit time.Duration) bool {
	timeout := time.NewTimer(limit)
	defer timeout.Stop()
	select {
	case <-f.op.Closed():
	case <-timeout.C:
	case <-f.enough():
	}
	return f.op.State().Record.Closed() && f.op.LedgerTrouble() == nil
}

// enough is closed by the interrupt after which nothing is waited for.
func (f *follower) enough() <-chan struct{} {
	if f.stop == nil {
		return f.interrupts.asked
	}
	return f.interrupts.pressed
}
