package catalogue

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"centrapos/pos"
)

// row is a product on its way into the file.
type row struct {
	line                                                        int
	sku, gtin, scan, name, folded, unit, tax, department, class string
	price                                                       int64
	restricted                                                  bool
}

// values are the columns of a row, in the order of the statements.
func (r row) values() []any {
	return []any{r.sku, r.gtin, r.scan, r.name, r.folded, r.price, r.unit, r.tax, r.restricted, r.department, r.class}
}

func rowOf(p pos.Product) row {
	return row{sku: p.SKU, gtin: p.GTIN, scan: scanOf(p.GTIN), name: p.Name, folded: fold(p.Name), price: p.Price.Minor().IntPart(),
		unit: string(p.Unit), tax: p.TaxRate.String(), restricted: p.Restricted, department: p.Department, class: classText(p.Classification)}
}

const (
	longestCode = 64  // characters of a SKU or a barcode
	longestName = 200 // of a name
)

var hundred = decimal.NewFromInt(100)

// checked is a product as it is kept. The error says what no product can have.
func checked(p pos.Product, currency pos.Currency) (pos.Product, error) {
	p.SKU, p.GTIN, p.Name, p.Department = oneLine(p.SKU), oneLine(p.GTIN), oneLine(p.Name), oneLine(p.Department)
	if p.Unit == "" {
		p.Unit = pos.UnitEach
	}
	bad := func(problem, remedy string) (pos.Product, error) {
		return p, &pos.InputError{Code: pos.CodeInvalidLineItem, Problem: problem, Remedy: remedy}
	}
	switch {
	case p.Name == "":
		return bad("the product has no name", "give it one")
	case len([]rune(p.Name)) > longestName:
		return bad(fmt.Sprintf("the name is longer than %d characters", longestName), "shorten it")
	case p.SKU == "":
		return bad("the product has no number of its own (SKU)", "give it one")
	case len(p.SKU) > longestCode || len(p.GTIN) > longestCode:
		return bad(fmt.Sprintf("its number or its barcode is longer than %d characters", longestCode), "shorten it")
	case p.Price.Currency() != currency:
		return bad("its price is in another currency than the catalogue", "give it in "+currency.Code)
	case p.Unit != pos.UnitEach && p.Unit != pos.UnitKg:
		return bad(fmt.Sprintf("it is sold by %q, which is neither each nor kg", p.Unit), "write each or kg")
	case p.TaxRate.Sign() < 0 || p.TaxRate.GreaterThan(hundred):
		return bad("its tax rate is "+p.TaxRate.String()+" per cent", "give it from 0 to 100, such as 15")
	}
	return p, p.Price.CheckPayable()
}

// reading is how the rows of one file become products.
type reading struct {
	layout
	options  ImportOptions
	currency pos.Currency

	group, groupName string // the product that later rows without a name belong to
}

// left says why a row is no product of its own, though nothing is wrong with it.
type left string

func (l left) Error() string { return string(l) }

// product makes a product of a row. The error is a left for a row that is none, or
// says what is wrong. A remark is about one that was made though something is odd.
func (r *reading) product(fields []string) (p pos.Product, remark string, err error) {
	if err := r.rightWidth(fields); err != nil {
		return p, "", err
	}
	name, err := r.name(fields)
	if err != nil {
		return p, "", err
	}
	p = pos.Product{Name: name, SKU: r.get(fields, fieldSKU), GTIN: unquoted(r.get(fields, fieldGTIN)), Department: r.get(fields, fieldDepartment)}
	if p.SKU == "" {
		p.SKU = r.key(fields, p)
	}
	if r.format == FormatLightspeed && p.GTIN == "" && pos.ValidGTIN(p.SKU) {
		p.GTIN = p.SKU // it has the barcode for a number of its own
	}
	if p.TaxRate, err = r.rate(fields); err != nil {
		return p, "", err
	}
	if p.Price, err = r.price(r.get(fields, fieldPrice), p.TaxRate); err != nil {
		return p, "", err
	}
	if p.Unit, err = r.unit(fields); err != nil {
		return p, "", err
	}
	if p.Restricted, err = yes(r.get(fields, fieldRestricted), false); err != nil {
		return p, "", fmt.Errorf("restricted is %w", err)
	}
	if code := r.get(fields, fieldClassCode); code != "" {
		standard := r.get(fields, fieldClass)
		if standard == "" {
			standard = "GS1"
		}
		p.Classification = &pos.Classification{Type: standard, Code: code, Name: r.get(fields, fieldClassName)}
	}
	if p, err = checked(p, r.currency); err != nil {
		return p, "", err
	}
	remark, err = barcode(p.GTIN)
	return p, remark, err
}

// rightWidth: a row with more or fewer columns than the header has lost a quote or
// a comma, and its values stand under the wrong names.
func (r *reading) rightWidth(fields []string) error {
	for i := r.width; i < len(fields); i++ {
		if strings.TrimSpace(fields[i]) != "" {
			return fmt.Errorf("it has %d columns, and the header %d; a comma in a text needs quotes around it", len(fields), r.width)
		}
	}
	if len(fields) < r.width && (len(fields) > 1 || strings.TrimSpace(fields[0]) != "") {
		return fmt.Errorf("it has %d columns, and the header %d", len(fields), r.width)
	}
	if strings.TrimSpace(strings.Join(fields, "")) == "" {
		return left("an empty line")
	}
	return nil
}

// name is what a product is called, with its variant. Rows without a name go on
// with the product of the row before, where the format has that.
func (r *reading) name(fields []string) (string, error) {
	name, group := r.get(fields, fieldName), r.get(fields, fieldGroup)
	switch {
	case name != "":
		r.group, r.groupName = group, name
	case group != "" && group == r.group:
		name = r.groupName
		if r.get(fields, fieldPrice) == "" && r.get(fields, fieldSKU) == "" {
			return "", left("a further picture or remark of " + name)
		}
	}
	if off := r.notSold(fields); off != "" {
		return "", left(off)
	}
	var variants []string
	for _, i := range r.columns[fieldVariant] {
		text := ""
		if i < len(fields) {
			text = strings.TrimSpace(fields[i])
		}
		if text != "" && !strings.EqualFold(text, "Default Title") && !strings.EqualFold(text, "Regular") {
			variants = append(variants, text)
		}
	}
	if name != "" && len(variants) > 0 {
		name += " " + strings.Join(variants, " / ")
	}
	return name, nil
}

// notSold says why a product is not for sale any more; empty when it is.
func (r *reading) notSold(fields []string) string {
	state := strings.ToLower(r.get(fields, fieldActive))
	switch {
	case r.format == FormatShopify && (state == "archived" || state == "draft"):
		return "not for sale: " + state + " in Shopify"
	case r.format == FormatSquare && (state == "y" || state == "yes" || state == "true"):
		return "not for sale: archived in Square"
	case r.format == FormatLightspeed && (state == "0" || state == "false" || state == "no"):
		return "not for sale: not active in Lightspeed"
	}
	return ""
}

// key stands for a SKU that a product has not got: what the other system calls it,
// else its barcode, else its name. It is the same in the next file, so that the
// product is the same then too.
func (r *reading) key(fields []string, p pos.Product) string {
	if key := r.get(fields, fieldKey); key != "" {
		return key
	}
	if p.GTIN != "" {
		return p.GTIN
	}
	slug := strings.Join(wordsOf(fold(p.Name)), "-")
	return slug[:min(longestCode, len(slug))]
}

// unquoted takes away what spreadsheets and Shopify put ahead of a number so that
// it keeps its zeros.
func unquoted(code string) string {
	if inner, ok := strings.CutPrefix(code, `="`); ok {
		return strings.TrimSuffix(inner, `"`)
	}
	return strings.TrimPrefix(code, "'")
}

var (
	scientific = regexp.MustCompile(`^\d(\.\d+)?[eE]\+?\d+$`)
	grouped    = regexp.MustCompile(`^\d{1,3}(,\d{3})+(\.\d+)?$`)
	currencies = regexp.MustCompile(`^([A-Z]{2,3})?\s*[$€£]?\s*`)
	percent    = regexp.MustCompile(`(\d+(?:\.\d+)?)\s*%?$`)
)

var errSpreadsheet = errors.New("a spreadsheet has shortened the barcode: its last digits are lost. Export it again, or make the column a text there")

// barcode checks a barcode and says what is odd with it. What is in the shop's own
// numbering is as good as any.
func barcode(code string) (remark string, err error) {
	switch {
	case code == "" || pos.ValidGTIN(code):
		return "", nil
	case scientific.MatchString(code):
		return "", errSpreadsheet
	case digitsOnly(code) && (len(code) == 8 || len(code) == 12 || len(code) == 13 || len(code) == 14):
		return "the check digit of the barcode " + code + " is wrong: a scan of the product may not find it", nil
	case digitsOnly(code) && (len(code) == 11 || len(code) == 7) && pos.ValidGTIN("0"+code):
		return "the barcode " + code + " seems to have lost a zero at its beginning: a scan of the product may not find it", nil
	}
	return "", nil
}

// price reads a price and adds the tax where the file has prices without.
func (r *reading) price(text string, rate decimal.Decimal) (pos.Money, error) {
	if text == "" || strings.EqualFold(text, "variable") {
		return pos.Money{}, errors.New("it has no price; what is sold at any price is typed as an amount at the till")
	}
	plain := currencies.ReplaceAllString(text, "")
	if grouped.MatchString(plain) {
		plain = strings.ReplaceAll(plain, ",", "")
	}
	if whole, zeros, ok := strings.Cut(plain, "."); ok && len(zeros) > int(r.currency.Decimals) {
		plain = whole + "." + strings.TrimRight(zeros, "0") // Lightspeed writes 5.50000
	}
	if r.options.PricesExcludeTax {
		return r.withTax(plain, rate)
	}
	price, err := pos.ParsePayable(plain, r.currency)
	if err != nil {
		return price, fmt.Errorf("its price: %w", err)
	}
	return price, nil
}

var beforeTax = regexp.MustCompile(`^\d{1,9}(\.\d{1,6})?$`)

// withTax: prices without tax have more decimals than the currency, as they are a
// round price less its tax.
func (r *reading) withTax(text string, rate decimal.Decimal) (pos.Money, error) {
	if !beforeTax.MatchString(text) {
		return pos.Money{}, fmt.Errorf("its price: %q is not an amount", text)
	}
	net, err := decimal.NewFromString(text)
	if err != nil {
		return pos.Money{}, fmt.Errorf("its price: %q is not an amount", text)
	}
	return pos.NewMoney(net.Mul(hundred.Add(rate)).Shift(r.currency.Decimals-2).Round(0), r.currency), nil
}

// rate is the tax rate of a row in per cent.
func (r *reading) rate(fields []string) (decimal.Decimal, error) {
	if len(r.taxes) > 0 {
		for i, rate := range r.taxes {
			if i < len(fields) && strings.EqualFold(strings.TrimSpace(fields[i]), "y") {
				return decimal.NewFromString(rate)
			}
		}
		return decimal.Zero, nil
	}
	if text := r.get(fields, fieldTax); text != "" {
		return r.taxOf(text)
	}
	taxable, err := yes(r.get(fields, fieldTaxable), true)
	if err != nil {
		return decimal.Zero, fmt.Errorf("taxable is %w", err)
	}
	if !taxable {
		return decimal.Zero, nil
	}
	return r.options.taxRate(), nil
}

// taxOf reads a rate, or the name of a tax.
func (r *reading) taxOf(text string) (decimal.Decimal, error) {
	lower := strings.ToLower(text)
	switch lower {
	case "no tax", "no gst", "none", "zero", "zero rated", "zero-rated", "exempt", "gst exempt", "gst free", "gst-free", "no", "n", "false":
		return decimal.Zero, nil
	case "gst", "default tax", "default", "standard", "standard rate", "yes", "y", "true":
		return r.options.taxRate(), nil
	}
	if !strings.HasPrefix(lower, "-") {
		if rate := percent.FindStringSubmatch(lower); rate != nil {
			return decimal.NewFromString(rate[1])
		}
	}
	return decimal.Zero, fmt.Errorf("its tax %q is neither a rate in per cent nor the name of one", text)
}

func (r *reading) unit(fields []string) (pos.Unit, error) {
	switch text := strings.ToLower(r.get(fields, fieldUnit)); {
	case text == "", text == "each", text == "ea", text == "per item", text == "item", text == "unit":
		return pos.UnitEach, nil
	case text == "kg", text == "kilogram", text == "per kg", strings.HasPrefix(text, "kilogram"):
		return pos.UnitKg, nil
	default:
		return "", fmt.Errorf("it is sold by %q, which is neither each nor kg", text)
	}
}

// yes reads a yes or a no.
func yes(text string, unsaid bool) (bool, error) {
	switch strings.ToLower(text) {
	case "":
		return unsaid, nil
	case "yes", "y", "true", "1":
		return true, nil
	case "no", "n", "false", "0":
		return false, nil
	}
	return false, fmt.Errorf("%q, which is neither yes nor no", text)
}
