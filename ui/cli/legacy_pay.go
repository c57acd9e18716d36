package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"centrapos/api"
	"centrapos/api/legacy"
	"centrapos/api/sandbox"
	"centrapos/pos"
	"centrapos/pos/ledger"
	"centrapos/ui/widget"
)

const legacyPayHelp = `Pays a payment request from a LEDGER, with what the payer gave for it: a voucher's number,
a Centrapay asset's id, a transaction's id. "legacy info" lists the ledgers. Whoever has
that authorization can spend it, so it is no argument: it is typed when asked for, or
read from stdin with --authorization-stdin. It is sent once, and kept nowhere.

A payment moves the payer's money to the merchant. It has no reference of its own, so it
is not on the local record; a request that "legacy create" made is, and "centrapos
recover" brings its record up to date. When the answer is lost, the request is read until
it says paid or not. When it does not say so in time, the exit code is 5: look with
"legacy info" before anybody pays again.

With --json the document is what Centrapay answers, a receipt or (--first-published, or
when the answer was lost) the payment request, and
  outcome            paid, or unresolved when it is not known
  paymentRequestId   the payment request
A payment that Centrapay refuses is an "error" with its code, and exit code 69.`

type legacyPayFlags struct {
	ledger    string
	fromStdin bool
}

func (p *program) legacyPayCommand(form *legacyForm) *cobra.Command {
	var f legacyPayFlags
	cmd := &cobra.Command{
		Use:     "pay ID --ledger LEDGER",
		Short:   "Pay a payment request for the payer (requests.pay)",
		Long:    legacyPayHelp,
		Example: "  centrapos legacy pay TyqV56mEkNLUeiY2QskHNR --ledger centrapay.nzd.main",
		Args:    takes(1, 1, "one ID"),
		RunE: p.runs(func(ctx context.Context, cmd *cobra.Command, args []string) (*result, error) {
			return p.legacyPay(ctx, cmd, form, f, args[0])
		}),
	}
	cmd.Flags().StringVar(&f.ledger, "ledger", "", "where the payment is made, such as centrapay.nzd.main (required)")
	cmd.Flags().BoolVar(&f.fromStdin, "authorization-stdin", false, "read the authorization from stdin")
	return cmd
}

func (p *program) legacyPay(ctx context.Context, cmd *cobra.Command, form *legacyForm, f legacyPayFlags, arg string) (*result, error) {
	id, err := requestIDOf(arg)
	switch {
	case err != nil:
		return nil, err
	case strings.TrimSpace(f.ledger) == "":
		return nil, usage("--ledger is missing: where the payment is made, such as centrapay.nzd.main")
	case !f.fromStdin && !isTerminal(p.stdin):
		return nil, usage("there is no terminal to ask for the authorization at; give it on stdin with --authorization-stdin")
	}
	settings, err := p.settings(cmd)
	if err != nil {
		return nil, err
	}
	l, err := p.connect(ctx, settings, sandbox.Manual)
	if err != nil {
		return nil, err
	}
	defer l.close()
	bound, cancel := p.interrupts.bind(ctx)
	defer cancel()
	client := form.client(l)
	request, _, err := client.Info(bound, id)
	if err == nil {
		err = payable(request, f.ledger)
	}
	if err != nil {
		return nil, p.orInterrupted(err)
	}
	p.say("Paying %s to %s from %s", moneyText(request.Denomination.Monetary()),
		widget.Clean(firstOf(request.MerchantName, request.MerchantID, "the merchant")), widget.Clean(f.ledger))
	body := legacy.PayRequest{Ledger: legacy.Ledger(f.ledger)}
	if body.Authorization, err = p.authorization(f.fromStdin); err != nil {
		return nil, err
	}
	if p.interrupts.wasAsked() {
		return nil, errInterrupted
	}
	// What has been sent is seen through. It is sent once, whatever comes of it.
	p.moves = true
	paid, _, err := client.Pay(ctx, id, body, api.WithoutRetry())
	if api.OutcomeOf(err) == api.Unknown {
		paid, err = p.findPaid(ctx, client, id, without(err, body.Authorization))
	}
	var unknown *failure
	switch {
	case errors.As(err, &unknown) && unknown.exit == exitUnresolved:
		return p.legacyUnresolved(id, unknown)
	case err != nil:
		return nil, without(err, body.Authorization)
	}
	return p.legacyPaid(ctx, l, request, paid)
}

// payable refuses what could only be refused, and names what can be.
func payable(r *legacy.Request, ledger string) error {
	if code, over := whyOver(r.Status); over {
		return refusal("the payment request cannot be paid any more, so nothing was sent", pos.Refusal{Code: code})
	}
	if len(r.Payments) == 0 || slices.ContainsFunc(r.Payments, func(way legacy.Payment) bool { return string(way.Ledger) == ledger }) {
		return nil
	}
	var there []string
	for _, way := range r.Payments {
		there = append(there, widget.Clean(string(way.Ledger)))
	}
	return &failure{exit: exitUsage, Code: string(legacy.CodeInvalidLedger),
		Message: "the payment request cannot be paid on that ledger, so nothing was sent; it can be on " + strings.Join(there, ", ")}
}

// whyOver is the code by which the service refuses to take a payment for a request
// that is over.
func whyOver(status legacy.Status) (code string, over bool) {
	switch status {
	case legacy.StatusPaid:
		return string(api.CodeRequestPaid), true
	case legacy.StatusCancelled:
		return string(api.CodeRequestCancelled), true
	case legacy.StatusExpired:
		return string(api.CodeRequestExpired), true
	case legacy.StatusNew:
	}
	return "", false
}

// orInterrupted is why nothing was done; an interrupt explains it better.
func (p *program) orInterrupted(err error) error {
	if p.interrupts.wasAsked() {
		return errInterrupted
	}
	return err
}

// errNoPayment is why an answer tells nothing of a payment.
var errNoPayment = errors.New("the answer does not say what became of the payment")

// without is an error of a call that does not repeat a secret which the service,
// or whatever answered for it, may have repeated; in other cases of its letters too.
func without(err error, secret string) error {
	e, ok := errors.AsType[*api.Error](err)
	if !ok {
		return err
	}
	repeated := regexp.MustCompile("(?i)" + regexp.QuoteMeta(secret) + "|" + regexp.QuoteMeta(url.QueryEscape(secret)))
	clean := func(text string) string { return repeated.ReplaceAllLiteralString(text, "[redacted]") }
	said := *e
	said.Message, said.Reason, said.RequestID, said.Code = clean(e.Message), clean(e.Reason), clean(e.RequestID), api.Code(clean(string(e.Code)))
	if e.Err != nil && e.Status != 0 { // it may quote the answer, cut off in the middle
		said.Err = errNoPayment
	}
	return &said
}

// legacyPaid is the end of a payment that was taken.
func (p *program) legacyPaid(ctx context.Context, l *line, asked *legacy.Request, paid *legacy.PayResult) (*result, error) {
	doc, err := answered(paid, string(legacy.StatusPaid))
	if err != nil {
		return nil, err
	}
	doc.add("paymentRequestId", asked.ID)
	p.say("PAID %s", moneyText(asked.Denomination.Monetary()))
	if said := paidText(paid); said != "" && said != moneyText(asked.Denomination.Monetary()) {
		p.warn("Note: Centrapay says %s was paid; compare before anything else is done.", said)
	}
	p.sayUnfinished(ctx, l, asked.ID)
	return &result{document: doc}, nil
}

// paidText is what the answer to a payment says was paid, "" when it does not.
func paidText(paid *legacy.PayResult) string {
	switch {
	case paid.Request != nil:
		return moneyText(paid.Request.Denomination.Monetary())
	case paid.Receipt.Payment != nil && paid.Receipt.Payment.Asset != "":
		return moneyText(api.Monetary{Amount: paid.Receipt.Payment.Amount.BigNumber(), Currency: paid.Receipt.Payment.Asset})
	}
	return ""
}

// sayUnfinished says what is to be done with a request's record that does not say
// yet what was found out.
func (p *program) sayUnfinished(ctx context.Context, l *line, id string) {
	rows, err := p.recorded(ctx, l, id)
	if err != nil {
		p.warn("The local record could not be looked at: %v", err)
	}
	if slices.ContainsFunc(rows, func(row ledger.Row) bool { return !row.Closed }) {
		p.say("The local record does not have that yet; \"centrapos recover\" sees to it.")
	}
}

// findPaid finds out what became of a payment that was not answered in a way that
// tells: the request is read until it is over. One that may yet be paid by what was
// sent is not taken for unpaid.
func (p *program) findPaid(ctx context.Context, client *legacy.Client, id string, cause error) (*legacy.PayResult, error) {
	p.warn("No answer that tells; finding out whether it was paid …")
	request := p.awaitFinal(ctx, client, id)
	switch {
	case request != nil && request.Status == legacy.StatusPaid:
		p.say("Centrapay has it as paid. Where the customer may have paid as well, compare what \"legacy info\" says.")
		return &legacy.PayResult{Request: request}, nil
	case request != nil && request.PaidBy == nil:
		code, _ := whyOver(request.Status)
		return nil, refusal("it was not paid", pos.Refusal{Code: code})
	}
	return nil, &failure{exit: exitUnresolved, Code: codeUnknown, Reason: cause.Error(), cause: cause,
		Message: fmt.Sprintf("it is not known whether Centrapay took the payment: do not pay again before \"centrapos legacy info %s\" says what became of it", widget.Clean(id))}
}

// legacyUnresolved is the end of a payment of which it is not known what became.
func (p *program) legacyUnresolved(id string, f *failure) (*result, error) {
	doc := &object{}
	doc.add("outcome", outcomeUnresolved)
	doc.add("paymentRequestId", id)
	doc.add("error", f)
	return &result{document: doc, exit: f.exit}, f.spoken(p)
}

// awaitFinal reads a request each second until it is over, for as long as the
// command is patient; nil when that did not come.
func (p *program) awaitFinal(ctx context.Context, client *legacy.Client, id string) *legacy.Request {
	ctx, cancel := context.WithTimeout(ctx, p.times.patience)
	defer cancel()
	for {
		request, _, err := client.Info(ctx, id, api.WithoutRetry())
		if err == nil && request.Status.IsFinal() {
			return request
		}
		select {
		case <-time.After(pos.PollEvery):
		case <-p.interrupts.asked:
			return nil
		case <-ctx.Done():
			return nil
		}
	}
}
