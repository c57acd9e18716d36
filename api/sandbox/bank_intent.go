package sandbox

import (
	"crypto/rand"
	"slices"

	"centrapos/api"
)

// intent is a connection to a bank that a user is about to allow.
type intent struct {
	api.BankConnectionIntent
	BankAccountID string `json:"bankAccountId,omitempty"`
}

// wire is an intent as it is answered, with the timestamps of this endpoint alone
// (quirk E2).
func (i intent) wire() any {
	const form = "2006-01-02 15:04:05 UTC"
	return struct {
		api.BankConnectionIntent
		CreatedAt string `json:"createdAt"`
		UpdatedAt string `json:"updatedAt"`
	}{i.BankConnectionIntent, i.CreatedAt.Time().Format(form), i.UpdatedAt.Time().Format(form)}
}

// intentBody starts a connection to a bank.
type intentBody struct {
	AccountID     string                      `json:"accountId"`
	Type          api.BankAccountApprovalType `json:"type"`
	BankAccountID string                      `json:"bankAccountId"`
	Test          api.Bool                    `json:"test"`
	Name          string                      `json:"name"`
	Period        api.ConsentPeriod           `json:"period"`
	TotalAmount   api.BigNumber               `json:"totalAmount"`
}

func (b intentBody) validate() error {
	if err := requiredFields("accountId", b.AccountID, "type", string(b.Type)); err != nil {
		return err
	}
	switch b.Type {
	case api.ApprovalAccountInformation:
	case api.ApprovalEnduringPayment:
		if b.BankAccountID == "" {
			return required("bankAccountId")
		}
	default:
		return malformed("type must be %s or %s", api.ApprovalAccountInformation, api.ApprovalEnduringPayment)
	}
	switch b.Period {
	case "", api.ConsentDaily, api.ConsentWeekly, api.ConsentFortnightly, api.ConsentMonthly, api.ConsentYearly:
	default:
		return malformed("period is not one that the docs name")
	}
	if b.TotalAmount.IsSet() && !wholeAmount(b.TotalAmount) {
		return malformed("totalAmount must be a whole number above zero")
	}
	return nil
}

// createIntent starts a connection to a bank. No page is behind its
// authorizationUrl. Source: Centrapay docs, bank account connection intents,
// experimental.
func createIntent(t *tx, c *call, body intentBody) (any, error) {
	if err := body.validate(); err != nil {
		return nil, err
	}
	if !c.key.may(mayCreateBankRequests, body.AccountID) {
		return nil, forbidden()
	}
	if body.BankAccountID != "" {
		place, err := t.bankPlace(body.BankAccountID, c.key, mayReadBankAccounts)
		if err != nil {
			return nil, err
		}
		if t.admin().BankAccounts[place].Test != body.Test {
			return nil, denied(api.CodeLivenessMismatch)
		}
	}
	id := t.store.ids.requestID()
	made := intent{BankAccountID: body.BankAccountID, BankConnectionIntent: api.BankConnectionIntent{
		ID: id, AccountID: body.AccountID, Type: body.Type, Status: api.BankConnectionCreated, Test: body.Test, Name: body.Name,
		CreatedAt: api.NewTimestamp(t.now), CreatedBy: c.key.crn(), UpdatedAt: api.NewTimestamp(t.now), UpdatedBy: c.key.crn(),
		AuthorizationURL: "https://bank.example/authorize/" + id,
	}}
	state := t.changeAdmin()
	state.Intents = append(state.Intents, made)
	return made.wire(), nil
}

// intentCode is what the bank gave the user.
type intentCode struct {
	Code string `json:"code"`
}

// authorizeIntent completes a connection; its bank account, where it has one, has
// the consent then. A repeat is answered alike.
func authorizeIntent(t *tx, c *call, body intentCode) (any, error) {
	if body.Code == "" {
		return nil, required("code")
	}
	i := slices.IndexFunc(t.admin().Intents, func(i intent) bool { return i.ID == c.http.PathValue("id") })
	if i < 0 || !c.key.may(mayAuthorizeBankRequest, t.admin().Intents[i].AccountID) {
		return nil, forbidden()
	}
	if body.Code == BankCodePending {
		return nil, denied(api.CodeAuthorizationPending)
	}
	done := &t.changeAdmin().Intents[i]
	if done.Status == api.BankConnectionAuthorized {
		return struct{}{}, nil
	}
	done.Status, done.UpdatedAt, done.UpdatedBy = api.BankConnectionAuthorized, api.NewTimestamp(t.now), c.key.crn()
	if done.BankAccountID == "" {
		return struct{}{}, nil
	}
	place, err := t.bankPlace(done.BankAccountID, c.key, mayReadBankAccounts)
	if err != nil {
		return nil, err
	}
	t.addApproval(place, c.key, approval{
		BankAccountApproval: api.BankAccountApproval{Type: done.Type, Status: api.ApprovalApproved, ConsentID: rand.Text()},
		RefreshToken:        rand.Text(),
	})
	if b := &t.changeAdmin().BankAccounts[place]; done.Type == api.ApprovalEnduringPayment && b.Type == api.BankAccountQuartz {
		b.EnduringPaymentConsentAuthorized = true
	}
	return struct{}{}, nil
}
