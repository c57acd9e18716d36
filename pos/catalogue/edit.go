package catalogue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"centrapos/pos"
)

// Put enters a product, in place of the one with its SKU if there is one. The error
// is a pos.InputError for what no product can be, or ErrBarcodeTaken.
func (c *Catalogue) Put(ctx context.Context, p pos.Product) error {
	p, err := checked(p, c.currency)
	if err != nil {
		return err
	}
	return c.change(ctx, "enter the product "+p.SKU, func(tx *sql.Tx) error {
		if err := unname(ctx, tx, p.SKU); err != nil {
			return err
		}
		r := rowOf(p)
		_, err := tx.ExecContext(ctx, `INSERT INTO products (sku, gtin, scan, name, folded, price, unit, tax, restricted, department, class)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sku) DO UPDATE SET `+replaced, r.values()...)
		if failure, ok := errors.AsType[*sqlite.Error](err); ok && failure.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE {
			return ErrBarcodeTaken
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO names (rowid, folded) SELECT id, folded FROM products WHERE sku = ?", p.SKU)
		return err
	})
}

// Remove takes a product out, and its quick keys. The error is ErrNoProduct where
// there is none.
func (c *Catalogue) Remove(ctx context.Context, sku string) error {
	return c.change(ctx, "take the product "+sku+" out", func(tx *sql.Tx) error {
		if err := unname(ctx, tx, sku); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM quick WHERE sku = ?", sku); err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, "DELETE FROM products WHERE sku = ?", sku)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrNoProduct)
		}
		return nil
	})
}

// unname takes a product's name out of the index, before it changes.
func unname(ctx context.Context, tx *sql.Tx, sku string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO names (names, rowid, folded) SELECT 'delete', id, folded FROM products WHERE sku = ?", sku)
	return err
}

// change does some changes, all or none, and counts them as one revision.
func (c *Catalogue) change(ctx context.Context, attempt string, do func(*sql.Tx) error) error {
	tx, err := c.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", attempt, err)
	}
	if err = do(tx); err == nil {
		err = revise(ctx, tx)
	}
	if err == nil {
		err = tx.Commit()
	} else {
		err = errors.Join(err, tx.Rollback())
	}
	if err != nil {
		return fmt.Errorf("%s: %w", attempt, err)
	}
	return nil
}

func revise(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO meta (name, value) VALUES ('revision', 1)
		ON CONFLICT (name) DO UPDATE SET value = value + 1`)
	return err
}

// Quick is a quick key: a number, and the product it sells.
type Quick struct {
	Number  int // from 1 to 999
	Product pos.Product
}

// QuickKeys lists the quick keys by their numbers.
func (c *Catalogue) QuickKeys(ctx context.Context) ([]Quick, error) {
	rows, err := c.read.QueryContext(ctx, "SELECT q.number, "+columns+" FROM quick q JOIN products p ON p.sku = q.sku ORDER BY q.number")
	if err != nil {
		return nil, fmt.Errorf("list the quick keys: %w", err)
	}
	defer rows.Close()
	var list []Quick
	for rows.Next() {
		var q Quick
		if q.Product, err = c.scanned(after{rows, &q.Number}); err != nil {
			return nil, fmt.Errorf("list the quick keys: %w", err)
		}
		list = append(list, q)
	}
	return list, rows.Err()
}

// after scans a column ahead of a product's.
type after struct {
	row    interface{ Scan(...any) error }
	number *int
}

func (a after) Scan(to ...any) error { return a.row.Scan(append([]any{a.number}, to...)...) }

// SetQuick gives a product a quick key, in place of the product that had it. An
// empty SKU takes the key away. The error is ErrNoProduct for a SKU there is not.
func (c *Catalogue) SetQuick(ctx context.Context, number int, sku string) error {
	if number < 1 || number > 999 {
		return &pos.InputError{Code: pos.CodeInvalidLineItem, Problem: fmt.Sprintf("a quick key cannot have the number %d", number), Remedy: "choose one from 1 to 999"}
	}
	return c.change(ctx, fmt.Sprintf("set the quick key %d", number), func(tx *sql.Tx) error {
		if sku == "" {
			_, err := tx.ExecContext(ctx, "DELETE FROM quick WHERE number = ?", number)
			return err
		}
		done, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO quick (number, sku) SELECT ?, sku FROM products WHERE sku = ?", number, sku)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrNoProduct)
		}
		return nil
	})
}
