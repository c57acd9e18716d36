package api

// CreateBankAccount is the body of a new bank account. AccountID,
// BankAccountNumber and BankAccountName are required. Source: Centrapay docs,
// bank accounts, "Create Bank Account".
type CreateBankAccount struct {
	// AccountID is the Centrapay account that will own it.
	AccountID string `json:"accountId"`
	// BankAccountNumber is sent as it is; only the service can judge it.
	BankAccountNumber string `json:"bankAccountNumber"`
	// BankAccountName is the name of the account at the bank.
	BankAccountName string `json:"bankAccountName"`
	// DirectDebitAuthority also authorizes direct debits; nil does not.
	DirectDebitAuthority *DirectDebitAuthority `json:"directDebitAuthority,omitempty"`
	// Type is BankAccountCentrapay when empty.
	Type BankAccountType `json:"type,omitempty"`
	// Test makes a bank account that moves no real money.
	Test bool `json:"test,omitempty"`
}

func (b CreateBankAccount) validate() *ValidationError {
	if v := first(
		require("accountId", b.AccountID),
		require("bankAccountNumber", b.BankAccountNumber),
		require("bankAccountName", b.BankAccountName),
	); v != nil {
		return v
	}
	if b.DirectDebitAuthority == nil {
		return nil
	}
	return b.DirectDebitAuthority.validate("directDebitAuthority.")
}

// validate names the fields with a prefix, for where the authority is nested.
func (a DirectDebitAuthority) validate(prefix string) *ValidationError {
	return first(
		require(prefix+"phoneNumber", a.PhoneNumber.String()),
		require(prefix+"fullName", a.FullName),
		require(prefix+"emailAddress", a.EmailAddress),
	)
}

// CreateBankAuthority is the body of a new bank authority: a bank account and
// its direct-debit authority in one. All but DirectDebitAuthorized are required.
// Source: Centrapay docs, bank accounts, "Create Bank Authority", deprecated.
type CreateBankAuthority struct {
	// AccountID is the Centrapay account that will own it.
	AccountID string `json:"accountId"`
	// FullName, PhoneNumber and EmailAddress are of the person who authorizes
	// direct debits.
	FullName     string      `json:"fullName"`
	PhoneNumber  PhoneNumber `json:"phoneNumber"`
	EmailAddress string      `json:"emailAddress"`
	// BankAccountNumber is sent as it is; only the service can judge it. No more
	// than two authorities are allowed for one number.
	BankAccountNumber string `json:"bankAccountNumber"`
	// BankAccountName is the name of the account at the bank.
	BankAccountName string `json:"bankAccountName"`
	// DirectDebitAuthorized is sent by the example of the first edition, stands in
	// none of its tables, and is gone today. False leaves it out.
	DirectDebitAuthorized bool `json:"directDebitAuthorized,omitempty"`
}

func (b CreateBankAuthority) validate() *ValidationError {
	return first(
		require("accountId", b.AccountID),
		require("fullName", b.FullName),
		require("phoneNumber", b.PhoneNumber.String()),
		require("emailAddress", b.EmailAddress),
		require("bankAccountNumber", b.BankAccountNumber),
		require("bankAccountName", b.BankAccountName),
	)
}

// verificationBody carries a verification code.
type verificationBody struct {
	VerificationCode string `json:"verificationCode"`
}

// validate refuses what is not four digits, which all editions of the documents
// say a code has, since every wrong code uses up one of a few tries.
func (b verificationBody) validate() *ValidationError {
	const digits = 4
	if v := require("verificationCode", b.VerificationCode); v != nil {
		return v
	}
	if len(b.VerificationCode) != digits || !isDigits(b.VerificationCode) {
		return invalid("verificationCode", CodeVerificationCodeInvalid, "it is not four digits")
	}
	return nil
}
