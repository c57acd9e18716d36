package api

import "fmt"

func (b CreatePaymentRequest) validate() *ValidationError {
	if b.ConfigID == "" {
		return invalid("configId", CodeConfigMissing, "it is required")
	}
	if v := first(b.Value.validate("value"), validateInvoiceRef(b.InvoiceRef)); v != nil {
		return v
	}
	if b.ExpirySeconds < 0 || b.ExpirySeconds > MaxExpirySeconds {
		return invalid("expirySeconds", CodeInvalidRequest, fmt.Sprintf("it is not between 1 and %d", MaxExpirySeconds))
	}
	return first(b.validateBasket(), validateLines(b.LineItems), b.checkSum())
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

// checkSum checks that the line items sum to the value, or in partial mode to
// the basket.
func (b CreatePaymentRequest) checkSum() *ValidationError {
	prices, _ := sumOf(b.LineItems)
	value := b.Value.Amount.Decimal()
	if len(b.LineItems) == 0 || prices.Equal(value) || b.PartialAllowed && prices.Equal(b.BasketAmount.Decimal()) {
		return nil
	}
	return sumCheckFailed(prices, value)
}

func (b RefundPaymentRequest) validate() *ValidationError {
	return first(
		b.Value.validate("value"), require("externalRef", b.ExternalRef), validateInvoiceRef(b.InvoiceRef),
		validateLines(b.LineItems), b.checkSum(),
	)
}

// checkSum checks that the line items sum to the value. The rule speaks of
// prices, from which discounts are taken off already; the documents' own example
// meets it only when they are taken off again. Only what fits neither can be
// nothing but refused.
func (b RefundPaymentRequest) checkSum() *ValidationError {
	prices, discounts := sumOf(b.LineItems)
	value := b.Value.Amount.Decimal()
	if len(b.LineItems) == 0 || prices.Equal(value) || prices.Sub(discounts).Equal(value) {
		return nil
	}
	return sumCheckFailed(prices, value)
}

// replaySafe says that the service takes a repeat of the reference, which every
// refund has, for the same refund.
func (b RefundPaymentRequest) replaySafe() bool { return b.ExternalRef != "" }

// validate leaves the sum of the lines to the service: it is not among the
// documented errors of a confirmation.
func (b ConfirmPaymentRequest) validate() *ValidationError {
	if b.Value != (Monetary{}) {
		if v := b.Value.validate("value"); v != nil {
			return v
		}
	}
	if v := first(require("idempotencyKey", b.IdempotencyKey), require("invoiceRef", b.InvoiceRef), validateInvoiceRef(b.InvoiceRef)); v != nil {
		return v
	}
	if len(b.LineItems) == 0 {
		return invalid("lineItems", CodeInvalidRequest, "at least one is required")
	}
	return validateLines(b.LineItems)
}

// replaySafe says that the service remembers the key, which every confirmation
// has.
func (b ConfirmPaymentRequest) replaySafe() bool { return b.IdempotencyKey != "" }

func (b PayPaymentRequest) validate() *ValidationError {
	given := 0
	for _, proof := range []string{b.AssetID, b.TransactionID, b.Authorization} {
		if proof != "" {
			given++
		}
	}
	switch {
	case b.AssetType == "":
		return require("assetType", b.AssetType.String())
	case given > 1, given == 0 && !b.AssetType.IsExternal():
		return invalid("assetId", CodeInvalidRequest, "exactly one of assetId, transactionId and authorization is required")
	case b.Amount.IsSet() && (!b.Amount.Valid() || !b.Amount.Decimal().IsPositive()):
		// No upper bound: the units are the asset's, not the request's.
		return invalid("amount", CodeInvalidAmount, "it is not a number above zero")
	}
	return validateLines(b.LineItems)
}

// replaySafe says that the service remembers the key of the payment.
func (b PayPaymentRequest) replaySafe() bool { return b.IdempotencyKey != "" }

func (p ListByExternalRefParams) validate() *ValidationError {
	if p.PaginationLimit < 0 {
		return invalid("paginationLimit", CodeInvalidRequest, "it is negative")
	}
	return require("merchantAccountId", p.MerchantAccountID)
}
