package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"centrapos/pos"
	"centrapos/ui/widget"
)

const confirmHelp = `Draws AMOUNT down on an authorized pre-auth, for goods that are delivered: --invoice-ref
and --item are required, and the lines must add up to AMOUNT. It may be done again
until all that was authorized is drawn; "centrapos release" gives the rest back.

--key names the confirmation, and a refund of it needs the key. The same key with the
same content is the same confirmation: given twice, it is made once. Without --key a
fresh one is made and recorded before anything is sent.

The pre-auth may also be named by its ledger id or its reference in the local record,
and a short code be spelled in any way.

With --json the document is the confirmation's activity as Centrapay has it, and
  outcome            confirmed, or unresolved when it is not known yet
  ledgerId           the confirmation in the local record
  paymentRequestId, idempotencyKey
A confirmation that Centrapay refuses is an "error" with its code, and exit code 69.`

type confirmFlags struct {
	actionFlags
	key string
}

func (p *program) confirmCommand() *cobra.Command {
	var f confirmFlags
	cmd := &cobra.Command{
		Use:     "confirm ID|SHORTCODE AMOUNT",
		Short:   "Draw an amount down on a pre-auth",
		Long:    confirmHelp,
		Example: "  centrapos confirm CP-C7F-ZS5 11.00 --invoice-ref INV-204 --item 'Flat white;2;5.50;FW-1'",
		Args:    takes(2, 2, "an ID or SHORTCODE and an AMOUNT"),
	}
	f.add(cmd)
	cmd.Flags().StringVar(&f.key, "key", "", "idempotency key of the confirmation (default a fresh unique one)")
	cmd.SetFlagErrorFunc(p.saleFlagError)
	cmd.RunE = p.runs(func(ctx context.Context, cmd *cobra.Command, args []string) (*result, error) {
		if cmd.Flags().Changed("key") && strings.TrimSpace(f.key) == "" {
			return nil, usage("--key is empty; give it a value or leave it out")
		}
		return p.act(ctx, cmd, args[0], f.action(p, args[1]))
	})
	return cmd
}

func (f confirmFlags) action(p *program, amount string) action {
	return action{
		check: func(currency pos.Currency) error {
			confirm, err := f.confirm(currency, amount)
			if err != nil {
				return err
			}
			confirm.Target = pos.Target{RequestID: "named on the command line"}
			confirm.Key = firstOf(f.key, "minted when the confirmation begins")
			return confirm.Check()
		},
		begin: func(ctx context.Context, s *session, req pos.Request) (*pos.Operation, error) {
			confirm, err := f.confirm(req.Value.Currency(), amount)
			if err != nil {
				return nil, err
			}
			confirm.Target, confirm.Origin = targetOf(req), s.origin()
			p.say("Confirming %s of %s, %s", confirm.Value.Format(), widget.Clean(req.ShortCode), req.Value.Format())
			return s.till.Confirm(ctx, confirm)
		},
		more: func(doc *object, rec pos.Record) { doc.add("idempotencyKey", rec.Confirm.Key) },
	}
}

func (f confirmFlags) confirm(currency pos.Currency, amount string) (pos.Confirm, error) {
	confirm := pos.Confirm{Key: strings.TrimSpace(f.key), InvoiceRef: f.invoiceRef}
	var err error
	if confirm.Lines, err = f.lines(currency); err != nil {
		return confirm, err
	}
	confirm.Value, err = payableIn(amount, currency)
	return confirm, err
}

const releaseHelp = `Ends a pre-auth: what was not confirmed goes back to the customer, and a pre-auth that
was never authorized is cancelled. What was confirmed stays; it is refunded.

The pre-auth may also be named by its ledger id or its reference in the local record,
and a short code be spelled in any way.

With --json the document is the release's activity as Centrapay has it, and
  outcome            released, cancelled (it had never been authorized), or
                     unresolved when it is not known yet
  ledgerId           the release in the local record
  paymentRequestId, and returned: what goes back to the customer, if that is known
A release that Centrapay refuses is an "error" with its code, and exit code 69.`

func (p *program) releaseCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "release ID|SHORTCODE",
		Short: "End a pre-auth, and give back what was not confirmed",
		Long:  releaseHelp,
		Args:  takes(1, 1, "one ID or SHORTCODE"),
		RunE: p.runs(func(ctx context.Context, cmd *cobra.Command, args []string) (*result, error) {
			return p.act(ctx, cmd, args[0], p.release())
		}),
	}
}

func (p *program) release() action {
	var history func() ([]pos.Activity, pos.Reply)
	return action{
		check: func(pos.Currency) error { return nil },
		begin: func(ctx context.Context, s *session, req pos.Request) (*pos.Operation, error) {
			p.say("Releasing %s, %s", widget.Clean(req.ShortCode), req.Value.Format())
			history = func() ([]pos.Activity, pos.Reply) {
				bound, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.times.reread)
				defer cancel()
				return s.payments.Activities(bound, req.ID)
			}
			return s.till.Release(ctx, pos.Release{Target: targetOf(req), Origin: s.origin()})
		},
		after: func(rec pos.Record) pos.Record { return withReleased(rec, history) },
		more: func(doc *object, rec pos.Record) {
			if rec.Returned.IsKnown() {
				doc.add("returned", rec.Returned)
			}
		},
	}
}

// withReleased adds what a release gave back to the record of one whose own answer
// was lost: the pre-auth said that it is released, and its history says how much.
func withReleased(rec pos.Record, history func() ([]pos.Activity, pos.Reply)) pos.Record {
	if rec.Outcome != pos.OutcomeReleased || rec.Returned.IsKnown() || history == nil {
		return rec
	}
	all, reply := history()
	if reply.Answer != pos.AnswerDone {
		return rec
	}
	for _, a := range all {
		if a.Is(pos.ActivityRelease) && a.Value.IsKnown() {
			rec.Returned, rec.Action.Activity = a.Value, a
			return rec
		}
	}
	return rec
}
