package api

// AccountsClient makes the calls about the caller's accounts. Source: Centrapay
// docs, account memberships.
type AccountsClient struct{ c *Client }
