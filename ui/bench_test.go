package ui

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/pos"
)

// longSale is a model with so many lines in its basket.
func longSale(tb testing.TB, lines int) model {
	tb.Helper()
	m, _ := fixed(tb)
	b := m.sale.basket
	for i := range lines {
		var err error
		b, _, err = b.AddProduct(pos.Product{
			SKU: fmt.Sprint(i), Name: fmt.Sprintf("Product number %d", i), Unit: pos.UnitEach, Price: cents(int64(100 + i)), TaxRate: dec("15"),
		}, decimal.NewFromInt(int64(1+i%9)))
		if err != nil {
			tb.Fatal(err)
		}
	}
	m.sale = m.sale.withBasket(b)
	return m.sized(120, 40)
}

// keyToFrame is one key to one new frame.
func keyToFrame(b *testing.B, lines int, names ...string) {
	m := longSale(b, lines)
	keys := make([]keyTyped, len(names))
	for i, name := range names {
		keys[i] = keyTyped{key: keyMsg(name), at: noon, first: true}
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		next, _ := m.typed(keys[i%len(keys)])
		if len(next.View()) == 0 {
			b.Fatal("nothing was drawn")
		}
		m, i = next, i+1
	}
}

func BenchmarkKeyToFrame200Lines(b *testing.B)  { keyToFrame(b, 200, "up", "down", "1", "esc") }
func BenchmarkKeyToFrame1000Lines(b *testing.B) { keyToFrame(b, 1000, "up", "down", "1", "esc") }

// A key while a search has found something: what it comes to is worked out anew.
func BenchmarkTypingToFrame1000Lines(b *testing.B) {
	m := longSale(b, 1000)
	m.sale.line = m.sale.line.with("3*product")
	m.sale.hunt.done, m.sale.hunt.reply = true, found{text: "product", products: []pos.Product{
		{SKU: "999", Name: "Product number 999", Unit: pos.UnitEach, Price: cents(1099), TaxRate: dec("15")},
	}}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		m, _ = m.typed(keyTyped{key: keyMsg([]string{"left", "right"}[i%2]), at: noon, first: true})
		if len(m.View()) == 0 {
			b.Fatal("nothing was drawn")
		}
	}
}

// A scan into a long basket, once the product is known.
func BenchmarkScanToFrame1000Lines(b *testing.B) {
	m := longSale(b, 1000)
	p := pos.Product{SKU: "999", Name: "Product number 999", Unit: pos.UnitEach, Price: cents(1099), TaxRate: dec("15")}
	e := m.look.grammar.parseEntry("999", true)
	b.ReportAllocs()
	for b.Loop() {
		next := m
		o := next.sale.outcome(e, &found{text: "999", exact: true, products: []pos.Product{p}}, 0)
		next.sale, _ = next.sale.done(o)
		if len(next.View()) == 0 {
			b.Fatal("nothing was drawn")
		}
	}
}

// A key that changes the basket also adds it up again.
func BenchmarkQuantityToFrame200Lines(b *testing.B)  { keyToFrame(b, 200, "+", "-") }
func BenchmarkQuantityToFrame1000Lines(b *testing.B) { keyToFrame(b, 1000, "+", "-") }

func BenchmarkPaymentFrame(b *testing.B) {
	m, _ := fixed(b)
	p, drawn := newPay(m.look, 1, pos.Sale{}).changed(tell(noon, cents(3440)).created().snapshot())
	p.code = drawn().(codeDrawn)
	m = m.payFront(p)
	b.ReportAllocs()
	for b.Loop() {
		m.now = m.now.Add(tickEvery)
		if len(m.View()) == 0 {
			b.Fatal("nothing was drawn")
		}
	}
}

// A key is answered in well under a frame, however long the basket. The limit is
// ten times what it takes on a slow machine, so that only a mistake breaks it.
func TestKeysAreQuick(t *testing.T) {
	m := longSale(t, 1000)
	const rounds, limit = 20, 20 * time.Millisecond
	began := time.Now()
	for i := range rounds {
		m, _ = m.typed(keyTyped{key: keyMsg([]string{"up", "+", "1", "esc"}[i%4]), at: noon, first: true})
		_ = m.View()
	}
	if took := time.Since(began) / rounds; took > limit {
		t.Errorf("a key in a basket of 1,000 lines takes %v, want under %v", took, limit)
	}
}
