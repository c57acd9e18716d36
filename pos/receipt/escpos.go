package receipt

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

func itoa(n int) string { return strconv.Itoa(n) }

// CodePage is a set of characters that a printer can be switched to: its number
// for the printer (ESC t), and what is in it.
type CodePage struct {
	Name   string
	Number byte
	table  *charmap.Charmap
}

// The code pages that are used, by Epson's numbers, which most printers follow.
// Windows-1252 has £, € and the accents of western Europe, Windows-1257 the macrons
// of te reo Māori.
var (
	CodePageWindows1252 = CodePage{"Windows-1252", 16, charmap.Windows1252}
	CodePageWindows1257 = CodePage{"Windows-1257", 51, charmap.Windows1257}
	CodePage858         = CodePage{"858", 19, charmap.CodePage858}
	CodePage437         = CodePage{"437", 0, charmap.CodePage437}
)

// CodePages lists the code pages by their names.
func CodePages() map[string]CodePage {
	pages := map[string]CodePage{}
	for _, p := range []CodePage{CodePageWindows1252, CodePageWindows1257, CodePage858, CodePage437} {
		pages[p.Name] = p
	}
	return pages
}

// Printer is what a receipt printer is and can do.
type Printer struct {
	Width int // characters on a line
	// Pages are the code pages it has; a character is looked for in them in order.
	Pages []CodePage
	// NoCutter, NoQR: it cannot cut, or cannot draw QR codes.
	NoCutter, NoQR bool
	// Drawer opens the cash drawer that is plugged into it, with the print.
	Drawer bool
}

// DefaultPrinter is a printer of 80 mm as most shops have one.
func DefaultPrinter() Printer {
	return Printer{Width: Wide, Pages: []CodePage{CodePageWindows1252, CodePageWindows1257}}
}

// The commands of ESC/POS that are used (Epson, ESC/POS Command Reference).
const (
	esc = 0x1b
	gs  = 0x1d
)

// ESCPOS is the receipt as a receipt printer takes it: set up, printed and cut. It
// begins with a reset, so that what a print before has left does no harm.
func ESCPOS(r Receipt, p Printer) []byte {
	e := &encoder{pages: p.Pages}
	e.out.Write([]byte{esc, '@'})
	if p.Drawer {
		e.out.Write([]byte{esc, 'p', 0, 25, 250})
	}
	if len(e.pages) == 0 {
		e.pages = []CodePage{CodePage437}
	}
	e.page(e.pages[0])
	for _, line := range Layout(r, p.Width) {
		e.line(line, p)
	}
	if p.NoCutter {
		e.out.WriteString("\n\n\n\n\n")
	} else {
		e.out.Write([]byte{gs, 'V', 'B', 80}) // past the head, then a cut that leaves a corner
	}
	return e.out.Bytes()
}

// OpenDrawer is what opens the cash drawer without a receipt.
func OpenDrawer() []byte { return []byte{esc, '@', esc, 'p', 0, 25, 250} }

type encoder struct {
	out   bytes.Buffer
	pages []CodePage
	now   CodePage
}

func (e *encoder) page(p CodePage) {
	e.now = p
	e.out.Write([]byte{esc, 't', p.Number})
}

func (e *encoder) line(line Line, p Printer) {
	if line.Code != "" {
		if !p.NoQR {
			e.code(line.Code)
		}
		return
	}
	if line.Bold {
		e.out.Write([]byte{esc, 'E', 1})
	}
	for _, char := range norm.NFC.String(line.Text) {
		e.char(char)
	}
	if line.Bold {
		e.out.Write([]byte{esc, 'E', 0})
	}
	e.out.WriteByte('\n')
}

// char prints one character: as it is, from the page that has it, without its
// accent, in another form that is as wide, or as a question mark.
func (e *encoder) char(char rune) {
	if e.direct(char) {
		return
	}
	for _, plain := range norm.NFKD.String(char2(char)) {
		if unicode.Is(unicode.Mn, plain) {
			continue
		}
		if !e.direct(plain) {
			e.out.WriteString(strings.Repeat("?", max(1, width(string(plain)))))
		}
		break // one character for one, so that columns stay
	}
}

// alike are characters that have a form in every code page.
var alike = map[rune]rune{'‘': '\'', '’': '\'', '“': '"', '”': '"', '–': '-', '—': '-', '…': '.', '×': 'x', '\u00a0': ' ', '•': '*'}

func char2(char rune) string {
	if plain, ok := alike[char]; ok {
		char = plain
	}
	return string(char)
}

func (e *encoder) direct(char rune) bool {
	if char < 0x80 {
		e.out.WriteByte(byte(char))
		return true
	}
	if b, ok := e.now.table.EncodeRune(char); ok {
		e.out.WriteByte(b)
		return true
	}
	for _, p := range e.pages {
		if b, ok := p.table.EncodeRune(char); ok {
			e.page(p)
			e.out.WriteByte(b)
			return true
		}
	}
	return false
}

// code draws a QR code in the middle (GS ( k: model 2, modules of 5 dots, level M).
func (e *encoder) code(text string) {
	size := len(text) + 3
	e.out.Write([]byte{esc, 'a', 1})
	e.out.Write([]byte{gs, '(', 'k', 4, 0, 49, 65, 50, 0})
	e.out.Write([]byte{gs, '(', 'k', 3, 0, 49, 67, 5})
	e.out.Write([]byte{gs, '(', 'k', 3, 0, 49, 69, 49})
	e.out.Write([]byte{gs, '(', 'k', byte(size % 256), byte(size / 256), 49, 80, 48})
	e.out.WriteString(text)
	e.out.Write([]byte{gs, '(', 'k', 3, 0, 49, 81, 48})
	e.out.Write([]byte{esc, 'a', 0, '\n'})
}
