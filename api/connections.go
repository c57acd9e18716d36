package api

// ConnectionsClient makes the calls about connections, which link a patron's
// wallet to a sales channel. Source: Centrapay docs, connections.
type ConnectionsClient struct{ c *Client }
