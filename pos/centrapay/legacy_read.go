package centrapay

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"centrapos/api"
	"centrapos/api/legacy"
	"centrapos/pos"
)

// legacyRequestOf is a payment request of the first generation as the service
// described it. The error says which amount cannot be read.
func legacyRequestOf(r *legacy.Request) (pos.Request, error) {
	value, err := moneyOf(r.Denomination.Monetary())
	if err != nil {
		return pos.Request{}, fmt.Errorf("its denomination: %w", err)
	}
	tenders, err := legacyTendersOf(r, value)
	if err != nil {
		return pos.Request{}, err
	}
	document, err := json.Marshal(r)
	if err != nil {
		return pos.Request{}, fmt.Errorf("keep the service's own object: %w", err)
	}
	return pos.Request{
		ID:                 r.ID,
		ShortCode:          r.ShortCode,
		URL:                r.ShowCode(),
		Value:              value,
		Status:             pos.Status(r.Status),
		CancellationReason: string(r.CancellationReason),
		ExternalRef:        r.ExternalReference,
		CreatedAt:          r.CreatedAt.Time(),
		ExpiresAt:          legacyExpiry(r),
		PaidBy:             tenders,
		Liveness:           string(r.Liveness),
		MerchantName:       r.MerchantName,
		Document:           document,
	}, nil
}

// legacyExpiry is when a request runs out: its lifetime after its creation, which
// is two minutes unless it says otherwise (Legacy payment requests, Create). The
// zero time where its creation is not known.
func legacyExpiry(r *legacy.Request) time.Time {
	created := r.CreatedAt.Time()
	switch {
	case !r.ExpiresAt.Time().IsZero():
		return r.ExpiresAt.Time()
	case created.IsZero():
		return time.Time{}
	}
	lifetime := pos.DefaultExpiry
	if n := r.PaymentExpirySeconds; n.Valid() && n.Decimal().IsInteger() && n.Decimal().IsPositive() {
		if said := n.Decimal().BigInt(); said.IsInt64() && said.Int64() <= int64(pos.MaxExpiry/time.Second) {
			lifetime = time.Duration(said.Int64()) * time.Second
		}
	}
	return created.Add(lifetime)
}

// mayHavePaid reports whether a request shows a payment that is one. One that is
// shown beside the status new, as a sample has it, is none; a request that is
// cancelled may have been paid, and the money given back.
func mayHavePaid(r *legacy.Request) bool {
	shows := r.PaidBy != nil && (r.PaidBy.TransactionID != "" || r.PaidBy.Amount.IsSet() || len(r.PaidBy.AssetTotals) > 0)
	return shows && (r.Status == legacy.StatusPaid || r.Status == legacy.StatusCancelled)
}

// legacyTendersOf is what paid. An amount that is no number makes the whole
// answer unreadable, as in tendersOf.
func legacyTendersOf(r *legacy.Request, value pos.Money) ([]pos.Tender, error) {
	if !mayHavePaid(r) {
		return nil, nil
	}
	if len(r.PaidBy.AssetTotals) > 0 {
		return tendersOf(&api.PaidBy{AssetTotals: r.PaidBy.AssetTotals})
	}
	ledger := r.PaidBy.Ledger
	if ledger == "" && len(r.Payments) == 1 {
		ledger = r.Payments[0].Ledger // it could be paid in no other way
	}
	total, err := legacyMoney(r.PaidBy.Amount, ledger, value)
	if err != nil {
		return nil, err
	}
	tender := pos.Tender{AssetType: string(ledger.AssetType()), Description: r.PaidBy.Description, Total: total}
	switch {
	case tender.AssetType == "" && r.PaidBy.Type != "":
		tender.AssetType = r.PaidBy.Type
	case tender.AssetType == "" && tender.Description == "":
		tender.Description = "transaction " + r.PaidBy.TransactionID
	}
	return []pos.Tender{tender}, nil
}

// legacyMoney is how much money was transferred on a ledger. The service counts in
// the ledger's own units, which is money only where the ledger is one of the
// request's currency, or where the number is the very amount that was asked for;
// anything else is an amount not known.
func legacyMoney(n legacy.Number, ledger legacy.Ledger, value pos.Money) (pos.Money, error) {
	currency := value.Currency()
	inCurrency := strings.Contains("."+strings.ToLower(string(ledger.AssetType()))+".", "."+strings.ToLower(currency.Code)+".")
	switch {
	case !n.IsSet():
		return pos.Money{}, nil
	case !n.Valid():
		return pos.Money{}, fmt.Errorf("what was paid: %w", errNoNumber)
	case strings.HasPrefix(string(ledger), "g.crypto."):
		return pos.Money{}, nil
	case inCurrency, n.Decimal().Equal(value.Minor()):
		return pos.NewMoney(n.Decimal(), currency), nil
	}
	return pos.Money{}, nil
}

// legacyReversalOf tells by a request that was voided what the void did. There are
// no payments in part: what was paid is, unless the service says more, what was
// asked for.
func legacyReversalOf(r *legacy.Request) (pos.Reversal, error) {
	req, err := legacyRequestOf(r)
	if err != nil {
		return pos.Reversal{}, err
	}
	reversal := pos.Reversal{Reason: req.CancellationReason}
	switch {
	case req.Status == pos.StatusPaid, mayHavePaid(r):
		if reversal.Returned = req.PaidTotal(); reversal.Returned.Currency() != req.Value.Currency() {
			reversal.Returned = req.Value
		}
	case req.Status != pos.StatusCancelled:
		return pos.Reversal{}, fmt.Errorf("it is %q after the void", string(req.Status))
	}
	return reversal, nil
}

// legacyRefundOf is the activity that a refund's receipt amounts to. An amount in
// another currency than was asked for is not the answer to what was asked; one
// without a currency, or absent, is an amount not known.
func legacyRefundOf(r *legacy.Receipt, asked pos.Currency) (pos.Activity, error) {
	if r.Type != "" && !strings.Contains(strings.ToLower(r.Type), "refund") {
		return pos.Activity{}, fmt.Errorf("it is a receipt of %q and not of a refund", r.Type)
	}
	document, err := json.Marshal(r)
	if err != nil {
		return pos.Activity{}, fmt.Errorf("keep the service's own object: %w", err)
	}
	activity := pos.Activity{ID: r.Reference, Type: pos.ActivityRefund, CreatedAt: r.CreatedAt.Time(), Document: document}
	if r.Payment == nil || r.Payment.Asset == "" || !r.Payment.Amount.IsSet() {
		return activity, nil
	}
	if !strings.EqualFold(r.Payment.Asset, asked.Code) {
		return pos.Activity{}, errors.New("it is in " + r.Payment.Asset + " and not in " + asked.Code)
	}
	activity.Value, err = moneyOf(api.Monetary{Amount: r.Payment.Amount.BigNumber(), Currency: asked.Code})
	return activity, err
}
