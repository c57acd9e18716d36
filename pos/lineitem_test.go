package pos_test

import (
	"encoding/json"
	"os"
	"testing"

	"centrapos/pos"
)

// What sales, payments and refunds said of their lines in the ledgers of November 2026
// is read by every later version, and written in the same words.
func TestLinesInOldLedgersStayReadable(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/lines-2026-11.json")
	if err != nil {
		t.Fatal(err)
	}
	var facts []struct {
		Name string          `json:"name"`
		Body json.RawMessage `json:"body"`
	}
	if err := json.Unmarshal(data, &facts); err != nil || len(facts) != 4 {
		t.Fatalf("%d facts, %v", len(facts), err)
	}
	read := make([]pos.Fact, len(facts))
	for i, f := range facts {
		if read[i], err = pos.DecodeFact(f.Name, f.Body); err != nil {
			t.Fatal(err)
		}
		if again, err := pos.EncodeFact(read[i]); err != nil || !sameJSON(t, again, f.Body) {
			t.Errorf("%s\nis written as\n%s", f.Body, again)
		}
	}
	sale, ok := read[0].(pos.Opened)
	if !ok || len(sale.Sale.Lines) != 3 {
		t.Fatalf("%+v", read[0])
	}
	mug := sale.Sale.Lines[1]
	if !mug.Restricted || !mug.Discount.Equal(dec("199")) || !mug.Tax.Equal(dec("15")) || mug.Classification.Props["20001479"] != "30008960" {
		t.Errorf("%+v", mug)
	}
	if err := sale.Sale.Check(); err != nil {
		t.Error(err)
	}
	refund, ok := read[2].(pos.Opened)
	if !ok {
		t.Fatalf("%+v", read[2])
	}
	back := pos.ReturnsOf(sale.Sale.Lines, sale.Sale.Amount, []pos.Refund{*refund.Refund})
	if !back.Left.Equal(cents(3894)) || back.Lines[0].QtyLeft().Sign() != 0 || len(back.Lines) != 2 {
		t.Errorf("%+v", back)
	}
}

func FuzzLineItem(f *testing.F) {
	f.Add(`{"name":"Mug","qty":"2","price":"1995","tax":"15.00","discount":"199"}`)
	f.Fuzz(func(t *testing.T, text string) {
		var l pos.LineItem
		if json.Unmarshal([]byte(text), &l) != nil || exponent.MatchString(text) {
			return
		}
		data, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		var again pos.LineItem
		if err := json.Unmarshal(data, &again); err != nil || !again.Price.Equal(l.Price) || !again.Qty.Equal(l.Qty) || again.Name != l.Name {
			t.Errorf("%s was read back as %+v, %v", data, again, err)
		}
	})
}
