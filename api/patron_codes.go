package api

// PatronCodesClient makes the calls about patron codes, which a patron's app
// shows as a barcode. Source: Centrapay docs, patron codes.
type PatronCodesClient struct{ c *Client }
