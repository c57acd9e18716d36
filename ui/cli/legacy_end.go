package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"centrapos/api/legacy"
	"centrapos/api/sandbox"
	"centrapos/pos"
	"centrapos/pos/centrapay"
	"centrapos/ui/widget"
)

const legacyEndJSON = `

With --json the document is the payment request as Centrapay has it afterwards, and
  outcome      voided, or unresolved when it is not known yet
  ledgerId     the operation in the local record
  returned     the money given back, in the currency's smallest unit; absent if none
What Centrapay refuses is an "error" with its code, and exit code 69.`

const legacyCancelHelp = `Cancels a payment request that waits for payment, by requests.cancel. One that is paid is
refused with REQUEST_PAID: "legacy void" gives its money back.` + legacyEndJSON

const legacyVoidHelp = `Voids a payment request by requests.void: cancels it if it is unpaid, and gives the
customer's money back if it is paid. Centrapay takes a void for 24 hours. The form of
2018 has no void.` + legacyEndJSON

func (p *program) legacyCancelCommand(form *legacyForm) *cobra.Command {
	return &cobra.Command{
		Use:   "cancel ID",
		Short: "Cancel a payment request that is unpaid (requests.cancel)",
		Long:  legacyCancelHelp,
		Args:  takes(1, 1, "one ID"),
		RunE: p.runs(func(ctx context.Context, cmd *cobra.Command, args []string) (*result, error) {
			speaks := centrapay.LegacyCancel
			if form.first {
				speaks = centrapay.LegacyFirst
			}
			return p.legacyEnd(ctx, cmd, speaks, args[0])
		}),
	}
}

func (p *program) legacyVoidCommand(form *legacyForm) *cobra.Command {
	return &cobra.Command{
		Use:   "void ID",
		Short: "Cancel a payment request, or give its money back (requests.void)",
		Long:  legacyVoidHelp,
		Args:  takes(1, 1, "one ID"),
		RunE: p.runs(func(ctx context.Context, cmd *cobra.Command, args []string) (*result, error) {
			if err := form.lacks("void", "; \"legacy cancel\" cancels what is unpaid"); err != nil {
				return nil, err
			}
			return p.legacyEnd(ctx, cmd, centrapay.LegacyToday, args[0])
		}),
	}
}

// legacyEnd ends a payment request as a form does.
func (p *program) legacyEnd(ctx context.Context, cmd *cobra.Command, form centrapay.LegacyForm, arg string) (*result, error) {
	id, err := requestIDOf(arg)
	if err != nil {
		return nil, err
	}
	settings, err := p.settings(cmd)
	if err != nil {
		return nil, err
	}
	s, err := p.openLegacyTill(ctx, settings, form, sandbox.Manual, centrapay.LegacySale{})
	if err != nil {
		return nil, err
	}
	defer s.close(ctx)
	return p.voidOn(ctx, s, id)
}

const legacyRefundHelp = `Gives AMOUNT of a paid payment request back to the customer, by transactions.refund. The
payment is named by the ID of the payment request, or by the TRANSACTION that paid it,
which "legacy info" and Centrapay's notifications tell. The form of 2018 has no refund.

--ref names the refund. A refund with the same reference and amount is the same refund:
given twice, it is made once. Without --ref a fresh one is made and recorded before
anything is sent, so that an interrupted refund is finished by "centrapos recover" and
not made again.

With --json the document is the refund's receipt as Centrapay has it, and
  outcome            refunded, or unresolved when it is not known yet
  ledgerId           the refund in the local record
  paymentRequestId   the payment request, or "transaction:" and the transaction
  externalRef, and returned: the money that goes back
A refund that Centrapay refuses is an "error" with its code, and exit code 69.`

func (p *program) legacyRefundCommand(form *legacyForm) *cobra.Command {
	var ref string
	cmd := &cobra.Command{
		Use:     "refund ID|TRANSACTION AMOUNT",
		Short:   "Give money back to a customer (transactions.refund)",
		Long:    legacyRefundHelp,
		Example: "  centrapos legacy refund TyqV56mEkNLUeiY2QskHNR 5.50 --ref return-1041",
		Args:    takes(2, 2, "an ID or TRANSACTION and an AMOUNT"),
	}
	cmd.Flags().StringVar(&ref, "ref", "", "your own reference of the refund (default a fresh unique one)")
	cmd.SetFlagErrorFunc(p.saleFlagError)
	cmd.RunE = p.runs(func(ctx context.Context, cmd *cobra.Command, args []string) (*result, error) {
		if cmd.Flags().Changed("ref") && strings.TrimSpace(ref) == "" {
			return nil, usage("--ref is empty; give it a value or leave it out")
		}
		if err := form.lacks("refund", ""); err != nil {
			return nil, err
		}
		return p.legacyRefund(ctx, cmd, args[0], refundFlags{ref: ref}, args[1:])
	})
	return cmd
}

func (p *program) legacyRefund(ctx context.Context, cmd *cobra.Command, arg string, f refundFlags, amount []string) (*result, error) {
	id, err := requestIDOf(arg)
	if err != nil {
		return nil, err
	}
	settings, err := p.settings(cmd)
	if err != nil {
		return nil, err
	}
	currency, err := pos.CurrencyOf(settings.Currency)
	if err != nil {
		return nil, err
	}
	a := f.action(p, amount)
	if err := a.check(currency); err != nil {
		return nil, err
	}
	s, err := p.openLegacyTill(ctx, settings, centrapay.LegacyToday, sandbox.Manual, centrapay.LegacySale{})
	if err != nil {
		return nil, err
	}
	defer s.close(ctx)
	op, err := p.beginLegacyRefund(ctx, s, id, f, amount, currency)
	if err != nil {
		return nil, err
	}
	return p.watchAction(op, a)
}

// beginLegacyRefund finds out what an id names, and begins the refund of it.
func (p *program) beginLegacyRefund(ctx context.Context, s *session, id string, f refundFlags, amount []string, currency pos.Currency) (*pos.Operation, error) {
	bound, cancel := p.interrupts.bind(ctx)
	defer cancel()
	req, reply := find(bound, s.payments, id)
	target := targetOf(req)
	switch {
	case reply.Answer == pos.AnswerDone:
		currency = req.Value.Currency()
	case isNoRequest(reply):
		p.say("There is no payment request %s; it is taken for a transaction.", widget.Clean(id))
		target = centrapay.LegacyTransaction(id)
	default:
		return nil, p.unread(id, reply)
	}
	refund, err := f.refund(currency, amount)
	if err != nil {
		return nil, err
	}
	refund.Origin = s.origin()
	refund.Target, err = s.underOtherName(bound, wish{kind: pos.KindRefund, target: target, req: req, amount: refund.Value, ref: refund.ExternalRef})
	if err != nil {
		return nil, err
	}
	if p.interrupts.wasAsked() {
		return nil, errInterrupted
	}
	p.say("Refunding %s of %s", refund.Value.Format(), widget.Clean(target.RequestID))
	op, err := s.till.Refund(bound, refund)
	return op, s.underWay(ctx, target.RequestID, err)
}

// isNoRequest reports whether a reading says that an id names no payment request.
// Old editions of the service want request ids of one form alone.
func isNoRequest(reply pos.Reply) bool {
	return reply.Answer == pos.AnswerRefused &&
		(reply.Refusal.Code == string(legacy.CodeRequestNotFound) || reply.Refusal.Code == string(legacy.CodeInvalidRequestID))
}
