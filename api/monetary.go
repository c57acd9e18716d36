package api

// Monetary is an amount of money: Amount in the currency's smallest unit
// (cents), usually whole, and Currency as an ISO 4217 code. Source: Centrapay
// docs, data types, "Monetary".
type Monetary struct {
	Amount   BigNumber `json:"amount"`
	Currency string    `json:"currency"`
}

// NewMonetary returns amount smallest units (cents) of currency.
func NewMonetary(amount int64, currency string) Monetary {
	return Monetary{Amount: BigNumberFromInt(amount), Currency: currency}
}

// String prints the amount in smallest units and the currency, as "1250 NZD".
func (m Monetary) String() string { return m.Amount.String() + " " + m.Currency }

// Equal reports whether both are the same amount of the same currency.
func (m Monetary) Equal(other Monetary) bool {
	return m.Currency == other.Currency && m.Amount.Equal(other.Amount)
}
