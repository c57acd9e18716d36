package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"centrapos/api/sandbox"
	"centrapos/pos"
	"centrapos/pos/centrapay"
	"centrapos/pos/ledger"
)

const settleHelp = `Ends a payment by hand that the till can find out nothing more of, once somebody has
asked Centrapay what became of it. "centrapos recover" says which do: a barcode sale
whose answer was lost and that cannot be looked up, and a refund or a confirmation that
may or may not have been made.

KEY is the payment's ledger id, or a reference or short code that names it. What was
said is one of paid and unpaid for a sale, refunded and not-refunded for a refund,
confirmed and not-confirmed for a confirmation. Who says so, what was said and when are
kept for good, and the outcome is marked as a person's word wherever it is shown.

A payment that the till can still settle by itself is never settled by hand: the till
tries first, and says so.

With --json the document has
  outcome      what the payment ended as
  ledgerId     the payment in the local record
  word         {verdict, by, note}
A payment that needs nobody is an "error" with the code NEEDS_NOBODY, and exit code 64.`

// codeNeedsNobody: a payment was to be settled by hand that settles itself.
const codeNeedsNobody = "NEEDS_NOBODY"

// settleTimeout is how long the till tries to do without a person's word.
const settleTimeout = 20 * time.Second

type settleFlags struct {
	by, note string
	timeout  time.Duration
}

func (p *program) settleCommand() *cobra.Command {
	var f settleFlags
	cmd := &cobra.Command{
		Use:   "settle KEY paid|unpaid|refunded|not-refunded|confirmed|not-confirmed --by NAME --note TEXT",
		Short: "End a payment by hand, by what Centrapay told somebody",
		Long:  settleHelp,
		Args:  takes(2, 2, "one KEY and what Centrapay said"),
		RunE: p.runs(func(ctx context.Context, cmd *cobra.Command, args []string) (*result, error) {
			return p.settle(ctx, cmd, f, args[0], pos.Verdict(args[1]))
		}),
	}
	flags := cmd.Flags()
	flags.StringVar(&f.by, "by", "", "who asked Centrapay")
	flags.StringVar(&f.note, "note", "", "what Centrapay said, and who said it")
	flags.DurationVar(&f.timeout, "timeout", settleTimeout, "how long the till may try by itself first")
	return cmd
}

func (p *program) settle(ctx context.Context, cmd *cobra.Command, f settleFlags, key string, verdict pos.Verdict) (*result, error) {
	if f.timeout <= 0 {
		return nil, usage("--timeout must be more than zero, such as 20s")
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
	row, err := s.settleable(ctx, key)
	if err != nil {
		return nil, err
	}
	word := pos.Word{Verdict: verdict, By: strings.TrimSpace(f.by), Note: strings.TrimSpace(f.note)}
	if err := word.Check(row.Kind); err != nil {
		return nil, err
	}
	bound, cancel := p.interrupts.bind(ctx)
	defer cancel()
	bound, enough := context.WithTimeout(bound, f.timeout)
	defer enough()
	op, err := s.tillOf(row.Service).Settle(bound, row.Op, word.Verdict, word.By, word.Note)
	switch {
	case p.interrupts.wasAsked() && err != nil:
		return nil, errInterrupted
	case errors.Is(err, pos.ErrSettlesItself):
		return nil, needsNobody(op)
	case errors.Is(err, pos.ErrElsewhere):
		return nil, &failure{exit: exitUsage, Code: codeNeedsNobody, Message: "the till that is running has it in hand; nothing was changed", cause: err}
	case err != nil:
		return nil, err
	}
	rec := op.State().Record
	for _, line := range outcomeLines(rec) {
		p.say("%s", line)
	}
	doc := &object{}
	doc.add("outcome", string(rec.Outcome))
	doc.add("ledgerId", op.ID())
	doc.add("word", rec.Word)
	return &result{document: doc}, nil
}

// settleable finds the payment that a key names: the open one, where there are
// several.
func (s *session) settleable(ctx context.Context, key string) (ledger.Row, error) {
	rows, err := recordsNamed(ctx, s.ledger.Reader, key)
	if err != nil {
		return ledger.Row{}, err
	}
	rows = slices.DeleteFunc(rows, func(row ledger.Row) bool { return !s.keeps(row.Service) })
	open := slices.DeleteFunc(slices.Clone(rows), func(row ledger.Row) bool {
		return row.Outcome != pos.OutcomeOpen || len(row.Kind.Verdicts()) == 0
	})
	switch {
	case len(open) == 1:
		return open[0], nil
	case len(open) > 1:
		return ledger.Row{}, usage(fmt.Sprintf("%q names %d payments that are open; give the ledger id of one, from \"centrapos ledger list --unfinished\"", key, len(open)))
	case len(rows) > 0:
		return rows[0], nil
	}
	return ledger.Row{}, &failure{exit: exitUsage, Code: codeNotFound,
		Message: fmt.Sprintf("the local record has nothing under %q; look with \"centrapos ledger list --unfinished\"", key)}
}

// tillOf is the till that runs what the ledger keeps under a service's name.
func (s *session) tillOf(service string) *pos.Till {
	for _, form := range legacyForms() {
		if service == legacyService(s.service, form) {
			_, till := s.legacyTill(form, centrapay.LegacySale{}) // nothing is made by it
			s.older = append(s.older, till)
			return till
		}
	}
	return s.till
}

// needsNobody says why nothing was settled by hand.
func needsNobody(op *pos.Operation) error {
	f := &failure{exit: exitUsage, Code: codeNeedsNobody}
	if op == nil {
		f.Message = "it never left the till, and no money moved; nothing was settled by hand"
		return f
	}
	rec := op.State().Record
	switch {
	case rec.Outcome == pos.OutcomeOpen:
		f.Message = "the till can still find out by itself; run \"centrapos recover\" and see what it says. Nothing was settled by hand"
	default:
		f.Message = fmt.Sprintf("it has ended as %q already; nothing was settled by hand", rec.Outcome)
	}
	return f
}
