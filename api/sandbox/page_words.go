package sandbox

import (
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// problemText says to people why what they pressed was not done, and whether
// money moved.
func problemText(err error) string {
	switch codeOf(err) {
	case api.CodeRequestPaid:
		return "This has already been paid."
	case api.CodeRequestCancelled:
		return "This payment was cancelled."
	case api.CodeRequestExpired:
		return "The time to pay has run out."
	case api.CodeInsufficientAssetValue:
		return "There is not enough money in that wallet. Nothing was charged. Choose another one, or pay a part."
	case api.CodeInactiveAsset:
		return "That wallet is switched off, or has been used. Nothing was charged. Choose another one."
	case api.CodeQuotaExceeded:
		return "That wallet has reached its limit. Nothing was charged. Choose another one."
	case api.CodeAssetRedemptionDenied:
		return "That wallet cannot be used for this. Nothing was charged. Choose another one."
	case api.CodeInvalidAssetType:
		return "The shop does not take that wallet for this. Nothing was charged. Choose another one."
	case api.CodePaymentDeclined:
		return "The payment was declined. Nothing was charged."
	case api.CodePaymentUnconfirmed:
		return "The wallet did not answer in time, so the payment may have gone through. Look below before you try again."
	case api.CodeIdempotentOperationFailed:
		return "This form has been sent before. Nothing more was charged."
	case api.CodeConditionAlreadySet:
		return "That has already been answered."
	case api.CodePatronNotAuthorized:
		return "The shop has to answer that, not you."
	case api.CodeInvalidMerchantConfig:
		return "The shop cannot take payments at the moment. Nothing was charged."
	default:
		return "That did not work. Nothing was charged."
	}
}

// cancelledBecause says to a customer why a payment is cancelled.
func cancelledBecause(reason api.CancellationReason) string {
	switch reason {
	case api.CancelledByPatron:
		return "You cancelled this payment."
	case api.CancelledByMerchant:
		return "The shop cancelled this payment."
	case api.CancelledDeclinedByPatron:
		return "You said no, so this payment has ended."
	case api.CancelledDeclinedByMerchant:
		return "The shop said no, so this payment has ended."
	case api.CancelledPatronCodeInvalid, api.CancelledPatronCodeExpired:
		return "The code that was scanned can no longer be used."
	case api.CancelledPaymentDeclined:
		return "The payment was declined."
	case api.CancelledInactiveAsset:
		return "The card or wallet is not active."
	case api.CancelledInsufficientAssetValue:
		return "There was not enough money in the wallet."
	default:
		return "The payment could not be completed (" + string(reason) + ")."
	}
}

// walletNote says in a few words what to expect of a wallet.
func walletNote(w Wallet, left decimal.Decimal, limited bool, currency string) string {
	switch {
	case w.PayRefusal == api.CodeInactiveAsset:
		return "Switched off"
	case w.PayRefusal == api.CodeQuotaExceeded:
		return "Has reached its limit"
	case w.PayRefusal == api.CodeAssetRedemptionDenied:
		return "Is turned away"
	case w.PayRefusal != "":
		return "Declines every payment"
	case w.Unconfirmed:
		return "Pays, but does not say so in time"
	case w.RefundRefusal == api.CodePartialRefundsNotAllowed:
		return "Pays; gives all back, or nothing"
	case w.RefundRefusal != "":
		return "Pays, but gives nothing back"
	case limited:
		return money(left, currency) + " in it"
	}
	return "Never runs dry"
}

// storyText says what an activity was; "" for one that says nothing new.
func storyText(a api.PaymentActivity, r *request) string {
	value := money(a.Value.Amount.Decimal(), r.Asked.Value.Currency)
	switch a.Type {
	case api.ActivityRequest, api.ActivityPreAuthRequest:
		return r.MerchantName + " asked for " + value
	case api.ActivityPayment:
		with := describe(a.AssetType)
		if a.External {
			with = "another way of paying"
		}
		return value + " was paid with " + with
	case api.ActivityAuthorization:
		return value + " was set aside"
	case api.ActivityConfirmation:
		return value + " was charged"
	case api.ActivityRelease:
		return value + " was set free again"
	case api.ActivityRefund:
		return value + " went back"
	case api.ActivityCancellation:
		return cancelledBecause(a.CancellationReason)
	case api.ActivityExpiry:
		return "The time to pay ran out"
	case api.ActivityAcceptCondition:
		return "Yes to: " + r.asksFor(a.ConditionID)
	case api.ActivityDeclineCondition:
		return "No to: " + r.asksFor(a.ConditionID)
	case api.ActivityPaid:
	}
	return ""
}

// asksFor is the text of a condition.
func (r *request) asksFor(id api.Text) string {
	i := slices.IndexFunc(r.Conditions, func(c api.PaymentCondition) bool { return c.ID == id })
	if i < 0 {
		return "a condition"
	}
	return r.Conditions[i].Message
}

// money writes an amount in smallest units for people, without a code where they
// know the sign.
func money(amount decimal.Decimal, currency string) string {
	const cents = -2
	text := amount.Abs().Shift(cents).StringFixed(2)
	switch currency {
	case "NZD", "AUD", "USD", "CAD":
		text = "$" + text
	case "EUR":
		text = "€" + text
	default:
		text += " " + currency
	}
	if amount.IsNegative() {
		return "−" + text
	}
	return text
}

// dollars writes an amount in smallest units for a printed receipt.
func dollars(amount api.BigNumber, currency string) string {
	const cents = -2
	text := amount.Decimal().Shift(cents).StringFixed(2)
	if currency == "EUR" {
		return text + " " + currency
	}
	if debt, negative := strings.CutPrefix(text, "-"); negative {
		return "-$" + debt + " " + currency
	}
	return "$" + text + " " + currency
}

// span writes a duration as the pages' clocks do.
func span(d time.Duration) string {
	const day = 24 * time.Hour
	d = d.Truncate(time.Second)
	switch minutes := int(d / time.Minute); {
	case d >= 2*day:
		return plural(int(d/day), "day")
	case d >= time.Hour:
		return itoa(minutes/60) + " h " + itoa(minutes%60) + " min"
	default:
		seconds := itoa(int(d/time.Second) % 60)
		if len(seconds) < 2 {
			seconds = "0" + seconds
		}
		return itoa(minutes) + ":" + seconds
	}
}
