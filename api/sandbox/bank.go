package sandbox

import (
	"net/http"

	"centrapos/api"
)

// Endpoint names of bank accounts, their approvals and connections, and of bank
// authorities.
const (
	EndpointBankCreate          = "bank-create"
	EndpointBankAuthorize       = "bank-authorize"
	EndpointBankGet             = "bank-get"
	EndpointBankVerify          = "bank-verify"
	EndpointBankList            = "bank-list"
	EndpointBankBalances        = "bank-balances"
	EndpointBankPreferredName   = "bank-preferred-name"
	EndpointBankArchive         = "bank-archive"
	EndpointAuthorityCreate     = "authority-create"
	EndpointAuthorityGet        = "authority-get"
	EndpointAuthorityList       = "authority-list"
	EndpointAuthorityVerify     = "authority-verify"
	EndpointApprovalCreate      = "approval-create"
	EndpointApprovalGet         = "approval-get"
	EndpointApprovalList        = "approval-list"
	EndpointApprovalAccept      = "approval-accept"
	EndpointApprovalDecline     = "approval-decline"
	EndpointConnectionIntent    = "connection-intent-create"
	EndpointConnectionAuthorize = "connection-intent-authorize"
)

// What the sandbox fixes so that bank accounts can be tried out.
const (
	// BankVerificationCode verifies any bank account.
	BankVerificationCode = "1111"
	// BankVerificationCodeOfOthers is refused with ACCOUNT_MISMATCH.
	BankVerificationCodeOfOthers = "2222"
	// BankVerificationTries is how many wrong codes one bank account can be tried
	// with.
	BankVerificationTries = 3
	// MaxDirectDebits is how many bank accounts of one account can have a
	// direct-debit authority.
	MaxDirectDebits = 5
	// MaxBankAccountHolders is how many accounts can hold one bank account number;
	// the documented maximum of bank authorities for it, too.
	MaxBankAccountHolders = 2
	// BankBalance is what every bank account holds, in dollars as the balances of
	// bank accounts are.
	BankBalance = "101.00"
	// BankCodePending is the code by which a connection intent is refused with
	// AUTHORIZATION_PENDING; any other completes it.
	BankCodePending = "pending"
)

// bankRoutes are the endpoints of bank accounts and bank authorities.
func bankRoutes() []route {
	const (
		accounts, account     = "/api/bank-accounts", "/api/bank-accounts/{id}"
		owned                 = "/api/accounts/{account}"
		authorities           = "/api/bank-authorities"
		approvals, approval   = "/api/bank-account-approvals", "/api/bank-account-approvals/{id}"
		intents, intentByCode = "/api/bank-account-connection-intents", "/api/bank-account-connection-intents/{id}/authorize"
	)
	post := func(name, path string, handle func(*call) (any, error)) route {
		return route{name: name, method: http.MethodPost, path: path, handle: handle}
	}
	get := func(name, path string, handle func(*call) (any, error)) route {
		return route{name: name, method: http.MethodGet, path: path, handle: handle}
	}
	return []route{
		post(EndpointBankCreate, accounts, withBody(createBankAccount)),
		post(EndpointBankAuthorize, account+"/direct-debit-authorities", withBody(addDirectDebit)),
		get(EndpointBankGet, account, withoutBody(getBankAccount)),
		post(EndpointBankVerify, account+"/verify", withBody(verifyBankAccount)),
		get(EndpointBankList, owned+"/bank-accounts", withoutBody(listBankAccounts)),
		get(EndpointBankBalances, owned+"/bank-account-balances", withoutBody(listBankBalances)),
		post(EndpointBankPreferredName, account+"/set-preferred-name", withBody(setPreferredName)),
		post(EndpointBankArchive, account+"/archive", withoutBody(archiveBankAccount)),
		post(EndpointAuthorityCreate, authorities, withBody(createBankAuthority)),
		get(EndpointAuthorityList, authorities, withoutBody(listBankAuthorities)),
		get(EndpointAuthorityGet, authorities+"/{id}", withoutBody(getBankAuthority)),
		post(EndpointAuthorityVerify, authorities+"/{id}/verify", withBody(verifyBankAccount)),
		post(EndpointApprovalCreate, approvals, withBody(requestApproval)),
		get(EndpointApprovalGet, approval, withoutBody(getApproval)),
		get(EndpointApprovalList, account+"/approvals", withoutBody(listApprovals)),
		post(EndpointApprovalAccept, approval+"/accept", withBody(reviewApproval(api.ApprovalApproved))),
		post(EndpointApprovalDecline, approval+"/decline", withBody(reviewApproval(api.ApprovalDeclined))),
		post(EndpointConnectionIntent, intents, withBody(createIntent)),
		post(EndpointConnectionAuthorize, intentByCode, withBody(authorizeIntent)),
	}
}

// withoutBody makes a handler of what is done in one transaction.
func withoutBody(do func(*tx, *call) (any, error)) func(*call) (any, error) {
	return func(c *call) (answer any, err error) {
		err = c.svc.transact(func(t *tx) (err error) {
			answer, err = do(t, c)
			return err
		})
		return answer, err
	}
}

// withBody is withoutBody for a call with a JSON body, which is read before the
// store is locked.
func withBody[T any](do func(*tx, *call, T) (any, error)) func(*call) (any, error) {
	return func(c *call) (any, error) {
		var body T
		if err := c.decode(&body); err != nil {
			return nil, err
		}
		return withoutBody(func(t *tx, c *call) (any, error) { return do(t, c, body) })(c)
	}
}

// requiredFields refuses a body in which one of the fields, given as name and
// value in turn, is empty.
func requiredFields(namesAndValues ...string) error {
	for i := 0; i+1 < len(namesAndValues); i += 2 {
		if namesAndValues[i+1] == "" {
			return required(namesAndValues[i])
		}
	}
	return nil
}
