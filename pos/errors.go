package pos

// Codes of the till's own refusals. They stand where the service's message
// codes stand (--json, receipts for support) and are as stable as those.
const (
	// CodeInvalidAmount: an amount is no number, not positive, too large or too fine.
	CodeInvalidAmount = "INVALID_AMOUNT"
	// CodeInvalidCurrency: the currency's code is not one the till knows.
	CodeInvalidCurrency = "INVALID_CURRENCY"
	// CodeInvalidQuantity: a quantity is not positive, too large or too fine.
	CodeInvalidQuantity = "INVALID_QUANTITY"
	// CodeInvalidLineItem: a line item lacks its name or quantity.
	CodeInvalidLineItem = "INVALID_LINE_ITEM"
	// CodeLineItemsSum: the prices of the line items do not add up to the amount.
	CodeLineItemsSum = "LINE_ITEMS_SUM_CHECK_FAILED"
	// CodeInvalidSale: a sale's options contradict one another.
	CodeInvalidSale = "INVALID_SALE"
	// CodeInvalidAction: a refund, a confirmation or a release lacks something or
	// has too much of it.
	CodeInvalidAction = "INVALID_ACTION"
	// CodeInvalidWord: a person's word does not fit the operation, or lacks something.
	CodeInvalidWord = "INVALID_WORD"
	// CodeRepeatReference: this till has used the reference for another refund of
	// the same payment request, and the service would refuse it by the same code; or a
	// sale of the same amount was paid with it.
	CodeRepeatReference = "REPEAT_REFERENCE"
	// CodeRepeatKey: this till has used the key for another confirmation of the same
	// pre-auth; the service would refuse it by the same code.
	CodeRepeatKey = "IDEMPOTENT_OPERATION_FAILED"
	// CodeNotAsAsked: Centrapay made a payment request for another amount or merchant than
	// was asked for. It was called off, and nobody was shown it.
	CodeNotAsAsked = "NOT_AS_ASKED"
	// CodeNetwork: the service could not be reached before anything was sent.
	CodeNetwork = "NETWORK"
	// CodeOutcomeUnknown: what happened is not known yet; recovery will settle it.
	CodeOutcomeUnknown = "OUTCOME_UNKNOWN"
	// CodeLedger: the local record could not be written, so nothing was sent.
	CodeLedger = "LEDGER_UNAVAILABLE"
)

// InputError is bad input that was refused before anything was sent.
type InputError struct {
	Code    string // one of the Code constants
	Problem string // what is wrong, for staff
	Remedy  string // what to do about it, for staff
}

// Error gives what is wrong and what to do.
func (e *InputError) Error() string {
	if e.Remedy == "" {
		return e.Problem
	}
	return e.Problem + ": " + e.Remedy
}
