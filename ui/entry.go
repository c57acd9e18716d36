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
	// entryCustomer: a customer's code, which asks for payment.
	entryCustomer
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
	// scanned: it is matched exactly, and no number in it is money.
	scanned bool
	// turned: "12.50*3" is three at 12.50, unless a product has the code 3; qty and
	// amount are as they stand, and threeAt gives them turned round.
	turned bool
	// problem is what is wrong, for staff, with entryInvalid.
	problem string
}

var (
	quantityForm  = regexp.MustCompile(`^(\d*\.?\d*)\s*[*×](.*)$`)
	amountForm    = regexp.MustCompile(`^\$?(\d+\.\d*|\.\d+)$`)
	wholeForm     = regexp.MustCompile(`^\$?\d+$`)
	commaForm     = regexp.MustCompile(`^\$?\d+,\d{1,2}$`)
	thousandsForm = regexp.MustCompile(`^\$?\d{1,3}(,\d{3})+(\.\d*)?$`)
	signForm      = regexp.MustCompile(`^[-+−–]\s*\$?[\d.,]+$`)
	digitsForm    = regexp.MustCompile(`^\d+$`)
	digitForm     = regexp.MustCompile(`\d`)
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
func (g grammar) parseEntry(text string, scanned bool) entry {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "/") && !(scanned && digitForm.MatchString(text)) {
		return entry{kind: entryCommand, text: strings.TrimSpace(text[1:]), scanned: scanned}
	}
	e := entry{qty: one, scanned: scanned}
	before := ""
	if parts := quantityForm.FindStringSubmatch(text); parts != nil && digitForm.MatchString(parts[1]) {
		before = parts[1]
		if e.qty, e.problem = parseQuantity(before); e.problem != "" {
			e.kind = entryInvalid
			return e
		}
		e.hasQty = true
		text = strings.TrimSpace(parts[2])
	}
	return g.parseSubject(e, text).turnedRound(before)
}

var one = decimal.New(1, 0)

// grammar is what entries are understood by.
type grammar struct {
	currency  pos.Currency
	customers pos.CustomerCodes
}

// parseSubject understands what stands after the quantity.
func (g grammar) parseSubject(e entry, text string) entry {
	e.text = text
	if text == "" {
		e.kind = entryNothing
		return e
	}
	if code, kind := g.customers.Recognise(text); kind != pos.NotCustomerCode {
		return e.asCustomer(code, kind)
	}
	switch {
	case amountForm.MatchString(text):
		return g.parseAmount(e, entryPrice)
	case wholeForm.MatchString(text) && !e.scanned && len(text) <= wholeDollars:
		return g.parseAmount(e, entryNumber)
	case digitsForm.MatchString(text), e.scanned && isCode(text):
		e.kind = entryCode
	default:
		e.kind = entryWords
		if e.problem = slip(text); e.problem != "" {
			e.kind = entryInvalid
		}
	}
	return e
}

// asCustomer is what a customer's code asks for.
func (e entry) asCustomer(code string, kind pos.CustomerCodeKind) entry {
	switch {
	case e.hasQty:
		e.kind, e.problem = entryInvalid, "that is a customer's code, which takes no quantity"
	case kind == pos.CustomerCodeMisread:
		e.kind, e.problem = entryInvalid, "that looks like a customer's code with a wrong digit: scan it again"
	default:
		e.kind, e.text = entryCustomer, code
	}
	return e
}

// slip says what is wrong with a text that is nearly something else; empty when it
// may be words.
func slip(text string) string {
	bare := strings.TrimPrefix(text, "$")
	switch {
	case commaForm.MatchString(text):
		return "use a point for cents: " + strings.Replace(bare, ",", ".", 1)
	case thousandsForm.MatchString(text):
		return "leave the commas out: " + strings.ReplaceAll(bare, ",", "")
	case signForm.MatchString(text) && text[0] == '+':
		return text + " is no price: + alone adds one of the chosen line, F2 sets its quantity"
	case signForm.MatchString(text):
		return text + " is no price: - alone takes one off, F7 takes the line off, F8 gives a discount"
	case strings.HasPrefix(text, "*"), strings.HasPrefix(text, "×"):
		return "the quantity stands before the *, such as 3*12.50"
	case quantityForm.MatchString(text):
		return "there is more than one quantity"
	}
	return ""
}

// isCode tells a scanned code with letters in it from words that came as fast.
func isCode(text string) bool {
	return digitForm.MatchString(text) && !strings.ContainsAny(text, " *×")
}

func (g grammar) parseAmount(e entry, kind entryKind) entry {
	amount, err := pos.ParsePayable(strings.TrimPrefix(e.text, "$"), g.currency)
	if err != nil {
		e.kind, e.problem = entryInvalid, err.Error()
		return e
	}
	e.kind, e.amount = kind, amount
	if kind == entryPrice && e.hasQty && !e.qty.IsInteger() {
		e.kind, e.problem = entryInvalid, e.qty.String()+" of a typed price is not sold: type what it comes to"
	}
	return e
}

// turnedRound notes that an entry may have been typed the wrong way round: an amount
// before the "*" and a small whole number behind it. A longer one is rather the
// number of something weighed, and is never taken for how many.
func (e entry) turnedRound(before string) entry {
	const pieces = 2
	_, part, _ := strings.Cut(before, ".")
	e.turned = e.kind == entryNumber && e.hasQty && len(e.text) <= pieces &&
		part != "" && len(part) == int(e.amount.Currency().Decimals)
	return e
}

// threeAt gives the quantity and the price of an entry at a typed price.
func (e entry) threeAt() (qty decimal.Decimal, each pos.Money) {
	if !e.turned {
		return e.qty, e.amount
	}
	currency := e.amount.Currency()
	return e.amount.Minor().Shift(-currency.Decimals), pos.NewMoney(e.qty.Shift(currency.Decimals), currency)
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
