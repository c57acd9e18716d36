package cli

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"centrapos/api/sandbox"
	"centrapos/pos"
	"centrapos/pos/ledger"
)

const recoverHelp = `Finishes everything that an interrupted run left open. Each unfinished payment is
looked up at Centrapay: what was paid is recorded as paid, and what nobody watches
any more is voided. Payments in the hands of a till that is running are left to it.
The till does the same by itself when it starts.

With --json the document has
  outcome      settled, or unresolved when something has no definite end yet
  items        each payment taken up, as "centrapos ledger list" shows it, and
               returned, money that a void gave back
  left         unfinished payments that this run did not take up: those of a
               running till, and those with another service`

// recoverTimeout is how long recovery goes on unless told otherwise.
const recoverTimeout = 3 * time.Minute

func (p *program) recoverCommand() *cobra.Command {
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "recover",
		Short: "Finish what an interrupted run left open",
		Long:  recoverHelp,
		Args:  takes(0, 0, "no arguments"),
		RunE: p.runs(func(ctx context.Context, cmd *cobra.Command, _ []string) (*result, error) {
			return p.recover(ctx, cmd, timeout)
		}),
	}
	cmd.Flags().DurationVar(&timeout, "timeout", recoverTimeout, "how long to go on, such as 90s or 10m")
	return cmd
}

func (p *program) recover(ctx context.Context, cmd *cobra.Command, timeout time.Duration) (*result, error) {
	if timeout <= 0 {
		return nil, usage("--timeout must be more than zero, such as 90s or 10m")
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
	ops, err := s.recoverAll(ctx)
	switch {
	case err != nil && len(ops) == 0:
		return nil, err
	case err != nil: // what could be taken up runs, and is seen through
		p.warn("Not everything could be taken up: %v", err)
	case len(ops) == 0:
		p.say("Nothing is left to finish.")
	}
	how := p.seeThrough(ops, timeout)
	if err != nil {
		how = max(how, endingUnresolved)
	}
	return p.recovered(ctx, s, ops, how)
}

// seeThrough waits for every operation to be closed, all at the same time, and
// gives the worst ending among them.
func (p *program) seeThrough(ops []*pos.Operation, timeout time.Duration) ending {
	var mu sync.Mutex
	worst := endingDone
	var all sync.WaitGroup
	for _, op := range ops {
		all.Go(func() {
			how := p.finish(op, timeout)
			mu.Lock()
			defer mu.Unlock()
			worst = max(worst, how)
		})
	}
	all.Wait()
	return worst
}

// finish follows one operation until it is closed, which is later than its
// outcome where something is left behind.
func (p *program) finish(op *pos.Operation, timeout time.Duration) ending {
	until := time.Now().Add(timeout)
	n := p.narrator()
	n.out = p.out.asides()
	rec := op.State().Record
	n.prefix = string(op.ID()) + "  "
	n.shown = rec.Request.ID
	n.line("%s of %s, begun %s", rec.Kind, amountText(rec.Amount()), clock(rec.OpenedAt))
	f := &follower{
		op: op, interrupts: p.interrupts,
		tell: func(st pos.State) { n.tell(st, op.LedgerTrouble()) },
		patience: func(st pos.State) (time.Duration, bool) {
			if st.NeedsPerson(time.Now()) {
				return 0, true
			}
			return timeout, true
		},
	}
	st, how := f.follow()
	if how != endingDone {
		n.line("Still not known.")
		if verdicts := rec.Kind.Verdicts(); st.NeedsPerson(time.Now()) {
			n.line("Only Centrapay can tell: ask them, then run \"centrapos settle %s %s|%s --by NAME --note TEXT\".", op.ID(), verdicts[0], verdicts[1])
		}
		return how
	}
	n.result(st.Record)
	switch settled := f.settle(time.Until(until)); {
	case settled:
		return endingDone
	case p.interrupts.wasAsked():
		return endingLeft
	}
	n.line("Something is left behind it that has no definite end yet.")
	return endingUnresolved
}

// recovered is the result of a recovery.
func (p *program) recovered(ctx context.Context, s *session, ops []*pos.Operation, how ending) (*result, error) {
	items, err := rowsOf(ctx, s, ops)
	if err != nil {
		return nil, err
	}
	left, err := s.ledger.Unfinished(ctx)
	if err != nil {
		return nil, err
	}
	left = slices.DeleteFunc(left, func(row ledger.Row) bool {
		return slices.ContainsFunc(items, func(mine ledger.Row) bool { return mine.Op == row.Op })
	})
	for _, row := range left {
		p.warn("%s  %s of %s is not finished, and is left to %s.", row.Op, row.Kind, amountText(row.Amount), whose(row, s.keeps(row.Service)))
	}
	r := &result{exit: exitDone}
	outcome := "settled"
	switch how {
	case endingDone:
	case endingUnresolved, endingReached:
		outcome, r.exit = outcomeUnresolved, exitUnresolved
	case endingLeft:
		outcome, r.exit = outcomeUnresolved, exitInterrupt
	}
	doc := &object{}
	doc.add("outcome", outcome)
	docs := rowDocuments(items)
	for _, op := range ops {
		i := slices.IndexFunc(items, func(row ledger.Row) bool { return row.Op == op.ID() })
		if returned := op.State().Record.Returned; i >= 0 && returned.IsKnown() {
			docs[i].add("returned", returned)
		}
	}
	doc.add("items", docs)
	doc.add("left", rowDocuments(left))
	r.document = doc
	if len(items) > 0 {
		p.say("%d taken up, %s.", len(items), outcome)
	}
	return r, nil
}

// rowsOf gives the record's lines of operations, in their order.
func rowsOf(ctx context.Context, s *session, ops []*pos.Operation) ([]ledger.Row, error) {
	var rows []ledger.Row
	for _, op := range ops {
		found, err := s.ledger.Find(ctx, string(op.ID()))
		if err != nil {
			return nil, err
		}
		rows = append(rows, found...)
	}
	return rows, nil
}

func whose(row ledger.Row, ours bool) string {
	switch {
	case row.OwnerAlive:
		return "the till that is running it"
	case !ours:
		return "a recovery with " + row.Service
	}
	return "the next recovery"
}
