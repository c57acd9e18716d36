package api

// ScannedCodesClient makes the calls about codes that a till has scanned.
// Source: Centrapay docs, scanned codes.
type ScannedCodesClient struct{ c *Client }
