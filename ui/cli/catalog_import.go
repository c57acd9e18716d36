package cli

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	bubbles "github.com/charmbracelet/bubbles/progress"
	"github.com/shopspring/decimal"
	"github.com/spf13/cobra"

	"centrapos/config"
	"centrapos/pos/catalogue"
	"centrapos/ui/widget"
)

const catalogImportHelp = `Takes the products of a CSV file in (- is stdin). Exports of Shopify, Square and
Lightspeed Retail (Vend) are recognised by their headers; other files by what their
columns are called: name and price are needed, and sku, gtin (barcode), tax,
unit (each or kg), restricted, department and classification are known. --map says
what is in a column with another name.

A product that is in the catalogue already, by its SKU, is changed to what the file
says; others stay, unless --replace. Prices include tax; --prices-exclude-tax adds it.
Every row that is not taken is told, with its line and why. All others are taken, at
once: until then, and where anything fails, the till sells from the products of before.

With --json the document has format, encoding, dryRun, rows, new, changed, same, bad,
left (rows that are no product, or not for sale), removed, and "notes", each with
line, kind (bad, left or remark) and what.`

type catalogImportFlags struct {
	options catalogue.ImportOptions
	tax     string
	columns []string
	strict  bool
	notes   string
}

func (p *program) catalogImportCommand() *cobra.Command {
	var flags catalogImportFlags
	cmd := &cobra.Command{
		Use: "import FILE", Short: "Take products in from a CSV file", Long: catalogImportHelp, Args: takes(1, 1, "one FILE"),
		Example: "  centrapos catalog import products.csv --dry-run\n  centrapos catalog import products.csv --replace\n" +
			"  centrapos catalog import stock.csv --map 'Artikel=name' --map 'Preis=price'",
	}
	f := cmd.Flags()
	f.BoolVar(&flags.options.DryRun, "dry-run", false, "say what would happen, and change nothing")
	f.BoolVar(&flags.options.Replace, "replace", false, "take the products out that are not in the file")
	f.BoolVar(&flags.options.PricesExcludeTax, "prices-exclude-tax", false, "add the tax to the file's prices")
	f.BoolVar(&flags.strict, "strict", false, "take nothing if any row is bad")
	f.StringVar(&flags.tax, "tax", "", "tax in per cent of products whose rate the file does not say (default gst-rate of the profile)")
	f.StringArrayVar(&flags.columns, "map", nil, "'COLUMN=FIELD': what is in a column; fields are "+strings.Join(catalogue.Fields(), ", "))
	f.StringVar(&flags.notes, "notes", "", "also write what was not taken, and why, as CSV into this file")
	return p.onCatalogue(cmd, func(ctx context.Context, c *catalogue.Catalogue, s config.Settings, args []string) (*result, error) {
		if err := flags.read(s); err != nil {
			return nil, err
		}
		return p.importProducts(ctx, c, args[0], flags)
	})
}

// read makes options of the flags that are texts.
func (f *catalogImportFlags) read(s config.Settings) error {
	rate := s.GSTRate
	if f.tax != "" {
		var err error
		if rate, err = decimal.NewFromString(f.tax); err != nil || rate.Sign() < 0 || rate.GreaterThan(decimal.NewFromInt(100)) {
			return usage("--tax must be a rate in per cent from 0 to 100, such as 15")
		}
	}
	f.options.TaxRate = &rate
	f.options.Columns = map[string]string{}
	for _, m := range f.columns {
		column, to, ok := strings.Cut(m, "=")
		if !ok || strings.TrimSpace(column) == "" {
			return usage("--map takes 'COLUMN=FIELD', such as --map 'Artikel=name'")
		}
		f.options.Columns[column] = strings.TrimSpace(to)
	}
	return nil
}

func (p *program) importProducts(ctx context.Context, c *catalogue.Catalogue, name string, flags catalogImportFlags) (*result, error) {
	in, done, err := p.fileOrStdin(name)
	if err != nil {
		return nil, err
	}
	defer done()
	var notes []catalogue.Note
	flags.options.Note = func(n catalogue.Note) { notes = append(notes, n) }
	bar := p.progressBar()
	flags.options.Progress = bar.show
	dry := flags.options.DryRun
	flags.options.DryRun = dry || flags.strict
	report, err := c.Import(ctx, in, flags.options)
	if err == nil && flags.strict && !dry && report.Bad == 0 {
		notes, flags.options.DryRun = nil, false
		if report, err = p.again(ctx, c, in, flags.options); err != nil {
			bar.end()
			return nil, err
		}
	}
	bar.end()
	if err != nil {
		return nil, catalogueFailure(err)
	}
	if err := writeNotes(flags.notes, notes); err != nil {
		return nil, err
	}
	p.sayNotes(notes)
	if flags.strict && !dry && report.Bad > 0 {
		return nil, usage(fmt.Sprintf("%s cannot be taken, so that nothing was imported (--strict)", countOf(report.Bad, "row")))
	}
	p.sayReport(report)
	return &result{document: reportDocument(report, notes)}, nil
}

// again imports the same file once more, after a try that found nothing wrong.
func (p *program) again(ctx context.Context, c *catalogue.Catalogue, in any, options catalogue.ImportOptions) (catalogue.Report, error) {
	file, ok := in.(*os.File)
	if !ok {
		return catalogue.Report{}, usage("--strict reads the file twice, which it cannot with stdin: name a file")
	}
	if _, err := file.Seek(0, 0); err != nil {
		return catalogue.Report{}, usage("--strict reads the file twice, which it cannot with a pipe: name a file")
	}
	return c.Import(ctx, file, options)
}

// sayNotes says what was not taken, and what is odd. Rows that are no product of
// their own are only counted: an export of Shopify has one for each picture.
func (p *program) sayNotes(notes []catalogue.Note) {
	for _, n := range notes {
		switch n.Kind {
		case catalogue.NoteBad:
			p.warn("line %d was not taken: %s", n.Line, widget.Clean(n.What))
		case catalogue.NoteRemark:
			p.warn("line %d was taken, but %s", n.Line, widget.Clean(n.What))
		case catalogue.NoteLeft:
		}
	}
}

func (p *program) sayReport(r catalogue.Report) {
	if r.DryRun {
		p.say("This would happen (nothing was changed):")
	}
	p.say("%s read as %s, %s", countOf(r.Rows, "row"), r.Format, r.Encoding)
	for _, line := range []struct {
		n    int
		what string
	}{{r.New, "new"}, {r.Changed, "changed"}, {r.Same, "as they were"}, {r.Removed, "taken out"}, {r.Bad, "not taken, see above"},
		{r.Left, "left out: pictures, empty lines, or not for sale (--notes FILE lists them)"}} {
		if line.n > 0 {
			p.say("%9s  %s", strconv.Itoa(line.n), line.what)
		}
	}
}

func reportDocument(r catalogue.Report, notes []catalogue.Note) *object {
	doc := &object{}
	for _, f := range []field{{"format", r.Format}, {"encoding", r.Encoding}, {"dryRun", r.DryRun}, {"rows", r.Rows}, {"new", r.New},
		{"changed", r.Changed}, {"same", r.Same}, {"bad", r.Bad}, {"left", r.Left}, {"removed", r.Removed}} {
		doc.add(f.name, f.value)
	}
	type note struct {
		Line int                `json:"line"`
		Kind catalogue.NoteKind `json:"kind"`
		What string             `json:"what"`
	}
	items := make([]note, 0, len(notes))
	for _, n := range notes {
		items = append(items, note{n.Line, n.Kind, n.What})
	}
	doc.add("notes", items)
	return doc
}

// writeNotes writes the notes as CSV; nowhere without a name.
func writeNotes(name string, notes []catalogue.Note) error {
	if name == "" {
		return nil
	}
	f, err := os.Create(name)
	if err != nil {
		return usage(fmt.Sprintf("the notes cannot be written to %s: %s", name, plainCause(err)))
	}
	out := csv.NewWriter(f)
	err = out.Write([]string{"line", "kind", "what"})
	for _, n := range notes {
		err = errors.Join(err, out.Write([]string{strconv.Itoa(n.Line), string(n.Kind), n.What}))
	}
	out.Flush()
	if err = errors.Join(err, out.Error(), f.Close()); err != nil {
		return fmt.Errorf("write the notes: %w", err)
	}
	return nil
}

// bar shows how far an import has come, on a terminal.
type bar struct {
	p     *program
	model bubbles.Model
	shown time.Time
}

// progressBar is a bar on stderr; one that shows nothing where that is no terminal.
func (p *program) progressBar() *bar {
	if !isTerminal(p.stderr) {
		return &bar{}
	}
	options := []bubbles.Option{bubbles.WithWidth(40)}
	if p.noColor {
		options = append(options, bubbles.WithSolidFill(""))
	}
	return &bar{p: p, model: bubbles.New(options...)}
}

func (b *bar) show(read, size int64) {
	if b.p == nil || size <= 0 || time.Since(b.shown) < 100*time.Millisecond {
		return
	}
	b.shown = time.Now()
	fmt.Fprintf(b.p.out.asides(), "\r%s %d of %d KB ", b.model.ViewAs(float64(read)/float64(size)), read>>10, size>>10)
}

// end takes the bar away.
func (b *bar) end() {
	if b.p != nil && !b.shown.IsZero() {
		fmt.Fprint(b.p.out.asides(), "\r\x1b[K")
	}
}
