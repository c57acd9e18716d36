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
of it. Short codes begin with CP-; everything else is taken for an id.

With --json the document is the payment request as Centrapay has it, and
  outcome      what its status means: new, paid, partially-paid, authorized,
               cancelled or expired
  ledger       the local record's lines about it, newest first`

func (p *program) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "status ID|SHORTCODE",
		Short: "A payment request as it stands now",
		Long:  statusHelp,
		Args:  takes(1, 1, "one ID or SHORTCODE"),
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
	req, reply := find(ctx, l.payments, key)
	if reply.Answer != pos.AnswerDone {
		return nil, p.unread(key, reply)
	}
	rows, err := p.recorded(ctx, l, req.ID)
	if err != nil {
		return nil, err
	}
	p.describe(req, rows)
	doc := &object{own: req.Document}
	doc.add("outcome", outcomeOf(req))
	doc.add("ledger", rowDocuments(rows))
	return &result{document: doc}, nil
}

// unread is the failure of reading a request; an interrupt explains it better.
func (p *program) unread(key string, reply pos.Reply) error {
	if p.interrupts.wasAsked() {
		return errInterrupted
	}
	return unanswered("payment request "+widget.Clean(key), reply)
}

// isShortCode tells short codes from ids. Nothing more is known of their form
// that could be relied on.
func isShortCode(key string) bool { return strings.HasPrefix(strings.ToUpper(key), "CP-") }

// find reads the payment request that an id or a short code names. What is only
// read may be asked again: once, at once, when there was no definite answer.
func find(ctx context.Context, payments pos.Payments, key string) (pos.Request, pos.Reply) {
	read := payments.Get
	if isShortCode(key) {
		read, key = payments.GetByShortCode, strings.ToUpper(key)
	}
	req, reply := read(ctx, key)
	if reply.Answer == pos.AnswerUnknown || reply.Answer == pos.AnswerNotSent && reply.RetryAfter == 0 {
		return read(ctx, key)
	}
	return req, reply
}

// recorded gives the ledger's lines about a request at this service.
func (p *program) recorded(ctx context.Context, l *line, requestID string) ([]ledger.Row, error) {
	r, err := p.readLedger(ctx, l.settings)
	if r == nil || err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // it was only read
	rows, err := r.Find(ctx, requestID)
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
	case req.Authorized():
		return string(pos.OutcomeAuthorized)
	case req.Status == pos.StatusPaid && req.Remaining.Sign() > 0:
		return string(pos.OutcomePartlyPaid)
	}
	return string(req.Status)
}

// describe says in words what is known of a request.
func (p *program) describe(req pos.Request, rows []ledger.Row) {
	p.say("%s  %s  %s%s", widget.Clean(req.ShortCode), req.Value.Format(), outcomeOf(req), because(req.CancellationReason))
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
		p.say("Remaining  %s", req.Remaining.Format())
	}
	for _, text := range tenderLines(pos.Record{Request: req}) {
		p.say("%s", text)
	}
	for _, c := range req.Conditions {
		p.say("Check      %s: %s", widget.Clean(c.Message), widget.Clean(string(c.Status)))
	}
	if len(rows) == 0 {
		p.say("The local record has nothing of it.")
	}
	for _, row := range rows {
		p.say("Record     %s  %-7s %14s  %s", row.Op, row.Kind, amountText(row.Amount), rowState(row))
	}
}
