package ui

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/lipgloss"

	"centrapos/pos"
	"centrapos/ui/widget"
)

const (
	// maxSuggestions is the most products suggested under the line, on the largest
	// screens; mostFound is how many are looked for, for the long list.
	maxSuggestions, mostFound = 8, 50
	// maxMissed is the most scans that were not taken listed at once.
	maxMissed = 6
)

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
	if text, _, beside := s.shownPreview(); !beside {
		suggestions += len(widget.Wrap(text, s.width-6))
	}
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
		Item: itemText(line), Restricted: line.Restricted, Qty: line.QtyText(),
		Each: amount(line.Each), Total: amount(line.Total()),
	}
	if line.Discount.Sign() > 0 {
		row.Disc = amount(line.Discount.Neg())
	}
	return row
}

// itemText is a line's name with what was changed and noted on it.
func itemText(line pos.BasketLine) string {
	text := line.Name
	if line.Note != "" {
		text += " · " + line.Note
	}
	if line.Was.IsKnown() {
		text += " (was " + amount(line.Was) + ")"
	}
	return text
}

// drawSums draws the two lines of sums, right under the table's last column; beside
// them stands what is of the whole basket.
func (s saleScreen) drawSums() string {
	st := s.look.styles
	tax := sumLine("GST incl.", "", s.sums.tax)
	total := sumLine("TOTAL", s.look.currency.Code, s.sums.total)
	room := s.width - widget.Width(tax) - 6
	return widget.Between(s.width, "  "+st.Muted.Render(widget.Fit(s.sums.counts, room, widget.Start)), st.Muted.Render(tax)+"  ") + "\n" +
		widget.Between(s.width, "  "+widget.Fit(s.sums.whole, room, widget.Start), st.Total.Render(total)+"  ")
}

// sumLine is one sum: 24 columns, in which all that can be paid at once has room, so
// that no label moves while the sum grows.
func sumLine(label, currency, sum string) string {
	return widget.Fit(label, 10, widget.Start) + widget.Fit(currency, 3, widget.Start) +
		widget.Fit(sum, max(11, widget.Width(sum)+1), widget.End)
}

// drawNotices draws what stays until staff have read it.
func (s saleScreen) drawNotices() []string {
	st := s.look.styles
	lines := s.news.draw(st, s.width)
	warn := func(text string) {
		for _, line := range widget.Wrap(text, s.width-6) {
			lines = append(lines, "   "+st.Warn.Render(line))
		}
	}
	if s.drafts.trouble != "" {
		warn("This basket is not on disk, and would be lost in a power cut; the till keeps trying. " + sentence(s.drafts.trouble))
	}
	shown := min(maxMissed, len(s.missed))
	for _, text := range s.missed[:shown] {
		if shown > 1 { // one line each, so that all can be seen
			text = widget.Fit(text, s.width-6, widget.Start)
		}
		warn(text)
	}
	if more := len(s.missed) - shown; more > 0 {
		warn("… and " + itoa(more) + " more: Esc shows them.")
	}
	return lines
}

// drawEntry draws the entry line, and at its end what Enter will do, where there is
// room for all of both.
func (s saleScreen) drawEntry() string {
	data := s.line.data()
	data.Placeholder = " scan, price, or name    / for commands"
	text, style, beside := s.shownPreview()
	if !beside || text == "" {
		return widget.EntryLine(s.look.styles, s.width, data)
	}
	return widget.EntryLine(s.look.styles, s.width-widget.Width(text)-2, data) + " " + style.Render(text) + " "
}

// shownPreview is the preview and whether it stands beside what is typed, or under it.
func (s saleScreen) shownPreview() (text string, style lipgloss.Style, beside bool) {
	const prompt, cursor, gaps = 3, 1, 3
	text, style = s.preview()
	// A name may be of any script, and hold anything.
	text = strings.TrimRight(widget.Fit(text, widget.Width(widget.Clean(text))+1, widget.Start), " ")
	return text, style, prompt+widget.Width(s.line.text())+cursor+gaps+widget.Width(text) <= s.width
}

// preview says what Enter will do with what stands in the line. What it promises is
// what Enter does: it is the same outcome.
func (s saleScreen) preview() (string, lipgloss.Style) {
	st, e := s.look.styles, s.entry()
	switch {
	case s.line.isEmpty():
		return "", st.Hint
	case e.kind == entryNothing && e.hasQty:
		return e.qty.String() + " x … scan, name or price", st.Hint
	case e.kind == entryCommand && e.text == "":
		return "", st.Hint
	}
	o := s.standing()
	switch {
	case o.waits && s.hunt.busy:
		return "looking…", st.Hint
	case o.refused != "":
		return o.refused, s.look.toneStyle(o.tone)
	}
	return o.says, st.Hint
}

// drawBelow draws what stands under the entry line: the preview when there is no room
// for it beside, suggestions and, where there is room, what has just happened.
func (s saleScreen) drawBelow(height int) string {
	var lines []string
	preview, style, beside := s.shownPreview()
	if !beside {
		lines = appendWrapped(lines, style, preview, s.width)
	}
	lines = append(lines, s.drawSuggestions(height-len(lines))...)
	text, style := s.note.text, s.look.toneStyle(s.note.tone)
	if text == "" && s.frozen {
		text, style = "NOT KNOWN YET - do not charge again: "+frozenText, s.look.styles.Danger
	}
	lines = appendWrapped(lines, s.look.styles.Waiting, s.queue.doing(), s.width)
	if !strings.HasPrefix(text, preview) || preview == "" {
		lines = appendWrapped(lines, style, text, s.width)
	}
	return widget.Clip(strings.Join(lines, "\n"), s.width, height)
}

func appendWrapped(lines []string, style lipgloss.Style, text string, width int) []string {
	for _, line := range widget.Wrap(text, width-6) {
		lines = append(lines, "   "+style.Render(line))
	}
	return lines
}

func (s saleScreen) drawSuggestions(height int) []string {
	if s.wide {
		return nil
	}
	return s.drawProducts(s.suggestions(), height, s.width)
}

// drawProducts draws as many products as there is room for, the chosen one among them.
func (s saleScreen) drawProducts(products []pos.Product, height, width int) []string {
	st := s.look.styles
	choice := min(s.choice, max(0, len(products)-1))
	top := widget.ScrollTop(0, choice, len(products), height)
	nameWidth := min(max(26, width-57), 60)
	var lines []string
	for i := top; i < min(top+max(0, height), len(products)); i++ {
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
		lines = append(lines, style.Render(mark+widget.Fit(p.Name, nameWidth, widget.Start)+
			widget.Amount(price, 12)+"   "+widget.Fit(code, width-nameWidth-20, widget.Start)+"  "))
	}
	return lines
}

// choices is how many things there are to choose from for what stands in the line.
func (s saleScreen) choices() int {
	if name, recalling := s.recalling(); recalling {
		return len(s.heldNamed(name))
	}
	return max(len(s.listed()), len(s.suggestions()))
}

// recalling gives the name that is being looked for among held baskets.
func (s saleScreen) recalling() (name string, recalling bool) {
	e := s.entry()
	if e.kind != entryCommand {
		return "", false
	}
	name, arg, hasArg := strings.Cut(strings.TrimLeft(s.line.text(), " /"), " ")
	return arg, hasArg && name == "recall"
}

// withList lays a list over the table's last lines, across the whole width: no amount
// is left half covered.
func (s saleScreen) withList(table string) string {
	height := s.layout().rows + 1
	panel := ""
	name, recalling := s.recalling()
	switch list := s.listed(); {
	case recalling:
		panel = s.drawHeld(s.heldNamed(name), height)
	case len(list) > 0:
		panel = drawCommandList(s.look.styles, s.width, height, list, s.choice)
	case s.wide:
		panel = s.drawLongList(height)
	}
	if panel == "" {
		return table
	}
	return widget.Overlay(table, panel, 0, height-lipgloss.Height(panel))
}

// drawLongList draws the products that fit in a long list.
func (s saleScreen) drawLongList(height int) string {
	products := s.suggestions()
	title, body := "Products", []string{s.look.styles.Muted.Render(" Type a part of a name. F4 closes the list.")}
	if n := len(products); n > 0 {
		title = fmt.Sprintf("Products %d of %d", min(s.choice, n-1)+1, n)
		if n == mostFound {
			title += " or more"
		}
		body = s.drawProducts(products, height-2, s.width-4)
	}
	return widget.Panel(s.look.styles, s.width, height, widget.PanelData{Title: title, Body: strings.Join(body, "\n")})
}

// drawHeld draws the baskets that were put aside.
func (s saleScreen) drawHeld(list []pos.BasketSummary, height int) string {
	st := s.look.styles
	if len(list) == 0 {
		return widget.Panel(st, s.width, 0, widget.PanelData{Title: "Held baskets", Body: st.Muted.Render(" None is put aside.")})
	}
	table := widget.Table(st, s.width-4, min(height-2, len(list)+1), widget.TableData{
		Columns: []widget.Column{
			{Title: "Held as", Gap: 1, Width: 10, Flex: true},
			{Title: "Customer", Gap: 2, Width: 12, Rank: 2},
			{Title: "Lines", Gap: 2, Width: 5, Number: true, Rank: 1},
			{Title: "Total", Gap: 2, Width: 10, Number: true},
			{Title: "Since", Gap: 2, Width: 8},
			{Title: "Till", Gap: 2, Width: 8, Rank: 3},
		},
		Len: len(list), Selected: min(s.choice, len(list)-1),
		Row: func(i int) []string {
			b := list[i]
			return []string{b.Name, b.Customer, itoa(b.Lines), amount(b.Total), s.since(b.ChangedAt), b.Till}
		},
	})
	return widget.Panel(st, s.width, 0, widget.PanelData{Title: "Held baskets", Body: table})
}

// since is a time as short as it can be said.
func (s saleScreen) since(at time.Time) string {
	at = at.In(s.now.Location())
	if s.now.Sub(at) > 20*time.Hour {
		return at.Format("2 Jan")
	}
	return at.Format("15:04")
}
