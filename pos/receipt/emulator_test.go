package receipt_test

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"centrapos/pos"
	"centrapos/pos/receipt"
)

// printed is what a printer puts on paper: an emulation of the commands of ESC/POS
// that fails the test for any other. A QR code is shown as what it says.
func printed(t *testing.T, data []byte) string {
	t.Helper()
	tables := map[byte]*charmap.Charmap{0: charmap.CodePage437, 16: charmap.Windows1252, 19: charmap.CodePage858, 51: charmap.Windows1257}
	page, code, out := charmap.CodePage437, "", strings.Builder{}
	for i := 0; i < len(data); i++ {
		rest := data[i:]
		switch {
		case bytes.HasPrefix(rest, []byte{0x1b, '@'}):
			page, i = charmap.CodePage437, i+1
		case bytes.HasPrefix(rest, []byte{0x1b, 't'}):
			page, i = tables[rest[2]], i+2
			if page == nil {
				t.Fatalf("the printer has no code page %d", rest[2])
			}
		case bytes.HasPrefix(rest, []byte{0x1b, 'E'}), bytes.HasPrefix(rest, []byte{0x1b, 'a'}):
			i += 2
		case bytes.HasPrefix(rest, []byte{0x1b, 'p'}):
			out.WriteString("<drawer>\n")
			i += 4
		case bytes.HasPrefix(rest, []byte{0x1d, 'V', 'B'}):
			out.WriteString("<cut>\n")
			i += 3
		case bytes.HasPrefix(rest, []byte{0x1d, '(', 'k'}):
			size := int(rest[3]) + 256*int(rest[4])
			switch rest[6] {
			case 80:
				code = string(rest[8 : 5+size])
			case 81:
				out.WriteString("<QR " + code + ">")
			}
			i += 4 + size
		case rest[0] == '\n':
			out.WriteByte('\n')
		case rest[0] < ' ':
			t.Fatalf("the printer does not know % x", rest[:min(4, len(rest))])
		default:
			out.WriteRune(page.DecodeByte(rest[0]))
		}
	}
	return out.String()
}

func TestPrinterGetsEveryLetterItHas(t *testing.T) {
	t.Parallel()
	b, _, err := pos.NewBasket(nzd(t)).AddOpen("Kūmara “crème” Œuf £5 €6 – naïve Ωx 茶", money(t, "5.00"), one, one)
	if err != nil {
		t.Fatal(err)
	}
	r := receipt.OfSale(paid(t, b, "5.00"), occasion)
	for _, c := range []struct {
		pages []receipt.CodePage
		want  string
	}{
		{[]receipt.CodePage{receipt.CodePageWindows1252, receipt.CodePageWindows1257}, "Kūmara “crème” Œuf £5 €6 – naïve ?x ??"},
		{[]receipt.CodePage{receipt.CodePageWindows1252}, "Kumara “crème” Œuf £5 €6 – naïve ?x ??"},
		{[]receipt.CodePage{receipt.CodePage437}, "Kumara \"crème\" ?uf £5 ?6 - naïve Ωx ??"},
		{nil, "Kumara \"crème\" ?uf £5 ?6 - naïve Ωx ??"},
	} {
		if got := printed(t, receipt.ESCPOS(r, receipt.Printer{Width: receipt.Wide, Pages: c.pages})); !strings.Contains(got, c.want+" ") {
			t.Errorf("want %q in\n%s", c.want, got)
		}
	}
}

func TestPrinterCutsOpensTheDrawerAndDrawsTheCode(t *testing.T) {
	t.Parallel()
	b, _, err := pos.NewBasket(nzd(t)).AddOpen("Scone", money(t, "5.00"), one, one)
	if err != nil {
		t.Fatal(err)
	}
	r := receipt.OfSale(paid(t, b, "5.00"), occasion)
	r.Parts[0].ShortCode = "CP-X4V-6N"
	p := receipt.DefaultPrinter()
	p.Drawer = true
	got := printed(t, receipt.ESCPOS(r, p))
	if !strings.HasPrefix(got, "<drawer>\n") || !strings.HasSuffix(got, "<cut>\n") || !strings.Contains(got, "<QR CP-X4V-6N>") {
		t.Errorf("printed\n%s", got)
	}
	p.NoCutter, p.NoQR, p.Drawer = true, true, false
	if got := printed(t, receipt.ESCPOS(r, p)); strings.Contains(got, "<") || !strings.HasSuffix(got, "\n\n\n\n") {
		t.Errorf("printed\n%s", got)
	}
}
