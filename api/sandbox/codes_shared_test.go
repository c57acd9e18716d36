package sandbox_test

import (
	"regexp"

	"centrapos/api/sandbox"
)

// sharedCases are the refusals that every endpoint with a credential has in common.
func sharedCases() []refusalCase {
	var all []refusalCase
	value := regexp.MustCompile(`\{[^}]+\}`)
	for _, rt := range sandbox.Routes() {
		path := value.ReplaceAllString(rt.Path, "none")
		if rt.Open {
			continue
		}
		if !rt.Keyless {
			all = append(all, as("", plainCase(rt.Name, 401, "Missing authentication", "no key at "+rt.Path, rt.Method, path, nil)))
		}
		all = append(all, as("no-such-key", plainCase(rt.Name, 401, "Missing authentication", "wrong key at "+rt.Path, rt.Method, path, nil)),
			refusalCase{
				endpoint: rt.Name, status: 429, message: "RATE_LIMIT_EXCEEDED", when: "at " + rt.Path, opts: []sandbox.Option{sandbox.WithRateLimit(1)},
				run: func(r *rig, refuse func(method, path string, body any)) {
					r.call(get, at("none"), nil)
					refuse(rt.Method, path, nil)
				},
			})
	}
	return append(all, forbiddenCases()...)
}

// providerKey is of a role that may do next to nothing.
func providerKey(c refusalCase) refusalCase {
	c.opts = append(c.opts, sandbox.WithKeys(sandbox.Key{
		Secret: "provider-key", Name: "Provider", AccountID: sandbox.DemoMerchantAccountID, Role: sandbox.RoleExternalAssetProvider,
	}))
	return as("provider-key", c)
}

// forbiddenCases ask each endpoint for what is not there, or as nobody who may.
func forbiddenCases() []refusalCase {
	unknown := func(endpoint, method, path string, body any) refusalCase {
		return plainCase(endpoint, 403, "Forbidden", "unknown", method, path, body)
	}
	all := []refusalCase{
		unknown("create", post, requests, coffee().with(m{"configId": "none"})),
		unknown("get", get, at("none"), nil),
		unknown("short-code", get, at("short-code", "CP-000-000"), nil),
		unknown("external-ref", get, at("external-ref", "x?merchantAccountId=nobody"), nil),
		unknown("activities", get, at("none", "activities"), nil),
		unknown("pay", post, at("none", "pay"), payBody("k")),
		unknown("void", post, at("none", "void"), nil),
		unknown("refund", post, at("none", "refund"), back("1", "R")),
		unknown("confirm", post, at("none", "confirm"), draw("1", "k")),
		unknown("release", post, at("none", "release"), nil),
		unknown("accept", post, at("none", "conditions", "1", "accept"), nil),
		unknown("decline", post, at("none", "conditions", "1", "decline"), nil),
		unknown("merchant-activities", get, "/api/payment-activities?merchantId=none", nil),
		unknown("by-connection", get, connections+"/none/latest-payment-request", nil),
		unknown("connection-create", post, connections, m{"merchantId": "none"}),
		unknown("connection-authorize", post, connections+"/none/authorize", m{"walletId": "none"}),
		unknown("patron-code", get, patronCodes+"/none", nil),
		unknown("merchant", get, merchants+"/none", nil),
		unknown("account-merchants", get, "/api/accounts/none/merchants", nil),
		unknown("config", get, "/api/merchant-configs/none", nil),
		unknown("configs", get, merchants+"/none/configs", nil),
		unknown("settlements", get, merchants+"/none/settlements", nil),
		as("", unknown("summary", get, at("none", "summary"), nil)),

		providerKey(plainCase("by-patron-code", 403, "Forbidden", "a role that may not", get, "/api/me/patron-code-payment-request", nil)),
		providerKey(plainCase("patron-code-barcode", 403, "Forbidden", "a role that may not", get, patronCodes+"/barcode/"+sandbox.BarcodeCustomer, nil)),
		providerKey(plainCase("decode", 403, "Forbidden", "a role that may not", post, "/api/decode", m{
			"code": sandbox.CardActive, "scannedBy": "merchant", "merchantConfigId": sandbox.DemoConfigID,
		})),
	}
	for _, c := range []struct {
		name, call string
		params     m
	}{
		{"legacy-create", "requests.create", bike(nil)},
		{"legacy-info", "requests.info", nil},
		{"legacy-pay", "requests.pay", m{"ledger": "centrapay.nzd.test", "authorization": testWallet()}},
		{"legacy-cancel", "requests.cancel", nil},
		{"legacy-void", "requests.void", nil},
	} {
		all = append(all, providerKey(refusalCase{
			endpoint: c.name, status: 403, message: "Forbidden", when: "a role that may not", form: &todayForm,
			run: func(r *rig, refuse func(method, path string, body any)) {
				method := map[bool]string{true: get, false: post}[c.name == "legacy-info"]
				refuse(method, c.call, about(r.as(sandbox.DemoAPIKey).create(nil).ID).with(c.params))
			},
		}))
	}
	return append(all, providerKey(refusalCase{
		endpoint: "legacy-refund", status: 403, message: "Forbidden", when: "a role that may not", form: &todayForm,
		run: func(r *rig, refuse func(method, path string, body any)) {
			_, transaction := r.as(sandbox.DemoAPIKey).paidLegacy(nil)
			refuse(post, "transactions.refund", m{"transactionId": transaction, "amount": "1"})
		},
	}))
}
