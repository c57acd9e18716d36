package catalogue

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"github.com/pressly/goose/v3"
	"github.com/shopspring/decimal"
	_ "modernc.org/sqlite" // the driver

	"centrapos/pos"
)

// What can go wrong with a catalogue, for errors.Is.
var (
	// ErrCurrency: the catalogue's prices are in another currency.
	ErrCurrency = errors.New("the catalogue's prices are in another currency")
	// ErrNotCatalogue: the file is not a catalogue of this program.
	ErrNotCatalogue = errors.New("the file is not a Centrapos catalogue")
	// ErrNoProduct: there is no product with this SKU.
	ErrNoProduct = errors.New("there is no such product")
	// ErrBarcodeTaken: the barcode belongs to another product.
	ErrBarcodeTaken = errors.New("the barcode belongs to another product")
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks a file as a catalogue; the first migration writes it.
const applicationID = 0x43504343

// fileName is the catalogue's name in its folder.
const fileName = "catalogue.db"

// Catalogue is a shop's products in a file. It may be used from several
// goroutines, and from several processes: one that imports does not hold up those
// that sell.
type Catalogue struct {
	currency pos.Currency
	path     string
	write    *sql.DB // one connection
	read     *sql.DB
	words    vocabulary
	closing  sync.Once
}

// Open opens the catalogue in a folder and makes an empty one where there is none.
// The error is ErrCurrency or ErrNotCatalogue, or the system's.
func Open(ctx context.Context, dir string, currency pos.Currency) (*Catalogue, error) {
	c := &Catalogue{currency: currency, path: filepath.Join(dir, fileName)}
	if err := c.open(ctx, dir); err != nil {
		return nil, errors.Join(fmt.Errorf("open the catalogue %s: %w", c.path, err), c.Close())
	}
	return c, nil
}

// Exists reports whether there is a catalogue in a folder.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, fileName))
	return err == nil
}

func (c *Catalogue) open(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(c.path, os.O_CREATE|os.O_RDWR, 0o600) // SQLite would let others read it
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return err
	}
	if c.write, err = database(c.path, "journal_mode(wal)", "synchronous(normal)", "cache_size(-32000)"); err != nil {
		return err
	}
	c.write.SetMaxOpenConns(1)
	if err := c.prepare(ctx); err != nil {
		return err
	}
	c.read, err = database(c.path, "query_only(1)")
	return err
}

// database gives connections to the file. Losing the latest change in a loss of
// power is no harm here - a product can be entered again - and so the log is
// synchronised with the file only (synchronous=NORMAL); it is never left torn.
func database(path string, pragmas ...string) (*sql.DB, error) {
	whole, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	query := url.Values{"mode": {"rw"}, "_dqs": {"0"}, "_txlock": {"immediate"},
		"_pragma": append([]string{"busy_timeout(10000)", "trusted_schema(0)"}, pragmas...)}
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(whole), RawQuery: query.Encode()}
	return sql.Open("sqlite", name.String())
}

// prepare brings the file to this program's schema and checks whose it is.
func (c *Catalogue) prepare(ctx context.Context) error {
	var id, tables int
	if err := c.write.QueryRowContext(ctx, "SELECT (SELECT application_id FROM pragma_application_id), (SELECT count(*) FROM sqlite_schema)").Scan(&id, &tables); err != nil {
		return fmt.Errorf("%w: %w", ErrNotCatalogue, err)
	}
	if id != applicationID && (id != 0 || tables > 0) {
		return ErrNotCatalogue
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, c.write, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return err
	}
	var code string
	err = c.write.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = 'currency'").Scan(&code)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		_, err = c.write.ExecContext(ctx, "INSERT INTO meta (name, value) VALUES ('currency', ?)", c.currency.Code)
	case err == nil && code != c.currency.Code:
		err = fmt.Errorf("%w: they are in %s, and this till sells in %s", ErrCurrency, code, c.currency.Code)
	}
	return err
}

// Close closes the file.
func (c *Catalogue) Close() error {
	var err error
	c.closing.Do(func() {
		c.words.close()
		for _, db := range []*sql.DB{c.read, c.write} {
			if db != nil {
				err = errors.Join(err, db.Close())
			}
		}
	})
	return err
}

// columns are those of products that make a product, in the order of scanned.
const columns = "p.sku, p.gtin, p.name, p.price, p.unit, p.tax, p.restricted, p.department, p.class"

// scanned makes a product of a row.
func (c *Catalogue) scanned(row interface{ Scan(...any) error }) (pos.Product, error) {
	var p pos.Product
	var price int64
	var tax, class string
	if err := row.Scan(&p.SKU, &p.GTIN, &p.Name, &price, &p.Unit, &tax, &p.Restricted, &p.Department, &class); err != nil {
		return pos.Product{}, err
	}
	rate, err := decimal.NewFromString(tax)
	if err != nil {
		return pos.Product{}, fmt.Errorf("the tax rate of %s: %w", p.SKU, err)
	}
	p.Price, p.TaxRate = pos.NewMoney(decimal.NewFromInt(price), c.currency), rate
	p.Classification, err = classification(class)
	return p, err
}

func (c *Catalogue) products(ctx context.Context, query string, args ...any) ([]pos.Product, error) {
	rows, err := c.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []pos.Product
	for rows.Next() {
		p, err := c.scanned(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// ByCode finds the product with exactly this barcode or SKU; see pos.Catalogue.
func (c *Catalogue) ByCode(ctx context.Context, code string) (pos.Product, bool, error) {
	for _, where := range []struct{ condition, code string }{{"p.scan = ? AND p.scan <> ''", scanOf(code)}, {"p.sku = ?", code}} {
		if where.code == "" {
			continue
		}
		p, err := c.scanned(c.read.QueryRowContext(ctx, "SELECT "+columns+" FROM products p WHERE "+where.condition, where.code))
		switch {
		case err == nil:
			return p, true, nil
		case !errors.Is(err, sql.ErrNoRows):
			return pos.Product{}, false, fmt.Errorf("look the product up: %w", err)
		}
	}
	return pos.Product{}, false, nil
}

// Count says how many products there are.
func (c *Catalogue) Count(ctx context.Context) (int, error) {
	var n int
	err := c.read.QueryRowContext(ctx, "SELECT count(*) FROM products").Scan(&n)
	return n, err
}

// Products lists products by their SKUs: at most limit, those after a SKU. An empty
// department stands for all of them.
func (c *Catalogue) Products(ctx context.Context, department, after string, limit int) ([]pos.Product, error) {
	query, args := "SELECT "+columns+" FROM products p WHERE p.sku > ?", []any{after}
	if department != "" {
		query, args = query+" AND p.department = ?", append(args, department)
	}
	list, err := c.products(ctx, query+" ORDER BY p.sku LIMIT ?", append(args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list the products: %w", err)
	}
	return list, nil
}

// Departments lists the departments that products are in, by name.
func (c *Catalogue) Departments(ctx context.Context) ([]string, error) {
	rows, err := c.read.QueryContext(ctx, "SELECT DISTINCT department FROM products WHERE department <> '' ORDER BY department COLLATE NOCASE")
	if err != nil {
		return nil, fmt.Errorf("list the departments: %w", err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("list the departments: %w", err)
		}
		list = append(list, name)
	}
	return list, rows.Err()
}
