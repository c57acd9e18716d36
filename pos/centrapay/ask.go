package centrapay

import (
	"time"

	"centrapos/api"
	"centrapos/pos"
)

// createBody is what a sale asks for (Payment Requests, Create). Conditions are
// always enabled, since the till answers them; a condition would otherwise
// cancel the payment.
func createBody(sale pos.Sale) api.CreatePaymentRequest {
	body := api.CreatePaymentRequest{
		ConfigID:          sale.Origin.ConfigID,
		Value:             monetary(sale.Amount),
		Barcode:           api.Text(sale.Barcode),
		ExpirySeconds:     api.Int(sale.Expiry / time.Second),
		LineItems:         wireLines(sale.Lines),
		ExternalRef:       sale.ExternalRef,
		TerminalID:        sale.Origin.TerminalID,
		DeviceID:          sale.Origin.DeviceID,
		OperatorID:        sale.Origin.OperatorID,
		ConditionsEnabled: true,
		PatronNotPresent:  sale.PatronNotPresent,
		PreAuth:           sale.PreAuth,
		PartialAllowed:    sale.Partial,
	}
	if sale.Partial {
		body.BasketAmount = api.NewBigNumber(sale.Basket.Minor())
	}
	return body
}

// refundBody is what a refund asks for (Payment Requests, Refund).
func refundBody(r pos.Refund) api.RefundPaymentRequest {
	return api.RefundPaymentRequest{
		Value:                      monetary(r.Value),
		ExternalRef:                r.ExternalRef,
		InvoiceRef:                 r.InvoiceRef,
		ConfirmationIdempotencyKey: r.ConfirmationKey,
		LineItems:                  wireLines(r.Lines),
		MerchantConfigID:           r.MerchantConfigID,
	}
}

// confirmBody is what a confirmation asks for (Payment Requests, Confirm).
func confirmBody(c pos.Confirm) api.ConfirmPaymentRequest {
	return api.ConfirmPaymentRequest{
		Value:          monetary(c.Value),
		IdempotencyKey: c.Key,
		InvoiceRef:     c.InvoiceRef,
		LineItems:      wireLines(c.Lines),
	}
}

func monetary(m pos.Money) api.Monetary {
	return api.Monetary{Amount: api.NewBigNumber(m.Minor()), Currency: m.Currency().Code}
}

func wireLines(lines []pos.LineItem) []api.LineItem {
	out := make([]api.LineItem, 0, len(lines))
	for _, l := range lines {
		item := api.LineItem{
			Name:       l.Name,
			SKU:        l.SKU,
			Qty:        api.NewBigNumber(l.Qty),
			Price:      api.NewBigNumber(l.Price),
			ProductID:  l.ProductID,
			Restricted: api.Bool(l.Restricted),
		}
		if l.Tax != nil {
			item.Tax = api.NewBigNumber(*l.Tax)
		}
		if l.Discount != nil {
			item.Discount = api.NewBigNumber(*l.Discount)
		}
		if c := l.Classification; c != nil {
			item.Classification = wireClassification(*c)
		}
		out = append(out, item)
	}
	return out
}

func wireClassification(c pos.Classification) *api.ProductClassification {
	out := &api.ProductClassification{Type: c.Type, Code: c.Code, Name: c.Name}
	for name, value := range c.Props {
		if out.Props == nil {
			out.Props = map[string]api.Text{}
		}
		out.Props[name] = api.Text(value)
	}
	return out
}
