package api

import "context"

// bankEndpoints are the rows of the coverage table about bank accounts and bank
// authorities.
var bankEndpoints = []endpoint{
	{
		call: "BankAccounts.Create", route: "POST /api/bank-accounts",
		fixtures: []string{"seed-bank-accounts-create", "bank-accounts-create"},
		codes:    []Code{CodeBankAccountLimitExceeded, CodeBankAccountHolderLimitExceeded, CodeDuplicateBankAccount},
		retry:    retryOnce, why: noBankKey, make: bankCalls["bank-accounts-create"],
	},
	{
		call: "BankAccounts.Create", variant: "without direct debit", route: "POST /api/bank-accounts",
		fixtures: []string{"seed-bank-accounts-create-without-direct-debit"},
		codes:    []Code{CodeBankAccountLimitExceeded, CodeBankAccountHolderLimitExceeded, CodeDuplicateBankAccount},
		retry:    retryOnce, why: noBankKey, make: bankCalls["seed-bank-accounts-create-without-direct-debit"],
		answer: `{"id":"x","status":"created"}`,
	},
	{
		call: "BankAccounts.AddDirectDebitAuthority", route: "POST /api/bank-accounts/{id}/direct-debit-authorities",
		fixtures: []string{"seed-bank-accounts-add-direct-debit-authority", "bank-accounts-add-direct-debit-authority"},
		codes:    []Code{CodeDirectDebitAlreadyAuthorized, CodeDirectDebitLimitExceeded},
		retry:    retryOnce, why: noBankKey, make: bankCalls["bank-accounts-add-direct-debit-authority"],
	},
	{
		call: "BankAccounts.Get", route: "GET /api/bank-accounts/{id}",
		fixtures: []string{"seed-bank-accounts-get", "bank-accounts-get"},
		retry:    retryRead, make: bankCalls["bank-accounts-get"],
	},
	{
		call: "BankAccounts.Verify", route: "POST /api/bank-accounts/{id}/verify",
		fixtures: []string{"seed-bank-accounts-verify", "bank-accounts-verify"}, codes: verifyCodes,
		retry: retryOnce, why: "it has no key; a wrong code would use up a second try", make: bankCalls["bank-accounts-verify"],
	},
	{
		call: "BankAccounts.ListByAccount", route: "GET /api/accounts/{accountId}/bank-accounts",
		fixtures: []string{"seed-bank-accounts-list", "bank-accounts-list"},
		retry:    retryRead, make: bankCalls["bank-accounts-list"],
	},
	{
		call: "BankAccounts.SetPreferredName", route: "POST /api/bank-accounts/{id}/set-preferred-name",
		fixtures: []string{"bank-accounts-set-preferred-name"}, codes: []Code{CodeInvalidBankAccountType},
		retry: retryOnce, why: "it has no key; a late repeat would undo what was set in between",
		make: bankCalls["bank-accounts-set-preferred-name"],
	},
	{
		call: "BankAccounts.Archive", route: "POST /api/bank-accounts/{id}/archive",
		fixtures: []string{"bank-accounts-archive"},
		retry:    retryOnce, why: noBankKey, make: bankCalls["bank-accounts-archive"],
	},
	{
		call: "BankAccounts.Balances", route: "GET /api/accounts/{accountId}/bank-account-balances",
		fixtures: []string{"bank-accounts-get-balance"}, retry: retryRead, make: bankCalls["bank-accounts-get-balance"],
	},
	{
		call: "BankAccounts.AllBalances", route: "GET /api/accounts/{accountId}/bank-account-balances",
		fixtures: []string{"bank-accounts-get-balance"}, retry: retryRead,
		make: func(ctx context.Context, c *Client) error {
			// The published answer names this as the next page.
			params := ListBankAccountBalancesParams{PageKey: "48a16140-24d2-4aec-b52f-a9d4f8f23876"}
			for _, err := range c.BankAccounts.AllBalances(ctx, "acc", params) {
				if err != nil {
					return err
				}
			}
			return nil
		},
	},
	{
		call: "BankAccounts.RequestApproval", route: "POST /api/bank-account-approvals",
		fixtures: []string{"bank-account-approvals-create"}, codes: []Code{CodeApprovalAlreadyInProgress},
		retry: retryOnce, why: noBankKey, make: bankCalls["bank-account-approvals-create"],
	},
	{
		call: "BankAccounts.GetApproval", route: "GET /api/bank-account-approvals/{id}",
		fixtures: []string{"bank-account-approvals-get"}, retry: retryRead, make: bankCalls["bank-account-approvals-get"],
	},
	{
		call: "BankAccounts.Approvals", route: "GET /api/bank-accounts/{id}/approvals",
		fixtures: []string{"bank-account-approvals-list"}, retry: retryRead, make: bankCalls["bank-account-approvals-list"],
	},
	{
		call: "BankAccounts.AcceptApproval", route: "POST /api/bank-account-approvals/{id}/accept",
		fixtures: []string{"bank-account-approvals-accept"}, codes: []Code{CodeApprovalAlreadyReviewed},
		retry: retryOnce, why: noBankKey, make: bankCalls["bank-account-approvals-accept"],
	},
	{
		call: "BankAccounts.DeclineApproval", route: "POST /api/bank-account-approvals/{id}/decline",
		fixtures: []string{"bank-account-approvals-decline"}, codes: []Code{CodeApprovalAlreadyReviewed},
		retry: retryOnce, why: noBankKey, make: bankCalls["bank-account-approvals-decline"],
	},
	{
		call: "BankAccounts.CreateConnectionIntent", route: "POST /api/bank-account-connection-intents",
		fixtures: []string{"bank-account-connection-intents-create"}, codes: []Code{CodeLivenessMismatch},
		retry: retryOnce, why: noBankKey, make: bankCalls["bank-account-connection-intents-create"],
	},
	{
		call: "BankAccounts.AuthorizeConnectionIntent", route: "POST /api/bank-account-connection-intents/{id}/authorize",
		fixtures: []string{"bank-account-connection-intents-authorize"}, codes: []Code{CodeAuthorizationPending},
		retry: retryOnce, why: "it has no key; a bank's code is good for one use", make: bankCalls["bank-account-connection-intents-authorize"],
	},
	{
		call: "BankAuthorities.Create", route: "POST /api/bank-authorities",
		fixtures: []string{"seed-bank-authorities-create", "bank-authorities-create"},
		codes:    []Code{CodeBankAuthorityLimitExceeded, CodeBankAuthoritiesForBankAccountExceeded},
		retry:    retryOnce, why: noBankKey, make: bankCalls["bank-authorities-create"],
	},
	{
		call: "BankAuthorities.Get", route: "GET /api/bank-authorities/{id}",
		fixtures: []string{"seed-bank-authorities-get", "bank-authorities-get"},
		retry:    retryRead, make: bankCalls["bank-authorities-get"],
	},
	{
		call: "BankAuthorities.List", route: "GET /api/bank-authorities",
		fixtures: []string{"seed-bank-authorities-list", "bank-authorities-list"},
		retry:    retryRead, make: bankCalls["bank-authorities-list"],
	},
	{
		call: "BankAuthorities.Verify", route: "POST /api/bank-authorities/{id}/verify",
		fixtures: []string{"seed-bank-authorities-verify", "seed-bank-authorities-verify-second-response", "bank-authorities-verify"},
		codes:    verifyCodes,
		retry:    retryOnce, why: "it has no key; a wrong code would use up a second try", make: bankCalls["bank-authorities-verify"],
	},
}

const noBankKey = "it has no key; what a repeat is answered with is not documented"

var verifyCodes = []Code{
	CodeBankAccountAlreadyVerified, CodeVerificationCodeInvalid, CodeBankAccountVerificationAttemptsExceeded, CodeAccountMismatch,
}
