package api

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
)

// BankAccountsClient makes the calls about bank accounts, their approvals and
// their connections to a bank. A till's own key may make none of them: they need
// the key or the login of an account owner. Every call returns its Meta also
// when it fails, and fails with an *Error. None of those that change something
// has an idempotency key: they are attempted again only when nothing was sent.
// Source: Centrapay docs, bank accounts.
type BankAccountsClient struct{ c *Client }

// Create makes a new bank account, with a direct-debit authority or without. A
// body that the service could only refuse is not sent. When the outcome is
// Unknown, ListByAccount tells whether it was made; a repeat is then refused with
// DUPLICATE_BANK_ACCOUNT. Errors of the service: BANK_ACCOUNT_LIMIT_EXCEEDED,
// BANK_ACCOUNT_HOLDER_LIMIT_EXCEEDED and DUPLICATE_BANK_ACCOUNT.
func (b *BankAccountsClient) Create(ctx context.Context, body CreateBankAccount, opts ...CallOption) (*BankAccount, Meta, error) {
	return postBank(ctx, b.c, body, body.validate(), wholeBankAccount, opts, "api", "bank-accounts")
}

// AddDirectDebitAuthority gives a bank account its direct-debit authority, once.
// When the outcome is Unknown, Get tells by DirectDebitAuthorized. Errors of the
// service: DIRECT_DEBIT_ALREADY_AUTHORIZED and DIRECT_DEBIT_LIMIT_EXCEEDED.
func (b *BankAccountsClient) AddDirectDebitAuthority(ctx context.Context, id string, body DirectDebitAuthority, opts ...CallOption) (*BankAccount, Meta, error) {
	return postBank(ctx, b.c, body, body.validate(""), bankAccountWith(id), opts, "api", "bank-accounts", id, "direct-debit-authorities")
}

// Get returns the bank account with an id. An unknown id is refused with
// FORBIDDEN. An answer about another bank account is taken as no answer.
func (b *BankAccountsClient) Get(ctx context.Context, id string, opts ...CallOption) (*BankAccount, Meta, error) {
	return getBank(ctx, b.c, bankAccountWith(id), opts, "api", "bank-accounts", id)
}

// Verify verifies a bank account by the four digits that a recent transaction of
// Centrapay shows on its bank's statement. A wrong code uses up one of a few
// tries, so that what is not four digits is not sent. Errors of the service:
// BANK_ACCOUNT_ALREADY_VERIFIED, VERIFICATION_CODE_INVALID,
// BANK_ACCOUNT_VERIFICATION_ATTEMPTS_EXCEEDED and ACCOUNT_MISMATCH.
func (b *BankAccountsClient) Verify(ctx context.Context, id, verificationCode string, opts ...CallOption) (*BankAccountVerification, Meta, error) {
	body := verificationBody{verificationCode}
	return postBank(ctx, b.c, body, body.validate(), verificationOf(id), opts, "api", "bank-accounts", id, "verify")
}

// ListByAccount returns all bank accounts of a Centrapay account.
func (b *BankAccountsClient) ListByAccount(ctx context.Context, accountID string, opts ...CallOption) ([]BankAccount, Meta, error) {
	return listBank(ctx, b.c, opts, "api", "accounts", accountID, "bank-accounts")
}

// SetPreferredName gives a quartz bank account the name that its owner prefers.
// Errors of the service: INVALID_BANK_ACCOUNT_TYPE.
func (b *BankAccountsClient) SetPreferredName(ctx context.Context, id, name string, opts ...CallOption) (*BankAccountActivity, Meta, error) {
	body := struct {
		PreferredBankAccountName string `json:"preferredBankAccountName"`
	}{name}
	return postBank(ctx, b.c, body, require("preferredBankAccountName", name), func(a *BankAccountActivity) error {
		switch {
		case a.Type == "":
			return errors.New("it has no type")
		case a.BankAccountID != id && a.BankAccountID != "":
			return fmt.Errorf("it is about bank account %q", clip(a.BankAccountID))
		}
		return nil
	}, opts, "api", "bank-accounts", id, "set-preferred-name")
}

// Archive archives a quartz bank account; the documents name no way back.
func (b *BankAccountsClient) Archive(ctx context.Context, id string, opts ...CallOption) (*BankAccount, Meta, error) {
	return postBank(ctx, b.c, nil, nil, bankAccountWith(id), opts, "api", "bank-accounts", id, "archive")
}

// ListBankAccountBalancesParams choose what Balances returns.
type ListBankAccountBalancesParams struct {
	// PageKey is the cursor of an earlier page, "" for the first.
	PageKey string
}

// Balances returns one page of what the banks say that the quartz bank accounts
// of a Centrapay account hold, in whole currency units. Experimental.
func (b *BankAccountsClient) Balances(ctx context.Context, accountID string, params ListBankAccountBalancesParams, opts ...CallOption) (*Page[BankAccountBalance], Meta, error) {
	k, err := newCall(http.MethodGet, nil, "api", "accounts", accountID, "bank-account-balances")
	if err != nil {
		return nil, Meta{}, err
	}
	if params.PageKey != "" {
		k.query = url.Values{"pageKey": {params.PageKey}}
	}
	return invoke(ctx, b.c, k, wholePage(wholeBankAccountBalance), opts)
}

// AllBalances goes through all pages of Balances. It ends after the first error,
// and when the service repeats a cursor.
func (b *BankAccountsClient) AllBalances(ctx context.Context, accountID string, params ListBankAccountBalancesParams, opts ...CallOption) iter.Seq2[*BankAccountBalance, error] {
	return allPages(params.PageKey, func(pageKey string) (*Page[BankAccountBalance], error) {
		params.PageKey = pageKey
		page, _, err := b.Balances(ctx, accountID, params, opts...)
		return page, err
	})
}

// postBank makes a call that changes something, unless its body is invalid.
func postBank[T any](ctx context.Context, c *Client, body any, v *ValidationError, check func(*T) error, opts []CallOption, segments ...string) (*T, Meta, error) {
	k, err := newCall(http.MethodPost, body, segments...)
	if err != nil {
		return nil, Meta{}, err
	}
	if v != nil {
		return nil, Meta{}, k.reject(v)
	}
	return invoke(ctx, c, k, check, opts)
}

// getBank makes a call that reads one thing.
func getBank[T any](ctx context.Context, c *Client, check func(*T) error, opts []CallOption, segments ...string) (*T, Meta, error) {
	k, err := newCall(http.MethodGet, nil, segments...)
	if err != nil {
		return nil, Meta{}, err
	}
	return invoke(ctx, c, k, check, opts)
}

// listBank makes a call that reads a bare list of bank accounts.
func listBank(ctx context.Context, c *Client, opts []CallOption, segments ...string) ([]BankAccount, Meta, error) {
	list, meta, err := getBank(ctx, c, wholeBankAccounts, opts, segments...)
	if err != nil {
		return nil, meta, err
	}
	return *list, meta, nil
}
