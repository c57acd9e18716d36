package api

import (
	"context"
	"errors"
	"net/http"
)

// AccountsClient makes the calls about the caller's accounts. Source: Centrapay
// docs, account memberships.
type AccountsClient struct{ c *Client }

// AccountType tells people's accounts from those of organisations.
type AccountType string

// The documented types of account.
const (
	AccountIndividual AccountType = "individual"
	AccountOrg        AccountType = "org"
)

// AccountRole is what a member may do in an account. Source: Centrapay docs,
// auth, "Permissions"; it shows only these names of roles as the service writes
// them.
type AccountRole string

// The roles whose names were shown.
const (
	RoleAccountOwner     AccountRole = "account-owner"
	RoleMerchantTerminal AccountRole = "merchant-terminal"
)

// AccountMembership is the access of a user or an API key to an account. Source:
// Centrapay docs, account memberships, "Account Membership".
type AccountMembership struct {
	// AccountID is what WithAccount takes, for an account of type org.
	AccountID string `json:"accountId"`
	// AccountName is the name of the account.
	AccountName string `json:"accountName,omitempty"`
	// AccountType tells a person's own account from that of an organisation.
	AccountType AccountType `json:"accountType,omitempty"`
	// Role is what the caller may do in the account.
	Role AccountRole `json:"role,omitempty"`
	// TestAccount is given for test accounts only.
	TestAccount Bool `json:"testAccount,omitempty"`
	// UserID is the member, when it is a person.
	UserID string `json:"userId,omitempty"`
	// Subject is the user or API key that has the access.
	Subject CRN `json:"subject,omitempty"`
	// FirstName, LastName and Email are of the member, when it is a person.
	FirstName string `json:"firstName,omitempty"`
	LastName  string `json:"lastName,omitempty"`
	Email     string `json:"email,omitempty"`
	// CreatedAt, CreatedBy, ModifiedAt and ModifiedBy are when and by whom access
	// was given and last changed.
	CreatedAt  Timestamp `json:"createdAt,omitzero"`
	CreatedBy  CRN       `json:"createdBy,omitempty"`
	ModifiedAt Timestamp `json:"modifiedAt,omitzero"`
	ModifiedBy CRN       `json:"modifiedBy,omitempty"`
}

// Memberships returns the accounts that the credential may act on. It moves
// nothing, so that it is the call by which to check a credential.
func (a *AccountsClient) Memberships(ctx context.Context, opts ...CallOption) ([]AccountMembership, Meta, error) {
	k, err := newCall(http.MethodGet, nil, "api", "account-memberships")
	if err != nil {
		return nil, Meta{}, err
	}
	return invokeArray(ctx, a.c, k, func(m *AccountMembership) error {
		if m.AccountID == "" {
			return errors.New("it has no accountId")
		}
		return nil
	}, opts)
}
