package api

import (
	"net/http"
	"strings"
)

// Code is the message code by which the service says what it refused. New codes
// must be expected. The codes are grouped by the endpoint that documents them
// first; most are shared by several. Source: Centrapay docs, payment requests,
// "Errors" of each endpoint, and HTTP status codes.
type Code string

// Codes that any endpoint may answer. The service and its documents spell them
// in two ways; CodeOf folds both into these.
const (
	// CodeBadRequest is a request that is malformed.
	CodeBadRequest Code = "BAD_REQUEST"
	// CodeUnauthorized is a credential that is missing, expired or wrong.
	CodeUnauthorized Code = "UNAUTHORIZED"
	// CodeForbidden is a thing that is missing or not allowed to be seen; the
	// service does not say which.
	CodeForbidden Code = "FORBIDDEN"
	// CodeNotFound is a route that does not exist.
	CodeNotFound Code = "NOT_FOUND"
	// CodeRateLimitExceeded is a call turned away, to be repeated later.
	CodeRateLimitExceeded Code = "RATE_LIMIT_EXCEEDED"
	// CodeServerError is a fault on the service's side.
	CodeServerError Code = "SERVER_ERROR"
)

// Codes that stand for free text of the service, by the status that it came with;
// statuses that are not named here have the name that HTTP gives them.
const (
	// CodeConflict is a call that contradicts what is there (409).
	CodeConflict Code = "CONFLICT"
	// CodeRefused is a refusal whose status has no name either.
	CodeRefused Code = "REFUSED"
)

// Codes of creating a payment request.
const (
	// CodeLineItemsSumCheckFailed is line items whose prices do not sum to the
	// value. It is also raised here, before anything is sent.
	CodeLineItemsSumCheckFailed Code = "LINE_ITEMS_SUM_CHECK_FAILED"
	// CodeChecksumFailed is a wrong check digit of a barcode or short code.
	CodeChecksumFailed Code = "CHECKSUM_FAILED"
	// CodeRedirectURLInvalid is a redirect URL that the config does not allow.
	CodeRedirectURLInvalid Code = "REDIRECT_URL_INVALID"
	// CodePatronCodeInvalid is a patron code that is unknown or expired.
	CodePatronCodeInvalid Code = "PATRON_CODE_INVALID"
	// CodeNoAvailablePaymentOptions is a request that nothing configured fits.
	CodeNoAvailablePaymentOptions Code = "NO_AVAILABLE_PAYMENT_OPTIONS"
	// CodeTokenCollectionNotFound is an unknown token collection.
	CodeTokenCollectionNotFound Code = "TOKEN_COLLECTION_NOT_FOUND"
	// CodeConnectionNotFound is an unknown connection.
	CodeConnectionNotFound Code = "CONNECTION_NOT_FOUND"
	// CodeConnectionMerchantMismatch is a connection of another merchant.
	CodeConnectionMerchantMismatch Code = "CONNECTION_MERCHANT_MISMATCH"
	// CodeConnectionCreatedByMismatch is a connection made by another caller.
	CodeConnectionCreatedByMismatch Code = "CONNECTION_CREATED_BY_MISMATCH"
)

// Codes of paying a payment request.
const (
	// CodeInvalidAssetType is an asset type that the merchant does not take.
	CodeInvalidAssetType Code = "INVALID_ASSET_TYPE"
	// CodeRequestExpired is a payment request that has expired.
	CodeRequestExpired Code = "REQUEST_EXPIRED"
	// CodeRequestPaid is a payment request that is paid already.
	CodeRequestPaid Code = "REQUEST_PAID"
	// CodeRequestCancelled is a payment request that is cancelled.
	CodeRequestCancelled Code = "REQUEST_CANCELLED"
	// CodeInactiveAsset is an asset that is disabled, expired, spent or refunded.
	CodeInactiveAsset Code = "INACTIVE_ASSET"
	// CodeInvalidMerchantConfig is a merchant config that cannot be used.
	CodeInvalidMerchantConfig Code = "INVALID_MERCHANT_CONFIG"
	// CodeQuotaExceeded is a spending quota of the payer that is used up.
	CodeQuotaExceeded Code = "QUOTA_EXCEEDED"
	// CodeInsufficientAssetValue is an asset that holds too little.
	CodeInsufficientAssetValue Code = "INSUFFICIENT_ASSET_VALUE"
	// CodeAssetRedemptionDenied is an asset that may not be redeemed here.
	CodeAssetRedemptionDenied Code = "ASSET_REDEMPTION_DENIED"
	// CodePaymentDeclined is a well-formed payment that broke a restriction.
	CodePaymentDeclined Code = "PAYMENT_DECLINED"
	// CodePaymentUnconfirmed is a payment that the asset's provider neither
	// confirmed nor refused in time. It says nothing about the money: its
	// outcome is Unknown although the service answered 403.
	CodePaymentUnconfirmed Code = "PAYMENT_UNCONFIRMED"
)

// Codes of refunding and voiding a payment request.
const (
	// CodeNotPaid is a refund of a request that was never paid.
	CodeNotPaid Code = "NOT_PAID"
	// CodeAlreadyRefunded is a payment that was given back already.
	CodeAlreadyRefunded Code = "ALREADY_REFUNDED"
	// CodeInvalidAmount is an amount that is too large or out of bounds. It is
	// also raised here, before anything is sent.
	CodeInvalidAmount Code = "INVALID_AMOUNT"
	// CodeRepeatReference is a reference used before with another amount.
	CodeRepeatReference Code = "REPEAT_REFERENCE"
	// CodePartialRefundsNotAllowed is an asset that is refunded whole or not at
	// all.
	CodePartialRefundsNotAllowed Code = "PARTIAL_REFUNDS_NOT_ALLOWED"
	// CodeRefundNotSupported is an asset that cannot be refunded.
	CodeRefundNotSupported Code = "REFUND_NOT_SUPPORTED"
	// CodeRefundWindowExceeded is a payment too old for a refund.
	CodeRefundWindowExceeded Code = "REFUND_WINDOW_EXCEEDED"
	// CodeConfirmationNotFound is a key that matches no confirmation.
	CodeConfirmationNotFound Code = "CONFIRMATION_NOT_FOUND"
	// CodeRefundDeclined is a refund that broke a business rule.
	CodeRefundDeclined Code = "REFUND_DECLINED"
	// CodeVoidWindowExceeded is a request older than the 24 hours of a void.
	CodeVoidWindowExceeded Code = "VOID_WINDOW_EXCEEDED"
	// CodePreAuthAlreadyConfirmed is a void of a pre-auth that was drawn on.
	CodePreAuthAlreadyConfirmed Code = "PRE_AUTH_ALREADY_CONFIRMED"
)

// Codes of confirming and releasing a pre-auth.
const (
	// CodeInvalidPaymentRequestType is a request that is no pre-auth.
	CodeInvalidPaymentRequestType Code = "INVALID_PAYMENT_REQUEST_TYPE"
	// CodePreAuthPending is a pre-auth that is not authorized yet.
	CodePreAuthPending Code = "PRE_AUTH_PENDING"
	// CodePreAuthReleased is a pre-auth that was released or has expired.
	CodePreAuthReleased Code = "PRE_AUTH_RELEASED"
	// CodeIdempotentOperationFailed is a key used before with other content.
	CodeIdempotentOperationFailed Code = "IDEMPOTENT_OPERATION_FAILED"
)

// Codes of answering a payment condition.
const (
	// CodePatronNotAuthorized is a patron who answers for the merchant.
	CodePatronNotAuthorized Code = "PATRON_NOT_AUTHORIZED"
	// CodeMerchantNotAuthorized is a merchant who answers for the patron.
	CodeMerchantNotAuthorized Code = "MERCHANT_NOT_AUTHORIZED"
	// CodeConditionAlreadySet is a condition that was answered before.
	CodeConditionAlreadySet Code = "CONDITION_ALREADY_SET"
)

// Codes that only this package raises, before anything is sent.
const (
	// CodeInvalidRequest is a call that the service could only refuse.
	CodeInvalidRequest Code = "INVALID_REQUEST"
	// CodeConfigMissing is a payment request without a merchant config id.
	CodeConfigMissing Code = "CONFIG_MISSING"
	// CodeCredentialMissing is a call without an API key or a user's login.
	CodeCredentialMissing Code = "CREDENTIAL_MISSING"
	// CodeLoginRequired is a call for which the user has to log in again.
	CodeLoginRequired Code = "LOGIN_REQUIRED"
)

// longestCode is longer than any code of the service; what is longer is a text.
const longestCode = 64

// CodeOf returns the code in the message of an error body: upper snake case
// as it is, the shared texts in any of their spellings ("Forbidden", "RATE
// LIMIT EXCEEDED") folded, and "" for free text such as "amount is required".
func CodeOf(message string) Code {
	message = strings.TrimSpace(message)
	folded := Code(strings.ToUpper(strings.ReplaceAll(message, " ", "_")))
	switch folded {
	case CodeBadRequest, CodeUnauthorized, CodeForbidden, CodeNotFound, CodeRateLimitExceeded, CodeServerError, CodeConflict:
		return folded
	case "MISSING_AUTHENTICATION":
		return CodeUnauthorized
	default: // a code of an endpoint, or free text
	}
	if message == "" || len(message) > longestCode || message[0] < 'A' || message[0] > 'Z' ||
		strings.Trim(message, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" {
		return ""
	}
	return Code(message)
}

// codeOfStatus is the code that stands for the free text of a refusal.
func codeOfStatus(status int) Code {
	if status == http.StatusTooManyRequests {
		return CodeRateLimitExceeded
	}
	name := http.StatusText(status)
	if name == "" {
		return CodeRefused
	}
	return Code(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r == ' ' || r == '-':
			return '_'
		case r >= 'A' && r <= 'Z':
			return r
		}
		return -1
	}, name))
}
