package auth

import "slices"

// Endpoint is a call of package api, or of package legacy, and what it needs. The
// docs do not tie endpoints to permissions; they are paired here by their names.
type Endpoint struct {
	// Call names the method, such as PaymentRequests.Refund of an api.Client, or
	// legacy.Refund.
	Call string
	// Method and Path are what is sent, with the ids as {id}.
	Method, Path string
	// Permission is what it needs, "" when it is public or the docs name none.
	Permission Permission
	// Public says that the docs show it without a credential.
	Public bool
	// Note says what else decides, or why there is no permission; "" for most.
	Note string
}

// Notes of several rows.
const (
	noteNone    = "the documents name no permission for it"
	noteNearest = "the documents tie no permission to it; this is the nearest by name"
	noteConfigs = "the documents name no permission for merchant configs"
)

// endpoints are all calls, in the order of the packages' documentation.
var endpoints = [...]Endpoint{
	{Call: "PaymentRequests.Create", Method: "POST", Path: "/api/payment-requests", Permission: "payment-requests:create"},
	{Call: "PaymentRequests.Get", Method: "GET", Path: "/api/payment-requests/{id}", Permission: "payment-requests:read"},
	{Call: "PaymentRequests.GetByShortCode", Method: "GET", Path: "/api/payment-requests/short-code/{shortCode}", Permission: "payment-requests:read-by-shortcode"},
	{Call: "PaymentRequests.GetByPatronCode", Method: "GET", Path: "/api/me/patron-code-payment-request", Permission: "payment-requests:read", Note: "it is about the patron code of the caller"},
	{Call: "PaymentRequests.GetByConnection", Method: "GET", Path: "/api/connections/{connectionId}/latest-payment-request", Note: "only the account that authorized the connection may, whatever its role"},
	{Call: "PaymentRequests.ListByExternalRef", Method: "GET", Path: "/api/payment-requests/external-ref/{externalRef}", Note: noteNone},
	{Call: "PaymentRequests.AllByExternalRef", Method: "GET", Path: "/api/payment-requests/external-ref/{externalRef}", Note: noteNone},
	{Call: "PaymentRequests.Summary", Method: "GET", Path: "/api/payment-requests/{id}/summary", Public: true},
	{Call: "PaymentRequests.Pay", Method: "POST", Path: "/api/payment-requests/{id}/pay", Permission: "payment-requests:pay"},
	{Call: "PaymentRequests.Refund", Method: "POST", Path: "/api/payment-requests/{id}/refund", Permission: "payment-requests:refund"},
	{Call: "PaymentRequests.Void", Method: "POST", Path: "/api/payment-requests/{id}/void", Permission: "payment-requests:void"},
	{Call: "PaymentRequests.Release", Method: "POST", Path: "/api/payment-requests/{id}/release", Permission: "payment-requests:release"},
	{Call: "PaymentRequests.Confirm", Method: "POST", Path: "/api/payment-requests/{id}/confirm", Permission: "payment-requests:confirm"},
	{Call: "PaymentRequests.AcceptCondition", Method: "POST", Path: "/api/payment-requests/{id}/conditions/{conditionId}/accept", Permission: "payment-conditions:approve"},
	{Call: "PaymentRequests.DeclineCondition", Method: "POST", Path: "/api/payment-requests/{id}/conditions/{conditionId}/decline", Permission: "payment-conditions:approve"},
	{Call: "PaymentRequests.Activities", Method: "GET", Path: "/api/payment-requests/{id}/activities", Permission: "payment-activities:read"},
	{Call: "PaymentActivities.List", Method: "GET", Path: "/api/payment-activities", Permission: "payment-activities:read"},
	{Call: "PaymentActivities.All", Method: "GET", Path: "/api/payment-activities", Permission: "payment-activities:read"},

	{Call: "ScannedCodes.Decode", Method: "POST", Path: "/api/decode", Permission: "scanned-code:decode"},
	{Call: "PatronCodes.Create", Method: "POST", Path: "/api/patron-codes", Permission: "patron-codes:create"},
	{Call: "PatronCodes.Get", Method: "GET", Path: "/api/patron-codes/{id}", Permission: "patron-codes:read"},
	{Call: "PatronCodes.GetByBarcode", Method: "GET", Path: "/api/patron-codes/barcode/{barcode}", Permission: "patron-codes:read"},
	{Call: "PatronCodes.GetByExternalID", Method: "GET", Path: "/api/patron-codes/{namespace}/external-id/{externalId}", Permission: "patron-codes:read"},
	{Call: "PatronCodes.SetMetadata", Method: "POST", Path: "/api/patron-codes/{id}/metadata", Note: noteNone},

	{Call: "Merchants.Get", Method: "GET", Path: "/api/merchants/{id}", Permission: "merchants:read"},
	{Call: "Merchants.ListByAccount", Method: "GET", Path: "/api/accounts/{accountId}/merchants", Permission: "merchants:list"},
	{Call: "Merchants.AllByAccount", Method: "GET", Path: "/api/accounts/{accountId}/merchants", Permission: "merchants:list"},
	{Call: "Merchants.List", Method: "GET", Path: "/api/merchants", Permission: "merchants:list"},
	{Call: "Merchants.Search", Method: "GET", Path: "/api/merchants/search", Public: true},
	{Call: "Merchants.SearchAll", Method: "GET", Path: "/api/merchants/search", Public: true},
	{Call: "Merchants.Config", Method: "GET", Path: "/api/merchant-configs/{id}", Note: noteConfigs},
	{Call: "Merchants.ConfigOf", Method: "GET", Path: "/api/merchants/{id}/configs/{configId}", Note: noteConfigs},
	{Call: "Merchants.Configs", Method: "GET", Path: "/api/merchants/{id}/configs", Note: noteConfigs},
	{Call: "Merchants.Settlements", Method: "GET", Path: "/api/merchants/{id}/settlements", Note: "the documents name no permission for settlements"},

	{Call: "Connections.Create", Method: "POST", Path: "/api/connections", Note: noteNone},
	{Call: "Connections.Authorize", Method: "POST", Path: "/api/connections/{id}/authorize", Note: "the owner of the wallet does that; " + noteNone},
	{Call: "Connections.Summary", Method: "GET", Path: "/api/connections/{id}/summary", Public: true},
	{Call: "Accounts.Memberships", Method: "GET", Path: "/api/account-memberships", Note: "it answers for whatever credential is good; " + noteNone},

	{Call: "BankAccounts.Create", Method: "POST", Path: "/api/bank-accounts", Permission: "bank-accounts:create"},
	{Call: "BankAccounts.AddDirectDebitAuthority", Method: "POST", Path: "/api/bank-accounts/{id}/direct-debit-authorities", Permission: "bank-accounts:update", Note: noteNearest},
	{Call: "BankAccounts.Get", Method: "GET", Path: "/api/bank-accounts/{id}", Permission: "bank-accounts:read"},
	{Call: "BankAccounts.Verify", Method: "POST", Path: "/api/bank-accounts/{id}/verify", Permission: "bank-accounts:update", Note: noteNearest},
	{Call: "BankAccounts.ListByAccount", Method: "GET", Path: "/api/accounts/{accountId}/bank-accounts", Permission: "bank-accounts:read"},
	{Call: "BankAccounts.Balances", Method: "GET", Path: "/api/accounts/{accountId}/bank-account-balances", Permission: "bank-accounts:read", Note: noteNearest},
	{Call: "BankAccounts.AllBalances", Method: "GET", Path: "/api/accounts/{accountId}/bank-account-balances", Permission: "bank-accounts:read", Note: noteNearest},
	{Call: "BankAccounts.SetPreferredName", Method: "POST", Path: "/api/bank-accounts/{id}/set-preferred-name", Permission: "bank-accounts:update"},
	{Call: "BankAccounts.Archive", Method: "POST", Path: "/api/bank-accounts/{id}/archive", Permission: "bank-accounts:update", Note: noteNearest},
	{Call: "BankAccounts.RequestApproval", Method: "POST", Path: "/api/bank-account-approvals", Permission: "bank-account-approvals:create"},
	{Call: "BankAccounts.GetApproval", Method: "GET", Path: "/api/bank-account-approvals/{id}", Note: noteNone},
	{Call: "BankAccounts.Approvals", Method: "GET", Path: "/api/bank-accounts/{id}/approvals", Note: noteNone},
	{Call: "BankAccounts.AcceptApproval", Method: "POST", Path: "/api/bank-account-approvals/{id}/accept", Note: noteNone},
	{Call: "BankAccounts.DeclineApproval", Method: "POST", Path: "/api/bank-account-approvals/{id}/decline", Note: noteNone},
	{Call: "BankAccounts.CreateConnectionIntent", Method: "POST", Path: "/api/bank-account-connection-intents", Permission: "bank-account-requests:create", Note: noteNearest},
	{Call: "BankAccounts.AuthorizeConnectionIntent", Method: "POST", Path: "/api/bank-account-connection-intents/{id}/authorize", Permission: "bank-account-requests:authorize", Note: noteNearest},
	{Call: "BankAuthorities.Create", Method: "POST", Path: "/api/bank-authorities", Permission: "bank-accounts:create", Note: noteNearest},
	{Call: "BankAuthorities.Get", Method: "GET", Path: "/api/bank-authorities/{id}", Permission: "bank-accounts:read", Note: noteNearest},
	{Call: "BankAuthorities.List", Method: "GET", Path: "/api/bank-authorities", Permission: "bank-accounts:read", Note: noteNearest},
	{Call: "BankAuthorities.Verify", Method: "POST", Path: "/api/bank-authorities/{id}/verify", Permission: "bank-accounts:update", Note: noteNearest},

	{Call: "legacy.Create", Method: "POST", Path: "/payments/api/requests.create", Permission: "payment-requests:create", Note: noteNearest},
	{Call: "legacy.Info", Method: "GET", Path: "/payments/api/requests.info", Permission: "payment-requests:read", Note: noteNearest},
	{Call: "legacy.Pay", Method: "POST", Path: "/payments/api/requests.pay", Permission: "payment-requests:pay", Note: noteNearest},
	{Call: "legacy.Cancel", Method: "POST", Path: "/payments/api/requests.cancel", Permission: "payment-requests:cancel", Note: noteNearest},
	{Call: "legacy.Void", Method: "POST", Path: "/payments/api/requests.void", Permission: "payment-requests:void", Note: noteNearest},
	{Call: "legacy.Refund", Method: "POST", Path: "/payments/api/transactions.refund", Permission: "payment-requests:refund", Note: noteNearest},
}

// Endpoints returns all calls of this client, with what they need.
func Endpoints() []Endpoint { return slices.Clone(endpoints[:]) }

// EndpointOf returns the endpoint of a call by its name, false when there is no
// such call.
func EndpointOf(call string) (Endpoint, bool) {
	i := slices.IndexFunc(endpoints[:], func(e Endpoint) bool { return e.Call == call })
	if i < 0 {
		return Endpoint{}, false
	}
	return endpoints[i], true
}

// MayCall tells whether a role may make a call, such as PaymentRequests.Refund,
// as May does for permissions.
func MayCall(r Role, call string, targets ...Target) Verdict {
	e, known := EndpointOf(call)
	switch {
	case !known:
		return unknown("this client has no call " + oneLine(call))
	case e.Public:
		return Verdict{Allowed: true, Reason: sentence(call + " needs no credential")}
	case e.Permission == "":
		return unknown(e.Note)
	}
	return May(r, e.Permission, targets...)
}
