package api

import (
	"context"
	"errors"
	"net/url"
)

// BankConnectionIntentStatus is where a connection intent stands.
type BankConnectionIntentStatus string

// The statuses of a connection intent.
const (
	BankConnectionCreated    BankConnectionIntentStatus = "created"
	BankConnectionAuthorized BankConnectionIntentStatus = "authorized"
	BankConnectionFailed     BankConnectionIntentStatus = "failed"
)

// ConsentPeriod is after what time the amount spent under an enduring payment
// consent starts again from nothing.
type ConsentPeriod string

// The periods of a consent.
const (
	// ConsentDaily is what the service takes when none is given.
	ConsentDaily       ConsentPeriod = "daily"
	ConsentWeekly      ConsentPeriod = "weekly"
	ConsentFortnightly ConsentPeriod = "fortnightly"
	ConsentMonthly     ConsentPeriod = "monthly"
	ConsentYearly      ConsentPeriod = "yearly"
)

// BankConnectionIntent leads a user to their bank, where they allow access to
// bank accounts. Source: Centrapay docs, bank account connection intents,
// experimental.
type BankConnectionIntent struct {
	// ID is what to authorize the connection with.
	ID string `json:"id"`
	// AccountID is the Centrapay account that the bank is connected for.
	AccountID string `json:"accountId,omitempty"`
	// Type is one of the two consents.
	Type BankAccountApprovalType `json:"type,omitempty"`
	// Status is created until the user has allowed access or it failed.
	Status BankConnectionIntentStatus `json:"status"`
	// CreatedAt, CreatedBy, UpdatedAt and UpdatedBy are when and by whom it was
	// made and last changed.
	CreatedAt Timestamp `json:"createdAt,omitzero"`
	CreatedBy CRN       `json:"createdBy,omitempty"`
	UpdatedAt Timestamp `json:"updatedAt,omitzero"`
	UpdatedBy CRN       `json:"updatedBy,omitempty"`
	// AuthorizationURL is where the user begins.
	AuthorizationURL string `json:"authorizationUrl,omitempty"`
	// Test says that no real bank is connected.
	Test Bool `json:"test,omitempty"`
	// Name is that of an enduring payment consent.
	Name string `json:"name,omitempty"`
}

// CreateBankConnectionIntent is the body of a new connection intent. AccountID
// and Type are required. Source: Centrapay docs, bank account connection
// intents, "Create Bank Account Connection Intent".
type CreateBankConnectionIntent struct {
	// AccountID is the Centrapay account to connect the bank for.
	AccountID string `json:"accountId"`
	// Type is ApprovalAccountInformation or ApprovalEnduringPayment.
	Type BankAccountApprovalType `json:"type"`
	// BankAccountID is required for ApprovalEnduringPayment.
	BankAccountID string `json:"bankAccountId,omitempty"`
	// Test connects no real bank.
	Test bool `json:"test,omitempty"`
	// Name, Period and TotalAmount are for ApprovalEnduringPayment only.
	Name string `json:"name,omitempty"`
	// Period is ConsentDaily when empty.
	Period ConsentPeriod `json:"period,omitempty"`
	// TotalAmount is the most for one period, in cents.
	TotalAmount BigNumber `json:"totalAmount,omitempty"`
}

func (b CreateBankConnectionIntent) validate() *ValidationError {
	if v := first(require("accountId", b.AccountID), require("type", string(b.Type))); v != nil {
		return v
	}
	if b.Type == ApprovalEnduringPayment {
		if v := require("bankAccountId", b.BankAccountID); v != nil {
			return v
		}
	}
	if b.TotalAmount.IsSet() && !b.TotalAmount.Valid() {
		return invalid("totalAmount", CodeInvalidAmount, "it is not a number")
	}
	return nil
}

// CreateConnectionIntent starts to connect a bank; send the user to the
// AuthorizationURL that it returns. Errors of the service: LIVENESS_MISMATCH.
// Experimental.
func (b *BankAccountsClient) CreateConnectionIntent(ctx context.Context, body CreateBankConnectionIntent, opts ...CallOption) (*BankConnectionIntent, Meta, error) {
	return postBank(ctx, b.c, body, body.validate(), func(i *BankConnectionIntent) error {
		switch u, err := url.Parse(i.AuthorizationURL); {
		case i.ID == "":
			return errors.New("it has no id")
		case i.Status == "":
			return errors.New("it has no status")
		case err != nil || u.Scheme != "https" && u.Scheme != "http":
			// It will be opened in somebody's browser.
			return errors.New("its authorizationUrl is no web address")
		}
		return nil
	}, opts, "api", "bank-account-connection-intents")
}

// AuthorizeConnectionIntent completes a connection with the code that the bank
// sent the user back with. The service answers with nothing. Errors of the
// service: AUTHORIZATION_PENDING. Experimental.
func (b *BankAccountsClient) AuthorizeConnectionIntent(ctx context.Context, intentID, code string, opts ...CallOption) (Meta, error) {
	body := struct {
		Code string `json:"code"`
	}{code}
	_, meta, err := postBank(ctx, b.c, body, require("code", code), emptyBankAnswer, opts,
		"api", "bank-account-connection-intents", intentID, "authorize")
	return meta, err
}
