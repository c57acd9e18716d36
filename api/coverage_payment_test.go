package api

import "context"

// paymentEndpoints are the rows of the coverage table about payment requests and
// activities.
var paymentEndpoints = []endpoint{
	{
		call: "PaymentRequests.Create", route: "POST /api/payment-requests",
		fixtures: []string{"seed-payment-requests-create", "payment-requests-create", "openapi-payment-requests-create"},
		codes: []Code{
			CodeLineItemsSumCheckFailed, CodeChecksumFailed, CodeRedirectURLInvalid, CodePatronCodeInvalid,
			CodeNoAvailablePaymentOptions, CodeTokenCollectionNotFound, CodeConnectionNotFound,
			CodeConnectionMerchantMismatch, CodeConnectionCreatedByMismatch,
		},
		retry: retryOnce, why: "it has no key; a repeat would ask for the money a second time",
		make: createHardHats,
	},
	{
		call: "PaymentRequests.Get", route: "GET /api/payment-requests/{id}",
		fixtures: []string{"seed-payment-requests-get", "payment-requests-get"},
		retry:    retryRead, make: paymentCalls["payment-requests-get"],
	},
	{
		call: "PaymentRequests.GetByShortCode", route: "GET /api/payment-requests/short-code/{shortCode}",
		fixtures: []string{"seed-payment-requests-get-by-short-code", "payment-requests-get-by-short-code"},
		codes:    []Code{CodeChecksumFailed},
		retry:    retryRead, make: paymentCalls["payment-requests-get-by-short-code"],
	},
	{
		call: "PaymentRequests.GetByPatronCode", route: "GET /api/me/patron-code-payment-request",
		fixtures: []string{"seed-payment-requests-get-by-patron-code", "payment-requests-get-by-patron-code"},
		retry:    retryRead, make: paymentCalls["payment-requests-get-by-patron-code"],
	},
	{
		call: "PaymentRequests.GetByConnection", route: "GET /api/connections/{id}/latest-payment-request",
		fixtures: []string{"payment-requests-get-by-connectionId"},
		retry:    retryRead, make: paymentCalls["payment-requests-get-by-connectionId"],
	},
	{
		call: "PaymentRequests.Summary", route: "GET /api/payment-requests/{id}/summary",
		fixtures: []string{"payment-requests-get-summary"},
		retry:    retryRead, make: paymentCalls["payment-requests-get-summary"],
	},
	{
		call: "PaymentRequests.ListByExternalRef", route: "GET /api/payment-requests/external-ref/{externalRef}",
		fixtures: []string{"payment-requests-list-by-external-ref"},
		retry:    retryRead, make: paymentCalls["payment-requests-list-by-external-ref"],
	},
	{
		call: "PaymentRequests.AllByExternalRef", route: "GET /api/payment-requests/external-ref/{externalRef}",
		fixtures: []string{"payment-requests-list-by-external-ref"},
		retry:    retryRead, make: func(ctx context.Context, c *Client) error {
			params := ListByExternalRefParams{MerchantAccountID: "a", PageKey: "12312312"}
			for _, err := range c.PaymentRequests.AllByExternalRef(ctx, publishedKey, params) {
				if err != nil {
					return err
				}
			}
			return nil
		},
	},
	{
		call: "PaymentRequests.Activities", route: "GET /api/payment-requests/{id}/activities",
		fixtures: []string{"seed-payment-requests-list-payment-activities", "payment-requests-list-payment-activities"},
		retry:    retryRead, make: paymentCalls["payment-requests-list-payment-activities"],
	},
	{
		call: "PaymentRequests.Void", route: "POST /api/payment-requests/{id}/void",
		fixtures: []string{"seed-payment-requests-void", "payment-requests-void"},
		codes: []Code{
			CodeVoidWindowExceeded, CodeRequestExpired, CodeAlreadyRefunded, CodePreAuthAlreadyConfirmed,
			CodeRepeatReference, CodeInactiveAsset, CodeRefundNotSupported,
		},
		retry: retryOnce, why: "it has no key; whether a repeat gives the money back twice is not documented",
		make: paymentCalls["payment-requests-void"],
	},
	{
		call: "PaymentRequests.Refund", route: "POST /api/payment-requests/{id}/refund",
		fixtures: []string{"seed-payment-requests-refund", "payment-requests-refund"},
		codes: []Code{
			CodeLineItemsSumCheckFailed, CodeNotPaid, CodeAlreadyRefunded, CodeInvalidAmount, CodeRepeatReference,
			CodePartialRefundsNotAllowed, CodeInactiveAsset, CodeRefundNotSupported, CodeRefundWindowExceeded,
			CodePreAuthPending, CodeConfirmationNotFound, CodeRefundDeclined,
		},
		retry: retryKeyed, why: "externalRef with the same amount is taken for the same refund",
		make: paymentCalls["payment-requests-refund"],
	},
	{
		call: "PaymentRequests.Confirm", route: "POST /api/payment-requests/{id}/confirm",
		fixtures: []string{"seed-payment-requests-confirm", "payment-requests-confirm"},
		codes: []Code{
			CodeInvalidPaymentRequestType, CodePreAuthReleased, CodePreAuthPending, CodeRequestCancelled,
			CodeInvalidAmount, CodeIdempotentOperationFailed,
		},
		retry: retryKeyed, why: "idempotencyKey with the same content is answered with the first answer",
		make: paymentCalls["payment-requests-confirm"],
	},
	{
		call: "PaymentRequests.Release", route: "POST /api/payment-requests/{id}/release",
		fixtures: []string{"seed-payment-requests-release", "payment-requests-release"},
		codes:    []Code{CodeInvalidPaymentRequestType, CodePreAuthReleased},
		retry:    retryOnce, why: "it has no key; what a repeat is answered with is not documented",
		make: paymentCalls["payment-requests-release"],
	},
	{
		call: "PaymentRequests.AcceptCondition", route: "POST /api/payment-requests/{id}/conditions/{conditionId}/accept",
		fixtures: []string{"seed-payment-requests-conditions-accept", "payment-requests-conditions-accept"},
		codes:    []Code{CodePatronNotAuthorized, CodeMerchantNotAuthorized, CodeConditionAlreadySet},
		retry:    retryOnce, why: "it has no key; a repeat is refused although the first was taken",
		make: paymentCalls["payment-requests-conditions-accept"],
	},
	{
		call: "PaymentRequests.DeclineCondition", route: "POST /api/payment-requests/{id}/conditions/{conditionId}/decline",
		fixtures: []string{"seed-payment-requests-conditions-decline", "payment-requests-conditions-decline"},
		codes:    []Code{CodePatronNotAuthorized, CodeMerchantNotAuthorized, CodeConditionAlreadySet},
		retry:    retryOnce, why: "it has no key; a repeat is refused although the first was taken",
		make: paymentCalls["payment-requests-conditions-decline"],
	},
	{
		call: "PaymentRequests.Pay", route: "POST /api/payment-requests/{id}/pay",
		fixtures: []string{"payment-requests-pay"}, codes: payCodes,
		retry: retryKeyed, why: "idempotencyKey is answered with the payment that was made",
		make: paymentCalls["payment-requests-pay"],
	},
	{
		call: "PaymentRequests.Pay", variant: "without a key", route: "POST /api/payment-requests/{id}/pay",
		fixtures: []string{"seed-payment-requests-pay"}, codes: payCodes,
		retry: retryOnce, why: "the first edition of the documents knew no key; a repeat could pay twice",
		make: paymentCalls["seed-payment-requests-pay"],
	},
	{
		call: "PaymentActivities.List", route: "GET /api/payment-activities",
		fixtures: []string{"seed-payment-activities-list", "payment-activities-list"},
		retry:    retryRead, make: paymentCalls["payment-activities-list"],
	},
	{
		call: "PaymentActivities.All", route: "GET /api/payment-activities",
		fixtures: []string{"seed-payment-activities-list", "payment-activities-list"},
		retry:    retryRead, make: func(ctx context.Context, c *Client) error {
			key := "PaymentRequest#E9eXsErwA444qFDoZt5iLA|Activity#000000000000001|614161c4c4d3020073bd4ce8|2021-09-15T03:00:21.156Z"
			for _, err := range c.PaymentActivities.All(ctx, ListPaymentActivitiesParams{MerchantID: "m", PageKey: key}) {
				if err != nil {
					return err
				}
			}
			return nil
		},
	},
}

var payCodes = []Code{
	CodeInvalidAssetType, CodeRequestExpired, CodeRequestPaid, CodeRequestCancelled, CodeInactiveAsset,
	CodeInvalidMerchantConfig, CodeQuotaExceeded, CodeInsufficientAssetValue, CodeAssetRedemptionDenied,
	CodePaymentDeclined, CodePaymentUnconfirmed,
}
