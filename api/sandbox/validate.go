package sandbox

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// validateCreate refuses what is malformed, with a 400. The amounts of the
// payment requests are whole: their currencies have no smaller unit than a cent.
func validateCreate(b api.CreatePaymentRequest) error {
	switch {
	case b.ConfigID == "":
		return required("configId")
	case !b.Value.Amount.IsSet() && b.Value.Currency == "":
		return required("value")
	case !b.Value.Amount.IsSet():
		return required("value.amount")
	case b.Value.Currency == "":
		return required("value.currency")
	}
	if err := validateAmount("value.amount", b.Value.Amount); err != nil {
		return err
	}
	switch {
	case len(b.Value.Currency) != 3 || strings.Trim(b.Value.Currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "":
		return malformed("value.currency must be an ISO 4217 code")
	case b.ExpirySeconds < 1 || b.ExpirySeconds > api.MaxExpirySeconds:
		return malformed("expirySeconds must be between 1 and %d", api.MaxExpirySeconds)
	case utf8.RuneCountInString(b.InvoiceRef) > api.MaxInvoiceRef:
		return malformed("invoiceRef must be at most %d characters", api.MaxInvoiceRef)
	}
	if err := validateBasket(b); err != nil {
		return err
	}
	return validateLines(b)
}

func validateBasket(b api.CreatePaymentRequest) error {
	switch {
	case b.PartialAllowed && !b.BasketAmount.IsSet():
		return required("basketAmount")
	case !b.PartialAllowed && b.BasketAmount.IsSet():
		return malformed("basketAmount is allowed only with partialAllowed")
	case b.PartialAllowed:
		return validateAmount("basketAmount", b.BasketAmount)
	}
	return nil
}

// validateLines holds the prices against the value, or against the basket where
// part of it is paid elsewhere.
func validateLines(b api.CreatePaymentRequest) error {
	for i, l := range b.LineItems {
		if err := validateLine(fmt.Sprintf("lineItems[%d]", i), l); err != nil {
			return err
		}
	}
	sum := sumOf(b.LineItems)
	fits := len(b.LineItems) == 0 || sum.Equal(b.Value.Amount.Decimal()) ||
		b.PartialAllowed && sum.Equal(b.BasketAmount.Decimal())
	if !fits {
		return malformed("%s", api.CodeLineItemsSumCheckFailed)
	}
	return nil
}

func validateLine(field string, l api.LineItem) error {
	if l.Name == "" {
		return required(field + ".name")
	}
	numbers := []struct {
		name     string
		value    api.BigNumber
		optional bool
	}{
		{"qty", l.Qty, false}, {"price", l.Price, false}, {"tax", l.Tax, true}, {"discount", l.Discount, true},
	}
	for _, n := range numbers {
		switch {
		case !n.value.IsSet() && n.optional:
		case !n.value.IsSet():
			return required(field + "." + n.name)
		case !plainNumber(n.value):
			return malformed("%s.%s must be a number", field, n.name)
		}
	}
	return nil
}

func validateAmount(field string, n api.BigNumber) error {
	switch d := n.Decimal(); {
	case !plainNumber(n):
		return malformed("%s must be a number", field)
	case !d.IsInteger():
		return malformed("%s must be in the smallest unit of its currency", field)
	case !d.IsPositive():
		return malformed("%s must be greater than 0", field)
	case d.GreaterThan(decimal.NewFromInt(api.MaxAmount)):
		return malformed("%s must be less than %d", field, api.MaxAmount+1)
	}
	return nil
}

func wholeAmount(n api.BigNumber) bool {
	return plainNumber(n) && n.Decimal().IsInteger() && n.Decimal().IsPositive()
}

// plainNumber reports whether a number is written in digits, without an exponent
// and in a length that a price can have.
func plainNumber(n api.BigNumber) bool {
	const most = 30
	text := strings.TrimPrefix(n.String(), "-")
	return len(text) <= most && strings.Trim(text, "0123456789.") == "" && n.Valid()
}

// validatePay refuses a pay call that is not as documented, with a 400. Since
// 2025 an idempotency key is required; older makes it optional again.
func validatePay(b api.PayPaymentRequest, older bool) error {
	given := 0
	for _, proof := range []string{b.AssetID, b.TransactionID, b.Authorization} {
		if proof != "" {
			given++
		}
	}
	external := b.AssetType.IsExternal()
	switch {
	case b.AssetType == "":
		return required("assetType")
	case b.IdempotencyKey == "" && !older:
		return required("idempotencyKey")
	case given > 1 || given == 0 && !external:
		return malformed("exactly one of assetId, transactionId and authorization is required")
	case b.Mode != "" && b.Mode != api.PayModePartial && b.Mode != api.PayModeMultiAsset:
		return malformed("mode must be %s or %s", api.PayModePartial, api.PayModeMultiAsset)
	case b.AssetType.Base() == "farmlands.nzd" && b.ExternalPaymentRef == "":
		return required("externalPaymentRef")
	case len(b.LineItems) > 0 && !b.AssetType.IsToken():
		return malformed("lineItems is allowed only with centrapay.token")
	}
	return nil
}
