package api_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"centrapos/api"
)

// service stands in for Centrapay: the request is paid at the second poll.
func service() *httptest.Server {
	polls := 0
	const request = `{"id":"MhocUmpxxmgdHjr7DgKoKw","url":"https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw",
		"value":{"amount":"1250","currency":"NZD"},"status":%q}`
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodGet:
			polls++
			fmt.Fprintf(w, request, []string{"new", "paid"}[min(polls, 2)-1])
		case r.URL.Path == "/api/payment-requests":
			fmt.Fprintf(w, request, "new")
		default:
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `{"message":"VOID_WINDOW_EXCEEDED"}`)
		}
	}))
}

// A sale: create a payment request, show its URL as a QR code, and poll it until
// its status is final.
func Example() {
	server := service()
	defer server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()

	client, err := api.New(server.URL, api.WithAPIKey("an-api-key"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	request, _, err := client.PaymentRequests.Create(ctx, api.CreatePaymentRequest{
		ConfigID:    "mc_5efbe2fb96c08357bb2b9242",
		Value:       api.NewMonetary(1250, "NZD"),
		ExternalRef: "sale-0001",
		LineItems: []api.LineItem{
			{Name: "Flat white", Qty: "2", Price: "1000"},
			{Name: "Scone", Qty: "1", Price: "250"},
		},
	})
	if err != nil {
		fmt.Println(api.OutcomeOf(err), err)
		return
	}
	fmt.Println("show", request.URL)

	for !request.Status.IsFinal() {
		polled, _, err := client.PaymentRequests.Get(ctx, request.ID, api.Urgent())
		switch {
		case err == nil:
			request = polled
			fmt.Println(request.Status, request.Value)
		case ctx.Err() != nil:
			fmt.Println("void it:", err)
			return
		default:
			fmt.Println("not known now, perhaps at the next poll:", err)
		}
	}
	// Output:
	// show https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw
	// new 1250 NZD
	// paid 1250 NZD
}

// Telling the outcomes apart.
func ExampleOutcomeOf() {
	server := service()
	defer server.Close()
	client, err := api.New(server.URL, api.WithAPIKey("an-api-key"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	_, _, err = client.PaymentRequests.Void(context.Background(), "MhocUmpxxmgdHjr7DgKoKw")
	switch api.OutcomeOf(err) {
	case api.Done:
		fmt.Println("voided")
	case api.Refused:
		var e *api.Error
		if errors.As(err, &e) && e.Code == api.CodeVoidWindowExceeded {
			fmt.Println("too late to void, refund it instead")
		}
	case api.NotSent:
		fmt.Println("nothing happened, try again")
	case api.Unknown:
		fmt.Println("look at the payment request before trying again")
	}

	_, _, err = client.PaymentRequests.Create(context.Background(), api.CreatePaymentRequest{
		ConfigID:  "mc_5efbe2fb96c08357bb2b9242",
		Value:     api.NewMonetary(1250, "NZD"),
		LineItems: []api.LineItem{{Name: "Flat white", Qty: "2", Price: "1000"}},
	})
	var invalid *api.ValidationError
	if errors.As(err, &invalid) {
		fmt.Println(api.OutcomeOf(err), invalid.Code, invalid.Difference)
	}
	// Output:
	// too late to void, refund it instead
	// not sent LINE_ITEMS_SUM_CHECK_FAILED -250
}
