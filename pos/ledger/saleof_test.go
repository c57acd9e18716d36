package ledger_test

import (
	"testing"

	"centrapos/pos"
)

// TestSaleOf: a payment request belongs to one sale, by which a reference that
// was chosen twice is told apart.
func TestSaleOf(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	paidSale(t, "op1").append(t, l, 0)
	for requestID, want := range map[string]pos.OpID{"req-op1": "op1", "req-op2": "", "": ""} {
		if op, err := l.SaleOf(t.Context(), requestID); err != nil || op != want {
			t.Errorf("sale of %q: %q, %v, want %q", requestID, op, err, want)
		}
	}
}
