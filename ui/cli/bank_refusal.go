package cli

import (
	"centrapos/api"
)

// bankRefusals are what the codes mean that only bank accounts are refused with
// (Bank Accounts, and Bank Authorities, errors of each endpoint), and what to do.
var bankRefusals = map[api.Code][2]string{
	api.CodeBankAccountLimitExceeded: {"this account has as many bank accounts as it may have", "Ask Centrapay support."},
	api.CodeBankAccountHolderLimitExceeded: {"as many accounts hold this bank account as may hold it",
		"Check the number; ask Centrapay support if it is right."},
	api.CodeDuplicateBankAccount: {"this account has this bank account already", "Look with \"centrapos bank list\"."},
	api.CodeDirectDebitAlreadyAuthorized: {"direct debits are authorized already for this bank account",
		"Nothing more is to be done; \"centrapos bank list\" shows it."},
	api.CodeDirectDebitLimitExceeded: {"this account has as many bank accounts with direct debits as it may have", "Ask Centrapay support."},
	api.CodeInvalidBankAccountType:   {"only bank accounts of the type quartz can do this", "\"centrapos bank show ID --json\" tells the type."},
	api.CodeBankAccountAlreadyVerified: {"this bank account was verified before",
		"Nothing more is to be done."},
	api.CodeVerificationCodeInvalid: {"the code is not the right one",
		"Look for the four digits beside a recent transaction of Centrapay on the bank statement, and try them; the number of tries is limited."},
	api.CodeBankAccountVerificationAttemptsExceeded: {"too many wrong codes were tried for this bank account", "Ask Centrapay support."},
	api.CodeAccountMismatch:                         {"the code is of a transaction of another account", "Use one that stands beside a transaction of this bank account."},
	api.CodeBankAuthorityLimitExceeded:              {"this account has as many bank authorities as it may have", "Ask Centrapay support."},
	api.CodeBankAuthoritiesForBankAccountExceeded: {"this bank account has two authorities already, the most there may be",
		"Look with \"centrapos bank authorities list\"."},
}

// bankRefusal says what a code means that only bank accounts are refused with; ""
// for the others.
func bankRefusal(code api.Code) (says, next string) {
	meaning, ok := bankRefusals[code]
	if !ok {
		return "", ""
	}
	return meaning[0] + " (" + string(code) + ")", meaning[1]
}
