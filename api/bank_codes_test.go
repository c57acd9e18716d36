package api

import (
	"errors"
	"net/http"
	"testing"
)

// bankCodes are the codes that the documents list for each endpoint.
var bankCodes = map[string][]Code{
	"bank-accounts-create":                     {CodeBankAccountLimitExceeded, CodeBankAccountHolderLimitExceeded, CodeDuplicateBankAccount},
	"bank-accounts-add-direct-debit-authority": {CodeDirectDebitAlreadyAuthorized, CodeDirectDebitLimitExceeded},
	"bank-accounts-verify": {
		CodeBankAccountAlreadyVerified, CodeVerificationCodeInvalid, CodeBankAccountVerificationAttemptsExceeded, CodeAccountMismatch,
	},
	"bank-accounts-set-preferred-name": {CodeInvalidBankAccountType},
	"bank-authorities-create":          {CodeBankAuthorityLimitExceeded, CodeBankAuthoritiesForBankAccountExceeded},
	"bank-authorities-verify": {
		CodeBankAccountAlreadyVerified, CodeVerificationCodeInvalid, CodeBankAccountVerificationAttemptsExceeded, CodeAccountMismatch,
	},
	"bank-account-approvals-create":             {CodeApprovalAlreadyInProgress},
	"bank-account-approvals-accept":             {CodeApprovalAlreadyReviewed},
	"bank-account-approvals-decline":            {CodeApprovalAlreadyReviewed},
	"bank-account-connection-intents-create":    {CodeLivenessMismatch},
	"bank-account-connection-intents-authorize": {CodeAuthorizationPending},
}

func TestWhatTheServiceRefusesAboutBankAccountsIsTyped(t *testing.T) {
	t.Parallel()
	for name, codes := range bankCodes {
		for _, code := range append([]Code{CodeForbidden}, codes...) {
			attempts := 0
			c := mustNew(t, "http://localhost", WithAPIKey(testKey), WithHTTPClient(&http.Client{
				Transport: roundTrip(func(*http.Request) (*http.Response, error) {
					attempts++
					return answer(http.StatusForbidden, `{"statusCode":403,"error":"Forbidden","message":"`+string(code)+`","reason":"because"}`), nil
				}),
			}))
			err := bankCalls[name](t.Context(), c)
			var e *Error
			if !errors.As(err, &e) || e.Outcome != Refused || e.Code != code || e.Reason != "because" || e.Status != http.StatusForbidden {
				t.Errorf("%s answered %s: got %v", name, code, err)
			}
			equal(t, name+" attempts", attempts, 1)
		}
	}
}
