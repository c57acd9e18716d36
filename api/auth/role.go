package auth

import (
	"math/bits"
	"strings"

	"centrapos/api"
)

// Role is what a user or an API key is in an account, as account memberships
// name it. A user has one role per account, an API key one role.
type Role = api.AccountRole

// The documented roles. The docs write the names of the first two as the service
// does; the other three they only describe, and the names here are this
// package's. API keys have one of the first two. Source: Centrapay docs, auth,
// "Roles and Permissions", and API keys.
const (
	AccountOwner          = api.RoleAccountOwner
	MerchantTerminal      = api.RoleMerchantTerminal
	Cashier          Role = "cashier"
	// AnonymousConsumer is a patron who is not logged in.
	AnonymousConsumer Role = "anonymous-consumer"
	// ExternalAssetProvider issues assets of its own through Centrapay.
	ExternalAssetProvider Role = "external-asset-provider"
)

// roleOrder is the order of the columns of the table.
var roleOrder = [...]Role{AccountOwner, AnonymousConsumer, MerchantTerminal, ExternalAssetProvider, Cashier}

// nameOf is how a sentence names a role, with its article.
func nameOf(r Role) string {
	switch r {
	case AccountOwner:
		return "an account owner"
	case AnonymousConsumer:
		return "an anonymous consumer"
	case MerchantTerminal:
		return "a merchant terminal"
	case ExternalAssetProvider:
		return "an external asset provider"
	case Cashier:
		return "a cashier"
	}
	return "the role " + oneLine(string(r))
}

// Flags are properties of accounts, beside the role, that some permissions need.
// Where a permission names several, one of them is enough. Source: Centrapay
// docs, auth, "Account Flags".
type Flags uint8

// The documented flags.
const (
	// TrustedUser is held by the individual's own account, once a New Zealand phone
	// number is verified.
	TrustedUser Flags = 1 << iota
	// AssetIssuer is an external-asset-issuer subscription of the account that owns
	// the resource; Centrapay gives it on request.
	AssetIssuer
	// Organisation is an account of type org that owns the resource.
	Organisation
	// CollectionManager is a collection-manager subscription of the account that
	// owns the resource; Centrapay gives it on request. The founding edition does
	// not have it.
	CollectionManager

	allFlags = TrustedUser | AssetIssuer | Organisation | CollectionManager
)

// Has reports whether any of the others is among the flags.
func (f Flags) Has(others Flags) bool { return f&others != 0 }

// String says what the flags ask for, in words that go on from "needs".
func (f Flags) String() string {
	var parts []string
	for rest := f & allFlags; rest != 0; rest &= rest - 1 {
		parts = append(parts, flagText(1<<bits.TrailingZeros8(uint8(rest))))
	}
	return strings.Join(parts, ", or ")
}

func flagText(f Flags) string {
	switch f {
	case TrustedUser:
		return "a user trusted for a verified New Zealand phone number"
	case AssetIssuer:
		return "the account that owns the resource to have an external-asset-issuer subscription"
	case Organisation:
		return "the account that owns the resource to be of type org"
	case CollectionManager:
		return "the account that owns the resource to have a collection-manager subscription"
	default:
		return ""
	}
}
