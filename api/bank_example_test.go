package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// bankService stands in for Centrapay: the account has this bank account already.
func bankService() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `{"message":"DUPLICATE_BANK_ACCOUNT"}`)
			return
		}
		_, _ = io.WriteString(w, `[{"id":"WRhAxxWpTKb5U7pXyxQjjY","bankAccountNumber":"12-1234-1234567-123","status":"created","verified":true}]`)
	}))
}

// A bank account is added once. Whether a create whose answer was lost was
// carried out, the list tells.
func ExampleBankAccountsClient_Create() {
	server := bankService()
	defer server.Close()
	client, err := api.New(server.URL, api.WithAPIKey("account-owner-key"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	phone, err := api.ParsePhoneNumber("+64 21 234 5678")
	if err != nil {
		fmt.Println(err)
		return
	}
	const accountID, number = "Jaim1Cu1Q55uooxSens6yk", "12-1234-1234567-123"
	_, _, err = client.BankAccounts.Create(context.Background(), api.CreateBankAccount{
		AccountID: accountID, BankAccountNumber: number, BankAccountName: "John Doe",
		// Leave it out when no money is to be taken from the account.
		DirectDebitAuthority: &api.DirectDebitAuthority{PhoneNumber: phone, FullName: "John Doe", EmailAddress: "john@example.com"},
	})
	var refusal *api.Error
	if errors.As(err, &refusal) && refusal.Code == api.CodeDuplicateBankAccount || api.OutcomeOf(err) == api.Unknown {
		list, _, err := client.BankAccounts.ListByAccount(context.Background(), accountID)
		for _, account := range list {
			if account.BankAccountNumber == number {
				fmt.Println("there already, verified:", account.Verified, err)
			}
		}
	}
	// Output: there already, verified: true <nil>
}

// Money travels in the currency's smallest unit and is shown in whole ones.
func ExampleMonetary_Format() {
	asked, err := api.MonetaryFromMajor(decimal.RequireFromString("12.50"), "NZD")
	fmt.Println(asked, "=", asked.Format(), err)
	fmt.Println(api.NewMonetary(1250, "JPY").Format())
	fmt.Println(api.Monetary{Amount: "0.0027625", Currency: "bitcoin"}.Format())
	// Output:
	// 1250 NZD = NZD 12.50 <nil>
	// JPY 1250
	// 0.0027625 smallest units of bitcoin
}

// A card number is shown by its last four digits wherever it ends up.
func ExamplePAN() {
	card, err := api.ParsePAN("4111 1111 1111 1111")
	fmt.Println(card, err)
	fmt.Printf("%#v %x %q\n", card, card, card)
	// Output:
	// **** 1111 <nil>
	// **** 1111 **** 1111 **** 1111
}

// Ids are opaque; what their prefix says is for people.
func ExampleObjectID() {
	config := api.ObjectID("mc_5efbe2fb96c08357bb2b9242")
	fmt.Println(config.Kind(), config.Same("5efbe2fb96c08357bb2b9242"))
	// Output: merchant config true
}
