package api

import "errors"

// SettlementStatus is where a settlement stands. The documents name no values;
// these are the ones of their examples.
type SettlementStatus string

// The statuses that were seen.
const (
	// SettlementAwaitingConfirmation means that the money is not on its way yet.
	SettlementAwaitingConfirmation SettlementStatus = "awaiting-confirmation"
	// SettlementConfirmed means that the settlement was completed.
	SettlementConfirmed SettlementStatus = "confirmed"
)

// Settlement is what a merchant is owed for the completed payment requests of a
// period, for one asset type. There are settlements only when the merchant has a
// settlement config. Source: Centrapay docs, settlements, "Settlement".
type Settlement struct {
	// ID is the id of the settlement.
	ID string `json:"id"`
	// Status is where the settlement stands; values other than those above must be
	// expected.
	Status SettlementStatus `json:"status"`
	// Type is "centrapay" in all examples.
	Type string `json:"type,omitempty"`
	// AssetType is what the settled requests were paid with.
	AssetType AssetType `json:"assetType,omitempty"`
	// Currency is that of Amount, such as "NZD".
	Currency string `json:"currency,omitempty"`
	// Amount is the total in smallest units of Currency.
	Amount BigNumber `json:"settlementAmount,omitempty"`
	// BankAccountID is where the money goes, BankTransferID how it went.
	BankAccountID  string `json:"settlementBankAccountId,omitempty"`
	BankTransferID string `json:"settlementBankTransferId,omitempty"`
	// CreatedAt and CreatedBy are when and by whom the settlement was drawn up.
	CreatedAt Timestamp `json:"createdAt,omitzero"`
	CreatedBy CRN       `json:"createdBy,omitempty"`
	// SettledAt and SettledBy are absent until the settlement is completed.
	SettledAt Timestamp `json:"settledAt,omitzero"`
	SettledBy CRN       `json:"settledBy,omitempty"`
	// Test settlements are of test money.
	Test Bool `json:"test"`
}

// wholeSettlement checks what takings are reconciled by: an amount that is no
// number would be taken for zero.
func wholeSettlement(r *Settlement) error {
	switch {
	case r.ID == "":
		return errors.New("it has no id")
	case r.Status == "":
		return errors.New("it has no status")
	case r.Amount.IsSet() && !r.Amount.Valid():
		return errors.New("its settlementAmount is no number")
	}
	return nil
}
