package sandbox

import (
	"slices"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// wire is a payment request as create and get answer it.
func (s *Service) wire(r *request) api.PaymentRequest {
	out := s.abridged(r)
	a := r.Asked
	out.ShortCode = r.ShortCode
	out.PatronCodeID, out.Barcode, out.BarcodeType = r.PatronCodeID, a.Barcode, a.BarcodeType
	out.CollectionID = a.CollectionID
	out.MerchantID, out.ConfigID = r.MerchantID, a.ConfigID
	out.PurchaseOrderRef, out.InvoiceRef = a.PurchaseOrderRef, a.InvoiceRef
	out.LineItems = a.LineItems
	out.MerchantConditions = slices.Clone(r.Conditions)
	if out.MerchantConditions == nil {
		out.MerchantConditions = []api.PaymentCondition{}
	}
	out.PaidBy = r.paidBy()
	out.PartialAllowed, out.BasketAmount = api.Bool(a.PartialAllowed), a.BasketAmount
	out.RemainingAmount = api.NewBigNumber(r.remaining())
	out.CancellationReason = r.Reason
	out.UpdatedAt, out.ExpirySeconds = api.NewTimestamp(r.UpdatedAt), a.ExpirySeconds
	out.PreAuth, out.PreAuthStatus = api.Bool(a.PreAuth), r.PreAuthStatus
	if !r.PreAuthExpiresAt.IsZero() {
		out.PreAuthExpiresAt = api.NewTimestamp(r.PreAuthExpiresAt)
	}
	out.ConditionsEnabled, out.PatronNotPresent = api.Bool(a.ConditionsEnabled), api.Bool(a.PatronNotPresent)
	out.TerminalID, out.DeviceID, out.OperatorID = a.TerminalID, a.DeviceID, a.OperatorID
	out.CreatedByAccountID, out.CreatedByAccountName = r.CreatedByAccount, a.CreatedByAccountName
	out.TaxNumber = r.TaxNumber
	out.RedirectURL, out.RedirectPaidURL, out.RedirectCancelURL = a.RedirectURL, a.RedirectPaidURL, a.RedirectCancelURL
	out.PaymentLinkID = a.PaymentLinkID
	return out
}

// abridged is a payment request as the listing by external reference shows it.
// The docs' example lacks the externalRef itself.
func (s *Service) abridged(r *request) api.PaymentRequest {
	return api.PaymentRequest{
		ID: r.ID, URL: s.payURL(r.ID), MerchantName: r.MerchantName, Value: r.Asked.Value,
		CreatedAt: api.NewTimestamp(r.CreatedAt), ExpiresAt: api.NewTimestamp(r.ExpiresAt),
		PaymentOptions: r.Options, Status: r.Status, Liveness: r.Liveness, ExternalRef: r.Asked.ExternalRef,
		ConnectionID: r.Asked.ConnectionID, ConnectionStatus: r.ConnectionStatus,
	}
}

// summary is what anybody who has the link may know. The docs do not say what it
// is once the status is final; here it stays the same.
func (s *Service) summary(r *request) api.PaymentRequest {
	whole := s.wire(r)
	return api.PaymentRequest{
		ID: whole.ID, URL: whole.URL, MerchantID: whole.MerchantID, MerchantName: whole.MerchantName,
		Value: whole.Value, CreatedAt: whole.CreatedAt, ExpiresAt: whole.ExpiresAt,
		PaymentOptions: whole.PaymentOptions, PartialAllowed: whole.PartialAllowed,
		BasketAmount: whole.BasketAmount, RemainingAmount: whole.RemainingAmount,
		Status: whole.Status, LineItems: whole.LineItems, Liveness: whole.Liveness,
	}
}

// paidBy totals the payments by asset type, nil when there is none. A pre-auth
// that is authorized has not paid anything.
func (r *request) paidBy() *api.PaidBy {
	if len(r.Payments) == 0 || r.Asked.PreAuth {
		return nil
	}
	var totals []api.AssetTotal
	for _, p := range r.Payments {
		i := slices.IndexFunc(totals, func(t api.AssetTotal) bool { return t.Type == p.Asked.AssetType })
		if i < 0 {
			totals = append(totals, api.AssetTotal{
				Type: p.Asked.AssetType, Description: describe(p.Asked.AssetType),
				SettlementDate: api.NewTimestamp(p.At.Add(settlementDelay)),
				Total:          r.money(decimal.Zero), PayerAccountID: p.PayerAccountID,
			})
			i = len(totals) - 1
		}
		totals[i].LineItems = append(totals[i].LineItems, p.Lines...)
		totals[i].Total = r.money(totals[i].Total.Amount.Decimal().Add(p.Amount))
	}
	return &api.PaidBy{AssetTotals: totals}
}
