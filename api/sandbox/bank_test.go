package sandbox_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"centrapos/api"
	"centrapos/api/sandbox"
)

const (
	bankAccounts = "/api/bank-accounts"
	authorities  = "/api/bank-authorities"
	// docsAccount owns the bank accounts of the docs' examples.
	docsAccount = "Jaim1Cu1Q55uooxSens6yk"
	ownerKey    = "an-owner-key"
)

// bankRig acts as the owner of the docs' account.
func bankRig(t testing.TB, opts ...sandbox.Option) *rig {
	t.Helper()
	return newRig(t, append(opts, bankOwners()...)...).as(ownerKey)
}

func bankOwners() []sandbox.Option {
	return []sandbox.Option{bankOwner(docsAccount, ownerKey), bankOwner("another", "another-key"), bankOwner("third", "third-key")}
}

func bankOwner(account, secret string) sandbox.Option {
	return sandbox.WithKeys(sandbox.Key{Secret: secret, Name: "MyApiKey", AccountID: account, Role: sandbox.RoleAccountOwner})
}

func johnDoe() m {
	return m{"phoneNumber": "+64212345678", "fullName": "John Doe", "emailAddress": "john.doe@gmail.com"}
}

func bankBody(more m) m {
	return m{"accountId": docsAccount, "bankAccountNumber": "12-1234-1234567-123", "bankAccountName": "John Doe"}.with(more)
}

func authorityBody(more m) m { return bankBody(johnDoe()).with(more) }

// number is a bank account number that no other has.
func number(n int) string { return fmt.Sprintf("12-1234-%07d-00", n) }

func (r *rig) bank(more m) api.BankAccount {
	r.Helper()
	return ok[api.BankAccount](r, post, bankAccounts, bankBody(more))
}

func (r *rig) getBank(id string) api.BankAccount {
	r.Helper()
	return ok[api.BankAccount](r, get, bankAccounts+"/"+id, nil)
}

func verify(code string) m { return m{"verificationCode": code} }

func TestBankAccountLife(t *testing.T) {
	t.Parallel()
	r := bankRig(t)
	b := r.bank(m{"type": "quartz", "test": true})
	if b.Status != api.BankAccountCreated || b.Verified || b.DirectDebitAuthorized || b.DirectDebitAuthority != nil {
		t.Errorf("new: %+v", b)
	}
	one := bankAccounts + "/" + b.ID
	with := ok[api.BankAccount](r, post, one+"/direct-debit-authorities", johnDoe())
	if !with.DirectDebitAuthorized || with.DirectDebitAuthority != nil || with.PhoneNumber != "" {
		t.Errorf("with an authority: %+v", with)
	}
	ok[any](r, post, one+"/verify", verify(sandbox.BankVerificationCode))
	if got := r.getBank(b.ID); !got.Verified || got.Status != api.BankAccountActive || !got.Test || got.Type != api.BankAccountQuartz {
		t.Errorf("verified: %+v", got)
	}
	for n := 1; n <= 2; n++ {
		a := ok[api.BankAccountActivity](r, post, one+"/set-preferred-name", m{"preferredBankAccountName": "Everyday"})
		if a.ActivityNumber != api.Int(n) {
			t.Errorf("activity %d has the number %d", n, a.ActivityNumber)
		}
	}
	if got := r.getBank(b.ID); got.PreferredBankAccountName != "Everyday" || got.ModifiedBy != api.NewCRN(docsAccount, "api-key", "MyApiKey") {
		t.Errorf("renamed: %+v", got)
	}
	for range 2 {
		if got := ok[api.BankAccount](r, post, one+"/archive", nil); got.Status != api.BankAccountArchived || !got.Balance.IsSet() {
			t.Errorf("archived: %+v", got)
		}
	}
	// What is archived makes room, and can do nothing more.
	r.bank(nil)
	r.refused(403, "Forbidden", post, one+"/direct-debit-authorities", johnDoe())
}

// A bank account and a bank authority are one thing: each is seen as the other.
func TestBankAuthoritiesAreBankAccounts(t *testing.T) {
	t.Parallel()
	r := bankRig(t)
	a := ok[api.BankAccount](r, post, authorities, authorityBody(nil))
	b := r.bank(m{"bankAccountNumber": number(1)})
	if !a.DirectDebitAuthorized || a.Type != "" {
		t.Errorf("authority: %+v", a)
	}
	if got := r.getBank(a.ID); got.Type != api.BankAccountCentrapay || !got.DirectDebitAuthorized {
		t.Errorf("as a bank account: %+v", got)
	}
	ok[any](r, post, authorities+"/"+b.ID+"/verify", verify("1111"))
	if got := ok[api.BankAccount](r, get, authorities+"/"+b.ID, nil); !got.Verified || got.Type != "" {
		t.Errorf("as an authority: %+v", got)
	}
	for _, path := range []string{authorities, "/api/accounts/" + docsAccount + "/bank-accounts"} {
		list := ok[[]api.BankAccount](r, get, path, nil)
		if len(list) != 2 || list[0].ID != b.ID || list[1].ID != a.ID {
			t.Errorf("%s: %+v", path, list)
		}
	}
	if list := r.as("another-key").call(get, authorities, nil).Body.String(); list != "[]" {
		t.Errorf("of another account: %s", list)
	}
}

// Only those with an authority count: a bank account without one can be added.
func TestBankAccountsWithoutAuthorityDoNotCount(t *testing.T) {
	t.Parallel()
	r := bankRig(t)
	fullOfDebits(r)
	r.bank(nil)
}

func TestMalformedBankCalls(t *testing.T) {
	t.Parallel()
	r := bankRig(t)
	one := bankAccounts + "/" + r.bank(m{"type": "quartz"}).ID
	for path, bodies := range map[string]map[string]m{
		bankAccounts: {
			"accountId is required":                   bankBody(m{"accountId": nil}),
			"bankAccountNumber is required":           bankBody(m{"bankAccountNumber": nil}),
			"bankAccountName is required":             bankBody(m{"bankAccountName": ""}),
			"phoneNumber is required":                 bankBody(m{"directDebitAuthority": m{}}),
			"emailAddress is required":                bankBody(m{"fullName": "John Doe", "phoneNumber": "+64212345678"}),
			"type must be centrapay or quartz":        bankBody(m{"type": "savings"}),
			"bankAccountName has the wrong type":      bankBody(m{"bankAccountName": 1}),
			"directDebitAuthority has the wrong type": bankBody(m{"directDebitAuthority": true}),
		},
		authorities: {
			"accountId is required":         authorityBody(m{"accountId": nil}),
			"fullName is required":          authorityBody(m{"fullName": nil}),
			"bankAccountNumber is required": authorityBody(m{"bankAccountNumber": nil}),
		},
		one + "/direct-debit-authorities": {"phoneNumber is required": {"fullName": "x", "emailAddress": "y"}},
		one + "/verify":                   {"verificationCode is required": {}, "verificationCode must have 4 digits": verify("12a4")},
		one + "/set-preferred-name":       {"preferredBankAccountName is required": {}},
	} {
		for message, body := range bodies {
			r.refused(400, message, post, path, body)
		}
	}
	if got := r.bank(m{"bankAccountNumber": number(1)}.with(johnDoe())); !got.DirectDebitAuthorized {
		t.Errorf("the flat form of the first edition: %+v", got)
	}
	if got := r.bank(m{"bankAccountNumber": number(2), "type": "kete"}); got.Type != api.BankAccountKete {
		t.Errorf("the type of the first edition: %+v", got)
	}
	for range sandbox.BankVerificationTries + 1 { // a malformed code is no try
		r.call(post, one+"/verify", verify("x"))
	}
	ok[any](r, post, one+"/verify", verify("1111"))
}

// Bank accounts are for account owners: neither a till nor a cashier, and nobody of
// another account, sees them. What is missing is answered alike.
func TestBankAccountsAreForTheirOwner(t *testing.T) {
	t.Parallel()
	r := bankRig(t)
	id := r.bank(m{"type": "quartz"}).ID
	approval := ok[api.BankAccountApproval](r, post, "/api/bank-account-approvals", approvalBody(id)).ID
	intent := ok[api.BankConnectionIntent](r, post, intents, intentBody(nil)).ID
	calls := []struct {
		method, path string
		body         any
	}{
		{post, bankAccounts, bankBody(m{"bankAccountNumber": number(5)})},
		{post, bankAccounts + "/" + id + "/direct-debit-authorities", johnDoe()},
		{get, bankAccounts + "/" + id, nil},
		{post, bankAccounts + "/" + id + "/verify", verify("1111")},
		{get, "/api/accounts/" + docsAccount + "/bank-accounts", nil},
		{get, "/api/accounts/" + docsAccount + "/bank-account-balances", nil},
		{post, bankAccounts + "/" + id + "/set-preferred-name", m{"preferredBankAccountName": "x"}},
		{post, bankAccounts + "/" + id + "/archive", nil},
		{post, authorities, authorityBody(nil)},
		{get, authorities + "/" + id, nil},
		{post, authorities + "/" + id + "/verify", verify("1111")},
		{post, "/api/bank-account-approvals", approvalBody(id)},
		{get, "/api/bank-account-approvals/" + approval, nil},
		{get, bankAccounts + "/" + id + "/approvals", nil},
		{post, "/api/bank-account-approvals/" + approval + "/accept", m{}},
		{post, "/api/bank-account-approvals/" + approval + "/decline", m{"reason": "x"}},
		{post, intents, intentBody(nil)},
		{post, intents + "/" + intent + "/authorize", m{"code": "x"}},
	}
	for _, c := range calls {
		for _, key := range []string{sandbox.DemoAPIKey, "another-key"} {
			r.as(key).refused(403, "Forbidden", c.method, c.path, c.body)
		}
		r.as("").refused(401, "Missing authentication", c.method, c.path, c.body)
		if missing := strings.NewReplacer(id, "none", approval, "none", intent, "none", docsAccount, "none").Replace(c.path); missing != c.path {
			r.refused(403, "Forbidden", c.method, missing, c.body)
		}
	}
	cashierToken := r.logIn(cashier).Access
	w := r.asUser(cashierToken, sandbox.DemoMerchantAccountID, get, authorities, nil)
	if w.Code != http.StatusForbidden {
		t.Errorf("a cashier: %d", w.Code)
	}
	mere := r.logIn(owner).Access
	if w := r.asUser(mere, sandbox.DemoMerchantAccountID, get, authorities, nil); w.Code != http.StatusOK {
		t.Errorf("an owner who has logged in: %d %s", w.Code, w.Body)
	}
}

// The demonstration merchant is settled to a bank account that its owner sees.
func TestSettlementBankAccountIsThere(t *testing.T) {
	t.Parallel()
	path := filePath(t)
	r := fileRig(t, path).as(sandbox.DemoOwnerKey)
	shop := ok[api.Merchant](r, get, "/api/merchants/"+sandbox.DemoMerchantID, nil)
	b := r.getBank(shop.SettlementConfig.BankAccountID)
	if b.AccountID != sandbox.DemoMerchantAccountID || !b.Verified || b.Status != api.BankAccountActive || b.Approvals[0].Status != api.ApprovalApproved {
		t.Errorf("%+v", b)
	}
	with := ok[api.BankAccount](r, post, bankAccounts+"/"+b.ID+"/direct-debit-authorities", johnDoe())
	again := fileRig(t, path).as(sandbox.DemoOwnerKey)
	if got := again.getBank(b.ID); !got.DirectDebitAuthorized || got.ModifiedBy != with.ModifiedBy {
		t.Errorf("in the next process: %+v", got)
	}
	if list := ok[[]api.BankAccount](again, get, authorities, nil); len(list) != 1 {
		t.Errorf("%d bank accounts", len(list))
	}
}

func TestBankBalances(t *testing.T) {
	t.Parallel()
	r := bankRig(t)
	var ids []string
	for n := range 3 {
		ids = append(ids, r.bank(m{"bankAccountNumber": number(n), "type": "quartz"}).ID)
	}
	slices.Reverse(ids)
	gone := r.bank(m{"type": "quartz"}).ID
	ok[any](r, post, bankAccounts+"/"+gone+"/archive", nil)
	path := "/api/accounts/" + docsAccount + "/bank-account-balances"
	var got []string
	for key, pages := "", 0; pages == 0 || key != ""; pages++ {
		page := ok[api.Page[api.BankAccountBalance]](r, get, path+"?paginationLimit=2&pageKey="+escape(key), nil)
		for _, b := range page.Items {
			got = append(got, b.BankAccountID)
			if b.Balance != sandbox.BankBalance {
				t.Errorf("%+v", b)
			}
		}
		key = page.NextPageKey
	}
	if !slices.Equal(got, ids) {
		t.Errorf("got %v, want %v", got, ids)
	}
	r.refused(400, "pageKey is not one that was given out", get, path+"?pageKey=x", nil)
	r.refused(400, "paginationLimit must be between 1 and 100", get, path+"?paginationLimit=0", nil)
}

func TestBankAccountsSurviveTheProcess(t *testing.T) {
	t.Parallel()
	path := filePath(t)
	with := []sandbox.Option{sandbox.WithFile(path)}
	first := bankRig(t, with...)
	b := first.bank(m{"directDebitAuthority": johnDoe(), "type": "quartz"})
	approval := ok[api.BankAccountApproval](first, post, "/api/bank-account-approvals", approvalBody(b.ID))
	first.refused(403, "VERIFICATION_CODE_INVALID", post, bankAccounts+"/"+b.ID+"/verify", verify("0000"))
	again := bankRig(t, with...)
	if x, y := fmt.Sprint(first.getBank(b.ID)), fmt.Sprint(again.getBank(b.ID)); x != y {
		t.Errorf("before %s\nafter  %s", x, y)
	}
	again.refused(403, "VERIFICATION_CODE_INVALID", post, bankAccounts+"/"+b.ID+"/verify", verify("0000"))
	first.refused(403, "VERIFICATION_CODE_INVALID", post, bankAccounts+"/"+b.ID+"/verify", verify("0000"))
	again.refused(403, "BANK_ACCOUNT_VERIFICATION_ATTEMPTS_EXCEEDED", post, bankAccounts+"/"+b.ID+"/verify", verify("1111"))
	again.refused(403, "APPROVAL_ALREADY_IN_PROGRESS", post, "/api/bank-account-approvals", approvalBody(b.ID))
	if got := ok[api.BankAccountApproval](again, get, "/api/bank-account-approvals/"+approval.ID, nil); got.Status != api.ApprovalCreated {
		t.Errorf("approval: %+v", got)
	}
}

const intents = "/api/bank-account-connection-intents"

func approvalBody(bankAccountID string) m {
	return m{"mediaUploadId": "uooxSens6ykJaim1Cu1Q55", "bankAccountId": bankAccountID, "type": "settlement"}
}

func intentBody(more m) m {
	return m{"accountId": docsAccount, "type": "account-information-consent"}.with(more)
}

func TestBankAccountApprovals(t *testing.T) {
	t.Parallel()
	r := bankRig(t)
	id := r.bank(nil).ID
	const path = "/api/bank-account-approvals"
	for message, body := range map[string]m{
		"mediaUploadId is required": approvalBody(id).with(m{"mediaUploadId": nil}),
		"type is required":          approvalBody(id).with(m{"type": nil}),
		"type must be settlement":   approvalBody(id).with(m{"type": "enduring-payment-consent"}),
	} {
		r.refused(400, message, post, path, body)
	}
	first := ok[api.BankAccountApproval](r, post, path, approvalBody(id))
	r.refused(403, "APPROVAL_ALREADY_IN_PROGRESS", post, path, approvalBody(id))
	if got := r.getBank(id).Approvals; len(got) != 1 || got[0].Status != api.ApprovalPending || got[0].Type != api.ApprovalSettlement {
		t.Errorf("summary %+v", got)
	}
	r.refused(400, "reason is required", post, path+"/"+first.ID+"/decline", m{})
	ok[any](r, post, path+"/"+first.ID+"/decline", m{"reason": "blurred"})
	r.refused(403, "APPROVAL_ALREADY_REVIEWED", post, path+"/"+first.ID+"/accept", m{})
	second := ok[api.BankAccountApproval](r, post, path, approvalBody(id))
	ok[any](r, post, path+"/"+second.ID+"/accept", m{})
	if got := r.getBank(id).Approvals; len(got) != 1 || got[0].Status != api.ApprovalApproved {
		t.Errorf("summary %+v", got)
	}
	page := ok[api.Page[api.BankAccountApproval]](r, get, bankAccounts+"/"+id+"/approvals", nil)
	if len(page.Items) != 2 || page.Items[0].ID != second.ID || page.Items[1].Status != api.ApprovalDeclined {
		t.Errorf("%+v", page)
	}
}

func TestBankConnectionIntents(t *testing.T) {
	t.Parallel()
	r := bankRig(t)
	id := r.bank(m{"type": "quartz", "test": true}).ID
	enduring := intentBody(m{"type": "enduring-payment-consent", "bankAccountId": id, "test": true, "name": "Rent", "period": "weekly", "totalAmount": "5000"})
	for message, body := range map[string]m{
		"type is required":          intentBody(m{"type": nil}),
		"bankAccountId is required": enduring.with(m{"bankAccountId": nil}),
		"type must be account-information-consent or enduring-payment-consent": intentBody(m{"type": "settlement"}),
		"period is not one that the docs name":                                 enduring.with(m{"period": "hourly"}),
		"totalAmount must be a whole number above zero":                        enduring.with(m{"totalAmount": "1.5"}),
	} {
		r.refused(400, message, post, intents, body)
	}
	r.refused(403, "LIVENESS_MISMATCH", post, intents, enduring.with(m{"test": false}))
	made := ok[api.BankConnectionIntent](r, post, intents, enduring)
	if made.Status != api.BankConnectionCreated || !strings.HasPrefix(made.AuthorizationURL, "https://") || !made.CreatedAt.Valid() {
		t.Errorf("%+v", made)
	}
	path := intents + "/" + made.ID + "/authorize"
	r.refused(400, "code is required", post, path, m{})
	r.refused(403, "AUTHORIZATION_PENDING", post, path, m{"code": sandbox.BankCodePending})
	for range 2 {
		ok[any](r, post, path, m{"code": "hKpKupTM391pE10xfQiorMxXarRKAHRhTfH_x"})
	}
	if got := r.getBank(id); len(got.Approvals) != 1 || got.Approvals[0].Type != api.ApprovalEnduringPayment || !got.EnduringPaymentConsentAuthorized {
		t.Errorf("%+v", got)
	}
	page := ok[api.Page[api.BankAccountApproval]](r, get, bankAccounts+"/"+id+"/approvals", nil)
	if len(page.Items) != 1 || page.Items[0].RefreshToken.IsZero() || page.Items[0].ConsentID == "" {
		t.Errorf("the consent: %+v", page)
	}
	alone := ok[api.BankConnectionIntent](r, post, intents, intentBody(nil))
	ok[any](r, post, intents+"/"+alone.ID+"/authorize", m{"code": "x"})
}

// A body that arrives slowly holds nobody else up.
func TestSlowBankBodyHoldsNothingUp(t *testing.T) {
	t.Parallel()
	r := bankRig(t)
	reading, release := make(chan struct{}), make(chan struct{})
	body := &slowBody{reading: reading, release: release}
	done := make(chan *httptest.ResponseRecorder)
	req := httptest.NewRequestWithContext(t.Context(), post, bankAccounts, body)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Api-Key", ownerKey)
	go func() { done <- r.send(req) }()
	<-reading
	r.bank(nil)
	close(release)
	if w := <-done; w.Code != http.StatusBadRequest {
		t.Errorf("got %d", w.Code)
	}
}

// slowBody says when it is read, and ends when it is released.
type slowBody struct {
	reading, release chan struct{}
}

func (b *slowBody) Read([]byte) (int, error) {
	close(b.reading)
	<-b.release
	return 0, http.ErrBodyReadAfterClose
}
