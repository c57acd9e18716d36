package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"centrapos/api/sandbox"
	"centrapos/pos"
	"centrapos/ui/widget"
)

const voidHelp = `Voids a payment request: cancels it if it is unpaid, and gives the customer's
money back if it is paid. Centrapay takes a void for 24 hours.

It may also be named by its ledger id or its reference in the local record, and a short
code be spelled in any way.

With --json the document is the payment request as Centrapay has it afterwards, and
  outcome      voided, or unresolved when it is not known yet
  ledgerId     the void in the local record
  returned     the money given back, in the currency's smallest unit; null if none
A void that Centrapay refuses is an "error" with its code, and exit code 69.`

func (p *program) voidCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "void ID|SHORTCODE",
		Short: "Cancel a payment request, or give its money back",
		Long:  voidHelp,
		Args:  takes(1, 1, "one ID or SHORTCODE"),
		RunE: p.runs(func(ctx context.Context, cmd *cobra.Command, args []string) (*result, error) {
			return p.void(ctx, cmd, args[0])
		}),
	}
}

func (p *program) void(ctx context.Context, cmd *cobra.Command, key string) (*result, error) {
	if strings.TrimSpace(key) == "" {
		return nil, usage("the ID or SHORTCODE is empty")
	}
	settings, err := p.settings(cmd)
	if err != nil {
		return nil, err
	}
	s, err := p.openTill(ctx, settings, sandbox.Manual)
	if err != nil {
		return nil, err
	}
	defer s.close(ctx)
	return p.voidOn(ctx, s, key)
}

// voidOn voids a payment request at a till that is open.
func (p *program) voidOn(ctx context.Context, s *session, key string) (*result, error) {
	named, err := s.name(ctx, s.ledger.Reader, key, true)
	if err != nil {
		return nil, err
	}
	target, req, err := p.target(ctx, s, named)
	if err != nil {
		return nil, err
	}
	if err := p.freeToVoid(ctx, s, target, req); err != nil {
		return nil, err
	}
	if p.interrupts.wasAsked() {
		return nil, errInterrupted
	}
	op, err := s.till.Void(ctx, target)
	if err != nil {
		return nil, s.underWay(ctx, target.RequestID, err)
	}
	n := p.narrator()
	f := &follower{
		op: op, interrupts: p.interrupts,
		tell:     p.unlessHeld(op, p.times.patience, func(st pos.State) { n.tell(st, op.LedgerTrouble()) }),
		patience: p.times.voidMayTake,
		stop:     func() { p.warn("The void has been sent; waiting for its answer …") },
	}
	st, how := f.follow()
	if how == endingDone {
		n.result(st.Record)
		f.settle(p.times.patience)
	}
	return p.voidEnded(ctx, s, op, how)
}

// voidMayTake is the patience for a void: none where the service asks to be left alone
// for longer than that. What may have left is then kept, and asked again by recovery.
func (t times) voidMayTake(st pos.State) (time.Duration, bool) {
	if st.Unresolved() && st.Record.VoidOf(st.Record.Request.ID).Unsure() && time.Until(st.Live.HoldUntil) > t.patience {
		return 0, true
	}
	return t.patience, st.Unresolved()
}

// target finds the request to be voided. A void by id goes ahead without having
// seen the request where it cannot be read: it may be all the more urgent.
func (p *program) target(ctx context.Context, s *session, named naming) (pos.Target, pos.Request, error) {
	ctx, cancel := p.interrupts.bind(ctx)
	defer cancel()
	key := named.key
	req, reply := named.read(ctx, s.payments)
	switch {
	case reply.Answer == pos.AnswerDone:
		p.say("Voiding %s, %s", widget.Clean(req.ShortCode), req.Value.Format())
		return pos.Target{RequestID: req.ID, ShortCode: req.ShortCode, Value: req.Value}, req, nil
	case reply.Answer == pos.AnswerUnknown && !isShortCode(key) && named.guess == "" && !p.interrupts.wasAsked():
		p.say("Voiding %s, which cannot be read now", widget.Clean(key))
		return pos.Target{RequestID: key}, pos.Request{}, nil
	}
	return pos.Target{}, pos.Request{}, p.unread(key, reply)
}

// freeToVoid refuses a void beside a refund of the same payment by its transaction.
func (p *program) freeToVoid(ctx context.Context, s *session, target pos.Target, req pos.Request) error {
	ctx, cancel := p.interrupts.bind(ctx)
	defer cancel()
	_, err := s.underOtherName(ctx, wish{kind: pos.KindVoid, target: target, req: req})
	return err
}

// voidEnded is the result of a void.
func (p *program) voidEnded(ctx context.Context, s *session, op *pos.Operation, how ending) (*result, error) {
	rec := op.State().Record
	switch how {
	case endingDone:
	case endingLeft:
		p.warn("Left as it is; run \"centrapos recover\" to finish the void.")
		return p.unresolved(rec, op, exitInterrupt), nil
	case endingUnresolved, endingReached:
		p.say("NOT KNOWN YET - run \"centrapos recover\" to finish the void.")
		p.sayWhereToLook(op.State())
		return p.unresolved(rec, op, exitUnresolved), nil
	}
	switch rec.Outcome {
	case pos.OutcomeRefused:
		f := refusedOperation(rec)
		return &result{document: errorDocument(f, op.ID()), exit: f.exit}, nil
	case pos.OutcomeNotMade:
		f := heldBack(op.State(), notMade(rec, false))
		return &result{document: errorDocument(f, op.ID()), exit: f.exit}, nil
	case pos.OutcomeOpen, pos.OutcomePaid, pos.OutcomePartlyPaid, pos.OutcomeAuthorized,
		pos.OutcomeCancelled, pos.OutcomeExpired, pos.OutcomeVoided,
		pos.OutcomeRefunded, pos.OutcomeConfirmed, pos.OutcomeReleased, pos.OutcomePaidLate: // not of a void
	}
	doc := saleDocument(p.reread(ctx, s, rec), op.ID(), string(rec.Outcome))
	doc.add("returned", rec.Returned)
	return &result{document: doc}, nil
}
