package api

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func ExampleRecognizeBarcode() {
	for _, scanned := range []string{"1219 2109 6192 9460\r\n", "9990001234567895", "503901342", "PAYID-MX2"} {
		b := RecognizeBarcode(scanned)
		fmt.Printf("%s: %s. %s\n", b.Code, b.Kind, b.Kind.Advice())
	}
	// Output:
	// 1219210961929460: patron code. Charge it.
	// 9990001234567895: patron code with a wrong check digit. Scan it again. If it reads the same, charge it.
	// 503901342: partner card. Charge it.
	// PAYID-MX2: unknown code. Let Centrapay check it.
}

// publishedPrefixes is the list of the documents, apart from the one in the
// code.
var publishedPrefixes = strings.Fields(`121921 123000 282828 293000 321000 321123 636863 713131
	765432 777000 839234 848484 888444 929394 987600 999000`)

func TestRecognizeBarcode(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		code Text
		kind BarcodeKind
	}{
		"the sample of 2023":                 {"1219210961929460", "1219210961929460", BarcodePatronCode},
		"today's sample, wrong by Luhn":      {"9990001234567895", "9990001234567895", BarcodeMisread},
		"the sample as it should be":         {"9990001234567890", "9990001234567890", BarcodePatronCode},
		"a line end":                         {"1219210961929460\r\n", "1219210961929460", BarcodePatronCode},
		"a group separator, a mark":          {"\x1d\ufeff1219210961929460\x00", "1219210961929460", BarcodePatronCode},
		"typed in groups":                    {" 1219 2109 6192 9460 ", "1219210961929460", BarcodePatronCode},
		"an unpublished prefix":              {"1111110961929460", "1111110961929460", BarcodeUnknown},
		"a payment card":                     {"4111111111111111", "4111111111111111", BarcodeUnknown},
		"15 digits":                          {"121921096192946", "121921096192946", BarcodeUnknown},
		"17 digits":                          {"12192109619294600", "12192109619294600", BarcodeUnknown},
		"other digits":                       {"１２１９２１０９６１９２９４６０", "１２１９２１０９６１９２９４６０", BarcodeUnknown},
		"a letter among them":                {"12192109619294G0", "12192109619294G0", BarcodeUnknown},
		"a Farmlands card":                   {"424242424", "424242424", BarcodePartnerCard},
		"one with leading zeros":             {"000901342", "000901342", BarcodePartnerCard},
		"eight digits":                       {"42424242", "42424242", BarcodeUnknown},
		"a Ticketek ticket":                  {"0f8fad5bd9cb469fa16570867728950ea", "0f8fad5bd9cb469fa16570867728950ea", BarcodeUnknown},
		"groups of an unknown code":          {"PAY 12 34", "PAY 12 34", BarcodeUnknown},
		"groups of a number of no kind":      {"12 34", "12 34", BarcodeUnknown},
		"a product":                          {"9400547002078", "9400547002078", BarcodeUnknown},
		"nothing":                            {"", "", BarcodeBlank},
		"a line end alone":                   {" \r\n", "", BarcodeBlank},
		"text that is no UTF-8":              {"\xff\xfe", "\xff\xfe", BarcodeUnknown},
		"digits after text that is no UTF-8": {"\xff121921096192946", "\xff121921096192946", BarcodeUnknown},
	}
	for name, tt := range tests {
		got := RecognizeBarcode(tt.text)
		if got.Code != tt.code || got.Kind != tt.kind {
			t.Errorf("%s: got %q %s, want %q %s", name, got.Code, got.Kind, tt.code, tt.kind)
		}
	}
}

func TestEveryPublishedPrefixIsKnown(t *testing.T) {
	t.Parallel()
	for _, prefix := range publishedPrefixes {
		if got := RecognizeBarcode(withCheckDigit(prefix + "123456789")); got.Kind != BarcodePatronCode {
			t.Errorf("%s: got %s", prefix, got.Kind)
		}
	}
	known := 0
	for n := range 1_000_000 {
		if isPatronPrefix(fmt.Sprintf("%06d", n)) {
			known++
		}
	}
	equal(t, "prefixes known", known, len(publishedPrefixes))
}

// One wrong digit, or two neighbours swapped, is what scanners and people do.
func TestMisreadPatronCodesAreNoticed(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		prefix := publishedPrefixes[random.IntN(len(publishedPrefixes))]
		code := []byte(withCheckDigit(prefix + fmt.Sprintf("%09d", random.IntN(1_000_000_000))))
		for i := 6; i < len(code); i++ {
			for d := byte('0'); d <= '9'; d++ {
				wrong := []byte(string(code))
				wrong[i] = d
				want := BarcodeMisread
				if d == code[i] {
					want = BarcodePatronCode
				}
				if got := RecognizeBarcode(string(wrong)); got.Kind != want {
					t.Fatalf("%s for %s: got %s, want %s", wrong, code, got.Kind, want)
				}
			}
			swapped := []byte(string(code))
			swapped[i], swapped[i-1] = code[i-1], code[i]
			blind := code[i] == code[i-1] || code[i]+code[i-1] == '0'+'9' && (code[i] == '0' || code[i] == '9')
			if i > 6 && !blind && RecognizeBarcode(string(swapped)).Kind != BarcodeMisread {
				t.Fatalf("%s for %s passes", swapped, code)
			}
		}
	}
}

func TestNoAdviceRefuses(t *testing.T) {
	t.Parallel()
	want := map[BarcodeKind]BarcodeAdvice{
		BarcodeUnknown: AdviceAsk, BarcodeBlank: AdviceScanAgain, BarcodePatronCode: AdviceUse,
		BarcodeMisread: AdviceScanAgain, BarcodePartnerCard: AdviceUse, BarcodeKind(99): AdviceAsk,
	}
	for kind, advice := range want {
		equal(t, kind.String(), kind.Advice(), advice)
		if text := advice.String(); !strings.HasSuffix(text, ".") || !strings.Contains(text, "Centrapay") && !strings.Contains(text, "harge it") {
			t.Errorf("%s: %q leads to no charge", kind, text)
		}
	}
	equal(t, "what is no advice", BarcodeAdvice(99).String(), AdviceAsk.String())
	equal(t, "what is no kind", BarcodeKind(99).String(), BarcodeUnknown.String())
	equal(t, "nothing", BarcodeBlank.String(), "nothing")
}

func FuzzRecognizeBarcode(f *testing.F) {
	for _, s := range []string{
		"9990001234567895", "1219210961929460", "1219 2109 6192 9460", "503901342", "", "\r\n", "\x1d1", "PAYID-1", "１２３", "\xff",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := RecognizeBarcode(text)
		if again := RecognizeBarcode(string(got.Code)); again != got {
			t.Fatalf("%q: got %+v, then %+v", text, got, again)
		}
		if (got.Kind == BarcodeBlank) != (got.Code == "") {
			t.Fatalf("%q: got %+v", text, got)
		}
		if !strings.Contains(text, string(got.Code)) && !strings.Contains(strings.ReplaceAll(text, " ", ""), string(got.Code)) {
			t.Fatalf("%q: the code %q is not in it", text, got.Code)
		}
		if want := kindByTheBook(string(got.Code)); got.Kind != want {
			t.Fatalf("%q: got %s, want %s", text, got.Kind, want)
		}
	})
}

// kindByTheBook judges a cleaned code in another way than the code under test.
func kindByTheBook(code string) BarcodeKind {
	digits := 0
	for _, c := range []byte(code) {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	switch {
	case code == "":
		return BarcodeBlank
	case digits != len(code) || digits != 9 && digits != 16:
		return BarcodeUnknown
	case digits == 9:
		return BarcodePartnerCard
	}
	for _, prefix := range publishedPrefixes {
		if strings.HasPrefix(code, prefix) {
			if withCheckDigit(code[:15]) == code {
				return BarcodePatronCode
			}
			return BarcodeMisread
		}
	}
	return BarcodeUnknown
}

// withCheckDigit appends the Luhn digit to 15 digits, by the table of doubled
// digits.
func withCheckDigit(digits string) string {
	const doubled = "0246813579"
	sum := 0
	for i, c := range []byte(digits) {
		if i%2 == 0 { // of 16 digits, the first is doubled
			c = doubled[c-'0']
		}
		sum += int(c - '0')
	}
	return digits + string(rune('0'+(10-sum%10)%10))
}
