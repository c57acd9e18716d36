package catalogue

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"

	"centrapos/pos"
)

// Export writes all products as CSV, by their SKUs, in the form that Import reads
// back to the same products. It says how many it wrote.
func (c *Catalogue) Export(ctx context.Context, w io.Writer) (int, error) {
	n, err := c.export(ctx, w)
	if err != nil {
		return n, fmt.Errorf("export the products: %w", err)
	}
	return n, nil
}

func (c *Catalogue) export(ctx context.Context, w io.Writer) (n int, err error) {
	out := csv.NewWriter(w)
	if err := out.Write(ownHeader); err != nil {
		return 0, err
	}
	rows, err := c.read.QueryContext(ctx, "SELECT "+columns+" FROM products p ORDER BY p.sku")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		p, err := c.scanned(rows)
		if err != nil {
			return n, err
		}
		if err := out.Write(record(p)); err != nil {
			return n, err
		}
		n++
	}
	out.Flush()
	return n, errors.Join(rows.Err(), out.Error())
}

// record is a product as a row of CSV, in the order of ownHeader.
func record(p pos.Product) []string {
	restricted := ""
	if p.Restricted {
		restricted = "yes"
	}
	var class pos.Classification
	if p.Classification != nil {
		class = *p.Classification
	}
	decimals := p.Price.Currency().Decimals
	return []string{p.SKU, p.GTIN, p.Name, p.Price.Minor().Shift(-decimals).StringFixed(decimals), p.TaxRate.String(), string(p.Unit),
		restricted, p.Department, class.Type, class.Code, class.Name}
}

// String is the report in one line, for a log.
func (r Report) String() string {
	return strconv.Itoa(r.Rows) + " rows: " + strconv.Itoa(r.New) + " new, " + strconv.Itoa(r.Changed) + " changed, " + strconv.Itoa(r.Same) +
		" as they were, " + strconv.Itoa(r.Bad) + " bad, " + strconv.Itoa(r.Left) + " left out, " + strconv.Itoa(r.Removed) + " removed"
}
