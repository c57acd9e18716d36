package centrapay

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"centrapos/api"
	"centrapos/pos"
)

// requestOf is a payment request as the service described it. The error says
// which amount cannot be read; the till would otherwise go by a wrong one.
func requestOf(r *api.PaymentRequest) (pos.Request, error) {
	value, err := moneyOf(r.Value)
	if err != nil {
		return pos.Request{}, fmt.Errorf("its value: %w", err)
	}
	remaining, err := remainingOf(r.RemainingAmount, value.Currency())
	if err != nil {
		return pos.Request{}, err
	}
	tenders, err := tendersOf(r.PaidBy)
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
		URL:                r.URL,
		Value:              value,
		Status:             pos.Status(r.Status),
		CancellationReason: string(r.CancellationReason),
		ExternalRef:        r.ExternalRef,
		CreatedAt:          r.CreatedAt.Time(),
		ExpiresAt:          r.ExpiresAt.Time(),
		Remaining:          remaining,
		Conditions:         conditionsOf(r.MerchantConditions),
		PaidBy:             tenders,
		PreAuthStatus:      string(r.PreAuthStatus),
		Liveness:           string(r.Liveness),
		MerchantName:       r.MerchantName,
		Document:           document,
	}, nil
}

// askedOf is what a request was made with, as far as the service lists it.
func askedOf(r *api.PaymentRequest, currency pos.Currency) *pos.Asked {
	asked := &pos.Asked{
		ConfigID: r.ConfigID, TerminalID: r.TerminalID, DeviceID: r.DeviceID, Barcode: string(r.Barcode),
		Lines: linesOf(r.LineItems), PreAuth: bool(r.PreAuth), Partial: bool(r.PartialAllowed),
	}
	if r.BasketAmount.IsSet() && r.BasketAmount.Valid() {
		asked.Basket = pos.NewMoney(r.BasketAmount.Decimal(), currency)
	}
	return asked
}

var errNoNumber = errors.New("the amount is no number")

// moneyOf reads an amount in a currency the till knows.
func moneyOf(m api.Monetary) (pos.Money, error) {
	if !m.Amount.Valid() {
		return pos.Money{}, errNoNumber
	}
	currency, err := pos.CurrencyOf(m.Currency)
	if err != nil {
		return pos.Money{}, err
	}
	return pos.NewMoney(m.Amount.Decimal(), currency), nil
}

// remainingOf is what is left to pay, in the request's own currency; the zero
// Money where the service does not say.
func remainingOf(n api.BigNumber, currency pos.Currency) (pos.Money, error) {
	switch {
	case !n.IsSet():
		return pos.Money{}, nil
	case !n.Valid():
		return pos.Money{}, fmt.Errorf("its remainingAmount: %w", errNoNumber)
	}
	return pos.NewMoney(n.Decimal(), currency), nil
}

func conditionsOf(conditions []api.PaymentCondition) []pos.Condition {
	var out []pos.Condition
	for _, c := range conditions {
		out = append(out, pos.Condition{
			ID: string(c.ID), Name: c.Name, Message: c.Message, Status: pos.ConditionStatus(c.Status),
		})
	}
	return out
}

// tendersOf is what the assets paid. A total that is no number makes the whole
// answer unreadable. One that is absent, or in a currency the till does not know
// (an asset need not be counted in money), is an amount not known: were it
// unreadable too, a paid request would never be seen as paid, and be voided.
func tendersOf(paid *api.PaidBy) ([]pos.Tender, error) {
	if paid == nil {
		return nil, nil
	}
	var out []pos.Tender
	for _, t := range paid.AssetTotals {
		if t.Total.Amount.IsSet() && !t.Total.Amount.Valid() {
			return nil, fmt.Errorf("what %s paid: %w", t.Type, errNoNumber)
		}
		total, err := moneyOf(t.Total)
		if err != nil {
			total = pos.Money{}
		}
		out = append(out, pos.Tender{
			AssetType: string(t.Type), Description: t.Description, Total: total, Lines: linesOf(t.LineItems),
		})
	}
	return out, nil
}

// linesOf are the lines an asset paid for; none at all when one of them cannot
// be read. They inform, and no rule reads them.
func linesOf(items []api.LineItem) []pos.LineItem {
	var out []pos.LineItem
	for _, item := range items {
		odd := func(n api.BigNumber) bool { return n.IsSet() && !n.Valid() }
		if !item.Qty.Valid() || !item.Price.Valid() || odd(item.Tax) || odd(item.Discount) {
			return nil
		}
		out = append(out, pos.LineItem{
			Name: item.Name, Qty: item.Qty.Decimal(), Price: item.Price.Decimal(),
			SKU: item.SKU, ProductID: item.ProductID, Restricted: bool(item.Restricted),
			Tax: optional(item.Tax), Discount: optional(item.Discount),
			Classification: classificationOf(item.Classification),
		})
	}
	return out
}

func optional(n api.BigNumber) *decimal.Decimal {
	if !n.IsSet() {
		return nil
	}
	d := n.Decimal()
	return &d
}

func classificationOf(c *api.ProductClassification) *pos.Classification {
	if c == nil {
		return nil
	}
	out := &pos.Classification{Type: c.Type, Code: c.Code, Name: c.Name}
	for name, value := range c.Props {
		if out.Props == nil {
			out.Props = map[string]string{}
		}
		out.Props[name] = string(value)
	}
	return out
}

// reversalOf tells what a void did: a refund gave money back; a cancellation, or
// the release of a pre-auth's hold, did not. No other activity tells it.
func reversalOf(a *api.PaymentActivity) (pos.Reversal, error) {
	reversal := pos.Reversal{ShortCode: a.ShortCode, Reason: string(a.CancellationReason)}
	switch {
	case a.Type.Is(api.ActivityCancellation), a.Type.Is(api.ActivityRelease):
		return reversal, nil
	case a.Type.Is(api.ActivityRefund):
		returned, err := moneyOf(a.Value)
		if err != nil {
			return pos.Reversal{}, fmt.Errorf("what was given back: %w", err)
		}
		reversal.Returned = returned
		return reversal, nil
	}
	return pos.Reversal{}, fmt.Errorf("%q is neither a cancellation nor a refund nor a release", string(a.Type))
}

// activityOf is an entry of a payment request's history. An amount that is absent,
// or in a currency the till does not know (an asset need not be counted in money),
// is an amount not known; one that is no number makes the entry unreadable, and so
// does an entry that does not say what it records: it may be money that went back.
func activityOf(a *api.PaymentActivity) (pos.Activity, error) {
	if a.Type == "" {
		return pos.Activity{}, errors.New("an activity has no type")
	}
	if a.Value.Amount.IsSet() && !a.Value.Amount.Valid() {
		return pos.Activity{}, fmt.Errorf("the value of a %s: %w", a.Type, errNoNumber)
	}
	value, err := moneyOf(a.Value)
	if err != nil {
		value = pos.Money{}
	}
	document, err := json.Marshal(a)
	if err != nil {
		return pos.Activity{}, fmt.Errorf("keep the service's own object: %w", err)
	}
	return pos.Activity{
		ID:                 a.ID,
		Type:               pos.ActivityType(a.Type),
		Value:              value,
		AssetType:          string(a.AssetType),
		ShortCode:          a.ShortCode,
		CreatedAt:          a.CreatedAt.Time(),
		ExternalRef:        a.ExternalRef,
		Key:                a.IdempotencyKey,
		ConfirmationKey:    a.ConfirmationIdempotencyKey,
		InvoiceRef:         a.InvoiceRef,
		CancellationReason: string(a.CancellationReason),
		External:           bool(a.External),
		Document:           document,
	}, nil
}

// answered is the end of a refund, a confirmation or a release. A value in another
// currency than was asked for is not the answer to what was asked.
func answered(got *api.PaymentActivity, meta api.Meta, err error, asked pos.Currency) (pos.Activity, pos.Reply) {
	if err != nil {
		return pos.Activity{}, replyOf(meta, err)
	}
	activity, err := activityOf(got)
	said := got.Value.Currency
	if err == nil && asked.Code != "" && said != "" && !strings.EqualFold(said, asked.Code) {
		err = errors.New("it is in " + said + " and not in " + asked.Code)
	}
	return readAs(activity, meta, err)
}
