package catalogue_test

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"centrapos/pos"
	"centrapos/pos/catalogue"
)

// listed are all products of a catalogue in short.
func listed(t *testing.T, c *catalogue.Catalogue) string {
	t.Helper()
	list, err := c.Products(t.Context(), "", "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, p := range list {
		line := fmt.Sprintf("%s|%s|%s|%s|%s%%|%s|%s", p.SKU, p.GTIN, p.Name, p.Price.Format(), p.TaxRate, p.Unit, p.Department)
		if p.Restricted {
			line += "|restricted"
		}
		if p.Classification != nil {
			line += "|" + p.Classification.Type + " " + p.Classification.Code + " " + p.Classification.Name
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func compare(t *testing.T, got string, want ...string) {
	t.Helper()
	if w := strings.Join(want, "\n"); got != w {
		t.Errorf("got\n%s\nwant\n%s", got, w)
	}
}

func TestImportsOfOtherTills(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text   string
		format catalogue.Format
		want   []string
		left   int
	}{
		"Shopify": {`Handle,Title,Body (HTML),Vendor,Type,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Taxable,Variant Barcode,Image Src,Status
tee,Blue tee,"<p>Soft, ""blue""</p>",Us,Clothes,Size,S,TEE-S,29.90,true,'9421900000012,http://x/1,active
tee,,,,,,M,TEE-M,31.90,true,,http://x/2,active
tee,,,,,,,,,,,http://x/3,
card,Gift card,,Us,Other,Title,Default Title,GC,50.00,false,,,active
old,Old mug,,Us,Other,Title,Default Title,MUG,9.00,true,,,archived
`, catalogue.FormatShopify, []string{
			"GC||Gift card|NZD 50.00|0%|each|Other", "TEE-M||Blue tee M|NZD 31.90|15%|each|",
			"TEE-S|9421900000012|Blue tee S|NZD 29.90|15%|each|Clothes"}, 2},
		"Shopify of today": {`Title,URL handle,Type,Status,SKU,Barcode,Option1 value,Price,Charge tax
Scone,scone,Bakery,Active,SC-1,,Cheese,6.00,TRUE
`, catalogue.FormatShopify, []string{"SC-1||Scone Cheese|NZD 6.00|15%|each|Bakery"}, 0},
		"Square": {`Token,Item Name,Variation Name,SKU,Description,Category,GTIN,Price,Archived,Tax - GST (15%)
ABC123,Flat white,Regular,,,Coffee,,5.50,N,Y
ABC124,Flat white,Large,FW-L,,Coffee,,$6.50,N,Y
ABC125,Milk,Regular,,,Grocery,9421900000012,2.00,N,N
ABC126,Tea,Regular,,,Grocery,,variable,N,Y
ABC127,Pie,Regular,,,Grocery,,5.00,Y,Y
`, catalogue.FormatSquare, []string{
			"ABC123||Flat white|NZD 5.50|15%|each|Coffee", "ABC125|9421900000012|Milk|NZD 2.00|0%|each|Grocery",
			"FW-L||Flat white Large|NZD 6.50|15%|each|Coffee"}, 1},
		"Lightspeed": {`id,handle,sku,name,product_category,variant_option_one_value,supply_price,retail_price,tax_name,active
1-a,shirt,10001,Shirt,Clothes,Red,10.00,25.50000,GST,1
1-b,shirt,9421900000012,Shirt,Clothes,Blue,10.00,25.50000,No Tax,1
1-c,hat,10003,Hat,Clothes,,10.00,15.00000,Default Tax,0
`, catalogue.FormatLightspeed, []string{"10001||Shirt Red|NZD 25.50|15%|each|Clothes", "9421900000012|9421900000012|Shirt Blue|NZD 25.50|0%|each|Clothes"}, 1},
		"a spreadsheet's": {"sep=;\nProduct Code;Description;Price (incl GST);GST;Sold By;Restricted;Category;GPC Brick\n" +
			"007;Lamb leg;\"$1,024.50\";15%;kg;no;Meat;10005767\n008;Beer;4.00;;each;yes;Drinks;\n", catalogue.FormatPlain,
			[]string{"007||Lamb leg|NZD 1,024.50|15%|kg|Meat|GS1 10005767 ", "008||Beer|NZD 4.00|15%|each|Drinks|restricted"}, 0},
		"no numbers at all": {"Item,Price\nFlat white,5.50\nCafé au lait,6\n", catalogue.FormatPlain,
			[]string{"cafe-au-lait||Café au lait|NZD 6.00|15%|each|", "flat-white||Flat white|NZD 5.50|15%|each|"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cat := opened(t)
			report, notes := take(t, cat, c.text, catalogue.ImportOptions{})
			if report.Format != c.format || report.Left != c.left {
				t.Errorf("%+v, notes %v; want format %s with %d left out", report, notes, c.format, c.left)
			}
			compare(t, listed(t, cat), c.want...)
		})
	}
}

func TestEveryBadRowIsTold(t *testing.T) {
	t.Parallel()
	c := opened(t)
	put(t, c, product(t, "OLD", "9421900000050", "Old bread", "4.00"))
	report, notes := take(t, c, `sku,gtin,name,price,tax,unit,restricted
1,9421900000012,Scone,6.00,15,each,
2,9421900000012,Bun,1.00,15,each,
1,,Scone again,6.50,15,each,
4,,,1.00,15,each,
5,,No price,,15,each,
6,,Below zero,-1.00,15,each,
7,,Free,0,15,each,
8,,Half a cent,1.005,15,each,
9,,Odd tax,1.00,much,each,
10,,Odd unit,1.00,15,dozen,
11,,Odd flag,1.00,15,each,perhaps
12,9.4219E+12,Spreadsheet,1.00,15,each,
13,,"Comma, in quotes",1.00,15,each,
14,,Comma, without,1.00,15,each,
15,9421900000050,Barcode of another,1.00,15,each,
16,9421900000018,Check digit,1.00,15,each,
17,,Fewer,1.00

18,,"Two
lines",1.00,15,each,
19,,Quote" inside,1.00,15,each,
20,,Last,1.00,15,each,
`, catalogue.ImportOptions{})
	var told []string
	for _, n := range notes {
		told = append(told, fmt.Sprintf("%d %s", n.Line, n.Kind))
	}
	compare(t, strings.Join(told, ", "), "5 bad, 6 bad, 7 bad, 8 bad, 9 bad, 10 bad, 11 bad, 12 bad, 13 bad, 15 bad, 17 remark, 18 bad, 22 bad, 3 bad, 4 bad, 16 bad")
	if report.Taken() != 5 || report.New != 5 || report.Bad != 15 {
		t.Errorf("%v; notes %v", report, notes)
	}
	compare(t, listed(t, c), "1|9421900000012|Scone|NZD 6.00|15%|each|", "13||Comma, in quotes|NZD 1.00|15%|each|", "16|9421900000018|Check digit|NZD 1.00|15%|each|",
		"18||Two lines|NZD 1.00|15%|each|", "20||Last|NZD 1.00|15%|each|", "OLD|9421900000050|Old bread|NZD 4.00|15%|each|")
}

func TestImportUpdatesReplacesAndTries(t *testing.T) {
	t.Parallel()
	c := opened(t)
	take(t, c, "sku,gtin,name,price\n1,9421900000012,Scone,6.00\n2,9421900000029,Bun,1.00\n3,,Pie,5.00\n", catalogue.ImportOptions{})
	before := listed(t, c)
	next := "sku,gtin,name,price\n1,9421900000029,Cheese scone,6.50\n2,9421900000012,Bun,1.00\n4,,Roll,2.00\n" // two barcodes have changed places

	report, _ := take(t, c, next, catalogue.ImportOptions{DryRun: true, Replace: true})
	if want := (catalogue.Report{Format: "plain", Encoding: "UTF-8", DryRun: true, Rows: 3, New: 1, Changed: 2, Removed: 1}); report != want {
		t.Errorf("a dry run: %+v, want %+v", report, want)
	}
	compare(t, listed(t, c), before)

	report, _ = take(t, c, next, catalogue.ImportOptions{})
	if report.New != 1 || report.Changed != 2 || report.Removed != 0 {
		t.Errorf("an update: %v", report)
	}
	compare(t, listed(t, c), "1|9421900000029|Cheese scone|NZD 6.50|15%|each|", "2|9421900000012|Bun|NZD 1.00|15%|each|", "3||Pie|NZD 5.00|15%|each|", "4||Roll|NZD 2.00|15%|each|")
	if names := found(t, c, "scone"); len(names) != 1 || names[0] != "Cheese scone" {
		t.Errorf("the index has %q", names)
	}

	if report, _ = take(t, c, next, catalogue.ImportOptions{Replace: true}); report.Removed != 1 || report.Same != 3 {
		t.Errorf("a replacement: %v", report)
	}
	if names := found(t, c, "pie"); len(names) != 0 {
		t.Errorf("the index still has %q", names)
	}
	if report, _ = take(t, c, next, catalogue.ImportOptions{Replace: true}); report.Same != 3 || report.Removed != 0 {
		t.Errorf("once more: %v", report)
	}
}

func TestImportAddsTaxAndMapsColumns(t *testing.T) {
	t.Parallel()
	c := opened(t)
	take(t, c, "What,Net,Class of goods\nScone,5.2174,Bakery\n", catalogue.ImportOptions{
		PricesExcludeTax: true, Columns: map[string]string{"What": "name", "net": "price", "Class of Goods": "department"}})
	compare(t, listed(t, c), "scone||Scone|NZD 6.00|15%|each|Bakery")
	for _, columns := range []map[string]string{{"Price": "price"}, {"What": "colour"}, nil} {
		if _, err := c.Import(t.Context(), strings.NewReader("What,Net\nScone,5\n"), catalogue.ImportOptions{Columns: columns}); !errors.Is(err, catalogue.ErrColumns) {
			t.Errorf("%v: %v", columns, err)
		}
	}
	if _, err := c.Import(t.Context(), strings.NewReader(""), catalogue.ImportOptions{}); !errors.Is(err, catalogue.ErrNoHeader) {
		t.Errorf("an empty file: %v", err)
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	const text = "sku,name,price\n1,Café “crème” – 5€,6.00\n2,Whānau pack,9.00\n"
	for name, encode := range map[string]func(string) (string, error){
		"UTF-8":                func(s string) (string, error) { return s, nil },
		"UTF-8 with a mark":    func(s string) (string, error) { return "\ufeff" + s, nil },
		"UTF-16":               unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String,
		"UTF-16 the other way": unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String,
		"Windows-1252": func(s string) (string, error) {
			return charmap.Windows1252.NewEncoder().String(strings.ReplaceAll(s, "ā", "a"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			encoded, err := encode(text)
			if err != nil {
				t.Fatal(err)
			}
			c := opened(t)
			report, notes := take(t, c, encoded, catalogue.ImportOptions{})
			if !strings.HasPrefix(name, report.Encoding) || len(notes) > 0 {
				t.Errorf("%+v, %v", report, notes)
			}
			if names := found(t, c, "cafe creme"); len(names) != 1 || names[0] != "Café “crème” – 5€" {
				t.Errorf("got %q", names)
			}
		})
	}
}

// What a shop has is neither lost nor invented between an export and an import,
// whatever stands in it; rows that cannot be are all told.
func TestNoRowIsLostOrInvented(t *testing.T) {
	t.Parallel()
	texts := rapid.OneOf(rapid.StringMatching(`[ -~]{1,30}`), rapid.StringMatching(`[a-zāēīōūé£€“” ,;"\n\t]{1,20}`), rapid.Just("0042"), rapid.Just(`"`), rapid.Just("a\r\nb"))
	prices := rapid.SampledFrom([]string{"1.00", "0.05", "$1,234.50", "12", "999999.99", "", "-3.00", "0", "1.234", "abc", "9999999999"})
	base, tries := t.TempDir(), 0
	rapid.Check(t, func(r *rapid.T) {
		var file bytes.Buffer
		file.WriteString("sku,gtin,name,price,department\n")
		rows := rapid.IntRange(1, 40).Draw(r, "rows")
		for i := range rows {
			quote := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
			fmt.Fprintf(&file, "%s,%s,%s,%s,%s\n", quote(fmt.Sprintf("%03d", i)), quote(rapid.SampledFrom([]string{"", "", "0123", "x y"}).Draw(r, "gtin")),
				quote(texts.Draw(r, "name")), quote(prices.Draw(r, "price")), quote(texts.Draw(r, "department")))
		}
		tries++
		dir := filepath.Join(base, strconv.Itoa(tries))
		first, report := imports(r, t, filepath.Join(dir, "1"), file.Bytes())
		if report.Rows != rows || report.Taken()+report.Bad != rows {
			r.Fatalf("%d rows, and %v", rows, report)
		}
		second, again := imports(r, t, filepath.Join(dir, "2"), first)
		if again.Bad+again.Left > 0 || again.New != report.New || !bytes.Equal(first, second) {
			r.Fatalf("%v of what was exported after %v:\n%s\n---\n%s", again, report, first, second)
		}
	})
}

// imports takes a file into a new catalogue and exports that.
func imports(r *rapid.T, t *testing.T, dir string, file []byte) ([]byte, catalogue.Report) {
	currency, err := pos.CurrencyOf("NZD")
	if err != nil {
		r.Fatal(err)
	}
	c, err := catalogue.Open(t.Context(), dir, currency)
	if err != nil {
		r.Fatal(err)
	}
	defer c.Close() //nolint:errcheck // nothing is kept of it
	report, err := c.Import(t.Context(), bytes.NewReader(file), catalogue.ImportOptions{})
	if err != nil {
		r.Fatal(err)
	}
	var out bytes.Buffer
	if n, err := c.Export(t.Context(), &out); err != nil || n != report.Taken() {
		r.Fatalf("%d exported, %v; %v", n, err, report)
	}
	return out.Bytes(), report
}
