package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// What the quirks are about.
const (
	aboutOne        = "get short-code by-patron-code by-connection"
	aboutRequests   = "create external-ref summary " + aboutOne
	aboutActivities = "pay refund confirm release void accept decline activities merchant-activities"
)

// quirkTable is what can be odd, by the numbers of the project's list. Some rows
// undo what others did, so that the order counts.
func quirkTable() []quirkRow { //nolint:funlen // it is a table
	row := func(number, endpoints, about string, spoil func(*oddAnswer)) quirkRow {
		return quirkRow{Quirk{Number: number, About: about}, endpoints, spoil}
	}
	untrue := func(number, endpoints, about string, spoil func(*oddAnswer)) quirkRow {
		return quirkRow{Quirk{Number: number, About: about, Untrue: true}, endpoints, spoil}
	}
	each := func(do func(jsonObject)) func(*oddAnswer) {
		return func(o *oddAnswer) {
			for object := range o.objects() {
				do(object)
			}
		}
	}
	return []quirkRow{
		row("A1", "accept decline", "amounts of conditions are JSON numbers", each(func(o jsonObject) { o.change("amount", asNumber) })),
		row("A7", "legacy-", "paymentExpirySeconds is a string", each(numberAsText("paymentExpirySeconds"))),
		row("A8", aboutActivities, "activityNumber is a JSON number", each(func(o jsonObject) { o.change("activityNumber", asNumber) })),
		row("A9", aboutRequests+" "+aboutActivities, "ids of conditions are JSON numbers", each(conditionIDs)),
		row("A10", "", "tax rates have another number of digits", each(func(o jsonObject) { o.change("tax", oneDigit) })),
		row("A11", "merchant merchants account-merchants merchant-search", "lat and lng are JSON numbers", each(func(o jsonObject) {
			o.change("lat", asNumber)
			o.change("lng", asNumber)
		})),
		row("A12", "", "booleans are strings", each(textBooleans)),
		row("A13", "", "barcodes are JSON numbers", each(func(o jsonObject) { o.change("barcode", asNumber) })),
		untrue("B1", "pay", "a payment is answered with five times its amount", each(scaled("5", "amount"))),
		row("B2", "pay", "the idempotency key comes back changed", each(func(o jsonObject) {
			o.change("idempotencyKey", func(key string) any { return "8" + key })
		})),
		untrue("B3", "create", "a request is answered with nine tenths of its value", each(scaled("0.9", "amount", "remainingAmount"))),
		untrue("B5", "refund", "a refund is answered with an amount of 100", func(o *oddAnswer) {
			o.object().member("value").change("amount", func(string) any { return "100" })
		}),
		untrue("B6", aboutOne, "line items do not sum to the value", each(scaled("0.7", "price"))),
		untrue("B7", aboutOne, "a request that is new tells of payments", newYetPaid),
		row("B8", "confirm", "line items come back without their classification", each(func(o jsonObject) {
			o.drop("restricted", "productId", "classification")
		})),
		row("B9", "create", "a pre-auth has references that were not sent", unsentReferences),
		row("B10", "get", "purchaseOrderRef is gone", each(func(o jsonObject) { o.drop("purchaseOrderRef") })),
		untrue("B11", "legacy-create", "a request is answered with 50 more than was asked", each(added("denomination", 50))),
		untrue("B12", "legacy-refund", "a receipt is answered with 250 more than was given back", each(added("payment", 250))),
		row("B13", "refund activities merchant-activities", "refunds are of another merchant", each(refundsElsewhere)),
		row("B15", "merchant-activities", "a page names itself as the next", func(o *oddAnswer) {
			if key := o.request.URL.Query().Get("pageKey"); key != "" && !o.refused() {
				o.object()["nextPageKey"] = key
			}
		}),
		row("C1", aboutActivities, "Authorization begins with a capital", each(renamed("type", "authorization", "Authorization"))),
		row("C2", "legacy-", "canceled has one l", each(renamed("status", "cancelled", "canceled"))),
		row("C3", "", "the cursors of listings have each other's names", swappedCursors),
		row("C5", aboutRequests, "one redirectUrl for both", each(func(o jsonObject) {
			o.rename("redirectPaidUrl", "redirectUrl")
			o.drop("redirectCancelUrl")
		})),
		row("C7", aboutRequests, "preAuthExpiresAt is preAuthExpiry", each(func(o jsonObject) { o.rename("preAuthExpiresAt", "preAuthExpiry") })),
		row("C11", "legacy-", "the method is qr", each(func(o jsonObject) {
			if _, ok := o["methods"]; ok {
				o["methods"] = []any{"qr"}
			}
		})),
		row("C12", aboutRequests+" "+aboutActivities, "config ids are without mc_", each(bareConfigs)),
		row("C14", aboutRequests, "connections are active", each(func(o jsonObject) { o.change("connectionStatus", always(string(api.ConnectionActive))) })),
		row("C16", aboutRequests, "an asset type that is in no table", each(renamed("assetType", "epay.test", "epay.nzd.test"))),
		row("C19", aboutRequests+" "+aboutActivities+" legacy-", "cancellation reasons of earlier documents", each(func(o jsonObject) {
			renamed("cancellationReason", string(api.CancelledPaymentDeclined), "INSUFFICIENT_ASSET_VALUE")(o)
			renamed("cancellationReason", string(api.CancelledPaymentFailed), "FAILED_TO_GET_PAYMENT_STATUS")(o)
		})),
		row("D2", aboutActivities, "short codes of activities are those of their requests", each(func(o jsonObject) { o.change("shortCode", withoutSuffix) })),
		row("D7", "legacy-", "the QR code is no URL", each(func(o jsonObject) {
			id, _ := o["requestId"].(string)
			o.change("qrCode", func(string) any { return "cp_" + uuidOf(id) })
		})),
		row("E1", "", "timestamps are without milliseconds", each(times("2006-01-02T15:04:05Z"))),
		row("E3", aboutRequests, "settlement dates are without a time", each(settlementDates)),
		row("E4", "memberships", "timestamps have a letter among their digits", each(func(o jsonObject) {
			o["createdAt"] = "2020-06-02T10:l4:33.021Z"
		})),
		row("E6", aboutRequests, "updatedAt stays what createdAt is", each(func(o jsonObject) {
			o.change("updatedAt", func(string) any { return o["createdAt"] })
		})),
		row("F1", aboutOne, "remainingAmount is absent", each(func(o jsonObject) { o.drop("remainingAmount") })),
		row("F1a", "create", "a new request is answered without options, conditions and more", each(func(o jsonObject) {
			o.drop("paymentOptions", "merchantConditions", "remainingAmount", "taxNumber", "createdByAccountId", "createdByAccountName")
		})),
		row("F2", aboutOne, "liveness is absent, and so are conditions where there are none", each(func(o jsonObject) {
			o.drop("liveness")
			if all, _ := o["merchantConditions"].([]any); len(all) == 0 {
				o.drop("merchantConditions")
			}
		})),
		row("F3", aboutOne, "preAuth is absent", each(func(o jsonObject) {
			if _, ok := o["preAuthStatus"]; ok {
				o.drop("preAuth")
			}
		})),
		row("F4", aboutOne, "a pre-auth that is authorized is new", each(func(o jsonObject) {
			if o["preAuthStatus"] == string(api.PreAuthAuthorized) {
				o.change("status", always(string(api.StatusNew)))
			}
		})),
		row("F5", "confirm", "a confirmation has other fields than other activities", confirmationFields),
		row("F19", "", "errors have a message and nothing else", func(o *oddAnswer) {
			if text, ok := o.object()["message"]; ok && o.refused() {
				o.body = map[string]any{"message": text}
			}
		}),
		row("F24", "pay", "a payment needs no idempotency key", nil),
		row("H1", "", "what is missing is a 404", missing),
		row("H2", "", "messages are in capitals, with spaces", func(o *oddAnswer) {
			if o.refused() {
				o.object().change("message", capitals)
			}
		}),
		row("H3", "legacy-cancel legacy-void", "statuses of 2023", nil),
	}
}

func always(text string) func(string) any { return func(string) any { return text } }

// asNumber is a number that stood in a string. One with zeros before it is none.
func asNumber(text string) any {
	if number := json.Number(text); json.Valid([]byte(text)) {
		return number
	}
	return text
}

func numberAsText(name string) func(jsonObject) {
	return func(o jsonObject) {
		if n, ok := o[name].(json.Number); ok {
			o[name] = n.String()
		}
	}
}

func textBooleans(o jsonObject) {
	for name, v := range o {
		switch v {
		case true:
			o[name] = "true"
		case false:
			o[name] = "false"
		}
	}
}

func conditionIDs(o jsonObject) {
	o.change("conditionId", asNumber)
	conditions, _ := o["merchantConditions"].([]any)
	for _, c := range conditions {
		if condition, ok := c.(map[string]any); ok {
			jsonObject(condition).change("id", asNumber)
		}
	}
}

func oneDigit(text string) any {
	d, err := decimal.NewFromString(text)
	if err != nil || !d.Equal(d.Round(1)) {
		return text
	}
	return d.StringFixed(1)
}

func renamed(member, from, to string) func(jsonObject) {
	return func(o jsonObject) {
		if o[member] == from {
			o[member] = to
		}
	}
}

// scaled multiplies amounts.
func scaled(by string, members ...string) func(jsonObject) {
	factor := decimal.RequireFromString(by)
	return func(o jsonObject) {
		for _, member := range members {
			o.change(member, func(text string) any {
				amount, err := decimal.NewFromString(text)
				if err != nil {
					return text
				}
				return amount.Mul(factor).Floor().String()
			})
		}
	}
}

// added raises the amount of an object inside, which is a JSON number.
func added(inside string, more int64) func(jsonObject) {
	return func(o jsonObject) {
		money := o.member(inside)
		if n, ok := money["amount"].(json.Number); ok {
			if amount, err := decimal.NewFromString(n.String()); err == nil {
				money["amount"] = number(amount.Add(decimal.NewFromInt(more)))
			}
		}
	}
}

func newYetPaid(o *oddAnswer) {
	whole := o.object()
	if whole["status"] == string(api.StatusNew) && whole["paidBy"] == nil {
		whole["paidBy"] = map[string]any{"assetTotals": []any{map[string]any{
			"type": "centrapay.nzd.main", "total": map[string]any{"amount": "1000", "currency": "NZD"},
		}}}
	}
}

func unsentReferences(o *oddAnswer) {
	whole := o.object()
	if _, ok := whole["preAuth"]; !ok {
		return
	}
	for _, name := range []string{"invoiceRef", "purchaseOrderRef"} {
		if whole[name] == nil {
			whole[name] = "12345"
		}
	}
}

func refundsElsewhere(o jsonObject) {
	if o["type"] == string(api.ActivityRefund) {
		o.change("merchantId", always("5ee0c486308f590260d9a07f"))
	}
}

func swappedCursors(o *oddAnswer) {
	whole := o.object()
	if _, ok := whole["nextPageKey"]; ok {
		whole.rename("nextPageKey", "pageKey")
		return
	}
	whole.rename("pageKey", "nextPageKey")
}

func bareConfigs(o jsonObject) {
	for _, name := range []string{"configId", "merchantConfigId"} {
		o.change(name, func(id string) any { return strings.TrimPrefix(id, "mc_") })
	}
}

// withoutSuffix is the short code of a request in that of an activity.
func withoutSuffix(code string) any {
	const parts = 3
	return strings.Join(strings.SplitN(code, "-", parts+1)[:min(parts, strings.Count(code, "-")+1)], "-")
}

// uuidOf has the look of a UUID and follows from an id.
func uuidOf(id string) string {
	hex := activityID(id, 0)
	return strings.Join([]string{hex[:8], hex[8:12], hex[12:16], hex[16:20], hex[20:]}, "-")
}

// times writes the moments of an object in another form.
func times(layout string) func(jsonObject) {
	return func(o jsonObject) {
		for name := range o {
			if strings.HasSuffix(name, "At") || name == "settlementDate" {
				o.change(name, func(text string) any { return otherTime(text, layout) })
			}
		}
	}
}

func otherTime(text, layout string) string {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return text
	}
	return at.UTC().Format(layout)
}

func settlementDates(o jsonObject) {
	o.change("settlementDate", func(text string) any { return otherTime(text, time.DateOnly) })
}

func confirmationFields(o *oddAnswer) {
	whole := o.object()
	if o.refused() {
		return
	}
	whole["updatedAt"], whole["createdByAccountId"] = whole["createdAt"], whole["merchantAccountId"]
	whole.drop("merchantId", "merchantName", "merchantAccountId", "merchantConfigId", "createdBy",
		"paymentRequestCreatedBy", "activityNumber", "assetType")
}

// missing answers for what is not there as the OpenAPI edition does. The sandbox
// does not tell it from what may not be seen.
func missing(o *oddAnswer) {
	if o.request.Method == http.MethodGet && o.status == http.StatusForbidden && o.object()["message"] == "Forbidden" {
		o.status = http.StatusNotFound
		o.body = map[string]any{"message": "Not Found"}
	}
}

// capitals is how the OpenAPI edition writes the messages that every call can be
// answered with.
func capitals(message string) any {
	switch message {
	case "Forbidden", "Not Found":
		return strings.ToUpper(message)
	case string(api.CodeRateLimitExceeded):
		return strings.ReplaceAll(message, "_", " ")
	}
	return message
}
