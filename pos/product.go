package pos

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Unit is what a product's price is for.
type Unit string

// The units: products sold by the piece, and by weight.
const (
	UnitEach Unit = "each"
	UnitKg   Unit = "kg"
)

// Product is something the shop sells, at its tax-inclusive price.
type Product struct {
	SKU        string // the shop's own number
	GTIN       string // the barcode, with its leading zeros; empty when it has none
	Name       string
	Price      Money // for one Unit, tax included
	Unit       Unit
	TaxRate    decimal.Decimal // percent: 15 for GST
	Restricted bool            // may not be paid for with some asset types
	Department string
	// Classification is the product's place in a catalogue standard; nil for none.
	Classification *Classification
}

// Catalogue finds products. Looking up may do I/O, so screens never call it
// from Update or View.
type Catalogue interface {
	// ByCode finds the product with exactly this GTIN or SKU; an EAN-13 and the
	// UPC-A it contains are one code. It reports false when there is none.
	ByCode(ctx context.Context, code string) (Product, bool, error)
	// Search finds products whose names have a word beginning with each of the
	// words typed, best match first, at most limit.
	Search(ctx context.Context, words string, limit int) ([]Product, error)
}

// ProductList is a catalogue in memory, for the few products of a demonstration.
type ProductList []Product

// ByCode implements Catalogue.
func (l ProductList) ByCode(_ context.Context, code string) (Product, bool, error) {
	code = strings.TrimSpace(code)
	for _, p := range l {
		if p.GTIN != "" && SameGTIN(p.GTIN, code) || strings.EqualFold(p.SKU, code) && code != "" {
			return p, true, nil
		}
	}
	return Product{}, false, nil
}

// Search implements Catalogue. A name that begins with what was typed comes
// first, then the others by name.
func (l ProductList) Search(_ context.Context, words string, limit int) ([]Product, error) {
	wanted := strings.Fields(strings.ToLower(words))
	if len(wanted) == 0 || limit <= 0 {
		return nil, nil
	}
	var found []Product
	for _, p := range l {
		if matchesAll(strings.Fields(strings.ToLower(p.Name)), wanted) {
			found = append(found, p)
		}
	}
	typed := strings.Join(wanted, " ")
	slices.SortStableFunc(found, func(a, b Product) int {
		rank := func(p Product) int {
			if strings.HasPrefix(strings.ToLower(p.Name), typed) {
				return 0
			}
			return 1
		}
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	return found[:min(limit, len(found))], nil
}

func matchesAll(name, wanted []string) bool {
	for _, w := range wanted {
		if !slices.ContainsFunc(name, func(word string) bool { return strings.HasPrefix(word, w) }) {
			return false
		}
	}
	return true
}

// productColumns are the columns ReadProducts wants, in any order.
var productColumns = []string{"sku", "gtin", "name", "price", "tax", "unit", "restricted", "department"}

// ReadProducts reads a product list from CSV with a header line naming the
// columns sku, gtin, name, price, tax, unit, restricted and department. Prices
// are tax-inclusive, in whole units ("5.50"). Every bad row is reported.
func ReadProducts(r io.Reader, currency Currency) (ProductList, error) {
	rows := csv.NewReader(withoutMark(r))
	header, err := rows.Read()
	if err != nil {
		return nil, fmt.Errorf("read the header of the product list: %w", err)
	}
	column := map[string]int{}
	for i, name := range header {
		column[strings.ToLower(strings.TrimSpace(name))] = i
	}
	for _, name := range productColumns {
		if _, there := column[name]; !there {
			return nil, fmt.Errorf("the product list has no column %q", name)
		}
	}
	var list ProductList
	var problems []error
	for {
		row, err := rows.Read()
		switch {
		case errors.Is(err, io.EOF):
			return list, errors.Join(problems...)
		case errors.Is(err, csv.ErrFieldCount): // says which line itself, and the next line can be read
			problems = append(problems, fmt.Errorf("read the product list: %w", err))
			continue
		case err != nil:
			return list, errors.Join(append(problems, fmt.Errorf("read the product list: %w", err))...)
		}
		line, _ := rows.FieldPos(0)
		p, err := readProduct(func(name string) string { return strings.TrimSpace(row[column[name]]) }, currency)
		if err != nil {
			problems = append(problems, fmt.Errorf("line %d of the product list: %w", line, err))
			continue
		}
		list = append(list, p)
	}
}

// withoutMark drops the byte order mark that spreadsheets put ahead of a file.
func withoutMark(r io.Reader) io.Reader {
	const mark = "\ufeff"
	text := bufio.NewReader(r)
	if start, err := text.Peek(len(mark)); err == nil && string(start) == mark {
		_, _ = text.Discard(len(mark)) // what was peeked at can be discarded
	}
	return text
}

func readProduct(field func(string) string, currency Currency) (Product, error) {
	p := Product{
		SKU: field("sku"), GTIN: field("gtin"), Name: field("name"), Department: field("department"),
		Unit: Unit(strings.ToLower(field("unit"))),
	}
	if p.Unit == "" {
		p.Unit = UnitEach
	}
	if p.Name == "" {
		return p, errors.New("the product has no name")
	}
	if p.Unit != UnitEach && p.Unit != UnitKg {
		return p, fmt.Errorf("%s is sold by %q, which is neither each nor kg", p.Name, p.Unit)
	}
	var err error
	if p.Price, err = ParsePayable(field("price"), currency); err != nil {
		return p, fmt.Errorf("the price of %s: %w", p.Name, err)
	}
	if p.TaxRate, err = decimal.NewFromString(field("tax")); err != nil || p.TaxRate.Sign() < 0 {
		return p, fmt.Errorf("the tax rate %q of %s is not a percentage", field("tax"), p.Name)
	}
	switch strings.ToLower(field("restricted")) {
	case "true", "yes", "1":
		p.Restricted = true
	case "", "false", "no", "0":
	default:
		return p, fmt.Errorf("%s: restricted is %q, which is neither yes nor no", p.Name, field("restricted"))
	}
	return p, nil
}
