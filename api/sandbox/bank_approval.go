package sandbox

import (
	"net/http"
	"slices"

	"centrapos/api"
	"centrapos/api/auth"
)

// approval is an approval of a bank account. The token of a consent stands apart:
// the client's type never shows it.
type approval struct {
	api.BankAccountApproval
	RefreshToken string `json:"refreshToken,omitempty"`
}

// approvalBody asks for an approval.
type approvalBody struct {
	MediaUploadID string                      `json:"mediaUploadId"`
	BankAccountID string                      `json:"bankAccountId"`
	Type          api.BankAccountApprovalType `json:"type"`
}

// requestApproval asks for a settlement approval; the consents come by connection
// intents. Source: Centrapay docs, bank account approvals, experimental.
func requestApproval(t *tx, c *call, body approvalBody) (any, error) {
	if err := requiredFields("mediaUploadId", body.MediaUploadID, "bankAccountId", body.BankAccountID, "type", string(body.Type)); err != nil {
		return nil, err
	}
	if body.Type != api.ApprovalSettlement {
		return nil, malformed("type must be %s", api.ApprovalSettlement)
	}
	i, err := t.bankPlace(body.BankAccountID, c.key, mayCreateBankApprovals)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(t.admin().Approvals, func(a approval) bool {
		return a.BankAccountID == body.BankAccountID && a.Type == body.Type && a.Status == api.ApprovalCreated
	}) {
		return nil, denied(api.CodeApprovalAlreadyInProgress)
	}
	return t.addApproval(i, c.key, approval{BankAccountApproval: api.BankAccountApproval{
		Type: body.Type, Status: api.ApprovalCreated, MediaUploadID: body.MediaUploadID,
	}}), nil
}

// addApproval keeps a new approval of the bank account in a place.
func (t *tx) addApproval(place int, key Key, a approval) approval {
	state := t.changeAdmin()
	b := &state.BankAccounts[place]
	a.ID, a.BankAccountID, a.AccountID = t.store.ids.requestID(), b.ID, b.AccountID
	a.CreatedAt, a.CreatedBy = api.NewTimestamp(t.now), key.crn()
	a.ModifiedAt, a.ModifiedBy = a.CreatedAt, a.CreatedBy
	b.summarize(a.BankAccountApproval)
	state.Approvals = append(state.Approvals, a)
	return a
}

// approvalPlace finds the approval in the path of a call, if the key may do
// something to its bank account.
func (t *tx) approvalPlace(c *call, p auth.Permission) (int, error) {
	i := slices.IndexFunc(t.admin().Approvals, func(a approval) bool { return a.ID == c.http.PathValue("id") })
	if i < 0 || !c.key.may(p, t.admin().Approvals[i].AccountID) {
		return 0, forbidden()
	}
	return i, nil
}

func getApproval(t *tx, c *call) (any, error) {
	i, err := t.approvalPlace(c, mayReadBankAccounts)
	if err != nil {
		return nil, err
	}
	return t.admin().Approvals[i], nil
}

func listApprovals(t *tx, c *call) (any, error) {
	b, err := t.bankOf(c, mayReadBankAccounts)
	if err != nil {
		return nil, err
	}
	page := api.Page[approval]{Items: []approval{}}
	for _, a := range slices.Backward(t.admin().Approvals) {
		if a.BankAccountID == b.ID {
			page.Items = append(page.Items, a)
		}
	}
	return page, nil
}

// reviewBody says why an approval is accepted or declined.
type reviewBody struct {
	Reason string `json:"reason"`
}

// reviewApproval accepts or declines an approval. In the real service somebody at
// Centrapay does that; here the owner may, so that it can be tried.
func reviewApproval(status api.BankAccountApprovalStatus) func(*tx, *call, reviewBody) (any, error) {
	return func(t *tx, c *call, body reviewBody) (any, error) {
		if status == api.ApprovalDeclined && body.Reason == "" {
			return nil, required("reason")
		}
		i, err := t.approvalPlace(c, mayCreateBankApprovals)
		if err != nil {
			return nil, err
		}
		a := &t.changeAdmin().Approvals[i]
		if a.Status != api.ApprovalCreated {
			return nil, denied(api.CodeApprovalAlreadyReviewed)
		}
		a.Status, a.ModifiedAt, a.ModifiedBy = status, api.NewTimestamp(t.now), c.key.crn()
		state := t.changeAdmin()
		place := slices.IndexFunc(state.BankAccounts, func(b bankAccount) bool { return b.ID == a.BankAccountID })
		if place < 0 {
			return nil, &Refusal{Status: http.StatusInternalServerError, Message: serverError}
		}
		state.BankAccounts[place].summarize(a.BankAccountApproval)
		return struct{}{}, nil
	}
}
