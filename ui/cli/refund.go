package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"centrapos/api"
	"centrapos/pos"
	"centrapos/ui/widget"
)

const refundHelp = `Gives money of a paid payment request back to the customer: AMOUNT, or what the --item
lines add up to, or all that is left to refund. Centrapay begins to give it back when
it takes the refund; when it arrives depends on how the customer paid.

--ref names the refund. A refund with the same reference and amount is the same
refund: given twice, it is made once. Without --ref a fresh one is made and recorded
before anything is sent, so that an interrupted refund is finished by "centrapos
recover" and not made again.

The payment may also be named by its ledger id or its reference in the local record,
and a short code be spelled in any way.

Money of a pre-auth that was confirmed is refunded by the key of the confirmation
("centrapos status ID" shows the keys).

With --json the document is the refund's activity as Centrapay has it, and
  outcome            refunded, or unresolved when it is not known yet
  ledgerId           the refund in the local record
  paymentRequestId, externalRef, and returned: the money that goes back
A refund that Centrapay refuses is an "error" with its code, and exit code 69.`

type refundFlags struct {
	actionFlags
	ref, confirmation string
}

func (p *program) refundCommand() *cobra.Command {
	var f refundFlags
	cmd := &cobra.Command{
		Use:   "refund ID|SHORTCODE [AMOUNT]",
		Short: "Give money back to a customer",
		Long:  refundHelp,
		Example: `  centrapos refund CP-C7F-ZS5
  centrapos refund CP-C7F-ZS5 5.50 --ref return-1041 --item 'Flat white;1;5.50;FW-1'`,
		Args: takes(1, 2, "an ID or SHORTCODE, and an AMOUNT or none"),
	}
	f.add(cmd)
	cmd.Flags().StringVar(&f.ref, "ref", "", "your own reference of the refund (default a fresh unique one)")
	cmd.Flags().StringVar(&f.confirmation, "confirmation", "", "key of the confirmation that is refunded")
	cmd.SetFlagErrorFunc(p.saleFlagError)
	cmd.RunE = p.runs(func(ctx context.Context, cmd *cobra.Command, args []string) (*result, error) {
		for _, flag := range []string{"ref", "confirmation", "invoice-ref"} {
			if given := cmd.Flags().Lookup(flag); given.Changed && strings.TrimSpace(given.Value.String()) == "" {
				return nil, usage("--" + flag + " is empty; give it a value or leave it out")
			}
		}
		return p.act(ctx, cmd, args[0], f.action(p, args[1:]))
	})
	return cmd
}

func (f refundFlags) action(p *program, amount []string) action {
	return action{
		check: func(currency pos.Currency) error {
			refund, err := f.refund(currency, amount)
			if err != nil || !refund.Value.IsKnown() {
				return err
			}
			refund.Target = pos.Target{RequestID: "named on the command line"}
			refund.ExternalRef = firstOf(f.ref, "minted when the refund begins")
			return refund.Check()
		},
		begin: func(ctx context.Context, s *session, req pos.Request) (*pos.Operation, error) {
			refund, err := f.refund(req.Value.Currency(), amount)
			if err != nil {
				return nil, err
			}
			refund.Target = targetOf(req)
			refund.Origin = s.origin()
			refund.MerchantConfigID = req.RefundConfig(refund.Origin)
			if !refund.Value.IsKnown() {
				if refund.Value, err = p.wholeRefund(ctx, s, req, f); err != nil {
					return nil, err
				}
			}
			refund.Target, err = s.underOtherName(ctx, wish{kind: pos.KindRefund, target: refund.Target, req: req, amount: refund.Value, ref: refund.ExternalRef})
			if err != nil {
				return nil, err
			}
			p.say("Refunding %s of %s, %s", refund.Value.Format(), widget.Clean(req.ShortCode), req.Value.Format())
			return s.till.Refund(ctx, refund)
		},
		more: func(doc *object, rec pos.Record) {
			doc.add("externalRef", rec.Refund.ExternalRef)
			if rec.Returned.IsKnown() {
				doc.add("returned", rec.Returned)
			}
		},
	}
}

// refund is what the command line asks for, in the currency of the payment. Its
// value is not known where all that is left is meant.
func (f refundFlags) refund(currency pos.Currency, amount []string) (pos.Refund, error) {
	refund := pos.Refund{ExternalRef: strings.TrimSpace(f.ref), InvoiceRef: f.invoiceRef, ConfirmationKey: f.confirmation}
	var err error
	if refund.Lines, err = f.lines(currency); err != nil {
		return refund, err
	}
	switch {
	case len(amount) > 0:
		refund.Value, err = payableIn(amount[0], currency)
	case len(refund.Lines) > 0:
		refund.Value = pos.SumOfLines(refund.Lines, currency)
	}
	return refund, err
}

// wholeRefund is the amount of a refund that none was given for: that of an earlier
// one with the same reference, which it then is, or all that is left.
func (p *program) wholeRefund(ctx context.Context, s *session, req pos.Request, f refundFlags) (pos.Money, error) {
	if f.ref == "" {
		return leftToRefund(ctx, s, req, f.confirmation)
	}
	rows, err := s.recorded(ctx, s.ledger.Reader, req.ID)
	if err != nil {
		return pos.Money{}, err
	}
	for _, row := range rows {
		counts := row.Outcome != pos.OutcomeRefused && row.Outcome != pos.OutcomeNotMade
		if row.Kind == pos.KindRefund && row.ExternalRef == strings.TrimSpace(f.ref) && counts {
			return row.Amount, nil
		}
	}
	return leftToRefund(ctx, s, req, f.confirmation)
}

// leftToRefund is all that can still be given back, by the service's own history.
func leftToRefund(ctx context.Context, s *session, req pos.Request, confirmationKey string) (pos.Money, error) {
	history, reply := historyOf(ctx, s.payments, req.ID)
	if reply.Answer != pos.AnswerDone {
		f := unanswered("the history of payment request "+widget.Clean(req.ID), reply)
		f.Message += "; or give the AMOUNT"
		return pos.Money{}, f
	}
	left, known := pos.LeftToRefund(req, history, confirmationKey)
	switch {
	case !holdsMoney(req) && left.Sign() <= 0:
		return pos.Money{}, nothingToRefund(req)
	case !known:
		return pos.Money{}, usage("how much is left to refund cannot be told from what Centrapay lists; give the AMOUNT" + keysOf(history, confirmationKey))
	case left.Sign() <= 0:
		return pos.Money{}, &failure{exit: exitUsage, Code: pos.CodeInvalidAmount,
			Message: "all of it was given back already, so nothing is left to refund; \"centrapos status " + widget.Clean(req.ID) + "\" shows what was"}
	}
	return left, nil
}

// holdsMoney reports whether the customer's money came in, or is held.
func holdsMoney(req pos.Request) bool {
	return req.Status == pos.StatusPaid || req.Authorized() || req.Released() || len(req.PaidBy) > 0
}

// nothingToRefund says that a payment request was never paid, which the service
// would refuse by the same code.
func nothingToRefund(req pos.Request) *failure {
	f := &failure{exit: exitUsage, Code: string(api.CodeNotPaid)}
	f.Message = fmt.Sprintf("the payment request is %s and was never paid, so there is nothing to refund; nothing was sent", widget.Clean(string(req.Status)))
	if !req.Status.Final() {
		f.Message += ". \"centrapos void " + widget.Clean(req.ID) + "\" cancels it"
	}
	return f
}

// keysOf names the confirmations of a pre-auth, one of which has to be meant.
func keysOf(history []pos.Activity, given string) string {
	list := pos.Confirmations(history)
	if len(list) == 0 || given != "" {
		return ""
	}
	text := ", and --confirmation with the key of one of:"
	for _, c := range list {
		text += fmt.Sprintf(" %s (%s)", widget.Clean(c.Key), amountText(c.Value))
	}
	return text
}

func targetOf(req pos.Request) pos.Target {
	return pos.Target{RequestID: req.ID, ShortCode: req.ShortCode, Value: req.Value}
}

func refundedLines(rec pos.Record) []string {
	lines := said(rec, "REFUNDED", "")
	if code := rec.Action.Activity.ShortCode; code != "" {
		lines = append(lines, "Refund     "+widget.Clean(code))
	}
	return append(lines, "Reference  "+widget.Clean(rec.Refund.ExternalRef))
}
