package receipt

import (
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// The widths of receipts, in characters: paper of 80 mm in the two usual fonts, and
// of 58 mm.
const (
	Wide   = 48
	Usual  = 42
	Narrow = 32
)

// narrowest is the least width on which an amount of any size stands beside a name.
const narrowest = 24

// Line is one line of a receipt, exactly as wide as the receipt or shorter.
type Line struct {
	Text string
	Bold bool
	// Code is what a QR code in place of a text says; empty for a text.
	Code string
}

// Layout lays a receipt out in lines of at most width characters; of less than 24
// as if it were 24.
func Layout(r Receipt, width int) []Line {
	l := &layout{width: max(width, narrowest)}
	l.head(r)
	l.items(r)
	l.sums(r)
	l.foot(r)
	return l.lines
}

type layout struct {
	width int
	lines []Line
}

func (l *layout) head(r Receipt) {
	l.banners(r)
	l.centred(r.Shop.Name, true)
	for _, line := range r.Shop.Lines {
		l.centred(line, false)
	}
	if r.Shop.GSTNumber != "" {
		l.centred("GST "+r.Shop.GSTNumber, false)
	}
	l.blank()
	l.centred(r.Title(), true)
	l.pair(r.Number, r.At.Format("2 Jan 2006 15:04"), false)
	if r.Till != "" || r.Operator != "" {
		l.pair(r.Till, r.Operator, false)
	}
	if r.Of != "" {
		l.wrapped("of "+r.Of, 0)
	}
	for _, line := range r.Buyer {
		l.wrapped(line, 0)
	}
	if r.Customer != "" {
		l.wrapped("Customer "+r.Customer, 0)
	}
	l.rule()
}

// banners mark what is no receipt to keep: training, and copies.
func (l *layout) banners(r Receipt) {
	if r.Training {
		l.centred("TRAINING - no real money", true)
	}
	if r.Copy > 0 {
		l.centred("COPY "+itoa(r.Copy), true)
	}
}

func (l *layout) items(r Receipt) {
	for _, item := range r.Items {
		amount := item.Total
		if item.Discount.Sign() != 0 {
			amount = item.Before
		}
		if item.Quantity == "" {
			l.pair(item.Name, amount.String(), false)
		} else {
			l.wrapped(item.Name, 0)
			l.pair("  "+item.Quantity, amount.String(), false)
		}
		if item.Discount.Sign() != 0 {
			l.pair("  "+item.Why, item.Discount.Neg().String(), false)
		}
		if item.Note != "" {
			l.wrapped(item.Note, 2)
		}
	}
	if len(r.Items) > 0 {
		l.rule()
	}
}

func (l *layout) sums(r Receipt) {
	for _, d := range r.Discounts {
		l.pair(d.Name, d.Value.String(), false)
	}
	total := "TOTAL"
	if r.Kind != KindSale {
		total = "GIVEN BACK"
	}
	l.pair(total, r.Total.Format(), true)
	for _, t := range r.Taxes {
		name := "includes GST " + t.Rate.String() + " %"
		if len(r.Taxes) > 1 {
			name += " of " + t.Inclusive.String()
		}
		l.pair(name, t.Tax.String(), false)
	}
	l.blank()
	for _, p := range r.Parts {
		l.pair(p.Name, p.Value.String(), false)
		for _, d := range p.Details {
			l.pair("  "+d.Name, d.Value.String(), false)
		}
	}
	for _, a := range []struct {
		Amount
		bold bool
	}{{Amount{"Rounding of cash", r.Rounding}, false}, {Amount{"Change", r.Change}, true},
		{Amount{"STILL TO PAY", r.Left}, true}, {Amount{"PAID TOO MUCH", r.Over}, true}} {
		if a.Value.IsKnown() && a.Value.Sign() != 0 {
			l.pair(a.Name, a.Value.String(), a.bold)
		}
	}
}

func (l *layout) foot(r Receipt) {
	for _, text := range []string{r.Reason, r.Note} {
		if text != "" {
			l.blank()
			l.wrapped(text, 0)
		}
	}
	for _, p := range r.Parts {
		if p.ShortCode == "" {
			continue
		}
		l.blank()
		l.centred("Centrapay "+p.ShortCode, false)
		l.lines = append(l.lines, Line{Code: p.ShortCode})
	}
	if len(r.Shop.Footer) > 0 {
		l.blank()
	}
	for _, line := range r.Shop.Footer {
		l.centred(line, false)
	}
	l.banners(r)
}

func (l *layout) add(text string, bold bool) {
	l.lines = append(l.lines, Line{Text: strings.TrimRight(text, " "), Bold: bold})
}

func (l *layout) blank() { l.add("", false) }
func (l *layout) rule()  { l.add(strings.Repeat("-", l.width), false) }

// centred is a text in the middle, over several lines where it is too long.
func (l *layout) centred(text string, bold bool) {
	for _, line := range wrap(clean(text), l.width) {
		l.add(strings.Repeat(" ", (l.width-width(line))/2)+line, bold)
	}
}

// wrapped is a text at the left with some blanks before it.
func (l *layout) wrapped(text string, blanks int) {
	for _, line := range wrap(clean(text), l.width-blanks) {
		l.add(strings.Repeat(" ", blanks)+line, false)
	}
}

// pair is a name at the left and an amount at the right. The amount stands on the
// name's last line, or on one of its own.
func (l *layout) pair(name, amount string, bold bool) {
	indent := len(name) - len(strings.TrimLeft(name, " "))
	amount = clean(amount)
	lines := wrap(clean(name), l.width-indent)
	if len(lines) == 0 {
		lines = []string{""}
	}
	last := strings.Repeat(" ", indent) + lines[len(lines)-1]
	for _, line := range lines[:len(lines)-1] {
		l.add(strings.Repeat(" ", indent)+line, bold)
	}
	if width(last)+1+width(amount) > l.width {
		l.add(last, bold)
		last = ""
	}
	l.add(last+strings.Repeat(" ", max(0, l.width-width(last)-width(amount)))+amount, bold)
}

// width is how many characters of a printer a text takes.
func width(text string) int { return uniseg.StringWidth(text) }

// wrap breaks a text between words, and in a word only where that alone is too long.
func wrap(text string, most int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && width(line)+1+width(word) > most {
			lines, line = append(lines, line), ""
		}
		for width(word) > most {
			head := cut(word, most)
			lines, word = append(lines, head), word[len(head):]
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// cut is as much of a text as fits, whole characters, at least one.
func cut(text string, most int) string {
	taken, rest, state, size := 0, text, -1, 0
	for rest != "" {
		var w int
		var cluster string
		cluster, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if taken > 0 && size+w > most {
			break
		}
		taken, size = taken+len(cluster), size+w
	}
	return text[:taken]
}

// clean takes out what would turn or break a line, or drive a printer.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, text)
}

// Text is the receipt as plain text. A QR code is not drawn; what it says stands
// above it in any case.
func Text(r Receipt, width int) string {
	var b strings.Builder
	for _, line := range Layout(r, width) {
		if line.Code != "" {
			continue
		}
		b.WriteString(line.Text)
		b.WriteByte('\n')
	}
	return b.String()
}
