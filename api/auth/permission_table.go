package auth

// The scopes of one permission in one edition, by role in the order of
// roleOrder. The zero value is a permission that the edition does not have.
type scopes [5]Scope

// Short names, to keep the table readable.
const (
	none  = ScopeNone
	own   = ScopeOwn
	every = ScopeEvery
)

// permissionRow is one permission in both editions.
type permissionRow struct {
	name  Permission
	needs Flags
	// The founding edition has no cashier.
	founding, current scopes
}

// permissionTable is the whole table of both editions, by name. Source:
// Centrapay docs, auth, "Roles and Permissions". The text of the founding edition
// lost the marks of its last column, and one row without marks; they stand here as
// that edition had them.
var permissionTable = [...]permissionRow{
	// Columns: account owner, anonymous consumer, merchant terminal, external asset
	// provider, cashier.
	{"accounts:create", 0, scopes{own, none, none, none, none}, scopes{own, none, none, none, none}},
	{"accounts:read", 0, scopes{own, none, none, own, none}, scopes{own, none, none, own, own}},
	{"accounts:update", 0, scopes{own, none, none, none, none}, scopes{own, none, none, none, none}},
	{"api-keys:create", 0, scopes{own, none, none, none, none}, scopes{own, none, none, none, none}},
	{"api-keys:list", 0, scopes{own, none, none, none, none}, scopes{own, none, none, none, none}},
	{"api-keys:update", 0, scopes{own, none, none, none, none}, scopes{own, none, none, none, none}},
	{"asset-transfers:claim", 0, scopes{own, none, none, own, none}, scopes{own, none, none, own, none}},
	{"asset-transfers:create", TrustedUser | AssetIssuer, scopes{own, none, none, own, none}, scopes{own, none, none, own, none}},
	{"asset-transfers:read", 0, scopes{own, none, none, own, none}, scopes{own, none, none, own, none}},
	{"assets:read", 0, scopes{own, none, none, own, none}, scopes{own, none, none, own, none}},
	{"assets:spend", TrustedUser, scopes{own, none, none, none, none}, scopes{own, none, none, none, none}},
	{"bank-account-approvals:create", 0, scopes{own, none, none, none, none}, scopes{own, none, none, none, none}},
	{"bank-account-requests:authorize", 0, scopes{}, scopes{own, none, none, none, none}},
	{"bank-account-requests:create", 0, scopes{}, scopes{own, none, none, none, none}},
	{"bank-accounts:create", 0, scopes{own, none, none, none, none}, scopes{own, none, none, none, none}},
	{"bank-accounts:read", 0, scopes{own, none, none, none, none}, scopes{own, none, none, none, none}},
	{"bank-accounts:update", 0, scopes{}, scopes{own, none, none, none, none}},
	{"business:create", 0, scopes{own, none, none, none, none}, scopes{own, none, none, none, none}},
	{"business:read", 0, scopes{own, none, none, none, none}, scopes{own, none, none, none, none}},
	{"business:update", 0, scopes{}, scopes{own, none, none, none, none}},
	{"collections:create", CollectionManager, scopes{}, scopes{own, none, none, none, none}},
	{"collections:read", CollectionManager, scopes{}, scopes{own, none, none, none, none}},
	{"events:create", 0, scopes{}, scopes{own, none, none, none, none}},
	{"external-assets:create", TrustedUser | AssetIssuer, scopes{own, none, none, own, none}, scopes{own, none, none, own, none}},
	{"external-assets:update", 0, scopes{own, none, none, own, none}, scopes{own, none, none, own, none}},
	{"integration-requests:configure", 0, scopes{none, none, none, none, none}, scopes{none, none, none, none, none}},
	{"integration-requests:create", Organisation, scopes{own, none, none, none, none}, scopes{own, none, none, none, none}},
	{"integration-requests:read", Organisation, scopes{own, none, none, none, none}, scopes{own, none, none, none, none}},
	{"invitations:accept", 0, scopes{}, scopes{every, none, none, none, none}},
	{"invitations:read", 0, scopes{}, scopes{every, none, none, none, none}},
	{"loyalty-programs:create", Organisation, scopes{}, scopes{own, none, none, none, none}},
	{"loyalty-programs:read", Organisation, scopes{}, scopes{own, none, none, none, none}},
	{"media-uploads:create", 0, scopes{own, none, none, none, none}, scopes{own, none, none, none, none}},
	{"memberships:delete", Organisation, scopes{}, scopes{own, none, none, none, none}},
	{"memberships:update", 0, scopes{}, scopes{own, none, none, none, none}},
	{"merchants:create", Organisation, scopes{own, none, none, none, none}, scopes{own, none, none, none, none}},
	{"merchants:list", Organisation, scopes{own, none, none, none, none}, scopes{own, none, none, none, own}},
	{"merchants:read", Organisation, scopes{own, none, none, none, none}, scopes{own, none, none, none, own}},
	{"merchants:update", Organisation, scopes{own, none, none, none, none}, scopes{own, none, none, none, none}},
	{"patron-codes:create", 0, scopes{own, none, none, none, none}, scopes{own, none, none, none, none}},
	{"patron-codes:read", 0, scopes{own, none, own, none, none}, scopes{own, none, own, none, own}},
	{"payment-activities:read", 0, scopes{own, none, none, none, none}, scopes{own, none, own, none, own}},
	{"payment-conditions:approve", 0, scopes{}, scopes{own, none, own, none, own}},
	{"payment-requests:cancel", Organisation, scopes{none, none, own, none, none}, scopes{own, none, own, none, own}},
	{"payment-requests:confirm", Organisation, scopes{}, scopes{own, none, own, none, own}},
	{"payment-requests:create", Organisation, scopes{none, none, own, none, none}, scopes{own, none, every, none, own}},
	{"payment-requests:pay", Organisation, scopes{every, every, own, none, none}, scopes{every, every, own, none, every}},
	{"payment-requests:read", 0, scopes{every, every, every, none, none}, scopes{every, every, every, none, every}},
	{"payment-requests:read-by-shortcode", 0, scopes{}, scopes{own, none, own, none, own}},
	{"payment-requests:refund", Organisation, scopes{none, none, own, none, none}, scopes{own, none, own, none, own}},
	{"payment-requests:release", Organisation, scopes{}, scopes{own, none, own, none, own}},
	{"payment-requests:void", Organisation, scopes{none, none, own, none, none}, scopes{own, none, own, none, own}},
	{"quotas:read", 0, scopes{own, none, none, none, none}, scopes{own, none, none, none, none}},
	{"redemption-conditions:create", CollectionManager, scopes{}, scopes{own, none, none, none, none}},
	{"redemption-conditions:update", CollectionManager, scopes{}, scopes{own, none, none, none, none}},
	{"scanned-code:decode", 0, scopes{}, scopes{own, none, own, none, own}},
	{"tokens:create", CollectionManager, scopes{}, scopes{own, none, none, none, none}},
	{"topups:create", TrustedUser, scopes{own, none, none, none, none}, scopes{}},
	{"topups:read", 0, scopes{own, none, none, none, none}, scopes{own, none, none, none, none}},
	{"wallet-assets:create", 0, scopes{}, scopes{own, none, none, none, none}},
	{"wallet-assets:deposit", 0, scopes{}, scopes{own, none, none, none, none}},
	{"wallet-assets:read", 0, scopes{}, scopes{own, none, none, none, none}},
	{"wallet-assets:transfer", TrustedUser, scopes{}, scopes{own, none, none, none, none}},
	{"wallet-assets:withdraw", 0, scopes{}, scopes{own, none, none, none, none}},
	{"wallets:create", 0, scopes{own, none, none, none, none}, scopes{}},
	{"wallets:deposit", 0, scopes{own, none, none, none, none}, scopes{}},
	{"wallets:read", 0, scopes{own, none, none, none, none}, scopes{}},
	{"wallets:transfer", TrustedUser, scopes{own, none, none, none, none}, scopes{}},
	{"wallets:withdraw", 0, scopes{own, none, none, none, none}, scopes{}},
}
