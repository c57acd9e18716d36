package sandbox_test

import (
	"slices"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// Further reasons why an answer is not quite the published one.
const (
	noParty      = "the docs print a confirmation without the facts that the model gives every activity (quirk F5)"
	ownCode      = "the guides give confirmations a short code of their own"
	wholeLines   = "the docs' answer drops what its request says of a line (quirk B8)"
	newer        = "the model has it since; these examples are older"
	lowerCase    = "the table of activity types spells it in small letters (quirk C1)"
	onePage      = "the docs' example answers the key it was asked with (quirk B15); here there is no further page"
	paidRecorded = paidActivity
)

// liveCafé is the café of the examples of activities, with real money.
func liveCafé() []sandbox.Option {
	return []sandbox.Option{café(olderCafeID, olderCafeConf, "centrapay.nzd.main"), plainCustomer()}
}

func liveBody(cents string) m {
	return m{"configId": olderCafeConf, "value": nzd(cents), "invoiceRef": "sy8CRmo3sp3ArOpnfmb423"}
}

// liveRequest is a request of the café that its customer has paid or authorized.
func liveRequest(r *rig, body m) string {
	r.Helper()
	id := ok[api.PaymentRequest](r, post, requests, body).ID
	r.must(r.svc.Pay(id, sandbox.PayOptions{}))
	return id
}

func refunded(cents string, differs map[string]string) fixtureCase {
	return fixtureCase{
		opts: liveCafé(),
		run: func(r *rig, name string) any {
			return replay(r, name, liveRequest(r, liveBody(cents)))
		},
		differs: differs,
	}
}

// preAuthorized replays about an authorized pre-auth, as the integrator who made
// it.
func preAuthorized(cents string, differs map[string]string) fixtureCase {
	return fixtureCase{
		opts: append(liveCafé(), sandbox.WithKeys(sandbox.Key{
			Secret: docsKey, AccountID: "Jaim1Cu1Q55uooxSens6yk", AccountName: "Bob's Burgers Intergration", Role: sandbox.RoleMerchantTerminal, //nolint:misspell // as the docs print it
		})),
		run: func(r *rig, name string) any {
			r.key = docsKey
			return replay(r, name, liveRequest(r, liveBody(cents).with(m{"preAuth": true, "invoiceRef": nil})))
		},
		differs: differs,
	}
}

func confirmedDifferences() map[string]string {
	differs := map[string]string{}
	for _, field := range []string{
		"activityNumber", "createdBy", "merchantAccountId", "merchantConfigId", "merchantId", "merchantName", "paymentRequestCreatedBy",
	} {
		differs["."+field+": added"] = noParty
	}
	for _, field := range []string{"classification", "productId", "restricted"} {
		differs[".lineItems[1]."+field+": added"] = wholeLines
	}
	return differs
}

// merchantHistory is the history that the example shows: a pre-auth, later a
// payment and its refund in part.
func merchantHistory() fixtureCase {
	return fixtureCase{
		opts: liveCafé(),
		run: func(r *rig, _ string) any {
			liveRequest(r, liveBody("100").with(m{"preAuth": true, "invoiceRef": nil}))
			r.clock.advance(30 * 24 * time.Hour)
			id := ok[api.PaymentRequest](r, post, requests, liveBody("6190").with(m{"invoiceRef": nil})).ID
			r.clock.advance(14 * time.Second)
			r.must(r.svc.Pay(id, sandbox.PayOptions{}))
			r.clock.advance(time.Minute)
			r.refund(id, back("600", "R-1"))
			page := ok[map[string]any](r, get, "/api/payment-activities?merchantId="+olderCafeID, nil)
			items, _ := page["items"].([]any)
			if len(items) != 6 || items[1].(map[string]any)["type"] != "paid" { // see paidActivity
				r.Fatalf("activities %v", items)
			}
			page["items"] = slices.Delete(items, 1, 2)
			return page
		},
		differs: map[string]string{
			".nextPageKey: lacking":                             onePage,
			".items[0].activityNumber: 4, docs 3":               paidRecorded,
			".items[1].id: added":                               newer,
			".items[1].idempotencyKey: added":                   newer,
			".items[3].idempotencyKey: added":                   newer,
			".items[3].type: authorization, docs Authorization": lowerCase,
		},
	}
}

func moneyFixtureCases() map[string]fixtureCase {
	number := map[string]string{".activityNumber: 4, docs 3": paidRecorded}
	withPrefix := refunded("6190", number)
	withPrefix.opts = []sandbox.Option{café(olderCafeID, "mc_"+olderCafeConf, "centrapay.nzd.main"), plainCustomer()}
	withPrefix.run = func(r *rig, name string) any {
		return replay(r, name, liveRequest(r, liveBody("6190").with(m{"configId": "mc_" + olderCafeConf})))
	}
	return map[string]fixtureCase{
		"payment-requests-refund":       withPrefix,
		"seed-payment-requests-refund":  refunded("6190", number),
		"payment-requests-confirm":      preAuthorized("6190", confirmedDifferences()),
		"seed-payment-requests-confirm": preAuthorized("6190", confirmedDifferences()),
		"payment-requests-release":      preAuthorized("100", nil),
		"seed-payment-requests-release": preAuthorized("100", nil),
		"payment-activities-list":       merchantHistory(),
		"seed-payment-activities-list":  merchantHistory(),
	}
}
