package api

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// documentedModels are the attributes that the documents list for each model, in
// any of their editions, and after a bar those that only examples show, and the one
// that none shows (externalRef of an activity).
var documentedModels = []struct {
	model      any
	attributes string
}{
	{PaymentRequest{}, `id shortCode url value paymentOptions merchantId merchantName configId status liveness createdAt
		updatedAt expiresAt merchantConditions remainingAmount patronCodeId barcode barcodeType collectionId expirySeconds
		lineItems purchaseOrderRef invoiceRef externalRef redirectUrl redirectCancelUrl redirectPaidUrl terminalId deviceId
		operatorId createdByAccountId createdByAccountName conditionsEnabled patronNotPresent cancellationReason preAuth
		preAuthExpiresAt preAuthStatus taxNumber partialAllowed paidBy basketAmount connectionId connectionStatus paymentLinkId`},
	{PaymentOption{}, `assetType amount bitcoinAddress productCodes acceptedCollections`},
	{AcceptedCollection{}, `id lineItems`},
	{PaymentCondition{}, `id name message status`},
	{LineItem{}, `name qty price sku tax discount productId restricted classification`},
	{ProductClassification{}, `type code name props`},
	{TaxNumber{}, `value type`},
	{PaidBy{}, `assetTotals`},
	{AssetTotal{}, `type description settlementDate total lineItems | payerAccountId`},
	{PaymentActivity{}, `id type value paymentRequestId merchantId merchantConfigId merchantAccountId merchantName createdAt
		createdBy paymentRequestCreatedBy activityNumber shortCode assetType external cancellationReason conditionId
		idempotencyKey confirmationIdempotencyKey preAuth paidBy strategy
		| mode externalPaymentRef invoiceRef lineItems updatedAt createdByAccountId createdByAccountName externalRef`},
	{Strategy{}, `refunds`},
	{StrategyRefund{}, `assetId assetType completedPaymentId amount collectionId`},
	{CreatePaymentRequest{}, `configId value barcode barcodeType collectionId expirySeconds lineItems purchaseOrderRef
		invoiceRef redirectUrl redirectPaidUrl redirectCancelUrl externalRef terminalId deviceId operatorId
		createdByAccountName conditionsEnabled patronNotPresent preAuth partialAllowed basketAmount connectionId paymentLinkId`},
	{PayPaymentRequest{}, `assetType idempotencyKey assetId transactionId authorization mode amount externalPaymentRef lineItems`},
	{RefundPaymentRequest{}, `value externalRef invoiceRef confirmationIdempotencyKey lineItems merchantConfigId`},
	{ConfirmPaymentRequest{}, `idempotencyKey invoiceRef lineItems value`},
}

func TestModelsHaveEveryDocumentedAttribute(t *testing.T) {
	t.Parallel()
	for _, tt := range documentedModels {
		model := reflect.TypeOf(tt.model)
		got := map[string]bool{}
		for field := range model.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			got[name] = true
		}
		want := strings.Fields(strings.Replace(tt.attributes, "|", "", 1))
		slices.Sort(want)
		if have := slices.Sorted(maps.Keys(got)); !slices.Equal(have, want) {
			t.Errorf("%s: has\n%v, the documents\n%v", model.Name(), have, want)
		}
	}
}

// documentedValues are the values that the documents list for each enumeration,
// and after a bar those that were withdrawn, or that only examples show.
var documentedValues = map[string]string{
	"Status":          `new paid cancelled expired`,
	"Liveness":        `main test`,
	"PreAuthStatus":   `authorized released`,
	"ConditionStatus": `accepted declined awaiting-merchant void | awaiting-patron`,
	"PayMode":         `partial-payment multi-asset-payment`,
	"ActivityType": `request preAuthRequest paid payment refund cancellation expiry accept-condition decline-condition
		authorization confirmation release`,
	"CancellationReason": `CANCELLED_BY_MERCHANT CANCELLED_BY_PATRON PATRON_CODE_INVALID PATRON_CODE_EXPIRED PAYMENT_FAILED
		DECLINED_BY_PATRON DECLINED_BY_MERCHANT PAYMENT_DECLINED PAYMENT_REQUEST_EXPIRED NO_AVAILABLE_PAYMENT_OPTIONS INACTIVE_ASSET
		| INSUFFICIENT_ASSET_VALUE FAILED_TO_GET_PAYMENT_STATUS PREAUTH_EXPIRED LINE_ITEMS_INVALID`,
}

func TestEnumerationsHaveEveryDocumentedValue(t *testing.T) {
	t.Parallel()
	for kind, values := range documentedValues {
		want := strings.Fields(strings.Replace(values, "|", "", 1))
		slices.Sort(want)
		if got := slices.Sorted(slices.Values(constantsOf(t, kind))); !slices.Equal(got, want) {
			t.Errorf("%s: has\n%v, the documents\n%v", kind, got, want)
		}
	}
}
