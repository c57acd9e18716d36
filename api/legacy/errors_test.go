package legacy

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"centrapos/api"
)

// The numbers, names and statuses of the documents' table, written as they
// stand there: it is removed from today's documents, so this is its copy.
const publishedErrors = `1 KEY_NOT_AUTHORIZED 401, 2 REQUEST_NOT_FOUND 404, 3 TRANSACTION_NOT_FOUND 404, 4 MERCHANT_NOT_FOUND 404,
	5 INVALID_REQUEST_ID 400, 6 INVALID_AMOUNT 400, 7 INVALID_ASSET 400, 8 INVALID_AUTHORIZATION 400, 9 INVALID_LEDGER 400,
	10 INVALID_MERCHANT_ID 400, 11 INVALID_CLIENT_ID 400, 12 INVALID_PATRON_CODE 400, 13 INVALID_DESCRIPTION 400,
	14 INVALID_REFERENCE 400, 15 INVALID_NOTIFY_URL 400, 16 INVALID_TRANSACTION_ID 400, 17 REQUEST_CANCELLED 400,
	18 REQUEST_EXPIRED 400, 19 REQUEST_PAID 400, 20 INVALID_PAYMENT_EXPIRY_SECONDS 400, 21 FORBIDDEN 403,
	51 INTERNAL_ERROR 500, 76 EXTERNAL_SERVICE 503, 77 INTERNAL_ERROR 500, 126 IN_USE 403, 151 IN_USE 403,
	176 LEDGER_NOT_ENABLED 400, 177 INVALID_LEDGER 400, 178 INTERNAL_SERVER_ERROR 500, 179 BITCOIN_TRANSACTION_NOT_FOUND 404,
	180 OLD_TRANSACTION 400, 181 INSUFFICIENT_PAYMENT 400, 182 MERCHANT_TRANSACTION_LIMIT_EXCEEDED 403,
	183 INVALID_TRANSACTION_AMOUNT 403, 184 INVALID_VOUCHER_AMOUNT 403, 185 VOUCHER_EXPIRED 403,
	186 INSUFFICIENT_VOUCHER_BALANCE 403, 187 VOUCHER_UNKNOWN 404, 189 INSUFFICIENT_WALLET_BALANCE 403,
	190 TRANSACTION_ALREADY_EXISTS 200, 191 OPTIMISTIC_LOCK_ERROR 500, 192 INSUFFICIENT_ASSET_BALANCE 403,
	193 INVALID_MERCHANT_CONFIGURATION 403, 194 INACTIVE_ASSET 403, 195 INVALID_ASSET_ID 400, 196 INVALID_WALLET_ADDRESS 400,
	197 INVALID_TRANSACTION 400, 198 UNSUPPORTED_ASSET_TYPE 403, 199 QUOTA_EXCEEDED 403, 276 ALREADY_REFUNDED 400,
	277 INVALID_AMOUNT 400, 280 REPEAT_REFERENCE 400, 281 PARTIAL_REFUNDS_NOT_ALLOWED 403, 283 INACTIVE_ASSET 403`

func TestErrorCodesAreThoseOfTheDocuments(t *testing.T) {
	t.Parallel()
	var got []string
	for _, c := range ErrorCodes() {
		got = append(got, strings.Join([]string{strconv.Itoa(c.Number), string(c.Code), strconv.Itoa(c.Status)}, " "))
		if found, ok := ErrorCodeOf(c.Number); !ok || found != c || c.Description == "" {
			t.Errorf("%d: got %+v, %v", c.Number, found, ok)
		}
		if api.CodeOf(string(c.Code)) != c.Code {
			t.Errorf("%s is no code of package api", c.Code)
		}
	}
	var want []string
	for entry := range strings.SplitSeq(publishedErrors, ",") {
		want = append(want, strings.TrimSpace(entry))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, number := range []int{-1, 0, 22, 188, 200, 404, 1 << 40} {
		if found, ok := ErrorCodeOf(number); ok {
			t.Errorf("%d: got %+v", number, found)
		}
	}
	codes := ErrorCodes()
	codes[0].Code = "CHANGED"
	equal(t, "a caller's copy", ErrorCodes()[0].Code, "KEY_NOT_AUTHORIZED")
}

func TestErrorsThatTheServiceNumbersAreNamed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		status  int
		body    string
		outcome api.Outcome
		code    api.Code
	}{
		{404, `{"message":"2"}`, api.Refused, "REQUEST_NOT_FOUND"},
		{400, `{"message":"276","code":276}`, api.Refused, "ALREADY_REFUNDED"},
		{404, `{"code":2,"message":"REQUEST_NOT_FOUND"}`, api.Refused, "REQUEST_NOT_FOUND"},
		{400, `{"code":276}`, api.Refused, "ALREADY_REFUNDED"},
		{404, `{"errorCode":"2"}`, api.Refused, "REQUEST_NOT_FOUND"},
		{400, `{"code":99999}`, api.Unknown, ""},
		{500, `{"code":51}`, api.Unknown, "INTERNAL_ERROR"},
		{302, `{"code":276}`, api.Unknown, ""},
		{400, `{"message":"404"}`, api.Refused, api.CodeBadRequest}, // a number, but none of the table's
		{403, `{"message":"SOMETHING_NEW"}`, api.Refused, "SOMETHING_NEW"},
		{403, `{"message":"not today"}`, api.Refused, api.CodeForbidden},
		{500, `{"message":"51"}`, api.Unknown, "INTERNAL_ERROR"},
		{200, `{"code":190}`, api.Unknown, CodeTransactionAlreadyExists},
		{200, `{"code":"190"}`, api.Unknown, CodeTransactionAlreadyExists},
		{200, `{"errorCode":190}`, api.Unknown, CodeTransactionAlreadyExists},
		{200, `{"code":"TRANSACTION_ALREADY_EXISTS"}`, api.Unknown, CodeTransactionAlreadyExists},
		{400, `{"message":"TRANSACTION_ALREADY_EXISTS"}`, api.Unknown, CodeTransactionAlreadyExists},
		{403, `{"message":"TRANSACTION_ALREADY_EXISTS"}`, api.Unknown, CodeTransactionAlreadyExists},
		{409, `{"message":"190"}`, api.Unknown, CodeTransactionAlreadyExists},
		{400, `{"errorCode":190}`, api.Unknown, CodeTransactionAlreadyExists},
		{200, `{"message":"REQUEST_EXPIRED","code":190}`, api.Unknown, api.CodeRequestExpired},
		{200, `{"message":"` + testKey + `"}`, api.Unknown, ""},
		{200, `{"code":{"number":190}}`, api.Unknown, ""},
		{200, `{"code":200}`, api.Unknown, ""},
		{200, `{"code":190`, api.Unknown, ""},
	}
	for _, tt := range tests {
		c, _ := today(t, answering(tt.status, tt.body))
		_, _, err := c.Pay(t.Context(), testID, PayRequest{Ledger: "l", Authorization: "a"})
		e := asError(t, err)
		if e.Outcome != tt.outcome || e.Code != tt.code || e.Status != tt.status {
			t.Errorf("%d %s: got %s, %q: %v", tt.status, tt.body, e.Outcome, e.Code, err)
		}
	}
}

// A success that says what it should is one, whatever else it says.
func TestASuccessMayCarryAMessage(t *testing.T) {
	t.Parallel()
	c, _ := today(t, answering(200, `{"status":"Success","message":"REQUEST_CANCELLED","code":17}`))
	v, _, err := c.Void(t.Context(), testID)
	if err != nil || v.Message != "REQUEST_CANCELLED" {
		t.Errorf("got %v, %v", v, err)
	}
}
