package cli

import (
	"context"
	"errors"
	"fmt"

	"centrapos/pos"
	"centrapos/ui/widget"
)

// watchSale takes the payment and waits until it is known how it ended.
func (p *program) watchSale(ctx context.Context, s *session, sale pos.Sale, mode answerMode) (*result, error) {
	op, err := s.sell(ctx, sale)
	if err != nil {
		return nil, err
	}
	n := p.narrator()
	n.announce(op.State(), s.training())
	f := &follower{
		op: op, interrupts: p.interrupts, patience: p.times.saleMayTake,
		tell:   p.unlessHeld(op, p.times.searching, func(st pos.State) { n.tell(st, op.LedgerTrouble()) }),
		answer: p.answerer(mode),
		stop: func() {
			p.say("Stopping the sale …")
			op.Stop(pos.WhyShutdown)
		},
	}
	st, how := f.follow()
	if how == endingDone {
		n.result(st.Record)
		if !f.settle(p.times.tidy) {
			p.warn("Something is left to tidy up; run \"centrapos recover\".")
		}
		for _, stray := range op.State().Record.StraysGivenBack() {
			p.warn("A second payment request of this sale (%s) had been paid, and its money was given back: tell the customer.", widget.Clean(stray.ID))
		}
	}
	return p.saleEnded(ctx, s, op, how), nil
}

// sell begins a sale. Where an earlier one with the reference is in the way, the error
// says how that one is finished.
func (s *session) sell(ctx context.Context, sale pos.Sale) (*pos.Operation, error) {
	op, err := s.till.Sell(ctx, sale)
	input, isInput := errors.AsType[*pos.InputError](err)
	if !isInput || input.Code != pos.CodeOutcomeUnknown {
		return op, err
	}
	return nil, &failure{exit: exitUsage, Code: input.Code, cause: err,
		Message: fmt.Sprintf("%v; nothing was sent. \"centrapos recover\" finishes what nobody has in hand, \"centrapos ledger list\" shows it", err)}
}

// answerer answers conditions in a mode. Before a terminal it is careful not to
// take early typing for an answer.
func (p *program) answerer(mode answerMode) *answerer {
	a := &answerer{mode: mode, in: p.stdin, out: p.out.asides()}
	if isTerminal(p.stdin) {
		a.grace = p.times.grace
	}
	return a
}

// saleEnded is the result of a sale that was watched.
func (p *program) saleEnded(ctx context.Context, s *session, op *pos.Operation, how ending) *result {
	rec := op.State().Record
	switch how {
	case endingDone:
		return p.resultOf(p.reread(ctx, s, rec), op)
	case endingLeft:
		p.say("Left as it is. It may still be paid: run \"centrapos recover\" before anything else.")
		return p.unresolved(rec, op, exitUnresolved)
	case endingUnresolved, endingReached:
	}
	p.say("NOT KNOWN YET - do not charge again. Run \"centrapos recover\" to find out.")
	p.sayWhereToLook(op.State())
	return p.unresolved(rec, op, exitUnresolved)
}

// reread gets the request's own object as it is now, where its last reading is
// older than its end. It is worth little enough to be given up soon.
func (p *program) reread(ctx context.Context, s *session, rec pos.Record) pos.Record {
	id := rec.Request.ID
	if id == "" || rec.Request.Status.Final() && rec.VoidOf(id).Sent == 0 {
		return rec
	}
	ctx, cancel := context.WithTimeout(ctx, p.times.reread)
	defer cancel()
	if now, reply := s.payments.Get(ctx, id); reply.Answer == pos.AnswerDone {
		rec.Request.Document = now.Document
		rec.Request.CancellationReason = now.CancellationReason
	}
	return rec
}

// leaveSale makes the payment request and leaves it (--no-wait). Whoever asked for
// it says what can be done with it, and may add to its document.
func (p *program) leaveSale(ctx context.Context, s *session, sale pos.Sale, left func(pos.Record, *object)) (*result, error) {
	op, err := s.sell(ctx, sale)
	if err != nil {
		return nil, err
	}
	n := p.narrator()
	n.announce(op.State(), s.training())
	f := &follower{
		op: op, interrupts: p.interrupts, patience: p.times.saleMayTake,
		tell:  p.unlessHeld(op, p.times.searching, func(st pos.State) { n.tell(st, op.LedgerTrouble()) }),
		until: func(st pos.State) bool { return st.Phase() == pos.PhaseWaiting },
		stop:  func() { op.Stop(pos.WhyShutdown) },
	}
	st, how := f.follow()
	if how != endingReached {
		if how == endingDone {
			n.result(st.Record)
		}
		return p.saleEnded(ctx, s, op, how), nil
	}
	s.leave(ctx)
	doc := saleDocument(st.Record, op.ID(), outcomeCreated)
	left(st.Record, doc)
	return &result{document: doc}, nil
}

// sayUnwatched says how a payment request that was left can be looked at and ended.
func (p *program) sayUnwatched(reads string, rec pos.Record) {
	p.say("Nobody is watching it: \"centrapos %s %s\" reads it, \"centrapos recover\" ends it.", reads, widget.Clean(rec.Request.ID))
}
