package sandbox_test

import (
	"testing"

	"centrapos/api"
	"centrapos/api/sandbox"
)

const (
	patronCodes = "/api/patron-codes"
	connections = "/api/connections"
	merchants   = "/api/merchants"
)

// as makes the calls of a case with another key.
func as(key string, c refusalCase) refusalCase {
	run := c.run
	c.run = func(r *rig, refuse func(string, string, any)) {
		r.key = key
		run(r, refuse)
	}
	return c
}

// plainCase is one call that is refused, whatever happened before.
func plainCase(endpoint string, status int, message, when, method, path string, body any, opts ...sandbox.Option) refusalCase {
	return refusalCase{endpoint: endpoint, status: status, message: message, when: when, opts: opts, run: func(_ *rig, refuse func(string, string, any)) {
		refuse(method, path, body)
	}}
}

func (r *rig) patronCode(more any) api.PatronCode {
	r.Helper()
	return ok[api.PatronCode](r.as(sandbox.DemoPatronKey), post, patronCodes, more)
}

func (r *rig) connect() api.Connection {
	r.Helper()
	return ok[api.Connection](r, post, connections, m{"merchantId": sandbox.DemoMerchantID})
}

func (r *rig) authorized(id string) {
	r.Helper()
	_, err := r.svc.AuthorizeConnection(id, "")
	r.must(err)
}

func patronCodeCases() []refusalCase {
	owner := func(c refusalCase) refusalCase { return as(sandbox.DemoPatronKey, c) }
	made := func(endpoint string, status int, message, when string, path func(api.PatronCode) string, before func(*rig)) refusalCase {
		return refusalCase{endpoint: endpoint, status: status, message: message, when: when, run: func(r *rig, refuse func(string, string, any)) {
			p := r.patronCode(m{"namespace": "loyalty", "externalId": "x1"})
			if before != nil {
				before(r)
			}
			refuse(get, path(p), nil)
		}}
	}
	expire := func(r *rig) { r.clock.advance(5 * 60e9) }
	meta := func(message string, metadata any) refusalCase {
		return owner(refusalCase{endpoint: "patron-code-metadata", status: 400, message: message, run: func(r *rig, refuse func(string, string, any)) {
			refuse(post, patronCodes+"/"+r.patronCode(nil).ID+"/metadata", m{"metadata": metadata})
		}})
	}
	eleven := m{}
	for _, k := range "abcdefghijk" {
		eleven[string(k)] = "x"
	}
	return []refusalCase{
		plainCase("patron-code-create", 403, "Forbidden", "a merchant terminal", post, patronCodes, nil),
		owner(plainCase("patron-code-create", 403, "Forbidden", "a wallet of somebody else", post, patronCodes, m{"assetId": "sandboxWalletBen"})),
		owner(plainCase("patron-code-create", 400, "testScenarioName must be force-condition-check-photo-id", "", post, patronCodes, m{"testScenarioName": "x"})),
		owner(plainCase("patron-code-create", 400, "externalId and namespace go together", "", post, patronCodes, m{"externalId": "x"})),
		made("patron-code", 403, "Forbidden", "somebody else's", func(p api.PatronCode) string { return patronCodes + "/" + p.ID }, nil),
		plainCase("patron-code-barcode", 400, "CHECKSUM_FAILED", "", get, patronCodes+"/barcode/9990000000000111", nil),
		plainCase("patron-code-barcode", 403, "PATRON_CODE_INVALID", "unknown", get, patronCodes+"/barcode/9990000000000441", nil),
		plainCase("patron-code-barcode", 403, "PATRON_CODE_INVALID", "a card", get, patronCodes+"/barcode/"+sandbox.CardActive, nil),
		plainCase("patron-code-barcode", 403, "PATRON_CODE_INVALID", "built-in, expired", get, patronCodes+"/barcode/"+sandbox.BarcodeExpiredCode, nil),
		made("patron-code-barcode", 403, "PATRON_CODE_INVALID", "expired", func(p api.PatronCode) string { return patronCodes + "/barcode/" + p.Barcode.String() }, expire),
		made("patron-code-external-id", 403, "PATRON_CODE_INVALID", "somebody else's", func(api.PatronCode) string { return patronCodes + "/loyalty/external-id/x1" }, nil),
		owner(made("patron-code-external-id", 403, "PATRON_CODE_INVALID", "another namespace", func(api.PatronCode) string { return patronCodes + "/other/external-id/x1" }, nil)),
		owner(made("patron-code-external-id", 403, "PATRON_CODE_INVALID", "expired", func(api.PatronCode) string { return patronCodes + "/loyalty/external-id/x1" }, expire)),
		owner(plainCase("patron-code-metadata", 403, "PATRON_CODE_INVALID", "unknown", post, patronCodes+"/none/metadata", m{"metadata": m{}})),
		{endpoint: "patron-code-metadata", status: 403, message: "PATRON_CODE_INVALID", when: "somebody else's", run: func(r *rig, refuse func(string, string, any)) {
			refuse(post, patronCodes+"/"+r.patronCode(nil).ID+"/metadata", m{"metadata": m{"a": "b"}})
		}},
		owner(plainCase("patron-code-metadata", 400, "metadata is required", "", post, patronCodes+"/none/metadata", m{})),
		meta("metadata keys must be 1 to 64 letters, digits, - or _", m{"a b": "x"}),
		meta("metadata must have at most 10 keys", eleven),
		{endpoint: "create", status: 403, message: "PATRON_CODE_INVALID", when: "a code that was made and expired", run: func(r *rig, refuse func(string, string, any)) {
			barcode := r.patronCode(nil).Barcode
			expire(r)
			refuse(post, requests, coffee().with(m{"barcode": barcode}))
		}},
	}
}

func connectionCases() []refusalCase {
	linked := func(endpoint, when, method, rest string, body any, key string) refusalCase {
		return refusalCase{endpoint: endpoint, status: 403, message: "Forbidden", when: when, run: func(r *rig, refuse func(string, string, any)) {
			c := r.connect()
			r.authorized(c.ID)
			r.create(m{"connectionId": c.ID})
			r.key = key
			refuse(method, connections+"/"+c.ID+rest, body)
		}}
	}
	return []refusalCase{
		plainCase("connection-create", 400, "merchantId is required", "", post, connections, m{}),
		plainCase("connection-create", 403, "Forbidden", "unknown merchant", post, connections, m{"merchantId": "none"}),
		plainCase("connection-authorize", 400, "walletId is required", "", post, connections+"/none/authorize", m{}),
		as(sandbox.DemoPatronKey, plainCase("connection-authorize", 403, "Forbidden", "unknown connection", post, connections+"/none/authorize", from(sandbox.WalletOf("centrapay.nzd.test")).with(m{"walletId": sandbox.WalletOf("centrapay.nzd.test")}))),
		as(sandbox.DemoPatronKey, plainCase("connection-authorize", 403, "Forbidden", "somebody else's wallet", post, connections+"/none/authorize", m{"walletId": "sandboxWalletBen"})),
		linked("connection-authorize", "with another wallet", post, "/authorize", m{"walletId": sandbox.WalletLowFunds}, sandbox.DemoPatronKey),
		linked("connection-authorize", "by a merchant terminal", post, "/authorize", m{"walletId": sandbox.WalletLowFunds}, sandbox.DemoAPIKey),
		linked("by-connection", "for the merchant", get, "/latest-payment-request", nil, sandbox.DemoAPIKey),
		linked("by-connection", "for its owner", get, "/latest-payment-request", nil, sandbox.DemoOwnerKey),
		as("", plainCase("connection-summary", 403, "Forbidden", "unknown", get, connections+"/none/summary", nil)),
	}
}

func merchantCases() []refusalCase {
	const decode = "/api/decode"
	scan := m{"code": sandbox.BarcodeCustomer, "scannedBy": "merchant", "merchantConfigId": sandbox.DemoConfigID}
	onlyPayPal := sandbox.Demo()
	onlyPayPal.AssetTypes = []api.AssetType{"paypal.test"}
	noOptions := sandbox.Demo()
	noOptions.AssetTypes = []api.AssetType{"bitcoin.main"}
	const mine = merchants + "/" + sandbox.DemoMerchantID
	owner := func(c refusalCase) refusalCase { return as(sandbox.DemoOwnerKey, c) }
	stranger := sandbox.WithMerchants(sandbox.Demo(), otherMerchant())
	activities := "/api/payment-activities"
	return []refusalCase{
		plainCase("decode", 403, "UNKNOWN_CODE", "unknown", post, decode, scan.with(m{"code": "9990000000000441"})),
		plainCase("decode", 403, "UNKNOWN_CODE", "check digit", post, decode, scan.with(m{"code": "9990000000000111"})),
		plainCase("decode", 403, "UNKNOWN_CODE", "expired", post, decode, scan.with(m{"code": sandbox.BarcodeExpiredCode})),
		plainCase("decode", 403, "UNKNOWN_CODE", "an expired card", post, decode, scan.with(m{"code": sandbox.CardExpired})),
		plainCase("decode", 403, "MERCHANT_CONFIG_NOT_FOUND", "", post, decode, scan.with(m{"merchantConfigId": "mc_none"})),
		plainCase("decode", 403, "INVALID_MERCHANT_CONFIG", "card", post, decode, scan.with(m{"code": sandbox.CardActive}), sandbox.WithMerchants(onlyPayPal)),
		plainCase("decode", 403, "INVALID_MERCHANT_CONFIG", "code", post, decode, scan, sandbox.WithMerchants(noOptions)),
		plainCase("decode", 400, "code is required", "", post, decode, scan.with(m{"code": nil})),
		plainCase("decode", 400, "scannedBy is required", "", post, decode, scan.with(m{"scannedBy": nil})),
		plainCase("decode", 400, "scannedBy must be merchant", "", post, decode, scan.with(m{"scannedBy": "patron"})),
		plainCase("decode", 400, "merchantConfigId is required", "", post, decode, scan.with(m{"merchantConfigId": nil})),

		plainCase("merchant", 403, "Forbidden", "a merchant terminal", get, mine, nil),
		owner(plainCase("merchant", 403, "Forbidden", "somebody else's", get, merchants+"/other", nil, stranger)),
		plainCase("merchants", 403, "Forbidden", "a merchant terminal", get, merchants, nil),
		plainCase("account-merchants", 403, "Forbidden", "a merchant terminal", get, "/api/accounts/"+sandbox.DemoMerchantAccountID+"/merchants", nil),
		owner(plainCase("account-merchants", 403, "Forbidden", "somebody else's", get, "/api/accounts/otherAccount/merchants", nil, stranger)),
		owner(plainCase("config", 403, "Forbidden", "somebody else's", get, "/api/merchant-configs/mc_other", nil, stranger)),
		owner(plainCase("config", 403, "Forbidden", "of another merchant", get, mine+"/configs/mc_other", nil, stranger)),
		owner(plainCase("configs", 403, "Forbidden", "somebody else's", get, merchants+"/other/configs", nil, stranger)),
		plainCase("settlements", 403, "Forbidden", "a merchant terminal", get, mine+"/settlements", nil),
		plainCase("merchant-search", 400, "test must be true or false", "", get, merchants+"/search?test=maybe", nil),
		plainCase("merchant-search", 400, "origin must be a latitude and a longitude with a comma between them", "", get, merchants+"/search?origin=here", nil),
		plainCase("merchant-search", 400, "distance must be a number of kilometres", "", get, merchants+"/search?origin=1,1&distance=far", nil),
		plainCase("merchant-search", 400, "pageKey is not one that was given out", "", get, merchants+"/search?pageKey=-1", nil),

		plainCase("merchant-activities", 400, "merchantId is required", "", get, activities, nil),
		plainCase("merchant-activities", 400, "pageKey is not one that was given out", "", get, activities+"?merchantId="+sandbox.DemoMerchantID+"&pageKey=x", nil),
		plainCase("merchant-activities", 400, "pageKey is not one that was given out", "another merchant's", get, activities+"?merchantId="+sandbox.DemoMerchantID+
			"&pageKey="+escape("PaymentRequest#a|Activity#000000000000001|other|2021-09-15T03:00:21.156Z"), nil),
		plainCase("merchant-activities", 403, "Forbidden", "somebody else's", get, activities+"?merchantId=other", nil, stranger),
	}
}

// TestRolesGoByTheDocumentedTable asks each endpoint with the keys of the account
// that it is about: what a role lacks is Forbidden, what it has is not.
func TestRolesGoByTheDocumentedTable(t *testing.T) {
	t.Parallel()
	const mine = merchants + "/" + sandbox.DemoMerchantID
	for _, c := range []struct {
		name, method, path      string
		body                    any
		ownerMay, terminalMayDo bool
	}{
		{"merchants:read", get, mine, nil, true, false},
		{"merchants:list", get, merchants, nil, true, false},
		{"merchants:list, account", get, "/api/accounts/" + sandbox.DemoMerchantAccountID + "/merchants", nil, true, false},
		{"settlements", get, mine + "/settlements", nil, true, false},
		{"patron-codes:create", post, patronCodes, m{}, true, false},
		{"patron-codes:read", get, patronCodes + "/barcode/" + sandbox.BarcodeCustomer, nil, true, true},
		{"scanned-code:decode", post, "/api/decode", m{"code": sandbox.CardActive, "scannedBy": "merchant", "merchantConfigId": sandbox.DemoConfigID}, true, true},
		{"payment-activities:read", get, "/api/payment-activities?merchantId=" + sandbox.DemoMerchantID, nil, true, true},
		{"payment-requests:create", post, requests, coffee(), true, true},
		{"configs", get, mine + "/configs", nil, true, true},
		{"memberships", get, "/api/account-memberships", nil, true, true},
	} {
		r := newRig(t)
		for key, may := range map[string]bool{sandbox.DemoOwnerKey: c.ownerMay, sandbox.DemoAPIKey: c.terminalMayDo} {
			want := map[bool]int{true: 200, false: 403}[may]
			if w := r.as(key).call(c.method, c.path, c.body); w.Code != want {
				t.Errorf("%s with %s: %d %s, want %d", c.name, key, w.Code, w.Body, want)
			}
		}
	}
	// On a request of the account both may do everything; another account nothing.
	r := newRig(t, sandbox.WithMerchants(sandbox.Demo(), otherMerchant()))
	for _, key := range []string{sandbox.DemoOwnerKey, sandbox.DemoAPIKey} {
		id := r.create(m{"preAuth": true}).ID
		r.pay(id, nil)
		for _, c := range []struct {
			path string
			body any
		}{{"confirm", draw("5", "k")}, {"refund", back("5", "R").with(m{"confirmationIdempotencyKey": "k"})}, {"release", nil}} {
			r.as("other-key").refused(403, "Forbidden", post, at(id, c.path), c.body)
			ok[m](r.as(key), post, at(id, c.path), c.body)
		}
	}
}
