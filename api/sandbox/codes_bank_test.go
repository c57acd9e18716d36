package sandbox_test

import (
	"centrapos/api"
	"centrapos/api/sandbox"
)

// fullOfDebits gives an account as many direct debits as it can have.
func fullOfDebits(r *rig) {
	for n := range sandbox.MaxDirectDebits {
		r.bank(m{"bankAccountNumber": number(n), "directDebitAuthority": johnDoe()})
	}
}

// heldTwice gives the number of the docs' bank account to two others.
func heldTwice(r *rig) {
	r.as("another-key").bank(m{"accountId": "another"})
	r.as("third-key").bank(m{"accountId": "third", "bankAccountNumber": "12 1234 1234567 123"})
}

// refusedBank refuses a call about a bank account that was made and, perhaps, changed.
func refusedBank(endpoint, message, when, path string, made m, before func(r *rig, id string), body any) refusalCase {
	return bankCase(endpoint, message, when, func(r *rig, refuse func(method, path string, body any)) {
		id := r.bank(made).ID
		if before != nil {
			before(r, id)
		}
		refuse(post, bankAccounts+"/"+id+path, body)
	})
}

func bankCase(endpoint, message, when string, run func(*rig, func(method, path string, body any))) refusalCase {
	return as(ownerKey, refusalCase{endpoint: endpoint, status: 403, message: message, when: when, opts: bankOwners(), run: run})
}

func triedWith(codes ...string) func(*rig, string) {
	return func(r *rig, id string) {
		for _, code := range codes {
			r.call(post, bankAccounts+"/"+id+"/verify", verify(code))
		}
	}
}

func bankRefusals() []refusalCase {
	onAccount := func(endpoint string, code api.Code, before func(*rig), path string, body m) refusalCase {
		return bankCase(endpoint, string(code), "", func(r *rig, refuse func(method, path string, body any)) {
			before(r)
			refuse(post, path, body)
		})
	}
	one := m{"bankAccountNumber": number(9)}
	all := []refusalCase{
		onAccount("bank-create", api.CodeBankAccountLimitExceeded, fullOfDebits, bankAccounts, bankBody(m{"directDebitAuthority": johnDoe()})),
		onAccount("bank-create", api.CodeBankAccountHolderLimitExceeded, heldTwice, bankAccounts, bankBody(nil)),
		onAccount("bank-create", api.CodeDuplicateBankAccount, func(r *rig) { r.bank(nil) }, bankAccounts, bankBody(m{"bankAccountNumber": "1212341234567123"})),
		refusedBank("bank-authorize", "DIRECT_DEBIT_ALREADY_AUTHORIZED", "", "/direct-debit-authorities", m{"directDebitAuthority": johnDoe()}, nil, johnDoe()),
		refusedBank("bank-authorize", "DIRECT_DEBIT_LIMIT_EXCEEDED", "", "/direct-debit-authorities", nil, func(r *rig, _ string) { fullOfDebits(r) }, johnDoe()),
		refusedBank("bank-preferred-name", "INVALID_BANK_ACCOUNT_TYPE", "", "/set-preferred-name", one, nil, m{"preferredBankAccountName": "x"}),
		refusedBank("bank-archive", "INVALID_BANK_ACCOUNT_TYPE", "", "/archive", one, nil, nil),
		onAccount("authority-create", api.CodeBankAuthorityLimitExceeded, fullOfDebits, authorities, authorityBody(nil)),
		onAccount("authority-create", api.CodeBankAuthoritiesForBankAccountExceeded, func(r *rig) {
			ok[any](r, post, authorities, authorityBody(nil))
			ok[any](r, post, authorities, authorityBody(nil))
		}, authorities, authorityBody(nil)),
	}
	for endpoint, root := range map[string]string{"bank-verify": bankAccounts, "authority-verify": authorities} {
		for _, c := range []struct {
			code   api.Code
			before func(*rig, string)
			with   string
		}{
			{api.CodeBankAccountAlreadyVerified, triedWith("1111"), "1111"},
			{api.CodeVerificationCodeInvalid, triedWith("0000"), "1234"},
			{api.CodeBankAccountVerificationAttemptsExceeded, triedWith("0000", "9999", "2222"), "1111"},
			{api.CodeAccountMismatch, nil, sandbox.BankVerificationCodeOfOthers},
		} {
			all = append(all, bankCase(endpoint, string(c.code), "", func(r *rig, refuse func(method, path string, body any)) {
				id := r.bank(one).ID
				if c.before != nil {
					c.before(r, id)
				}
				refuse(post, root+"/"+id+"/verify", verify(c.with))
			}))
		}
	}
	return append(append(all, approvalCases()...), bankForbiddenCases()...)
}

// approvalCases are about approvals and connection intents.
func approvalCases() []refusalCase {
	const approvals = "/api/bank-account-approvals"
	ask := func(r *rig) api.BankAccountApproval {
		return ok[api.BankAccountApproval](r, post, approvals, approvalBody(r.bank(nil).ID))
	}
	reviewed := func(endpoint, answer string) refusalCase {
		return bankCase(endpoint, "APPROVAL_ALREADY_REVIEWED", "", func(r *rig, refuse func(method, path string, body any)) {
			path := approvals + "/" + ask(r).ID
			ok[any](r, post, path+"/accept", m{})
			refuse(post, path+"/"+answer, m{"reason": "x"})
		})
	}
	return []refusalCase{
		bankCase("approval-create", "APPROVAL_ALREADY_IN_PROGRESS", "", func(r *rig, refuse func(method, path string, body any)) {
			refuse(post, approvals, approvalBody(ask(r).BankAccountID))
		}),
		reviewed("approval-accept", "accept"),
		reviewed("approval-decline", "decline"),
		bankCase("connection-intent-create", "LIVENESS_MISMATCH", "", func(r *rig, refuse func(method, path string, body any)) {
			id := r.bank(m{"type": "quartz", "test": true}).ID
			refuse(post, intents, intentBody(m{"type": "enduring-payment-consent", "bankAccountId": id, "test": false}))
		}),
		bankCase("connection-intent-authorize", "AUTHORIZATION_PENDING", "", func(r *rig, refuse func(method, path string, body any)) {
			id := ok[api.BankConnectionIntent](r, post, intents, intentBody(nil)).ID
			refuse(post, intents+"/"+id+"/authorize", m{"code": sandbox.BankCodePending})
		}),
	}
}

// bankForbiddenCases ask for what is not there, or for another account.
func bankForbiddenCases() []refusalCase {
	const approvals = "/api/bank-account-approvals"
	var all []refusalCase
	for _, c := range []struct {
		endpoint, method, path string
		body                   any
	}{
		{"bank-create", post, bankAccounts, bankBody(m{"accountId": "another"})},
		{"bank-authorize", post, bankAccounts + "/none/direct-debit-authorities", johnDoe()},
		{"bank-get", get, bankAccounts + "/none", nil},
		{"bank-verify", post, bankAccounts + "/none/verify", verify("1111")},
		{"bank-list", get, "/api/accounts/another/bank-accounts", nil},
		{"bank-balances", get, "/api/accounts/another/bank-account-balances", nil},
		{"bank-preferred-name", post, bankAccounts + "/none/set-preferred-name", m{"preferredBankAccountName": "x"}},
		{"bank-archive", post, bankAccounts + "/none/archive", nil},
		{"authority-create", post, authorities, authorityBody(m{"accountId": "another"})},
		{"authority-get", get, authorities + "/none", nil},
		{"authority-verify", post, authorities + "/none/verify", verify("1111")},
		{"approval-create", post, approvals, approvalBody("none")},
		{"approval-get", get, approvals + "/none", nil},
		{"approval-list", get, bankAccounts + "/none/approvals", nil},
		{"approval-accept", post, approvals + "/none/accept", m{}},
		{"approval-decline", post, approvals + "/none/decline", m{"reason": "x"}},
		{"connection-intent-create", post, intents, intentBody(m{"accountId": "another"})},
		{"connection-intent-authorize", post, intents + "/none/authorize", m{"code": "x"}},
	} {
		all = append(all, bankCase(c.endpoint, "Forbidden", "not there, or another account's", func(_ *rig, refuse func(method, path string, body any)) {
			refuse(c.method, c.path, c.body)
		}))
	}
	return append(all, plainCase("authority-list", 403, "Forbidden", "a merchant terminal", get, authorities, nil))
}
