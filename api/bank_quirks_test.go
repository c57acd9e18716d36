package api

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"
)

// TestBankQuirks has one test for each numbered oddity that concerns bank
// accounts and the data types. What a name does not explain, the test does.
func TestBankQuirks(t *testing.T) {
	t.Parallel()
	for number, test := range bankQuirks {
		t.Run(number, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

// answeredBank makes a published call with another answer.
func answeredBank[T any](t *testing.T, fixture string, call func(context.Context, *Client) (T, Meta, error)) T {
	t.Helper()
	got, _, err := call(t.Context(), newClientOf(t, answering(200, string(readFixture(t, fixture+".response.json")))))
	if err != nil {
		t.Fatalf("%s: %v", fixture, err)
	}
	return got
}

var bankQuirks = map[string]func(*testing.T){
	"A5": func(t *testing.T) { // balances in dollars, with decimals or whole; they are no Monetary
		page := readResponse[Page[BankAccountBalance]](t, "bank-accounts-get-balance")
		equal(t, "text", page.Items[0].Balance, "101.00")
		equal(t, "dollars", page.Items[0].AvailableBalance.Decimal().String(), "101")
		archived := readResponse[BankAccount](t, "bank-accounts-archive")
		equal(t, "whole", archived.Balance+" "+archived.AvailableBalance, "123 100")
		sameInCents, err := MonetaryFromMajor(page.Items[0].Balance.Decimal(), "NZD")
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "cents", sameInCents, NewMonetary(10100, "NZD"))
	},
	"A8": func(t *testing.T) { // activityNumber as a number here, as text elsewhere
		equal(t, "number", readResponse[BankAccountActivity](t, "bank-accounts-set-preferred-name").ActivityNumber, 1)
		equal(t, "text", read[BankAccountActivity](t, `{"activityNumber":"1"}`).ActivityNumber, 1)
		equal(t, "of an approval", read[BankAccountApproval](t, `{"approvalActivities":[{"activityNumber":"12"}]}`).ApprovalActivities[0].ActivityNumber, 12)
		equal(t, "written", string(mustMarshal(t, BankAccountActivity{ActivityNumber: 1, Type: "t"})), `{"activityNumber":1,"type":"t"}`)
	},
	"A11": func(t *testing.T) { // coordinates as text or as numbers
		for _, wire := range []string{`{"lat":"-36.8483579","lng":"174.7725834"}`, `{"lat":-36.8483579,"lng":174.7725834}`} {
			lat, lng, ok := read[Location](t, wire).Point()
			equal(t, wire, lat.String()+" "+lng.String(), "-36.8483579 174.7725834")
			equal(t, wire, ok, true)
		}
	},
	"A12": func(t *testing.T) { // booleans as text
		a := read[BankAccount](t, `{"verified":"true","directDebitAuthorized":"false","test":true}`)
		equal(t, "verified", a.Verified, true)
		equal(t, "directDebitAuthorized", a.DirectDebitAuthorized, false)
		equal(t, "test", a.Test, true)
	},
	"C12": func(t *testing.T) { // one config, with its prefix and without
		equal(t, "same", ObjectID("mc_5efbe2fb96c08357bb2b9242").Same("5efbe2fb96c08357bb2b9242"), true)
		equal(t, "another", ObjectID("P9gm1s1Cu1Q5uooxs").Same("5efbe2fb96c08357bb2b9242"), false)
	},
	"C20": func(t *testing.T) { // statuses nobody lists, a type of one edition alone
		equal(t, "created", readResponse[BankAccount](t, "bank-accounts-create").Status, BankAccountCreated)
		equal(t, "active", readResponse[[]BankAccount](t, "bank-authorities-list")[1].Status, BankAccountActive)
		equal(t, "archived", readResponse[BankAccount](t, "bank-accounts-archive").Status, BankAccountArchived)
		odd := read[BankAccount](t, `{"id":"x","status":"under-review","type":"kete"}`)
		equal(t, "unknown", odd.Status, "under-review")
		equal(t, "kete", odd.Type, BankAccountKete)
		if err := wholeBankAccount(&odd); err != nil {
			t.Error(err)
		}
	},
	"C22": func(t *testing.T) { // phoneNumber is sent, though one sentence says phone
		got := read[map[string]map[string]string](t, string(mustMarshal(t, struct {
			DirectDebitAuthority *DirectDebitAuthority
		}{johnsAuthority("j@example.com")})))["DirectDebitAuthority"]
		equal(t, "phoneNumber", got["phoneNumber"], "+64212345678")
		_, alsoPhone := got["phone"]
		equal(t, "phone", alsoPhone, false)
	},
	"D6": func(t *testing.T) { // prefixes that no list has, ids without one
		equal(t, "in examples", ObjectID("cn_9asd9k19").Kind(), ObjectConnection)
		equal(t, "bare", ObjectID("1234").Kind(), "")
	},
	"E2": func(t *testing.T) { // a form of timestamp of its own
		intent := readResponse[BankConnectionIntent](t, "bank-account-connection-intents-create")
		want := time.Date(2022, 3, 31, 2, 56, 29, 0, time.UTC)
		equal(t, "createdAt", intent.CreatedAt.Time(), want)
		equal(t, "updatedAt", intent.UpdatedAt.Time(), want)
	},
	"F12": func(t *testing.T) { // fields that stand in no model
		a := readResponse[BankAccount](t, "bank-accounts-get")
		equal(t, "bankRegion", a.BankRegion, "nz")
		equal(t, "balance", a.Balance.IsSet(), false)
		equal(t, "assetId", readResponse[[]BankAccount](t, "seed-bank-accounts-list")[0].AssetID, "FXh3dRhxo8JmBkMHc5qcNa")
	},
	"F18": func(t *testing.T) { // {} is a success where nothing else is said
		for _, name := range []string{"bank-account-approvals-accept", "bank-account-approvals-decline", "bank-account-connection-intents-authorize"} {
			if err := bankCalls[name](t.Context(), newClientOf(t, answering(200, " {} \n"))); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	},
	"F19": func(t *testing.T) { // errors of a message alone
		for _, body := range []string{`{"message":"DUPLICATE_BANK_ACCOUNT"}`, `{"statusCode":403,"error":"Forbidden","message":"DUPLICATE_BANK_ACCOUNT","reason":"You have it."}`} {
			_, _, err := newClientOf(t, answering(403, body)).BankAccounts.Create(t.Context(), johnDoe)
			var e *Error
			if !errors.As(err, &e) || e.Code != CodeDuplicateBankAccount || e.Outcome != Refused {
				t.Errorf("%s: got %v", body, err)
			}
		}
	},
	"F20": func(t *testing.T) { // two answers to a verification; neither says verified
		verify := func(ctx context.Context, c *Client) (*BankAccountVerification, Meta, error) {
			return c.BankAuthorities.Verify(ctx, bankID, "1111")
		}
		echo := answeredBank(t, "seed-bank-authorities-verify", verify)
		equal(t, "code", echo.VerificationCode, "1111")
		equal(t, "account", echo.BankAccount, nil)
		whole := answeredBank(t, "seed-bank-authorities-verify-second-response", verify)
		equal(t, "code", whole.VerificationCode, "")
		equal(t, "account", whole.BankAccount.ID, bankID)
		equal(t, "verified", whole.BankAccount.Verified, false)
	},
	"F21": func(t *testing.T) { // directDebitAuthorized is sent by one edition only
		body := johnsBankAuthority()
		_, sent := read[map[string]any](t, string(mustMarshal(t, body)))["directDebitAuthorized"]
		equal(t, "today", sent, false)
		body.DirectDebitAuthorized = true
		equal(t, "then", read[map[string]any](t, string(mustMarshal(t, body)))["directDebitAuthorized"], any(true))
	},
	"G1": func(t *testing.T) { // bare arrays
		list := answeredBank(t, "bank-accounts-list", func(ctx context.Context, c *Client) ([]BankAccount, Meta, error) {
			return c.BankAccounts.ListByAccount(ctx, bankAccountOf)
		})
		equal(t, "accounts", len(list), 2)
		list = answeredBank(t, "bank-authorities-list", func(ctx context.Context, c *Client) ([]BankAccount, Meta, error) {
			return c.BankAuthorities.List(ctx)
		})
		equal(t, "authorities", len(list), 2)
		equal(t, "type of an authority", list[0].Type, "")
	},
	"H6": func(t *testing.T) { // the errors of create, listed under get; typed wherever they come from
		c := newClientOf(t, answering(403, `{"statusCode":403,"error":"Forbidden","message":"BANK_AUTHORITIES_FOR_BANK_ACCOUNT_EXCEEDED"}`))
		_, _, createErr := c.BankAuthorities.Create(t.Context(), johnsBankAuthority())
		_, _, getErr := c.BankAuthorities.Get(t.Context(), bankID)
		for _, err := range []error{createErr, getErr} {
			var e *Error
			if !errors.As(err, &e) || e.Code != CodeBankAuthoritiesForBankAccountExceeded || e.Outcome != Refused {
				t.Errorf("got %v", err)
			}
		}
	},
	"J8": func(t *testing.T) { // the table lost its nesting: the three are sent nested
		var body map[string]json.RawMessage
		if err := json.Unmarshal(mustMarshal(t, withAuthority(johnDoe)), &body); err != nil {
			t.Fatal(err)
		}
		_, flat := body["phoneNumber"]
		equal(t, "flat", flat, false)
		equal(t, "nested", len(read[map[string]string](t, string(body["directDebitAuthority"]))), 3)
		// And read flat, as one edition has them in its model.
		a := read[BankAccount](t, `{"id":"x","phoneNumber":"+64212345","fullName":"John Doe","emailAddress":"j@example.com"}`)
		equal(t, "read flat", a.PhoneNumber.String()+a.FullName+a.EmailAddress, "+64212345John Doej@example.com")
	},
}
