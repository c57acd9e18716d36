package sandbox

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// legacyRequest is a payment request as the first generation answers it. The two
// editions fill in different fields.
type legacyRequest struct {
	RequestID            string                 `json:"requestId"`
	ShortCode            string                 `json:"shortCode,omitempty"`
	MerchantID           string                 `json:"merchantId"`
	MerchantName         string                 `json:"merchantName,omitempty"`
	ClientID             string                 `json:"clientId,omitempty"`
	ExternalReference    string                 `json:"externalReference,omitempty"`
	Denomination         denomination           `json:"denomination"`
	Payments             []legacyPayment        `json:"payments,omitempty"`
	PaidBy               *legacyPaidBy          `json:"paidBy,omitempty"`
	QRCode               string                 `json:"qrCode,omitempty"`
	RequestCode          string                 `json:"requestCode,omitempty"`
	PatronCode           api.Text               `json:"patronCode,omitempty"`
	Description          string                 `json:"description,omitempty"`
	Status               api.Status             `json:"status"`
	CancellationReason   api.CancellationReason `json:"cancellationReason,omitempty"`
	CreatedAt            string                 `json:"createdAt"`
	UpdatedAt            string                 `json:"updatedAt"`
	Liveness             api.Liveness           `json:"liveness,omitempty"`
	PaymentExpirySeconds api.Int                `json:"paymentExpirySeconds,omitempty"`
	TerminalID           string                 `json:"terminalId,omitempty"`
	DeviceID             string                 `json:"deviceId,omitempty"`
	NotifyURL            string                 `json:"notifyUrl,omitempty"`
}

// denomination is an amount in smallest units, as a JSON number.
type denomination struct {
	Amount json.Number `json:"amount"`
	Asset  string      `json:"asset"`
}

// legacyPayment is one way to pay.
type legacyPayment struct {
	Amount json.Number `json:"amount"`
	// Account is "" for wallets in the first edition, and absent in its answer to
	// create and from the other edition (quirk F15).
	Account *string `json:"account,omitempty"`
	// Ledger is the asset type. Bitcoin alone has another name as a ledger, and is
	// never among the payment options here.
	Ledger  api.AssetType `json:"ledger"`
	Methods []string      `json:"methods"`
}

// legacyPaidBy is the payment of a request. Today's documents have its first two
// fields, the first publication all but the first.
type legacyPaidBy struct {
	TransactionID  string        `json:"transactionId,omitempty"`
	Amount         json.Number   `json:"amount"`
	Account        *string       `json:"account,omitempty"`
	Ledger         api.AssetType `json:"ledger,omitempty"`
	PaidAt         string        `json:"paidAt,omitempty"`
	ResponseCode   string        `json:"responseCode,omitempty"`
	AuthCode       string        `json:"authCode,omitempty"`
	Type           string        `json:"type,omitempty"`
	Receipt        string        `json:"receipt,omitempty"`
	SettlementDate string        `json:"settlementDate,omitempty"`
}

func number(d decimal.Decimal) json.Number { return json.Number(d.String()) }

// ledgerType is how settlements name a kind of payment, such as CENTRAPAY_NZD.
func ledgerType(t api.AssetType) string {
	return strings.ToUpper(strings.NewReplacer(".", "_", "-", "_").Replace(t.Base()))
}

// legacyWire is a request in today's edition.
func (s *Service) legacyWire(r *request) legacyRequest {
	out := legacyCancelled(r)
	out.ShortCode, out.ClientID, out.PatronCode = r.ShortCode, r.Asked.ConfigID, r.Asked.Barcode
	out.Payments = r.ledgers(nil)
	out.QRCode, out.RequestCode = s.payURL(r.ID), s.payURL(r.ID)
	out.CancellationReason, out.Liveness, out.PaymentExpirySeconds = r.Reason, r.Liveness, r.Asked.ExpirySeconds
	out.TerminalID, out.DeviceID, out.NotifyURL = r.Asked.TerminalID, r.Asked.DeviceID, r.legacy().NotifyURL
	if p, paid := r.legacyPayment(); paid {
		out.PaidBy = &legacyPaidBy{TransactionID: r.transactionID(p), Amount: number(r.paid())}
	}
	return out
}

// legacyCancelled is a request in the shorter form that today's cancel answers.
func legacyCancelled(r *request) legacyRequest {
	return legacyRequest{
		RequestID: r.ID, MerchantID: r.MerchantID, MerchantName: r.MerchantName,
		ExternalReference: r.Asked.ExternalRef, Denomination: r.denomination(), Description: r.legacy().Description,
		Status: r.Status, CreatedAt: api.NewTimestamp(r.CreatedAt).String(), UpdatedAt: api.NewTimestamp(r.UpdatedAt).String(),
	}
}

// firstWire is a request as first published: opaque codes, no milliseconds.
func (s *Service) firstWire(r *request) legacyRequest {
	none := ""
	out := legacyRequest{
		RequestID: r.ID, MerchantID: r.MerchantID, ClientID: r.Asked.ConfigID, ExternalReference: r.Asked.ExternalRef,
		Denomination: r.denomination(), Payments: r.ledgers(&none), Description: r.legacy().Description, Status: r.Status,
		RequestCode: "centrapay:" + strings.ToUpper(hex.EncodeToString([]byte(s.payURL(r.ID)))),
		CreatedAt:   toSecond(r.CreatedAt), UpdatedAt: toSecond(r.UpdatedAt), NotifyURL: r.legacy().NotifyURL,
	}
	if p, paid := r.legacyPayment(); paid {
		out.PaidBy = &legacyPaidBy{
			Amount: number(r.paid()), Account: &none, Ledger: p.Asked.AssetType, PaidAt: toSecond(p.At),
			ResponseCode: "00", AuthCode: authCode(r.transactionID(p)), Type: ledgerType(p.Asked.AssetType),
			Receipt:        base64.StdEncoding.EncodeToString([]byte(r.paperReceipt(p))),
			SettlementDate: toSecond(p.At.Add(settlementDelay).Truncate(24 * time.Hour)),
		}
	}
	return out
}

// firstCreated is how the first edition answers create: its ledgers have no
// account.
func (s *Service) firstCreated(r *request) legacyRequest {
	out := s.firstWire(r)
	out.Payments = r.ledgers(nil)
	return out
}

// firstPaid is how the first edition answers pay, without what the merchant set.
func (s *Service) firstPaid(r *request) legacyRequest {
	out := s.firstWire(r)
	out.ClientID, out.NotifyURL = "", ""
	return out
}

// legacy is what a request has of this generation; a request of the second has
// nothing.
func (r *request) legacy() legacyAsked {
	if r.Legacy == nil {
		return legacyAsked{}
	}
	return *r.Legacy
}

func (r *request) denomination() denomination {
	return denomination{Amount: number(r.value()), Asset: r.Asked.Value.Currency}
}

func (r *request) ledgers(account *string) []legacyPayment {
	var all []legacyPayment
	for _, o := range r.Options {
		all = append(all, legacyPayment{
			Amount: number(o.Amount.Decimal()), Account: account, Ledger: o.AssetType, Methods: []string{"qr_code"},
		})
	}
	return all
}

// legacyPayment is the payment by which this generation knows a request; false
// when nobody has paid. A pre-auth that is authorized has not paid anything.
func (r *request) legacyPayment() (payment, bool) {
	if len(r.Payments) == 0 || r.Asked.PreAuth {
		return payment{}, false
	}
	return r.Payments[0], true
}

// toSecond is a timestamp of the first edition (quirk E1).
func toSecond(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// authCode has the look of the documented ones and follows from the transaction.
func authCode(transactionID string) string {
	n, err := strconv.ParseUint(transactionID[:min(len(transactionID), 8)], 16, 32)
	if err != nil {
		return "000000"
	}
	const codes = 1_000_000
	return fmt.Sprintf("%06d", n%codes)
}

// paperReceipt is what the payer can be given on paper.
func (r *request) paperReceipt(p payment) string {
	const width = 28
	line := strings.Repeat("-", width)
	return strings.Join([]string{
		"*" + line[2:] + "*", r.MerchantName, line,
		"SANDBOX - NOT A REAL PAYMENT",
		describe(p.Asked.AssetType),
		"TOTAL " + dollars(api.NewBigNumber(r.paid()), r.Asked.Value.Currency),
		"AUTH  " + authCode(r.transactionID(p)),
		"APPROVED 00", toSecond(p.At), "*" + line[2:] + "*", "",
	}, "\n")
}

// legacyReceipt is what today's pay and refund answer.
type legacyReceipt struct {
	CreatedAt        string          `json:"createdAt"`
	CurrencyExchange exchange        `json:"currencyExchange"`
	Merchant         receiptMerchant `json:"merchant"`
	Payment          receiptPayment  `json:"payment"`
	Reference        string          `json:"reference"`
	SettlementDate   string          `json:"settlementDate"`
	Status           string          `json:"status"`
	Type             string          `json:"type"`
	Version          int             `json:"version"`
}

type exchange struct {
	Asset string      `json:"asset"`
	Rate  json.Number `json:"rate"`
}

type receiptMerchant struct {
	CategoryCode string `json:"categoryCode"`
	ID           string `json:"id"`
	Location     string `json:"location"`
	Name         string `json:"name"`
}

type receiptPayment struct {
	Amount  json.Number `json:"amount"`
	Asset   string      `json:"asset"`
	Message string      `json:"message"`
}

// receipt is the receipt of a payment or a refund. The sandbox exchanges nothing:
// the rate is 1.
func (t *tx) receipt(r *request, a api.PaymentActivity, kind string) legacyReceipt {
	m, _ := t.svc.dir.merchant(r.MerchantID)
	reference, err := strconv.Atoi(a.ActivityNumber.String())
	if err != nil {
		reference = 0
	}
	return legacyReceipt{
		CreatedAt: a.CreatedAt.String(), CurrencyExchange: exchange{Asset: a.Value.Currency, Rate: "1"},
		Merchant:  receiptMerchant{CategoryCode: m.CategoryCode, ID: r.MerchantID, Location: m.country(), Name: r.MerchantName},
		Payment:   receiptPayment{Amount: number(a.Value.Amount.Decimal()), Asset: a.Value.Currency, Message: "Payment processed"},
		Reference: activityID(r.ID, reference), SettlementDate: a.CreatedAt.Time().Add(settlementDelay).Format(time.DateOnly),
		Status: "Success", Type: kind, Version: 1,
	}
}

// receiptType names a payment on a receipt: txBitcoin, txCentrapayNzd.
func receiptType(t api.AssetType) string {
	var out strings.Builder
	out.WriteString("tx")
	for _, word := range strings.FieldsFunc(t.Base(), func(r rune) bool { return r == '.' || r == '-' }) {
		out.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return out.String()
}
