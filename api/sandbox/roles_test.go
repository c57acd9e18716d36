package sandbox_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"centrapos/api"
	"centrapos/api/auth"
	"centrapos/api/sandbox"
)

// roleCall is a call that succeeds for whoever may make it.
type roleCall struct {
	method, path string
	body         any
	// personal calls are about the caller, and not about what belongs to an account.
	personal bool
	// form is how the call of the first generation is sent.
	form *form
}

// roleCalls are the calls to which the docs tie a permission, by their names in
// package auth, each with what has to be there first.
func roleCalls() map[string]func(*rig) roleCall {
	one := func(method, rest string, body any, create m, steps ...func(*rig, string)) func(*rig) roleCall {
		return func(r *rig) roleCall {
			id := r.create(create).ID
			then(steps...)(r, id)
			return roleCall{method: method, path: at(id) + rest, body: body}
		}
	}
	fixed := func(c roleCall) func(*rig) roleCall { return func(*rig) roleCall { return c } }
	old := func(method, name string, paid bool, more m) func(*rig) roleCall {
		return func(r *rig) roleCall {
			id := r.legacyCreate(todayForm, nil).ID
			params := about(id)
			if paid {
				r.must(r.svc.Pay(id, sandbox.PayOptions{}))
				params = m{"transactionId": r.info(id).PaidBy.TransactionID}
			}
			return roleCall{method: method, path: name, body: params.with(more), form: &todayForm}
		}
	}
	bank := func(method, rest string, body any, steps ...func(*rig, string)) func(*rig) roleCall {
		return func(r *rig) roleCall {
			owner := r.as("own account-owner")
			id := owner.bank(m{"accountId": sandbox.DemoMerchantAccountID, "type": "quartz"}).ID
			then(steps...)(owner, id)
			return roleCall{method: method, path: strings.ReplaceAll(rest, "{id}", id), body: body}
		}
	}
	pre := m{"preAuth": true}
	ours := m{"accountId": sandbox.DemoMerchantAccountID}
	const accounts, mine = "/api/accounts/" + sandbox.DemoMerchantAccountID, merchants + "/" + sandbox.DemoMerchantID
	scan := m{"code": sandbox.CardActive, "scannedBy": "merchant", "merchantConfigId": sandbox.DemoConfigID}
	intent := func(r *rig) roleCall {
		return roleCall{method: post, path: intents + "/" + ok[m](r.as("own account-owner"), post, intents, intentBody(ours))["id"].(string) + "/authorize", body: m{"code": "x"}}
	}
	code := func(path func(api.PatronCode) string, personal bool) func(*rig) roleCall {
		return func(r *rig) roleCall {
			p := ok[api.PatronCode](r.as("own account-owner"), post, patronCodes, m{"namespace": "n", "externalId": "x"})
			return roleCall{method: get, path: patronCodes + path(p), personal: personal}
		}
	}
	return map[string]func(*rig) roleCall{
		"PaymentRequests.Create":           fixed(roleCall{method: post, path: requests, body: coffee()}),
		"PaymentRequests.Get":              one(get, "", nil, nil),
		"PaymentRequests.GetByShortCode":   func(r *rig) roleCall { return roleCall{method: get, path: at("short-code", r.create(nil).ShortCode)} },
		"PaymentRequests.GetByPatronCode":  fixed(roleCall{method: get, path: "/api/me/patron-code-payment-request", personal: true}),
		"PaymentRequests.Pay":              one(post, "/pay", payBody("k"), nil),
		"PaymentRequests.Refund":           one(post, "/refund", back("1", "R"), nil, payIt),
		"PaymentRequests.Void":             one(post, "/void", nil, nil),
		"PaymentRequests.Release":          one(post, "/release", nil, pre, payIt),
		"PaymentRequests.Confirm":          one(post, "/confirm", draw("1", "k"), pre, payIt),
		"PaymentRequests.AcceptCondition":  one(post, "/conditions/1/accept", nil, nil, raiseIt),
		"PaymentRequests.DeclineCondition": one(post, "/conditions/1/decline", nil, nil, raiseIt),
		"PaymentRequests.Activities":       one(get, "/activities", nil, nil),
		"PaymentActivities.List":           fixed(roleCall{method: get, path: "/api/payment-activities?merchantId=" + sandbox.DemoMerchantID}),
		"ScannedCodes.Decode":              fixed(roleCall{method: post, path: "/api/decode", body: scan, personal: true}),
		"PatronCodes.Create":               fixed(roleCall{method: post, path: patronCodes, body: m{}, personal: true}),
		"PatronCodes.Get":                  code(func(p api.PatronCode) string { return "/" + p.ID }, false),
		// A till reads the code of a customer, whose account is another.
		"PatronCodes.GetByBarcode": code(func(p api.PatronCode) string { return "/barcode/" + p.Barcode.String() }, true),
		"Merchants.Get":            fixed(roleCall{method: get, path: mine}),
		"Merchants.ListByAccount":  fixed(roleCall{method: get, path: accounts + "/merchants"}),
		"Merchants.List":           fixed(roleCall{method: get, path: merchants, personal: true}),

		"BankAccounts.Create":                  fixed(roleCall{method: post, path: bankAccounts, body: bankBody(ours)}),
		"BankAccounts.AddDirectDebitAuthority": bank(post, bankAccounts+"/{id}/direct-debit-authorities", johnDoe()),
		"BankAccounts.Get":                     bank(get, bankAccounts+"/{id}", nil),
		"BankAccounts.Verify":                  bank(post, bankAccounts+"/{id}/verify", verify("1111")),
		"BankAccounts.ListByAccount":           fixed(roleCall{method: get, path: accounts + "/bank-accounts"}),
		"BankAccounts.Balances":                fixed(roleCall{method: get, path: accounts + "/bank-account-balances"}),
		"BankAccounts.SetPreferredName":        bank(post, bankAccounts+"/{id}/set-preferred-name", m{"preferredBankAccountName": "x"}),
		"BankAccounts.Archive":                 bank(post, bankAccounts+"/{id}/archive", nil),
		"BankAccounts.RequestApproval": func(r *rig) roleCall {
			c := bank(post, "{id}", nil)(r)
			return roleCall{method: post, path: "/api/bank-account-approvals", body: approvalBody(c.path)}
		},
		"BankAccounts.CreateConnectionIntent":    fixed(roleCall{method: post, path: intents, body: intentBody(ours)}),
		"BankAccounts.AuthorizeConnectionIntent": intent,
		"BankAuthorities.Create":                 fixed(roleCall{method: post, path: authorities, body: authorityBody(ours)}),
		"BankAuthorities.Get":                    bank(get, authorities+"/{id}", nil),
		"BankAuthorities.List":                   fixed(roleCall{method: get, path: authorities, personal: true}),
		"BankAuthorities.Verify":                 bank(post, authorities+"/{id}/verify", verify("1111")),

		"legacy.Create": fixed(roleCall{method: post, path: "requests.create", body: bike(nil), form: &todayForm}),
		"legacy.Info":   old(get, "requests.info", false, nil),
		"legacy.Pay":    old(post, "requests.pay", false, m{"ledger": "centrapay.nzd.test", "authorization": testWallet()}),
		"legacy.Cancel": old(post, "requests.cancel", false, nil),
		"legacy.Void":   old(post, "requests.void", false, nil),
		"legacy.Refund": old(post, "transactions.refund", true, m{"amount": "1"}),
	}
}

func (c roleCall) make(r *rig) *httptest.ResponseRecorder {
	if c.form != nil {
		return r.legacyCall(*c.form, c.method, c.path, c.body.(m))
	}
	return r.call(c.method, c.path, c.body)
}

// Each role is refused exactly what the documented table refuses it: with a key of
// the account that owns what the call is about, and with one of another account.
func TestRolesRefuseWhatTheTableRefuses(t *testing.T) {
	t.Parallel()
	calls := roleCalls()
	var keys []sandbox.Key
	for _, role := range auth.Current.Roles() {
		for whose, account := range map[string]string{"own ": sandbox.DemoMerchantAccountID, "other ": "otherAccount"} {
			keys = append(keys, sandbox.Key{Secret: whose + string(role), Name: whose + string(role), AccountID: account, Role: sandbox.Role(role)})
		}
	}
	const allFlags = auth.TrustedUser | auth.AssetIssuer | auth.Organisation | auth.CollectionManager
	tried := 0
	for _, endpoint := range auth.Endpoints() {
		if endpoint.Permission == "" || strings.Contains(endpoint.Call, ".All") || endpoint.Call == "PatronCodes.GetByExternalID" {
			continue // the same as without All; refused by a code of its own
		}
		prepare, known := calls[endpoint.Call]
		if !known {
			t.Errorf("%s is not tried", endpoint.Call)
			continue
		}
		for _, key := range keys {
			r := newRig(t, sandbox.WithKeys(keys...), sandbox.WithMerchants(sandbox.Demo(), otherMerchant()))
			c := prepare(r)
			elsewhere := key.AccountID != sandbox.DemoMerchantAccountID && !c.personal
			verdict := auth.MayCall(auth.Role(key.Role), endpoint.Call, auth.Target{OtherAccount: elsewhere, Flags: allFlags})
			w := c.make(r.as(key.Secret))
			forbidden := w.Code == 403 && strings.Contains(w.Body.String(), `"message":"Forbidden"`)
			if forbidden == verdict.Allowed || w.Code != 200 && !forbidden {
				t.Errorf("%s with %q: %d %s, but the table: %s", endpoint.Call, key.Secret, w.Code, w.Body, verdict.Reason)
			}
			tried++
		}
	}
	t.Logf("%d calls with %d keys", tried, len(keys))
}
