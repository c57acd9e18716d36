package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

func TestNewRequestAsDocumented(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	got := r.create(m{"terminalId": "till-1", "deviceId": "d1", "operatorId": "mia", "expirySeconds": "85"})
	if got.Status != api.StatusNew || got.Liveness != api.LivenessTest || got.MerchantName != "Centrapay Café" {
		t.Errorf("got %+v", got)
	}
	if got.URL != "https://app.centrapay.com/pay/"+got.ID || len(got.ID) != 22 {
		t.Errorf("id %q, url %q", got.ID, got.URL)
	}
	if len(got.ShortCode) != len("CP-C7F-ZS5") || !strings.HasPrefix(got.ShortCode, "CP-") {
		t.Errorf("short code %q", got.ShortCode)
	}
	if got.ExpirySeconds != 85 || got.ExpiresAt.Time().Sub(got.CreatedAt.Time()) != 85*time.Second {
		t.Errorf("expires at %s, created at %s", got.ExpiresAt, got.CreatedAt)
	}
	if got.RemainingAmount != "1250" || got.PaidBy != nil || got.MerchantConditions == nil || len(got.MerchantConditions) != 0 {
		t.Errorf("remaining %q, paid by %v, conditions %v", got.RemainingAmount, got.PaidBy, got.MerchantConditions)
	}
	if got.TaxNumber == nil || got.CreatedByAccountID != sandbox.DemoMerchantAccountID || got.TerminalID != "till-1" {
		t.Errorf("got %+v", got)
	}
	if len(got.PaymentOptions) != len(sandbox.Demo().AssetTypes) || got.PaymentOptions[0].AssetType != "centrapay.nzd.test" {
		t.Errorf("options %v", got.PaymentOptions)
	}
	r.wantHistory(got.ID, api.ActivityRequest)
}

func TestPaymentInFull(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	r.clock.advance(7 * time.Second)
	activity := r.pay(id, nil)
	if activity.Type != api.ActivityPayment || !activity.Value.Equal(api.NewMonetary(1250, "NZD")) || activity.IdempotencyKey != "k1" {
		t.Errorf("activity %+v", activity)
	}
	got := r.get(id)
	if got.Status != api.StatusPaid || got.RemainingAmount != "0" || got.UpdatedAt.Time() != start.Add(7*time.Second) {
		t.Errorf("got %+v", got)
	}
	if got.PaidBy == nil || len(got.PaidBy.AssetTotals) != 1 {
		t.Fatalf("paid by %+v", got.PaidBy)
	}
	total := got.PaidBy.AssetTotals[0]
	if total.Description != "Centrapay NZD Test" || !total.Total.Equal(api.NewMonetary(1250, "NZD")) ||
		total.SettlementDate.Time() != start.Add(24*time.Hour+7*time.Second) || total.PayerAccountID == "" {
		t.Errorf("asset total %+v", total)
	}
	r.wantHistory(id, api.ActivityRequest, api.ActivityPayment, api.ActivityPaid)
}

func TestPayIsIdempotent(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	first := r.pay(id, nil)
	r.clock.advance(time.Hour)
	if again := r.pay(id, nil); !reflect.DeepEqual(again, first) {
		t.Errorf("the repeat was answered %+v, first %+v", again, first)
	}
	r.refused(403, "IDEMPOTENT_OPERATION_FAILED", http.MethodPost, at(id, "pay"), payBody("k1").with(m{"amount": "7"}))
	r.refused(403, "REQUEST_PAID", http.MethodPost, at(id, "pay"), payBody("k2"))
	r.wantHistory(id, api.ActivityRequest, api.ActivityPayment, api.ActivityPaid)
}

func TestVoidOfUnpaidAndPaid(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	unpaid := r.create(nil).ID
	if a := r.void(unpaid); a.Type != api.ActivityCancellation || a.CancellationReason != api.CancelledByMerchant {
		t.Errorf("void of an unpaid request: %+v", a)
	}
	r.wantStatus(unpaid, api.StatusCancelled, api.CancelledByMerchant)
	r.wantHistory(unpaid, api.ActivityRequest, api.ActivityCancellation)

	paid := r.create(nil).ID
	r.pay(paid, nil)
	r.clock.advance(24 * time.Hour)
	a := r.void(paid)
	if a.Type != api.ActivityRefund || !a.Value.Equal(api.NewMonetary(1250, "NZD")) || a.AssetType != "centrapay.nzd.test" {
		t.Errorf("void of a paid request: %+v", a)
	}
	r.wantStatus(paid, api.StatusCancelled, api.CancelledByMerchant)
	r.wantHistory(paid, api.ActivityRequest, api.ActivityPayment, api.ActivityPaid, api.ActivityRefund)
}

func TestExpiryByTheClock(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	r.clock.advance(120*time.Second - time.Millisecond)
	r.wantStatus(id, api.StatusNew, "")
	r.clock.advance(time.Millisecond)
	r.wantStatus(id, api.StatusExpired, "")
	r.clock.advance(time.Hour)
	if got := r.get(id); got.UpdatedAt.Time() != start.Add(120*time.Second) {
		t.Errorf("it expired at %s, found out late", got.UpdatedAt)
	}
	r.wantHistory(id, api.ActivityRequest, api.ActivityExpiry)
}

// Whatever looks at a request first finds it expired, not only Get.
func TestExpiryIsSeenEverywhere(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]func(r *rig, p api.PaymentRequest) api.Status{
		"short code": func(r *rig, p api.PaymentRequest) api.Status {
			return ok[api.PaymentRequest](r, http.MethodGet, at("short-code", p.ShortCode), nil).Status
		},
		"summary": func(r *rig, p api.PaymentRequest) api.Status {
			return ok[api.PaymentRequest](r.as(""), http.MethodGet, at(p.ID, "summary"), nil).Status
		},
		"external ref": func(r *rig, p api.PaymentRequest) api.Status {
			return r.listed("T1-0042", "").Items[0].Status
		},
		"control": func(r *rig, p api.PaymentRequest) api.Status {
			all, err := r.svc.Requests()
			if err != nil {
				r.Fatal(err)
			}
			return all[0].Status
		},
	} {
		r := newRig(t)
		p := r.create(nil)
		r.clock.advance(2 * time.Minute)
		if got := look(r, p); got != api.StatusExpired {
			t.Errorf("%s says %s", name, got)
		}
	}
}

func TestShortCodeLookUp(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.create(nil)
	activity := r.pay(p.ID, nil)
	for _, code := range []string{p.ShortCode, strings.ToLower(p.ShortCode), activity.ShortCode} {
		if got := ok[api.PaymentRequest](r, http.MethodGet, at("short-code", code), nil); got.ID != p.ID {
			t.Errorf("%s is %s, want %s", code, got.ID, p.ID)
		}
	}
	if activity.ShortCode == p.ShortCode || !strings.HasPrefix(activity.ShortCode, p.ShortCode+"-02") {
		t.Errorf("activity short code %s of request %s", activity.ShortCode, p.ShortCode)
	}
}

// Whoever mistypes one character of a short code is told so, and never shown
// another sale.
func TestMistypedShortCodes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	code := r.create(nil).ShortCode
	for i := range code {
		for _, c := range "0123456789ABCDEFGHJKMNPQRSTVWXYZ-" {
			wrong := code[:i] + string(c) + code[i+1:]
			if wrong != code {
				r.refused(400, "CHECKSUM_FAILED", get, at("short-code", wrong), nil)
			}
		}
	}
	for _, odd := range []string{"CP", "CP-", code + "-", code + "-0", code + "-01x", code + "x", "CP-%C3%A9AA-AAA", "999"} {
		r.refused(400, "CHECKSUM_FAILED", get, at("short-code", odd), nil)
	}
}

func TestPartialPayment(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	partial := m{"partialAllowed": true, "basketAmount": "2000"}
	id := r.create(partial).ID
	activity := r.pay(id, m{"amount": "500", "mode": "partial-payment"})
	if activity.Mode != api.PayModePartial || !activity.Value.Equal(api.NewMonetary(500, "NZD")) {
		t.Errorf("activity %+v", activity)
	}
	if got := r.get(id); got.Status != api.StatusPaid || got.RemainingAmount != "750" || got.BasketAmount != "2000" || !bool(got.PartialAllowed) {
		t.Errorf("got %+v", got)
	}
	if a := r.void(id); !a.Value.Equal(api.NewMonetary(500, "NZD")) {
		t.Errorf("void gave back %s", a.Value)
	}
	for _, sum := range []string{"1250", "2000"} { // lines may sum to the value or to the basket
		r.create(partial.with(m{"lineItems": []m{{"name": "Lunch", "qty": "1", "price": sum}}}))
	}
}

// Several assets pay one request, the last one being cash that the till took.
func TestMultiAssetPaymentWithExternalTender(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	r.pay(id, m{"amount": "400", "mode": "multi-asset-payment"})
	if got := r.get(id); got.Status != api.StatusNew || got.RemainingAmount != "850" {
		t.Errorf("after the first part: %s, remaining %s", got.Status, got.RemainingAmount)
	}
	cash := r.pay(id, m{"idempotencyKey": "k2", "assetType": "external.test", "assetId": nil, "externalPaymentRef": "cash"})
	if !bool(cash.External) || !cash.Value.Equal(api.NewMonetary(850, "NZD")) || cash.ExternalPaymentRef != "cash" {
		t.Errorf("cash is recorded as %+v", cash)
	}
	if got := r.get(id); got.Status != api.StatusPaid || len(got.PaidBy.AssetTotals) != 2 {
		t.Errorf("got %s, paid by %+v", got.Status, got.PaidBy)
	}
	refund := r.void(id)
	if !refund.Value.Equal(api.NewMonetary(1250, "NZD")) || refund.Strategy == nil || len(refund.Strategy.Refunds) != 2 {
		t.Errorf("void gave back %+v", refund)
	}
}

func TestPartPaymentsGoBackWhenTheRequestEndsUnpaid(t *testing.T) {
	t.Parallel()
	part := m{"amount": "400", "mode": "multi-asset-payment"}
	r := newRig(t)
	voided, expired := r.create(nil).ID, r.create(nil).ID
	r.pay(voided, part)
	r.pay(expired, part)
	if a := r.void(voided); a.Type != api.ActivityRefund || !a.Value.Equal(api.NewMonetary(400, "NZD")) {
		t.Errorf("void of a request paid in part: %+v", a)
	}
	r.wantHistory(voided, api.ActivityRequest, api.ActivityPayment, api.ActivityRefund, api.ActivityCancellation)
	r.clock.advance(2 * time.Minute)
	r.wantStatus(expired, api.StatusExpired, "")
	r.wantHistory(expired, api.ActivityRequest, api.ActivityPayment, api.ActivityRefund, api.ActivityExpiry)
}

func TestPreAuth(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	preAuth := m{"preAuth": true}
	id := r.create(preAuth).ID
	for _, o := range r.get(id).PaymentOptions {
		if o.AssetType != "centrapay.nzd.test" && o.AssetType != "farmlands.nzd.test" {
			t.Errorf("%s cannot pre-authorize but is offered", o.AssetType)
		}
	}
	r.wantHistory(id, api.ActivityPreAuthRequest)
	if a := r.pay(id, nil); a.Type != api.ActivityAuthorization || !bool(a.PreAuth) || a.AssetType != "" {
		t.Errorf("activity %+v", a)
	}
	got := r.get(id)
	if got.Status != api.StatusPaid || got.PreAuthStatus != api.PreAuthAuthorized || got.RemainingAmount != "0" || got.PaidBy != nil {
		t.Errorf("got %+v", got)
	}
	if want := start.AddDate(0, 3, 0); got.PreAuthExpiresAt.Time() != want {
		t.Errorf("the hold ends at %s, want %s", got.PreAuthExpiresAt, want)
	}
	if a := r.void(id); a.Type != api.ActivityRefund || !bool(a.PreAuth) {
		t.Errorf("void of a hold: %+v", a)
	}
	if got := r.get(id); got.Status != api.StatusCancelled || got.PreAuthStatus != "" {
		t.Errorf("after the void: %s, %q", got.Status, got.PreAuthStatus)
	}
}

func TestPreAuthLapses(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(m{"preAuth": true}).ID
	r.pay(id, nil)
	r.clock.advance(93 * 24 * time.Hour)
	if got := r.get(id); got.Status != api.StatusPaid || got.PreAuthStatus != api.PreAuthReleased {
		t.Errorf("after three months: %s, %s", got.Status, got.PreAuthStatus)
	}
	r.wantHistory(id, api.ActivityPreAuthRequest, api.ActivityAuthorization, api.ActivityRelease)
}

// listed is the listing by external reference for the demonstration merchant.
func (r *rig) listed(ref, more string) api.Page[api.PaymentRequest] {
	r.Helper()
	path := at("external-ref", ref) + "?merchantAccountId=" + sandbox.DemoMerchantAccountID + more
	return ok[api.Page[api.PaymentRequest]](r, http.MethodGet, path, nil)
}

func TestListingByExternalReference(t *testing.T) {
	t.Parallel()
	other := otherMerchant()
	r := newRig(t, sandbox.WithMerchants(sandbox.Demo(), other))
	var mine []string
	for range 5 {
		mine = append(mine, r.create(nil).ID)
		r.create(m{"externalRef": "another"})
		r.as("other-key").create(m{"configId": "mc_other"})
	}
	var got []string
	more, pages := "", 0
	for {
		page := r.listed("T1-0042", "&paginationLimit=2"+more)
		for _, p := range page.Items {
			got = append(got, p.ID)
			if p.ShortCode != "" || p.RemainingAmount != "" || p.ExternalRef != "T1-0042" {
				t.Errorf("item is not abridged as documented: %+v", p)
			}
		}
		pages++
		if page.NextPageKey != "" {
			t.Error("the cursor is called nextPageKey; this listing says pageKey")
		}
		if page.PageKey == "" {
			break
		}
		more = "&pageKey=" + escape(page.PageKey)
	}
	if pages != 3 || len(got) != 5 || got[0] != mine[4] || got[4] != mine[0] {
		t.Errorf("%d pages with %v, want the five of %v, newest first", pages, got, mine)
	}
	if page := r.listed("nobody's", ""); page.Items == nil || len(page.Items) != 0 {
		t.Errorf("a reference that nobody used lists %v", page.Items)
	}
	r.refused(400, "merchantAccountId is required", http.MethodGet, at("external-ref", "T1-0042"), nil)
}

func TestDateHeaderIsTheServicesClock(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.clock.advance(-time.Hour)
	for _, path := range []string{requests + "/x", "/nothing", "/pay/x", "/sandbox/requests"} {
		w := r.send(httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if got, want := w.Header().Get("Date"), "Sat, 01 Aug 2026 08:30:00 GMT"; got != want {
			t.Errorf("%s: Date %q, want %q", path, got, want)
		}
	}
}
