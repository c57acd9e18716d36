package api_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"centrapos/api"
)

// dropsFirst stands in for Centrapay behind a bad line: it carries every call
// out, but the first answer is lost.
func dropsFirst(answer string) *httptest.Server {
	calls := 0
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if calls++; calls == 1 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		_, _ = io.WriteString(w, answer)
	}))
}

// Giving back part of a payment. ExternalRef is kept by the caller before the
// call, so that the same refund can be asked for again until it is answered.
func ExamplePaymentRequestsClient_Refund() {
	server := dropsFirst(`{"type":"refund","value":{"amount":"450","currency":"NZD"},"shortCode":"CP-C7F-ZS5-032"}`)
	defer server.Close()
	client, err := api.New(server.URL, api.WithAPIKey("an-api-key"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	refund := api.RefundPaymentRequest{
		Value:       api.NewMonetary(450, "NZD"),
		ExternalRef: "sale-0001-refund-1",
		LineItems:   []api.LineItem{{Name: "Scone", Qty: "1", Price: "450"}},
	}
	activity, meta, err := client.PaymentRequests.Refund(context.Background(), "MhocUmpxxmgdHjr7DgKoKw", refund)
	switch api.OutcomeOf(err) {
	case api.Done:
		fmt.Printf("%s of %s, print %s (attempts: %d)\n", activity.Type, activity.Value, activity.ShortCode, meta.Attempts)
	case api.Refused:
		fmt.Println("no money went back:", err)
	case api.NotSent, api.Unknown:
		fmt.Println("ask again with the same reference and amount:", err)
	}
	// Output: refund of 450 NZD, print CP-C7F-ZS5-032 (attempts: 2)
}

// Drawing on a pre-auth when the goods leave the shop. A lost answer is asked for
// again with the same key, which draws nothing a second time.
func ExamplePaymentRequestsClient_Confirm() {
	server := dropsFirst(`{"type":"confirmation","value":{"amount":"6190","currency":"NZD"}}`)
	defer server.Close()
	client, err := api.New(server.URL, api.WithAPIKey("an-api-key"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	confirmation := api.ConfirmPaymentRequest{
		Value:          api.NewMonetary(6190, "NZD"),
		IdempotencyKey: "order-77-delivery-1",
		InvoiceRef:     "INV-77",
		LineItems: []api.LineItem{
			{Name: "Coffee Grounds", Qty: "1", Price: "4195", Tax: "15"},
			{Name: "Cafe Mug", Qty: "25", Price: "1995", Tax: "15", Discount: "199"},
		},
	}
	activity, _, err := client.PaymentRequests.Confirm(context.Background(), "5zXMDueDJRNNyP3UeWBgSA", confirmation)
	if err != nil {
		fmt.Println(api.OutcomeOf(err), err)
		return
	}
	fmt.Println(activity.Type, activity.Value)
	// Output: confirmation 6190 NZD
}

// Going through what happened to a merchant's payment requests, newest first.
func ExamplePaymentActivitiesClient_All() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page := `{"items":[{"type":"refund","value":{"amount":"600","currency":"NZD"}}],"nextPageKey":"Activity#1|x"}`
		if r.URL.Query().Get("pageKey") != "" {
			page = `{"items":[{"type":"payment","value":{"amount":"6190","currency":"NZD"}}]}`
		}
		_, _ = io.WriteString(w, page)
	}))
	defer server.Close()
	client, err := api.New(server.URL, api.WithAPIKey("an-api-key"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	params := api.ListPaymentActivitiesParams{MerchantID: "5ee0c486308f590260d9a07f"}
	for activity, err := range client.PaymentActivities.All(context.Background(), params) {
		if err != nil {
			fmt.Println("the rest could not be read:", err)
			return
		}
		fmt.Println(activity.Type, activity.Value)
	}
	// Output:
	// refund 600 NZD
	// payment 6190 NZD
}
