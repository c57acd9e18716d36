package pos_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/pos"
)

// longBasket is a basket of so many lines.
func longBasket(tb testing.TB, lines int) pos.Basket {
	tb.Helper()
	b := pos.NewBasketAt(nzd, "till-1")
	for i := range lines {
		p := pos.Product{SKU: fmt.Sprint("SKU-", i), Name: fmt.Sprint("Product number ", i), Unit: pos.UnitEach, Price: cents(int64(100 + i)), TaxRate: dec("15")}
		var err error
		if b, _, err = b.AddProduct(p, decimal.NewFromInt(int64(1+i%9))); err != nil {
			tb.Fatal(err)
		}
	}
	b, _, err := b.DiscountAll(pos.PercentOff(dec("5"), ""))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// basketDeeds are what is done to a basket most, each with the totals that are shown
// after it.
var basketDeeds = map[string]func(pos.Basket) (pos.Basket, error){
	"AddNew": func(b pos.Basket) (pos.Basket, error) {
		b, _, err := b.AddProduct(lamb, dec("0.425"))
		return b, err
	},
	"AddToLine": func(b pos.Basket) (pos.Basket, error) {
		l := b.At(b.Len() - 1)
		b, _, err := b.AddProduct(pos.Product{SKU: l.SKU, Name: l.Name, Unit: l.Unit, Price: l.Each, TaxRate: l.TaxRate}, dec("1"))
		return b, err
	},
	"SetQty": func(b pos.Basket) (pos.Basket, error) { return b.SetQty(b.At(b.Len()/2).ID, dec("3")) },
	"Remove": func(b pos.Basket) (pos.Basket, error) { return b.Remove(b.At(b.Len()/2).ID, "") },
	"Reduce": func(b pos.Basket) (pos.Basket, error) {
		return b.DiscountLine(b.At(b.Len()/2).ID, pos.PercentOff(dec("10"), ""))
	},
	"AndUndo": func(b pos.Basket) (pos.Basket, error) {
		b, err := b.Remove(b.At(0).ID, "")
		b, _ = b.Undo()
		return b, err
	},
}

func BenchmarkBasket(b *testing.B) {
	for _, lines := range []int{10, 1000} {
		long := longBasket(b, lines)
		for name, deed := range basketDeeds {
			b.Run(fmt.Sprintf("%s/%d", name, lines), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					next, err := deed(long)
					if err != nil || next.Total().Sign() <= 0 || next.Tax().Sign() <= 0 {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(fmt.Sprintf("Totals/%d", lines), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if long.Total().Sign() <= 0 || long.Tax().Sign() <= 0 || long.Items().Sign() <= 0 {
					b.Fatal("nothing")
				}
			}
		})
		b.Run(fmt.Sprintf("Replay/%d", lines), func(b *testing.B) {
			entries := long.EntriesSince(0)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := pos.ReplayBasket(entries); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A change of a basket of 1,000 lines, with its totals, takes well under 100 µs. The
// limit is that of a slow machine with everything else running, so that only a mistake
// breaks it.
func TestALongBasketIsQuick(t *testing.T) {
	long := longBasket(t, 1000)
	const rounds, limit = 200, time.Millisecond
	for name, deed := range basketDeeds {
		began := time.Now()
		for range rounds {
			next, err := deed(long)
			if err != nil || next.Total().Sign() <= 0 {
				t.Fatal(err)
			}
		}
		if took := time.Since(began) / rounds; took > limit {
			t.Errorf("%s of 1,000 lines takes %v, want under %v", name, took, limit)
		}
	}
}
