package sandbox

import (
	"maps"
	"slices"

	"github.com/go-jose/go-jose/v4"
)

// adminState is what the sandbox keeps beside payment requests. It is written to
// the file of WithFile as JSON. What its slices and maps hold is replaced, never
// changed in place, so that a clone of them is enough.
type adminState struct {
	// Keys are the private keys that sign, by what they sign.
	Keys map[keyUse]jose.JSONWebKey `json:"keys,omitempty"`
	// Codes are the authorization codes that were not exchanged yet.
	Codes []loginCode `json:"codes,omitempty"`
	// Logins are those that can be renewed, oldest first.
	Logins []login `json:"logins,omitempty"`
	// BankAccounts are all of them, oldest first.
	BankAccounts []bankAccount `json:"bankAccounts,omitempty"`
	// Approvals and Intents are those of bank accounts, oldest first.
	Approvals []approval `json:"approvals,omitempty"`
	Intents   []intent   `json:"intents,omitempty"`
	// Subscription is who hears of payments, nil for nobody.
	Subscription *Subscription `json:"subscription,omitempty"`
	// Outbox is what is still to be delivered, oldest first.
	Outbox []parcel `json:"outbox,omitempty"`
}

// clone is a copy that can be changed while the original stays as it is.
func (a adminState) clone() adminState {
	a.Keys = maps.Clone(a.Keys)
	a.Codes = slices.Clone(a.Codes)
	a.Logins = slices.Clone(a.Logins)
	a.BankAccounts = slices.Clone(a.BankAccounts)
	a.Approvals = slices.Clone(a.Approvals)
	a.Intents = slices.Clone(a.Intents)
	a.Outbox = slices.Clone(a.Outbox)
	return a
}
