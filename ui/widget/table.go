package widget

import (
	"fmt"
	"strings"

	"centrapos/ui/theme"
)

// Column is one column of a table.
type Column struct {
	Title string
	// Gap is the number of blanks before the column.
	Gap int
	// Width is the column's width; a Flex column gets at least this, and shares
	// with the other Flex columns what is left over.
	Width int
	Flex  bool
	// Align says where text stands in the column.
	Align Align
	// Number makes a right-aligned column of amounts: it is widened for what it
	// has to show at the cost of the Flex columns, and an amount that still does
	// not fit is shown as "#", never cut.
	Number bool
	// Rank orders what is left out when the table is too narrow: the column with
	// the highest Rank goes first, one of Rank 0 stays.
	Rank int
}

// TableData is a list of rows of which as many are drawn as there is room for.
type TableData struct {
	Columns []Column
	// Len is the number of rows, and Row returns the texts of one of them, one for
	// each column. Only rows that are shown are asked for.
	Len int
	Row func(i int) []string
	// Selected is the row that is marked and kept in sight; -1 for none.
	Selected int
	// Top is the row that was the first in sight before; see ScrollTop.
	Top int
	// Margin is the number of blanks at the right edge.
	Margin int
	// Empty is shown instead of rows while there are none.
	Empty string
}

// marker stands before the selected row, and blanks of its width before the others.
const marker = "▸"

// Table draws a head line and rows in exactly width columns by height lines. While
// rows are out of sight the head of the first Flex column says which are shown, as
// "Item 3-12 of 40".
func Table(st *theme.Styles, width, height int, t TableData) string {
	if width <= 0 || height <= 0 {
		return Clip("", width, height)
	}
	top := ScrollTop(t.Top, t.Selected, t.Len, height-1)
	rows := make([][]string, min(t.Len-top, height-1))
	for i := range rows {
		rows[i] = t.Row(top + i)
	}
	columns := layoutColumns(t.Columns, rows, width-Width(marker)-t.Margin)
	lines := make([]string, 0, height)
	lines = append(lines, st.TableHead.Render(tableLine(width, " ", heads(columns), t.titles(top, len(rows)))))
	for i, row := range rows {
		if top+i == t.Selected {
			lines = append(lines, st.RowSelected.Render(tableLine(width, marker, columns, row)))
		} else {
			lines = append(lines, st.Row.Render(tableLine(width, " ", columns, row)))
		}
	}
	if t.Len == 0 && height > 1 {
		lines = append(lines, st.Muted.Render(Fit(" "+t.Empty, width, Start)))
	}
	return Clip(strings.Join(lines, "\n"), width, height)
}

// ScrollTop returns the first row in sight of a list of n rows in an area of height
// rows: top as it was, moved as little as needed to bring selected into sight (-1
// selects none) and to leave no room unused at the end.
func ScrollTop(top, selected, n, height int) int {
	height = max(height, 1)
	if selected >= 0 && selected < n {
		top = min(top, selected)
		top = max(top, selected-height+1)
	}
	return max(min(top, n-height), 0)
}

func (t TableData) titles(top, shown int) []string {
	out := make([]string, len(t.Columns))
	told := shown >= t.Len
	for i, c := range t.Columns {
		out[i] = c.Title
		if c.Flex && !told {
			out[i] = strings.TrimSpace(fmt.Sprintf("%s %d-%d of %d", c.Title, top+1, top+shown, t.Len))
			told = true
		}
	}
	return out
}

// heads returns the columns for the head line, where a word over an amount may be
// cut.
func heads(columns []Column) []Column {
	out := make([]Column, len(columns))
	for i, c := range columns {
		if c.Number {
			c.Number, c.Align = false, End
		}
		out[i] = c
	}
	return out
}

// layoutColumns returns the columns with the widths they get in width; a column
// that is left out has no width and no gap.
func layoutColumns(columns []Column, rows [][]string, width int) []Column {
	out := make([]Column, len(columns))
	copy(out, columns)
	for i, c := range out {
		if !c.Number {
			continue
		}
		for _, row := range rows {
			if i < len(row) {
				out[i].Width = max(out[i].Width, Width(Clean(row[i])))
			}
		}
	}
	free := width - columnsWidth(out)
	for free < 0 {
		i := leastNeeded(out)
		if i < 0 {
			return squeeze(out, width)
		}
		free += out[i].Gap + out[i].Width
		out[i].Gap, out[i].Width, out[i].Flex = 0, 0, false
	}
	flexes := 0
	for _, c := range out {
		if c.Flex {
			flexes++
		}
	}
	for i := range out {
		if out[i].Flex {
			share := free / flexes
			out[i].Width += share
			free -= share
			flexes--
		}
	}
	return out
}

func columnsWidth(columns []Column) int {
	total := 0
	for _, c := range columns {
		total += c.Gap + c.Width
	}
	return total
}

// leastNeeded returns the column to leave out next, or -1 when none may be.
func leastNeeded(columns []Column) int {
	least := -1
	for i, c := range columns {
		if c.Width > 0 && c.Rank > 0 && (least < 0 || c.Rank >= columns[least].Rank) {
			least = i
		}
	}
	return least
}

// squeeze takes what is missing from the columns that may be cut, and then from the
// left, so that amounts at the right stay longest.
func squeeze(columns []Column, width int) []Column {
	for _, numbers := range []bool{false, true} {
		for i := range columns {
			if columns[i].Number != numbers {
				continue
			}
			missing := columnsWidth(columns) - max(width, 0)
			if missing <= 0 {
				return columns
			}
			take := min(missing, columns[i].Width)
			columns[i].Width -= take
			if columns[i].Width == 0 {
				columns[i].Gap = 0
			}
		}
	}
	return columns
}

func tableLine(width int, mark string, columns []Column, texts []string) string {
	var b strings.Builder
	b.Grow(width + 16)
	b.WriteString(mark)
	for i, c := range columns {
		text := ""
		if i < len(texts) {
			text = texts[i]
		}
		b.WriteString(blanks(c.Gap))
		if c.Number {
			b.WriteString(Amount(text, c.Width))
		} else {
			b.WriteString(Fit(text, c.Width, c.Align))
		}
	}
	return Pad(b.String(), width)
}
