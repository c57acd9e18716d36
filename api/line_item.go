package api

// LineItem is one line of a basket. Source: Centrapay docs, payment requests,
// "Line Item".
type LineItem struct {
	// Name is what the customer reads on the receipt. The service has required it,
	// Qty and Price since 2024.
	Name string `json:"name,omitempty"`
	// SKU is the merchant's article number; a token can pay for a line only by it.
	SKU string `json:"sku,omitempty"`
	// Qty is a count, a weight, a volume.
	Qty BigNumber `json:"qty,omitempty"`
	// Price is the total of the line in smallest units: unit price × quantity,
	// less discounts, with tax. It is negative for a discount on the basket.
	Price BigNumber `json:"price,omitempty"`
	// Tax is the rate in percent; "15", "15.0" and "15.00" all occur.
	Tax BigNumber `json:"tax,omitempty"`
	// Discount is in smallest units, without tax.
	Discount BigNumber `json:"discount,omitempty"`
	// ProductID is a GTIN or EAN.
	ProductID string `json:"productId,omitempty"`
	// Restricted lines cannot be paid with asset types that forbid them.
	Restricted Bool `json:"restricted,omitempty"`
	// Classification says what kind of product it is; nil when not told.
	Classification *ProductClassification `json:"classification,omitempty"`
}

// ClassificationGS1 is the only documented type of classification: the Global
// Product Classification of GS1.
const ClassificationGS1 = "GS1"

// ProductClassification says what kind of product a line is. Source: Centrapay
// docs, payment requests, "Product Classification".
type ProductClassification struct {
	// Type is ClassificationGS1.
	Type string `json:"type,omitempty"`
	// Code is, for GS1, the id of a brick: "10001874".
	Code string `json:"code,omitempty"`
	// Name is the title of the code: "CROCKERY".
	Name string `json:"name,omitempty"`
	// Props are attributes of the brick, by their codes.
	Props map[string]Text `json:"props,omitempty"`
}
