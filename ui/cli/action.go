package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"centrapos/api/sandbox"
	"centrapos/pos"
)

// This file holds what a refund, a confirmation and a release have in common on
// the command line.

// actionFlags are the flags that say what a refund or a confirmation is for.
type actionFlags struct {
	items      []string
	invoiceRef string
}

func (f *actionFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.items, "item", nil, "a line: 'NAME;QTY;EACH' or 'NAME;QTY;EACH;SKU'; may be repeated")
	cmd.Flags().StringVar(&f.invoiceRef, "invoice-ref", "", "the merchant's invoice or credit note")
}

// lines reads the --item flags in the currency of the payment.
func (f actionFlags) lines(currency pos.Currency) ([]pos.LineItem, error) {
	var lines []pos.LineItem
	for _, text := range f.items {
		line, err := parseItem(text, currency)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// action is one refund, confirmation or release from the command line.
type action struct {
	// check judges the command line before anything is opened, as far as that is
	// possible without the payment request.
	check func(currency pos.Currency) error
	// begin begins it, once the payment request is known.
	begin func(ctx context.Context, s *session, req pos.Request) (*pos.Operation, error)
	// after adds to the record of an action that was done what is found out after it;
	// nil for nothing.
	after func(pos.Record) pos.Record
	// more adds to the document what is its own.
	more func(*object, pos.Record)
}

// act carries an action out and tells how it ended.
func (p *program) act(ctx context.Context, cmd *cobra.Command, key string, a action) (*result, error) {
	if strings.TrimSpace(key) == "" {
		return nil, usage("the ID or SHORTCODE is empty")
	}
	settings, err := p.settings(cmd)
	if err != nil {
		return nil, err
	}
	currency, err := pos.CurrencyOf(settings.Currency)
	if err != nil {
		return nil, err
	}
	if err := a.check(currency); err != nil {
		return nil, err
	}
	s, err := p.openTill(ctx, settings, sandbox.Manual)
	if err != nil {
		return nil, err
	}
	defer s.close(ctx)
	op, err := p.beginAction(ctx, s, key, a)
	if err != nil {
		return nil, err
	}
	return p.watchAction(op, a)
}

// beginAction reads the payment request and begins the action on it.
func (p *program) beginAction(ctx context.Context, s *session, key string, a action) (*pos.Operation, error) {
	bound, cancel := p.interrupts.bind(ctx)
	defer cancel()
	named, err := s.name(bound, s.ledger.Reader, key, true)
	if err != nil {
		return nil, err
	}
	req, reply := named.read(bound, s.payments)
	if reply.Answer != pos.AnswerDone {
		return nil, p.unread(key, reply)
	}
	if p.interrupts.wasAsked() {
		return nil, errInterrupted
	}
	op, err := a.begin(bound, s, req)
	return op, s.underWay(ctx, req.ID, err)
}

// underWay adds to an error that says that the same is under way, or not finished,
// which operation that is and where to look.
func (s *session) underWay(ctx context.Context, requestID string, err error) error {
	input, isInput := errors.AsType[*pos.InputError](err)
	f := &failure{Code: pos.CodeOutcomeUnknown, cause: err}
	switch {
	case errors.Is(err, pos.ErrElsewhere):
		f.exit = exitUnresolved
	case isInput && input.Code == pos.CodeOutcomeUnknown:
		f.exit = exitUsage
	default:
		return err
	}
	rows, _ := s.ledger.Find(ctx, requestID) // without it the message says less, and no less truly
	for _, row := range rows {
		if row.Kind != pos.KindSale && row.Outcome == pos.OutcomeOpen {
			f.op = row.Op
			break
		}
	}
	f.Message = fmt.Sprintf("%v; \"%s\" shows where it stands, \"centrapos recover\" finishes what nobody has in hand",
		err, lookCommand(s.service, requestID, f.op))
	return f
}

// sayWhereToLook says what a person can do about an operation whose end is not known.
func (p *program) sayWhereToLook(st pos.State) {
	if key := keyTurnedAway(st); key != "" {
		p.say("%s", key)
	}
	if id := st.Record.Request.ID; id != "" {
		p.say("\"%s\" shows what Centrapay has of it.", lookCommand(st.Record.Service, id, ""))
	}
}

// watchAction sees an action through, as far as it can be.
func (p *program) watchAction(op *pos.Operation, a action) (*result, error) {
	f := &follower{
		op: op, interrupts: p.interrupts,
		tell:     p.unlessHeld(op, p.times.patience, p.actionTeller(op)),
		patience: func(st pos.State) (time.Duration, bool) { return p.actionPatience(st), true },
		stop: func() {
			p.warn("It may have been sent; waiting for the answer …")
			op.Stop(pos.WhyStaff)
		},
	}
	st, how := f.follow()
	rec := st.Record
	switch how {
	case endingDone:
		f.settle(p.times.patience)
	case endingLeft:
		p.warn("Left as it is; run \"centrapos recover\" to finish it.")
		return p.unresolvedAction(rec, op, a, exitInterrupt), nil
	case endingUnresolved, endingReached:
		p.say("NOT KNOWN YET - do not repeat it; run \"centrapos recover\" to finish it.")
		p.sayWhereToLook(st)
		return p.unresolvedAction(rec, op, a, exitUnresolved), nil
	}
	return p.actionEnded(rec, op, a)
}

// actionPatience is how long an action may stay as it is: until a person is
// needed, it is tried again and again.
func (p *program) actionPatience(st pos.State) time.Duration {
	if st.NeedsPerson(time.Now()) {
		return 0
	}
	return p.times.patience
}

// actionTeller says what holds an action up, once each.
func (p *program) actionTeller(op *pos.Operation) func(pos.State) {
	n := p.narrator()
	return func(st pos.State) {
		n.tellLedger(op.LedgerTrouble())
		if st.Phase() == pos.PhaseSearching {
			n.once("No answer yet; finding out what became of it …")
		}
	}
}

func (p *program) actionEnded(rec pos.Record, op *pos.Operation, a action) (*result, error) {
	if rec.Outcome == pos.OutcomeRefused || rec.Outcome == pos.OutcomeNotMade {
		f := refusedOperation(rec)
		if rec.Outcome == pos.OutcomeNotMade {
			f = heldBack(op.State(), notMade(rec, p.interrupts.wasAsked()))
		}
		return &result{document: errorDocument(f, op.ID()), exit: f.exit}, f.spoken(p)
	}
	if op.Earlier() {
		p.warn("This had been asked for before; here is how it ended.")
	}
	if a.after != nil {
		rec = a.after(rec)
	}
	for _, line := range outcomeLines(rec) {
		p.say("%s", line)
	}
	return &result{document: actionDocument(rec, op, a, string(rec.Outcome))}, nil
}

// spoken says a failure whose document is more than the failure.
func (f *failure) spoken(p *program) error {
	p.warn("centrapos: %s", f.Error())
	return nil
}

// actionDocument is the activity as the service has it, with what is ours to say.
func actionDocument(rec pos.Record, op *pos.Operation, a action, outcome string) *object {
	doc := &object{own: rec.Action.Activity.Document}
	doc.add("outcome", outcome)
	doc.add("ledgerId", op.ID())
	doc.add("paymentRequestId", rec.Target.RequestID)
	a.more(doc, rec)
	addDiffers(doc, rec)
	return doc
}

func (p *program) unresolvedAction(rec pos.Record, op *pos.Operation, a action, exit int) *result {
	doc := actionDocument(rec, op, a, outcomeUnresolved)
	doc.add("error", p.notKnown(rec, op))
	return &result{document: doc, exit: exit}
}
