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

type permission int

const (
	mayCreate permission = iota
	mayRead
	mayReadByShortCode
	mayListByRef
	mayPay
	mayVoid
	mayReadActivities
	mayApproveConditions
	mayCreateBankAccounts
	mayReadBankAccounts
	mayUpdateBankAccounts
)

// scope is whose resources a permission covers.
type scope int

const (
	nobodys scope = iota
	own
	anybodys
)

// permissionsOf is the documented table, as far as there are endpoints for it;
// nil for a role there is not. The docs name no permission for the listing by
// external reference; it is taken to cover what the other look-ups cover.
func permissionsOf(role Role) map[permission]scope {
	switch role {
	case RoleMerchantTerminal:
		return map[permission]scope{
			mayCreate: anybodys, mayRead: anybodys, mayReadByShortCode: own, mayListByRef: own,
			mayPay: own, mayVoid: own, mayReadActivities: own, mayApproveConditions: own,
		}
	case RoleAccountOwner:
		return map[permission]scope{
			mayCreate: own, mayRead: anybodys, mayReadByShortCode: own, mayListByRef: own,
			mayPay: anybodys, mayVoid: own, mayReadActivities: own, mayApproveConditions: own,
			mayCreateBankAccounts: own, mayReadBankAccounts: own, mayUpdateBankAccounts: own,
		}
	case RoleCashier:
		return map[permission]scope{
			mayCreate: own, mayRead: anybodys, mayReadByShortCode: own, mayListByRef: own,
			mayPay: anybodys, mayVoid: own, mayReadActivities: own, mayApproveConditions: own,
		}
	default:
		return nil
	}
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
