package ui

import (
	"strings"

	"github.com/charmbracelet/lipgloss"

	"centrapos/pos"
	"centrapos/ui/widget"
)

// maxSuggestions is the most products suggested, on the largest screens.
const maxSuggestions = 8

// saleLayout is how the sale screen's lines are shared out.
type saleLayout struct {
	rows        int // basket lines
	suggestions int // lines under the entry line
	notices     int // lines above it, of what must be read
}

// layout shares out the screen's lines: under the table's head and rows stand two
// rules, two lines of sums, what must be read, the entry line and the suggestions.
func (s saleScreen) layout() saleLayout {
	const fixed = 1 + 1 + 2 + 1 + 1
	suggestions := min(maxSuggestions, 2+max(0, s.height-(minHeight-frameHeight))/4)
	notices := len(s.drawNotices())
	return saleLayout{rows: max(1, s.height-fixed-suggestions-notices), suggestions: suggestions, notices: notices}
}

func (s saleScreen) draw() string {
	l, st := s.layout(), s.look.styles
	table := widget.Basket(st, s.width, l.rows+1, widget.BasketData{
		Len: s.basket.Len(), Row: s.row, Selected: s.selected, Top: s.top,
		Empty: "Scan something, or type a price (12.50), a quantity (3*12.50) or a name.",
	})
	parts := []string{
		s.withList(table), widget.Rule(st, s.width), s.drawSums(), widget.Rule(st, s.width),
	}
	parts = append(parts, s.drawNotices()...)
	parts = append(parts, s.drawEntry(), s.drawBelow(l.suggestions))
	return widget.Clip(strings.Join(parts, "\n"), s.width, s.height)
}

func (s saleScreen) row(i int) widget.BasketRow {
	line := s.basket.At(i)
	row := widget.BasketRow{
		Item: line.Name, Restricted: line.Restricted, Qty: line.Qty.String(),
		Each: amount(line.Each), Total: amount(line.Total()),
	}
	if line.Discount.Sign() > 0 {
		row.Disc = amount(line.Discount.Neg())
	}
	return row
}

// drawSums draws the two lines of sums, right under the table's last column.
func (s saleScreen) drawSums() string {
	st := s.look.styles
	counts := "  " + s.sums.lines + " · " + s.sums.items
	if s.basket.IsEmpty() {
		counts = ""
	}
	tax := sumLine("GST incl.", "", s.sums.tax)
	total := sumLine("TOTAL", s.look.currency.Code, s.sums.total)
	return widget.Between(s.width, st.Muted.Render(counts), st.Muted.Render(tax)+"  ") + "\n" +
		widget.Between(s.width, "", st.Total.Render(total)+"  ")
}

// sumLine is one sum: 24 columns, and more for a sum that needs them.
func sumLine(label, currency, sum string) string {
	return widget.Fit(label, 11, widget.Start) + widget.Fit(currency, 3, widget.Start) +
		widget.Fit(sum, max(10, widget.Width(sum)+1), widget.End)
}

// drawNotices draws what stays until staff have read it.
func (s saleScreen) drawNotices() []string {
	lines := s.news.draw(s.look.styles, s.width)
	for _, line := range widget.Wrap(s.missed, s.width-6) {
		lines = append(lines, "   "+s.look.styles.Warn.Render(line))
	}
	return lines
}

// drawEntry draws the entry line, and at its end what Enter will do.
func (s saleScreen) drawEntry() string {
	st := s.look.styles
	text, style := s.preview()
	text = widget.Fit(text, min(widget.Width(text), s.width*5/8), widget.Start)
	data := s.line.data()
	data.Placeholder = " scan, price, or name    / for commands"
	return widget.EntryLine(st, s.width-widget.Width(text)-2, data) + " " + style.Render(text) + " "
}

// preview says what Enter will do with what stands in the line.
func (s saleScreen) preview() (string, lipgloss.Style) {
	st, e := s.look.styles, s.entry()
	products := s.suggestions()
	switch {
	case e.kind == entryInvalid:
		return e.problem, st.Warn
	case e.kind == entryCommand:
		return s.previewCommand(), st.Hint
	case e.kind == entryNothing && e.hasQty:
		return e.qty.String() + " x … scan, name or price", st.Hint
	case len(products) > 0:
		return s.previewProduct(products[min(s.choice, len(products)-1)], e), st.Hint
	case e.kind == entryPrice:
		return previewPrice(e), st.Hint
	case e.isSought() && s.hunt.busy:
		return "looking…", st.Hint
	case e.isSought() && s.hunt.done && s.hunt.reply.text == e.text && s.hunt.reply.err != nil:
		return "the product list did not answer", st.Warn
	case e.kind == entryNumber:
		return previewPrice(e), st.Hint
	case e.kind == entryCode:
		return "no product has this code", st.Warn
	case e.kind == entryWords:
		return "no product is called that", st.Warn
	}
	return "", st.Hint
}

func previewPrice(e entry) string {
	if !e.hasQty {
		return "open price " + amount(e.amount)
	}
	return e.qty.String() + " x " + amount(e.amount) + " = " + amount(e.amount.Times(e.qty))
}

func (s saleScreen) previewProduct(p pos.Product, e entry) string {
	switch {
	case p.Unit == pos.UnitKg && !e.hasQty:
		return p.Name + ": weight first, 0.425*" + firstWord(p.Name)
	case !e.hasQty:
		return "product " + p.Name + " " + amount(p.Price)
	}
	return describe(p.Name, e.qty, p.Price, p.Unit)
}

func (s saleScreen) previewCommand() string {
	list := s.listed()
	if len(list) == 0 {
		return "there is no such command"
	}
	chosen := list[min(s.choice, len(list)-1)]
	line, there := s.current()
	_, arg, _ := strings.Cut(s.line.text(), " ")
	switch {
	case chosen.off != "":
		return chosen.off
	case chosen.name != "qty" || !there:
		return ""
	case strings.TrimSpace(arg) == "":
		return "how many of " + line.Name + "?"
	}
	qty, problem := parseQuantity(strings.TrimSpace(arg))
	if problem != "" {
		return problem
	}
	return describe(line.Name, qty, line.Each, line.Unit)
}

// drawBelow draws what stands under the entry line: suggestions and, where there
// is room, what has just happened.
func (s saleScreen) drawBelow(height int) string {
	lines := s.drawSuggestions(height)
	text, style := s.note.text, s.look.toneStyle(s.note.tone)
	if text == "" && s.frozen {
		text, style = "NOT KNOWN YET - do not charge again: "+frozenText, s.look.styles.Danger
	}
	for _, line := range widget.Wrap(text, s.width-6) {
		lines = append(lines, "   "+style.Render(line))
	}
	return widget.Clip(strings.Join(lines, "\n"), s.width, height)
}

func (s saleScreen) drawSuggestions(height int) []string {
	st, products := s.look.styles, s.suggestions()
	choice := min(s.choice, max(0, len(products)-1))
	top := widget.ScrollTop(0, choice, len(products), height)
	var lines []string
	for i := top; i < min(top+height, len(products)); i++ {
		p := products[i]
		price := amount(p.Price)
		if p.Unit == pos.UnitKg {
			price += "/kg"
		}
		code := p.GTIN
		if code == "" {
			code = p.SKU
		}
		mark, style := "   ", st.Muted
		if i == choice {
			mark, style = " ▸ ", st.RowSelected
		}
		lines = append(lines, style.Render(mark+widget.Fit(p.Name, 26, widget.Start)+
			widget.Amount(price, 12)+"   "+widget.Fit(code, s.width-46, widget.Start)+"  "))
	}
	return lines
}

// withList lays the command list over the table's last lines, across the whole
// width: no amount is left half covered.
func (s saleScreen) withList(table string) string {
	list := s.listed()
	if len(list) == 0 {
		return table
	}
	height := s.layout().rows + 1
	panel := drawCommandList(s.look.styles, s.width, height, list, s.choice)
	return widget.Overlay(table, panel, 0, height-lipgloss.Height(panel))
}
