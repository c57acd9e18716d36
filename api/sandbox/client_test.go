package sandbox_test

import (
	"context"
	"testing"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// dialled are clients of a sandbox on a listener, one for each key.
func dialled(t *testing.T) (r *rig, till, owner, patron *api.Client) {
	t.Helper()
	server, err := sandbox.Listen(t.Context(), "", sandbox.WithRateLimit(0))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	client := func(key string) *api.Client {
		c, err := api.New(server.URL(), api.WithAPIKey(key))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.Close)
		return c
	}
	return &rig{TB: t, svc: server.Service()}, client(sandbox.DemoAPIKey), client(sandbox.DemoOwnerKey), client(sandbox.DemoPatronKey)
}

// did passes on what a call of the client returned, and fails the test on an error:
// the client refuses answers on which its readers cannot rely.
func did[T any](t *testing.T) func(T, api.Meta, error) T {
	return func(answer T, _ api.Meta, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
}

func order(cents int64) api.CreatePaymentRequest {
	return api.CreatePaymentRequest{ConfigID: sandbox.DemoConfigID, Value: api.NewMonetary(cents, "NZD"), ExternalRef: "T1"}
}

func TestTheClientMovesMoney(t *testing.T) {
	t.Parallel()
	r, till, _, _ := dialled(t)
	ctx, requests := t.Context(), till.PaymentRequests
	made := did[*api.PaymentRequest](t)(requests.Create(ctx, order(1250)))
	r.must(r.svc.Pay(made.ID, sandbox.PayOptions{}))
	refund := did[*api.PaymentActivity](t)(requests.Refund(ctx, made.ID, api.RefundPaymentRequest{Value: api.NewMonetary(250, "NZD"), ExternalRef: "R-1"}))
	if refund.Value.Amount != "250" {
		t.Errorf("refund %+v", refund)
	}
	held := order(1250)
	held.PreAuth = true
	id := did[*api.PaymentRequest](t)(requests.Create(ctx, held)).ID
	r.must(r.svc.Pay(id, sandbox.PayOptions{}))
	confirmed := did[*api.PaymentActivity](t)(requests.Confirm(ctx, id, api.ConfirmPaymentRequest{
		Value: api.NewMonetary(1000, "NZD"), IdempotencyKey: "c1", InvoiceRef: "INV-1",
		LineItems: []api.LineItem{{Name: "Hat", Qty: "1", Price: "1000"}},
	}))
	released := did[*api.PaymentActivity](t)(requests.Release(ctx, id))
	if confirmed.Value.Amount != "1000" || released.Value.Amount != "250" {
		t.Errorf("confirmed %+v, released %+v", confirmed, released)
	}
	if got := did[*api.PaymentRequest](t)(requests.Summary(ctx, made.ID)); got.ID != made.ID {
		t.Errorf("summary %+v", got)
	}
	count := 0
	for _, err := range till.PaymentActivities.All(ctx, api.ListPaymentActivitiesParams{MerchantID: sandbox.DemoMerchantID}) {
		r.must(err)
		count++
	}
	if count != 8 {
		t.Errorf("%d activities, want 4 of either request", count)
	}
}

func TestTheClientReadsAllAround(t *testing.T) {
	t.Parallel()
	r, till, owner, patron := dialled(t)
	ctx := t.Context()
	code := did[*api.PatronCode](t)(patron.PatronCodes.Create(ctx))
	did[*api.PatronCode](t)(patron.PatronCodes.Get(ctx, code.ID))
	did[*api.PatronCodeMetadata](t)(patron.PatronCodes.SetMetadata(ctx, code.ID, api.Metadata{"till": "1"}))
	did[*api.PatronCode](t)(till.PatronCodes.GetByBarcode(ctx, code.Barcode.String()))
	if got := did[*api.PaymentRequest](t)(patron.PaymentRequests.GetByPatronCode(ctx)); got != nil {
		t.Errorf("found %+v before there was any", got)
	}
	scanned := did[*api.ScannedCode](t)(till.ScannedCodes.Decode(ctx, api.DecodeScannedCode{Code: code.Barcode, MerchantConfigID: sandbox.DemoConfigID}))
	if scanned.Provider != api.ProviderCentrapay {
		t.Errorf("scanned %+v", scanned)
	}
	link := did[*api.Connection](t)(till.Connections.Create(ctx, api.CreateConnection{MerchantID: sandbox.DemoMerchantID}))
	did[*api.Connection](t)(patron.Connections.Authorize(ctx, link.ID, api.AuthorizeConnection{WalletID: sandbox.WalletOf("centrapay.nzd.test")}))
	did[*api.Connection](t)(till.Connections.Summary(ctx, link.ID))
	body := order(1250)
	body.Barcode, body.ConnectionID = code.Barcode, link.ID
	made := did[*api.PaymentRequest](t)(till.PaymentRequests.Create(ctx, body))
	byCode := did[*api.PaymentRequest](t)(patron.PaymentRequests.GetByPatronCode(ctx))
	byLink := did[*api.PaymentRequest](t)(patron.PaymentRequests.GetByConnection(ctx, link.ID))
	if byCode == nil || byCode.ID != made.ID || byLink.ID != made.ID {
		t.Errorf("by code %+v, by connection %+v", byCode, byLink)
	}
	r.must(r.svc.Pay(made.ID, sandbox.PayOptions{}))
	readMerchants(ctx, t, till, owner)
}

func readMerchants(ctx context.Context, t *testing.T, till, owner *api.Client) {
	t.Helper()
	did[*api.Merchant](t)(owner.Merchants.Get(ctx, sandbox.DemoMerchantID))
	listed := did[*api.Page[api.Merchant]](t)(owner.Merchants.ListByAccount(ctx, sandbox.DemoMerchantAccountID, api.ListMerchantsParams{}))
	own := did[*api.Page[api.Merchant]](t)(owner.Merchants.List(ctx, api.ListMerchantsParams{}))
	found := did[*api.MerchantSearchPage](t)(till.Merchants.Search(ctx, api.SearchMerchantsParams{Name: "café"}))
	if len(listed.Items) != 1 || len(own.Items) != 1 || len(found.Items) != 1 {
		t.Errorf("listed %+v, own %+v, found %+v", listed, own, found)
	}
	did[*api.MerchantConfig](t)(till.Merchants.Config(ctx, sandbox.DemoConfigID))
	did[*api.MerchantConfig](t)(till.Merchants.ConfigOf(ctx, sandbox.DemoMerchantID, sandbox.DemoTokenConfigID))
	if got := did[[]api.MerchantConfig](t)(till.Merchants.Configs(ctx, sandbox.DemoMerchantID)); len(got) != 2 {
		t.Errorf("configs %+v", got)
	}
	if got := did[*api.Page[api.Settlement]](t)(owner.Merchants.Settlements(ctx, sandbox.DemoMerchantID)); len(got.Items) != 1 || got.Items[0].Amount != "1250" {
		t.Errorf("settlements %+v", got)
	}
	if got := did[[]api.AccountMembership](t)(till.Accounts.Memberships(ctx)); len(got) != 1 || got[0].Role != api.RoleMerchantTerminal {
		t.Errorf("memberships %+v", got)
	}
}
