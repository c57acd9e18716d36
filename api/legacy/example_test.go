package legacy_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"centrapos/api"
	"centrapos/api/legacy"
)

// service stands in for Centrapay: the request is paid at the second poll.
func service() *httptest.Server {
	polls := 0
	const request = `{"requestId":"TyqV56mEkNLUeiY2QskHNR","denomination":{"asset":"NZD","amount":1250},
		"requestCode":"https://app.centrapay.com/pay/TyqV56mEkNLUeiY2QskHNR","status":%q,"paidBy":{"transactionId":"E6ctbmgmkgZ3xnPk3BkGvb"}}`
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/payments/api/requests.create":
			fmt.Fprintf(w, request, "new")
		case "/payments/api/requests.info":
			polls++
			fmt.Fprintf(w, request, []string{"new", "paid"}[min(polls, 2)-1])
		case "/payments/api/transactions.refund":
			_, _ = io.WriteString(w, `{"type":"txRefund","status":"Success","payment":{"amount":250,"asset":"NZD"}}`)
		default:
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"message":"REQUEST_PAID"}`)
		}
	}))
}

// A sale: create a request, show its code, poll it until its status is final;
// then give a part back.
func Example() {
	server := service()
	defer server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()

	connection, err := api.New(server.URL, api.WithAPIKey("an-api-key"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer connection.Close()
	client := legacy.New(connection)

	request, _, err := client.Create(ctx, legacy.CreateRequest{
		MerchantID: "5efbe17d96c083633e2b9241", ClientID: "5efbe2fb96c08357bb2b9242",
		Asset: "NZD", Amount: "1250", // $12.50
		ExternalReference: "sale-0001",
	})
	if err != nil {
		fmt.Println(api.OutcomeOf(err), err)
		return
	}
	fmt.Println("show", request.ShowCode())

	for !request.Status.IsFinal() {
		polled, _, err := client.Info(ctx, request.ID, api.Urgent())
		switch {
		case err == nil:
			request = polled
			fmt.Println(request.Status, request.Denomination.Monetary())
		case ctx.Err() != nil:
			fmt.Println("void it:", err)
			return
		default:
			fmt.Println("not known now, perhaps at the next poll:", err)
		}
	}

	_, _, err = client.Cancel(ctx, request.ID)
	fmt.Println("too late to cancel:", api.OutcomeOf(err), err)

	receipt, _, err := client.Refund(ctx, request.PaidBy.TransactionID, legacy.RefundRequest{
		Amount: "250", ExternalReference: "sale-0001-refund-1",
	})
	if err != nil {
		fmt.Println(api.OutcomeOf(err), err)
		return
	}
	fmt.Println("refunded", receipt.Payment.Amount, receipt.Payment.Asset)
	// Output:
	// show https://app.centrapay.com/pay/TyqV56mEkNLUeiY2QskHNR
	// new 1250 NZD
	// paid 1250 NZD
	// too late to cancel: refused POST /payments/api/requests.cancel: 404 REQUEST_PAID
	// refunded 250 NZD
}

// A service that still speaks the first published form.
func ExampleAsFirstPublished() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Println(r.Method, r.URL, string(body))
		_, _ = io.WriteString(w, `{"requestId":"64b023fc","denomination":{"amount":1020,"asset":"NZD"},"status":"canceled"}`)
	}))
	defer server.Close()
	connection, err := api.New(server.URL) // it shows no authentication
	if err != nil {
		fmt.Println(err)
		return
	}
	defer connection.Close()
	client := legacy.New(connection, legacy.AsFirstPublished())

	request, _, err := client.Info(context.Background(), "64b023fc")
	fmt.Println(request.Status, err)
	_, _, err = client.Void(context.Background(), "64b023fc")
	fmt.Println(api.OutcomeOf(err), err)
	// Output:
	// GET /api/requests.info requestId=64b023fc
	// cancelled <nil>
	// not sent POST /api/requests.void: not sent: requests.void: the first published form has no such call
}

// Receiving webhooks.
func ExampleWebhookVerifier() {
	verifier, err := legacy.NewWebhookVerifier() // trusts the published key
	if err != nil {
		fmt.Println(err)
		return
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		notification, err := verifier.Read(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		// Answer quickly; ask Info about the request afterwards.
		fmt.Println("look at", notification.Transaction.Request.ID)
		w.WriteHeader(http.StatusNoContent)
	})

	answer := httptest.NewRecorder()
	forged := strings.NewReader(`{"token":"eyJhbGciOiJub25lIn0.e30."}`)
	handler.ServeHTTP(answer, httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/notify", forged))
	fmt.Println(answer.Code, strings.TrimSpace(answer.Body.String()))
	// Output:
	// 403 the webhook's token is not signed by a trusted key
}

// The QR code of a payment request.
func ExampleParseRequestCode() {
	for _, text := range []string{
		"centrapay:68747470733A2F2F6170702E63656E74726170617920", // cut off in the middle
		legacy.EncodeRequestCode("https://app.centrapay.com/pay/TyqV56mEkNLUeiY2QskHNR"),
		"cp_9e98c00c-1556-4c95-ba78-2dd1fc97fc5b",
		"JL9mAFVaK71wTDVoM6NH7w",
	} {
		code, err := legacy.ParseRequestCode(text)
		fmt.Printf("%q %q %v\n", code.URL, code.RequestID, err)
	}
	// Output:
	// "" "" read request code: it does not lead to a web page
	// "https://app.centrapay.com/pay/TyqV56mEkNLUeiY2QskHNR" "TyqV56mEkNLUeiY2QskHNR" <nil>
	// "" "9e98c00c-1556-4c95-ba78-2dd1fc97fc5b" <nil>
	// "" "" <nil>
}
