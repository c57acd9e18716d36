package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"centrapos/api"
	"centrapos/api/legacy"
	"centrapos/pos/ledger"
	"centrapos/ui/widget"
)

const legacyInfoHelp = `Shows a payment request by requests.info as Centrapay has it now, the ledgers that it can
be paid on, the receipt of its payment, and what the local record says of it.

With --json the document is the payment request as Centrapay has it, and
  outcome      its status: new, paid, cancelled or expired
  payPage      where its code leads, when that is a web page
  receiptText  the receipt of its payment as text, when it has one that can be read
  ledger       the local record's lines about it, newest first`

func (p *program) legacyInfoCommand(form *legacyForm) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "info ID",
		Short: "A payment request as it stands now (requests.info)",
		Long:  legacyInfoHelp,
		Args:  takes(1, 1, "one ID"),
	}
	return p.onService(cmd, forPayments, func(ctx context.Context, l *line, args []string) (*result, error) {
		id, err := requestIDOf(args[0])
		if err != nil {
			return nil, err
		}
		request, _, err := form.client(l).Info(ctx, id)
		if err != nil {
			return nil, err
		}
		rows, err := p.recorded(ctx, l, request.ID)
		if err != nil {
			return nil, err
		}
		p.describeLegacy(request, rows)
		doc, err := legacyDocument(request, string(request.Status))
		if err != nil {
			return nil, err
		}
		doc.add("ledger", rowDocuments(rows))
		return &result{document: doc}, nil
	})
}

// legacyDocument is a request as the service has it, with what it says in code.
func legacyDocument(request *legacy.Request, outcome string) (*object, error) {
	doc, err := answered(request, outcome)
	if err != nil {
		return nil, err
	}
	if page := payPage(request.ShowCode()); page != "" {
		doc.add("payPage", page)
	}
	if text, err := receiptOf(request); err == nil && text != "" {
		doc.add("receiptText", text)
	}
	return doc, nil
}

func receiptOf(request *legacy.Request) (string, error) {
	if request.PaidBy == nil {
		return "", nil
	}
	return request.PaidBy.ReceiptText()
}

// describeLegacy says in words what is known of a request.
func (p *program) describeLegacy(r *legacy.Request, rows []ledger.Row) {
	p.say("%s  %s%s", moneyText(r.Denomination.Monetary()), widget.Clean(string(r.Status)), because(string(r.CancellationReason)))
	p.sayParts([][2]string{
		{"Request", r.ID}, {"Short code", r.ShortCode}, {"Merchant", r.MerchantName}, {"Reference", r.ExternalReference}, {"For", r.Description},
		{"Made", legacyTime(r.CreatedAt)}, {"Expires", legacyTime(r.ExpiresAt)}, {"Pay at", r.ShowCode()},
	})
	if page := payPage(r.ShowCode()); page != r.ShowCode() {
		p.sayParts([][2]string{{"Page", page}})
	}
	for _, way := range r.Payments {
		p.say("%-10s %s, %s", "Ledger", widget.Clean(string(way.Ledger)), widget.Clean(way.Amount.String()))
	}
	if r.PaidBy != nil && r.Status != legacy.StatusNew {
		p.describePayment(r)
	}
	if len(rows) == 0 {
		p.say("The local record has nothing of it.")
	}
	for _, row := range rows {
		p.say("%-10s %s %s %s", "Record", row.Op, row.Kind, rowState(row))
	}
}

// describePayment says in words what paid a request. Its amount is in the ledger's
// units, so no currency stands beside it.
func (p *program) describePayment(r *legacy.Request) {
	p.sayParts([][2]string{
		{"Paid by", r.PaidBy.TransactionID}, {"On", string(r.PaidBy.Ledger)}, {"Units", r.PaidBy.Amount.String()},
		{"Kind", r.PaidBy.Type}, {"Paid", legacyTime(r.PaidBy.PaidAt)}, {"Code", r.PaidBy.AuthCode.String()},
	})
	text, err := receiptOf(r)
	if err != nil {
		p.warn("Its receipt cannot be shown: %v", err)
		return
	}
	for line := range strings.Lines(text) {
		p.say("  | %s", widget.Clean(strings.TrimRight(line, "\n")))
	}
}

// sayParts says what there is of a request, part by part.
func (p *program) sayParts(parts [][2]string) {
	for _, part := range parts {
		if part[1] != "" {
			p.say("%-10s %s", part[0], widget.Clean(part[1]))
		}
	}
}

func legacyTime(at api.Timestamp) string {
	if at.Time().IsZero() {
		return ""
	}
	return clock(at.Time())
}
