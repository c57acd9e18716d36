package api

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
)

var numberQuirks = map[string]func(*testing.T){
	"A1": func(t *testing.T) { // amount as a JSON number
		a := readResponse[PaymentActivity](t, "payment-requests-conditions-accept")
		equal(t, "amount", a.Value.Amount, "100")
	},
	"A2": func(t *testing.T) { // which is not the request's value: not compared
		c := newClientOf(t, answering(200, `{"type":"accept-condition","value":{"amount":100,"currency":"NZD"},"paymentRequestId":"`+testID+`"}`))
		if _, _, err := c.PaymentRequests.AcceptCondition(t.Context(), testID, "1"); err != nil {
			t.Error(err)
		}
	},
	"A3": func(t *testing.T) { // floats
		equal(t, "rate", read[BigNumber](t, `0.000081`).Decimal().Shift(6).IntPart(), 81)
	},
	"A4": func(t *testing.T) { // beyond 2^53
		n := read[BigNumber](t, `13200000000000000001`)
		equal(t, "wei", n.Decimal().Mod(BigNumber("10").Decimal()).IntPart(), 1)
	},
	"A6": func(t *testing.T) { // expirySeconds as string or number
		equal(t, "sent as string", read[CreatePaymentRequest](t, `{"expirySeconds":"120"}`).ExpirySeconds, 120)
		equal(t, "sent as number", read[CreatePaymentRequest](t, `{"expirySeconds":120}`).ExpirySeconds, 120)
		wire, err := json.Marshal(PaymentRequest{ExpirySeconds: 120})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "answered", string(wire), `{"id":"","value":{"amount":"","currency":""},"status":"","expirySeconds":120}`)
	},
	"A8": func(t *testing.T) { // activityNumber as string or number
		equal(t, "string", read[PaymentActivity](t, `{"activityNumber":"2"}`).ActivityNumber, "2")
		equal(t, "number", read[PaymentActivity](t, `{"activityNumber":2}`).ActivityNumber, "2")
	},
	"A9": func(t *testing.T) { // condition ids as number or string: opaque text
		equal(t, "conditionId", read[PaymentActivity](t, `{"conditionId":1}`).ConditionID, "1")
		equal(t, "conditionId", read[PaymentActivity](t, `{"conditionId":"1"}`).ConditionID, "1")
		equal(t, "id", read[PaymentCondition](t, `{"id":1}`).ID, "1")
		equal(t, "id", read[PaymentCondition](t, `{"id":"01"}`).ID, "01")
	},
	"A10": func(t *testing.T) { // tax in three notations
		for _, tax := range []string{`"15"`, `"15.0"`, `"15.00"`, `15`} {
			if line := read[LineItem](t, `{"tax":`+tax+`}`); !line.Tax.Equal("15") {
				t.Errorf("%s is not 15", tax)
			}
		}
	},
	"A12": func(t *testing.T) { // booleans as strings
		r := read[PaymentRequest](t, `{"preAuth":"true","partialAllowed":"false","conditionsEnabled":true}`)
		equal(t, "preAuth", r.PreAuth, true)
		equal(t, "partialAllowed", r.PartialAllowed, false)
		equal(t, "conditionsEnabled", r.ConditionsEnabled, true)
	},
	"A13": func(t *testing.T) { // barcode as a number; leading zeros of a string stay
		equal(t, "number", read[PaymentRequest](t, `{"barcode":503901342}`).Barcode, "503901342")
		equal(t, "string", read[PaymentRequest](t, `{"barcode":"000901342"}`).Barcode, "000901342")
	},
	"A16": func(t *testing.T) { // basketAmount is a number today
		equal(t, "basketAmount", read[PaymentRequest](t, `{"basketAmount":"12000"}`).BasketAmount, "12000")
	},
}

var valueQuirks = map[string]func(*testing.T){
	"B1": func(t *testing.T) { // paid 200, answered 1000; B2: another key comes back
		c := newClientOf(t, answering(200, string(readFixture(t, "payment-requests-pay.response.json"))))
		a, _, err := c.PaymentRequests.Pay(t.Context(), testID, PayPaymentRequest{
			AssetType: "centrapay.nzd.main", AssetID: "a", Amount: "200", IdempotencyKey: "b62-11ec-9072-3e22fb52e878",
		})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "amount", a.Value.Amount, "1000")
	},
	"B2": func(t *testing.T) {
		equal(t, "key", readResponse[PaymentActivity](t, "payment-requests-pay").IdempotencyKey, "8b62-11ec-9072-3e22fb52e878")
	},
	"B3": func(t *testing.T) { // created with 10000, answered 9000
		c := newClientOf(t, answering(200, string(readFixture(t, "payment-requests-create.response.json"))))
		r, _, err := c.PaymentRequests.Create(t.Context(), saleOf(func(*CreatePaymentRequest) {}))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "value", r.Value.Amount, "9000")
	},
	"B4": func(t *testing.T) { // a refund whose line items do not sum to its value: sent, for the service to judge
		checkPublished(t, "payment-requests-refund", paymentCalls["payment-requests-refund"])
		a := readResponse[PaymentActivity](t, "payment-requests-refund")
		equal(t, "value and price", a.Value.Amount+" "+a.LineItems[0].Price, "3600 4000")
	},
	"B5": func(t *testing.T) { // refunded 6000, answered 100
		c := newClientOf(t, answering(200, `{"type":"refund","value":{"amount":"100","currency":"NZD"}}`))
		a, _, err := c.PaymentRequests.Refund(t.Context(), testID, RefundPaymentRequest{Value: NewMonetary(6000, "NZD"), ExternalRef: "r"})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "value", a.Value, NewMonetary(100, "NZD"))
	},
	"B6": func(t *testing.T) { // lines sum to 6190 of 8991; answers are not summed
		equal(t, "value", accepted(t, string(readFixture(t, "payment-requests-get.response.json"))).Value.Amount, "8991")
	},
	"B7": func(t *testing.T) { // new, with totals of who paid
		r := readResponse[PaymentRequest](t, "payment-requests-get")
		equal(t, "status", r.Status, StatusNew)
		equal(t, "paid", r.PaidBy.AssetTotals[0].Total, NewMonetary(1000, "NZD"))
	},
	"B8": func(t *testing.T) { // what was confirmed comes back without its classification
		sent := requestFixture(t, "payment-requests-confirm").Body
		equal(t, "sent", read[ConfirmPaymentRequest](t, string(sent)).LineItems[1].Classification != nil, true)
		echo := readResponse[PaymentActivity](t, "payment-requests-confirm").LineItems[1]
		equal(t, "echo", echo.Classification == nil && echo.ProductID == "" && !bool(echo.Restricted), true)
	},
	"B9": func(t *testing.T) { // answered with a config and references that were not sent
		c := newClientOf(t, answering(200, `{"id":"x","url":"u","status":"new","value":{"amount":"1","currency":"NZD"},"configId":"other","invoiceRef":"i"}`))
		r, _, err := c.PaymentRequests.Create(t.Context(), saleOf(func(*CreatePaymentRequest) {}))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "configId", r.ConfigID, "other")
	},
	"B10": func(t *testing.T) { // purchaseOrderRef comes and goes
		equal(t, "absent", accepted(t, paymentRequestJSON(testID, "new")).PurchaseOrderRef, "")
	},
	"B13": func(t *testing.T) { // merchant ids differ between activities of one request
		c := newClientOf(t, answering(200, `{"items":[
			{"type":"payment","paymentRequestId":"`+testID+`","merchantId":"26d3"},
			{"type":"refund","paymentRequestId":"`+testID+`","merchantId":"5ee0"}]}`))
		if _, _, err := c.PaymentRequests.Activities(t.Context(), testID); err != nil {
			t.Error(err)
		}
	},
	"B14": func(t *testing.T) { // value is that of the refund, not of the payment request
		body := RefundPaymentRequest{Value: NewMonetary(1, "NZD"), ExternalRef: "r"}
		sentAs(t, "refund", body, func(ctx context.Context, c *Client) error {
			_, _, err := c.PaymentRequests.Refund(ctx, testID, body)
			return err
		})
	},
	"B15": func(t *testing.T) { // a page names itself as the next
		calls, page := 0, readFixture(t, "payment-activities-list.response.json")
		c := newClientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if calls++; calls > 9 { // it goes round in circles
				answering(403, `{"message":"Forbidden"}`)(w, r)
				return
			}
			answering(200, string(page))(w, r)
		}))
		key := readResponse[Page[PaymentActivity]](t, "payment-activities-list").NextPageKey
		for first, want := range map[string]int{key: 1, "": 2} { // from the start, the key is new once
			calls = 0
			items, end := 0, error(nil)
			for _, err := range c.PaymentActivities.All(t.Context(), ListPaymentActivitiesParams{MerchantID: "m", PageKey: first}) {
				if end = err; err == nil {
					items++
				}
			}
			equal(t, "calls", calls, want)
			equal(t, "items", items, want*len(readResponse[Page[PaymentActivity]](t, "payment-activities-list").Items))
			equal(t, "end", end, ErrCursorRepeated)
		}
	},
	"B17": func(t *testing.T) { // a currency that the asset's table does not list
		r := accepted(t, `{"id":"x","url":"u","status":"new","value":{"amount":"1","currency":"NZD"},"paymentOptions":[{"assetType":"paypal.main","amount":"1"}]}`)
		equal(t, "option", r.PaymentOptions[0].AssetType, "paypal.main")
	},
	"B18": func(t *testing.T) { // two products under one SKU
		equal(t, "SKU", hardHats[0].SKU, hardHats[1].SKU)
		checkPublished(t, "openapi-payment-requests-create", createHardHats)
	},
}
