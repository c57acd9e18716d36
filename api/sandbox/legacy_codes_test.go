package sandbox_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"centrapos/api"
	"centrapos/api/legacy"
	"centrapos/api/sandbox"
)

// eachForm is a case of a call in both its editions; the first has no void and no
// refund.
func eachForm(c refusalCase, first, today int) []refusalCase {
	inFirst, inToday := c, c
	inFirst.form, inFirst.status, inFirst.when = &firstForm, first, c.when+" (as first published)"
	inToday.form, inToday.status = &todayForm, today
	inFirst = as("", inFirst)
	return []refusalCase{inToday, inFirst}
}

func legacyRefusals() []refusalCase {
	return slices.Concat(legacyCreateCases(), legacyPayCases(), legacyEndCases(), legacyRefundCases())
}

func legacyCreateCases() []refusalCase {
	var all []refusalCase
	for i, c := range []struct {
		status  int
		message string
		more    m
	}{
		{400, "INVALID_MERCHANT_ID", m{"merchantId": nil}},
		{400, "INVALID_AMOUNT", m{"amount": nil}},
		{400, "INVALID_AMOUNT", m{"amount": "0"}},
		{400, "INVALID_AMOUNT", m{"amount": "-5"}},
		{400, "INVALID_AMOUNT", m{"amount": "10.5"}},
		{400, "INVALID_AMOUNT", m{"amount": "100000000"}},
		{400, "INVALID_AMOUNT", m{"amount": "1e3"}},
		{400, "INVALID_ASSET", m{"asset": nil}},
		{400, "INVALID_ASSET", m{"asset": "dollars"}},
		{400, "INVALID_CLIENT_ID", m{"clientId": ""}},
		{400, "INVALID_PATRON_CODE", m{"patronCode": ""}},
		{400, "INVALID_DESCRIPTION", m{"description": ""}},
		{400, "INVALID_REFERENCE", m{"externalReference": ""}},
		{400, "INVALID_NOTIFY_URL", m{"notifyUrl": ""}},
		{400, "INVALID_PAYMENT_EXPIRY_SECONDS", m{"paymentExpirySeconds": "0"}},
		{400, "INVALID_PAYMENT_EXPIRY_SECONDS", m{"paymentExpirySeconds": "86400"}},
		{400, "INVALID_PAYMENT_EXPIRY_SECONDS", m{"paymentExpirySeconds": "1.5"}},
		{400, "CHECKSUM_FAILED", m{"patronCode": "9990001234567896"}},
		{403, "PATRON_CODE_INVALID", m{"patronCode": sandbox.BarcodeExpiredCode}},
		{403, "MERCHANT_CONFIGURATION_NOT_FOUND", m{"merchantId": "none"}},
		{403, "MERCHANT_CONFIGURATION_NOT_FOUND", m{"clientId": "none"}},
		{403, "NO_AVAILABLE_PAYMENT_OPTIONS", m{"asset": "USD"}},
	} {
		all = append(all, eachForm(refusalCase{
			endpoint: "legacy-create", message: c.message, when: strconv.Itoa(i),
			run: func(_ *rig, refuse func(method, path string, body any)) {
				refuse(post, "requests.create", bike(c.more))
			},
		}, c.status, c.status)...)
	}
	return all
}

func TestLegacyCreateOfAnotherMerchant(t *testing.T) {
	t.Parallel()
	two := newRig(t, sandbox.WithMerchants(sandbox.Demo(), sandbox.Merchant{
		ID: "other", Name: "Other", AccountID: "otherAccount", ConfigID: "mc_other", APIKey: "other-key", AssetTypes: []api.AssetType{"centrapay.nzd.test"},
	}))
	two.legacyRefused(todayForm, 403, "MERCHANT_CONFIGURATION_NOT_FOUND", post, "requests.create", bike(m{"clientId": "other"}))
	if all, err := two.svc.Requests(); err != nil || len(all) != 0 {
		t.Errorf("%d requests were made, %v", len(all), err)
	}
}

// how brings a request into a state and returns its id.
type how func(r *rig) string

func fresh(r *rig) string { return r.legacyCreate(todayForm, nil).ID }

func paidBefore(r *rig) string {
	id, _ := r.paidLegacy(nil)
	return id
}

func expired(r *rig) string {
	id := fresh(r)
	r.clock.advance(time.Hour)
	return id
}

func cancelledBefore(r *rig) string {
	id := fresh(r)
	r.void(id)
	return id
}

func nowhere(*rig) string { return "64b023fc-f17f-4f3d-afb6-0401306cd550" }

func nobodyNames(*rig) string { return "" }

func legacyPayCases() []refusalCase {
	blocked := func(m sandbox.Merchant) sandbox.Option { m.Blocked = true; return sandbox.WithMerchants(m) }(sandbox.Demo())
	var all []refusalCase
	for i, c := range []struct {
		status         int
		message        string
		of             how
		ledger, wallet string
		opts           []sandbox.Option
	}{
		{400, "INVALID_REQUEST_ID", nobodyNames, "x", "x", nil},
		{404, "REQUEST_NOT_FOUND", nowhere, "centrapay.nzd.test", testWallet(), nil},
		{400, "INVALID_LEDGER", fresh, "", testWallet(), nil},
		{400, "INVALID_AUTHORIZATION", fresh, "centrapay.nzd.test", "", nil},
		{403, "REQUEST_EXPIRED", expired, "centrapay.nzd.test", testWallet(), nil},
		{403, "REQUEST_PAID", paidBefore, "centrapay.nzd.test", testWallet(), nil},
		{403, "REQUEST_CANCELLED", cancelledBefore, "centrapay.nzd.test", testWallet(), nil},
		{403, "INVALID_ASSET_TYPE", fresh, "g.crypto.bitcoin.mainnet", "a transaction", nil},
		{403, "INVALID_ASSET_TYPE", fresh, "external.test", "x", nil},
		{403, "INACTIVE_ASSET", fresh, "centrapay.nzd.test", sandbox.WalletDisabled, nil},
		{403, "INVALID_MERCHANT_CONFIG", fresh, "centrapay.nzd.test", testWallet(), []sandbox.Option{blocked}},
		{403, "QUOTA_EXCEEDED", fresh, "centrapay.nzd.test", sandbox.WalletOverQuota, nil},
		{403, "INSUFFICIENT_ASSET_VALUE", func(r *rig) string { return r.legacyCreate(todayForm, m{"amount": "2001"}).ID }, "centrapay.nzd.test", sandbox.WalletLowFunds, nil},
		{403, "ASSET_REDEMPTION_DENIED", fresh, "centrapay.nzd.test", sandbox.WalletDenied, nil},
		{403, "Forbidden", fresh, "centrapay.nzd.test", "nobody's", nil},
	} {
		for _, name := range []string{"authorization", "paymentAuthorization"} {
			all = append(all, eachForm(refusalCase{
				endpoint: "legacy-pay", message: c.message, when: strconv.Itoa(i) + " by " + name, opts: c.opts,
				run: func(r *rig, refuse func(method, path string, body any)) {
					id := c.of(r.as(sandbox.DemoAPIKey))
					refuse(post, "requests.pay", m{"requestId": id, "ledger": c.ledger, name: c.wallet})
				},
			}, c.status, c.status)...)
		}
	}
	return slices.DeleteFunc(all, func(c refusalCase) bool { // the first publication alone has the other name
		return c.form == &todayForm && strings.HasSuffix(c.when, "paymentAuthorization")
	})
}

// legacyEndCases are those of cancel, void and info. The statuses of cancel and void
// differ between the editions (quirk H3).
func legacyEndCases() []refusalCase {
	older := []sandbox.Option{sandbox.WithLegacyStatusesOf2023()}
	run := func(method, call string, of how) func(*rig, func(method, path string, body any)) {
		return func(r *rig, refuse func(method, path string, body any)) {
			refuse(method, call, about(of(r.as(sandbox.DemoAPIKey))))
		}
	}
	void := func(message string, status int, when string, of how, opts []sandbox.Option) refusalCase {
		return refusalCase{endpoint: "legacy-void", status: status, message: message, when: when, opts: opts, form: &todayForm, run: run(post, "requests.void", of)}
	}
	all := []refusalCase{
		void("ALREADY_REFUNDED", 400, "", func(r *rig) string {
			id := paidBefore(r)
			legacyOK[legacy.VoidResult](r, todayForm, post, "requests.void", about(id))
			return id
		}, nil),
		void("VOID_WINDOW_EXCEEDED", 403, "", func(r *rig) string {
			id := paidBefore(r)
			r.clock.advance(24*time.Hour + time.Second)
			return id
		}, nil),
	}
	all = append(all, eachForm(refusalCase{endpoint: "legacy-info", message: "REQUEST_NOT_FOUND", run: run(get, "requests.info", nowhere)}, 404, 404)...)
	for _, c := range []struct {
		message       string
		of            how
		today, of2023 int
		onlyCancel    bool
	}{
		{"INVALID_REQUEST_ID", nobodyNames, 400, 400, false},
		{"REQUEST_NOT_FOUND", nowhere, 400, 404, false},
		{"REQUEST_EXPIRED", expired, 400, 400, false},
		{"REQUEST_CANCELLED", cancelledBefore, 400, 400, false},
		{"REQUEST_PAID", paidBefore, 404, 400, true},
	} {
		cancel := refusalCase{endpoint: "legacy-cancel", message: c.message, run: run(post, "requests.cancel", c.of)}
		all = append(all, eachForm(cancel, c.of2023, c.today)...)
		cancel.when, cancel.opts = "statuses of 2023", older
		all = append(all, eachForm(cancel, c.of2023, c.of2023)...)
		if !c.onlyCancel {
			all = append(all, void(c.message, c.today, "", c.of, nil), void(c.message, c.of2023, "statuses of 2023", c.of, older))
		}
	}
	return all
}

func legacyRefundCases() []refusalCase {
	stubborn := func(code api.Code) []sandbox.Option {
		return []sandbox.Option{sandbox.WithCustomers(sandbox.Customer{
			Name: "Stubborn", AccountID: "a", UserID: "u", Wallets: []sandbox.Wallet{{ID: "w", AssetType: "centrapay.nzd.test", RefundRefusal: code}},
		})}
	}
	with := func(ref, amount string) func(*rig, string) m {
		return func(_ *rig, transaction string) m {
			return m{"transactionId": transaction, "amount": amount, "externalReference": ref}
		}
	}
	refunded := func(r *rig, transaction string) { r.refundLegacy(transaction, "20", m{"externalReference": "a"}) }
	var all []refusalCase
	for i, c := range []struct {
		status  int
		message string
		opts    []sandbox.Option
		before  func(*rig, string)
		params  func(*rig, string) m
	}{
		{400, "INVALID_TRANSACTION_ID", nil, nil, func(*rig, string) m { return m{"amount": "1"} }},
		{404, "TRANSACTION_NOT_FOUND", nil, nil, func(*rig, string) m { return m{"transactionId": "none", "amount": "1"} }},
		{400, "INVALID_AMOUNT", nil, nil, with("a", "0")},
		{400, "INVALID_AMOUNT", nil, nil, with("a", "1021")},
		{400, "INVALID_AMOUNT", nil, refunded, with("b", "1001")},
		{400, "REPEAT_REFERENCE", nil, refunded, with("a", "21")},
		{400, "ALREADY_REFUNDED", nil, refunded, func(_ *rig, id string) m { return m{"transactionId": id, "amount": "1"} }},
		{403, "PARTIAL_REFUNDS_NOT_ALLOWED", stubborn(api.CodePartialRefundsNotAllowed), nil, with("a", "20")},
		{403, "INACTIVE_ASSET", stubborn(api.CodeInactiveAsset), nil, with("a", "20")},
		{403, "REFUND_NOT_SUPPORTED", stubborn(api.CodeRefundNotSupported), nil, with("a", "20")},
		{403, "REFUND_DECLINED", stubborn(api.CodeRefundDeclined), nil, with("a", "20")},
		{403, "REFUND_WINDOW_EXCEEDED", nil, func(r *rig, _ string) { r.clock.advance(32 * 24 * time.Hour) }, with("a", "20")},
	} {
		all = append(all, refusalCase{
			endpoint: "legacy-refund", status: c.status, message: c.message, when: strconv.Itoa(i), opts: c.opts, form: &todayForm,
			run: func(r *rig, refuse func(method, path string, body any)) {
				id := fresh(r)
				payWith := sandbox.PayOptions{}
				if c.opts != nil {
					payWith.AssetID = "w"
				}
				r.must(r.svc.Pay(id, payWith))
				transaction := r.info(id).PaidBy.TransactionID
				if c.before != nil {
					c.before(r, transaction)
				}
				refuse(post, "transactions.refund", c.params(r, transaction))
			},
		})
	}
	return all
}

// A pre-auth has no transaction, so that this generation cannot refund what was
// drawn on it.
func TestLegacyKnowsNoTransactionOfAPreAuth(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.create(m{"preAuth": true, "lineItems": []m{{"name": "Gumboots", "qty": "1", "price": "1250", "tax": "15.00"}}})
	r.pay(p.ID, nil)
	if got := r.info(p.ID); got.PaidBy != nil || got.Status != legacy.StatusPaid {
		t.Errorf("%+v", got)
	}
}

// TestLegacyRefundsConserveMoney refunds in any way that this generation has: what
// was paid is what went back and what is kept, each reference takes effect once,
// and nothing goes back without one after anything went back.
func TestLegacyRefundsConserveMoney(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := newRig(t)
		paid := rapid.IntRange(1, 500).Draw(rt, "paid")
		id, transaction := r.paidLegacy(m{"amount": strconv.Itoa(paid)})
		given := map[string]int{}
		back := 0
		for range rapid.IntRange(1, 8).Draw(rt, "calls") {
			ref := rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(rt, "reference")
			amount := rapid.IntRange(1, paid+1).Draw(rt, "amount")
			params := m{}
			if ref != "" {
				params["externalReference"] = ref
			}
			w := r.refundLegacy(transaction, strconv.Itoa(amount), params)
			before, repeated := given[ref]
			want, code := 200, ""
			switch {
			case ref == "" && back > 0:
				want, code = 400, "ALREADY_REFUNDED"
			case repeated && before == amount && ref != "":
			case repeated && ref != "":
				want, code = 400, "REPEAT_REFERENCE"
			case back == paid:
				want, code = 400, "ALREADY_REFUNDED"
			case amount > paid-back:
				want, code = 400, "INVALID_AMOUNT"
			default:
				given[ref] = amount
				back += amount
			}
			if w.Code != want || !strings.Contains(w.Body.String(), code) {
				rt.Fatalf("refund of %d with %q after %v: %d %s, want %d %s", amount, ref, given, w.Code, w.Body, want, code)
			}
		}
		recorded := 0
		page := ok[api.Page[api.PaymentActivity]](r, get, at(id, "activities"), nil)
		for _, a := range page.Items {
			if a.Type.Is(api.ActivityRefund) {
				recorded += int(a.Value.Amount.Decimal().IntPart())
			}
		}
		if recorded != back || recorded > paid {
			rt.Fatalf("paid %d, gave back %d, recorded %d", paid, back, recorded)
		}
		if state, err := r.svc.Request(id); err != nil || state.Status != api.StatusPaid {
			rt.Fatalf("%s, %v", state.Status, err)
		}
	})
}
