package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/legacy"
	"centrapos/api/sandbox"
)

// TestLegacyClientEndToEnd goes through a sale in each edition with the client of
// that generation, over the network.
func TestLegacyClientEndToEnd(t *testing.T) {
	t.Parallel()
	server, err := sandbox.Listen(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}()
	for name, client := range map[string]*legacy.Client{
		"today":                             legacyClient(t, server.URL(), []api.Option{api.WithAPIKey(sandbox.DemoAPIKey)}),
		"as first published":                legacyClient(t, server.URL(), nil, legacy.AsFirstPublished()),
		"as first tabled":                   legacyClient(t, server.URL(), nil, legacy.AsFirstTabled()),
		"as first published, with some key": legacyClient(t, server.URL(), []api.Option{api.WithAPIKey(sandbox.DemoAPIKey)}, legacy.AsFirstPublished()),
	} {
		sale, _, err := client.Create(t.Context(), legacy.CreateRequest{MerchantID: sandbox.DemoMerchantID, Asset: "NZD", Amount: "1020", ExternalReference: "request1234"})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		code, err := legacy.ParseRequestCode(sale.ShowCode())
		if err != nil || code.URL != server.URL()+"/pay/"+sale.ID || code.RequestID != sale.ID {
			t.Errorf("%s: the code leads to %+v, %v", name, code, err)
		}
		if _, _, err := client.Pay(t.Context(), sale.ID, legacy.PayRequest{Ledger: "centrapay.nzd.test", Authorization: testWallet()}); err != nil {
			t.Errorf("%s: pay: %v", name, err)
		}
		paid, _, err := client.Info(t.Context(), sale.ID)
		if err != nil || paid.Status != legacy.StatusPaid || paid.PaidBy == nil || paid.PaidBy.Amount != "1020" {
			t.Errorf("%s: paid: %+v, %v", name, paid, err)
		}
		other, _, err := client.Create(t.Context(), legacy.CreateRequest{MerchantID: sandbox.DemoMerchantID, Asset: "NZD", Amount: "300"})
		if err != nil {
			t.Fatal(err)
		}
		if got, _, err := client.Cancel(t.Context(), other.ID); err != nil || got.Status != legacy.StatusCancelled {
			t.Errorf("%s: cancel: %+v, %v", name, got, err)
		}
	}
}

// A request of one generation is one of the other.
func TestLegacyRequestsArePaymentRequests(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	old := r.legacyCreate(todayForm, m{
		"externalReference": "request1234", "description": "New bike", "patronCode": sandbox.BarcodeCustomer2, "paymentExpirySeconds": "300",
		"terminalId": "t9", "deviceId": "d9", "notifyUrl": "/api/service.notify", "clientId": strings.TrimPrefix(sandbox.DemoConfigID, "mc_"),
	})
	p := r.get(old.ID)
	if p.Value != api.NewMonetary(1020, "NZD") || p.ExternalRef != "request1234" || p.Barcode != sandbox.BarcodeCustomer2 ||
		p.ExpirySeconds != 300 || p.TerminalID != "t9" || p.DeviceID != "d9" || p.URL != old.QRCode || p.ShortCode != old.ShortCode {
		t.Errorf("as a payment request: %+v", p)
	}
	if old.NotifyURL != "/api/service.notify" || old.Description != "New bike" || old.ClientID != "sandboxConfigCafe" || old.PatronCode != sandbox.BarcodeCustomer2 {
		t.Errorf("as it was answered: %+v", old)
	}
	r.pay(old.ID, nil)
	if got := r.info(old.ID); got.Status != legacy.StatusPaid || got.PaidBy.TransactionID == "" || got.PaidBy.Amount != "1020" {
		t.Errorf("paid: %+v", got)
	}
	young := r.create(m{"barcode": sandbox.BarcodePhotoID})
	if got := r.info(young.ID); got.Denomination.Amount != "1250" || got.ExternalReference != "T1-0042" {
		t.Errorf("a payment request, read in the old way: %+v", got)
	}
	if got := r.get(young.ID); len(got.MerchantConditions) != 1 {
		t.Error("info does not count as a poll")
	}
	if got := legacyOK[legacy.Request](r, firstForm, get, "requests.info", about(young.ID)); got.ID != young.ID || got.ShortCode != "" {
		t.Errorf("as first published: %+v", got)
	}
	survivor := fileRig(t, filePath(t))
	kept := survivor.legacyCreate(todayForm, m{"description": "New bike"})
	if got := survivor.info(kept.ID); got.Description != "New bike" {
		t.Errorf("with a file: %+v", got)
	}
}

func TestLegacyTransports(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, f := range []form{{"/api/", true}, {"/api/", false}, {"/payments/api/", true}, {"/payments/api/", false}} {
		made := r.legacyCreate(f, nil)
		if got := legacyOK[legacy.Request](r, f, get, "requests.info", about(made.ID)); got.ID != made.ID {
			t.Errorf("%+v: %+v", f, got)
		}
	}
	req := httptest.NewRequestWithContext(t.Context(), post, "/api/requests.create?amount=5&asset=NZD", strings.NewReader("amount=1020&merchantId="+sandbox.DemoMerchantID))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := r.send(req)
	if !strings.Contains(w.Body.String(), `"amount":1020`) {
		t.Errorf("the form goes before the query: %s", w.Body)
	}
	for _, body := range []string{"a=%zz", strings.Repeat("a", 2<<20)} {
		req := httptest.NewRequestWithContext(t.Context(), post, "/api/requests.create", strings.NewReader(body))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if w := r.send(req); w.Code != http.StatusBadRequest {
			t.Errorf("%.10s: %d %s", body, w.Code, w.Body)
		}
	}
	// The first edition has neither, and methods are those of the documents.
	r.legacyRefused(firstForm, 404, "Not Found", post, "requests.void", about("x"))
	r.legacyRefused(firstForm, 404, "Not Found", post, "transactions.refund", m{})
	r.legacyRefused(todayForm, 404, "Not Found", post, "requests.info", about("x"))
}

// As first published, no call shows a credential; one that is sent has to be good.
func TestLegacyCredentials(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.WithRateLimit(5), bankOwner("another", "another-key"))
	nobody := r.as("")
	made := nobody.legacyCreate(firstForm, nil)
	if page := ok[api.Page[api.PaymentActivity]](r, get, at(made.ID, "activities"), nil); page.Items[0].CreatedBy != api.NewCRN(sandbox.DemoMerchantAccountID, "api-key", "requests") {
		t.Errorf("created by %s", page.Items[0].CreatedBy)
	}
	for range 10 { // what counts for no account has no limit
		legacyOK[legacy.Request](nobody, firstForm, get, "requests.info", about(made.ID))
	}
	r.as("wrong").legacyRefused(firstForm, 401, "Missing authentication", get, "requests.info", about(made.ID))
	nobody.legacyRefused(todayForm, 401, "Missing authentication", get, "requests.info", about(made.ID))
	stranger := r.as("another-key")
	for _, f := range []form{firstForm, todayForm} {
		stranger.legacyRefused(f, 403, "Forbidden", post, "requests.cancel", about(made.ID))
	}
	_, transaction := r.paidLegacy(nil)
	stranger.legacyRefused(todayForm, 403, "Forbidden", post, "transactions.refund", m{"transactionId": transaction, "amount": "1"})
}

func TestLegacyRefunds(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, once := r.paidLegacy(nil)
	wantRefund(t, r.refundLegacy(once, "20", nil), "20")
	r.legacyRefused(todayForm, 400, "ALREADY_REFUNDED", post, "transactions.refund", m{"transactionId": once, "amount": "20"})
	r.legacyRefused(todayForm, 400, "ALREADY_REFUNDED", post, "transactions.refund", m{"transactionId": once, "amount": "1000"})

	id, parts := r.paidLegacy(nil)
	for _, c := range []struct{ ref, amount string }{{"a", "20"}, {"a", "20"}, {"b", "1000"}, {"a", "20"}} {
		wantRefund(t, r.refundLegacy(parts, c.amount, m{"externalReference": c.ref}), c.amount)
	}
	r.wantHistory(id, api.ActivityRequest, api.ActivityPayment, api.ActivityPaid, api.ActivityRefund, api.ActivityRefund)
	r.legacyRefused(todayForm, 400, "REPEAT_REFERENCE", post, "transactions.refund", m{"transactionId": parts, "amount": "21", "externalReference": "a"})
	r.legacyRefused(todayForm, 400, "ALREADY_REFUNDED", post, "transactions.refund", m{"transactionId": parts, "amount": "1", "externalReference": "c"})
}

func wantRefund(t testing.TB, w *httptest.ResponseRecorder, amount string) {
	t.Helper()
	var got legacy.Receipt
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Status != "Success" || got.Type != "txRefund" || string(got.Payment.Amount) != amount {
		t.Errorf("refund of %s: %d %s", amount, w.Code, w.Body)
	}
}

func TestLegacyVoid(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	open := r.legacyCreate(todayForm, nil).ID
	if got := legacyOK[legacy.VoidResult](r, todayForm, post, "requests.void", about(open)); got.Type != "voidCancel" || got.Status != "Success" {
		t.Errorf("void of a new one: %+v", got)
	}
	r.wantStatus(open, api.StatusCancelled, api.CancelledByMerchant)
	paid, transaction := r.paidLegacy(nil)
	if got := legacyOK[legacy.VoidResult](r, todayForm, post, "requests.void", about(paid)); got.Type != "voidRefund" || got.Status != "Success" {
		t.Errorf("void of a paid one: %+v", got)
	}
	r.wantHistory(paid, api.ActivityRequest, api.ActivityPayment, api.ActivityPaid, api.ActivityRefund)
	r.legacyRefused(todayForm, 400, "ALREADY_REFUNDED", post, "transactions.refund", m{"transactionId": transaction, "amount": "1"})
}

func TestLegacyLifetime(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id, soon := r.legacyCreate(firstForm, nil).ID, r.legacyCreate(todayForm, m{"paymentExpirySeconds": "5"}).ID
	r.clock.advance(5 * time.Second)
	if got := r.info(soon); got.Status != legacy.StatusExpired {
		t.Errorf("after five seconds: %s", got.Status)
	}
	r.clock.advance(115*time.Second - time.Millisecond)
	if got := r.info(id); got.Status != legacy.StatusNew {
		t.Errorf("before two minutes: %s", got.Status)
	}
	r.clock.advance(time.Millisecond)
	if got := r.info(id); got.Status != legacy.StatusExpired {
		t.Errorf("after two minutes: %s", got.Status)
	}
}

func TestLegacyReceiptForThePayer(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id, _ := r.paidLegacy(nil)
	paid := legacyOK[legacy.Request](r, firstForm, get, "requests.info", about(id))
	text, err := paid.PaidBy.ReceiptText()
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"Centrapay Café", "$10.20 NZD", "NOT A REAL PAYMENT", "Centrapay NZD Test", string(paid.PaidBy.AuthCode)} {
		if !strings.Contains(text, part) {
			t.Errorf("the receipt lacks %q:\n%s", part, text)
		}
	}
	if len(paid.PaidBy.AuthCode) != 6 || paid.PaidBy.Type != "CENTRAPAY_NZD" || paid.PaidBy.SettlementDate.Time().Hour() != 0 {
		t.Errorf("%+v", paid.PaidBy)
	}
	for kind, ledger := range map[string]string{"txQuartzNzd": "quartz.nzd.test", "txUplinkapi": "uplinkapi.test"} {
		made := r.legacyCreate(todayForm, nil).ID
		got := legacyOK[legacy.Receipt](r, todayForm, post, "requests.pay", m{
			"requestId": made, "ledger": ledger, "authorization": sandbox.WalletOf(api.AssetType(ledger)),
		})
		if got.Type != kind || fmt.Sprint(got.Payment.Amount) != "1020" {
			t.Errorf("%+v", got)
		}
	}
}
