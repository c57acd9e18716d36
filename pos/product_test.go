package pos_test

import (
	"strings"
	"testing"

	"centrapos/pos"
)

const header = "sku,gtin,name,price,tax,unit,restricted,department\n"

func readProducts(t *testing.T, text string) pos.ProductList {
	t.Helper()
	list, err := pos.ReadProducts(strings.NewReader(text), nzd)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestReadProducts(t *testing.T) {
	t.Parallel()
	list := readProducts(t, header+
		"FW,9421900000017,Flat white,5.50,15,each,no,Drinks\n"+
		"LAMB,,\"Lamb, shoulder\",32.90,15,KG,,Meat\n"+
		"GV,,Gift voucher,20,0,,yes,\n")
	if len(list) != 3 || list[1].Name != "Lamb, shoulder" || list[1].Unit != pos.UnitKg || !list[2].Restricted || list[2].Unit != pos.UnitEach {
		t.Errorf("%+v", list)
	}
	if !list[0].Price.Equal(cents(550)) || list[0].GTIN != "9421900000017" || list[0].Department != "Drinks" {
		t.Errorf("%+v", list[0])
	}
	swapped := readProducts(t, " Name ,PRICE,sku,gtin,tax,unit,restricted,department\nTea,4.00,T,,15,each,0,\n")
	if len(swapped) != 1 || swapped[0].Name != "Tea" || swapped[0].SKU != "T" {
		t.Errorf("columns in another order: %+v", swapped)
	}
}

// Spreadsheets put a mark in front of the first column's name.
func TestReadProductsOfASpreadsheet(t *testing.T) {
	t.Parallel()
	for _, first := range []string{"\ufeffsku", "\ufeff\"sku\""} {
		text := first + strings.TrimPrefix(header, "sku") + "T,,Tea,4.00,15,each,,\n"
		if list := readProducts(t, text); len(list) != 1 || list[0].SKU != "T" {
			t.Errorf("%q: %+v", first, list)
		}
	}
}

func TestEveryBadProductIsReported(t *testing.T) {
	t.Parallel()
	list, err := pos.ReadProducts(strings.NewReader(header+
		"A,,No price,,15,each,,\n"+
		"B,,Good,1.00,15,each,,\n"+
		"C,,,1.00,15,each,,\n"+
		"D,,By the litre,1.00,15,l,,\n"+
		"E,,Bad tax,1.00,GST,each,,\n"+
		"F,,Negative tax,1.00,-1,each,,\n"+
		"G,,Maybe,1.00,15,each,maybe,\n"+
		"H,,Too fine,1.005,15,each,,\n"+
		"I,,Short row,1.00\n"+
		"J,,Good too,1.00,15,each,,\n"+
		"K,,Free,0,15,each,,\n"), nzd)
	if err == nil || len(list) != 2 {
		t.Fatalf("%v, %v", list, err)
	}
	for _, want := range []string{"line 2 ", "line 4 ", "line 5 ", "line 6 ", "line 7 ", "line 8 ", "line 9 ", "line 10", "line 12 "} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in:\n%v", want, err)
		}
	}
}

func TestUnreadableProductLists(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty": "", "no price column": "sku,gtin,name\n", "a quote that never ends": header + "\"A,,Tea,4.00,15,each,,\n",
		"a stray quote": header + "A\"B,,Tea,4.00,15,each,,\n",
	} {
		if list, err := pos.ReadProducts(strings.NewReader(text), nzd); err == nil {
			t.Errorf("%s was read as %v", name, list)
		}
	}
}

func TestFindByCode(t *testing.T) {
	t.Parallel()
	list := pos.ProductList{
		{SKU: "FW", GTIN: "9421900000017", Name: "Flat white"},
		{SKU: "0042", Name: "Forty-two"},
		{SKU: "COLA", GTIN: "036000291452", Name: "Cola"},
		{Name: "Nameless code"},
	}
	for code, want := range map[string]string{
		"9421900000017": "Flat white", "fw": "Flat white", " FW ": "Flat white", "0042": "Forty-two", "42": "",
		"036000291452": "Cola", "0036000291452": "Cola", "36000291452": "", "": "", " ": "", "00036000291452": "",
	} {
		p, found, err := list.ByCode(t.Context(), code)
		if err != nil || found != (want != "") || p.Name != want {
			t.Errorf("%q: %q, %v, %v", code, p.Name, found, err)
		}
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	list := pos.ProductList{{Name: "Warm scone"}, {Name: "Scone, cheese"}, {Name: "Cheese scone"}, {Name: "Cheesecake"}, {Name: "Tea"}}
	for words, want := range map[string]string{
		"scone":    "Scone, cheese|Cheese scone|Warm scone",
		"CHE sc":   "Cheese scone|Scone, cheese",
		"cheese s": "Cheese scone|Scone, cheese",
		"one":      "",
		"":         "", "  ": "", "tea pot": "",
	} {
		found, err := list.Search(t.Context(), words, 10)
		var names []string
		for _, p := range found {
			names = append(names, p.Name)
		}
		if got := strings.Join(names, "|"); err != nil || got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
	if found, _ := list.Search(t.Context(), "scone", 2); len(found) != 2 {
		t.Errorf("asked for two, got %d", len(found))
	}
	if found, _ := list.Search(t.Context(), "scone", 0); len(found) != 0 {
		t.Errorf("asked for none, got %d", len(found))
	}
}
