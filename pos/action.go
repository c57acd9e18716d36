package pos

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// This file holds the intents of the actions on a payment request that a
// customer has paid or authorized: a refund, a confirmation, a release.

// MaxInvoiceRef is how many characters an invoice reference may have (Payment
// Requests, invoiceRef).
const MaxInvoiceRef = 128

// Refund is money to be given back to a customer (Payment Requests, Refund): the
// intent of a refund, written to the ledger before anything is sent.
type Refund struct {
	// Target is the payment request that was paid.
	Target Target `json:"target"`
	// Value is what is given back.
	Value Money `json:"value"`
	// ExternalRef names this refund among those of its payment request. The service
	// takes a repeat with the same reference and amount for the same refund, so it
	// is minted once and used for every sending.
	ExternalRef string `json:"externalRef"`
	// InvoiceRef is the merchant's invoice or credit note, at most MaxInvoiceRef
	// characters.
	InvoiceRef string `json:"invoiceRef,omitempty"`
	// ConfirmationKey is the key of the confirmation whose money is given back;
	// needed for a pre-auth that was confirmed.
	ConfirmationKey string `json:"confirmationKey,omitempty"`
	// Lines are what is brought back; their prices add up to Value.
	Lines []LineItem `json:"lineItems,omitempty"`
	// MerchantConfigID is the config of the shop that gives the money back, which
	// payments by Farmlands need; see Request.RefundConfig.
	MerchantConfigID string `json:"merchantConfigId,omitempty"`
	Origin           Origin `json:"origin"`
}

// Confirm is an amount to be drawn from an authorized pre-auth (Payment Requests,
// Confirm): the intent of a confirmation, written to the ledger before anything
// is sent.
type Confirm struct {
	// Target is the pre-auth.
	Target Target `json:"target"`
	// Value is what is drawn.
	Value Money `json:"value"`
	// Key is the idempotency key. The service takes a repeat with the same key and
	// content for the same confirmation, so it is minted once and used for every
	// sending. A refund of the confirmation names it.
	Key string `json:"key"`
	// InvoiceRef is the merchant's invoice, at most MaxInvoiceRef characters; required.
	InvoiceRef string `json:"invoiceRef"`
	// Lines are what is delivered; their prices add up to Value; required.
	Lines  []LineItem `json:"lineItems"`
	Origin Origin     `json:"origin"`
}

// Release is the end of a pre-auth: what was not confirmed goes back to the
// customer, and one that was never authorized is cancelled (Payment Requests,
// Release). It has no key.
type Release struct {
	// Target is the pre-auth.
	Target Target `json:"target"`
	Origin Origin `json:"origin"`
}

// Check gives an InputError when the refund cannot be sent as it is: no payment
// request, no reference, a wrong amount, or lines that do not add up to it.
func (r Refund) Check() error {
	if err := r.Target.check("to refund"); err != nil {
		return err
	}
	if err := checkValue(r.Value, r.Target.Value); err != nil {
		return err
	}
	if err := checkRefundRef(r.ExternalRef); err != nil {
		return err
	}
	if err := checkInvoiceRef(r.InvoiceRef); err != nil {
		return err
	}
	return CheckLines(r.Lines, r.Value, Money{})
}

func checkRefundRef(ref string) error {
	if strings.TrimSpace(ref) == "" {
		return &InputError{Code: CodeInvalidAction, Problem: "the refund has no reference",
			Remedy: "leave the reference out to have one made"}
	}
	return nil
}

// Check gives an InputError when the confirmation cannot be sent as it is: no
// payment request, no key, a wrong amount, no invoice reference, no lines, or
// lines that do not add up to the amount.
func (c Confirm) Check() error {
	if err := c.Target.check("to confirm"); err != nil {
		return err
	}
	if err := checkValue(c.Value, c.Target.Value); err != nil {
		return err
	}
	switch {
	case strings.TrimSpace(c.Key) == "":
		return &InputError{Code: CodeInvalidAction, Problem: "the confirmation has no key",
			Remedy: "leave the key out to have one made"}
	case strings.TrimSpace(c.InvoiceRef) == "":
		return &InputError{Code: CodeInvalidAction, Problem: "a confirmation needs the reference of its invoice",
			Remedy: "give the invoice's number"}
	case len(c.Lines) == 0:
		return &InputError{Code: CodeInvalidLineItem, Problem: "a confirmation needs the lines that are delivered",
			Remedy: "give each with its name, quantity and price"}
	}
	if err := checkInvoiceRef(c.InvoiceRef); err != nil {
		return err
	}
	return CheckLines(c.Lines, c.Value, Money{})
}

// Check gives an InputError when there is no payment request to release.
func (r Release) Check() error { return r.Target.check("to release") }

func (t Target) check(purpose string) error {
	if strings.TrimSpace(t.RequestID) == "" {
		return &InputError{Code: CodeInvalidAction, Problem: "there is no payment request " + purpose,
			Remedy: "give its id or short code"}
	}
	return nil
}

// checkValue holds an amount against what the service can be asked for, and
// against the currency of the payment where that is known.
func checkValue(value, of Money) error {
	if err := value.CheckPayable(); err != nil {
		return err
	}
	if of.IsKnown() && of.Currency() != value.Currency() {
		return &InputError{Code: CodeInvalidCurrency,
			Problem: fmt.Sprintf("the payment was in %s and not in %s", of.Currency().Code, value.Currency().Code),
			Remedy:  "give the amount in the payment's own currency"}
	}
	return nil
}

func checkInvoiceRef(ref string) error {
	if n := utf8.RuneCountInString(ref); n > MaxInvoiceRef {
		return &InputError{Code: CodeInvalidAction,
			Problem: fmt.Sprintf("the invoice reference has %d characters", n),
			Remedy:  fmt.Sprintf("give at most %d", MaxInvoiceRef)}
	}
	return nil
}

// RefundConfig is the merchant config to name in a refund of the request: the
// origin's where Farmlands paid towards it, and none otherwise (Payment Requests,
// Refund, merchantConfigId).
func (r Request) RefundConfig(origin Origin) string {
	for _, t := range r.PaidBy {
		if strings.HasPrefix(strings.ToLower(t.AssetType), "farmlands.") {
			return origin.ConfigID
		}
	}
	return ""
}
