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

// wholeActivity checks what the readers of an activity rely on.
func wholeActivity(a *PaymentActivity) error {
	switch {
	case a.Type == "":
		return errors.New("it has no type")
	case a.Value.Amount.IsSet() && !a.Value.Amount.Valid():
		return errors.New("its value is no amount of money")
	}
	return nil
}
