package catalogue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// replaced sets every column of a product to the row's that was to be inserted.
const replaced = `gtin = excluded.gtin, scan = excluded.scan, name = excluded.name, folded = excluded.folded, price = excluded.price,
	unit = excluded.unit, tax = excluded.tax, restricted = excluded.restricted, department = excluded.department, class = excluded.class`

// different compares a product (p) with the row of the same SKU (r).
const different = `(p.gtin, p.name, p.price, p.unit, p.tax, p.restricted, p.department, p.class)
	IS NOT (r.gtin, r.name, r.price, r.unit, r.tax, r.restricted, r.department, r.class)`

// manyProducts is from how many on the index is put in order after an import.
const manyProducts = 10_000

// finish compares the staged rows with the catalogue, and takes them in.
func (s *staging) finish(ctx context.Context) (Report, error) {
	tx, err := s.conn.BeginTx(ctx, nil)
	if err != nil {
		return s.report, err
	}
	err = s.inTx(ctx, tx)
	if err != nil || s.options.DryRun {
		return s.report, errors.Join(err, tx.Rollback())
	}
	return s.report, tx.Commit()
}

func (s *staging) inTx(ctx context.Context, tx *sql.Tx) error {
	if !s.options.Replace {
		if err := s.barcodesTaken(ctx, tx); err != nil {
			return err
		}
	}
	if err := s.compare(ctx, tx); err != nil {
		return err
	}
	if s.options.DryRun || s.report.New+s.report.Changed+s.report.Removed == 0 {
		return nil
	}
	return s.apply(ctx, tx)
}

// barcodesTaken takes rows back whose barcode is that of a product which is not in
// the file.
func (s *staging) barcodesTaken(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, `SELECT r.line, r.gtin, p.sku FROM incoming.rows r JOIN products p ON p.scan = r.scan
		WHERE r.scan <> '' AND p.sku <> r.sku AND NOT EXISTS (SELECT 1 FROM incoming.rows o WHERE o.sku = p.sku) ORDER BY r.line`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var lines []int
	for rows.Next() {
		var line int
		var gtin, sku string
		if err := rows.Scan(&line, &gtin, &sku); err != nil {
			return err
		}
		lines = append(lines, line)
		s.note(NoteBad, line, fmt.Sprintf("the barcode %s is that of the product %s, which is in the catalogue and not in this file", gtin, sku))
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, line := range lines {
		if _, err := tx.ExecContext(ctx, "DELETE FROM incoming.rows WHERE line = ?", line); err != nil {
			return err
		}
	}
	return nil
}

// compare counts what is new, changed, the same, and gone.
func (s *staging) compare(ctx context.Context, tx *sql.Tx) error {
	r := &s.report
	err := tx.QueryRowContext(ctx, `SELECT count(*) FILTER (WHERE p.id IS NULL), count(*) FILTER (WHERE p.id IS NOT NULL AND `+different+`),
		count(*) FILTER (WHERE p.id IS NOT NULL AND NOT (`+different+`))
		FROM incoming.rows r LEFT JOIN products p ON p.sku = r.sku`).Scan(&r.New, &r.Changed, &r.Same)
	if err != nil || !s.options.Replace {
		return err
	}
	return tx.QueryRowContext(ctx, "SELECT count(*) FROM products p WHERE NOT EXISTS (SELECT 1 FROM incoming.rows r WHERE r.sku = p.sku)").Scan(&r.Removed)
}

// apply changes the catalogue to what the staged rows say. Names are taken out of
// the index before they change and put in again after; barcodes of the products
// that change are taken away first, since two of them may have changed places.
func (s *staging) apply(ctx context.Context, tx *sql.Tx) error {
	gone := "NOT EXISTS (SELECT 1 FROM incoming.rows r WHERE r.sku = p.sku)"
	changed := "EXISTS (SELECT 1 FROM incoming.rows r WHERE r.sku = p.sku AND " + different + ")"
	var statements []string
	if s.report.Removed > 0 {
		statements = append(statements,
			"INSERT INTO names (names, rowid, folded) SELECT 'delete', p.id, p.folded FROM products p WHERE "+gone,
			"DELETE FROM products AS p WHERE "+gone,
			"DELETE FROM quick AS q WHERE NOT EXISTS (SELECT 1 FROM products p WHERE p.sku = q.sku)")
	}
	if s.report.Changed > 0 {
		statements = append(statements,
			"INSERT INTO names (names, rowid, folded) SELECT 'delete', p.id, p.folded FROM products p WHERE "+changed,
			"CREATE TEMP TABLE changing AS SELECT p.id FROM products p WHERE "+changed,
			"UPDATE products SET scan = '' WHERE id IN (SELECT id FROM temp.changing)",
			`UPDATE products AS p SET gtin = r.gtin, scan = r.scan, name = r.name, folded = r.folded, price = r.price, unit = r.unit,
				tax = r.tax, restricted = r.restricted, department = r.department, class = r.class
				FROM incoming.rows r WHERE r.sku = p.sku AND p.id IN (SELECT id FROM temp.changing)`,
			"INSERT INTO names (rowid, folded) SELECT p.id, p.folded FROM products p WHERE p.id IN (SELECT id FROM temp.changing)",
			"DROP TABLE temp.changing")
	}
	if s.report.New > 0 {
		statements = append(statements,
			"INSERT OR REPLACE INTO meta (name, value) SELECT 'last-id', coalesce(max(id), 0) FROM products",
			`INSERT INTO products (sku, gtin, scan, name, folded, price, unit, tax, restricted, department, class)
				SELECT r.sku, r.gtin, r.scan, r.name, r.folded, r.price, r.unit, r.tax, r.restricted, r.department, r.class
				FROM incoming.rows r WHERE NOT EXISTS (SELECT 1 FROM products p WHERE p.sku = r.sku) ORDER BY r.line`,
			"INSERT INTO names (rowid, folded) SELECT id, folded FROM products WHERE id > (SELECT value FROM meta WHERE name = 'last-id')",
			"DELETE FROM meta WHERE name = 'last-id'")
	}
	if s.report.New+s.report.Changed+s.report.Removed >= manyProducts {
		statements = append(statements, "INSERT INTO names (names) VALUES ('optimize')") // one search tree in place of many
	}
	for _, statement := range statements {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return errors.Join(revise(ctx, tx), makeWords(ctx, tx))
}
