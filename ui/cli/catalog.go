package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"centrapos/assets"
	"centrapos/config"
	"centrapos/pos"
	"centrapos/pos/catalogue"
	"centrapos/ui/widget"
)

// catalogDir is where the shop's products lie: beside the profiles' folders, since
// the shop sells the same in training as for money.
func catalogDir(s config.Settings) string { return s.DataDir }

func (p *program) catalogCommand() *cobra.Command {
	return p.group("catalog", "The shop's products", p.catalogImportCommand(), p.catalogExportCommand(), p.catalogListCommand(),
		p.catalogSearchCommand(), p.catalogQuickCommand(), p.catalogRemoveCommand())
}

// onCatalogue makes a command of work on the shop's products.
func (p *program) onCatalogue(cmd *cobra.Command, work func(context.Context, *catalogue.Catalogue, config.Settings, []string) (*result, error)) *cobra.Command {
	cmd.RunE = p.runs(func(ctx context.Context, cmd *cobra.Command, args []string) (*result, error) {
		settings, err := p.settings(cmd)
		if err != nil {
			return nil, err
		}
		ctx, cancel := p.interrupts.bind(ctx)
		defer cancel()
		c, err := openCatalogue(ctx, settings)
		if err != nil {
			return nil, err
		}
		defer c.Close() //nolint:errcheck // what was written has been committed
		return work(ctx, c, settings, args)
	})
	return cmd
}

func openCatalogue(ctx context.Context, s config.Settings) (*catalogue.Catalogue, error) {
	currency, err := pos.CurrencyOf(s.Currency)
	if err != nil {
		return nil, err
	}
	if err := s.CreateDataDir(); err != nil {
		return nil, err
	}
	c, err := catalogue.Open(ctx, catalogDir(s), currency)
	if err != nil {
		return nil, catalogueFailure(err)
	}
	return c, nil
}

// productsOf are the products on sale, and what to call once they are no longer
// needed. Until a shop has its own, training has some to sell.
func productsOf(ctx context.Context, s config.Settings, currency pos.Currency) (pos.Catalogue, func(), error) {
	if catalogue.Exists(catalogDir(s)) {
		c, err := openCatalogue(ctx, s)
		if err != nil {
			return nil, nil, err
		}
		n, err := c.Count(ctx)
		if err == nil && (n > 0 || s.Profile != config.Training) {
			return c, func() { _ = c.Close() }, nil
		}
		if err = errors.Join(err, c.Close()); err != nil {
			return nil, nil, fmt.Errorf("read the products: %w", err)
		}
	}
	if s.Profile != config.Training {
		return pos.ProductList{}, func() {}, nil
	}
	products, err := pos.ReadProducts(assets.DemoCatalogue(), currency)
	if err != nil {
		return nil, nil, fmt.Errorf("read the demonstration products: %w", err)
	}
	return products, func() {}, nil
}

// catalogueFailure says what to do about a catalogue that cannot be used.
func catalogueFailure(err error) error {
	what := ""
	switch {
	case errors.Is(err, catalogue.ErrCurrency):
		what = "; choose a profile of that currency, or another folder with --data-dir"
	case errors.Is(err, catalogue.ErrNotCatalogue):
		what = "; move the file away, then import the products again"
	case errors.Is(err, catalogue.ErrColumns):
		what = "; say what is in them with --map 'COLUMN=FIELD'"
	case errors.Is(err, catalogue.ErrNoHeader):
		what = "; begin the file with a line such as sku,gtin,name,price"
	case errors.Is(err, catalogue.ErrNoProduct):
		what = "; \"centrapos catalog search\" finds products by their names"
	default:
		return err
	}
	return &failure{exit: exitUsage, Code: codeCatalogue, Message: err.Error() + what, cause: err}
}

// codeCatalogue: the products, or a list of them, cannot be used as they are.
const codeCatalogue = "CATALOG_INVALID"

const catalogExportHelp = `Writes all products as comma-separated values to FILE, or to stdout, in the form that
"catalog import" reads back. Prices are in whole units ("5.50") and include tax.

With --json the document has products, their number, and FILE is needed.`

func (p *program) catalogExportCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "export [FILE]", Short: "Write all products as CSV", Long: catalogExportHelp, Args: takes(0, 1, "at most one FILE")}
	return p.onCatalogue(cmd, func(ctx context.Context, c *catalogue.Catalogue, _ config.Settings, args []string) (*result, error) {
		if len(args) == 0 {
			if p.out.json {
				return nil, usage("with --json the products need a FILE to go to: \"centrapos catalog export FILE --json\"")
			}
			_, err := c.Export(ctx, p.out.words())
			return &result{}, err
		}
		n, err := exportTo(ctx, c, args[0])
		if err != nil {
			return nil, err
		}
		p.say("%s written to %s.", countOf(n, "product"), args[0])
		doc := &object{}
		doc.add("products", n)
		return &result{document: doc}, nil
	})
}

// exportTo writes a new file: one that is there already is not replaced.
func exportTo(ctx context.Context, c *catalogue.Catalogue, path string) (int, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644) //nolint:gosec // a product list is no secret
	if errors.Is(err, os.ErrExist) {
		return 0, usage(path + " exists already; nothing was written. Name another file, or move that one away")
	}
	if err != nil {
		return 0, usage("the file cannot be written: " + plainCause(err))
	}
	n, err := c.Export(ctx, f)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return n, errors.Join(err, os.Remove(path))
	}
	return n, nil
}

const productsHelp = `
With --json the document has "items", each with sku, gtin, name, price (in whole
units, tax included), currency, unit (each or kg), tax (per cent), restricted,
department and, where it has one, classification.`

func (p *program) catalogListCommand() *cobra.Command {
	var department, after string
	var limit int
	cmd := &cobra.Command{Use: "list", Short: "Products by their SKUs", Args: takes(0, 0, "no arguments"),
		Long: "Lists products by their SKUs.\n" + productsHelp}
	cmd.Flags().StringVar(&department, "department", "", "only those of one department")
	cmd.Flags().StringVar(&after, "after", "", "only those after this SKU")
	cmd.Flags().IntVar(&limit, "limit", 100, "at most so many")
	return p.onCatalogue(cmd, func(ctx context.Context, c *catalogue.Catalogue, _ config.Settings, _ []string) (*result, error) {
		if limit < 1 {
			return nil, usage("--limit must be at least 1")
		}
		list, err := c.Products(ctx, department, after, limit)
		if err != nil {
			return nil, err
		}
		r, err := p.showProducts(list)
		if len(list) == limit {
			p.warn("There may be more: go on with --after %s", widget.Clean(list[limit-1].SKU))
		}
		return r, err
	})
}

func (p *program) catalogSearchCommand() *cobra.Command {
	var limit int
	cmd := &cobra.Command{Use: "search TEXT", Short: "Find products by name, SKU or barcode", Args: takes(1, 1, "one TEXT"),
		Long: "Finds products as the till does: TEXT is a barcode or SKU, exactly, or the\nbeginnings of words of the name. Typing errors are forgiven.\n" + productsHelp}
	cmd.Flags().IntVar(&limit, "limit", 20, "at most so many")
	return p.onCatalogue(cmd, func(ctx context.Context, c *catalogue.Catalogue, _ config.Settings, args []string) (*result, error) {
		if limit < 1 {
			return nil, usage("--limit must be at least 1")
		}
		exact, ok, err := c.ByCode(ctx, args[0])
		if err != nil {
			return nil, err
		}
		if ok {
			return p.showProducts([]pos.Product{exact})
		}
		list, err := c.Search(ctx, args[0], limit)
		if err != nil {
			return nil, err
		}
		return p.showProducts(list)
	})
}

// showProducts says a list of products.
func (p *program) showProducts(list []pos.Product) (*result, error) {
	items := make([]any, 0, len(list))
	for _, product := range list {
		p.say("%s %s %s %s %s", fit(product.SKU, 16), fit(product.GTIN, 14), fit(product.Name, 34), widget.Fit(priceText(product), 14, widget.End), widget.Clean(product.Department))
		items = append(items, productDocument(product))
	}
	if len(list) == 0 {
		p.say("There are no such products.")
	}
	doc := &object{}
	doc.add("items", items)
	return &result{document: doc}, nil
}

func fit(text string, width int) string { return widget.Fit(widget.Clean(text), width, widget.Start) }

func priceText(product pos.Product) string {
	text := amountText(product.Price)
	if product.Unit == pos.UnitKg {
		text += "/kg"
	}
	return text
}

func productDocument(product pos.Product) *object {
	doc := &object{}
	decimals := product.Price.Currency().Decimals
	doc.add("sku", product.SKU)
	doc.add("gtin", product.GTIN)
	doc.add("name", product.Name)
	doc.add("price", product.Price.Minor().Shift(-decimals).StringFixed(decimals))
	doc.add("currency", product.Price.Currency().Code)
	doc.add("unit", product.Unit)
	doc.add("tax", product.TaxRate.String())
	doc.add("restricted", product.Restricted)
	doc.add("department", product.Department)
	if product.Classification != nil {
		doc.add("classification", product.Classification)
	}
	return doc
}

const catalogQuickHelp = `Without arguments: lists the quick keys of the till. With NUMBER (1 to 999) and SKU:
makes NUMBER sell that product. With NUMBER and --clear: takes the key away.`

func (p *program) catalogQuickCommand() *cobra.Command {
	var clearKey bool
	cmd := &cobra.Command{Use: "quick [NUMBER SKU]", Short: "Quick keys: numbers that sell a product", Long: catalogQuickHelp,
		Args: takes(0, 2, "NUMBER and SKU, or nothing")}
	cmd.Flags().BoolVar(&clearKey, "clear", false, "take the key NUMBER away")
	return p.onCatalogue(cmd, func(ctx context.Context, c *catalogue.Catalogue, _ config.Settings, args []string) (*result, error) {
		if len(args) > 0 {
			number, err := strconv.Atoi(args[0])
			if err != nil || number < 1 || number > 999 {
				return nil, usage("a quick key's number is from 1 to 999")
			}
			if clearKey == (len(args) == 2) {
				return nil, usage("give NUMBER and SKU, or NUMBER and --clear")
			}
			sku := strings.Join(args[1:], "")
			if err := c.SetQuick(ctx, number, sku); err != nil {
				return nil, catalogueFailure(err)
			}
		}
		return p.showQuickKeys(ctx, c)
	})
}

func (p *program) showQuickKeys(ctx context.Context, c *catalogue.Catalogue) (*result, error) {
	keys, err := c.QuickKeys(ctx)
	if err != nil {
		return nil, err
	}
	items := make([]any, 0, len(keys))
	for _, q := range keys {
		p.say("%4d  %s %s", q.Number, fit(q.Product.Name, 40), widget.Fit(priceText(q.Product), 14, widget.End))
		item := productDocument(q.Product)
		item.add("number", q.Number)
		items = append(items, item)
	}
	if len(keys) == 0 {
		p.say("There are no quick keys.")
	}
	doc := &object{}
	doc.add("items", items)
	return &result{document: doc}, nil
}

func (p *program) catalogRemoveCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "remove SKU", Short: "Take a product out", Args: takes(1, 1, "one SKU"),
		Long: "Takes a product out of the catalogue, and its quick keys. Sales that have been made\nkeep it. With --json the document has the product's sku."}
	return p.onCatalogue(cmd, func(ctx context.Context, c *catalogue.Catalogue, _ config.Settings, args []string) (*result, error) {
		if err := c.Remove(ctx, args[0]); err != nil {
			return nil, catalogueFailure(err)
		}
		p.say("%s is out of the catalogue.", widget.Clean(args[0]))
		doc := &object{}
		doc.add("sku", args[0])
		return &result{document: doc}, nil
	})
}

// fileOrStdin opens what an argument names: a file, or with - standard input.
func (p *program) fileOrStdin(name string) (io.Reader, func(), error) {
	if name == "-" {
		return p.stdin, func() {}, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, usage(fmt.Sprintf("%s cannot be read: %s", name, plainCause(err)))
	}
	return f, func() { _ = f.Close() }, nil
}
