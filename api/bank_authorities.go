package api

import "context"

// BankAuthoritiesClient makes the calls about bank authorities, the deprecated
// form of bank accounts, which every new program should use instead. They answer
// with the same model and are attempted again as those are. Source: Centrapay
// docs, bank accounts.
type BankAuthoritiesClient struct{ c *Client }

// Create makes a bank account together with its direct-debit authority. A body
// that the service could only refuse is not sent. When the outcome is Unknown,
// List tells whether it was made. Errors of the service:
// BANK_AUTHORITY_LIMIT_EXCEEDED and BANK_AUTHORITIES_FOR_BANK_ACCOUNT_EXCEEDED.
func (b *BankAuthoritiesClient) Create(ctx context.Context, body CreateBankAuthority, opts ...CallOption) (*BankAccount, Meta, error) {
	return postBank(ctx, b.c, body, body.validate(), wholeBankAccount, opts, "api", "bank-authorities")
}

// Get returns the bank authority with the id of its bank account. An answer
// about another one is taken as no answer.
func (b *BankAuthoritiesClient) Get(ctx context.Context, bankAccountID string, opts ...CallOption) (*BankAccount, Meta, error) {
	return getBank(ctx, b.c, bankAccountWith(bankAccountID), opts, "api", "bank-authorities", bankAccountID)
}

// List returns all bank authorities of the caller.
func (b *BankAuthoritiesClient) List(ctx context.Context, opts ...CallOption) ([]BankAccount, Meta, error) {
	return listBank(ctx, b.c, opts, "api", "bank-authorities")
}

// Verify verifies a bank authority, as BankAccountsClient.Verify does a bank
// account. Errors of the service: BANK_ACCOUNT_ALREADY_VERIFIED,
// VERIFICATION_CODE_INVALID, BANK_ACCOUNT_VERIFICATION_ATTEMPTS_EXCEEDED and
// ACCOUNT_MISMATCH.
func (b *BankAuthoritiesClient) Verify(ctx context.Context, bankAccountID, verificationCode string, opts ...CallOption) (*BankAccountVerification, Meta, error) {
	body := verificationBody{verificationCode}
	return postBank(ctx, b.c, body, body.validate(), verificationOf(bankAccountID), opts, "api", "bank-authorities", bankAccountID, "verify")
}
