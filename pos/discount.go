package pos

import (
	"github.com/shopspring/decimal"
)

// Discount is what is taken off a line or a basket: a percentage or an amount,
// one of the two.
type Discount struct {
	// Percent is more than 0 and at most 100, with at most two decimals.
	Percent *decimal.Decimal `json:"percent,omitempty"`
	// Amount is taken off what the customer pays, tax included.
	Amount *Money `json:"amount,omitempty"`
	Reason string `json:"reason,omitempty"`
	// ApprovedBy is the supervisor who allowed it, where one had to.
	ApprovedBy string `json:"approvedBy,omitempty"`
}
