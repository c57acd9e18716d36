package catalogue

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Format is where a product list comes from, as its header tells.
type Format string

// The formats that are recognised. What is none of the others is FormatPlain, with
// any names of columns that say what is in them.
const (
	FormatOwn        Format = "Centrapos"
	FormatShopify    Format = "Shopify"
	FormatSquare     Format = "Square"
	FormatLightspeed Format = "Lightspeed Retail (Vend)"
	FormatPlain      Format = "plain"
)

// field is something that a column may hold.
type field string

const (
	fieldSKU        field = "sku"
	fieldGTIN       field = "gtin"
	fieldName       field = "name"
	fieldVariant    field = "variant" // several; goes behind the name
	fieldPrice      field = "price"
	fieldTax        field = "tax"     // a rate, or the name of one
	fieldTaxable    field = "taxable" // yes or no
	fieldUnit       field = "unit"
	fieldRestricted field = "restricted"
	fieldDepartment field = "department"
	fieldClass      field = "classification"
	fieldClassCode  field = "classification-code"
	fieldClassName  field = "classification-name"
	fieldKey        field = "key"    // stands for the SKU where there is none
	fieldGroup      field = "group"  // rows of one product with variants
	fieldActive     field = "active" // whether it is sold at all
)

// Fields lists the names under which a column can be mapped by hand.
func Fields() []string {
	return []string{"sku", "gtin", "name", "variant", "price", "tax", "taxable", "unit", "restricted", "department",
		"classification", "classification-code", "classification-name", "key", "group", "active"}
}

// ownHeader is the header of an export.
var ownHeader = []string{"sku", "gtin", "name", "price", "tax", "unit", "restricted", "department",
	"classification", "classification-code", "classification-name"}

// names are the columns of each format, in small letters. Where a format has two
// columns for one field, the one that is named first counts.
var names = map[Format]map[field][]string{
	FormatShopify: {
		fieldGroup: {"handle", "url handle"}, fieldName: {"title"},
		fieldVariant: {"option1 value", "option2 value", "option3 value"},
		fieldSKU:     {"variant sku", "sku"}, fieldGTIN: {"variant barcode", "barcode"},
		fieldPrice: {"variant price", "price"}, fieldTaxable: {"variant taxable", "charge tax"},
		fieldDepartment: {"type", "product type", "product category"}, fieldActive: {"status"},
	},
	FormatSquare: {
		fieldKey: {"token"}, fieldName: {"item name"}, fieldVariant: {"variation name"}, fieldSKU: {"sku"}, fieldGTIN: {"gtin"},
		fieldPrice: {"price"}, fieldDepartment: {"reporting category", "category", "categories"}, fieldUnit: {"unit and precision"},
		fieldActive: {"archived"},
	},
	FormatLightspeed: {
		fieldKey: {"id"}, fieldGroup: {"handle"}, fieldName: {"name"}, fieldSKU: {"sku"}, fieldGTIN: {"barcode", "supplier_barcode"},
		fieldVariant: {"variant_option_one_value", "variant_option_two_value", "variant_option_three_value"},
		fieldPrice:   {"retail_price"}, fieldTax: {"tax_name", "tax_value"}, fieldDepartment: {"product_category", "type", "product_type"},
		fieldActive: {"active"},
	},
	FormatPlain: {
		fieldSKU:   {"sku", "product code", "item code", "stock code", "code", "plu", "item number", "product number"},
		fieldGTIN:  {"gtin", "barcode", "bar code", "ean", "ean13", "ean-13", "upc", "scancode"},
		fieldName:  {"name", "product name", "item name", "product", "item", "title", "description"},
		fieldPrice: {"price", "retail price", "sell price", "selling price", "unit price", "price incl gst", "price (incl gst)", "price inc gst", "rrp"},
		fieldTax:   {"tax", "tax rate", "gst", "gst rate", "gst %", "tax %", "vat"}, fieldTaxable: {"taxable"},
		fieldUnit: {"unit", "sold by", "uom"}, fieldRestricted: {"restricted"},
		fieldDepartment: {"department", "category", "group", "type", "product type"},
		fieldClass:      {"classification"}, fieldClassCode: {"classification-code", "gpc", "gpc brick", "brick code"},
		fieldClassName: {"classification-name", "gpc name", "brick title"},
	},
}

// squareTax is a column of Square's for one tax: "Tax - GST (15%)".
var squareTax = regexp.MustCompile(`(?i)^tax - .*\((\d+(?:\.\d+)?)%\)$`)

// layout says in which columns a file's fields stand.
type layout struct {
	format  Format
	columns map[field][]int
	taxes   map[int]string // columns of Square's taxes, and their rates
	width   int
}

// layoutOf reads a header. Columns that were mapped by hand beat what they are
// called. The error says which columns are missing.
func layoutOf(header []string, mapped map[string]string) (layout, error) {
	lower := make([]string, len(header))
	for i, name := range header {
		lower[i] = strings.ToLower(strings.Join(strings.Fields(name), " "))
	}
	l := layout{format: formatOf(lower), columns: map[field][]int{}, taxes: map[int]string{}, width: len(header)}
	known := names[FormatPlain]
	if own, ok := names[l.format]; ok {
		known = own
	}
	for f, called := range known {
		for _, name := range called {
			if i := slices.Index(lower, name); i >= 0 {
				l.columns[f] = append(l.columns[f], i)
			}
		}
	}
	for i, name := range lower {
		if rate := squareTax.FindStringSubmatch(name); rate != nil && l.format == FormatSquare {
			l.taxes[i] = rate[1]
		}
	}
	for column, to := range mapped {
		i := slices.Index(lower, strings.ToLower(strings.Join(strings.Fields(column), " ")))
		switch {
		case i < 0:
			return l, fmt.Errorf("%w: there is no column %q to map; there are %s", ErrColumns, column, strings.Join(header, ", "))
		case !slices.Contains(Fields(), to):
			return l, fmt.Errorf("%w: a column cannot be mapped to %q; fields are %s", ErrColumns, to, strings.Join(Fields(), ", "))
		}
		l.columns[field(to)] = []int{i}
	}
	return l, l.check(header)
}

func formatOf(lower []string) Format {
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(lower, name) })
	}
	switch {
	case slices.Equal(lower, ownHeader):
		return FormatOwn
	case has("token", "item name"):
		return FormatSquare
	case has("handle", "sku", "name", "retail_price"):
		return FormatLightspeed
	case (has("handle") || has("url handle")) && has("title"):
		return FormatShopify
	}
	return FormatPlain
}

func (l layout) check(header []string) error {
	var missing []string
	for _, f := range []field{fieldName, fieldPrice} {
		if len(l.columns[f]) == 0 {
			missing = append(missing, string(f))
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w: no column is the %s; the columns are %s", ErrColumns, strings.Join(missing, " or the "), strings.Join(header, ", "))
	}
	return nil
}

// get is the first of a field's columns that is not empty.
func (l layout) get(row []string, f field) string {
	for _, i := range l.columns[f] {
		if i < len(row) {
			if text := strings.TrimSpace(row[i]); text != "" {
				return text
			}
		}
	}
	return ""
}
