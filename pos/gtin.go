package pos

import (
	"slices"
	"strings"
)

// isDigits reports whether a text is decimal digits and nothing else.
func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// GTINCheckDigit gives the check digit that belongs behind the digits of a GTIN (GS1
// General Specifications, section 7.9.1): weights 3 and 1 in turn, from the right.
// Anything but digits gives 0, false.
func GTINCheckDigit(body string) (digit byte, ok bool) {
	if !isDigits(body) {
		return '0', false
	}
	sum := 0
	for i := range len(body) {
		d := int(body[len(body)-1-i] - '0')
		if i%2 == 0 {
			d *= 3
		}
		sum += d
	}
	return '0' + byte((10-sum%10)%10), true
}

// ValidGTIN reports whether a code is a GTIN with the right check digit: 8, 12, 13 or
// 14 digits.
func ValidGTIN(code string) bool {
	if !slices.Contains([]int{8, 12, 13, 14}, len(code)) {
		return false
	}
	last := len(code) - 1
	digit, ok := GTINCheckDigit(code[:last])
	return ok && digit == code[last]
}

// SameGTIN reports whether two barcodes are the same product's: a UPC-A of 12 digits
// is the EAN-13 with a zero in front of it. No other leading zeros are dropped.
func SameGTIN(a, b string) bool { return EAN13(a) == EAN13(b) }

// EAN13 gives a barcode in the form in which it can be compared and looked up: a
// UPC-A of 12 digits as the EAN-13 that it is, anything else as it stands.
func EAN13(code string) string {
	if len(code) == 12 && isDigits(code) {
		return "0" + code
	}
	return code
}

// LuhnValid reports whether digits end in their Luhn check digit (ISO/IEC 7812-1).
func LuhnValid(digits string) bool {
	if !isDigits(digits) {
		return false
	}
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// CustomerCodes is what tells the codes of Centrapay customers from other barcodes:
// 16 digits that begin with one of the published prefixes and end in their Luhn digit
// (Patron codes). The prefixes are the caller's to give.
type CustomerCodes struct {
	Prefixes []string
}

// CustomerCodeKind is what a code looks like.
type CustomerCodeKind int

// The kinds.
const (
	// NotCustomerCode: it looks like anything else.
	NotCustomerCode CustomerCodeKind = iota
	// CustomerCode: it is a customer's.
	CustomerCode
	// CustomerCodeMisread: it begins like a customer's and its check digit is wrong.
	// Another scan probably reads something else; when it reads the same, the service
	// has the last word (one published code is like that).
	CustomerCodeMisread
)

// customerCodeDigits is how long a customer's code is.
const customerCodeDigits = 16

// Recognise tells what a scanned or typed code looks like, and gives the code without
// the blanks that people type between groups of digits.
func (c CustomerCodes) Recognise(text string) (code string, kind CustomerCodeKind) {
	code = strings.ReplaceAll(strings.TrimSpace(text), " ", "")
	begins := func(prefix string) bool { return prefix != "" && strings.HasPrefix(code, prefix) }
	switch {
	case len(code) != customerCodeDigits || !isDigits(code) || !slices.ContainsFunc(c.Prefixes, begins):
		return code, NotCustomerCode
	case LuhnValid(code):
		return code, CustomerCode
	}
	return code, CustomerCodeMisread
}
