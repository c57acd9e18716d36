package pos_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"testing"

	"github.com/shopspring/decimal"

	"centrapos/pos"
)

// wireLine is a line item as it is sent, read without any of the till's own sums.
type wireLine struct {
	Name       string `json:"name"`
	Qty        string `json:"qty"`
	Price      string `json:"price"`
	Tax        string `json:"tax"`
	Discount   string `json:"discount"`
	Restricted bool   `json:"restricted"`
}

func ratOf(t *testing.T, text string) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	return r
}

func onTheWire(t *testing.T, items []pos.LineItem) []wireLine {
	t.Helper()
	data, err := json.Marshal(items)
	if err != nil {
		t.Fatal(err)
	}
	var lines []wireLine
	if err := json.Unmarshal(data, &lines); err != nil {
		t.Fatal(err)
	}
	return lines
}

// holdsSumRule holds a request's lines against the documents (Line items guide, rules
// 1 to 3; Payment Requests, Create): each has a name, a quantity and a price in whole
// cents, and the prices add up to the value or, in a partial request, to the basket.
func holdsSumRule(t *testing.T, sale pos.Sale) {
	t.Helper()
	sum := new(big.Rat)
	for _, l := range onTheWire(t, sale.Lines) {
		price := ratOf(t, l.Price)
		if l.Name == "" || ratOf(t, l.Qty).Sign() <= 0 || !price.IsInt() {
			t.Fatalf("the service would refuse %+v", l)
		}
		sum.Add(sum, price)
	}
	value := ratOf(t, sale.Amount.Minor().String())
	fits := sum.Cmp(value) == 0
	if sale.Partial {
		basket := ratOf(t, sale.Basket.Minor().String())
		fits = sum.Cmp(basket) == 0 && basket.Cmp(value) >= 0 && basket.Cmp(big.NewRat(100_000_000, 1)) < 0
	}
	if !fits || value.Sign() <= 0 || value.Cmp(big.NewRat(100_000_000, 1)) >= 0 {
		t.Fatalf("the lines add up to %s for a value of %s, basket %s: %+v", sum, value, sale.Basket, sale.Lines)
	}
}

// holdsPriceFormula: price = unit price x quantity - discounts + tax, with the unit
// price and the discount without tax, to what rounding each once can move.
func holdsPriceFormula(t *testing.T, b pos.Basket) {
	t.Helper()
	for i, l := range onTheWire(t, b.LineItems()[:b.Len()]) {
		line := b.At(i)
		rate := new(big.Rat).Quo(ratOf(t, l.Tax), big.NewRat(100, 1))
		withTax := new(big.Rat).Add(big.NewRat(1, 1), rate)
		unit := new(big.Rat).Quo(ratOf(t, line.Each.Minor().String()), withTax)
		net := new(big.Rat).Mul(unit, ratOf(t, l.Qty))
		if l.Discount != "" {
			net.Sub(net, ratOf(t, l.Discount))
		}
		off := new(big.Rat).Sub(net.Mul(net, withTax), ratOf(t, l.Price))
		if off.Abs(off).Cmp(big.NewRat(11, 10)) > 0 {
			t.Fatalf("the price of %+v is %s cents off the documents' formula", l, off.FloatString(3))
		}
	}
}

// The tax that the service, or an inspector, works out of the lines is the receipt's.
func holdsTaxOfLines(t *testing.T, b pos.Basket) {
	t.Helper()
	byRate := map[string]*big.Rat{}
	for _, l := range onTheWire(t, b.LineItems()) {
		rate := ratOf(t, l.Tax).RatString()
		if byRate[rate] == nil {
			byRate[rate] = new(big.Rat)
		}
		byRate[rate].Add(byRate[rate], ratOf(t, l.Price))
	}
	total := cents(0)
	for _, s := range b.Taxes() {
		rate := ratOf(t, s.Rate.String()).RatString()
		if byRate[rate] == nil || byRate[rate].Cmp(ratOf(t, s.Inclusive.Minor().String())) != 0 || s.Inclusive.Sign() < 0 {
			t.Fatalf("at %s %% the lines come to %v, the basket to %s", s.Rate, byRate[rate], s.Inclusive)
		}
		total = total.Add(s.Tax)
	}
	if !total.Equal(b.Tax()) {
		t.Fatalf("tax %s, by rates %s", b.Tax(), total)
	}
}

// Whatever is rung up, taken off, discounted, paid in part and asked for in whichever
// way: what is sent adds up as the documents want it.
func TestEveryRandomBasketAddsUp(t *testing.T) {
	t.Parallel()
	sent, parts, discounted := 0, 0, 0
	for seed := range uint64(12_000) {
		h := newHand(seed)
		b := h.basket(h.rng.IntN(25) + 1)
		holdsPriceFormula(t, b)
		holdsTaxOfLines(t, b)
		if total := pos.SumOfLines(b.LineItems(), nzd); !total.Equal(b.Total()) || total.Sign() < 0 {
			t.Fatalf("seed %d: the lines add up to %s, the basket to %s", seed, total, b.Total())
		}
		if b.Total().Sign() == 0 {
			continue
		}
		discounted += min(1, len(b.Discounts()))
		for range 3 {
			left := b.Tendering(pos.CashRounding{}).Left
			if left.Sign() == 0 {
				break
			}
			amount := anyOf(h, left, cents(1+h.rng.Int64N(left.Minor().IntPart())))
			sale, err := b.SaleOf(amount, h.rng.IntN(2) == 0)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			sale.ExternalRef, sale.Expiry = "R", pos.DefaultExpiry
			if err := sale.Check(); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			holdsSumRule(t, sale)
			sent++
			if b = h.pays(t, b, sale); len(sale.Lines) != len(b.LineItems()) || sale.Partial {
				parts++
			}
		}
	}
	if sent < 12_000 || parts < 3000 || discounted < 2000 {
		t.Errorf("only %d requests, %d of parts, %d baskets with a discount were tried", sent, parts, discounted)
	}
}

// pays lets some of what was asked for be paid: lines by a token as far as that goes,
// the rest by money.
func (h *hand) pays(t *testing.T, b pos.Basket, sale pos.Sale) pos.Basket {
	t.Helper()
	ref := fmt.Sprint("R", b.Entries())
	b, err := b.AskPayment(ref, sale.Amount)
	if err != nil {
		t.Fatal(err)
	}
	left := sale.Amount
	token := pos.Tender{AssetType: "centrapay.token.test", Total: cents(0)}
	for _, item := range sale.Lines {
		price := pos.NewMoney(item.Price, nzd)
		if h.rng.IntN(3) == 0 && item.Price.IsPositive() && item.Tax != nil && price.Cmp(left) <= 0 {
			token.Lines = append(token.Lines, item)
			token.Total, left = token.Total.Add(price), left.Sub(price)
		}
	}
	paid := pos.Request{Value: sale.Amount, Status: pos.StatusPaid}
	if token.Total.Sign() > 0 {
		paid.PaidBy = append(paid.PaidBy, token)
	}
	if money := cents(h.rng.Int64N(left.Minor().IntPart() + 1)); money.Sign() > 0 {
		paid.PaidBy = append(paid.PaidBy, pos.Tender{AssetType: "centrapay.nzd.test", Total: money})
	}
	if len(paid.PaidBy) == 0 {
		b, err = b.EndPayment(ref, pos.OutcomeExpired)
	} else {
		b, err = b.TakePaid(ref, paid)
	}
	if err != nil {
		t.Fatal(err)
	}
	locked := 0
	for _, l := range b.All() {
		if l.Locked {
			locked++
		}
	}
	if locked < len(token.Lines) {
		t.Fatalf("a token bought %d lines and %d are locked", len(token.Lines), locked)
	}
	return b
}

func TestAPartIsAskedForWithLinesThatAddUp(t *testing.T) {
	t.Parallel()
	b, _ := ring(t, pos.NewBasket(nzd), flatWhite, "2")
	b, _ = ring(t, b, voucher, "1")
	whole, err := b.SaleOf(cents(3100), false)
	if err != nil || len(whole.Lines) != 2 || whole.Partial {
		t.Errorf("all of it: %+v, %v", whole, err)
	}
	part, err := b.SaleOf(cents(1000), true)
	if err != nil || !part.Partial || !part.Basket.Equal(cents(3100)) || len(part.Lines) != 2 {
		t.Errorf("a part, where the customer may pay less: %+v, %v", part, err)
	}
	strict, err := b.SaleOf(cents(1000), false)
	if err != nil || strict.Partial || len(strict.Lines) != 3 || strict.Lines[2].Name != "Paid otherwise" ||
		!strict.Lines[2].Price.Equal(decimal.NewFromInt(-2100)) || strict.Lines[2].Tax != nil {
		t.Errorf("a part and no less: %+v, %v", strict, err)
	}
	for name, refused := range map[string]struct {
		amount pos.Money
		code   string
	}{
		"more than it costs": {cents(3101), pos.CodeInvalidTender},
		"nothing":            {cents(0), pos.CodeInvalidAmount},
		"other money":        {pos.NewMoney(dec("100"), pos.Currency{Code: "AUD", Decimals: 2}), pos.CodeInvalidCurrency},
	} {
		if _, err := b.SaleOf(refused.amount, true); code(err) != refused.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestABasketDiscountIsALineOfEachRate(t *testing.T) {
	t.Parallel()
	b, _ := ring(t, pos.NewBasket(nzd), flatWhite, "2") // 11.00 at 15 %
	b, _ = ring(t, b, voucher, "1")                     // 20.00 at 0 %, restricted
	b, id, err := b.DiscountAll(pos.PercentOff(dec("10"), "regular"))
	if err != nil {
		t.Fatal(err)
	}
	items := b.LineItems()
	if len(items) != 4 || !items[2].Price.Equal(dec("-110")) || !items[2].Tax.Equal(dec("15")) || items[2].Restricted ||
		!items[3].Price.Equal(dec("-200")) || !items[3].Tax.IsZero() || !items[3].Restricted || items[3].Name != "Discount 10 %" {
		t.Errorf("%+v", items)
	}
	if !b.Total().Equal(cents(2790)) || !b.Subtotal().Equal(cents(3100)) || !b.Tax().Equal(pos.TaxIncluded(cents(990), dec("15"))) {
		t.Errorf("%s of %s, tax %s", b.Total(), b.Subtotal(), b.Tax())
	}
	b, _, err = b.DiscountAll(pos.AmountOff(cents(1000), ""))
	if err != nil || !b.Total().Equal(cents(1790)) {
		t.Errorf("and 10.00 off: %s, %v", b.Total(), err)
	}
	b, err = b.UndiscountAll(id)
	if err != nil || !b.Total().Equal(cents(2100)) || len(b.Discounts()) != 1 {
		t.Errorf("the first one taken away: %s, %v", b.Total(), err)
	}
	if b, err = b.Remove(2, ""); err != nil || !b.Total().Equal(cents(100)) {
		t.Errorf("the voucher taken off: %s, %v", b.Total(), err)
	}
	if b, err = b.SetQty(1, dec("1")); err != nil || b.Total().Sign() != 0 || !b.Discounts()[0].Amount.Equal(cents(550)) {
		t.Errorf("a discount of more than there is: %s, %v", b.Total(), err)
	}
}
