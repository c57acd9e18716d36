package legacy

import "centrapos/api"

// Monetary returns the amount as the rest of the API writes it.
func (d Denomination) Monetary() api.Monetary {
	return api.Monetary{Amount: d.Amount.BigNumber(), Currency: d.Asset}
}

// DenominationOf returns an amount of money as the first generation writes it.
func DenominationOf(m api.Monetary) Denomination {
	return Denomination{Amount: Number(m.Amount), Asset: m.Currency}
}

// PaymentRequest returns the request in the words of today's API: clientId is
// configId, denomination value, ledgers asset types, externalReference
// externalRef, and so on. What today's API has no word for (description,
// notifyUrl, the transfer of PaidBy) is left out, and so is the price of a payment
// that is not in whole units: in what unit today's API counts bitcoin is not
// documented. A URL is given when ShowCode leads to a page.
func (r Request) PaymentRequest() api.PaymentRequest {
	p := api.PaymentRequest{
		ID: r.ID, ShortCode: r.ShortCode, MerchantID: r.MerchantID, MerchantName: r.MerchantName,
		ConfigID: r.ClientID, ExternalRef: r.ExternalReference, Barcode: r.PatronCode,
		Value: r.Denomination.Monetary(), Status: api.Status(r.Status), CancellationReason: r.CancellationReason,
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, ExpiresAt: r.ExpiresAt, Liveness: r.Liveness,
		TerminalID: r.TerminalID.String(), DeviceID: r.DeviceID.String(),
	}
	if seconds := r.PaymentExpirySeconds.Decimal(); seconds.IsInteger() && seconds.BigInt().IsInt64() {
		p.ExpirySeconds = api.Int(seconds.IntPart())
	}
	if code, err := ParseRequestCode(r.ShowCode()); err == nil {
		p.URL = code.URL
	}
	for _, way := range r.Payments {
		p.PaymentOptions = append(p.PaymentOptions, way.option())
	}
	if r.PaidBy != nil && r.PaidBy.AssetTotals != nil {
		p.PaidBy = &api.PaidBy{AssetTotals: r.PaidBy.AssetTotals}
	}
	return p
}

func (p Payment) option() api.PaymentOption {
	o := api.PaymentOption{AssetType: p.Ledger.AssetType()}
	if p.Amount.Valid() && p.Amount.Decimal().IsInteger() {
		o.Amount = p.Amount.BigNumber()
	}
	if p.Ledger == LedgerBitcoin {
		o.BitcoinAddress = p.Account
	}
	return o
}
