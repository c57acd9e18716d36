package api

// MerchantsClient makes the calls that read merchants, their configs and their
// settlements. Source: Centrapay docs, merchants, merchant configs, settlements.
type MerchantsClient struct{ c *Client }
