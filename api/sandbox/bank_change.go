package sandbox

import (
	"strings"

	"centrapos/api"
)

// addDirectDebit gives a bank account its direct-debit authority, once. Source:
// Centrapay docs, bank accounts, "Adding Direct Debit Authority".
func addDirectDebit(t *tx, c *call, body api.DirectDebitAuthority) (any, error) {
	if err := validateDirectDebit(body); err != nil {
		return nil, err
	}
	b, err := t.bankOf(c, mayUpdateBankAccounts)
	switch {
	case err != nil:
		return nil, err
	case !b.held():
		return nil, forbidden()
	case bool(b.DirectDebitAuthorized):
		return nil, denied(api.CodeDirectDebitAlreadyAuthorized)
	case t.directDebits(b.AccountID) >= MaxDirectDebits:
		return nil, denied(api.CodeDirectDebitLimitExceeded)
	}
	b.DirectDebitAuthority, b.DirectDebitAuthorized = &body, true
	b.modify(t, c.key)
	return b.made(), nil
}

// verification is the body of a verify call, and its answer.
type verification struct {
	VerificationCode api.Text `json:"verificationCode"`
}

// verifyBankAccount verifies a bank account or bank authority. Source: Centrapay
// docs, bank accounts, "Verifying a Bank Account".
func verifyBankAccount(t *tx, c *call, body verification) (any, error) {
	code := string(body.VerificationCode)
	const digits = 4
	switch {
	case code == "":
		return nil, required("verificationCode")
	case len(code) != digits || strings.Trim(code, "0123456789") != "":
		return nil, malformed("verificationCode must have %d digits", digits)
	}
	b, err := t.bankOf(c, mayUpdateBankAccounts)
	switch {
	case err != nil:
		return nil, err
	case bool(b.Verified):
		return nil, denied(api.CodeBankAccountAlreadyVerified)
	case !b.held():
		return nil, forbidden()
	case b.WrongCodes >= BankVerificationTries:
		return nil, denied(api.CodeBankAccountVerificationAttemptsExceeded)
	case code == BankVerificationCodeOfOthers:
		b.WrongCodes++
		return nil, denied(api.CodeAccountMismatch)
	case code != BankVerificationCode:
		b.WrongCodes++
		return nil, denied(api.CodeVerificationCodeInvalid)
	}
	b.Verified, b.Status = true, api.BankAccountActive
	b.modify(t, c.key)
	return body, nil
}

// preferredName is the body of a set-preferred-name call.
type preferredName struct {
	Name string `json:"preferredBankAccountName"`
}

// setPreferredName is there for quartz bank accounts. Source: Centrapay docs, bank
// accounts, "Set Preferred Bank Account Name".
func setPreferredName(t *tx, c *call, body preferredName) (any, error) {
	if body.Name == "" {
		return nil, required("preferredBankAccountName")
	}
	b, err := t.quartzOf(c)
	if err != nil {
		return nil, err
	}
	b.PreferredBankAccountName = body.Name
	b.Activities++
	b.modify(t, c.key)
	return api.BankAccountActivity{
		ActivityNumber: api.Int(b.Activities), Type: "set-preferred-bank-account-name", BankAccountID: b.ID,
		PreferredBankAccountName: body.Name, CreatedAt: b.ModifiedAt, CreatedBy: b.ModifiedBy,
	}, nil
}

// archiveBankAccount is there for quartz bank accounts; it can be repeated. That
// another type is refused with the code of set-preferred-name is not documented.
// Source: Centrapay docs, bank accounts, "Archive Bank Account".
func archiveBankAccount(t *tx, c *call) (any, error) {
	b, err := t.quartzOf(c)
	if err != nil {
		return nil, err
	}
	b.Status = api.BankAccountArchived
	b.modify(t, c.key)
	return b.archived(), nil
}

func (t *tx) quartzOf(c *call) (*bankAccount, error) {
	b, err := t.bankOf(c, mayUpdateBankAccounts)
	if err == nil && b.Type != api.BankAccountQuartz {
		err = denied(api.CodeInvalidBankAccountType)
	}
	return b, err
}
