package pos

// Codes of what a basket refuses, beside those of amounts and quantities; as stable
// as all codes of the till.
const (
	// CodeBasketFixed: the basket, or the line, cannot be changed as it stands: it is
	// being paid, put aside, done, or a part of it is paid.
	CodeBasketFixed = "BASKET_FIXED"
	// CodeBasketEmpty: there is nothing in the basket.
	CodeBasketEmpty = "BASKET_EMPTY"
	// CodeNoSuchLine: the basket has no line, discount or tender of that number.
	CodeNoSuchLine = "NO_SUCH_LINE"
	// CodeInvalidDiscount: a discount is neither a percentage nor an amount that can
	// be taken off.
	CodeInvalidDiscount = "INVALID_DISCOUNT"
	// CodeInvalidTaxRate: a tax rate is no percentage.
	CodeInvalidTaxRate = "INVALID_TAX_RATE"
	// CodeInvalidText: a note, a name or a reason is missing, too long or unreadable.
	CodeInvalidText = "INVALID_TEXT"
	// CodeInvalidTender: what was handed over does not fit what is to be paid.
	CodeInvalidTender = "INVALID_TENDER"
	// CodeInvalidBarcode: a barcode's check digit is wrong, or what it says makes no sense.
	CodeInvalidBarcode = "INVALID_BARCODE"
	// CodeNotRefundable: more is to be given back than is left of it.
	CodeNotRefundable = "NOT_REFUNDABLE"
)

func noSuchLine(problem string) error {
	return &InputError{Code: CodeNoSuchLine, Problem: problem, Remedy: "choose another"}
}
