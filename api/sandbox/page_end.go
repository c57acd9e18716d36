package sandbox

import (
	"github.com/shopspring/decimal"

	"centrapos/api"
)

// describeEnd shows how a request ended, and where the money is now.
func (r *request) describeEnd(v *payView) {
	switch r.Status {
	case api.StatusPaid:
		v.Watch = watchEvery.Milliseconds() // it may yet be refunded
		if r.Asked.PreAuth {
			r.describeHeld(v)
		} else {
			r.describePaid(v)
		}
	case api.StatusCancelled:
		v.Kind, v.Heading = "over", "Cancelled"
		v.Sentences = []string{cancelledBecause(r.Reason), r.whereTheMoneyIs()}
	case api.StatusExpired:
		v.Kind, v.Heading = "over", "Too late"
		v.Sentences = []string{"The time to pay has run out.", r.whereTheMoneyIs()}
	case api.StatusNew:
	}
	v.Title = v.Heading + " – " + v.Merchant
}

// back is what of the payments went back.
func (r *request) back() decimal.Decimal {
	sum := decimal.Zero
	for _, p := range r.Payments {
		sum = sum.Add(p.Back)
	}
	return sum
}

// whereTheMoneyIs says what became of payments towards a request that ended
// without being paid.
func (r *request) whereTheMoneyIs() string {
	currency := r.Asked.Value.Currency
	kept := r.paid().Sub(r.back())
	switch {
	case r.paid().IsZero():
		return "You have not been charged."
	case kept.IsZero():
		return "The " + money(r.paid(), currency) + " you had paid went back to where it came from."
	default:
		return "Of the " + money(r.paid(), currency) + " you had paid, " + money(kept, currency) + " has not gone back."
	}
}

func (r *request) describePaid(v *payView) {
	currency := r.Asked.Value.Currency
	paid, back, kept := r.paid(), r.back(), r.paid().Sub(r.back())
	v.Kind, v.Heading = "paid", "Paid "+money(paid, currency)
	switch {
	case back.IsPositive() && kept.IsZero():
		v.Kind, v.Heading = "over", "Refunded "+money(back, currency)
		v.Sentences = append(v.Sentences, "All you had paid went back to where it came from.")
	case back.IsPositive():
		v.Heading += ", " + money(back, currency) + " of it refunded"
		v.Sentences = append(v.Sentences, "You have paid "+money(kept, currency)+" in all.")
	case r.remaining().IsPositive():
		v.Heading += " of " + money(r.value(), currency)
		v.Sentences = append(v.Sentences, "Please pay the other "+money(r.remaining(), currency)+" at the counter.")
	default:
		v.Sentences = append(v.Sentences, "Thank you!")
	}
	if rest := r.Asked.BasketAmount.Decimal().Sub(r.value()); rest.IsPositive() && back.IsZero() {
		v.Sentences = append(v.Sentences, "The other "+money(rest, currency)+" of your basket is paid at the counter.")
	}
	totals := r.paidBy().AssetTotals
	for _, t := range totals {
		with := "With " + t.Description
		if len(totals) > 1 {
			with = money(t.Total.Amount.Decimal(), currency) + " with " + t.Description
		}
		v.PaidWith = append(v.PaidWith, with)
	}
}

// describeHeld shows a pre-auth that was authorized: what is held, and what of it
// was charged.
func (r *request) describeHeld(v *payView) {
	currency := r.Asked.Value.Currency
	drawn := decimal.Zero
	for _, c := range r.Confirmations {
		drawn = drawn.Add(c.kept())
	}
	held := total(r.loose())
	v.Kind, v.Heading = "held", "Authorised up to "+money(r.value(), currency)
	if r.PreAuthStatus == api.PreAuthReleased || held.IsZero() {
		v.Kind, v.Heading = "paid", "Charged "+money(drawn, currency)
		v.Sentences = append(v.Sentences, "Of the "+money(r.value(), currency)+" set aside, nothing is held any more.")
		if drawn.IsZero() {
			v.Kind, v.Heading = "over", "Nothing charged"
		}
		return
	}
	charged := "Nothing has been charged yet."
	if drawn.IsPositive() {
		charged = money(drawn, currency) + " has been charged."
	}
	v.Sentences = append(v.Sentences, charged,
		money(held, currency)+" is set aside until "+r.PreAuthExpiresAt.Local().Format("2 January 2006")+" at the latest.")
	for _, p := range r.Payments {
		v.PaidWith = append(v.PaidWith, "With "+payerText(p))
	}
}
