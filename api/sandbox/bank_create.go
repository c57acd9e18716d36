package sandbox

import (
	"centrapos/api"
)

// bankBody is the body of a new bank account. The direct-debit fields stand in an
// object in every example, and beside the others in the first edition's table.
type bankBody struct {
	AccountID            string                    `json:"accountId"`
	BankAccountNumber    string                    `json:"bankAccountNumber"`
	BankAccountName      string                    `json:"bankAccountName"`
	DirectDebitAuthority *api.DirectDebitAuthority `json:"directDebitAuthority"`
	PhoneNumber          api.PhoneNumber           `json:"phoneNumber"`
	FullName             string                    `json:"fullName"`
	EmailAddress         string                    `json:"emailAddress"`
	Type                 api.BankAccountType       `json:"type"`
	Test                 api.Bool                  `json:"test"`
}

// directDebit is the authority of a body, wherever it stands; nil for none.
func (b bankBody) directDebit() *api.DirectDebitAuthority {
	flat := api.DirectDebitAuthority{PhoneNumber: b.PhoneNumber, FullName: b.FullName, EmailAddress: b.EmailAddress}
	if b.DirectDebitAuthority == nil && flat != (api.DirectDebitAuthority{}) {
		return &flat
	}
	return b.DirectDebitAuthority
}

func (b bankBody) validate() error {
	if err := requiredFields(
		"accountId", b.AccountID, "bankAccountNumber", b.BankAccountNumber, "bankAccountName", b.BankAccountName,
	); err != nil {
		return err
	}
	switch b.Type {
	case "", api.BankAccountCentrapay, api.BankAccountQuartz, api.BankAccountKete:
	default:
		return malformed("type must be %s or %s", api.BankAccountCentrapay, api.BankAccountQuartz)
	}
	if authority := b.directDebit(); authority != nil {
		return validateDirectDebit(*authority)
	}
	return nil
}

func validateDirectDebit(a api.DirectDebitAuthority) error {
	return requiredFields("phoneNumber", string(a.PhoneNumber), "fullName", a.FullName, "emailAddress", a.EmailAddress)
}

// createBankAccount makes a bank account, or says why not. Source: Centrapay docs,
// bank accounts, "Creating a Bank Account". How many bank accounts there may be is
// not documented, but for bank authorities of one number.
func createBankAccount(t *tx, c *call, body bankBody) (any, error) {
	if err := body.validate(); err != nil {
		return nil, err
	}
	if !c.key.may(mayCreateBankAccounts, body.AccountID) {
		return nil, forbidden()
	}
	if t.holds(body.AccountID, body.BankAccountNumber) {
		return nil, denied(api.CodeDuplicateBankAccount)
	}
	authority := body.directDebit()
	switch {
	case t.holders(body.BankAccountNumber) >= MaxBankAccountHolders:
		return nil, denied(api.CodeBankAccountHolderLimitExceeded)
	case authority != nil && t.directDebits(body.AccountID) >= MaxDirectDebits:
		return nil, denied(api.CodeBankAccountLimitExceeded)
	}
	return t.addBankAccount(c.key, body, authority).made(), nil
}

// createBankAuthority makes a bank account with its authority in one go. Unlike a
// bank account, one account may have two of one number: the docs' own list does.
func createBankAuthority(t *tx, c *call, body bankBody) (any, error) {
	authority := api.DirectDebitAuthority{PhoneNumber: body.PhoneNumber, FullName: body.FullName, EmailAddress: body.EmailAddress}
	if err := requiredFields("accountId", body.AccountID); err != nil {
		return nil, err
	}
	if err := validateDirectDebit(authority); err != nil {
		return nil, err
	}
	if err := body.validate(); err != nil {
		return nil, err
	}
	switch {
	case !c.key.may(mayCreateBankAccounts, body.AccountID):
		return nil, forbidden()
	case t.holders(body.BankAccountNumber) >= MaxBankAccountHolders:
		return nil, denied(api.CodeBankAuthoritiesForBankAccountExceeded)
	case t.directDebits(body.AccountID) >= MaxDirectDebits:
		return nil, denied(api.CodeBankAuthorityLimitExceeded)
	}
	return t.addBankAccount(c.key, body, &authority).asAuthority(), nil
}

func (t *tx) addBankAccount(key Key, body bankBody, authority *api.DirectDebitAuthority) bankAccount {
	b := bankAccount{BankAccount: api.BankAccount{
		ID: t.store.ids.requestID(), AccountID: body.AccountID,
		BankAccountNumber: body.BankAccountNumber, BankAccountName: body.BankAccountName,
		Status: api.BankAccountCreated, Type: body.Type, Test: body.Test,
		DirectDebitAuthority: authority, DirectDebitAuthorized: authority != nil,
		Approvals: []api.BankAccountApprovalSummary{},
		CreatedAt: api.NewTimestamp(t.now), CreatedBy: key.crn(),
	}}
	if b.Type == "" {
		b.Type = api.BankAccountCentrapay
	}
	b.modify(t, key)
	state := t.changeAdmin()
	state.BankAccounts = append(state.BankAccounts, b)
	return b
}

// count counts the bank accounts that are not archived and are meant.
func (t *tx) count(meant func(bankAccount) bool) int {
	n := 0
	for _, b := range t.admin().BankAccounts {
		if b.held() && meant(b) {
			n++
		}
	}
	return n
}

func (t *tx) holds(accountID, number string) bool {
	return t.count(func(b bankAccount) bool { return b.AccountID == accountID && b.sameNumber(number) }) > 0
}

func (t *tx) holders(number string) int {
	return t.count(func(b bankAccount) bool { return b.sameNumber(number) })
}

func (t *tx) directDebits(accountID string) int {
	return t.count(func(b bankAccount) bool { return b.AccountID == accountID && bool(b.DirectDebitAuthorized) })
}
