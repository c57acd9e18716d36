package api

import (
	"fmt"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// Limits of a payment request. Source: Centrapay docs, payment requests.
const (
	// MaxAmount is the most that can be asked for, in smallest units.
	MaxAmount = 99_999_999
	// MaxExpirySeconds is the longest lifetime, a day.
	MaxExpirySeconds = 86_400
	// MaxInvoiceRef is the longest invoice reference, in characters.
	MaxInvoiceRef = 128
)

func (b CreatePaymentRequest) validate() *ValidationError {
	if b.ConfigID == "" {
		return invalid("configId", CodeConfigMissing, "it is required")
	}
	if v := validateAmount("value.amount", b.Value.Amount); v != nil {
		return v
	}
	switch {
	case b.Value.Currency == "":
		return invalid("value.currency", CodeInvalidRequest, "it is required")
	case utf8.RuneCountInString(b.InvoiceRef) > MaxInvoiceRef:
		return invalid("invoiceRef", CodeInvalidRequest, fmt.Sprintf("it is longer than %d characters", MaxInvoiceRef))
	case b.ExpirySeconds < 0 || b.ExpirySeconds > MaxExpirySeconds:
		return invalid("expirySeconds", CodeInvalidRequest, fmt.Sprintf("it is not between 1 and %d", MaxExpirySeconds))
	}
	if v := b.validateBasket(); v != nil {
		return v
	}
	return b.validateLines()
}

func (b CreatePaymentRequest) validateBasket() *ValidationError {
	switch {
	case b.PartialAllowed && !b.BasketAmount.IsSet():
		return invalid("basketAmount", CodeInvalidRequest, "it is required with partialAllowed")
	case !b.PartialAllowed && b.BasketAmount.IsSet():
		return invalid("basketAmount", CodeInvalidRequest, "it is allowed only with partialAllowed")
	case b.PartialAllowed:
		return validateAmount("basketAmount", b.BasketAmount)
	default:
		return nil
	}
}

// validateLines checks that the line items sum to the value, or in partial mode
// to the basket.
func (b CreatePaymentRequest) validateLines() *ValidationError {
	if len(b.LineItems) == 0 {
		return nil
	}
	sum := decimal.Zero
	for i, line := range b.LineItems {
		if v := line.validate(fmt.Sprintf("lineItems[%d]", i)); v != nil {
			return v
		}
		sum = sum.Add(line.Price.Decimal())
	}
	value := b.Value.Amount.Decimal()
	if sum.Equal(value) || b.PartialAllowed && sum.Equal(b.BasketAmount.Decimal()) {
		return nil
	}
	v := invalid("lineItems", CodeLineItemsSumCheckFailed,
		fmt.Sprintf("the prices sum to %s, the amount is %s", sum, value))
	v.Difference = sum.Sub(value)
	return v
}

func (l LineItem) validate(field string) *ValidationError {
	switch {
	case l.Name == "":
		return invalid(field+".name", CodeInvalidRequest, "it is required")
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

func (b PayPaymentRequest) validate() *ValidationError {
	given := 0
	for _, proof := range []string{b.AssetID, b.TransactionID, b.Authorization} {
		if proof != "" {
			given++
		}
	}
	switch {
	case b.AssetType == "":
		return invalid("assetType", CodeInvalidRequest, "it is required")
	case given > 1, given == 0 && !b.AssetType.IsExternal():
		return invalid("assetId", CodeInvalidRequest, "exactly one of assetId, transactionId and authorization is required")
	case b.Amount.IsSet() && (!b.Amount.Valid() || !b.Amount.Decimal().IsPositive()):
		// No upper bound: the units are the asset's, not the request's.
		return invalid("amount", CodeInvalidAmount, "it is not a number above zero")
	}
	return nil
}

// replaySafe says that the service remembers the key of the payment.
func (b PayPaymentRequest) replaySafe() bool { return b.IdempotencyKey != "" }

func (p ListByExternalRefParams) validate() *ValidationError {
	switch {
	case p.MerchantAccountID == "":
		return invalid("merchantAccountId", CodeInvalidRequest, "it is required")
	case p.PaginationLimit < 0:
		return invalid("paginationLimit", CodeInvalidRequest, "it is negative")
	}
	return nil
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

func invalid(field string, code Code, problem string) *ValidationError {
	return &ValidationError{Field: field, Code: code, Problem: problem}
}
