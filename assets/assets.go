package assets

import (
	"bytes"
	"embed"
	"io"
	"strings"
)

// FS holds every embedded file under the path it has in this folder:
// wordmark.txt, guide.md, demo/catalogue.csv and what patron/ holds.
//
//go:embed wordmark.txt guide.md demo/catalogue.csv patron
var FS embed.FS

//go:embed wordmark.txt
var wordmark string

//go:embed guide.md
var guide string

//go:embed demo/catalogue.csv
var demoCatalogue []byte

// Wordmark returns the name "centrapos" drawn in half blocks: four lines, at
// most 45 columns wide, without colour and without a line end after the last.
func Wordmark() string { return strings.TrimRight(wordmark, "\n") }

// Guide returns the in-app guide, one page of Markdown: headings, paragraphs,
// lists and one table. It names no function keys, since the screens derive
// those from their bindings.
func Guide() string { return guide }

// DemoCatalogue returns a fresh reader over the products of the demonstration
// café, as CSV with a heading line and the columns
//
//	sku         short name in capitals, unique
//	gtin        EAN-13 of what is scanned, unique; kept as text
//	name        as it stands on the basket line and the receipt
//	price       New Zealand dollars and cents for one unit, GST included
//	tax         GST in per cent of the price before tax: 15 or 0
//	unit        each, or kg for what is sold by weight
//	restricted  true where some kinds of asset may not pay for it, else false
//	department  the heading it is reported under
//
// A gtin that begins with 21 is the label of a weighed product: its item number
// with the five digits of price or weight left at zero. The scones' gtins
// (9421900000017 and 9421900000024) are the ones the till's design shows; their
// last digit is not the check digit of an EAN-13, on purpose, so a reader must
// take a gtin as it stands. All others are valid.
func DemoCatalogue() io.Reader { return bytes.NewReader(demoCatalogue) }
