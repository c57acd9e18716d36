package legacy

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"centrapos/api"
)

// Codes of the first generation that the rest of the API does not have. The
// service answers them as messages; those beginning CodeInvalid are also raised
// here before anything is sent. Source: Centrapay docs, legacy payment requests,
// "Errors", and the table of numbered codes of 2020.
const (
	// CodeRequestNotFound is an unknown payment request; the documents give it
	// the status 404 in older editions and 400 today.
	CodeRequestNotFound api.Code = "REQUEST_NOT_FOUND"
	// CodeTransactionNotFound is a refund of an unknown transaction.
	CodeTransactionNotFound api.Code = "TRANSACTION_NOT_FOUND"
	// CodeMerchantConfigurationNotFound is an unknown ClientID.
	CodeMerchantConfigurationNotFound api.Code = "MERCHANT_CONFIGURATION_NOT_FOUND"
	// CodeTransactionAlreadyExists is a payment whose transaction the service
	// knows already. The documents give it the status 200; it does not say that
	// the transaction paid this request, so that its outcome is Unknown at any
	// status.
	CodeTransactionAlreadyExists api.Code = "TRANSACTION_ALREADY_EXISTS"

	CodeInvalidRequestID            api.Code = "INVALID_REQUEST_ID"
	CodeInvalidMerchantID           api.Code = "INVALID_MERCHANT_ID"
	CodeInvalidAsset                api.Code = "INVALID_ASSET"
	CodeInvalidLedger               api.Code = "INVALID_LEDGER"
	CodeInvalidAuthorization        api.Code = "INVALID_AUTHORIZATION"
	CodeInvalidTransactionID        api.Code = "INVALID_TRANSACTION_ID"
	CodeInvalidPaymentExpirySeconds api.Code = "INVALID_PAYMENT_EXPIRY_SECONDS"

	// CodeNotInForm is a call or parameter that the chosen form of the API does
	// not have; it is only raised here.
	CodeNotInForm api.Code = "NOT_IN_FORM"
)

// saidError is an error of the service that came with a status of success.
type saidError struct {
	code  ErrorCode
	shape error
}

func (e *saidError) Error() string {
	return fmt.Sprintf("it is the error %s, with a status of success", e.code.Code)
}

func (e *saidError) Unwrap() error { return e.shape }

// explain returns why the body of a success is not what it should be: because
// it is an error after all, or as err says.
func explain(err error, body []byte) error {
	if code, ok := errorIn(body); ok {
		return &saidError{code: code, shape: err}
	}
	return err
}

// errorIn finds one of the numbered errors in a body. In which member the number
// stands is not documented: code and errorCode are looked at, and a message that
// names an error counts for more. Nothing but the table's own words is taken.
func errorIn(body []byte) (ErrorCode, bool) {
	var wire struct {
		Message   json.RawMessage `json:"message"`
		Code      json.RawMessage `json:"code"`
		ErrorCode json.RawMessage `json:"errorCode"`
	}
	if json.Unmarshal(body, &wire) != nil {
		return ErrorCode{}, false
	}
	for _, member := range []json.RawMessage{wire.Message, wire.Code, wire.ErrorCode} {
		var text api.Text
		if text.UnmarshalJSON(member) != nil {
			continue
		}
		if code, ok := lookUp(saidBy(text.String())); ok {
			return code, true
		}
	}
	return ErrorCode{}, false
}

// saidBy is the code in a message, which may be a number.
func saidBy(message string) api.Code {
	message = strings.TrimSpace(message)
	if _, err := strconv.Atoi(message); err == nil {
		return api.Code(message)
	}
	return api.CodeOf(message)
}

// lookUp finds an error by its name, or by its number written as text.
func lookUp(code api.Code) (ErrorCode, bool) {
	if number, err := strconv.Atoi(string(code)); err == nil {
		return ErrorCodeOf(number)
	}
	for _, known := range errorCodes {
		if known.Code == code {
			return known, true
		}
	}
	return ErrorCode{}, false
}

// named gives an error of a call the name of what the service said, where it
// said it by number or with a status of success. Its outcome stays, but for
// CodeTransactionAlreadyExists, which at any status leaves open who was paid.
func named(err error) error {
	e, ok := errors.AsType[*api.Error](err)
	if !ok {
		return err
	}
	code, found := e.Code, false
	if said, ok := errors.AsType[*saidError](err); ok {
		code, found = said.code.Code, true
	} else if number := saidBy(e.Message); number != e.Code && number != "" {
		var known ErrorCode
		known, found = lookUp(number)
		code = known.Code
	}
	open := code == CodeTransactionAlreadyExists && e.Outcome == api.Refused
	if !found && !open {
		return err
	}
	renamed := *e
	renamed.Code = code
	if open {
		renamed.Outcome = api.Unknown
	}
	return &renamed
}
