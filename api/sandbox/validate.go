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
	if b.ConfigID == "" {
		return required("configId")
	}
	if err := validateValue(b.Value); err != nil {
		return err
	}
	switch {
	case b.ExpirySeconds < 1 || b.ExpirySeconds > api.MaxExpirySeconds:
		return malformed("expirySeconds must be between 1 and %d", api.MaxExpirySeconds)
	case longRef(b.InvoiceRef):
		return tooLongRef()
	}
	if err := validateBasket(b); err != nil {
		return err
	}
	return validateLines(b)
}

func validateValue(v api.Monetary) error {
	switch {
	case !v.Amount.IsSet() && v.Currency == "":
		return required("value")
	case !v.Amount.IsSet():
		return required("value.amount")
	case v.Currency == "":
		return required("value.currency")
	}
	if err := validateAmount("value.amount", v.Amount); err != nil {
		return err
	}
	if len(v.Currency) != 3 || strings.Trim(v.Currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return malformed("value.currency must be an ISO 4217 code")
	}
	return nil
}

func longRef(ref string) bool { return utf8.RuneCountInString(ref) > api.MaxInvoiceRef }

func tooLongRef() *Refusal {
	return malformed("invoiceRef must be at most %d characters", api.MaxInvoiceRef)
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
	if err := validateEachLine(b.LineItems); err != nil {
		return err
	}
	sum := sumOf(b.LineItems)
	fits := len(b.LineItems) == 0 || sum.Equal(b.Value.Amount.Decimal()) ||
		b.PartialAllowed && sum.Equal(b.BasketAmount.Decimal())
	if !fits {
		return malformed("%s", api.CodeLineItemsSumCheckFailed)
	}
	return nil
}

func validateEachLine(lines []api.LineItem) error {
	for i, l := range lines {
		if err := validateLine(fmt.Sprintf("lineItems[%d]", i), l); err != nil {
			return err
		}
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

// validateRefund refuses a refund that is not as documented, with a 400. The
// lines may sum to the value before or after their discounts: the text says the
// one, the docs' own example does the other.
func validateRefund(b api.RefundPaymentRequest) error {
	if err := validateValue(b.Value); err != nil {
		return err
	}
	switch {
	case b.ExternalRef == "":
		return required("externalRef")
	case longRef(b.InvoiceRef):
		return tooLongRef()
	}
	if err := validateEachLine(b.LineItems); err != nil {
		return err
	}
	sum, reduced := sumOf(b.LineItems), sumOf(b.LineItems)
	for _, l := range b.LineItems {
		reduced = reduced.Sub(l.Discount.Decimal())
	}
	value := b.Value.Amount.Decimal()
	if len(b.LineItems) > 0 && !sum.Equal(value) && !reduced.Equal(value) {
		return malformed("%s", api.CodeLineItemsSumCheckFailed)
	}
	return nil
}

// validateConfirm refuses a confirmation that is not as documented, with a 400.
// Without a value the lines say what is drawn; no check of their sum is
// documented.
func validateConfirm(b api.ConfirmPaymentRequest) error {
	switch {
	case b.IdempotencyKey == "":
		return required("idempotencyKey")
	case b.InvoiceRef == "":
		return required("invoiceRef")
	case longRef(b.InvoiceRef):
		return tooLongRef()
	case len(b.LineItems) == 0:
		return required("lineItems")
	}
	if err := validateEachLine(b.LineItems); err != nil {
		return err
	}
	if b.Value.Amount.IsSet() || b.Value.Currency != "" {
		return validateValue(b.Value)
	}
	return validateAmount("the sum of lineItems", api.NewBigNumber(sumOf(b.LineItems)))
}
