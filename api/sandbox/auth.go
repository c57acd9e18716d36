package sandbox

import (
	"net/http"
	"slices"

	"centrapos/api"
	"centrapos/api/auth"
)

// Role says what an API key or a user may do: see auth.May for the documented
// table, by which the sandbox goes. Source: Centrapay docs, auth, roles.
type Role string

// The roles of the documented table. The service gives API keys one of the first
// two; the docs do not print the names of the others.
const (
	RoleMerchantTerminal      = Role(auth.MerchantTerminal)
	RoleAccountOwner          = Role(auth.AccountOwner)
	RoleCashier               = Role(auth.Cashier)
	RoleAnonymousConsumer     = Role(auth.AnonymousConsumer)
	RoleExternalAssetProvider = Role(auth.ExternalAssetProvider)
)

// known tells whether there is such a role.
func (r Role) known() bool { return slices.Contains(auth.Current.Roles(), auth.Role(r)) }

// Key is an API key; it acts for exactly one account.
type Key struct {
	Secret string
	// Name stands in the resource names of what the key did.
	Name        string
	AccountID   string
	AccountName string
	Role        Role
	// user is the id of the user whose token it is, "" for an API key; chargedTo is
	// then the account that calls count for.
	user, chargedTo string
}

func (k Key) crn() api.CRN {
	if k.user != "" {
		return api.NewCRN("", "user", k.user)
	}
	return api.NewCRN(k.AccountID, "api-key", k.Name)
}

// limited is the account whose calls a minute are counted: a user's own, also
// while an org account is used. Source: Centrapay docs, rate limits.
func (k Key) limited() string {
	if k.user != "" {
		return k.chargedTo
	}
	return k.AccountID
}

// What a role may do, by its documented name.
const (
	mayCreate            auth.Permission = "payment-requests:create"
	mayRead              auth.Permission = "payment-requests:read"
	mayReadByShortCode   auth.Permission = "payment-requests:read-by-shortcode"
	mayPay               auth.Permission = "payment-requests:pay"
	mayCancel            auth.Permission = "payment-requests:cancel"
	mayVoid              auth.Permission = "payment-requests:void"
	mayRefund            auth.Permission = "payment-requests:refund"
	mayConfirm           auth.Permission = "payment-requests:confirm"
	mayRelease           auth.Permission = "payment-requests:release"
	mayReadActivities    auth.Permission = "payment-activities:read"
	mayApproveConditions auth.Permission = "payment-conditions:approve"
	mayDecode            auth.Permission = "scanned-code:decode"
	mayReadPatronCodes   auth.Permission = "patron-codes:read"
	mayCreatePatronCodes auth.Permission = "patron-codes:create"
	mayReadMerchants     auth.Permission = "merchants:read"
	mayListMerchants     auth.Permission = "merchants:list"

	mayCreateBankAccounts   auth.Permission = "bank-accounts:create"
	mayReadBankAccounts     auth.Permission = "bank-accounts:read"
	mayUpdateBankAccounts   auth.Permission = "bank-accounts:update"
	mayCreateBankApprovals  auth.Permission = "bank-account-approvals:create"
	mayCreateBankRequests   auth.Permission = "bank-account-requests:create"
	mayAuthorizeBankRequest auth.Permission = "bank-account-requests:authorize"

	// The docs name no permission for these; they are taken to go with looking
	// requests up, with scanning at a till, and with a wallet.
	mayListByRef            = mayReadByShortCode
	mayReadConfigs          = mayDecode
	mayAuthorizeConnections = auth.Permission("assets:spend")
)

// may tells whether the key may do something to what belongs to one of the
// accounts. The flags that some permissions need are held by all accounts here.
func (k Key) may(p auth.Permission, accounts ...string) bool {
	switch auth.Current.Scope(auth.Role(k.Role), p) {
	case auth.ScopeEvery:
		return true
	case auth.ScopeOwn:
		return slices.Contains(accounts, k.AccountID)
	case auth.ScopeNone, auth.ScopeUnlisted:
	}
	return false
}

// authenticate finds the key of a call. A missing, a wrong and a disabled
// credential are answered alike, as documented.
func (s *Service) authenticate(r *http.Request) (Key, error) {
	if key, ok := s.dir.key(r.Header.Get("X-Api-Key")); ok {
		return key, nil
	}
	if key, found, err := s.userKey(r); found || err != nil {
		return key, err
	}
	return Key{}, &Refusal{Status: http.StatusUnauthorized, Message: "Missing authentication"}
}
