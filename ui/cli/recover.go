package cli

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"centrapos/api/sandbox"
	"centrapos/pos"
	"centrapos/pos/ledger"
	"centrapos/ui/widget"
)

const recoverHelp = `Finishes everything that an interrupted run left open, each by what Centrapay has of it:
  a sale         that was paid is recorded as paid; one nobody watches any more is voided
  a void         is asked for again until it has a definite end
  a refund,      that may have been sent is sent again under its own reference or key,
  a confirmation which makes it once; one that never left the till is not sent any more
  a release      is recorded by what the pre-auth has become
What is in the hands of a till that is running is left to it. The till does the same by
itself when it starts.

Sales that ended while money could still arrive are looked at again: money that came in
after the till had given up is told, to be given back or to hand the goods over.

With --json the document has
  outcome      settled, or unresolved when something has no definite end yet
  items        each operation taken up, as "centrapos ledger list" shows it, and
               returned, money that went back to the customer
  left         what is unfinished and this run did not take up: that of a running till,
               and that with another service
  late         sales that were paid after their end
  notLookedAt  why some sales that ended in doubt could not be looked at; "" if all were`

// doubtLasts is how far back sales that ended in doubt are looked at again.
const doubtLasts = 48 * time.Hour

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
	again := p.lookAgain(ctx, s, ops)
	if again.open {
		how = max(how, endingUnresolved)
	}
	return p.recovered(ctx, s, ops, how, again)
}

// lookedAgain is what came of looking again at sales that ended in doubt.
type lookedAgain struct {
	late   []pos.LatePayment
	missed error // why some could not be looked at
	open   bool  // something was found that has no definite end yet
}

// add takes news of a late payment in. All of one sale is told once, as it was last.
func (f *lookedAgain) add(late pos.LatePayment) {
	at := slices.IndexFunc(f.late, func(l pos.LatePayment) bool { return l.Op == late.Op })
	if at < 0 {
		f.late = append(f.late, late)
		return
	}
	f.late[at].Record = late.Record
	f.late[at].GivenBack = append(f.late[at].GivenBack, late.GivenBack...)
}

// lookAgain looks again, once, at the sales that ended while money could still
// arrive. Those that recovery has just taken up have told how they ended.
func (p *program) lookAgain(ctx context.Context, s *session, taken []*pos.Operation) lookedAgain {
	var found lookedAgain
	if p.interrupts.wasAsked() {
		return found
	}
	bound, cancel := p.interrupts.bind(ctx)
	defer cancel()
	bound, enough := context.WithTimeout(bound, p.times.patience)
	defer enough()
	over, end := context.WithCancel(ctx)
	end()
	for _, till := range append([]*pos.Till{s.till}, s.older...) {
		asked := time.Now()
		ops, err := till.LookAgain(bound, asked.Add(-doubtLasts))
		if _, unread := errors.AsType[*ledger.Error](err); unread || !allLookedAt(ops, asked) {
			found.missed = errors.Join(found.missed, err)
		}
		found.open = !closedAgain(bound, ops) || found.open
		for late, more := till.NextLate(over); more; late, more = till.NextLate(over) {
			found.add(late)
		}
	}
	for _, late := range found.late {
		if !slices.ContainsFunc(taken, func(op *pos.Operation) bool { return op.ID() == late.Op }) {
			p.sayLate(late)
		}
	}
	if found.open {
		p.warn("A payment request was found that has no definite end yet; run \"centrapos recover\" again.")
	}
	if found.missed != nil {
		p.warn("Some sales that ended in doubt could not be looked at again: %v. The next recovery, and the till, do so.", found.missed)
	}
	return found
}

// allLookedAt reports whether all sales were looked at since a time, or need not be
// any more, since what was in doubt of them is known by now.
func allLookedAt(ops []*pos.Operation, since time.Time) bool {
	return !slices.ContainsFunc(ops, func(op *pos.Operation) bool {
		rec := op.State().Record
		return rec.Doubtful() && rec.LastLook.Before(since)
	})
}

// closedAgain waits until nothing is left to do of sales that were looked at again: a
// request may have been found that has to be voided. It reports whether that is so.
func closedAgain(ctx context.Context, ops []*pos.Operation) bool {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for _, op := range ops {
		for !op.State().Record.Closed() || op.LedgerTrouble() != nil {
			select {
			case <-op.Changed():
			case <-tick.C:
			case <-ctx.Done():
				return false
			}
		}
	}
	return true
}

// sayLate tells of money that arrived after the till had given a sale up.
func (p *program) sayLate(late pos.LatePayment) {
	p.say("%s  sale of %s, begun %s", late.Op, amountText(late.Record.Amount()), clock(late.Record.OpenedAt))
	for _, line := range outcomeLines(late.Record) {
		p.say("%s  %s", late.Op, line)
	}
	for _, request := range late.GivenBack {
		p.say("%s  A payment of %s on %s came after its sale had ended, and was given back by itself; tell the customer if they ask.",
			late.Op, amountText(backOf(late.Record, request)), widget.Clean(firstOf(request.ShortCode, request.ID)))
	}
}

// backOf is what of a request went back to the customer by itself.
func backOf(rec pos.Record, request pos.Request) pos.Money {
	switch back := rec.VoidOf(request.ID).Returned; {
	case back.IsKnown():
		return back
	case request.ID == rec.Request.ID && rec.Returned.IsKnown():
		return rec.Returned
	}
	return request.PaidTotal()
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
	n.line("%s, begun %s", aboutOf(rec), clock(rec.OpenedAt))
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
		if key := keyTurnedAway(st); key != "" {
			n.line("%s", key)
		}
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
func (p *program) recovered(ctx context.Context, s *session, ops []*pos.Operation, how ending, again lookedAgain) (*result, error) {
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
	if slices.ContainsFunc(left, func(row ledger.Row) bool { return row.Owner == s.ledger.Owner() }) {
		how = max(how, endingUnresolved) // found as sales were looked at again, however late
	}
	left = nobodys(left, s)
	for _, row := range left {
		p.warn("%s  the %s of %s is not finished, and is left to %s.", row.Op, kindWord(row.Kind), amountText(row.Amount), whose(row, s.keeps(row.Service)))
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
	late := []ledger.Row{}
	for _, l := range again.late {
		found, err := s.ledger.Find(ctx, string(l.Op))
		if err != nil {
			return nil, err
		}
		late = append(late, found...)
	}
	doc.add("late", rowDocuments(nobodys(late, s)))
	missed := ""
	if again.missed != nil {
		missed = again.missed.Error()
	}
	doc.add("notLookedAt", missed)
	r.document = doc
	if len(items) > 0 {
		p.say("%s taken up, %s.", countOf(len(items), "payment"), outcome)
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
	return nobodys(rows, s), nil
}

// nobodys gives lines of the record as they are once this run has ended: what it has
// in hand is in nobody's then.
func nobodys(rows []ledger.Row, s *session) []ledger.Row {
	for i := range rows {
		rows[i].OwnerAlive = rows[i].OwnerAlive && rows[i].Owner != s.ledger.Owner()
	}
	return rows
}

// aboutOf says what an operation is, in a few words.
func aboutOf(rec pos.Record) string {
	text := kindWord(rec.Kind)
	if amount := rec.Amount(); amount.IsKnown() {
		text += " of " + amount.Format()
	}
	if code := rec.Request.ShortCode; rec.Kind != pos.KindSale && code != "" {
		text += " on " + widget.Clean(code)
	}
	return text
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
