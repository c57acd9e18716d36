package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"centrapos/config"
	"centrapos/pos"
	"centrapos/pos/ledger"
	"centrapos/pos/printer"
	"centrapos/pos/receipt"
)

const receiptHelp = `Shows the receipt of a sale, a refund or a void that is in the local record, marked as a
copy. KEY is its ledger id, or the id, short code or reference of its payment request.

What the shop is called, its GST number, address and thanks are settings of the profile:
merchant-name, gst-number, receipt-header, receipt-footer.

With --print it goes to the printer of the profile (printer, printer-width,
printer-code-pages, printer-cutter, printer-qr), with --pdf into a file.

With --json the document has ledgerId, text, and missing: what the tax law wants on a
receipt of this size, and is not there.`

// codeNoReceipt: there is nothing to give a receipt for.
const codeNoReceipt = "NO_RECEIPT"

type receiptFlags struct {
	width int
	copy  int
	pdf   string
	print bool
}

func (p *program) receiptCommand() *cobra.Command {
	var flags receiptFlags
	cmd := &cobra.Command{Use: "receipt KEY", Short: "Show, print or save a receipt again", Long: receiptHelp, Args: takes(1, 1, "one KEY"),
		Example: "  centrapos receipt CP-X4V-6N\n  centrapos receipt CP-X4V-6N --print\n  centrapos receipt CP-X4V-6N --pdf receipt.pdf"}
	cmd.Flags().IntVar(&flags.width, "width", receipt.Usual, "characters on a line")
	cmd.Flags().IntVar(&flags.copy, "copy", 1, "the number of the copy")
	cmd.Flags().StringVar(&flags.pdf, "pdf", "", "save it as a PDF file")
	cmd.Flags().BoolVar(&flags.print, "print", false, "print it on the profile's printer")
	cmd.RunE = p.runs(func(ctx context.Context, cmd *cobra.Command, args []string) (*result, error) {
		if flags.width < 24 || flags.width > 200 || flags.copy < 0 {
			return nil, usage("--width is from 24 to 200, and --copy not less than 0")
		}
		settings, err := p.settings(cmd)
		if err != nil {
			return nil, err
		}
		ctx, cancel := p.interrupts.bind(ctx)
		defer cancel()
		row, r, err := p.receiptOf(ctx, settings, args[0])
		if err != nil {
			return nil, err
		}
		r.Copy = flags.copy
		return p.giveReceipt(ctx, settings, row, r, flags)
	})
	return cmd
}

// receiptOf finds an operation in the record and lays its receipt out.
func (p *program) receiptOf(ctx context.Context, s config.Settings, key string) (ledger.Row, receipt.Receipt, error) {
	none := func(err error) (ledger.Row, receipt.Receipt, error) { return ledger.Row{}, receipt.Receipt{}, err }
	book, err := p.readableLedger(ctx, s)
	if err != nil {
		return none(err)
	}
	var rows []ledger.Row
	if book != nil {
		defer book.Close() //nolint:errcheck // it was only read
		if rows, err = recordsNamed(ctx, book, key); err != nil {
			return none(err)
		}
	}
	if len(rows) == 0 {
		return none(&failure{exit: exitUsage, Code: codeNotFound, Message: fmt.Sprintf("the local record has nothing under %q; look with \"centrapos ledger list\"", key)})
	}
	for _, row := range rows {
		entries, err := book.Entries(ctx, row.Op)
		if err != nil {
			return none(err)
		}
		if r, ok := receipt.OfRecord(pos.Replay(entries), occasionOf(s)); ok {
			return row, r, nil
		}
	}
	return none(&failure{exit: exitUsage, Code: codeNoReceipt,
		Message: fmt.Sprintf("no money was taken or given back under %q, as far as the record knows; \"centrapos ledger show %[1]s\" has all of it", key)})
}

// occasionOf is what every receipt of the shop says.
func occasionOf(s config.Settings) receipt.Occasion {
	o := receipt.Occasion{
		Shop:     receipt.Shop{Name: s.MerchantName, Lines: s.ReceiptHeader, GSTNumber: s.GSTNumber, Footer: s.ReceiptFooter},
		Training: s.Embedded, Till: s.TerminalID, Operator: s.Operator, At: time.Now(), TaxRate: s.GSTRate,
	}
	if currency, err := pos.CurrencyOf(s.Currency); err == nil {
		o.Cash = pos.CashRoundingOf(currency)
	}
	return o
}

// printerOf is what the profile says of its printer.
func printerOf(s config.Settings) (receipt.Printer, error) {
	usual := receipt.DefaultPrinter()
	out := receipt.Printer{Width: s.PrinterWidth, Pages: usual.Pages, NoCutter: !s.PrinterCutter, NoQR: !s.PrinterQR}
	if len(s.PrinterCodePages) == 0 {
		return out, nil
	}
	out.Pages = nil
	known := receipt.CodePages()
	for _, name := range s.PrinterCodePages {
		page, ok := known[name]
		if !ok {
			return out, &failure{exit: exitUsage, Code: string(config.CodeConfigInvalid),
				Message: fmt.Sprintf("%s: there is no code page %q; there are 437, 858, Windows-1252 and Windows-1257", s.Origin(config.KeyPrinterCodePages), name)}
		}
		out.Pages = append(out.Pages, page)
	}
	return out, nil
}

// deviceOf is the profile's printer.
func deviceOf(s config.Settings) (printer.Device, error) {
	if s.Printer == "" {
		return nil, &failure{exit: exitUsage, Code: string(config.CodeConfigMissing),
			Message: fmt.Sprintf("there is no printer: write printer = \"tcp://HOST\" or a device's path in [profiles.%s] of the config file", s.Profile)}
	}
	d, err := printer.Open(s.Printer)
	if err != nil {
		return nil, &failure{exit: exitUsage, Code: string(config.CodeConfigInvalid), Message: s.Origin(config.KeyPrinter).String() + ": printer: " + err.Error(), cause: err}
	}
	return d, nil
}

func (p *program) giveReceipt(ctx context.Context, s config.Settings, row ledger.Row, r receipt.Receipt, flags receiptFlags) (*result, error) {
	if err := r.Check(); err != nil {
		return nil, &failure{exit: exitInternal, Code: codeInternal, Message: "the receipt does not add up, so it is not shown: " + err.Error(), cause: err}
	}
	missing := r.Missing()
	for _, what := range missing {
		p.warn("The tax law wants more on this receipt: %s.", what)
	}
	text := receipt.Text(r, flags.width)
	switch {
	case flags.pdf != "":
		if err := savePDF(flags.pdf, r); err != nil {
			return nil, err
		}
		p.say("Saved as %s.", flags.pdf)
	case !flags.print:
		p.say("%s", strings.TrimSuffix(text, "\n"))
	}
	if flags.print {
		if err := printNow(ctx, s, r); err != nil {
			return nil, err
		}
		p.say("Printed.")
	}
	doc := &object{}
	doc.add("ledgerId", row.Op)
	doc.add("text", text)
	if missing == nil {
		missing = []string{}
	}
	doc.add("missing", missing)
	return &result{document: doc}, nil
}

// printNow prints a receipt and waits for the printer.
func printNow(ctx context.Context, s config.Settings, r receipt.Receipt) error {
	device, err := deviceOf(s)
	if err != nil {
		return err
	}
	kind, err := printerOf(s)
	if err != nil {
		return err
	}
	if err := device.Print(ctx, receipt.ESCPOS(r, kind)); err != nil {
		return &failure{exit: exitRefused, Code: codePrinter, Retryable: true, Message: err.Error() + "; see that it is on and has paper, then print again", cause: err}
	}
	return nil
}

// codePrinter: the printer did not take what was to be printed.
const codePrinter = "PRINTER"

// savePDF writes a new file: one that is there already is not replaced.
func savePDF(path string, r receipt.Receipt) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return usage(path + " exists already; nothing was written. Name another file, or move that one away")
	}
	if err != nil {
		return usage("the file cannot be written: " + plainCause(err))
	}
	if err = errors.Join(receipt.PDF(f, r), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}
