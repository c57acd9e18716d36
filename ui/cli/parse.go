package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/shopspring/decimal"

	"centrapos/pos"
)

// parseItem reads a line item as --item takes it: NAME;QTY;EACH[;SKU], with EACH
// in whole units (5.50) and negative for a discount.
func parseItem(text string, currency pos.Currency) (pos.LineItem, error) {
	wrong := func(why string) error {
		return &pos.InputError{Code: pos.CodeInvalidLineItem, Problem: fmt.Sprintf("--item %q %s", text, why),
			Remedy: "write it as 'NAME;QTY;EACH' or 'NAME;QTY;EACH;SKU', such as 'Flat white;2;5.50'"}
	}
	parts := strings.Split(text, ";")
	if len(parts) < 3 || len(parts) > 4 {
		return pos.LineItem{}, wrong(fmt.Sprintf("has %d parts", len(parts)))
	}
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	qty, err := plainNumber(parts[1])
	switch {
	case parts[0] == "":
		return pos.LineItem{}, wrong("has no name")
	case err != nil || qty.Sign() <= 0:
		return pos.LineItem{}, wrong("has no quantity above zero")
	}
	each, err := pos.ParseAmount(parts[2], currency)
	if err != nil {
		return pos.LineItem{}, fmt.Errorf("--item %q: %w", text, inCurrency(err, currency))
	}
	item := pos.LineItem{Name: parts[0], Qty: qty, Price: each.Times(qty).Minor()}
	if len(parts) == 4 {
		item.SKU = parts[3]
	}
	return item, nil
}

// maxBasketFile bounds a basket file, in bytes.
const maxBasketFile = 1 << 20

// basketFile is a --basket file: the line items as the API names their fields.
type basketFile struct {
	LineItems []basketLine `json:"lineItems"`
}

// basketLine is a line item whose price may be missing, to tell that from zero.
type basketLine struct {
	pos.LineItem
	Price *decimal.Decimal `json:"price"`
}

// readBasket reads a basket file. A field that means nothing is refused: it
// might be one that was meant to matter.
func readBasket(r io.Reader) ([]pos.LineItem, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBasketFile+1))
	switch {
	case err != nil:
		return nil, badBasket(plainCause(err))
	case len(data) > maxBasketFile:
		return nil, badBasket("it is larger than 1 MiB")
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var file basketFile
	if err := decoder.Decode(&file); err != nil {
		return nil, badBasket(explainJSON(err, data))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, badBasket("something stands behind the closing brace")
	}
	if len(file.LineItems) == 0 {
		return nil, badBasket("it has no lineItems")
	}
	lines := make([]pos.LineItem, 0, len(file.LineItems))
	for i, l := range file.LineItems {
		if l.Price == nil {
			return nil, badBasket(fmt.Sprintf("lineItems[%d] (%q) has no price", i, l.Name))
		}
		l.LineItem.Price = *l.Price
		if tooLong(l.Qty) || tooLong(*l.Price) {
			return nil, badBasket(fmt.Sprintf("lineItems[%d] (%q) has a number that is too long", i, l.Name))
		}
		lines = append(lines, l.LineItem)
	}
	return lines, nil
}

func badBasket(problem string) error {
	return &pos.InputError{Code: pos.CodeInvalidLineItem, Problem: "the basket file cannot be used: " + problem,
		Remedy: `write it as {"lineItems":[{"name":"Flat white","qty":"2","price":"1100"}]}, prices in cents for the whole line`}
}

// explainJSON says where in a file the trouble is.
func explainJSON(err error, data []byte) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	offset := int64(-1)
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends too early"
	}
	text := plainJSON(err)
	if offset < 0 || offset > int64(len(data)) {
		return text
	}
	return fmt.Sprintf("line %d: %s", 1+bytes.Count(data[:offset], []byte("\n")), text)
}

// plainNumber reads a number as people write it. Exponents are refused: they
// make short texts of very long numbers.
func plainNumber(text string) (decimal.Decimal, error) {
	if strings.Trim(text, "0123456789.") != "" || len(text) > 20 {
		return decimal.Zero, fmt.Errorf("%q is no number", text)
	}
	return decimal.NewFromString(text)
}

// tooLong keeps numbers out that no till has: beyond a billion dollars, or with
// more than nine decimals.
func tooLong(d decimal.Decimal) bool {
	return d.Exponent() > 11 || d.Exponent() < -9 || d.Abs().GreaterThan(decimal.New(1, 11))
}
