package pos_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/pos"
)

// hand is somebody at a till who does anything at all, the same for the same seed.
type hand struct {
	rng *rand.Rand
	at  time.Time
}

func newHand(seed uint64) *hand {
	return &hand{rng: rand.New(rand.NewPCG(seed, 6)), at: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)}
}

func anyOf[T any](h *hand, of ...T) T { return of[h.rng.IntN(len(of))] }

func (h *hand) product() pos.Product {
	n := h.rng.IntN(30)
	p := pos.Product{
		SKU: fmt.Sprint("SKU-", n), Name: fmt.Sprint("Product ", n), Unit: pos.UnitEach,
		Price: cents(int64(1 + n*n*n)), TaxRate: dec(anyOf(h, "15", "15", "15.0", "0", "12.5")), Restricted: n%7 == 0,
	}
	if n%5 == 0 {
		p.Unit = pos.UnitKg
	}
	return p
}

func (h *hand) qty() decimal.Decimal {
	if h.rng.IntN(3) == 0 {
		return decimal.New(h.rng.Int64N(5000)-100, -3)
	}
	return decimal.New(h.rng.Int64N(12), 0)
}

func (h *hand) discount() pos.Discount {
	if h.rng.IntN(2) == 0 {
		return pos.PercentOff(decimal.New(h.rng.Int64N(10_500), -2), anyOf(h, "", "damaged"))
	}
	return pos.AmountOff(cents(h.rng.Int64N(900)-20), "")
}

// lineOf is the id of some line, or of none.
func (h *hand) lineOf(b pos.Basket) int {
	if b.IsEmpty() || h.rng.IntN(20) == 0 {
		return h.rng.IntN(50)
	}
	return b.At(h.rng.IntN(b.Len())).ID
}

// change does one thing to a basket, or tries to.
func (h *hand) change(b pos.Basket) (pos.Basket, error) {
	h.at = h.at.Add(time.Duration(h.rng.IntN(20)) * time.Second)
	b = b.As(anyOf(h, "mia", "tama"), h.at)
	var err error
	switch id := h.lineOf(b); h.rng.IntN(20) {
	case 0, 1, 2, 3, 4:
		b, _, err = b.AddProduct(h.product(), h.qty())
	case 5, 6:
		b, _, err = b.AddOpen("Open price", cents(h.rng.Int64N(100_000)-5), h.qty(), dec(anyOf(h, "15", "0")))
	case 7:
		b, _, err = b.AddProduct(h.product(), decimal.New(1, 0))
	case 8:
		b, err = b.SetQty(id, h.qty())
	case 9:
		b, err = b.Remove(id, anyOf(h, "", "changed their mind"))
	case 10, 11:
		b, err = b.DiscountLine(id, h.discount())
	case 12:
		b, err = b.UndiscountLine(id)
	case 13:
		b, err = b.SetPrice(id, cents(h.rng.Int64N(9000)), anyOf(h, "", "price on the shelf"), "ana")
	case 14:
		b, err = b.SetTaxRate(id, dec(anyOf(h, "0", "15", "15.00", "99.999")))
	case 15:
		b, _, err = b.DiscountAll(h.discount())
	case 16:
		if taken := b.Discounts(); len(taken) > 0 {
			b, err = b.UndiscountAll(anyOf(h, taken...).ID)
		}
	case 17:
		b, err = anyOf(h, func() (pos.Basket, error) { return b.NoteLine(id, "no sugar") },
			func() (pos.Basket, error) { return b.NoteSale("gift wrapped") },
			func() (pos.Basket, error) { return b.SetCustomer("C-1042") },
			func() (pos.Basket, error) { return h.rarely(b) })()
	default:
		b, _ = b.Undo()
	}
	return b, err
}

func (h *hand) rarely(b pos.Basket) (pos.Basket, error) {
	if h.rng.IntN(2) == 0 {
		return b.Clear("walked out")
	}
	b, err := b.Hold("")
	if err != nil {
		return b, err
	}
	return b.Recall("till-2")
}

// basket is one that a number of things were done to.
func (h *hand) basket(changes int) pos.Basket {
	b := pos.NewBasketAt(nzd, "till-1")
	for range changes {
		b, _ = h.change(b) // what is refused leaves it as it was, which a test of its own holds
	}
	return b
}
