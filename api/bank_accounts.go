package api

// BankAccountsClient makes the calls about bank accounts. Source: Centrapay docs,
// bank accounts.
type BankAccountsClient struct{ c *Client }
