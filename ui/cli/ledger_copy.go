package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"centrapos/pos/ledger"
	"centrapos/ui/widget"
)

// This file takes the record out of the till: a copy that can take its place, and
// its content for other programs.

const ledgerBackupHelp = `Copies the local record, as it is at one moment, into FOLDER, which must not have one,
and checks the copy. Tills may go on taking payments meanwhile. A record that is
damaged is copied too, and said to be so.

The copy is for taking the original's place, not for standing beside it: a till that
is opened on it takes the original's unfinished payments for its own.

With --json the document has
  outcome      copied, or damaged (exit code 70) when the copy is as damaged as the record
  folder, entries, operations, head {seq, hash}, problems {seq, ledgerId, problem}`

func (p *program) ledgerBackupCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "backup FOLDER",
		Short:   "Copy the record while tills are running, and check the copy",
		Long:    ledgerBackupHelp,
		Example: "  centrapos ledger backup /media/stick/till-1-2026-11-21",
		Args:    takes(1, 1, "one FOLDER"),
	}
	return p.onLedger(cmd, func(ctx context.Context, r *ledger.Reader, args []string) (*result, error) {
		if args[0] == "" {
			return nil, usage("the FOLDER is empty")
		}
		if r == nil {
			return nil, noRecord()
		}
		folder, err := filepath.Abs(args[0])
		if err != nil {
			return nil, usage("the folder " + args[0] + " cannot be found from here: " + plainCause(err))
		}
		report, err := r.Backup(ctx, folder)
		if errors.Is(err, ledger.ErrExists) {
			return nil, &failure{exit: exitUsage, Code: codeUsage, Message: err.Error(), cause: err}
		}
		if err != nil {
			return nil, err
		}
		done := p.checked(report, "copied", "The copy in "+folder+" is")
		if doc, ok := done.document.(*object); ok {
			doc.add("folder", folder)
		}
		return done, nil
	})
}

// noRecord is the failure where there is nothing to copy or export.
func noRecord() *failure {
	return &failure{exit: exitUsage, Code: codeNotFound, Message: "there is no local record yet, so nothing was written"}
}

const ledgerExportHelp = `Writes the whole local record to FILE, or to stdout without one. Every fact is one JSON
object a line, in the order of the chain of hashes, with its hash and the one before it:
seq, op, n, name, at, body, prevHash, hash. What can be read of a damaged record is
written too.

With --csv the list of payments is written instead, as comma-separated values with a
header, newest first; amounts are in the currency's whole units, such as 12.50, and
times in UTC. A text that a spreadsheet would take for a formula has a ' before it.

A FILE that exists is left as it is.

With --json the document has
  outcome      exported
  entries      how many facts there are; payments with --csv
  file         where they were written; without FILE "items" has them instead`

func (p *program) ledgerExportCommand() *cobra.Command {
	var asCSV bool
	cmd := &cobra.Command{
		Use:     "export [FILE]",
		Short:   "Write the record out for other programs",
		Long:    ledgerExportHelp,
		Example: "  centrapos ledger export record.jsonl\n  centrapos ledger export --csv payments.csv",
		Args:    takes(0, 1, "one FILE or none"),
	}
	cmd.Flags().BoolVar(&asCSV, "csv", false, "the list of payments as comma-separated values")
	return p.onLedger(cmd, func(ctx context.Context, r *ledger.Reader, args []string) (*result, error) {
		switch {
		case len(args) == 1 && args[0] == "":
			return nil, usage("the FILE is empty; give a name, or leave it out for stdout")
		case asCSV && p.out.json && len(args) == 0:
			return nil, usage("--csv and --json contradict one another without a FILE; give one of them")
		case r == nil:
			return nil, noRecord()
		}
		write := r.Export
		if asCSV {
			write = func(ctx context.Context, w io.Writer) (int64, error) { return writePayments(ctx, r, w) }
		}
		if len(args) == 0 {
			return p.exportToStdout(ctx, write)
		}
		return p.exportToFile(ctx, args[0], write)
	})
}

// exportToStdout writes to stdout, or into the one document.
func (p *program) exportToStdout(ctx context.Context, write func(context.Context, io.Writer) (int64, error)) (*result, error) {
	if !p.out.json {
		_, err := write(ctx, p.out.words())
		if p.out.lost() != nil {
			err = nil // which is said at the end of the run
		}
		return &result{}, err
	}
	var lines bytes.Buffer
	n, err := write(ctx, &lines)
	if err != nil {
		return nil, err
	}
	items := []json.RawMessage{}
	for line := range bytes.Lines(lines.Bytes()) {
		items = append(items, json.RawMessage(bytes.TrimSpace(line)))
	}
	doc := &object{}
	doc.add("outcome", "exported")
	doc.add("entries", n)
	doc.add("items", items)
	return &result{document: doc}, nil
}

// exportToFile writes to a file that is not there yet; there is a whole one or none.
func (p *program) exportToFile(ctx context.Context, path string, write func(context.Context, io.Writer) (int64, error)) (_ *result, err error) {
	failed := func(err error) error {
		return &failure{exit: exitUsage, Code: codeUsage, Message: "the file " + path + " cannot be written: " + plainCause(err), cause: err}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // takings are nobody else's business
	if err != nil {
		return nil, failed(err)
	}
	n, err := write(ctx, f)
	if closing := errors.Join(f.Sync(), f.Close()); err == nil && closing != nil {
		err = failed(closing)
	}
	if err != nil {
		return nil, errors.Join(err, os.Remove(path))
	}
	p.say("%s written to %s.", countOf(int(n), "line"), path)
	doc := &object{}
	doc.add("outcome", "exported")
	doc.add("entries", n)
	doc.add("file", path)
	return &result{document: doc}, nil
}

// paymentColumns are the columns of the list of payments.
func paymentColumns() []struct {
	name string
	of   func(ledger.Row) string
} {
	utc := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	return []struct {
		name string
		of   func(ledger.Row) string
	}{
		{"openedAt", func(r ledger.Row) string { return utc(r.OpenedAt) }},
		{"updatedAt", func(r ledger.Row) string { return utc(r.UpdatedAt) }},
		{"kind", func(r ledger.Row) string { return string(r.Kind) }},
		{"outcome", func(r ledger.Row) string { return string(r.Outcome) }},
		{"status", func(r ledger.Row) string { return string(r.Status) }},
		{"amount", amountColumn},
		{"currency", func(r ledger.Row) string { return r.Amount.Currency().Code }},
		{"externalRef", func(r ledger.Row) string { return r.ExternalRef }},
		{"id", func(r ledger.Row) string { return r.RequestID }},
		{"shortCode", func(r ledger.Row) string { return r.ShortCode }},
		{"activityShortCode", func(r ledger.Row) string { return r.ActivityCode }},
		{"service", func(r ledger.Row) string { return r.Service }},
		{"closed", func(r ledger.Row) string { return strconv.FormatBool(r.Closed) }},
		{"byHand", func(r ledger.Row) string { return strconv.FormatBool(r.ByHand) }},
		{"ledgerId", func(r ledger.Row) string { return string(r.Op) }},
	}
}

// amountColumn is an amount in whole units; in the smallest unit, and marked as such,
// where it is no whole number of that: rounded, it would be another amount.
func amountColumn(r ledger.Row) string {
	switch {
	case !r.Amount.IsKnown():
		return ""
	case !r.Amount.Minor().IsInteger():
		return r.Amount.Minor().Shift(-r.Amount.Currency().Decimals).String()
	}
	return r.Amount.String()
}

// writePayments writes the list of payments as comma-separated values.
func writePayments(ctx context.Context, r *ledger.Reader, to io.Writer) (int64, error) {
	rows, err := r.List(ctx, ledger.Filter{})
	if err != nil {
		return 0, err
	}
	columns := paymentColumns()
	record := make([]string, len(columns))
	w := csv.NewWriter(to)
	for i, c := range columns {
		record[i] = c.name
	}
	if err := w.Write(record); err != nil {
		return 0, fmt.Errorf("write the list of payments: %w", err)
	}
	for _, row := range rows {
		for i, c := range columns {
			record[i] = noFormula(widget.Clean(c.of(row)))
		}
		if err := w.Write(record); err != nil {
			return 0, fmt.Errorf("write the list of payments: %w", err)
		}
	}
	w.Flush()
	return int64(len(rows)), w.Error()
}
