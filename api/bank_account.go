package api

import (
	"errors"
	"fmt"
)

// BankAccountStatus is where a bank account stands. The documents name no
// values; these are the ones their examples show.
type BankAccountStatus string

// The statuses of a bank account that the documents show.
const (
	BankAccountCreated  BankAccountStatus = "created"
	BankAccountActive   BankAccountStatus = "active"
	BankAccountArchived BankAccountStatus = "archived"
)

// BankAccountType is what a bank account gives access to. Source: Centrapay
// docs, bank accounts, "Bank Account Type".
type BankAccountType string

// The types of bank account.
const (
	// BankAccountCentrapay is for top-up and withdrawal of centrapay.nzd; the type
	// of a bank account that names none.
	BankAccountCentrapay BankAccountType = "centrapay"
	// BankAccountQuartz is for the use of quartz.nzd.
	BankAccountQuartz BankAccountType = "quartz"
	// BankAccountKete was for top-up and withdrawal of kete.nzd, until 2023.
	BankAccountKete BankAccountType = "kete"
)

// BankAccount is an account at a bank from which money comes into a Centrapay
// account and to which it goes out. Bank authorities have the same form, without
// Type. Everything but ID can be absent. Source: Centrapay docs, bank accounts,
// "Bank Account"; the last group of fields stands in older editions or in the
// examples only.
type BankAccount struct {
	// ID is the bankAccountId of other calls.
	ID string `json:"id"`
	// AccountID is the Centrapay account that owns it.
	AccountID string `json:"accountId,omitempty"`
	// BankAccountNumber is as the user gave it, such as 12-1234-1234567-123.
	BankAccountNumber string `json:"bankAccountNumber,omitempty"`
	// BankAccountName is the name of the account at the bank.
	BankAccountName string `json:"bankAccountName,omitempty"`
	// PreferredBankAccountName is given for quartz bank accounts only.
	PreferredBankAccountName string `json:"preferredBankAccountName,omitempty"`
	// Status is created, active or archived in the examples.
	Status BankAccountStatus `json:"status,omitempty"`
	// Type is absent from bank authorities.
	Type BankAccountType `json:"type,omitempty"`
	// Verified says that funds of a top-up are released. Withdrawals need neither
	// this nor a direct-debit authority.
	Verified Bool `json:"verified"`
	// DirectDebitAuthorized says that the user accepted the direct-debit terms, so
	// that top-ups are possible.
	DirectDebitAuthorized Bool `json:"directDebitAuthorized"`
	// DirectDebitAuthority is who authorized direct debits. It stands in the
	// model; no example shows it.
	DirectDebitAuthority *DirectDebitAuthority `json:"directDebitAuthority,omitempty"`
	// Approvals has one summary for each type of approval.
	Approvals []BankAccountApprovalSummary `json:"approvals,omitzero"`
	// EnduringPaymentConsentAuthorized is given for quartz bank accounts only.
	EnduringPaymentConsentAuthorized Bool `json:"enduringPaymentConsentAuthorized,omitempty"`
	// CreatedAt, CreatedBy, ModifiedAt and ModifiedBy are when and by whom it was
	// made and last changed.
	CreatedAt  Timestamp `json:"createdAt,omitzero"`
	CreatedBy  CRN       `json:"createdBy,omitempty"`
	ModifiedAt Timestamp `json:"modifiedAt,omitzero"`
	ModifiedBy CRN       `json:"modifiedBy,omitempty"`
	// Test is set when the bank account is for testing.
	Test Bool `json:"test,omitempty"`

	// BankRegion is "nz" in the examples.
	BankRegion string `json:"bankRegion,omitempty"`
	// Balance and AvailableBalance come with the answer to Archive. They are whole
	// currency units, not cents; see BankAccountBalance.
	Balance          BigNumber `json:"balance,omitempty"`
	AvailableBalance BigNumber `json:"availableBalance,omitempty"`
	// AssetID, PhoneNumber, FullName and EmailAddress are of editions until 2022.
	AssetID      string      `json:"assetId,omitempty"`
	PhoneNumber  PhoneNumber `json:"phoneNumber,omitempty"`
	FullName     string      `json:"fullName,omitempty"`
	EmailAddress string      `json:"emailAddress,omitempty"`
}

// DirectDebitAuthority is who allows money to be taken from a bank account; by
// giving it the user accepts the direct-debit terms. All three are required
// together. Source: Centrapay docs, bank accounts, "Direct Debit Authority".
type DirectDebitAuthority struct {
	// PhoneNumber is how to reach them.
	PhoneNumber PhoneNumber `json:"phoneNumber"`
	// FullName is the first and last name.
	FullName string `json:"fullName"`
	// EmailAddress is how to reach them in writing.
	EmailAddress string `json:"emailAddress"`
}

// BankAccountBalance is what a bank says that a bank account holds. Balance and
// AvailableBalance are in whole currency units with decimals ("101.00" dollars),
// unlike every Monetary of the service: never mix the two. Source: Centrapay
// docs, bank accounts, "Bank Account Balance", experimental.
type BankAccountBalance struct {
	// BankAccountID is the bank account that the balance is of.
	BankAccountID string `json:"bankAccountId"`
	// BankAccountNumber is as the user gave it.
	BankAccountNumber string `json:"bankAccountNumber,omitempty"`
	// Balance is all that is in the account, in whole currency units.
	Balance BigNumber `json:"balance,omitempty"`
	// AvailableBalance is what of it can be spent, in whole currency units.
	AvailableBalance BigNumber `json:"availableBalance,omitempty"`
	// Currency stands in the model, in no example.
	Currency string `json:"currency,omitempty"`
	// Test says that it is no real money.
	Test Bool `json:"test,omitempty"`
}

// BankAccountActivity records what was done to a bank account. Source:
// Centrapay docs, bank accounts, "Set Preferred Bank Account Name".
type BankAccountActivity struct {
	// ActivityNumber counts inside the bank account.
	ActivityNumber Int `json:"activityNumber,omitempty"`
	// Type is what was done: "set-preferred-bank-account-name".
	Type string `json:"type"`
	// BankAccountID is the bank account that it was done to.
	BankAccountID string `json:"bankAccountId,omitempty"`
	// PreferredBankAccountName is the new name.
	PreferredBankAccountName string `json:"preferredBankAccountName,omitempty"`
	// CreatedAt and CreatedBy are when and by whom it was done.
	CreatedAt Timestamp `json:"createdAt,omitzero"`
	CreatedBy CRN       `json:"createdBy,omitempty"`
}

// wholeBankAccount checks what the readers of a bank account rely on.
func wholeBankAccount(a *BankAccount) error {
	switch {
	case a.ID == "":
		return errors.New("it has no id")
	case a.Status == "":
		return errors.New("it has no status")
	case a.Balance.IsSet() && !a.Balance.Valid(), a.AvailableBalance.IsSet() && !a.AvailableBalance.Valid():
		return errors.New("its balance is no number")
	}
	return nil
}

// bankAccountWith checks that an answer is the bank account with an id.
func bankAccountWith(id string) func(*BankAccount) error {
	return func(a *BankAccount) error {
		if a.ID != id && a.ID != "" {
			return fmt.Errorf("it is about bank account %q", clip(a.ID))
		}
		return wholeBankAccount(a)
	}
}

// wholeBankAccounts checks a bare list, which must not be taken for an empty one
// when it is none.
func wholeBankAccounts(list *[]BankAccount) error {
	if *list == nil {
		return errors.New("it is no list")
	}
	for i := range *list {
		if err := wholeBankAccount(&(*list)[i]); err != nil {
			return fmt.Errorf("item %d: %w", i, err)
		}
	}
	return nil
}

func wholeBankAccountBalance(b *BankAccountBalance) error {
	switch {
	case b.BankAccountID == "":
		return errors.New("it has no bankAccountId")
	case !b.Balance.Valid(), b.AvailableBalance.IsSet() && !b.AvailableBalance.Valid():
		return errors.New("its balance is no number")
	}
	return nil
}
