package sandbox_test

import (
	"context"
	"fmt"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// A till of one's own against a sandbox whose customers pay at once, and whose
// first void is answered by a gateway that lost the service.
func ExampleListen() {
	ctx := context.Background()
	lost, err := sandbox.ParseFault("void:status-after=502:1")
	if err != nil {
		fmt.Println(err)
		return
	}
	server, err := sandbox.Listen(ctx, "", sandbox.WithPatron(sandbox.Automatic(0)), sandbox.WithFaults(lost))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = server.Close() }()
	client, err := api.New(server.URL(), api.WithAPIKey(sandbox.DemoAPIKey))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	made, _, err := client.PaymentRequests.Create(ctx, api.CreatePaymentRequest{
		ConfigID: sandbox.DemoConfigID, Value: api.NewMonetary(1250, "NZD"), ExternalRef: "T1-0042",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	paid, _, err := client.PaymentRequests.Get(ctx, made.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(paid.Status, "by", paid.PaidBy.AssetTotals[0].Description)
	_, _, err = client.PaymentRequests.Void(ctx, made.ID)
	fmt.Println("void:", api.OutcomeOf(err))
	after, _, err := client.PaymentRequests.Get(ctx, made.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("and yet:", after.Status, after.CancellationReason)
	// Output:
	// paid by Centrapay NZD Test
	// void: unknown
	// and yet: cancelled CANCELLED_BY_MERCHANT
}

// Acting as the customer of one request, for tests and training.
func ExampleService_Pay() {
	svc, err := sandbox.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(svc.Pay("no-such-request", sandbox.PayOptions{}))
	// Output: refused: 403 Forbidden
}
