package pos

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// EmbeddedForm is how a shop's scales print a price or a weight into an EAN-13: GS1
// leaves the prefixes 02 and 20 to 29 to each country and shop. The digits are the
// prefix, the item, a check digit of the value where there is one, the value, and the
// barcode's own check digit; there are 13 in all.
type EmbeddedForm struct {
	// Prefix is how codes of this form begin: 02, 2, or 20 to 29.
	Prefix string
	// ItemDigits is how long the item's number is.
	ItemDigits int
	// ValueCheck: a check digit stands ahead of the value, which then has 4 or 5 digits.
	ValueCheck bool
	// Weight: the value is a weight, else it is the price for the lot.
	Weight bool
	// Decimals is how many of the value's digits stand behind the point: 3 for grams.
	// It is used for weights only; prices are in the currency's smallest unit.
	Decimals int32
}

// DefaultEmbeddedForms are what most scales print unless they are told otherwise: two
// digits, five of the item, five of the price.
func DefaultEmbeddedForms() []EmbeddedForm {
	return []EmbeddedForm{{Prefix: "02", ItemDigits: 5}, {Prefix: "2", ItemDigits: 6}}
}

// Embedded is what a barcode with a price or a weight in it says.
type Embedded struct {
	// Item is the item's number, with its leading zeros; products are found by it.
	Item string
	// Lookup is the barcode with zeros for the value, and the check digit of that: the
	// other way in which shops list such products.
	Lookup string
	// Price is the price for the lot, tax included; the zero Money when the barcode
	// has a weight.
	Price Money
	// Weight is in kg; zero when the barcode has a price.
	Weight decimal.Decimal
}

// ParseEmbedded splits a barcode that has a price or a weight in it, by the form that
// has the longest prefix it begins with. It reports false for one that begins like
// none, and an InputError with code INVALID_BARCODE when a check digit is wrong or
// there is nothing in it. A UPC-A of 12 digits is the EAN-13 with a zero ahead.
func ParseEmbedded(code string, forms []EmbeddedForm, currency Currency) (Embedded, bool, error) {
	code = EAN13(strings.TrimSpace(code))
	f, found := formOf(code, forms)
	if !found {
		return Embedded{}, false, nil
	}
	if !ValidGTIN(code) {
		return Embedded{}, true, invalidBarcode(code, "its check digit is wrong")
	}
	item := len(f.Prefix)
	value := item + f.ItemDigits
	e := Embedded{Item: code[item:value]}
	if f.ValueCheck {
		value++
	}
	digits := code[value : len(code)-1]
	if f.ValueCheck && code[value-1] != valueCheckDigit(digits) {
		return Embedded{}, true, invalidBarcode(code, "the check digit of the price in it is wrong")
	}
	blank := code[:item+f.ItemDigits] + strings.Repeat("0", len(code)-1-item-f.ItemDigits)
	check, _ := GTINCheckDigit(blank)
	e.Lookup = blank + string(check)
	amount, err := decimal.NewFromString(digits)
	switch {
	case err != nil || amount.Sign() == 0:
		return Embedded{}, true, invalidBarcode(code, "there is no price or weight in it")
	case f.Weight:
		e.Weight = amount.Shift(-f.Decimals)
	default:
		e.Price = NewMoney(amount, currency)
	}
	return e, true, nil
}

// formOf finds the form with the longest prefix that a code begins with. A form that
// does not come to 13 digits is none.
func formOf(code string, forms []EmbeddedForm) (EmbeddedForm, bool) {
	var best EmbeddedForm
	if len(code) != 13 || !isDigits(code) {
		return best, false
	}
	for _, f := range forms {
		if f.Prefix != "" && strings.HasPrefix(code, f.Prefix) && f.fits() && len(f.Prefix) > len(best.Prefix) {
			best = f
		}
	}
	return best, best.Prefix != ""
}

// fits reports whether the form leaves digits for a value, of which the specifications
// have a check digit where it wants one.
func (f EmbeddedForm) fits() bool {
	value := 12 - len(f.Prefix) - f.ItemDigits
	if f.ValueCheck {
		value--
		return f.ItemDigits > 0 && (value == 4 || value == 5)
	}
	return f.ItemDigits > 0 && value > 0
}

// Weighted products of the digits 0 to 9 (GS1 General Specifications, section 7.9.2).
const (
	times2Minus = "0246891357"
	times3      = "0369258147"
	times5Plus  = "0516273849"
	times5Minus = "0594837261"
)

// valueCheckDigit is the check digit of a price or weight of four or five digits in a
// barcode (GS1 General Specifications, sections 7.9.3 and 7.9.4).
func valueCheckDigit(value string) byte {
	weights := []string{times2Minus, times2Minus, times3, times5Minus}
	if len(value) == 5 {
		weights = []string{times5Plus, times2Minus, times5Minus, times5Plus, times2Minus}
	}
	sum := 0
	for i, w := range weights {
		sum += int(w[value[i]-'0'] - '0')
	}
	if len(value) == 4 {
		return '0' + byte(sum*3%10)
	}
	wanted := '0' + byte((10-sum%10)%10)
	return '0' + byte(strings.IndexByte(times5Minus, wanted))
}

func invalidBarcode(code, problem string) error {
	return &InputError{Code: CodeInvalidBarcode, Problem: fmt.Sprintf("the barcode %.30s was not read: %s", code, problem),
		Remedy: "scan it again, or type the item and its price"}
}
