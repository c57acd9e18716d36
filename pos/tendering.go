package pos

// Method is how a part of a basket was paid.
type Method string

// The methods.
const (
	MethodCentrapay Method = "centrapay" // through this till, by a payment request
	MethodCash      Method = "cash"
	MethodCard      Method = "card"  // on a card terminal beside the till
	MethodOther     Method = "other" // anything else the shop takes, such as its own vouchers
)

// PartPaid is what one tender paid of a basket.
type PartPaid struct {
	ID     int    `json:"id"` // within its basket
	Method Method `json:"method"`
	// Amount is how much of the basket's total it settles.
	Amount Money `json:"amount"`
	// Rounding is what cash was rounded by: what was to be paid in cash less Amount.
	Rounding Money `json:"rounding,omitzero"`
	// Given is the cash that was handed over, and Change what was handed back.
	Given  Money `json:"given,omitzero"`
	Change Money `json:"change,omitzero"`
	// Ref is the external reference of a Centrapay payment, or what was noted of a
	// tender elsewhere, such as the number on the card terminal's slip.
	Ref string `json:"ref,omitempty"`
	// Assets are what paid a Centrapay payment, as the service describes them.
	Assets []Tender `json:"assets,omitempty"`
	// Locked are the ids of the lines that an asset bought as they are, so that they
	// cannot be changed, taken off or paid for again.
	Locked []int `json:"locked,omitempty"`
}
