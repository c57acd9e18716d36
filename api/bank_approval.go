package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// BankAccountApprovalType is what an approval of a bank account allows. Source:
// Centrapay docs, bank account approvals, "Bank Account Approval Types".
type BankAccountApprovalType string

// The types of approval.
const (
	// ApprovalSettlement releases the funds of a settlement wallet; the owner of
	// the bank account proves who they are with an uploaded document.
	ApprovalSettlement BankAccountApprovalType = "settlement"
	// ApprovalAccountInformation is the owner's consent to reading account
	// details from the bank.
	ApprovalAccountInformation BankAccountApprovalType = "account-information-consent"
	// ApprovalEnduringPayment is the owner's consent to payments from the bank.
	ApprovalEnduringPayment BankAccountApprovalType = "enduring-payment-consent"
)

// BankAccountApprovalStatus is where an approval stands.
type BankAccountApprovalStatus string

// The statuses of an approval. Summaries know pending, approved and declined.
const (
	ApprovalCreated  BankAccountApprovalStatus = "created"
	ApprovalPending  BankAccountApprovalStatus = "pending"
	ApprovalApproved BankAccountApprovalStatus = "approved"
	ApprovalDeclined BankAccountApprovalStatus = "declined"
	ApprovalDone     BankAccountApprovalStatus = "done"
)

// BankAccountApprovalSummary is where the approvals of one type stand. Source:
// Centrapay docs, bank accounts, "Bank Account Approval Type Summary".
type BankAccountApprovalSummary struct {
	// Type and Status are what is approved and where that stands.
	Type   BankAccountApprovalType   `json:"type"`
	Status BankAccountApprovalStatus `json:"status"`
	// UpdatedAt is when the status last changed.
	UpdatedAt Timestamp `json:"updatedAt,omitzero"`
}

// BankAccountApproval is an added authorization of a bank account, by Centrapay
// or by its owner. Source: Centrapay docs, bank account approvals, experimental.
type BankAccountApproval struct {
	// ID is the approvalID of other calls.
	ID string `json:"id"`
	// BankAccountID and AccountID are the bank account and the Centrapay account
	// that owns it.
	BankAccountID string `json:"bankAccountId,omitempty"`
	AccountID     string `json:"accountId,omitempty"`
	// Type is what the approval allows.
	Type BankAccountApprovalType `json:"type,omitempty"`
	// Status is where the approval stands.
	Status BankAccountApprovalStatus `json:"status"`
	// CreatedAt, CreatedBy, ModifiedAt and ModifiedBy are when and by whom it was
	// asked for and last changed.
	CreatedAt  Timestamp `json:"createdAt,omitzero"`
	CreatedBy  CRN       `json:"createdBy,omitempty"`
	ModifiedAt Timestamp `json:"modifiedAt,omitzero"`
	ModifiedBy CRN       `json:"modifiedBy,omitempty"`
	// ApprovalActivities are the history of the approval.
	ApprovalActivities []BankAccountApprovalActivity `json:"approvalActivities,omitempty"`
	// MediaUploadID is the document that proves a settlement approval.
	MediaUploadID string `json:"mediaUploadId,omitempty"`
	// RefreshToken comes with the two consents.
	RefreshToken RefreshToken `json:"refreshToken,omitzero"`
	// ConsentID is the consent in the bank's own system.
	ConsentID string `json:"consentId,omitempty"`
}

// BankAccountApprovalActivity records what was done to an approval.
type BankAccountApprovalActivity struct {
	// ActivityNumber counts inside the approval.
	ActivityNumber Int `json:"activityNumber,omitempty"`
	// ApprovalID is the approval that it was done to.
	ApprovalID string `json:"approvalId,omitempty"`
	// ActivityType is what was done; the documents list no values.
	ActivityType string `json:"activityType,omitempty"`
	// CreatedAt and CreatedBy are when and by whom it was done.
	CreatedAt Timestamp `json:"createdAt,omitzero"`
	CreatedBy CRN       `json:"createdBy,omitempty"`
}

// RefreshToken is a long-lived token for access to somebody's bank. No verb of
// fmt, logger or encoder shows it, and JSON gets null in its place, so that no
// file or screen ends up with one. Reveal is the only way to it.
type RefreshToken struct{ secret }

// Reveal returns the token itself, "" when there is none.
func (t RefreshToken) Reveal() string { return t.reveal() }

// IsZero reports whether there is no token.
func (t RefreshToken) IsZero() bool { return !t.isSet() }

// MarshalJSON writes null: there was a token, and it is withheld.
func (t RefreshToken) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

// UnmarshalJSON reads the token. Its error does not repeat it.
func (t *RefreshToken) UnmarshalJSON(data []byte) error {
	text, err := scalarText(data)
	if err != nil {
		return errors.New("decode refresh token: it is no text")
	}
	*t = RefreshToken{}
	if text != "" {
		t.secret = newSecret(text)
	}
	return nil
}

// RequestBankAccountApproval is the body that asks for an approval; all of it is
// required. Source: Centrapay docs, bank account approvals, "Request Bank
// Account Approval".
type RequestBankAccountApproval struct {
	// MediaUploadID is the uploaded document that proves who owns the bank
	// account.
	MediaUploadID string `json:"mediaUploadId"`
	// BankAccountID is the bank account to approve.
	BankAccountID string `json:"bankAccountId"`
	// Type is ApprovalSettlement; the service grants no other on request.
	Type BankAccountApprovalType `json:"type"`
}

func (b RequestBankAccountApproval) validate() *ValidationError {
	return first(
		require("mediaUploadId", b.MediaUploadID),
		require("bankAccountId", b.BankAccountID),
		require("type", string(b.Type)),
	)
}

// RequestApproval asks Centrapay to approve a bank account. Errors of the
// service: APPROVAL_ALREADY_IN_PROGRESS. Experimental.
func (b *BankAccountsClient) RequestApproval(ctx context.Context, body RequestBankAccountApproval, opts ...CallOption) (*BankAccountApproval, Meta, error) {
	return postBank(ctx, b.c, body, body.validate(), wholeApproval, opts, "api", "bank-account-approvals")
}

// GetApproval returns the approval with an id. Experimental.
func (b *BankAccountsClient) GetApproval(ctx context.Context, approvalID string, opts ...CallOption) (*BankAccountApproval, Meta, error) {
	return getBank(ctx, b.c, func(a *BankAccountApproval) error {
		if a.ID != approvalID && a.ID != "" {
			return fmt.Errorf("it is about approval %q", clip(a.ID))
		}
		return wholeApproval(a)
	}, opts, "api", "bank-account-approvals", approvalID)
}

// Approvals returns the approvals of a bank account, in no documented order.
// Experimental.
func (b *BankAccountsClient) Approvals(ctx context.Context, id string, opts ...CallOption) (*Page[BankAccountApproval], Meta, error) {
	return getBank(ctx, b.c, wholePage(wholeApproval), opts, "api", "bank-accounts", id, "approvals")
}

// AcceptApproval accepts an approval; reason may be empty. The service answers
// with nothing. Errors of the service: APPROVAL_ALREADY_REVIEWED. Experimental.
func (b *BankAccountsClient) AcceptApproval(ctx context.Context, approvalID, reason string, opts ...CallOption) (Meta, error) {
	return b.review(ctx, approvalID, reason, "accept", nil, opts)
}

// DeclineApproval declines an approval; reason is required. The service answers
// with nothing. Errors of the service: APPROVAL_ALREADY_REVIEWED. Experimental.
func (b *BankAccountsClient) DeclineApproval(ctx context.Context, approvalID, reason string, opts ...CallOption) (Meta, error) {
	return b.review(ctx, approvalID, reason, "decline", require("reason", reason), opts)
}

func (b *BankAccountsClient) review(ctx context.Context, approvalID, reason, answer string, v *ValidationError, opts []CallOption) (Meta, error) {
	body := struct {
		Reason string `json:"reason,omitempty"`
	}{reason}
	_, meta, err := postBank(ctx, b.c, body, v, emptyBankAnswer, opts, "api", "bank-account-approvals", approvalID, answer)
	return meta, err
}

func wholeApproval(a *BankAccountApproval) error {
	switch {
	case a.ID == "":
		return errors.New("it has no id")
	case a.Status == "":
		return errors.New("it has no status")
	}
	return nil
}

// emptyBankAnswer checks a success that the service answers with {}. More in it
// may come with time; a message would be an error that lost its status.
func emptyBankAnswer(answer *map[string]json.RawMessage) error {
	if *answer == nil {
		return errors.New("it is no object")
	}
	if _, isError := (*answer)["message"]; isError {
		return fmt.Errorf("it is an error with status %d", http.StatusOK)
	}
	return nil
}
