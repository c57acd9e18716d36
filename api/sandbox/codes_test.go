package sandbox_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

const post, get = http.MethodPost, http.MethodGet

// refusalCase is one endpoint refusing with one documented code.
type refusalCase struct {
	endpoint string
	status   int
	message  string
	// when says which of several ways to the same code it is.
	when string
	opts []sandbox.Option
	// run makes the call: with refuse, the last call of the case.
	run func(r *rig, refuse func(method, path string, body any))
	// form is how a call of the first generation is sent, by the name of the call and
	// its parameters; nil for all others.
	form *form
}

// name is that of the test that runs the case.
func (c refusalCase) name() string { return strings.Join([]string{c.endpoint, c.message, c.when}, "/") }

func bodyCase(message, when string, more m, opts ...sandbox.Option) refusalCase {
	status := 403
	if message == "LINE_ITEMS_SUM_CHECK_FAILED" || message == "CHECKSUM_FAILED" || strings.ToUpper(message) != message {
		status = 400
	}
	if message == "Forbidden" {
		status = 403
	}
	return refusalCase{endpoint: "create", status: status, message: message, when: when, opts: opts, run: func(_ *rig, refuse func(string, string, any)) {
		refuse(post, requests, coffee().with(more))
	}}
}

// onNew refuses a call about a request that is new, after something was done to it.
func onNew(endpoint string, status int, message, when string, create m, before func(*rig, string), path []string, body any, opts ...sandbox.Option) refusalCase {
	return refusalCase{endpoint: endpoint, status: status, message: message, when: when, opts: opts, run: func(r *rig, refuse func(string, string, any)) {
		id := r.create(create).ID
		if before != nil {
			before(r, id)
		}
		refuse(post, at(id, path...), body)
	}}
}

// asPatron refuses a call of the customer whose request it is.
func asPatron(endpoint, message, when string, before func(*rig, string), path []string) refusalCase {
	return refusalCase{endpoint: endpoint, status: 403, message: message, when: when, run: func(r *rig, refuse func(string, string, any)) {
		id := r.create(nil).ID
		before(r, id)
		r.key = sandbox.DemoPatronKey
		refuse(post, at(id, path...), nil)
	}}
}

var (
	payPath    = []string{"pay"}
	voidPath   = []string{"void"}
	acceptOne  = []string{"conditions", "1", "accept"}
	declineOne = []string{"conditions", "1", "decline"}
)

func voidIt(r *rig, id string)  { r.void(id) }
func payIt(r *rig, id string)   { r.pay(id, nil) }
func expireIt(r *rig, _ string) { r.clock.advance(time.Hour) }
func raiseIt(r *rig, id string) { r.must(r.svc.RaiseCondition(id, sandbox.Condition{})) }
func awaitHim(r *rig, id string) {
	r.must(r.svc.RaiseCondition(id, sandbox.Condition{AwaitsPatron: true}))
}
func acceptIt(r *rig, id string) { raiseIt(r, id); ok[m](r, post, at(id, acceptOne...), nil) }
func raiseAndVoid(r *rig, id string) {
	raiseIt(r, id)
	r.void(id)
}
func payAndVoid(r *rig, id string) {
	r.pay(id, nil)
	r.void(id)
}
func payAndWait(r *rig, id string) {
	r.pay(id, nil)
	r.clock.advance(24*time.Hour + time.Millisecond)
}

func payFrom(asset, wallet string) func(*rig, string) {
	return func(r *rig, id string) { r.pay(id, m{"assetType": asset, "assetId": wallet}) }
}

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func from(wallet string) m { return payBody("k1").with(m{"assetId": wallet}) }

func blockedMerchant() sandbox.Option {
	blocked := sandbox.Demo()
	blocked.Blocked = true
	return sandbox.WithMerchants(blocked)
}

func createCases() []refusalCase {
	connected := sandbox.WithConnections(
		sandbox.Connection{ID: "cn_elsewhere", MerchantID: "other", CreatedByAccountID: sandbox.DemoMerchantAccountID},
		sandbox.Connection{ID: "cn_theirs", MerchantID: sandbox.DemoMerchantID, CreatedByAccountID: "otherAccount"})
	onlyPayPal := sandbox.Demo()
	onlyPayPal.AssetTypes = []api.AssetType{"paypal.test"}
	noTaxNumber := sandbox.Demo()
	noTaxNumber.AssetTypes, noTaxNumber.TaxNumber = []api.AssetType{"farmlands.nzd.test"}, nil
	noWallet := sandbox.Demo()
	noWallet.AssetTypes = []api.AssetType{"farmlands.nzd.test"}
	line := func(price string) []m { return []m{{"name": "Lunch", "qty": "1", "price": price}} }
	owner := sandbox.WithKeys(sandbox.Key{Secret: "owner-key", Name: "Owner", AccountID: "otherAccount", Role: sandbox.RoleAccountOwner})
	return []refusalCase{
		bodyCase("LINE_ITEMS_SUM_CHECK_FAILED", "off by a cent", m{"lineItems": line("1249")}),
		bodyCase("LINE_ITEMS_SUM_CHECK_FAILED", "neither value nor basket", m{"lineItems": line("1999"), "partialAllowed": true, "basketAmount": "2000"}),
		bodyCase("LINE_ITEMS_SUM_CHECK_FAILED", "the basket does not count without partialAllowed", m{"lineItems": line("1251")}),
		bodyCase("CHECKSUM_FAILED", "", m{"barcode": "9990000000000111"}),
		bodyCase("REDIRECT_URL_INVALID", "paid", m{"redirectPaidUrl": "https://evil.example/"}),
		bodyCase("REDIRECT_URL_INVALID", "cancel", m{"redirectCancelUrl": "https://evil.example/"}),
		bodyCase("REDIRECT_URL_INVALID", "the older field", m{"redirectUrl": "https://evil.example/"}),
		bodyCase("PATRON_CODE_INVALID", "unknown", m{"barcode": "9990000000000441"}),
		bodyCase("PATRON_CODE_INVALID", "expired", m{"barcode": sandbox.BarcodeExpiredCode}),
		bodyCase("PATRON_CODE_INVALID", "unknown card", m{"barcode": "503901342"}),
		bodyCase("NO_AVAILABLE_PAYMENT_OPTIONS", "currency", m{"value": m{"amount": "1", "currency": "USD"}}),
		bodyCase("NO_AVAILABLE_PAYMENT_OPTIONS", "barcode of a provider that is not taken", m{"barcode": "a1b2", "barcodeType": "ticketek"}),
		bodyCase("NO_AVAILABLE_PAYMENT_OPTIONS", "pre-auth", m{"preAuth": true, "value": m{"amount": "1", "currency": "USD"}}, sandbox.WithMerchants(onlyPayPal)),
		bodyCase("NO_AVAILABLE_PAYMENT_OPTIONS", "tax number", nil, sandbox.WithMerchants(noTaxNumber)),
		bodyCase("NO_AVAILABLE_PAYMENT_OPTIONS", "test scenario without the test wallet", m{"barcode": sandbox.BarcodePhotoID}, sandbox.WithMerchants(noWallet)),
		bodyCase("TOKEN_COLLECTION_NOT_FOUND", "", m{"collectionId": "c_none"}),
		bodyCase("CONNECTION_NOT_FOUND", "", m{"connectionId": "cn_none"}, connected),
		bodyCase("CONNECTION_MERCHANT_MISMATCH", "", m{"connectionId": "cn_elsewhere"}, connected),
		bodyCase("CONNECTION_CREATED_BY_MISMATCH", "", m{"connectionId": "cn_theirs"}, connected),
		bodyCase("Forbidden", "unknown config", m{"configId": "mc_none"}),
		as("owner-key", bodyCase("Forbidden", "an account owner for another account's merchant", nil, owner)),
		bodyCase("configId is required", "", m{"configId": nil}),
		bodyCase("value is required", "", m{"value": nil}),
		bodyCase("value.amount is required", "", m{"value": m{"currency": "NZD"}}),
		bodyCase("value.currency is required", "", m{"value": m{"amount": "1"}}),
		bodyCase("value.currency must be an ISO 4217 code", "", m{"value": m{"amount": "1", "currency": "nzd"}}),
		bodyCase("value.amount must be greater than 0", "zero", m{"value": nzd("0")}),
		bodyCase("value.amount must be greater than 0", "negative", m{"value": nzd("-1")}),
		bodyCase("value.amount must be less than 100000000", "", m{"value": nzd("100000000")}),
		bodyCase("value.amount must be less than 100000000", "huge", m{"value": nzd("999999999999999999999999999999")}),
		bodyCase("value.amount must be a number", "words", m{"value": nzd("ten")}),
		bodyCase("value.amount must be a number", "exponent", m{"value": nzd("1e3")}),
		bodyCase("value.amount must be in the smallest unit of its currency", "", m{"value": nzd("12.50")}),
		bodyCase("value has the wrong type", "", m{"value": "12.50"}),
		bodyCase("expirySeconds must be between 1 and 86400", "zero", m{"expirySeconds": 0}),
		bodyCase("expirySeconds must be between 1 and 86400", "over a day", m{"expirySeconds": "86401"}),
		bodyCase("invoiceRef must be at most 128 characters", "", m{"invoiceRef": strings.Repeat("é", 129)}),
		bodyCase("basketAmount is required", "", m{"partialAllowed": true}),
		bodyCase("basketAmount is allowed only with partialAllowed", "", m{"basketAmount": "1"}),
		bodyCase("basketAmount must be greater than 0", "", m{"partialAllowed": true, "basketAmount": "0"}),
		bodyCase("lineItems[0].name is required", "", m{"lineItems": []m{{"qty": "1", "price": "1250"}}}),
		bodyCase("lineItems[0].qty is required", "", m{"lineItems": []m{{"name": "x", "price": "1250"}}}),
		bodyCase("lineItems[0].price is required", "", m{"lineItems": []m{{"name": "x", "qty": "1"}}}),
		bodyCase("lineItems[0].tax must be a number", "", m{"lineItems": []m{{"name": "x", "qty": "1", "price": "1250", "tax": "GST"}}}),
	}
}

func payCases() []refusalCase {
	merchantOfTokens := sandbox.Demo()
	merchantOfTokens.AssetTypes = []api.AssetType{"centrapay.nzd.test", "cca.coke.test"}
	restricted := m{"lineItems": []m{{"name": "Cigars", "qty": "1", "price": "1250", "restricted": true}}}
	coke := payBody("k").with(m{"assetType": "cca.coke.test", "assetId": sandbox.WalletOf("cca.coke.test")})
	partial := m{"partialAllowed": true, "basketAmount": "1250"}
	return []refusalCase{
		onNew("pay", 403, "INVALID_ASSET_TYPE", "not taken", nil, nil, payPath, payBody("k").with(m{"assetType": "centrapay.nzd.main"})),
		onNew("pay", 403, "INVALID_ASSET_TYPE", "no such type", nil, nil, payPath, payBody("k").with(m{"assetType": "shells.test"})),
		onNew("pay", 403, "INVALID_ASSET_TYPE", "not the wallet's", nil, nil, payPath, payBody("k").with(m{"assetType": "quartz.nzd.test"})),
		onNew("pay", 403, "INVALID_ASSET_TYPE", "outside tender of the other liveness", nil, nil, payPath, m{"assetType": "external.main", "idempotencyKey": "k"}),
		onNew("pay", 403, "INVALID_ASSET_TYPE", "outside tender for a pre-auth", m{"preAuth": true}, nil, payPath, m{"assetType": "external.test", "idempotencyKey": "k"}),
		onNew("pay", 403, "REQUEST_EXPIRED", "", nil, expireIt, payPath, payBody("k")),
		onNew("pay", 403, "REQUEST_PAID", "", nil, payIt, payPath, payBody("k2")),
		onNew("pay", 403, "REQUEST_CANCELLED", "", nil, voidIt, payPath, payBody("k")),
		onNew("pay", 403, "INACTIVE_ASSET", "", nil, nil, payPath, from(sandbox.WalletDisabled)),
		onNew("pay", 403, "INVALID_MERCHANT_CONFIG", "", nil, nil, payPath, payBody("k"), blockedMerchant()),
		onNew("pay", 403, "QUOTA_EXCEEDED", "", nil, nil, payPath, from(sandbox.WalletOverQuota)),
		onNew("pay", 403, "INSUFFICIENT_ASSET_VALUE", "wallet", m{"value": nzd("2001")}, nil, payPath, from(sandbox.WalletLowFunds)),
		onNew("pay", 403, "INSUFFICIENT_ASSET_VALUE", "amount", nil, nil, payPath, payBody("k").with(m{"amount": "1249"})),
		onNew("pay", 403, "INSUFFICIENT_ASSET_VALUE", "part where none is allowed", nil, nil, payPath, payBody("k").with(m{"amount": "1249", "mode": "partial-payment"})),
		onNew("pay", 403, "INSUFFICIENT_ASSET_VALUE", "part of a pre-auth", partial.with(m{"preAuth": true}), nil, payPath, payBody("k").with(m{"amount": "1", "mode": "partial-payment"})),
		onNew("pay", 403, "ASSET_REDEMPTION_DENIED", "", nil, nil, payPath, from(sandbox.WalletDenied)),
		onNew("pay", 403, "ASSET_REDEMPTION_DENIED", "no such transaction", nil, nil, payPath, payBody("k").with(m{"assetId": nil, "transactionId": "t"})),
		onNew("pay", 403, "PAYMENT_DECLINED", "", nil, nil, payPath, from(sandbox.WalletDeclined)),
		onNew("pay", 403, "PAYMENT_DECLINED", "restricted line", restricted, nil, payPath, coke, sandbox.WithMerchants(merchantOfTokens)),
		onNew("pay", 403, "PAYMENT_DECLINED", "open condition", nil, raiseIt, payPath, payBody("k")),
		onNew("pay", 403, "PAYMENT_UNCONFIRMED", "", nil, nil, payPath, from(sandbox.WalletUnconfirmed)),
		onNew("pay", 403, "IDEMPOTENT_OPERATION_FAILED", "", nil, payIt, payPath, payBody("k1").with(m{"amount": "1"})),
		onNew("pay", 403, "Forbidden", "unknown wallet", nil, nil, payPath, from("nobody's")),
		onNew("pay", 400, "assetType is required", "", nil, nil, payPath, m{"idempotencyKey": "k"}),
		onNew("pay", 400, "idempotencyKey is required", "", nil, nil, payPath, payBody("k").with(m{"idempotencyKey": nil})),
		onNew("pay", 400, "amount is required", "", partial, nil, payPath, payBody("k").with(m{"mode": "partial-payment"})),
		onNew("pay", 400, "amount must be a whole number above zero", "", partial, nil, payPath, payBody("k").with(m{"amount": "-5"})),
		onNew("pay", 400, "amount must not be more than the remaining amount", "", partial, nil, payPath, payBody("k").with(m{"amount": "1251"})),
		onNew("pay", 400, "mode must be partial-payment or multi-asset-payment", "", partial, nil, payPath, payBody("k").with(m{"mode": "parital-payment"})),
		onNew("pay", 400, "exactly one of assetId, transactionId and authorization is required", "two", nil, nil, payPath, payBody("k").with(m{"authorization": "x"})),
		onNew("pay", 400, "exactly one of assetId, transactionId and authorization is required", "none", nil, nil, payPath, payBody("k").with(m{"assetId": nil})),
		onNew("pay", 400, "externalPaymentRef is required", "", nil, nil, payPath, payBody("k").with(m{"assetType": "farmlands.nzd.test"})),
		onNew("pay", 400, "lineItems is allowed only with centrapay.token", "", nil, nil, payPath, payBody("k").with(m{"lineItems": []m{{"name": "x", "qty": "1", "price": "1"}}})),
	}
}

func otherCases() []refusalCase {
	return []refusalCase{
		onNew("void", 403, "VOID_WINDOW_EXCEEDED", "", nil, payAndWait, voidPath, nil),
		onNew("void", 403, "REQUEST_EXPIRED", "", nil, expireIt, voidPath, nil),
		onNew("void", 403, "ALREADY_REFUNDED", "", nil, payAndVoid, voidPath, nil),
		onNew("void", 403, "REQUEST_CANCELLED", "", nil, voidIt, voidPath, nil),
		onNew("void", 403, "REFUND_NOT_SUPPORTED", "", nil, payFrom("uplinkapi.test", sandbox.WalletNoRefund), voidPath, nil),
		onNew("void", 403, "INACTIVE_ASSET", "", nil, payFrom("uplinkapi.test", sandbox.WalletClosesAfter), voidPath, nil),
		onNew("accept", 403, "MERCHANT_NOT_AUTHORIZED", "", nil, awaitHim, acceptOne, nil),
		onNew("accept", 403, "CONDITION_ALREADY_SET", "", nil, acceptIt, acceptOne, nil),
		onNew("accept", 403, "REQUEST_CANCELLED", "", nil, raiseAndVoid, acceptOne, nil),
		onNew("accept", 403, "Forbidden", "unknown condition", nil, nil, acceptOne, nil),
		onNew("decline", 403, "MERCHANT_NOT_AUTHORIZED", "", nil, awaitHim, declineOne, nil),
		onNew("decline", 403, "CONDITION_ALREADY_SET", "", nil, acceptIt, declineOne, nil),
		onNew("decline", 403, "REQUEST_CANCELLED", "", nil, raiseAndVoid, declineOne, nil),
		onNew("decline", 403, "Forbidden", "unknown condition", nil, nil, declineOne, nil),
		plainCase("short-code", 400, "CHECKSUM_FAILED", "", get, at("short-code", "CP-000-001"), nil),
		{endpoint: "short-code", status: 400, message: "CHECKSUM_FAILED", when: "of an activity", run: func(r *rig, refuse func(string, string, any)) {
			code := r.void(r.create(nil).ID).ShortCode
			wrong := map[bool]string{true: "1", false: "0"}[strings.HasSuffix(code, "0")]
			refuse(get, at("short-code", code[:len(code)-1]+wrong), nil)
		}},
		plainCase("short-code", 403, "Forbidden", "nobody's", get, at("short-code", "CP-000-000"), nil),
		plainCase("external-ref", 400, "merchantAccountId is required", "", get, at("external-ref", "x"), nil),
		plainCase("external-ref", 400, "paginationLimit must be between 1 and 100", "", get, at("external-ref", "x?merchantAccountId=a&paginationLimit=0"), nil),
		plainCase("external-ref", 400, "pageKey is not one that was given out", "", get, at("external-ref", "x?merchantAccountId="+sandbox.DemoMerchantAccountID+"&pageKey=PaymentRequest%23no%7C"), nil),
		asPatron("accept", "PATRON_NOT_AUTHORIZED", "staff have to answer", raiseIt, acceptOne),
		asPatron("decline", "PATRON_NOT_AUTHORIZED", "staff have to answer", raiseIt, declineOne),
		asPatron("accept", "CONDITION_ALREADY_SET", "the customer did", then(awaitHim, func(r *rig, id string) {
			ok[m](r.as(sandbox.DemoPatronKey), post, at(id, acceptOne...), nil)
		}), acceptOne),
		plainCase("external-ref", 403, "Forbidden", "unknown account", get, at("external-ref", "x?merchantAccountId=nobody"), nil),
	}
}

func allRefusals() []refusalCase {
	return slices.Concat(createCases(), payCases(), otherCases(), sharedCases(), refundCases(), preAuthCases(), tokenCases(),
		patronCodeCases(), connectionCases(), merchantCases(), bankRefusals(), legacyRefusals())
}

func TestEveryRefusal(t *testing.T) {
	t.Parallel()
	for _, c := range allRefusals() {
		t.Run(c.name(), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, c.opts...)
			calls := 0
			c.run(r, func(method, path string, body any) {
				calls++
				if c.form != nil {
					r.legacyRefused(*c.form, c.status, c.message, method, path, body.(m))
					return
				}
				r.refused(c.status, c.message, method, path, body)
			})
			if calls != 1 {
				t.Errorf("the case refused %d calls", calls)
			}
		})
	}
}

func TestErrorBodiesAsDocumented(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.WithRateLimit(3))
	id := r.create(nil).ID
	for _, c := range []struct {
		name, want string
		got        string
	}{
		{"403 code", `{"statusCode":403,"error":"Forbidden","message":"INACTIVE_ASSET"}`, r.call(post, at(id, "pay"), from(sandbox.WalletDisabled)).Body.String()},
		{"400", `{"statusCode":400,"message":"configId is required"}`, r.call(post, requests, m{}).Body.String()},
		{"429", `{"statusCode":429,"error":"Too Many Requests","message":"RATE_LIMIT_EXCEEDED"}`, r.call(get, at(id), nil).Body.String()},
		{"401", `{"statusCode":401,"error":"Unauthorized","message":"Missing authentication"}`, r.as("").call(get, at(id), nil).Body.String()},
		{"403", `{"statusCode":403,"error":"Forbidden","message":"Forbidden"}`, r.as("").call(get, at("none", "summary"), nil).Body.String()},
		{"404", `{"statusCode":404,"error":"Not Found","message":"Not Found"}`, r.call(get, "/api/nothing", nil).Body.String()},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, c.got, c.want)
		}
	}
}

func TestQuotaExceededNamesTheQuota(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	w := r.call(post, at(r.create(nil).ID, "pay"), from(sandbox.WalletOverQuota))
	if !strings.Contains(w.Body.String(), `"quotas":[{"limit":"10000","usage":"10000"`) {
		t.Errorf("got %s", w.Body)
	}
}

// An unconfirmed payment is the trap: the answer says 403, the money has moved.
func TestUnconfirmedPaymentHasItsEffect(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	r.refused(403, "PAYMENT_UNCONFIRMED", post, at(id, "pay"), from(sandbox.WalletUnconfirmed))
	r.wantStatus(id, api.StatusPaid, "")
	if again := ok[api.PaymentActivity](r, post, at(id, "pay"), from(sandbox.WalletUnconfirmed)); again.Type != api.ActivityPayment {
		t.Errorf("the repeat was answered %+v", again)
	}
}

func TestRefusalsChangeNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	before := r.create(nil)
	for _, wallet := range []string{sandbox.WalletDisabled, sandbox.WalletDenied, sandbox.WalletDeclined, sandbox.WalletOverQuota, "none"} {
		r.call(post, at(before.ID, "pay"), from(wallet))
	}
	if after := r.get(before.ID); after.Status != api.StatusNew || after.RemainingAmount != "1250" || after.UpdatedAt != before.UpdatedAt {
		t.Errorf("refused payments left %+v", after)
	}
	r.wantHistory(before.ID, api.ActivityRequest)
}

func TestKeysSeeOnlyTheirOwn(t *testing.T) {
	t.Parallel()
	other := otherMerchant()
	r := newRig(t, sandbox.WithMerchants(sandbox.Demo(), other))
	mine := r.create(nil)
	stranger := r.as("other-key")
	if got := stranger.get(mine.ID); got.ID != mine.ID {
		t.Error("a merchant terminal reads anybody's requests")
	}
	for _, c := range [][2]string{
		{get, at("short-code", mine.ShortCode)}, {get, at(mine.ID, "activities")}, {post, at(mine.ID, "void")},
		{post, at(mine.ID, "conditions", "1", "accept")},
	} {
		stranger.refused(403, "Forbidden", c[0], c[1], nil)
	}
	stranger.refused(403, "Forbidden", post, at(mine.ID, "pay"), payBody("k"))
	// What it created for somebody else's merchant is its own.
	made := stranger.create(nil)
	if made.MerchantID != sandbox.DemoMerchantID || made.CreatedByAccountID != "otherAccount" {
		t.Errorf("made %+v", made)
	}
	if page := stranger.listed("T1-0042", ""); len(page.Items) != 1 || page.Items[0].ID != made.ID {
		t.Errorf("a stranger's listing: %+v", page.Items)
	}
	if a := stranger.void(made.ID); a.Type != api.ActivityCancellation {
		t.Errorf("void of one's own: %+v", a)
	}
}
