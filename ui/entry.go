package ui

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"centrapos/pos"
)

// entryKind is what an entry asks for.
type entryKind int

const (
	// entryNothing: there is nothing to do yet.
	entryNothing entryKind = iota
	// entryPrice: something at a typed price.
	entryPrice
	// entryNumber: whole dollars, unless a product has exactly this number.
	entryNumber
	// entryCode: the product with exactly this code.
	entryCode
	// entryWords: the product whose name these words begin.
	entryWords
	// entryCommand: a command by its name.
	entryCommand
	// entryInvalid: the problem says why not.
	entryInvalid
)

// entry is what was said to the entry line, understood.
type entry struct {
	kind   entryKind
	qty    decimal.Decimal
	hasQty bool
	amount pos.Money // of entryPrice and entryNumber
	text   string    // the code, the words, or the command with what follows it
	// problem is what is wrong, for staff, with entryInvalid.
	problem string
}

var (
	quantityForm = regexp.MustCompile(`^(\d*\.?\d*)\s*[*×](.*)$`)
	amountForm   = regexp.MustCompile(`^(\d+\.\d*|\.\d+)$`)
	commaForm    = regexp.MustCompile(`^\d+,\d{1,2}$`)
	digitsForm   = regexp.MustCompile(`^\d+$`)
	digitForm    = regexp.MustCompile(`\d`)
)

const (
	// wholeDollars is up to how many digits a typed whole number may be money.
	wholeDollars = 6
	// barcodeDigits is from how many digits on a number is a barcode (GTIN-8).
	barcodeDigits = 8
	// maxQuantityDigits keeps a barcode before the "*" from being a quantity.
	maxQuantityDigits = 4
)

// parseEntry understands an entry. What was scanned is told from what was typed
// since no number that was scanned is ever money: it is a code, or an error.
func parseEntry(text string, scanned bool, currency pos.Currency) entry {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "/") {
		return entry{kind: entryCommand, text: strings.TrimSpace(text[1:])}
	}
	e := entry{qty: decimal.New(1, 0)}
	if parts := quantityForm.FindStringSubmatch(text); parts != nil && digitForm.MatchString(parts[1]) {
		e.qty, e.problem = parseQuantity(parts[1])
		if e.problem != "" {
			e.kind = entryInvalid
			return e
		}
		e.hasQty = true
		text = strings.TrimSpace(parts[2])
	}
	return e.parseSubject(text, scanned, currency)
}

// parseSubject understands what stands after the quantity.
func (e entry) parseSubject(text string, scanned bool, currency pos.Currency) entry {
	e.text = text
	switch {
	case text == "":
		e.kind = entryNothing
	case amountForm.MatchString(text):
		return e.parseAmount(text, entryPrice, currency)
	case commaForm.MatchString(text):
		e.kind, e.problem = entryInvalid, "use a point for cents: "+strings.Replace(text, ",", ".", 1)
	case digitsForm.MatchString(text) && !scanned && len(text) <= wholeDollars:
		return e.parseAmount(text, entryNumber, currency)
	case digitsForm.MatchString(text), scanned && isCode(text):
		e.kind = entryCode
	default:
		e.kind = entryWords
	}
	return e
}

// isCode tells a scanned code with letters in it from words that came as fast.
func isCode(text string) bool {
	return digitForm.MatchString(text) && !strings.ContainsAny(text, " *")
}

func (e entry) parseAmount(text string, kind entryKind, currency pos.Currency) entry {
	amount, err := pos.ParsePayable(text, currency)
	if err != nil {
		e.kind, e.problem = entryInvalid, err.Error()
		return e
	}
	e.kind, e.amount = kind, amount
	return e
}

// parseQuantity reads a quantity, and says what is wrong with one that is none.
func parseQuantity(text string) (decimal.Decimal, string) {
	whole, part, _ := strings.Cut(text, ".")
	if digits := len(whole); digits >= barcodeDigits {
		return decimal.Decimal{}, fmt.Sprintf("quantity %d digits long? looks like a barcode", digits)
	}
	qty, err := decimal.NewFromString(strings.TrimSuffix(text, "."))
	switch {
	case err != nil:
		return decimal.Decimal{}, fmt.Sprintf("%q is not a quantity", text)
	case len(whole) > maxQuantityDigits:
		return decimal.Decimal{}, "a quantity is at most 9999"
	case len(part) > 3:
		return decimal.Decimal{}, "a quantity has at most three decimals"
	case qty.Sign() <= 0:
		return decimal.Decimal{}, "a quantity is more than zero"
	}
	return qty, ""
}

// takesScan reports whether a typed text waits for the scan that comes now, as "3*" does.
func takesScan(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasSuffix(text, "*") || strings.HasSuffix(text, "×")
}
