package api

import (
	"errors"
	"fmt"
)

// about checks, beside what check does, that an answer is about the payment
// request that was asked for.
func about(id string, check func(*PaymentRequest) error) func(*PaymentRequest) error {
	return func(r *PaymentRequest) error {
		if r.ID != id && r.ID != "" {
			return fmt.Errorf("it is about payment request %q", clip(r.ID))
		}
		return check(r)
	}
}

// wholePaymentRequest says whether an answer is a payment request as create and
// get return it.
func wholePaymentRequest(r *PaymentRequest) error {
	if err := abridgedPaymentRequest(r); err != nil {
		return err
	}
	if r.URL == "" {
		return errors.New("it has no url")
	}
	return nil
}

// abridgedPaymentRequest checks what also the short forms in listings have.
// Money that is no number would be taken for zero further on.
func abridgedPaymentRequest(r *PaymentRequest) error {
	switch {
	case r.ID == "":
		return errors.New("it has no id")
	case r.Status == "":
		return errors.New("it has no status")
	case !r.Value.Amount.Valid() || r.Value.Currency == "":
		return errors.New("its value is no amount of money")
	case r.RemainingAmount.IsSet() && !r.RemainingAmount.Valid():
		return errors.New("its remainingAmount is no number")
	case r.BasketAmount.IsSet() && !r.BasketAmount.Valid():
		return errors.New("its basketAmount is no number")
	}
	return nil
}

// activityOf checks that an answer is an activity, and not one of another
// payment request.
func activityOf(id string) func(*PaymentActivity) error {
	return func(a *PaymentActivity) error {
		if a.PaymentRequestID != "" && a.PaymentRequestID != id {
			return fmt.Errorf("it is about payment request %q", clip(a.PaymentRequestID))
		}
		return wholeActivity(a)
	}
}

// wholeActivity checks what the reader of an answer to an action relies on.
func wholeActivity(a *PaymentActivity) error {
	switch {
	case a.Type == "":
		return errors.New("it has no type")
	case a.Value.Amount.IsSet() && !a.Value.Amount.Valid():
		return errors.New("its value is no amount of money")
	}
	return nil
}

// listedActivity checks an entry of a history. One that does not say what it
// records, or whose value is no amount, is given as it is: it must not hide the
// others. Whoever adds entries up has to look at both. What has nothing of an
// activity is none.
func listedActivity(id string) func(*PaymentActivity) error {
	return func(a *PaymentActivity) error {
		if id != "" && a.PaymentRequestID != "" && a.PaymentRequestID != id {
			return fmt.Errorf("it is about payment request %q", clip(a.PaymentRequestID))
		}
		if a.Type == "" && a.PaymentRequestID == "" && !a.Value.Amount.IsSet() && a.ActivityNumber == "" {
			return errors.New("it is no activity")
		}
		return nil
	}
}

// answerTo checks that an answer is the activity of a condition that was answered
// in this way, and of that condition, where it says which. Source: Centrapay docs,
// payment requests, "Accept" and "Decline a payment condition".
func answerTo(id string, conditionID Text, want ActivityType) func(*PaymentActivity) error {
	whole := activityOf(id)
	return func(a *PaymentActivity) error {
		if err := whole(a); err != nil {
			return err
		}
		switch {
		case !a.Type.Is(want):
			return fmt.Errorf("it is a %q and not a %q", clip(string(a.Type)), want)
		case a.ConditionID != "" && a.ConditionID != conditionID:
			return fmt.Errorf("it is about condition %q", clip(string(a.ConditionID)))
		}
		return nil
	}
}
