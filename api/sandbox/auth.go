package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"slices"

	"centrapos/api"
)

// Role says what an API key may do. Source: Centrapay docs, auth, roles.
type Role string

// The roles that an API key can have.
const (
	RoleMerchantTerminal Role = "merchant-terminal"
	RoleAccountOwner     Role = "account-owner"
	// RoleCashier is a role of users only; the docs do not print its name.
	RoleCashier Role = "cashier"
)

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

// permission is what a role may do, by its documented name.
type permission string

const (
	mayCreate            permission = "payment-requests:create"
	mayRead              permission = "payment-requests:read"
	mayReadByShortCode   permission = "payment-requests:read-by-shortcode"
	mayPay               permission = "payment-requests:pay"
	mayVoid              permission = "payment-requests:void"
	mayRefund            permission = "payment-requests:refund"
	mayConfirm           permission = "payment-requests:confirm"
	mayRelease           permission = "payment-requests:release"
	mayReadActivities    permission = "payment-activities:read"
	mayApproveConditions permission = "payment-conditions:approve"
	mayDecode            permission = "scanned-code:decode"
	mayReadPatronCodes   permission = "patron-codes:read"
	mayCreatePatronCodes permission = "patron-codes:create"
	mayReadMerchants     permission = "merchants:read"
	mayListMerchants     permission = "merchants:list"

	mayCreateBankAccounts  permission = "bank-accounts:create"
	mayReadBankAccounts    permission = "bank-accounts:read"
	mayUpdateBankAccounts  permission = "bank-accounts:update"
	mayCreateBankApprovals permission = "bank-account-approvals:create"

	// The docs name no permission for these; they are taken to go with looking
	// requests up, with taking payment, and with a wallet.
	mayListByRef            permission = "payment-requests:list-by-external-ref"
	mayReadConfigs          permission = "merchant-configs:read"
	mayCreateConnections    permission = "connections:create"
	mayAuthorizeConnections permission = "connections:authorize"
)

// scope is whose resources a permission covers.
type scope int

const (
	nobodys scope = iota
	own
	anybodys
)

// permissionsOf is the documented table, as far as there are endpoints for it;
// nil for a role there is not.
func permissionsOf(role Role) map[permission]scope {
	table := map[permission]scope{
		mayCreate: own, mayRead: anybodys, mayReadByShortCode: own, mayListByRef: own,
		mayPay: own, mayVoid: own, mayRefund: own, mayConfirm: own, mayRelease: own,
		mayReadActivities: own, mayApproveConditions: own, mayDecode: anybodys,
		mayReadPatronCodes: own, mayReadConfigs: own, mayCreateConnections: anybodys,
	}
	switch role {
	case RoleMerchantTerminal:
		table[mayCreate] = anybodys
	case RoleAccountOwner:
		table[mayPay] = anybodys
		for _, p := range []permission{
			mayCreatePatronCodes, mayReadMerchants, mayListMerchants, mayAuthorizeConnections,
			mayCreateBankAccounts, mayReadBankAccounts, mayUpdateBankAccounts, mayCreateBankApprovals,
		} {
			table[p] = own
		}
	case RoleCashier:
		table[mayPay], table[mayReadMerchants], table[mayListMerchants] = anybodys, own, own
	default:
		return nil
	}
	return table
}

// may tells whether the key may do something to what belongs to one of the
// accounts.
func (k Key) may(p permission, accounts ...string) bool {
	switch permissionsOf(k.Role)[p] {
	case anybodys:
		return true
	case own:
		return slices.Contains(accounts, k.AccountID)
	case nobodys:
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

// sameSecret compares without telling by its time how much of a guess is right.
func sameSecret(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
