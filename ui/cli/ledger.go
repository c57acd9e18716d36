package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"centrapos/config"
	"centrapos/pos"
	"centrapos/pos/ledger"
	"centrapos/ui/widget"
)

// clock writes a time as staff read it, in the till's own time zone.
func clock(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05") }

// amountText is an amount for people; one that is no whole number of the smallest
// unit with all its digits, since rounded it would be another amount.
func amountText(m pos.Money) string {
	switch {
	case !m.IsKnown():
		return "an amount not known"
	case !m.Minor().IsInteger():
		return m.Currency().Code + " " + m.Minor().Shift(-m.Currency().Decimals).String()
	}
	return m.Format()
}

func (p *program) ledgerCommand() *cobra.Command {
	return p.group("ledger", "The local record of every payment",
		p.ledgerListCommand(), p.ledgerShowCommand(), p.ledgerVerifyCommand(), p.ledgerBackupCommand(), p.ledgerRestoreCommand(), p.ledgerExportCommand())
}

// onLedger makes a command of work on the ledger as it can be read. The reader
// is nil when there is no ledger yet.
func (p *program) onLedger(cmd *cobra.Command, work func(context.Context, *ledger.Reader, []string) (*result, error)) *cobra.Command {
	cmd.RunE = p.runs(func(ctx context.Context, cmd *cobra.Command, args []string) (*result, error) {
		settings, err := p.settings(cmd)
		if err != nil {
			return nil, err
		}
		ctx, cancel := p.interrupts.bind(ctx)
		defer cancel()
		r, err := p.readableLedger(ctx, settings)
		if err != nil {
			return nil, err
		}
		if r != nil {
			defer r.Close() //nolint:errcheck // it was only read
		}
		return work(ctx, r, args)
	})
	return cmd
}

func (p *program) readableLedger(ctx context.Context, settings config.Settings) (*ledger.Reader, error) {
	r, err := p.readLedger(ctx, settings)
	if r == nil && err == nil {
		p.warn("There is no record in %s yet.", ledgerDir(settings))
	}
	return r, err
}

const ledgerListHelp = `Lists the payments in the local record, newest first.

With --json the document has "items", each with ledgerId, kind (sale, void, refund,
confirm or release), service, externalRef (of a confirmation its key), id and
shortCode of the payment request, activityShortCode of a refund, confirmation or
release, value, status as last read, outcome ("" while there is none), openedAt,
updatedAt, closed (false while unfinished), byHand (the outcome is a person's word) and
running (in the hands of a running till).`

func (p *program) ledgerListCommand() *cobra.Command {
	var filter ledger.Filter
	var limit int
	cmd := &cobra.Command{
		Use:   "list",
		Short: "The payments in the record, newest first",
		Long:  ledgerListHelp,
		Args:  takes(0, 0, "no arguments"),
	}
	cmd.Flags().BoolVar(&filter.OnlyUnfinished, "unfinished", false, "only those without a definite end")
	cmd.Flags().IntVar(&limit, "limit", 0, "at most so many (default all)")
	return p.onLedger(cmd, func(ctx context.Context, r *ledger.Reader, _ []string) (*result, error) {
		if limit < 0 {
			return nil, usage("--limit must not be negative")
		}
		filter.Limit = limit
		var rows []ledger.Row
		if r != nil {
			var err error
			if rows, err = r.List(ctx, filter); err != nil {
				return nil, err
			}
		}
		p.sayList(rows, filter)
		doc := &object{}
		doc.add("items", rowDocuments(rows))
		return &result{document: doc}, nil
	})
}

const ledgerShowHelp = `Shows one payment in the local record with every fact of it. KEY is its ledger id
(or the first six letters of it), or the id, short code (in any spelling) or reference
of its payment request. Where several match, the newest is shown and the others are named.

With --json the document is the payment's line as "ledger list" has it, and "facts",
each with at, name and content, oldest first.`

func (p *program) ledgerShowCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "show KEY",
		Short: "One payment with all its facts",
		Long:  ledgerShowHelp,
		Args:  takes(1, 1, "one KEY"),
	}
	return p.onLedger(cmd, func(ctx context.Context, r *ledger.Reader, args []string) (*result, error) {
		var rows []ledger.Row
		if r != nil {
			var err error
			if rows, err = recordsNamed(ctx, r, args[0]); err != nil {
				return nil, err
			}
		}
		if len(rows) == 0 {
			return nil, &failure{exit: exitUsage, Code: codeNotFound,
				Message: fmt.Sprintf("the local record has nothing under %q; look with \"centrapos ledger list\"", args[0])}
		}
		for _, other := range rows[1:] {
			p.warn("Also under this name: %s, begun %s", other.Op, clock(other.OpenedAt))
		}
		entries, err := r.Entries(ctx, rows[0].Op)
		if err != nil {
			return nil, err
		}
		return p.showEntries(rows[0], entries)
	})
}

// factDocument is a fact in a document.
type factDocument struct {
	At      time.Time       `json:"at"`
	Name    string          `json:"name"`
	Content json.RawMessage `json:"content"`
}

func (p *program) showEntries(row ledger.Row, entries []pos.Entry) (*result, error) {
	p.say("%s  %s of %s, %s", row.Op, kindWord(row.Kind), amountText(row.Amount), rowState(row))
	p.say("Reference  %s", widget.Clean(row.ExternalRef))
	p.say("Request    %s  %s", widget.Clean(row.RequestID), widget.Clean(row.ShortCode))
	p.say("Service    %s", row.Service)
	facts := make([]factDocument, 0, len(entries))
	for _, e := range entries {
		content, err := pos.EncodeFact(e.Fact)
		if err != nil {
			return nil, err
		}
		facts = append(facts, factDocument{At: e.At, Name: e.Fact.FactName(), Content: content})
		p.say("%s  %s", e.At.Local().Format("2006-01-02 15:04:05.000"), e.Fact.FactName())
	}
	doc := rowDocument(row)
	doc.add("facts", facts)
	return &result{document: doc}, nil
}

const ledgerVerifyHelp = `Checks the whole local record: that no entry was changed, removed or added from
outside, and that its lists say what its entries amount to.

Exit code 0 when it is sound, 70 when it is not. With --json the document has
  outcome      sound or damaged; the same as sound: true or false
  entries, operations, head {seq, hash}, and problems {seq, ledgerId, problem}`

func (p *program) ledgerVerifyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check that nothing in the record was changed",
		Long:  ledgerVerifyHelp,
		Args:  takes(0, 0, "no arguments"),
	}
	return p.onLedger(cmd, func(ctx context.Context, r *ledger.Reader, _ []string) (*result, error) {
		var report ledger.Report
		if r != nil {
			var err error
			if report, err = r.Verify(ctx); err != nil {
				return nil, err
			}
		}
		return p.verified(report), nil
	})
}

// problemDocument is what is wrong with a ledger, in a document.
type problemDocument struct {
	Seq      int64    `json:"seq"`
	LedgerID pos.OpID `json:"ledgerId"`
	Problem  string   `json:"problem"`
}

func (p *program) verified(report ledger.Report) *result {
	return p.checked(report, "sound", "The record is")
}

// checked is the result of a check: the outcome that a sound record has, or damaged.
func (p *program) checked(report ledger.Report, well, subject string) *result {
	doc := &object{}
	problems := make([]problemDocument, 0, len(report.Problems))
	for _, found := range report.Problems {
		problems = append(problems, problemDocument{Seq: found.Seq, LedgerID: found.Op, Problem: found.What})
		p.say("%s", found.String())
	}
	r := &result{document: doc}
	outcome := well
	if !report.Sound() {
		outcome, r.exit = "damaged", exitInternal
	}
	doc.add("outcome", outcome)
	doc.add("sound", report.Sound())
	doc.add("entries", report.Entries)
	doc.add("operations", report.Operations)
	doc.add("head", map[string]any{"seq": report.Head.Seq, "hash": report.Head.Hash})
	doc.add("problems", problems)
	if outcome == "damaged" {
		doc.add("error", &failure{Code: codeDamaged,
			Message: "the local record is damaged or was changed from outside; keep a copy of its folder"})
	}
	state := "sound"
	if outcome == "damaged" {
		state = "damaged"
	}
	entries := countOf(int(report.Entries), "fact")
	p.say("%s %s: %s of %s, head %d %s", subject, state, entries, countOf(int(report.Operations), "payment"), report.Head.Seq, report.Head.Hash)
	return r
}

// recordLine is an operation's line beside others of the same payment request.
func recordLine(row ledger.Row) string {
	return fmt.Sprintf("%s  %s  %-12s %14s  %s", row.Op, clock(row.OpenedAt), kindWord(row.Kind), amountText(row.Amount), rowState(row))
}

// rowState says where an operation stands.
func rowState(row ledger.Row) string {
	switch {
	case row.Outcome != pos.OutcomeOpen && row.Closed && row.ByHand:
		return string(row.Outcome) + ", by hand"
	case row.Outcome != pos.OutcomeOpen && row.Closed:
		return string(row.Outcome)
	case row.Outcome != pos.OutcomeOpen:
		return string(row.Outcome) + ", not tidied up"
	case row.OwnerAlive:
		return "under way"
	}
	return "unfinished"
}

// rowDocument is an operation's line as documents have it, with the API's names
// for what is the payment request's.
func rowDocument(row ledger.Row) *object {
	doc := &object{}
	doc.add("ledgerId", row.Op)
	doc.add("kind", row.Kind)
	doc.add("service", row.Service)
	doc.add("externalRef", row.ExternalRef)
	doc.add("id", row.RequestID)
	doc.add("shortCode", row.ShortCode)
	doc.add("activityShortCode", row.ActivityCode)
	doc.add("value", row.Amount)
	doc.add("status", row.Status)
	doc.add("outcome", row.Outcome)
	doc.add("openedAt", row.OpenedAt.UTC())
	doc.add("updatedAt", row.UpdatedAt.UTC())
	doc.add("closed", row.Closed)
	doc.add("byHand", row.ByHand)
	doc.add("running", row.OwnerAlive && !row.Closed)
	return doc
}

func rowDocuments(rows []ledger.Row) []*object {
	docs := make([]*object, 0, len(rows))
	for _, row := range rows {
		docs = append(docs, rowDocument(row))
	}
	return docs
}
