package assets_test

import (
	"encoding/csv"
	"io"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/shopspring/decimal"

	"centrapos/assets"
)

func TestFilesAreCleanText(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"wordmark.txt", "guide.md", "demo/catalogue.csv", "patron/pay.html", "patron/connect.html", "patron/control.html", "patron/login.html", "patron/head.html", "patron/style.css", "patron/live.js",
	} {
		text, err := fs.ReadFile(assets.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(text) {
			t.Errorf("%s is not UTF-8", name)
		}
		if strings.ContainsAny(string(text), "\r\t\x1b\ufeff") {
			t.Errorf("%s holds a tab, carriage return, escape or byte order mark", name)
		}
		if !strings.HasSuffix(string(text), "\n") {
			t.Errorf("%s does not end with a line end", name)
		}
	}
}

func TestWordmarkFitsTheSmallestScreen(t *testing.T) {
	t.Parallel()
	lines := strings.Split(assets.Wordmark(), "\n")
	if len(lines) != 4 {
		t.Errorf("%d lines, want 4", len(lines))
	}
	for i, line := range lines {
		if w := ansi.StringWidth(line); w == 0 || w > 45 {
			t.Errorf("line %d is %d columns wide, want 1 to 45", i+1, w)
		}
		if strings.Trim(line, " ▀▄█") != "" {
			t.Errorf("line %d has more than half blocks: %q", i+1, line)
		}
	}
}

func TestGuide(t *testing.T) {
	t.Parallel()
	guide := assets.Guide()
	if lines := strings.Count(guide, "\n"); lines > 80 {
		t.Errorf("the guide is %d lines; one page is at most 80", lines)
	}
	for _, word := range []string{
		"/pay", "PAID", "Not known yet", "do not charge again", "Expired", "Voided", "Reconnecting", "TRAINING - no real money",
	} {
		if !strings.Contains(guide, word) {
			t.Errorf("the guide does not say %q", word)
		}
	}
	if key := regexp.MustCompile(`\bF\d{1,2}\b|\b(Ctrl|Alt)[-+]`).FindString(guide); key != "" {
		t.Errorf("the guide names the key %s, which a keymap may change", key)
	}
}

// product is a row of the catalogue by column name.
type product map[string]string

func catalogue(t *testing.T) []product {
	t.Helper()
	rows, err := csv.NewReader(assets.DemoCatalogue()).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	const heading = "sku,gtin,name,price,tax,unit,restricted,department"
	if got := strings.Join(rows[0], ","); got != heading {
		t.Fatalf("columns %s, want %s", got, heading)
	}
	var products []product
	for _, row := range rows[1:] {
		p := product{}
		for i, column := range rows[0] {
			p[column] = row[i]
		}
		products = append(products, p)
	}
	return products
}

func TestDemoCatalogueRowsAreWellFormed(t *testing.T) {
	t.Parallel()
	products := catalogue(t)
	if len(products) < 50 {
		t.Errorf("%d products, want a café's worth", len(products))
	}
	shape := map[string]*regexp.Regexp{
		"sku":        regexp.MustCompile(`^[A-Z][A-Z0-9]{2,15}$`),
		"gtin":       regexp.MustCompile(`^\d{13}$`),
		"name":       regexp.MustCompile(`^\S.{1,30}\S$`),
		"price":      regexp.MustCompile(`^\d{1,3}\.\d\d$`),
		"tax":        regexp.MustCompile(`^(0|15)$`),
		"unit":       regexp.MustCompile(`^(each|kg)$`),
		"restricted": regexp.MustCompile(`^(true|false)$`),
		"department": regexp.MustCompile(`^[A-Z][a-z ]+$`),
	}
	seen := map[string]bool{}
	for _, p := range products {
		for column, want := range shape {
			if !want.MatchString(p[column]) {
				t.Errorf("%s: %s is %q, want %s", p["sku"], column, p[column], want)
			}
		}
		for _, unique := range []string{p["sku"], p["gtin"], p["name"]} {
			if seen[unique] {
				t.Errorf("%q stands twice", unique)
			}
			seen[unique] = true
		}
		if price, err := decimal.NewFromString(p["price"]); err != nil || !price.IsPositive() {
			t.Errorf("%s: price %q is no amount above zero", p["sku"], p["price"])
		}
	}
}

func TestDemoCatalogueGTINs(t *testing.T) {
	t.Parallel()
	shownInTheDesign := map[string]bool{"9421900000017": true, "9421900000024": true}
	for _, p := range catalogue(t) {
		gtin := p["gtin"]
		if valid := gtin[12:] == checkDigit(gtin[:12]); valid == shownInTheDesign[gtin] {
			t.Errorf("%s: gtin %s has a valid check digit: %v", p["sku"], gtin, valid)
		}
		if label := strings.HasPrefix(gtin, "21") && strings.HasSuffix(gtin[:12], "00000"); label != (p["unit"] == "kg") {
			t.Errorf("%s is sold by %s, with gtin %s", p["sku"], p["unit"], gtin)
		}
	}
}

// checkDigit is the last digit of an EAN-13 whose first twelve are given (GS1
// General Specifications, 7.9).
func checkDigit(twelve string) string {
	sum := 0
	for i, digit := range twelve {
		weight := 1 + 2*(i%2)
		sum += weight * int(digit-'0')
	}
	return string(rune('0' + (10-sum%10)%10))
}

func TestDemoCatalogueHasWhatTheDesignShows(t *testing.T) {
	t.Parallel()
	want := map[string]product{
		"Flat white":           {"price": "5.50", "restricted": "false", "unit": "each"},
		"Cheese scone":         {"price": "6.00", "gtin": "9421900000017"},
		"Date scone":           {"price": "5.50", "gtin": "9421900000024"},
		"Coffee grounds 250 g": {"price": "18.00", "restricted": "true"},
		"Lamb leg":             {"unit": "kg"},
	}
	for _, p := range catalogue(t) {
		for column, value := range want[p["name"]] {
			if p[column] != value {
				t.Errorf("%s: %s is %q, want %q", p["name"], column, p[column], value)
			}
		}
		delete(want, p["name"])
	}
	for name := range want {
		t.Errorf("no %s in the catalogue", name)
	}
}

func TestDemoCatalogueReadsAfresh(t *testing.T) {
	t.Parallel()
	first, err := io.ReadAll(assets.DemoCatalogue())
	if err != nil {
		t.Fatal(err)
	}
	again, err := io.ReadAll(assets.DemoCatalogue())
	if err != nil || string(first) != string(again) {
		t.Errorf("a second reader gives %d bytes and %v, the first gave %d", len(again), err, len(first))
	}
}
