package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"centrapos/api/sandbox"
	"centrapos/pos"
	"centrapos/pos/ledger"
	"centrapos/ui/widget"
)

const statusHelp = `Shows a payment request as Centrapay has it now, and what the local record says
of it: what paid, what was given back and what is left to refund, what was confirmed
of a pre-auth, and the conditions with their numbers, which "centrapos condition"
takes.

KEY is its id, its short code in any spelling (CP-C7F-ZS5, cp c7fzs5, c7fzs5), or what
the local record knows it by: a ledger id or a reference. Where the record cannot be
opened, what Centrapay has is shown all the same.

With --json the document is the payment request as Centrapay has it, and
  outcome        what its status means: new, paid, partially-paid, authorized,
                 released, cancelled or expired
  refunded       what was given back; leftToRefund, leftToConfirm: what can still be.
                 Each is null where it cannot be told, or where no money came in
  confirmations  of a pre-auth: key, value, refunded, invoiceRef, shortCode, createdAt
  ledger         the local record's lines about it, newest first; null where the
                 record cannot be read, and ledgerError says why`

func (p *program) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "status KEY",
		Short: "A payment request as it stands now",
		Long:  statusHelp,
		Args:  takes(1, 1, "one ID, SHORTCODE, ledger id or reference"),
		RunE: p.runs(func(ctx context.Context, cmd *cobra.Command, args []string) (*result, error) {
			return p.status(ctx, cmd, args[0])
		}),
	}
}

func (p *program) status(ctx context.Context, cmd *cobra.Command, key string) (*result, error) {
	if strings.TrimSpace(key) == "" {
		return nil, usage("the ID or SHORTCODE is empty")
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
	ctx, cancel := p.interrupts.bind(ctx)
	defer cancel()
	book, missing := p.readLedger(ctx, settings)
	if book != nil {
		defer book.Close() //nolint:errcheck // it was only read
	}
	named, err := l.name(ctx, book, key, false)
	if err != nil {
		return nil, err
	}
	req, reply := named.read(ctx, l.payments)
	if reply.Answer != pos.AnswerDone {
		p.showRecorded(ctx, l, book, named.key)
		if missing != nil {
			p.warn("The local record could not be read, so %s was looked for at Centrapay alone, which knows ids and short codes and no references: %v", widget.Clean(key), missing)
		}
		return nil, p.unread(key, reply)
	}
	return p.statusOf(ctx, l, book, missing, req), nil
}

// statusOf is the result of a request that was read. The record may be missing.
func (p *program) statusOf(ctx context.Context, l *line, book *ledger.Reader, missing error, req pos.Request) *result {
	rows, err := l.recorded(ctx, book, req.ID)
	if missing == nil {
		missing = err
	}
	money := p.moneyOf(ctx, l, req)
	p.describe(req, money)
	p.describeRecord(rows, missing)
	doc := &object{own: req.Document}
	doc.add("outcome", outcomeOf(req))
	money.addTo(doc)
	if missing != nil {
		doc.add("ledger", nil)
		doc.add("ledgerError", missing.Error())
	} else {
		doc.add("ledger", rowDocuments(rows))
	}
	return &result{document: doc}
}

// showRecorded says what the record has of a request that could not be read.
func (p *program) showRecorded(ctx context.Context, l *line, book *ledger.Reader, key string) {
	rows, err := l.named(ctx, book, key)
	if err != nil {
		return
	}
	for _, row := range rows {
		p.warn("Record     %s", recordLine(row))
	}
}

// unread is the failure of reading a request; an interrupt explains it better.
func (p *program) unread(key string, reply pos.Reply) error {
	if p.interrupts.wasAsked() {
		return errInterrupted
	}
	return unanswered("payment request "+widget.Clean(key), reply)
}

// recorded gives the ledger's lines about a request at this service.
func (p *program) recorded(ctx context.Context, l *line, requestID string) ([]ledger.Row, error) {
	book, err := p.readLedger(ctx, l.settings)
	if book == nil || err != nil {
		return nil, err
	}
	defer book.Close() //nolint:errcheck // it was only read
	return l.recorded(ctx, book, requestID)
}

// recorded gives the ledger's lines about a request at this service; none without
// a ledger.
func (l *line) recorded(ctx context.Context, book *ledger.Reader, requestID string) ([]ledger.Row, error) {
	if book == nil {
		return nil, nil
	}
	rows, err := book.Find(ctx, requestID)
	if err != nil {
		return nil, err
	}
	var mine []ledger.Row
	for _, row := range rows {
		if l.keeps(row.Service) {
			mine = append(mine, row)
		}
	}
	return mine, nil
}

// outcomeOf says what a request's status means, in the words of outcomes.
func outcomeOf(req pos.Request) string {
	switch {
	case req.Released():
		return string(pos.OutcomeReleased)
	case req.Authorized():
		return string(pos.OutcomeAuthorized)
	case req.Status == pos.StatusPaid && req.Remaining.Sign() > 0:
		return string(pos.OutcomePartlyPaid)
	}
	return string(req.Status)
}

// describe says in words what is known of a request.
func (p *program) describe(req pos.Request, money moneyMoved) {
	p.say("%s  %s  %s%s", widget.Clean(req.ShortCode), amountText(req.Value), outcomeOf(req), because(req.CancellationReason))
	p.say("Request    %s", widget.Clean(req.ID))
	if req.ExternalRef != "" {
		p.say("Reference  %s", widget.Clean(req.ExternalRef))
	}
	if !req.CreatedAt.IsZero() {
		p.say("Made       %s", clock(req.CreatedAt))
	}
	if !req.ExpiresAt.IsZero() {
		p.say("Expires    %s", clock(req.ExpiresAt))
	}
	if req.Remaining.Sign() > 0 {
		p.say("Remaining  %s", amountText(req.Remaining))
	}
	for _, text := range tenderLines(pos.Record{Request: req}) {
		p.say("%s", text)
	}
	for _, text := range money.lines() {
		p.say("%s", text)
	}
	for _, c := range req.Conditions {
		p.say("Condition  %s  %s  %s", widget.Clean(c.ID), widget.Clean(c.Message), widget.Clean(string(c.Status)))
		if c.Status == pos.ConditionAwaitingMerchant {
			p.say("           answer it with \"centrapos condition accept|decline %s %s\"", widget.Clean(req.ID), widget.Clean(c.ID))
		}
	}
}

// describeRecord says what the record has of a request.
func (p *program) describeRecord(rows []ledger.Row, missing error) {
	if missing != nil {
		p.warn("The local record could not be read, so only what Centrapay has is shown: %v", missing)
		return
	}
	if len(rows) == 0 {
		p.say("The local record has nothing of it.")
	}
	for _, row := range rows {
		p.say("Record     %s", recordLine(row))
	}
}
