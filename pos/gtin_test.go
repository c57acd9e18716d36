package pos_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"centrapos/pos"
)

func TestGTINs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"9421900000012": true, "036000291452": true, "96385074": true, "10614141000415": true, "0036000291452": true,
		"9421900000017": false, "942190000001": false, "": false, "12345": false, "94219000000a7": false, "９４２１９０００００１７": false,
		"00000000": true,
	} {
		if got := pos.ValidGTIN(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	for _, pair := range [][2]string{{"036000291452", "0036000291452"}, {"0036000291452", "036000291452"}, {"96385074", "96385074"}, {"", ""}} {
		if !pos.SameGTIN(pair[0], pair[1]) {
			t.Errorf("%q is not %q", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{{"36000291452", "036000291452"}, {"00036000291452", "0036000291452"}, {"096385074", "96385074"}, {"ABCDEFGHIJKL", "0ABCDEFGHIJKL"}} {
		if pos.SameGTIN(pair[0], pair[1]) {
			t.Errorf("%q is taken for %q", pair[0], pair[1])
		}
	}
}

// Any one wrong digit is found, and there is one right check digit.
func TestCheckDigitsFindOneWrongDigit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringMatching(`[0-9]{12}`).Draw(t, "body")
		digit, ok := pos.GTINCheckDigit(body)
		code := body + string(digit)
		if !ok || !pos.ValidGTIN(code) {
			t.Fatalf("%s is not valid", code)
		}
		i := rapid.IntRange(0, 12).Draw(t, "place")
		wrong := code[:i] + string('0'+(code[i]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10) + code[i+1:]
		if pos.ValidGTIN(wrong) {
			t.Fatalf("%s for %s is not noticed", wrong, code)
		}
	})
}

func TestCustomerCodesAreRecognised(t *testing.T) {
	t.Parallel()
	codes := pos.CustomerCodes{Prefixes: []string{"121921", "999000", ""}}
	for text, want := range map[string]struct {
		code string
		kind pos.CustomerCodeKind
	}{
		"1219210961929460":     {"1219210961929460", pos.CustomerCode},
		"1219 2109 6192 9460 ": {"1219210961929460", pos.CustomerCode},
		"1219210961929461":     {"1219210961929461", pos.CustomerCodeMisread},
		"9990001234567895":     {"9990001234567895", pos.CustomerCodeMisread}, // the documents' own
		"4000000000000002":     {"4000000000000002", pos.NotCustomerCode},     // a card's number
		"121921096192946":      {"121921096192946", pos.NotCustomerCode},
		"9421900000017":        {"9421900000017", pos.NotCustomerCode},
		"12192109619294AB":     {"12192109619294AB", pos.NotCustomerCode},
		"":                     {"", pos.NotCustomerCode},
	} {
		if code, kind := codes.Recognise(text); code != want.code || kind != want.kind {
			t.Errorf("%q: %q, %v", text, code, kind)
		}
	}
	if _, kind := (pos.CustomerCodes{}).Recognise("1219210961929460"); kind != pos.NotCustomerCode {
		t.Error("a code was recognised without any prefix to know it by")
	}
	if pos.LuhnValid("") || pos.LuhnValid("79927398710") || !pos.LuhnValid("79927398713") {
		t.Error("the Luhn digit is worked out wrongly")
	}
}

func TestPriceAndWeightInABarcode(t *testing.T) {
	t.Parallel()
	forms := []pos.EmbeddedForm{
		{Prefix: "02", ItemDigits: 5},
		{Prefix: "21", ItemDigits: 5, Weight: true, Decimals: 3},
		{Prefix: "22", ItemDigits: 4, ValueCheck: true},
		{Prefix: "23", ItemDigits: 5, ValueCheck: true},
		{Prefix: "2", ItemDigits: 6},
		{Prefix: "29", ItemDigits: 11}, // leaves nothing for a value, so it is none
	}
	check := func(body string) string {
		digit, _ := pos.GTINCheckDigit(body)
		return body + string(digit)
	}
	for name, c := range map[string]struct {
		code          string
		item, lookup  string
		price, weight string
		refused       bool
	}{
		"a price":                   {code: check("021234501398"), item: "12345", lookup: check("021234500000"), price: "1398"},
		"of an UPC-A":               {code: check("021234501398")[1:], item: "12345", lookup: check("021234500000"), price: "1398"},
		"one digit of prefix":       {code: check("200123400550"), item: "001234", lookup: check("200123400000"), price: "550"},
		"a weight":                  {code: check("210001200425"), item: "00012", lookup: check("210001200000"), weight: "0.425"},
		"a checked price":           {code: check("220042" + "6" + "14685"), item: "0042", lookup: check("220042000000"), price: "14685"},
		"a checked price of four":   {code: check("2300042" + "9" + "2875"), item: "00042", lookup: check("230004200000"), price: "2875"},
		"a price misread":           {code: check("220042" + "7" + "14685"), refused: true},
		"a barcode misread":         {code: "0212345013980", refused: check("021234501398") != "0212345013980"},
		"nothing in it":             {code: check("021234500000"), refused: true},
		"no form that fits is used": {code: check("290123400550"), item: "901234", lookup: check("290123400000"), price: "550"},
	} {
		e, found, err := pos.ParseEmbedded(c.code, forms, nzd)
		if c.refused {
			if !found || code(err) != pos.CodeInvalidBarcode {
				t.Errorf("%s: %+v, %v", name, e, err)
			}
			continue
		}
		price, weight := "", ""
		if e.Price.IsKnown() {
			price = e.Price.Minor().String()
		}
		if e.Weight.Sign() > 0 {
			weight = e.Weight.String()
		}
		if !found || err != nil || e.Item != c.item || e.Lookup != c.lookup || price != c.price || weight != c.weight || !pos.ValidGTIN(e.Lookup) {
			t.Errorf("%s: %+v, %v, %v", name, e, found, err)
		}
	}
	for _, other := range []string{"9421900000017", "96385074", "", "02", "0212345013a80", strings.Repeat("2", 14)} {
		if e, found, err := pos.ParseEmbedded(other, forms, nzd); found || err != nil {
			t.Errorf("%q was read as %+v, %v", other, e, err)
		}
	}
	if e, found, err := pos.ParseEmbedded(check("250123400550"), pos.DefaultEmbeddedForms(), nzd); !found || err != nil || !e.Price.Equal(cents(550)) {
		t.Errorf("with the usual forms: %+v, %v, %v", e, found, err)
	}
}

// A pack with its price in the barcode costs what is printed on it.
func TestPacksWithPricesAreRungUp(t *testing.T) {
	t.Parallel()
	b, id, err := pos.NewBasket(nzd).AddEmbedded(lamb, pos.Embedded{Price: cents(1399)})
	if err != nil || !b.Total().Equal(cents(1399)) {
		t.Fatalf("%s, %v", b.Total(), err)
	}
	if b, again, err := b.AddEmbedded(lamb, pos.Embedded{Price: cents(1399)}); err != nil || again != id || !b.Total().Equal(cents(2798)) {
		t.Errorf("another of the same: %s, %v", b.Total(), err)
	}
	b, _, err = b.AddEmbedded(lamb, pos.Embedded{Weight: dec("0.425")})
	if err != nil || !b.Total().Equal(cents(1399+1398)) || b.At(1).QtyText() != "0.425 kg" {
		t.Errorf("by its weight: %s, %v", b.Total(), err)
	}
	if _, _, err := b.AddEmbedded(flatWhite, pos.Embedded{Weight: dec("0.425")}); code(err) != pos.CodeInvalidQuantity {
		t.Errorf("0.425 kg of what is sold by the piece: %v", err)
	}
}

func FuzzParseEmbedded(f *testing.F) {
	f.Add("0212345013985", "02", 5, true, false)
	f.Add("2100012004251", "21", 5, false, true)
	f.Fuzz(func(t *testing.T, text, prefix string, item int, valueCheck, weight bool) {
		forms := append(pos.DefaultEmbeddedForms(), pos.EmbeddedForm{Prefix: prefix, ItemDigits: item, ValueCheck: valueCheck, Weight: weight, Decimals: 3})
		e, found, err := pos.ParseEmbedded(text, forms, nzd)
		if !found && err != nil || err == nil && found && (e.Item == "" || e.Price.Sign() <= 0 && e.Weight.Sign() <= 0 || !pos.ValidGTIN(e.Lookup)) {
			t.Errorf("%q: %+v, %v, %v", text, e, found, err)
		}
		if err != nil && code(err) != pos.CodeInvalidBarcode {
			t.Errorf("%q: %v", text, err)
		}
	})
}
