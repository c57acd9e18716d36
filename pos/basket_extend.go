package pos

import "fmt"

// Extend gives the basket with entries behind its own, as ReplayBasket of all would:
// whoever keeps a long basket line by line need not replay it for each. Entries that
// do not fit are an error.
func (b Basket) Extend(entries []BasketEntry) (Basket, error) {
	for _, e := range entries {
		next, err := b.applied(e)
		if err != nil {
			return b, fmt.Errorf("entry %d of a basket, %q: %w", e.N, e.Change.ChangeName(), err)
		}
		b = next
	}
	return b, nil
}
