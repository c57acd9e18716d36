package words

// Cancelled says why a payment request was cancelled, as a sentence without its
// capital letter and full stop; false for a reason that is not documented, which has
// to be shown as it is (Payment Requests, Cancellation Reasons).
func Cancelled(reason string) (string, bool) {
	says, ok := cancelled[reason]
	return says, ok
}

var cancelled = map[string]string{
	"CANCELLED_BY_MERCHANT":        "the shop called it off",
	"CANCELLED_BY_PATRON":          "the customer called it off",
	"DECLINED_BY_MERCHANT":         "the shop declined what Centrapay asked it to check",
	"DECLINED_BY_PATRON":           "the customer declined what Centrapay asked",
	"PATRON_CODE_INVALID":          "the customer's code is not one that Centrapay knows",
	"PATRON_CODE_EXPIRED":          "the customer's code is too old",
	"PAYMENT_FAILED":               "the payment failed, and Centrapay does not say why",
	"PAYMENT_DECLINED":             "the customer's payment was declined",
	"PAYMENT_REQUEST_EXPIRED":      "the time ran out before the customer paid",
	"NO_AVAILABLE_PAYMENT_OPTIONS": "the customer has nothing that can pay for this here",
	"INACTIVE_ASSET":               "what the customer wanted to pay with is not active",
	"INSUFFICIENT_ASSET_VALUE":     "the customer's balance is too small",
	"FAILED_TO_GET_PAYMENT_STATUS": "Centrapay could not find out how the payment went",
	"PREAUTH_EXPIRED":              "what was held has run out",
	"LINE_ITEMS_INVALID":           "Centrapay could not read the lines of the sale",
}
