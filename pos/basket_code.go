package pos

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// EncodeChange writes a change's content as the JSON the record stores. The same
// change always gives the same bytes.
func EncodeChange(c Change) ([]byte, error) {
	data, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("write the change %q: %w", c.ChangeName(), err)
	}
	return data, nil
}

// DecodeChange reads a change back from its name and what EncodeChange wrote. A name
// this version does not know is an error: guessing would change what happened.
func DecodeChange(name string, data []byte) (Change, error) {
	decode, known := changeDecoders[name]
	if !known {
		return nil, fmt.Errorf("the record holds a change %q of a basket that this version of the till does not know", name)
	}
	return decode(name, data)
}

// Same reports whether two entries say the same in every part.
func (e BasketEntry) Same(o BasketEntry) bool {
	if e.N != o.N || e.By != o.By || !e.At.Equal(o.At) || e.Change.ChangeName() != o.Change.ChangeName() {
		return false
	}
	mine, err := EncodeChange(e.Change)
	theirs, otherErr := EncodeChange(o.Change)
	return err == nil && otherErr == nil && bytes.Equal(mine, theirs)
}

var changeDecoders = map[string]func(string, []byte) (Change, error){
	BasketStarted{}.ChangeName():         changeAs[BasketStarted],
	LineAdded{}.ChangeName():             changeAs[LineAdded],
	QtySet{}.ChangeName():                changeAs[QtySet],
	LineRemoved{}.ChangeName():           changeAs[LineRemoved],
	BasketCleared{}.ChangeName():         changeAs[BasketCleared],
	LineDiscounted{}.ChangeName():        changeAs[LineDiscounted],
	PriceSet{}.ChangeName():              changeAs[PriceSet],
	TaxRateSet{}.ChangeName():            changeAs[TaxRateSet],
	LineNoted{}.ChangeName():             changeAs[LineNoted],
	BasketDiscounted{}.ChangeName():      changeAs[BasketDiscounted],
	BasketDiscountRemoved{}.ChangeName(): changeAs[BasketDiscountRemoved],
	SaleNoted{}.ChangeName():             changeAs[SaleNoted],
	CustomerSet{}.ChangeName():           changeAs[CustomerSet],
	Undone{}.ChangeName():                changeAs[Undone],
	BasketHeld{}.ChangeName():            changeAs[BasketHeld],
	BasketRecalled{}.ChangeName():        changeAs[BasketRecalled],
	BasketDiscarded{}.ChangeName():       changeAs[BasketDiscarded],
	PaymentAsked{}.ChangeName():          changeAs[PaymentAsked],
	PaymentEnded{}.ChangeName():          changeAs[PaymentEnded],
	Tendered{}.ChangeName():              changeAs[Tendered],
	TenderReturned{}.ChangeName():        changeAs[TenderReturned],
	BasketSold{}.ChangeName():            changeAs[BasketSold],
}

func changeAs[C Change](name string, data []byte) (Change, error) {
	var c C
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, fmt.Errorf("read the change %q of a basket: %w", name, err)
	}
	return c, nil
}
