package sandbox_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"centrapos/api"
	"centrapos/api/legacy"
	"centrapos/api/sandbox"
)

// documentedCodes are those that the docs list for each endpoint. Beside them every
// endpoint with a credential answers those of sharedCodes.
func documentedCodes() map[string][]api.Code {
	verify := []api.Code{
		api.CodeBankAccountAlreadyVerified, api.CodeVerificationCodeInvalid,
		api.CodeBankAccountVerificationAttemptsExceeded, api.CodeAccountMismatch,
	}
	answer := []api.Code{api.CodeMerchantNotAuthorized, api.CodePatronNotAuthorized, api.CodeConditionAlreadySet}
	return map[string][]api.Code{
		"create": {
			api.CodeLineItemsSumCheckFailed, api.CodeChecksumFailed, api.CodeRedirectURLInvalid, api.CodePatronCodeInvalid,
			api.CodeNoAvailablePaymentOptions, api.CodeTokenCollectionNotFound, api.CodeConnectionNotFound,
			api.CodeConnectionMerchantMismatch, api.CodeConnectionCreatedByMismatch,
		},
		"short-code": {api.CodeChecksumFailed},
		"pay": {
			api.CodeInvalidAssetType, api.CodeRequestExpired, api.CodeRequestPaid, api.CodeRequestCancelled, api.CodeInactiveAsset,
			api.CodeInvalidMerchantConfig, api.CodeQuotaExceeded, api.CodeInsufficientAssetValue, api.CodeAssetRedemptionDenied,
			api.CodePaymentDeclined, api.CodePaymentUnconfirmed,
		},
		"refund": {
			api.CodeLineItemsSumCheckFailed, api.CodeNotPaid, api.CodeAlreadyRefunded, api.CodeInvalidAmount, api.CodeRepeatReference,
			api.CodePartialRefundsNotAllowed, api.CodeInactiveAsset, api.CodeRefundNotSupported, api.CodeRefundWindowExceeded,
			api.CodePreAuthPending, api.CodeConfirmationNotFound, api.CodeRefundDeclined,
		},
		"void": {
			api.CodeVoidWindowExceeded, api.CodeRequestExpired, api.CodeAlreadyRefunded, api.CodeInactiveAsset, api.CodeRefundNotSupported,
			api.CodePreAuthAlreadyConfirmed, api.CodeRepeatReference,
		},
		"release": {api.CodeInvalidPaymentRequestType, api.CodePreAuthReleased},
		"confirm": {
			api.CodeInvalidPaymentRequestType, api.CodePreAuthReleased, api.CodePreAuthPending, api.CodeRequestCancelled,
			api.CodeInvalidAmount, api.CodeIdempotentOperationFailed,
		},
		"accept": answer, "decline": answer,

		"decode":                  {api.CodeUnknownCode, api.CodeMerchantConfigNotFound, api.CodeInvalidMerchantConfig},
		"patron-code-barcode":     {api.CodeChecksumFailed, api.CodePatronCodeInvalid},
		"patron-code-external-id": {api.CodePatronCodeInvalid},
		"patron-code-metadata":    {api.CodePatronCodeInvalid},

		"bank-create":                 {api.CodeBankAccountLimitExceeded, api.CodeBankAccountHolderLimitExceeded, api.CodeDuplicateBankAccount},
		"bank-authorize":              {api.CodeDirectDebitAlreadyAuthorized, api.CodeDirectDebitLimitExceeded},
		"bank-verify":                 verify,
		"authority-verify":            verify,
		"bank-preferred-name":         {api.CodeInvalidBankAccountType},
		"authority-create":            {api.CodeBankAuthorityLimitExceeded, api.CodeBankAuthoritiesForBankAccountExceeded},
		"approval-create":             {api.CodeApprovalAlreadyInProgress},
		"approval-accept":             {api.CodeApprovalAlreadyReviewed},
		"approval-decline":            {api.CodeApprovalAlreadyReviewed},
		"connection-intent-create":    {api.CodeLivenessMismatch},
		"connection-intent-authorize": {api.CodeAuthorizationPending},

		"legacy-create": {api.CodeChecksumFailed, api.CodePatronCodeInvalid, "MERCHANT_CONFIGURATION_NOT_FOUND", api.CodeNoAvailablePaymentOptions},
		"legacy-info":   {"REQUEST_NOT_FOUND"},
		"legacy-pay": {
			api.CodeRequestExpired, api.CodeRequestPaid, api.CodeRequestCancelled, api.CodeInvalidAssetType, api.CodeInactiveAsset,
			api.CodeInvalidMerchantConfig, api.CodeQuotaExceeded, api.CodeInsufficientAssetValue, api.CodeAssetRedemptionDenied,
		},
		"legacy-cancel": {"REQUEST_NOT_FOUND", api.CodeRequestExpired, api.CodeRequestPaid},
		// A void of a paid request gives its money back: it has no REQUEST_PAID.
		"legacy-void": {"REQUEST_NOT_FOUND", api.CodeRequestExpired, api.CodeVoidWindowExceeded},
		"legacy-refund": {
			"TRANSACTION_NOT_FOUND", api.CodeAlreadyRefunded, api.CodeInvalidAmount, api.CodeRepeatReference, api.CodePartialRefundsNotAllowed,
			api.CodeInactiveAsset, api.CodeRefundNotSupported, api.CodeRefundWindowExceeded, api.CodeRefundDeclined,
		},
	}
}

// sharedCodes are documented for an endpoint that is not public.
func sharedCodes(endpoint string) []api.Code {
	codes := []api.Code{api.CodeUnauthorized, api.CodeRateLimitExceeded}
	switch endpoint {
	case "patron-code-external-id", "patron-code-metadata": // PATRON_CODE_INVALID says it there
	case "memberships": // whatever credential is good
	default:
		codes = append(codes, api.CodeForbidden)
	}
	return codes
}

// codesElsewhere are codes that no call of the sandbox answers, or not by a case.
func codesElsewhere() map[api.Code]string {
	const ours, writes = "raised by the client, before it sends", "of calls that change merchants, which are not there"
	const status = "the client's name for a status without a code, which is not documented and not answered"
	return map[api.Code]string{
		api.CodeInvalidRequest: ours, api.CodeConfigMissing: ours, api.CodeCredentialMissing: ours, api.CodeLoginRequired: ours,
		api.CodeBankAccountMismatch: writes, api.CodeAccountRegionMismatch: writes, api.CodeInvalidWalletType: writes, api.CodeCollectionsInvalid: writes,
		api.CodeConflict: status, api.CodeRefused: status,
		api.CodeBadRequest:  "TestEveryRefusal has the texts that say it in other words",
		api.CodeNotFound:    "TestRoutesThatDoNotExist",
		api.CodeServerError: "TestFailedSaveChangesNothing",
	}
}

// numberedElsewhere are the numbered errors of the first generation, by the table of
// 2020 that the docs dropped in 2021, which no call of the sandbox answers.
func numberedElsewhere() map[api.Code]string {
	const (
		renamed = "no later edition has it; such a call is answered as they say, with "
		failed  = "a failure of the service: faults have those"
		bitcoin = "of bitcoin and the ledgers of 2020, which nobody pays with any more"
		voucher = "of vouchers, which nobody pays with any more"
	)
	return map[api.Code]string{
		"KEY_NOT_AUTHORIZED": renamed + "UNAUTHORIZED", "MERCHANT_NOT_FOUND": renamed + "MERCHANT_CONFIGURATION_NOT_FOUND",
		"INVALID_MERCHANT_CONFIGURATION": renamed + "INVALID_MERCHANT_CONFIG", "INSUFFICIENT_ASSET_BALANCE": renamed + "INSUFFICIENT_ASSET_VALUE",
		"INSUFFICIENT_WALLET_BALANCE": renamed + "INSUFFICIENT_ASSET_VALUE", "UNSUPPORTED_ASSET_TYPE": renamed + "INVALID_ASSET_TYPE",
		"INVALID_ASSET_ID": renamed + "FORBIDDEN", "LEDGER_NOT_ENABLED": renamed + "INVALID_ASSET_TYPE",
		"MERCHANT_TRANSACTION_LIMIT_EXCEEDED": renamed + "QUOTA_EXCEEDED", "IN_USE": "nothing can be in use by two",
		"INTERNAL_ERROR": failed, "INTERNAL_SERVER_ERROR": failed, "EXTERNAL_SERVICE": failed, "OPTIMISTIC_LOCK_ERROR": failed,
		"BITCOIN_TRANSACTION_NOT_FOUND": bitcoin, "OLD_TRANSACTION": bitcoin, "INSUFFICIENT_PAYMENT": bitcoin, "INVALID_TRANSACTION_AMOUNT": bitcoin,
		"TRANSACTION_ALREADY_EXISTS": bitcoin, "INVALID_WALLET_ADDRESS": bitcoin, "INVALID_TRANSACTION": bitcoin,
		"INVALID_VOUCHER_AMOUNT": voucher, "VOUCHER_EXPIRED": voucher, "INSUFFICIENT_VOUCHER_BALANCE": voucher, "VOUCHER_UNKNOWN": voucher,
	}
}

// cell is one endpoint answering one code, with the tests of it.
type cell struct {
	endpoint, code string
	status         map[int]bool
	tests          []string
}

// matrix is all cells, in the order of endpoints and codes. Free text is one code.
func matrix() []*cell {
	var all []*cell
	for _, c := range allRefusals() {
		code := string(api.CodeOf(c.message))
		if code == "" {
			code = "(text)"
		}
		i := slices.IndexFunc(all, func(known *cell) bool { return known.endpoint == c.endpoint && known.code == code })
		if i < 0 {
			i = len(all)
			all = append(all, &cell{endpoint: c.endpoint, code: code, status: map[int]bool{}})
		}
		all[i].status[c.status] = true
		all[i].tests = append(all[i].tests, "TestEveryRefusal/"+strings.ReplaceAll(c.name(), " ", "_"))
	}
	order := sandbox.Endpoints()
	slices.SortStableFunc(all, func(a, b *cell) int {
		if d := slices.Index(order, a.endpoint) - slices.Index(order, b.endpoint); d != 0 {
			return d
		}
		return strings.Compare(a.code, b.code)
	})
	return all
}

func has(all []*cell, endpoint string, code api.Code) bool {
	return slices.ContainsFunc(all, func(c *cell) bool { return c.endpoint == endpoint && c.code == string(code) })
}

// TestMatrix prints which test has which endpoint answer which code, and holds it to
// be complete: against the codes that the docs list for each endpoint, the endpoints
// that there are, and the codes that the client knows.
//
//	go test ./api/sandbox -run TestMatrix -v
func TestMatrix(t *testing.T) {
	t.Parallel()
	all, documented := matrix(), documentedCodes()
	var out strings.Builder
	for _, c := range all {
		status := strings.Trim(fmt.Sprint(slices.Sorted(maps.Keys(c.status))), "[]")
		beyond := ""
		if !slices.Contains(append(documented[c.endpoint], sharedCodes(c.endpoint)...), api.Code(c.code)) && c.code != "(text)" {
			beyond = " +" // beyond what the docs list for it
		}
		more := ""
		if n := len(c.tests) - 1; n > 0 {
			more = fmt.Sprintf(" and %d more", n)
		}
		_, _ = fmt.Fprintf(&out, "%-27s %-9s %-42s %s%s\n", c.endpoint, status, c.code+beyond, c.tests[0], more)
	}
	t.Logf("%d cells, + beyond the documents:\n%s", len(all), out.String())

	for endpoint, codes := range documented {
		for _, code := range codes {
			if !has(all, endpoint, code) {
				t.Errorf("no case in which %s answers %s", endpoint, code)
			}
		}
	}
	for _, rt := range sandbox.Routes() {
		for _, code := range sharedCodes(rt.Name) {
			if !rt.Open && !has(all, rt.Name, code) {
				t.Errorf("no case in which %s answers %s", rt.Name, code)
			}
		}
		if !slices.ContainsFunc(all, func(c *cell) bool { return c.endpoint == rt.Name }) {
			t.Errorf("%s refuses nothing", rt.Name)
		}
	}
	elsewhere, known := codesElsewhere(), clientCodes(t)
	maps.Copy(elsewhere, numberedElsewhere())
	for _, numbered := range legacy.ErrorCodes() {
		known = append(known, numbered.Code)
	}
	for _, code := range slices.Sorted(maps.Keys(elsewhere)) {
		t.Logf("not in the matrix: %s — %s", code, elsewhere[code])
		if !slices.Contains(known, code) {
			t.Errorf("%s is said to be elsewhere, and nobody knows it", code)
		}
	}
	for _, code := range known {
		inMatrix := slices.ContainsFunc(all, func(c *cell) bool { return c.code == string(code) })
		if _, excused := elsewhere[code]; inMatrix == excused {
			t.Errorf("%s is in the matrix: %v, and said to be elsewhere: %v", code, inMatrix, excused)
		}
	}
}

// clientCodes are the codes that package api has names for, read from its source.
func clientCodes(t *testing.T) []api.Code {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "codes*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var codes []api.Code
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(`(?m)^\tCode\w+ +Code = "(\w+)"`).FindAllStringSubmatch(string(source), -1) {
			codes = append(codes, api.Code(match[1]))
		}
	}
	if len(codes) < 50 {
		t.Fatalf("found only %d codes in %v", len(codes), files)
	}
	return codes
}
