package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// bankModel returns the model that an answer of the named endpoint decodes into,
// for bank accounts and authorities; nil for others.
func bankModel(name string) any {
	switch name {
	case "bank-accounts-list", "bank-authorities-list":
		return new([]BankAccount)
	case "bank-accounts-get-balance":
		return new(Page[BankAccountBalance])
	case "bank-accounts-set-preferred-name":
		return new(BankAccountActivity)
	case "bank-accounts-verify", "bank-authorities-verify", "bank-authorities-verify-second-response":
		return new(BankAccountVerification)
	case "bank-account-approvals-create", "bank-account-approvals-get":
		return new(BankAccountApproval)
	case "bank-account-approvals-list":
		return new(Page[BankAccountApproval])
	case "bank-account-connection-intents-create":
		return new(BankConnectionIntent)
	case "bank-account-approvals-accept", "bank-account-approvals-decline", "bank-account-connection-intents-authorize":
		return new(map[string]json.RawMessage)
	}
	if strings.HasPrefix(name, "bank-accounts-") || strings.HasPrefix(name, "bank-authorities-") {
		return new(BankAccount)
	}
	return nil
}

const (
	bankID        = "WRhAxxWpTKb5U7pXyxQjjY"
	bankAccountOf = "Jaim1Cu1Q55uooxSens6yk"
)

var johnDoe = CreateBankAccount{AccountID: bankAccountOf, BankAccountNumber: "12-1234-1234567-123", BankAccountName: "John Doe"}

// withAuthority is a bank account with a direct-debit authority.
func withAuthority(b CreateBankAccount) CreateBankAccount {
	b.DirectDebitAuthority = johnsAuthority("john.doe@gmail.com")
	return b
}

func johnsAuthority(email string) *DirectDebitAuthority {
	return &DirectDebitAuthority{PhoneNumber: "+64212345678", FullName: "John Doe", EmailAddress: email}
}

func johnsBankAuthority() CreateBankAuthority {
	return CreateBankAuthority{
		AccountID: bankAccountOf, FullName: "John Doe", PhoneNumber: "+64212345", EmailAddress: "John.doe@email.com",
		BankAccountNumber: "12-1234-1234567-123", BankAccountName: "John Doe",
	}
}

// bankCalls make the published requests about bank accounts. A request of the
// seed is made by the call of its own name, or else by that of its endpoint.
var bankCalls = map[string]published{
	"seed-bank-accounts-create-without-direct-debit": func(ctx context.Context, c *Client) error {
		_, _, err := c.BankAccounts.Create(ctx, johnDoe)
		return err
	},
	"bank-accounts-create": func(ctx context.Context, c *Client) error {
		_, _, err := c.BankAccounts.Create(ctx, withAuthority(johnDoe))
		return err
	},
	"seed-bank-accounts-add-direct-debit-authority": func(ctx context.Context, c *Client) error {
		_, _, err := c.BankAccounts.AddDirectDebitAuthority(ctx, bankID, *johnsAuthority("john@doe.org"))
		return err
	},
	"bank-accounts-add-direct-debit-authority": func(ctx context.Context, c *Client) error {
		_, _, err := c.BankAccounts.AddDirectDebitAuthority(ctx, bankID, *johnsAuthority("john.doe@gmail.com"))
		return err
	},
	"bank-accounts-get": func(ctx context.Context, c *Client) error {
		_, _, err := c.BankAccounts.Get(ctx, bankID)
		return err
	},
	"bank-accounts-verify": func(ctx context.Context, c *Client) error {
		_, _, err := c.BankAccounts.Verify(ctx, bankID, "1111")
		return err
	},
	"bank-accounts-list": func(ctx context.Context, c *Client) error {
		_, _, err := c.BankAccounts.ListByAccount(ctx, bankAccountOf)
		return err
	},
	"bank-accounts-get-balance": func(ctx context.Context, c *Client) error {
		_, _, err := c.BankAccounts.Balances(ctx, bankAccountOf, ListBankAccountBalancesParams{})
		return err
	},
	"bank-accounts-set-preferred-name": func(ctx context.Context, c *Client) error {
		_, _, err := c.BankAccounts.SetPreferredName(ctx, bankID, "Everyday Account")
		return err
	},
	"bank-accounts-archive": func(ctx context.Context, c *Client) error {
		_, _, err := c.BankAccounts.Archive(ctx, "b5URhAxxWpTKyxQjjY7pXW")
		return err
	},
	"seed-bank-authorities-create": func(ctx context.Context, c *Client) error {
		body := johnsBankAuthority()
		body.DirectDebitAuthorized = true
		_, _, err := c.BankAuthorities.Create(ctx, body)
		return err
	},
	"bank-authorities-create": func(ctx context.Context, c *Client) error {
		_, _, err := c.BankAuthorities.Create(ctx, johnsBankAuthority())
		return err
	},
	"bank-authorities-get": func(ctx context.Context, c *Client) error {
		_, _, err := c.BankAuthorities.Get(ctx, bankID)
		return err
	},
	"bank-authorities-list": func(ctx context.Context, c *Client) error {
		_, _, err := c.BankAuthorities.List(ctx)
		return err
	},
	"bank-authorities-verify": func(ctx context.Context, c *Client) error {
		_, _, err := c.BankAuthorities.Verify(ctx, bankID, "1111")
		return err
	},
	"bank-account-approvals-create": func(ctx context.Context, c *Client) error {
		_, _, err := c.BankAccounts.RequestApproval(ctx, RequestBankAccountApproval{
			MediaUploadID: "uooxSens6ykJaim1Cu1Q55", BankAccountID: bankID, Type: ApprovalSettlement,
		})
		return err
	},
	"bank-account-approvals-get": func(ctx context.Context, c *Client) error {
		_, _, err := c.BankAccounts.GetApproval(ctx, "bbab9a768921019cb856")
		return err
	},
	"bank-account-approvals-list": func(ctx context.Context, c *Client) error {
		_, _, err := c.BankAccounts.Approvals(ctx, "5vpkxjn6z787LiAKCqwuf9")
		return err
	},
	"bank-account-approvals-accept": func(ctx context.Context, c *Client) error {
		_, err := c.BankAccounts.AcceptApproval(ctx, "DcTs3U38HdhfEqwF1GKoT3", "All details match")
		return err
	},
	"bank-account-approvals-decline": func(ctx context.Context, c *Client) error {
		_, err := c.BankAccounts.DeclineApproval(ctx, "DcTs3U38HdhfEqwF1GKoT3", "No details match")
		return err
	},
	"bank-account-connection-intents-create": func(ctx context.Context, c *Client) error {
		_, _, err := c.BankAccounts.CreateConnectionIntent(ctx, CreateBankConnectionIntent{
			AccountID: "B4u4WZCu3joZFVWT3XjWW3", Type: ApprovalAccountInformation, Test: true,
		})
		return err
	},
	"bank-account-connection-intents-authorize": func(ctx context.Context, c *Client) error {
		_, err := c.BankAccounts.AuthorizeConnectionIntent(ctx, "3KVjuKW2CZCJeJVqPxwkX7", "hKpKupTM391pE10xfQiorMxXarRKAHRhTfH_x")
		return err
	},
}

// borrowedAnswers stand in where the documents print a request alone.
var borrowedAnswers = map[string]string{
	"seed-bank-accounts-get":                         "bank-accounts-get",
	"seed-bank-accounts-create-without-direct-debit": "seed-bank-accounts-create",
}

func TestEveryPublishedRequestAboutBankAccountsIsBuiltExactly(t *testing.T) {
	t.Parallel()
	built := map[string]bool{}
	for _, name := range fixtureNames(t, ".request.json") {
		if !isBankFixture(name) {
			continue
		}
		call, key := bankCalls[name], name
		if call == nil {
			key = strings.TrimPrefix(name, "seed-")
			call = bankCalls[key]
		}
		built[key] = true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if call == nil {
				t.Fatal("nothing builds this request")
			}
			answer := name
			if other := borrowedAnswers[name]; other != "" {
				answer = other
			}
			checkBankRequest(t, name, answer, call)
		})
	}
	for name := range bankCalls {
		if !built[name] {
			t.Errorf("there is no published request %s", name)
		}
	}
}

func checkBankRequest(t *testing.T, name, answer string, call published) {
	t.Helper()
	f := requestFixture(t, name)
	reply := readFixture(t, answer+".response.json")
	var calls atomic.Int32
	c := newClientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		f.check(t, name, r)
		_, _ = w.Write(reply)
	}))
	if err := call(t.Context(), c); err != nil {
		t.Error(err)
	}
	equal(t, "calls", calls.Load(), 1)
}

func isBankFixture(name string) bool {
	return strings.HasPrefix(strings.TrimPrefix(name, "seed-"), "bank-")
}

// The documents print two answers to the verification of a bank authority.
func TestTheSecondAnswerToAVerificationIsTakenToo(t *testing.T) {
	t.Parallel()
	checkBankRequest(t, "bank-authorities-verify", "seed-bank-authorities-verify-second-response", bankCalls["bank-authorities-verify"])
	checkBankRequest(t, "bank-accounts-verify", "seed-bank-authorities-verify-second-response", bankCalls["bank-accounts-verify"])
}

func TestBankBodiesRoundTrip(t *testing.T) {
	t.Parallel()
	// A service can be built with the client's types.
	models := map[string]func() any{
		"bank-accounts-create":                           func() any { return new(CreateBankAccount) },
		"seed-bank-accounts-create-without-direct-debit": func() any { return new(CreateBankAccount) },
		"bank-accounts-add-direct-debit-authority":       func() any { return new(DirectDebitAuthority) },
		"bank-authorities-create":                        func() any { return new(CreateBankAuthority) },
		"seed-bank-authorities-create":                   func() any { return new(CreateBankAuthority) },
		"bank-account-approvals-create":                  func() any { return new(RequestBankAccountApproval) },
		"bank-account-connection-intents-create":         func() any { return new(CreateBankConnectionIntent) },
	}
	for name, model := range models {
		body, into := requestFixture(t, name).Body, model()
		if err := json.Unmarshal(body, into); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		again, err := json.Marshal(into)
		if err != nil {
			t.Fatal(err)
		}
		fixture{Body: body}.checkBody(t, name, again)
	}
}
