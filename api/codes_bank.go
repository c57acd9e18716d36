package api

// Codes of creating a bank account and of its direct-debit authority.
const (
	// CodeBankAccountLimitExceeded is an account that has as many bank accounts as
	// it may have. Since 2023 only those with a direct-debit authority count.
	CodeBankAccountLimitExceeded Code = "BANK_ACCOUNT_LIMIT_EXCEEDED"
	// CodeBankAccountHolderLimitExceeded is a bank account number that is held by
	// as many accounts as may hold it.
	CodeBankAccountHolderLimitExceeded Code = "BANK_ACCOUNT_HOLDER_LIMIT_EXCEEDED"
	// CodeDuplicateBankAccount is a bank account that the account has already; also
	// what the repeat of a create that was carried out is refused with.
	CodeDuplicateBankAccount Code = "DUPLICATE_BANK_ACCOUNT"
	// CodeDirectDebitAlreadyAuthorized is a second authority for a bank account.
	CodeDirectDebitAlreadyAuthorized Code = "DIRECT_DEBIT_ALREADY_AUTHORIZED"
	// CodeDirectDebitLimitExceeded is an account that has as many bank accounts
	// with an authority as it may have.
	CodeDirectDebitLimitExceeded Code = "DIRECT_DEBIT_LIMIT_EXCEEDED"
	// CodeInvalidBankAccountType is an action that only quartz bank accounts have.
	CodeInvalidBankAccountType Code = "INVALID_BANK_ACCOUNT_TYPE"
)

// Codes of verifying a bank account or a bank authority.
const (
	// CodeBankAccountAlreadyVerified is a bank account that was verified before.
	CodeBankAccountAlreadyVerified Code = "BANK_ACCOUNT_ALREADY_VERIFIED"
	// CodeVerificationCodeInvalid is a wrong verification code. It is also raised
	// here, before anything is sent, for what is not four digits.
	CodeVerificationCodeInvalid Code = "VERIFICATION_CODE_INVALID"
	// CodeBankAccountVerificationAttemptsExceeded is a bank account for which too
	// many wrong codes were tried.
	CodeBankAccountVerificationAttemptsExceeded Code = "BANK_ACCOUNT_VERIFICATION_ATTEMPTS_EXCEEDED"
	// CodeAccountMismatch is a code from a transaction of another account.
	CodeAccountMismatch Code = "ACCOUNT_MISMATCH"
)

// Codes of creating a bank authority. The documents list them once more under
// reading one, where they cannot arise.
const (
	// CodeBankAuthorityLimitExceeded is an account that has as many bank accounts
	// as it may have.
	CodeBankAuthorityLimitExceeded Code = "BANK_AUTHORITY_LIMIT_EXCEEDED"
	// CodeBankAuthoritiesForBankAccountExceeded is a bank account number that has
	// two authorities already, the most there may be.
	CodeBankAuthoritiesForBankAccountExceeded Code = "BANK_AUTHORITIES_FOR_BANK_ACCOUNT_EXCEEDED"
)

// Codes of approvals and connection intents of bank accounts. The latter share
// CodeLivenessMismatch with connections.
const (
	// CodeApprovalAlreadyInProgress is a request for an approval while another
	// waits for review.
	CodeApprovalAlreadyInProgress Code = "APPROVAL_ALREADY_IN_PROGRESS"
	// CodeApprovalAlreadyReviewed is an approval that was answered before.
	CodeApprovalAlreadyReviewed Code = "APPROVAL_ALREADY_REVIEWED"
	// CodeAuthorizationPending is an authorization that the user's bank has not
	// completed yet.
	CodeAuthorizationPending Code = "AUTHORIZATION_PENDING"
)
