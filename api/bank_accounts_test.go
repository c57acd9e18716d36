package api

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// What a success of each call may look like without being one. An endpoint that
// answers with nothing takes any object that is no error.
var brokenBankAnswers = map[string][]string{
	"bank-accounts-create":                     {`{"id":"x"}`, `{"status":"created"}`, `{"id":"","status":"created"}`, `[{"id":"x","status":"created"}]`},
	"bank-accounts-add-direct-debit-authority": {`{"id":"another","status":"created"}`, `{"status":"created"}`},
	"bank-accounts-get":                        {`{"id":"another","status":"created"}`, `{"id":"` + bankID + `"}`, `{"id":7,"status":"created"}`},
	"bank-accounts-verify":                     {`{"verificationCode":""}`, `{"verificationCode":null}`, `{"id":"another","status":"created"}`, `{"id":"` + bankID + `"}`, `{"verified":true}`},
	"bank-accounts-list":                       {`{"items":[]}`, `[{"id":"x"}]`, `[null]`, `[[]]`, `[{}]`},
	"bank-accounts-get-balance":                {`[]`, `{"nextPageKey":"x"}`, `{"items":[{"balance":"1"}]}`, `{"items":[{"bankAccountId":"x"}]}`, `{"items":[{"bankAccountId":"x","balance":"lots"}]}`, `{"items":[{"bankAccountId":"x","balance":"1","availableBalance":"some"}]}`},
	"bank-accounts-set-preferred-name":         {`{"type":""}`, `{"type":"set-preferred-bank-account-name","bankAccountId":"another"}`, `{"type":"t","activityNumber":"first"}`},
	"bank-accounts-archive":                    {`{"id":"another","status":"archived"}`, `{"id":"b5URhAxxWpTKyxQjjY7pXW","status":"archived","balance":"lots"}`},
	"bank-authorities-create":                  {`{"id":"x"}`, `{"status":"created"}`},
	"bank-authorities-get":                     {`{"id":"another","status":"created"}`},
	"bank-authorities-list":                    {`{"items":[]}`, `[{"status":"created"}]`},
	"bank-authorities-verify":                  {`{"id":"another","status":"created"}`, `{"verificationCode":""}`},
	"bank-account-approvals-create":            {`{"id":"x"}`, `{"status":"created"}`},
	"bank-account-approvals-get":               {`{"id":"another","status":"approved"}`, `{"status":"approved"}`, `{"id":"bbab9a768921019cb856","status":"approved","refreshToken":{}}`},
	"bank-account-approvals-list":              {`[]`, `{"items":[{"id":"x"}]}`},
	"bank-account-approvals-accept":            nil,
	"bank-account-approvals-decline":           nil,
	"bank-account-connection-intents-create": {
		`{"id":"x","status":"created"}`, `{"id":"x","status":"created","authorizationUrl":"javascript:alert(1)"}`,
		`{"id":"x","status":"created","authorizationUrl":"https://%zz"}`,
		`{"status":"created","authorizationUrl":"https://example.com"}`, `{"id":"x","authorizationUrl":"https://example.com"}`,
	},
	"bank-account-connection-intents-authorize": nil,
}

func TestAnAnswerThatIsNotTheDocumentedOneSaysNothing(t *testing.T) {
	t.Parallel()
	nothing := []string{``, " \n", `null`, `"ok"`, `true`, `7`, `<html>log in</html>`, `{"message":"Forbidden"}`, `{"id":"x"`, `{"id":"x","status":"created"}{}`}
	for name, call := range bankCalls {
		if strings.HasPrefix(name, "seed-") {
			continue
		}
		bodies, ok := brokenBankAnswers[name]
		if !ok {
			t.Errorf("%s is not tested", name)
		}
		for _, body := range slices.Concat(nothing, bodies) {
			if err := call(t.Context(), answeredOnce(t, 200, body)); OutcomeOf(err) != Unknown {
				t.Errorf("%s answered %s: got %s: %v", name, body, OutcomeOf(err), err)
			}
		}
	}
}

// answeredOnce returns a client that gets the same answer to all calls and makes
// no second attempt.
func answeredOnce(t *testing.T, status int, body string) *Client {
	t.Helper()
	return newClientOf(t, answering(status, body), WithRetryPolicy(RetryPolicy{MaxAttempts: 1}))
}

func TestBankAnswersMayHaveMoreThanIsKnown(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"bank-accounts-get":    `{"id":"` + bankID + `","status":"frozen","type":"brand-new","brandNew":{"a":[1]},"approvals":[{"type":"t","status":"s","x":1}],"verified":"true"}`,
		"bank-accounts-verify": `{"verificationCode":1111,"verified":true}`,
		"bank-accounts-list":   `[]`,
		// An answer about a bank account without its id is not one about another.
		"bank-accounts-set-preferred-name":          `{"type":"brand-new"}`,
		"bank-accounts-get-balance":                 `{"items":[],"total":0}`,
		"bank-account-approvals-accept":             `{"id":"x","status":"approved"}`,
		"bank-account-connection-intents-authorize": `{"status":"authorized"}`,
	}
	for name, body := range tests {
		if err := bankCalls[name](t.Context(), answeredOnce(t, 200, body)); err != nil {
			t.Errorf("%s answered %s: %v", name, body, err)
		}
	}
}

func TestOnlyBankCallsThatReadAreMadeAgain(t *testing.T) {
	t.Parallel()
	for name, call := range bankCalls {
		if strings.HasPrefix(name, "seed-") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := int32(1) // none of the POSTs has a key
			if requestFixture(t, name).Method == http.MethodGet {
				want = 3
			}
			for _, status := range []int{http.StatusBadGateway, http.StatusOK} {
				var calls atomic.Int32
				c := newClientOf(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					calls.Add(1)
					w.WriteHeader(status)
				}))
				if err := call(t.Context(), c); OutcomeOf(err) != Unknown {
					t.Errorf("%d: got %s: %v", status, OutcomeOf(err), err)
				}
				equal(t, "calls", calls.Load(), want)
			}
			var dials atomic.Int32
			c := mustNew(t, "http://localhost", WithAPIKey(testKey), WithRetryPolicy(RetryPolicy{MaxAttempts: 3}),
				WithHTTPClient(&http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
					dials.Add(1)
					return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
				})}))
			if err := call(t.Context(), c); OutcomeOf(err) != NotSent {
				t.Errorf("no connection: got %s: %v", OutcomeOf(err), err)
			}
			equal(t, "dials", dials.Load(), 3)
		})
	}
}

func TestABankAccountThatTheServiceCouldOnlyRefuseIsNotSent(t *testing.T) {
	t.Parallel()
	create := func(change func(*CreateBankAccount)) published {
		return func(ctx context.Context, c *Client) error {
			body := withAuthority(johnDoe)
			change(&body)
			_, _, err := c.BankAccounts.Create(ctx, body)
			return err
		}
	}
	authority := func(change func(*CreateBankAuthority)) published {
		return func(ctx context.Context, c *Client) error {
			body := johnsBankAuthority()
			change(&body)
			_, _, err := c.BankAuthorities.Create(ctx, body)
			return err
		}
	}
	verify := func(code string) published {
		return func(ctx context.Context, c *Client) error {
			_, _, err := c.BankAccounts.Verify(ctx, bankID, code)
			return err
		}
	}
	connect := func(body CreateBankConnectionIntent) published {
		return func(ctx context.Context, c *Client) error {
			_, _, err := c.BankAccounts.CreateConnectionIntent(ctx, body)
			return err
		}
	}
	tests := []struct {
		field string
		code  Code
		call  published
	}{
		{"accountId", CodeInvalidRequest, create(func(b *CreateBankAccount) { b.AccountID = "" })},
		{"bankAccountNumber", CodeInvalidRequest, create(func(b *CreateBankAccount) { b.BankAccountNumber = "" })},
		{"bankAccountName", CodeInvalidRequest, create(func(b *CreateBankAccount) { b.BankAccountName = "" })},
		// The three go together or not at all.
		{"directDebitAuthority.phoneNumber", CodeInvalidRequest, create(func(b *CreateBankAccount) { b.DirectDebitAuthority.PhoneNumber = "" })},
		{"directDebitAuthority.fullName", CodeInvalidRequest, create(func(b *CreateBankAccount) { b.DirectDebitAuthority.FullName = "" })},
		{"directDebitAuthority.emailAddress", CodeInvalidRequest, create(func(b *CreateBankAccount) { b.DirectDebitAuthority.EmailAddress = "" })},
		{"directDebitAuthority.phoneNumber", CodeInvalidRequest, create(func(b *CreateBankAccount) { b.DirectDebitAuthority = new(DirectDebitAuthority) })},
		{"emailAddress", CodeInvalidRequest, func(ctx context.Context, c *Client) error {
			_, _, err := c.BankAccounts.AddDirectDebitAuthority(ctx, bankID, DirectDebitAuthority{PhoneNumber: "+64212345678", FullName: "John Doe"})
			return err
		}},
		{"preferredBankAccountName", CodeInvalidRequest, func(ctx context.Context, c *Client) error {
			_, _, err := c.BankAccounts.SetPreferredName(ctx, bankID, "")
			return err
		}},
		{"fullName", CodeInvalidRequest, authority(func(b *CreateBankAuthority) { b.FullName = "" })},
		{"phoneNumber", CodeInvalidRequest, authority(func(b *CreateBankAuthority) { b.PhoneNumber = "" })},
		{"bankAccountName", CodeInvalidRequest, authority(func(b *CreateBankAuthority) { b.BankAccountName = "" })},
		{"verificationCode", CodeInvalidRequest, verify("")},
		{"verificationCode", CodeVerificationCodeInvalid, verify("111")},
		{"verificationCode", CodeVerificationCodeInvalid, verify("11111")},
		{"verificationCode", CodeVerificationCodeInvalid, verify("111a")},
		{"verificationCode", CodeVerificationCodeInvalid, verify("１１")}, // six bytes, no digit of ours
		{"verificationCode", CodeVerificationCodeInvalid, func(ctx context.Context, c *Client) error {
			_, _, err := c.BankAuthorities.Verify(ctx, bankID, "12 4")
			return err
		}},
		{"path", CodeInvalidRequest, func(ctx context.Context, c *Client) error {
			_, _, err := c.BankAccounts.Archive(ctx, "..")
			return err
		}},
		{"path", CodeInvalidRequest, func(ctx context.Context, c *Client) error {
			_, _, err := c.BankAccounts.Get(ctx, "")
			return err
		}},
		{"path", CodeInvalidRequest, func(ctx context.Context, c *Client) error {
			_, _, err := c.BankAccounts.Balances(ctx, "", ListBankAccountBalancesParams{})
			return err
		}},
		{"mediaUploadId", CodeInvalidRequest, func(ctx context.Context, c *Client) error {
			_, _, err := c.BankAccounts.RequestApproval(ctx, RequestBankAccountApproval{BankAccountID: bankID, Type: ApprovalSettlement})
			return err
		}},
		{"reason", CodeInvalidRequest, func(ctx context.Context, c *Client) error {
			_, err := c.BankAccounts.DeclineApproval(ctx, "x", "")
			return err
		}},
		{"code", CodeInvalidRequest, func(ctx context.Context, c *Client) error {
			_, err := c.BankAccounts.AuthorizeConnectionIntent(ctx, "x", "")
			return err
		}},
		{"type", CodeInvalidRequest, connect(CreateBankConnectionIntent{AccountID: "a"})},
		{"bankAccountId", CodeInvalidRequest, connect(CreateBankConnectionIntent{AccountID: "a", Type: ApprovalEnduringPayment})},
		{"totalAmount", CodeInvalidAmount, connect(CreateBankConnectionIntent{AccountID: "a", Type: ApprovalEnduringPayment, BankAccountID: bankID, TotalAmount: "lots"})},
	}
	for _, tt := range tests {
		err := tt.call(t.Context(), newService(t)) // where nothing is expected
		var v *ValidationError
		if OutcomeOf(err) != NotSent || !errors.As(err, &v) || v.Field != tt.field || v.Code != tt.code {
			t.Errorf("%s: got %s: %v", tt.field, OutcomeOf(err), err)
		}
	}
}

// What only the service can judge is sent as it is.
func TestOddBankAccountsAreSent(t *testing.T) {
	t.Parallel()
	body := withAuthority(CreateBankAccount{AccountID: "a", BankAccountNumber: "not a number", BankAccountName: "Ngā Tāngata", Type: BankAccountKete, Test: true})
	body.DirectDebitAuthority.PhoneNumber, body.DirectDebitAuthority.EmailAddress = "021 234", "nobody"
	c := newService(t,
		exchange{
			method: "POST", path: "/api/bank-accounts", reply: `{"id":"x","status":"created"}`,
			body: `{"accountId":"a","bankAccountNumber":"not a number","bankAccountName":"Ngā Tāngata","type":"kete","test":true,
				"directDebitAuthority":{"phoneNumber":"021 234","fullName":"John Doe","emailAddress":"nobody"}}`,
		},
		exchange{method: "POST", path: "/api/bank-account-approvals/x/accept", body: `{}`, reply: `{}`},
		exchange{method: "GET", path: "/api/accounts/a%2Fb/bank-accounts", reply: `[]`},
		exchange{
			method: "POST", path: "/api/bank-account-connection-intents",
			body:  `{"accountId":"a","type":"enduring-payment-consent","bankAccountId":"b","name":"n","period":"fortnightly","totalAmount":"5000"}`,
			reply: `{"id":"x","status":"created","authorizationUrl":"https://bank.example/begin"}`,
		},
	)
	if _, _, err := c.BankAccounts.Create(t.Context(), body); err != nil {
		t.Error(err)
	}
	if _, err := c.BankAccounts.AcceptApproval(t.Context(), "x", ""); err != nil {
		t.Error(err)
	}
	if list, _, err := c.BankAccounts.ListByAccount(t.Context(), "a/b"); err != nil || list == nil || len(list) != 0 {
		t.Errorf("got %v, %v", list, err)
	}
	if _, _, err := c.BankAccounts.CreateConnectionIntent(t.Context(), CreateBankConnectionIntent{
		AccountID: "a", Type: ApprovalEnduringPayment, BankAccountID: "b", Name: "n", Period: ConsentFortnightly, TotalAmount: "5000",
	}); err != nil {
		t.Error(err)
	}
}

func TestBalancesAreReadPageByPage(t *testing.T) {
	t.Parallel()
	page := func(id, next string) string {
		return `{"items":[{"bankAccountId":"` + id + `","balance":"1.00"}],"nextPageKey":"` + next + `"}`
	}
	const path = "/api/accounts/acc/bank-account-balances"
	c := newService(t,
		exchange{method: "GET", path: path, reply: page("a", "k#1|2")},
		exchange{method: "GET", path: path, query: url.Values{"pageKey": {"k#1|2"}}, reply: page("b", "k#1|2")}, // itself: the end
		exchange{method: "GET", path: path, query: url.Values{"pageKey": {"from here"}}, reply: page("c", "")},
		exchange{method: "GET", path: path, status: 403, reply: `{"message":"Forbidden"}`},
	)
	read := func(params ListBankAccountBalancesParams) (ids []string, err error) {
		for b, err := range c.BankAccounts.AllBalances(t.Context(), "acc", params) {
			if err != nil {
				return ids, err
			}
			ids = append(ids, b.BankAccountID)
		}
		return ids, nil
	}
	if ids, err := read(ListBankAccountBalancesParams{}); !errors.Is(err, ErrCursorRepeated) || !slices.Equal(ids, []string{"a", "b"}) {
		t.Errorf("got %v, %v", ids, err)
	}
	if ids, err := read(ListBankAccountBalancesParams{PageKey: "from here"}); err != nil || !slices.Equal(ids, []string{"c"}) {
		t.Errorf("got %v, %v", ids, err)
	}
	if _, err := read(ListBankAccountBalancesParams{}); OutcomeOf(err) != Refused {
		t.Errorf("got %v", err)
	}
}
