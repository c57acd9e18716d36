package sandbox

import (
	"centrapos/api"
)

// handleMemberships lists the accounts that a credential can act for: a key's one,
// a user's own and those of the user's memberships. Source: Centrapay docs, account
// memberships.
func handleMemberships(c *call) (any, error) {
	user, isUser := c.svc.dir.user(c.key.user)
	if !isUser {
		return []api.AccountMembership{{
			AccountID: c.key.AccountID, AccountName: c.key.AccountName, AccountType: c.svc.dir.accountType(c.key.AccountID),
			Role: api.AccountRole(c.key.Role),
		}}, nil
	}
	all := []api.AccountMembership{{
		AccountID: user.AccountID, AccountName: user.AccountName, AccountType: api.AccountIndividual, Role: api.RoleAccountOwner,
	}}
	for _, m := range user.Memberships {
		all = append(all, api.AccountMembership{
			AccountID: m.AccountID, AccountName: m.AccountName, AccountType: api.AccountOrg, Role: api.AccountRole(m.Role),
		})
	}
	return all, nil
}

// accountType is "individual" for the account of a customer, "org" for all
// others: keys are given to those.
func (d *directory) accountType(accountID string) api.AccountType {
	if _, isCustomer := d.customerByAccount(accountID); isCustomer {
		return api.AccountIndividual
	}
	return api.AccountOrg
}
