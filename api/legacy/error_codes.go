package legacy

import (
	"net/http"
	"slices"

	"centrapos/api"
)

// ErrorCode is one of the numbered errors of the first generation. Source:
// table of error codes of the legacy documents of 2020 and 2021, and the numbers
// beside the errors of the edition of 2023.
type ErrorCode struct {
	// Number is the service's own number; several can have one name.
	Number int
	// Code is the message code of the error.
	Code api.Code
	// Status is the HTTP status that the table gives; the service's may differ.
	Status int
	// Description says what is wrong.
	Description string
}

// ErrorCodes returns all numbered errors in the order of their numbers.
func ErrorCodes() []ErrorCode { return slices.Clone(errorCodes[:]) }

// ErrorCodeOf returns the error with a number, and whether there is one.
func ErrorCodeOf(number int) (ErrorCode, bool) {
	i, ok := slices.BinarySearchFunc(errorCodes[:], number, func(c ErrorCode, n int) int { return c.Number - n })
	if !ok {
		return ErrorCode{}, false
	}
	return errorCodes[i], true
}

// errorCodes is sorted by number.
var errorCodes = [...]ErrorCode{
	{1, "KEY_NOT_AUTHORIZED", http.StatusUnauthorized, "the API key may not do this"},
	{2, CodeRequestNotFound, http.StatusNotFound, "there is no such payment request"},
	{3, CodeTransactionNotFound, http.StatusNotFound, "there is no such transaction"},
	{4, "MERCHANT_NOT_FOUND", http.StatusNotFound, "there is no such merchant"},
	{5, CodeInvalidRequestID, http.StatusBadRequest, "the request id must be a UUID"},
	{6, api.CodeInvalidAmount, http.StatusBadRequest, "the amount must be a positive whole number"},
	{7, CodeInvalidAsset, http.StatusBadRequest, "the asset is not one that can be asked for"},
	{8, CodeInvalidAuthorization, http.StatusBadRequest, "the authorization must be text that is not empty"},
	{9, CodeInvalidLedger, http.StatusBadRequest, "the ledger must be text that is not empty"},
	{10, CodeInvalidMerchantID, http.StatusBadRequest, "the merchant id must be text that is not empty"},
	{11, "INVALID_CLIENT_ID", http.StatusBadRequest, "the client id must be a UUID"},
	{12, "INVALID_PATRON_CODE", http.StatusBadRequest, "the patron code must be text that is not empty"},
	{13, "INVALID_DESCRIPTION", http.StatusBadRequest, "the description must be text that is not empty"},
	{14, "INVALID_REFERENCE", http.StatusBadRequest, "the reference must be text that is not empty"},
	{15, "INVALID_NOTIFY_URL", http.StatusBadRequest, "the notify URL must be text that is not empty"},
	{16, CodeInvalidTransactionID, http.StatusBadRequest, "the transaction id must be text that is not empty"},
	{17, api.CodeRequestCancelled, http.StatusBadRequest, "the payment request is cancelled"},
	{18, api.CodeRequestExpired, http.StatusBadRequest, "the payment request has expired"},
	{19, api.CodeRequestPaid, http.StatusBadRequest, "the payment request is paid already"},
	{20, CodeInvalidPaymentExpirySeconds, http.StatusBadRequest, "the expiry must be a positive whole number of seconds"},
	{21, api.CodeForbidden, http.StatusForbidden, "the caller may not do this"},
	{51, "INTERNAL_ERROR", http.StatusInternalServerError, "the service failed"},
	{76, "EXTERNAL_SERVICE", http.StatusServiceUnavailable, "there is no quote of the exchange rate"},
	{77, "INTERNAL_ERROR", http.StatusInternalServerError, "the service failed"},
	{126, "IN_USE", http.StatusForbidden, "it is in use already"},
	{151, "IN_USE", http.StatusForbidden, "it is in use already"},
	{176, "LEDGER_NOT_ENABLED", http.StatusBadRequest, "the merchant does not take payment on this ledger"},
	{177, CodeInvalidLedger, http.StatusBadRequest, "the ledger is not known"},
	{178, "INTERNAL_SERVER_ERROR", http.StatusInternalServerError, "the service failed"},
	{179, "BITCOIN_TRANSACTION_NOT_FOUND", http.StatusNotFound, "there is no such bitcoin transaction"},
	{180, "OLD_TRANSACTION", http.StatusBadRequest, "the transaction is older than the payment request"},
	{181, "INSUFFICIENT_PAYMENT", http.StatusBadRequest, "the transaction pays too little"},
	{182, "MERCHANT_TRANSACTION_LIMIT_EXCEEDED", http.StatusForbidden, "it is above what the merchant may take"},
	{183, "INVALID_TRANSACTION_AMOUNT", http.StatusForbidden, "the transaction has the wrong amount"},
	{184, "INVALID_VOUCHER_AMOUNT", http.StatusForbidden, "the voucher cannot pay this amount"},
	{185, "VOUCHER_EXPIRED", http.StatusForbidden, "the voucher has expired"},
	{186, "INSUFFICIENT_VOUCHER_BALANCE", http.StatusForbidden, "the voucher holds too little"},
	{187, "VOUCHER_UNKNOWN", http.StatusNotFound, "there is no such voucher"},
	{189, "INSUFFICIENT_WALLET_BALANCE", http.StatusForbidden, "the wallet holds too little"},
	{190, CodeTransactionAlreadyExists, http.StatusOK, "the transaction is known already"},
	{191, "OPTIMISTIC_LOCK_ERROR", http.StatusInternalServerError, "two calls changed the same thing at once"},
	{192, "INSUFFICIENT_ASSET_BALANCE", http.StatusForbidden, "the asset holds too little"},
	{193, "INVALID_MERCHANT_CONFIGURATION", http.StatusForbidden, "the merchant config cannot be used"},
	{194, api.CodeInactiveAsset, http.StatusForbidden, "the asset is disabled, expired, spent or refunded"},
	{195, "INVALID_ASSET_ID", http.StatusBadRequest, "the asset id is not one"},
	{196, "INVALID_WALLET_ADDRESS", http.StatusBadRequest, "the wallet address is not one"},
	{197, "INVALID_TRANSACTION", http.StatusBadRequest, "the transaction does not pay the payment request"},
	{198, "UNSUPPORTED_ASSET_TYPE", http.StatusForbidden, "the asset type cannot pay here"},
	{199, api.CodeQuotaExceeded, http.StatusForbidden, "a spending quota of the payer is used up"},
	{276, api.CodeAlreadyRefunded, http.StatusBadRequest, "the payment was given back already"},
	{277, api.CodeInvalidAmount, http.StatusBadRequest, "the amount is more than can be given back"},
	{280, api.CodeRepeatReference, http.StatusBadRequest, "the reference was used before with another amount"},
	{281, api.CodePartialRefundsNotAllowed, http.StatusForbidden, "the asset is refunded whole or not at all"},
	{283, api.CodeInactiveAsset, http.StatusForbidden, "the asset can no longer take the money back"},
}
