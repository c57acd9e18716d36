package pos

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// LineItem is one line of what is being paid for, in the API's own terms
// (Payment Requests, Line Item) and with its field names, since the same shape
// is read from --basket files and kept in the ledger.
type LineItem struct {
	// Name says what the line is; it is required.
	Name string `json:"name"`
	// Qty is how much of it: a count, a weight or a volume; it is required.
	Qty decimal.Decimal `json:"qty"`
	// Price is what the customer pays for the whole line, tax included and
	// discounts taken off, in the currency's smallest unit; negative for a
	// line that is a discount.
	Price decimal.Decimal `json:"price"`
	// SKU is the merchant's own product number.
	SKU string `json:"sku,omitempty"`
	// ProductID is the product's GTIN.
	ProductID string `json:"productId,omitempty"`
	// Tax is the tax rate in percent, 15 for New Zealand's GST.
	Tax *decimal.Decimal `json:"tax,omitempty"`
	// Discount is what was taken off, in smallest units and tax-exclusive; it
	// informs, and is not subtracted again (Line items guide, rule 3).
	Discount *decimal.Decimal `json:"discount,omitempty"`
	// Restricted marks what some asset types may not pay for.
	Restricted bool `json:"restricted,omitempty"`
	// Classification is the product's place in a catalogue standard.
	Classification *Classification `json:"classification,omitempty"`
}

// Classification places a product in a standard (Payment Requests, Product Classification).
type Classification struct {
	Type  string            `json:"type"`           // the standard; GS1 is the only one published
	Code  string            `json:"code"`           // for GS1 the GPC brick
	Name  string            `json:"name,omitempty"` // the brick's title
	Props map[string]string `json:"props,omitempty"`
}

// check gives an InputError when the line lacks what every line must have.
func (l LineItem) check(number int) error {
	problem := ""
	switch {
	case l.Name == "":
		problem = "has no name"
	case l.Qty.IsZero():
		problem = "has no quantity"
	case !l.Price.IsInteger():
		problem = "has a price of " + l.Price.String() + ", which is not a whole number of cents"
	default:
		return nil
	}
	return &InputError{Code: CodeInvalidLineItem,
		Problem: fmt.Sprintf("line %d (%q) %s", number, l.Name, problem),
		Remedy:  "correct that line"}
}

// SumOfLines adds up the lines' prices.
func SumOfLines(lines []LineItem, currency Currency) Money {
	sum := NewMoney(decimal.Zero, currency)
	for _, line := range lines {
		sum = sum.Add(NewMoney(line.Price, currency))
	}
	return sum
}

// CheckLines holds the lines against what they must add up to: the amount
// asked for or, in a partial sale, the whole basket (Line items guide, rule 3).
// A difference is an InputError with code LINE_ITEMS_SUM_CHECK_FAILED that
// states it. No lines at all are fine.
func CheckLines(lines []LineItem, amount, basket Money) error {
	if len(lines) == 0 {
		return nil
	}
	for i, line := range lines {
		if err := line.check(i + 1); err != nil {
			return err
		}
	}
	sum := SumOfLines(lines, amount.Currency())
	if sum.Equal(amount) || basket.IsKnown() && sum.Equal(basket) {
		return nil
	}
	return &InputError{Code: CodeLineItemsSum,
		Problem: fmt.Sprintf("the lines add up to %s but the amount is %s, a difference of %s",
			sum, amount, sum.Sub(amount)),
		Remedy: "nothing was sent; correct the lines or the amount"}
}
