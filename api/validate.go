package api

import (
	"fmt"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// Limits of a payment request, and of the refunds and confirmations of one.
// Source: Centrapay docs, payment requests.
const (
	// MaxAmount is the most that can be asked for, in smallest units.
	MaxAmount = 99_999_999
	// MaxExpirySeconds is the longest lifetime, a day.
	MaxExpirySeconds = 86_400
	// MaxInvoiceRef is the longest invoice reference, in characters.
	MaxInvoiceRef = 128
)

func (m Monetary) validate(field string) *ValidationError {
	if v := validateAmount(field+".amount", m.Amount); v != nil {
		return v
	}
	return require(field+".currency", m.Currency)
}

func validateAmount(field string, amount BigNumber) *ValidationError {
	switch d := amount.Decimal(); {
	case !amount.Valid():
		return invalid(field, CodeInvalidAmount, "it is not a number")
	case !d.IsPositive():
		return invalid(field, CodeInvalidAmount, "it is not above zero")
	case d.GreaterThanOrEqual(decimal.NewFromInt(MaxAmount + 1)):
		return invalid(field, CodeInvalidAmount, fmt.Sprintf("it is above %d", MaxAmount))
	}
	return nil
}

func validateInvoiceRef(ref string) *ValidationError {
	if utf8.RuneCountInString(ref) > MaxInvoiceRef {
		return invalid("invoiceRef", CodeInvalidRequest, fmt.Sprintf("it is longer than %d characters", MaxInvoiceRef))
	}
	return nil
}

// validateLines checks each line for itself; what they sum to is another matter.
func validateLines(lines []LineItem) *ValidationError {
	for i, line := range lines {
		if v := line.validate(fmt.Sprintf("lineItems[%d]", i)); v != nil {
			return v
		}
	}
	return nil
}

func (l LineItem) validate(field string) *ValidationError {
	switch {
	case l.Name == "":
		return require(field+".name", l.Name)
	case !l.Qty.Valid():
		return invalid(field+".qty", CodeInvalidRequest, "it is not a number")
	case !l.Price.Valid():
		return invalid(field+".price", CodeInvalidRequest, "it is not a number")
	case l.Tax.IsSet() && !l.Tax.Valid():
		return invalid(field+".tax", CodeInvalidRequest, "it is not a number")
	case l.Discount.IsSet() && !l.Discount.Valid():
		return invalid(field+".discount", CodeInvalidRequest, "it is not a number")
	}
	return nil
}

// sumOf adds up the prices of lines, and apart from them the discounts.
func sumOf(lines []LineItem) (prices, discounts decimal.Decimal) {
	for _, line := range lines {
		prices = prices.Add(line.Price.Decimal())
		discounts = discounts.Add(line.Discount.Decimal())
	}
	return prices, discounts
}

// sumCheckFailed says that lines sum to prices where value was asked for.
func sumCheckFailed(prices, value decimal.Decimal) *ValidationError {
	v := invalid("lineItems", CodeLineItemsSumCheckFailed,
		fmt.Sprintf("the prices sum to %s, the amount is %s", prices, value))
	v.Difference = prices.Sub(value)
	return v
}

func require(field, text string) *ValidationError {
	if text == "" {
		return invalid(field, CodeInvalidRequest, "it is required")
	}
	return nil
}

// first returns the first of several checks that found something.
func first(checks ...*ValidationError) *ValidationError {
	for _, v := range checks {
		if v != nil {
			return v
		}
	}
	return nil
}

func invalid(field string, code Code, problem string) *ValidationError {
	return &ValidationError{Field: field, Code: code, Problem: problem}
}
