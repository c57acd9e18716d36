package legacy

import (
	"strings"
	"testing"
	"time"

	"centrapos/api"
)

// TestQuirks has one test for each numbered oddity of the service and its
// documents that concerns the first generation. I1 and I2, JSON that the
// documents print broken, are repaired in the fixtures; a service that really
// sent it is in the test of broken answers.
func TestQuirks(t *testing.T) {
	t.Parallel()
	for number, test := range quirks {
		t.Run(number, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

// info returns what Info makes of an answer.
func info(t *testing.T, body string) *Request {
	t.Helper()
	c, _ := today(t, answering(200, body))
	r, _, err := c.Info(t.Context(), testID)
	if err != nil {
		t.Fatalf("%v of %s", err, body)
	}
	return r
}

// with is a whole request with more members.
func with(members string) string {
	return strings.Replace(aRequest, `"status"`, members+`,"status"`, 1)
}

var quirks = map[string]func(*testing.T){
	"A3": func(t *testing.T) { // fractions of a bitcoin
		r := read[Request](t, response(t, "legacy-payment-requests-create"))
		equal(t, "amount", r.Payments[0].Amount, "0.0027625")
		equal(t, "exact", r.Payments[0].Amount.Decimal().Shift(7).IntPart(), 27625)
		equal(t, "written", write(t, r.Payments[0].Amount), "0.0027625")
	},
	"A4": func(t *testing.T) { // wei beyond 2^53
		r := info(t, with(`"payments":[{"amount":13200000000000000001,"ledger":"g.crypto.ethereum.mainnet"}]`))
		equal(t, "amount", r.Payments[0].Amount, "13200000000000000001")
		equal(t, "written", write(t, r.Payments[0].Amount), "13200000000000000001")
	},
	"A7": func(t *testing.T) { // paymentExpirySeconds as string or number
		equal(t, "string", info(t, with(`"paymentExpirySeconds":"120"`)).PaymentExpirySeconds, "120")
		equal(t, "number", info(t, with(`"paymentExpirySeconds":120`)).PaymentExpirySeconds, "120")
		equal(t, "words", info(t, with(`"paymentExpirySeconds":"two minutes"`)).PaymentExpirySeconds.Valid(), false)
	},
	"A14": func(t *testing.T) { // iat and exp as strings or numbers
		for _, wire := range []string{`{"iat":1523003814,"exp":1523004114}`, `{"iat":"1523003814","exp":"1523004114"}`} {
			n := read[Notification](t, wire)
			at, ok := n.IssuedAt.Time()
			equal(t, "iat", ok && at.Equal(time.Date(2018, 4, 6, 8, 36, 54, 0, time.UTC)), true)
			equal(t, "written", strings.Contains(write(t, n), `"iat":1523003814,"exp":1523004114`), true)
		}
	},
	"A15": func(t *testing.T) { // a denomination's amount as string or number
		for _, name := range []string{"02", "03", "04"} {
			n := read[Notification](t, string(readFixture(t, "doc-legacy-payment-requests-"+name+".example.json")))
			equal(t, name, n.Transaction.Request.Denomination.Amount.Valid(), true)
		}
	},
	"B11": func(t *testing.T) { // asked 300, answered 350; new, with what paid it
		c, _ := today(t, answering(200, response(t, "legacy-payment-requests-create")))
		r, _, err := c.Create(t.Context(), CreateRequest{MerchantID: "m", Asset: "NZD", Amount: "300"})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "amount", r.Denomination.Amount, "350")
		equal(t, "final", r.Status.IsFinal(), false)
		equal(t, "transaction", r.PaidBy.TransactionID, "d52cc472-613c-4f25-ae2d-e880a0a24646")
	},
	"B12": func(t *testing.T) { // refund of 100 answered with 350
		c, _ := today(t, answering(200, response(t, "legacy-payment-requests-refund")))
		r, _, err := c.Refund(t.Context(), "t", RefundRequest{Amount: "100"})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "amount", r.Payment.Amount, "350")
	},
	"C2": func(t *testing.T) { // canceled and cancelled
		for _, spelling := range []string{"canceled", "cancelled", "Cancelled", "CANCELED"} {
			c, _ := today(t, answering(200, `{"requestId":"`+testID+`","status":"`+spelling+`"}`))
			r, _, err := c.Cancel(t.Context(), testID)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, spelling, r.Status == StatusCancelled && r.Status.IsFinal(), true)
		}
		unknown := read[Request](t, `{"status":"Lodged"}`)
		equal(t, "unknown", unknown.Status, "Lodged")
		equal(t, "unknown is final", unknown.Status.IsFinal(), false)
	},
	"C9": func(t *testing.T) { // three publications, two names of the authority
		for name, opts := range map[string][]Option{
			"authorization": nil, "paymentAuthorization": {AsFirstPublished()}, "authorization ": {AsFirstTabled()},
		} {
			c, s := serve(t, answering(200, paid), api.WithAPIKey(testKey), opts...)
			if _, _, err := c.Pay(t.Context(), testID, PayRequest{Ledger: "l", Authorization: "a"}); err != nil {
				t.Fatal(err)
			}
			sent := s.last.Load().Query
			if opts != nil {
				sent = s.last.Load().Form
			}
			equal(t, name, sent.Get(strings.TrimSpace(name)), "a")
			equal(t, name+" parameters", len(sent), 3)
		}
	},
	"C10": func(t *testing.T) { // two names of one ledger, and others
		for ledger, want := range map[Ledger]api.AssetType{
			"g.centrapay.pocketvouchers.voucher1": "pocketvouchers", "g.pocketvouchers.pv": "pocketvouchers",
			"g.crypto.bitcoin.mainnet": "bitcoin.main", "g.test.testUplink": "test",
			"centrapay.nzd.main": "centrapay.nzd.main", "g.crypto.ethereum.mainnet.0x11": "g.crypto.ethereum.mainnet.0x11",
		} {
			equal(t, string(ledger), ledger.AssetType(), want)
		}
	},
	"C11": func(t *testing.T) { // qr and qr_code
		p := read[Payment](t, `{"methods":["qr","qr_code","nfc","auth_numeric","drum"]}`)
		for i, want := range []Method{MethodQR, MethodQR, MethodNFC, MethodAuthNumeric, "drum"} {
			equal(t, "method", p.Methods[i], want)
		}
	},
	"C21": func(t *testing.T) { // asset or currency; paidBy a string
		r := info(t, `{"requestId":"`+testID+`","status":"new","denomination":{"currency":"NZD","amount":"10"},"paidBy":"nobody"}`)
		equal(t, "money", r.Denomination.Monetary().String(), "10 NZD")
		equal(t, "paid by", r.PaidBy.TransactionID, "")
		equal(t, "written", write(t, r.Denomination), `{"amount":10,"asset":"NZD"}`)
	},
	"D7": func(t *testing.T) { // a QR code with an id, or a page
		for name, want := range map[string]string{
			"legacy-payment-requests-create": "9e98c00c-1556-4c95-ba78-2dd1fc97fc5b", "legacy-payment-requests-get": "TyqV56mEkNLUeiY2QskHNR",
		} {
			r := read[Request](t, response(t, name))
			code, err := ParseRequestCode(r.QRCode)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, name, code.RequestID, want)
			equal(t, name, r.ID, want)
		}
	},
	"E1": func(t *testing.T) {
		r := read[Request](t, response(t, "seed-legacy-requests-info"))
		equal(t, "no milliseconds", r.CreatedAt.Time(), time.Date(2018, 4, 6, 4, 36, 54, 0, time.UTC))
	},
	"E3": func(t *testing.T) { // a date alone, or a timestamp
		for name, at := range map[string]api.Timestamp{
			"2019-12-10": read[PayResult](t, response(t, "legacy-payment-requests-pay")).Receipt.SettlementDate,
			"2018-04-06": read[PayResult](t, response(t, "seed-legacy-requests-pay")).Request.PaidBy.SettlementDate,
		} {
			equal(t, "date", at.Time().Format(time.DateOnly), name)
		}
	},
	"F13": func(t *testing.T) { // a dozen fields beside the model's two
		p := info(t, with(`"paidBy":{"transactionId":"t","amount":100,"ledger":"centrapay.nzd.main","type":"CENTRAPAY","authCode":961241,
			"responseCode":"00","receipt":"","v2":true,"paidAt":"2023-10-25T01:02:03.004Z","account":"a","description":"d",
			"settlementDate":"2023-10-26","assetTotals":[{"type":"centrapay.nzd.main","total":{"amount":"100","currency":"NZD"}}]}`)).PaidBy
		equal(t, "v2", bool(p.V2), true)
		equal(t, "auth code", p.AuthCode, "961241")
		equal(t, "total", p.AssetTotals[0].Total, api.NewMonetary(100, "NZD"))
		text, err := p.ReceiptText()
		equal(t, "receipt", text == "" && err == nil, true)
	},
	"F14": func(t *testing.T) { // expiresAt in the table only; no clientId, no notifyUrl
		equal(t, "absent", info(t, aRequest).ExpiresAt.IsZero(), true)
		equal(t, "present", info(t, with(`"expiresAt":"2018-04-06T04:38:54Z"`)).ExpiresAt.Valid(), true)
		r := read[PayResult](t, response(t, "seed-legacy-requests-pay")).Request
		equal(t, "ids", r.ClientID+r.NotifyURL, "")
	},
	"F15": func(t *testing.T) { // no account, or an empty one
		equal(t, "absent", read[Request](t, response(t, "seed-legacy-requests-create")).Payments[1].Account, "")
		equal(t, "empty", read[Request](t, response(t, "seed-legacy-requests-info")).Payments[1].Account, "")
	},
	"G4": func(t *testing.T) { // a form body, on the GET too
		c, s := first(t, answering(200, aRequest))
		if _, _, err := c.Info(t.Context(), testID); err != nil {
			t.Fatal(err)
		}
		sent := s.last.Load()
		equal(t, "sent", sent.Method+" "+sent.Header.Get("Content-Type")+" "+sent.Body, "GET application/x-www-form-urlencoded requestId="+testID)
		equal(t, "query", len(sent.Query), 0)
	},
	"G5": func(t *testing.T) { // a query and no body, on POSTs too
		c, s := today(t, answering(200, aVoid))
		if _, _, err := c.Void(t.Context(), testID); err != nil {
			t.Fatal(err)
		}
		sent := s.last.Load()
		equal(t, "sent", sent.Method+" "+sent.Query.Encode()+sent.Body+sent.Header.Get("Content-Type"), "POST requestId="+testID)
	},
	"G6": func(t *testing.T) { // pay answers a request or a receipt, whatever the form
		for _, form := range []func(testing.TB) *Client{
			func(t testing.TB) *Client { c, _ := today(t, answering(200, paid)); return c },
			func(t testing.TB) *Client { c, _ := first(t, answering(200, paid)); return c },
		} {
			p, _, err := form(t).Pay(t.Context(), testID, PayRequest{Ledger: "l", Authorization: "a"})
			equal(t, "request", err == nil && p.Request != nil && p.Receipt == nil, true)
		}
		c, _ := first(t, answering(200, response(t, "legacy-payment-requests-pay")))
		p, _, err := c.Pay(t.Context(), testID, PayRequest{Ledger: "l", Authorization: "a"})
		equal(t, "receipt", err == nil && p.Request == nil && p.Receipt.Reference == "252e5e22-4b99-4108-90a8-228312c455a7", true)
	},
	"G7": func(t *testing.T) { // a relative notifyUrl
		c, s := first(t, answering(200, aRequest))
		if _, _, err := c.Create(t.Context(), CreateRequest{MerchantID: "m", Asset: "NZD", Amount: "1", NotifyURL: "/api/service.notify"}); err != nil {
			t.Fatal(err)
		}
		equal(t, "sent", s.last.Load().Form.Get("notifyUrl"), "/api/service.notify")
	},
	"H3": func(t *testing.T) { // REQUEST_NOT_FOUND and REQUEST_PAID with 400 or 404
		for _, status := range []int{400, 404} {
			for _, code := range []api.Code{CodeRequestNotFound, api.CodeRequestPaid} {
				c, _ := today(t, answering(status, `{"message":"`+string(code)+`"}`))
				_, _, cancel := c.Cancel(t.Context(), testID)
				_, _, void := c.Void(t.Context(), testID)
				for _, err := range []error{cancel, void} {
					e := asError(t, err)
					equal(t, "code", e.Code, code)
					equal(t, "outcome", e.Outcome, api.Refused)
				}
			}
		}
	},
	"H4": func(t *testing.T) { // an error with the status 200: neither paid nor refused
		c, s := today(t, answering(200, alreadyHas))
		_, _, err := c.Pay(t.Context(), testID, PayRequest{Ledger: LedgerBitcoin, Authorization: "a"})
		e := asError(t, err)
		equal(t, "outcome", e.Outcome, api.Unknown)
		equal(t, "code", e.Code, CodeTransactionAlreadyExists)
		equal(t, "requests", s.calls.Load(), 1)
		equal(t, "text", strings.Contains(err.Error(), "TRANSACTION_ALREADY_EXISTS, with a status of success"), true)
	},
	"I1": func(t *testing.T) { // as printed: "New bike""
		c, _ := first(t, answering(200, strings.Replace(response(t, "seed-legacy-requests-create"), `"New bike"`, `"New bike""`, 1)))
		_, _, err := c.Create(t.Context(), sale)
		equal(t, "outcome", api.OutcomeOf(err), api.Unknown)
	},
	"I2": func(t *testing.T) { // as printed: a comma before the end
		c, _ := first(t, answering(200, strings.TrimSuffix(strings.TrimSpace(response(t, "seed-legacy-requests-pay")), "}")+",}"))
		_, _, err := c.Pay(t.Context(), testID, PayRequest{Ledger: LedgerVoucher, Authorization: "a"})
		equal(t, "outcome", api.OutcomeOf(err), api.Unknown)
	},
}
