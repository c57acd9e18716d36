package api

// PaymentActivitiesClient makes the calls about the payment activities of a
// merchant. Source: Centrapay docs, payment requests, "List Payment Activities".
type PaymentActivitiesClient struct{ c *Client }
