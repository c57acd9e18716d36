package cli

import (
	"errors"
	"strings"
	"testing"

	"centrapos/pos"
)

var nzd = pos.Currency{Code: "NZD", Decimals: 2}

func TestParseItem(t *testing.T) {
	t.Parallel()
	good := map[string]struct{ name, qty, price, sku string }{
		"Flat white;2;5.50":         {"Flat white", "2", "1100", ""},
		"Flat white;2;5.50;FW-1":    {"Flat white", "2", "1100", "FW-1"},
		" Lamb , leg ; 0.425 ;32.9": {"Lamb , leg", "0.425", "1398", ""},
		"Discount;1;-1.00":          {"Discount", "1", "-100", ""},
		"Bag;1;0":                   {"Bag", "1", "0", ""},
	}
	for text, want := range good {
		got, err := parseItem(text, nzd)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got.Name != want.name || got.Qty.String() != want.qty || got.Price.String() != want.price || got.SKU != want.sku {
			t.Errorf("%q: got %+v", text, got)
		}
	}
	bad := map[string]string{
		"Flat white;2":              pos.CodeInvalidLineItem,
		"Flat white":                pos.CodeInvalidLineItem,
		"a;1;2;3;4":                 pos.CodeInvalidLineItem,
		";1;2":                      pos.CodeInvalidLineItem,
		"a;0;2":                     pos.CodeInvalidLineItem,
		"a;-1;2":                    pos.CodeInvalidLineItem,
		"a;1e9;2":                   pos.CodeInvalidLineItem,
		"a;one;2":                   pos.CodeInvalidLineItem,
		"a;1;":                      pos.CodeInvalidAmount,
		"a;1;2.505":                 pos.CodeInvalidAmount,
		"a;1;1e3":                   pos.CodeInvalidAmount,
		"a;123456789012345678901;2": pos.CodeInvalidLineItem,
	}
	for text, code := range bad {
		_, err := parseItem(text, nzd)
		wantCode(t, text, err, code)
	}
}

func TestReadBasket(t *testing.T) {
	t.Parallel()
	lines, err := readBasket(strings.NewReader(`{"lineItems":[
		{"name":"Coffee Grounds","sku":"GH1234","qty":"1","price":"4195","tax":"15.00","restricted":true,
		 "productId":"9421900000017","discount":199,"classification":{"type":"GS1","code":"10000115"}},
		{"name":"Mug","qty":2.5,"price":-5}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) != 2 || lines[0].Price.String() != "4195" || lines[0].Tax.String() != "15" || !lines[0].Restricted ||
		lines[0].Classification.Code != "10000115" || lines[1].Qty.String() != "2.5" || lines[1].Price.String() != "-5" {
		t.Errorf("got %+v", lines)
	}
	bad := map[string]struct{ text, says string }{
		"nothing":              {``, "too early"},
		"no object":            {`[]`, "line 1"},
		"no lines":             {`{"lineItems":[]}`, "no lineItems"},
		"another field":        {"{\n\"items\":[]}", `unknown field "items"`},
		"another field inside": {`{"lineItems":[{"name":"a","qty":"1","price":"1","colour":"red"}]}`, `"colour"`},
		"no price":             {`{"lineItems":[{"name":"a","qty":"1"}]}`, "has no price"},
		"no number":            {"{\"lineItems\":[\n{\"name\":\"a\",\"qty\":\"two\",\"price\":\"1\"}]}", "two"},
		"wrong type":           {"{\"lineItems\":[\n{\"name\":7,\"qty\":\"1\",\"price\":\"1\"}]}", "line 2"},
		"cut off":              {`{"lineItems":[{"name":"a"`, "too early"},
		"broken":               {"{\n\n\"lineItems\":[}", "line 3"},
		"two documents":        {`{"lineItems":[{"name":"a","qty":"1","price":"1"}]} {}`, "behind the closing brace"},
		"a number too long":    {`{"lineItems":[{"name":"a","qty":"1","price":"1e9999"}]}`, "too long"},
		"a number too fine":    {`{"lineItems":[{"name":"a","qty":"1e-999","price":"1"}]}`, "too long"},
		"very large":           {`{"lineItems":[` + strings.Repeat(" ", maxBasketFile) + `]}`, "1 MiB"},
	}
	for name, c := range bad {
		_, err := readBasket(strings.NewReader(c.text))
		wantCode(t, name, err, pos.CodeInvalidLineItem)
		if err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %q does not say %q", name, err, c.says)
		}
	}
}

func wantCode(t *testing.T, what string, err error, code string) {
	t.Helper()
	var input *pos.InputError
	if !errors.As(err, &input) || input.Code != code {
		t.Errorf("%s: got %v, want %s", what, err, code)
	}
}
