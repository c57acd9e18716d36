package api

// BankAuthoritiesClient makes the calls about bank authorities, the deprecated
// form of bank accounts. Source: Centrapay docs, bank accounts.
type BankAuthoritiesClient struct{ c *Client }
